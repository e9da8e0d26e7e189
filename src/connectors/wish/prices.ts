// Prices: one currency for the whole merchant (W10), and the field depends on how he is paid (W11).
import type { Call, PriceReport, Reply } from '../connector.ts'
import type { WishAccount } from './account.ts'
import { replyOf } from './errors.ts'
import { priceFieldOf } from './merchant.ts'
import { toWishPrice } from './money.ts'
import { pushVariations } from './product-push.ts'

export async function pushPrices(call: Call<WishAccount>, reports: PriceReport[]): Promise<Reply[]> {
  let field: 'price' | 'cost' = 'price'
  const known = await replyOf(async () => {
    field = await priceFieldOf(call)
    return { kind: 'done' }
  })
  if (known.kind !== 'done') return reports.map(() => known)
  return pushVariations(call, reports, ({ price }) => {
    const { currency } = call.site
    if (!Number.isSafeInteger(price.minor) || price.minor <= 0) return { refused: 'The price must be above 0' }
    if (price.currency !== currency) {
      return { refused: `This Wish account sells in ${currency}, so it takes no prices in ${price.currency}` }
    }
    return { [field]: toWishPrice(price) }
  })
}
