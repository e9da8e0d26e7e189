// One order of an action on many: what can be done is done, what cannot says why, and the rest goes on.
import type { Tx } from '../../platform/database.ts'
import type { Secrets } from '../../platform/secrets.ts'
import { claimBulkOrder, settleBulkOrder, type BulkWork } from './bulk.store.ts'
import type { BulkAction } from './bulk-actions.ts'
import { applyToWaiting } from './apply-to-waiting.command.ts'
import { chooseShippingService } from './choose-shipping-service.command.ts'
import { notChosenTexts } from './choose-shipping-service.ts'
import { cancelOrder } from './cancel-order.command.ts'
import { cancelRefusalTexts } from './cancelling.ts'
import { pinOrder } from './pin-order.command.ts'
import { rerouteOrder } from '../purchasing/reroute-order.command.ts'

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

const route: Act<'route'> = async (tx, { orderId, actor }) => {
  const result = await rerouteOrder(tx, { orderId, preview: false, actor })
  return result.kind === 'refused' ? routeReasons[result.reason] : null
}

const routeReasons = {
  'not-found': gone,
  closed: 'Nothing of it can be routed: it is over, on hold, not mapped, or has left its supplier.',
  changed: 'It changed meanwhile. Try it again.',
  'nothing-to-do': 'It is where routing would send it today.',
  'cannot-fill': 'No supplier can fill it now.',
}

const chooseService: Act<'choose-service'> = async (tx, { orderId, actor }, { shippingServiceId }) => {
  const result = await chooseShippingService(tx, { orderIds: [orderId], shippingServiceId, actor })
  if (result.kind === 'refused') return 'The shipping service is switched off or no longer there.'
  const [refused] = result.refused
  return refused ? notChosenTexts[refused.reason] : null
}

const applyMappings: Act<'apply-mappings'> = async (tx, { orderId, actor }) => {
  const order = await tx
    .selectFrom('orders')
    .select('channel_id')
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', orderId)
    .executeTakeFirst()
  if (!order) return gone
  if (order.channel_id === null) return 'It was entered by hand, so no mapping is about it.'
  const wish = { channelId: order.channel_id, orderIds: [orderId], preview: false, actor }
  const result = await applyToWaiting(tx, { ...wish, what: ['mappings', 'shipping'] })
  if (result.kind === 'refused') return 'Its sales channel is no longer there.'
  return result.orders.length === 0 ? 'Nothing that was mapped since reaches it.' : null
}

const cancel: Act<'cancel'> = async (tx, { orderId, actor }, { reason }) => {
  const result = await cancelOrder(tx, { orderId, reason, actor })
  return result.kind === 'refused' ? cancelRefusalTexts[result.reason] : null
}

const actions: { [Kind in BulkAction['kind']]: Act<Kind> } = {
  pin: pin(true),
  unpin: pin(false),
  route,
  'choose-service': chooseService,
  'apply-mappings': applyMappings,
  cancel,
}
