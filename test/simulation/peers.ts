// The way to the suppliers: their mailboxes, folders and servers behind the hub's ports, with time on the road, and a
// process that may end on either side of a call.
import { createSupplierPeers, type SupplierFault, type SupplierPeers } from '../support/supplier-peers.ts'
import type { EngineParts } from '../../src/engine/channel-run.ts'
import type { SimulatedProcess } from './process.ts'
import { forever, strikes, type Simulation } from './simulation.ts'
import { rateOf } from './swarm.ts'

const faults = [
  ['supplier-refuses', 'refuses'],
  ['supplier-busy', 'busy'],
  ['supplier-drops-before', 'drops-before-taking'],
  ['supplier-drops-after', 'drops-after-taking'],
] as const satisfies [string, SupplierFault][]

/** `asked`: the run, which is not whole yet when its suppliers are there. */
export function openPeers(asked: () => Simulation): SupplierPeers {
  const peers = createSupplierPeers()
  peers.fault = ({ way, place, isLookUp }) => {
    const run = asked()
    for (const [name, fault] of faults) {
      const isPossible = !isLookUp || fault === 'busy' || fault === 'drops-before-taking'
      if (!isPossible || !strikes(run, `${name}/${place}`, rateOf(run.swarm, name))) continue
      run.trace.add(place, isLookUp ? 'is asked' : `is sent by ${way}`, fault)
      return fault
    }
    if (way !== 'sftp' || !isLookUp) run.trace.add(place, isLookUp ? 'is asked' : `is sent by ${way}`)
    return null
  }
  return peers
}

type Ways = Pick<EngineParts, 'mail' | 'sftp' | 'outside' | 'drawOrder'>

export function openWays(simulation: Simulation, process: Omit<SimulatedProcess, 'parts'>): Ways {
  const { peers, clock, tape } = simulation
  const overTheRoad = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    await process.live()
    if (process.mayCrash('before a call')) await forever()
    await clock.sleep(tape.between('latency/supplier', 50, 900))
    try {
      return await call()
    } finally {
      await process.live()
      if (process.mayCrash('between call and answer')) {
        simulation.sometimes.see('crash between what a supplier took and our commit')
        await forever()
      }
    }
  }
  return {
    mail: { from: peers.mail.from, send: (message) => overTheRoad(() => peers.mail.send(message)) },
    sftp: {
      hostKey: peers.sftp.hostKey,
      use: (address, work) => overTheRoad(() => peers.sftp.use(address, work)),
    },
    outside: {
      stream: peers.outside.stream,
      request: (request) => overTheRoad(() => peers.outside.request(request)),
    },
    drawOrder: (order) => Promise.resolve(Buffer.from(order.number)),
  }
}
