import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { createOrdersWorld, noon, type OrdersWorld } from '../../../test/support/orders-world.ts'
import { findFillable, routeWaitingOrders } from './route-waiting.command.ts'
import type { Offer } from './ask-offers.ts'
import { draftPurchaseOrders } from './draft-purchase-orders.ts'
import { rateFinder } from './exchange-rates.ts'
import type { RoutingTerms } from './landed-cost.ts'
import { planRouting, type Need } from './routing.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

type Placed = { order_id: string; sku: string; state: string; reason: string | null; supplier: string | null }

const placements = (world: OrdersWorld) =>
  database.asOwner<Placed>(
    `select o.marketplace_order_id as order_id, v.sku, c.state, c.hold_reason as reason, s.name as supplier
     from order_line_components c join orders o on o.id = c.order_id join variants v on v.id = c.variant_id
     left join reservations r on r.component_id = c.id and r.state = 'active'
     left join supplier_offers f on f.id = r.offer_id left join suppliers s on s.id = f.supplier_id
     join order_lines l on l.id = c.order_line_id
     where c.tenant_id = $1 order by o.placed_at, o.id, l.position, c.id`,
    [world.tenantId],
  )

const someSupplier = fc.record({
  preference: fc.integer({ min: 1, max: 2 }),
  active: fc.constantFrom(true, true, true, false),
  shipsTo: fc.constantFrom<string[] | null>(null, null, ['GB'], ['FR']),
  /** None: his shipping is part of his costs. */
  shipping: fc.option(fc.constantFrom(0, 1, 2, null)),
  currency: fc.constantFrom('GBP', 'GBP', 'EUR', 'JPY'),
  chargesVat: fc.boolean(),
  offers: fc.tuple(
    ...[0, 1].map(() =>
      fc.option(
        fc.record({
          onHand: fc.option(fc.integer({ min: 0, max: 5 }), { freq: 6 }),
          cost: fc.option(fc.integer({ min: 1, max: 3 }), { freq: 6 }),
        }),
        { freq: 5 },
      ),
    ),
  ),
})
const someLine = fc.record({ variant: fc.constantFrom(0, 1), quantity: fc.integer({ min: 1, max: 3 }) })
const scenario = fc.record({
  reclaimsVat: fc.boolean(),
  suppliers: fc.array(someSupplier, { minLength: 1, maxLength: 4 }),
  orders: fc.array(
    fc.record({ lines: fc.array(someLine, { minLength: 1, maxLength: 3 }), paid: fc.constantFrom(true, true, false) }),
    { minLength: 1, maxLength: 5 },
  ),
})

const today = noon.toISOString().slice(0, 10)

