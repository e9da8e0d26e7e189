// One order with all that belongs to it, as its page shows it.
import { isAtSupplier } from '../purchasing/purchase-order.ts'
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { Secrets } from '../../platform/secrets.ts'
import type { Money } from '../money.ts'
import { problemWords } from '../problems/problem-texts.ts'
import { listOpenProblems } from '../problems/problems.store.ts'
import { listPurchaseOrders, type PurchaseOrderView } from '../purchasing/purchase-order-views.store.ts'
import { openContact } from './contact.store.ts'
import type { Address, ChannelOrder } from './channel-order.ts'
import { readOrderRows, toOrderRow, type OrderRow } from './order-views.store.ts'
import { canOrder, type OrderAction } from './order.ts'
import { tellEvent } from './story.ts'

export type OrderPageView = OrderRow & {
  marketplaceStatus: string
  bundleId: string | null
  shippingServiceName: string | null
  localPickup: boolean
  pinned: boolean
  totals: { items: Money; shipping: Money; tax: Money; total: Money }
  buyer: ChannelOrder['buyer']
  shipTo: Address | null
  orderLines: OrderLineView[]
  purchaseOrders: PurchaseOrderView[]
  shipments: ShipmentView[]
  events: { id: string; at: string; kind: string; text: string; detail: string[]; actor: string }[]
  openProblems: {
    id: string
    kind: string
    text: string
    action: { label: string; href: string } | null
    listingId: string | null
    openedAt: string
  }[]
  actions: Record<'dispatch' | 'pin' | 'route', { allowed: boolean; why: string | null }>
}

export type OrderLineView = {
  id: string
  title: string
  channelSku: string | null
  quantity: number
  unitPriceIncVat: Money
  mapped: boolean
  components: {
    id: string
    variantId: string
    sku: string
    title: string
    quantity: number
    state: string
    holdReason: string | null
    supplierId: string | null
    supplierName: string | null
  }[]
}

export type ShipmentView = {
  id: string
  packageNumber: number
  purchaseOrderId: string | null
  carrier: string
  trackingNumber: string
  shippedAt: string
  enteredBy: string
  confirmation: {
    state: 'intended' | 'in-flight' | 'applied' | 'rejected' | 'unknown'
    refusal: string | null
    settledAt: string | null
    attempts: number
  }
}

const purchaseOrdersMax = 200

export async function readOrderPage(tx: Tx, orderId: string, secrets: Secrets): Promise<OrderPageView | undefined> {
  const [found] = await readOrderRows(
    tx,
    sql`select id from orders where tenant_id = ${tx.tenantId} and id = ${orderId}::uuid`,
  )
  if (!found) return undefined
  const facts = await readFacts(tx, orderId)
  const contact = openContact(secrets, { tenantId: tx.tenantId, orderId }, found.contact)
  const purchaseOrders = (await listPurchaseOrders(tx, { orderId }, { limit: purchaseOrdersMax })).rows.toReversed()
  const row = toOrderRow(tx.tenantId, found, secrets)
  const { items, shipping, tax, ...rest } = facts
  const money = (minor: number): Money => ({ minor, currency: found.currency })
  return {
    ...row,
    ...rest,
    totals: { items: money(items), shipping: money(shipping), tax: money(tax), total: row.total },
    buyer: contact?.buyer ?? null,
    shipTo: contact?.shipTo ?? null,
    orderLines: await readLines(tx, orderId, found.currency),
    purchaseOrders,
    shipments: await readShipments(tx, orderId),
    events: await readStory(tx, orderId),
    openProblems: (await listOpenProblems(tx, { orderId })).map((problem) => ({
      id: problem.id,
      kind: problem.kind,
      ...problemWords(problem.kind, problem),
      listingId: problem.listingId,
      openedAt: problem.openedAt.toISOString(),
    })),
    actions: actionsOf(row, rest.unmapped, purchaseOrders),
  }
}

type Facts = {
  marketplaceStatus: string
  bundleId: string | null
  shippingServiceName: string | null
  localPickup: boolean
  pinned: boolean
  unmapped: boolean
  items: number
  shipping: number
  tax: number
}

async function readFacts(tx: Tx, orderId: string): Promise<Facts> {
  const { rows } = await sql<Facts>`
    select o.marketplace_status as "marketplaceStatus", o.bundle_id as "bundleId",
      coalesce(s.name, o.shipping_service_name) as "shippingServiceName", o.local_pickup as "localPickup", o.pinned, o.unmapped,
      o.items_minor as items, o.shipping_minor as shipping, o.tax_minor as tax
    from orders o
    left join shipping_services s on s.tenant_id = o.tenant_id and s.id = o.shipping_service_id
    where o.tenant_id = ${tx.tenantId} and o.id = ${orderId}
  `.execute(tx)
  const [facts] = rows
  if (!facts) throw new Error('An order vanished while it was read.')
  return facts
}

