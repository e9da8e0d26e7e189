// The engine of one simulated process: its workers on the shared queue, and the look at the due table. The real loop
// looks every two seconds; here it looks a little after something is due, because nothing else can be found in between.
import { registerWorkers } from '../../src/engine/engine.ts'
import { tick } from '../../src/engine/schedule-tick.ts'
import type { SimulatedProcess } from './process.ts'
import type { Simulation } from './simulation.ts'

const secondsMin = 15
const secondsMax = 180

export function createEngineWork(simulation: Simulation, process: SimulatedProcess): void {
  registerWorkers(process.parts, simulation.work)
  void process.parts.queue.start()
  void keepTicking(simulation, process).catch((error: unknown) => {
    simulation.report('no fault of its own', `The schedule failed: ${String(error)}`)
  })
}

async function keepTicking({ clock }: Simulation, process: SimulatedProcess): Promise<void> {
  for (;;) {
    const { nextDueAt } = await tick(process.parts)
    const seconds = nextDueAt === null ? secondsMax : (nextDueAt.getTime() - clock.now().getTime()) / 1000
    await process.parts.clock.sleep(Math.min(secondsMax, Math.max(secondsMin, Math.ceil(seconds))) * 1000)
  }
}
