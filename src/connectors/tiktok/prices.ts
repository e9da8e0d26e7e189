// Prices: what buyers see, in the shop's currency. They are only taken while the product is live and in no promotion.
import { moneyText } from '../../domain/money.ts'
import type { PriceReport, Reply } from '../connector.ts'
import type { TikTokCall } from './account.ts'
import { ask } from './ask.ts'
import { pushByProduct } from './product-push.ts'

export const pricesBatchMax = 20

export async function pushPrices(call: TikTokCall, reports: PriceReport[]): Promise<Reply[]> {
  const sendable = reports.filter((report) => whyNotSent(call, report) === undefined)
  const replies = await pushByProduct(sendable, (productId, skus) =>
    ask(call, 'prices.update', {
      id: productId,
      body: {
        skus: skus.map(({ skuId, report: { price } }) => ({
          id: skuId,
          price: { amount: moneyText(price), currency: price.currency },
        })),
      },
    }),
  )
  return reports.map((report) => {
    const reason = whyNotSent(call, report)
    if (reason !== undefined) return { kind: 'rejected', reason }
    return replies[sendable.indexOf(report)] ?? { kind: 'unclear' }
  })
}

function whyNotSent({ site }: TikTokCall, { price }: PriceReport): string | undefined {
  if (price.minor <= 0) return 'The price must be above 0'
  if (!site.currencies.includes(price.currency)) return `This TikTok shop takes no prices in ${price.currency}`
  return undefined
}
