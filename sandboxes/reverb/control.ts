// What a test, a demonstration or a person at the console may do and see. Everything here is also reachable over HTTP.
import { createHash } from 'node:crypto'
import { times } from './money.ts'
import { dropOrder, orderTotal, payOrder, touch } from './orders.ts'
import { addCatalogueLine } from './catalogue.ts'
import { createOrderDesk } from './order-desk.ts'
import { refundBySeller, requestRefund } from './refunds.ts'
import { hex } from '../kit/random.ts'
import { scopes } from './reference.ts'
import { someAddress } from './buyers.ts'
import { readTruth } from './truth.ts'
import type { Refused, SandboxControl } from '../kit/control.ts'
import type { Buyers } from './buyers.ts'
import type { CatalogueLine } from './catalogue.ts'
import type { HandOrder, PlacedOrder } from './order-desk.ts'
import type { Scope } from './reference.ts'
import type { Listing, Money, Order, Refund, Reverb, ShipmentConfirmation, Shop, Webhook } from './state.ts'

/** All that is known, in live objects: read them, do not change them. */
export type ReverbBooks = {
  now: Date
  shop: Readonly<Shop>
  listings: readonly Readonly<Listing>[]
  /** Oldest first. */
  orders: readonly (Readonly<Order> & { total: Money })[]
  /** Every call of ship, also the repeated and the refused. */
  confirmations: readonly Readonly<ShipmentConfirmation>[]
  refunds: readonly Readonly<Refund>[]
  webhooks: readonly Readonly<Webhook>[]
}

type MadeHere = { id: string; variantId: null; slug: string; sku: string }

/** The words all sandboxes share, some of them with more to say, and Reverb's own. */
export type ReverbControl = Omit<SandboxControl, 'addListings' | 'placeOrders'> & {
  addListings(lines: CatalogueLine[]): MadeHere[]
  placeOrders(orders: HandOrder[]): PlacedOrder[]
  blockOrder(number: string): Refused
  /** Money back at once, in full or a share of it. */
  refundOrder(number: string, share?: number): Refused
  /** The buyer asks; without an answer it is approved after two days. */
  requestRefund(number: string, share?: number): Refused
  changeAddress(number: string): Refused
  addToken(granted?: readonly Scope[]): string
  /** Without a token: the account's own. */
  revokeToken(token?: string): Refused
  restoreToken(token?: string): Refused
  removeScope(scope: Scope, token?: string): Refused
  tokens(): { token: string; scopes: Scope[]; isRevoked: boolean }[]
  setShop(changes: Partial<Pick<Shop, 'verified' | 'onVacation' | 'currency'>>): void
  books(): ReverbBooks
}

export type ControlParts = { buyers: Buyers; token: string; now: () => Date; advance: () => void }

export function createControl(reverb: Reverb, parts: ControlParts): ReverbControl {
  const { now, advance, buyers } = parts
  const books = () => {
    advance()
    return readBooks(reverb, now())
  }
  return {
    ...orderControl(reverb, parts),
    ...tokenControl(reverb, parts),
    addListings: (lines) =>
      lines.map((line) => {
        const { id, slug, sku = '' } = addCatalogueLine(reverb, line, now())
        return { id: String(id), variantId: null, slug, sku }
      }),
    setFaults: (rates) => reverb.faults.set(rates),
    armFault: (name, options) => reverb.faults.arm(name, options),
    faults: () => ({ rates: reverb.faults.rates(), struck: reverb.faults.struck() }),
    setOrdersPerMinute: (pace) => buyers.setPace(pace, now()),
    ordersPerMinute: () => buyers.pace(),
    setLimit: (limit) => reverb.meter.setLimit(limit),
    // There are no applications: a webhook is made by a call.
    setOurAddress: () => undefined,
    noDelays: () => void (reverb.choices.photoDelaySeconds = 0),
    setShop: (changes) => void Object.assign(reverb.shop, changes),
    books,
    truth() {
      advance()
      return readTruth(reverb, now())
    },
    truthHash: () => createHash('sha256').update(JSON.stringify(books())).digest('hex'),
    meter: () => reverb.meter.read(),
    requests: () => reverb.requests.lines(),
  }
}

function orderControl(reverb: Reverb, { buyers, now, advance }: ControlParts) {
  const cause = (text: string) => ({ at: now(), by: 'sandbox' as const, cause: text })
  const withOrder = (number: string, act: (order: Order) => { refusal: string } | object | void): Refused => {
    advance()
    const order = reverb.ordersByNumber.get(number)
    if (!order) return { refusal: `there is no order ${number}` }
    const result = act(order)
    return result && 'refusal' in result ? { refusal: result.refusal } : undefined
  }
  const refund = (order: Order, share: number) => ({
    amount: times(orderTotal(order), share),
    reason: 'buyer_return',
    at: now(),
  })
  return {
    placeOrders: createOrderDesk(reverb, now),
    payOrder: (number: string) => withOrder(number, (order) => payOrder(reverb, order, cause('paid by hand'))),
    cancelOrder: (number: string) =>
      withOrder(number, (order) => dropOrder(reverb, order, 'cancelled', cause('cancelled by hand'))),
    blockOrder: (number: string) =>
      withOrder(number, (order) => dropOrder(reverb, order, 'blocked', cause('blocked by hand'))),
    refundOrder: (number: string, share = 1) =>
      withOrder(number, (order) => refundBySeller(reverb, order, refund(order, share))),
    requestRefund: (number: string, share = 1) =>
      withOrder(number, (order) => requestRefund(reverb, order, refund(order, share))),
    changeAddress: (number: string) =>
      withOrder(number, (order) => {
        order.address = someAddress(reverb, order.buyer.id + reverb.lastIds.other)
        touch(reverb, order, now())
      }),
    buyNow: () => {
      advance()
      return buyers.buyOnce(now()).map((order) => order.number)
    },
  }
}

function tokenControl(reverb: Reverb, { token: own, now }: ControlParts) {
  const withToken = (
    token: string,
    act: (found: { scopes: Set<Scope>; revokedAt: Date | undefined }) => void,
  ): Refused => {
    const found = reverb.tokens.get(token)
    if (!found) return { refusal: 'there is no such token' }
    act(found)
    return undefined
  }
  return {
    addToken(granted: readonly Scope[] = scopes) {
      const token = hex(reverb.random, 64)
      reverb.tokens.set(token, { token, scopes: new Set(granted), revokedAt: undefined })
      return token
    },
    revokeToken: (token = own) => withToken(token, (found) => (found.revokedAt = now())),
    revokeAccount() {
      for (const found of reverb.tokens.values()) found.revokedAt = now()
    },
    restoreAccount() {
      for (const found of reverb.tokens.values()) found.revokedAt = undefined
    },
    restoreToken: (token = own) => withToken(token, (found) => (found.revokedAt = undefined)),
    removeScope: (scope: Scope, token = own) => withToken(token, (found) => found.scopes.delete(scope)),
    tokens: () =>
      [...reverb.tokens.values()].map((one) => ({
        token: one.token,
        scopes: [...one.scopes],
        isRevoked: one.revokedAt !== undefined,
      })),
  }
}

function readBooks(reverb: Reverb, now: Date): ReverbBooks {
  return {
    now,
    shop: reverb.shop,
    listings: [...reverb.listings.values()],
    orders: reverb.orders.map((order) => ({ ...order, total: orderTotal(order) })),
    confirmations: reverb.confirmations,
    refunds: reverb.refunds,
    webhooks: reverb.webhooks,
  }
}
