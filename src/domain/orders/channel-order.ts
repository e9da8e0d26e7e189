// An order as a marketplace shows it, in our words: what every connector makes of theirs and what the rules decide on.
import type { Money } from '../money.ts'
import type { ChannelOrderStatus } from './order.ts'

export type ChannelOrder = {
  marketplaceOrderId: string
  /** Orders of one basket share it, where the marketplace splits baskets. */
  bundleId: string | null
  status: ChannelOrderStatus
  /** The marketplace's own word. */
  marketplaceStatus: string
  placedAt: Date
  updatedAt: Date
  paidAt: Date | null
  shipBy: Date | null
  currency: string
  totals: { itemsIncVat: Money; shippingIncVat: Money; tax: Money; grandTotal: Money }
  /** The marketplace's word for how it is to be shipped. */
  shippingService: string | null
  buyer: { name: string; email: string | null; phone: string | null } | null
  shipTo: Address | null
  localPickup: boolean
  lines: ChannelOrderLine[]
  /** Parcels the marketplace already knows of. */
  shipments: { carrier: string | null; trackingNumber: string | null }[]
  /** Their text of the order, kept encrypted. */
  raw: unknown
}

export type ChannelOrderLine = {
  marketplaceLineId: string
  marketplaceListingId: string | null
  marketplaceVariantId: string | null
  channelSku: string | null
  title: string
  quantity: number
  unitPriceIncVat: Money
}

export type Address = {
  name: string
  street: string
  extended: string
  city: string
  region: string
  postalCode: string
  /** ISO 3166-1 alpha-2. */
  countryCode: string
  phone: string
}

/** Of one order twice on a page, the newer counts; of two equally new ones, the later. */
export function newestOfEach(orders: ChannelOrder[]): ChannelOrder[] {
  const newest = new Map<string, ChannelOrder>()
  for (const order of orders) {
    const other = newest.get(order.marketplaceOrderId)
    if (!other || order.updatedAt >= other.updatedAt) newest.set(order.marketplaceOrderId, order)
  }
  return [...newest.values()]
}
