import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  chownSync,
} from 'node:fs'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { Client } from 'pg'
import { z } from 'zod'
import { startDeadline, systemClock } from './clock.ts'
import { isAlive, lockFolder } from './folder-lock.ts'
import { findPostgres, type PostgresBinaries } from './postgres-binaries.ts'
import { chooseLauncher, giveTo, runToEnd, spawnServer, type Launcher } from './postgres-process.ts'
import { systemRandom } from './random.ts'
import { StartRefused } from './start-refused.ts'

export type EmbeddedPostgres = {
  /** The owner of the schema: migrations only. */
  ownerConnectionString: string
  /** The role the hub works as: it owns nothing and cannot bypass row-level security. */
  connectionString: string
  port: number
  pid: number
  stop(): Promise<void>
}

export type EmbeddedPostgresOptions = {
  dataFolder: string
  /** Off only in tests: without it a power cut loses what was acknowledged. */
  fsync?: boolean
  connectionsMax?: number
  /** Called when the server ends although nobody stopped it. */
  onUnexpectedExit?: (sentence: string) => void
}

const serverVersion = '18'
const startAttemptsMax = 60
const startSecondsMax = 300
const stopSecondsMax = 60
const logBytesMax = 10_000_000

/** Starts the PostgreSQL that came with us on a folder of ours; the first start makes the database. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const folder = resolve(options.dataFolder)
  const lock = lockFolder(folder)
  try {
    const binaries = findPostgres(folder)
    const launcher = chooseLauncher(binaries, join(folder, 'postgres'))
    const passwords = await prepareCluster(folder, binaries, launcher, options.fsync ?? true)
    await awaitStaleServer(join(folder, 'postgres'))
    removeOldSockets(join(folder, 'postgres'))
    const server = await launchWithPatience(folder, binaries, launcher, options)
    try {
      await prepareDatabase(server, passwords)
    } catch (error) {
      await stopServer(server.child)
      throw error
    }
    return runningServer(server, passwords, options, () => lock.release())
  } catch (error) {
    lock.release()
    throw error
  }
}

type Server = { child: ChildProcess; port: number; pid: number; socketFolder: string | undefined }
type Passwords = z.infer<typeof passwordsSchema>
const passwordsSchema = z.object({ owner: z.string(), app: z.string() })

function runningServer(
  server: Server,
  passwords: Passwords,
  options: EmbeddedPostgresOptions,
  release: () => void,
): EmbeddedPostgres {
  let isStopping = false
  server.child.once('exit', (code, signal) => {
    if (isStopping) return
    options.onUnexpectedExit?.(
      `The embedded PostgreSQL stopped unexpectedly (${signal ?? code}). Its log is ${join(resolve(options.dataFolder), 'postgres.log')}.`,
    )
  })
  return {
    ownerConnectionString: address(server, 'fairlead_owner', passwords.owner),
    connectionString: address(server, 'fairlead_app', passwords.app),
    port: server.port,
    pid: server.pid,
    async stop() {
      if (isStopping) return
      isStopping = true
      await stopServer(server.child)
      release()
    },
  }
}

function address({ port, socketFolder }: Server, user: string, password: string, database = 'fairlead'): string {
  const bySocket = socketFolder === undefined ? '' : `?host=${encodeURIComponent(socketFolder)}`
  return `postgresql://${user}:${password}@127.0.0.1:${port}/${database}${bySocket}`
}

/**
 * A statement by a Unix socket costs a tenth less than one by TCP. Its path may have 103 bytes on every system we know,
 * and where the data lie deeper, TCP serves alone.
 */
function socketFolderOf(cluster: string): string | undefined {
  const pathBytesMax = 103
  const isShort = Buffer.byteLength(join(cluster, '.s.PGSQL.65535')) <= pathBytesMax
  return process.platform !== 'win32' && isShort ? cluster : undefined
}

/** Each start has a port of its own, and a server that was killed leaves its socket behind. */
function removeOldSockets(cluster: string): void {
  for (const name of readdirSync(cluster)) if (name.startsWith('.s.PGSQL.')) rmSync(join(cluster, name))
}

