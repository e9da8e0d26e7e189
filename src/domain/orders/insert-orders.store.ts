// New orders as rows: order, sealed body, lines, what they ask of our variants, and the first lines of their story.
import { sql } from 'kysely'
import { arrayText } from '../../platform/array-text.ts'
import type { Tx } from '../../platform/database.ts'
import type { Secrets } from '../../platform/secrets.ts'
import { openProblems, type NewProblem } from '../problems/problems.store.ts'
import { sealBody, sealContact } from './contact.store.ts'
import type { ChannelOrderLine, ChannelOrder } from './channel-order.ts'
import type { ChosenService } from './choose-services.store.ts'
import type { IngestChannel } from './ingest-channel.ts'
import type { LineMapping } from './mapping-snapshot.store.ts'
import { addOrderEvents, fairlead, type NewOrderEvent } from './order-events.store.ts'
import { orderTerms, termsVersion, writeOrderTerms } from './order-terms.store.ts'
import { needOf } from '../purchasing/open-component.ts'
import { freshStatus, nothingLeaves, type FreshComponent, type FreshOrder } from './fresh-order.ts'
import { isAddressMissing, paidAtOf, wantsStock } from './order.ts'

export type AcceptedOrder = {
  id: string
  order: ChannelOrder
  lines: ({ line: ChannelOrderLine } & LineMapping)[]
  /** SKUs of lines that were not imported (D2, split). */
  leftOut: string[]
  because: string
  /** Null: nobody has said what theirs means (C3), or the buyer fetches it. */
  service: ChosenService | null
}

export async function insertOrders(
  tx: Tx,
  channel: IngestChannel,
  accepted: AcceptedOrder[],
  secrets: Secrets,
): Promise<FreshOrder[]> {
  if (accepted.length === 0) return []
  const lines = accepted.map((entry) => lineRows(tx, entry))
  const fresh = accepted.map((entry, index) => freshOrder(tx, entry, lines[index] ?? []))
  await insertRows(
    tx,
    accepted.map((entry, index) => ({ ...orderRow(tx, channel, entry, secrets), ...statusColumns(fresh[index]) })),
  )
  await writeOrderTerms(
    tx,
    accepted.map(({ id }) => id),
  )
  const bodies = accepted.map(({ id, order }) => sealBody(secrets, { tenantId: tx.tenantId, orderId: id }, order.raw))
  await sql`
    insert into order_bodies (tenant_id, order_id, body)
    select ${tx.tenantId}, t.* from unnest(${accepted.map(({ id }) => id)}::uuid[], ${bodies}::bytea[]) as t
  `.execute(tx)
  await insertLines(
    tx,
    lines.flatMap((ofOrder) => ofOrder.map(({ row }) => row)),
  )
  await insertComponents(
    tx,
    fresh.flatMap((order) => order.components),
  )
  await addOrderEvents(
    tx,
    accepted.flatMap((entry) => firstEvents(channel, entry)),
    fairlead,
  )
  await openProblems(
    tx,
    accepted.flatMap((entry) => firstProblems(channel, entry)),
  )
  return fresh
}

type Row = ReturnType<typeof orderRow> & ReturnType<typeof statusColumns>

async function insertRows(tx: Tx, rows: Row[]): Promise<void> {
  const column = <Key extends keyof Row>(key: Key) => rows.map((row) => row[key])
  const lists = (key: 'terms' | 'left_out_lines') => rows.map((row) => arrayText(row[key]))
  await sql`
    insert into orders (tenant_id, channel_id, id, marketplace_order_id, bundle_id, status, status_reason, closed_at, channel_status,
      marketplace_status, currency, items_minor, shipping_minor, tax_minor, total_minor, shipping_service_name, shipping_service_id,
      shipping_because, local_pickup, address_missing, country_code, placed_at, marketplace_updated_at, paid_at, ship_by, unmapped,
      settings_version, contact, left_out_lines, terms, terms_version)
    select ${tx.tenantId}, ${rows[0]?.channel_id}, t.id, t.marketplace_order_id, t.bundle_id, t.status, t.status_reason,
      case when t.closes then app_now() end, t.channel_status, t.marketplace_status, t.currency, t.items, t.shipping, t.tax, t.total,
      t.service_name, t.service_id, t.because, t.local_pickup, t.address_missing, t.country_code, t.placed_at, t.updated_at,
      t.paid_at, t.ship_by, t.unmapped, t.settings_version, t.contact, t.left_out::text[], t.terms::text[], ${termsVersion}
    from unnest(${column('id')}::uuid[], ${column('marketplace_order_id')}::text[], ${column('bundle_id')}::text[],
      ${column('status')}::text[], ${column('status_reason')}::text[], ${column('closes')}::boolean[],
      ${column('channel_status')}::text[], ${column('marketplace_status')}::text[], ${column('currency')}::text[],
      ${column('items_minor')}::bigint[], ${column('shipping_minor')}::bigint[], ${column('tax_minor')}::bigint[],
      ${column('total_minor')}::bigint[], ${column('shipping_service_name')}::text[], ${column('shipping_service_id')}::uuid[],
      ${column('shipping_because')}::text[], ${column('local_pickup')}::boolean[], ${column('address_missing')}::boolean[],
      ${column('country_code')}::text[], ${column('placed_at')}::timestamptz[], ${column('marketplace_updated_at')}::timestamptz[],
      ${column('paid_at')}::timestamptz[], ${column('ship_by')}::timestamptz[], ${column('unmapped')}::boolean[],
      ${column('settings_version')}::int[], ${column('contact')}::bytea[], ${lists('left_out_lines')}::text[],
      ${lists('terms')}::text[]
    ) as t (id, marketplace_order_id, bundle_id, status, status_reason, closes, channel_status, marketplace_status, currency, items,
      shipping, tax, total, service_name, service_id, because, local_pickup, address_missing, country_code, placed_at, updated_at,
      paid_at, ship_by, unmapped, settings_version, contact, left_out, terms)
  `.execute(tx)
}

