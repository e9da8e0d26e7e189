// What no order can be: it is not stored and not dropped, but shown to a person with its reason, and asked for again. One
// such order must not keep the rest of its page from coming in.
import { isCalledOff } from './order.ts'
import type { ChannelOrder } from './channel-order.ts'

/** Of one line. A pack of 100,000 multiplies it, and what comes out must still be a count the database keeps. */
const quantityMax = 20_000
const minorMax = 1_000_000_000_000
const linesMax = 5_000
const nul = '\u0000'

/** In a sentence; undefined where nothing is wrong with it. */
export function faultOf(order: ChannelOrder): string | undefined {
  const { lines, currency, totals } = order
  // Some marketplaces take the lines away with a cancellation.
  if (lines.length === 0 && !isCalledOff(order.status)) return 'The order has no lines'
  if (lines.length > linesMax) return `The order has ${lines.length} lines`
  if (!/^[A-Z]{3}$/.test(currency)) return `The order’s currency is none: ${currency.slice(0, 20)}`
  const ids = new Set<string>()
  for (const line of lines) {
    const { marketplaceLineId: id, quantity, unitPriceIncVat } = line
    if (!Number.isInteger(quantity) || quantity < 1) return `Line ${id} asks for ${quantity} units`
    if (quantity > quantityMax) return `Line ${id} asks for ${quantity} units, more than any order can`
    if (!isAmount(unitPriceIncVat.minor) || unitPriceIncVat.minor < 0) return `Line ${id} has no price that can be`
    if (ids.has(id)) return `Two lines of the order have the id ${id}`
    ids.add(id)
  }
  if (!Object.values(totals).every(({ minor }) => isAmount(minor))) return 'The order’s totals are no amounts'
  const times = [order.placedAt, order.updatedAt, order.paidAt, order.shipBy]
  if (times.some((time) => time !== null && Number.isNaN(time.getTime()))) return 'The order has a time that is none'
  if (textsOf(order).some((text) => text?.includes(nul))) return 'The order’s texts carry characters that are none'
  return undefined
}

function isAmount(minor: number): boolean {
  return Number.isInteger(minor) && Math.abs(minor) <= minorMax
}

function textsOf(order: ChannelOrder): (string | null)[] {
  return [
    order.marketplaceOrderId,
    order.bundleId,
    order.marketplaceStatus,
    order.shippingService,
    order.shipTo?.countryCode ?? null,
    ...order.lines.flatMap((line) => [
      line.marketplaceLineId,
      line.marketplaceListingId,
      line.marketplaceVariantId,
      line.channelSku,
      line.title,
    ]),
  ]
}
