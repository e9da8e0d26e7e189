// The engine: a scheduler that kicks what is due, and workers that take the kicks. It holds nothing in memory that
// matters, so any number of processes may run one.
import { sql } from 'kysely'
import { handleKick } from './channel-job.ts'
import type { ChannelOperation, EngineParts } from './channel-run.ts'
import type { JobData } from '../platform/tx.ts'
import { planChannelAgain, planTenantAgain } from './plan-again.ts'
import { planMissingWork } from './plan-missing-work.ts'
import type { TenantJob } from './tenant-job.ts'
import { tick } from './schedule-tick.ts'

export type Engine = {
  /** Registers its workers and starts the queue, then looks at the due table now and then. */
  start(): Promise<void>
  /** Takes no more work and waits for what runs. */
  stop(): Promise<void>
  /** Returns when nothing is due and nobody works. */
  drain(): Promise<void>
}

const tickMilliseconds = 2_000
const drainMilliseconds = 50

export function createEngine(
  parts: EngineParts,
  work: { operations: ChannelOperation[]; tenantJobs: TenantJob[] },
): Engine {
  const stopping = new AbortController()
  let loop: Promise<void> = Promise.resolve()
  return {
    async start() {
      await planMissingWork(parts, work)
      registerWorkers(parts, work)
      await parts.queue.start()
      loop = keepTicking(parts, stopping.signal)
    },
    async stop() {
      stopping.abort()
      await loop
      await parts.queue.stop()
    },
    async drain() {
      do {
        await tick(parts)
        await parts.clock.sleep(drainMilliseconds)
      } while (await isBusy(parts))
    },
  }
}

/** What a kick of each kind does. The simulation registers the same on its virtual queue. */
export function registerWorkers(
  parts: EngineParts,
  work: { operations: ChannelOperation[]; tenantJobs: TenantJob[] },
): void {
  const kick = async (data: JobData) => {
    await handleKick(parts, work.operations, data)
  }
  parts.queue.work('channel', kick, { givenUp: (data) => planChannelAgain(parts, data) })
  for (const job of work.tenantJobs) {
    const handler = (does: TenantJob['run']) => async (data: JobData) => {
      const { tenantId } = data
      if (typeof tenantId === 'string') await does(parts, { ...data, tenantId })
    }
    const planAgain: TenantJob['run'] = (_, { tenantId }) => planTenantAgain(parts, job.name, tenantId)
    parts.queue.work(job.name, handler(job.run), { givenUp: handler(job.givenUp ?? planAgain) })
  }
}

async function keepTicking(parts: EngineParts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await tick(parts)
    } catch (error) {
      // The database may be away for a while; what is due stays due.
      parts.log.error('The schedule could not be read', { error })
    }
    await parts.clock.sleep(tickMilliseconds, signal).catch(() => {})
  }
}

async function isBusy(parts: EngineParts): Promise<boolean> {
  const { rows } = await sql<{ busy: boolean }>`
    select exists (
      select from channel_work where due_at <= app_now() or leased_until > app_now()
    ) or exists (select from tenant_work where due_at <= app_now()) as busy
  `.execute(parts.db.system)
  return rows[0]?.busy ?? false
}
