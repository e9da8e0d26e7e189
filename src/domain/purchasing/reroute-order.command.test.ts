import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { createOrdersWorld, type OrdersWorld } from '../../../test/support/orders-world.ts'
import { takeBackFromSuppliers } from '../orders/cancel-units.command.ts'
import { tellEvent } from '../orders/story.ts'
import { changeOffer } from '../stock/change-offer.command.ts'
import { settleMarks } from '../stock/settle-stock.command.ts'
import { rerouteOrder, type Reroute } from './reroute-order.command.ts'
import { routeOrders } from './route-orders.command.ts'
import { findFillable, routeWaitingOrders } from './route-waiting.command.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

type Row = { sku: string; state: string; reason: string | null; supplier: string | null; number: string | null }

async function standing(world: OrdersWorld) {
  const rows = await database.asOwner<Row>(
    `select v.sku, c.state, c.hold_reason as reason, s.name as supplier, p.number
     from order_line_components c join orders o on o.id = c.order_id join variants v on v.id = c.variant_id
     left join reservations r on r.component_id = c.id and r.state = 'active'
     left join supplier_offers f on f.id = r.offer_id left join suppliers s on s.id = f.supplier_id
     left join (
       select l.component_id, p.number from purchase_order_lines l
       join purchase_orders p on p.id = l.purchase_order_id and p.state <> 'cancelled'
     ) p on p.component_id = c.id
     where c.tenant_id = $1 order by v.sku, c.id`,
    [world.tenantId],
  )
  return rows.map((row) => [row.sku, row.state, row.supplier ?? row.reason, row.number])
}

async function orderId(world: OrdersWorld): Promise<string> {
  const [row] = await database.asOwner<{ id: string }>('select id from orders where tenant_id = $1', [world.tenantId])
  return row?.id ?? ''
}

const stories = async (world: OrdersWorld) => {
  const rows = await database.asOwner<{ kind: string; data: unknown }>(
    'select kind, data from order_events where tenant_id = $1 order by at, id',
    [world.tenantId],
  )
  return rows.flatMap((row) => {
    const told = tellEvent(row)
    return [told.text, ...told.detail]
  })
}

async function twoSuppliers() {
  const world = await createOrdersWorld(database)
  const [near, far] = [await world.addSupplier({ name: 'Near' }), await world.addSupplier({ name: 'Far' })]
  const [one, two] = [await world.addVariant('V1'), await world.addVariant('V2')]
  await world.addListing('L1', [[one, 1]])
  await world.addListing('L2', [[two, 1]])
  const offers = {
    near1: await world.addOffer({ supplierId: near, variantId: one, onHand: 5, cost: 400 }),
    near2: await world.addOffer({ supplierId: near, variantId: two, onHand: 5, cost: 400 }),
    far1: await world.addOffer({ supplierId: far, variantId: one, onHand: 5, cost: 500 }),
    far2: await world.addOffer({ supplierId: far, variantId: two, onHand: 0, cost: 500 }),
  }
  const buys: [string, number][] = [
    ['L1', 2],
    ['L2', 1],
  ]
  const reroute = (id: string, wish: Partial<Reroute>) =>
    world.transaction((tx) => rerouteOrder(tx, { orderId: id, preview: false, actor: 'Ann', ...wish }))
  return { world, near, far, offers, buys, reroute }
}

test('D4: re-routing by hand shows what each supplier would cost, then moves the line; the rest is bought anew, once', async () => {
  const { world, offers, buys, reroute } = await twoSuppliers()
  await world.ingest(world.order('A', { buys }))
  const id = await orderId(world)
  expect(await standing(world)).toEqual([
    ['V1', 'routed', 'Near', 'PO-000001'],
    ['V2', 'routed', 'Near', 'PO-000001'],
  ])
  const choices = await reroute(id, { placements: [], preview: true })
  if (choices.kind !== 'planned') throw new Error(choices.kind)
  expect(choices.view.lines.map((line) => [line.sku, line.offerId, line.targetId])).toEqual([
    ['V1', offers.near1, offers.near1],
    ['V2', offers.near2, offers.near2],
  ])
  expect(
    choices.view.lines.map((line) =>
      line.choices.map((choice) => [choice.supplierName, choice.landed?.minor, choice.refusal]),
    ),
  ).toEqual([
    [
      ['Near', 800, null],
      ['Far', 1000, null],
    ],
    [
      ['Near', 400, null],
      ['Far', 500, 'not-enough'],
    ],
  ])
  const componentId = choices.view.lines[0]?.componentId ?? ''
  const placements = [{ componentId, offerId: offers.far1 }]
  const preview = await reroute(id, { placements, preview: true })
  expect(preview).toMatchObject({
    kind: 'planned',
    view: {
      cancels: [{ number: 'PO-000001' }],
      writes: [
        { supplierName: 'Far', goods: { minor: 1000 } },
        { supplierName: 'Near', goods: { minor: 400 } },
      ],
    },
  })
  // Looking changes nothing.
  expect((await standing(world)).map((row) => row[3])).toEqual(['PO-000001', 'PO-000001'])

  const seen = choices.view.seen
  const both = await Promise.all([reroute(id, { placements, seen }), reroute(id, { placements, seen })])
  expect(both.map((result) => (result.kind === 'refused' ? result.reason : result.kind)).toSorted()).toEqual([
    'changed',
    'done',
  ])
  expect(await standing(world)).toEqual([
    ['V1', 'routed', 'Far', 'PO-000002'],
    ['V2', 'routed', 'Near', 'PO-000003'],
  ])
  const [cancelled] = await database.asOwner(
    "select state, cancelled_by from purchase_orders where tenant_id = $1 and number = 'PO-000001'",
    [world.tenantId],
  )
  expect(cancelled).toEqual({ state: 'cancelled', cancelled_by: 'seller' })
  expect(await world.stockFaults()).toEqual([])
  expect(await stories(world)).toEqual(
    expect.arrayContaining([
      'Moved to another supplier by hand.',
      '2 × V1: from Near to Far.',
      '2 × V1 at £5.00: chosen by hand.',
    ]),
  )
})