async function readLines(tx: Tx, orderId: string, currency: string): Promise<OrderLineView[]> {
  const { rows } = await sql<Omit<OrderLineView, 'unitPriceIncVat'> & { unitPriceMinor: number }>`
    select l.id, l.title, l.channel_sku as "channelSku", l.quantity, l.unit_price_minor as "unitPriceMinor", l.mapped,
      (
        select coalesce(jsonb_agg(jsonb_build_object(
          'id', c.id, 'variantId', c.variant_id, 'sku', v.sku, 'title', concat_ws(' – ', p.title, nullif(v.title, '')), 'quantity', c.quantity,
          'state', c.state, 'holdReason', c.hold_reason, 'supplierId', h.id, 'supplierName', h.name
        ) order by v.sku, c.id), '[]')
        from order_line_components c
        join variants v on v.tenant_id = c.tenant_id and v.id = c.variant_id
        join products p on p.tenant_id = v.tenant_id and p.id = v.product_id
        left join lateral (
          select s.id, s.name from reservations r
          join supplier_offers f on f.tenant_id = r.tenant_id and f.id = r.offer_id
          join suppliers s on s.tenant_id = f.tenant_id and s.id = f.supplier_id
          where r.tenant_id = c.tenant_id and r.component_id = c.id and r.state <> 'released'
          order by r.created_at desc limit 1
        ) h on true
        where c.tenant_id = l.tenant_id and c.order_line_id = l.id
      ) as components
    from order_lines l
    where l.tenant_id = ${tx.tenantId} and l.order_id = ${orderId}
    order by l.position, l.id
  `.execute(tx)
  return rows.map(({ unitPriceMinor, ...line }) => ({ ...line, unitPriceIncVat: { minor: unitPriceMinor, currency } }))
}

type ShipmentRow = Omit<ShipmentView, 'shippedAt' | 'confirmation'> & {
  shippedAt: Date
  state: ShipmentView['confirmation']['state'] | null
  refusal: string | null
  settledAt: Date | null
  attempts: number | null
}

async function readShipments(tx: Tx, orderId: string): Promise<ShipmentView[]> {
  const { rows } = await sql<ShipmentRow>`
    select s.id, s.package_number as "packageNumber", s.purchase_order_id as "purchaseOrderId", s.carrier,
      s.tracking_number as "trackingNumber", s.shipped_at as "shippedAt", s.entered_by as "enteredBy",
      e.state, e.refusal, e.settled_at as "settledAt", e.attempts
    from shipments s
    join orders o on o.tenant_id = s.tenant_id and o.id = s.order_id
    left join effects e on e.tenant_id = s.tenant_id and e.channel_id = o.channel_id and e.kind = 'confirm-shipment'
      and e.business_key = o.marketplace_order_id || '/' || s.package_number
    where s.tenant_id = ${tx.tenantId} and s.order_id = ${orderId}
    order by s.package_number
  `.execute(tx)
  return rows.map(({ state, refusal, settledAt, attempts, ...shipment }) => ({
    ...shipment,
    shippedAt: shipment.shippedAt.toISOString(),
    // Without an effect there is nothing to confirm (V3), so nothing is outstanding.
    confirmation: {
      state: state ?? 'applied',
      refusal,
      settledAt: settledAt?.toISOString() ?? null,
      attempts: attempts ?? 0,
    },
  }))
}

const eventsMax = 1_000

async function readStory(tx: Tx, orderId: string): Promise<OrderPageView['events']> {
  const rows = await tx
    .selectFrom('order_events')
    .select(['id', 'at', 'kind', 'data', 'actor'])
    .where('tenant_id', '=', tx.tenantId)
    .where('order_id', '=', orderId)
    .orderBy('at')
    .orderBy('id')
    .limit(eventsMax)
    .execute()
  return rows.map(({ id, at, kind, data, actor }) => ({
    id,
    at: at.toISOString(),
    kind,
    ...tellEvent({ kind, data }),
    actor,
  }))
}

function actionsOf(
  order: OrderRow,
  isUnmapped: boolean,
  purchaseOrders: PurchaseOrderView[],
): OrderPageView['actions'] {
  const ask = (action: OrderAction, why: string) => {
    const allowed = canOrder(action, order)
    return { allowed, why: allowed ? null : why }
  }
  const isOpen = purchaseOrders.some(({ state }) => isAtSupplier(state))
  const dispatch = isOpen
    ? ask('dispatch', 'An order in this status cannot be dispatched.')
    : { allowed: false, why: 'No purchase order of it is open.' }
  const pin = isUnmapped
    ? ask('pin', 'An order in this status is not removed, so it need not be pinned.')
    : { allowed: false, why: 'Only orders without a mapped line are removed, so only these are pinned.' }
  return { dispatch, pin, route: ask('route', 'No line of it waits for stock.') }
}
