// What a person types into a figure: £12.50, 12,50, 1,234.5 or nothing at all.
import type { Money } from '../../../domain/money.ts'
import { parseMoney } from '../../../domain/money.ts'

/** Null for an empty field; undefined for what is no amount. */
export function typedMoney(text: string, currency: string): Money | null | undefined {
  const plain = text.replace(/[\s\u00a0£$€]/g, '')
  if (plain === '') return null
  const money = parseMoney(withPoint(plain), currency)
  return money && money.minor >= 0 ? money : undefined
}

/** Null for an empty field: unknown. */
export function typedCount(text: string): number | null | undefined {
  const plain = text.replace(/[\s\u00a0]/g, '')
  if (plain === '') return null
  if (!/^\d{1,3}(,\d{3})+$|^\d{1,10}$/.test(plain)) return undefined
  const count = Number(plain.replaceAll(',', ''))
  return count <= 1_000_000_000 ? count : undefined
}

/** A single comma before one or two last digits is a decimal mark; commas before three digits each group thousands. */
function withPoint(text: string): string {
  if (/^\d{1,3}(,\d{3})+(\.\d+)?$/.test(text)) return text.replaceAll(',', '')
  return /^\d+,\d{1,2}$/.test(text) ? text.replace(',', '.') : text
}
