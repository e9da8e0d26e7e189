// Products with three variations listed on TikTok Shop through its published limits, in real time: the whole engine at its
// own pace against a sandbox in another process, from the moment they are asked for until the last is taken, and live.
import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import { askChanges } from '../../src/domain/listings/ask-changes.command.ts'
import { listChangeRuns, type ChangeRunView } from '../../src/domain/listings/change-views.store.ts'
import { sayForChannel } from '../../src/domain/listings/say-for-channel.command.ts'
import { openChannel } from '../../src/engine/ask-marketplace.ts'
import { createEngine } from '../../src/engine/engine.ts'
import { prepareChosen } from '../../src/engine/listing-desk.ts'
import { channelOperations, tenantJobs } from '../../src/engine/schedule.ts'
import { connectMarketplace, type ConnectedMarketplace } from './marketplace.ts'
import { round, type Benchmark, type BenchWorld } from './world.ts'

const marketplaceId = 'tiktok'
const variationsEach = 3
/** Reviews have no limit of requests; the sandbox's usual ten minutes would only be waited for. */
const reviewSeconds = 20
const patienceSeconds = 900
const lookMilliseconds = 100
/** A person who watches sees this often how far it is. */
const watchMilliseconds = 1000

/**
 * What a product surely asks for: its SKU is looked for before it is made (R4), its picture handed over, the product made,
 * and what became of its review read once. Each has a limit of its own, so the slowest of them is the bound.
 */
const takenBy = ['products.search', 'images.upload', 'products.create']
const readBy = 'products.get'

type Limit = { perSecond: number; burst: number }
type Metered = {
  limit: Limit
  plans: Record<string, Limit>
  refused: number
  byOperation: Record<string, { calls: number; refused: number }>
}

export const listingJobs: Benchmark = {
  name: 'listing-jobs',
  sentence: `products with ${variationsEach} variations each listed on TikTok Shop: seconds until all are taken, and live`,
  sizes: { alone: 500, among: 120, max: 5000 },
  async run(world, products) {
    const marketplace = await connectMarketplace(world, marketplaceId)
    const engine = createEngine(marketplace.parts, { operations: channelOperations, tenantJobs })
    try {
      const productIds = await fillCatalogue(world, marketplace, products)
      await marketplace.control('choices', { reviewSeconds })
      await engine.start()
      const before = (await marketplace.control('meter')) as Metered
      const asked = performance.now()
      const runId = await askForAll(marketplace, productIds)
      const watched = await watch(marketplace, { runId, products, asked })
      const after = (await marketplace.control('meter')) as Metered
      const listed = (await marketplace.control('truth/listings')) as { sku: string }[]
      return measured(world, { products, before, after, watched, listed })
    } finally {
      await engine.stop()
      await marketplace.stop()
    }
  },
}

type Watched = {
  prepareSeconds: number
  takenSeconds: number
  cpuSeconds: number
  liveSeconds: number
  looks: number
  moved: number
  run: ChangeRunView
}
type Result = { products: number; before: Metered; after: Metered; watched: Watched; listed: { sku: string }[] }

function measured(world: BenchWorld, { products, before, after, watched, listed }: Result) {
  const skus = listed.length
  const doubled = skus - new Set(listed.map(({ sku }) => sku)).size
  const limitOf = (operation: string) => after.plans[operation] ?? after.limit
  const bound = Math.max(...takenBy.map((operation) => products / limitOf(operation).perSecond))
  const withBurst = Math.max(
    ...takenBy.map((operation) => (products - limitOf(operation).burst) / limitOf(operation).perSecond),
  )
  const callsOf = (operation: string) =>
    (after.byOperation[operation]?.calls ?? 0) - (before.byOperation[operation]?.calls ?? 0)
  const calls = Object.fromEntries([...takenBy, readBy].map((operation) => [operation, callsOf(operation)]))
  return {
    figures: {
      products,
      takenSeconds: round(watched.takenSeconds),
      takenWithBurst: round(watched.takenSeconds),
      hubCpuSeconds: round(watched.cpuSeconds),
      liveSeconds: round(watched.liveSeconds),
      ...calls,
      refusedCalls: after.refused - before.refused,
      skusThere: skus,
      skusDoubled: doubled,
      productsRefused: watched.run.refused,
      looks: watched.looks,
      looksThatMoved: watched.moved,
      rssMb: world.rssMb(),
    },
    limits: {
      takenSeconds: round(bound),
      takenWithBurst: round(withBurst),
      liveSeconds: round(bound + reviewSeconds),
      skusThere: products * variationsEach,
    },
    ratios: {
      takenSeconds: round(watched.takenSeconds / bound),
      takenWithBurst: round(watched.takenSeconds / withBurst),
      liveSeconds: round(watched.liveSeconds / (bound + reviewSeconds)),
    },
    notes: [
      `Goal: takenSeconds at most 1.1 times its limit. The limit is products ÷ rate of the slowest of ${takenBy.join(', ')}, one each for a product.`,
      'takenWithBurst is the same beside a limit that also counts the burst a marketplace would let through at first.',
      `The clock begins when the person has asked; that was answered after ${round(watched.prepareSeconds)} s. "looks" is a person who looks once a second until all are taken.`,
      `live: the review of ${reviewSeconds} s is waited for as well, and looked at first 30 s after the product was taken.`,
    ],
  }
}

