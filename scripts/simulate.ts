// The whole hub against the sandboxes of its marketplaces on virtual time, from a seed. Needs nothing by hand: it starts a
// PostgreSQL of its own on a temporary folder. Ends with 1 where a promise was broken.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '../src/platform/embedded-postgres.ts'
import { migrate } from '../src/platform/migrate.ts'
import { replayCommand, runBatch, shrink, type Place } from '../test/simulation/batch.ts'
import { isMarketplaceId, marketplaceIds, type MarketplaceId } from '../test/simulation/marketplaces.ts'
import { neverSeen } from '../test/simulation/sometimes.ts'
import { faultClasses, isFaultClass, tempos, type FaultClass } from '../test/simulation/swarm.ts'
import type { RunResult } from '../test/simulation/world.ts'
import { readCommandLine, refuseCommandLine } from './command-line.ts'

const usage =
  'Usage: npm run simulate -- [--seed N] [--days N] [--seeds N] [--tempo brisk|calm] [--marketplace a,b] [--without a,b] [--no-shrink] [--trace] [--json]'
const { values } = readCommandLine(usage, {
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    days: { type: 'string' },
    tempo: { type: 'string', default: 'brisk' },
    marketplace: { type: 'string' },
    without: { type: 'string', default: '' },
    'no-shrink': { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})

const seed = wholeNumber('seed', values.seed)
const count = wholeNumber('seeds', values.seeds)
const days = values.days === undefined ? undefined : Number(values.days)
if (days !== undefined && !(days > 0 && days <= 365)) refuse('--days is a number above 0, up to 365.')
const without = values.without.split(',').filter((name) => name !== '')
for (const name of without)
  if (!isFaultClass(name)) refuse(`There is no class "${name}". Known classes: ${faultClasses.join(', ')}.`)

const marketplaces = values.marketplace?.split(',').filter((name) => name !== '')
for (const name of marketplaces ?? [])
  if (!isMarketplaceId(name)) refuse(`There is no marketplace "${name}". Known: ${marketplaceIds.join(', ')}.`)
if (marketplaces?.length === 0) refuse('--marketplace names one or several.')

const tempo = tempos.find((one) => one === values.tempo)
if (!tempo) refuse(`There is no tempo "${values.tempo}". Known: ${tempos.join(', ')}.`)

const say = values.json ? () => {} : (text: string) => console.log(text)
process.exitCode = await withPostgres(simulate)

async function simulate(place: Place): Promise<number> {
  const options = {
    days,
    tempo,
    without: without as FaultClass[],
    marketplaces: marketplaces as MarketplaceId[] | undefined,
    ...(values.trace ? { onLine: say } : {}),
  }
  const seeds = Array.from({ length: count }, (_, index) => seed + index)
  const runs = await runBatch(place, seeds, { ...options, onRun: (run) => say(lineOf(run)) })
  const failed = runs.find((run) => run.violations.length > 0)
  const shown = failed ?? runs.at(-1)
  let replay = shown && replayCommand({ ...options, days: shown.swarm.days, run: shown })
  if (failed) {
    tell(failed)
    if (!values['no-shrink']) {
      say('\nLooking for a smaller run that breaks the same promise …')
      const smallest = await shrink(place, failed, { ...options, seed: failed.seed })
      replay = replayCommand(smallest)
    }
    say(`\nReplay: ${replay}`)
  } else say(summary(runs))
  if (values.json) {
    const main = { seed: shown?.seed, traceHash: shown?.traceHash, violations: shown?.violations ?? [], replay }
    console.log(JSON.stringify({ ...main, runs: runs.map(withoutTape) }))
  }
  return failed ? 1 : 0
}

/** Tens of thousands of numbers, which the seed gives again. */
function withoutTape(run: RunResult): Partial<RunResult> {
  const { tape, ...rest } = run
  return { ...rest, tape: tape.slice(0, 0) }
}

function lineOf({ seed, swarm, figures, violations, traceHash }: RunResult): string {
  const { orders, parcels, pushes, renewals, seconds, quietHours } = figures
  const verdict = violations.length === 0 ? 'holds' : `BROKEN (${violations.map((one) => one.invariant).join(', ')})`
  const size = `${swarm.tempo}, ${swarm.marketplaces.join(' + ')}, ${swarm.days} days, ${swarm.workers} workers, ${orders} orders, ${parcels} parcels, ${pushes} figures sent, ${renewals} renewals`
  return `seed ${seed}: ${verdict} · ${size}, at rest after ${quietHours} h · ${seconds} s · ${traceHash.slice(0, 16)}`
}

function tell({ seed, swarm, violations }: RunResult): void {
  say(`\nSeed ${seed} broke ${violations.length} promises. Faults: ${JSON.stringify(swarm.faults)}`)
  for (const { invariant, sentence, at } of violations) say(`  ${at} ${invariant}: ${sentence}`)
  const [first] = violations
  if (first) say(`\nUp to the first:\n${first.timeline.map((line) => `  ${line}`).join('\n')}`)
}

function summary(runs: RunResult[]): string {
  const seconds = runs.reduce((sum, run) => sum + run.figures.seconds, 0)
  const simulated = runs.reduce((sum, run) => sum + run.swarm.days + run.figures.quietHours / 24, 0)
  const unseen = neverSeen(runs)
  const seen =
    unseen.length === 0 ? 'Everything that should happen sometimes did.' : `Never seen: ${unseen.join('; ')}.`
  return `${runs.length} seeds, ${simulated.toFixed(1)} days in ${seconds.toFixed(0)} s, ${(simulated / seconds).toFixed(2)} days a second. ${seen}`
}

async function withPostgres(work: (place: Place) => Promise<number>): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-simulation-'))
  const postgres = await startEmbeddedPostgres({ dataFolder: folder, fsync: false, connectionsMax: 20 })
  try {
    await migrate(postgres.ownerConnectionString)
    return await work(postgres)
  } finally {
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) refuse(`--${name} is a whole number from 1.`)
  return value
}

function refuse(sentence: string): never {
  return refuseCommandLine(usage, sentence)
}
