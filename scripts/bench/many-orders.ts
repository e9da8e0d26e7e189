// So many orders at once, written by the database itself: two years of them with all that lists, filters and searches
// read. Only what is open or young has a buyer, as the retention of buyer data leaves it; all have the hashes of one.
import type { Client } from 'pg'
import { hashedWord } from '../../src/domain/orders/order-terms.store.ts'
import { sealContact } from '../../src/domain/orders/contact.store.ts'
import type { Secrets } from '../../src/platform/secrets.ts'
import type { Shop } from './shop.ts'

const tables = ['orders', 'order_lines', 'order_terms', 'purchase_orders', 'shipments', 'problems']
const products = 5_000
export const firstNames = Array.from({ length: 400 }, (_, at) => `First${at}`)
export const lastNames = Array.from({ length: 5_000 }, (_, at) => `Last${at}`)
export const postcodes = Array.from({ length: 8_000 }, (_, at) => `LS${at} 1AA`)
export const orderNumber = (at: number) => `B${String(at).padStart(8, '0')}`
export const trackingOf = (at: number) => `RM${String(at * 7).padStart(9, '0')}GB`
export const skuOf = (product: number) => `SKU-${product}`
export const commonWord = 'pedal'
export const rareCountry = 'IS'
const youngMax = 50_000

/** Answers the id of the order in that place, the newest being the last. */
export const idOf = (at: number) => `01900000-0000-7000-8000-${at.toString(16).padStart(12, '0')}`

