// What of an order is not at a supplier yet, as routing needs it.
import { holdReasonOf, mayGo, type ChannelOrderStatus } from '../orders/order.ts'
import { compareText } from './ask-offers.ts'
import type { Need } from './routing.ts'

export type OpenComponent = {
  componentId: string
  orderId: string
  placedAt: Date
  variantId: string
  sku: string
  title: string
  quantity: number
  state: 'held' | 'reserved' | 'routed'
  holdReason: string | null
  channelStatus: ChannelOrderStatus
  addressMissing: boolean
  localPickup: boolean
  countryCode: string | null
  /** The order's. */
  currency: string
  shippingServiceId: string | null
  reservedOfferId: string | null
  declinedBy: string[]
}

export function needOf(component: OpenComponent): Need {
  const { channelStatus, addressMissing, localPickup, shippingServiceId } = component
  const isServiceMissing = !localPickup && shippingServiceId === null
  const holdReason =
    holdReasonOf(channelStatus) ?? (addressMissing ? 'no-address' : isServiceMissing ? 'no-shipping-service' : null)
  const { componentId, orderId, variantId, quantity, reservedOfferId, countryCode, declinedBy } = component
  return {
    componentId,
    orderId,
    variantId,
    quantity,
    goes: mayGo(channelStatus) && holdReason === null,
    holdReason,
    reservedOfferId,
    localPickup,
    countryCode,
    shippingServiceId,
    declinedBy,
  }
}

/** Who waited longest is served first. What belongs to one order stays in its order. */
export function oldestFirst(components: OpenComponent[]): OpenComponent[] {
  return components.toSorted(
    (one, other) => one.placedAt.getTime() - other.placedAt.getTime() || compareText(one.orderId, other.orderId),
  )
}
