// A seller's catalogue to measure on: variants offered by two suppliers each, listed and mapped on every sales channel;
// and a twin of it, another tenant with the same rows, where the limits are measured.
import type { Client } from 'pg'
import { systemIds } from '../../src/platform/ids.ts'

export type Shop = { tenantId: string; twinId: string; channelIds: string[]; supplierIds: string[]; variants: number }

const suppliers = 5

export async function fillShop(
  owner: Client,
  wanted: { variants: number; channels: number; offersEach: number; twin?: boolean },
): Promise<Shop> {
  const ids = (count: number) => Array.from({ length: count }, () => systemIds.uuid())
  const [tenantId = '', twinId = '', accountId, serviceId] = ids(4)
  const channelIds = ids(wanted.channels)
  const supplierIds = ids(suppliers)
  const add = (statement: string, values: unknown[] = []) => owner.query(statement, [tenantId, ...values])
  await owner.query(`insert into tenants (id, name) values ($1, 'A seller'), ($2, 'Its twin')`, [tenantId, twinId])
  await add(
    `insert into channel_accounts (tenant_id, id, connector, seller_id, credentials) values ($1, $2, 'reverb', 'seller', '')`,
    [accountId],
  )
  await add(`insert into shipping_services (tenant_id, id, name) values ($1, $2, 'Standard')`, [serviceId])
  await add(
    `insert into sales_channels (tenant_id, id, account_id, connector, site_id, site_name, name, currency, stock_update, stock_threshold,
       advertised_max, default_shipping_service_id, connected_at)
     select $1, id, $2, 'reverb', 'site ' || n, 'Site ' || n, 'Shop ' || n, 'GBP', true, n, 20 * n, $3, app_now() - interval '10 years'
     from unnest($4::uuid[]) with ordinality as c (id, n)`,
    [accountId, serviceId, channelIds],
  )
  await add(
    `insert into suppliers (tenant_id, id, name, currency, preference)
     select $1, id, 'Supplier ' || n, 'GBP', case when n <= 2 then 10 else 20 end from unnest($2::uuid[]) with ordinality as s (id, n)`,
    [supplierIds],
  )
  await addVariants(add, wanted, supplierIds)
  await addListings(add, channelIds)
  if (wanted.twin !== false) for (const table of shopTables) await copyToTwin(owner, table, { tenantId, twinId })
  // As autovacuum does by itself within the minute.
  await owner.query('analyze')
  return { tenantId, twinId, channelIds, supplierIds, variants: wanted.variants }
}

type Add = (statement: string, values?: unknown[]) => Promise<unknown>

async function addVariants(add: Add, wanted: { variants: number; offersEach: number }, supplierIds: string[]) {
  await add(
    `insert into products (tenant_id, id, handle, title)
     select $1, uuidv7(), 'product-' || n, 'Product ' || n || ' of a catalogue' from generate_series(1, $2::int) as n`,
    [wanted.variants],
  )
  await add(
    `insert into variants (tenant_id, id, product_id, sku, sku_normalized, price_minor, currency, search_text)
     select tenant_id, uuidv7(), id, 'SKU-' || substr(handle, 9), 'SKU' || substr(handle, 9), 1999, 'GBP', lower(title)
     from products where tenant_id = $1`,
  )
  await add(
    `insert into supplier_offers (tenant_id, id, supplier_id, variant_id, supplier_sku, cost_minor, currency, on_hand, on_hand_at)
     select tenant_id, uuidv7(), ($2::uuid[])[1 + (substr(sku, 5)::int + k) % array_length($2::uuid[], 1)], id, 'S' || k || '-' || sku,
       900 + 50 * k, 'GBP', 1000000, app_now()
     from variants cross join generate_series(1, $3::int) as k where tenant_id = $1`,
    [supplierIds, wanted.offersEach],
  )
  await add(
    `insert into stock_movements (tenant_id, id, offer_id, delta, on_hand_after, reason, actor)
     select tenant_id, uuidv7(), id, on_hand, on_hand, 'hand', 'bench' from supplier_offers where tenant_id = $1`,
  )
}

async function addListings(add: Add, channelIds: string[]) {
  await add(
    `insert into listings (tenant_id, id, channel_id, marketplace_listing_id, channel_sku, title, state, marketplace_state, quantity)
     select v.tenant_id, uuidv7(), c.id, 'L' || substr(v.sku, 5), v.sku, p.title, 'live', 'live', 3
     from variants v join products p on p.tenant_id = v.tenant_id and p.id = v.product_id cross join unnest($2::uuid[]) as c (id)
     where v.tenant_id = $1`,
    [channelIds],
  )
  await add(
    `insert into sku_mappings (tenant_id, id, channel_id, listing_id, created_by)
     select tenant_id, uuidv7(), channel_id, id, 'bench' from listings where tenant_id = $1`,
  )
  await add(
    `insert into sku_mapping_components (tenant_id, mapping_id, variant_id, quantity)
     select m.tenant_id, m.id, v.id, 1 from sku_mappings m
     join listings l on l.tenant_id = m.tenant_id and l.id = m.listing_id
     join variants v on v.tenant_id = l.tenant_id and v.sku = l.channel_sku
     where m.tenant_id = $1`,
  )
}

const shopTables = [
  'channel_accounts',
  'shipping_services',
  'sales_channels',
  'products',
  'variants',
  'suppliers',
  'supplier_offers',
  'stock_movements',
  'listings',
  'sku_mappings',
  'sku_mapping_components',
] as const

export async function copyToTwin(owner: Client, table: string, shop: Pick<Shop, 'tenantId' | 'twinId'>): Promise<void> {
  const names = (await columnsOf(owner, table)).map((column) => column.name)
  await owner.query(
    `insert into ${table} (tenant_id, ${names.join(', ')}) select $2, ${names.join(', ')} from ${table} where tenant_id = $1`,
    [shop.tenantId, shop.twinId],
  )
}

export type Column = { name: string; type: string }

/** All but the tenant. */
export async function columnsOf(owner: Client, table: string): Promise<Column[]> {
  const { rows } = await owner.query<Column>(
    `select attname as name, format_type(atttypid, null) as type from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attidentity = '' and attname <> 'tenant_id' order by attnum`,
    [table],
  )
  return rows
}
