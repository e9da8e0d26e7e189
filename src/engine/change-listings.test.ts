import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createOrdersWorld, type OrdersWorld } from '../../test/support/orders-world.ts'
import {
  RefusedError,
  type ChannelListing,
  type Connector,
  type ListingDraft,
  type ListingLimits,
  type ListingRef,
  type Reply,
} from '../connectors/connector.ts'
import { askChanges } from '../domain/listings/ask-changes.command.ts'
import type { ChangeAction } from '../domain/listings/listing-changes.ts'
import { sayForChannel } from '../domain/listings/say-for-channel.command.ts'
import { listChangeRuns, stopRun } from '../domain/listings/change-views.store.ts'
import {
  askForSelection,
  readSelectionPage,
  takeSelectionPage,
  type SelectionPage,
} from '../domain/listings/selections.store.ts'
import { settleGrid } from '../domain/listings/settle-grid.command.ts'
import { storeCategories } from '../domain/listings/categories.store.ts'
import { closeProblemById } from '../domain/problems/problems.store.ts'
import { changeListings } from './change-listings.ts'
import type { ChannelRun, RunEnd } from './channel-run.ts'
import { ChannelOff, TurnRefused } from './pace.ts'
import { prepareMany } from './prepare-many.ts'

let database: TestDatabase
let world: OrdersWorld

/** What stands at the marketplace, and how it answers next. */
let there: Map<string, ChannelListing & { draft: ListingDraft }>
let published: ListingDraft[]
let answers: ((draft: ListingDraft, publish: () => Reply) => Reply | Promise<Reply>)[]
let checks: Reply[]
let lookUps: number
/** A product with variations is found by the SKU of the whole alone. */
let findsWholes: boolean
let limits: ListingLimits
let fence: number

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

beforeEach(async () => {
  world = await createOrdersWorld(database)
  there = new Map()
  published = []
  answers = []
  checks = []
  lookUps = 0
  findsWholes = false
  fence = 1
  limits = {
    titleMax: 60,
    descriptionMax: 1000,
    descriptionTags: ['p'],
    imagesMin: 1,
    imagesMax: 9,
    imageSide: null,
    skuMax: 50,
    variationsMax: 100,
    variationAttributesMax: 3,
    price: null,
    quantityMax: null,
    forbiddenWords: [],
  }
})

function listingsOf(id: string, draft: ListingDraft): (ChannelListing & { draft: ListingDraft })[] {
  return (draft.variations ?? [draft]).map(({ channelSku, price, quantity }, at) => ({
    marketplaceListingId: id,
    marketplaceVariantId: draft.variations ? `${id}-${at}` : null,
    channelSku,
    title: draft.title,
    state: 'live',
    marketplaceState: 'LIVE',
    quantity,
    price,
    imageUrl: null,
    url: null,
    barcode: null,
    condition: null,
    zeroIsFinal: false,
    takesQuantity: true,
    draft,
  }))
}

function take(draft: ListingDraft): Reply {
  const id = `P${published.length + 1}`
  published.push(draft)
  for (const listing of listingsOf(id, draft)) there.set(listing.channelSku ?? '', listing)
  return { kind: 'done', reference: id }
}

