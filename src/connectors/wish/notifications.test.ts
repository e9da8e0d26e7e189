import { expect, test } from 'vitest'
import { asked, ok, refused, scriptedCall } from '../scripted-wish.ts'
import { wish } from './index.ts'

const { notifications } = wish
const address = 'https://hub.example.test/hooks/wish?to=1'
const read = (headers: Record<string, string>, body = '{}') => notifications?.read({ headers, query: {}, body }, {})
const topics = ok([
  { id: 't1', topic_name: 'ORDER_ALL', api_version: 'V3' },
  { id: 't2', topic_name: 'PRODUCT_UPDATE_MERCHANT' },
  { id: 't3', topic_name: 'PRODUCT_SOLDOUT' },
  { id: 't4', topic_name: 'ORDER_TAX' },
])

test.each([
  ['ORDER_RELEASE', 'orders'],
  ['PRODUCT_UPDATE_MERCHANT', 'listings'],
])('%s is a hint to look at %s, of every account: nothing shows who sent it', (topic, about) => {
  expect(read({ 'wish-topic': topic, 'wish-api-version': 'V3' }, '{"merchant_id":"1","order_id":"2"}')).toEqual([
    { id: expect.stringMatching(/^[0-9a-f]{64}$/), sellerId: null, siteId: null, about, reference: null },
  ])
})

test('a message without a topic is not Wish’s, one of another topic says nothing', () => {
  expect(read({})).toBe('forged')
  expect(read({ 'wish-topic': 'POLICY_PENALTY_ISSUE' })).toEqual([])
  expect(read({ 'wish-topic': 'constructor' })).toEqual([])
})

test('a repeated message is known by its id, another is not', () => {
  const first = read({ 'wish-topic': 'ORDER_ALL' }, '{"id":1}')
  expect(read({ 'wish-topic': 'ORDER_ALL' }, '{"id":1}')).toEqual(first)
  expect(read({ 'wish-topic': 'ORDER_ALL' }, '{"id":2}')).not.toEqual(first)
  expect(read({ 'wish-topic': 'ORDER_ALL', date: 'later' }, '{"id":1}')).not.toEqual(first)
})

test('subscribes to what is missing, revives what sleeps, and leaves the rest', async () => {
  const list = ok([
    { id: 's1', topic_id: 't1', endpoint: address, status: 'ACTIVE' },
    { id: 's2', topic_id: 't2', endpoint: address, status: 'INACTIVE' },
    { id: 's3', topic_id: 't3', endpoint: 'https://other.example.test', status: 'ACTIVE' },
  ])
  const { call, seen } = scriptedCall(topics, list, ok({}), ok({}))
  expect(await notifications?.subscribe?.(call, address)).toEqual({ kind: 'done' })
  expect(seen.slice(2).map(asked)).toEqual([
    { what: 'PUT /webhook/subscriptions/s2', query: { endpoint: address, status: 'ACTIVE' }, body: undefined },
    { what: 'POST /webhook/subscriptions', query: { topic_id: 't3', endpoint: address }, body: undefined },
  ])
})

test('an app that must set it in its dashboard is told so', async () => {
  const { call } = scriptedCall(refused(400, 90001, 'Set the webhook in the dashboard'))
  expect(await notifications?.subscribe?.(call, address)).toMatchObject({ kind: 'rejected' })
})
