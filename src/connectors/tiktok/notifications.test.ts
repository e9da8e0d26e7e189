import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { app, asked, ok, refused, scriptedCall } from '../scripted-tiktok.ts'
import { tiktok } from './index.ts'

const { notifications } = tiktok
if (!notifications?.subscribe) throw new Error('TikTok Shop notifies')
const { read, subscribe } = notifications

const signed = (body: string) => ({
  headers: {
    authorization: createHmac('sha256', app.appSecret)
      .update(app.appKey + body)
      .digest('hex'),
  },
  query: {},
  body,
})
const told = (message: object) => read(signed(JSON.stringify(message)), app)
const message = (type: number, data: object) => ({
  type,
  tts_notification_id: '7380066284010030890',
  shop_id: '7495540735365777507',
  timestamp: 1_718_305_585,
  data,
})

describe('the signature', () => {
  const body =
    '{"type":1,"tts_notification_id":"7380066284010030890","shop_id":"7495540735365777507","timestamp":1718305585,"data":{"is_on_hold_order":true,"order_id":"576653688135258178","order_status":"UNPAID","update_time":1718305585}}'
  const authorization = '5dec0f11ec2f6783b8deee53c9ffbf8d024302f7c7e7fa55a35d17629031ac05'
  const vendorsApp = { appKey: 'abcdef', appSecret: '123', serviceId: '' }

  test('the vendor’s own vector is genuine', () => {
    expect(read({ headers: { authorization }, query: {}, body }, vendorsApp)).toEqual([
      {
        id: '7380066284010030890',
        sellerId: null,
        siteId: '7495540735365777507',
        about: 'orders',
        reference: '576653688135258178',
      },
    ])
  })

  test.each<[string, Record<string, string>, string, Record<string, string>]>([
    ['another body', { authorization }, body.replace('UNPAID', 'ON_HOLD'), vendorsApp],
    ['a blank more in the body', { authorization }, `${body} `, vendorsApp],
    ['another secret', { authorization }, body, { ...vendorsApp, appSecret: '124' }],
    ['no secret', { authorization }, body, { ...vendorsApp, appSecret: '' }],
    ['no signature', {}, body, vendorsApp],
    ['a shorter signature', { authorization: authorization.slice(2) }, body, vendorsApp],
    ['a signature of other letters', { authorization: 'ü'.repeat(64) }, body, vendorsApp],
    ['a scheme word', { authorization: `Bearer ${authorization}` }, body, vendorsApp],
  ])('%s is forged', (_name, headers, text, credentials) => {
    expect(read({ headers, query: {}, body: text }, credentials)).toBe('forged')
  })
})

describe('what to look at again', () => {
  test.each([
    [1, { order_id: '5', order_status: 'CANCEL' }, 'orders', '5'],
    [3, { order_id: '5' }, 'orders', '5'],
    [11, { order_id: '5', cancel_status: 'CANCELLATION_REQUEST_CANCELLED' }, 'orders', '5'],
    [12, { order_id: '5', return_id: '6' }, 'orders', '5'],
    [5, { product_id: '7' }, 'listings', '7'],
    [27, { product_id: '7', sku_id: '8' }, 'listings', '7'],
    [6, { message: 'gone' }, 'account', null],
    [7, { expiration_time: '1' }, 'account', null],
    [1, {}, 'orders', null],
  ])('type %s with %j', (type, data, about, reference) => {
    expect(told(message(type, data))).toMatchObject([{ about, reference, siteId: '7495540735365777507' }])
  })

  test('ids beyond 2^53 stay exact where they come as numbers', () => {
    const body = '{"type":37,"shop_id":7495540735365777507,"data":{"product_id":1729592969712207009}}'
    expect(read(signed(body), app)).toMatchObject([{ siteId: '7495540735365777507', reference: '1729592969712207009' }])
  })

  test('a change of parcels is about each of its orders, and each has an id of its own', () => {
    const package_list = [
      { package_id: '1', order_id_list: ['5', '6'] },
      { package_id: '2', order_id_list: ['6'] },
    ]
    const nudges = told(message(4, { package_list }))
    expect(nudges).toMatchObject([{ reference: '5' }, { reference: '6' }])
    expect(new Set((nudges as { id: string }[]).map(({ id }) => id)).size).toBe(2)
  })

  test('without an id a message is known by its text: repeated it has the same one', () => {
    const body = JSON.stringify({ type: 3, shop_id: '1', data: { order_id: '5' } })
    const [first, again, other] = [body, body, body.replace('5', '6')].map((text) => read(signed(text), app))
    expect(first).toEqual(again)
    expect(first).not.toEqual(other)
    expect(first).toMatchObject([{ id: expect.stringMatching(/^[0-9a-f]{64}$/) }])
  })

  test.each(['{"type":14,"data":{}}', '{"type":"constructor"}', '{"type":', '[]', ''])(
    'genuine, but nothing we look at: %s',
    (body) => {
      expect(read(signed(body), app)).toEqual([])
    },
  )
})

describe('asking for them', () => {
  const address = 'https://hub.example.test/notifications/tiktok'

  test('each topic is asked for once; those that are right already are left alone', async () => {
    const webhooks = [
      { event_type: 'ORDER_STATUS_CHANGE', address },
      { event_type: 'PACKAGE_UPDATE', address: 'https://elsewhere.example.test' },
    ]
    const { call, seen } = scriptedCall(ok({ webhooks, total_count: 2 }), ...Array.from({ length: 9 }, () => ok()))
    expect(await subscribe(call, address)).toEqual({ kind: 'done' })
    const topics = seen.slice(1).map((request) => asked(request))
    expect(topics[0]).toMatchObject({ what: 'PUT /event/202309/webhooks', query: { shop_cipher: expect.any(String) } })
    const names = topics.map(({ body }) => (body as { event_type: string }).event_type)
    expect(names).toContain('PACKAGE_UPDATE')
    expect(names).not.toContain('ORDER_STATUS_CHANGE')
    expect(new Set(names).size).toBe(9)
  })

  test('a refusal is given back', async () => {
    const { call } = scriptedCall(refused(105005))
    expect(await subscribe(call, address)).toMatchObject({ kind: 'rejected' })
    expect(await subscribe(call, `https://hub.example.test/${'x'.repeat(255)}`)).toMatchObject({ kind: 'rejected' })
  })
})
