// Readers for shapes that only Amazon has.
import type { Money } from '../../domain/money.ts'
import { asArray, asMoney, asObject } from '../reading.ts'
import type { JsonObject } from '../reading.ts'

/** The objects of a list; none where it is no list. */
export function objectsIn(value: unknown): JsonObject[] {
  return (asArray(value) ?? []).flatMap((entry): JsonObject[] => {
    const object = asObject(entry)
    return object ? [object] : []
  })
}

/** The amount is decimal text beside `currencyCode`. */
export function moneyIn(value: unknown): Money | undefined {
  const object = asObject(value)
  return asMoney({ amount: object?.['amount'], currency: object?.['currencyCode'] }, '')
}
