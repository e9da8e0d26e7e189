// Prices: inc. VAT, in the site's own currency.
import type { BulkPush, Call, PriceReport, Reply } from '../connector.ts'
import { asObject } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import type { AmazonAccount } from './account.ts'
import { repliesOf } from './errors.ts'
import { readItem } from './items.ts'
import { cancelFeed } from './feeds.ts'
import { checkListingFeed, submitListingFeed } from './listing-feed.ts'
import { patchListing } from './listing-submission.ts'
import { siteOf } from './marketplaces.ts'
import { pricePatch, whyNoPrice } from './offers.ts'
import { objectsIn } from './read.ts'
import { feedFrom, patchesAtOnceMax } from './stock.ts'

export function pushPrices(call: Call<AmazonAccount>, reports: PriceReport[]): Promise<Reply[]> {
  const { currency } = siteOf(call.site.id)
  return repliesOf(reports, patchesAtOnceMax, async (report) => {
    const reason = whyNoPrice(report, currency)
    if (reason !== undefined) return { kind: 'rejected', reason }
    const kept = await entryNow(call, report.marketplaceListingId)
    return patchListing(call, report.marketplaceListingId, [pricePatch(report.price, call.site.id, kept)])
  })
}

/** A sale price or limits the seller set stand in the entry that is replaced, so they are sent along. */
async function entryNow(call: Call<AmazonAccount>, sku: string): Promise<JsonObject> {
  const item = await readItem(call, sku, 'attributes')
  const entries = objectsIn(asObject(item['attributes'])?.['purchasable_offer'])
  const ours = entries.find(
    (entry) => entry['marketplace_id'] === call.site.id && (entry['audience'] ?? 'ALL') === 'ALL',
  )
  return ours ?? {}
}

// A feed cannot read first: of so many listings at once, sale prices and limits set at Amazon are replaced.
const lineOf = (call: Call<AmazonAccount>) => (report: PriceReport) => {
  const reason = whyNoPrice(report, siteOf(call.site.id).currency)
  return reason === undefined ? { patch: pricePatch(report.price, call.site.id) } : { reason }
}

export const priceFeed: BulkPush<AmazonAccount, PriceReport> = {
  from: feedFrom,
  // With the longest SKUs this many fit into the 10 MiB that Amazon advises.
  batchMax: 20_000,
  submit: (call, reports) => submitListingFeed(call, reports, lineOf(call)),
  check: (call, ticket, reports) => checkListingFeed(call, ticket, reports, lineOf(call)),
  cancel: cancelFeed,
}
