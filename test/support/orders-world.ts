// A small business for tests of orders: a channel, suppliers with offers, listings mapped to variants, and buyers' orders.
import { sql, type Insertable } from 'kysely'
import type { TestDatabase } from './database.ts'
import { ingestOrders, type Ingested } from '../../src/domain/orders/ingest-orders.command.ts'
import type { ChannelOrder } from '../../src/domain/orders/channel-order.ts'
import type { Database, Tx } from '../../src/platform/database.ts'
import type { DB } from '../../src/platform/database-types.ts'
import { systemIds } from '../../src/platform/ids.ts'
import { createSecrets, type Secrets } from '../../src/platform/secrets.ts'

export const noon = new Date('2026-03-02T12:00:00Z')

export type Kick = { name: string; data: Record<string, unknown> }

export type OrdersWorld = {
  db: Database
  tenantId: string
  channelId: string
  /** The channel's default one, so that its orders go on. */
  serviceId: string
  secrets: Secrets
  kicks: Kick[]
  transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>
  addSupplier(
    supplier?: { name?: string; preference?: number; currency?: string; active?: boolean },
    terms?: Partial<Insertable<DB['suppliers']>>,
  ): Promise<string>
  /** The supplier ships by the world's shipping service at this cost; unknown where it is null. */
  addService(service: {
    supplierId: string
    cost: number | null
    active?: boolean
    vat?: number
    serviceId?: string
  }): Promise<unknown>
  addRate(from: string, to: string, rate: string, onDate: string): Promise<string>
  addVariant(sku: string): Promise<string>
  addOffer(offer: {
    supplierId: string
    variantId: string
    onHand: number | null
    cost?: number | null
    active?: boolean
  }): Promise<string>
  /** A listing with this id and SKU, mapped to these variants; none: unmapped. */
  addListing(listingId: string, mapping?: [variantId: string, quantity: number][], channelSku?: string): Promise<string>
  /** Another sales channel, with a listing of its own of this id, mapped to one of this variant. */
  addChannel(listingId: string, variantId: string): Promise<string>
  order(id: string, changes?: Partial<ChannelOrder> & { buys?: [listingId: string, quantity: number][] }): ChannelOrder
  ingest(...orders: ChannelOrder[]): Promise<Ingested>
  settings(settings: {
    exclude_unmapped?: boolean
    split_mixed?: boolean
    enabled?: boolean
    default_shipping_service_id?: string | null
  }): Promise<unknown>
  /** The stock promises S1 and S2, counted as the owner; empty when they hold. */
  stockFaults(): Promise<string[]>
}

export async function createOrdersWorld(test: TestDatabase): Promise<OrdersWorld> {
  const tenantId = await test.addTenant()
  const channelId = systemIds.uuid()
  const secrets = createSecrets([Buffer.alloc(32, 7)])
  const kicks: Kick[] = []
  const { db } = test
  db.attachQueue({ send: async (name, data) => void kicks.push({ name, data }) })
  const transaction = <Result>(work: (tx: Tx) => Promise<Result>) => db.tenant(tenantId).transaction(work)
  const serviceId = systemIds.uuid()
  await transaction((tx) => insertChannel(tx, channelId, serviceId))
  const add = async (work: (tx: Tx, id: string) => Promise<unknown>) => {
    const id = systemIds.uuid()
    await transaction((tx) => work(tx, id))
    return id
  }
  return {
    db,
    tenantId,
    channelId,
    serviceId,
    secrets,
    kicks,
    transaction,
    addSupplier: ({ name, preference = 100, currency = 'GBP', active = true } = {}, terms = {}) =>
      add((tx, id) =>
        tx
          .insertInto('suppliers')
          .values({ tenant_id: tenantId, id, name: name ?? `Supplier ${id}`, preference, currency, active, ...terms })
          .execute(),
      ),
    addService: ({ supplierId, cost, active = true, vat = 0, serviceId: service = serviceId }) =>
      transaction((tx) =>
        tx
          .insertInto('supplier_services')
          .values({
            tenant_id: tenantId,
            supplier_id: supplierId,
            shipping_service_id: service,
            carrier: 'royal-mail',
            cost_minor: cost,
            vat_rate_basis_points: vat,
            active,
          })
          .execute(),
      ),
    addRate: (from, to, rate, onDate) =>
      add((tx, id) =>
        tx
          .insertInto('exchange_rates')
          .values({
            tenant_id: tenantId,
            id,
            from_currency: from,
            to_currency: to,
            rate,
            on_date: onDate,
            source: 'test',
            entered_by: 'test',
          })
          .execute(),
      ),
    addVariant: (sku) => add((tx, id) => insertVariant(tx, id, sku)),
    addOffer: ({ supplierId, variantId, onHand, cost = 500, active = true }) =>
      add((tx, id) => insertOffer(tx, { id, supplierId, variantId, onHand, cost, active })),
    addListing: (listingId, mapping = [], channelSku) =>
      add((tx, id) => insertListing(tx, { id, channelId, listingId, mapping, channelSku })),
    addChannel: (listingId, variantId) =>
      add(async (tx, id) => {
        await insertChannel(tx, id, systemIds.uuid(), 'Another shop')
        const channelSku = undefined
        await insertListing(tx, { id: tx.ids.uuid(), channelId: id, listingId, mapping: [[variantId, 1]], channelSku })
      }),
    order: (id, { buys, ...changes } = {}) => incoming(id, buys ?? [['L1', 1]], changes),
    ingest: (...orders) =>
      transaction((tx) =>
        ingestOrders(tx, { channelId, orders, unreadable: [], cursor: { before: null, after: 'next' }, secrets }),
      ),
    settings: (settings) =>
      transaction((tx) =>
        tx
          .updateTable('sales_channels')
          .set(settings)
          .where('tenant_id', '=', tenantId)
          .where('id', '=', channelId)
          .execute(),
      ),
    stockFaults: () => stockFaults(test, tenantId),
  }
}

