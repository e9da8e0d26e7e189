// The whole of it: a real PostgreSQL, one web server and two engines as processes of their own, marketplaces over HTTP and
// suppliers behind a mail server, an SFTP server and a webhook.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, type QueryResultRow } from 'pg'
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres.ts'
import { seededRandom } from '../../src/platform/random.ts'
import { makeLoopbackCertificate } from '../support/loopback-certificate.ts'
import { startSftpPeer } from '../support/sftp-peer.ts'
import { startSmtpPeer } from '../support/smtp-peer.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'
import { startWebhookPeer } from '../support/webhook-peer.ts'
import { environmentOf, openShops, pause, setUpBusiness, until, type Business } from './business.ts'
import type { Books } from './books.ts'
import { keepRunning } from './program.ts'
import type { Place, World } from './mishaps.ts'
import type { Dice, Peers } from './trade.ts'

export type OpenWorld = World & {
  books: Books
  business: Business
  log: string[]
  /** Marketplaces and suppliers begin to have their bad days, or have only good ones from now on. */
  setBadDays(isOn: boolean): void
  /** Ends every process; answers those that live on nevertheless. */
  close(): Promise<number[]>
}

const enginesMax = 2

export async function openWorld(seed: number): Promise<OpenWorld> {
  const undo: (() => Promise<unknown>)[] = []
  try {
    return await open(seed, undo)
  } catch (error) {
    for (const step of undo.toReversed()) await step()
    throw error
  }
}

async function open(seed: number, undo: (() => Promise<unknown>)[]): Promise<OpenWorld> {
  const dice = diceOf(seed)
  const { log, tell } = startLog()
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-processes-'))
  undo.push(() => rm(folder, { recursive: true, force: true }))
  const database = await startDatabase(join(folder, 'database'))
  undo.push(() => database.stop())
  const certificate = makeLoopbackCertificate()
  await writeFile(join(folder, 'trusted.pem'), certificate.certificate)
  const peers: Peers = {
    webhook: await startWebhookPeer(certificate),
    sftp: await startSftpPeer(),
    smtp: await startSmtpPeer(),
  }
  undo.push(() => Promise.all(Object.values(peers).map((peer) => peer.close())))
  const shops = await openShops(seed)
  undo.push(() => Promise.all(shops.map((shop) => shop.stop())))
  const port = await freePort()
  const common = {
    ...environmentOf(shops),
    ...mailOf(peers),
    DATA_DIR: join(folder, 'data'),
    PORT: String(port),
    FAIRLEAD_LOG_LEVEL: 'error',
    FAIRLEAD_ALLOWED_PRIVATE_HOSTS: '127.0.0.1',
    NODE_EXTRA_CA_CERTS: join(folder, 'trusted.pem'),
  }
  const place = async (name: string, role: string): Promise<Place> => {
    const link = await database.openLink()
    undo.push(() => link.close())
    const program = keepRunning(name, ['--role', role], { ...common, DATABASE_URL: database.addressBy(link.port) })
    undo.push(() => program.stop())
    return { program, link }
  }
  const web = await place('the web server', 'web')
  await until('The web server is up', 180, () => /setup token \S+\n/.test(web.program.said()))
  const engines: Place[] = []
  for (let at = 1; at <= enginesMax; at++) engines.push(await place(`engine ${at}`, 'engine'))
  await until('The engines are up', 180, () => engines.every(({ program }) => program.isUp()))
  const setupToken = /setup token (\S+)/.exec(web.program.said())?.[1] ?? ''
  const business = await setUpBusiness({ origin: `http://127.0.0.1:${port}`, setupToken, shops, ...peers }).catch(
    (error: unknown) => {
      throw new Error(`The business was not set up.\n${whatWasSaid([...engines, web])}`, { cause: error })
    },
  )
  return {
    engines,
    web,
    peers,
    dice,
    log,
    tell,
    business,
    books: { asOwner: database.asOwner },
    asOwner: database.asOwner,
    restartPostgres: database.restart,
    setBadDays: (isOn) => setBadDays({ business, peers, dice }, isOn),
    async close() {
      for (const step of undo.toReversed()) await step()
      return [...engines, web].flatMap(({ program }) => program.pids).filter(isAlive)
    },
  }
}

