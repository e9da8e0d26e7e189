// A parcel's weight in kilograms and its sides in whole centimeters, as TikTok Shop takes them, from what the catalogue knows.
import { largestOf } from '../../domain/listings/known-of-variant.ts'
import type { KnownOfVariant } from '../connector.ts'
import { keys } from './attribute-keys.ts'

const gramsInKilogram = 1000
const millimetersInCentimeter = 10

export function derive(variants: KnownOfVariant[]): Record<string, string> {
  const grams = largestOf(variants, 'weightGrams')
  const sides = [
    [keys.length, largestOf(variants, 'lengthMm')],
    [keys.width, largestOf(variants, 'widthMm')],
    [keys.height, largestOf(variants, 'heightMm')],
  ] as const
  return {
    ...(grams === null || grams <= 0 ? {} : { [keys.weight]: String(grams / gramsInKilogram) }),
    ...Object.fromEntries(
      // A box that is a millimeter larger than it is said to be does not fit.
      sides.flatMap(([key, side]) =>
        side === null ? [] : [[key, String(Math.ceil(side / millimetersInCentimeter))] as const],
      ),
    ),
  }
}
