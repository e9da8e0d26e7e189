// What is carried over a restart; stories under way end there.
import { bringBackParts, keepParts } from '../kit/keep.ts'
import type { Amazon, Kept } from './state.ts'

const kept = [
  'application',
  'choices',
  'sellers',
  'grants',
  'accessTokens',
  'codes',
  'storeVisits',
  'listings',
  'stocks',
  'orders',
  'ordersById',
  'confirmations',
  'documents',
  'jobs',
  'destinations',
  'subscriptions',
  'lastNumber',
] as const satisfies readonly (keyof Kept)[]

export function keepAmazon(amazon: Amazon): Buffer {
  return keepParts<Amazon>(amazon, kept)
}

export function bringBackAmazon(amazon: Amazon, bytes: Buffer): void {
  bringBackParts<Amazon>(amazon, kept, bytes)
}
