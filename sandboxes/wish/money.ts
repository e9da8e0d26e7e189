// Money as Wish shows and takes it: a JSON number with its currency.
import { currencies } from './reference.ts'

export type Price = { amount: number; currency_code: string }

export function showPrice(minor: number, currency: string): Price {
  return { amount: minor / 10 ** digitsOf(currency), currency_code: currency }
}

export function toMinor(amount: number, currency: string): number {
  return Math.round(amount * 10 ** digitsOf(currency))
}

export function share(minor: number, part: number): number {
  return Math.round(minor * part)
}

function digitsOf(currency: string): number {
  return currencies[currency]?.minorDigits ?? 2
}
