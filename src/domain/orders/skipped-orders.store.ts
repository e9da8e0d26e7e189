// The log of orders that were not imported or were removed (D2, D3), and which of them a person wants after all. No buyer data.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'

export type SkippedOrder = {
  marketplaceOrderId: string
  reason: 'excluded-unmapped' | 'excluded-mixed' | 'removed-unmapped'
  at: Date
  /** Somebody wants it downloaded again, and it is being tried. */
  wanted: boolean
  /** What the marketplace said when it was asked for it. */
  refusal: string | null
}

export type SkippedOrders = {
  rows: SkippedOrder[]
  next: string | null
  count: { value: number; more: boolean }
}

const countMax = 10_000
/** What the marketplace will not give for this long is not asked for any more; the last refusal stays to be seen. */
const wantedHoursMax = 1
const isWanted = sql<boolean>`coalesce(wanted_at > app_now() - make_interval(hours => ${wantedHoursMax}), false)`

/** Newest first. */
export async function listSkippedOrders(
  tx: Tx,
  channelId: string,
  page: { cursor?: string | undefined; limit: number },
): Promise<SkippedOrders> {
  const mine = sql`tenant_id = ${tx.tenantId} and channel_id = ${channelId}`
  const place = readPlace(page.cursor)
  const after = place ? sql`and (at, marketplace_order_id) < (${place.at}::timestamptz, ${place.id})` : sql``
  const { rows } = await sql<SkippedOrder & { place: string }>`
    select marketplace_order_id as "marketplaceOrderId", reason, at, at::text as place, ${isWanted} as wanted, refusal
    from skipped_orders where ${mine} ${after}
    order by at desc, marketplace_order_id desc limit ${page.limit + 1}
  `.execute(tx)
  const counted = await sql<{ count: number }>`
    select count(*)::int from (select from skipped_orders where ${mine} limit ${countMax + 1}) as found
  `.execute(tx)
  const found = counted.rows[0]?.count ?? 0
  const shown = rows.slice(0, page.limit)
  const last = shown.at(-1)
  return {
    rows: shown.map(({ marketplaceOrderId, reason, at, wanted, refusal }) => ({
      marketplaceOrderId,
      reason,
      at,
      wanted,
      refusal,
    })),
    next: rows.length > page.limit && last ? placeText({ at: last.place, id: last.marketplaceOrderId }) : null,
    count: { value: Math.min(found, countMax), more: found > countMax },
  }
}

/** False where there is no such line in the log. */
export async function wantSkippedOrder(tx: Tx, channelId: string, marketplaceOrderId: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update skipped_orders set wanted_at = app_now(), refusal = null
    where tenant_id = ${tx.tenantId} and channel_id = ${channelId} and marketplace_order_id = ${marketplaceOrderId}
  `.execute(tx)
  return numAffectedRows === 1n
}

const wantedMax = 20

/** Oldest wish first. */
export async function readWantedOrders(tx: Tx, channelId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select marketplace_order_id as id from skipped_orders
    where tenant_id = ${tx.tenantId} and channel_id = ${channelId} and wanted_at is not null and ${isWanted}
    order by wanted_at, marketplace_order_id limit ${wantedMax}
  `.execute(tx)
  return rows.map(({ id }) => id)
}

/** Before the order is stored: with the line in the log it would be left out. */
export async function forgetSkipped(tx: Tx, channelId: string, marketplaceOrderId: string): Promise<void> {
  await sql`
    delete from skipped_orders
    where tenant_id = ${tx.tenantId} and channel_id = ${channelId} and marketplace_order_id = ${marketplaceOrderId}
  `.execute(tx)
}

const refusalMax = 300

export async function noteRefusedWish(
  tx: Tx,
  channelId: string,
  refused: { marketplaceOrderId: string; reason: string; isFinal: boolean },
): Promise<void> {
  await sql`
    update skipped_orders set refusal = ${refused.reason.slice(0, refusalMax)},
      wanted_at = case when ${refused.isFinal} then null else wanted_at end
    where tenant_id = ${tx.tenantId} and channel_id = ${channelId} and marketplace_order_id = ${refused.marketplaceOrderId}
  `.execute(tx)
}

type Place = { at: string; id: string }

function placeText({ at, id }: Place): string {
  return Buffer.from(JSON.stringify([at, id]), 'utf8').toString('base64url')
}

/** Undefined for the first page, and for what is no cursor of ours. */
function readPlace(text: string | undefined): Place | undefined {
  if (text === undefined) return undefined
  try {
    const [at, id] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown[]
    const isOurs =
      typeof at === 'string' && typeof id === 'string' && !Number.isNaN(Date.parse(at)) && timeShape.test(at)
    return isOurs && !id.includes('\0') ? { at, id } : undefined
  } catch {
    return undefined
  }
}

const timeShape = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d)?$/
