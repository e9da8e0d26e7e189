import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { createOrdersWorld, type OrdersWorld } from '../../../test/support/orders-world.ts'
import { systemIds } from '../../platform/ids.ts'
import type { KnownRule } from '../pricing/pricing-rule.ts'
import { saveRule } from '../pricing/pricing-rules.store.ts'
import { changeChannelSettings } from '../channels/change-settings.command.ts'
import {
  addShippingService,
  changeShippingService,
  deleteShippingService,
  listServicesWithUse,
} from './shipping-services.store.ts'
import {
  listSupplierServices,
  removeSupplierService,
  saveSupplierService,
  type SupplierService,
} from './supplier-services.store.ts'

let database: TestDatabase
let world: OrdersWorld
let north: string
let south: string

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

beforeEach(async () => {
  world = await createOrdersWorld(database)
  north = await world.addSupplier({ name: 'North', preference: 1 })
  south = await world.addSupplier({ name: 'South', preference: 2 })
  const variantId = await world.addVariant('V1')
  for (const supplierId of [north, south]) await world.addOffer({ supplierId, variantId, onHand: 10, cost: 500 })
  await world.addListing('L1', [[variantId, 1]])
})

const actor = 'a person'
const offered = (changes: Partial<SupplierService> = {}): SupplierService => ({
  shippingServiceId: world.serviceId,
  carrier: 'Royal Mail',
  costMinor: 395,
  vatRateBasisPoints: 2000,
  deliveryDays: 2,
  tracked: true,
  active: true,
  ...changes,
})
const save = (supplierId: string, changes: Partial<SupplierService> = {}) =>
  world.transaction((tx) => saveSupplierService(tx, { supplierId, actor, ...offered(changes) }))
async function addOurs(name: string): Promise<string> {
  const id = systemIds.uuid()
  expect(await world.transaction((tx) => addShippingService(tx, { id, name }))).toBe('added')
  return id
}

/** A buyer orders; answers who was asked to send it, by which service and for how much shipping. */
async function routed(id: string) {
  await world.ingest(world.order(id, { buys: [['L1', 1]] }))
  return database.asOwner(
    `select s.name as supplier, p.shipping_service_id as service, p.shipping_minor::int as shipping
     from purchase_orders p join orders o on o.id = p.order_id join suppliers s on s.id = p.supplier_id
     where p.tenant_id = $1 and o.marketplace_order_id = $2`,
    [world.tenantId, id],
  )
}

test('C4: the list is the seller’s own: a name stands in it once, and what counts on a service keeps it', async () => {
  const express = await addOurs('Express')
  expect(await world.transaction((tx) => addShippingService(tx, { id: systemIds.uuid(), name: 'express' }))).toBe(
    'name-taken',
  )
  const refused = { kind: 'refused', reason: 'name-taken' }
  const economy = await addOurs('Economy')
  expect(await world.transaction((tx) => changeShippingService(tx, { id: economy, name: 'EXPRESS', actor }))).toEqual(
    refused,
  )
  await save(north, { shippingServiceId: express })
  const uses = await world.transaction(listServicesWithUse)
  expect(uses.map(({ id, defaults, suppliers }) => [id, defaults, suppliers])).toEqual(
    expect.arrayContaining([
      [express, [], 1],
      [economy, [], 0],
      [world.serviceId, ['My shop'], 0],
    ]),
  )
  for (const id of [express, world.serviceId])
    expect(await world.transaction((tx) => deleteShippingService(tx, { id, actor }))).toMatchObject({ reason: 'used' })
  expect(await world.transaction((tx) => deleteShippingService(tx, { id: economy, actor }))).toEqual({
    kind: 'deleted',
  })
})

