import { wholeHttp } from '../connectors/scripted-http.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createEngineWorld, type EngineWorld } from '../../test/support/engine-world.ts'
import { changeChannelSettings } from '../domain/channels/change-settings.command.ts'
import { switchChannel } from '../domain/channels/switch-channel.command.ts'
import { mapListings } from '../domain/listings/map-listings.command.ts'
import { settleChannel } from '../domain/listings/settle-channel.store.ts'
import { approvePrice } from '../domain/pricing/approve-price.command.ts'
import { changePrice } from '../domain/pricing/change-price.command.ts'
import { setOnHand } from '../domain/stock/offers.store.ts'
import { approveZero } from '../domain/stock/approve-zero.command.ts'
import { explainListingStock } from '../domain/stock/explain-listing.store.ts'
import { tick } from './schedule-tick.ts'

let database: TestDatabase
let world: EngineWorld
let channelId: string
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())
beforeEach(async () => {
  world = await createEngineWorld(database)
  channelId = await world.channel()
})

type Line = { sku: string; condition?: string; inventory?: number }

/** A listing over there, pulled, mapped to a variant of its own with this much on hand. */
async function selling(line: Line, onHand: number | null) {
  world.sandbox.control.addListings([{ title: `Listing ${line.sku}`, price: 10, inventory: 5, ...line }])
  await world.finish(channelId, 'pull-listings')
  const listing = (await world.listings(channelId)).find(({ channel_sku: sku }) => sku === line.sku)
  if (!listing) throw new Error('not pulled')
  const variantId = await world.addVariant(line.sku)
  const offerId = await world.addOffer(variantId, onHand)
  await map(listing.id, [[variantId, 1]])
  return { listingId: listing.id, variantId, offerId, sku: line.sku }
}

const map = (listingId: string, components: [string, number][]) =>
  mapListings(world.parts.db, world.tenantId, {
    channelId,
    change: {
      map: [{ listingId, components: components.map(([variantId, quantity]) => ({ variantId, quantity })) }],
      unlink: [],
    },
    actor: 'A person',
  })
const settings = (change: Parameters<typeof changeChannelSettings>[2]['change']) =>
  changeChannelSettings(world.parts.db, world.tenantId, { channelId, change, actor: 'A person' })
const stock = async (offerId: string, onHand: number | null) => {
  await world.transaction((tx) =>
    setOnHand(tx, [{ offerId, onHand, reason: 'hand', reference: null, actor: 'A person' }]),
  )
  await world.settle()
}
const push = () => world.kick(channelId, 'push-stock')
const shown = (sku: string) => {
  const listing = world.sandbox.control.books().listings.find((one) => one.sku === sku)
  return listing && { inventory: listing.inventory, state: listing.state }
}
const writes = (path = '/listings/') =>
  world.sandbox.control.requests().filter(({ method, url }) => method === 'PUT' && url.includes(path)).length