async function insertChannel(tx: Tx, channelId: string, serviceId: string, name = 'My shop'): Promise<void> {
  const service = name === 'My shop' ? 'Standard' : `Standard of ${name}`
  await tx.insertInto('shipping_services').values({ tenant_id: tx.tenantId, id: serviceId, name: service }).execute()
  const accountId = tx.ids.uuid()
  const common = { tenant_id: tx.tenantId, connector: 'reverb' }
  await tx
    .insertInto('channel_accounts')
    .values({ ...common, id: accountId, seller_id: `seller of ${name}`, credentials: Buffer.from('sealed') })
    .execute()
  await tx
    .insertInto('sales_channels')
    .values({
      ...common,
      id: channelId,
      account_id: accountId,
      site_id: 'shop',
      site_name: 'Shop',
      name,
      currency: 'GBP',
      default_shipping_service_id: serviceId,
      connected_at: new Date(noon.getTime() - 3_600_000),
    })
    .execute()
}

async function insertVariant(tx: Tx, id: string, sku: string): Promise<void> {
  const productId = tx.ids.uuid()
  await tx
    .insertInto('products')
    .values({ tenant_id: tx.tenantId, id: productId, handle: sku, title: `Product ${sku}` })
    .execute()
  await tx
    .insertInto('variants')
    .values({
      tenant_id: tx.tenantId,
      id,
      product_id: productId,
      sku,
      sku_normalized: sku.toUpperCase(),
      currency: 'GBP',
    })
    .execute()
}

type NewOffer = {
  id: string
  supplierId: string
  variantId: string
  onHand: number | null
  cost: number | null
  active: boolean
}

async function insertOffer(tx: Tx, { id, supplierId, variantId, onHand, cost, active }: NewOffer): Promise<void> {
  const common = { tenant_id: tx.tenantId }
  await tx
    .insertInto('supplier_offers')
    .values({
      ...common,
      id,
      supplier_id: supplierId,
      variant_id: variantId,
      supplier_sku: `S-${id}`,
      cost_minor: cost,
      currency: sql<string>`(select currency from suppliers where tenant_id = ${tx.tenantId} and id = ${supplierId})`,
      on_hand: onHand,
      active,
    })
    .execute()
  if (!onHand) return
  await tx
    .insertInto('stock_movements')
    .values({
      ...common,
      id: tx.ids.uuid(),
      offer_id: id,
      delta: onHand,
      on_hand_after: onHand,
      reason: 'hand',
      actor: 'test',
    })
    .execute()
}

type NewListing = {
  id: string
  channelId: string
  listingId: string
  mapping: [string, number][]
  channelSku: string | undefined
}

async function insertListing(tx: Tx, { id, channelId, listingId, mapping, channelSku }: NewListing): Promise<void> {
  const common = { tenant_id: tx.tenantId }
  await tx
    .insertInto('listings')
    .values({
      ...common,
      id,
      channel_id: channelId,
      marketplace_listing_id: listingId,
      channel_sku: channelSku ?? `SKU-${listingId}`,
      title: `Listing ${listingId}`,
      state: 'live',
      marketplace_state: 'live',
    })
    .execute()
  if (mapping.length === 0) return
  const mappingId = tx.ids.uuid()
  await tx
    .insertInto('sku_mappings')
    .values({ ...common, id: mappingId, channel_id: channelId, listing_id: id, created_by: 'test' })
    .execute()
  await tx
    .insertInto('sku_mapping_components')
    .values(
      mapping.map(([variantId, quantity]) => ({ ...common, mapping_id: mappingId, variant_id: variantId, quantity })),
    )
    .execute()
}

const gbp = (minor: number) => ({ minor, currency: 'GBP' })