const connector = {
  id: 'a-marketplace',
  name: 'A marketplace',
  listings: {
    limits: () => limits,
    categories: async () => [{ id: 'C2', parentId: null, name: 'Others', isLeaf: true, mayList: true }],
    attributes: async () => [],
    findBySku: async (_call: unknown, sku: string) => {
      lookUps++
      if (findsWholes) return [...there.values()].filter(({ draft }) => draft.channelSku === sku)
      const found = there.get(sku)
      return found ? [found] : []
    },
    get findsWholes() {
      return findsWholes
    },
    read: async (_call: unknown, ref: ListingRef) => {
      const found = there.get(ref.channelSku ?? '')
      if (!found) throw new RefusedError({ kind: 'gone' })
      return found
    },
    publish: async (_call: unknown, draft: ListingDraft) => {
      const answer = answers.shift()
      return answer ? answer(draft, () => take(draft)) : take(draft)
    },
    update: async (_call: unknown, ref: ListingRef, draft: ListingDraft): Promise<Reply> => {
      const known = [...there.values()].find((one) => one.marketplaceListingId === ref.marketplaceListingId)
      if (!known) return { kind: 'gone', reason: 'No such listing' }
      for (const listing of listingsOf(ref.marketplaceListingId, draft)) there.set(listing.channelSku ?? '', listing)
      return { kind: 'done', reference: ref.marketplaceListingId }
    },
    end: async (_call: unknown, ref: ListingRef): Promise<Reply> => {
      const found = [...there.entries()].filter(([, one]) => one.marketplaceListingId === ref.marketplaceListingId)
      for (const [sku] of found) there.delete(sku)
      return found.length === 0 ? { kind: 'gone' } : { kind: 'done' }
    },
    check: async () => checks.shift() ?? { kind: 'done', reference: 'P1' },
    ticketOf: (_call: unknown, found: ChannelListing[]) =>
      found.find(({ state }) => state === 'draft')?.marketplaceListingId,
    explainRefusal: (reason: string) =>
      reason.includes('category') ? [{ field: 'category' as const, message: 'Choose another category.' }] : [],
  },
} as unknown as Connector

const site = { id: 'S', name: 'S', sellerId: 'seller', currency: 'GBP', currencies: ['GBP'] }

function runAs(fence: number): Promise<RunEnd> {
  return changeListings.run({
    connector,
    channel: { id: world.channelId, currency: 'GBP' },
    call: { site },
    fence,
    parts: { clock: { now: () => new Date() }, publicUrl: 'https://hub.example' },
    transaction: world.transaction,
  } as unknown as ChannelRun)
}

/** With the turns that follow at once. */
async function run(): Promise<RunEnd> {
  const ended = await runAs(fence++)
  return ended === 'again' ? run() : ended
}

async function product(...skus: string[]): Promise<string> {
  const supplierId = await world.addSupplier()
  const [first] = await Promise.all(skus.map((sku) => world.addVariant(sku)))
  const rows = await database.asOwner<{ id: string; product_id: string; sku: string }>(
    'select id, product_id, sku from variants where tenant_id = $1 and sku = any($2::text[])',
    [world.tenantId, skus],
  )
  const productId = rows.find(({ id }) => id === first)!.product_id
  for (const { id, sku } of rows) {
    await world.addOffer({ supplierId, variantId: id, onHand: 20 })
    await database.asOwner(
      `update variants set product_id = $1, price_minor = 1250, currency = 'GBP', options = $2 where id = $3`,
      [productId, JSON.stringify(skus.length > 1 ? { Size: sku } : {}), id],
    )
  }
  await database.asOwner(`update products set description = '<p>A thing</p>' where id = $1`, [productId])
  await database.asOwner(
    `insert into product_images (tenant_id, id, product_id, position, url) values ($1, gen_random_uuid(), $2, 0, 'https://pictures.example/a.jpg')`,
    [world.tenantId, productId],
  )
  await say(productId, { categoryId: 'C1' })
  return productId
}

const say = (productId: string, saying: Parameters<typeof sayForChannel>[2]['product']) =>
  sayForChannel(world.db, world.tenantId, {
    channelId: world.channelId,
    productIds: [productId],
    product: saying,
    allVariants: {},
    variants: [],
  })

async function ask(action: ChangeAction, ...productIds: string[]) {
  const source = {
    connector,
    site,
    channelId: world.channelId,
    transaction: world.transaction,
    ask: async () => undefined,
  }
  const wanted = await prepareMany({ source, action, currency: 'GBP', publicUrl: undefined }, productIds)
  const asked = { channelId: world.channelId, action, wanted, actor: 'A person' }
  return askChanges(world.db, world.tenantId, asked)
}

