import { describe, expect, test } from 'vitest'
import { reverb } from './index.ts'
import { toChannelOrder } from './orders.ts'
import { asked, fixture, refusalOf, scriptedCall } from '../scripted-reverb.ts'

const usd = (minor: number) => ({ minor, currency: 'USD' })
const yen = (amount: string) => ({ amount, currency: 'JPY' })
const order = (changes: Record<string, unknown> = {}) => toChannelOrder(fixture('order', changes), 'USD')

test('an order is one listing times a quantity', () => {
  const read = order()
  expect(read).toMatchObject({
    marketplaceOrderId: '900001',
    bundleId: '5501',
    status: 'to-ship',
    marketplaceStatus: 'paid',
    placedAt: new Date('2026-03-09T23:38:29Z'),
    updatedAt: new Date('2026-03-09T23:40:00Z'),
    paidAt: new Date('2026-03-09T23:39:00Z'),
    currency: 'USD',
    totals: { itemsIncVat: usd(19000), shippingIncVat: usd(800), tax: usd(0), grandTotal: usd(19800) },
    shippingService: 'shipped',
    localPickup: false,
    shipments: [],
  })
  expect(read.lines).toEqual([
    {
      marketplaceLineId: '900001',
      marketplaceListingId: '41001',
      marketplaceVariantId: null,
      channelSku: 'PEDAL-01',
      title: 'Made-up Overdrive Pedal',
      quantity: 2,
      unitPriceIncVat: usd(9500),
    },
  ])
  expect(read.raw).toEqual(fixture('order'))
})

describe('statuses', () => {
  test.each(Object.entries(reverb.orders.statuses))('%s is %s', (word, status) => {
    expect(order({ status: word }).status).toBe(status)
  })
  test.each(['quarantined', 'Paid', 'constructor', '__proto__', ''])(
    'R12: the word %j is kept and never guessed',
    (word) => {
      expect(order({ status: word })).toMatchObject({ status: 'unknown', marketplaceStatus: word })
    },
  )
  test('R9: an accepted offer nobody paid yet is not to be shipped', () => {
    const read = order({ status: 'unpaid', order_type: 'offer', paid_at: null })
    expect(read).toMatchObject({ status: 'awaiting-payment', paidAt: null })
  })
})

describe('what may be missing', () => {
  test('a missing quantity is 1', () => {
    expect(order({ quantity: undefined }).lines[0]?.quantity).toBe(1)
  })
  test('R8: the address may be absent, and blanks are no address', () => {
    expect(order({ shipping_address: undefined }).shipTo).toBeNull()
    expect(order({ shipping_address: { name: ' ', street_address: '' } }).shipTo).toBeNull()
  })
  test('R8: stray blanks go, the country is upper case', () => {
    expect(order().shipTo).toEqual({
      name: 'Buyer 0042',
      street: '1 Example Street',
      extended: '',
      city: 'Exampletown',
      region: 'IL',
      postalCode: '00042',
      countryCode: 'US',
      phone: '+1 555 0100',
    })
  })
  test('a buyer without an e-mail address has none', () => {
    expect(order({ buyer_email: undefined }).buyer).toEqual({ name: 'Buyer 0042', email: null, phone: '+1 555 0100' })
  })
  test('local pickup is told by its flag or by the shipping method', () => {
    expect(order({ local_pickup: true, shipping_method: undefined })).toMatchObject({
      localPickup: true,
      shippingService: 'local',
    })
    expect(order({ shipping_method: 'local' }).localPickup).toBe(true)
  })
  test('subtotal, shipping and tax may be left out, the sums still hold', () => {
    const read = order({
      amount_product_subtotal: undefined,
      shipping: undefined,
      amount_tax: undefined,
      total: undefined,
    })
    expect(read.totals).toEqual({
      itemsIncVat: usd(19000),
      shippingIncVat: usd(0),
      tax: usd(0),
      grandTotal: usd(19000),
    })
  })
  test('an order without a time of change has the latest time it names', () => {
    expect(order({ updated_at: undefined }).updatedAt).toEqual(new Date('2026-03-09T23:39:00Z'))
  })
})

test('R11: the currency is the order’s own, whatever the shop’s is', () => {
  const money = {
    amount_product: yen('9500'),
    amount_product_subtotal: yen('19000'),
    shipping: yen('0'),
    amount_tax: yen('0'),
  }
  const read = order({ ...money, total: yen('19000') })
  expect(read.currency).toBe('JPY')
  expect(read.totals.grandTotal).toEqual({ minor: 19000, currency: 'JPY' })
})

test('the parcel Reverb knows of is told', () => {
  const read = order({ status: 'shipped', shipping_provider: 'UPS', shipping_code: ' 1Z999 ' })
  expect(read.shipments).toEqual([{ carrier: 'UPS', trackingNumber: '1Z999' }])
})

test.each([
  ['no order number', { order_number: undefined }],
  ['a time without an offset', { created_at: '2026-03-09T18:38:29' }],
  ['no time', { created_at: 'yesterday' }],
  ['an amount that is none', { amount_product: { amount: '9.5e1', currency: 'USD' } }],
  ['an amount for people', { total: { amount: 'FREE', currency: 'USD' } }],
  ['an amount below nothing', { total: { amount: '-1.00', currency: 'USD' } }],
  ['too many decimals', { total: { amount: '1.005', currency: 'USD' } }],
  ['a quantity of 0', { quantity: 0 }],
  ['half a pedal', { quantity: 1.5 }],
  ['two currencies', { total: { amount: '198.00', currency: 'GBP' } }],
  ['no price', { amount_product: undefined }],
])('an order with %s is refused with its reason, never half taken', (_name, changes) => {
  expect(() => order(changes)).toThrow(/order/)
})

describe('reading one order', () => {
  test('asks for it by its number', async () => {
    const { call, seen } = scriptedCall({ json: fixture('order') })
    expect((await reverb.orders.read(call, '900001')).marketplaceOrderId).toBe('900001')
    expect(asked(seen[0]).what).toBe('GET /api/my/orders/selling/900001')
  })
  test('one that is no more is gone', async () => {
    const { call } = scriptedCall({ status: 404, json: { message: 'Not found' } })
    expect((await refusalOf(reverb.orders.read(call, '1'))).kind).toBe('gone')
  })
  test('another order than the one asked for is not taken for it', async () => {
    const { call } = scriptedCall({ json: fixture('order') })
    expect((await refusalOf(reverb.orders.read(call, '900002'))).kind).toBe('rejected')
  })
  test.each(['', '..', '.'])('the id %j is never sent', async (id) => {
    const { call, seen } = scriptedCall()
    expect((await refusalOf(reverb.orders.read(call, id))).kind).toBe('rejected')
    expect(seen).toEqual([])
  })
  test('an id stays one part of the path', async () => {
    const { call, seen } = scriptedCall({ status: 404 })
    await refusalOf(reverb.orders.read(call, '1/ship?x=1'))
    expect(asked(seen[0]).what).toBe('GET /api/my/orders/selling/1%2Fship%3Fx%3D1')
  })
})