describe('E3: a change of stock reaches the listing', () => {
  test('E3: what is on hand is pushed, accepted, and shown over there', async () => {
    const { listingId, offerId, sku } = await selling({ sku: 'A' }, 7)
    await settings({ stockUpdate: true })
    expect(await push()).toBe('done')
    expect(shown(sku)).toMatchObject({ inventory: 7, state: 'live' })
    await stock(offerId, 3)
    await push()
    expect(shown(sku)).toMatchObject({ inventory: 3 })
    expect(await world.target(listingId)).toMatchObject({ state: 'settled', desired: 3, accepted: 3 })
  })

  test('E3: nothing is sent when nothing changed, and nothing while stock update is off', async () => {
    const { offerId } = await selling({ sku: 'A' }, 7)
    await push()
    expect(writes()).toBe(0)
    await settings({ stockUpdate: true })
    await push()
    expect(writes()).toBe(1)
    await stock(offerId, 7)
    await push()
    expect(writes()).toBe(1)
  })

  test('E3: what falls to 0 goes first, then the last units, and only the newest figure', async () => {
    const rest = await selling({ sku: 'REST' }, 50)
    const last = await selling({ sku: 'LAST' }, 50)
    const none = await selling({ sku: 'NONE' }, 50)
    await settings({ stockUpdate: true })
    await push()
    await stock(rest.offerId, 40)
    await stock(rest.offerId, 30)
    await stock(last.offerId, 2)
    await stock(none.offerId, 0)
    const order: string[] = []
    world.onRequest.before = (method, url) => {
      if (method === 'PUT') order.push(url)
    }
    await push()
    const ids = new Map(world.sandbox.control.books().listings.map(({ id, sku }) => [String(id), sku]))
    expect(order.map((url) => ids.get(url.split('/').at(-1) ?? ''))).toEqual(['NONE', 'LAST', 'REST'])
    expect(shown('REST')).toMatchObject({ inventory: 30 })
  })

  test('E2: packs and kits show what can be made up', async () => {
    const pack = await selling({ sku: 'PACK' }, 7)
    const other = await world.addVariant('OTHER')
    await world.addOffer(other, 2)
    await settings({ stockUpdate: true })
    await map(pack.listingId, [[pack.variantId, 3]])
    expect((await world.target(pack.listingId))?.desired).toBe(2)
    await map(pack.listingId, [
      [pack.variantId, 1],
      [other, 2],
    ])
    expect((await world.target(pack.listingId))?.desired).toBe(1)
  })

  test('E3, S6: a listing that its stock brought back follows the next figure before anybody has read it', async () => {
    const { offerId, sku } = await selling({ sku: 'A' }, 0)
    await settings({ stockUpdate: true })
    await push()
    await world.finish(channelId, 'pull-listings')
    expect(shown(sku)).toMatchObject({ inventory: 0, state: 'ended' })
    await stock(offerId, 5)
    await push()
    expect(shown(sku)).toMatchObject({ inventory: 5, state: 'live' })
    await stock(offerId, 0)
    await push()
    expect(shown(sku)).toMatchObject({ inventory: 0, state: 'ended' })
  })

  test('E1: stock that becomes unknown leaves the listing as it is', async () => {
    const { listingId, offerId, sku } = await selling({ sku: 'A' }, 7)
    await settings({ stockUpdate: true })
    await push()
    await stock(offerId, null)
    await push()
    expect(shown(sku)).toMatchObject({ inventory: 7 })
    expect(await world.target(listingId)).toMatchObject({ desired: null, state: 'settled' })
  })

  test('S1: on hand is the sum of its movements', async () => {
    const { offerId } = await selling({ sku: 'A' }, null)
    for (const figure of [7, 7, null, 4, 0, 12]) await stock(offerId, figure)
    const [sum] = await database.asOwner(
      'select sum(delta)::int as sum, count(*)::int as movements from stock_movements where offer_id = $1',
      [offerId],
    )
    expect(sum).toEqual({ sum: 12, movements: 5 })
  })
})

