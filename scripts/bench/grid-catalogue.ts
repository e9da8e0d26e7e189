// A catalogue for the listings grid as sellers have it: makers that begin titles, a maker all of whose products stand
// together by title and by price, words common and rare, words that never meet, a tenth out of stock, half listed.
import type { Client } from 'pg'
import { systemIds } from '../../src/platform/ids.ts'

export type Catalogue = { tenantId: string; channelId: string; supplierIds: string[] }

const suppliers = 5

/** Written as it stands, without keys and triggers looking at each row, and with the indexes made afterwards. */
export async function fillCatalogue(owner: Client, size: number): Promise<Catalogue> {
  const ids = (count: number) => Array.from({ length: count }, () => systemIds.uuid())
  const [tenantId = '', channelId = '', accountId, serviceId] = ids(4)
  const supplierIds = ids(suppliers)
  const add = (statement: string, values: unknown[] = []) => owner.query(statement, [tenantId, ...values])
  await owner.query(`set session_replication_role = replica; set maintenance_work_mem = '512MB'; set work_mem = '64MB'`)
  await owner.query(`insert into tenants (id, name) values ($1, 'A seller')`, [tenantId])
  await add(
    `insert into channel_accounts (tenant_id, id, connector, seller_id, credentials) values ($1, $2, 'reverb', 'seller', '')`,
    [accountId],
  )
  await add(`insert into shipping_services (tenant_id, id, name) values ($1, $2, 'Standard')`, [serviceId])
  await add(
    `insert into sales_channels (tenant_id, id, account_id, connector, site_id, site_name, name, currency, default_shipping_service_id)
     values ($1, $2, $3, 'reverb', 'site', 'Site', 'Shop', 'GBP', $4)`,
    [channelId, accountId, serviceId],
  )
  await add(
    `insert into suppliers (tenant_id, id, name, currency, preference)
     select $1, id, 'Supplier ' || n, 'GBP', n from unnest($2::uuid[]) with ordinality as s (id, n)`,
    [supplierIds],
  )
  const tables = ['products', 'variants', 'supplier_offers', 'listings', 'sku_mappings', 'sku_mapping_components']
  await withoutIndexes(owner, tables, () => addRows(add, { size, supplierIds, channelId }))
  await owner.query('set session_replication_role = origin')
  await owner.query('vacuum analyze')
  return { tenantId, channelId, supplierIds }
}

type Add = (statement: string, values?: unknown[]) => Promise<unknown>

async function addRows(add: Add, wanted: { size: number; supplierIds: string[]; channelId: string }): Promise<void> {
  // A word with weight w is in every w-th title, by chance; the last word of each title is its own.
  await add(
    `insert into products (tenant_id, id, handle, title, category)
     select $1, uuidv7(), 'product-' || n, concat_ws(' ', case when n % 16 = 0 then 'Zenith' else 'Maker' || abs(hashint4(n)) % 700 end,
         case when n % 2 = 0 then 'cotton' end, case when hashint4(n * 3) % 4 = 0 then 'blue' end,
         case when hashint4(n * 5) % 6 = 0 then 'large' end, case when hashint4(n * 7) % 8 = 0 then 'ceramic' end,
         case when hashint4(n * 11) % 12 = 0 then 'mug' end, case when hashint4(n * 13) % 20 = 0 then 'guitar' end,
         case when hashint4(n * 17) % 50 = 0 then 'walnut' end, case when hashint4(n * 19) % 100 = 0 then 'brass' end,
         case when hashint4(n * 23) % 1000 = 0 then 'zinc' end, 'article', n::text),
       case when n % 16 = 0 then 'Watches' else 'Category ' || n % 40 end
     from generate_series(1, $2::int) as n`,
    [wanted.size],
  )
  await add(
    `insert into variants (tenant_id, id, product_id, sku, sku_normalized, price_minor, currency, search_text)
     select tenant_id, uuidv7(), id, 'SKU-' || substr(handle, 9), 'SKU' || substr(handle, 9),
       case when category = 'Watches' then 50000 else 500 end + abs(hashtext(handle)) % 20000, 'GBP', '' from products where tenant_id = $1`,
  )
  await add(
    `insert into supplier_offers (tenant_id, id, supplier_id, variant_id, supplier_sku, cost_minor, currency, on_hand, on_hand_at)
     select tenant_id, uuidv7(), ($2::uuid[])[1 + substr(sku, 5)::int % array_length($2::uuid[], 1)], id, 'S' || sku,
       100 + abs(hashtext(sku || 'c')) % 9000, 'GBP',
       case when abs(hashtext(sku)) % 10 = 0 then 0 else abs(hashtext(sku)) % 500 end, app_now() from variants where tenant_id = $1`,
    [wanted.supplierIds],
  )
  await add(
    `insert into listings (tenant_id, id, channel_id, marketplace_listing_id, channel_sku, title, state, marketplace_state, quantity, listed_here_at)
     select tenant_id, uuidv7(), $2, 'L' || substr(sku, 5), sku, sku, 'live', 'live', 3, case when abs(hashtext(sku)) % 4 = 1 then app_now() end
     from variants where tenant_id = $1 and abs(hashtext(sku)) % 2 = 1`,
    [wanted.channelId],
  )
  await add(
    `insert into sku_mappings (tenant_id, id, channel_id, listing_id, created_by)
     select tenant_id, uuidv7(), channel_id, id, 'bench' from listings where tenant_id = $1`,
  )
  await add(
    `insert into sku_mapping_components (tenant_id, mapping_id, variant_id, quantity)
     select m.tenant_id, m.id, v.id, 1 from sku_mappings m join listings l on l.tenant_id = m.tenant_id and l.id = m.listing_id
     join variants v on v.tenant_id = l.tenant_id and v.sku = l.channel_sku where m.tenant_id = $1`,
  )
}

/** The indexes of these tables but their keys are taken away for the work, and made anew. */
export async function withoutIndexes(owner: Client, tables: string[], work: () => Promise<unknown>): Promise<void> {
  const { rows } = await owner.query<{ name: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
     from pg_index i where i.indrelid = any($1::regclass[])
       and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
    [tables],
  )
  for (const { name } of rows) await owner.query(`drop index ${name}`)
  await work()
  for (const { definition } of rows) await owner.query(definition)
}
