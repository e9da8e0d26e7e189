// What is carried over a restart. What buyers were going to do ends there.
import { queueFeed } from './feeds.ts'
import { makeLive } from './listings.ts'
import { processParcel } from './orders.ts'
import { queueReport } from './reports.ts'
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

export function bringBackAmazon(amazon: Amazon, bytes: Buffer, at: number): void {
  bringBackParts<Amazon>(amazon, kept, bytes)
  resume(amazon, at)
}

/** What was promised before the restart still comes: parcels, feeds and reports, and listings that were being made. */
function resume(amazon: Amazon, at: number): void {
  amazon.feedLines.clear()
  for (const order of amazon.orders) {
    for (const parcel of order.toldParcels.values()) {
      const shown = order.parcels.find((one) => one.referenceId === parcel.referenceId)
      if (shown?.trackingNumber !== parcel.trackingNumber) processParcel(amazon, order, parcel, at)
    }
  }
  for (const job of amazon.jobs.values()) {
    if (job.status !== 'IN_QUEUE' && job.status !== 'IN_PROGRESS') continue
    job.status = 'IN_QUEUE'
    if (job.kind === 'feed') queueFeed(amazon, job, at)
    else queueReport(amazon, job, at)
  }
  for (const listing of amazon.listings.values()) {
    if (listing.summariesFrom !== Number.MAX_SAFE_INTEGER || listing.attributes === undefined) continue
    listing.summariesFrom = at
    const { attributes } = listing
    makeLive(amazon, listing, { attributes, names: new Set(Object.keys(attributes)), at })
  }
}
