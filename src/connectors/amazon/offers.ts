// Stock and price of a listing as Amazon wants them patched, alone or in a feed.
import { moneyText } from '../../domain/money.ts'
import type { ListingRef, PriceReport, StockReport } from '../connector.ts'
import type { JsonObject } from '../reading.ts'
import { ownChannel } from './listings.ts'
import type { Patch } from './listing-submission.ts'

/** Merged into what is there: a replacement would drop the handling time that stands in the same entry. */
export function stockPatch(quantity: number): Patch {
  return {
    op: 'merge',
    path: '/attributes/fulfillment_availability',
    value: [{ fulfillment_channel_code: ownChannel, quantity }],
  }
}

/** Replaced as a whole: merging is not promised for prices. `kept` is what else the entry holds. */
export function pricePatch(price: PriceReport['price'], siteId: string, kept: JsonObject = {}): Patch {
  return { op: 'replace', path: '/attributes/purchasable_offer', value: [{ ...kept, ...offerOf(price, siteId) }] }
}

export function offerOf(price: PriceReport['price'], siteId: string): JsonObject {
  // Amazon wants a JSON number, and this one prints as the same decimal text.
  const value = Number(moneyText(price))
  return {
    marketplace_id: siteId,
    currency: price.currency,
    audience: 'ALL',
    our_price: [{ schedule: [{ value_with_tax: value }] }],
  }
}

/** What is surely wrong and so never sent. */
export function whyNoStock({ quantity, marketplaceVariantId }: StockReport): string | undefined {
  // A figure of ours would open a second fulfilment channel on a listing that Amazon ships.
  if (isAmazonsOwn({ marketplaceVariantId }))
    return 'Amazon ships this listing from its own warehouse and counts its stock itself'
  if (!Number.isSafeInteger(quantity) || quantity < 0) return `${quantity} is no stock figure`
  return undefined
}

export function whyNoPrice({ price }: PriceReport, currency: string): string | undefined {
  if (price.minor <= 0) return 'The price must be above 0'
  if (price.currency !== currency) return `This Amazon site takes prices in ${currency}, not in ${price.currency}`
  return undefined
}

function isAmazonsOwn(ref: Pick<ListingRef, 'marketplaceVariantId'>): boolean {
  return ref.marketplaceVariantId !== null
}
