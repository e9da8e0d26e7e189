import { describe, expect, test } from 'vitest'
import { readAmount, readUnits } from './figures.ts'

const units = (text: string, mark: '.' | ',' = '.') => {
  const figure = readUnits(text, mark)
  return figure.kind === 'known' ? figure.value : figure.kind
}
const pence = (text: string, mark: '.' | ',' = '.', currency = 'GBP') => {
  const figure = readAmount(text, mark, currency)
  return figure.kind === 'known' ? figure.value : figure.kind
}

describe('E1: figures in a supplier’s file', () => {
  test('blank is unknown, which is not 0', () => {
    expect(['', '  ', '-', 'n/a', 'TBC'].map((text) => units(text))).toEqual(Array(5).fill('unknown'))
    expect(units('0')).toBe(0)
    expect(pence('')).toBe('unknown')
    expect(pence('0.00')).toBe(0)
  })

  test('thousands and decimals follow the decimal mark', () => {
    expect(units('1,234')).toBe(1234)
    expect(units('1.234', ',')).toBe(1234)
    expect(units('1 234 567')).toBe(1_234_567)
    expect(units('5.00')).toBe(5)
    expect(pence('1.234,50', ',')).toBe(123_450)
    expect(pence('1,234.50')).toBe(123_450)
    expect(pence('12,5', ',')).toBe(1250)
  })

  test('what is no whole number of units from 0 up is refused with a sentence', () => {
    for (const text of [
      '-3',
      '5.5',
      '>10',
      '10+',
      'in stock',
      'call',
      '1E+05',
      '12,34',
      '1,23,456',
      '٣',
      '0x10',
      '=1+1',
      '99999999999',
    ])
      expect(readUnits(text, '.'), text).toMatchObject({
        kind: 'refused',
        reason: expect.stringContaining('“') as string,
      })
  })

  test('an amount may carry its own currency and no other', () => {
    expect(pence('£12.50')).toBe(1250)
    expect(pence('12,50 €', ',', 'EUR')).toBe(1250)
    expect(pence('GBP 3')).toBe(300)
    expect(pence('€12.50')).toBe('refused')
    expect(pence('$12.50')).toBe('refused')
    expect(pence('1500', '.', 'JPY')).toBe(1500)
  })

  test('an amount with fractions of a penny, below 0 or in words is refused', () => {
    expect(['12.345', '-1', 'free', '12.50.1'].map((text) => pence(text))).toEqual(Array(4).fill('refused'))
    expect(pence('12.500')).toBe(1250)
  })
})
