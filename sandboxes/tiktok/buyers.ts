// The people who buy. They come at random times with stories of their own, all drawn from one stream, so that the same
// seed and the same stock make the same month.
import { chance, logUniform, pick, pickWeighted, wholeNumber } from '../kit/random.ts'
import { createVisits } from '../kit/visits.ts'
import { cancelable, cancelNow, dropRequest, openReturn, requestCancel } from './cancellations.ts'
import { awaitTiktok } from './dispatch.ts'
import { takeUnits } from './order-desk.ts'
import { payOrder, placeOrder } from './orders.ts'
import { addressNumbered, buyerNumbered } from './people.ts'
import { availableOf, productsOf } from './products.ts'
import { buyerCancelReasons, deliveryOptions, returnReasons } from './reference.ts'
import { notify } from './news.ts'
import { later, unixSeconds, wholeSecond } from './state.ts'
import type { Random } from '../kit/random.ts'
import type { Visits } from '../kit/visits.ts'
import type { WantedUnit } from './orders.ts'
import type { Order, Tiktok } from './state.ts'

/** Shares of orders that are special. */
export const buyerMix = {
  basket: 0.15,
  paysLater: 0.08,
  neverPays: 0.03,
  cancelsOnHold: 0.04,
  asksToCancel: 0.05,
  takesItBack: 0.2,
  returns: 0.04,
  changesAddress: 0.03,
  express: 0.15,
  shippedByTiktok: 0.03,
  discounted: 0.15,
  writesMessage: 0.08,
}
export type BuyerMix = typeof buyerMix

export type Buyers = Visits<Order[]>

type Options = { random: Random; mix: BuyerMix }
const basketMax = 4
const looksMax = 40

export function createBuyers(tiktok: Tiktok, options: Options): Buyers {
  return createVisits(tiktok, options.random, (at) => visit(tiktok, options, at))
}

/** Only in the first shop, so that the books of one channel are enough for a comparison. */
function visit(tiktok: Tiktok, { random, mix }: Options, at: Date): Order[] {
  const [shop] = tiktok.shops
  if (!shop?.isOpen) return []
  const units = chooseUnits(tiktok, shop.id, { random, mix })
  if (units.length === 0) return []
  const number = wholeNumber(random, 1, 9_999)
  const isExpress = chance(random, mix.express)
  const isByTiktok = chance(random, mix.shippedByTiktok)
  const delivery = deliveryOptions[isByTiktok ? 3 : isExpress ? 1 : 0]
  if (!delivery) return []
  const message = chance(random, mix.writesMessage) ? 'Please leave it with a neighbour if nobody answers.' : ''
  const order = placeOrder(
    tiktok,
    {
      shopId: shop.id,
      currency: shop.currency,
      units,
      buyer: { ...buyerNumbered(number), message },
      address: addressNumbered(number),
      delivery,
      shippingMinor: delivery.priceMinor,
      shippingType: isByTiktok ? 'TIKTOK' : 'SELLER',
    },
    at,
  )
  awaitTiktok(tiktok, order, at)
  tellStory(tiktok, order, { random, mix, at })
  return [order]
}

function chooseUnits(tiktok: Tiktok, shopId: string, { random, mix }: Options): WantedUnit[] {
  const products = productsOf(tiktok, shopId)
  const size = chance(random, mix.basket) ? wholeNumber(random, 2, basketMax) : 1
  const factor = chance(random, mix.discounted) ? wholeNumber(random, 80, 95) / 100 : 1
  const units: WantedUnit[] = []
  // A few looks around the shop, because going through all of a large one for every buyer takes too long.
  for (let looks = 0, found = 0; looks < looksMax && found < size && products.length > 0; looks += 1) {
    const product = pick(random, products)
    const sku = pick(random, product.skus)
    if (product.status !== 'ACTIVATE' || availableOf(sku) <= 0 || units.some((unit) => unit.sku === sku)) continue
    const wanted = Number(pickWeighted(random, { 1: 0.75, 2: 0.15, 3: 0.1 }))
    const quantity = Math.min(wanted, availableOf(sku))
    const priceMinor = Math.max(1, Math.round(sku.priceMinor * factor))
    units.push(
      ...(takeUnits(tiktok, { product, sku }, { quantity, priceMinor, isForced: false, already: units }) ?? []),
    )
    found += 1
  }
  return units
}

