import { describe, expect, test } from 'vitest'
import type { ShipmentReport } from '../connector.ts'
import type { ScriptedAnswer } from '../scripted-http.ts'
import { asked, fixture, ok, orderId, refused, scriptedCall } from '../scripted-wish.ts'
import { carrierNameAmong, carriers } from './carriers.ts'
import { confirmShipment } from './shipments.ts'

const shipment: ShipmentReport = {
  marketplaceOrderId: orderId,
  packageNumber: 1,
  carrier: 'royal-mail',
  trackingNumber: ' ab-123 gb ',
  shippedAt: new Date('2026-05-02T09:00:00Z'),
  lines: [{ marketplaceLineId: orderId, quantity: 2 }],
}
const names = ['RoyalMail', 'UPS', 'DPD', 'Other']
const carrierList = ok(names.map((name) => ({ name })))
const warehouses = ok(fixture('warehouses')['list'])
const order = (changes: Record<string, unknown> = {}) => ok(fixture('order', changes))
const tracked = (...numbers: string[]) => ({
  tracking_information: numbers.map((tracking_number) => ({ tracking_number, shipping_provider: { name: 'UPS' } })),
})
const working = { processing_source: 'UPDATE_TRACKING', processing_status: 'IN_PROGRESS' }
const failed = { processing_source: 'UPDATE_TRACKING', processing_status: 'FAILED' }
const succeeded = { processing_source: 'UPDATE_TRACKING', processing_status: 'SUCCEEDED' }
const event = (event_type: string, event_time: string) => ({ event_type, event_time })
const isDone = { kind: 'done', reference: 'AB123GB' }
const isPending = { kind: 'pending', ticket: 'AB123GB' }

test('D7: reads the order, then sends country, carrier and a number of letters and digits', async () => {
  const { call, seen } = scriptedCall(order(), warehouses, carrierList, order(working))
  expect(await confirmShipment(call, shipment)).toEqual(isPending)
  expect(seen.map((request) => asked(request).what)).toEqual([
    `GET /orders/${orderId}`,
    'GET /merchant/warehouses',
    'GET /orders/shipping_carriers',
    `PUT /orders/${orderId}/tracking`,
  ])
  expect(asked(seen[2]).query).toEqual({ order_type: 'GENERAL' })
  expect(asked(seen[3]).body).toEqual({
    origin_country: 'GB',
    shipping_provider: 'RoyalMail',
    tracking_number: 'AB123GB',
  })
})

test('a second parcel in the same work asks for warehouses and carriers no more', async () => {
  const { call, seen } = scriptedCall(order(), warehouses, carrierList, order(), order(), order())
  await confirmShipment(call, shipment)
  await confirmShipment(call, { ...shipment, trackingNumber: 'OTHER1' })
  expect(seen.length).toBe(6)
})

test('is done at once where Wish says so at once', async () => {
  const { call } = scriptedCall(
    order(),
    warehouses,
    carrierList,
    order({ state: 'SHIPPED', ...tracked('AB123GB'), ...succeeded }),
  )
  expect(await confirmShipment(call, shipment)).toEqual(isDone)
})

describe('V1, W5: what the order shows decides, and nothing is sent twice', () => {
  test.each<[string, Record<string, unknown>, object]>([
    ['shown and succeeded', { state: 'SHIPPED', ...tracked('ab 123 GB'), ...succeeded }, isDone],
    ['shown, and nothing said of the work', { state: 'SHIPPED', ...tracked('AB123GB') }, isDone],
    ['at work', working, isPending],
    ['at work with the number shown', { ...working, ...tracked('AB123GB') }, isPending],
    ['at work on a refund', { processing_source: 'REFUND', processing_status: 'IN_PROGRESS' }, isPending],
    ['failed just now', { ...failed, updated_at: '2026-05-02T11:58:00.000Z' }, { kind: 'rejected' }],
    ['refunded', { state: 'REFUNDED' }, { kind: 'rejected' }],
    ['never paid', { state: 'DECLINED' }, { kind: 'rejected' }],
    ['sent by Wish', { fulfillment_order_types: ['FULFILLED_BY_WISH'] }, { kind: 'rejected' }],
  ])('%s', async (_name, changes, reply) => {
    const { call, seen } = scriptedCall(order(changes))
    expect(await confirmShipment(call, shipment)).toMatchObject(reply)
    expect(seen.length).toBe(1)
  })

  test.each<[string, Record<string, unknown>]>([
    ['a failure someone has been told of', { ...failed, updated_at: '2026-05-02T11:30:00.000Z' }],
    ['another number of a parcel that is corrected', { state: 'SHIPPED', ...tracked('OLD'), ...succeeded }],
    ['a review that goes on', { state: 'REQUIRE_REVIEW' }],
  ])('%s does not stand in the way', async (_name, changes) => {
    const { call, seen } = scriptedCall(order(changes), warehouses, carrierList, order(working))
    expect((await confirmShipment(call, shipment)).kind).toBe('pending')
    expect(seen.length).toBe(4)
  })

  test('W6: an order released again is shipped again, even with the number it had', async () => {
    const again = {
      ...tracked('AB123GB'),
      ...succeeded,
      fulfillment_records: [
        event('MARK_SHIPPED', '2026-05-01T12:00:00.000Z'),
        event('ORDER_RE_RELEASED', '2026-05-01T13:00:00.000Z'),
      ],
    }
    const { call, seen } = scriptedCall(order(again), warehouses, carrierList, order({ ...again, ...working }))
    expect(await confirmShipment(call, shipment)).toEqual(isPending)
    expect(seen.at(-1)?.method).toBe('PUT')
  })

  test('a second parcel is added, a third would push out the first', async () => {
    const second = { ...shipment, packageNumber: 2 }
    const one = scriptedCall(order({ state: 'SHIPPED', ...tracked('A1') }), warehouses, carrierList, order(working))
    expect((await confirmShipment(one.call, second)).kind).toBe('pending')
    const two = scriptedCall(order({ state: 'SHIPPED', ...tracked('A2', 'A1') }))
    expect(await confirmShipment(two.call, { ...shipment, packageNumber: 3 })).toMatchObject({
      kind: 'rejected',
      reason: expect.stringContaining('A2, A1'),
    })
  })
})

