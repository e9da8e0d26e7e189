// What a test, a demonstration or a person at the console may do and see. Everything here is also reachable over HTTP.
import { createHash } from 'node:crypto'
import { cancelNow, openReturn, requestCancel, cancelable } from './cancellations.ts'
import { addCatalogueLine } from './catalogue.ts'
import { restore, revoke } from './grants.ts'
import { minorOf } from './money.ts'
import { findOffer, placeByHand } from './order-desk.ts'
import { orderTotals } from './order-json.ts'
import { isShipped, liveLines, payOrder, releaseOrder } from './orders.ts'
import { moveHouse } from './buyers.ts'
import { availableOf, productsOf } from './products.ts'
import type { GivenListing, MadeListing, Refused, SandboxControl, TrueListing, TrueOrder } from '../kit/control.ts'
import type { Buyers } from './buyers.ts'
import type { Scope } from './reference.ts'
import type { App, Order, Product, Shop, Tiktok } from './state.ts'

export type TiktokControl = SandboxControl & {
  /** The settings of our app at the marketplace, such as where consent leads back to. */
  setApp(changes: Partial<Pick<App, 'redirectUri' | 'webhookUrl' | 'isIpAllowed' | 'name'>>): App
  /** Access tokens of the introduced account end now; its refresh tokens live on. */
  expireTokens(): void
  setScope(scope: Scope, isGranted: boolean): void
  /** A promotion locks the price of a SKU, and its stock downwards. */
  setPromotion(sku: string, isOn: boolean): Refused
  setWarehouse(id: string, status: Shop['warehouses'][number]['status']): Refused
  closeShop(shopId: string, isOpen: boolean): Refused
  /** The buyer's free hour is over. */
  releaseOrder(number: string): Refused
  askToCancel(number: string): Refused
  askToReturn(number: string): Refused
  changeAddress(number: string): Refused
  /** FREEZE, PLATFORM_DEACTIVATED and so on, as the marketplace does it. */
  setProductStatus(id: string, status: Product['status']): Refused
}

export type ControlParts = { buyers: Buyers; now: () => Date; advance: () => void }

/** More than this in one second, and they are spread over the past: no search gives more than 10,000 of a second. */
const sameSecondMax = 500
const perSecond = 4

export function createControl(tiktok: Tiktok, parts: ControlParts): TiktokControl {
  const { buyers, now, advance } = parts
  const truth = () => {
    advance()
    return readTruth(tiktok, now())
  }
  return {
    ...orderControl(tiktok, parts),
    ...shopControl(tiktok, now),
    addListings: createListingDesk(tiktok, now),
    placeOrders(orders) {
      advance()
      return orders.map((order) => placeByHand(tiktok, order, now()))
    },
    buyNow() {
      advance()
      return buyers.buyOnce(now()).map((order) => order.id)
    },
    setOrdersPerMinute: (pace) => buyers.setPace(pace, now()),
    ordersPerMinute: () => buyers.pace(),
    setFaults: (rates) => tiktok.faults.set(rates),
    armFault: (name, options) => tiktok.faults.arm(name, options),
    faults: () => ({ rates: tiktok.faults.rates(), struck: tiktok.faults.struck() }),
    setLimit: (limit) => tiktok.meter.setLimit(limit),
    setOurAddress({ redirectUri, webhookUrl = tiktok.app.webhookUrl }) {
      Object.assign(tiktok.app, { redirectUri, webhookUrl })
    },
    noDelays: () => void (tiktok.choices.reviewSeconds = 0),
    meter: () => tiktok.meter.read(),
    requests: () => tiktok.log.lines(),
    truth,
    truthHash: () => createHash('sha256').update(JSON.stringify(truth())).digest('hex'),
  }
}

/** Into the first shop. */
function createListingDesk(tiktok: Tiktok, now: () => Date): (lines: GivenListing[]) => MadeListing[] {
  const states = { live: 'ACTIVATE', draft: 'DRAFT', ended: 'SELLER_DEACTIVATED' } as const
  const second = { start: 0, count: 0 }
  const nextTime = () => {
    const at = now()
    const start = Math.floor(at.getTime() / 1000)
    if (start !== second.start) Object.assign(second, { start, count: 0 })
    second.count += 1
    const extra = second.count - sameSecondMax
    return extra > 0 ? new Date(at.getTime() - Math.ceil(extra / perSecond) * 1000) : at
  }
  return (lines) =>
    lines.flatMap((line) => {
      const [shop] = tiktok.shops
      if (!shop) return []
      const sku = {
        sku: line.sku,
        priceMinor: minorOf(line.price) ?? 0,
        stock: line.inventory,
        ...(line.barcode === undefined ? {} : { barcode: line.barcode }),
      }
      const given = { title: line.title, skus: [sku], status: states[line.state ?? 'live'] }
      const product = addCatalogueLine(tiktok, shop, given, nextTime())
      return { id: product.id, variantId: product.skus[0]?.id ?? null, sku: line.sku }
    })
}

