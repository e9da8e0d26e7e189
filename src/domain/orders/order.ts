// An order as we keep it: its words, what may be done to it when, and how its status follows from its parts.

export const orderStatuses = [
  'new',
  'on-hold',
  'awaiting-mapping',
  'awaiting-shipping-mapping',
  'awaiting-stock',
  'queued-for-payment',
  'with-supplier',
  'partly-dispatched',
  'dispatched',
  'cancelled',
  'error',
] as const
export type OrderStatus = (typeof orderStatuses)[number]

/** What may be done to an order, and in which statuses. */
const orderActions = {
  // Of a purchase order that is with its supplier, whatever the rest of the order waits for.
  dispatch: [
    'on-hold',
    'awaiting-shipping-mapping',
    'awaiting-stock',
    'queued-for-payment',
    'with-supplier',
    'partly-dispatched',
  ],
  // Only what has no mapped line is ever removed by itself (D3), so only that needs keeping.
  pin: ['awaiting-mapping', 'on-hold'],
  // What is not on a parcel yet may go to another supplier.
  reroute: [
    'on-hold',
    'awaiting-shipping-mapping',
    'awaiting-stock',
    'queued-for-payment',
    'with-supplier',
    'partly-dispatched',
  ],
  route: ['awaiting-stock'],
  cancel: [
    'new',
    'on-hold',
    'awaiting-mapping',
    'awaiting-shipping-mapping',
    'awaiting-stock',
    'queued-for-payment',
    'with-supplier',
    'partly-dispatched',
  ],
} satisfies Record<string, OrderStatus[]>

export type OrderAction = keyof typeof orderActions

export function canOrder(action: OrderAction, order: { status: OrderStatus }): boolean {
  const allowed: readonly OrderStatus[] = orderActions[action]
  return allowed.includes(order.status)
}

/** The marketplace's view of an order, in our words. The connectors speak the same ones. */
export type ChannelOrderStatus =
  | 'awaiting-payment'
  | 'on-hold'
  | 'to-ship'
  | 'shipped'
  | 'cancelled'
  | 'refunded'
  | 'unknown'

/**
 * What a mapped line asks of a variant is in exactly one of these (O3): held (nothing promised yet), reserved (stock
 * promised, not to be sent yet), routed (on a purchase order), dispatched, or cancelled.
 */
export type ComponentState = 'held' | 'reserved' | 'routed' | 'dispatched' | 'cancelled'

export type HoldReason =
  | 'unpaid'
  | 'no-address'
  | 'on-hold'
  | 'no-offer'
  | 'no-stock'
  | 'stock-unknown'
  | 'cost-unknown'
  | 'no-shipping-service'
  | 'shipping-cost-unknown'
  | 'service-not-offered'
  | 'country-not-served'
  | 'declined'

/** The goods are there and promised; only a figure is missing before a purchase order can be written (P6). */
export const missingCosts = ['cost-unknown', 'shipping-cost-unknown'] as const
export type MissingCost = (typeof missingCosts)[number]

export function isCostMissing(reason: string | null | undefined): reason is MissingCost {
  return missingCosts.some((missing) => missing === reason)
}

/** Whether anything of it may go to a supplier now (D3b): paid, and the marketplace does not look into it. */
export function mayGo(channelStatus: ChannelOrderStatus): boolean {
  return channelStatus === 'to-ship'
}

/** Some marketplaces never say when an order was paid: then it is the time of the view that first shows it to be shipped. */
export function paidAtOf(order: { status: ChannelOrderStatus; paidAt: Date | null; updatedAt: Date }): Date | null {
  const isPaid = mayGo(order.status) || order.status === 'shipped'
  return order.paidAt ?? (isPaid ? order.updatedAt : null)
}

/** Whether stock is promised to it at all: not to what is over, and not to what left without us. */
export function wantsStock(channelStatus: ChannelOrderStatus): boolean {
  return channelStatus === 'to-ship' || holdsOrder(channelStatus)
}

export function isCalledOff(channelStatus: ChannelOrderStatus): boolean {
  return channelStatus === 'cancelled' || channelStatus === 'refunded'
}

