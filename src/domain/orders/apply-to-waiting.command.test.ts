import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { createOrdersWorld, noon, type OrdersWorld } from '../../../test/support/orders-world.ts'
import { mapListings } from '../listings/map-listings.command.ts'
import { saveShippingMappings } from '../shipping/shipping-mappings.command.ts'
import { applyToWaiting, type AppliedOrder, type ApplyWish } from './apply-to-waiting.command.ts'
import { chooseShippingService } from './choose-shipping-service.command.ts'
import { sweepUnmapped } from './sweep-unmapped.command.ts'

let database: TestDatabase
let world: OrdersWorld
let variantId: string

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

beforeEach(async () => {
  world = await createOrdersWorld(database)
  const supplierId = await world.addSupplier({ name: 'North' })
  variantId = await world.addVariant('V1')
  await world.addOffer({ supplierId, variantId, onHand: 100 })
  await world.addListing('L1', [[variantId, 1]])
})

const actor = 'A person'

async function apply(wish: Partial<ApplyWish> = {}): Promise<AppliedOrder[]> {
  const { channelId } = world
  const result = await world.transaction((tx) =>
    applyToWaiting(tx, { channelId, what: ['mappings', 'shipping'], preview: false, actor, ...wish }),
  )
  if (result.kind !== 'applied') throw new Error(result.reason)
  return result.orders
}

async function map(listingId: string, components: [string, number][]): Promise<void> {
  const change = {
    map: [{ listingId, components: components.map(([id, quantity]) => ({ variantId: id, quantity })) }],
    unlink: [],
  }
  const saved = await mapListings(world.db, world.tenantId, { channelId: world.channelId, change, actor })
  if (saved.kind !== 'saved') throw new Error(saved.reason)
}

function mapService(service: string, shippingServiceId = world.serviceId) {
  const drafts = { map: [{ service, shippingServiceId }], unmap: [] }
  return world.transaction((tx) => saveShippingMappings(tx, { channelId: world.channelId, drafts, actor }))
}

type Facts = {
  id: string
  uuid: string
  status: string
  reason: string | null
  because: string | null
  unmapped: boolean
}
function orders(): Promise<Facts[]> {
  return database.asOwner<Facts>(
    `select marketplace_order_id as id, id as uuid, status, status_reason as reason, shipping_because as because, unmapped
     from orders where tenant_id = $1 order by marketplace_order_id`,
    [world.tenantId],
  )
}
const statuses = async () => (await orders()).map(({ id, status }) => `${id} ${status}`)
const count = async (table: string) =>
  (
    await database.asOwner<{ n: number }>(`select count(*)::int as n from ${table} where tenant_id = $1`, [
      world.tenantId,
    ])
  )[0]?.n
async function events(kind: string) {
  return database.asOwner('select data, actor from order_events where tenant_id = $1 and kind = $2 order by id', [
    world.tenantId,
    kind,
  ])
}

test('B6: a mapping made later reaches no order by itself, and all waiting ones when it is applied; packs and kits multiply', async () => {
  const other = await world.addVariant('V2')
  await world.addOffer({ supplierId: await world.addSupplier({ name: 'South' }), variantId: other, onHand: 50 })
  const late = await world.addListing('L2')
  await world.ingest(
    world.order('A', { buys: [['L2', 3]] }),
    world.order('B', {
      buys: [
        ['L1', 1],
        ['L2', 1],
      ],
    }),
    world.order('C'),
  )
  await map(late, [
    [variantId, 2],
    [other, 1],
  ])
  await world.ingest(world.order('A', { buys: [['L2', 3]], updatedAt: new Date(noon.getTime() + 1000) }))
  expect(await statuses()).toEqual(['A awaiting-mapping', 'B with-supplier', 'C with-supplier'])

  const applied = await apply()
  expect(applied.map((order) => order.marketplaceOrderId)).toEqual(['A', 'B'])
  expect(applied[0]?.lines).toMatchObject([
    {
      quantity: 3,
      components: [
        { sku: 'V1', quantity: 6 },
        { sku: 'V2', quantity: 3 },
      ],
    },
  ])
  expect(applied[0]?.suppliers.toSorted()).toEqual(['North', 'South'])
  expect(await orders()).toMatchObject([{ status: 'with-supplier', unmapped: false }, { reason: null }, {}])
  expect(await events('mapping-applied')).toMatchObject([{ actor }, { actor }])
  expect(await world.stockFaults()).toEqual([])
  // O3: a second time finds nothing.
  expect(await apply()).toEqual([])
})

