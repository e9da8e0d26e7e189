// The web server on a database of the test's own, and people who have signed in. Requests go in without a network.
import { nothingOutside } from './nothing-outside.ts'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { createServer, type ServerOptions } from '../../src/api/server.ts'
import { createBusiness } from '../../src/domain/people/create-business.command.ts'
import type { EngineParts } from '../../src/engine/channel-run.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { systemHttp } from '../../src/platform/http.ts'
import { systemIds } from '../../src/platform/ids.ts'
import { createLive } from '../../src/platform/live.ts'
import { silentLog } from '../../src/platform/log.ts'
import { hashPassword } from '../../src/platform/passwords.ts'
import type { JobData } from '../../src/platform/tx.ts'
import { systemRandom } from '../../src/platform/random.ts'
import { createSecrets } from '../../src/platform/secrets.ts'
import { createUploads } from '../../src/platform/uploads.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'

export const testPassword = 'a long enough password'

export type Answer = { status: number; body: unknown; headers: Record<string, unknown>; text: string }

export type Person = {
  tenantId: string
  userId: string
  email: string
  cookie: string
  /** Asks as this person does from his browser. */
  ask(method: NonNullable<InjectOptions['method']>, url: string, body?: unknown): Promise<Answer>
}

export type ApiServer = {
  app: FastifyInstance
  test: TestDatabase
  parts: EngineParts
  /** Kicks that were sent. */
  kicks: { name: string; data: JobData }[]
  addPerson(name: string): Promise<Person>
  signIn(email: string, password: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>
  /** Sends a form with a file, as a browser does. */
  askWithFile(
    person: Person,
    url: string,
    fields: Record<string, string>,
    file: { name: string; content: string | Uint8Array<ArrayBuffer> },
  ): Promise<Answer>
  /** Names of the files that are stored. */
  storedFiles(): string[]
  dispose(): Promise<void>
}

export async function startApiServer(
  changes: Partial<ServerOptions> & { http?: EngineParts['http'] } = {},
): Promise<ApiServer> {
  const test = await createTestDatabase()
  const kicks: ApiServer['kicks'] = []
  const queue: EngineParts['queue'] = {
    send: async (name, data) => void kicks.push({ name, data }),
    work: () => {},
    start: async () => {},
    stop: async () => {},
    deadLetters: async () => [],
  }
  test.db.attachQueue(queue)
  const { http = systemHttp(), ...options } = changes
  const parts: EngineParts = {
    db: test.db,
    queue,
    clock: systemClock,
    ids: systemIds,
    random: systemRandom,
    http,
    secrets: createSecrets([systemRandom.bytes(32)]),
    log: silentLog,
    ...nothingOutside,
    marketplaceUrls: {},
    appCredentials: {},
  }
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-uploads-'))
  const live = createLive({ connectionString: test.connectionString })
  await live.start()
  const app = await createServer({
    parts,
    subscribe: live.subscribe,
    uploads: createUploads(folder),
    publicUrl: 'http://127.0.0.1:4400',
    version: '0.0.0',
    webFolder: '/nowhere',
    checkAnswers: true,
    requestsPerMinute: 1_000_000,
    signInTriesPerMinute: 1_000_000,
    ...options,
  })
  await app.ready()
  const signIn: ApiServer['signIn'] = (email, password, headers = {}) =>
    app.inject({ method: 'POST', url: '/auth/sign-in/email', payload: { email, password }, headers })
  return {
    app,
    test,
    parts,
    kicks,
    signIn,
    async addPerson(name) {
      const email = `${name.toLowerCase().replaceAll(/\W+/g, '-')}@example.com`
      const created = await createBusiness(test.db, systemIds, {
        businessName: `${name} Trading`,
        currency: 'GBP',
        timeZone: 'Europe/London',
        owner: { name, email, passwordHash: await hashPassword(testPassword) },
      })
      if (created.kind === 'refused') throw new Error(created.reason)
      const cookie = cookieOf(await signIn(email, testPassword))
      return { tenantId: created.tenantId, userId: created.userId, email, cookie, ask: asker(app, cookie) }
    },
    async askWithFile(person, url, fields, file) {
      const form = new FormData()
      for (const [key, value] of Object.entries(fields)) form.set(key, value)
      form.set('file', new Blob([file.content]), file.name)
      const request = new Request('http://hub', { method: 'POST', body: form })
      const type = request.headers.get('content-type') ?? ''
      const answer = await app.inject({
        method: 'POST',
        url,
        headers: { cookie: person.cookie, 'sec-fetch-site': 'same-origin', 'content-type': type },
        payload: Buffer.from(await request.arrayBuffer()),
      })
      return { status: answer.statusCode, headers: answer.headers, text: answer.body, body: parseJson(answer.body) }
    },
    storedFiles: () => (existsSync(folder) ? readdirSync(folder) : []),
    async dispose() {
      await app.close()
      rmSync(folder, { recursive: true, force: true })
      await live.stop()
      await test.dispose()
    },
  }
}

export function cookieOf(answer: LightMyRequestResponse): string {
  return answer.cookies.map((cookie) => `${cookie.name}=${cookie.value}`).join('; ')
}

function asker(app: FastifyInstance, cookie: string): Person['ask'] {
  return async (method, url, body) => {
    const answer = await app.inject({
      method,
      url,
      headers: { cookie, 'sec-fetch-site': 'same-origin' },
      ...(body === undefined ? {} : { payload: body as NonNullable<InjectOptions['payload']> }),
    })
    return { status: answer.statusCode, headers: answer.headers, text: answer.body, body: parseJson(answer.body) }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