const changes = () =>
  database.asOwner<{ state: string; attempts: number; faults: { field: string | null; message: string }[] }>(
    'select state, attempts, faults from listing_changes where tenant_id = $1 order by id',
    [world.tenantId],
  )
const states = async () => (await changes()).map(({ state }) => state)
const lastRun = async () =>
  (
    await database.asOwner<{ state: string; done: number; total: number; counts: Record<string, number> }>(
      `select state, done, total, counts from runs where tenant_id = $1 and kind = 'change-listings' order by started_at desc, id desc limit 1`,
      [world.tenantId],
    )
  )[0]
const mapped = async () =>
  (
    await database.asOwner<{ sku: string; evidence: string; here: boolean }>(
      `select v.sku, m.evidence, l.listed_here_at is not null as here from sku_mappings m
       join listings l on l.tenant_id = m.tenant_id and l.id = m.listing_id
       join sku_mapping_components c on c.tenant_id = m.tenant_id and c.mapping_id = m.id
       join variants v on v.tenant_id = c.tenant_id and v.id = c.variant_id where m.tenant_id = $1 order by v.sku`,
      [world.tenantId],
    )
  ).map(({ sku, evidence, here }) => [sku, evidence, here])
const problems = () =>
  database.asOwner<{ id: string; kind: string; data: { count: number } }>(
    'select id, kind, data from problems where tenant_id = $1 and closed_at is null',
    [world.tenantId],
  )
const refusedCounts = async () => (await problems()).map(({ kind, data }) => [kind, data.count])
/** As if the time until the next try had passed. */
const makeDue = () =>
  database.asOwner('update listing_changes set next_try_at = app_now() where tenant_id = $1', [world.tenantId])

test('F4: a product with variations is listed once, mapped to its variants, and its figures follow', async () => {
  const id = await product('A-S', 'A-M')
  expect(await ask('list', id)).toMatchObject({ kind: 'asked', asked: 1, refused: 0, open: 0 })
  expect(world.kicks.at(-1)?.data).toMatchObject({ operation: 'change-listings' })
  expect(await run()).toBe('done')
  expect(published).toHaveLength(1)
  expect(published[0]).toMatchObject({
    title: 'Product A-S',
    description: '<p>A thing</p>',
    images: ['https://pictures.example/a.jpg'],
    attributes: { category: 'C1' },
    variations: [
      { channelSku: 'A-S', price: { minor: 1250, currency: 'GBP' }, quantity: 20, attributes: { Size: 'A-S' } },
      { channelSku: 'A-M', quantity: 20 },
    ],
  })
  expect(await states()).toEqual(['done'])
  expect(await mapped()).toEqual([
    ['A-M', 'listed', true],
    ['A-S', 'listed', true],
  ])
  expect(await lastRun()).toMatchObject({ state: 'done', done: 1, total: 1, counts: { done: 1, refused: 0 } })
  const targets = await database.asOwner<{ desired: number }>(
    `select desired::int from listing_targets where tenant_id = $1 and kind = 'stock'`,
    [world.tenantId],
  )
  expect(targets.map(({ desired }) => desired)).toEqual([20, 20])
  expect(await ask('list', id)).toMatchObject({ asked: 0, refused: 1 })
})

test('F4: where variations are not taken each variant is a listing of its own, and the others go although one fails', async () => {
  limits = { ...limits, variationsMax: 1 }
  const id = await product('B-S', 'B-M')
  answers = [() => ({ kind: 'rejected', reason: 'The moon is wrong' })]
  expect(await ask('list', id)).toMatchObject({ asked: 2 })
  await run()
  expect(published).toHaveLength(1)
  expect((await states()).toSorted()).toEqual(['done', 'refused'])
  expect((await changes()).flatMap(({ faults }) => faults)).toEqual([
    expect.objectContaining({ field: null, theirs: 'The moon is wrong' }),
  ])
  expect(await lastRun()).toMatchObject({ state: 'done', counts: { done: 1, refused: 1 } })
})

