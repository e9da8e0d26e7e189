import { connectorOf } from '../../connectors/index.ts'
import { moneyText } from '../../domain/money.ts'
import { readOrderPage } from '../../domain/orders/order-page.store.ts'
import type { OrderFilter } from '../../domain/orders/order-search.store.ts'
import { listOrders, readChosenCsv, readOrderCsv, type OrderCsvRow } from '../../domain/orders/order-views.store.ts'
import { pinOrder as pin } from '../../domain/orders/pin-order.command.ts'
import { shipOrder, type ShipOrderResult } from '../../domain/shipping/ship-order.command.ts'
import { csvText } from '../csv.ts'
import type { Handler, Handlers } from '../handler.ts'
import { badFields, notFound, Refused } from '../refusals.ts'
import { readOrderFilter, type FilterQuery } from './order-filter.ts'
import type { RouteParts } from './route-parts.ts'

/** Orders, what suppliers were asked to send of them, and what was sent (D). */
export function orderRoutes({ parts }: RouteParts) {
  const { db, clock, secrets } = parts
  const page = (tenantId: string, orderId: string) =>
    db.read(tenantId, async (tx) => {
      const found = await readOrderPage(tx, orderId, secrets)
      if (!found) throw notFound()
      return withMarketplaceName(found)
    })

  const orders: Handler<'orders'> = ({ session, query }) =>
    db.read(session.tenantId, async (tx) => {
      const { cursor, limit, sort, ...filter } = query
      const list = await listOrders(tx, readOrderFilter(filter), { cursor, limit, sort }, secrets)
      return { ...list, rows: list.rows.map(withMarketplaceName) }
    })

  const ordersCsv: Handler<'ordersCsv'> = async ({ session, query }) => ({
    fileName: 'orders.csv',
    content: orderTexts(query, (filter, cursor) =>
      db.read(session.tenantId, (tx) => readOrderCsv(tx, filter, cursor, secrets)),
    ),
  })

  const chosenOrdersCsv: Handler<'chosenOrdersCsv'> = async ({ session, body }) => {
    const rows = await db.read(session.tenantId, (tx) => readChosenCsv(tx, body.orderIds))
    return { fileName: 'orders.csv', content: [csvText(rows.map(csvRow), csvColumns)] }
  }

  const order: Handler<'order'> = ({ session, params }) => page(session.tenantId, params.id)

  const addShipment: Handler<'addShipment'> = async ({ session, params, body }) => {
    const { lines, shippedAt, ...parcel } = body
    await db.tenant(session.tenantId).transaction(async (tx) => {
      const at = shippedAt === undefined ? clock.now() : new Date(shippedAt)
      const shipped = await shipOrder(tx, {
        ...parcel,
        ...(lines ? { lines } : {}),
        shippedAt: at,
        actor: session.name,
      })
      if (shipped.kind === 'refused') throw shipRefusals[shipped.reason]()
      // Thrown within the transaction: a parcel of another order is not kept.
      if (shipped.orderId !== params.id) throw notFound()
    })
    return page(session.tenantId, params.id)
  }

  const pinOrder: Handler<'pinOrder'> = async ({ session, params, body }) => {
    const wish = { orderId: params.id, pinned: body.pinned, actor: session.name }
    const pinned = await db.tenant(session.tenantId).transaction((tx) => pin(tx, wish))
    if (pinned.kind === 'refused') throw pinRefusals[pinned.reason]()
    return page(session.tenantId, params.id)
  }

  return {
    orders,
    ordersCsv,
    chosenOrdersCsv,
    order,
    addShipment,
    pinOrder,
  } satisfies Partial<Handlers>
}

function withMarketplaceName<Row extends { marketplace: string | null }>(row: Row): Row {
  return { ...row, marketplace: connectorOf(row.marketplace ?? '')?.name ?? row.marketplace }
}

type Reason<Result> = Extract<Result, { kind: 'refused' }> extends { reason: infer Word extends string } ? Word : never

const shipRefusals: Record<Reason<ShipOrderResult>, () => Refused> = {
  'not-found': notFound,
  cancelled: () => new Refused(409, 'cancelled', 'This order was cancelled, so nothing of it is dispatched.'),
  'wrong-status': () =>
    new Refused(
      409,
      'wrong-status',
      'This purchase order has not been sent to the supplier, so nothing can have left yet.',
    ),
  'nothing-open': () => new Refused(409, 'nothing-open', 'All of this purchase order has been dispatched already.'),
  'more-than-ordered': () => badFields({ lines: 'The parcel holds more than is still open on the purchase order.' }),
  'not-on-purchase-order': () => badFields({ lines: 'The parcel holds something that is not on this purchase order.' }),
  'tracking-missing': () => badFields({ trackingNumber: 'Enter the tracking number.' }),
}

const pinRefusals = {
  'not-found': notFound,
  mapped: () => new Refused(409, 'mapped', 'Only orders without a mapped line are removed, so only these are pinned.'),
}

const csvColumns = [
  'Order',
  'Sales channel',
  'Status',
  'Marketplace status',
  'Placed',
  'Paid',
  'SKU',
  'Title',
  'Quantity',
  'Unit price',
  'Order total',
  'Currency',
  'Mapped',
]

type ReadPiece = (filter: OrderFilter, cursor: string | undefined) => ReturnType<typeof readOrderCsv>

async function* orderTexts(query: FilterQuery, read: ReadPiece): AsyncGenerator<string> {
  const filter = readOrderFilter(query)
  let cursor: string | undefined
  do {
    const piece = await read(filter, cursor)
    yield csvText(piece.rows.map(csvRow), cursor === undefined ? csvColumns : undefined)
    cursor = piece.next ?? undefined
  } while (cursor !== undefined)
}

function csvRow(row: OrderCsvRow): string[] {
  const { currency } = row
  return [
    row.order,
    row.channel,
    row.status,
    row.marketplaceStatus,
    row.placedAt.toISOString(),
    row.paidAt?.toISOString() ?? '',
    row.sku ?? '',
    row.title,
    String(row.quantity),
    moneyText({ minor: row.unitPriceMinor, currency }),
    moneyText({ minor: row.totalMinor, currency }),
    currency,
    row.mapped ? 'yes' : 'no',
  ]
}
