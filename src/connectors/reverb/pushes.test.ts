import { describe, expect, test } from 'vitest'
import type { Reply, ShipmentReport } from '../connector.ts'
import type { ScriptedAnswer } from '../scripted-http.ts'
import { pushPrices } from './prices.ts'
import { carriers, carrierWord, confirmShipment } from './shipments.ts'
import { asked, fixture, scriptedCall } from '../scripted-reverb.ts'
import { pushStock } from './stock.ts'

const stock = (id: string, quantity: number) => ({
  marketplaceListingId: id,
  marketplaceVariantId: null,
  channelSku: null,
  quantity,
  state: 'live' as const,
})
const price = (minor: number, currency = 'USD') => ({
  marketplaceListingId: '41001',
  marketplaceVariantId: null,
  channelSku: null,
  price: { minor, currency },
})
const saved: ScriptedAnswer = { json: { message: 'Saved', listing: { id: 41001 }, errors: [], warnings: [] } }
const shipped = (code: string, provider = 'UPS'): ScriptedAnswer => ({
  json: fixture('order', { status: 'shipped', shipping_provider: provider, shipping_code: code }),
})
const kindsOf = (replies: Reply[]) => replies.map((reply) => reply.kind)

describe('stock', () => {
  test('E3: one listing per request, with nothing but the figure', async () => {
    const { call, seen } = scriptedCall(saved)
    expect(await pushStock(call, [stock('41001', 4)])).toEqual([{ kind: 'done', reference: '41001' }])
    expect(asked(seen[0])).toMatchObject({ what: 'PUT /api/listings/41001' })
    expect(asked(seen[0]).body).toEqual({ has_inventory: true, inventory: 4 })
  })

  test('R1: neither 0 nor a return above it says `publish`', async () => {
    const { call, seen } = scriptedCall(saved, saved)
    await pushStock(call, [stock('1', 0), { ...stock('2', 5), state: 'ended' }])
    expect(seen.map((request) => asked(request).body)).toEqual([
      { has_inventory: true, inventory: 0 },
      { has_inventory: true, inventory: 5 },
    ])
  })

  test('a half-failed batch answers entry by entry', async () => {
    const { call } = scriptedCall(saved, { status: 404 }, { status: 422, json: fixture('refused-validation') }, saved)
    const replies = await pushStock(
      call,
      ['1', '2', '3', '4'].map((id) => stock(id, 1)),
    )
    expect(kindsOf(replies)).toEqual(['done', 'gone', 'rejected', 'done'])
  })

  test.each([-1, 1.5, Number.NaN])('the figure %s is never sent', async (quantity) => {
    const { call, seen } = scriptedCall()
    expect(kindsOf(await pushStock(call, [stock('1', quantity)]))).toEqual(['rejected'])
    expect(seen).toEqual([])
  })

  test.each<[string, ScriptedAnswer, Reply['kind']]>([
    ['a lost answer', { failure: { kind: 'timeout', sent: true } }, 'unclear'],
    ['an empty answer', { status: 200, body: '' }, 'unclear'],
    ['an answer that is a list', { json: [] }, 'unclear'],
    ['errors inside a success', { json: { listing: {}, errors: ['no'] } }, 'rejected'],
    ['a slow-down', { status: 429, headers: { 'retry-after': '3' } }, 'wait'],
  ])('%s', async (_name, answer, kind) => {
    expect(kindsOf(await pushStock(scriptedCall(answer).call, [stock('1', 1)]))).toEqual([kind])
  })
})

describe('prices', () => {
  test('E4: one listing per request, as decimal text with its currency', async () => {
    const { call, seen } = scriptedCall(saved)
    expect(kindsOf(await pushPrices(call, [price(9505)]))).toEqual(['done'])
    expect(asked(seen[0])).toMatchObject({ what: 'PUT /api/listings/41001' })
    expect(asked(seen[0]).body).toEqual({ price: { amount: '95.05', currency: 'USD' } })
  })

  test('a currency without pence stays without', async () => {
    const { call, seen } = scriptedCall(saved)
    await pushPrices(call, [price(9500, 'JPY')])
    expect(asked(seen[0]).body).toEqual({ price: { amount: '9500', currency: 'JPY' } })
  })

  test('R1, E4: nothing at or below 0, and no currency Reverb does not take, is ever sent', async () => {
    const { call, seen } = scriptedCall()
    expect(kindsOf(await pushPrices(call, [price(0), price(-5), price(100, 'CHF')]))).toEqual([
      'rejected',
      'rejected',
      'rejected',
    ])
    expect(seen).toEqual([])
  })
})

