// Goes through the waiting orders of a sales channel after a person applied his mappings to more of them than one
// transaction takes. Where it stands travels with the job; what is done already is found done and left alone.
import { sql } from 'kysely'
import { advanceRun, finishRun, listRuns } from '../domain/channels/runs.store.ts'
import { applyToWaiting } from '../domain/orders/apply-to-waiting.command.ts'
import type { TenantJob } from './tenant-job.ts'

/** `what` with commas between; no `after`: from the beginning. */
type Step = { runId: string; channelId: string; what: string; after?: string; actor: string }

export const applyToWaitingOrders: TenantJob = {
  name: 'apply-to-waiting',
  async run(parts, data) {
    const { tenantId, ...step } = data as { tenantId: string } & Step
    const what = (['mappings', 'shipping'] as const).filter((part) => step.what.split(',').includes(part))
    const { channelId, actor, after = null } = step
    await parts.db.tenant(tenantId).transaction(async (tx) => {
      const [run] = await listRuns(tx, { id: step.runId })
      if (run?.state !== 'running') return
      const result = await applyToWaiting(tx, { channelId, actor, after, what, preview: false })
      if (result.kind === 'refused') return finishRun(tx, step.runId)
      await advanceRun(tx, run, { done: result.orders.length, total: null, counts: {} })
      if (result.next === null) return finishRun(tx, step.runId)
      await tx.enqueue('apply-to-waiting', { ...step, after: result.next }, { key: step.runId })
    })
  },
  async givenUp(parts, { tenantId, runId }) {
    await parts.db.tenant(tenantId).transaction(async (tx) => {
      await sql`
        update runs set state = 'failed', finished_at = app_now(),
          message = 'Fairlead met a fault of its own. What is not done yet can be applied again.'
        where tenant_id = ${tx.tenantId} and id = ${String(runId)} and state = 'running'
      `.execute(tx)
      await tx.notify('runs', { id: String(runId) })
    })
  },
}
