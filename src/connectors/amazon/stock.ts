// Stock: a patch per listing while they are few, one feed from about 1,500 on, as Amazon advises.
import type { BulkPush, Call, Reply, StockReport } from '../connector.ts'
import type { AmazonAccount } from './account.ts'
import { repliesOf } from './errors.ts'
import { cancelFeed } from './feeds.ts'
import { checkListingFeed, submitListingFeed } from './listing-feed.ts'
import { patchListing } from './listing-submission.ts'
import { stockPatch, whyNoStock } from './offers.ts'

export const patchesMax = 10
export const patchesAtOnceMax = 5
export const feedFrom = 1_500

export function pushStock(call: Call<AmazonAccount>, reports: StockReport[]): Promise<Reply[]> {
  return repliesOf(reports, patchesAtOnceMax, async (report) => {
    const reason = whyNoStock(report)
    if (reason !== undefined) return { kind: 'rejected', reason }
    return patchListing(call, report.marketplaceListingId, [stockPatch(report.quantity)])
  })
}

const lineOf = (report: StockReport) => {
  const reason = whyNoStock(report)
  return reason === undefined ? { patch: stockPatch(report.quantity) } : { reason }
}

export const stockFeed: BulkPush<AmazonAccount, StockReport> = {
  from: feedFrom,
  batchMax: 25_000,
  submit: (call, reports) => submitListingFeed(call, reports, lineOf),
  check: (call, ticket, reports) => checkListingFeed(call, ticket, reports, lineOf),
  cancel: cancelFeed,
}
