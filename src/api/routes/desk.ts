import { acceptPurchaseOrders } from '../../domain/purchasing/accept-purchase-order.command.ts'
import { declinePurchaseOrder } from '../../domain/purchasing/decline-purchase-order.command.ts'
import { openDeskStates, type DeskState } from '../../domain/purchasing/desk-orders.ts'
import {
  deskLineComponents,
  isParcelOf,
  listDeskOrders,
  listOpenDeskIds,
  readDeskOrders,
} from '../../domain/purchasing/desk-views.store.ts'
import type { ParcelLine } from '../../domain/shipping/parcel.ts'
import { shipOrder, type ShipOrderResult } from '../../domain/shipping/ship-order.command.ts'
import type { Tx } from '../../platform/database.ts'
import { csvText } from '../csv.ts'
import { supplierOf } from '../guards.ts'
import type { Handler, Handlers } from '../handler.ts'
import { badFields, notFound, Refused } from '../refusals.ts'
import type { Session } from '../sign-in/session.ts'
import { deskCsvColumns, deskCsvRows, orderAnswer, orderRowAnswer } from './desk-answers.ts'
import { deskTracking } from './desk-tracking.ts'
import type { RouteParts } from './route-parts.ts'

/** A supplier's purchase orders at his desk (G3). His id comes from the session; another's are answered like none at all. */
export function deskRoutes(routeParts: RouteParts) {
  const { parts } = routeParts
  const { db, clock, secrets } = parts
  const one = async (tx: Tx, session: Session, id: string) => {
    const [found] = await readDeskOrders(tx, supplierOf(session), [id], secrets)
    if (!found) throw notFound()
    return orderAnswer(found)
  }
  const change = (session: Session, id: string, work: (tx: Tx) => Promise<unknown>) =>
    db.tenant(session.tenantId).transaction(async (tx) => {
      await work(tx)
      return one(tx, session, id)
    })

  const deskOrders: Handler<'deskOrders'> = ({ session, query }) =>
    db.read(session.tenantId, async (tx) => {
      const list = await listDeskOrders(tx, supplierOf(session), query, query)
      return { ...list, rows: list.rows.map(orderRowAnswer) }
    })

  const deskOrder: Handler<'deskOrder'> = ({ session, params }) =>
    db.read(session.tenantId, (tx) => one(tx, session, params.id))

  const acceptDeskOrders: Handler<'acceptDeskOrders'> = ({ session, body }) =>
    db.tenant(session.tenantId).transaction((tx) =>
      acceptPurchaseOrders(
        tx,
        body.ids.map((purchaseOrderId) => ({ purchaseOrderId, reference: null })),
        { supplierId: supplierOf(session), actor: session.name },
      ),
    )

  const acceptDeskOrder: Handler<'acceptDeskOrder'> = ({ session, params, body }) =>
    change(session, params.id, async (tx) => {
      const acceptance = { purchaseOrderId: params.id, reference: body.reference || null }
      const [accepted] = await acceptPurchaseOrders(tx, [acceptance], {
        supplierId: supplierOf(session),
        actor: session.name,
      })
      if (accepted?.result === 'cancelled') throw refusals.cancelled()
      if (accepted?.result === 'not-found') throw notFound()
    })

  const declineDeskOrder: Handler<'declineDeskOrder'> = ({ session, params, body }) =>
    change(session, params.id, async (tx) => {
      const declined = await declinePurchaseOrder(tx, {
        ...body,
        purchaseOrderId: params.id,
        supplierId: supplierOf(session),
        actor: session.name,
      })
      if (declined.kind === 'refused') throw refusals[declined.reason]()
    })

  const addDeskParcel: Handler<'addDeskParcel'> = ({ session, params, body }) =>
    change(session, params.id, async (tx) => {
      const components = await deskLineComponents(tx, supplierOf(session), params.id)
      if (!components) throw notFound()
      const { lines, shippedAt, ...parcel } = body
      const shipped = await shipOrder(tx, {
        ...parcel,
        purchaseOrderId: params.id,
        shippedAt: shippedAt === undefined ? clock.now() : new Date(shippedAt),
        ...(lines ? { lines: componentsOf(lines, components) } : {}),
        actor: session.name,
      })
      if (shipped.kind === 'refused') throw refusals[shipped.reason]()
      if (shipped.kind === 'already-entered' && !(await isParcelOf(tx, shipped.shipmentId, params.id)))
        throw badFields({ trackingNumber: 'This tracking number stands on another parcel of the same buyer’s order.' })
    })

  const deskOrdersCsv: Handler<'deskOrdersCsv'> = async ({ session, query }) => ({
    fileName: 'purchase-orders.csv',
    content: openTexts(session, query.state === undefined ? openDeskStates : [query.state]),
  })

  async function* openTexts(session: Session, states: DeskState[]): AsyncGenerator<string> {
    let after: string | undefined
    do {
      const page = { after, limit: csvOrdersAtOnce }
      const { ids, orders } = await db.read(session.tenantId, async (tx) => {
        const found = await listOpenDeskIds(tx, supplierOf(session), states, page)
        return { ids: found, orders: await readDeskOrders(tx, supplierOf(session), found, secrets) }
      })
      yield csvText(orders.toReversed().flatMap(deskCsvRows), after === undefined ? deskCsvColumns : undefined)
      after = ids.length === csvOrdersAtOnce ? ids.at(-1) : undefined
    } while (after !== undefined)
  }

  return {
    deskOrders,
    deskOrder,
    acceptDeskOrders,
    acceptDeskOrder,
    declineDeskOrder,
    addDeskParcel,
    deskOrdersCsv,
    uploadDeskTracking: deskTracking(routeParts),
  } satisfies Partial<Handlers>
}

const csvOrdersAtOnce = 200

function componentsOf(lines: { lineId: string; quantity: number }[], components: Map<string, string>): ParcelLine[] {
  return lines.map(({ lineId, quantity }) => {
    const componentId = components.get(lineId)
    if (componentId === undefined) throw refusals['not-on-purchase-order']()
    return { componentId, quantity }
  })
}

type Reason<Result> = Extract<Result, { kind: 'refused' }> extends { reason: infer Word extends string } ? Word : never

const refusals: Record<Reason<ShipOrderResult>, () => Refused> = {
  'not-found': notFound,
  cancelled: () => new Refused(409, 'cancelled', 'This purchase order was cancelled. Please send nothing of it.'),
  'wrong-status': () =>
    new Refused(
      409,
      'wrong-status',
      'The buyer’s order is on hold, so nothing of it may leave now. Please ask the seller.',
    ),
  'nothing-open': () => new Refused(409, 'nothing-open', 'Nothing of this purchase order is open any more.'),
  'more-than-ordered': () => badFields({ lines: 'The parcel holds more than is still open on the purchase order.' }),
  'not-on-purchase-order': () => badFields({ lines: 'The parcel holds something that is not on this purchase order.' }),
  'tracking-missing': () => badFields({ trackingNumber: 'Enter the tracking number.' }),
}