function incoming(id: string, buys: [string, number][], changes: Partial<ChannelOrder>): ChannelOrder {
  const items = buys.reduce((sum, [, quantity]) => sum + 1000 * quantity, 0)
  return {
    marketplaceOrderId: id,
    bundleId: null,
    status: 'to-ship',
    marketplaceStatus: 'paid',
    placedAt: noon,
    updatedAt: noon,
    paidAt: noon,
    shipBy: null,
    currency: 'GBP',
    totals: { itemsIncVat: gbp(items), shippingIncVat: gbp(300), tax: gbp(0), grandTotal: gbp(items + 300) },
    shippingService: 'shipped',
    buyer: { name: `Buyer ${id}`, email: null, phone: null },
    shipTo: {
      name: `Buyer ${id}`,
      street: '1 Test Street',
      extended: '',
      city: 'Leeds',
      region: '',
      postalCode: 'LS1 1AA',
      countryCode: 'GB',
      phone: '',
    },
    localPickup: false,
    lines: buys.map(([listingId, quantity], index) => ({
      marketplaceLineId: `${id}-${index}`,
      marketplaceListingId: listingId,
      marketplaceVariantId: null,
      channelSku: `SKU-${listingId}`,
      title: `Listing ${listingId}`,
      quantity,
      unitPriceIncVat: gbp(1000),
    })),
    shipments: [],
    raw: { id },
    ...changes,
  }
}

/** S1, S2, P1, P2 and O3, counted from the rows as their owner: empty when they hold. */
export async function stockFaults(test: Pick<TestDatabase, 'asOwner'>, tenantId: string): Promise<string[]> {
  const rows = await test.asOwner<{ fault: string }>(
    `select 'S1: offer ' || o.id || ' has reserved ' || o.reserved || ', on hand ' || coalesce(o.on_hand::text, '?') as fault
     from supplier_offers o
     where o.tenant_id = $1 and (
       o.reserved <> (select coalesce(sum(quantity), 0) from reservations r where r.offer_id = o.id and r.state = 'active')
       or o.on_hand <> (select coalesce(sum(delta), 0) from stock_movements m where m.offer_id = o.id)
       or o.reserved > o.on_hand
     )
     union all
     select 'S2: component ' || c.id || ' is ' || c.state || ' with ' || count(r.id) || ' active reservations'
     from order_line_components c left join reservations r on r.component_id = c.id and r.state = 'active'
     where c.tenant_id = $1
     group by c.id, c.state
     having count(r.id) <> case when c.state in ('reserved', 'routed') then 1 else 0 end
     union all
     select 'P1: component ' || c.id || ' is ' || c.state || ' with ' || coalesce(sum(l.quantity - l.cancelled_quantity), 0) || ' of ' || c.quantity || ' on purchase orders'
     from order_line_components c
     left join (
       select l.* from purchase_order_lines l join purchase_orders p on p.id = l.purchase_order_id and p.state <> 'cancelled'
     ) l on l.component_id = c.id
     where c.tenant_id = $1
     group by c.id, c.state, c.quantity
     having coalesce(sum(l.quantity - l.cancelled_quantity), 0) <> case when c.state in ('routed', 'dispatched') then c.quantity else 0 end
     union all
     select 'O3: line ' || l.id || ' asks for ' || c.each * l.quantity || ', its parts for ' || c.quantity
     from order_lines l join (
       select order_line_id, variant_id, quantity_each as each, sum(quantity) as quantity from order_line_components group by 1, 2, 3
     ) c on c.order_line_id = l.id
     where l.tenant_id = $1 and c.quantity <> c.each * l.quantity
     union all
     select 'S2: component ' || c.id || ' has ' || coalesce(r.quantity, 0) || ' promised of ' || c.quantity || ' less ' || coalesce(x.quantity, 0) || ' gone'
     from order_line_components c
     left join reservations r on r.component_id = c.id and r.state = 'active'
     left join (select component_id, sum(quantity) as quantity from shipment_lines group by 1) x on x.component_id = c.id
     where c.tenant_id = $1 and c.state in ('reserved', 'routed') and coalesce(r.quantity, 0) <> c.quantity - coalesce(x.quantity, 0)
     union all
     select 'O3: component ' || c.id || ' is ' || c.state || ' with ' || coalesce(x.quantity, 0) || ' of ' || c.quantity || ' gone'
     from order_line_components c
     left join (select component_id, sum(quantity) as quantity from shipment_lines group by 1) x on x.component_id = c.id
     where c.tenant_id = $1 and case c.state when 'dispatched' then coalesce(x.quantity, 0) <> c.quantity
       when 'routed' then coalesce(x.quantity, 0) >= c.quantity else x.quantity is not null end
     union all
     select 'P2: ' || count(*) || ' live purchase orders for one split' from purchase_orders
     where tenant_id = $1 and state <> 'cancelled' group by order_id, supplier_id, split_number, revision having count(*) > 1`,
    [tenantId],
  )
  return rows.map((row) => row.fault)
}