test('F4: what is missing is said at once, and nothing of it is sent', async () => {
  const id = await product('C')
  await database.asOwner('delete from product_images where tenant_id = $1', [world.tenantId])
  await database.asOwner('update variants set price_minor = null where tenant_id = $1', [world.tenantId])
  await say(id, { title: 'x'.repeat(61), categoryId: null })
  expect(await ask('list', id)).toMatchObject({ asked: 0, refused: 1 })
  const [change] = await changes()
  expect(change?.faults.map(({ field }) => field).toSorted()).toEqual(['category', 'images', 'price', 'title'])
  expect(await lastRun()).toMatchObject({ state: 'done', done: 1, counts: { refused: 1 } })
  await run()
  expect(published).toEqual([])
})

test('R4: nothing is asked twice while it is open', async () => {
  const id = await product('D')
  const asked = await Promise.all([ask('list', id), ask('list', id), ask('list', id)])
  expect(asked.map((one) => (one.kind === 'asked' ? [one.asked, one.open] : []))).toEqual(
    expect.arrayContaining([
      [1, 0],
      [0, 1],
      [0, 1],
    ]),
  )
  await run()
  expect(published).toHaveLength(1)
})

test('R4: an answer that was lost after it took effect is found by its SKU, and no second listing is made', async () => {
  const id = await product('E-S', 'E-M')
  answers = [(_, publish) => (publish(), { kind: 'unclear', reason: 'No answer came' })]
  await ask('list', id)
  await run()
  expect(await states()).toEqual(['unclear'])
  await makeDue()
  await run()
  expect(published).toHaveLength(1)
  expect(await states()).toEqual(['done'])
  expect(await mapped()).toHaveLength(2)
})

test('R4: a request that was lost before it took effect is looked for twice, and then sent again', async () => {
  const id = await product('F')
  answers = [() => ({ kind: 'unclear' })]
  await ask('list', id)
  await run()
  const before = lookUps
  await makeDue()
  await run()
  expect([lookUps - before, await states()]).toEqual([1, ['unclear']])
  await makeDue()
  await run()
  expect(published).toHaveLength(1)
  expect(await changes()).toMatchObject([{ state: 'done', attempts: 2 }])
})

test('R4: what a crash left in flight is looked for before anything is sent', async () => {
  const id = await product('G')
  answers = [
    (_, publish) => {
      publish()
      throw new Error('The process dies here')
    },
  ]
  await ask('list', id)
  await expect(run()).rejects.toThrow('dies here')
  expect(await states()).toEqual(['in-flight'])
  await run()
  expect(published).toHaveLength(1)
  expect(await states()).toEqual(['done'])
})

test('R4: a worker that was superseded stores nothing, and what he sent is adopted', async () => {
  const id = await product('H')
  let goOn = () => {}
  const held = new Promise<void>((resolve) => (goOn = resolve))
  answers = [
    async (_, publish) => {
      const reply = publish()
      await held
      return reply
    },
  ]
  await ask('list', id)
  const first = runAs(1)
  await expect.poll(() => published.length).toBe(1)
  await runAs(2)
  goOn()
  await first
  expect(published).toHaveLength(1)
  expect(await states()).toEqual(['done'])
  expect(await mapped()).toEqual([['H', 'listed', true]])
  expect(await lastRun()).toMatchObject({ done: 1, counts: { done: 1 } })
})

test('R4: a SKU that is there already is refused in plain words, by our list or by theirs', async () => {
  const known = await product('I')
  await world.addListing('L9', [], 'I')
  expect(await ask('list', known)).toMatchObject({ refused: 1 })
  const unknown = await product('J')
  take({ ...draftOf('J') })
  await ask('list', unknown)
  await run()
  expect(published).toHaveLength(1)
  expect((await changes()).map(({ faults }) => faults[0]?.field)).toEqual(['sku', 'sku'])
})

