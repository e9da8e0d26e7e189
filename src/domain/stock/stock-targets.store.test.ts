import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { createEngineWorld, type EngineWorld } from '../../../test/support/engine-world.ts'
import { listingPrice } from '../pricing/listing-price.ts'
import { settlePriceTargets } from '../pricing/price-targets.store.ts'
import { followsPrice, followsStock } from '../listings/listing.ts'
import type { ListingState } from '../listings/listing.ts'
import type { Tx } from '../../platform/database.ts'
import { advertisedStock } from './advertised.ts'
import { settleStockTargets } from './stock-targets.store.ts'

let database: TestDatabase
let world: EngineWorld
let channelId: string
beforeAll(async () => {
  database = await createTestDatabase()
  world = await createEngineWorld(database)
  channelId = await world.channel()
})
afterAll(() => database.dispose())

const states: ListingState[] = ['live', 'draft', 'ended', 'sold-out', 'suspended', 'unavailable', 'unknown']
const mostlyTrue = fc.constantFrom(true, true, true, true, false)
const anyOffer = fc.record({
  active: mostlyTrue,
  supplierActive: mostlyTrue,
  onHand: fc.option(fc.nat(40), { freq: 5 }),
  reserved: fc.nat(6),
})
const anyVariant = fc.record({
  quantity: fc.constantFrom(1, 1, 2, 4),
  price: fc.option(fc.integer({ min: 1, max: 9_999 }), { freq: 5 }),
  currency: fc.constantFrom('GBP', 'GBP', 'GBP', 'EUR'),
  offers: fc.array(anyOffer, { maxLength: 3 }),
})
const anyListing = fc.record({
  state: fc.constantFrom(...states),
  quantity: fc.option(fc.nat(3)),
  zeroIsFinal: fc.boolean(),
  takesQuantity: fc.boolean(),
  missing: fc.boolean(),
  components: fc.array(anyVariant, { minLength: 1, maxLength: 3 }),
})
const anyRules = fc.record({
  stockThreshold: fc.constantFrom(0, 1, 5, 12),
  advertisedMax: fc.constantFrom(0, 0, 3, 10),
  stockUpdate: fc.boolean(),
})
type AnyListing = typeof anyListing extends fc.Arbitrary<infer Value> ? Value : never

test('E2, E4: the set-based figures are those of the plain functions, whatever the stock, mapping and settings', async () => {
  let sold = 0
  await fc.assert(
    fc.asyncProperty(fc.array(anyListing, { minLength: 5, maxLength: 15 }), anyRules, async (listings, rules) => {
      const ids = await world.transaction((tx) => store(tx, listings, rules))
      await world.transaction(async (tx) => {
        await settleStockTargets(tx, { kind: 'listings', ids })
        await settlePriceTargets(tx, { kind: 'listings', ids })
      })
      const targets = await database.asOwner<TargetRow>(
        'select listing_id, kind, desired::int, reasons, state from listing_targets where listing_id = any($1)',
        [ids],
      )
      const byKey = new Map(targets.map((target) => [`${target.kind} ${target.listing_id}`, target]))
      for (const [index, listing] of listings.entries()) {
        const stock = byKey.get(`stock ${ids[index]}`)
        expect({ desired: stock?.desired, reasons: stock?.reasons, state: stock?.state }).toEqual(
          stockOf(listing, rules),
        )
        const price = byKey.get(`price ${ids[index]}`)
        expect({ desired: price?.desired, reasons: price?.reasons, state: price?.state }).toEqual(priceOf(listing))
        sold += stock?.desired ?? 0
      }
    }),
    { numRuns: 25 },
  )
  // A generator that only ever made empty shelves would prove nothing.
  expect(sold).toBeGreaterThan(50)
})

test('figures are written only where they changed', async () => {
  const shelf = { active: true, supplierActive: true, onHand: 9, reserved: 0 }
  const listing: AnyListing = {
    state: 'live',
    quantity: 1,
    zeroIsFinal: false,
    takesQuantity: true,
    missing: false,
    components: [{ quantity: 1, price: 100, currency: 'GBP', offers: [shelf] }],
  }
  const rules = { stockThreshold: 0, advertisedMax: 3, stockUpdate: true }
  const ids = await world.transaction((tx) => store(tx, [listing], rules))
  const settle = () => world.transaction((tx) => settleStockTargets(tx, { kind: 'listings', ids }))
  expect(await settle()).toEqual({ changed: 1 })
  expect(await settle()).toEqual({ changed: 0 })
  await database.asOwner('update supplier_offers set on_hand = 8 where on_hand = 9')
  expect(await settle()).toEqual({ changed: 0 })
})

