import { PgBoss, fromKysely, type Db, type Job } from 'pg-boss'
import { asAppRole } from './database-connection.ts'
import { systemIds } from './ids.ts'
import { deadLetterQueue, jobNames, jobs, heartbeatSeconds, retrySecondsMax, type JobName } from './jobs.ts'
import type { JobData, KickOptions, Tx } from './tx.ts'

export type { JobName } from './jobs.ts'

/** Carries kicks: "look at this again". Each runs at least once; what it did must bear being done twice. */
export type Queue = {
  send(name: JobName, data: JobData, options?: KickOptions & { tx?: Tx }): Promise<void>
  /** Says what does the work. Before start(). */
  work(name: JobName, handler: JobHandler, options?: WorkOptions): void
  start(): Promise<void>
  /** Takes no more work, waits for what runs, then lets go. What it had to abandon runs again elsewhere. */
  stop(): Promise<void>
  /** Jobs that failed every time, newest first. */
  deadLetters(countMax: number): Promise<DeadLetter[]>
}

export type WorkOptions = {
  concurrency?: number
  /** Told of a job that failed every time; it will not be tried again. */
  givenUp?: JobHandler
}

export type JobHandler = (data: JobData, signal: AbortSignal) => Promise<void>

export type DeadLetter = { id: string; name: string; data: JobData; failedAt: Date }

export type QueueOptions = {
  connectionString: string
  poolMax?: number
  /** How often a worker looks although no notice came. Only tests give it: so that nothing but a notice wakes it. */
  lookEverySeconds?: number
  /** A handler threw; the job will be tried again while it has tries left. */
  onJobError?: (name: JobName, error: unknown) => void
  /** The queue itself has trouble, such as a lost connection. It goes on trying. */
  onError?: (error: unknown) => void
}

export const queueSchema = 'queue'

const sendAttemptsMax = 5
const stopSecondsMax = 20
/** Notices wake workers at once; looking now and then finds retries, postponed kicks, and what a lost notice left. */
const pollSeconds = { withNotices: 2, without: 0.5, deadLetters: 5 }

export function createQueue(options: QueueOptions): Queue {
  const boss = new PgBoss({
    ...asAppRole(options.connectionString),
    schema: queueSchema,
    max: options.poolMax ?? 4,
    migrate: false,
    createSchema: false,
    schedule: false,
    useListenNotify: true,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    // Rebuilding indexes is for their owner, which this role is not.
    reindex: false,
    monitorVacuum: false,
  })
  boss.on('error', (error) => options.onError?.(error))
  const workers = new Map<JobName, { handler: JobHandler; concurrency: number; givenUp?: JobHandler }>()

  const startWorker = (name: JobName, handler: JobHandler, concurrency: number) =>
    boss.work<JobData>(
      name,
      {
        localConcurrency: concurrency,
        pollingIntervalSeconds: pollSeconds.without,
        notifyPollingIntervalSeconds: options.lookEverySeconds ?? pollSeconds.withNotices,
      },
      async ([job]: Job<JobData>[]) => {
        if (!job) return
        try {
          await handler(job.data, job.signal)
        } catch (error) {
          options.onJobError?.(name, error)
          // The queue stores what is thrown, and an error may quote a buyer or a token.
          throw nameOnly(error)
        }
      },
    )

  /** A dead letter that nobody wants to be told of is only kept for people to see. */
  const startDeadLetters = () =>
    boss.work<JobData, void, { includeMetadata: true; pollingIntervalSeconds: number }>(
      deadLetterQueue,
      { includeMetadata: true, pollingIntervalSeconds: pollSeconds.deadLetters },
      async ([letter]) => {
        if (!letter) return
        try {
          await workers.get(letter.sourceName as JobName)?.givenUp?.(letter.data, letter.signal)
        } catch (error) {
          options.onJobError?.(letter.sourceName as JobName, error)
          throw nameOnly(error)
        }
      },
    )

  return {
    send: (name, data, { tx, ...kick } = {}) => sendKick(boss, tx ? fromKysely(tx) : boss.getDb(), name, data, kick),
    work(name, handler, { concurrency = jobs[name].concurrency, ...rest } = {}) {
      if (workers.has(name)) throw new Error(`The job ${name} has a worker already.`)
      workers.set(name, { handler, concurrency, ...rest })
    },
    async start() {
      await boss.start()
      for (const [name, { handler, concurrency }] of workers) await startWorker(name, handler, concurrency)
      if ([...workers.values()].some(({ givenUp }) => givenUp)) await startDeadLetters()
    },
    stop: () => boss.stop({ graceful: true, close: true, timeout: stopSecondsMax * 1000 }),
    async deadLetters(countMax) {
      const { rows } = await boss.getDb().executeSql(
        `select id, source_name as name, data, created_on as "failedAt" from ${queueSchema}.job
         where name = $1 order by created_on desc, id limit $2`,
        [deadLetterQueue, countMax],
      )
      return rows as DeadLetter[]
    },
  }
}

