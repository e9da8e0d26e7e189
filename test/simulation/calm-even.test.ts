import { testCalmDays } from './calm-days.ts'

testCalmDays(
  Array.from({ length: 25 }, (_, index) => 2 + 2 * index),
  50,
  { rare: false },
)