function draftOf(channelSku: string): ListingDraft {
  const price = { minor: 1, currency: 'GBP' }
  const rest = { description: '', quantity: 1, images: [], barcode: null, brand: null, model: null, attributes: {} }
  return { channelSku, title: 'By hand', price, ...rest }
}

test('F4: what is looked at over there waits for its verdict, and a refusal is told with its words', async () => {
  const [passes, fails] = [await product('K'), await product('M')]
  answers = [(_, publish) => (publish(), { kind: 'pending', ticket: 'T1' }), () => ({ kind: 'pending', ticket: 'T2' })]
  await ask('list', passes)
  expect(await run()).toMatchObject({ afterSeconds: expect.any(Number) })
  await ask('list', fails)
  await run()
  expect(await states()).toEqual(['in-review', 'in-review'])
  checks = [
    { kind: 'pending', ticket: 'T1' },
    { kind: 'rejected', reason: 'Blurry picture' },
  ]
  await makeDue()
  await run()
  expect(await states()).toEqual(['in-review', 'refused'])
  await makeDue()
  await run()
  expect(await states()).toEqual(['done', 'refused'])
  expect(await mapped()).toEqual([['K', 'listed', true]])
})

/** In review, it is a draft to whoever looks for it; refused, it stays one. */
function takeForReview(draft: ListingDraft): void {
  take(draft)
  for (const listing of there.values()) listing.state = 'draft'
}

test('R4: what is only found by its SKU waits for the verdict like any other, and a refusal ends it', async () => {
  const [passes, fails] = [await product('V1'), await product('V2')]
  const lost = (draft: ListingDraft): Reply => (takeForReview(draft), { kind: 'unclear' })
  answers = [lost, lost]
  await ask('list', passes, fails)
  await run()
  await makeDue()
  await run()
  expect(await states()).toEqual(['in-review', 'in-review'])
  checks = [
    { kind: 'done', reference: 'P1' },
    { kind: 'rejected', reason: 'Blurry picture' },
  ]
  await makeDue()
  await run()
  expect(await states()).toEqual(['done', 'refused'])
  expect((await changes())[1]?.faults).toEqual([expect.objectContaining({ theirs: 'Blurry picture' })])
  expect(published).toHaveLength(2)
})

test('R4: where only the SKU of the whole finds a family, it is found by that, and made once', async () => {
  findsWholes = true
  const id = await product('W-S', 'W-M')
  answers = [(_, publish) => (publish(), { kind: 'unclear', reason: 'No answer came' })]
  await ask('list', id)
  await run()
  await makeDue()
  await run()
  expect([published.length, await states()]).toEqual([1, ['done']])
  expect(await mapped()).toHaveLength(2)
})

test('what was taken and never shows is refused after some hours, and is not looked for endlessly', async () => {
  const id = await product('X')
  answers = [() => ({ kind: 'done', reference: 'P1' })]
  await ask('list', id)
  await run()
  expect(await states()).toEqual(['in-review'])
  for (let looks = 0; looks < 12; looks++) {
    await makeDue()
    await run()
  }
  expect((await changes())[0]).toMatchObject({
    state: 'refused',
    faults: [{ message: expect.stringContaining('not to be seen') }],
  })
})

test('products that were refused are one problem, which counts them and closes when none is left', async () => {
  const [first, second, faulty] = [await product('Y1'), await product('Y2'), await product('Y3')]
  await say(faulty, { title: 'x'.repeat(61) })
  const refusal = (): Reply => ({ kind: 'rejected', reason: 'The moon is wrong' })
  answers = [refusal, refusal]
  await ask('list', first, second, faulty)
  expect(await refusedCounts()).toEqual([['listings-refused', 1]])
  await run()
  expect(await refusedCounts()).toEqual([['listings-refused', 3]])
  await say(faulty, { title: null })
  await ask('list', first, faulty)
  // What is tried again is refused no more, until it is.
  expect(await refusedCounts()).toEqual([['listings-refused', 1]])
  await run()
  expect(await refusedCounts()).toEqual([['listings-refused', 1]])
  await ask('list', second)
  await run()
  expect(await problems()).toEqual([])
})

