// The engine of one simulated process: its workers on the shared queue, and the look at the due table. The real loop
// looks every two seconds; here it looks a little after something is due, because nothing else can be found in between.
import { sql } from 'kysely'
import { registerWorkers } from '../../src/engine/engine.ts'
import { tick } from '../../src/engine/schedule-tick.ts'
import type { SimulatedProcess } from './process.ts'
import type { Simulation } from './simulation.ts'

const secondsMin = 15
const secondsMax = { brisk: 180, calm: 300 }

export function createEngineWork(simulation: Simulation, process: SimulatedProcess): void {
  registerWorkers(process.parts, simulation.work)
  void process.parts.queue.start()
  void keepTicking(simulation, process).catch((error: unknown) => {
    simulation.report('no fault of its own', `The schedule failed: ${String(error)}`)
  })
}

async function keepTicking(simulation: Simulation, process: SimulatedProcess): Promise<void> {
  const { clock, swarm, due } = simulation
  const longest = secondsMax[swarm.tempo]
  for (;;) {
    const isStill = due.commits === simulation.commits && (due.nextAt === null || due.nextAt > clock.now())
    const nextAt = isStill ? due.nextAt : await look(simulation, process)
    const seconds = nextAt === null ? longest : (nextAt.getTime() - clock.now().getTime()) / 1000
    await process.parts.clock.sleep(Math.min(longest, Math.max(secondsMin, Math.ceil(seconds))) * 1000)
  }
}

/** When something is due next, which stays so until somebody commits: then nobody needs to look again before. */
async function look(simulation: Simulation, process: SimulatedProcess): Promise<Date | null> {
  const { due } = simulation
  const before = simulation.commits
  await bringForward(simulation)
  const { kicked, nextDueAt } = await tick(process.parts)
  // What was kicked is planned anew, and may be asked for sooner.
  const isStill = kicked === 0 && simulation.commits === before + 1
  Object.assign(due, isStill ? { commits: simulation.commits, nextAt: nextDueAt } : { commits: -1 })
  return nextDueAt
}

/** Every 15 seconds the real hub asks what is to be sent to suppliers; here it asks when something is. */
async function bringForward({ db, tenantId }: Simulation): Promise<void> {
  await db.tenant(tenantId).transaction((tx) =>
    sql`
      update tenant_work w set due_at = e.at
      from (
        select min(coalesce(next_try_at, app_now())) as at from effects
        where tenant_id = ${tenantId} and kind = 'send-purchase-order' and state in ('intended', 'in-flight', 'unknown')
          and not data ? 'asksPerson'
      ) e
      where w.tenant_id = ${tenantId} and w.job = 'send-purchase-orders' and w.due_at > e.at
    `.execute(tx),
  )
}