describe('A10: settings reach the listings', () => {
  test('A10: threshold and max count at once for every mapped listing', async () => {
    const { listingId, sku } = await selling({ sku: 'A' }, 7)
    await settings({ stockUpdate: true, advertisedMax: 3 })
    await push()
    expect(shown(sku)).toMatchObject({ inventory: 3 })
    await settings({ stockThreshold: 7 })
    expect(await world.target(listingId)).toMatchObject({ desired: 0, state: 'due', urgency: 2 })
    const explained = await world.transaction((tx) => explainListingStock(tx, listingId))
    expect(explained?.steps.map(({ step }) => step)).toEqual(['offer', 'available', 'threshold', 'shown'])
  })

  test('A10: where very many listings depend on a setting they follow batch by batch, with the same figures', async () => {
    const { listingId } = await selling({ sku: 'A' }, 7)
    await settings({ stockUpdate: true })
    await database.asOwner('update sales_channels set advertised_max = 2 where id = $1', [channelId])
    await world.transaction((tx) => settleChannel(tx, channelId, 0))
    expect((await world.target(listingId))?.desired).toBe(7)
    await world.settle()
    expect(await world.target(listingId)).toMatchObject({ desired: 2, state: 'due' })
  })

  test('A10: a 0 that comes only from the threshold waits for a person where 0 is final; a real 0 does not', async () => {
    const { listingId, offerId, sku } = await selling({ sku: 'USED', condition: 'Excellent', inventory: 1 }, 1)
    await settings({ stockUpdate: true, stockThreshold: 5 })
    expect(await world.target(listingId)).toMatchObject({ desired: 0, state: 'waiting-for-person' })
    await push()
    expect(shown(sku)).toMatchObject({ state: 'live' })
    const problems = () =>
      database.asOwner('select kind from problems where listing_id = $1 and closed_at is null', [listingId])
    expect(await problems()).toEqual([{ kind: 'zero-waits' }])
    await stock(offerId, 0)
    expect(await world.target(listingId)).toMatchObject({ desired: 0, state: 'due' })
    expect(await problems()).toEqual([])
    await push()
    expect(shown(sku)?.state).not.toBe('live')
  })

  test('A10: a 0 that waits goes out once a person says so, however often figures are computed, and who said it is kept', async () => {
    const { listingId, offerId, sku } = await selling({ sku: 'USED', condition: 'Excellent', inventory: 1 }, 2)
    const approve = () => approveZero(world.parts.db, world.tenantId, { listingId, actor: 'A person' })
    expect(await approve()).toEqual({ kind: 'refused', reason: 'nothing-waits' })
    await settings({ stockUpdate: true, stockThreshold: 5 })
    expect(await approve()).toEqual({ kind: 'approved' })
    await stock(offerId, 1)
    expect(await world.target(listingId)).toMatchObject({ desired: 0, state: 'due' })
    expect(
      await database.asOwner('select 1 from problems where listing_id = $1 and closed_at is null', [listingId]),
    ).toEqual([])
    await push()
    expect(shown(sku)?.state).not.toBe('live')
    expect(await approve()).toEqual({ kind: 'approved' })
    const said = { actor: 'A person', version: '2' }
    const story = `select actor, data->>'version' as version from listing_events where listing_id = $1 and kind = 'zero-approved'`
    expect(await database.asOwner(story, [listingId])).toEqual([said])
    const audit = `select actor, data->>'version' as version from audit_events where subject = $1 and action = 'approve-zero'`
    expect(await database.asOwner(audit, [listingId])).toEqual([said])
    const foreign = await createEngineWorld(database)
    const unknown = { listingId, actor: 'A person' }
    expect(await approveZero(foreign.parts.db, foreign.tenantId, unknown)).toMatchObject({ reason: 'not-found' })
  })

  test('A10: what was said of one 0 does not count for the next', async () => {
    const { listingId, offerId, sku } = await selling({ sku: 'USED', condition: 'Excellent', inventory: 1 }, 1)
    const approve = () => approveZero(world.parts.db, world.tenantId, { listingId, actor: 'A person' })
    await settings({ stockUpdate: true, stockThreshold: 5 })
    expect(await approve()).toEqual({ kind: 'approved' })
    await stock(offerId, 9)
    await stock(offerId, 2)
    expect(await world.target(listingId)).toMatchObject({ desired: 0, state: 'waiting-for-person' })
    await push()
    expect(shown(sku)).toMatchObject({ state: 'live' })
  })

  test('A7: a switch turned off counts from the next listing on, and switching on catches up', async () => {
    for (const sku of ['A', 'B', 'C']) await selling({ sku }, 7)
    await settings({ stockUpdate: true })
    const turn = (enabled: boolean) =>
      switchChannel(world.parts.db, world.tenantId, { channelId, enabled, actor: 'A person' })
    world.onRequest.before = async (method) => {
      if (method !== 'PUT') return
      world.onRequest.before = undefined
      await turn(false)
    }
    await push()
    expect(writes()).toBe(1)
    await turn(true)
    expect(await world.finish(channelId, 'push-stock')).toBe('done')
    expect(['A', 'B', 'C'].map((sku) => shown(sku)?.inventory)).toEqual([7, 7, 7])
  })
})

