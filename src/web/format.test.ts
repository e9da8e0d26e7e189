import { expect, test } from 'vitest'
import { countLabel, exactTime, moneyLabel, relativeTime } from './format.ts'

const now = Date.UTC(2026, 6, 1, 12)

test('H: times read as a person says them, and as a date once they are old', () => {
  expect(relativeTime('2026-07-01T11:59:50Z', now)).toBe('now')
  expect(relativeTime('2026-07-01T11:57:00Z', now)).toBe('3 min ago')
  expect(relativeTime('2026-07-02T13:00:00Z', now)).toBe('tomorrow')
  expect(relativeTime('2026-05-01T12:00:00Z', now)).toBe('1 May 2026')
})

test('H: the exact time is in the zone of the business and says so', () => {
  expect(exactTime('2026-07-01T11:00:00Z', 'Europe/London')).toBe('1 Jul 2026, 12:00:00 BST')
})

test('H: money keeps every digit of its currency, also where numbers would not', () => {
  expect(moneyLabel({ minor: 123456, currency: 'GBP' })).toBe('£1,234.56')
  expect(moneyLabel({ minor: -500, currency: 'JPY' })).toBe('-¥500')
  expect(moneyLabel({ minor: 9_007_199_254_740_991, currency: 'EUR' })).toBe('€90,071,992,547,409.91')
})

test('D10: a count that stopped being exact says so', () => {
  expect(countLabel({ value: 10_000, more: true })).toBe('10,000+')
  expect(countLabel({ value: 10_000, more: false })).toBe('10,000')
})
