// Money as Reverb shows and takes it.
import { currencies } from './reference.ts'
import type { Currency } from './reference.ts'
import type { Money } from './state.ts'

export function money(amount: number, currency: Currency): Money {
  return { minor: Math.round(amount * 10 ** currencies[currency].minorDigits), currency }
}

export function times(price: Money, factor: number): Money {
  return { minor: Math.round(price.minor * factor), currency: price.currency }
}

export function plus(...parts: [Money, ...Money[]]): Money {
  return { minor: parts.reduce((sum, part) => sum + part.minor, 0), currency: parts[0].currency }
}

export function convert(price: Money, currency: Currency): Money {
  if (price.currency === currency) return price
  const amount = Number(amountText(price))
  return money((amount * currencies[price.currency].usd) / currencies[currency].usd, currency)
}

export function showMoney(price: Money): Record<string, unknown> {
  const { symbol } = currencies[price.currency]
  const amount = amountText(price)
  return {
    amount,
    amount_cents: price.minor,
    currency: price.currency,
    symbol,
    display: `${symbol}${amount.replace(/\.00$/, '').replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',')}`,
  }
}

/** Tax reads "FREE" for people when there is none. */
export function showTax(tax: Money): Record<string, unknown> {
  return tax.minor === 0 ? { ...showMoney(tax), display: 'FREE' } : showMoney(tax)
}

export function amountText(price: Money): string {
  const { minorDigits } = currencies[price.currency]
  return (price.minor / 10 ** minorDigits).toFixed(minorDigits)
}

export function isCurrency(value: unknown): value is Currency {
  return typeof value === 'string' && Object.hasOwn(currencies, value)
}

/** Takes `{amount, currency}`, and the bare number that older clients send. */
export function readMoney(value: unknown, shopCurrency: Currency): Money | { refusal: string } {
  if (typeof value === 'number' || typeof value === 'string') return readAmount(value, shopCurrency)
  if (typeof value !== 'object' || value === null) return { refusal: 'must be an amount with a currency' }
  const { amount, currency } = value as { amount?: unknown; currency?: unknown }
  if (amount === undefined || amount === null) return { refusal: 'amount is missing' }
  if (currency === undefined || currency === null) return { refusal: 'currency is missing' }
  if (!isCurrency(currency)) return { refusal: 'currency does not have a valid value' }
  return readAmount(amount, currency)
}

function readAmount(value: unknown, currency: Currency): Money | { refusal: string } {
  const text = String(value).trim()
  if (!/^\d+(\.\d+)?$/.test(text)) return { refusal: 'amount is not a decimal number' }
  return money(Number(text), currency)
}
