import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.ts'
import { isAlive } from './folder-lock.ts'
import { StartRefused } from './start-refused.ts'

// Making a cluster takes seconds on a busy disk, so all tests but those about making one begin with a copy.
let made: string
let folder: string
const servers: EmbeddedPostgres[] = []
const processes: ChildProcess[] = []
beforeAll(async () => {
  made = await mkdtemp(join(tmpdir(), 'fairlead-launcher-'))
  await chmod(made, 0o755)
  const server = await startEmbeddedPostgres({ dataFolder: made, fsync: false })
  await server.stop()
})
afterAll(() => rm(made, { recursive: true }))
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-launcher-'))
  execFileSync('cp', ['-a', `${made}/.`, folder])
})
afterEach(async () => {
  for (const child of processes.splice(0)) child.kill('SIGKILL')
  for (const server of servers.splice(0)) await server.stop()
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 })
})

const start = async () => {
  const server = await startEmbeddedPostgres({ dataFolder: folder })
  servers.push(server)
  return server
}

const hubProcess = async (dataFolder = folder) => {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../test/support/hub-process.ts'), dataFolder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  processes.push(child)
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return { child, ...(JSON.parse(line) as { pid: number; ownerConnectionString: string; refused?: string }) }
}

const query = async (connectionString: string, text: string) => {
  const client = new Client({ connectionString })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    await client.end()
  }
}

const refusal = async (starting: Promise<unknown>) => {
  const error: unknown = await starting.catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(StartRefused)
  return (error as StartRefused).sentence
}

test('the first start makes a database for a role without rights, and a second start finds what was stored', async () => {
  await rm(folder, { recursive: true })
  const first = await start()
  await query(first.ownerConnectionString, 'create table kept (value int); insert into kept values (7)')
  expect(
    await query(
      first.connectionString,
      'select current_user as name, (select rolsuper from pg_roles where rolname = current_user) as free',
    ),
  ).toEqual([{ name: 'fairlead_app', free: false }])
  expect((await query(first.ownerConnectionString, 'show fsync'))[0]).toEqual({ fsync: 'on' })
  await first.stop()
  expect(isAlive(first.pid)).toBe(false)
  const second = await start()
  expect(await query(second.ownerConnectionString, 'select value from kept')).toEqual([{ value: 7 }])
})

test('the passwords are readable by us alone, and nobody comes in without one', async () => {
  const server = await start()
  expect((await stat(join(folder, 'postgres-password'))).mode & 0o077).toBe(0)
  const withoutPassword = server.connectionString.replace(/:[0-9a-f]{48}@/, ':wrong@')
  await expect(query(withoutPassword, 'select 1')).rejects.toThrow(/password authentication failed/)
})

test('the hub comes by a Unix socket, a program of the operator by TCP, and a killed server leaves no socket in the way', async () => {
  await writeFile(join(folder, 'postgres', '.s.PGSQL.1'), '')
  const server = await start()
  const from = async (address: string) => (await query(address, 'select inet_client_addr() as client'))[0]
  expect(await from(server.connectionString)).toEqual({ client: null })
  const byTcp = new URL(server.connectionString)
  byTcp.search = ''
  expect(await from(byTcp.toString())).toEqual({ client: '127.0.0.1' })
  const sockets = (await readdir(join(folder, 'postgres'))).filter((name) => name.startsWith('.s.PGSQL.'))
  expect(sockets.toSorted()).toEqual([`.s.PGSQL.${server.port}`, `.s.PGSQL.${server.port}.lock`])
})

test('a folder too deep for a Unix socket has TCP alone', async () => {
  const deep = join(folder, 'd'.repeat(100))
  await mkdir(deep, { mode: 0o755 })
  execFileSync('cp', ['-a', join(made, 'postgres'), join(made, 'postgres-password'), deep])
  const server = await startEmbeddedPostgres({ dataFolder: deep })
  servers.push(server)
  expect(await query(server.connectionString, 'select inet_client_addr() as client')).toEqual([{ client: '127.0.0.1' }])
})