type Telling = { random: Random; mix: BuyerMix; at: Date }

function tellStory(tiktok: Tiktok, order: Order, { random, mix, at }: Telling): void {
  // Drawn now, because what a buyer will do must not depend on what happens until then.
  const wait = (minMinutes: number, maxMinutes: number, act: (at: Date) => void) => {
    const delayMs = logUniform(random, minMinutes, maxMinutes) * 60_000 * tiktok.delayFactor
    tiktok.agenda.schedule(new Date(at.getTime() + Math.round(delayMs)), act)
  }
  const pay = (due: Date) => void payOrder(tiktok, order, { at: due, onHold: tiktok.choices.onHold !== 'never' })
  const reason = pick(random, Object.keys(buyerCancelReasons))
  if (chance(random, mix.neverPays)) {
    return wait(60, 24 * 60, (due) => {
      if (order.status !== 'UNPAID') return
      cancelNow(tiktok, { order, lines: order.lines, role: 'SYSTEM', reason: 'order_not_paid_in_time', at: due })
    })
  }
  if (chance(random, mix.paysLater)) wait(1, 180, pay)
  else pay(at)
  if (chance(random, mix.cancelsOnHold)) {
    return wait(2, 55, (due) => {
      if (order.status !== 'ON_HOLD') return
      cancelNow(tiktok, { order, lines: cancelable(tiktok, order), role: 'BUYER', reason, at: due })
    })
  }
  if (chance(random, mix.asksToCancel)) {
    const isTakenBack = chance(random, mix.takesItBack)
    return wait(70, 36 * 60, (due) => askToCancel(tiktok, order, { reason, isTakenBack, at: due }))
  }
  if (chance(random, mix.changesAddress)) wait(2, 50, (due) => moveHouse(tiktok, order, due))
  const returnReason = pick(random, Object.keys(returnReasons))
  if (chance(random, mix.returns)) wait(3 * 24 * 60, 9 * 24 * 60, (due) => sendBack(tiktok, order, returnReason, due))
}

function askToCancel(
  tiktok: Tiktok,
  order: Order,
  { reason, isTakenBack, at }: { reason: string; isTakenBack: boolean; at: Date },
): void {
  const lines = cancelable(tiktok, order)
  const isOpen = order.status === 'AWAITING_SHIPMENT' || order.status === 'PARTIALLY_SHIPPING'
  if (!isOpen || lines.length === 0 || order.cancelRequestedAt) return
  const one = requestCancel(tiktok, { order, lines, reason, at })
  if (!isTakenBack) return
  tiktok.agenda.schedule(later(tiktok, at, 3600), (due) => {
    if (one.status === 'PENDING') dropRequest(tiktok, one, due)
  })
}

export function moveHouse(tiktok: Tiktok, order: Order, at: Date): void {
  if (order.shippedAt || order.canceledAt) return
  order.address = { ...order.address, line1: `${order.address.line1}, Second Floor` }
  order.hasUpdatedAddress = true
  order.updatedAt = wholeSecond(at)
  notify(tiktok, 'RECIPIENT_ADDRESS_UPDATE', order.shopId, at, { order_id: order.id, update_time: unixSeconds(at) })
}

function sendBack(tiktok: Tiktok, order: Order, reason: string, at: Date): void {
  if (order.status !== 'DELIVERED') return
  openReturn(tiktok, order, { type: 'RETURN_AND_REFUND', reason, lines: order.lines.slice(0, 1), at })
}
