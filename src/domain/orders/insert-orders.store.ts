// New orders as rows: order, sealed body, lines, what they ask of our variants, and the first lines of their story.
import { sql } from 'kysely'
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
import { isAddressMissing, paidAtOf, statusOf, wantsStock } from './order.ts'

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
): Promise<void> {
  if (accepted.length === 0) return
  await tx
    .insertInto('orders')
    .values(accepted.map((entry) => orderRow(tx, channel, entry, secrets)))
    .execute()
  await writeOrderTerms(
    tx,
    accepted.map(({ id }) => id),
  )
  const bodies = accepted.map(({ id, order }) => sealBody(secrets, { tenantId: tx.tenantId, orderId: id }, order.raw))
  await sql`
    insert into order_bodies (tenant_id, order_id, body)
    select ${tx.tenantId}, t.* from unnest(${accepted.map(({ id }) => id)}::uuid[], ${bodies}::bytea[]) as t
  `.execute(tx)
  const lines = accepted.flatMap((entry) => lineRows(tx, entry))
  await insertLines(
    tx,
    lines.map(({ row }) => row),
  )
  await insertComponents(
    tx,
    lines.flatMap((line) => componentRows(tx, line)),
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

async function insertComponents(tx: Tx, components: ReturnType<typeof componentRows>): Promise<void> {
  if (components.length === 0) return
  const column = <Key extends keyof (typeof components)[number]>(key: Key) => components.map((one) => one[key])
  await sql`
    insert into order_line_components (tenant_id, id, order_id, order_line_id, variant_id, quantity_each, quantity, state)
    select ${tx.tenantId}, t.*
    from unnest(${column('id')}::uuid[], ${column('order_id')}::uuid[], ${column('order_line_id')}::uuid[],
      ${column('variant_id')}::uuid[], ${column('quantity_each')}::int[], ${column('quantity')}::int[],
      ${column('state')}::text[]) as t
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
  const unmappedLines = lines.filter((line) => line.components === null).length
  // Routing settles it; an order without anything to route keeps what follows from its lines alone.
  const first = statusOf({
    channelStatus: order.status,
    unmappedLines,
    components: [],
    hasParcels: false,
    waitsForPayment: false,
  })
  return {
    tenant_id: tx.tenantId,
    id,
    channel_id: channel.id,
    marketplace_order_id: order.marketplaceOrderId,
    bundle_id: order.bundleId,
    status: first.status,
    status_reason: first.reason,
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
    unmapped: unmappedLines === lines.length,
    settings_version: channel.settingsVersion,
    // Those that were left out (D2): a line that is neither here nor among them was added later.
    left_out_lines: order.lines
      .map(({ marketplaceLineId }) => marketplaceLineId)
      .filter((lineId) => !lines.some(({ line }) => line.marketplaceLineId === lineId)),
    contact: sealContact(secrets, { tenantId: tx.tenantId, orderId: id }, order),
    terms: orderTerms(tx.tenantId, wordsOf(order, lines), order, secrets),
    terms_version: termsVersion,
  }
}

function wordsOf({ marketplaceOrderId, bundleId }: ChannelOrder, lines: AcceptedOrder['lines']) {
  return {
    ids: [marketplaceOrderId, bundleId],
    skus: lines.flatMap(({ line, components }) => [line.channelSku, ...(components ?? []).map(({ sku }) => sku)]),
    titles: lines.map(({ line }) => line.title),
  }
}

function lineRows(tx: Tx, { id: orderId, order, lines }: AcceptedOrder) {
  return lines.map(({ line, listingId, components }, position) => ({
    wantsStock: wantsStock(order.status),
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

function componentRows(tx: Tx, { row, components, wantsStock }: ReturnType<typeof lineRows>[number]) {
  return components.map(({ variantId, quantity }) => ({
    id: tx.ids.uuid(),
    order_id: row.order_id,
    order_line_id: row.id,
    variant_id: variantId,
    quantity_each: quantity,
    quantity: quantity * row.quantity,
    // Over before it came here: nothing of it is to leave.
    state: wantsStock ? 'held' : 'cancelled',
  }))
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
