// What every benchmark stands on: a PostgreSQL of its own with fsync on, as sellers run it, in a folder that is gone
// afterwards, also after Ctrl+C; and what is measured there beside the physical limit of the same rows.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { createDatabase, type Database } from '../../src/platform/database.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/platform/embedded-postgres.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { createQueue, type Queue } from '../../src/platform/queue.ts'
import { createSecrets, type Secrets } from '../../src/platform/secrets.ts'

export type Benchmark = {
  name: string
  sentence: string
  /** Alone, and as one of all. */
  sizes: { alone: number; among: number; max: number }
  run(world: BenchWorld, size: number): Promise<Measured>
}

/** Each ratio is the share of the physical limit that is reached: 1 would be the limit itself. */
export type Measured = {
  figures: Record<string, number>
  limits: Record<string, number>
  ratios: Record<string, number>
  /** What the figures are of, for a reader. */
  notes: string[]
}

export type BenchWorld = {
  db: Database
  queue: Queue
  secrets: Secrets
  /** Works behind the wall like the hub, and bare: for the limits. */
  bare: Client
  /** So many more of them, for limits of work at once. */
  moreBare(count: number): Promise<Client[]>
  /** Sees all tenants: for filling tables and looking at what was written. */
  owner: Client
  /** Megabytes of this process, the most since the last question. */
  rssMb(): number
}

export async function withWorld<Result>(work: (world: BenchWorld) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-bench-'))
  const postgres = startEmbeddedPostgres({ dataFolder: folder, connectionsMax: 20 })
  let cleaned: Promise<void> | undefined
  // Once, although an interrupted benchmark fails and would clean up as well.
  const clean = () => (cleaned ??= cleanUp(postgres, folder))
  const interrupted = (signal: NodeJS.Signals) => {
    // The connections that break now concern nobody, whoever holds them.
    process.on('uncaughtException', () => {})
    void clean().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143))
  }
  process.on('SIGINT', interrupted).on('SIGTERM', interrupted)
  try {
    return await furnish(await postgres, work)
  } finally {
    await clean()
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted)
  }
}

async function cleanUp(postgres: Promise<EmbeddedPostgres>, folder: string): Promise<void> {
  await postgres.then((server) => server.stop()).catch(() => {})
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
}

async function furnish<Result>(
  { ownerConnectionString, connectionString }: EmbeddedPostgres,
  work: (world: BenchWorld) => Promise<Result>,
): Promise<Result> {
  await migrate(ownerConnectionString)
  const db = createDatabase({ connectionString, poolMax: 4 })
  // Kicks are sent as the hub sends them; nobody works them off meanwhile.
  const queue = createQueue({ connectionString, poolMax: 1 })
  db.attachQueue(queue)
  await queue.start()
  const [bare, owner] = await Promise.all([connect(connectionString), connect(ownerConnectionString)])
  const memory = watchMemory()
  const more: Client[] = []
  const moreBare = async (count: number) => {
    const clients = await Promise.all(Array.from({ length: count }, () => connect(connectionString)))
    more.push(...clients)
    return clients
  }
  const secrets = createSecrets([Buffer.alloc(32, 7)])
  try {
    return await work({ db, queue, secrets, bare, moreBare, owner, rssMb: memory.mostMb })
  } finally {
    memory.stop()
    await Promise.allSettled([...[bare, owner, ...more].map((client) => client.end()), queue.stop(), db.close()])
  }
}

async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString })
  // Ctrl+C ends the server first.
  client.on('error', () => {})
  await client.connect()
  return client
}

function watchMemory() {
  let most = 0
  const look = () => (most = Math.max(most, process.memoryUsage.rss()))
  const timer = setInterval(look, 50)
  return {
    mostMb() {
      look()
      const megabytes = Math.round(most / 1_048_576)
      most = 0
      return megabytes
    },
    stop: () => clearInterval(timer),
  }
}

/** Milliseconds that the work took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

/** The value below which this part of them lies, 0.95 for the slowest twentieth left out. */
export function percentile(values: number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? 0
}

export function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** Three digits that count: more would be noise. */
export function round(value: number): number {
  return Number(value.toPrecision(3))
}

/** The hub's milliseconds for so many things beside the bare ones. */
export function rates(count: number, { hubMs, bareMs }: { hubMs: number; bareMs: number }) {
  const rate = (milliseconds: number) => ({
    seconds: round(milliseconds / 1000),
    perSecond: Math.round((count / milliseconds) * 1000),
  })
  return { hub: rate(hubMs), bare: rate(bareMs), ratio: round(bareMs / hubMs) }
}
