// Builds a hub from its configuration, part by part, and takes it down again in the opposite order.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { createServer } from './api/server.ts'
import { makeSetupToken } from './api/sign-in/first-run.ts'
import type { Config } from './config.ts'
import type { EngineParts } from './engine/channel-run.ts'
import { readAppCredentials } from './engine/app-credentials.ts'
import { applyFile, giveUpFile } from './engine/apply-file.ts'
import { createEngine } from './engine/engine.ts'
import { fetchFeeds } from './engine/fetch-feeds.ts'
import { channelOperations, tenantJobs } from './engine/schedule.ts'
import type { TenantJob } from './engine/tenant-job.ts'
import { systemClock } from './platform/clock.ts'
import { createDatabase } from './platform/database.ts'
import { startEmbeddedPostgres } from './platform/embedded-postgres.ts'
import { codeOf } from './platform/folder-lock.ts'
import { systemHttp } from './platform/http.ts'
import { systemIds } from './platform/ids.ts'
import { createLive } from './platform/live.ts'
import { createLog, type Log } from './platform/log.ts'
import { noMail, systemMail } from './platform/mail.ts'
import { migrate } from './platform/migrate.ts'
import { systemOutside } from './platform/outside.ts'
import { isPublicAddress } from './platform/public-address.ts'
import { createQueue } from './platform/queue.ts'
import { systemRandom } from './platform/random.ts'
import { createSecrets, loadMasterKey } from './platform/secrets.ts'
import { systemSftp } from './platform/sftp.ts'
import { StartRefused } from './platform/start-refused.ts'
import { createUploads, type Uploads } from './platform/uploads.ts'

export type Hub = {
  /** Where it listens; undefined for an engine alone. */
  address: string | undefined
  parts: EngineParts
  /** Opens the first run; undefined once there is an owner. */
  setupToken: string | undefined
  app: FastifyInstance | undefined
  /** Stops accepting, finishes what runs, lets go of everything. */
  stop(): Promise<void>
}

/** What a test, a demo or the simulation hands in instead of the real thing. */
export type HubOverrides = Partial<
  Pick<EngineParts, 'http' | 'mail' | 'sftp' | 'outside' | 'marketplaceUrls' | 'appCredentials' | 'log'>
> & {
  webFolder?: string
  /** Off only in tests: without it a power cut loses what was acknowledged. */
  fsync?: boolean
  checkAnswers?: boolean
  requestsPerMinute?: number
  signInTriesPerMinute?: number
  /** The database went away for good; there is nothing left to do but to end. */
  onFatal?: (sentence: string) => void
}

const poolMax = { all: 16, web: 12, engine: 12 }

