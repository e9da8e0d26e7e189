// One order of an action on many: what can be done is done, what cannot says why, and the rest goes on.
import type { Tx } from '../../platform/database.ts'
import type { Secrets } from '../../platform/secrets.ts'
import { claimBulkOrder, settleBulkOrder, type BulkWork } from './bulk.store.ts'
import type { BulkAction } from './bulk-actions.ts'
import { pinOrder } from './pin-order.command.ts'

/** The position that was worked on; undefined when nothing waits any more. */
export async function doBulkAction(tx: Tx, { bulkId, after, secrets, claimed }: Asked): Promise<number | undefined> {
  const work = await claimBulkOrder(tx, bulkId, after)
  if (!work) return undefined
  claimed(work.position)
  const reason = await actions[work.action.kind](tx, { ...work, secrets }, work.action as never)
  await settleBulkOrder(tx, { bulkId, position: work.position, reason })
  return work.position
}

type Asked = { bulkId: string; after: number; secrets: Secrets; claimed: (position: number) => void }

/** Null where it is done, else why not. */
type Act<Kind extends BulkAction['kind']> = (
  tx: Tx,
  work: BulkWork & { secrets: Secrets },
  action: Extract<BulkAction, { kind: Kind }>,
) => Promise<string | null>

const pin =
  (pinned: boolean): Act<'pin'> & Act<'unpin'> =>
  async (tx, { orderId, actor }) => {
    const result = await pinOrder(tx, { orderId, pinned, actor })
    return result.kind === 'saved' ? null : pinReasons[result.reason]
  }

const gone = 'The order is no longer there.'
const pinReasons = {
  'not-found': gone,
  mapped: 'Only orders without a mapped line are removed, so only these are pinned.',
}

const actions: { [Kind in BulkAction['kind']]: Act<Kind> } = {
  pin: pin(true),
  unpin: pin(false),
  route: async () => 'todo',
  'choose-service': async () => 'todo',
  'apply-mappings': async () => 'todo',
  cancel: async () => 'todo',
}
