import { Kysely, sql } from 'kysely'
import { systemClock } from './clock.ts'
import { createDialect, createPool, scopes, type ConnectionOptions } from './database-connection.ts'
import type { DB } from './database-types.ts'
import { systemIds, type Ids } from './ids.ts'
import type { JobName } from './jobs.ts'
import type { Queue } from './queue.ts'
import type { JobData, KickOptions, SystemDb, Tx } from './tx.ts'

export type { SystemDb, Tx } from './tx.ts'
export { Overtaken } from './tx.ts'

export type Database = {
  /** All reading and writing of a tenant's rows. Repeated by itself after a deadlock, so it must do nothing outside. */
  tenant(tenantId: string): { transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> }
  /** A transaction that can only read. */
  read<Result>(tenantId: string, work: (tx: Tx) => Promise<Result>): Promise<Result>
  system: SystemDb
  /** Where kicks go. Attached once, at the root, before the first transaction that enqueues. */
  attachQueue(queue: Pick<Queue, 'send'>): void
  close(): Promise<void>
}

export type DatabaseOptions = ConnectionOptions & {
  /** Where `tx.ids` come from; seeded in the simulation. */
  ids?: Ids
  /** Called inside, as the last thing before COMMIT; a throw rolls back. For the simulation's faults. */
  beforeCommit?: (tenantId: string) => void | Promise<void>
  /** Called after COMMIT; a throw reaches the caller although all is stored. For the simulation's auditor and faults. */
  onCommit?: (tenantId: string) => void | Promise<void>
}

export const liveChannel = 'fairlead_live'

const attemptsMax = 4
const retryMilliseconds = 20
const notifyBytesMax = 2_000
const uuidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export function createDatabase(options: DatabaseOptions): Database {
  const kysely = new Kysely<DB>({ dialect: createDialect(createPool(options), options) })
  let queue: Pick<Queue, 'send'> | undefined

  const attempt = async <Result>(
    tenantId: string,
    isReadOnly: boolean,
    work: (tx: Tx) => Promise<Result>,
    count: number,
  ) => {
    const scope = { tenantId, isReadOnly, isOpen: true, hasConnection: false }
    const after: (() => void)[] = []
    const result = await scopes.run(scope, async () => {
      try {
        return await kysely.transaction().execute(async (trx) => {
          const outbox = createOutbox(tenantId, isReadOnly)
          const tx: Tx = Object.assign(trx, {
            ...outbox.methods,
            tenantId,
            attempt: count,
            ids: options.ids ?? systemIds,
            afterCommit: (run: () => void) => void after.push(run),
          })
          const result = await work(tx)
          await outbox.flush(tx, queue)
          if (!isReadOnly) await options.beforeCommit?.(tenantId)
          return result
        })
      } finally {
        scope.isOpen = false
      }
    })
    for (const run of after) run()
    if (!isReadOnly) await options.onCommit?.(tenantId)
    return result
  }

  const transaction = async <Result>(
    tenantId: string,
    isReadOnly: boolean,
    work: (tx: Tx) => Promise<Result>,
  ): Promise<Result> => {
    if (!uuidShape.test(tenantId)) throw new Error('A tenant id must be a UUID.')
    if (scopes.getStore()?.isOpen) throw new Error('A transaction was started within another; hand its tx on instead.')
    for (let count = 1; ; count++) {
      try {
        return await attempt(tenantId, isReadOnly, work, count)
      } catch (error) {
        if (count === attemptsMax || !isConflict(error)) throw error
        await (options.clock ?? systemClock).sleep(retryMilliseconds * count)
      }
    }
  }

  return {
    tenant: (tenantId) => ({ transaction: (work) => transaction(tenantId, false, work) }),
    read: (tenantId, work) => transaction(tenantId, true, work),
    system: kysely,
    attachQueue(attached) {
      queue = attached
    },
    close: () => kysely.destroy(),
  }
}

/** Two transactions got in each other's way and one was ended for it: serialization failure, deadlock. */
function isConflict(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '40001' || error.code === '40P01')
}

type Kick = { name: JobName; data: JobData; options: KickOptions }

/**
 * Kicks and notices are gathered and sent as the last thing before COMMIT: sorted, so that two transactions cannot
 * wait for each other in a circle; once per key; and late, so that a kick of ours holds back others only for an instant.
 */
function createOutbox(tenantId: string, isReadOnly: boolean) {
  const kicks = new Map<string, Kick>()
  const notices = new Set<string>()
  const assertWritable = () => {
    if (isReadOnly) throw new Error('A read-only transaction cannot send anything.')
  }
  const methods: Pick<Tx, 'enqueue' | 'notify'> = {
    async enqueue(name, data, options = {}) {
      assertWritable()
      const order =
        options.key === undefined
          ? `${name}\u0001${String(kicks.size).padStart(9, '0')}`
          : `${name}\u0000${options.key}`
      const earlier = kicks.get(order)
      if (!earlier || startOf(options) < startOf(earlier.options))
        kicks.set(order, { name, data: { tenantId, ...data }, options })
    },
    async notify(topic, payload = {}) {
      assertWritable()
      const text = JSON.stringify({ tenantId, topic, ...payload })
      if (Buffer.byteLength(text) > notifyBytesMax)
        throw new Error(`The notice ${topic} is too large; name what changed instead.`)
      notices.add(text)
    },
  }
  const flush = async (tx: Tx, queue: Pick<Queue, 'send'> | undefined) => {
    for (const [, kick] of [...kicks].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      if (!queue) throw new Error('No queue is attached to the database.')
      await queue.send(kick.name, kick.data, { ...kick.options, tx })
    }
    if (notices.size > 0)
      await sql`select pg_notify(${liveChannel}, notice) from unnest(${[...notices]}::text[]) as notice`.execute(tx)
  }
  return { methods, flush }
}

function startOf(options: KickOptions): number {
  return options.startAfter?.getTime() ?? 0
}
