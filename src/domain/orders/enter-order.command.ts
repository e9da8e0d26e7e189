// An order entered by hand (D10): of no sales channel, numbered by us, and routed like any other. What is wrong with it is
// said at its field.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { Secrets } from '../../platform/secrets.ts'
import { isCountry } from '../countries.ts'
import { isCurrency } from '../money.ts'
import { routeOrders } from '../purchasing/route-orders.command.ts'
import type { Address, ChannelOrder } from './channel-order.ts'
import { sealContact } from './contact.store.ts'
import { addOrderEvents } from './order-events.store.ts'
import { orderTerms, termsVersion, writeOrderTerms } from './order-terms.store.ts'
import { settleStatuses } from './orders.store.ts'

export type EnteredOrder = {
  /** Made by who enters it, so that a form sent twice is one order. */
  id: string
  currency: string
  lines: { sku: string; quantity: number; unitPriceMinor: number }[]
  shippingMinor: number
  buyer: { name: string; email: string | null; phone: string | null }
  shipTo: Address
  shippingServiceId: string
  shipBy: Date | null
}

export type EnterOrderResult =
  | { kind: 'entered'; orderId: string; number: string }
  | { kind: 'refused'; reason: 'invalid'; fields: Record<string, string> }

const quantityMax = 100_000
const minorMax = 1_000_000_000
const enteredLinesMax = 600

export async function enterOrder(
  tx: Tx,
  { secrets, actor, ...order }: EnteredOrder & { secrets: Secrets; actor: string },
): Promise<EnterOrderResult> {
  // Sent twice in the same moment, the second waits and finds the first.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`enter-order ${tx.tenantId} ${order.id}`}, 0))`.execute(tx)
  const before = await findEntered(tx, order.id)
  if (before !== undefined) return { kind: 'entered', orderId: order.id, number: before }
  const variants = await findVariants(
    tx,
    order.lines.map((line) => line.sku),
  )
  const fields = { ...faultsOf(order, variants), ...(await serviceFault(tx, order.shippingServiceId)) }
  if (Object.keys(fields).length > 0) return { kind: 'refused', reason: 'invalid', fields }

  const number = await takeNumber(tx)
  await insertOrder(tx, { order, number, variants, secrets, actor })
  await insertLines(tx, order, variants)
  await writeOrderTerms(tx, [order.id])
  const units = order.lines.reduce((sum, line) => sum + line.quantity, 0)
  await addOrderEvents(tx, [{ orderId: order.id, kind: 'entered', data: { lines: order.lines.length, units } }], actor)
  await routeOrders(tx, [order.id])
  await settleStatuses(tx, [order.id])
  await tx.notify('orders')
  return { kind: 'entered', orderId: order.id, number }
}

async function findEntered(tx: Tx, id: string): Promise<string | undefined> {
  const row = await tx
    .selectFrom('orders')
    .select('marketplace_order_id')
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .where('channel_id', 'is', null)
    .executeTakeFirst()
  return row?.marketplace_order_id
}

type Variant = { id: string; title: string }

async function findVariants(tx: Tx, skus: string[]): Promise<Map<string, Variant>> {
  const { rows } = await sql<Variant & { sku: string }>`
    select v.id, v.sku, concat_ws(' – ', p.title, nullif(v.title, '')) as title
    from variants v join products p on p.tenant_id = v.tenant_id and p.id = v.product_id
    where v.tenant_id = ${tx.tenantId} and v.sku = any(${skus.map((sku) => sku.trim())}::text[])
  `.execute(tx)
  return new Map(rows.map((row) => [row.sku, row]))
}

function faultsOf(order: EnteredOrder, variants: Map<string, Variant>): Record<string, string> {
  const fields: Record<string, string> = {}
  if (!isCurrency(order.currency))
    fields['currency'] = `“${order.currency}” is no currency. Enter its three letters, such as GBP.`
  if (order.lines.length === 0) fields['lines'] = 'Enter at least one line.'
  if (order.lines.length > enteredLinesMax) fields['lines'] = `An order has ${enteredLinesMax} lines at most.`
  for (const [index, { sku, quantity, unitPriceMinor }] of order.lines.entries()) {
    if (!variants.has(sku.trim()))
      fields[`lines.${index}.sku`] =
        sku.trim() === '' ? 'Enter a SKU.' : `There is no “${sku.trim()}” in the inventory.`
    if (!isWhole(quantity, 1, quantityMax))
      fields[`lines.${index}.quantity`] = `Enter a whole number from 1 to ${quantityMax}.`
    if (!isWhole(unitPriceMinor, 0, minorMax)) fields[`lines.${index}.price`] = 'Enter a price of 0 or more.'
  }
  if (!isWhole(order.shippingMinor, 0, minorMax)) fields['shipping'] = 'Enter an amount of 0 or more.'
  const { shipTo } = order
  for (const [name, words] of Object.entries(addressWords)) {
    if (shipTo[name as keyof typeof addressWords].trim() === '') fields[`shipTo.${name}`] = words
  }
  if (shipTo.countryCode.trim() !== '' && !isCountry(shipTo.countryCode.trim()))
    fields['shipTo.countryCode'] = addressWords.countryCode
  return fields
}