type TargetRow = { listing_id: string; kind: string; desired: number | null; reasons: unknown; state: string }

function stockOf(listing: AnyListing, rules: { stockThreshold: number; advertisedMax: number; stockUpdate: boolean }) {
  const components = listing.components.map(({ quantity, offers }) => ({
    sku: '',
    quantity,
    offers: offers.map(({ active, supplierActive, onHand, reserved }) => ({
      supplierName: '',
      active: active && supplierActive,
      onHand,
      reserved,
      onHandAt: null,
    })),
  }))
  const { quantity, because, zeroByThreshold } = advertisedStock(components, {
    ...rules,
    takesQuantity: listing.takesQuantity,
  })
  const isSent = quantity !== null && rules.stockUpdate && followsStock(listing)
  const state = !isSent ? 'settled' : listing.zeroIsFinal && zeroByThreshold ? 'waiting-for-person' : 'due'
  return { desired: quantity, reasons: because, state }
}

function priceOf(listing: AnyListing) {
  const components = listing.components.map(({ quantity, price, currency }) => ({
    quantity,
    priceIncVat: price === null ? null : { minor: price, currency },
  }))
  const { price, because } = listingPrice(components, 'GBP')
  return { desired: price?.minor ?? null, reasons: because, state: price && followsPrice(listing) ? 'due' : 'settled' }
}

async function store(
  tx: Tx,
  listings: AnyListing[],
  rules: { stockThreshold: number; advertisedMax: number; stockUpdate: boolean },
): Promise<string[]> {
  const tenant_id = tx.tenantId
  await tx
    .updateTable('sales_channels')
    .set({
      stock_threshold: rules.stockThreshold,
      advertised_max: rules.advertisedMax,
      stock_update: rules.stockUpdate,
      price_update: true,
    })
    .where('id', '=', channelId)
    .execute()
  const ids: string[] = []
  for (const listing of listings) {
    const id = tx.ids.uuid()
    ids.push(id)
    await tx
      .insertInto('listings')
      .values({
        tenant_id,
        id,
        channel_id: channelId,
        marketplace_listing_id: id,
        title: id,
        state: listing.state,
        marketplace_state: '',
        quantity: listing.quantity,
        zero_is_final: listing.zeroIsFinal,
        takes_quantity: listing.takesQuantity,
        missing_since: listing.missing ? new Date(0) : null,
      })
      .execute()
    const mapping_id = tx.ids.uuid()
    await tx
      .insertInto('sku_mappings')
      .values({ tenant_id, id: mapping_id, channel_id: channelId, listing_id: id, created_by: 'A person' })
      .execute()
    for (const component of listing.components) await storeComponent(tx, mapping_id, component)
  }
  return ids
}

async function storeComponent(tx: Tx, mapping_id: string, component: AnyListing['components'][number]): Promise<void> {
  const tenant_id = tx.tenantId
  const productId = tx.ids.uuid()
  const variant_id = tx.ids.uuid()
  await tx.insertInto('products').values({ tenant_id, id: productId, handle: productId, title: 'A product' }).execute()
  await tx
    .insertInto('variants')
    .values({
      tenant_id,
      id: variant_id,
      product_id: productId,
      sku: variant_id,
      sku_normalized: variant_id,
      price_minor: component.price,
      currency: component.currency,
    })
    .execute()
  await tx
    .insertInto('sku_mapping_components')
    .values({ tenant_id, mapping_id, variant_id, quantity: component.quantity })
    .execute()
  for (const offer of component.offers) {
    const supplier_id = tx.ids.uuid()
    await tx
      .insertInto('suppliers')
      .values({ tenant_id, id: supplier_id, name: supplier_id, currency: 'GBP', active: offer.supplierActive })
      .execute()
    await tx
      .insertInto('supplier_offers')
      .values({
        tenant_id,
        id: tx.ids.uuid(),
        supplier_id,
        variant_id,
        supplier_sku: supplier_id,
        currency: 'GBP',
        on_hand: offer.onHand,
        reserved: offer.reserved,
        active: offer.active,
      })
      .execute()
  }
}
