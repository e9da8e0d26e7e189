/** Tries that cost nothing but the time to type them. */
export const freeFailures = 10
const firstLockSeconds = 60
const longestLockSeconds = 3600

/** After the tenth failure in a row a minute, then twice as long each time, up to an hour. */
export function lockSecondsAfter(failures: number): number {
  if (failures < freeFailures) return 0
  return Math.min(longestLockSeconds, firstLockSeconds * 2 ** Math.min(failures - freeFailures, 10))
}
