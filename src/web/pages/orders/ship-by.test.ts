import { expect, test } from 'vitest'
import { dayBack, isDay } from './days.ts'
import { lateness, pressing } from './ship-by.ts'

const now = new Date('2026-03-29T12:00:00Z').getTime()
const order = (shipBy: string | null, status = 'with-supplier') => ({ shipBy, status })

test('D7: a deadline is near within a day and over once passed', () => {
  expect(pressing(order('2026-03-31T12:00:00Z'), now)).toBe('far')
  expect(pressing(order('2026-03-30T11:59:00Z'), now)).toBe('near')
  expect(pressing(order('2026-03-29T11:59:00Z'), now)).toBe('over')
})

test('D7: what has left, or never will, presses nobody', () => {
  const passed = '2026-03-01T00:00:00Z'
  expect(pressing(order(passed, 'dispatched'), now)).toBe('settled')
  expect(pressing(order(passed, 'cancelled'), now)).toBe('settled')
  expect(pressing(order(passed, 'partly-dispatched'), now)).toBe('over')
  expect(pressing(order(null), now)).toBe('settled')
})

test('How late it is, is said in the unit a person would use', () => {
  expect(lateness('2026-03-29T11:59:50Z', now)).toBe('1 min')
  expect(lateness('2026-03-29T08:30:00Z', now)).toBe('3 hrs')
  expect(lateness('2026-03-26T11:00:00Z', now)).toBe('3 days')
})

test('D10: “last 7 days” begins on the day it is where the business is, also over the change of the clocks', () => {
  const lateEvening = new Date('2026-03-29T23:30:00Z').getTime()
  expect(dayBack(lateEvening, 0, 'Europe/London')).toBe('2026-03-30')
  expect(dayBack(lateEvening, 0, 'America/New_York')).toBe('2026-03-29')
  expect(dayBack(lateEvening, 6, 'Europe/London')).toBe('2026-03-24')
})

test('D10: a mangled day in a link is no filter', () => {
  expect(isDay('2026-03-29')).toBe(true)
  for (const text of [undefined, '', '99', '2026-13-45', '29.03.2026']) expect(isDay(text), text).toBe(false)
})
