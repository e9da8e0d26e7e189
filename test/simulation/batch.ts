// Many seeds one after the other on one database, and the smallest run that still fails.
import { emptyDatabase } from './empty-database.ts'
import type { MarketplaceId } from './marketplaces.ts'
import { faultClasses, type FaultClass } from './swarm.ts'
import { runSeed, type RunOptions, type RunResult } from './world.ts'

export type Place = { connectionString: string; ownerConnectionString: string }

export async function runOne(place: Place, options: RunOptions): Promise<RunResult> {
  await emptyDatabase(place.ownerConnectionString)
  return runSeed(place.connectionString, options)
}

export async function runBatch(
  place: Place,
  seeds: number[],
  options: Omit<RunOptions, 'seed'> & { onRun?: (run: RunResult) => void } = {},
): Promise<RunResult[]> {
  const { onRun, ...rest } = options
  const runs: RunResult[] = []
  for (const seed of seeds) {
    const run = await runOne(place, { ...rest, seed })
    runs.push(run)
    onRun?.(run)
  }
  return runs
}

export type Smallest = {
  days: number
  without: FaultClass[]
  marketplaces: MarketplaceId[] | undefined
  run: RunResult
}

/** Cuts the days and the marketplaces, then switches off one class of faults after the other, for as long as the same promise is broken. */
export async function shrink(place: Place, failed: RunResult, options: RunOptions): Promise<Smallest> {
  const invariant = failed.violations[0]?.invariant
  const { marketplaces } = options
  let smallest: Smallest = {
    days: failed.swarm.days,
    without: [...(options.without ?? [])],
    marketplaces: marketplaces && [...marketplaces],
    run: failed,
  }
  const attempt = async (changes: Partial<Smallest>) => {
    const { run: _, ...smaller } = { ...smallest, ...changes }
    const run = await runOne(place, { ...options, ...smaller })
    if (run.violations.some((one) => one.invariant === invariant)) smallest = { ...smaller, run }
  }
  for (const days of [0.25, 0.5, 1].filter((days) => days < failed.swarm.days)) {
    await attempt({ days })
    if (smallest.days === days) break
  }
  for (const id of failed.swarm.marketplaces) {
    const others = smallest.run.swarm.marketplaces.filter((one) => one !== id)
    if (others.length > 0) await attempt({ marketplaces: others })
  }
  for (const name of faultClasses) {
    if (failed.swarm.faults[name] !== undefined && !smallest.without.includes(name))
      await attempt({ without: [...smallest.without, name] })
  }
  return smallest
}

/** One command that plays it again. */
export function replayCommand({ days, without, marketplaces, run }: Smallest): string {
  const classes = without.length > 0 ? ` --without ${without.join(',')}` : ''
  const tempo = run.swarm.tempo === 'brisk' ? '' : ` --tempo ${run.swarm.tempo}`
  const where = marketplaces ? ` --marketplace ${marketplaces.join(',')}` : ''
  return `npm run simulate -- --seed ${run.seed} --days ${days}${tempo}${where}${classes}`
}
