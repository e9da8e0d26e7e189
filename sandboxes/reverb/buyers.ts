// The people who buy. They come at random times with stories of their own, all drawn from one stream, so that the same
// seed and the same stock make the same month.
import { chance, hex, logUniform, pick, pickWeighted, wholeNumber } from '../kit/random.ts'
import { createVisits } from '../kit/visits.ts'
import { convert, money, times } from './money.ts'
import { dropOrder, orderTotal, payOrder, placeOrder, touch } from './orders.ts'
import { requestRefund } from './refunds.ts'
import { nextId } from './state.ts'
import type { Random } from '../kit/random.ts'
import type { Visits } from '../kit/visits.ts'
import type { NewOrder } from './orders.ts'
import type { Address, Buyer, Listing, Order, Reverb, ShippingMethod } from './state.ts'

/** Shares of orders (or of the story named) that are special. */
export const buyerMix = {
  bundle: 0.12,
  offer: 0.1,
  offerFallsThrough: 0.35,
  paymentPending: 0.05,
  pendingReview: 0.04,
  reviewBlocks: 0.3,
  cancelLater: 0.04,
  refundLater: 0.04,
  changesAddress: 0.03,
  localPickup: 0.03,
  expedited: 0.08,
  missingAddress: 0.02,
  missingQuantity: 0.05,
  missingEmail: 0.05,
  strayBlanks: 0.05,
  foreignCurrency: 0.02,
  presentmentCurrency: 0.08,
}
export type BuyerMix = typeof buyerMix

export type Buyers = Visits<Order[]>

export type BuyerOptions = {
  random: Random
  mix: BuyerMix
  /** Below 1 payments, cancellations and refunds follow sooner, for a demonstration. */
  delayFactor: number
}

const bundleMax = 4

export function createBuyers(reverb: Reverb, options: BuyerOptions): Buyers {
  return createVisits(reverb, options.random, (at) => visit(reverb, options, at))
}

function visit(reverb: Reverb, { random, mix, delayFactor }: BuyerOptions, at: Date): Order[] {
  const basket = chooseBasket(reverb, random, mix)
  if (basket.length === 0) return []
  const story = chooseStory(random, mix)
  const terms = chooseTerms(reverb, random, mix)
  const bundleId = basket.length > 1 ? String(nextId(reverb)) : undefined
  const orders = basket.map(({ listing, quantity }) =>
    placeOrder(
      reverb,
      listing,
      {
        ...terms.order,
        ...amountsOf(listing, quantity, { random, terms, isOffer: story === 'offer' }),
        quantity,
        showsQuantity: quantity > 1 || !chance(random, mix.missingQuantity),
        status: firstStatus[story],
        kind: story === 'offer' ? 'offer' : 'instant',
        bundleId,
      },
      { at, by: 'buyer', cause: story },
    ),
  )
  tellStory(reverb, orders, { story, random, mix, delayFactor, at })
  return orders
}

type Story = 'buys' | 'offer' | 'payment-pending' | 'pending-review'
const firstStatus = {
  buys: 'paid',
  offer: 'unpaid',
  'payment-pending': 'payment_pending',
  'pending-review': 'pending_review',
} as const

function chooseStory(random: Random, mix: BuyerMix): Story {
  const rest = Math.max(0, 1 - mix.offer - mix.paymentPending - mix.pendingReview)
  return pickWeighted(random, {
    buys: rest,
    offer: mix.offer,
    'payment-pending': mix.paymentPending,
    'pending-review': mix.pendingReview,
  })
}