test('C4, F7: a service whose cost a pricing rule adds is kept, and the rules are named; one that is deleted lets it go', async () => {
  const express = await addOurs('Express')
  const rule: KnownRule = {
    id: systemIds.uuid(),
    version: 1,
    active: false,
    position: 1,
    name: 'Strings',
    channelIds: [],
    scope: { kind: 'all' },
    currency: 'GBP',
    shippingServiceId: express,
    markup: { kind: 'percent', basisPoints: 1000 },
    fee: { basisPoints: 0, fixedMinor: 0 },
    vat: { from: 'rule', rateBasisPoints: 2000 },
    ending: null,
    floorMinor: null,
    ceilingMinor: null,
  }
  await world.transaction((tx) => saveRule(tx, { what: 'added', rule, approved: false, actor }))
  const used = { kind: 'refused', reason: 'used', use: { rules: ['Strings'] } }
  expect(await world.transaction((tx) => deleteShippingService(tx, { id: express, actor }))).toMatchObject(used)
  expect(
    await world.transaction((tx) => changeShippingService(tx, { id: express, active: false, actor })),
  ).toMatchObject(used)
  await world.transaction((tx) =>
    saveRule(tx, { what: 'deleted', rule: { ...rule, version: 2 }, approved: false, actor }),
  )
  expect(await world.transaction((tx) => deleteShippingService(tx, { id: express, actor }))).toEqual({
    kind: 'deleted',
  })
})

test('C4: each supplier says what a service is with him: carrier, cost without VAT, VAT rate, days, tracked, offered or not', async () => {
  const express = await addOurs('Express')
  const terms = { shippingServiceId: express, carrier: 'DPD', costMinor: null, deliveryDays: null, tracked: false }
  await save(north)
  await save(north, terms)
  await save(south, { costMinor: 250, active: false })
  const ofSupplier = async (id: string) => (await world.transaction((tx) => listSupplierServices(tx, id)))?.rows
  const names = await database.asOwner<{ name: string }>('select name from shipping_services where id = $1', [
    world.serviceId,
  ])
  expect(await ofSupplier(north)).toEqual(
    expect.arrayContaining([
      { ...offered(), ...names[0] },
      { ...offered(terms), name: 'Express' },
    ]),
  )
  expect(await ofSupplier(south)).toEqual([{ ...offered({ costMinor: 250, active: false }), ...names[0] }])
  expect(await save(north, { shippingServiceId: systemIds.uuid() })).toEqual({
    kind: 'refused',
    reason: 'no-such-service',
  })
})

test('C4: an order goes to a supplier who offers its service, at his cost of it; not offered or of unknown cost is passed over', async () => {
  await save(north, { costMinor: 395 })
  await save(south, { costMinor: 410 })
  const service = world.serviceId
  expect(await routed('offered')).toEqual([{ supplier: 'North', service, shipping: 395 }])
  await save(north, { active: false })
  expect(await routed('switched off')).toEqual([{ supplier: 'South', service, shipping: 410 }])
  await save(north, { costMinor: null })
  expect(await routed('cost unknown')).toEqual([{ supplier: 'South', service, shipping: 410 }])
  // Without a service of his own he ships by any, his shipping being part of his costs.
  await world.transaction((tx) =>
    removeSupplierService(tx, { supplierId: north, shippingServiceId: world.serviceId, actor }),
  )
  expect(await routed('no list')).toEqual([{ supplier: 'North', service, shipping: 0 }])
})

test('C4: a service that is switched off is no default of a sales channel, and one that is a default stays on', async () => {
  const express = await addOurs('Express')
  const asDefault = (defaultShippingServiceId: string | null) =>
    changeChannelSettings(world.db, world.tenantId, {
      channelId: world.channelId,
      change: { defaultShippingServiceId },
      actor,
    })
  const switchTo = (active: boolean) =>
    world.transaction((tx) => changeShippingService(tx, { id: express, active, actor }))
  await switchTo(false)
  expect(await asDefault(express)).toEqual({
    kind: 'refused',
    reason: 'invalid',
    fields: { defaultShippingServiceId: 'Express is switched off. Switch it on first, or choose another.' },
  })
  expect(await asDefault(systemIds.uuid())).toMatchObject({
    fields: { defaultShippingServiceId: 'There is no such shipping service.' },
  })
  await switchTo(true)
  expect(await asDefault(express)).toMatchObject({ kind: 'saved', settings: { defaultShippingServiceId: express } })
  expect(await switchTo(false)).toMatchObject({ kind: 'refused', reason: 'used', use: { defaults: ['My shop'] } })
  expect(await asDefault(null)).toMatchObject({ kind: 'saved' })
  expect(await switchTo(false)).toEqual({ kind: 'saved' })
})