/** What a parcel cannot do without (P6). */
const addressWords = {
  name: 'Enter who receives it.',
  street: 'Enter the street.',
  city: 'Enter the town or city.',
  countryCode: 'Choose the country: its two letters of ISO 3166-1, such as GB.',
}

function isWhole(value: number, min: number, max: number): boolean {
  return Number.isSafeInteger(value) && value >= min && value <= max
}

async function serviceFault(tx: Tx, shippingServiceId: string): Promise<Record<string, string>> {
  const row = await tx
    .selectFrom('shipping_services')
    .select('active')
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', shippingServiceId)
    .executeTakeFirst()
  return row?.active ? {} : { shippingServiceId: 'Choose one of your shipping services.' }
}

async function takeNumber(tx: Tx): Promise<string> {
  const { rows } = await sql<{ value: number }>`
    insert into counters as c (tenant_id, name, value) values (${tx.tenantId}, 'manual-order', 1)
    on conflict (tenant_id, name) do update set value = c.value + 1
    returning value
  `.execute(tx)
  return `M-${String(rows[0]?.value ?? 0).padStart(6, '0')}`
}

type NewRow = {
  order: EnteredOrder
  number: string
  variants: Map<string, Variant>
  secrets: Secrets
  actor: string
}

async function insertOrder(tx: Tx, { order, number, variants, secrets, actor }: NewRow): Promise<void> {
  const items = order.lines.reduce((sum, line) => sum + line.unitPriceMinor * line.quantity, 0)
  const contact = contactOf(order)
  const skus = order.lines.map((line) => line.sku.trim())
  const titles = skus.map((sku) => variants.get(sku)?.title ?? '')
  const place = { tenantId: tx.tenantId, orderId: order.id }
  const row = {
    tenant_id: tx.tenantId,
    id: order.id,
    channel_id: null,
    marketplace_order_id: number,
    status: 'new',
    channel_status: 'to-ship',
    marketplace_status: 'entered',
    currency: order.currency,
    items_minor: items,
    shipping_minor: order.shippingMinor,
    tax_minor: 0,
    total_minor: items + order.shippingMinor,
    shipping_service_id: order.shippingServiceId,
    shipping_because: 'person',
    address_missing: false,
    country_code: contact.shipTo.countryCode,
    placed_at: sql<Date>`app_now()`,
    marketplace_updated_at: sql<Date>`app_now()`,
    paid_at: sql<Date>`app_now()`,
    ship_by: order.shipBy,
    settings_version: 0,
    left_out_lines: [],
    contact: sealContact(secrets, place, contact),
    terms: orderTerms(tx.tenantId, { ids: [number], skus, titles }, contact, secrets),
    terms_version: termsVersion,
    entered_by: actor,
  }
  await tx.insertInto('orders').values(row).execute()
}

function contactOf({ buyer, shipTo }: EnteredOrder): { buyer: NonNullable<ChannelOrder['buyer']>; shipTo: Address } {
  const trimmed = Object.fromEntries(Object.entries(shipTo).map(([name, text]) => [name, text.trim()])) as Address
  return { buyer: { ...buyer, name: buyer.name.trim() || trimmed.name }, shipTo: trimmed }
}

async function insertLines(tx: Tx, order: EnteredOrder, variants: Map<string, Variant>): Promise<void> {
  const rows = order.lines.map((line, position) => {
    const sku = line.sku.trim()
    const variant = variants.get(sku)
    if (!variant) throw new Error('A line was let through without its variant.')
    return { ...line, sku, position, variant, id: tx.ids.uuid() }
  })
  await tx
    .insertInto('order_lines')
    .values(
      rows.map(({ id, position, sku, quantity, unitPriceMinor, variant }) => ({
        tenant_id: tx.tenantId,
        id,
        order_id: order.id,
        position,
        marketplace_line_id: String(position + 1),
        channel_sku: sku,
        title: variant.title,
        quantity,
        unit_price_minor: unitPriceMinor,
        mapped: true,
      })),
    )
    .execute()
  await tx
    .insertInto('order_line_components')
    .values(
      rows.map(({ id, quantity, variant }) => ({
        tenant_id: tx.tenantId,
        id: tx.ids.uuid(),
        order_id: order.id,
        order_line_id: id,
        variant_id: variant.id,
        quantity_each: 1,
        quantity,
        state: 'held',
      })),
    )
    .execute()
}
