// The people who buy. They come at random times with stories of their own, all drawn from one stream, so that the same
// seed and the same stock make the same month.
import { chance, logUniform, pick, pickWeighted, wholeNumber } from '../kit/random.ts'
import { createVisits } from '../kit/visits.ts'
import { homeListings } from './catalogue.ts'
import { isBuyable } from './listings.ts'
import { addressOf, buyerNumbered, cancelOrder, payOrder, placeOrder, requestCancel } from './orders.ts'
import { marketplaceOf } from './reference.ts'
import { after } from './state.ts'
import type { Random } from '../kit/random.ts'
import type { Visits } from '../kit/visits.ts'
import type { ServiceLevel } from './reference.ts'
import type { Amazon, Listing, Order } from './state.ts'

/** Shares of orders that are special. */
export const buyerMix = {
  severalLines: 0.15,
  pending: 0.12,
  pendingFalls: 0.15,
  cancelRequest: 0.04,
  cancelLater: 0.02,
  expedited: 0.12,
  prime: 0.05,
  abroad: 0.03,
}
export type BuyerMix = typeof buyerMix

export type Buyers = Visits<Order[]>

export type BuyerOptions = { random: Random; mix: BuyerMix }

const linesMax = 4

export function createBuyers(amazon: Amazon, options: BuyerOptions): Buyers {
  return createVisits(amazon, options.random, (at) => visit(amazon, options, at.getTime()))
}

function visit(amazon: Amazon, { random, mix }: BuyerOptions, at: number): Order[] {
  const lines = chooseBasket(amazon, random, mix)
  if (lines.length === 0) return []
  const { sellerId, marketplaceId } = amazon.home
  const number = wholeNumber(random, 1, 9_999)
  const isPending = chance(random, mix.pending)
  const service: ServiceLevel = chance(random, mix.expedited)
    ? pick(random, ['EXPEDITED', 'NEXT_DAY', 'SECOND_DAY'])
    : 'STANDARD'
  const isAbroad = chance(random, mix.abroad)
  const country = marketplaceOf(marketplaceId)?.countryCode ?? 'GB'
  const order = placeOrder(
    amazon,
    {
      sellerId,
      marketplaceId,
      lines,
      isPaid: !isPending,
      service,
      programs: chance(random, mix.prime) ? ['PRIME'] : [],
      buyer: buyerNumbered(number, marketplaceId),
      address: addressOf(amazon, number, isAbroad ? 'DE' : country),
      iossNumber: isAbroad && country === 'GB' ? 'IM4420001201' : undefined,
    },
    at,
  )
  tellStory(amazon, order, { random, mix, isPending, at })
  return [order]
}

function chooseBasket(amazon: Amazon, random: Random, mix: BuyerMix): { listing: Listing; quantity: number }[] {
  const onSale = homeListings(amazon).filter(isBuyable)
  const size = chance(random, mix.severalLines) ? wholeNumber(random, 2, linesMax) : 1
  const basket: { listing: Listing; quantity: number }[] = []
  while (basket.length < size && onSale.length > 0) {
    const [listing] = onSale.splice(Math.floor(random() * onSale.length), 1)
    if (!listing) break
    const wanted = Number(pickWeighted(random, { 1: 0.75, 2: 0.15, 3: 0.1 }))
    basket.push({ listing, quantity: Math.min(wanted, listing.stock.quantity) })
  }
  return basket
}

type Telling = { random: Random; mix: BuyerMix; isPending: boolean; at: number }

function tellStory(amazon: Amazon, order: Order, { random, mix, isPending, at }: Telling): void {
  // Drawn now, because what a buyer will do must not depend on what happens until then.
  const later = (minMinutes: number, maxMinutes: number, act: (time: number) => void) => {
    const due = after(amazon, at, logUniform(random, minMinutes, maxMinutes) * 60)
    amazon.agenda.schedule(due, (time) => act(time.getTime()))
  }
  if (isPending) {
    const falls = chance(random, mix.pendingFalls)
    return later(
      2,
      120,
      (time) =>
        void (falls
          ? cancelOrder(amazon, order, { by: 'AMAZON', reason: 'PaymentDeclined', at: time })
          : payOrder(amazon, order, time)),
    )
  }
  if (chance(random, mix.cancelRequest))
    later(5, 600, (time) => void requestCancel(amazon, order, 'Ordered by mistake', time))
  if (chance(random, mix.cancelLater)) {
    later(1, 600, (time) => void cancelOrder(amazon, order, { by: 'BUYER', reason: 'BuyerCanceled', at: time }))
  }
}
