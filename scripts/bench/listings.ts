// All listings of a large account downloaded and stored: our own time, without what the marketplace and its limits make us
// wait, and the memory it takes.
import { connectors } from '../../src/connectors/index.ts'
import { connectMarketplace, fillMarketplace } from './marketplace.ts'
import { round, type Benchmark, type BenchWorld } from './world.ts'

export const listings: Benchmark = {
  name: 'listings',
  sentence: 'listings downloaded from each marketplace and stored, beside the seconds the marketplace itself took',
  sizes: { alone: 100_000, among: 2_000, max: 1_000_000 },
  async run(world, size) {
    const figures: Record<string, number> = {}
    const limits: Record<string, number> = {}
    for (const id of Object.keys(connectors)) {
      const measured = await measure(world, id, size)
      figures[`${id}Seconds`] = round(measured.ownSeconds)
      figures[`${id}RssGrowthMb`] = measured.growthMb
      limits[`${id}Seconds`] = round(measured.waitedSeconds)
    }
    const notes = [
      'The limit is what the sandbox took and what its rates made us wait; the figure is the rest of the time.',
    ]
    return { figures, limits, ratios: {}, notes }
  },
}

async function measure(world: BenchWorld, id: string, size: number) {
  const marketplace = await connectMarketplace(world, id)
  try {
    await fillMarketplace(marketplace, size)
    await marketplace.control('limit', { perSecond: 100_000, burst: 100_000 })
    world.rssMb()
    const before = world.rssMb()
    const started = performance.now()
    const waitedBefore = marketplace.waitedMs()
    await marketplace.finish('pull-listings')
    const waitedSeconds = (marketplace.waitedMs() - waitedBefore) / 1000
    const seconds = (performance.now() - started) / 1000
    const { rows } = await world.owner.query<{ count: number }>(
      'select count(*)::int as count from listings where channel_id = $1',
      [marketplace.channelId],
    )
    if (rows[0]?.count !== size) throw new Error(`${rows[0]?.count} listings were stored, and not ${size}.`)
    return { ownSeconds: seconds - waitedSeconds, waitedSeconds, growthMb: world.rssMb() - before }
  } finally {
    await marketplace.stop()
  }
}
