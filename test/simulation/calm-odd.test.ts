import { testCalmDays } from './calm-days.ts'

testCalmDays(
  // Two of the others see what is rare: units cut from a purchase order, and one sent again that a supplier had refused.
  [...Array.from({ length: 25 }, (_, index) => 1 + 2 * index), 22, 55],
  50,
  { rare: true },
)
