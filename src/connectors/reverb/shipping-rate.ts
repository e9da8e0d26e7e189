// A listing's own shipping price: one rate for one region, in place of a shipping profile of the shop.
import { highestShipping } from '../../domain/listings/known-of-variant.ts'
import { moneyText, parseMoney } from '../../domain/money.ts'
import type { Money } from '../../domain/money.ts'
import type { KnownOfVariant, ListingDraft, ListingFault } from '../connector.ts'
import { asText } from '../reading.ts'

export const rateKey = 'shipping_rate'
export const regionKey = 'shipping_region_code'
export const profileKey = 'shipping_profile_id'

/** Where a price in this currency is meant for, as long as nobody says another region. */
const homeRegions: Record<string, string> = {
  GBP: 'GB',
  USD: 'US_CON',
  EUR: 'EUR_EU',
  CAD: 'CA',
  AUD: 'AU',
  JPY: 'JP',
  NZD: 'NZ',
  MXN: 'MX',
}

export function derive(variants: KnownOfVariant[]): Record<string, string> {
  const shipping = highestShipping(variants)
  if (!shipping) return {}
  const region = homeRegions[shipping.currency]
  return { [rateKey]: moneyText(shipping), ...(region === undefined ? {} : { [regionKey]: region }) }
}

type Priced = Pick<ListingDraft, 'attributes' | 'price'>

export function shippingFaults(draft: Priced): ListingFault[] {
  const { attributes, price } = draft
  const rate = asText(attributes[rateKey])
  const say = (attribute: string, message: string): ListingFault[] => [{ field: 'attribute', attribute, message }]
  if (rate === null) return []
  if (!rateOf(draft)) return say(rateKey, `“${rate}” is no shipping price in ${price.currency}: give one such as 4.50.`)
  if (asText(attributes[regionKey]) !== null) return []
  return say(regionKey, 'Where this shipping price holds is missing: choose a region.')
}

/** What goes out of shipping: the listing's own rate, else the profile. Reverb takes either. */
export function shippingOf(draft: Priced) {
  const rate = rateOf(draft)
  const profile = asText(draft.attributes[profileKey])
  if (!rate) return profile === null ? {} : { [profileKey]: profile }
  const regionCode = asText(draft.attributes[regionKey])
  const { currency } = rate
  return { shipping: { rates: [{ region_code: regionCode, rate: { amount: moneyText(rate), currency } }] } }
}

function rateOf({ attributes, price: { currency } }: Priced): Money | undefined {
  const rate = parseMoney(attributes[rateKey] ?? '', currency)
  return rate && rate.minor >= 0 ? rate : undefined
}
