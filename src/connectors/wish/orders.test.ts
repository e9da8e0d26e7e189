import { describe, expect, test } from 'vitest'
import {
  asked,
  fixture,
  ok,
  orderId,
  productId,
  refusalOf,
  refused,
  scriptedCall,
  variationId,
} from '../scripted-wish.ts'
import { asObject } from '../reading.ts'
import { wish } from './index.ts'
import { toChannelOrder } from './orders.ts'

const gbp = (minor: number) => ({ minor, currency: 'GBP' })
const order = (changes: Record<string, unknown> = {}) => toChannelOrder(fixture('order', changes))
const event = (event_type: string, event_time: string) => ({ event_type, event_time })
const tracking = [{ tracking_number: 'AB1', shipping_provider: { name: 'RoyalMail' }, origin_country: 'GB' }]

/** The order with other payment details. */
function paying(changes: Record<string, unknown>) {
  const payment = asObject(asObject(fixture('order')['order_payment'])?.['general_payment_details'])
  const details = Object.entries({ ...payment, ...changes }).filter(([, value]) => value !== undefined)
  return { order_payment: { general_payment_details: Object.fromEntries(details) } }
}

test('an order is one variation times a quantity; amounts are per unit, and what the merchant gets is no total', () => {
  const read = order()
  expect(read).toMatchObject({
    marketplaceOrderId: orderId,
    bundleId: '65f100000000000000000001',
    status: 'to-ship',
    marketplaceStatus: 'APPROVED',
    placedAt: new Date('2026-05-01T10:00:00Z'),
    updatedAt: new Date('2026-05-01T10:05:00Z'),
    paidAt: new Date('2026-05-01T10:00:00Z'),
    shipBy: new Date('2026-05-06T10:00:00Z'),
    currency: 'GBP',
    totals: { itemsIncVat: gbp(1900), shippingIncVat: gbp(200), tax: gbp(0), grandTotal: gbp(2100) },
    shippingService: 'STANDARD',
    localPickup: false,
    shipments: [],
  })
  expect(read.lines).toEqual([
    {
      marketplaceLineId: orderId,
      marketplaceListingId: productId,
      marketplaceVariantId: variationId,
      channelSku: 'SHIRT-RED-L',
      title: 'Made-up shirt (red, L)',
      quantity: 2,
      unitPriceIncVat: gbp(950),
    },
  ])
  expect(read.raw).toEqual(fixture('order'))
})

describe('statuses', () => {
  test.each(Object.entries(wish.orders.statuses))('%s is %s', (state, status) => {
    expect(order({ state }).status).toBe(status)
  })
  test.each(['PAUSED', 'approved', 'constructor', ''])('the word %j is kept and never guessed', (state) => {
    expect(order({ state })).toMatchObject({ status: 'unknown', marketplaceStatus: state })
  })
  test.each(['FULFILLED_BY_WISH', 'FULFILLED_BY_STORE'])('D4: what is %s needs no supplier', (mark) => {
    const read = order({ fulfillment_order_types: [mark] })
    expect(read).toMatchObject({ status: 'shipped', marketplaceStatus: `APPROVED, ${mark}` })
    expect(order({ fulfillment_order_types: [mark], state: 'REFUNDED' }).status).toBe('refunded')
  })
  test('an order that is looked into is not paid for nothing, a declined one was never paid', () => {
    expect(order({ state: 'REQUIRE_REVIEW' }).status).toBe('on-hold')
    expect(order({ state: 'DECLINED' }).paidAt).toBeNull()
  })
})

describe('W6: an order that is released again', () => {
  const again = {
    released_at: '2026-05-02T10:00:00.000Z',
    fulfillment_records: [
      event('ORDER_RELEASED', '2026-05-01T10:00:00.000Z'),
      event('MARK_SHIPPED', '2026-05-01T12:00:00.000Z'),
      event('ORDER_RE_RELEASED', '2026-05-02T10:00:00.000Z'),
    ],
    tracking_information: tracking,
    processing_source: 'UPDATE_TRACKING',
    processing_status: 'SUCCEEDED',
  }
  test('is to be shipped, its former parcel does not count, and it is as old as it was', () => {
    expect(order(again)).toMatchObject({
      status: 'to-ship',
      shipments: [],
      placedAt: new Date('2026-05-01T10:00:00.000Z'),
    })
  })
  test('has its parcel once it is shipped again', () => {
    expect(order({ ...again, state: 'SHIPPED' }).shipments).toEqual([{ carrier: 'RoyalMail', trackingNumber: 'AB1' }])
  })
})

