import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createOrdersWorld, type OrdersWorld } from '../../test/support/orders-world.ts'
import { RefusedError, type ChannelOrder, type Connector, type Page, type PullFrom } from '../connectors/connector.ts'
import { downloadAgain } from '../domain/orders/download-again.command.ts'
import type { ChannelRun, RunEnd } from './channel-run.ts'
import { ChannelOff } from './pace.ts'
import { pullOrders } from './pull-orders.ts'

let database: TestDatabase
let world: OrdersWorld
let asked: (string | null)[]

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())
beforeEach(async () => {
  world = await createOrdersWorld(database)
  asked = []
})

type Read = (marketplaceOrderId: string) => Promise<ChannelOrder> | ChannelOrder
const never: Read = (id) => {
  throw new Error(`${id} was asked for by itself`)
}
type Answer = (from: PullFrom) => Promise<Page<ChannelOrder>> | Page<ChannelOrder>

function run(answer: Answer, read = never): Promise<RunEnd> {
  const pull = async (_call: unknown, from: PullFrom) => {
    asked.push(from.cursor)
    return answer(from)
  }
  const connector = { orders: { pull, read: async (_call: unknown, id: string) => read(id) } } as unknown as Connector
  const channel = { id: world.channelId, connectedAt: new Date(0) }
  const transaction: ChannelRun['transaction'] = (work) => world.transaction(work)
  return pullOrders.run({
    connector,
    channel,
    call: {},
    parts: { secrets: world.secrets },
    transaction,
  } as unknown as ChannelRun)
}

const page = (cursor: string, more: boolean, ...ids: string[]): Page<ChannelOrder> => ({
  items: ids.map((id) => world.order(id)),
  unreadable: [],
  cursor,
  more,
})

const ids = async () =>
  (
    await database.asOwner<{ id: string }>(
      'select marketplace_order_id as id from orders where tenant_id = $1 order by 1',
      [world.tenantId],
    )
  ).map((row) => row.id)

test('D1: pages are walked to the end, and the next walk goes on from there', async () => {
  const pages = [page('1', true, 'A', 'B'), page('2', false, 'C')]
  expect(await run(() => pages.shift()!)).toBe('done')
  expect(await ids()).toEqual(['A', 'B', 'C'])
  await run(() => page('3', false))
  expect(asked).toEqual([null, '1', '2'])
})

test('O5: a walk that is refused in the middle keeps what it stored and loses nothing', async () => {
  const refused = run((from) => {
    if (from.cursor === null) return page('1', true, 'A')
    throw new RefusedError({ kind: 'wait', seconds: 5 })
  })
  await expect(refused).rejects.toThrow(RefusedError)
  await run(() => page('2', false, 'B'))
  expect(asked).toEqual([null, '1', '1'])
  expect(await ids()).toEqual(['A', 'B'])
})

test('A7: switching off stops the walk before the next page is stored or asked for', async () => {
  const ended = await run(async (from) => {
    if (from.cursor === '1') await world.settings({ enabled: false })
    return page(String(Number(from.cursor ?? 0) + 1), true, `order ${from.cursor}`)
  })
  expect(ended).toBe('done')
  expect(asked).toEqual([null, '1'])
  expect(await ids()).toEqual(['order null'])
})

test('a long backlog gives others their turn', async () => {
  expect(await run((from) => page(String(Number(from.cursor ?? 0) + 1), true))).toBe('again')
  expect(asked).toHaveLength(20)
})

const skipped = () =>
  database.asOwner<{ id: string; reason: string; wanted: boolean; refusal: string | null }>(
    `select marketplace_order_id as id, reason, wanted_at is not null as wanted, refusal from skipped_orders where tenant_id = $1 order by 1`,
    [world.tenantId],
  )
const skip = async (...orders: string[]) => {
  await world.settings({ exclude_unmapped: true })
  await run(() => page('1', false, ...orders))
  await world.settings({ exclude_unmapped: false })
}
const want = (marketplaceOrderId: string) =>
  downloadAgain(world.db, world.tenantId, { channelId: world.channelId, marketplaceOrderId, actor: 'A person' })

test('D3: an order that was left out comes when a person wants it, asked for by itself, and the walk stays where it was', async () => {
  await skip('A', 'B')
  expect(await want('A')).toEqual({ kind: 'asked' })
  expect(await want('A')).toEqual({ kind: 'asked' })
  expect(await want('never')).toEqual({ kind: 'refused', reason: 'not-found' })
  expect(world.kicks.at(-1)).toMatchObject({ data: { channelId: world.channelId, operation: 'pull-orders' } })
  await run(
    () => page('2', false),
    (id) => world.order(id),
  )
  expect(asked).toEqual([null, '1'])
  expect(await ids()).toEqual(['A'])
  expect((await skipped()).map(({ id }) => id)).toEqual(['B'])
  await run(() => page('3', false))
  expect(asked).toEqual([null, '1', '2'])
  expect(await want('A')).toEqual({ kind: 'refused', reason: 'not-found' })
})

test('D3: one that is left out again stands in the log again, and is not wanted any more', async () => {
  await skip('A')
  await want('A')
  await world.settings({ exclude_unmapped: true })
  await run(
    () => page('2', false),
    (id) => world.order(id),
  )
  expect(await skipped()).toEqual([{ id: 'A', reason: 'excluded-unmapped', wanted: false, refusal: null }])
})

test('D3: what the marketplace says of a wanted order is kept, and keeps no other from coming', async () => {
  await skip('A', 'B', 'C')
  for (const id of ['A', 'B', 'C']) await want(id)
  const read: Read = (id) => {
    if (id === 'A') throw new RefusedError({ kind: 'gone' })
    if (id === 'B') throw new RefusedError({ kind: 'wait', seconds: 5, reason: 'Down for repair' })
    return world.order(id)
  }
  expect(await run(() => page('2', false), read)).toBe('done')
  expect(await ids()).toEqual(['C'])
  expect(await skipped()).toMatchObject([
    { id: 'A', wanted: false, refusal: expect.stringContaining('does not have') },
    { id: 'B', wanted: true, refusal: 'Down for repair' },
  ])
})

test('A7: a wish outlives the switch, and is refused while it is off', async () => {
  await skip('A')
  await want('A')
  const switchedOff = run(
    () => page('2', false),
    async (id) => {
      await world.settings({ enabled: false })
      return world.order(id)
    },
  )
  await expect(switchedOff).rejects.toThrow(ChannelOff)
  expect([await ids(), (await skipped())[0]?.wanted]).toEqual([[], true])
  expect(await want('A')).toEqual({ kind: 'refused', reason: 'switched-off' })
})
