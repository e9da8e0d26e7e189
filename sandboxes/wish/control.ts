// What a test, a demonstration or a person at the console may do and see, for the store of one merchant.
import { createHash } from 'node:crypto'
import { approveOrder, declineOrder, findForSale, placeOrder, refundOrder, releaseAgain } from './orders.ts'
import { createApp, restoreMerchant, revokeMerchant } from './access.ts'
import { addListing } from './catalogue.ts'
import { isBuyable, newId, quantityOf } from './products.ts'
import { orderTotal } from './order-json.ts'
import { orderTypes } from './reference.ts'
import { someAddress, typesFor } from './buyers.ts'
import { toMinor } from './money.ts'
import type { GivenOrder, PlacedOrder, Refused, SandboxControl, TrueListing, TrueOrder } from '../kit/control.ts'
import type { Buyers } from './buyers.ts'
import type { Choices } from './choices.ts'
import type { App, Merchant, Order, Product, Variation, Wish } from './state.ts'

export type MerchantChanges = Partial<
  Pick<Merchant, 'currency' | 'revenueType' | 'isActive' | 'isDisabled' | 'hasListingReview' | 'name'>
>

export type WishControl = SandboxControl & {
  merchantId: string
  choices: Choices
  setMerchant(changes: MerchantChanges): void
  /** Back to APPROVED: it must be shipped once more. */
  releaseAgain(number: string): Refused
  /** All access tokens end now, as if their days were over. */
  expireAccessTokens(): void
  createApp(app: Pick<App, 'name' | 'redirectUri' | 'kind'>): App
  changeApp(clientId: string, changes: Partial<Pick<App, 'redirectUri' | 'webhookUrl'>>): Refused
  /** The same for the store of another merchant. */
  of(merchantId: string): WishControl
}

export type ControlParts = {
  merchantId: string
  buyersOf(merchantId: string): Buyers
  now(): Date
  advance(): void
}

export function createControl(wish: Wish, parts: ControlParts): WishControl {
  const { merchantId, now, advance } = parts
  const merchant = () => merchantOf(wish, merchantId)
  const buyers = parts.buyersOf(merchantId)
  let revokedAt: Date | undefined
  const truth = () => {
    advance()
    return readTruth(wish, merchant(), now())
  }
  return {
    ...orderControl(wish, parts),
    merchantId,
    choices: wish.choices,
    addListings: (lines) => lines.map((line) => addListing(wish, merchant(), line, now())),
    setOrdersPerMinute: (pace) => buyers.setPace(pace, now()),
    ordersPerMinute: () => buyers.pace(),
    setFaults: (rates) => wish.faults.set(rates),
    armFault: (name, options) => wish.faults.arm(name, options),
    faults: () => ({ rates: wish.faults.rates(), struck: wish.faults.struck() }),
    revokeAccount() {
      revokedAt = now()
      revokeMerchant(wish, merchantId, revokedAt)
    },
    restoreAccount() {
      if (revokedAt) restoreMerchant(wish, merchantId, revokedAt)
      revokedAt = undefined
    },
    expireAccessTokens() {
      for (const token of wish.accessTokens.values()) {
        if (token.merchantId === merchantId && token.endsAt > now()) token.endsAt = now()
      }
    },
    setMerchant: (changes) => void Object.assign(merchant(), changes),
    createApp: (app) => createApp(wish, app, now()),
    changeApp(clientId, changes) {
      const app = wish.apps.get(clientId)
      if (!app) return { refusal: `there is no app ${clientId}` }
      Object.assign(app, changes)
      return undefined
    },
    of: (other) => createControl(wish, { ...parts, merchantId: other }),
    setLimit: (limit) => wish.meter.setLimit(limit),
    setOurAddress({ redirectUri, webhookUrl }) {
      const hub = [...wish.apps.values()].find(({ kind }) => kind === 'hub')
      if (hub) Object.assign(hub, { redirectUri, webhookUrl: webhookUrl ?? hub.webhookUrl })
    },
    noDelays: () => void Object.assign(wish.choices, { processingSeconds: 0, reviewSeconds: 0, jobSeconds: 0 }),
    meter: () => wish.meter.read(),
    requests: () => wish.log.lines(),
    truth,
    truthHash: () => createHash('sha256').update(JSON.stringify(truth())).digest('hex'),
  }
}