test('B6: the preview says what applying then does, and leaves everything as it was', async () => {
  const late = await world.addListing('L2')
  const stuck = await world.addListing('L3')
  await world.settings({ default_shipping_service_id: null })
  await world.ingest(
    world.order('A', { buys: [['L2', 2]] }),
    world.order('B', {
      buys: [
        ['L1', 1],
        ['L3', 1],
      ],
    }),
    world.order('D', { buys: [['L2', 1]], shippingService: 'other' }),
  )
  await map(late, [[variantId, 1]])
  await mapService('shipped')
  expect(stuck).toBeTruthy()
  const tables = ['purchase_orders', 'order_line_components', 'reservations', 'order_events', 'counters']
  const before = [await orders(), await Promise.all(tables.map(count))]

  const preview = await apply({ preview: true })
  expect([await orders(), await Promise.all(tables.map(count))]).toEqual(before)
  expect(
    preview.map(({ marketplaceOrderId, after, suppliers }) => [marketplaceOrderId, after.status, suppliers]),
  ).toEqual([
    ['A', 'with-supplier', ['North']],
    ['B', 'with-supplier', ['North']],
    ['D', 'awaiting-shipping-mapping', []],
  ])
  expect(preview[0]?.service).toEqual({ theirs: 'shipped', ours: 'Standard', because: 'mapping' })
  expect(await apply()).toEqual(preview)
  expect(await world.stockFaults()).toEqual([])
})

test('C2, C3: without a mapping and without a default an order waits with its stock reserved; applied, it goes', async () => {
  await world.settings({ default_shipping_service_id: null })
  await world.ingest(world.order('A'), world.order('P', { localPickup: true }))
  expect(await statuses()).toEqual(['A awaiting-shipping-mapping', 'P with-supplier'])
  expect(await count('purchase_orders')).toBe(1)
  await mapService('shipped')
  // It counts for what comes afterwards.
  await world.ingest(world.order('B'))
  expect(await orders()).toMatchObject([{ because: null }, { because: 'mapping', status: 'with-supplier' }, {}])
  expect((await apply({ what: ['shipping'] })).map((order) => order.marketplaceOrderId)).toEqual(['A'])
  expect(await statuses()).toEqual(['A with-supplier', 'B with-supplier', 'P with-supplier'])
  expect(await world.stockFaults()).toEqual([])
})

test('C3: the mapping comes before the default, and what orders say is kept for the mapping screen', async () => {
  await mapServiceUnseen('shipped', await addService('Express'))
  await world.ingest(world.order('A'), world.order('B', { shippingService: 'unheard of' }))
  expect(await orders()).toMatchObject([{ because: 'mapping' }, { because: 'default' }])
  expect(
    await database.asOwner('select service from channel_services where tenant_id = $1 order by 1', [world.tenantId]),
  ).toEqual([{ service: 'shipped' }, { service: 'unheard of' }])
})

async function addService(name: string): Promise<string> {
  return world.transaction(async (tx) => {
    const id = tx.ids.uuid()
    await tx.insertInto('shipping_services').values({ tenant_id: tx.tenantId, id, name }).execute()
    return id
  })
}

