// Stock: one listing per request. Above 0 revives a listing that stock 0 ended, for the three conditions that can be
// revived; 0 ends it. `publish` is never sent: a listing the seller ended himself stays ended by our hand.
import type { Call, Reply, StockReport } from '../connector.ts'
import type { ReverbAccount } from './account.ts'
import { repliesOf } from './errors.ts'
import { changeListing } from './listing-change.ts'

export function pushStock(call: Call<ReverbAccount>, reports: StockReport[]): Promise<Reply[]> {
  return repliesOf(reports, async (report) => {
    if (!Number.isSafeInteger(report.quantity) || report.quantity < 0) {
      return { kind: 'rejected', reason: `${report.quantity} is no stock figure` }
    }
    return changeListing(call, report, { has_inventory: true, inventory: report.quantity })
  })
}
