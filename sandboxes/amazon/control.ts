// What a test, a demonstration or a person at the console may do and see.
import { createHash } from 'node:crypto'
import { addGivenListing, homeListings } from './catalogue.ts'
import { withoutDelays } from './choices.ts'
import { priceNow } from './listings.ts'
import { addressOf, buyerNumbered, cancelOrder, orderTotal, payOrder, placeOrder, requestCancel } from './orders.ts'
import { marketplaceOf, serviceLevels } from './reference.ts'
import { findListing, minorOf } from './state.ts'
import { grantsOf } from './tokens.ts'
import type { GivenOrder, PlacedOrder, Refused, SandboxControl, TrueListing, TrueOrder } from '../kit/control.ts'
import type { Buyers } from './buyers.ts'
import type { Choices } from './choices.ts'
import type { ServiceLevel } from './reference.ts'
import type { Amazon, Listing, Order } from './state.ts'

export type AmazonControl = SandboxControl & {
  /** The buyer asks for a cancellation; the order stays open. */
  requestCancel(number: string, reason?: string): Refused
  choose(choices: Partial<Choices>): void
  choices(): Choices
  /** All sellers' listings on all sites. */
  allListings(): TrueListing[]
  /** From now on the secret is another; tokens stay. */
  rotateSecret(): string
}

export type ControlParts = { buyers: Buyers; now: () => number; advance: () => void }

export function createControl(amazon: Amazon, { buyers, now, advance }: ControlParts): AmazonControl {
  const withOrder = (number: string, act: (order: Order) => Refused): Refused => {
    advance()
    const order = amazon.ordersById.get(number)
    return order ? act(order) : { refusal: `there is no order ${number}` }
  }
  const truth = () => {
    advance()
    return readTruth(amazon, now())
  }
  return {
    addListings: (lines) => lines.map((line) => addGivenListing(amazon, amazon.home, line, now())),
    placeOrders(orders) {
      advance()
      return orders.map((order) => placeByHand(amazon, order, now()))
    },
    payOrder: (number) => withOrder(number, (order) => payOrder(amazon, order, now())),
    cancelOrder: (number) =>
      withOrder(number, (order) => cancelOrder(amazon, order, { by: 'BUYER', reason: 'BuyerCanceled', at: now() })),
    requestCancel: (number, reason = 'Ordered by mistake') =>
      withOrder(number, (order) => requestCancel(amazon, order, reason, now())),
    buyNow() {
      advance()
      return buyers.buyOnce(new Date(now())).map((order) => order.id)
    },
    setOrdersPerMinute: (pace) => buyers.setPace(pace, new Date(now())),
    ordersPerMinute: () => buyers.pace(),
    setFaults: (rates) => amazon.faults.set(rates),
    armFault: (name, options) => amazon.faults.arm(name, options),
    faults: () => ({ rates: amazon.faults.rates(), struck: amazon.faults.struck() }),
    revokeAccount() {
      for (const grant of grantsOf(amazon, amazon.home.sellerId)) grant.revokedAt ??= now()
    },
    restoreAccount() {
      for (const grant of grantsOf(amazon, amazon.home.sellerId)) grant.revokedAt = undefined
    },
    setLimit: (limit) => amazon.meter.setLimit(limit),
    setOurAddress({ redirectUri, loginUri, webhookUrl }) {
      amazon.choices.redirectUris = redirectUri
      amazon.choices.loginUri = loginUri ?? amazon.choices.loginUri
      amazon.choices.notificationUrl = webhookUrl ?? amazon.choices.notificationUrl
    },
    noDelays: () => void Object.assign(amazon.choices, withoutDelays),
    meter: () => amazon.meter.read(),
    requests: () => amazon.log.lines(),
    truth,
    truthHash: () => createHash('sha256').update(JSON.stringify(truth())).digest('hex'),
    choose: (choices) => void Object.assign(amazon.choices, choices),
    choices: () => amazon.choices,
    allListings: () =>
      [...amazon.listings.values()].filter((one) => one.deletedAt === undefined).map((one) => trueListing(one, now())),
    rotateSecret() {
      amazon.application.clientSecret = createHash('sha256').update(amazon.application.clientSecret).digest('hex')
      return amazon.application.clientSecret
    },
  }
}

function placeByHand(amazon: Amazon, given: GivenOrder, at: number): PlacedOrder {
  const refused: PlacedOrder['refused'] = []
  const lines: { listing: Listing; quantity: number; unitMinor: number | undefined }[] = []
  for (const { sku, quantity, unitPrice } of given.lines) {
    const listing = findListing(amazon, { ...amazon.home, sku })
    const wanted =
      quantity + lines.filter((line) => line.listing === listing).reduce((sum, line) => sum + line.quantity, 0)
    const reason = !listing ? 'unknown-listing' : given.force === true ? undefined : obstacle(listing, wanted)
    if (!listing || reason !== undefined) refused.push({ sku, reason: reason ?? 'unknown-listing' })
    else lines.push({ listing, quantity, unitMinor: minorOf(unitPrice) })
  }
  if (lines.length === 0) return { orders: [], refused }
  const number = given.buyerNumber ?? 1
  const { sellerId, marketplaceId } = amazon.home
  const service = (given.shippingService ?? 'STANDARD').toUpperCase() as ServiceLevel
  const order = placeOrder(
    amazon,
    {
      sellerId,
      marketplaceId,
      lines,
      isPaid: given.status !== 'unpaid',
      reference: given.reference,
      service: Object.hasOwn(serviceLevels, service) ? service : 'STANDARD',
      buyer: buyerNumbered(number, marketplaceId),
      address: addressOf(amazon, number, given.countryCode ?? marketplaceOf(marketplaceId)?.countryCode ?? 'GB'),
    },
    at,
  )
  return { orders: [{ number: order.id }], refused }
}

function obstacle(listing: Listing, quantity: number): string | undefined {
  if (listing.state !== 'live' || listing.suspended || listing.isParent) return 'not-for-sale'
  return listing.stock.quantity < quantity ? 'not-enough-stock' : undefined
}

function readTruth(amazon: Amazon, now: number) {
  return {
    now: new Date(now).toISOString(),
    listings: homeListings(amazon).map((listing) => trueListing(listing, now)),
    orders: amazon.orders.filter((order) => order.sellerId === amazon.home.sellerId).map(trueOrder),
    confirmations: amazon.confirmations,
  }
}

function trueListing(listing: Listing, now: number): TrueListing {
  return {
    id: listing.sku,
    variantId: null,
    sku: listing.sku,
    title: listing.title,
    quantity: listing.stock.quantity,
    price: { minor: priceNow(listing, now), currency: marketplaceOf(listing.marketplaceId)?.currency ?? '' },
    isLive: listing.state === 'live' && !listing.suspended,
    history: listing.history,
  }
}

function trueOrder(order: Order): TrueOrder {
  return {
    number: order.id,
    reference: order.reference ?? null,
    status: order.status,
    placedAt: new Date(order.createdAt).toISOString(),
    isPaid: order.paidAt !== undefined,
    isCanceled: order.status === 'CANCELLED',
    isShipped:
      order.status !== 'CANCELLED' &&
      order.lines.every((line) => line.canceledBy !== undefined || line.confirmed >= line.quantity),
    total: { minor: orderTotal(order), currency: order.currency },
    lines: order.lines.map((line) => ({
      lineId: line.itemId,
      sku: line.sku,
      quantity: line.quantity,
      unitPriceMinor: line.unitMinor,
    })),
  }
}