test('D4: what cannot be filled, is not offered or has left is refused by name, and nothing changes', async () => {
  const { world, offers, buys, reroute } = await twoSuppliers()
  await world.ingest(world.order('A', { buys }))
  const id = await orderId(world)
  const view = await reroute(id, { placements: [], preview: true })
  if (view.kind !== 'planned') throw new Error(view.kind)
  const [first, second] = view.view.lines.map((line) => line.componentId)
  const refused = (placements: { componentId: string | undefined; offerId: string }[]) =>
    reroute(id, { placements: placements.map((one) => ({ ...one, componentId: one.componentId ?? '' })) })
  expect(await refused([{ componentId: second, offerId: offers.far2 }])).toMatchObject({
    reason: 'cannot-fill',
    faults: [{ sku: 'V2', because: 'not-enough' }],
  })
  expect(await refused([{ componentId: first, offerId: offers.near2 }])).toMatchObject({
    faults: [{ because: 'not-offered' }],
  })
  expect(await refused([{ componentId: offers.near1, offerId: offers.near2 }])).toMatchObject({
    faults: [{ because: 'not-movable' }],
  })
  expect(await refused([{ componentId: first, offerId: offers.near1 }])).toMatchObject({ reason: 'nothing-to-do' })
  expect(await reroute(offers.near1, {})).toMatchObject({ reason: 'not-found' })
  await database.asOwner("update purchase_orders set state = 'partly-dispatched' where tenant_id = $1", [
    world.tenantId,
  ])
  expect(await refused([{ componentId: first, offerId: offers.far1 }])).toMatchObject({ reason: 'closed' })
  expect((await standing(world)).map((row) => row[3])).toEqual(['PO-000001', 'PO-000001'])
})

test('D4: left to itself, re-routing sends lines where routing would send them now', async () => {
  const { world, offers, near, buys, reroute } = await twoSuppliers()
  await world.ingest(world.order('A', { buys }))
  const id = await orderId(world)
  await database.asOwner('update supplier_offers set on_hand = 5 where id = $1', [offers.far2])
  await database.asOwner(
    "insert into stock_movements (tenant_id, id, offer_id, delta, on_hand_after, reason, actor) values ($1, gen_random_uuid(), $2, 5, 5, 'hand', 'test')",
    [world.tenantId, offers.far2],
  )
  await database.asOwner('update suppliers set active = false where id = $1', [near])
  expect(await reroute(id, {})).toMatchObject({ kind: 'done' })
  expect((await standing(world)).map(([, , supplier]) => supplier)).toEqual(['Far', 'Far'])
  expect(await world.stockFaults()).toEqual([])
})

test('C3: an order without a shipping service waits with its stock reserved, and goes on by itself once it has one', async () => {
  const { world, buys } = await twoSuppliers()
  await world.settings({ default_shipping_service_id: null })
  await world.ingest(world.order('A', { buys }))
  expect((await standing(world)).map((row) => row.slice(1))).toEqual([
    ['reserved', 'Near', null],
    ['reserved', 'Near', null],
  ])
  const status = () =>
    database.asOwner('select status, status_reason from orders where tenant_id = $1', [world.tenantId])
  expect(await status()).toEqual([{ status: 'awaiting-shipping-mapping', status_reason: 'no-shipping-service' }])
  expect(await routeWaitingOrders(database.db, world.tenantId)).toBe('done')
  await database.asOwner('update orders set shipping_service_id = $2 where tenant_id = $1', [
    world.tenantId,
    world.serviceId,
  ])
  await routeWaitingOrders(database.db, world.tenantId)
  expect((await standing(world)).map((row) => row[3])).toEqual(['PO-000001', 'PO-000001'])
  expect(await world.stockFaults()).toEqual([])
})