test('a problem of refused products that a person has put aside stays so until another is refused', async () => {
  const [first, second, third] = [await product('Z1'), await product('Z2'), await product('Z3')]
  const refusal = (): Reply => ({ kind: 'rejected', reason: 'The moon is wrong' })
  answers = [refusal]
  await ask('list', first)
  await run()
  const [problem] = await problems()
  await world.transaction((tx) => closeProblemById(tx, problem!.id))
  await ask('list', second)
  await run()
  expect(await problems()).toEqual([])
  answers = [refusal]
  await ask('list', third)
  await run()
  expect(await refusedCounts()).toEqual([['listings-refused', 2]])
})

const askForAll = async () => {
  while ((await settleGrid(world.db, world.tenantId)) === 'more') continue
  const asking = { channelId: world.channelId, action: 'list' as const, filter: {}, actor: 'A person' }
  return askForSelection(world.db, world.tenantId, asking)
}

test('F4: all that a filter matches are counted first, taken in the background, and each is listed once', async () => {
  const faulty = await product('AA1')
  for (const sku of ['AA2', 'AA3', 'AA4']) await product(sku)
  await say(faulty, { title: 'x'.repeat(61) })
  expect(await askForAll()).toMatchObject({ kind: 'asked', asked: 4, refused: 0 })
  expect(world.kicks.at(-1)?.data).toMatchObject({ operation: 'change-listings' })
  const [asked] = await world.transaction((tx) => listChangeRuns(tx, { channelId: world.channelId }))
  expect(asked).toMatchObject({ state: 'running', action: 'list', total: 4, settled: 0, askedBy: 'A person' })
  await run()
  expect(published).toHaveLength(3)
  expect(await lastRun()).toMatchObject({ state: 'done', total: 4, done: 4, counts: { done: 3, refused: 1 } })
  expect(await refusedCounts()).toEqual([['listings-refused', 1]])
})

test('R4: a page is taken once with its place, whoever takes it again, and stopped no more are taken', async () => {
  for (const sku of ['AB1', 'AB2', 'AB3', 'AB4', 'AB5']) await product(sku)
  const asked = await askForAll()
  const runId = asked.kind === 'asked' ? asked.runId! : ''
  const { channelId } = world
  const read = () => world.transaction((tx) => readSelectionPage(tx, channelId, 2))
  const take = (page: SelectionPage) => {
    const wanted = page.productIds.map((productId) => ({ productId, variantId: null, faults: [] }))
    return world.transaction((tx) => takeSelectionPage(tx, channelId, { page, wanted }))
  }
  const first = (await read())!
  expect(await read()).toEqual(first)
  await take(first)
  await take(first)
  expect(await states()).toEqual(['waiting', 'waiting'])
  expect(await lastRun()).toMatchObject({ state: 'running', total: 5 })
  const second = (await read())!
  expect(second.productIds).toHaveLength(2)
  expect(second.productIds.some((id) => first.productIds.includes(id))).toBe(false)
  await take(second)
  const third = (await read())!
  await world.transaction((tx) => stopRun(tx, runId))
  await take(third)
  expect(await read()).toBeUndefined()
  expect(await states()).toEqual(['stopped', 'stopped', 'stopped', 'stopped'])
  expect(await lastRun()).toMatchObject({ state: 'done', total: 4, done: 4, counts: { stopped: 4 } })
})

test('R4: what was asked for before and is open is not asked for again by a filter, and the run ends all the same', async () => {
  const id = await product('AC1')
  await product('AC2')
  await ask('list', id)
  await askForAll()
  await run()
  expect(published).toHaveLength(2)
  expect(await lastRun()).toMatchObject({ state: 'done', total: 1, done: 1 })
})

