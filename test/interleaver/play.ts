// A pair of programs, played through all its schedules, each in a business of its own.
import type { TestDatabase } from '../support/database.ts'
import type { OrdersWorld } from '../support/orders-world.ts'
import { openStage, schedulesOf, type Program, type Sabotage, type Turn } from './interleave.ts'

export type Pair = {
  /** A new business, and what the two do in it. */
  open(): Promise<{ world: OrdersWorld; programs: [Program, Program]; faults(): Promise<string[]> }>
}

export type Verdict = { schedules: number; waits: number; faults: string[] }

export async function playAll(
  database: TestDatabase,
  pair: Pair,
  { sabotage, faultsMax = Infinity }: { sabotage?: Sabotage; faultsMax?: number } = {},
): Promise<Verdict> {
  const stage = await openStage(database, sabotage)
  const verdict: Verdict = { schedules: 0, waits: 0, faults: [] }
  const play = async (turns: Turn[]) => {
    const { world, programs, faults } = await pair.open()
    const { outcomes, statements, waits } = await stage.play(programs, turns)
    verdict.schedules++
    verdict.waits += waits
    const broken = outcomes.flatMap((one) => (one.status === 'rejected' ? [`broke off: ${String(one.reason)}`] : []))
    for (const fault of [...broken, ...(await world.stockFaults()), ...(await faults())])
      verdict.faults.push(`${JSON.stringify(turns)}: ${fault}`)
    return statements
  }
  const statements = await play([])
  for (const turns of schedulesOf(statements)) {
    if (verdict.faults.length >= faultsMax) break
    await play(turns)
  }
  return verdict
}
