// What is known of a variant that marketplaces ask for under names of their own: how large and heavy it is when it travels,
// and what a buyer is charged for sending it.
import type { Money } from '../money.ts'

export type KnownOfVariant = {
  /** Null: not known. */
  weightGrams: number | null
  lengthMm: number | null
  widthMm: number | null
  heightMm: number | null
  /** Of the listing, as the buyer pays it; null: nothing is said. */
  shippingIncVat: Money | null
}

export type ParcelMeasure = 'weightGrams' | 'lengthMm' | 'widthMm' | 'heightMm'

/** One parcel has to hold any of a listing's variations, so the largest of each counts. */
export function largestOf(variants: KnownOfVariant[], measure: ParcelMeasure): number | null {
  const known = variants.flatMap((variant) => variant[measure] ?? [])
  return known.length === 0 ? null : Math.max(...known)
}

/** Where one shipping price stands for all variations: the highest, lest one is sent at a loss. */
export function highestShipping(variants: KnownOfVariant[]): Money | null {
  const said = variants.flatMap(({ shippingIncVat }) => shippingIncVat ?? [])
  return said.toSorted((one, other) => other.minor - one.minor)[0] ?? null
}
