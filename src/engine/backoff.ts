// How long to wait after a refusal or a failure. Half of it is chance, so that many who failed at once do not come back
// at once.
import type { Random } from '../platform/random.ts'

const backoffSecondsMax = 120
/** A marketplace that asks for a day gets it; one that asks for a year is looked at daily. */
export const waitSecondsMax = 86_400

export function backoffSeconds(attempts: number, random: Random): number {
  const full = Math.min(backoffSecondsMax, 2 ** Math.min(attempts, 20))
  return Math.max(1, Math.round(full * (0.5 + random.float() / 2)))
}

/** Never earlier than asked for, and longer each time it is refused again. */
export function waitSeconds(asked: number, attempts: number, random: Random): number {
  const patient = attempts > 1 ? backoffSeconds(attempts, random) : 0
  return Math.min(waitSecondsMax, Math.max(1, Math.ceil(asked), patient))
}
