// What a sandbox knows, as bytes, so that a demonstration goes on after a restart. Stories under way (a payment to come, a
// parcel on its road) are not kept: what is true stays true, what was going to happen does not.
import { deserialize, serialize } from 'node:v8'
import type { Reverb } from './state.ts'

const kept = ['shop', 'listings', 'orders', 'confirmations', 'refunds', 'webhooks', 'tokens', 'lastIds'] as const
type Kept = Pick<Reverb, (typeof kept)[number]>

export function keepReverb(reverb: Reverb): Buffer {
  return serialize(Object.fromEntries(kept.map((key) => [key, reverb[key]])))
}

export function bringBackReverb(reverb: Reverb, bytes: Buffer): void {
  const state = deserialize(bytes) as Kept
  Object.assign(reverb, state)
  reverb.ordersByNumber = new Map(state.orders.map((order) => [order.number, order]))
}
