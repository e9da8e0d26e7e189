import { readWaitingBulks, settleBulkOrder } from '../domain/orders/bulk.store.ts'
import { doBulkAction } from '../domain/orders/do-bulk-action.command.ts'
import type { EngineParts } from './channel-run.ts'
import type { TenantJob } from './tenant-job.ts'

/** Orders between two looks of an open screen. */
const toldEvery = 25

/** An order a transaction, so that one that fails holds up no other and a crash repeats none. */
export const bulkOrders: TenantJob = {
  name: 'bulk-orders',
  // What a lost kick left waiting.
  everySeconds: 300,
  async run(parts, { tenantId }) {
    const bulkIds = await parts.db.read(tenantId, (tx) => readWaitingBulks(tx))
    for (const bulkId of bulkIds) await workThrough(parts, tenantId, bulkId)
  },
}

async function workThrough(parts: EngineParts, tenantId: string, bulkId: string): Promise<void> {
  let after = 0
  for (let count = 1; ; count++) {
    const position = await workOn(parts, { tenantId, bulkId, after, tells: count % toldEvery === 0 })
    if (position === undefined) break
    after = position
  }
  await parts.db.tenant(tenantId).transaction((tx) => tx.notify('orders'))
}

type Next = { tenantId: string; bulkId: string; after: number; tells: boolean }

async function workOn(parts: EngineParts, { tenantId, bulkId, after, tells }: Next): Promise<number | undefined> {
  let claimed: number | undefined
  try {
    return await parts.db.tenant(tenantId).transaction(async (tx) => {
      if (tells) await tx.notify('orders')
      return doBulkAction(tx, { bulkId, after, secrets: parts.secrets, claimed: (position) => (claimed = position) })
    })
  } catch (error) {
    if (claimed === undefined) throw error
    const position = claimed
    parts.log.error('An order of a bulk action failed', { tenantId, kind: 'bulk-orders', error })
    const reason = 'Something went wrong here, and nothing of it was done. Try this order by itself.'
    await parts.db.tenant(tenantId).transaction((tx) => settleBulkOrder(tx, { bulkId, position, reason }))
    return position
  }
}