test('D4: what a supplier declined goes to another, and is not asked of him again', async () => {
  const { world, near } = await twoSuppliers()
  await world.ingest(world.order('A'))
  const [sent] = await database.asOwner<{ id: string }>('select id from purchase_orders where tenant_id = $1', [
    world.tenantId,
  ])
  const declined = { by: 'supplier' as const, reason: 'broken', actor: 'Near' }
  await world.transaction((tx) => takeBackFromSuppliers(tx, [sent?.id ?? ''], declined))
  const id = await orderId(world)
  await world.transaction((tx) => routeOrders(tx, [id]))
  expect(await standing(world)).toEqual([['V1', 'routed', 'Far', 'PO-000002']])
  expect(await stories(world)).toContain('Near declined it before.')
  await database.asOwner('update suppliers set active = false where tenant_id = $1 and id <> $2', [
    world.tenantId,
    near,
  ])
  const [second] = await database.asOwner<{ id: string }>(
    "select id from purchase_orders where tenant_id = $1 and number = 'PO-000002'",
    [world.tenantId],
  )
  await world.transaction((tx) => takeBackFromSuppliers(tx, [second?.id ?? ''], declined))
  expect(await world.transaction(findFillable)).toEqual([])
  await world.transaction((tx) => routeOrders(tx, [id]))
  expect((await standing(world)).map((row) => row.slice(1))).toEqual([['held', 'declined', null]])
  expect(await world.stockFaults()).toEqual([])
})

test('D4: what waits for a country, a service or its cost goes on when a supplier can, and does not hold others back', async () => {
  const world = await createOrdersWorld(database)
  const supplierId = await world.addSupplier({ name: 'Near' }, { ship_to_countries: ['FR'] })
  const variantId = await world.addVariant('V1')
  await world.addListing('L1', [[variantId, 1]])
  const offerId = await world.addOffer({ supplierId, variantId, onHand: 5 })
  await world.ingest(world.order('A'))
  const reasons = async () => {
    await routeWaitingOrders(database.db, world.tenantId)
    const id = await orderId(world)
    await world.transaction((tx) => routeOrders(tx, [id]))
    return (await standing(world)).map((row) => row[2])
  }
  expect(await reasons()).toEqual(['country-not-served'])
  await database.asOwner('update suppliers set ship_to_countries = null where id = $1', [supplierId])
  await world.addService({ supplierId, cost: 100, active: false })
  expect(await reasons()).toEqual(['service-not-offered'])
  await database.asOwner('update supplier_services set active = true, cost_minor = null where supplier_id = $1', [
    supplierId,
  ])
  const waiting = async () => {
    await routeWaitingOrders(database.db, world.tenantId)
    expect(await world.transaction(findFillable)).toEqual([])
    return database.asOwner(
      `select c.state, c.hold_reason as reason, r.quantity from order_line_components c
       left join reservations r on r.component_id = c.id and r.state = 'active' where c.tenant_id = $1`,
      [world.tenantId],
    )
  }
  const isReserved = { state: 'reserved', quantity: 1 }
  expect(await waiting()).toEqual([{ ...isReserved, reason: 'shipping-cost-unknown' }])
  await database.asOwner('update supplier_offers set cost_minor = null where supplier_id = $1', [supplierId])
  await database.asOwner('update supplier_services set cost_minor = 250 where supplier_id = $1', [supplierId])
  const id = await orderId(world)
  await world.transaction((tx) => routeOrders(tx, [id]))
  expect(await waiting()).toEqual([{ ...isReserved, reason: 'cost-unknown' }])
  expect(await stories(world)).toContain(
    'Stock is reserved; nothing is sent while the cost at its supplier is not known.',
  )
  for (const why of ['Near: cost of this shipping service not known.', 'Near: cost not known.'])
    expect(await stories(world)).toContain(why)
  const status = 'select status, status_reason as reason from orders where tenant_id = $1'
  expect(await database.asOwner(status, [world.tenantId])).toEqual([
    { status: 'awaiting-stock', reason: 'cost-unknown' },
  ])
  const seen = await world.transaction((tx) => rerouteOrder(tx, { orderId: id, preview: true, actor: 'Ann' }))
  expect(seen).toMatchObject({ kind: 'planned', view: { lines: [{ suggestedId: null }] } })
  // His stock fell below what he promised: the promise stands.
  await database.asOwner('update supplier_offers set on_hand = 0 where id = $1', [offerId])
  await settleMarks(database.db, world.tenantId)
  world.kicks.length = 0
  const costExVat = { minor: 500, currency: 'GBP' }
  await changeOffer(database.db, world.tenantId, { offerId, costExVat, actor: 'Ann' })
  await settleMarks(database.db, world.tenantId)
  expect(world.kicks.map(({ name }) => name)).toContain('route-waiting')
  await routeWaitingOrders(database.db, world.tenantId)
  expect(await standing(world)).toEqual([['V1', 'routed', 'Near', 'PO-000001']])
  const [bought] = await database.asOwner(
    'select cost_minor::int as goods, shipping_minor::int as shipping, carrier from purchase_orders where tenant_id = $1',
    [world.tenantId],
  )
  expect(bought).toEqual({ goods: 500, shipping: 250, carrier: 'royal-mail' })
})
