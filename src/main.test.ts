import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { childEnvironment } from '../test/support/child-environment.ts'
import { createEmptyDatabase } from '../test/support/database.ts'

// The program as an operator starts it: another process, on a database of its own.

let folder: string
let database: Awaited<ReturnType<typeof createEmptyDatabase>>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-main-'))
  database = await createEmptyDatabase()
})
afterAll(async () => {
  await database.dispose()
  await rm(folder, { recursive: true, force: true })
})

type Started = {
  child: ChildProcess
  lines: () => string
  errors: () => string
  said(text: string): Promise<void>
  ended: Promise<number | null>
}

function start(environment: Record<string, string>, args: string[] = []): Started {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
    env: childEnvironment({ DATA_DIR: folder, PORT: '0', FAIRLEAD_LOG_LEVEL: 'silent', ...environment }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const text = { out: '', error: '' }
  let told = () => {}
  child.stdout.on('data', (chunk: Buffer) => {
    text.out += chunk.toString()
    told()
  })
  child.stderr.on('data', (chunk: Buffer) => (text.error += chunk.toString()))
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return {
    child,
    lines: () => text.out,
    errors: () => text.error,
    ended,
    said: (wanted) =>
      Promise.race([
        new Promise<void>((resolve) => {
          told = () => text.out.includes(wanted) && resolve()
          told()
        }),
        ended.then((code) => Promise.reject(new Error(`It ended with ${code}: ${text.error}`))),
      ]),
  }
}

const address = (started: Started) => /ready at (\S+)/.exec(started.lines())?.[1] ?? ''

test('the hub says where it is and how the first run begins, and stops cleanly when asked', async () => {
  const hub = start({ DATABASE_URL: database.ownerConnectionString })
  await hub.said('setup token')
  expect(hub.lines()).toMatch(
    /^Fairlead is ready at http:\/\/127\.0\.0\.1:\d+\nFirst run: open .*\/setup and enter the setup token \S{20,}\n$/,
  )
  expect(await (await fetch(`${address(hub)}/healthz`)).json()).toEqual({ status: 'ok' })
  hub.child.kill('SIGTERM')
  expect(await hub.ended).toBe(0)
  expect(hub.errors()).toBe('')
})

test('web and engine run apart on one database', async () => {
  const web = start({ DATABASE_URL: database.ownerConnectionString }, ['--role', 'web'])
  const engine = start({ DATABASE_URL: database.ownerConnectionString }, ['--role', 'engine'])
  await Promise.all([web.said('ready at'), engine.said('engine is ready')])
  expect((await fetch(`${address(web)}/healthz`)).status).toBe(200)
  for (const { child } of [web, engine]) child.kill('SIGINT')
  expect(await Promise.all([web.ended, engine.ended])).toEqual([0, 0])
})

test('callers behind a trusted proxy are told apart', async () => {
  const hub = start({ DATABASE_URL: database.ownerConnectionString, FAIRLEAD_TRUSTED_PROXIES: '127.0.0.1' })
  await hub.said('ready at')
  const left = async (caller: string) => {
    const answer = await fetch(`${address(hub)}/auth/setup`, { headers: { 'x-forwarded-for': caller } })
    return Number(answer.headers.get('x-ratelimit-remaining'))
  }
  const first = await left('203.0.113.1')
  expect([await left('203.0.113.1'), await left('203.0.113.2')]).toEqual([first - 1, first])
  hub.child.kill('SIGTERM')
  expect(await hub.ended).toBe(0)
})

test('what an operator got wrong is said in a sentence, without a stack, and ends with 2', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  await writeFile(join(folder, 'a-file'), '')
  const cases: [Record<string, string>, string[], string][] = [
    [
      { DATABASE_URL: database.ownerConnectionString, PORT: String(port) },
      [],
      `Port ${port} is taken by another program.`,
    ],
    [
      { DATABASE_URL: 'postgresql://nobody:wrong@127.0.0.1:1/none' },
      [],
      'DATABASE_URL cannot be used: nothing answers at its host and port.',
    ],
    [
      { DATABASE_URL: database.ownerConnectionString.replace(/:[^:@/]+@/, ':wrong@') },
      [],
      'DATABASE_URL cannot be used: the password is refused.',
    ],
    [{ DATABASE_URL: 'mysql://x' }, [], 'DATABASE_URL must look like postgresql://'],
    [
      { FAIRLEAD_PUBLIK_URL: 'x' },
      [],
      'FAIRLEAD_PUBLIK_URL is not a setting of this hub. Did you mean FAIRLEAD_PUBLIC_URL?',
    ],
    [{ PORT: 'abc' }, [], 'PORT must be a port number'],
    [{ DATA_DIR: join(folder, 'a-file', 'inside') }, [], 'cannot be made (ENOTDIR)'],
    [{}, ['--role', 'web'], '--role web needs DATABASE_URL'],
  ]
  await Promise.all(
    cases.map(async ([environment, args, sentence]) => {
      const hub = start(environment, args)
      expect([sentence, await hub.ended]).toEqual([sentence, 2])
      expect(hub.errors()).toContain(sentence)
      expect(hub.errors()).not.toMatch(/^\s+at /m)
      expect(hub.lines()).toBe('')
    }),
  )
  taken.close()
})
