// Opens a sales channel for work: the lease, the records under the tenant's wall, the sealed credentials, and a call that
// is paced, watched and recorded.
import { sql } from 'kysely'
import { makeCall } from '../connectors/call.ts'
import type { CallHttp } from '../connectors/call.ts'
import type { Call, HttpRequest, Site } from '../connectors/connector.ts'
import { connectorOf } from '../connectors/index.ts'
import { readPicture } from '../domain/catalog/pictures.store.ts'
import { loadChannelForWork, openCredentials } from '../domain/channels/channel.store.ts'
import type { ChannelForWork } from '../domain/channels/channel.store.ts'
import type { Tx } from '../platform/database.ts'
import { backoffSeconds } from './backoff.ts'
import { baseUrlOf } from './base-url.ts'
import { claimLease, confirmLease, holdLease, leaseSeconds, releaseLease } from './channel-lease.ts'
import type { Lease } from './channel-lease.ts'
import type { ChannelOperation, ChannelRun, EngineParts } from './channel-run.ts'
import { picturePort } from './picture-port.ts'
import { renewIfDue } from './renew.ts'
import { bucketFor, slowDown } from './pace.ts'
import type { Bucket } from './pace.ts'
import { createTurns } from './turns.ts'

export type OpenRun = {
  run: ChannelRun
  lease: Lease
  attempts: number
  everySeconds: number
  /** As they were sealed when we opened them: new ones must not be blamed for what the old ones met. */
  credentials: Buffer
}

export async function openRun(
  parts: EngineParts,
  operation: ChannelOperation,
  where: { tenantId: string; channelId: string; planned?: boolean },
): Promise<OpenRun | 'leased' | 'waiting' | 'off' | 'unknown'> {
  const opened = await claim(parts, operation, where)
  if (typeof opened === 'string') return opened
  const { tenantId } = where
  const { lease, evenWhenOff, attempts, everySeconds } = opened
  const channel = await withFreshCredentials(parts, tenantId, opened)
  if (typeof channel === 'string') return channel
  const connector = connectorOf(channel.connector)
  if (!connector) throw new Error(`There is no connector ${channel.connector}.`)
  const { transaction, turnTransaction } = leased(parts, tenantId, lease)
  const open = { tenantId, lease, channel, connector, evenWhenOff, transaction, turnTransaction }
  const call = openCall(parts, open)
  const run: ChannelRun = { parts, tenantId, channel, connector, call, fence: lease.fence, transaction }
  return { run, lease, attempts, everySeconds, credentials: channel.credentials }
}

/** A long way from the end of the lease, so that turns need not renew it each time. */
const renewAfterSeconds = 10

/** What a run stores renews the lease, one after the other; turns pass beside it, lest they wait for what is stored. */
function leased(parts: EngineParts, tenantId: string, lease: Lease) {
  const { transaction: begin } = parts.db.tenant(tenantId)
  const instant = () => parts.clock.now().getTime()
  let renewedAt = instant()
  const transaction = oneAtATime((work: (tx: Tx) => Promise<unknown>) =>
    begin(async (tx) => {
      await holdLease(tx, lease)
      renewedAt = instant()
      return work(tx)
    }),
  ) as ChannelRun['transaction']
  const turnTransaction: ChannelRun['transaction'] = (work) =>
    instant() - renewedAt > renewAfterSeconds * 1000
      ? transaction(work)
      : begin(async (tx) => {
          await confirmLease(tx, lease)
          return work(tx)
        })
  return { transaction, turnTransaction }
}

/** All transactions of a run wait for the row of its lease: done here, they hold no connection meanwhile. */
function oneAtATime<Given, Result>(work: (given: Given) => Promise<Result>): (given: Given) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve()
  return (given) => {
    const next = last.then(() => work(given))
    last = next.catch(() => {})
    return next
  }
}

type Opened = {
  lease: Lease
  attempts: number
  everySeconds: number
  evenWhenOff: boolean
  channel: ChannelForWork
}

function claim(
  parts: EngineParts,
  operation: ChannelOperation,
  { tenantId, channelId, planned }: { tenantId: string; channelId: string; planned?: boolean },
): Promise<Opened | 'leased' | 'waiting' | 'off' | 'unknown'> {
  return parts.db.tenant(tenantId).transaction(async (tx) => {
    const claim = await claimLease(tx, { channelId, operation: operation.name }, planned)
    if (claim.kind !== 'claimed') return claim.kind
    const channel = await loadChannelForWork(tx, channelId)
    const mayRun =
      channel && !channel.removed && channel.accountState === 'connected' && (channel.enabled || claim.evenWhenOff)
    if (mayRun) return { ...claim, channel }
    await releaseLease(tx, claim.lease, { next: { kind: 'parked' }, attempts: 0, refusal: null })
    return 'off' as const
  })
}

/** The channel with credentials that work, as far as we can tell; or why nothing can be done now. */
async function withFreshCredentials(
  parts: EngineParts,
  tenantId: string,
  { channel, lease, attempts }: Opened,
): Promise<ChannelForWork | 'waiting' | 'off'> {
  const renewal = await renewIfDue(parts, { tenantId, accountId: channel.accountId })
  if (renewal === 'fresh') return channel
  return parts.db.tenant(tenantId).transaction(async (tx) => {
    if (renewal === 'renewed') return (await loadChannelForWork(tx, channel.id)) ?? ('off' as const)
    if (renewal === 'signed-out') {
      await releaseLease(tx, lease, { next: { kind: 'parked' }, attempts: 0, refusal: null })
      return 'off'
    }
    const next = { kind: 'in' as const, seconds: renewal.waitSeconds }
    await releaseLease(tx, lease, { next, attempts, refusal: 'The credentials are being renewed' })
    return 'waiting'
  })
}

