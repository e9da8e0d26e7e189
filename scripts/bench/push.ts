// Stock figures told to each marketplace as quickly as it allows: calls counted by the sandbox's own meter beside what its
// published plan would have let through in the same time.
import { connectors } from '../../src/connectors/index.ts'
import { settleMarks } from '../../src/domain/stock/settle-stock.command.ts'
import { changeAllStock, connectMarketplace, fillMarketplace, mapEverything } from './marketplace.ts'
import { round, type Benchmark, type BenchWorld } from './world.ts'

type Limit = { perSecond: number; burst: number }
type Metered = {
  limit: Limit
  plans: Record<string, Limit>
  refused: number
  byOperation: Record<string, { calls: number; refused: number; limit: Limit; firstAt: string; lastAt: string }>
}

export const push: Benchmark = {
  name: 'push',
  sentence:
    'seconds of pushing stock to each marketplace under its published plan: share of the allowed calls, and calls refused',
  sizes: { alone: 40, among: 15, max: 600 },
  async run(world, seconds) {
    const figures: Record<string, number> = {}
    const limits: Record<string, number> = {}
    const ratios: Record<string, number> = {}
    let refused = 0
    for (const id of Object.keys(connectors)) {
      const measured = await measure(world, id, seconds)
      const key = `${id}PerSecond`
      figures[key] = round(measured.calls / measured.seconds)
      limits[key] = measured.perSecond
      ratios[key] = round(Math.min(1, measured.calls / (measured.perSecond * measured.seconds)))
      figures[`${id}ShareWithBurst`] = round(measured.calls / measured.allowed)
      refused += measured.refused
    }
    figures['refusedCalls'] = refused
    figures['rssMb'] = world.rssMb()
    const notes = [
      'The limit is the rate of the plan that the sandbox meters; where none is published, it is the sandbox’s own.',
      'ShareWithBurst counts also the burst a plan begins with, over the time between the first and the last call.',
    ]
    return { figures, limits, ratios, notes }
  },
}

async function measure(world: BenchWorld, id: string, seconds: number) {
  const marketplace = await connectMarketplace(world, id)
  const operation = marketplace.operations.pushStock
  try {
    const { plans, limit: usual } = (await marketplace.control('meter')) as Metered
    const limit = plans[operation] ?? usual
    const count = Math.ceil(limit.burst + limit.perSecond * seconds * 1.2)
    await fillMarketplace(marketplace, count)
    await marketplace.finish('pull-listings')
    await mapEverything(world, marketplace)
    await changeAllStock(world, marketplace, 40)
    while ((await settleMarks(world.db, marketplace.tenantId)) !== 'done') continue
    const until = performance.now() + seconds * 1000
    while (performance.now() < until) {
      if ((await marketplace.kick('push-stock')) === 'done') break
    }
    const metered = (await marketplace.control('meter')) as Metered
    const counted = metered.byOperation[operation]
    if (!counted) throw new Error(`Nothing was pushed to ${id}.`)
    const lasted = (new Date(counted.lastAt).getTime() - new Date(counted.firstAt).getTime()) / 1000
    const allowed = counted.limit.burst + counted.limit.perSecond * lasted
    return {
      calls: counted.calls,
      refused: metered.refused,
      seconds: lasted,
      allowed,
      perSecond: counted.limit.perSecond,
    }
  } finally {
    await marketplace.stop()
  }
}
