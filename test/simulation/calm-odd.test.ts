import { testCalmDays } from './calm-days.ts'

testCalmDays(
  // The others see what is rare: units cut from a purchase order, and one sent again that a supplier had refused.
  [...Array.from({ length: 25 }, (_, index) => 1 + 2 * index), 55, 74, 78],
  50,
  { rare: true },
)