describe('W1: the country it is sent from', () => {
  const sentFrom = async (changes: Record<string, unknown>, list: unknown) => {
    const { call, seen } = scriptedCall(order(changes), ok(list), carrierList, order(working))
    const reply = await confirmShipment(call, shipment)
    return seen[3] === undefined ? reply.kind : (asked(seen[3]).body as { origin_country: string }).origin_country
  }
  const list = fixture('warehouses')['list']
  test('is that of the warehouse the order was sold from, else of the chosen one', async () => {
    const express = { warehouse_information: { warehouse_id: '650000000000000000000002' } }
    expect(await sentFrom(express, list)).toBe('FR')
    expect(await sentFrom({ warehouse_information: undefined }, list)).toBe('GB')
  })
  test('is never guessed', async () => {
    expect(await sentFrom({}, [{ id: '650000000000000000000001', name: 'Default' }])).toBe('rejected')
  })
})

test('an order with confirmed delivery has carriers of its own, by country', async () => {
  const marks = { fulfillment_order_types: ['CONFIRMED_DELIVERY_POLICY'] }
  const { call, seen } = scriptedCall(order(marks), warehouses, carrierList, order(working))
  await confirmShipment(call, shipment)
  expect(asked(seen[2]).query).toEqual({ order_type: 'CONFIRMED_DELIVERY', dest_country_code: 'GB' })
})

test.each<[string, ScriptedAnswer[], string]>([
  ['an order that is no more is gone', [refused(400, 90001, 'There is no such order for the merchant.')], 'gone'],
  ['a lost answer to the reading is asked again', [{ failure: { kind: 'timeout', sent: true } }], 'wait'],
  [
    'a lost answer to the sending is unclear',
    [order(), warehouses, carrierList, { failure: { kind: 'reset', sent: true } }],
    'unclear',
  ],
  [
    'a sending that never left is repeated',
    [order(), warehouses, carrierList, { failure: { kind: 'refused', sent: false } }],
    'wait',
  ],
  ['a refusal is one', [order(), warehouses, carrierList, refused(400, 90001, 'Tracking number is used')], 'rejected'],
])('%s', async (_name, answers, kind) => {
  expect((await confirmShipment(scriptedCall(...answers).call, shipment)).kind).toBe(kind)
})

test.each(['', ' - ', '追踪'])('V3: the tracking number %j is none, nothing is sent', async (trackingNumber) => {
  const { call, seen } = scriptedCall()
  expect((await confirmShipment(call, { ...shipment, trackingNumber })).kind).toBe('rejected')
  expect(seen).toEqual([])
})

describe('carriers', () => {
  test.each([
    ['royal-mail', 'RoyalMail'],
    ['Royal Mail', 'RoyalMail'],
    ['ups', 'UPS'],
    ['dpd-uk', 'DPD'],
    ['dpd', 'DPD'],
    ['Pigeon & Sons', 'Other'],
    ['', 'Other'],
  ])('%j goes out as %s', (carrier, name) => expect(carrierNameAmong(names, carrier)).toBe(name))
  test('where Wish has no word for others, an unknown one is refused', async () => {
    expect(carrierNameAmong(['UPS'], 'pigeon')).toBeUndefined()
    const { call, seen } = scriptedCall(order(), warehouses, ok([{ name: 'UPS' }]))
    expect(await confirmShipment(call, { ...shipment, carrier: 'pigeon' })).toMatchObject({ kind: 'rejected' })
    expect(seen.length).toBe(3)
  })
  test('no two carrier codes of ours read the same', () => {
    const all = Object.values(carriers)
    expect(Object.keys(carriers).map((code) => carrierNameAmong(all, code))).toEqual(all)
  })
})