async function insertLines(tx: Tx, lines: ReturnType<typeof lineRows>[number]['row'][]): Promise<void> {
  if (lines.length === 0) return
  const column = <Key extends keyof (typeof lines)[number]>(key: Key) => lines.map((line) => line[key])
  await sql`
    insert into order_lines (tenant_id, id, order_id, position, marketplace_line_id, marketplace_listing_id, marketplace_variant_id,
      listing_id, channel_sku, title, quantity, unit_price_minor, mapped)
    select ${tx.tenantId}, t.*
    from unnest(${column('id')}::uuid[], ${column('order_id')}::uuid[], ${column('position')}::int[],
      ${column('marketplace_line_id')}::text[], ${column('marketplace_listing_id')}::text[],
      ${column('marketplace_variant_id')}::text[], ${column('listing_id')}::uuid[], ${column('channel_sku')}::text[],
      ${column('title')}::text[], ${column('quantity')}::int[], ${column('unit_price_minor')}::bigint[],
      ${column('mapped')}::boolean[]) as t
  `.execute(tx)
}

async function insertComponents(tx: Tx, components: FreshComponent[]): Promise<void> {
  if (components.length === 0) return
  const column = <Value>(of: (component: FreshComponent) => Value) => components.map(of)
  await sql`
    insert into order_line_components (tenant_id, id, order_id, order_line_id, variant_id, quantity_each, quantity, state, hold_reason)
    select ${tx.tenantId}, t.*
    from unnest(${column((one) => one.componentId)}::uuid[], ${column((one) => one.orderId)}::uuid[],
      ${column((one) => one.orderLineId)}::uuid[], ${column((one) => one.variantId)}::uuid[],
      ${column((one) => one.quantityEach)}::int[], ${column((one) => one.quantity)}::int[],
      ${column((one) => one.written.state)}::text[], ${column((one) => one.written.holdReason)}::text[]) as t
  `.execute(tx)
}

function firstProblems(channel: IngestChannel, { id: orderId, order }: AcceptedOrder): NewProblem[] {
  const { id: channelId, currency: expected, currencies } = channel
  const { currency, marketplaceStatus } = order
  const problems: NewProblem[] = []
  if (order.status === 'unknown') {
    const data = { marketplaceStatus }
    problems.push({ key: `unknown-status/${orderId}`, kind: 'unknown-status', channelId, orderId, data })
  }
  if (currency !== expected && !currencies.includes(currency)) {
    const data = { currency, expected }
    problems.push({ key: `unexpected-currency/${orderId}`, kind: 'unexpected-currency', channelId, orderId, data })
  }
  return problems
}

