import { expect, test } from 'vitest'
import { typedCount, typedMoney } from './typed.ts'

test('An amount is understood as people write it', () => {
  const minor = (text: string) => typedMoney(text, 'GBP')?.minor
  expect(minor('12.5')).toBe(1250)
  expect(minor('£ 12.50')).toBe(1250)
  expect(minor('12,50')).toBe(1250)
  expect(minor('1,234.50')).toBe(123_450)
  expect(minor('1,234')).toBe(123_400)
})

test('An empty amount is no amount, and what is no amount is refused instead of guessed', () => {
  expect(typedMoney('  ', 'GBP')).toBeNull()
  for (const text of ['twelve', '12.505', '-3', '1.234,50', '1,23,4', '12.5.0'])
    expect(typedMoney(text, 'GBP'), text).toBeUndefined()
})

test('Unknown stock is an empty field, never 0', () => {
  expect(typedCount('')).toBeNull()
  expect(typedCount('0')).toBe(0)
  expect(typedCount('1,200')).toBe(1200)
  for (const text of ['1.5', '-1', 'many', '12,34', '10000000000']) expect(typedCount(text), text).toBeUndefined()
})