test('D4: what the database holds afterwards is what the plain rule says, line by line, and S1, S2, P1, P2 hold', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ suppliers, orders, reclaimsVat }) => {
      const world = await createOrdersWorld(database)
      await database.asOwner('update tenants set reclaims_vat = $2 where id = $1', [world.tenantId, reclaimsVat])
      await world.addRate('EUR', 'GBP', '0.8', today)
      const variantIds = [await world.addVariant('V0'), await world.addVariant('V1')]
      for (const [index, id] of variantIds.entries()) await world.addListing(`L${index}`, [[id, 1]])
      const offers: Offer[] = []
      const services: RoutingTerms['services'] = new Map()
      for (const [index, seed] of suppliers.entries()) {
        const { preference, active, currency, shipping, chargesVat, shipsTo } = seed
        const name = `S${index}`
        const terms = { ship_to_countries: shipsTo, charges_vat: chargesVat }
        const supplierId = await world.addSupplier({ name, preference, active, currency }, terms)
        if (shipping !== null) {
          await world.addService({ supplierId, cost: shipping, vat: 2000 })
          const vatRateBasisPoints = chargesVat ? 2000 : 0
          const offered = { carrier: 'royal-mail', costMinor: shipping, vatRateBasisPoints, active: true }
          services.set(supplierId, new Map([[world.serviceId, offered]]))
        }
        for (const [variant, offer] of seed.offers.entries()) {
          const variantId = variantIds[variant] ?? ''
          if (!offer) continue
          const { onHand, cost } = offer
          const id = await world.addOffer({ supplierId, variantId, onHand, cost })
          const common = { id, variantId, supplierId, supplierName: name, preference, supplierActive: active }
          offers.push({
            ...common,
            shipsTo,
            active: true,
            onHand,
            reserved: 0,
            costMinor: cost,
            currency,
            vatRateBasisPoints: chargesVat ? 2000 : 0,
          })
        }
      }
      await world.ingest(
        ...orders.map(({ lines, paid }, index) =>
          world.order(`${index}`, {
            placedAt: new Date(noon.getTime() + index),
            status: paid ? 'to-ship' : 'awaiting-payment',
            buys: lines.map(({ variant, quantity }) => [`L${variant}`, quantity]),
          }),
        ),
      )

      const euros = { from: 'EUR', to: 'GBP', rate: '0.8', onDate: today, source: 'test' }
      const terms = { currency: 'GBP', reclaimsVat, rateOf: rateFinder([euros], 'GBP'), services }
      const needs = orders.flatMap(({ lines, paid }, order) =>
        lines.map(({ variant, quantity }, line): Need => ({
          componentId: `${order} ${line}`,
          orderId: `${order}`,
          variantId: variantIds[variant] ?? '',
          quantity,
          goes: paid,
          holdReason: paid ? null : 'unpaid',
          reservedOfferId: null,
          localPickup: false,
          countryCode: 'GB',
          shippingServiceId: world.serviceId,
          declinedBy: [],
        })),
      )
      const plan = planRouting(needs, offers, terms)
      const told = (await placements(world)).map(({ supplier, state, reason }) => [supplier, state, reason])
      expect(told).toEqual(plan.map(({ offer, state, holdReason }) => [offer?.supplierName ?? null, state, holdReason]))
      const bills = draftPurchaseOrders(plan, new Map(needs.map((need) => [need.orderId, 'GBP'])), terms)
      expect(await written(world)).toEqual(
        bills
          .map((bill) =>
            [bill.orderId, bill.supplierName, bill.goodsMinor, bill.shippingMinor, bill.vatMinor, bill.rate?.rate].join(
              ' ',
            ),
          )
          .toSorted(),
      )
      // What the rule left waiting is not found fillable either, so nothing stands in the way of the rest.
      expect(await world.transaction(findFillable)).toEqual([])
      expect(await world.stockFaults()).toEqual([])
    }),
    { numRuns: 25 },
  )
})

async function written(world: OrdersWorld) {
  const rows = await database.asOwner<Record<string, string>>(
    `select o.marketplace_order_id as id, s.name, p.cost_minor::int as goods, p.shipping_minor::int as shipping, p.vat_minor::int as vat,
       trim_scale(p.rate)::text as rate
     from purchase_orders p join orders o on o.id = p.order_id join suppliers s on s.id = p.supplier_id where p.tenant_id = $1`,
    [world.tenantId],
  )
  return rows
    .map((row) => [row['id'], row['name'], row['goods'], row['shipping'], row['vat'], row['rate']].join(' '))
    .toSorted()
}

