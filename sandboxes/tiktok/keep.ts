// What this sandbox knows, as bytes, and back. Stories of buyers end with a restart; what the marketplace itself was
// about to do goes on.
import { bringBackParts, keepParts } from '../kit/keep.ts'
import { awaitAnswer, awaitRefund } from './cancellations.ts'
import { awaitCarrier, awaitCompletion, awaitTiktok } from './dispatch.ts'
import { awaitEnd } from './grants.ts'
import { awaitRelease } from './orders.ts'
import { awaitReview } from './products.ts'
import type { Tiktok } from './state.ts'

const kept = [
  'app',
  'choices',
  'sellers',
  'shops',
  'grants',
  'codes',
  'accessTokens',
  'refreshTokens',
  'products',
  'productsOf',
  'unsorted',
  'skus',
  'created',
  'orders',
  'parcels',
  'cancellations',
  'returns',
  'confirmations',
  'images',
  'brands',
  'webhooks',
  'hidden',
  'lastId',
  'answersGiven',
] as const satisfies readonly (keyof Tiktok)[]

export function keepTiktok(tiktok: Tiktok): Buffer {
  return keepParts(tiktok, kept)
}

export function bringBackTiktok(tiktok: Tiktok, bytes: Buffer, now: Date): void {
  // Whoever holds the choices keeps holding the same object.
  const { choices } = tiktok
  bringBackParts(tiktok, kept, bytes)
  tiktok.choices = Object.assign(choices, tiktok.choices)
  for (const image of tiktok.images.values()) image.bytes = Buffer.from(image.bytes)
  for (const grant of tiktok.grants.values()) awaitEnd(tiktok, grant, now)
  for (const order of tiktok.orders.values()) {
    if (order.status === 'AWAITING_SHIPMENT') awaitTiktok(tiktok, order, now)
    if (order.isOnHold) awaitRelease(tiktok, order, now)
    if (order.status === 'DELIVERED') awaitCompletion(tiktok, order, now)
  }
  for (const parcel of tiktok.parcels.values()) awaitCarrier(tiktok, parcel, now)
  for (const one of tiktok.cancellations.values()) {
    if (one.status === 'PENDING') awaitAnswer(tiktok, one)
    if (one.status === 'SUCCESS') awaitRefund(tiktok, one, now)
  }
  for (const product of tiktok.products.values()) {
    if (product.status === 'PENDING' || product.underReview) awaitReview(tiktok, product, now)
  }
}
