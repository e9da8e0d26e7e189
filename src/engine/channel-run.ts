// What a piece of engine work on one sales channel is handed: its lease, its records and a way to call the marketplace.
import type { Call, Connector } from '../connectors/connector.ts'
import type { ChannelForWork } from '../domain/channels/channel.store.ts'
import type { PurchaseOrderDocument } from '../domain/documents/purchase-order-document.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Tx } from '../platform/database.ts'
import type { Http } from '../platform/http.ts'
import type { Ids } from '../platform/ids.ts'
import type { Log } from '../platform/log.ts'
import type { Mail } from '../platform/mail.ts'
import type { Outside } from '../platform/outside.ts'
import type { Queue } from '../platform/queue.ts'
import type { Random } from '../platform/random.ts'
import type { Secrets } from '../platform/secrets.ts'
import type { Sftp } from '../platform/sftp.ts'

/** The parts of a hub, built once in main.ts (or by the simulation, on virtual time). */
export type EngineParts = {
  db: Database
  queue: Queue
  clock: Clock
  ids: Ids
  random: Random
  http: Http
  secrets: Secrets
  mail: Mail
  sftp: Sftp
  outside: Outside
  /** A purchase order for print. Left out: as PDF; a run on virtual time has none of the real time that drawing takes. */
  drawOrder?: (order: PurchaseOrderDocument) => Promise<Uint8Array>
  log: Log
  /** Addresses that replace a connector's own, by connector id: how a sandbox is connected. */
  marketplaceUrls: Record<string, string>
  /** Our own application's credentials at each marketplace, by connector id. */
  appCredentials: Record<string, Record<string, string>>
  /** Where the hub is reached from outside; left out where nothing outside reaches it. */
  publicUrl?: string
}

export type ChannelRun = {
  parts: EngineParts
  tenantId: string
  /** The credentials stay with the call. */
  channel: Omit<ChannelForWork, 'credentials'>
  connector: Connector
  call: Call
  /** Of this claim. A write of an older claim must find no row. */
  fence: number
  /** A transaction that first locks and renews our lease and ends with `LeaseLost` where another has claimed it since. */
  transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>
}

/** One thing the engine does for a sales channel, unasked and on demand. */
export type ChannelOperation = {
  name:
    | 'pull-orders'
    | 'pull-listings'
    | 'push-stock'
    | 'push-prices'
    | 'confirm-shipments'
    | 'verify-listings'
    | 'subscribe'
    | 'cancel-orders'
    | 'reconcile-orders'
    | 'pull-shipping-services'
    | 'change-listings'
    | 'pull-categories'
  everySeconds: number
  /** Goes on although the channel is switched off: dispatch confirmations of orders already here (A7). */
  evenWhenOff?: boolean
  /** Whether this marketplace can do it at all. */
  possible(connector: Connector): boolean
  /** Where the marketplace allows it less often than `everySeconds`. */
  everySecondsAt?(connector: Connector): number | undefined
  /** 'again': there is more to do now; `afterSeconds`: when what the marketplace prepares may be ready. */
  run(run: ChannelRun): Promise<RunEnd>
}

export type RunEnd = 'done' | 'again' | { afterSeconds: number }