test('D4: orders that wait are filled oldest first when stock comes, and what nobody can fill does not stand in the way', async () => {
  const world = await createOrdersWorld(database)
  const supplierId = await world.addSupplier({ name: 'North' })
  const [some, none] = [await world.addVariant('V1'), await world.addVariant('V2')]
  const offerId = await world.addOffer({ supplierId, variantId: some, onHand: 0 })
  await world.addListing('L1', [[some, 1]])
  await world.addListing('L2', [[none, 1]])
  const at = (minute: number) => new Date(noon.getTime() + minute * 60_000)
  await world.ingest(
    world.order('newest', { placedAt: at(3) }),
    world.order('hopeless', { placedAt: at(1), buys: [['L2', 1]] }),
    world.order('oldest', { placedAt: at(2) }),
  )
  expect((await placements(world)).map(({ order_id, reason }) => [order_id, reason])).toEqual([
    ['hopeless', 'no-offer'],
    ['oldest', 'no-stock'],
    ['newest', 'no-stock'],
  ])
  await database.asOwner('update supplier_offers set on_hand = 1 where id = $1', [offerId])
  await database.asOwner(
    "insert into stock_movements (tenant_id, id, offer_id, delta, on_hand_after, reason, actor) values ($1, gen_random_uuid(), $2, 1, 1, 'hand', 'test')",
    [world.tenantId, offerId],
  )
  await Promise.all([routeWaitingOrders(database.db, world.tenantId), routeWaitingOrders(database.db, world.tenantId)])

  expect((await placements(world)).map(({ order_id, state }) => [order_id, state])).toEqual([
    ['hopeless', 'held'],
    ['oldest', 'routed'],
    ['newest', 'held'],
  ])
  expect(await world.stockFaults()).toEqual([])
})

test('D4: of an order only partly in stock the other lines go on, and the rest follows as a second purchase order', async () => {
  const world = await createOrdersWorld(database)
  const supplierId = await world.addSupplier()
  const [there, missing] = [await world.addVariant('V1'), await world.addVariant('V2')]
  await world.addOffer({ supplierId, variantId: there, onHand: 5 })
  const offerId = await world.addOffer({ supplierId, variantId: missing, onHand: null })
  await world.addListing('L1', [[there, 1]])
  await world.addListing('L2', [[missing, 1]])
  await world.ingest(
    world.order('A', {
      buys: [
        ['L1', 1],
        ['L2', 1],
      ],
    }),
  )
  expect((await placements(world)).map(({ state, reason }) => [state, reason])).toEqual([
    ['routed', null],
    ['held', 'stock-unknown'],
  ])
  await database.asOwner('update supplier_offers set on_hand = 2 where id = $1', [offerId])
  await database.asOwner(
    "insert into stock_movements (tenant_id, id, offer_id, delta, on_hand_after, reason, actor) values ($1, gen_random_uuid(), $2, 2, 2, 'hand', 'test')",
    [world.tenantId, offerId],
  )
  await routeWaitingOrders(database.db, world.tenantId)
  const rows = await database.asOwner(
    'select number, split_number from purchase_orders where tenant_id = $1 order by number',
    [world.tenantId],
  )
  expect(rows).toEqual([
    { number: 'PO-000001', split_number: 1 },
    { number: 'PO-000002', split_number: 2 },
  ])
  expect(await world.stockFaults()).toEqual([])
})

test('D5: numbers have no gaps, also when many pages are stored at once and one of them fails', async () => {
  const world = await createOrdersWorld(database)
  const supplierId = await world.addSupplier()
  const variantId = await world.addVariant('V1')
  await world.addOffer({ supplierId, variantId, onHand: 100 })
  await world.addListing('L1', [[variantId, 1]])
  const pages = Array.from({ length: 6 }, (_, page) =>
    Array.from({ length: 5 }, (_, index) => world.order(`${page}-${index}`)),
  )
  const broken = world.transaction(async (tx) => {
    const { ingestOrders } = await import('../orders/ingest-orders.command.ts')
    await ingestOrders(tx, {
      channelId: world.channelId,
      orders: [world.order('lost')],
      unreadable: [],
      cursor: null,
      secrets: world.secrets,
    })
    throw new Error('The page fails at its end')
  })
  await Promise.allSettled([...pages.map((orders) => world.ingest(...orders)), broken])
  const rows = await database.asOwner<{ number: string }>(
    'select number from purchase_orders where tenant_id = $1 order by number',
    [world.tenantId],
  )
  expect(rows.map((row) => row.number)).toEqual(
    Array.from({ length: 30 }, (_, index) => `PO-${String(index + 1).padStart(6, '0')}`),
  )
  await expect(broken).rejects.toThrow('fails at its end')
})
