// Texts of figures as suppliers write them → units and amounts, or the sentence that says why not. Blank is unknown,
// which is not 0. Digits only; no floats.
import { minorDigits, parseMoney } from '../money.ts'

export type Figure = { kind: 'known'; value: number } | { kind: 'unknown' } | { kind: 'refused'; reason: string }

const unitsMax = 1_000_000_000
const unknownWords = new Set(['', '-', '–', '—', '?', 'n/a', 'na', 'n.a.', 'unknown', 'null', 'tbc', 'tba'])

/** A cell of stock. "1,234" is 1234 where the decimal mark is a point; "5.00" is 5; "5.5", "-3", ">10" and "in stock" are refused. */
export function readUnits(text: string, decimalMark: '.' | ','): Figure {
  const cell = text.trim()
  if (unknownWords.has(cell.toLowerCase())) return { kind: 'unknown' }
  const plain = plainDecimal(cell, decimalMark)
  if (plain === undefined) return { kind: 'refused', reason: notUnits(cell) }
  if (plain.startsWith('-') && /[1-9]/.test(plain))
    return { kind: 'refused', reason: `“${shown(cell)}” is less than nothing; stock is 0 or more.` }
  const [whole = '', fraction = ''] = plain.replace('-', '').split('.')
  if (/[1-9]/.test(fraction)) return { kind: 'refused', reason: `“${shown(cell)}” is not a whole number of units.` }
  const value = Number(whole)
  if (value > unitsMax)
    return { kind: 'refused', reason: `“${shown(cell)}” is more than ${unitsMax.toLocaleString('en-GB')} units.` }
  return { kind: 'known', value }
}

function notUnits(cell: string): string {
  if (/^[<>≤≥~]|\+$/.test(cell))
    return `“${shown(cell)}” is not an exact number of units. Ask the supplier for exact figures, or leave the cell blank.`
  if (/^-?\d+([.,]\d+)?e[+-]?\d+$/i.test(cell))
    return `“${shown(cell)}” was shortened by a spreadsheet; the figure is lost. Format the column as a number.`
  return `“${shown(cell)}” is not a number of units.`
}

/** A cell of money in a currency: "£12.50", "12,50 €", "1.234,50" by the decimal mark. Minor units, 0 or more. */
export function readAmount(text: string, decimalMark: '.' | ',', currency: string): Figure {
  const cell = text.trim()
  if (unknownWords.has(cell.toLowerCase())) return { kind: 'unknown' }
  const bare = withoutCurrency(cell, currency)
  if (bare === undefined) return { kind: 'refused', reason: `“${shown(cell)}” is not in ${currency}.` }
  const plain = plainDecimal(bare, decimalMark)
  if (plain === undefined) return { kind: 'refused', reason: `“${shown(cell)}” is not an amount of money.` }
  if (plain.startsWith('-') && /[1-9]/.test(plain))
    return { kind: 'refused', reason: `“${shown(cell)}” is less than nothing.` }
  const money = parseMoney(plain.replace('-', ''), currency)
  if (!money)
    return {
      kind: 'refused',
      reason: `“${shown(cell)}” has more than the ${minorDigits(currency)} decimals of ${currency}, or too many digits.`,
    }
  return { kind: 'known', value: money.minor }
}

const currencySigns: Record<string, string> = { '£': 'GBP', '€': 'EUR', '¥': 'JPY', zł: 'PLN', $: 'USD' }
const dollars = new Set(['USD', 'CAD', 'AUD', 'NZD', 'HKD', 'SGD', 'MXN'])

function withoutCurrency(cell: string, currency: string): string | undefined {
  const match = /^(-?)\s*([^\d.,'\s-]{1,4})?\s*([\d.,'\s]+?)\s*([^\d.,'\s]{1,4})?$/u.exec(cell)
  if (!match) return cell
  for (const sign of [match[2], match[4]]) {
    if (!sign) continue
    const code = currencySigns[sign] ?? sign.toUpperCase()
    const fits = code === currency || (sign === '$' && dollars.has(currency)) || (sign === '¥' && currency === 'CNY')
    if (!fits) return undefined
  }
  return (match[1] ?? '') + (match[3] ?? '')
}

const plainShapes = {
  '.': /^(-?)(\d{1,15}|\d{1,3}(?:([,'\u0020\u00a0\u202f])\d{3})(?:\3\d{3}){0,3})(?:\.(\d{1,9}))?$/,
  ',': /^(-?)(\d{1,15}|\d{1,3}(?:([.'\u0020\u00a0\u202f])\d{3})(?:\3\d{3}){0,3})(?:,(\d{1,9}))?$/,
}

/** "1,234.50" → "1234.50": grouping is taken away only where it groups by three. */
function plainDecimal(cell: string, decimalMark: '.' | ','): string | undefined {
  const match = plainShapes[decimalMark].exec(cell)
  if (!match) return undefined
  const [, sign = '', whole = '', , fraction] = match
  return sign + whole.replace(/\D/g, '') + (fraction === undefined ? '' : `.${fraction}`)
}

function shown(cell: string): string {
  return cell.length > 40 ? `${cell.slice(0, 40)}…` : cell
}