describe('S4: a figure is settled, however its answer was lost', () => {
  test('S4: an answer lost after the change counts as accepted once it is read back', async () => {
    const { listingId, sku } = await selling({ sku: 'A' }, 7)
    await settings({ stockUpdate: true })
    world.sandbox.control.armFault('timeout-after', { times: 1 })
    await push()
    expect(await world.target(listingId)).toMatchObject({ state: 'unclear' })
    await world.wait(60)
    await world.finish(channelId, 'push-stock')
    expect(await world.target(listingId)).toMatchObject({ state: 'settled', accepted: 7 })
    expect(shown(sku)).toMatchObject({ inventory: 7 })
    expect(writes()).toBe(1)
  })

  test('S4: an answer lost before the change is read back, then sent again', async () => {
    const { listingId, sku } = await selling({ sku: 'A' }, 7)
    await settings({ stockUpdate: true })
    world.sandbox.control.armFault('timeout-before', { times: 1 })
    await push()
    await world.wait(60)
    await world.finish(channelId, 'push-stock')
    expect(await world.target(listingId)).toMatchObject({ state: 'settled', accepted: 7 })
    expect(shown(sku)).toMatchObject({ inventory: 7 })
  })

  test('S4: a crash between intent and answer is read back before anything is sent again', async () => {
    const { listingId, sku } = await selling({ sku: 'A' }, 7)
    await settings({ stockUpdate: true })
    const { http } = world.parts
    // The process dies with the request on its way: nothing of it is stored.
    world.parts.http = wholeHttp(async (input) => (await http.request(input), new Promise(() => {})))
    void push()
    await world.wait(20)
    expect(await world.target(listingId)).toMatchObject({ state: 'in-flight', accepted: null })
    world.parts.http = http
    await world.wait(61)
    const order: string[] = []
    world.onRequest.before = (method) => void order.push(method)
    await world.finish(channelId, 'push-stock')
    expect(order).toEqual(['GET'])
    expect(await world.target(listingId)).toMatchObject({ state: 'settled', accepted: 7 })
    expect(shown(sku)).toMatchObject({ inventory: 7 })
  })

  test('S4: what is wanted while a figure is on its way stays due', async () => {
    const { listingId, offerId, sku } = await selling({ sku: 'A' }, 7)
    await settings({ stockUpdate: true })
    world.onRequest.before = async (method) => {
      if (method !== 'PUT') return
      world.onRequest.before = undefined
      await stock(offerId, 4)
    }
    await world.finish(channelId, 'push-stock')
    expect(await world.target(listingId)).toMatchObject({ state: 'settled', desired: 4, accepted: 4 })
    expect(shown(sku)).toMatchObject({ inventory: 4 })
    expect(writes()).toBe(2)
  })

  test('a refusal is shown in the marketplace’s words, and sent again only when something else is wanted', async () => {
    const { listingId, offerId } = await selling({ sku: 'reject-me' }, 7)
    await settings({ stockUpdate: true })
    await push()
    expect(await world.target(listingId)).toMatchObject({ state: 'rejected', refusal: expect.any(String) })
    await push()
    expect(writes()).toBe(1)
    const [problem] = await database.asOwner<{ kind: string }>('select kind from problems where listing_id = $1', [
      listingId,
    ])
    expect(problem?.kind).toBe('listing-refused')
    await stock(offerId, 6)
    await push()
    expect(writes()).toBe(2)
  })

  test('a listing that is gone is not updated any more, until a download names it again', async () => {
    const { listingId, offerId } = await selling({ sku: 'A' }, 7)
    await settings({ stockUpdate: true })
    const real = world.parts.http
    const gone = { status: 404, headers: {}, body: '{"message":"not found"}' }
    world.parts.http = wholeHttp((input) => (input.method === 'PUT' ? gone : real.request(input)))
    await push()
    const open = () =>
      database.asOwner('select kind from problems where listing_id = $1 and closed_at is null', [listingId])
    expect(await open()).toEqual([{ kind: 'listing-gone' }])
    await stock(offerId, 5)
    expect((await world.target(listingId))?.state).toBe('settled')
    world.parts.http = real
    await world.finish(channelId, 'pull-listings')
    expect(await open()).toEqual([])
    await world.finish(channelId, 'push-stock')
    expect(shown('A')).toMatchObject({ inventory: 5 })
  })

  test('one listing that is refused does not hold up the others', async () => {
    await selling({ sku: 'reject-me' }, 0)
    await selling({ sku: 'B' }, 7)
    await settings({ stockUpdate: true })
    await push()
    expect(shown('B')).toMatchObject({ inventory: 7 })
  })
})

