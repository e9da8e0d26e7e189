// Benchmarks, each beside its physical limit in the same run: the machine may be slow or busy, the ratio says what the
// hub costs. Without a name: what there is, and all of them at small sizes.
import { confirmations } from './bench/confirmations.ts'
import { grid } from './bench/grid.ts'
import { listingJobs } from './bench/listing-jobs.ts'
import { listings } from './bench/listings.ts'
import { lists } from './bench/lists.ts'
import { orderLists } from './bench/order-lists.ts'
import { orderLatency } from './bench/order-latency.ts'
import { orders } from './bench/orders.ts'
import { prices } from './bench/prices.ts'
import { push } from './bench/push.ts'
import { settleStock } from './bench/settle-stock.ts'
import { watchStatements } from './bench/statements.ts'
import { supplierFile } from './bench/supplier-file.ts'
import { withWorld, type Benchmark, type Measured } from './bench/world.ts'
import { readCommandLine, refuseCommandLine } from './command-line.ts'
import { StartRefused } from '../src/platform/start-refused.ts'

const benchmarks: Benchmark[] = [
  orders,
  orderLatency,
  supplierFile,
  settleStock,
  lists,
  orderLists,
  push,
  prices,
  listings,
  listingJobs,
  grid,
  confirmations,
]
const sizeMin = 5

const usage = 'Usage: npm run bench -- [name] [--size N] [--json] [--statements]'
const { positionals, values } = readCommandLine(usage, {
  allowPositionals: true,
  options: {
    size: { type: 'string' },
    json: { type: 'boolean', default: false },
    statements: { type: 'boolean', default: false },
  },
})
const say = values.json ? () => {} : (text: string) => console.log(text)
const [name] = positionals
const chosen = benchmarks.find((benchmark) => benchmark.name === name)
const names = benchmarks.map((benchmark) => benchmark.name).join(', ')
if (positionals.length > 1) refuse(`One benchmark at a time, or none for all of them: ${names}.`)
if (name !== undefined && !chosen) refuse(`There is no benchmark "${name}". There are: ${names}.`)
if (values.size !== undefined && !chosen) refuse('--size goes with the name of one benchmark.')

try {
  await (chosen ? measureOne(chosen) : measureAll())
} catch (error) {
  if (!(error instanceof StartRefused)) throw error
  console.error(error.message)
  process.exitCode = 1
}

async function measureOne(benchmark: Benchmark): Promise<void> {
  const size = readSize(benchmark, values.size)
  const { notes: _, ...measured } = await measure(benchmark, size)
  if (values.json) console.log(JSON.stringify({ name: benchmark.name, size, ...measured }))
}

async function measureAll(): Promise<void> {
  for (const benchmark of benchmarks) say(`${benchmark.name.padEnd(14)} ${benchmark.sentence}`)
  const all = { name: 'all', size: {}, figures: {}, limits: {}, ratios: {} }
  for (const benchmark of benchmarks) {
    const size = benchmark.sizes.among
    const { figures, limits, ratios } = await measure(benchmark, size)
    const entries = { size, figures, limits, ratios }
    for (const key of ['size', 'figures', 'limits', 'ratios'] as const)
      Object.assign(all[key], { [benchmark.name]: entries[key] })
  }
  if (values.json) console.log(JSON.stringify(all))
}

async function measure(benchmark: Benchmark, size: number): Promise<Measured> {
  say(`\n${benchmark.name}, size ${size}: ${benchmark.sentence}`)
  const statements = values.statements ? watchStatements() : undefined
  const measured = await withWorld((world) => benchmark.run(world, size))
  const { figures, limits, ratios, notes } = measured
  for (const key of Object.keys(figures)) {
    const limit = limits[key] === undefined ? '' : `limit ${limits[key]}`
    const ratio = ratios[key] === undefined ? '' : `ratio ${ratios[key]}`
    say(`  ${key.padEnd(22)} ${String(figures[key]).padStart(10)}   ${limit.padEnd(18)} ${ratio}`.trimEnd())
  }
  for (const note of notes) say(`  ${note}`)
  for (const line of statements?.() ?? []) say(line)
  return measured
}

function readSize(benchmark: Benchmark, text: string | undefined): number {
  const { alone, max } = benchmark.sizes
  const size = text === undefined ? alone : Number(text)
  if (!Number.isSafeInteger(size) || size < sizeMin || size > max)
    refuse(`--size is a whole number from ${sizeMin} to ${max} for ${benchmark.name}.`)
  return size
}

function refuse(sentence: string): never {
  return refuseCommandLine(usage, sentence)
}
