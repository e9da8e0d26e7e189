// Prices: one listing per request, in the listing's own currency.
import { moneyText } from '../../domain/money.ts'
import type { Call, PriceReport, Reply } from '../connector.ts'
import { listingCurrencies } from './account.ts'
import type { ReverbAccount } from './account.ts'
import { repliesOf } from './errors.ts'
import { changeListing } from './listing-change.ts'

export function pushPrices(call: Call<ReverbAccount>, reports: PriceReport[]): Promise<Reply[]> {
  return repliesOf(reports, async (report) => {
    const { price } = report
    if (price.minor <= 0) return { kind: 'rejected', reason: 'The price must be above 0' }
    if (!listingCurrencies.includes(price.currency)) {
      return { kind: 'rejected', reason: `Reverb takes no prices in ${price.currency}` }
    }
    return changeListing(call, report, { price: { amount: moneyText(price), currency: price.currency } })
  })
}