/** Makes the cluster beside its final name, so that a start cut short leaves nothing half made behind. */
async function prepareCluster(
  folder: string,
  binaries: PostgresBinaries,
  launcher: Launcher,
  fsync: boolean,
): Promise<Passwords> {
  const cluster = join(folder, 'postgres')
  const passwordFile = join(folder, 'postgres-password')
  if (existsSync(cluster)) {
    assertVersion(cluster)
    giveTo(launcher, cluster)
    return readPasswords(passwordFile, cluster)
  }
  const fresh = join(folder, 'postgres.new')
  const initial = join(folder, 'postgres-password.new')
  const passwords = { owner: systemRandom.bytes(24).toString('hex'), app: systemRandom.bytes(24).toString('hex') }
  rmSync(fresh, { recursive: true, force: true })
  rmSync(initial, { force: true })
  mkdirSync(fresh, { mode: 0o700 })
  writeFileSync(initial, passwords.owner, { mode: 0o600 })
  for (const path of [fresh, initial]) if (process.getuid?.() === 0) chownSync(path, launcher.uid, launcher.gid)
  const made = runToEnd(
    launcher,
    binaries.initdb,
    [
      '-D',
      fresh,
      '--username=fairlead_owner',
      '--auth=scram-sha-256',
      `--pwfile=${initial}`,
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      '--no-instructions',
      ...(fsync ? [] : ['--no-sync']),
    ],
    binaries.libraryFolder,
  )
  rmSync(initial, { force: true })
  if (!made.ok) throw new StartRefused(`The database could not be made in ${folder}: ${lastLine(made.output)}`)
  writeFileSync(passwordFile, JSON.stringify(passwords), { mode: 0o600 })
  renameSync(fresh, cluster)
  return passwords
}

function assertVersion(cluster: string): void {
  const file = join(cluster, 'PG_VERSION')
  const version = existsSync(file) ? readFileSync(file, 'utf8').trim() : 'unknown'
  if (version === serverVersion) return
  throw new StartRefused(
    `The database in ${cluster} was made by PostgreSQL ${version}, and this hub brings PostgreSQL ${serverVersion}. ` +
      'Restore a backup into a new DATA_DIR, or start the hub version that made it.',
  )
}

function readPasswords(file: string, cluster: string): Passwords {
  try {
    return passwordsSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    throw new StartRefused(
      `The password file ${file} is missing or damaged, and without it the database in ${cluster} stays shut. Put it back from your backup.`,
      error,
    )
  }
}

/** A server whose hub was killed is on its way out by itself; where nothing told it, we do. */
async function awaitStaleServer(cluster: string): Promise<void> {
  const stale = readPostmaster(cluster)
  if (!stale || !isAlive(stale.pid) || !isOurServer(stale.pid)) return
  if (await waitUntil(() => !isAlive(stale.pid), 5)) return
  process.kill(stale.pid, 'SIGINT')
  if (await waitUntil(() => !isAlive(stale.pid), stopSecondsMax)) return
  throw new StartRefused(
    `A PostgreSQL left over from an earlier hub (process ${stale.pid}) still uses ${cluster} and does not stop. End that process, then start again.`,
  )
}

function readPostmaster(cluster: string): { pid: number; status: string } | undefined {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')
    const pid = Number(lines[0])
    return Number.isSafeInteger(pid) && pid > 0 ? { pid, status: lines[7]?.trim() ?? '' } : undefined
  } catch {
    return undefined
  }
}

/** After a restart of the machine the number may belong to anything. */
function isOurServer(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres')
  } catch {
    return process.platform !== 'linux'
  }
}

/** After a crash the first attempts may meet leftovers of the old server that vanish by themselves. */
async function launchWithPatience(
  folder: string,
  binaries: PostgresBinaries,
  launcher: Launcher,
  options: EmbeddedPostgresOptions,
): Promise<Server> {
  const leftovers =
    /postmaster\.pid" already exists|shared memory block .* still in use|could not bind|Address already in use/
  for (let attempt = 1; ; attempt++) {
    const outcome = await launch(folder, binaries, launcher, options)
    if ('child' in outcome) return outcome
    if (attempt === startAttemptsMax || !leftovers.test(outcome.log)) {
      throw new StartRefused(
        `The embedded PostgreSQL did not start: ${lastLine(outcome.log)} Its log is ${join(folder, 'postgres.log')}.`,
      )
    }
    await systemClock.sleep(250)
  }
}

