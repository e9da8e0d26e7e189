import { expect, test } from 'vitest'
import { settleLookedUp, settleSent, type Settlement } from './confirmations.ts'

/** Sends and looks up in turn, as the engine does, until it is settled; the marketplace shows it only after a while. */
function confirm(shownAfterSeconds: number): { settled: Settlement; sends: number; seconds: number } {
  let seconds = 0
  for (let sends = 1; ; sends++) {
    const sent = settleSent({ kind: 'pending', ticket: 'T1' }, sends)
    seconds += 'seconds' in sent ? sent.seconds : 0
    const settled = settleLookedUp(
      { kind: seconds >= shownAfterSeconds ? 'shown' : 'not-shown' },
      { sends, timesLeft: 0 },
    )
    if (settled.state === 'applied' || settled.state === 'rejected') return { settled, sends, seconds }
  }
}

test.each([0, 30, 600, 3000])('V1: a parcel shown only after %i seconds is never taken for refused', (shownAfter) => {
  const { settled, seconds } = confirm(shownAfter)
  expect(settled).toMatchObject({ state: 'applied', readBack: true })
  // It is found soon after it is shown.
  expect(seconds).toBeLessThanOrEqual(Math.max(60, shownAfter * 2))
})

test('V1: what is taken and never shown goes to a person within two hours', () => {
  const { settled, sends, seconds } = confirm(Infinity)
  expect(settled.state).toBe('rejected')
  expect([sends, seconds < 7200]).toEqual([8, true])
})
