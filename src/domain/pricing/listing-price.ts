// What a listing should cost: the selling price of what it is made of, packs and kits added up (E4).
import type { Money } from '../money.ts'

export type PricedComponent = { quantity: number; priceIncVat: Money | null }

export type ListingPrice = {
  /** Null: nothing is sent. */
  price: Money | null
  because: { step: 'price' | 'no-price' | 'other-currency'; after: number | null }[]
}

/** Never converted and never 0: a price in another currency, or none at all, leaves the listing's price as it is. */
export function listingPrice(components: PricedComponent[], currency: string): ListingPrice {
  const prices = components.map(({ quantity, priceIncVat }) => (priceIncVat ? { ...priceIncVat, quantity } : null))
  if (prices.length === 0 || prices.includes(null)) return { price: null, because: [{ step: 'no-price', after: null }] }
  const known = prices.filter((price) => price !== null)
  if (known.some((price) => price.currency !== currency)) {
    return { price: null, because: [{ step: 'other-currency', after: null }] }
  }
  const minor = known.reduce((sum, price) => sum + price.minor * price.quantity, 0)
  return { price: minor > 0 ? { minor, currency } : null, because: [{ step: 'price', after: minor }] }
}