test('F5: an update goes to the listing that is there; one that is gone over there is said so and shown as not listed', async () => {
  const id = await product('N')
  await ask('list', id)
  await run()
  await say(id, { title: 'A better title' })
  expect(await ask('update', id)).toMatchObject({ asked: 1 })
  await run()
  expect(there.get('N')?.draft.title).toBe('A better title')
  expect(published).toHaveLength(1)
  there.clear()
  await ask('update', id)
  await run()
  const [last] = (await changes()).slice(-1)
  expect(last?.faults[0]?.message).toContain('no longer on A marketplace')
  expect(await ask('update', id)).toMatchObject({ refused: 1 })
})

test('F6: deleted over there, it is mapped no more, and may be listed again', async () => {
  const id = await product('O-S', 'O-M')
  await ask('list', id)
  await run()
  expect(await ask('delete', id)).toMatchObject({ asked: 1 })
  await run()
  expect(there.size).toBe(0)
  expect(await mapped()).toEqual([])
  const events = await database.asOwner<{ kind: string }>(
    'select distinct kind from listing_events where tenant_id = $1 order by 1',
    [world.tenantId],
  )
  expect(events.map(({ kind }) => kind)).toEqual(['deleted', 'listed'])
  expect(await ask('list', id)).toMatchObject({ asked: 1 })
  await run()
  expect(published).toHaveLength(2)
})

test('A7: switched off in the middle, what was not sent waits, and goes on later', async () => {
  const ids: string[] = []
  for (let at = 0; at < 28; at++) ids.push(await product(`Q${at}`))
  answers = ids.map(() => () => {
    throw new ChannelOff()
  })
  await ask('list', ...ids)
  await expect(run()).rejects.toThrow(ChannelOff)
  expect(published).toEqual([])
  expect(new Set(await states())).toEqual(new Set(['waiting', 'in-flight']))
  answers = []
  // Nobody knows what left before the switch was seen.
  await run()
  await makeDue()
  await run()
  expect(published).toHaveLength(28)
  expect(await lastRun()).toMatchObject({ state: 'done', counts: { done: 28 } })
})

test('a turn that is too far away ends its lane only, and counts as no try', async () => {
  const ids = [await product('R1'), await product('R2'), await product('R3')]
  answers = [() => Promise.reject(new TurnRefused(9))]
  await ask('list', ...ids)
  await run()
  await run()
  expect(published).toHaveLength(3)
  expect((await changes()).map(({ state, attempts }) => [state, attempts])).toEqual([
    ['done', 1],
    ['done', 1],
    ['done', 1],
  ])
})

test('what keeps one back, such as a picture nobody can fetch, has an end and holds up no other', async () => {
  const [bad, good] = [await product('S1'), await product('S2')]
  answers = [() => ({ kind: 'wait', seconds: 5, reason: 'The picture cannot be fetched' })]
  await ask('list', bad, good)
  await run()
  expect((await states()).toSorted()).toEqual(['done', 'waiting'])
  for (let tries = 0; tries < 8; tries++) {
    answers = [() => ({ kind: 'wait', seconds: 5, reason: 'The picture cannot be fetched' })]
    await makeDue()
    await run()
  }
  expect((await states()).toSorted()).toEqual(['done', 'refused'])
})

test('a category given up since it was chosen is said so, and offered no more', async () => {
  await world.transaction((tx) =>
    storeCategories(tx, world.channelId, [
      { id: 'C1', parentId: null, name: 'Mugs', isLeaf: true, mayList: true },
      { id: 'C2', parentId: null, name: 'Others', isLeaf: true, mayList: true },
    ]),
  )
  const id = await product('T')
  answers = [() => ({ kind: 'rejected', reason: 'Invalid category' })]
  await ask('list', id)
  await run()
  expect((await changes())[0]?.faults).toMatchObject([
    { field: 'category', message: expect.stringContaining('given this category up'), theirs: 'Invalid category' },
  ])
  expect(await ask('list', id)).toMatchObject({ refused: 1 })
  expect(await say(id, { categoryId: 'C1' })).toMatchObject({
    kind: 'refused',
    fields: { 'product.categoryId': expect.any(String) },
  })
})
