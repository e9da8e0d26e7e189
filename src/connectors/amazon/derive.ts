// A package's weight and sides under Amazon's names, each with its unit. Product types that do not ask for them get none.
import { largestOf } from '../../domain/listings/known-of-variant.ts'
import type { KnownOfVariant } from '../connector.ts'

export function derive(variants: KnownOfVariant[]): Record<string, string> {
  const measures = [
    ['item_package_weight', largestOf(variants, 'weightGrams'), 'grams'],
    ['item_package_dimensions.length', largestOf(variants, 'lengthMm'), 'millimeters'],
    ['item_package_dimensions.width', largestOf(variants, 'widthMm'), 'millimeters'],
    ['item_package_dimensions.height', largestOf(variants, 'heightMm'), 'millimeters'],
  ] as const
  return Object.fromEntries(
    measures.flatMap(([key, figure, unit]) =>
      figure === null || figure <= 0
        ? []
        : [
            [key, String(figure)],
            [`${key}.unit`, unit],
          ],
    ),
  )
}
