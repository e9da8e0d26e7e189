// All prices worked out anew by a rule, beside the same rows written bare.
import { loadavg } from 'node:os'
import { recomputePrices } from '../../src/domain/pricing/computed-prices.store.ts'
import { rangeAfter, sweepPrices } from '../../src/domain/pricing/price-sweeps.store.ts'
import type { KnownRule } from '../../src/domain/pricing/pricing-rule.ts'
import { saveRule } from '../../src/domain/pricing/pricing-rules.store.ts'
import { readPricingTerms } from '../../src/domain/pricing/pricing-terms.store.ts'
import { settlePricesStep } from '../../src/domain/pricing/settle-prices.command.ts'
import { systemIds } from '../../src/platform/ids.ts'
import { bareTransaction, describeTables, insertBare, readRows } from './bare.ts'
import { copyToTwin } from './shop.ts'
import { rates, sum, timed, type Benchmark, type BenchWorld } from './world.ts'

const batchVariants = 10_000

export const prices: Benchmark = {
  name: 'prices',
  sentence:
    'a pricing rule changes: the price of every variant made from the cheaper of two offers and stored, and marked to be sent',
  sizes: { alone: 1_000_000, among: 20_000, max: 2_000_000 },
  async run(world, size) {
    const shop = await fillCatalogue(world, size)
    const rule = await addRule(world, shop)
    const firstMs = await recomputeAll(world, shop)
    const { bareMs, count } = await writeBare(world, shop)
    if (count !== size) throw new Error(`${count} prices were made, and not ${size}.`)
    await changeMarkup(world, shop, { ...rule, version: 2, markup: { kind: 'percent', basisPoints: 4000 } })
    const againMs = await recomputeAll(world, shop)
    const sameMs = await recomputeAll(world, shop)
    const rssMb = world.rssMb()
    await addListings(world, shop)
    await sweepAll(world, shop)
    await changeMarkup(world, shop, { ...rule, version: 3, markup: { kind: 'percent', basisPoints: 9000 } })
    const wholeMs = await sweepAll(world, shop)
    const due = await countDue(world, shop)
    if (due !== size) throw new Error(`${due} listings are marked to be sent, and not ${size}.`)
    const [first, again, same, whole] = [firstMs, againMs, sameMs, wholeMs].map((hubMs) =>
      rates(size, { hubMs, bareMs }),
    )
    if (!first || !again || !same || !whole) throw new Error('A figure is missing.')
    return {
      figures: {
        firstSeconds: first.hub.seconds,
        firstPerSecond: first.hub.perSecond,
        againSeconds: again.hub.seconds,
        againPerSecond: again.hub.perSecond,
        unchangedSeconds: same.hub.seconds,
        wholeSeconds: whole.hub.seconds,
        wholePerSecond: whole.hub.perSecond,
        rssMb,
      },
      limits: {
        firstSeconds: first.bare.seconds,
        firstPerSecond: first.bare.perSecond,
        againSeconds: first.bare.seconds,
        againPerSecond: first.bare.perSecond,
      },
      ratios: { firstPerSecond: first.ratio, againPerSecond: again.ratio },
      notes: [
        `${batchVariants} variants in a transaction; bare: the same rows of rule_prices, as many in a transaction.`,
        'First: made for the first time. Again: the rule changed and every price with it. Unchanged: worked out, and none of them another.',
        'Whole: the pricing job after a rule changed, until every listing of every variant is marked to be sent.',
        `The machine was as busy as ${loadavg()[0]?.toFixed(1)} processes (load of the last minute).`,
      ],
    }
  },
}

type Shop = { tenantId: string; twinId: string; channelId: string }

/** Variants that two suppliers offer each, and one sales channel; the twin has what its rows refer to. */
async function fillCatalogue({ owner }: BenchWorld, variants: number): Promise<Shop> {
  const [tenantId, twinId, accountId, channelId, one, two] = Array.from({ length: 6 }, () => systemIds.uuid())
  if (tenantId === undefined || twinId === undefined) throw new Error('There are no ids.')
  const add = (statement: string, values: unknown[] = []) => owner.query(statement, [tenantId, ...values])
  await owner.query(`insert into tenants (id, name) values ($1, 'A seller'), ($2, 'Its twin')`, [tenantId, twinId])
  await add(
    `insert into channel_accounts (tenant_id, id, connector, seller_id, credentials) values ($1, $2, 'reverb', 'seller', '')`,
    [accountId],
  )
  await add(
    `insert into sales_channels (tenant_id, id, account_id, connector, site_id, site_name, name, currency, price_update)
     values ($1, $3, $2, 'reverb', 'site', 'Site', 'Shop', 'GBP', true)`,
    [accountId, channelId],
  )
  await add(
    `insert into suppliers (tenant_id, id, name, currency, preference) values ($1, $2, 'One', 'GBP', 10), ($1, $3, 'Two', 'GBP', 10)`,
    [one, two],
  )
  await add(
    `insert into products (tenant_id, id, handle, title)
     select $1, uuidv7(), 'product-' || n, 'Product ' || n from generate_series(1, $2::int) as n`,
    [variants],
  )
  await add(
    `insert into variants (tenant_id, id, product_id, sku, sku_normalized, price_minor, currency)
     select tenant_id, uuidv7(), id, handle, handle, 1999, 'GBP' from products where tenant_id = $1`,
  )
  await add(
    `insert into supplier_offers (tenant_id, id, supplier_id, variant_id, supplier_sku, cost_minor, currency, on_hand, on_hand_at)
     select tenant_id, uuidv7(), s.id, v.id, v.sku, 1000 + hashtext(v.sku || s.n) % 400, 'GBP', 10, app_now()
     from variants v cross join (values ($2::uuid, 'one'), ($3::uuid, 'two')) as s (id, n) where tenant_id = $1`,
    [one, two],
  )
  for (const table of ['products', 'variants']) await copyToTwin(owner, table, { tenantId, twinId })
  // As autovacuum does by itself within the minute.
  await owner.query('analyze')
  return { tenantId, twinId, channelId: channelId ?? '' }
}

