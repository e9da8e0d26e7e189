// Accounts and sites: the same one twice, somebody else's, one that the marketplace closed. What is wrong with one never
// stops another.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reauthoriseChannel } from '../../src/engine/connect.ts'
import { reauthorise } from '../../src/domain/channels/reauthorise.command.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createMarketWorld, marketplaceIds, type MarketWorld } from './market-world.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

const germany = 'A1PA6795UKMFR9'
const unitedKingdom = 'A1F83G8C2ARO7P'

test.each(marketplaceIds)(
  'A2: %s: the same seller and site a second time is refused with the name of the first',
  async (id) => {
    const world = await createMarketWorld(database, { only: [id] })
    const again = await world.connectSite(id, { name: 'Once more' })
    expect(again).toMatchObject({ kind: 'refused' })
    expect(JSON.stringify(again)).toContain(`This account is connected already, as “My ${id}”.`)
    expect(await world.finish(world.channels[id], 'pull-orders')).toBe('done')
  },
)

test.each(['amazon', 'tiktok'] as const)(
  'A2: %s: another site of the same account is allowed, and both work',
  async (id) => {
    const world = await createMarketWorld(database, { only: [id] })
    const sites = await world.sitesOf(id)
    expect(sites.length).toBeGreaterThan(1)
    const second = sites.find(
      ({ id: siteId }) => siteId !== world.sandboxes.tiktok.account.shopId && siteId !== unitedKingdom,
    )
    const added = await world.connectSite(id, { name: 'The second', siteId: second?.id ?? '' })
    if (added.kind !== 'added') throw new Error(added.message)
    expect(await world.finish(added.channelId, 'pull-orders')).toBe('done')
    expect(await world.finish(world.channels[id], 'pull-orders')).toBe('done')
    expect((await world.accountRow(added.channelId)).id).toBe((await world.accountRow(world.channels[id])).id)
  },
)

test('A9: what opens another seller is refused on reauthorising, with both names, and the old sign-in stays', async () => {
  const world = await createMarketWorld(database, { only: ['amazon', 'tiktok'] })
  for (const id of ['amazon', 'tiktok'] as const) {
    const channelId = world.channels[id]
    const before = await world.accountRow(channelId)
    const strange = [{ id: 'elsewhere', sellerId: 'SOMEBODY-ELSE', name: 'Somebody else’s shop' }]
    const refused = await reauthorise(world.parts.db, world.parts.secrets, world.tenantId, {
      channelId,
      credentials: world.accountOf(id),
      sites: strange,
      actor: 'A person',
    })
    expect(refused).toMatchObject({ kind: 'refused', reason: 'invalid' })
    expect(JSON.stringify(refused)).toMatch(/different seller account .*Somebody else’s shop/)
    expect(await world.accountRow(channelId)).toEqual(before)
    expect(await world.finish(channelId, 'pull-orders')).toBe('done')
  }
})

test('A9: Amazon: the authorisation of one seller under the id of another is refused, and the channel goes on', async () => {
  const world = await createMarketWorld(database, { only: ['amazon'] })
  const channelId = world.channels.amazon
  const { otherSellerId, refreshToken } = world.sandboxes.amazon.account
  const refused = await reauthoriseChannel(world.parts, world.tenantId, {
    channelId,
    account: { sellerId: otherSellerId, refreshToken },
    actor: 'A person',
  })
  expect(refused).toMatchObject({ kind: 'refused', reason: 'invalid' })
  expect(await world.finish(channelId, 'pull-orders')).toBe('done')
})

/** Everything due is done, some times over. */
async function work(world: MarketWorld, channelId: string, minutes: number) {
  const step = minutes > 60 ? 60 : 5
  for (let minute = 0; minute < minutes; minute += step) {
    for (const operation of ['pull-orders', 'push-stock', 'verify-listings'] as const)
      await world.kick(channelId, operation)
    await world.settle()
    await world.wait(step * 60)
  }
}