export async function fillOrders(owner: Client, shop: Shop, size: number, secrets: Secrets): Promise<void> {
  // Foreign keys hold by construction, and indexes are built once at the end: so a million fits into some minutes.
  await owner.query(`alter system set max_wal_size = '16GB'`)
  await owner.query('select pg_reload_conf()')
  await owner.query(
    `set session_replication_role = replica; set synchronous_commit = off; set maintenance_work_mem = '512MB'`,
  )
  await owner.query(`set work_mem = '256MB'`)
  const { rows: indexes } = await owner.query<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index
     where indrelid = any($1::regclass[]) and not exists (select from pg_constraint where conindid = indexrelid)`,
    [tables],
  )
  for (const { name } of indexes) await owner.query(`drop index ${name}`)
  await addProducts(owner, secrets, shop.tenantId)
  const partOf = 100_000
  for (let from = 1; from <= size; from += partOf)
    await addOrders(owner, shop, { from, to: Math.min(size, from + partOf - 1), size })
  await addBuyers(owner, secrets, shop.tenantId, size)
  for (const { definition } of indexes) await owner.query(definition)
  await owner.query('reset session_replication_role')
  // As autovacuum does by itself within the minute.
  for (const table of tables) await owner.query(`vacuum analyze ${table}`)
  await owner.query('checkpoint')
}

async function addProducts(owner: Client, secrets: Secrets, tenantId: string): Promise<void> {
  await owner.query('create temp table made_products (number int primary key, sku text, title text, terms text[])')
  await owner.query(
    `insert into made_products
     select n, 'SKU-' || n, title, string_to_array('sku-' || n || ' ' || lower(title), ' ')
     from (select n, 'Maker' || n % 97 || ' Model' || n || ' Colour' || n % 41 || ' Overdrive Pedal' as title from generate_series(0, $1::int - 1) as n) p`,
    [products],
  )
  const hashed = (words: string[]) => words.map((word) => hashedWord(secrets, tenantId, word.toLowerCase()))
  await owner.query('create temp table made_buyers (kind text, number int, terms text[], primary key (kind, number))')
  const add = (kind: string, words: string[][]) =>
    owner.query(
      `insert into made_buyers select $1, n - 1, string_to_array(terms, ' ') from unnest($2::text[]) with ordinality as w (terms, n)`,
      [kind, words.map((each) => hashed(each).join(' '))],
    )
  await add(
    'first',
    firstNames.map((name) => [name]),
  )
  await add(
    'last',
    lastNames.map((name) => [name]),
  )
  await add(
    'postcode',
    postcodes.map((code) => [...code.split(' '), code.replace(' ', '')]),
  )
}

async function addOrders(owner: Client, shop: Shop, part: { from: number; to: number; size: number }): Promise<void> {
  const { tenantId, channelIds, supplierIds } = shop
  const add = (statement: string, values: unknown[] = []) =>
    owner.query(statement, [tenantId, part.from, part.to, ...values])
  const id = `('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`
  const series = 'generate_series($2::int, $3::int) as n'
  // Steps that share no divisor with a round number spread what is rare evenly.
  await add(
    `insert into orders (tenant_id, id, channel_id, marketplace_order_id, status, status_reason, channel_status, marketplace_status, currency,
       items_minor, shipping_minor, tax_minor, total_minor, country_code, placed_at, marketplace_updated_at, paid_at, ship_by,
       settings_version, terms, terms_version)
     select $1, ${id}, case when n * 31 % 100 = 0 then null else ($4::uuid[])[1 + n * 7 % 10 * array_length($4::uuid[], 1) / 10] end,
       'B' || lpad(n::text, 8, '0'), status, null, 'to-ship', 'paid', 'GBP', 1999 + n % 5000, 499, 0, 2498 + n % 5000,
       case when n * 13 % 5000 = 0 then 'IS' when n * 13 % 100 < 60 then 'GB' when n * 13 % 100 < 75 then 'DE' when n * 13 % 100 < 90 then 'FR' else 'US' end,
       placed_at, placed_at, case when n * 17 % 200 = 0 then null else placed_at end,
       case when n % 5 = 0 then null else placed_at + interval '2 days' end, 1,
       array['b' || lpad(n::text, 8, '0'), '=' || left(md5(n::text), 16)] || p1.terms || p2.terms || b1.terms || b2.terms || b3.terms, 1
     from (
       select n, app_now() - interval '1 second' * (63072000.0 * ($5::int - n) / $5::int)::float8 as placed_at, case
         when n * 37 % 100 < 3 then 'cancelled' when n * 37 % 100 < 95 and n < $5::int * 0.995 then 'dispatched'
         when n * 11 % 10 < 5 then 'with-supplier' when n * 11 % 10 < 7 then 'awaiting-stock' when n * 11 % 10 < 8 then 'awaiting-mapping'
         when n * 11 % 10 < 9 then 'on-hold' else 'partly-dispatched' end as status
       from ${series}
     ) o
     join made_products p1 on p1.number = o.n::bigint * 7919 % ${products} join made_products p2 on p2.number = (o.n::bigint * 104729 + 1) % ${products}
     join made_buyers b1 on b1.kind = 'first' and b1.number = o.n::bigint * 7907 % ${firstNames.length}
     join made_buyers b2 on b2.kind = 'last' and b2.number = o.n::bigint * 7901 % ${lastNames.length}
     join made_buyers b3 on b3.kind = 'postcode' and b3.number = o.n::bigint * 7883 % ${postcodes.length}`,
    [channelIds, part.size],
  )
  const these = `orders o where o.tenant_id = $1 and o.id between ${id.replace('n)', '$2::int)')} and ${id.replace('n)', '$3::int)')}`
  await add(
    `insert into order_terms (tenant_id, term, placed_at, order_id)
     select distinct o.tenant_id, word.term collate "C", o.placed_at, o.id from ${these.replace('orders o', 'orders o cross join lateral unnest(o.terms) as word (term)')}`,
  )
  await add(
    `insert into order_lines (tenant_id, id, order_id, position, marketplace_line_id, channel_sku, title, quantity, unit_price_minor, mapped)
     select $1, uuidv7(), ${id}, k, n || '-' || k, p.sku, p.title, 1 + n % 2, 1999, true
     from ${series} cross join generate_series(0, 1) as k
     join made_products p on p.number = case when k = 0 then n::bigint * 7919 else n::bigint * 104729 + 1 end % ${products}`,
  )
  await add(
    `insert into purchase_orders (tenant_id, id, number, order_id, supplier_id, state, currency, cost_minor, sent_at)
     select $1, uuidv7(), 'PO-' || lpad(n::text, 7, '0'), ${id},
       ($4::uuid[])[case when n * 19 % 2000 = 0 then 5 else 1 + n % 4 end], 'dispatched', 'GBP', 1000, app_now() from ${series}`,
    [supplierIds],
  )
  await add(
    `insert into shipments (tenant_id, id, order_id, package_number, carrier, tracking_number, shipped_at, entered_by)
     select $1, uuidv7(), ${id}, 1, 'royal-mail', 'RM' || lpad((n::bigint * 7)::text, 9, '0') || 'GB', app_now(), 'bench' from ${series}`,
  )
  await add(
    `insert into problems (tenant_id, id, key, kind, order_id) select $1, uuidv7(), 'bench/' || n, 'order-reopened', ${id}
     from ${series} where n * 23 % 400 = 0`,
  )
}

async function addBuyers(owner: Client, secrets: Secrets, tenantId: string, size: number): Promise<void> {
  for (let from = Math.max(1, size - youngMax); from <= size; from += 5_000) {
    const ids = Array.from({ length: Math.min(5_000, size - from + 1) }, (_, at) => from + at)
    const contacts = ids.map((at) => {
      const name = `${firstNames[(at * 7907) % firstNames.length]} ${lastNames[(at * 7901) % lastNames.length]}`
      const postalCode = postcodes[(at * 7883) % postcodes.length] ?? ''
      return sealContact(
        secrets,
        { tenantId, orderId: idOf(at) },
        {
          buyer: { name, email: `buyer-${at}@example.com`, phone: null },
          shipTo: {
            name,
            street: '1 Example Road',
            extended: '',
            city: 'Leeds',
            region: '',
            postalCode,
            countryCode: 'GB',
            phone: '',
          },
        },
      )
    })
    await owner.query(
      `update orders o set contact = t.contact from unnest($2::uuid[], $3::bytea[]) as t (id, contact) where o.tenant_id = $1 and o.id = t.id`,
      [tenantId, ids.map(idOf), contacts],
    )
  }
}
