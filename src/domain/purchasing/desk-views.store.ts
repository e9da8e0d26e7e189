// What a supplier sees at his desk (G3). Every query names his id, and no column of the seller's: no price, no total, no
// channel, no order number of a marketplace, no other supplier.
import { sql, type RawBuilder } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { Secrets } from '../../platform/secrets.ts'
import { likePatterns, roughCountMax, type RowPage } from '../listings/paging.ts'
import type { Money } from '../money.ts'
import type { Address } from '../orders/channel-order.ts'
import { openContact } from '../orders/contact.store.ts'
import { deskStates, shownAs, statesShownAs, type DeskState } from './desk-orders.ts'
import type { PurchaseOrderState } from './purchase-order.ts'

export type DeskOrderRow = {
  id: string
  number: string
  revision: number
  state: DeskState
  orderedAt: Date
  shipBy: Date | null
  acceptedAt: Date | null
  reference: string | null
  countryCode: string | null
  shippingService: string | null
  units: number
  dispatched: number
  cancelled: number
  contents: { supplierSku: string; quantity: number }[]
  goods: Money
}

export type DeskOrder = DeskOrderRow & {
  shipTo: Address | null
  carrier: string | null
  pickup: boolean
  cancelledAt: Date | null
  cancelledBy: 'you' | 'seller' | null
  cancelReason: string | null
  lines: DeskLine[]
  shipping: Money
  vat: Money
  total: Money
  parcels: DeskParcel[]
}

export type DeskLine = {
  id: string
  supplierSku: string
  title: string
  quantity: number
  cost: Money
  dispatched: number
  cancelled: number
}

export type DeskParcel = {
  id: string
  carrier: string
  trackingNumber: string
  shippedAt: Date
  lines: { lineId: string; quantity: number }[]
}

export type DeskFilter = { state?: DeskState | undefined; search?: string | undefined }

const idShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Newest first: ids are made in the order of time, and finely enough to page by. */
export async function listDeskOrders(
  tx: Tx,
  supplierId: string,
  filter: DeskFilter,
  page: { cursor?: string | undefined; limit: number },
): Promise<RowPage<DeskOrderRow>> {
  const where = filtered(tx, supplierId, filter)
  const after = page.cursor !== undefined && idShape.test(page.cursor) ? sql`and p.id < ${page.cursor}::uuid` : sql``
  const rows = await readRows(tx, sql`${where} ${after}`, page.limit + 1)
  const counted = await sql<{ count: number }>`
    select count(*)::int from (select from purchase_orders p where ${where} limit ${roughCountMax + 1}) as found
  `.execute(tx)
  const count = counted.rows[0]?.count ?? 0
  const shown = rows.slice(0, page.limit)
  return {
    rows: shown.map(toRow),
    next: rows.length > page.limit ? (shown.at(-1)?.id ?? null) : null,
    count: { value: Math.min(count, roughCountMax), more: count > roughCountMax },
  }
}

export async function readDeskOrders(
  tx: Tx,
  supplierId: string,
  ids: string[],
  secrets: Secrets,
): Promise<DeskOrder[]> {
  const rows = await readRows(tx, sql`${visible(tx, supplierId)} and p.id = any(${ids}::uuid[])`, ids.length)
  const found = rows.map((row) => row.id)
  const lines = Map.groupBy(await readLines(tx, found), (line) => line.purchaseOrderId)
  const parcels = Map.groupBy(await readParcels(tx, found), (parcel) => parcel.purchaseOrderId)
  return rows.map((row) => {
    const money = (minor: number): Money => ({ minor, currency: row.currency })
    return {
      ...toRow(row),
      // What is not to be sent any more needs no address.
      shipTo: row.state === 'cancelled' ? null : shipToOf(tx, row, secrets),
      carrier: row.carrier,
      pickup: row.pickup,
      cancelledAt: row.cancelledAt,
      cancelledBy: row.cancelledBy === null ? null : row.cancelledBy === 'supplier' ? 'you' : 'seller',
      // In his own words; what the seller noted stays with the seller.
      cancelReason: row.cancelledBy === 'supplier' ? row.cancelReason : null,
      lines: (lines.get(row.id) ?? []).map(({ purchaseOrderId: _order, costMinor, ...line }) => ({
        ...line,
        cost: money(costMinor),
      })),
      shipping: money(row.shippingMinor),
      vat: money(row.vatMinor),
      total: money(row.goodsMinor + row.shippingMinor + row.vatMinor),
      parcels: (parcels.get(row.id) ?? []).map(({ purchaseOrderId: _order, ...parcel }) => parcel),
    }
  })
}