/** Answers when the hub serves; until then /healthz is not there or not green. */
export async function createHub(config: Config, overrides: HubOverrides = {}): Promise<Hub> {
  const undo: (() => Promise<unknown>)[] = []
  const log = overrides.log ?? createLog({ level: config.logLevel })
  const state = { isReady: false }
  const stop = () => {
    state.isReady = false
    return takeDown(undo, log)
  }
  try {
    const appCredentials = overrides.appCredentials ?? readAppCredentials(config.appSettings)
    const secrets = createSecrets([openMasterKey(config)])
    const { connectionString } = await openDatabase(config, overrides, undo)
    const uploads = createUploads(join(config.dataFolder, 'uploads'))
    const parts = buildParts(config, { connectionString, log, secrets, appCredentials, overrides, undo })
    if (config.role === 'web') await startQueueAlone(parts, undo)
    else await startEngine(parts, uploads, undo)
    const app =
      config.role === 'engine'
        ? undefined
        : await buildServer(config, { parts, uploads, connectionString, overrides, undo, isReady: () => state.isReady })
    const address = app && (await listen(app, config))
    const setupToken = app && (await makeSetupToken(parts.db.system, parts.random))
    state.isReady = true
    log.info('The hub is ready.', {
      role: config.role,
      ...(address === undefined ? {} : { port: Number(new URL(address).port) }),
    })
    return { address, parts, setupToken, app, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

type Undo = (() => Promise<unknown>)[]

async function openDatabase(
  config: Config,
  overrides: HubOverrides,
  undo: Undo,
): Promise<{ connectionString: string }> {
  if (config.databaseUrl !== undefined) {
    await migrate(config.databaseUrl)
    return { connectionString: config.databaseUrl }
  }
  const postgres = await startEmbeddedPostgres({
    dataFolder: config.dataFolder,
    ...(overrides.fsync === undefined ? {} : { fsync: overrides.fsync }),
    ...(overrides.onFatal ? { onUnexpectedExit: overrides.onFatal } : {}),
  })
  undo.push(() => postgres.stop())
  await migrate(postgres.ownerConnectionString)
  return { connectionString: postgres.connectionString }
}

type PartsOf = {
  connectionString: string
  log: Log
  secrets: EngineParts['secrets']
  appCredentials: EngineParts['appCredentials']
  overrides: HubOverrides
  undo: Undo
}

function buildParts(config: Config, { connectionString, log, secrets, ...given }: PartsOf): EngineParts {
  const { appCredentials, overrides, undo } = given
  const db = createDatabase({ connectionString, poolMax: poolMax[config.role] })
  undo.push(() => db.close())
  const queue = createQueue({
    connectionString,
    onJobError: (job, error) => log.warn('A job failed and will be tried again.', { job, error }),
    onError: (error) => log.error('The queue has trouble.', { error }),
  })
  db.attachQueue(queue)
  return {
    db,
    queue,
    clock: systemClock,
    ids: systemIds,
    random: systemRandom,
    http: overrides.http ?? openHttp(undo),
    secrets,
    mail: overrides.mail ?? (config.mail ? systemMail(config.mail) : noMail),
    sftp: overrides.sftp ?? systemSftp({ mayReach: mayReach(config) }),
    outside: overrides.outside ?? openOutside(config, undo),
    log,
    marketplaceUrls: overrides.marketplaceUrls ?? config.marketplaceUrls,
    appCredentials,
    publicUrl: config.publicUrl,
  }
}

function openHttp(undo: Undo): EngineParts['http'] {
  const http = systemHttp()
  undo.push(() => http.close())
  return http
}

function openOutside(config: Config, undo: Undo): EngineParts['outside'] {
  const outside = systemOutside({ allowPrivate: config.allowedPrivateHosts })
  undo.push(() => outside.close())
  return outside
}

/** A supplier's server is on the internet, or one of those that the operator names. */
function mayReach({ allowedPrivateHosts }: Config) {
  return (address: string, { host, port }: { host: string; port: number }) =>
    isPublicAddress(address) || allowedPrivateHosts.includes(host) || allowedPrivateHosts.includes(`${host}:${port}`)
}

async function startQueueAlone({ queue }: EngineParts, undo: Undo): Promise<void> {
  undo.push(() => queue.stop())
  await queue.start()
}

async function startEngine(parts: EngineParts, uploads: Uploads, undo: Undo): Promise<void> {
  const engine = createEngine(parts, {
    operations: channelOperations,
    tenantJobs: [...tenantJobs, fileJob(uploads), fetchFeeds(uploads)],
  })
  undo.push(() => engine.stop())
  await engine.start()
}

/** Apart from the others, as it alone needs the folder of uploaded files. */
function fileJob(uploads: Uploads): TenantJob {
  const handler =
    (does: typeof applyFile): TenantJob['run'] =>
    async ({ db, log }, { tenantId, importId }) => {
      if (typeof importId !== 'string') return
      const plainLog = { error: (_details: object, message: string) => log.error(message, { tenantId, importId }) }
      await does({ db, uploads, log: plainLog }, tenantId, importId)
    }
  return { name: 'apply-file', run: handler(applyFile), givenUp: handler(giveUpFile) }
}

type ServerOf = {
  parts: EngineParts
  uploads: Uploads
  connectionString: string
  overrides: HubOverrides
  undo: Undo
  isReady: () => boolean
}

async function buildServer(
  config: Config,
  { parts, uploads, connectionString, overrides, undo, isReady }: ServerOf,
): Promise<FastifyInstance> {
  const live = createLive({
    connectionString,
    onError: (error) => parts.log.warn('Live notices have trouble.', { error }),
  })
  undo.push(() => live.stop())
  await live.start()
  const root = join(import.meta.dirname, '..')
  const app = await createServer({
    parts,
    uploads,
    subscribe: live.subscribe,
    publicUrl: config.publicUrl,
    trustedProxies: config.trustedProxies,
    version: versionOf(root),
    webFolder: overrides.webFolder ?? join(root, 'dist', 'web'),
    checkAnswers: overrides.checkAnswers ?? false,
    isReady,
    ...(overrides.requestsPerMinute === undefined ? {} : { requestsPerMinute: overrides.requestsPerMinute }),
    ...(overrides.signInTriesPerMinute === undefined ? {} : { signInTriesPerMinute: overrides.signInTriesPerMinute }),
  })
  undo.push(() => app.close())
  return app
}

async function listen(app: FastifyInstance, { host, port }: Config): Promise<string> {
  try {
    return await app.listen({ host, port })
  } catch (error) {
    const sentence = portSentences[codeOf(error)]
    if (sentence) throw new StartRefused(sentence(host, port), error)
    throw error
  }
}

const portSentences: Record<string, (host: string, port: number) => string> = {
  EADDRINUSE: (_host, port) => `Port ${port} is taken by another program. Stop that one, or set PORT to a free port.`,
  EACCES: (_host, port) => `This user may not listen on port ${port}. Set PORT to one from 1024 up.`,
  EADDRNOTAVAIL: (host) => `This machine does not have the address ${host}. Set HOST to one it has, such as 127.0.0.1.`,
  ENOTFOUND: (host) => `HOST ${host} is not known. Set it to an address of this machine, such as 127.0.0.1.`,
}

function openMasterKey(config: Config): Buffer {
  try {
    return loadMasterKey({ fromEnvironment: config.secretKey, dataFolder: config.dataFolder })
  } catch (error) {
    if (error instanceof StartRefused) throw error
    throw new StartRefused(
      `The data folder ${config.dataFolder} cannot be written (${codeOf(error)}). Give this user the right to write there, or set DATA_DIR.`,
      error,
    )
  }
}

function versionOf(root: string): string {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version
}

/** Last in, first out. One part that will not go does not keep the others. */
async function takeDown(undo: Undo, log: Log): Promise<void> {
  for (let step = undo.pop(); step; step = undo.pop()) {
    await step().catch((error: unknown) => log.error('A part of the hub did not stop as it should.', { error }))
  }
}
