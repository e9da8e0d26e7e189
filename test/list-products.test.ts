// Products listed through an imitation of a real marketplace on virtual time: its limits, its review, its lost answers.
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTiktokSandbox, type TiktokSandbox } from '../sandboxes/tiktok/index.ts'
import { leaves } from '../sandboxes/tiktok/reference.ts'
import { connectorOf } from '../src/connectors/index.ts'
import { planWork } from '../src/domain/channels/channel-work.store.ts'
import { sealCredentials } from '../src/domain/channels/channel.store.ts'
import { askChanges } from '../src/domain/listings/ask-changes.command.ts'
import { listChangeRuns } from '../src/domain/listings/change-views.store.ts'
import type { ChangeAction } from '../src/domain/listings/listing-changes.ts'
import { sayForChannel } from '../src/domain/listings/say-for-channel.command.ts'
import { askMarketplace, openChannel } from '../src/engine/ask-marketplace.ts'
import { handleKick } from '../src/engine/channel-job.ts'
import type { ChannelOperation, EngineParts } from '../src/engine/channel-run.ts'
import { prepareChosen } from '../src/engine/listing-desk.ts'
import { channelOperations, plannedWork } from '../src/engine/schedule.ts'
import { seededIds } from '../src/platform/ids.ts'
import { silentLog } from '../src/platform/log.ts'
import { seededRandom } from '../src/platform/random.ts'
import { createSecrets } from '../src/platform/secrets.ts'
import { createVirtualClock } from '../src/platform/virtual-clock.ts'
import { createVirtualQueue } from '../src/platform/virtual-queue.ts'
import { createTestDatabase, type TestDatabase } from './support/database.ts'
import { nothingOutside } from './support/nothing-outside.ts'
import { sandboxHttp } from './support/sandbox-http.ts'

const origin = 'http://tiktok.sandbox.test'
const roundTripMilliseconds = 150

let database: TestDatabase
let worlds = 0

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

async function createWorld() {
  const clock = createVirtualClock(new Date('2026-03-02T12:00:00Z'))
  const random = seededRandom(`listing world ${++worlds}`)
  const ids = seededIds(clock, random)
  const db = database.connect({ clock, ids })
  const queue = createVirtualQueue(clock).connect()
  db.attachQueue(queue)
  const tenantId = await database.addTenant()
  const sandboxRandom = seededRandom(`tiktok ${worlds}`)
  const sandbox = createTiktokSandbox(
    { now: () => clock.now(), random: () => sandboxRandom.float() },
    { empty: true, origin },
  )
  const parts: EngineParts = {
    db,
    queue,
    clock,
    ids,
    random,
    http: sandboxHttp(() => sandbox, { before: () => clock.sleep(roundTripMilliseconds) }),
    secrets: createSecrets([Buffer.alloc(32, 7)]),
    log: silentLog,
    ...nothingOutside,
    marketplaceUrls: { tiktok: origin },
    appCredentials: { tiktok: { appKey: sandbox.account.appKey, appSecret: sandbox.account.appSecret } },
  }
  const transaction = db.tenant(tenantId).transaction
  const wait = (seconds: number) => clock.runUntil(new Date(clock.now().getTime() + seconds * 1000))
  const passing = async <Result>(work: Promise<Result>): Promise<Result> => {
    let isOver = false
    const over = work.finally(() => (isOver = true))
    over.catch(() => {})
    for (;;) {
      await clock.settle()
      if (isOver) return over
      await wait(0.05)
    }
  }
  const channelId = await connect(parts, tenantId, sandbox)
  const kick = (operation: ChannelOperation['name']) =>
    passing(handleKick(parts, channelOperations, { tenantId, channelId, operation }))
  return {
    clock,
    sandbox,
    tenantId,
    channelId,
    parts,
    transaction,
    passing,
    wait,
    kick,
    /** Turn after turn until all of it came to its end. */
    async finish(until: () => Promise<boolean>) {
      for (let turns = 0; turns < 400; turns++) {
        if (await until()) return
        const outcome = await kick('change-listings')
        await wait(outcome === 'again' ? 0.05 : 5)
      }
      throw new Error('The changes did not come to their end.')
    },
    async ask(action: ChangeAction, productIds: string[]) {
      const channel = (await openChannel(parts, tenantId, channelId))!
      const wanted = await passing(prepareChosen(parts, tenantId, channel, { productIds, action }))
      expect(wanted.flatMap(({ faults }) => faults)).toEqual([])
      const asked = await askChanges(db, tenantId, { channelId, action, wanted, actor: 'A person' })
      if (asked.kind !== 'asked' || asked.runId === null) throw new Error('Nothing was asked.')
      return asked.runId
    },
    why: async () =>
      JSON.stringify(
        await database.asOwner('select faults from listing_changes where tenant_id = $1', [tenantId]),
      ).slice(0, 1000),
    run: async (id: string) => (await db.read(tenantId, (tx) => listChangeRuns(tx, { id })))[0]!,
  }
}