describe('E5: accepted, live and verified are told apart', () => {
  test('E5: what was accepted is read back and verified', async () => {
    const { listingId } = await selling({ sku: 'A' }, 7)
    await settings({ stockUpdate: true })
    await push()
    expect((await world.target(listingId))?.verified).toBeNull()
    await world.wait(120)
    await world.finish(channelId, 'verify-listings')
    expect((await world.target(listingId))?.verified).toBe(7)
  })

  test('E5: a download verifies what is as we set it, and notes what is not', async () => {
    const good = await selling({ sku: 'A' }, 7)
    const other = await selling({ sku: 'B' }, 7)
    await settings({ stockUpdate: true })
    await push()
    await database.asOwner('update listing_targets set accepted = 6, desired = 6 where listing_id = $1', [
      other.listingId,
    ])
    await world.finish(channelId, 'pull-listings')
    expect((await world.target(good.listingId))?.verified).toBeNull()
    await world.wait(1000)
    await world.finish(channelId, 'pull-listings')
    expect(await world.target(good.listingId)).toMatchObject({ verified: 7, accepted: 7 })
    expect(await world.target(other.listingId)).toMatchObject({ verified: 7, accepted: 6, state: 'settled' })
    await world.wait(120)
    await world.finish(channelId, 'verify-listings')
    // What is really shown is what we want, as the computation afresh found, so nothing needs to be sent.
    expect(await world.target(other.listingId)).toMatchObject({ accepted: 7, desired: 7, state: 'settled' })
  })

  test('E5: an update that was taken and not applied is found and healed', async () => {
    const { listingId, sku } = await selling({ sku: 'A' }, 7)
    await settings({ stockUpdate: true })
    world.sandbox.control.armFault('accepted-not-applied', { times: 1 })
    await push()
    expect(await world.target(listingId)).toMatchObject({ accepted: 7 })
    expect(shown(sku)).toMatchObject({ inventory: 5 })
    for (let passes = 0; passes < 3; passes++) {
      await world.wait(1000)
      await database.asOwner('update sales_channels set orders_synced_at = $1', [world.clock.now()])
      await world.finish(channelId, 'verify-listings')
    }
    await world.finish(channelId, 'push-stock')
    expect(shown(sku)).toMatchObject({ inventory: 7 })
  })

  test('S5, E5: an update that should have brought an ended listing back and was not applied is found and healed', async () => {
    const { listingId, offerId, sku } = await selling({ sku: 'A' }, 0)
    await settings({ stockUpdate: true })
    await push()
    await world.wait(1000)
    await world.finish(channelId, 'verify-listings')
    expect(await world.target(listingId)).toMatchObject({ accepted: 0, verified: 0 })
    expect(shown(sku)).toMatchObject({ inventory: 0, state: 'ended' })
    await world.wait(60)
    await database.asOwner('update sales_channels set orders_synced_at = $1', [world.clock.now()])
    await stock(offerId, 4)
    world.sandbox.control.armFault('accepted-not-applied', { times: 1 })
    await push()
    expect(await world.target(listingId)).toMatchObject({ accepted: 4 })
    expect(shown(sku)).toMatchObject({ inventory: 0, state: 'ended' })
    for (let passes = 0; passes < 3; passes++) {
      await world.wait(1000)
      await database.asOwner('update sales_channels set orders_synced_at = $1', [world.clock.now()])
      await world.finish(channelId, 'verify-listings')
    }
    await world.finish(channelId, 'push-stock')
    expect(shown(sku)).toMatchObject({ inventory: 4, state: 'live' })
  })

  test('S6: what an earlier figure showed does not speak for a new one, whose units may be sold', async () => {
    const { listingId, offerId } = await selling({ sku: 'A' }, 0)
    await settings({ stockUpdate: true })
    await push()
    await world.wait(1000)
    await world.finish(channelId, 'verify-listings')
    expect(await world.target(listingId)).toMatchObject({ accepted: 0, verified: 0 })
    await world.wait(60)
    await database.asOwner('update sales_channels set orders_synced_at = $1', [world.clock.now()])
    await stock(offerId, 2)
    await push()
    world.sandbox.control.placeOrders([{ lines: [{ sku: 'A', quantity: 2 }] }])
    await world.wait(1000)
    await world.finish(channelId, 'verify-listings')
    expect(await world.target(listingId)).toMatchObject({ state: 'settled', accepted: 2, verified: 0 })
    expect(world.queue.open().map(({ data }) => data['operation'])).toContain('pull-orders')
  })

  test('E5: fewer than we set may be a sale, so orders are downloaded before it is set back', async () => {
    const { listingId } = await selling({ sku: 'A' }, 7)
    await settings({ stockUpdate: true })
    await push()
    await database.asOwner('update listing_targets set accepted = 9, desired = 9')
    await world.wait(1000)
    await world.finish(channelId, 'verify-listings')
    expect(await world.target(listingId)).toMatchObject({ state: 'settled', accepted: 9, verified: 7 })
    expect(world.queue.open().map(({ data }) => data['operation'])).toContain('pull-orders')
    await world.wait(1000)
    await world.finish(channelId, 'verify-listings')
    expect(await world.target(listingId)).toMatchObject({ state: 'settled', accepted: 9 })
  })
})