describe('W5: parcels', () => {
  const shown = (changes: Record<string, unknown>) => order({ tracking_information: tracking, ...changes }).shipments
  test.each([
    ['while Wish is at work', { processing_source: 'UPDATE_TRACKING', processing_status: 'IN_PROGRESS' }, 0],
    ['where Wish failed', { processing_source: 'UPDATE_TRACKING', processing_status: 'FAILED' }, 0],
    ['where Wish succeeded', { processing_source: 'UPDATE_TRACKING', processing_status: 'SUCCEEDED' }, 1],
    ['where Wish says nothing of it, as it once did', {}, 1],
    ['of an order that is shipped', { state: 'SHIPPED', processing_status: 'IN_PROGRESS' }, 1],
  ])('count or not %s', (_name, changes, count) => {
    expect(shown(changes).length).toBe(count)
  })
})

describe('shipping services', () => {
  test.each([
    [[], 'STANDARD'],
    [undefined, 'STANDARD'],
    [['VAT', 'WISH_PLUS'], 'STANDARD'],
    [['WISH_EXPRESS', 'VAT'], 'WISH_EXPRESS'],
    [['WISH_EXPRESS', 'CONFIRMED_DELIVERY_POLICY'], 'CONFIRMED_DELIVERY_POLICY+WISH_EXPRESS'],
    [['SOMETHING_NEW'], 'SOMETHING_NEW'],
  ])('C1: %j is %s', (fulfillment_order_types, service) => {
    expect(order({ fulfillment_order_types }).shippingService).toBe(service)
  })
  test('C1: the single ones are named, those Wish sends itself are not', async () => {
    const codes = (await wish.orders.shippingServices?.(scriptedCall().call))?.map(({ code }) => code)
    expect(codes).toContain('STANDARD')
    expect(codes).toContain('WISH_EXPRESS')
    expect(codes).not.toContain('FULFILLED_BY_WISH')
  })
})

describe('address', () => {
  test('the province is not the state of the order, and tax ids travel with the address', () => {
    expect(order().shipTo).toEqual({
      name: 'Buyer 0042',
      street: '1 Example Street',
      extended: 'Flat 2, VAT GB000000000',
      city: 'Exampletown',
      region: 'Kent',
      postalCode: 'EX1 2AB',
      countryCode: 'GB',
      phone: '+44 7700 900042',
    })
    expect(order().buyer).toEqual({ name: 'Buyer 0042', email: null, phone: '+44 7700 900042' })
  })
  test('the numbers of the buyer and of the Union’s one-stop shop are there too', () => {
    const vat_information = { eu_vat_customs_declaration: { vat_payer: { ioss_number: 'IM0000000000' } } }
    const person = { customer_identity_number_type: 'CPF', customer_identity_number: '000.000.000-00' }
    expect(order({ tax_information: { vat_information, ...person } }).shipTo?.extended).toBe(
      'Flat 2, IOSS IM0000000000, CPF 000.000.000-00',
    )
  })
  test('an address that is absent is none, with or without tax ids', () => {
    expect(order({ full_address: undefined })).toMatchObject({ shipTo: null, buyer: null })
  })
})

describe('money', () => {
  test('what the buyer paid in all counts where Wish tells it', () => {
    const paid = { customer_paid_prices_detail: { total: { amount: 25.2, currency_code: 'GBP' } } }
    expect(order(paying(paid)).totals.grandTotal).toEqual(gbp(2520))
  })
  test('tax in the merchant’s currency is added, what was refunded of it is taken off', () => {
    const item = (tax_type: string, amount: number) => ({
      tax_type,
      tax_amount_in_merchant_currency: { amount, currency_code: 'GBP' },
    })
    const transaction_tax = [item('TRANSACTION_TAX', 3.8), item('REFUNDED_TRANSACTION_TAX', 0.8)]
    expect(order({ tax_information: { transaction_tax } }).totals).toMatchObject({
      tax: gbp(300),
      grandTotal: gbp(2400),
    })
  })
  test('what arithmetic left behind the last digit does not count', () => {
    const read = order(paying({ product_price: { amount: 8.100000000000001, currency_code: 'gbp' } }))
    expect(read.lines[0]?.unitPriceIncVat).toEqual(gbp(810))
  })
  test('a merchant paid by cost has no price of his own', () => {
    expect(order(paying({ product_price: undefined })).lines[0]?.unitPriceIncVat).toEqual(gbp(810))
  })
})

test.each([
  ['no id', { id: undefined }],
  ['no time at all', { released_at: 'today', fulfillment_records: [], updated_at: undefined }],
  ['no quantity', paying({ product_quantity: undefined })],
  ['a quantity of 0', paying({ product_quantity: 0 })],
  ['no payment', { order_payment: undefined }],
  ['an amount for people', paying({ product_price: { amount: '£9', currency_code: 'GBP' } })],
  ['an amount below nothing', paying({ product_price: { amount: -1, currency_code: 'GBP' } })],
  ['a third decimal', paying({ product_price: { amount: 9.505, currency_code: 'GBP' } })],
  ['two currencies', paying({ product_shipping_price: { amount: 1, currency_code: 'EUR' } })],
])('an order with %s is refused with its reason, never half taken', (_name, changes) => {
  expect(() => order(changes)).toThrow(/order/)
})

