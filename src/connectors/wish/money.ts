// Wish's money is a JSON number with a currency beside it. Ours is whole minor units, so a number is turned by its
// decimal text, and what arithmetic left behind its last digit (8.100000000000001) is taken off.
import { isCurrency, minorDigits, moneyText, parseMoney } from '../../domain/money.ts'
import type { Money } from '../../domain/money.ts'
import { asObject, asText } from '../reading.ts'

/** How far a number may lie from whole minor units and still mean them: far less than any price step. */
const noiseMax = 0.01

/** Undefined where it is no amount of money. */
export function wishMoney(value: unknown): Money | undefined {
  const object = asObject(value)
  const currency = asText(object?.['currency_code'])?.toUpperCase() ?? ''
  const amount = object?.['amount']
  if (!isCurrency(currency)) return undefined
  const text = asText(amount)
  const exact = text === null ? undefined : parseMoney(text, currency)
  if (exact || typeof amount !== 'number') return exact
  const units = amount * 10 ** minorDigits(currency)
  const minor = Math.round(units)
  return Math.abs(units - minor) < noiseMax && Number.isSafeInteger(minor) ? { minor: minor || 0, currency } : undefined
}

export function toWishPrice(price: Money): { amount: number; currency_code: string } {
  // The number nearest to a short decimal text prints as that text again.
  return { amount: Number(moneyText(price)), currency_code: price.currency }
}