describe('a site the marketplace closed', () => {
  test('Amazon: it is told, the other site of the account goes on, and it opens again by itself with the newest figures', async () => {
    const world = await createMarketWorld(database, { only: ['amazon', 'wish'] })
    const channelId = world.channels.amazon
    const added = await world.connectSite('amazon', { name: 'My Germany', siteId: germany })
    if (added.kind !== 'added') throw new Error(added.message)
    const sold = await world.sell('amazon', { sku: 'A-1' })
    await world.follow(channelId)
    world.sandboxes.amazon.control.choose({ closedMarketplaces: unitedKingdom })
    const number = world.buy('amazon', 'A-1')
    await world.setStock(sold, 7)
    await work(world, channelId, 30)
    expect(await world.orders(channelId)).toEqual([])
    expect(await world.health(channelId)).toMatchObject({ state: 'needs-attention' })
    expect((await world.problems(channelId)).map(({ kind }) => kind)).toContain('channel-refused')
    expect(await world.finish(added.channelId, 'pull-orders')).toBe('done')
    expect(await world.health(added.channelId)).toMatchObject({ state: 'connected' })
    expect(await world.finish(world.channels.wish, 'pull-orders')).toBe('done')

    world.sandboxes.amazon.control.choose({ closedMarketplaces: '' })
    await world.until(channelId, 'pull-orders', async () => (await world.orders(channelId)).length === 1)
    expect(await world.orders(channelId)).toMatchObject([{ marketplace_order_id: number }])
    await work(world, channelId, 9 * 60)
    // One unit was bought meanwhile, and is promised.
    expect(world.shown('amazon', 'A-1')).toBe(6)
    expect(await world.problems(channelId)).toEqual([])
  })

  test('TikTok Shop: one shop taken out of the consent is told, and the seller’s other shop goes on with the same sign-in', async () => {
    const world = await createMarketWorld(database, { only: ['tiktok'] })
    const channelId = world.channels.tiktok
    const other = (await world.sitesOf('tiktok')).find(({ id }) => id !== world.sandboxes.tiktok.account.shopId)
    const added = await world.connectSite('tiktok', { name: 'My second shop', siteId: other?.id ?? '' })
    if (added.kind !== 'added') throw new Error(added.message)
    const sold = await world.sell('tiktok', { sku: 'A-1' })
    const account = world.accountOf('tiktok')
    const { shopId } = world.sandboxes.tiktok.account
    const { [shopId]: cipher = '' } = JSON.parse(account['ciphers'] ?? '{}') as Record<string, string>
    const wrongCipher = { code: 101_000, message: 'Invalid query or header.', data: null }
    world.spoil.answer = ({ query, path }, body) => {
      if (path.endsWith('/authorization/202309/shops')) return withoutShop(body, shopId)
      return query.includes(encodeURIComponent(cipher)) ? { status: 400, body: JSON.stringify(wrongCipher) } : undefined
    }
    const number = world.buy('tiktok', sold.sku)
    await work(world, channelId, 30)
    expect(await world.health(channelId)).toMatchObject({ state: 'needs-attention' })
    const told = (await world.problems(channelId)).map(({ text }) => text).join(' ')
    expect(told).toMatch(/The consent does not open the shop “Sandbox Home UK” any more/)
    expect(await world.finish(added.channelId, 'pull-orders')).toBe('done')
    expect((await world.accountRow(channelId)).state).toBe('connected')

    world.spoil.answer = undefined
    const back = await reauthorise(world.parts.db, world.parts.secrets, world.tenantId, {
      channelId,
      credentials: account,
      sites: await world.sitesOf('tiktok', account),
      actor: 'A person',
    })
    expect(back).toEqual({ kind: 'reauthorised' })
    await world.until(channelId, 'pull-orders', async () => (await world.orders(channelId)).length === 1)
    expect(await world.orders(channelId)).toMatchObject([{ marketplace_order_id: number }])
    expect(await world.problems(channelId)).toEqual([])
  })

  test('TikTok Shop: a shop that may not sell any more is told, and its orders still come', async () => {
    const world = await createMarketWorld(database, { only: ['tiktok'] })
    const channelId = world.channels.tiktok
    const sold = await world.sell('tiktok', { sku: 'A-1' })
    await world.follow(channelId)
    const number = world.buy('tiktok', 'A-1')
    const { shopId } = world.sandboxes.tiktok.account
    world.sandboxes.tiktok.control.closeShop(shopId, false)
    await world.setStock(sold, 7)
    await work(world, channelId, 20)
    expect(await world.orders(channelId)).toMatchObject([{ marketplace_order_id: number }])
    expect((await world.problems(channelId)).map(({ text }) => text).join(' ')).toMatch(/seller is inactive/i)
    world.sandboxes.tiktok.control.closeShop(shopId, true)
    await work(world, channelId, 9 * 60)
    expect(world.shown('tiktok', 'A-1')).toBe(6)
    expect(await world.problems(channelId)).toEqual([])
  })

  test('Wish: a disabled store is told in its words, loses no order, and goes on by itself when it is opened', async () => {
    const world = await createMarketWorld(database, { only: ['wish', 'reverb'] })
    const channelId = world.channels.wish
    const sold = await world.sell('wish', { sku: 'A-1' })
    await world.follow(channelId)
    const number = world.buy('wish', 'A-1')
    world.sandboxes.wish.control.setMerchant({ isDisabled: true })
    await world.setStock(sold, 7)
    await work(world, channelId, 30)
    expect(await world.health(channelId)).toMatchObject({ state: 'needs-attention' })
    expect((await world.problems(channelId)).map(({ text }) => text).join(' ')).toMatch(
      /Wish has disabled this account/,
    )
    expect((await world.accountRow(channelId)).state).toBe('connected')
    expect(await world.finish(world.channels.reverb, 'pull-orders')).toBe('done')
    world.sandboxes.wish.control.setMerchant({ isDisabled: false })
    await world.until(channelId, 'pull-orders', async () => (await world.orders(channelId)).length === 1)
    expect(await world.orders(channelId)).toMatchObject([{ marketplace_order_id: number }])
    await work(world, channelId, 9 * 60)
    expect(world.shown('wish', 'A-1')).toBe(6)
    expect(await world.problems(channelId)).toEqual([])
  })
})

function withoutShop(body: string, shopId: string): string {
  const answer = JSON.parse(body) as { data: { shops: { id: string }[] } }
  return JSON.stringify({ ...answer, data: { shops: answer.data.shops.filter(({ id }) => id !== shopId) } })
}