function chooseBasket(reverb: Reverb, random: Random, mix: BuyerMix): { listing: Listing; quantity: number }[] {
  if (reverb.shop.onVacation) return []
  const onSale = [...reverb.listings.values()].filter((one) => one.state === 'live' && one.inventory > 0)
  const size = chance(random, mix.bundle) ? wholeNumber(random, 2, bundleMax) : 1
  const basket: { listing: Listing; quantity: number }[] = []
  while (basket.length < size && onSale.length > 0) {
    const [listing] = onSale.splice(Math.floor(random() * onSale.length), 1)
    if (!listing) break
    const wanted = Number(pickWeighted(random, { 1: 0.75, 2: 0.15, 3: 0.1 }))
    basket.push({ listing, quantity: Math.min(wanted, listing.inventory) })
  }
  return basket
}

type Terms = {
  order: Pick<NewOrder, 'buyer' | 'shippingMethod' | 'presentmentCurrency' | 'paymentMethod' | 'notes'> & {
    address?: Address
  }
  /** Set when the whole order is in another currency than the listing. */
  currency: Order['presentmentCurrency'] | undefined
}

function chooseTerms(reverb: Reverb, random: Random, mix: BuyerMix): Terms {
  const number = wholeNumber(random, 1, 9_999)
  const place = pick(random, places)
  const shippingMethod: ShippingMethod = chance(random, mix.localPickup)
    ? 'local'
    : chance(random, mix.expedited)
      ? 'expedited_shipping'
      : 'shipped'
  const hasAddress = shippingMethod !== 'local' && !chance(random, mix.missingAddress)
  const blanks = chance(random, mix.strayBlanks)
  const isForeign = chance(random, mix.foreignCurrency)
  const paysForeign = isForeign || chance(random, mix.presentmentCurrency)
  return {
    currency: isForeign ? place.currency : undefined,
    order: {
      buyer: buyerNumbered(number, chance(random, mix.missingEmail)),
      shippingMethod,
      presentmentCurrency: paysForeign ? place.currency : reverb.shop.currency,
      paymentMethod: pick(random, ['direct_checkout', 'direct_checkout', 'paypal']),
      notes: chance(random, 0.1) ? ['Please leave it with a neighbour if nobody answers.'] : [],
      ...(hasAddress ? { address: addressIn(reverb, random, { place, number, blanks }) } : {}),
    },
  }
}

function amountsOf(
  listing: Listing,
  quantity: number,
  { random, terms, isOffer }: { random: Random; terms: Terms; isOffer: boolean },
): Pick<NewOrder, 'unitPrice' | 'shippingPrice' | 'tax'> {
  const currency = terms.currency ?? listing.price.currency
  const full = convert(listing.price, currency)
  const unitPrice = isOffer ? times(full, wholeNumber(random, 85, 95) / 100) : full
  const postage = listing.shippingRates[0]?.rate ?? money(7.5, listing.price.currency)
  const isFree = terms.order.shippingMethod === 'local'
  const isTaxed = terms.order.address?.countryCode === 'US'
  return {
    unitPrice,
    shippingPrice: isFree ? money(0, currency) : convert(postage, currency),
    tax: times({ minor: unitPrice.minor * quantity, currency }, isTaxed ? 0.08 : 0),
  }
}

type Telling = { story: Story; random: Random; mix: BuyerMix; delayFactor: number; at: Date }

function tellStory(reverb: Reverb, orders: Order[], telling: Telling): void {
  const { story, random, mix } = telling
  // Drawn now, because what a buyer will do must not depend on what happens until then.
  const later = (minMinutes: number, maxMinutes: number, act: (order: Order, at: Date) => void) => {
    const delayMs = logUniform(random, minMinutes, maxMinutes) * 60_000 * telling.delayFactor
    const due = new Date(telling.at.getTime() + Math.round(delayMs))
    reverb.agenda.schedule(due, (at) => orders.forEach((order) => act(order, at)))
  }
  if (story === 'offer') {
    if (chance(random, mix.offerFallsThrough)) later(60, 48 * 60, dropFor(reverb, 'cancelled', 'offer not paid'))
    else later(2, 24 * 60, pay(reverb))
    return
  }
  if (story === 'payment-pending') return later(1, 60, pay(reverb))
  if (story === 'pending-review') {
    const isBlocked = chance(random, mix.reviewBlocks)
    return later(10, 12 * 60, isBlocked ? dropFor(reverb, 'blocked', 'review failed') : pay(reverb))
  }
  if (chance(random, mix.cancelLater)) later(1, 24 * 60, dropFor(reverb, 'cancelled', 'buyer changed their mind'))
  if (chance(random, mix.changesAddress)) later(2, 120, moveHouse(reverb, random))
  if (chance(random, mix.refundLater)) later(60, 10 * 24 * 60, askRefund(reverb, chance(random, 0.7) ? 1 : 0.25))
}