type OpenCall = Pick<ChannelRun, 'tenantId' | 'connector' | 'transaction'> & {
  lease: Lease
  channel: ChannelForWork
  evenWhenOff: boolean
  turnTransaction: ChannelRun['transaction']
}

export function openCall(parts: EngineParts, open: OpenCall): Call {
  const { channel, connector } = open
  const place = { tenantId: open.tenantId, accountId: channel.accountId }
  const account = openCredentials(parts.secrets, place, channel.credentials)
  const site = siteOf(channel)
  const log = parts.log.with({ tenantId: open.tenantId, channelId: channel.id, operation: open.lease.operation })
  return makeCall({
    connector,
    account,
    site,
    ...baseUrlOf(parts, channel, connector),
    app: parts.appCredentials[connector.id] ?? {},
    now: () => parts.clock.now(),
    ...paced(parts, open),
    picture: picturePort({
      outside: parts.outside,
      publicUrl: parts.publicUrl,
      readOwn: async (pictureId) => (await parts.db.read(open.tenantId, (tx) => readPicture(tx, pictureId)))?.content,
    }),
    onRequest: ({ method, url, status, failure, milliseconds }) => {
      const fields = { method, route: new URL(url).pathname, status, milliseconds }
      log.debug('A request to a marketplace', failure === null ? fields : { ...fields, reason: failure })
    },
  })
}

export function siteOf(channel: ChannelForWork): Site {
  const { siteId: id, siteName: name, sellerId, currency, currencies, warehouses } = channel
  const site = { id, name, sellerId, currency, currencies, warehouses }
  if (channel.warehouse === null) return site
  const { id: warehouseId } = channel.warehouse
  const isDefault = warehouses.some((one) => one.id === warehouseId && one.isDefault)
  return { ...site, warehouse: { ...channel.warehouse, isDefault } }
}

/** New orders go first: a flood of figures does not hold them up. */
const firstInLine = 'pull-orders'

/** The way out of a run: before each request its turn, after each the lesson of "too many requests". */
function paced(parts: EngineParts, open: OpenCall): { http: CallHttp; pace: (request: HttpRequest) => Promise<void> } {
  const { connector, channel } = open
  // What the port is asked next is what was paced last; several at once share a connector's pace anyhow.
  let current: Bucket | undefined
  const turn = createTurns({
    clock: parts.clock,
    transaction: open.turnTransaction,
    mayCall: (tx) => mayCall(tx, open),
    yields: open.lease.operation !== firstInLine,
  })
  return {
    async pace(request) {
      const bucket = bucketFor(connector, channel.accountId, request)
      await turn(bucket)
      current = bucket
    },
    http: watched(parts, open, () => current),
  }
}

async function mayCall(tx: Tx, { channel, evenWhenOff }: OpenCall): Promise<boolean> {
  const { rows } = await sql<{ may: boolean }>`
    select channel.removed_at is null and (channel.enabled or ${evenWhenOff}) and account.state = 'connected' as may
    from sales_channels channel
    join channel_accounts account on account.tenant_id = channel.tenant_id and account.id = channel.account_id
    where channel.tenant_id = ${tx.tenantId} and channel.id = ${channel.id}
  `.execute(tx)
  return rows[0]?.may ?? false
}

/** Sees "too many requests" before the connector translates it. Without a word on how long, it is longer each time. */
function watched(parts: EngineParts, open: OpenCall, bucketOf: () => Bucket | undefined): CallHttp {
  let refusedInARow = 0
  const learn = async <Answer extends { status: number; headers: Record<string, string> }>(
    bucket: Bucket | undefined,
    answer: Answer,
  ): Promise<Answer> => {
    if (answer.status !== 429) {
      refusedInARow = 0
      return answer
    }
    refusedInARow++
    const seconds = retryAfterSeconds(answer.headers) ?? backoffSeconds(refusedInARow + 3, parts.random)
    if (bucket) await open.transaction((tx) => slowDown(tx, bucket, seconds))
    return answer
  }
  return {
    async request(input) {
      const bucket = bucketOf()
      // The lease outlives the longest request by far, or the answer would find it gone.
      const timeoutSeconds = Math.min(input.timeoutSeconds, leaseSeconds / 2)
      return learn(bucket, await parts.http.request({ ...input, timeoutSeconds }))
    },
    // Read part by part, and each part that is stored renews the lease.
    async stream(input) {
      const bucket = bucketOf()
      return learn(bucket, await parts.http.stream(input))
    },
  }
}

/** Seconds or a date (RFC 9110); a date is measured against the answer's own clock. */
export function retryAfterSeconds(headers: Record<string, string>): number | undefined {
  const text = headers['retry-after']?.trim() ?? ''
  if (/^\d+$/.test(text)) return Number(text)
  const seconds = (new Date(text).getTime() - new Date(headers['date'] ?? '').getTime()) / 1000
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds)
}
