// One row of everything in a tenant's tables, every text in it marked, so that a leak is seen.
import { sql } from 'kysely'
import { systemIds } from '../../src/platform/ids.ts'
import type { Secrets } from '../../src/platform/secrets.ts'
import type { TestDatabase } from './database.ts'

export type SeededTenant = Record<
  | 'account'
  | 'channel'
  | 'service'
  | 'product'
  | 'variant'
  | 'supplier'
  | 'offer'
  | 'listing'
  | 'mapping'
  | 'order'
  | 'line'
  | 'component'
  | 'purchaseOrder'
  | 'purchaseOrderLine'
  | 'invoice'
  | 'shipment'
  | 'problem'
  | 'run'
  | 'import'
  | 'heldImport'
  | 'feed'
  | 'consent'
  | 'person'
  | 'invitation'
  | 'supplierKey'
  | 'savedFilter'
  | 'bulk'
  | 'pricingRule'
  | 'template'
  | 'changeRun'
  | 'productEdit',
  string
>

export async function seedTenant(
  test: TestDatabase,
  secrets: Secrets,
  tenantId: string,
  mark: string,
): Promise<SeededTenant> {
  const names = [
    'account',
    'channel',
    'service',
    'product',
    'variant',
    'supplier',
    'offer',
    'listing',
    'mapping',
    'order',
    'line',
    'component',
  ] as const
  const more = [
    'purchaseOrder',
    'purchaseOrderLine',
    'invoice',
    'shipment',
    'problem',
    'run',
    'import',
    'heldImport',
    'feed',
    'consent',
    'person',
    'invitation',
    'supplierKey',
    'savedFilter',
    'bulk',
    'pricingRule',
    'template',
    'changeRun',
    'productEdit',
  ] as const
  const ids = Object.fromEntries([...names, ...more].map((name) => [name, systemIds.uuid()])) as SeededTenant
  const credentials = secrets.seal(JSON.stringify({ token: `token-${mark}` }), {
    tenantId,
    column: 'channel_accounts.credentials',
    rowId: ids.account,
  })
  const layout = JSON.stringify({
    encoding: 'utf-8',
    delimiter: ',',
    decimalMark: '.',
    columns: { sku: 'SKU', onHand: 'Stock', cost: null },
  })
  await test.db.tenant(tenantId).transaction(async (tx) => {
    const run = (query: ReturnType<typeof sql>) => query.execute(tx)
    await run(
      sql`insert into channel_accounts (tenant_id, id, connector, seller_id, credentials) values (${tenantId}, ${ids.account}, 'reverb', ${`seller-${mark}`}, ${credentials})`,
    )
    await run(
      sql`insert into shipping_services (tenant_id, id, name) values (${tenantId}, ${ids.service}, ${`service ${mark}`})`,
    )
    await run(sql`insert into sales_channels (tenant_id, id, account_id, connector, site_id, site_name, name, currency, currencies)
      values (${tenantId}, ${ids.channel}, ${ids.account}, 'reverb', 'site', ${`site ${mark}`}, ${`channel ${mark}`}, 'GBP', '{GBP}')`)
    await run(
      sql`insert into products (tenant_id, id, handle, title) values (${tenantId}, ${ids.product}, ${`handle-${mark}`}, ${`product ${mark}`})`,
    )
    await run(sql`insert into variants (tenant_id, id, product_id, sku, sku_normalized, title, price_minor, currency, search_text)
      values (${tenantId}, ${ids.variant}, ${ids.product}, ${`SKU-${mark}`}, ${`SKU${mark.toUpperCase()}`}, ${`variant ${mark}`}, 1000, 'GBP', ${`sku-${mark} find me`})`)
    await run(
      sql`insert into suppliers (tenant_id, id, name, currency) values (${tenantId}, ${ids.supplier}, ${`supplier ${mark}`}, 'GBP')`,
    )
    await run(sql`insert into supplier_offers (tenant_id, id, supplier_id, variant_id, supplier_sku, cost_minor, currency, on_hand, on_hand_at, reserved)
      values (${tenantId}, ${ids.offer}, ${ids.supplier}, ${ids.variant}, ${`S-${mark}`}, 500, 'GBP', 10, app_now(), 2)`)
    await run(sql`insert into listings (tenant_id, id, channel_id, marketplace_listing_id, channel_sku, channel_sku_normalized, title, state, marketplace_state, quantity, search_text)
      values (${tenantId}, ${ids.listing}, ${ids.channel}, ${`L-${mark}`}, ${`SKU-${mark}`}, ${`SKU${mark.toUpperCase()}`}, ${`listing ${mark}`}, 'live', 'live', 3, ${`listing ${mark} find me`})`)
    await run(
      sql`insert into sku_mappings (tenant_id, id, channel_id, listing_id, created_by) values (${tenantId}, ${ids.mapping}, ${ids.channel}, ${ids.listing}, 'seed')`,
    )
    await run(
      sql`insert into sku_mapping_components (tenant_id, mapping_id, variant_id, quantity) values (${tenantId}, ${ids.mapping}, ${ids.variant}, 1)`,
    )
    await run(sql`insert into orders (tenant_id, id, channel_id, marketplace_order_id, status, channel_status, marketplace_status, currency, items_minor,
        shipping_minor, tax_minor, total_minor, placed_at, marketplace_updated_at, paid_at, settings_version, terms, terms_version)
      values (${tenantId}, ${ids.order}, ${ids.channel}, ${`O-${mark}`}, 'with-supplier', 'to-ship', 'paid', 'GBP', 2000, 0, 0, 2000, app_now(), app_now(), app_now(), 1, ${[`o-${mark}`, 'find', 'me']}::text[], 1)`)
    await run(sql`insert into order_terms (tenant_id, term, placed_at, order_id)
      select tenant_id, unnest(terms), placed_at, id from orders where tenant_id = ${tenantId}`)
    await run(sql`insert into order_lines (tenant_id, id, order_id, position, marketplace_line_id, listing_id, channel_sku, title, quantity, unit_price_minor, mapped)
      values (${tenantId}, ${ids.line}, ${ids.order}, 1, 'line', ${ids.listing}, ${`SKU-${mark}`}, ${`=cmd|${mark}`}, 2, 1000, true)`)
    await run(sql`insert into order_line_components (tenant_id, id, order_id, order_line_id, variant_id, quantity_each, quantity, state)
      values (${tenantId}, ${ids.component}, ${ids.order}, ${ids.line}, ${ids.variant}, 1, 2, 'routed')`)
    await run(
      sql`insert into reservations (tenant_id, id, component_id, offer_id, quantity) values (${tenantId}, ${systemIds.uuid()}, ${ids.component}, ${ids.offer}, 2)`,
    )
    await run(sql`insert into purchase_orders (tenant_id, id, number, order_id, supplier_id, state, currency, cost_minor, sent_at)
      values (${tenantId}, ${ids.purchaseOrder}, ${`PO-${mark}`}, ${ids.order}, ${ids.supplier}, 'sent', 'GBP', 1000, app_now())`)
    await run(sql`insert into purchase_order_lines (tenant_id, id, purchase_order_id, component_id, offer_id, variant_id, supplier_sku, title, quantity, cost_minor)
      values (${tenantId}, ${ids.purchaseOrderLine}, ${ids.purchaseOrder}, ${ids.component}, ${ids.offer}, ${ids.variant}, ${`S-${mark}`}, ${`line ${mark}`}, 2, 500)`)
    await run(sql`insert into invoices (tenant_id, id, number, kind, supplier_id, state, currency, goods_minor, shipping_minor, vat_minor, total_minor, paid_minor, issued_at, due_on)
      values (${tenantId}, ${ids.invoice}, ${`INV-${mark}`}, 'invoice', ${ids.supplier}, 'part-paid', 'GBP', 1000, 0, 0, 1000, 100, app_now(), current_date)`)
    await run(sql`insert into invoice_lines (tenant_id, id, invoice_id, position, purchase_order_id, purchase_order_line_id, text, quantity, unit_minor, net_minor, vat_rate_basis_points, vat_minor)
      values (${tenantId}, ${systemIds.uuid()}, ${ids.invoice}, 1, ${ids.purchaseOrder}, ${ids.purchaseOrderLine}, ${`=line ${mark}`}, 2, 500, 1000, 0, 0)`)
    await run(sql`insert into payments (tenant_id, id, supplier_id, invoice_id, amount_minor, currency, paid_on, reference, entered_by)
      values (${tenantId}, ${systemIds.uuid()}, ${ids.supplier}, ${ids.invoice}, 100, 'GBP', current_date, ${`payment ${mark}`}, 'seed')`)
    await run(sql`insert into ledger_entries (tenant_id, id, transaction_id, supplier_id, account, currency, debit_minor, credit_minor)
      values (${tenantId}, ${systemIds.uuid()}, ${ids.invoice}, ${ids.supplier}, 'purchases', 'GBP', 1000, 0),
        (${tenantId}, ${systemIds.uuid()}, ${ids.invoice}, ${ids.supplier}, 'payables', 'GBP', 0, 1000)`)
    await run(
      sql`update purchase_orders set invoice_id = ${ids.invoice} where tenant_id = ${tenantId} and id = ${ids.purchaseOrder}`,
    )
    await run(
      sql`insert into problems (tenant_id, id, key, kind, channel_id, order_id) values (${tenantId}, ${ids.problem}, 'seed', 'order-reopened', ${ids.channel}, ${ids.order})`,
    )
    await run(
      sql`insert into runs (tenant_id, id, kind, channel_id, message) values (${tenantId}, ${ids.run}, 'pull-listings', ${ids.channel}, ${`run ${mark}`})`,
    )
    await run(sql`insert into channel_categories (tenant_id, channel_id, id, name, path, search_text, is_leaf, may_list)
      values (${tenantId}, ${ids.channel}, 'C1', ${`category ${mark}`}, ${`category ${mark}`}, ${`category ${mark}`}, true, true)`)
    await run(sql`insert into listing_templates (tenant_id, id, channel_id, name, category_id, category_path)
      values (${tenantId}, ${ids.template}, ${ids.channel}, ${`template ${mark}`}, 'C1', ${`category ${mark}`})`)
    await run(sql`insert into channel_products (tenant_id, channel_id, product_id, title, category_id, category_path, template_id)
      values (${tenantId}, ${ids.channel}, ${ids.product}, ${`said ${mark}`}, 'C1', ${`category ${mark}`}, ${ids.template})`)
    await run(sql`insert into product_edits (tenant_id, id, actor, change, products)
      values (${tenantId}, ${ids.productEdit}, ${`edited by ${mark}`}, ${JSON.stringify({ kind: 'brand', brand: mark })}, 1)`)
    await run(
      sql`insert into runs (tenant_id, id, kind, channel_id, total) values (${tenantId}, ${ids.changeRun}, 'change-listings', ${ids.channel}, 1)`,
    )
    await run(sql`insert into listing_changes (tenant_id, id, run_id, channel_id, product_id, action, asked_by)
      values (${tenantId}, ${systemIds.uuid()}, ${ids.changeRun}, ${ids.channel}, ${ids.product}, 'update', ${`asked ${mark}`})`)
    await run(sql`insert into file_imports (tenant_id, id, kind, supplier_id, file_name, size_bytes, state, layout, actor)
      values (${tenantId}, ${ids.import}, 'supplier-stock', ${ids.supplier}, ${`file ${mark}.csv`}, 10, 'applied', ${layout}::jsonb, 'seed'),
        (${tenantId}, ${ids.heldImport}, 'supplier-stock', ${ids.supplier}, ${`held ${mark}.csv`}, 10, 'held', ${layout}::jsonb, 'seed')`)
    const source = { source: 'url', url: `https://${mark}.example/stock.csv`, auth: null }
    const settings = secrets.seal(JSON.stringify(source), {
      tenantId,
      column: 'supplier_feeds.settings',
      rowId: ids.feed,
    })
    await run(sql`insert into supplier_feeds (tenant_id, id, supplier_id, source, settings, shown, created_by)
      values (${tenantId}, ${ids.feed}, ${ids.supplier}, 'url', ${settings},
        ${JSON.stringify({ source: 'url', address: source.url, auth: null })}::jsonb, 'seed')`)
    await run(sql`insert into supplier_feed_fetches (tenant_id, id, feed_id, supplier_id, outcome, reason)
      values (${tenantId}, ${systemIds.uuid()}, ${ids.feed}, ${ids.supplier}, 'failed', ${`reason ${mark}`})`)
    await run(sql`insert into consents (tenant_id, id, user_id, marketplace, purpose, name, redirect_uri, state_hash, typed, expires_at)
      values (${tenantId}, ${ids.consent}, ${systemIds.uuid()}, 'reverb', 'connect', ${`consent ${mark}`}, 'http://hub/connect', ${`hash-${mark}`}, '', app_now() + interval '1 hour')`)
    await run(sql`insert into saved_filters (tenant_id, id, user_id, name, query, position)
      values (${tenantId}, ${ids.savedFilter}, ${`user ${mark}`}, ${`filter ${mark}`}, 'status=new', 1)`)
    await run(sql`insert into bulk_actions (tenant_id, id, action, actor, total, done, finished_at)
      values (${tenantId}, ${ids.bulk}, 'pin', ${mark}, 1, 1, app_now())`)
    await run(sql`insert into bulk_action_orders (tenant_id, bulk_id, position, order_id, state)
      values (${tenantId}, ${ids.bulk}, 1, ${ids.order}, 'done')`)
    await run(
      sql`insert into auth.users (id, name, email) values (${ids.person}, ${`person ${mark}`}, ${`person-${mark}@example.com`})`,
    )
    await run(
      sql`insert into auth.members (tenant_id, user_id, role, supplier_id) values (${tenantId}, ${ids.person}, 'supplier', ${ids.supplier})`,
    )
    await run(sql`insert into auth.invitations (id, tenant_id, supplier_id, role, email, token_hash, invited_by, expires_at)
      values (${ids.invitation}, ${tenantId}, ${ids.supplier}, 'supplier', ${`invited-${mark}@example.com`}, ${`invitation-${mark}`}, 'seed', app_now() + interval '1 day')`)
    await run(sql`insert into auth.supplier_keys (id, tenant_id, supplier_id, name, hint, key_hash, created_by)
      values (${ids.supplierKey}, ${tenantId}, ${ids.supplier}, ${`key ${mark}`}, 'fl_seed…', ${`key-${mark}`}, 'seed')`)
    await run(sql`insert into pricing_rules (tenant_id, id, name, position, active, scope_kind, currency, markup_kind, markup, fee_basis_points,
        fee_fixed_minor, vat_from, vat_rate_basis_points, changed_by)
      values (${tenantId}, ${ids.pricingRule}, ${`rule ${mark}`}, 1, false, 'products', 'GBP', 'percent', 1000, 0, 0, 'rule', 2000, 'seed')`)
    await run(
      sql`insert into pricing_rule_scopes (tenant_id, rule_id, value) values (${tenantId}, ${ids.pricingRule}, ${ids.product})`,
    )
    await run(sql`insert into pricing_rule_versions (tenant_id, rule_id, version, what, active, position, rule, approved, actor)
      values (${tenantId}, ${ids.pricingRule}, 1, 'added', false, 1, ${JSON.stringify({
        name: `rule ${mark}`,
        channelIds: [],
        scope: { kind: 'products', ids: [ids.product] },
        currency: 'GBP',
        shippingServiceId: null,
        markup: { kind: 'percent', basisPoints: 1000 },
        fee: { basisPoints: 0, fixedMinor: 0 },
        vat: { from: 'rule', rateBasisPoints: 2000 },
        ending: null,
        floorMinor: null,
        ceilingMinor: null,
      })}::jsonb, false, 'seed')`)
    await run(
      sql`insert into file_import_refusals (tenant_id, import_id, line, position, reason, row_text) values (${tenantId}, ${ids.import}, 2, 0, 'A reason.', ${`=row ${mark}`})`,
    )
  })
  return ids
}

/** A fingerprint of every row of a tenant, in every table that has one. */
export async function fingerprint(test: TestDatabase, tenantId: string): Promise<string> {
  const tables = await test.asOwner<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1`,
  )
  const parts = await test.db.read(tenantId, async (tx) => {
    const found: string[] = []
    for (const { name } of tables) {
      const { rows } = await sql<{ sum: string | null }>`
        select md5(string_agg(t::text, '|' order by t::text)) as sum from ${sql.table(name)} t where tenant_id = ${tenantId}`.execute(
        tx,
      )
      found.push(`${name}:${rows[0]?.sum ?? '-'}`)
    }
    return found
  })
  return parts.join('\n')
}