async function connect(parts: EngineParts, tenantId: string, sandbox: TiktokSandbox): Promise<string> {
  const connector = connectorOf('tiktok')!
  const [accountId, channelId] = [parts.ids.uuid(), parts.ids.uuid()]
  const fields = Object.keys(connector.account)
  const given = { ...sandbox.account, accessTokenSince: parts.clock.now().toISOString() } as Record<string, string>
  const account = Object.fromEntries(fields.map((field) => [field, given[field] ?? '']))
  await parts.db.tenant(tenantId).transaction(async (tx) => {
    const credentials = sealCredentials(parts.secrets, { tenantId, accountId }, account)
    await tx
      .insertInto('channel_accounts')
      .values({ tenant_id: tenantId, id: accountId, connector: 'tiktok', seller_id: given['openId']!, credentials })
      .execute()
    await tx
      .insertInto('sales_channels')
      .values({
        tenant_id: tenantId,
        id: channelId,
        account_id: accountId,
        connector: 'tiktok',
        site_id: given['shopId']!,
        site_name: 'A shop',
        name: 'A shop',
        currency: 'GBP',
        currencies: ['GBP'],
        stock_threshold: 0,
      })
      .execute()
    await planWork(tx, channelId, plannedWork(connector))
  })
  return channelId
}

/** As connecting does: which shop it is, and where its stock is counted. */
async function chooseSite({ parts, tenantId, channelId, passing }: World): Promise<void> {
  const channel = (await openChannel(parts, tenantId, channelId))!
  const asked = await passing(askMarketplace(parts, tenantId, channel, (call) => channel.connector.findSites(call)))
  if (asked.kind === 'refused') throw new Error(asked.reason)
  const [site] = asked.answer
  const { warehouses = [] } = site!
  const chosen = warehouses.find(({ isDefault }) => isDefault) ?? warehouses[0]
  await database.asOwner(
    'update sales_channels set site_id = $1, warehouses = $2, warehouse_id = $3, warehouse_name = $4 where id = $5',
    [site!.id, JSON.stringify(warehouses), chosen?.id, chosen?.name, channelId],
  )
}

type World = Awaited<ReturnType<typeof createWorld>>

/** Products with three sizes and a picture each. */
async function addProducts(world: World, count: number): Promise<string[]> {
  const { tenantId, parts } = world
  const content = await sharp({ create: { width: 600, height: 600, channels: 3, background: 'white' } })
    .png()
    .toBuffer()
  const supplierId = parts.ids.uuid()
  const productIds: string[] = []
  await world.transaction(async (tx) => {
    await tx
      .insertInto('suppliers')
      .values({ tenant_id: tenantId, id: supplierId, name: 'S', currency: 'GBP' })
      .execute()
    for (let at = 0; at < count; at++) {
      const [productId, pictureId] = [tx.ids.uuid(), tx.ids.uuid()]
      productIds.push(productId)
      const title = `A plain enamel mug number ${at} for camping and home`
      const description = '<p>It holds a good deal of tea and does not break when it falls.</p>'
      await tx
        .insertInto('products')
        .values({ tenant_id: tenantId, id: productId, handle: `mug-${at}`, title, description })
        .execute()
      const picture = Buffer.concat([content, Buffer.from(String(at))])
      await tx
        .insertInto('pictures')
        .values({
          tenant_id: tenantId,
          id: pictureId,
          sha256: Buffer.from(String(at).padStart(32, '0')),
          content_type: 'image/png',
          width: 600,
          height: 600,
          content: picture,
        })
        .execute()
      await tx
        .insertInto('product_images')
        .values({
          tenant_id: tenantId,
          id: tx.ids.uuid(),
          product_id: productId,
          position: 0,
          url: `/pictures/${pictureId}`,
          picture_id: pictureId,
        })
        .execute()
      for (const [position, size] of ['S', 'M', 'L'].entries()) {
        const variantId = tx.ids.uuid()
        const sku = `MUG-${at}-${size}`
        await tx
          .insertInto('variants')
          .values({
            tenant_id: tenantId,
            id: variantId,
            product_id: productId,
            sku,
            sku_normalized: sku.replaceAll('-', ''),
            options: JSON.stringify({ Size: size }),
            price_minor: 1299,
            currency: 'GBP',
            position,
          })
          .execute()
        await tx
          .insertInto('supplier_offers')
          .values({
            tenant_id: tenantId,
            id: tx.ids.uuid(),
            supplier_id: supplierId,
            variant_id: variantId,
            supplier_sku: sku,
            currency: 'GBP',
            on_hand: 7,
          })
          .execute()
      }
    }
  })
  await chooseSite(world)
  await world.kick('pull-categories')
  const said = await sayForChannel(parts.db, tenantId, {
    channelId: world.channelId,
    productIds,
    product: {
      categoryId: leaves.find(({ name }) => name === 'Drinkware')!.id,
      attributes: { packageWeight: '0.4', '100392': 'id:1000326' },
    },
    allVariants: {},
    variants: [],
  })
  expect(said).toMatchObject({ kind: 'said', products: count })
  return productIds
}

