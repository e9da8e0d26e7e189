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
  const { clock, swarm } = simulation
  const longest = secondsMax[swarm.tempo]
  for (;;) {
    await bringForward(simulation)
    const { nextDueAt } = await tick(process.parts)
    const seconds = nextDueAt === null ? longest : (nextDueAt.getTime() - clock.now().getTime()) / 1000
    await process.parts.clock.sleep(Math.min(longest, Math.max(secondsMin, Math.ceil(seconds))) * 1000)
  }
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