function pay(reverb: Reverb) {
  return (order: Order, at: Date) => void payOrder(reverb, order, { at, by: 'buyer', cause: 'paid' })
}

function dropFor(reverb: Reverb, status: 'cancelled' | 'blocked', cause: string) {
  const by = status === 'blocked' ? 'reverb' : 'buyer'
  return (order: Order, at: Date) => void dropOrder(reverb, order, status, { at, by, cause })
}

function askRefund(reverb: Reverb, share: number) {
  return (order: Order, at: Date) =>
    void requestRefund(reverb, order, { amount: times(orderTotal(order), share), reason: 'buyer_return', at })
}

function moveHouse(reverb: Reverb, random: Random) {
  const street = `${wholeNumber(random, 1, 400)} Second Street`
  return (order: Order, at: Date) => {
    if (!order.address || order.shipment) return
    order.address = { ...order.address, id: nextId(reverb), streetAddress: street }
    touch(reverb, order, at)
  }
}

export function buyerNumbered(number: number, withoutEmail = false): Buyer {
  const lastName = String(number).padStart(4, '0')
  const email = withoutEmail ? undefined : `buyer-${lastName}@example.test`
  return { id: 500_000 + number, firstName: 'Buyer', lastName, email }
}

const places = [
  { locality: 'Springfield', region: 'IL', postalCode: '62701', countryCode: 'US', currency: 'USD' },
  { locality: 'Riverton', region: 'OR', postalCode: '97423', countryCode: 'US', currency: 'USD' },
  { locality: 'Fairview', region: 'TX', postalCode: '75069', countryCode: 'US', currency: 'USD' },
  { locality: 'Lakeside', region: 'ON', postalCode: 'N0M 2G0', countryCode: 'CA', currency: 'CAD' },
  { locality: 'Ashford', region: 'Kent', postalCode: 'TN23 1PH', countryCode: 'GB', currency: 'GBP' },
  { locality: 'Neustadt', region: 'Hessen', postalCode: '35279', countryCode: 'DE', currency: 'EUR' },
  { locality: 'São Tomé', region: 'Algarve', postalCode: '8000-001', countryCode: 'PT', currency: 'EUR' },
] as const

export function addressIn(
  reverb: Reverb,
  random: Random,
  { place, number, blanks }: { place: (typeof places)[number]; number: number; blanks: boolean },
): Address {
  const name = `Buyer ${String(number).padStart(4, '0')}`
  return {
    id: nextId(reverb),
    name: blanks ? `  ${name} ` : name,
    streetAddress: `${wholeNumber(random, 1, 400)} Example Street${blanks ? '  ' : ''}`,
    extendedAddress: chance(random, 0.2) ? `Unit ${hex(random, 2).toUpperCase()}` : '',
    locality: blanks ? ` ${place.locality}` : place.locality,
    region: place.region,
    postalCode: place.postalCode,
    countryCode: place.countryCode,
    phone: `(555) 01${String(wholeNumber(random, 0, 99)).padStart(2, '0')}-${String(number).padStart(4, '0')}`,
  }
}

/** For orders placed by hand that name no address. */
export function someAddress(reverb: Reverb, number: number): Address {
  return addressIn(reverb, reverb.random, { place: places[number % places.length] ?? places[0], number, blanks: false })
}