async function launch(
  folder: string,
  binaries: PostgresBinaries,
  launcher: Launcher,
  options: EmbeddedPostgresOptions,
): Promise<Server | { log: string }> {
  const logFile = join(folder, 'postgres.log')
  if (existsSync(logFile) && statSync(logFile).size > logBytesMax) renameSync(logFile, `${logFile}.old`)
  const logDescriptor = openSync(logFile, 'a', 0o600)
  const logStart = statSync(logFile).size
  const cluster = join(folder, 'postgres')
  const port = await freePort()
  const socketFolder = socketFolderOf(cluster)
  // In quotes it is one folder, whatever commas are in its name.
  const listed = socketFolder === undefined ? '' : `"${socketFolder.replaceAll('"', '""')}"`
  const settings = [`unix_socket_directories=${listed}`, ...settingsFor(options)]
  const args = ['-D', cluster, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])]
  const child = spawnServer(launcher, binaries.postgres, args, { logDescriptor, libraryFolder: binaries.libraryFolder })
  closeSync(logDescriptor)
  let hasEnded = false
  child.once('exit', () => (hasEnded = true))
  child.once('error', () => (hasEnded = true))
  const isReady = () => {
    const postmaster = readPostmaster(cluster)
    return postmaster?.pid === child.pid && postmaster?.status === 'ready'
  }
  await waitUntil(() => hasEnded || isReady(), startSecondsMax)
  if (!hasEnded && child.pid !== undefined && isReady()) return { child, port, pid: child.pid, socketFolder }
  if (!hasEnded) await stopServer(child)
  return { log: readFileSync(logFile, 'utf8').slice(logStart) }
}

/** Small on purpose: the whole hub shares a modest machine. Statements and row contents stay out of the log. */
function settingsFor(options: EmbeddedPostgresOptions): string[] {
  return [
    'listen_addresses=127.0.0.1',
    `max_connections=${options.connectionsMax ?? 40}`,
    'shared_buffers=64MB',
    'work_mem=8MB',
    'maintenance_work_mem=64MB',
    'max_wal_size=512MB',
    'io_method=sync',
    'jit=off',
    'max_parallel_workers_per_gather=0',
    'autovacuum_max_workers=2',
    // A new business fills empty tables within minutes; until they are counted, every plan for them is a guess.
    'autovacuum_naptime=10s',
    'timezone=UTC',
    'log_timezone=UTC',
    'log_error_verbosity=terse',
    'log_min_error_statement=panic',
    'logging_collector=off',
    ...(options.fsync === false ? ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'] : []),
  ]
}

async function prepareDatabase(server: Server, passwords: Passwords): Promise<void> {
  const client = new Client({
    connectionString: address(server, 'fairlead_owner', passwords.owner, 'postgres'),
  })
  try {
    await client.connect()
    const found = await client.query("SELECT 1 FROM pg_database WHERE datname = 'fairlead'")
    const role = await client.query("SELECT 1 FROM pg_roles WHERE rolname = 'fairlead_app'")
    // The password is our own hexadecimal text, so it needs no quoting.
    await client.query(
      `${role.rowCount === 0 ? 'CREATE' : 'ALTER'} ROLE fairlead_app LOGIN PASSWORD '${passwords.app}'`,
    )
    if (found.rowCount === 0) await client.query('CREATE DATABASE fairlead')
  } finally {
    await client.end()
  }
}

async function stopServer(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.ref()
  child.kill('SIGINT')
  // An immediate shutdown loses nothing either: the next start recovers from the log.
  const stopWaiting = startDeadline(stopSecondsMax * 1000, () => child.kill('SIGQUIT'))
  await ended
  stopWaiting()
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const taken = probe.address()
  const closed = once(probe, 'close')
  probe.close()
  await closed
  if (taken === null || typeof taken === 'string') throw new Error('The probe has no port.')
  return taken.port
}

async function waitUntil(isDone: () => boolean, seconds: number): Promise<boolean> {
  const pauseMilliseconds = 20
  for (let left = (seconds * 1000) / pauseMilliseconds; left > 0; left--) {
    if (isDone()) return true
    await systemClock.sleep(pauseMilliseconds)
  }
  return isDone()
}

function lastLine(text: string): string {
  const lines = text.trim().split('\n')
  return (
    lines.findLast((line) => /FATAL|PANIC|error|could not/i.test(line))?.trim() ??
    lines.at(-1)?.trim() ??
    'no reason given.'
  )
}