/** Which component a line of his is of, for entering parcels; undefined: not on this purchase order of his. */
export async function deskLineComponents(
  tx: Tx,
  supplierId: string,
  purchaseOrderId: string,
): Promise<Map<string, string> | undefined> {
  const { rows } = await sql<{ id: string; componentId: string }>`
    select l.id, l.component_id as "componentId"
    from purchase_orders p join purchase_order_lines l on l.tenant_id = p.tenant_id and l.purchase_order_id = p.id
    where ${visible(tx, supplierId)} and p.id = ${purchaseOrderId}
  `.execute(tx)
  return rows.length === 0 ? undefined : new Map(rows.map((row) => [row.id, row.componentId]))
}

/** Whether a parcel was entered for this purchase order, and not for another one of the same order. */
export async function isParcelOf(tx: Tx, shipmentId: string, purchaseOrderId: string): Promise<boolean> {
  const { rows } = await sql`
    select from shipments where tenant_id = ${tx.tenantId} and id = ${shipmentId} and purchase_order_id = ${purchaseOrderId}
  `.execute(tx)
  return rows.length > 0
}

/** Ids of what he has to send, oldest first, a piece at a time. */
export async function listOpenDeskIds(
  tx: Tx,
  supplierId: string,
  states: DeskState[],
  page: { after: string | undefined; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select p.id from purchase_orders p
    where ${visible(tx, supplierId)} and p.state = any(${statesShownAs(states)}::text[])
      ${page.after === undefined ? sql`` : sql`and p.id > ${page.after}::uuid`}
    order by p.id limit ${page.limit}
  `.execute(tx)
  return rows.map((row) => row.id)
}

/** What was sent to him, and of what was cancelled only what he has seen. */
function visible(tx: Tx, supplierId: string): RawBuilder<unknown> {
  return sql`p.tenant_id = ${tx.tenantId} and p.supplier_id = ${supplierId}
    and p.state = any(${statesShownAs(deskStates)}::text[]) and (p.state <> 'cancelled' or p.sent_at is not null)`
}

function filtered(tx: Tx, supplierId: string, { state, search }: DeskFilter): RawBuilder<unknown> {
  const conditions = [visible(tx, supplierId)]
  if (state !== undefined) conditions.push(sql`p.state = any(${statesShownAs([state])}::text[])`)
  for (const pattern of likePatterns(search))
    conditions.push(sql`(lower(p.number) like ${pattern} or lower(p.supplier_reference) like ${pattern} or exists (
      select from purchase_order_lines l
      where l.tenant_id = p.tenant_id and l.purchase_order_id = p.id and lower(l.supplier_sku) like ${pattern}
    ))`)
  return sql.join(conditions, sql` and `)
}

type RawRow = Omit<DeskOrderRow, 'state' | 'goods'> & {
  state: PurchaseOrderState
  orderId: string
  contact: Buffer | null
  currency: string
  goodsMinor: number
  shippingMinor: number
  vatMinor: number
  carrier: string | null
  pickup: boolean
  cancelledAt: Date | null
  cancelledBy: string | null
  cancelReason: string | null
}

async function readRows(tx: Tx, where: RawBuilder<unknown>, limit: number): Promise<RawRow[]> {
  const { rows } = await sql<RawRow>`
    with wanted as (select p.* from purchase_orders p where ${where} order by p.id desc limit ${limit})
    select p.id, p.number, p.revision, p.state, coalesce(p.sent_at, p.created_at) as "orderedAt", o.ship_by as "shipBy",
      p.accepted_at as "acceptedAt", p.supplier_reference as reference, o.country_code as "countryCode",
      v.name as "shippingService", p.order_id as "orderId", o.contact, p.currency, p.cost_minor as "goodsMinor",
      p.shipping_minor as "shippingMinor", p.vat_minor as "vatMinor", p.carrier, o.local_pickup as pickup,
      p.cancelled_at as "cancelledAt", p.cancelled_by as "cancelledBy", p.cancel_reason as "cancelReason",
      t.units, t.cancelled, t.contents, (
        select coalesce(sum(x.quantity), 0)::int
        from shipments s join shipment_lines x on x.tenant_id = s.tenant_id and x.shipment_id = s.id
        where s.tenant_id = p.tenant_id and s.purchase_order_id = p.id
      ) as dispatched
    from wanted p
    join orders o on o.tenant_id = p.tenant_id and o.id = p.order_id
    left join shipping_services v on v.tenant_id = p.tenant_id and v.id = p.shipping_service_id
    cross join lateral (
      select coalesce(sum(l.quantity), 0)::int as units, coalesce(sum(l.cancelled_quantity), 0)::int as cancelled,
        coalesce(jsonb_agg(jsonb_build_object('supplierSku', l.supplier_sku, 'quantity', l.quantity)
          order by l.supplier_sku, l.id), '[]') as contents
      from purchase_order_lines l where l.tenant_id = p.tenant_id and l.purchase_order_id = p.id
    ) t
    order by p.id desc
  `.execute(tx)
  return rows
}

function toRow(row: RawRow): DeskOrderRow {
  const { id, number, revision, orderedAt, shipBy, acceptedAt, reference, countryCode, shippingService } = row
  const { units, dispatched, cancelled, contents } = row
  return {
    id,
    number,
    revision,
    state: shownAs[row.state] ?? 'to-do',
    orderedAt,
    shipBy,
    acceptedAt,
    reference,
    countryCode,
    shippingService,
    units,
    dispatched,
    cancelled,
    contents,
    goods: { minor: row.goodsMinor, currency: row.currency },
  }
}

/** Name and address for the parcel, and the telephone carriers ask for. Of the buyer nothing else, and no e-mail. */
function shipToOf(tx: Tx, row: RawRow, secrets: Secrets): Address | null {
  const shipTo = openContact(secrets, { tenantId: tx.tenantId, orderId: row.orderId }, row.contact)?.shipTo
  if (!shipTo) return null
  const { name, street, extended, city, region, postalCode, countryCode, phone } = shipTo
  return { name, street, extended, city, region, postalCode, countryCode, phone }
}

type RawLine = Omit<DeskLine, 'cost'> & { purchaseOrderId: string; costMinor: number }

/** Only his own parcels count: what he declined may have left from elsewhere. */
async function readLines(tx: Tx, ids: string[]): Promise<RawLine[]> {
  const { rows } = await sql<RawLine>`
    select l.id, l.purchase_order_id as "purchaseOrderId", l.supplier_sku as "supplierSku", l.title, l.quantity,
      l.cost_minor as "costMinor", l.cancelled_quantity as cancelled, (
        select coalesce(sum(x.quantity), 0)::int
        from shipments s join shipment_lines x on x.tenant_id = s.tenant_id and x.shipment_id = s.id
        where s.tenant_id = l.tenant_id and s.purchase_order_id = l.purchase_order_id and x.component_id = l.component_id
      ) as dispatched
    from purchase_order_lines l
    where l.tenant_id = ${tx.tenantId} and l.purchase_order_id = any(${ids}::uuid[])
    order by l.supplier_sku, l.id
  `.execute(tx)
  return rows
}

async function readParcels(tx: Tx, ids: string[]): Promise<(DeskParcel & { purchaseOrderId: string })[]> {
  const { rows } = await sql<DeskParcel & { purchaseOrderId: string }>`
    select s.id, s.purchase_order_id as "purchaseOrderId", s.carrier, s.tracking_number as "trackingNumber",
      s.shipped_at as "shippedAt", (
        select coalesce(jsonb_agg(jsonb_build_object('lineId', l.id, 'quantity', x.quantity) order by l.supplier_sku, l.id), '[]')
        from shipment_lines x
        join purchase_order_lines l on l.tenant_id = x.tenant_id and l.component_id = x.component_id
          and l.purchase_order_id = s.purchase_order_id
        where x.tenant_id = s.tenant_id and x.shipment_id = s.id
      ) as lines
    from shipments s
    where s.tenant_id = ${tx.tenantId} and s.purchase_order_id = any(${ids}::uuid[])
    order by s.package_number
  `.execute(tx)
  return rows
}
