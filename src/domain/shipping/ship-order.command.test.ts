import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { createOrdersWorld, noon, type OrdersWorld } from '../../../test/support/orders-world.ts'
import { claimConfirmations, settleConfirmations } from './confirmations.store.ts'
import { settleSent } from './confirmations.ts'
import { shipOrder, type NewParcel } from './ship-order.command.ts'

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
  await world.addOffer({ supplierId, variantId, onHand: 10 })
  await world.addListing('L1', [[variantId, 1]])
})

type PurchaseOrder = {
  id: string
  state: string
  number: string
  status: string
  component: string
  component_state: string
}

async function purchaseOrder(orderId = 'A'): Promise<PurchaseOrder> {
  const [row] = await database.asOwner<PurchaseOrder>(
    `select p.id, p.state, p.number, o.status, c.id as component, c.state as component_state
     from purchase_orders p join orders o on o.id = p.order_id join order_line_components c on c.order_id = o.id
     where p.tenant_id = $1 and o.marketplace_order_id = $2`,
    [world.tenantId, orderId],
  )
  return row!
}

const parcel = (purchaseOrderId: string, changes: Partial<NewParcel> = {}): NewParcel => ({
  purchaseOrderId,
  carrier: 'royal-mail',
  trackingNumber: 'AB 123',
  shippedAt: noon,
  actor: 'a person',
  ...changes,
})

const ship = (changes: NewParcel) => world.transaction((tx) => shipOrder(tx, changes))

async function stock() {
  const [row] = await database.asOwner<{ on_hand: number; reserved: number }>(
    'select on_hand, reserved from supplier_offers where tenant_id = $1',
    [world.tenantId],
  )
  return row
}

async function effects() {
  return database.asOwner<{ business_key: string; state: string }>(
    'select business_key, state from effects where tenant_id = $1 order by id',
    [world.tenantId],
  )
}

test('D7: a parcel takes its units from the stock, moves the statuses and asks for one confirmation', async () => {
  await world.ingest(world.order('A', { buys: [['L1', 3]] }))
  const { id } = await purchaseOrder()
  expect(await ship(parcel(id))).toMatchObject({ kind: 'dispatched', packageNumber: 1 })

  expect(await purchaseOrder()).toMatchObject({
    state: 'dispatched',
    status: 'dispatched',
    component_state: 'dispatched',
  })
  expect(await stock()).toEqual({ on_hand: 7, reserved: 0 })
  expect(await effects()).toEqual([{ business_key: 'A/1', state: 'intended' }])
  expect(world.kicks).toContainEqual({
    name: 'channel',
    data: { tenantId: world.tenantId, channelId: world.channelId, operation: 'confirm-shipments' },
  })
  expect(await world.stockFaults()).toEqual([])
})

test('D7: what one supplier has sent counts while the purchase order of another waits for payment', async () => {
  const supplierId = await world.addSupplier({ name: 'South' })
  await database.asOwner("update suppliers set terms = 'prepaid' where tenant_id = $1 and id = $2", [
    world.tenantId,
    supplierId,
  ])
  const other = await world.addVariant('V2')
  await world.addOffer({ supplierId, variantId: other, onHand: 10 })
  await world.addListing('L2', [[other, 1]])
  await world.ingest(
    world.order('A', {
      buys: [
        ['L1', 1],
        ['L2', 1],
      ],
    }),
  )
  const [sent] = await database.asOwner<{ id: string; status: string }>(
    `select p.id, o.status from purchase_orders p join orders o on o.id = p.order_id
     where p.tenant_id = $1 and p.state <> 'queued-for-payment'`,
    [world.tenantId],
  )
  expect(sent?.status).toBe('queued-for-payment')
  expect(await ship(parcel(sent?.id ?? ''))).toMatchObject({ kind: 'dispatched' })
  expect((await purchaseOrder()).status).toBe('partly-dispatched')
})

test('V1: the same parcel entered twice, also at once and typed differently, is one parcel', async () => {
  await world.ingest(world.order('A', { buys: [['L1', 3]] }))
  const { id } = await purchaseOrder()
  const results = await Promise.all([ship(parcel(id)), ship(parcel(id, { trackingNumber: 'ab123' })), ship(parcel(id))])
  expect(results.map((result) => result.kind).toSorted()).toEqual(['already-entered', 'already-entered', 'dispatched'])
  expect(await effects()).toHaveLength(1)
  expect(await stock()).toEqual({ on_hand: 7, reserved: 0 })
})

test('D7: two parcels of one purchase order are two confirmations, and more than ordered is refused', async () => {
  await world.ingest(world.order('A', { buys: [['L1', 3]] }))
  const { id, component } = await purchaseOrder()
  const some = (quantity: number) => [{ componentId: component, quantity }]
  expect(await ship(parcel(id, { lines: some(2) }))).toMatchObject({ kind: 'dispatched', packageNumber: 1 })
  expect(await purchaseOrder()).toMatchObject({
    state: 'partly-dispatched',
    status: 'partly-dispatched',
    component_state: 'routed',
  })
  expect(await stock()).toEqual({ on_hand: 8, reserved: 1 })
  expect(await world.stockFaults()).toEqual([])

  expect(await ship(parcel(id, { trackingNumber: 'B', lines: some(2) }))).toEqual({
    kind: 'refused',
    reason: 'more-than-ordered',
  })
  expect(await ship(parcel(id, { trackingNumber: 'B' }))).toMatchObject({ kind: 'dispatched', packageNumber: 2 })
  expect(await ship(parcel(id, { trackingNumber: 'C' }))).toEqual({ kind: 'refused', reason: 'nothing-open' })
  expect((await effects()).map((effect) => effect.business_key)).toEqual(['A/1', 'A/2'])
  expect(await purchaseOrder()).toMatchObject({ state: 'dispatched', status: 'dispatched' })
  expect(await world.stockFaults()).toEqual([])
})