describe('E5: what a marketplace does to the stock by itself', () => {
  test('E5, M7: units it puts on sale again with an order it called off, though they left, are taken back within the hour', async () => {
    const { listingId, sku, offerId } = await selling({ sku: 'A' }, 7)
    await settings({ stockUpdate: true })
    await push()
    await world.giveDefaultService(channelId)
    await database.asOwner('update supplier_offers set cost_minor = 100 where id = $1', [offerId])
    const placed = world.sandbox.control.placeOrders([{ lines: [{ sku, quantity: 2 }] }])
    await world.wait(60)
    await world.finish(channelId, 'pull-orders')
    await world.settle()
    await push()
    await world.wait(1000)
    await world.finish(channelId, 'verify-listings')
    expect(await world.target(listingId)).toMatchObject({ accepted: 5, verified: 5 })
    // They left the supplier's shelf, so they are not for sale whatever becomes of the order.
    await database.asOwner(`update order_line_components set state = 'dispatched'`)
    await database.asOwner('update supplier_offers set on_hand = 5, reserved = 0 where id = $1', [offerId])
    world.sandbox.control.cancelOrder(placed[0]?.orders[0]?.number ?? '')
    expect(shown(sku)).toMatchObject({ inventory: 7 })
    await world.wait(60)
    await world.finish(channelId, 'pull-orders')
    await world.settle()
    await world.wait(900)
    await world.finish(channelId, 'verify-listings')
    await world.finish(channelId, 'push-stock')
    expect(shown(sku)).toMatchObject({ inventory: 5 })
  })
})

describe('E4: prices', () => {
  test('E4: a price reaches the listing in its currency; packs cost n times as much', async () => {
    const { listingId, variantId, sku } = await selling({ sku: 'A' }, 7)
    await settings({ priceUpdate: true })
    const price = (minor: number) =>
      changePrice(world.parts.db, world.tenantId, {
        variantId,
        priceIncVat: { minor, currency: 'GBP' },
        actor: 'A person',
      })
    await price(1250)
    await world.finish(channelId, 'push-prices')
    const listing = () => world.sandbox.control.books().listings.find((one) => one.sku === sku)
    expect(listing()?.price).toEqual({ minor: 1250, currency: 'GBP' })
    await map(listingId, [[variantId, 4]])
    await world.finish(channelId, 'push-prices')
    // Four times the price is a step a person says yes to (R2).
    expect(listing()?.price.minor).toBe(1250)
    await approvePrice(world.parts.db, world.tenantId, { listingId, downTo: null, actor: 'A person' })
    await world.finish(channelId, 'push-prices')
    expect(listing()?.price.minor).toBe(5000)
    expect(await price(0)).toMatchObject({ kind: 'refused' })
  })

  test('E4: a price in another currency, or none, is never sent', async () => {
    const { listingId, variantId } = await selling({ sku: 'A' }, 7)
    await settings({ priceUpdate: true })
    await changePrice(world.parts.db, world.tenantId, {
      variantId,
      priceIncVat: { minor: 99, currency: 'EUR' },
      actor: 'A person',
    })
    expect(await world.target(listingId, 'price')).toMatchObject({ desired: null, state: 'settled' })
    await changePrice(world.parts.db, world.tenantId, { variantId, priceIncVat: null, actor: 'A person' })
    await world.finish(channelId, 'push-prices')
    expect(writes()).toBe(0)
  })
})

describe('M1: what a kick should have carried is found without it', () => {
  test('M1: marks whose kick was lost are settled by the schedule', async () => {
    const { listingId, offerId } = await selling({ sku: 'A' }, 7)
    await settings({ stockUpdate: true })
    await world.transaction((tx) =>
      setOnHand(tx, [{ offerId, onHand: 2, reason: 'hand', reference: null, actor: 'A person' }]),
    )
    expect((await world.target(listingId))?.desired).toBe(7)
    await world.wait(301)
    const sent: string[] = []
    const queue = { ...world.parts.queue, send: async (name: string) => void sent.push(name) }
    await tick({ ...world.parts, queue })
    expect(sent).toContain('settle-stock')
    await world.settle()
    expect((await world.target(listingId))?.desired).toBe(2)
  })
})
