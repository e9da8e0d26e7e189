// T3: the hub's process is killed again and again while it lists products; each time the marketplace has just done what was
// asked, and the answer never arrives. Waits of minutes are cut short, for nobody else may have set them.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import { expect, test } from 'vitest'
import { realWorld } from '../../sandboxes/kit/serve.ts'
import { createTiktokSandbox } from '../../sandboxes/tiktok/index.ts'
import { servePicture } from '../../src/connectors/conformance-sandbox.ts'
import { askerFor, type Asker } from './asker.ts'
import { connectShop, environmentOf, importFile, openShop, pause, signedIn, until } from './business.ts'
import { freePort, isAlive, startDatabase } from './open-world.ts'
import { keepRunning, type Program } from './program.ts'

const products = 60
const sizes = ['S', 'M', 'L']
/** The sandbox's word for what it refuses, whoever asks. */
const refusedNumbers = [7, 33]
/** The hub dies when the marketplace has answered so many requests of a kind, before the answer is on its way. */
const deaths: { route: string; count: number }[] = [
  { route: 'POST /product/202309/products', count: 3 },
  { route: 'POST /product/202502/products/search', count: 45 },
  { route: 'POST /product/202309/products', count: 30 },
  { route: 'GET /product/202309/products/', count: 10 },
]
const restSecondsMax = 120

test(
  'R4: killed again and again while it lists, the hub makes every product once and leaves none in between',
  { timeout: 600_000 },
  async () => {
    const undo: (() => Promise<unknown>)[] = []
    const world = await openListingWorld(undo)
    try {
      await askForAll(world)
      await comeToRest(world)
      expect(world.deathsLeft(), 'deaths that never came').toEqual([])
      expect(await whatIsWrong(world), world.said()).toEqual([])
    } finally {
      for (const step of undo.toReversed()) await step()
    }
    expect(world.pids().filter(isAlive), 'processes that live on').toEqual([])
  },
)

type World = Awaited<ReturnType<typeof openListingWorld>>
type Database = Awaited<ReturnType<typeof startDatabase>>

async function openListingWorld(undo: (() => Promise<unknown>)[]) {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-listing-'))
  undo.push(() => rm(folder, { recursive: true, force: true }))
  const database = await startDatabase(join(folder, 'database'))
  undo.push(() => database.stop())
  const picture = await servePicture()
  undo.push(() => picture.stop())
  const tiktok = createTiktokSandbox(realWorld(1), { empty: true, currency: 'GBP', choices: { reviewSeconds: 1 } })
  const shop = await openShop('tiktok', tiktok, tiktok.control)
  undo.push(() => shop.stop())
  const port = await freePort()
  const link = await database.openLink()
  undo.push(() => link.close())
  const hub = keepRunning('the hub', [], {
    ...environmentOf([shop]),
    DATABASE_URL: database.addressBy(link.port),
    DATA_DIR: join(folder, 'data'),
    PORT: String(port),
    FAIRLEAD_LOG_LEVEL: 'error',
    FAIRLEAD_ALLOWED_PRIVATE_HOSTS: '127.0.0.1',
  })
  undo.push(() => hub.stop())
  const reaper = killAt(tiktok, { hub, database })
  await until('The hub is up', 180, () => /setup token \S+\n/.test(hub.said()) && hub.isUp())
  const origin = `http://127.0.0.1:${port}`
  const cookie = await signedIn(origin, '/auth/setup', {
    token: /setup token (\S+)/.exec(hub.said())?.[1] ?? '',
    businessName: 'Keel Yard',
    currency: 'GBP',
    name: 'Test owner',
    email: 'owner@fairlead.example',
    password: 'mooring-line-tests',
  })
  const seller = askerFor(origin, { cookie })
  await fillCatalogue(seller, picture.url)
  const channelId = await connectShop(seller, shop, origin)
  return {
    seller,
    channelId,
    tiktok,
    database,
    armDeaths: reaper.arm,
    deathsLeft: reaper.left,
    pids: () => hub.pids,
    said: () => `${hub.said().slice(-3000)}${hub.errors().slice(-3000)}`,
  }
}

/** The supplier's figures change with each death, so that what is sent again is not what was sent before. */
function killAt(
  tiktok: ReturnType<typeof createTiktokSandbox>,
  { hub, database }: { hub: Program; database: Database },
) {
  const handle = tiktok.handle.bind(tiktok)
  const left = [...deaths]
  let isArmed = false
  let counts = new Map<string, number>()
  tiktok.handle = async (request) => {
    const outcome = await handle(request)
    const what = `${request.method} ${request.url.split('?')[0] ?? ''}`
    const [next] = left
    if (!isArmed || !next || !isOf(what, next.route)) return outcome
    counts.set(next.route, (counts.get(next.route) ?? 0) + 1)
    if ((counts.get(next.route) ?? 0) < next.count) return outcome
    left.shift()
    counts = new Map()
    const pid = hub.pids.at(-1) ?? 0
    hub.kill()
    await until('The hub is dead', 60, () => !isAlive(pid))
    await database.asOwner('update supplier_offers set on_hand = on_hand + 1')
    await cutWaits(database)
    return outcome
  }
  return { arm: () => void (isArmed = true), left: () => left }
}

function isOf(what: string, route: string): boolean {
  return route.endsWith('/') ? what.startsWith(route) : what === route
}

/** Of the dead: its lease ends by itself after a minute, and what it was looking at is looked at again after two. */
async function cutWaits({ asOwner }: Database): Promise<void> {
  await asOwner(
    `update channel_work set leased_until = app_now() - interval '1 second', due_at = app_now()
     where operation = 'change-listings' and leased_until > app_now()`,
  )
  await asOwner('update listing_changes set next_try_at = app_now() where settled_at is null')
}