test('a second hub on the same folder is refused, with the folder and the process in the sentence', async () => {
  const first = await hubProcess()
  const second = await hubProcess()
  expect(second.refused).toContain(`process ${first.child.pid}`)
  expect(second.refused).toContain(folder)
  expect(await query(first.ownerConnectionString, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('M5: after kill -9 of the hub the server stops by itself, the folder opens again and nothing acknowledged is lost', async () => {
  for (let round = 0; round < 2; round++) {
    const hub = await hubProcess()
    await query(hub.ownerConnectionString, 'create table if not exists acknowledged (value int)')
    const client = new Client({ connectionString: hub.ownerConnectionString })
    client.on('error', () => {})
    await client.connect()
    const before = await query(hub.ownerConnectionString, 'select count(*)::int as rows from acknowledged')
    let acknowledged = Number(before[0]?.['rows'])
    const writing = (async () => {
      for (;;) {
        await client.query('insert into acknowledged values (1)')
        if (++acknowledged % 100 === 50) hub.child.kill('SIGKILL')
      }
    })()
    await expect(writing).rejects.toThrow()
    if (hub.child.exitCode === null && hub.child.signalCode === null) await once(hub.child, 'exit')
    await client.end().catch(() => {})
    const again = await start()
    const [found] = await query(again.ownerConnectionString, 'select count(*)::int as rows from acknowledged')
    expect(Number(found?.['rows'])).toBeGreaterThanOrEqual(acknowledged)
    expect(isAlive(hub.pid)).toBe(false)
    await again.stop()
  }
})

test('M5: after kill -9 of the server itself the next start waits for its leftovers and succeeds', async () => {
  const hub = await hubProcess()
  await query(hub.ownerConnectionString, 'create table kept (value int); insert into kept values (7)')
  process.kill(hub.pid, 'SIGKILL')
  const ended = once(hub.child, 'exit')
  hub.child.kill('SIGKILL')
  await ended
  const again = await start()
  expect(await query(again.ownerConnectionString, 'select value from kept')).toEqual([{ value: 7 }])
})

test('a lock file of a process that is gone stands in nobody’s way', async () => {
  await writeFile(join(folder, 'hub.lock'), '999999999\n')
  const server = await start()
  expect(await readFile(join(folder, 'hub.lock'), 'utf8')).toBe(`${process.pid}\n`)
  await server.stop()
  await start()
})

test('a first start that was cut short leaves nothing in the way', async () => {
  await rm(join(folder, 'postgres'), { recursive: true })
  await mkdir(join(folder, 'postgres.new/base'), { recursive: true })
  await writeFile(join(folder, 'postgres.new/PG_VERSION'), '18')
  servers.push(await startEmbeddedPostgres({ dataFolder: folder, fsync: false }))
})

test('under a private home it starts as well, and again when the folder has become public', async () => {
  await chmod(folder, 0o700)
  const first = await start()
  await query(first.ownerConnectionString, 'create table kept (value int); insert into kept values (7)')
  await first.stop()
  await chmod(folder, 0o755)
  const second = await start()
  expect(await query(second.ownerConnectionString, 'select value from kept')).toEqual([{ value: 7 }])
})

test('a server that ends although nobody stopped it is reported', async () => {
  const reports: string[] = []
  const server = await startEmbeddedPostgres({
    dataFolder: folder,
    onUnexpectedExit: (sentence) => reports.push(sentence),
  })
  servers.push(server)
  process.kill(server.pid, 'SIGINT')
  await vi.waitFor(() => expect(reports.join()).toContain('stopped unexpectedly'), { timeout: 60_000 })
})

test('a database of another PostgreSQL, a lost password file and a folder that is a file are refused in a sentence', async () => {
  await mkdir(join(folder, 'a/postgres'), { recursive: true })
  await writeFile(join(folder, 'a/postgres/PG_VERSION'), '15\n')
  expect(await refusal(startEmbeddedPostgres({ dataFolder: join(folder, 'a') }))).toContain('made by PostgreSQL 15')
  await writeFile(join(folder, 'a/postgres/PG_VERSION'), '18\n')
  expect(await refusal(startEmbeddedPostgres({ dataFolder: join(folder, 'a') }))).toContain('password file')
  await writeFile(join(folder, 'file'), '')
  expect(await refusal(startEmbeddedPostgres({ dataFolder: join(folder, 'file') }))).toContain('cannot be written')
})
