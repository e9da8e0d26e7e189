// Orders seen again: what the marketplace's newer view changes (D3b, D9). An older view changes nothing.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { Secrets } from '../../platform/secrets.ts'
import type { ProblemKind } from '../problems/problem-texts.ts'
import { readBackOrdered } from '../listings/verify-targets.store.ts'
import { closeProblems, openProblems, type NewProblem } from '../problems/problems.store.ts'
import { atSupplierStates } from '../purchasing/purchase-order.ts'
import { tellChanged } from '../purchasing/send-purchase-orders.store.ts'
import { contactDiffers, sealBody, sealContact } from './contact.store.ts'
import { whatChanged, type Change, type LineChange } from './import-rules.ts'
import type { ChannelOrder } from './channel-order.ts'
import type { KnownOrderRow } from './known-orders.store.ts'
import { isAddressMissing, paidAtOf } from './order.ts'
import { markForTerms } from './order-terms.store.ts'
import { addOrderEvents, fairlead, type NewOrderEvent } from './order-events.store.ts'
import { settleLines, type LinesSettled } from './settle-lines.command.ts'
import { stopOrders } from './stop-orders.command.ts'

type Seen = { ours: KnownOrderRow; theirs: ChannelOrder; changes: Change[] }

export type UpdatedOrders = {
  orderIds: string[]
  /** Those that may go on to a supplier now. */
  toRoute: string[]
}

export async function updateKnownOrders(
  tx: Tx,
  pairs: Omit<Seen, 'changes'>[],
  secrets: Secrets,
): Promise<UpdatedOrders> {
  const newer = pairs.flatMap((pair) => compare(tx.tenantId, pair, secrets))
  await saveViews(tx, newer)
  await saveLinePrices(tx, newer)
  const changed = newer.filter((seen) => seen.changes.length > 0)
  await saveContacts(tx, changed, secrets)
  await addOrderEvents(tx, changed.flatMap(tell), fairlead)
  await stopOrders(tx, idsWith(changed, 'called-off'), 'all-not-left')
  await stopOrders(tx, idsWith(changed, 'shipped-elsewhere'), 'not-at-supplier')
  const lines = await settleLines(tx, changed.flatMap(linesOf))
  await readBackOrdered(tx, [...idsWith(changed, 'called-off'), ...idsWith(changed, 'lines-changed')])
  await tellNewAddress(tx, idsWith(changed, 'address-changed'))
  await closeProblems(
    tx,
    changed.filter((seen) => isStatusKnown(seen)).map((seen) => `unknown-status/${seen.ours.id}`),
  )
  await openProblems(tx, [...changed.flatMap(problemsOf), ...changed.flatMap((seen) => lineProblems(seen, lines))])
  return {
    orderIds: changed.map((seen) => seen.ours.id),
    // An address that was missing may be there now.
    toRoute: (['paid', 'hold-lifted', 'address-changed'] as const).flatMap((kind) => idsWith(changed, kind)),
  }
}

function compare(tenantId: string, { ours, theirs }: Omit<Seen, 'changes'>, secrets: Secrets): Seen[] {
  const differs = contactDiffers(secrets, { tenantId, orderId: ours.id }, ours.contact, theirs)
  const answer = whatChanged({ ...ours, contactDiffers: differs }, theirs)
  return answer.isOlder ? [] : [{ ours, theirs, changes: answer.changes }]
}

function idsWith(changed: Seen[], kind: Change['kind']): string[] {
  return changed.filter((seen) => seen.changes.some((change) => change.kind === kind)).map((seen) => seen.ours.id)
}

function isStatusKnown({ ours, theirs }: Seen): boolean {
  return ours.channelStatus === 'unknown' && theirs.status !== 'unknown'
}

