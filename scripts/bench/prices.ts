// All prices worked out anew by a rule, beside the same rows written bare.
import { recomputePrices } from '../../src/domain/pricing/computed-prices.store.ts'
import { variantsAfter } from '../../src/domain/pricing/price-sweeps.store.ts'
import type { KnownRule } from '../../src/domain/pricing/pricing-rule.ts'
import { saveRule } from '../../src/domain/pricing/pricing-rules.store.ts'
import { readPricingTerms } from '../../src/domain/pricing/pricing-terms.store.ts'
import { systemIds } from '../../src/platform/ids.ts'
import { bareTransaction, describeTables, insertBare, readRows } from './bare.ts'
import { copyToTwin } from './shop.ts'
import { rates, sum, timed, type Benchmark, type BenchWorld } from './world.ts'

const batchVariants = 5_000

export const prices: Benchmark = {
  name: 'prices',
  sentence:
    'a pricing rule changes: the price of every variant on a sales channel made from its cheapest offer of two, and stored',
  sizes: { alone: 1_000_000, among: 20_000, max: 2_000_000 },
  async run(world, size) {
    const shop = await fillCatalogue(world, size)
    const rule = await addRule(world, shop)
    const firstMs = await recomputeAll(world, shop)
    const { bareMs, count } = await writeBare(world, shop)
    if (count !== size) throw new Error(`${count} prices were made, and not ${size}.`)
    await world.db.tenant(shop.tenantId).transaction((tx) =>
      saveRule(tx, {
        what: 'changed',
        rule: { ...rule, version: 2, markup: { kind: 'percent', basisPoints: 4000 } },
        approved: true,
        actor: 'bench',
      }),
    )
    const againMs = await recomputeAll(world, shop)
    const first = rates(size, { hubMs: firstMs, bareMs })
    const again = rates(size, { hubMs: againMs, bareMs })
    return {
      figures: {
        firstSeconds: first.hub.seconds,
        firstPerSecond: first.hub.perSecond,
        againSeconds: again.hub.seconds,
        againPerSecond: again.hub.perSecond,
        rssMb: world.rssMb(),
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
        'First: made for the first time. Again: the rule changed and every price with it.',
      ],
    }
  },
}

type Shop = { tenantId: string; twinId: string }

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
    `insert into sales_channels (tenant_id, id, account_id, connector, site_id, site_name, name, currency)
     values ($1, $3, $2, 'reverb', 'site', 'Site', 'Shop', 'GBP')`,
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
  return { tenantId, twinId }
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

/** As the pricing job does it, without the listings: those are measured by settle-stock. */
async function recomputeAll({ db }: BenchWorld, { tenantId }: Shop): Promise<number> {
  let after: string | null = null
  return timed(async () => {
    for (;;) {
      const last: string | undefined = await db.tenant(tenantId).transaction(async (tx) => {
        const ids = await variantsAfter(tx, after, batchVariants)
        await recomputePrices(tx, ids, await readPricingTerms(tx))
        return ids.at(-1)
      })
      if (last === undefined) return
      after = last
    }
  })
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
