// What one currency is worth in another. Rates are kept as decimal texts and calculated exactly, never as floats.
import { Big } from 'big.js'
import { isCurrency, minorDigits, type Money } from '../money.ts'

/** One unit of `from` is worth `rate` of `to`, by this source on this day. */
export type ExchangeRate = { from: string; to: string; rate: string; onDate: string; source: string }

export type Rate = { rate: string; onDate: string; source: string }

export type FindRate = (from: string, to: string) => Rate | null

const rateDigits = 10
const rateMax = 1_000_000

/**
 * Finds among the newest rates of each pair. Entered as asked for comes first, then entered the other way round, then by
 * way of the business's own currency, which is what sellers enter rates into.
 */
export function rateFinder(rates: ExchangeRate[], businessCurrency: string): FindRate {
  const byPair = new Map(rates.map((rate) => [`${rate.from} ${rate.to}`, rate]))
  const found = new Map<string, Rate | null>()
  const direct = (from: string, to: string): Rate | null => {
    const given = byPair.get(`${from} ${to}`)
    if (given) return { rate: given.rate, onDate: given.onDate, source: given.source }
    const reverse = byPair.get(`${to} ${from}`)
    return reverse ? settle(new Big(1).div(reverse.rate), reverse.onDate, reverse.source) : null
  }
  const through = (from: string, to: string): Rate | null => {
    const first = direct(from, businessCurrency)
    const second = first && direct(businessCurrency, to)
    if (!first || !second) return null
    const onDate = first.onDate < second.onDate ? first.onDate : second.onDate
    const source = first.source === second.source ? first.source : `${first.source}, ${second.source}`
    return settle(new Big(first.rate).times(second.rate), onDate, source)
  }
  return (from, to) => {
    const key = `${from} ${to}`
    if (!found.has(key)) found.set(key, direct(from, to) ?? through(from, to))
    return found.get(key) ?? null
  }
}

/** As a column keeps it. What rounds to nothing is no rate. */
function settle(rate: Big, onDate: string, source: string): Rate | null {
  const rounded = rate.round(rateDigits, Big.roundHalfUp)
  return rounded.lte(0) ? null : { rate: rounded.toFixed(), onDate, source }
}

/** In whole minor units of the other currency, half of one rounded up. */
export function convertMoney(money: Money, rate: Rate, currency: string): Money {
  const exponent = minorDigits(currency) - minorDigits(money.currency)
  const minor = new Big(money.minor).times(rate.rate).times(new Big(10).pow(exponent)).round(0, Big.roundHalfUp)
  return { minor: Number(minor.toFixed()), currency }
}

export type TypedRate = { from: string; to: string; rate: string; onDate: string; source: string }

/** What is wrong with a rate as typed, by field. */
export function rateFaults(typed: TypedRate, today: string): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const key of ['from', 'to'] as const)
    if (!isCurrency(typed[key])) fields[key] = `“${typed[key]}” is no currency. Enter its three letters, such as EUR.`
  if (typed.from === typed.to) fields['to'] = 'Choose two different currencies.'
  const fault = figureFault(typed.rate)
  if (fault) fields['rate'] = fault
  if (!isDay(typed.onDate)) fields['onDate'] = 'Enter a day.'
  else if (typed.onDate > today) fields['onDate'] = 'A rate of a day to come is not known yet. Enter today or earlier.'
  if (typed.source.trim() === '') fields['source'] = 'Say where the rate is from, such as your bank.'
  return fields
}

function figureFault(text: string): string | null {
  if (!/^\d{1,10}(\.\d+)?$/.test(text)) return 'Enter the rate as a number, such as 0.8543.'
  const rate = new Big(text)
  if (rate.lte(0)) return 'A rate is above 0.'
  if (rate.gt(rateMax)) return 'A rate is at most 1,000,000. Enter it the other way round.'
  return rate.round(rateDigits, Big.roundHalfUp).eq(rate) ? null : `A rate has at most ${rateDigits} decimals.`
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}