const listed = ({ sandbox }: World) => sandbox.control.truth().listings

test('F4: products with variations go live, mapped and followed; changed and removed they are so over there too', async () => {
  const world = await createWorld()
  const productIds = await addProducts(world, 3)
  const runId = await world.ask('list', productIds)
  await world.finish(async () => (await world.run(runId)).state === 'done')
  expect(await world.run(runId), await world.why()).toMatchObject({ total: 3, done: 3, refused: 0 })
  expect(listed(world)).toHaveLength(9)
  const mapped = await database.asOwner<{ sku: string; channel_sku: string }>(
    `select v.sku, l.channel_sku from sku_mappings m join listings l on l.id = m.listing_id
     join sku_mapping_components c on c.mapping_id = m.id join variants v on v.id = c.variant_id where m.tenant_id = $1`,
    [world.tenantId],
  )
  expect(mapped).toHaveLength(9)
  expect(mapped.every((one) => one.sku === one.channel_sku)).toBe(true)
  await sayForChannel(world.parts.db, world.tenantId, {
    channelId: world.channelId,
    productIds: productIds.slice(0, 1),
    product: { title: 'An enamel mug with a better title for all' },
    allVariants: {},
    variants: [],
  })
  const updated = await world.ask('update', productIds.slice(0, 1))
  await world.finish(async () => (await world.run(updated)).state === 'done')
  expect(await world.run(updated)).toMatchObject({ done: 1 })
  const removed = await world.ask('delete', productIds)
  await world.finish(async () => (await world.run(removed)).state === 'done')
  expect(await world.run(removed)).toMatchObject({ done: 3 })
  expect((await database.asOwner('select from sku_mappings where tenant_id = $1', [world.tenantId])).length).toBe(0)
}, 120_000)

test('R4: answers that are lost, and refusals for haste, double and lose nothing', async () => {
  const world = await createWorld()
  const productIds = await addProducts(world, 30)
  const runId = await world.ask('list', productIds)
  world.sandbox.control.setFaults({
    'timeout-after': 0.1,
    'timeout-before': 0.05,
    'reset-after': 0.05,
    'rate-limit': 0.05,
    'server-error': 0.03,
  })
  await world.finish(async () => {
    const { total, settled, inReview } = await world.run(runId)
    return settled + inReview === total
  })
  world.sandbox.control.setFaults({})
  await world.finish(async () => (await world.run(runId)).state === 'done')
  expect(await world.run(runId)).toMatchObject({ total: 30, done: 30 })
  const skus = listed(world).map((one) => one.sku)
  expect(skus).toHaveLength(90)
  expect(new Set(skus).size).toBe(90)
}, 240_000)

test('issue 5: 500 products with 3 variations take at most a tenth longer than the limits allow', async () => {
  const world = await createWorld()
  const productIds = await addProducts(world, 500)
  const runId = await world.ask('list', productIds)
  const before = world.sandbox.control.meter().byOperation
  const startedAt = world.clock.now()
  await world.finish(async () => (await world.run(runId)).inReview + (await world.run(runId)).settled === 500)
  const after = world.sandbox.control.meter()
  const seconds = (new Date(after.byOperation['products.create']!.lastAt).getTime() - startedAt.getTime()) / 1000
  const needed = Object.entries(after.byOperation).map(([name, { calls }]) => {
    const count = calls - (before[name]?.calls ?? 0)
    return [name, count, count / after.limit.perSecond] as const
  })
  const allowed = Math.max(...needed.map(([, , time]) => time))
  expect(after.byOperation['products.create']?.calls).toBe(500)
  expect(seconds).toBeLessThanOrEqual(1.1 * allowed)
}, 600_000)
