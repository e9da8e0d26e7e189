import type { Kysely, Transaction } from 'kysely'
import type { DB } from './database-types.ts'
import type { Ids } from './ids.ts'
import type { JobName } from './jobs.ts'

/** One tenant's transaction. Row-level security lets nothing of another tenant in or out. */
export type Tx = Transaction<DB> & {
  readonly tenantId: string
  /** 1, or more when it is repeated: what is gone at lightly at first may then be locked. */
  readonly attempt: number
  /** Where the ids of new rows come from. */
  readonly ids: Ids
  /** Sends a kick that exists only if this transaction commits. One kick per name and key is enough for a whole transaction. */
  enqueue(name: JobName, data: JobData, options?: KickOptions): Promise<void>
  /** Tells the open screens of this tenant to look again, when this transaction has committed. */
  notify(topic: string, payload?: Record<string, string | number | boolean>): Promise<void>
  /** For what stands in for the database in a simulation; real effects belong into a job. */
  afterCommit(run: () => void): void
}

/** Names what to look at again, never contents: a job reads its rows afresh, under its tenant's wall. */
export type JobData = { tenantId?: string; [name: string]: string | number | boolean | undefined }

export type KickOptions = {
  /** A kick with this name and key that already waits is enough. Without a key every kick runs. */
  key?: string
  startAfter?: Date
}

/** Without a tenant: for the due table, sign-in and the queue. Tables of tenants look empty here. */
export type SystemDb = Kysely<DB>

/** What the transaction decided on has changed since; it is repeated, as after a deadlock. */
export class Overtaken extends Error {
  readonly code = '40001'
  override readonly name = 'Overtaken'
}