async function saveViews(tx: Tx, seen: Seen[]): Promise<void> {
  if (seen.length === 0) return
  const theirs = seen.map((entry) => entry.theirs)
  await sql`
    update orders o set channel_status = t.channel_status, marketplace_status = t.marketplace_status,
      marketplace_updated_at = t.updated_at, paid_at = coalesce(t.named_paid_at, o.paid_at, t.paid_at), ship_by = coalesce(t.ship_by, o.ship_by),
      items_minor = t.items, shipping_minor = t.shipping, tax_minor = t.tax, total_minor = t.total, updated_at = app_now()
    from unnest(${seen.map((entry) => entry.ours.id)}::uuid[], ${theirs.map((order) => order.status)}::text[],
      ${theirs.map((order) => order.marketplaceStatus)}::text[], ${theirs.map((order) => order.updatedAt)}::timestamptz[],
      ${theirs.map((order) => order.paidAt)}::timestamptz[], ${theirs.map(paidAtOf)}::timestamptz[], ${theirs.map((order) => order.shipBy)}::timestamptz[],
      ${theirs.map((order) => order.totals.itemsIncVat.minor)}::bigint[], ${theirs.map((order) => order.totals.shippingIncVat.minor)}::bigint[],
      ${theirs.map((order) => order.totals.tax.minor)}::bigint[], ${theirs.map((order) => order.totals.grandTotal.minor)}::bigint[]
    ) as t (id, channel_status, marketplace_status, updated_at, named_paid_at, paid_at, ship_by, items, shipping, tax, total)
    where o.tenant_id = ${tx.tenantId} and o.id = t.id
      and (o.marketplace_updated_at, o.channel_status, o.marketplace_status) is distinct from (t.updated_at, t.channel_status, t.marketplace_status)
  `.execute(tx)
}

/** Some marketplaces name prices only once an order is paid. */
async function saveLinePrices(tx: Tx, seen: Seen[]): Promise<void> {
  const lines = seen.flatMap(({ ours, theirs }) => theirs.lines.map((line) => ({ orderId: ours.id, ...line })))
  if (lines.length === 0) return
  await sql`
    update order_lines line set unit_price_minor = t.price
    from unnest(${lines.map((line) => line.orderId)}::uuid[], ${lines.map((line) => line.marketplaceLineId)}::text[],
      ${lines.map((line) => line.unitPriceIncVat.minor)}::bigint[]) as t (order_id, line_id, price)
    where line.tenant_id = ${tx.tenantId} and line.order_id = t.order_id and line.marketplace_line_id = t.line_id
      and line.unit_price_minor <> t.price
  `.execute(tx)
}

/** The marketplace's text is replaced with each change; buyer and address only where they changed. */
async function saveContacts(tx: Tx, changed: Seen[], secrets: Secrets): Promise<void> {
  const kept = changed.filter((seen) => seen.ours.contact !== null)
  if (kept.length === 0) return
  const ids = kept.map((seen) => seen.ours.id)
  const bodies = kept.map(({ ours, theirs }) =>
    sealBody(secrets, { tenantId: tx.tenantId, orderId: ours.id }, theirs.raw),
  )
  await sql`
    update order_bodies b set body = t.body, stored_at = app_now()
    from unnest(${ids}::uuid[], ${bodies}::bytea[]) as t (id, body) where b.tenant_id = ${tx.tenantId} and b.order_id = t.id
  `.execute(tx)
  const moved = kept.filter((seen) => seen.changes.some((change) => change.kind === 'address-changed'))
  if (moved.length === 0) return
  const contacts = moved.map(({ ours, theirs }) =>
    sealContact(secrets, { tenantId: tx.tenantId, orderId: ours.id }, theirs),
  )
  await sql`
    update orders o set contact = t.contact, country_code = t.country_code, address_missing = t.address_missing
    from unnest(${moved.map((seen) => seen.ours.id)}::uuid[], ${contacts}::bytea[],
      ${moved.map((seen) => seen.theirs.shipTo?.countryCode ?? null)}::text[],
      ${moved.map((seen) => isAddressMissing(seen.theirs))}::boolean[]) as t (id, contact, country_code, address_missing)
    where o.tenant_id = ${tx.tenantId} and o.id = t.id
  `.execute(tx)
  await markForTerms(
    tx,
    moved.map((seen) => seen.ours.id),
  )
}

