import { testCalmDays } from './calm-days.ts'

testCalmDays(
  // One of the others cuts units from a purchase order, which is rare.
  [...Array.from({ length: 25 }, (_, index) => 1 + 2 * index), 22],
  50,
)