/** The last of what the programs told their operator. */
export function whatWasSaid(places: Place[]): string {
  return places
    .map(({ program }) => `${program.name}:\n${program.said().slice(-3000)}${program.errors().slice(-3000)}`)
    .join('\n')
}

function diceOf(seed: number): Dice {
  const random = seededRandom(seed)
  return { below: (count) => Math.floor(random.float() * count), chance: (share) => random.float() < share }
}

function startLog() {
  const begun = Date.now()
  const log: string[] = []
  return {
    log,
    tell: (sentence: string) => void log.push(`${((Date.now() - begun) / 1000).toFixed(1)} s  ${sentence}`),
  }
}

/** As it comes to a seller: with fsync, so that what was acknowledged survives its being ended at once. */
export async function startDatabase(dataFolder: string) {
  const start = () => startEmbeddedPostgres({ dataFolder, connectionsMax: 100 })
  const state = { server: await start() }
  const links: Awaited<ReturnType<typeof startTcpProxy>>[] = []
  return {
    async openLink() {
      const link = await startTcpProxy(state.server.port)
      links.push(link)
      return link
    },
    addressBy(port: number) {
      const url = new URL(state.server.ownerConnectionString)
      url.port = String(port)
      // By the link, not by the server's own socket.
      url.searchParams.delete('host')
      return url.toString()
    },
    async restart(how: 'fast' | 'immediate') {
      if (how === 'immediate') process.kill(state.server.pid, 'SIGQUIT')
      await state.server.stop()
      await pause(500)
      state.server = await start()
      for (const link of links) link.leadTo(state.server.port)
    },
    asOwner: async <Row extends QueryResultRow>(text: string, values: unknown[] = []) => {
      const ask = async () => {
        const client = new Client({ connectionString: state.server.ownerConnectionString })
        client.on('error', () => {})
        try {
          await client.connect()
          return (await client.query<Row>(text, values)).rows
        } finally {
          await client.end().catch(() => {})
        }
      }
      // It may be away just now, or our rows be locked crosswise with the hub's (class 40); a statement that is wrong fails
      // the second time as well.
      for (let tries = 0; tries < 40; tries++) {
        const rows = await ask().catch((error: unknown) => error)
        if (Array.isArray(rows)) return rows as Row[]
        if (!isPassing(rows)) throw rows
        await pause(250)
      }
      return ask()
    },
    stop: () => state.server.stop(),
  }
}

function isPassing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return /^(ECONN|EPIPE|ENOENT|57P|08|40)/.test(code) || String(error).includes('Connection terminated')
}

function mailOf({ smtp }: Peers): Record<string, string> {
  const { host, port, user, password, from } = smtp.server
  return {
    FAIRLEAD_SMTP_HOST: host,
    FAIRLEAD_SMTP_PORT: String(port),
    FAIRLEAD_SMTP_USER: user,
    FAIRLEAD_SMTP_PASSWORD: password,
    FAIRLEAD_SMTP_FROM: from,
  }
}

const marketplaceFaults = { 'server-error': 0.02, 'rate-limit': 0.01, 'reset-after': 0.02, reset: 0.01, slow: 0.02 }

function setBadDays({ business, peers, dice }: { business: Business; peers: Peers; dice: Dice }, isOn: boolean): void {
  const { webhook, sftp, smtp } = peers
  for (const { control } of business.shops) control.setFaults(isOn ? marketplaceFaults : {})
  const webhookFaults = ['drops-before', 'drops-after', 'busy', 'breaks'] as const
  webhook.fault = () => {
    if (!isOn) return null
    if (dice.chance(0.3)) return 'slow'
    return dice.chance(0.15) ? (webhookFaults[dice.below(webhookFaults.length)] ?? null) : null
  }
  // Read anew at each message and each file.
  const strikes = (share: number) => ({ enumerable: true, configurable: true, get: () => isOn && dice.chance(share) })
  Object.defineProperties(smtp.faults, {
    dropsAfterContent: strikes(0.04),
    dropsBeforeContent: strikes(0.05),
    isBusy: strikes(0.03),
  })
  Object.defineProperties(sftp.faults, { dropsAfterRename: strikes(0.1), dropsBeforeWriting: strikes(0.08) })
}

export async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
