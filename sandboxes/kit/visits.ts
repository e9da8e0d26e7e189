// Buyers come at a pace, with gaps of chance between them; what one does is each marketplace's own.
import type { Agenda } from './agenda.ts'
import type { Random } from './random.ts'

export type Visits<Bought> = {
  /** Zero sends everyone home. */
  setPace(ordersPerMinute: number, now: Date): void
  pace(): number
  /** One buyer, right now. */
  buyOnce(at: Date): Bought
}

export function createVisits<Bought>(
  marketplace: { agenda: Agenda },
  random: Random,
  visit: (at: Date) => Bought,
): Visits<Bought> {
  let ordersPerMinute = 0
  // A change of pace makes visits that were planned before it void.
  let plan = 0
  const planNext = (from: Date) => {
    if (ordersPerMinute <= 0) return
    const mine = plan
    const gapMs = (-Math.log(1 - random()) * 60_000) / ordersPerMinute
    marketplace.agenda.schedule(new Date(from.getTime() + Math.max(1, Math.round(gapMs))), (at) => {
      if (mine !== plan) return
      visit(at)
      planNext(at)
    })
  }
  return {
    setPace(next, now) {
      ordersPerMinute = next
      plan += 1
      planNext(now)
    },
    pace: () => ordersPerMinute,
    buyOnce: visit,
  }
}