/** What has not left yet can still go to the new address. Last, for it must say what else changed. */
async function tellNewAddress(tx: Tx, orderIds: string[]): Promise<void> {
  if (orderIds.length === 0) return
  const { rows } = await sql<{ id: string }>`
    select id from purchase_orders
    where tenant_id = ${tx.tenantId} and order_id = any(${orderIds}::uuid[]) and state = any(${['to-send', ...atSupplierStates]}::text[])
    order by id
  `.execute(tx)
  await tellChanged(
    tx,
    rows.map((row) => row.id),
  )
}

function tell({ ours, theirs, changes }: Seen): NewOrderEvent[] {
  const { marketplaceStatus } = theirs
  const { id: orderId, atSupplier, hasParcels } = ours
  return changes.map((change): NewOrderEvent => {
    switch (change.kind) {
      case 'called-off':
        return {
          orderId,
          kind: change.kind,
          data: { marketplaceStatus, status: change.status, alreadyLeft: hasParcels },
        }
      case 'held':
        return { orderId, kind: change.kind, data: { marketplaceStatus, status: change.status, atSupplier } }
      case 'shipped-elsewhere':
        return { orderId, kind: change.kind, data: { marketplaceStatus, atSupplier } }
      case 'address-changed':
        return { orderId, kind: change.kind, data: { atSupplier } }
      case 'lines-changed': {
        const lines = change.lines.map((line) => ({
          sku: nameOf(theirs, line),
          ours: line.before,
          theirs: line.now,
        }))
        return { orderId, kind: change.kind, data: { marketplaceStatus, lines } }
      }
      default:
        return { orderId, kind: change.kind, data: { marketplaceStatus } }
    }
  })
}

function problemsOf({ ours, theirs, changes }: Seen): NewProblem[] {
  return changes.flatMap((change) => {
    const kind = problemOf(change, ours)
    if (!kind) return []
    const data = { marketplaceStatus: theirs.marketplaceStatus, status: theirs.status }
    return [{ key: `${kind}/${ours.id}`, kind, channelId: ours.channelId, orderId: ours.id, data }]
  })
}

function problemOf(change: Change, ours: KnownOrderRow): ProblemKind | undefined {
  switch (change.kind) {
    case 'called-off':
      return ours.hasParcels ? 'called-off-after-dispatch' : undefined
    case 'held':
      return ours.atSupplier ? 'held-at-supplier' : undefined
    case 'shipped-elsewhere':
      return ours.atSupplier ? 'shipped-elsewhere-at-supplier' : undefined
    case 'address-changed':
      return ours.atSupplier || ours.hasParcels ? 'address-changed-at-supplier' : undefined
    case 'reopened':
      return 'order-reopened'
    case 'unknown-status':
      return 'unknown-status'
    default:
      return undefined
  }
}

function linesOf({ ours, changes }: Seen) {
  return changes.flatMap((change) =>
    change.kind === 'lines-changed' ? change.lines.map((line) => ({ orderId: ours.id, ...line })) : [],
  )
}

function nameOf(theirs: ChannelOrder, { marketplaceLineId }: LineChange): string {
  const line = theirs.lines.find((one) => one.marketplaceLineId === marketplaceLineId)
  return line?.channelSku ?? line?.title ?? `line ${marketplaceLineId}`
}

/** What a cut cannot settle: units that left already, and units that were added. */
function lineProblems({ ours, theirs, changes }: Seen, settled: LinesSettled): NewProblem[] {
  const { id: orderId, channelId } = ours
  const problems: NewProblem[] = []
  const left = settled.leftAlready.get(orderId)
  if (left !== undefined) {
    const kind = 'units-called-off-after-dispatch'
    problems.push({ key: `${kind}/${orderId}`, kind, channelId, orderId, data: { units: left } })
  }
  const lines = changes.flatMap((change) => (change.kind === 'lines-changed' ? change.lines : []))
  const added = lines.filter((line) => line.now > line.before)
  if (added.length > 0) {
    const kind = 'order-lines-changed'
    const text = added.map((line) => `${nameOf(theirs, line)}: ${line.before} here, ${line.now} there`).join('; ')
    problems.push({ key: `${kind}/${orderId}`, kind, channelId, orderId, data: { lines: text } })
  }
  return problems
}
