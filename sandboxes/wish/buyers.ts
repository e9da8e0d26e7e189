// The people who buy. They come at random times with stories of their own, all drawn from one stream, so that the same
// seed and the same stock make the same month.
import { chance, logUniform, pick, pickWeighted, wholeNumber } from '../kit/random.ts'
import { createVisits } from '../kit/visits.ts'
import { toMinor } from './money.ts'
import { approveOrder, declineOrder, placeOrder, refundOrder, releaseAgain, tell, touchOrder } from './orders.ts'
import { isBuyable, newId, quantityOf } from './products.ts'
import { countries, unionCountries } from './reference.ts'
import type { Random } from '../kit/random.ts'
import type { Visits } from '../kit/visits.ts'
import type { Address, Merchant, Order, Product, Variation, Wish } from './state.ts'

/** Shares of orders (or of the story named) that are special. */
export const buyerMix = {
  basket: 0.12,
  review: 0.06,
  reviewDeclines: 0.25,
  cancelLater: 0.04,
  changesAddress: 0.02,
  refundAfterDelivery: 0.02,
  releasedAgain: 0.01,
  express: 0.08,
  strayBlanks: 0.05,
}
export type BuyerMix = typeof buyerMix

export type Buyers = Visits<Order[]>

export type BuyerOptions = { random: Random; mix: BuyerMix }

const basketMax = 4

export function createBuyers(wish: Wish, merchant: Merchant, options: BuyerOptions): Buyers {
  return createVisits(wish, options.random, (at) => visit(wish, current(wish, merchant), options, at))
}

/** After a restart the merchant is another object with the same id. */
function current(wish: Wish, merchant: Merchant): Merchant {
  return wish.merchants.get(merchant.id) ?? merchant
}

function visit(wish: Wish, merchant: Merchant, { random, mix }: BuyerOptions, at: Date): Order[] {
  const basket = chooseBasket(merchant, random, mix)
  if (basket.length === 0) return []
  const isReviewed = chance(random, mix.review)
  const number = wholeNumber(random, 1, 9_999)
  const address = addressIn({ place: pick(random, places), number, blanks: chance(random, mix.strayBlanks) })
  const isExpress = chance(random, mix.express)
  const transactionId = newId(wish, at)
  const orders = basket.map(({ product, variation, quantity }) =>
    placeOrder(
      wish,
      merchant,
      { product, variation },
      {
        at,
        by: 'buyer',
        cause: isReviewed ? 'bought, in review' : 'bought',
        transactionId,
        quantity,
        isPaid: !isReviewed,
        unitMinor: variation.amountMinor,
        unitShippingMinor: toMinor(1.5, merchant.currency),
        buyerNumber: number,
        address,
        types: typesFor(address, isExpress),
      },
    ),
  )
  tellStory(wish, merchant, orders, { random, mix, isReviewed, at })
  return orders
}

/** Some kinds follow from where the parcel goes. */
export function typesFor(address: Address, isExpress: boolean): string[] {
  const isTaxed = unionCountries.includes(address.country_code) || address.country_code === 'GB'
  return [...(isExpress ? ['WISH_EXPRESS'] : []), ...(isTaxed ? ['VAT'] : [])]
}

function chooseBasket(merchant: Merchant, random: Random, mix: BuyerMix) {
  const onSale: { product: Product; variation: Variation }[] = []
  for (const product of merchant.products.values()) {
    for (const variation of product.variations) {
      if (isBuyable(product, variation) && quantityOf(variation) > 0) onSale.push({ product, variation })
    }
  }
  const size = chance(random, mix.basket) ? wholeNumber(random, 2, basketMax) : 1
  const basket: { product: Product; variation: Variation; quantity: number }[] = []
  while (basket.length < size && onSale.length > 0) {
    const [sold] = onSale.splice(Math.floor(random() * onSale.length), 1)
    if (!sold) break
    const wanted = Number(pickWeighted(random, { 1: 0.75, 2: 0.15, 3: 0.1 }))
    // One order leaves from one warehouse.
    const most = Math.max(...Object.values(sold.variation.inventories))
    basket.push({ ...sold, quantity: Math.min(wanted, most) })
  }
  return basket
}

type Story = { random: Random; mix: BuyerMix; isReviewed: boolean; at: Date }