test('D9: what was called off is not dispatched', async () => {
  await world.ingest(world.order('A'))
  const { id } = await purchaseOrder()
  await world.ingest(
    world.order('A', {
      status: 'cancelled',
      marketplaceStatus: 'cancelled',
      updatedAt: new Date(noon.getTime() + 1000),
    }),
  )
  expect(await ship(parcel(id))).toEqual({ kind: 'refused', reason: 'cancelled' })
  expect(await effects()).toEqual([])
})

test('D9, O6: an order called off after a part of it left gives the rest back and goes to a person', async () => {
  await world.ingest(world.order('A', { buys: [['L1', 3]] }))
  const { id, component } = await purchaseOrder()
  await ship(parcel(id, { lines: [{ componentId: component, quantity: 1 }] }))
  const refunded = world.order('A', {
    buys: [['L1', 3]],
    status: 'refunded',
    marketplaceStatus: 'refunded',
    updatedAt: new Date(noon.getTime() + 1000),
  })
  await world.ingest(refunded)
  await world.ingest(refunded)
  expect(await stock()).toEqual({ on_hand: 9, reserved: 0 })
  const problems = await database.asOwner('select kind from problems where tenant_id = $1', [world.tenantId])
  expect(problems).toEqual([{ kind: 'called-off-after-dispatch' }])
})

test('D9: our own dispatch seen as shipped on the marketplace changes nothing', async () => {
  await world.ingest(world.order('A'))
  await ship(parcel((await purchaseOrder()).id))
  await world.ingest(
    world.order('A', { status: 'shipped', marketplaceStatus: 'shipped', updatedAt: new Date(noon.getTime() + 1000) }),
  )
  expect(await purchaseOrder()).toMatchObject({ status: 'dispatched', component_state: 'dispatched' })
  expect(await database.asOwner('select kind from problems where tenant_id = $1', [world.tenantId])).toEqual([])
})

test('V3: without tracking only what the buyer picks up is dispatched, and no confirmation is sent for it', async () => {
  await world.ingest(world.order('A'), world.order('P', { localPickup: true }))
  expect(await ship(parcel((await purchaseOrder()).id, { trackingNumber: ' ' }))).toEqual({
    kind: 'refused',
    reason: 'tracking-missing',
  })
  expect(await ship(parcel((await purchaseOrder('P')).id, { trackingNumber: '' }))).toMatchObject({
    kind: 'dispatched',
  })
  expect(await effects()).toEqual([])
})

test('S1: units that left are counted down also where a newer file of the supplier already left them out', async () => {
  await world.ingest(world.order('A', { buys: [['L1', 3]] }))
  await database.asOwner('update supplier_offers set on_hand = 1 where tenant_id = $1', [world.tenantId])
  await database.asOwner('update stock_movements set delta = 1, on_hand_after = 1 where tenant_id = $1', [
    world.tenantId,
  ])
  expect(await ship(parcel((await purchaseOrder()).id))).toMatchObject({ kind: 'dispatched' })
  expect(await stock()).toEqual({ on_hand: 0, reserved: 0 })
  expect(await world.stockFaults()).toEqual([])
})

test('a purchase order that is not there is refused, also another tenant’s', async () => {
  const other = await createOrdersWorld(database)
  const supplierId = await other.addSupplier()
  const theirs = await other.addVariant('V1')
  await other.addOffer({ supplierId, variantId: theirs, onHand: 1 })
  await other.addListing('L1', [[theirs, 1]])
  await other.ingest(other.order('A'))
  const [row] = await database.asOwner<{ id: string }>('select id from purchase_orders where tenant_id = $1', [
    other.tenantId,
  ])
  expect(await ship(parcel(row!.id))).toEqual({ kind: 'refused', reason: 'not-found' })
})

test('V1: a second parcel of an order waits until the first is told, or it would take its place', async () => {
  await world.ingest(world.order('A', { buys: [['L1', 3]] }))
  const { id, component } = await purchaseOrder()
  const part = (trackingNumber: string) =>
    parcel(id, { trackingNumber, lines: [{ componentId: component, quantity: 1 }] })
  const claim = () => world.transaction((tx) => claimConfirmations(tx, world.channelId, 10))
  await ship(part('FIRST'))
  await ship(part('SECOND'))

  const [first, ...others] = await claim()
  expect(first?.shipment.trackingNumber).toBe('FIRST')
  expect(others).toEqual([])
  if (!first) return
  const settlement = settleSent({ kind: 'wait', seconds: 600 }, 1)
  await world.transaction((tx) => settleConfirmations(tx, [{ claim: first, settlement }]))
  expect(await claim()).toEqual([])
  await database.asOwner(`update effects set state = 'applied' where tenant_id = $1 and id = $2`, [
    world.tenantId,
    first.effectId,
  ])
  expect((await claim())[0]?.shipment.trackingNumber).toBe('SECOND')
})