function orderControl(wish: Wish, { merchantId, buyersOf, now, advance }: ControlParts) {
  const by = 'sandbox' as const
  const withOrder = (number: string, act: (order: Order, merchant: Merchant) => Refused): Refused => {
    advance()
    const order = wish.ordersById.get(number)
    return order ? act(order, merchantOf(wish, merchantId)) : { refusal: `there is no order ${number}` }
  }
  return {
    placeOrders(orders: GivenOrder[]): PlacedOrder[] {
      advance()
      return orders.map((order) => placeBasket(wish, merchantOf(wish, merchantId), order, now()))
    },
    payOrder: (number: string) =>
      withOrder(number, (order) => approveOrder(wish, order, { at: now(), by, cause: 'review passed, by hand' })),
    cancelOrder: (number: string) => withOrder(number, (order, merchant) => cancelOrder(wish, merchant, order, now())),
    releaseAgain: (number: string) =>
      withOrder(number, (order, merchant) =>
        releaseAgain(wish, merchant, order, { at: now(), by, cause: 'released again, by hand' }),
      ),
    buyNow() {
      advance()
      return buyersOf(merchantId)
        .buyOnce(now())
        .map((order) => order.id)
    },
  }
}

function cancelOrder(wish: Wish, merchant: Merchant, order: Order, at: Date): Refused {
  const cause = { at, by: 'sandbox' as const, cause: 'cancelled by hand' }
  if (order.state === 'REQUIRE_REVIEW') return declineOrder(wish, merchant, order, cause)
  if (order.state !== 'APPROVED') return { refusal: `a ${order.state} order cannot be cancelled` }
  const reason = 'ITEM_DID_NOT_MEET_EXPECTATIONS'
  return refundOrder(wish, merchant, order, { reason, note: undefined, source: 'CUSTOMER', ...cause })
}

/** Every line becomes an order of its own; what was bought together shares the transaction. */
function placeBasket(wish: Wish, merchant: Merchant, given: GivenOrder, at: Date): PlacedOrder {
  const placed: PlacedOrder = { orders: [], refused: [] }
  const buyerNumber = given.buyerNumber ?? 1
  const address = someAddress(buyerNumber, given.countryCode)
  const service = given.shippingService
  const isType = (orderTypes as readonly string[]).includes(service ?? '')
  const types = [...typesFor(address, false), ...(isType && service !== undefined ? [service] : [])]
  const transactionId = newId(wish, at)
  for (const line of given.lines) {
    const sold = findForSale(merchant, line.sku, line.quantity, given.force === true)
    if ('reason' in sold) {
      placed.refused.push({ sku: line.sku, reason: sold.reason })
      continue
    }
    const unit = line.unitPrice === undefined ? undefined : toMinor(Number(line.unitPrice), merchant.currency)
    const order = placeOrder(wish, merchant, sold, {
      at,
      by: 'buyer',
      cause: 'placed by hand',
      transactionId,
      reference: given.reference,
      quantity: line.quantity,
      isPaid: given.status !== 'unpaid',
      unitMinor: unit ?? sold.variation.amountMinor,
      unitShippingMinor: 0,
      buyerNumber,
      address,
      types: [...new Set(types)],
    })
    placed.orders.push({ number: order.id })
  }
  return placed
}

function readTruth(wish: Wish, merchant: Merchant, now: Date): ReturnType<SandboxControl['truth']> {
  const listings = [...merchant.products.values()].flatMap((product) =>
    product.variations.map((variation) => trueListing(merchant, product, variation)),
  )
  return {
    now: now.toISOString(),
    listings,
    orders: merchant.orders.map((order) => trueOrder(order)),
    confirmations: wish.confirmations
      .filter((one) => one.merchantId === merchant.id)
      .map(({ orderId, trackingNumber, provider, at, outcome }) => ({
        orderNumber: orderId,
        trackingNumber,
        provider,
        at: at.toISOString(),
        outcome,
      })),
  }
}

function trueListing(merchant: Merchant, product: Product, variation: Variation): TrueListing {
  return {
    id: product.id,
    variantId: variation.id,
    sku: variation.sku,
    title: product.content.name,
    quantity: quantityOf(variation),
    price: { minor: variation.amountMinor, currency: merchant.currency },
    isLive: isBuyable(product, variation),
    history: variation.history.map(({ at, ...change }) => ({ at: at.toISOString(), ...change })),
  }
}

function trueOrder(order: Order): TrueOrder {
  return {
    number: order.id,
    reference: order.reference ?? null,
    status: order.state,
    placedAt: order.placedAt.toISOString(),
    isPaid: order.state !== 'REQUIRE_REVIEW' && order.state !== 'DECLINED',
    isCanceled: order.state === 'DECLINED' || (order.state === 'REFUNDED' && !order.hasLeft),
    isShipped: order.hasLeft,
    total: { minor: orderTotal(order), currency: order.currency },
    lines: [{ lineId: order.id, sku: order.sku, quantity: order.quantity, unitPriceMinor: order.unitMinor }],
  }
}

function merchantOf(wish: Wish, merchantId: string): Merchant {
  const merchant = wish.merchants.get(merchantId)
  if (!merchant) throw new Error(`There is no merchant ${merchantId}.`)
  return merchant
}
