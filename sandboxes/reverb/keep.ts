// What lasts over a restart.
import { bringBackParts, keepParts } from '../kit/keep.ts'
import type { Reverb } from './state.ts'

const kept = ['shop', 'listings', 'orders', 'confirmations', 'refunds', 'webhooks', 'tokens', 'lastIds'] as const

export function keepReverb(reverb: Reverb): Buffer {
  return keepParts(reverb, kept)
}

export function bringBackReverb(reverb: Reverb, bytes: Buffer): void {
  bringBackParts(reverb, kept, bytes)
  reverb.ordersByNumber = new Map(reverb.orders.map((order) => [order.number, order]))
}
