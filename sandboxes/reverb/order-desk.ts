// Orders placed by hand, one or thousands: whole baskets with the buyer, the time and the prices somebody else decided.
import { buyerNumbered, someAddress } from './buyers.ts'
import { money } from './money.ts'
import { placeOrder } from './orders.ts'
import { nextId, shippingMethods } from './state.ts'
import type { Currency } from './reference.ts'
import type { Address, Listing, Order, OrderStatus, Reverb, ShippingMethod } from './state.ts'

export type HandLine = {
  /** One of the two; a SKU that stands on several listings means the first that is for sale. */
  listingId?: number | undefined
  sku?: string | undefined
  quantity: number
  /** The listing's price when absent. */
  unitPrice?: number | string | undefined
}

export type HandOrder = {
  lines: HandLine[]
  /** Your own name for it, such as an invoice number; comes back in the answer and in the truth. */
  reference?: string | undefined
  /** Now when absent. A time to come is waited for. */
  at?: Date | undefined
  buyerNumber?: number | undefined
  buyerName?: string | undefined
  address?: Partial<Address> | undefined
  withoutAddress?: boolean | undefined
  countryCode?: string | undefined
  status?: OrderStatus | undefined
  kind?: 'instant' | 'offer' | undefined
  shippingMethod?: ShippingMethod | undefined
  /** The same, in the words all sandboxes share; an unknown one is passed over. */
  shippingService?: string | undefined
  shippingPrice?: number | undefined
  currency?: Currency | undefined
  /** Sells whatever the state and the stock, as two buyers in the same second would. */
  force?: boolean | undefined
}

export type PlacedOrder = {
  reference: string | undefined
  /** Not placed yet; the numbers are in the truth once its time has come. */
  scheduled: boolean
  bundleId: string | undefined
  orders: { number: string; listingId: number; sku: string | undefined; quantity: number }[]
  refused: { line: number; sku: string; reason: 'unknown-listing' | 'not-for-sale' | 'not-enough-stock' }[]
}

export function createOrderDesk(reverb: Reverb, now: () => Date): (orders: HandOrder[]) => PlacedOrder[] {
  return (orders) =>
    orders.map((order) => {
      const at = order.at
      if (at === undefined || at <= now()) return placeBasket(reverb, order, at ?? now())
      reverb.agenda.schedule(at, (due) => void placeBasket(reverb, order, due))
      return { reference: order.reference, scheduled: true, bundleId: undefined, orders: [], refused: [] }
    })
}

function placeBasket(reverb: Reverb, order: HandOrder, at: Date): PlacedOrder {
  const result: PlacedOrder = {
    reference: order.reference,
    scheduled: false,
    bundleId: order.lines.length > 1 ? String(nextId(reverb)) : undefined,
    orders: [],
    refused: [],
  }
  const common = commonTerms(reverb, order)
  for (const [index, line] of order.lines.entries()) {
    const listing = findForSale(reverb, line, order.force === true)
    if ('reason' in listing) {
      result.refused.push({ line: index, sku: line.sku ?? '', reason: listing.reason })
      continue
    }
    const placed = placeLine(reverb, { order, line, listing, common, bundleId: result.bundleId, at })
    result.orders.push({ number: placed.number, listingId: listing.id, sku: listing.sku, quantity: placed.quantity })
  }
  return result
}

type Common = ReturnType<typeof commonTerms>

function commonTerms(reverb: Reverb, order: HandOrder) {
  const number = order.buyerNumber ?? 1
  const [firstName = '', ...rest] = (order.buyerName ?? '').split(' ')
  const buyer = order.buyerName
    ? { ...buyerNumbered(number), firstName, lastName: rest.join(' ') }
    : buyerNumbered(number)
  const isPlain = order.withoutAddress === true || methodOf(order) === 'local'
  const countryCode = order.countryCode === undefined ? {} : { countryCode: order.countryCode }
  const address = isPlain ? undefined : { ...someAddress(reverb, number), ...countryCode, ...order.address }
  return { buyer, address }
}

function placeLine(
  reverb: Reverb,
  given: {
    order: HandOrder
    line: HandLine
    listing: Listing
    common: Common
    bundleId: string | undefined
    at: Date
  },
): Order {
  const { order, line, listing, common, bundleId, at } = given
  const currency = order.currency ?? listing.price.currency
  const unitPrice = line.unitPrice === undefined ? listing.price : money(Number(line.unitPrice), currency)
  return placeOrder(
    reverb,
    listing,
    {
      quantity: line.quantity,
      status: order.status ?? 'paid',
      kind: order.kind ?? 'instant',
      unitPrice,
      shippingPrice: money(order.shippingPrice ?? 0, unitPrice.currency),
      tax: money(0, unitPrice.currency),
      shippingMethod: methodOf(order),
      bundleId,
      reference: order.reference,
      buyer: common.buyer,
      ...(common.address ? { address: common.address } : {}),
    },
    { at, by: 'buyer', cause: 'placed by hand' },
  )
}

function methodOf({ shippingMethod, shippingService }: HandOrder): ShippingMethod {
  return shippingMethod ?? shippingMethods.find((method) => method === shippingService) ?? 'shipped'
}

function findForSale(
  reverb: Reverb,
  line: HandLine,
  force: boolean,
): Listing | { reason: PlacedOrder['refused'][number]['reason'] } {
  const candidates =
    line.listingId === undefined
      ? [...reverb.listings.values()].filter((one) => line.sku !== undefined && one.sku === line.sku)
      : [reverb.listings.get(line.listingId)].filter((one) => one !== undefined)
  const first = candidates[0]
  if (!first) return { reason: 'unknown-listing' }
  const live = candidates.filter((one) => one.state === 'live')
  const enough = live.find((one) => one.inventory >= line.quantity)
  if (enough) return enough
  if (force) return live[0] ?? first
  return { reason: live.length === 0 ? 'not-for-sale' : 'not-enough-stock' }
}