function orderRow(tx: Tx, channel: IngestChannel, { id, order, lines, service }: AcceptedOrder, secrets: Secrets) {
  return {
    id,
    channel_id: channel.id,
    marketplace_order_id: order.marketplaceOrderId,
    bundle_id: order.bundleId,
    channel_status: order.status,
    marketplace_status: order.marketplaceStatus,
    currency: order.currency,
    items_minor: order.totals.itemsIncVat.minor,
    shipping_minor: order.totals.shippingIncVat.minor,
    tax_minor: order.totals.tax.minor,
    total_minor: order.totals.grandTotal.minor,
    shipping_service_name: order.shippingService,
    shipping_service_id: service?.id ?? null,
    shipping_because: service?.because ?? null,
    local_pickup: order.localPickup,
    address_missing: isAddressMissing(order),
    country_code: order.shipTo?.countryCode ?? null,
    placed_at: order.placedAt,
    marketplace_updated_at: order.updatedAt,
    paid_at: paidAtOf(order),
    ship_by: order.shipBy,
    unmapped: lines.every((line) => line.components === null),
    settings_version: channel.settingsVersion,
    // Those that were left out (D2): a line that is neither here nor among them was added later.
    left_out_lines: order.lines
      .map(({ marketplaceLineId }) => marketplaceLineId)
      .filter((lineId) => !lines.some(({ line }) => line.marketplaceLineId === lineId)),
    contact: sealContact(secrets, { tenantId: tx.tenantId, orderId: id }, order),
    terms: orderTerms(tx.tenantId, wordsOf(order, lines), order, secrets),
  }
}

function statusColumns(order: FreshOrder | undefined) {
  if (!order) throw new Error('A status was lost.')
  const { status, reason, closes } = order.written
  return { status, status_reason: reason, closes }
}

function wordsOf({ marketplaceOrderId, bundleId }: ChannelOrder, lines: AcceptedOrder['lines']) {
  return {
    ids: [marketplaceOrderId, bundleId],
    skus: lines.flatMap(({ line, components }) => [line.channelSku, ...(components ?? []).map(({ sku }) => sku)]),
    titles: lines.map(({ line }) => line.title),
  }
}

function lineRows(tx: Tx, { id: orderId, lines }: AcceptedOrder) {
  return lines.map(({ line, listingId, components }, position) => ({
    components: components ?? [],
    row: {
      id: tx.ids.uuid(),
      order_id: orderId,
      position,
      marketplace_line_id: line.marketplaceLineId,
      marketplace_listing_id: line.marketplaceListingId,
      marketplace_variant_id: line.marketplaceVariantId,
      listing_id: listingId,
      channel_sku: line.channelSku,
      title: line.title,
      quantity: line.quantity,
      unit_price_minor: line.unitPriceIncVat.minor,
      mapped: components !== null,
    },
  }))
}

function freshOrder(tx: Tx, entry: AcceptedOrder, lines: ReturnType<typeof lineRows>): FreshOrder {
  const { id, order, service } = entry
  const facts = {
    channelStatus: order.status,
    unmappedLines: lines.filter(({ row }) => !row.mapped).length,
    lacksShippingService: service === null && !order.localPickup,
  }
  const components = lines.flatMap(({ row, components: ofLine }) =>
    ofLine.map((component) => freshComponent(tx, entry, { line: row, component })),
  )
  const likely = { components: components.map((component) => component.written), waitsForPayment: false }
  return { id, facts, components, written: freshStatus(facts, likely) }
}

type Asked = {
  line: ReturnType<typeof lineRows>[number]['row']
  component: { variantId: string; quantity: number; sku: string; title: string }
}

function freshComponent(
  tx: Tx,
  { id: orderId, order, service }: AcceptedOrder,
  { line, component }: Asked,
): FreshComponent {
  const { variantId, sku, title, quantity: quantityEach } = component
  const asked = {
    componentId: tx.ids.uuid(),
    orderId,
    orderLineId: line.id,
    placedAt: order.placedAt,
    variantId,
    sku,
    title,
    quantityEach,
    quantity: quantityEach * line.quantity,
    state: 'held' as const,
    holdReason: null,
    channelStatus: order.status,
    addressMissing: isAddressMissing(order),
    localPickup: order.localPickup,
    countryCode: order.shipTo?.countryCode ?? null,
    currency: order.currency,
    shippingServiceId: service?.id ?? null,
    reservedOfferId: null,
    declinedBy: [],
  }
  const { goes, holdReason } = needOf(asked)
  const ifAllIsThere = { state: goes ? ('routed' as const) : ('reserved' as const), holdReason }
  return { ...asked, written: wantsStock(order.status) ? ifAllIsThere : nothingLeaves }
}

function firstEvents(
  channel: IngestChannel,
  { id: orderId, order, lines, leftOut, because, service }: AcceptedOrder,
): NewOrderEvent[] {
  const { settingsVersion } = channel
  const units = lines.reduce((sum, { line }) => sum + line.quantity, 0)
  const data = { lines: lines.length, units, leftOut, because, marketplaceStatus: order.marketplaceStatus }
  const imported: NewOrderEvent = { orderId, settingsVersion, kind: 'imported', data }
  if (service === null || !wantsStock(order.status)) return [imported]
  const chosen = { theirs: order.shippingService, ours: service.name, because: service.because }
  return [imported, { orderId, settingsVersion, kind: 'shipping-service-chosen', data: chosen }]
}