describe('reading one order', () => {
  test('asks for it by its id', async () => {
    const { call, seen } = scriptedCall(ok(fixture('order')))
    expect((await wish.orders.read(call, orderId)).marketplaceOrderId).toBe(orderId)
    expect(asked(seen[0]).what).toBe(`GET /orders/${orderId}`)
  })
  test('another order than the one asked for is not taken for it', async () => {
    const { call } = scriptedCall(ok(fixture('order')))
    expect((await refusalOf(wish.orders.read(call, '65f000000000000000000009'))).kind).toBe('rejected')
  })
  test.each(['', '..'])('the id %j is never sent', async (id) => {
    const { call, seen } = scriptedCall()
    expect((await refusalOf(wish.orders.read(call, id))).kind).toBe('rejected')
    expect(seen).toEqual([])
  })
})

describe('D9: canceling', () => {
  const cancel = (call: Parameters<typeof wish.findSites>[0], reason = 'The supplier has none left') =>
    wish.orders.cancel?.(call, orderId, reason)
  const open = ok(fixture('order'))
  const reasons = ok(['UNABLE_TO_SHIP', 'MERCHANT_OUT_OF_STOCK'])

  test('is a refund for a reason that Wish allows now, and is done later', async () => {
    const { call, seen } = scriptedCall(open, reasons, ok(fixture('order', { processing_status: 'IN_PROGRESS' })))
    expect(await cancel(call)).toEqual({ kind: 'pending', ticket: orderId })
    expect(seen.map((request) => asked(request).what)).toEqual([
      `GET /orders/${orderId}`,
      `GET /orders/${orderId}/refund_reasons`,
      `PUT /orders/${orderId}/refund`,
    ])
    expect(asked(seen[2]).body).toEqual({ refund_reason: 'MERCHANT_OUT_OF_STOCK' })
  })
  test('one of Wish’s own reasons is taken as it is', async () => {
    const { call, seen } = scriptedCall(open, reasons, ok({}))
    await cancel(call, 'unable to ship')
    expect(asked(seen[2]).body).toEqual({ refund_reason: 'UNABLE_TO_SHIP' })
  })
  test.each([
    ['is done where it is refunded', { state: 'REFUNDED' }, 'done'],
    ['is not asked for twice', { processing_source: 'REFUND', processing_status: 'IN_PROGRESS' }, 'pending'],
    ['is too late once it left', { state: 'SHIPPED' }, 'rejected'],
  ])('%s', async (_name, changes, kind) => {
    const { call, seen } = scriptedCall(ok(fixture('order', changes)))
    expect((await cancel(call))?.kind).toBe(kind)
    expect(seen.length).toBe(1)
  })
  test('waits while another change of the order is being worked on, for it has not gone out', async () => {
    const busy = fixture('order', { processing_source: 'UPDATE_TRACKING', processing_status: 'IN_PROGRESS' })
    const { call, seen } = scriptedCall(ok(busy))
    expect((await cancel(call))?.kind).toBe('wait')
    expect(seen.length).toBe(1)
  })
  test.each([
    ['is done once the order is refunded', { state: 'REFUNDED' }, 'done'],
    ['goes on', { processing_source: 'REFUND', processing_status: 'IN_PROGRESS' }, 'pending'],
    ['was refused later', { processing_source: 'REFUND', processing_status: 'FAILED' }, 'rejected'],
    ['came too late', { state: 'SHIPPED', processing_source: 'UPDATE_TRACKING' }, 'rejected'],
    ['is not shown yet', {}, 'pending'],
  ])('what was taken (W5) %s', async (_name, changes, kind) => {
    const { call } = scriptedCall(ok(fixture('order', changes)))
    expect((await wish.orders.checkCancel?.(call, orderId))?.kind).toBe(kind)
  })
  test('without a reason that fits nothing is sent', async () => {
    const { call, seen } = scriptedCall(open, ok(['WRONG_COLOR']))
    expect(await cancel(call)).toMatchObject({ kind: 'rejected', reason: expect.stringContaining('WRONG_COLOR') })
    expect(seen.length).toBe(2)
  })
  test('a lost answer is unclear, a refusal keeps its words', async () => {
    const lost = scriptedCall(open, reasons, { failure: { kind: 'timeout', sent: true } })
    expect((await cancel(lost.call))?.kind).toBe('unclear')
    const no = scriptedCall(open, reasons, refused(400, 90001, 'The order has been refunded'))
    expect(await cancel(no.call)).toEqual({ kind: 'rejected', reason: 'The order has been refunded' })
  })
})
