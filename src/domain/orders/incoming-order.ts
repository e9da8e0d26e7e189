// What the rules need to know of an order a marketplace sent. A connector's order has this shape and more.
import type { Money } from '../money.ts'
import type { ChannelStatus } from './order.ts'

export type IncomingOrder = {
  marketplaceOrderId: string
  bundleId: string | null
  status: ChannelStatus
  marketplaceStatus: string
  placedAt: Date
  updatedAt: Date
  paidAt: Date | null
  shipBy: Date | null
  currency: string
  totals: { itemsIncVat: Money; shippingIncVat: Money; tax: Money; grandTotal: Money }
  shippingService: string | null
  buyer: { name: string; email: string | null; phone: string | null } | null
  shipTo: IncomingAddress | null
  localPickup: boolean
  lines: IncomingLine[]
  shipments: { carrier: string | null; trackingNumber: string | null }[]
  raw: unknown
}

export type IncomingAddress = {
  name: string
  street: string
  extended: string
  city: string
  region: string
  postalCode: string
  countryCode: string
  phone: string
}

export type IncomingLine = {
  marketplaceLineId: string
  marketplaceListingId: string | null
  marketplaceVariantId: string | null
  channelSku: string | null
  title: string
  quantity: number
  unitPriceIncVat: Money
}

/** Of one order twice on a page, the newer counts; of two equally new ones, the later. */
export function newestOfEach(orders: IncomingOrder[]): IncomingOrder[] {
  const newest = new Map<string, IncomingOrder>()
  for (const order of orders) {
    const other = newest.get(order.marketplaceOrderId)
    if (!other || order.updatedAt >= other.updatedAt) newest.set(order.marketplaceOrderId, order)
  }
  return [...newest.values()]
}
