// Changed variants until what each of their listings should show stands in its target, beside the same targets written bare.
import { settleMarks } from '../../src/domain/stock/settle-stock.command.ts'
import { bareTransaction, describeTables, readRows, updateBare } from './bare.ts'
import { copyToTwin, fillShop, type Shop } from './shop.ts'
import { rates, sum, timed, type Benchmark, type BenchWorld } from './world.ts'

const channels = 4
/** As many targets in a transaction as the hub has of a thousand variants. */
const batchTargets = 1_000 * channels

export const settleStock: Benchmark = {
  name: 'settle-stock',
  sentence: `changed variants, each listed on ${channels} sales channels and offered by two suppliers: targets computed anew`,
  sizes: { alone: 20_000, among: 2_000, max: 500_000 },
  async run(world, size) {
    const shop = await fillShop(world.owner, { variants: size, channels, offersEach: 2 })
    await changeStock(world, shop, 3)
    await settleAll(world, shop)
    await copyToTwin(world.owner, 'listing_targets', shop)
    await changeStock(world, shop, 4)
    const hubMs = await timed(() => settleAll(world, shop))
    const { bareMs, targets } = await writeBare(world, shop)
    if (targets !== size * channels) throw new Error(`${targets} targets changed, and not ${size * channels}.`)
    const { hub, bare, ratio } = rates(targets, { hubMs, bareMs })
    return {
      figures: { ...hub, rssMb: world.rssMb() },
      limits: bare,
      ratios: { perSecond: ratio },
      notes: [
        `Both changed ${targets} listing_targets, ${batchTargets} in a transaction.`,
        'The hub besides: marks taken, offers and settings read, prices looked at, kicks for each sales channel.',
      ],
    }
  },
}

/** As a supplier's file would, without its movements: other figures, and a mark for every variant. */
async function changeStock({ owner }: BenchWorld, { tenantId }: Shop, onHand: number): Promise<void> {
  await owner.query('update supplier_offers set on_hand = $2 where tenant_id = $1', [tenantId, onHand])
  await owner.query(
    'insert into stock_marks (tenant_id, variant_id) select tenant_id, id from variants where tenant_id = $1',
    [tenantId],
  )
}

async function settleAll({ db }: BenchWorld, { tenantId, variants }: Shop): Promise<void> {
  for (let batches = 0; batches <= variants; batches++) if ((await settleMarks(db, tenantId)) === 'done') return
}

async function writeBare({ owner, bare }: BenchWorld, shop: Shop): Promise<{ bareMs: number; targets: number }> {
  const [table] = await describeTables(owner, ['listing_targets'])
  if (!table) throw new Error('A table is missing.')
  await owner.query('analyze listing_targets')
  const times: number[] = []
  let targets = 0
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const batch = `listing_id in (
      select listing_id from listing_targets
      where tenant_id = $1 and kind = 'stock' and listing_id > $2 order by listing_id limit ${batchTargets}
    )`
    const rows = await readRows(
      owner,
      table,
      `tenant_id = $1 and kind = 'stock' and desired_version = 2 and ${batch}`,
      [shop.tenantId, after],
    )
    if (rows.count === 0) break
    const update = updateBare(rows, 'listing_id', [
      'desired',
      'desired_version',
      'desired_at',
      'reasons',
      'urgency',
      'state',
    ])
    times.push(await bareTransaction(bare, shop.twinId, () => update(bare, shop.twinId)))
    targets += rows.count
    after = await lastListing(owner, shop.tenantId, after)
  }
  return { bareMs: sum(times), targets }
}

async function lastListing(owner: BenchWorld['owner'], tenantId: string, after: string): Promise<string> {
  const { rows } = await owner.query<{ id: string }>(
    `select listing_id as id from (
       select listing_id from listing_targets
       where tenant_id = $1 and kind = 'stock' and listing_id > $2 order by listing_id limit ${batchTargets}
     ) as batch order by listing_id desc limit 1`,
    [tenantId, after],
  )
  return rows[0]?.id ?? after
}