async function askForAll({ parts, tenantId, channelId }: ConnectedMarketplace, productIds: string[]): Promise<string> {
  const channel = await openChannel(parts, tenantId, channelId)
  if (!channel) throw new Error('The channel is not there.')
  const wanted = await prepareChosen(parts, tenantId, channel, { productIds, action: 'list' })
  const faults = wanted.flatMap((one) => one.faults)
  if (faults.length > 0) throw new Error(`Not ready: ${JSON.stringify(faults.slice(0, 3))}`)
  const asked = await askChanges(parts.db, tenantId, { channelId, action: 'list', wanted, actor: 'The benchmark' })
  if (asked.kind !== 'asked' || asked.runId === null) throw new Error('Nothing was asked.')
  return asked.runId
}

async function watch(
  { parts, tenantId }: ConnectedMarketplace,
  { runId, products, asked }: { runId: string; products: number; asked: number },
): Promise<Watched> {
  const begun = performance.now()
  const seconds = () => (performance.now() - begun) / 1000
  const seen: number[] = []
  const cpuBefore = process.cpuUsage()
  let cpuSeconds = 0
  let takenSeconds: number | undefined
  for (let lookedAt = -watchMilliseconds; seconds() < patienceSeconds;) {
    const [run] = await parts.db.read(tenantId, (tx) => listChangeRuns(tx, { id: runId }))
    if (!run) throw new Error('The run is not there.')
    const taken = run.settled + run.inReview
    if (takenSeconds === undefined && performance.now() - lookedAt >= watchMilliseconds) {
      lookedAt = performance.now()
      seen.push(taken)
    }
    if (taken === products && takenSeconds === undefined) {
      takenSeconds = seconds()
      const { user, system } = process.cpuUsage(cpuBefore)
      cpuSeconds = (user + system) / 1_000_000
    }
    if (run.state === 'done' && takenSeconds !== undefined) {
      const moved = seen.filter((count, at) => at > 0 && count > (seen[at - 1] ?? 0)).length
      const prepareSeconds = (begun - asked) / 1000
      return { prepareSeconds, takenSeconds, cpuSeconds, liveSeconds: seconds(), looks: seen.length, moved, run }
    }
    await sleep(lookMilliseconds)
  }
  throw new Error(`Not all of ${products} products were listed within ${patienceSeconds} seconds.`)
}

/** Each with three sizes and a picture of its own, ready to be listed. */
async function fillCatalogue(
  { owner, db }: BenchWorld,
  { tenantId, channelId, kick }: ConnectedMarketplace,
  products: number,
): Promise<string[]> {
  await kick('pull-categories')
  const add = (statement: string, values: unknown[] = []) => owner.query(statement, [tenantId, ...values])
  await add(
    `insert into products (tenant_id, id, handle, title, description)
     select $1, uuidv7(), 'mug-' || n, 'A plain enamel mug number ' || n || ' for camping and home',
       '<p>It holds a good deal of tea and does not break when it falls.</p>' from generate_series(1, $2::int) as n`,
    [products],
  )
  await add(
    `insert into variants (tenant_id, id, product_id, sku, sku_normalized, options, price_minor, currency, position)
     select tenant_id, uuidv7(), id, upper(handle) || '-' || size, upper(replace(handle, '-', '')) || size,
       jsonb_build_object('Size', size), 1299, 'GBP', position
     from products cross join unnest(array['S', 'M', 'L']) with ordinality as s (size, position) where tenant_id = $1`,
  )
  await add(
    `with supplier as (
       insert into suppliers (tenant_id, id, name, currency) values ($1, uuidv7(), 'Supplier', 'GBP') returning tenant_id, id
     )
     insert into supplier_offers (tenant_id, id, supplier_id, variant_id, supplier_sku, currency, on_hand, on_hand_at)
     select v.tenant_id, uuidv7(), s.id, v.id, v.sku, 'GBP', 7, app_now() from variants v join supplier s on s.tenant_id = v.tenant_id`,
  )
  const picture = await sharp({ create: { width: 600, height: 600, channels: 3, background: 'white' } })
    .png()
    .toBuffer()
  // What follows the end of a picture makes it another one, and nobody looks at it.
  await add(
    `with made as (
       insert into pictures (tenant_id, id, sha256, content_type, width, height, content)
       select tenant_id, uuidv7(), sha256($2::bytea || convert_to(handle, 'UTF8')), 'image/png', 600, 600, $2::bytea || convert_to(handle, 'UTF8')
       from products where tenant_id = $1 returning id, sha256
     )
     insert into product_images (tenant_id, id, product_id, position, url, picture_id)
     select p.tenant_id, uuidv7(), p.id, 0, '/pictures/' || made.id, made.id
     from products p join made on made.sha256 = sha256($2::bytea || convert_to(p.handle, 'UTF8')) where p.tenant_id = $1`,
    [picture],
  )
  const { rows } = await add('select id from products where tenant_id = $1 order by id')
  const productIds = (rows as { id: string }[]).map(({ id }) => id)
  const category = await add(
    `select id from channel_categories where tenant_id = $1 and channel_id = $2 and name = 'Drinkware'`,
    [channelId],
  )
  const [drinkware] = category.rows as { id: string }[]
  if (!drinkware) throw new Error('The sandbox has no category of mugs.')
  const said = await sayForChannel(db, tenantId, {
    channelId,
    productIds,
    product: { categoryId: drinkware.id, attributes: { packageWeight: '0.4', '100392': 'id:1000326' } },
    allVariants: {},
    variants: [],
  })
  if (said.kind !== 'said') throw new Error(`Nothing was said: ${JSON.stringify(said)}`)
  await owner.query('analyze')
  return productIds
}