function tellStory(wish: Wish, merchant: Merchant, orders: Order[], { random, mix, isReviewed, at }: Story): void {
  // Drawn now, because what a buyer will do must not depend on what happens until then.
  const later = (minMinutes: number, maxMinutes: number, act: (order: Order, at: Date) => void) => {
    const delayMs = logUniform(random, minMinutes, maxMinutes) * 60_000 * wish.delayFactor
    const due = new Date(at.getTime() + Math.round(delayMs))
    wish.agenda.schedule(due, (now) => orders.forEach((order) => act(order, now)))
  }
  const day = 24 * 60
  if (isReviewed) {
    const isDeclined = chance(random, mix.reviewDeclines)
    return later(10, day, (order, now) => {
      if (isDeclined) declineOrder(wish, merchant, order, { at: now, by: 'sandbox', cause: 'payment failed' })
      else approveOrder(wish, order, { at: now, by: 'sandbox', cause: 'review passed' })
    })
  }
  const refund = (reason: string) => (order: Order, now: Date) =>
    void refundOrder(wish, merchant, order, {
      reason,
      note: undefined,
      source: 'CUSTOMER',
      at: now,
      by: 'buyer',
      cause: 'refunded to the buyer',
    })
  if (chance(random, mix.cancelLater)) {
    const giveUp = refund('ITEM_DID_NOT_MEET_EXPECTATIONS')
    later(1, day, (order, now) => order.state === 'APPROVED' && giveUp(order, now))
  }
  if (chance(random, mix.changesAddress)) later(2, 120, moveHouse(wish, wholeNumber(random, 1, 400)))
  if (chance(random, mix.refundAfterDelivery)) later(5 * day, 20 * day, refund('ITEM_IS_DAMAGED'))
  if (chance(random, mix.releasedAgain)) {
    later(2 * day, 6 * day, (order, now) => {
      if (order.state !== 'SHIPPED') return
      releaseAgain(wish, merchant, order, { at: now, by: 'sandbox', cause: 'the parcel never moved' })
    })
  }
}

function moveHouse(wish: Wish, number: number) {
  return (order: Order, at: Date) => {
    if (order.state !== 'APPROVED' || order.processing) return
    order.address = { ...order.address, street_address1: `${number} Second Street` }
    touchOrder(order, at)
    tell(wish, order, 'ORDER_ADDRESS_CHANGE')
  }
}

const places = [
  { city: 'Ashford', state: 'Kent', zipcode: 'TN23 1PH', country_code: 'GB' },
  { city: 'Bristol', state: 'Bristol', zipcode: 'BS1 4DJ', country_code: 'GB' },
  { city: 'Neustadt', state: 'Hessen', zipcode: '35279', country_code: 'DE' },
  { city: 'São Tomé', state: 'Algarve', zipcode: '8000-001', country_code: 'PT' },
  { city: 'Springfield', state: 'Illinois', zipcode: '62701', country_code: 'US' },
  { city: 'Lakeside', state: 'Ontario', zipcode: 'N0M 2G0', country_code: 'CA' },
  { city: 'Nordvik', state: 'Vestland', zipcode: '5003', country_code: 'NO' },
  { city: 'Vila Nova', state: 'Bahia', zipcode: '40010-000', country_code: 'BR' },
]

export function addressIn(given: { place: (typeof places)[number]; number: number; blanks?: boolean }): Address {
  const { place, number, blanks = false } = given
  const digits = String(number).padStart(4, '0')
  const name = `Buyer ${digits}`
  const country = countries[place.country_code]
  return {
    name: blanks ? `  ${name} ` : name,
    street_address1: `${(number % 400) + 1} Example Street${blanks ? '  ' : ''}`,
    street_address2: number % 5 === 0 ? `Flat ${(number % 30) + 1}` : '',
    street_address3: '',
    city: place.city,
    state: place.state,
    zipcode: place.zipcode,
    country: country?.name ?? place.country_code,
    country_code: place.country_code,
    phone_number: { number: `7700 90${digits}`, country_code: country?.phone ?? '' },
  }
}

/** For orders placed by hand. */
export function someAddress(number: number, countryCode: string | undefined): Address {
  const place = places.find((one) => one.country_code === countryCode) ??
    (countryCode === undefined ? places[number % places.length] : undefined) ?? {
      city: 'Anytown',
      state: 'Region',
      zipcode: '10000',
      country_code: countryCode ?? 'GB',
    }
  return addressIn({ place, number })
}