async function addRule({ db }: BenchWorld, shop: Shop): Promise<KnownRule> {
  const rule: KnownRule = {
    id: systemIds.uuid(),
    version: 1,
    active: true,
    position: 1,
    name: 'All',
    channelIds: [],
    scope: { kind: 'all' },
    currency: 'GBP',
    shippingServiceId: null,
    markup: { kind: 'percent', basisPoints: 3000 },
    fee: { basisPoints: 900, fixedMinor: 30 },
    vat: { from: 'variant', rateBasisPoints: 2000 },
    ending: { minor: 99, every: 100 },
    floorMinor: 499,
    ceilingMinor: 99_999,
  }
  await db
    .tenant(shop.tenantId)
    .transaction((tx) => saveRule(tx, { what: 'added', rule, approved: true, actor: 'bench' }))
  return rule
}

async function changeMarkup({ db }: BenchWorld, { tenantId }: Shop, rule: KnownRule): Promise<void> {
  await db.tenant(tenantId).transaction((tx) => saveRule(tx, { what: 'changed', rule, approved: true, actor: 'bench' }))
}

/** Prices alone, as the pricing job makes them. */
async function recomputeAll({ db }: BenchWorld, { tenantId }: Shop): Promise<number> {
  let after: string | null = null
  return timed(async () => {
    for (;;) {
      const range: Awaited<ReturnType<typeof rangeAfter>> = await db.tenant(tenantId).transaction(async (tx) => {
        const next = await rangeAfter(tx, after, batchVariants)
        if (next) await recomputePrices(tx, next, await readPricingTerms(tx))
        return next
      })
      if (!range) return
      after = range.last
    }
  })
}

/** Each variant listed and mapped. */
async function addListings({ owner }: BenchWorld, { tenantId, channelId }: Shop): Promise<void> {
  await owner.query(
    `insert into listings (tenant_id, id, channel_id, marketplace_listing_id, channel_sku, title, state, marketplace_state, quantity,
       price_minor, price_currency)
     select tenant_id, uuidv7(), $2, sku, sku, sku, 'live', 'live', 3, 1999, 'GBP' from variants where tenant_id = $1`,
    [tenantId, channelId],
  )
  await owner.query(
    `insert into sku_mappings (tenant_id, id, channel_id, listing_id, created_by)
     select tenant_id, uuidv7(), channel_id, id, 'bench' from listings where tenant_id = $1`,
    [tenantId],
  )
  await owner.query(
    `insert into sku_mapping_components (tenant_id, mapping_id, variant_id, quantity)
     select m.tenant_id, m.id, v.id, 1 from sku_mappings m
     join listings l on l.tenant_id = m.tenant_id and l.id = m.listing_id
     join variants v on v.tenant_id = l.tenant_id and v.sku = l.channel_sku where m.tenant_id = $1`,
    [tenantId],
  )
  await owner.query('analyze')
}

async function sweepAll({ db, owner }: BenchWorld, { tenantId }: Shop): Promise<number> {
  await db.tenant(tenantId).transaction((tx) => sweepPrices(tx, 'bench'))
  const milliseconds = await timed(async () => {
    while ((await settlePricesStep(db, tenantId)) === 'more');
  })
  await owner.query('analyze listing_targets')
  return milliseconds
}

async function countDue({ owner }: BenchWorld, { tenantId }: Shop): Promise<number> {
  const { rows } = await owner.query<{ count: number }>(
    `select count(*)::int as count from listing_targets where tenant_id = $1 and kind = 'price' and state = 'due' and desired_version = 2`,
    [tenantId],
  )
  return rows[0]?.count ?? 0
}

async function writeBare({ owner, bare }: BenchWorld, shop: Shop): Promise<{ bareMs: number; count: number }> {
  const [table] = await describeTables(owner, ['rule_prices'])
  if (!table) throw new Error('A table is missing.')
  await owner.query('analyze rule_prices')
  const times: number[] = []
  let count = 0
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const { rows: ends } = await owner.query<{ id: string }>(
      `select variant_id as id from (
         select variant_id from rule_prices where tenant_id = $1 and variant_id > $2 order by variant_id limit ${batchVariants}
       ) as batch order by variant_id desc limit 1`,
      [shop.tenantId, after],
    )
    const last = ends[0]?.id
    if (last === undefined) break
    const where = 'tenant_id = $1 and variant_id > $2 and variant_id <= $3'
    const rows = await readRows(owner, table, where, [shop.tenantId, after, last])
    const insert = insertBare(rows)
    times.push(await bareTransaction(bare, shop.twinId, () => insert(bare, shop.twinId)))
    count += rows.count
    after = last
  }
  return { bareMs: sum(times), count }
}
