// Attributes of a draft that nobody has to type, since the catalogue or the grid says them: the parcel's size and weight, the
// shipping price. What a person says of the product for the sales channel stays above them.
import { vatOf } from '../money.ts'
import type { DraftSource, DraftVariant } from './build-draft.ts'
import type { ListingAttribute, ListingFault } from './draft.ts'
import type { KnownOfVariant } from './known-of-variant.ts'

export type DerivingRules = {
  attributes: ListingAttribute[]
  /** What prices are sent in. */
  currency: string
  /** The marketplace's own words for what is known of the variants in one listing. */
  derive: (variants: KnownOfVariant[]) => Record<string, string>
  /** Under which a listing's shipping price goes out; undefined where the marketplace takes none. */
  shippingAttribute: string | undefined
}

type Said = Pick<DraftSource, 'said' | 'template'>

/** Of these variants in one listing: only what is asked for here, and only where nothing else is said. */
export function derivedAttributes(
  source: Said,
  variants: DraftVariant[],
  rules: DerivingRules,
): Record<string, string> {
  const asked = new Set(rules.attributes.map(({ key }) => key))
  const derived = rules.derive(variants.map((variant) => knownOf(variant, rules)))
  return Object.fromEntries(Object.entries(derived).filter(([key]) => asked.has(key) && !isSaid(source, key, rules)))
}

/** A template speaks for many listings, so a shipping price of the very listing comes before it. */
function isSaid({ said, template }: Said, key: string, { shippingAttribute }: DerivingRules): boolean {
  return said.attributes[key] !== undefined || (key !== shippingAttribute && template?.attributes[key] !== undefined)
}

/** Why a shipping price that is said for the listing cannot go out. */
export function shippingFaults(source: Said, variants: DraftVariant[], rules: DerivingRules): ListingFault[] {
  const { shippingAttribute, currency } = rules
  if (shippingAttribute === undefined || source.said.attributes[shippingAttribute] !== undefined) return []
  const say = (message: string): ListingFault[] => [{ field: 'attribute', attribute: shippingAttribute, message }]
  const foreign = variants.find(({ said }) => said.shipping && said.shipping.currency !== currency)?.said.shipping
  if (foreign)
    return say(`The shipping price is in ${foreign.currency}, and prices here are in ${currency}: set it anew.`)
  const unknown = variants.find(({ said, vatRateBasisPoints }) => said.shipping && vatRateBasisPoints === null)
  if (!unknown) return []
  return say(
    `What the buyer pays for shipping cannot be worked out, since the VAT rate of “${unknown.sku}” is not known. ` +
      'Give it one in My products, or type the price here.',
  )
}

function knownOf(variant: DraftVariant, { currency }: DerivingRules): KnownOfVariant {
  const { parcel, said, vatRateBasisPoints: rate } = variant
  const { shipping } = said
  const isKnown = shipping !== null && rate !== null && shipping.currency === currency
  const shippingIncVat = isKnown ? { minor: shipping.minor + vatOf(shipping.minor, rate), currency } : null
  return { ...parcel, shippingIncVat }
}
