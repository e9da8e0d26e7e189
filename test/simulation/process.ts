// One simulated process: the parts of a hub, wrapped so that the process can end at any call or commit. What is dead
// never hears another answer, so that no catch or finally of it can act; its transaction under way is rolled back.
import type { EngineParts } from '../../src/engine/channel-run.ts'
import { createEngineWork } from './engine-loop.ts'
import type { Database, Tx } from '../../src/platform/database.ts'
import type { Log, LogFields } from '../../src/platform/log.ts'
import { openNetwork } from './network.ts'
import { openWays } from './peers.ts'
import { forever, PlannedFault, strikes, type Simulation } from './simulation.ts'
import type { SometimesName } from './sometimes.ts'
import { rateOf } from './swarm.ts'

export type SimulatedProcess = {
  name: string
  parts: EngineParts
  isDead(): boolean
  /** Ends it if the tape says so. */
  mayCrash(where: 'before a commit' | 'after a commit' | 'before a call' | 'between call and answer'): boolean
  /** Resolves while it lives, and never once it is dead. */
  live(): Promise<void>
}

/** A worker is started again a while after it ended. */
export function startWorker(simulation: Simulation, number: number, incarnation = 1): void {
  const name = `worker ${number}.${incarnation}`
  const process = createProcess(simulation, name, () => {
    const seconds = simulation.tape.between('restart', 5, 300)
    const at = new Date(simulation.clock.now().getTime() + seconds * 1000)
    simulation.clock.schedule(at, () => startWorker(simulation, number, incarnation + 1))
  })
  simulation.trace.add(name, 'starts')
  createEngineWork(simulation, process)
}

/** `onCrash` left out: it never crashes, as the person at the screen does not. */
export function createProcess(simulation: Simulation, name: string, onCrash?: () => void): SimulatedProcess {
  const { clock, trace, sometimes } = simulation
  const queue = simulation.queue.connect()
  let isDead = false
  const process: Omit<SimulatedProcess, 'parts'> = {
    name,
    isDead: () => isDead,
    live: () => (isDead ? forever() : Promise.resolve()),
    mayCrash(where) {
      // There are fewer calls than commits; and a crash takes the work at all marketplaces with it.
      const times = (where.endsWith('commit') ? 1 : 2) / simulation.markets.length
      const rate = rateOf(simulation.swarm, 'crash') * times
      if (isDead || !onCrash || !strikes(simulation, `crash/${where}`, rate)) return isDead
      isDead = true
      queue.crash()
      trace.add(name, 'crashes', where)
      sometimes.see(`crash ${where}` satisfies SometimesName)
      onCrash()
      return true
    },
  }
  const healthy: EngineParts = {
    db: wrapDatabase(simulation, process, onCrash !== undefined),
    queue,
    clock: {
      now: () => clock.now(),
      async sleep(milliseconds, signal) {
        await process.live()
        await clock.sleep(milliseconds, signal)
        await process.live()
      },
    },
    ids: simulation.ids,
    random: simulation.random,
    http: openNetwork(simulation, process, onCrash !== undefined),
    secrets: simulation.secrets,
    log: createWatchedLog(simulation, process),
    ...openWays(simulation, process),
    marketplaceUrls: Object.fromEntries(simulation.markets.map(({ id, url }) => [id, url])),
    appCredentials: Object.fromEntries(simulation.markets.map(({ id, app }) => [id, app])),
  }
  return { ...process, parts: (onCrash && simulation.ail?.(healthy, name)) ?? healthy }
}

type BareProcess = Omit<SimulatedProcess, 'parts'>

function wrapDatabase(simulation: Simulation, process: BareProcess, isWorker: boolean): Database {
  const { db } = simulation
  return {
    ...db,
    read: async (tenantId, work) => {
      await process.live()
      return db.read(tenantId, work)
    },
    tenant: (tenantId) => ({
      transaction: async <Result>(work: (tx: Tx) => Promise<Result>) => {
        await process.live()
        if (isWorker) await mayPause(simulation, process)
        return commitOrFail(simulation, process, tenantId, work)
      },
    }),
  }
}

/** A process that stands still for longer than a lease finds its work with another afterwards. */
async function mayPause(simulation: Simulation, process: BareProcess): Promise<void> {
  const { clock, tape, swarm, trace } = simulation
  if (!strikes(simulation, 'pause', rateOf(swarm, 'pause'))) return
  const seconds = tape.between('pause/seconds', 40, 240)
  trace.add(process.name, 'stands still', `${seconds} s`)
  await clock.sleep(seconds * 1000)
  await process.live()
}

async function commitOrFail<Result>(
  simulation: Simulation,
  process: BareProcess,
  tenantId: string,
  work: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  const { trace, sometimes, swarm } = simulation
  const result = await simulation.db.tenant(tenantId).transaction(async (tx) => {
    const touched = watch(tx)
    const result = await work(tx)
    if (touched.books) await simulation.auditor.books(tx, simulation.swarm.tempo === 'calm' ? 'sometimes' : 'always')
    if (touched.figures) await simulation.auditor.figures(tx)
    if (process.mayCrash('before a commit')) throw new PlannedFault('The process has ended.')
    if (strikes(simulation, 'conflict', rateOf(swarm, 'conflict')))
      throw new PlannedFault('could not serialize', '40001')
    if (strikes(simulation, 'commit-refused', rateOf(swarm, 'commit-refused'))) {
      sometimes.see('commit refused')
      trace.add(process.name, 'commit', 'refused')
      throw new PlannedFault('The connection broke before the commit.')
    }
    return result
  })
  trace.add(process.name, 'commit')
  if (process.mayCrash('after a commit')) await forever()
  if (strikes(simulation, 'commit-lost', rateOf(swarm, 'commit-lost'))) {
    sometimes.see('commit without acknowledgement')
    trace.add(process.name, 'commit', 'not acknowledged')
    throw new PlannedFault('The connection broke after the commit.')
  }
  return result
}

type Touched = { figures: boolean; books: boolean }

/** What tells screens or sends kicks has changed something that people would see; the rest is claims and paces. */
function watch(tx: Tx): Touched {
  const touched: Touched = { figures: false, books: false }
  const { notify, enqueue } = tx
  tx.notify = (topic, payload) => {
    touched.figures = true
    if (topic === 'orders' || topic === 'catalog') touched.books = true
    return notify(topic, payload)
  }
  tx.enqueue = (name, data, options) => {
    touched.figures = true
    if (name !== 'channel') touched.books = true
    return enqueue(name, data, options)
  }
  return touched
}

/** A fault of the hub's own that nobody put in is a violation. */
function createWatchedLog(simulation: Simulation, process: BareProcess): Log {
  const at = (bound: LogFields): Log => ({
    trace: () => {},
    debug: () => {},
    info: () => {},
    warn(message) {
      if (message === 'A lease was lost') simulation.sometimes.see('a process slept past its lease')
      if (message.startsWith('Orders that the regular download'))
        simulation.sometimes.see('reconcile found a lost order')
      simulation.trace.add(process.name, message)
    },
    error(message, fields = {}) {
      const { error } = fields
      simulation.trace.add(process.name, message)
      if (error instanceof PlannedFault) return
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
      simulation.report('no fault of its own', `${message} (${bound.operation ?? fields.operation ?? ''}): ${text}`)
    },
    with: (fields) => at({ ...bound, ...fields }),
  })
  return at({})
}