describe('confirming a parcel', () => {
  const shipment: ShipmentReport = {
    marketplaceOrderId: '900001',
    packageNumber: 1,
    carrier: 'royal-mail',
    trackingNumber: ' AB 123 GB ',
    shippedAt: new Date('2026-03-10T09:00:00Z'),
    lines: [{ marketplaceLineId: '900001', quantity: 2 }],
  }
  const open: ScriptedAnswer = { json: fixture('order') }
  const taken: ScriptedAnswer = { json: { message: 'Shipped' } }

  test('D7: reads the order, then sends carrier, tracking and the wish to tell the buyer', async () => {
    const { call, seen } = scriptedCall(open, taken)
    expect(await confirmShipment(call, shipment)).toEqual({ kind: 'done', reference: 'AB 123 GB' })
    expect(seen.map((request) => asked(request).what)).toEqual([
      'GET /api/my/orders/selling/900001',
      'POST /api/my/orders/selling/900001/ship',
    ])
    expect(asked(seen[1]).body).toEqual({
      provider: 'Royal Mail',
      tracking_number: 'AB 123 GB',
      send_notification: true,
    })
  })

  test('V1: repeating it sends nothing once the order shows the same tracking', async () => {
    const { call, seen } = scriptedCall(shipped('ab123gb'))
    expect(await confirmShipment(call, shipment)).toMatchObject({ kind: 'done' })
    expect(seen.length).toBe(1)
  })

  test('a first parcel with another tracking number corrects what is there', async () => {
    const { call, seen } = scriptedCall(shipped('OLD'), taken)
    expect((await confirmShipment(call, shipment)).kind).toBe('done')
    expect(seen.length).toBe(2)
  })

  test('a second parcel never overwrites the first: a person decides', async () => {
    const { call, seen } = scriptedCall(shipped('OLD'))
    expect((await confirmShipment(call, { ...shipment, packageNumber: 2 })).kind).toBe('rejected')
    expect(seen.length).toBe(1)
  })

  test.each(['cancelled', 'refunded', 'blocked'])('D9: an order that is %s is not shipped', async (status) => {
    const { call, seen } = scriptedCall({ json: fixture('order', { status }) })
    expect((await confirmShipment(call, shipment)).kind).toBe('rejected')
    expect(seen.length).toBe(1)
  })

  test('V3: no tracking number, nothing sent', async () => {
    const { call, seen } = scriptedCall()
    expect((await confirmShipment(call, { ...shipment, trackingNumber: '  ' })).kind).toBe('rejected')
    expect(seen).toEqual([])
  })

  test.each<[string, ScriptedAnswer[], Reply['kind']]>([
    ['an order that is no more is gone', [{ status: 404 }], 'gone'],
    ['a lost answer to the reading is asked again', [{ failure: { kind: 'timeout', sent: true } }], 'wait'],
    ['a lost answer to the sending is unclear', [open, { failure: { kind: 'timeout', sent: true } }], 'unclear'],
    ['a sending that never left is repeated', [open, { failure: { kind: 'refused', sent: false } }], 'wait'],
    ['an empty answer is unclear', [open, { json: {} }], 'unclear'],
    ['no answer text at all is unclear', [open, { status: 200, body: '' }], 'unclear'],
    ['errors inside a success are errors', [open, { json: { errors: { provider: ['unknown'] } } }], 'rejected'],
    ['R14: a validation error is rejected', [open, { status: 412, json: fixture('refused-validation') }], 'rejected'],
  ])('%s', async (_name, answers, kind) => {
    expect((await confirmShipment(scriptedCall(...answers).call, shipment)).kind).toBe(kind)
  })

  test.each([
    ['ups', 'UPS'],
    ['UPS', 'UPS'],
    ['Royal Mail', 'Royal Mail'],
    ['dhl-express', 'DHLExpress'],
    ['correos españa', 'Correos España'],
    ['dpd', 'Other'],
    ['Pigeon & Sons', 'Other'],
    ['', 'Other'],
  ])('R12: the carrier %j goes out as %s', (carrier, word) => {
    expect(carrierWord(carrier)).toBe(word)
  })

  test('no two carrier codes of ours read the same', () => {
    const codes = Object.keys(carriers)
    expect(codes.map(carrierWord)).toEqual(codes.map((code) => carriers[code]))
  })
})
