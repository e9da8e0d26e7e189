// A page of orders, in one transaction: stored, decided, stock promised, purchase orders written, cursor moved. Either
// all of it happened or none, so a page that comes again, late or twice changes nothing (D1, O5).
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { Secrets } from '../../platform/secrets.ts'
import { planAfreshAsGrown } from '../files/bulk.store.ts'
import { closeProblems, openProblems } from '../problems/problems.store.ts'
import { routeOrders } from '../purchasing/route-orders.command.ts'
import { updateKnownOrders } from './update-known-orders.command.ts'
import { newestOfEach, type ChannelOrder } from './channel-order.ts'
import type { IngestChannel } from './ingest-channel.ts'
import { decideImport, isFromOurTime, type SkipReason } from './import-rules.ts'
import { insertOrders, type AcceptedOrder } from './insert-orders.store.ts'
import { lockKnownOrders } from './known-orders.store.ts'
import { faultOf } from './order-faults.ts'
import { readMappings } from './mapping-snapshot.store.ts'
import { chooseServices, type ChosenService } from './choose-services.store.ts'
import { fillLateServices } from './late-services.store.ts'
import { settleStatuses } from './orders.store.ts'
import { unreadableKey } from './unreadable-orders.store.ts'

export type OrderPage = {
  channelId: string
  orders: ChannelOrder[]
  unreadable: { reference: string | null; reason: string }[]
  /** Null for an order that was looked at by itself: the bookmark stays where it is. */
  cursor: { before: string | null; after: string } | null
  secrets: Secrets
}

export type Ingested =
  | { kind: 'stored'; imported: number; changed: number; skipped: number }
  /** Switched off or removed since the page was asked for (A7): nothing of it is stored. */
  | { kind: 'switched-off' }

/** So many new orders are worth planning for anew: in a young business tables grow tenfold between two looks at them. */
const freshPlansMin = 20
const grownTables = ['orders', 'order_lines', 'variants', 'supplier_offers', 'listings']

export async function ingestOrders(tx: Tx, page: OrderPage): Promise<Ingested> {
  const channel = await lockChannel(tx, page.channelId)
  if (!channel) return { kind: 'switched-off' }
  const { orders, faulty } = sortOut(page.orders)
  const ids = orders.map((order) => order.marketplaceOrderId)
  const known = await lockKnownOrders(tx, channel.id, ids)
  const tombstones = await readTombstones(tx, channel.id, ids)

  const fresh = orders.filter(({ marketplaceOrderId: id }) => !known.has(id) && !tombstones.has(id))
  const ours = fresh.filter((order) => isFromOurTime(order, channel.connectedAt))
  const pairs = orders.flatMap((theirs) => pair(known.get(theirs.marketplaceOrderId), theirs))
  const services = await chooseServices(tx, channel, [...ours, ...pairs.map(({ theirs }) => theirs)])
  const { accepted, skipped } = await decide(tx, channel, ours, services)
  if (accepted.length >= freshPlansMin) await planAfreshAsGrown(tx, grownTables)
  const written = await insertOrders(tx, channel, accepted, page.secrets)
  await saveSkipped(tx, channel.id, skipped)
  const changed = await updateKnownOrders(tx, pairs, page.secrets)
  const late = await fillLateServices(tx, pairs, services)

  await routeOrders(tx, [...new Set([...changed.toRoute, ...late])], written)
  await settleStatuses(tx, changed.orderIds)
  await closeProblems(
    tx,
    ids.map((id) => unreadableKey(channel.id, id)),
  )
  await tellUnreadable(tx, channel.id, [...page.unreadable, ...faulty])
  await moveCursor(tx, channel.id, page.cursor)
  if (accepted.length + changed.orderIds.length > 0) await tx.notify('orders')
  return { kind: 'stored', imported: accepted.length, changed: changed.orderIds.length, skipped: skipped.length }
}

/** Of one that cannot be, no part is taken: what is here of it stays as it is. */
function sortOut(all: ChannelOrder[]): { orders: ChannelOrder[]; faulty: OrderPage['unreadable'] } {
  const orders: ChannelOrder[] = []
  const faulty: OrderPage['unreadable'] = []
  for (const order of newestOfEach(all)) {
    const reason = faultOf(order)
    if (reason === undefined) orders.push(order)
    else faulty.push({ reference: order.marketplaceOrderId.replaceAll('\u0000', ''), reason })
  }
  return { orders, faulty }
}

