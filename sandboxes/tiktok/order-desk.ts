// Baskets become orders: which units of which warehouse, at which price; by hand or by a seeded buyer.
import { awaitTiktok } from './dispatch.ts'
import { minorOf } from './money.ts'
import { payOrder, placeOrder } from './orders.ts'
import { productsOf } from './products.ts'
import { addressNumbered, buyerNumbered } from './people.ts'
import { deliveryOptionNamed, deliveryOptions } from './reference.ts'
import { salesWarehouses, shopOf } from './state.ts'
import type { GivenOrder, PlacedOrder } from '../kit/control.ts'
import type { WantedUnit } from './orders.ts'
import type { Order, Product, Sku, Tiktok } from './state.ts'

/** All lines of one shop are one order; a basket over two shops is two. */
export function placeByHand(tiktok: Tiktok, given: GivenOrder, at: Date): PlacedOrder {
  const refused: PlacedOrder['refused'] = []
  const unitsOf = new Map<string, WantedUnit[]>()
  for (const line of given.lines) {
    const offer = findOffer(tiktok, line.sku, given.force === true)
    const reason = offer ? undefined : 'unknown-or-not-for-sale'
    if (!offer || reason !== undefined) {
      refused.push({ sku: line.sku, reason: reason ?? '' })
      continue
    }
    const units = unitsOf.get(offer.product.shopId) ?? []
    const priceMinor = line.unitPrice === undefined ? undefined : minorOf(line.unitPrice)
    const taken = takeUnits(tiktok, offer, {
      quantity: line.quantity,
      priceMinor: priceMinor ?? offer.sku.priceMinor,
      isForced: given.force === true,
      already: units,
    })
    if (!taken) refused.push({ sku: line.sku, reason: 'not-enough-stock' })
    else unitsOf.set(offer.product.shopId, [...units, ...taken])
  }
  const orders = [...unitsOf].map(([shopId, units]) => makeOrder(tiktok, { given, shopId, units, at }))
  return { orders: orders.map((order) => ({ number: order.id })), refused }
}

type Offer = { product: Product; sku: Sku }

/** A SKU on several products means the first that is for sale; by force, any. */
export function findOffer(tiktok: Tiktok, sellerSku: string, isForced: boolean): Offer | undefined {
  let any: Offer | undefined
  for (const shop of tiktok.shops) {
    for (const product of productsOf(tiktok, shop.id)) {
      const sku = product.skus.find((one) => one.sellerSku === sellerSku)
      if (!sku) continue
      if (product.status === 'ACTIVATE') return { product, sku }
      any ??= { product, sku }
    }
  }
  return isForced ? any : undefined
}

type Wanted = { quantity: number; priceMinor: number; isForced: boolean; already: readonly WantedUnit[] }

/** Unit by unit, from the default warehouse first; undefined: there is not enough. */
export function takeUnits(tiktok: Tiktok, { product, sku }: Offer, wanted: Wanted): WantedUnit[] | undefined {
  const warehouses = salesWarehouses(shopOf(tiktok, product.shopId)).filter(
    (one) => Object.hasOwn(sku.stock, one.id) && one.status === 'ENABLED',
  )
  const left = new Map(warehouses.map((one) => [one.id, sku.stock[one.id] ?? 0]))
  for (const unit of wanted.already) {
    if (unit.sku === sku) left.set(unit.warehouseId, (left.get(unit.warehouseId) ?? 0) - 1)
  }
  const units: WantedUnit[] = []
  for (let count = 0; count < wanted.quantity; count += 1) {
    const from =
      [...left].find(([, quantity]) => quantity > 0)?.[0] ?? (wanted.isForced ? [...left.keys()][0] : undefined)
    if (from === undefined) return undefined
    left.set(from, (left.get(from) ?? 0) - 1)
    units.push({ product, sku, warehouseId: from, priceMinor: wanted.priceMinor })
  }
  return units
}

type HandOrder = { given: GivenOrder; shopId: string; units: WantedUnit[]; at: Date }

function makeOrder(tiktok: Tiktok, { given, shopId, units, at }: HandOrder): Order {
  const number = given.buyerNumber ?? (tiktok.lastId % 9000) + 1
  const delivery = given.shippingService === undefined ? deliveryOptions[0] : deliveryOptionNamed(given.shippingService)
  if (!delivery) throw new Error('There is no delivery option.')
  const order = placeOrder(
    tiktok,
    {
      shopId,
      currency: shopOf(tiktok, shopId).currency,
      units,
      buyer: buyerNumbered(number),
      address: addressNumbered(number, given.countryCode),
      delivery,
      shippingMinor: delivery.priceMinor,
      shippingType: delivery.isByTiktok ? 'TIKTOK' : 'SELLER',
      reference: given.reference,
    },
    at,
  )
  awaitTiktok(tiktok, order, at)
  if (given.status !== 'unpaid') payOrder(tiktok, order, { at, onHold: tiktok.choices.onHold === 'always' })
  return order
}
