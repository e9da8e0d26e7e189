import { connectorOf } from '../../connectors/index.ts'
import {
  cancelOrder as cancel,
  readCancelFacts,
  takeUpOrder as takeUp,
} from '../../domain/orders/cancel-order.command.ts'
import {
  cancelReasons,
  cancelRefusalTexts,
  takeUpRefusalTexts,
  whyNotCancel,
  whyNotTakeUp,
  type CancelReason,
} from '../../domain/orders/cancelling.ts'
import { enterOrder as enter } from '../../domain/orders/enter-order.command.ts'
import type { Handler, Handlers } from '../handler.ts'
import { badFields, notFound, Refused } from '../refusals.ts'
import type { RouteParts } from './route-parts.ts'

const allReasons = Object.keys(cancelReasons) as CancelReason[]

/** Cancelling, taking up again, and entering by hand (D9, D10). */
export function cancellingRoutes({ parts }: RouteParts) {
  const { db, secrets } = parts
  const options = (tenantId: string, orderId: string) =>
    db.read(tenantId, async (tx) => {
      const facts = await readCancelFacts(tx, orderId)
      if (!facts) throw notFound()
      const connector = facts.marketplace === null ? undefined : connectorOf(facts.marketplace)
      const [notCancel, notTakeUp] = [whyNotCancel(facts), whyNotTakeUp(facts)]
      return {
        cancel: { allowed: notCancel === null, why: notCancel && cancelRefusalTexts[notCancel] },
        tells: !facts.isByHand,
        reasons: (connector?.orders.cancelReasons ?? allReasons).map((code) => ({ code, label: cancelReasons[code] })),
        takeUp: { allowed: notTakeUp === null, why: notTakeUp && takeUpRefusalTexts[notTakeUp] },
        askedAt: facts.isAsking ? (facts.askedAt?.toISOString() ?? null) : null,
      }
    })

  const cancelOptions: Handler<'cancelOptions'> = ({ session, params }) => options(session.tenantId, params.id)

  const cancelOrder: Handler<'cancelOrder'> = async ({ session, params, body }) => {
    const cancelled = await db
      .tenant(session.tenantId)
      .transaction((tx) => cancel(tx, { orderId: params.id, reason: body.reason, actor: session.name }))
    if (cancelled.kind === 'refused') {
      if (cancelled.reason === 'not-found') throw notFound()
      throw new Refused(409, cancelled.reason, cancelRefusalTexts[cancelled.reason])
    }
    return options(session.tenantId, params.id)
  }

  const takeUpOrder: Handler<'takeUpOrder'> = async ({ session, params }) => {
    const taken = await db
      .tenant(session.tenantId)
      .transaction((tx) => takeUp(tx, { orderId: params.id, actor: session.name }))
    if (taken.kind === 'refused') {
      if (taken.reason === 'not-found') throw notFound()
      throw new Refused(409, taken.reason, takeUpRefusalTexts[taken.reason])
    }
    return options(session.tenantId, params.id)
  }

  const enterOrder: Handler<'enterOrder'> = ({ session, body }) =>
    db.tenant(session.tenantId).transaction(async (tx) => {
      const shipBy = body.shipBy === null ? null : new Date(body.shipBy)
      const entered = await enter(tx, { ...body, shipBy, secrets, actor: session.name })
      if (entered.kind === 'refused') throw badFields(entered.fields)
      const { orderId, number } = entered
      return { orderId, number }
    })

  return { cancelOptions, cancelOrder, takeUpOrder, enterOrder } satisfies Partial<Handlers>
}