/** Two pages of one channel are stored one after the other, each under the settings of that moment. */
async function lockChannel(tx: Tx, channelId: string): Promise<IngestChannel | undefined> {
  const { rows } = await sql<IngestChannel & { isOn: boolean }>`
    select c.id, c.connected_at as "connectedAt", c.currency, c.currencies, c.exclude_unmapped as "excludeUnmapped", c.split_mixed as "splitMixed",
      c.settings_version as "settingsVersion", s.id as "defaultShippingServiceId",
      s.name as "defaultShippingServiceName", c.enabled and c.removed_at is null as "isOn"
    from sales_channels c
    left join shipping_services s on s.tenant_id = c.tenant_id and s.id = c.default_shipping_service_id and s.active
    where c.tenant_id = ${tx.tenantId} and c.id = ${channelId}
    for no key update of c
  `.execute(tx)
  return rows[0]?.isOn ? rows[0] : undefined
}

async function readTombstones(tx: Tx, channelId: string, ids: string[]): Promise<Set<string>> {
  const rows = await tx
    .selectFrom('skipped_orders')
    .select('marketplace_order_id')
    .where('tenant_id', '=', tx.tenantId)
    .where('channel_id', '=', channelId)
    .where('marketplace_order_id', '=', sql<string>`any(${ids}::text[])`)
    .execute()
  return new Set(rows.map((row) => row.marketplace_order_id))
}

type Skipped = { marketplaceOrderId: string; because: SkipReason }

async function decide(tx: Tx, channel: IngestChannel, ours: ChannelOrder[], services: Map<string, ChosenService>) {
  const mappings = await readMappings(
    tx,
    channel.id,
    ours.flatMap((order) => order.lines),
  )
  const accepted: AcceptedOrder[] = []
  const skipped: Skipped[] = []
  let first = 0
  for (const order of ours) {
    const lines = order.lines.map((line, index) => ({
      line,
      ...(mappings[first + index] ?? { listingId: null, components: null }),
    }))
    first += order.lines.length
    const decision = decideImport(
      lines.map((line) => line.components !== null),
      channel,
    )
    if (decision.kind === 'import') {
      const kept = lines.filter((_, index) => decision.keep[index])
      const leftOut = lines.filter((_, index) => !decision.keep[index]).map(({ line }) => line.channelSku ?? line.title)
      const service = services.get(order.marketplaceOrderId) ?? null
      accepted.push({ id: tx.ids.uuid(), order, lines: kept, leftOut, because: decision.because, service })
    } else {
      skipped.push({ marketplaceOrderId: order.marketplaceOrderId, because: decision.because })
    }
  }
  return { accepted, skipped }
}

async function saveSkipped(tx: Tx, channelId: string, skipped: Skipped[]): Promise<void> {
  if (skipped.length === 0) return
  await tx
    .insertInto('skipped_orders')
    .values(
      skipped.map(({ marketplaceOrderId, because }) => ({
        tenant_id: tx.tenantId,
        channel_id: channelId,
        marketplace_order_id: marketplaceOrderId,
        reason: because,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

function pair<Ours>(ours: Ours | undefined, theirs: ChannelOrder) {
  return ours === undefined ? [] : [{ ours, theirs }]
}

function tellUnreadable(tx: Tx, channelId: string, unreadable: OrderPage['unreadable']): Promise<void> {
  return openProblems(
    tx,
    unreadable.map(({ reference, reason }) => ({
      key: unreadableKey(channelId, reference ?? reason),
      kind: 'order-unreadable',
      channelId,
      data: { reference, reason: reason.slice(0, 300) },
    })),
  )
}

/** Only on from where the page was asked for: a download from the beginning, asked for meanwhile, is not forgotten. */
async function moveCursor(tx: Tx, channelId: string, cursor: OrderPage['cursor']): Promise<void> {
  if (cursor === null) return
  await sql`
    update sales_channels set orders_synced_at = app_now(),
      order_cursor = case when order_cursor is not distinct from ${cursor.before} then ${cursor.after} else order_cursor end
    where tenant_id = ${tx.tenantId} and id = ${channelId}
  `.execute(tx)
  await tx.notify('channels', { id: channelId })
}