/**
 * A waiting kick with the same key is enough only if nobody begins it before our transaction is visible to him. So we
 * lock it: workers pass over locked rows. If it was begun meanwhile, ours is needed after all.
 */
async function sendKick(
  boss: PgBoss,
  db: Db,
  name: JobName,
  data: JobData,
  { key, startAfter }: KickOptions,
): Promise<void> {
  const options = { db, ...(key === undefined ? {} : { singletonKey: key }), ...(startAfter ? { startAfter } : {}) }
  if (key === undefined) {
    // The policy allows one waiting kick per key, so a kick without key gets one of its own: its id.
    await boss.send(name, data, { ...options, singletonKey: `single ${systemIds.uuid()}` })
    return
  }
  for (let attempt = 0; attempt < sendAttemptsMax; attempt++) {
    if ((await boss.send(name, data, options)) !== null) return
    const { rows } = await db.executeSql(
      `with waiting as (
         select id, start_after from ${queueSchema}.job
         where name = $1 and singleton_key = $2 and state = 'created' order by id for update
       ), earlier as (
         update ${queueSchema}.job set start_after = coalesce($3, ${queueSchema}.job_now())
         where name = $1 and id in (select id from waiting where start_after > coalesce($3, ${queueSchema}.job_now()))
       )
       select id, pg_notify('pgboss_' || left(encode(sha224('${queueSchema}'::bytea), 'hex'), 24), $1) from waiting`,
      [name, key, startAfter ?? null],
    )
    if (rows.length > 0) return
  }
  throw new Error(`The kick ${name} for ${key} found no place in ${sendAttemptsMax} attempts.`)
}

function nameOnly(error: unknown): Error {
  const bare = new Error('The job failed.')
  bare.name = error instanceof Error && /^[A-Za-z]{1,60}$/.test(error.name) ? error.name : 'Error'
  delete bare.stack
  return bare
}

/** Makes or changes the queue's own tables and the queues; as the owner of the schema. */
export async function migrateQueue(ownerConnectionString: string): Promise<void> {
  const boss = new PgBoss({
    connectionString: ownerConnectionString,
    schema: queueSchema,
    max: 2,
    supervise: false,
    schedule: false,
  })
  boss.on('error', () => {})
  await boss.start()
  try {
    const existing = new Set((await boss.getQueues()).map((queue) => queue.name))
    if (existing.has(deadLetterQueue)) await boss.updateQueue(deadLetterQueue, deadLetterSettings)
    else await boss.createQueue(deadLetterQueue, deadLetterSettings)
    for (const name of jobNames) {
      const settings = queueSettings(name)
      if (existing.has(name)) await boss.updateQueue(name, settings)
      else await boss.createQueue(name, { ...settings, policy: 'short' })
    }
  } finally {
    await boss.stop({ graceful: false, close: true })
  }
}

/** Telling of a job given up is tried for an hour or so; the letter itself is kept longer, for people to see. */
const deadLetterSettings = { retryLimit: 20, retryDelay: 5, retryBackoff: true, retryDelayMax: retrySecondsMax }

function queueSettings(name: JobName) {
  const { retriesMax, retrySeconds, timeoutSeconds } = jobs[name]
  return {
    notify: true,
    retryLimit: retriesMax,
    retryDelay: retrySeconds,
    retryBackoff: true,
    retryDelayMax: retrySecondsMax,
    expireInSeconds: timeoutSeconds,
    heartbeatSeconds,
    deadLetter: deadLetterQueue,
    deleteAfterSeconds: 3600,
  }
}