function orderControl(tiktok: Tiktok, { now, advance }: ControlParts) {
  const withOrder = (number: string, act: (order: Order) => Refused): Refused => {
    advance()
    const order = tiktok.orders.get(number)
    return order ? act(order) : { refusal: `there is no order ${number}` }
  }
  const reason = 'ecom_order_to_ship_canceled_reason_no_longer_needed'
  return {
    payOrder: (number: string) =>
      withOrder(number, (order) => payOrder(tiktok, order, { at: now(), onHold: tiktok.choices.onHold === 'always' })),
    cancelOrder: (number: string) =>
      withOrder(number, (order) => {
        const isOpen = ['UNPAID', 'ON_HOLD', 'AWAITING_SHIPMENT', 'PARTIALLY_SHIPPING', 'AWAITING_COLLECTION']
        if (!isOpen.includes(order.status)) return { refusal: `an order that is ${order.status} cannot be cancelled` }
        cancelNow(tiktok, { order, lines: liveLines(order), role: 'BUYER', reason, at: now() })
        return undefined
      }),
    releaseOrder: (number: string) =>
      withOrder(number, (order) => {
        if (order.status !== 'ON_HOLD') return { refusal: `the order is ${order.status}` }
        releaseOrder(tiktok, order, now())
        return undefined
      }),
    askToCancel: (number: string) =>
      withOrder(number, (order) => {
        const lines = cancelable(tiktok, order)
        const isOpen = order.status === 'AWAITING_SHIPMENT' || order.status === 'PARTIALLY_SHIPPING'
        if (!isOpen || lines.length === 0) return { refusal: `the order is ${order.status}` }
        requestCancel(tiktok, { order, lines, reason, at: now() })
        return undefined
      }),
    askToReturn: (number: string) =>
      withOrder(number, (order) => {
        const returned = 'ecom_order_delivered_refund_and_return_reason_defective'
        openReturn(tiktok, order, { type: 'RETURN_AND_REFUND', reason: returned, lines: liveLines(order), at: now() })
        return undefined
      }),
    changeAddress: (number: string) =>
      withOrder(number, (order) => {
        moveHouse(tiktok, order, now())
        return undefined
      }),
  }
}

function shopControl(tiktok: Tiktok, now: () => Date) {
  const sellerId = () => tiktok.sellers[0]?.id ?? ''
  const ownGrants = () => [...tiktok.grants.values()].filter((one) => one.sellerId === sellerId())
  return {
    setApp: (changes: Partial<App>) => Object.assign(tiktok.app, changes),
    revokeAccount: () => revoke(tiktok, sellerId(), now()),
    restoreAccount: () => restore(tiktok, sellerId()),
    expireTokens() {
      const ids = new Set(ownGrants().map((one) => one.id))
      for (const token of tiktok.accessTokens.values()) if (ids.has(token.grantId)) token.isDead = true
    },
    setScope(scope: Scope, isGranted: boolean) {
      for (const grant of ownGrants()) {
        if (isGranted) grant.scopes.add(scope)
        else grant.scopes.delete(scope)
      }
    },
    setPromotion(sellerSku: string, isOn: boolean): Refused {
      const offer = findOffer(tiktok, sellerSku, true)
      if (!offer) return { refusal: `there is no SKU ${sellerSku}` }
      offer.sku.isInPromotion = isOn
      return undefined
    },
    setWarehouse(id: string, status: Shop['warehouses'][number]['status']): Refused {
      const warehouse = tiktok.shops.flatMap((shop) => shop.warehouses).find((one) => one.id === id)
      if (!warehouse) return { refusal: `there is no warehouse ${id}` }
      warehouse.status = status
      return undefined
    },
    closeShop(shopId: string, isOpen: boolean): Refused {
      const shop = tiktok.shops.find((one) => one.id === shopId)
      if (!shop) return { refusal: `there is no shop ${shopId}` }
      shop.isOpen = isOpen
      return undefined
    },
    setProductStatus(id: string, status: Product['status']): Refused {
      const product = tiktok.products.get(id)
      if (!product) return { refusal: `there is no product ${id}` }
      product.status = status
      product.updatedAt = now()
      return undefined
    },
  }
}

/** Of the introduced seller's shops. */
function readTruth(tiktok: Tiktok, now: Date) {
  const own = tiktok.shops.filter((one) => one.sellerId === tiktok.sellers[0]?.id)
  const ids = new Set(own.map((one) => one.id))
  return {
    now: now.toISOString(),
    listings: own.flatMap((shop) => productsOf(tiktok, shop.id).flatMap((one) => trueListings(one, shop))),
    orders: [...tiktok.orders.values()].filter((one) => ids.has(one.shopId)).map((one) => trueOrder(tiktok, one)),
    confirmations: [...tiktok.confirmations],
  }
}

function trueListings(product: Product, shop: Shop): TrueListing[] {
  return product.skus.map((sku) => ({
    id: product.id,
    variantId: sku.id,
    sku: sku.sellerSku,
    title: product.content.title,
    quantity: availableOf(sku),
    price: { minor: sku.priceMinor, currency: shop.currency },
    isLive: product.status === 'ACTIVATE',
    history: sku.history,
  }))
}

function trueOrder(tiktok: Tiktok, order: Order): TrueOrder {
  const live = liveLines(order)
  return {
    number: order.id,
    reference: order.reference ?? null,
    status: order.status,
    placedAt: order.createdAt.toISOString(),
    isPaid: order.paidAt !== undefined,
    isCanceled: order.status === 'CANCELLED',
    isShipped: live.length > 0 && live.every((line) => isShipped(tiktok, line)),
    total: { minor: orderTotals(order).total, currency: order.currency },
    lines: order.lines.map((line) => ({
      lineId: line.id,
      sku: line.sellerSku,
      quantity: 1,
      unitPriceMinor: line.priceMinor,
    })),
  }
}