async function fillCatalogue(seller: Asker, pictureUrl: string): Promise<void> {
  const skus = Array.from({ length: products }, (_, at) =>
    sizes.map((size) => ({ at, size, sku: `MUG-${at}-${size}` })),
  )
  const rows = skus.flat().map(({ at, size, sku }) => ({
    Handle: `mug-${at}`,
    Title: refusedNumbers.includes(at) ? `An enamel mug reject-me number ${at}` : `A plain enamel mug number ${at}`,
    'Body (HTML)': '<p>It holds a good deal of tea and does not break when it falls.</p>',
    'Option1 Name': 'Size',
    'Option1 Value': size,
    'Variant SKU': sku,
    'Variant Price': '12.99',
    'Image Src': pictureUrl,
  }))
  const file = { name: 'products.csv', content: stringify(rows, { header: true }) }
  await importFile(seller, { kind: 'shopify-products' }, file)
  const supplier = { name: 'Supplier', currency: 'GBP', preference: 10, chargesVat: true, vatRateBasisPoints: 2000 }
  const { id } = await seller.send<{ id: string }>('POST', '/api/suppliers', supplier)
  const stock = skus.flat().map(({ sku }) => ({ sku, stock: 20, cost: '4.00' }))
  const stockFile = { name: 'stock.csv', content: stringify(stock, { header: true }) }
  await importFile(seller, { kind: 'supplier-stock', supplierId: id }, stockFile)
}

async function askForAll({ seller, channelId, database, armDeaths }: World): Promise<void> {
  const base = `/api/listing-manager/channels/${channelId}`
  let categoryId: string | undefined
  await until('The categories are read', 180, async () => {
    const [found] = await database.asOwner<{ id: string }>(`select id from channel_categories where name = 'Drinkware'`)
    categoryId = found?.id
    return found !== undefined
  })
  const rows = await database.asOwner<{ id: string }>('select id from products order by id')
  const chosen = { productIds: rows.map(({ id }) => id) }
  const attributes = { packageWeight: '0.4', '100392': 'id:1000326' }
  await seller.send('PATCH', `${base}/products`, { chosen, product: { categoryId, attributes } })
  armDeaths()
  const asked = await seller.send<{ asked: number }>('POST', `${base}/changes`, { chosen, action: 'list' })
  expect(asked).toMatchObject({ asked: products, refused: 0 })
}

async function comeToRest({ database, said }: World): Promise<void> {
  const open = `select count(*)::int as open from listing_changes where state not in ('done', 'refused')`
  await until('Every product came to its end', restSecondsMax, async () => {
    // What a living one works on is put off by two minutes, and looks that wait by half of one.
    await database.asOwner(
      `update listing_changes set next_try_at = app_now() where settled_at is null and next_try_at < app_now() + interval '31 seconds'`,
    )
    await database.asOwner(
      `update channel_work set due_at = app_now() where operation = 'change-listings' and due_at > app_now()
         and coalesce(leased_until < app_now(), true)`,
    )
    await pause(400)
    const [counted] = await database.asOwner<{ open: number }>(open)
    return counted?.open === 0
  }).catch(async (error: unknown) => {
    const states = await database.asOwner('select state, count(*) from listing_changes group by 1')
    const work = await database.asOwner(`select * from channel_work where operation = 'change-listings'`)
    throw new Error(`${String(error)} ${JSON.stringify(states)}${JSON.stringify(work)}\n${said()}`)
  })
}

/** The hub's tables against what the marketplace has itself. */
async function whatIsWrong({ tiktok, database }: World): Promise<string[]> {
  const wanted = Array.from({ length: products }, (_, at) => at).filter((at) => !refusedNumbers.includes(at))
  const skus = wanted.flatMap((at) => sizes.map((size) => `MUG-${at}-${size}`))
  const there = tiktok.control.truth().listings.map(({ sku }) => sku)
  const timesOf = (sku: string) => there.filter((one) => one === sku).length
  const ofProducts = await database.asOwner<{ title: string; states: string[] }>(
    `select p.title, array_agg(c.state) as states from products p left join listing_changes c on c.product_id = p.id group by p.id, p.title`,
  )
  const mapped = await database.asOwner<{ sku: string; times: number }>(
    `select v.sku, count(*)::int as times from sku_mapping_components c join variants v on v.id = c.variant_id group by 1`,
  )
  const ofSku = new Map(mapped.map(({ sku, times }) => [sku, times]))
  const [run] = await database.asOwner<{ state: string; done: number; counts: Record<string, number> }>(
    `select state, done, counts from runs where kind = 'change-listings'`,
  )
  const counted = `${run?.state} ${run?.done} ${run?.counts['done']} ${run?.counts['refused']}`
  const right = `done ${products} ${wanted.length} ${refusedNumbers.length}`
  return [
    ...skus.filter((sku) => timesOf(sku) !== 1).map((sku) => `${sku} is there ${timesOf(sku)} times`),
    ...there.filter((sku) => !skus.includes(sku)).map((sku) => `${sku} is there and should not be`),
    ...skus.filter((sku) => ofSku.get(sku) !== 1).map((sku) => `${sku} is mapped ${ofSku.get(sku) ?? 0} times`),
    ...ofProducts
      .filter(({ title, states }) => states.join() !== (title.includes('reject-me') ? 'refused' : 'done'))
      .map(({ title, states }) => `${title} is ${states.join()}`),
    ...(counted === right ? [] : [`The run says ${counted}, and not ${right}`]),
  ]
}
