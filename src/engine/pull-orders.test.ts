import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createOrdersWorld, type OrdersWorld } from '../../test/support/orders-world.ts'
import { RefusedError, type ChannelOrder, type Connector, type Page, type PullFrom } from '../connectors/connector.ts'
import type { ChannelRun } from './channel-run.ts'
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

type Answer = (from: PullFrom) => Promise<Page<ChannelOrder>> | Page<ChannelOrder>

function run(answer: Answer): Promise<'done' | 'again'> {
  const pull = async (_call: unknown, from: PullFrom) => {
    asked.push(from.cursor)
    return answer(from)
  }
  const connector = { orders: { pull } } as unknown as Connector
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