test('C3: a person chooses for one order or many, and each says why it does not take it', async () => {
  await world.settings({ default_shipping_service_id: null })
  await world.ingest(world.order('A'), world.order('B'), world.order('P', { localPickup: true }))
  const [a, b, p] = await orders()
  const wish = { orderIds: [a!.uuid, b!.uuid, p!.uuid], actor }
  const choose = (shippingServiceId: string) =>
    world.transaction((tx) => chooseShippingService(tx, { ...wish, shippingServiceId }))
  expect(await choose(crypto.randomUUID())).toEqual({ kind: 'refused', reason: 'no-such-service' })
  expect(await choose(world.serviceId)).toEqual({
    kind: 'chosen',
    orderIds: [a!.uuid, b!.uuid],
    refused: [{ orderId: p!.uuid, reason: 'picked-up' }],
  })
  expect(await orders()).toMatchObject([
    { status: 'with-supplier', because: 'person' },
    { status: 'with-supplier', because: 'person' },
    {},
  ])
  expect(await choose(world.serviceId)).toMatchObject({ orderIds: [], refused: [{ reason: 'at-supplier' }, {}, {}] })
  expect(await events('shipping-service-chosen')).toHaveLength(2)
  expect(await world.stockFaults()).toEqual([])
})

test('C3: a service that the marketplace names only with the payment is chosen then', async () => {
  await world.settings({ default_shipping_service_id: null })
  await mapServiceUnseen('shipped')
  await world.ingest(
    world.order('A', { status: 'awaiting-payment', marketplaceStatus: 'unpaid', paidAt: null, shippingService: null }),
  )
  expect(await orders()).toMatchObject([{ status: 'on-hold', because: null }])
  await world.ingest(world.order('A', { updatedAt: new Date(noon.getTime() + 1000) }))
  expect(await orders()).toMatchObject([{ status: 'with-supplier', because: 'mapping' }])
})

/** As after a download of the marketplace's own names. */
async function mapServiceUnseen(service: string, ours = world.serviceId): Promise<void> {
  await database.asOwner(
    `insert into channel_services (tenant_id, channel_id, service, label) values ($1, $2, $3, $3)`,
    [world.tenantId, world.channelId, service],
  )
  expect(await mapService(service, ours)).toEqual({ kind: 'saved' })
}

test('B6: an order that is over, or of another channel, is not touched, and one of many can be applied alone', async () => {
  const late = await world.addListing('L2')
  const buys: [string, number][] = [['L2', 1]]
  await world.ingest(
    world.order('A', { buys }),
    world.order('B', { buys }),
    world.order('C', { buys, status: 'cancelled', marketplaceStatus: 'cancelled' }),
  )
  await map(late, [[variantId, 1]])
  const [, b] = await orders()
  expect((await apply({ orderIds: [b!.uuid] })).map((order) => order.marketplaceOrderId)).toEqual(['B'])
  expect(await statuses()).toEqual(['A awaiting-mapping', 'B with-supplier', 'C cancelled'])
  const other = await createOrdersWorld(database)
  const result = await other.transaction((tx) =>
    applyToWaiting(tx, { channelId: world.channelId, what: ['mappings'], preview: false, actor }),
  )
  expect(result).toEqual({ kind: 'refused', reason: 'not-found' })
})

test('D3, B6: an order all of whose lines are mapped by now is kept past its days, waiting to be applied', async () => {
  const late = await world.addListing('L2')
  await world.addListing('L3')
  await world.ingest(world.order('A', { buys: [['L2', 1]] }), world.order('B', { buys: [['L3', 1]] }))
  await database.asOwner(`update orders set imported_at = app_now() - interval '4 days' where tenant_id = $1`, [
    world.tenantId,
  ])
  await map(late, [[variantId, 1]])
  expect(await world.transaction(sweepUnmapped)).toMatchObject({ removed: 1 })
  expect(await statuses()).toEqual(['A awaiting-mapping'])
  await apply()
  expect(await statuses()).toEqual(['A with-supplier'])
})