/** Of what is over, buyer data goes after a while. What the marketplace took up again is not over. */
export function isOver(
  { channelStatus, cancelAsked }: { channelStatus: ChannelOrderStatus; cancelAsked: boolean },
  status: OrderStatus,
): boolean {
  if (status === 'dispatched') return true
  return status === 'cancelled' && (cancelAsked || !wantsStock(channelStatus))
}

function holdsOrder(channelStatus: ChannelOrderStatus): boolean {
  return channelStatus === 'awaiting-payment' || channelStatus === 'on-hold' || channelStatus === 'unknown'
}

/** Why stock that is promised does not go to a supplier yet. */
export function holdReasonOf(channelStatus: ChannelOrderStatus): HoldReason | null {
  if (channelStatus === 'awaiting-payment') return 'unpaid'
  return holdsOrder(channelStatus) ? 'on-hold' : null
}

/** What a parcel cannot do without (P6). A region or a phone number it can. */
export function isAddressMissing(order: { localPickup: boolean; shipTo: Address | null }): boolean {
  if (order.localPickup) return false
  const { shipTo } = order
  if (!shipTo) return true
  return [shipTo.name, shipTo.street, shipTo.city, shipTo.countryCode].some((part) => part.trim() === '')
}

type Address = { name: string; street: string; city: string; countryCode: string }

export type OrderFacts = {
  channelStatus: ChannelOrderStatus
  unmappedLines: number
  components: { state: ComponentState; holdReason: string | null }[]
  /** Something of it left already, be it only a part of one line. */
  hasParcels: boolean
  /** One of its open purchase orders waits for payment (D8). */
  waitsForPayment: boolean
  /** It is to be shipped and nobody knows how (C3). */
  lacksShippingService?: boolean
}

export type StatusAnswer = { status: OrderStatus; reason: string | null }

/** The status of an order follows from its parts and nothing else, so it can be computed again at any time. */
export function statusOf(facts: OrderFacts): StatusAnswer {
  const count = (state: ComponentState) => facts.components.filter((component) => component.state === state).length
  const dispatched = count('dispatched')
  const open = count('held') + count('reserved') + count('routed')

  if (dispatched > 0 || (facts.hasParcels && open > 0)) return statusAfterParcels(facts, open)
  // Called off: nothing left, and nothing will.
  if (isCalledOff(facts.channelStatus) && open === 0) return { status: 'cancelled', reason: facts.channelStatus }
  if (facts.channelStatus === 'shipped' && open === 0) return { status: 'dispatched', reason: 'shipped-elsewhere' }
  if (facts.channelStatus === 'unknown' && count('routed') === 0) return { status: 'error', reason: 'unknown-status' }
  const hold = holdReasonOf(facts.channelStatus)
  if (hold && count('routed') === 0) return { status: 'on-hold', reason: hold }
  if (facts.components.length === 0) return { status: 'awaiting-mapping', reason: 'unmapped' }
  if (open === 0) return { status: 'cancelled', reason: 'nothing-left' }
  // Stock may come by itself; a shipping service only from a person.
  if (facts.lacksShippingService && count('held') + count('reserved') > 0)
    return { status: 'awaiting-shipping-mapping', reason: 'no-shipping-service' }
  const waiting = facts.components.find(({ state, holdReason }) => {
    return state === 'held' || (state === 'reserved' && isCostMissing(holdReason))
  })
  if (waiting) return { status: 'awaiting-stock', reason: waiting.holdReason }
  const reserved = facts.components.find((component) => component.state === 'reserved')
  if (reserved) return { status: 'on-hold', reason: reserved.holdReason }
  if (facts.waitsForPayment) return { status: 'queued-for-payment', reason: null }
  if (count('routed') > 0) return { status: 'with-supplier', reason: facts.unmappedLines > 0 ? 'unmapped-lines' : null }
  return { status: 'new', reason: null }
}

function statusAfterParcels(facts: OrderFacts, open: number): StatusAnswer {
  if (open > 0) return { status: 'partly-dispatched', reason: null }
  // The unmapped lines of a mixed order go to no supplier; until the marketplace says all went, they are still owed.
  const isOwed = facts.unmappedLines > 0 && facts.channelStatus === 'to-ship'
  return isOwed ? { status: 'partly-dispatched', reason: 'unmapped-lines' } : { status: 'dispatched', reason: null }
}
