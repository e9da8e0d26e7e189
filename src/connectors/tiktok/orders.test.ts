import { describe, expect, test } from 'vitest'
import { refusalOf } from '../scripted-reverb.ts'
import {
  asked,
  fixture,
  ok,
  orderWith,
  refused,
  scriptedCall,
  scriptedCallAt,
  twoWarehouses,
} from '../scripted-tiktok.ts'
import type { JsonObject } from '../reading.ts'
import { tiktok } from './index.ts'
import { toChannelOrder } from './orders.ts'

const { orders } = tiktok
const read = (raw: JsonObject) => toChannelOrder(raw, 'GBP')
const gbp = (minor: number) => ({ minor, currency: 'GBP' })

describe('reading an order', () => {
  test('D1: everything we keep of it', async () => {
    const { call, seen } = scriptedCall(ok({ orders: [fixture('order')] }))
    const order = await orders.read(call, '576461413038785752')
    expect(asked(seen[0])).toMatchObject({
      what: 'GET /order/202507/orders',
      query: { ids: '576461413038785752', shop_cipher: 'GCP_demoCIPHER0001' },
    })
    expect({ ...order, raw: null }).toEqual({
      marketplaceOrderId: '576461413038785752',
      bundleId: null,
      status: 'to-ship',
      marketplaceStatus: 'AWAITING_SHIPMENT',
      placedAt: new Date(1_700_000_000_000),
      updatedAt: new Date(1_700_003_600_000),
      paidAt: new Date(1_700_000_060_000),
      shipBy: new Date(1_700_172_800_000),
      currency: 'GBP',
      totals: { itemsIncVat: gbp(2500), shippingIncVat: gbp(399), tax: gbp(0), grandTotal: gbp(2899) },
      shippingService: 'Standard Shipping',
      buyer: { name: 'Buyer 0042', email: 'v2b2V4@chat.seller.example.test', phone: '(+44)7700900042' },
      shipTo: {
        name: 'Buyer 0042',
        street: '1 Example Road',
        extended: 'Flat 2',
        city: 'Exampleton',
        region: 'England',
        postalCode: 'EX1 2MP',
        countryCode: 'GB',
        phone: '(+44)7700900042',
      },
      localPickup: false,
      lines: [
        {
          marketplaceLineId: '577086512123755123',
          marketplaceListingId: '1729592969712207008',
          marketplaceVariantId: '1729592969712207013',
          channelSku: 'MUG-RED',
          title: 'Mug (Red)',
          quantity: 2,
          unitPriceIncVat: gbp(1000),
        },
        {
          marketplaceLineId: '577086512123755125',
          marketplaceListingId: '1729592969712207090',
          marketplaceVariantId: '1729592969712207099',
          channelSku: null,
          title: 'Spoon',
          quantity: 1,
          unitPriceIncVat: gbp(500),
        },
      ],
      shipments: [],
      raw: null,
    })
  })

  test('an order that is not there is gone, and an id with a comma is none', async () => {
    const { call, seen } = scriptedCall(
      ok({ orders: [] }),
      refused(21008111, 'The order does not belong to the seller.'),
    )
    expect(await refusalOf(orders.read(call, '1'))).toMatchObject({ kind: 'gone' })
    expect(await refusalOf(orders.read(call, '1'))).toMatchObject({ kind: 'gone' })
    expect(await refusalOf(orders.read(call, '1,2'))).toMatchObject({ kind: 'rejected' })
    expect(seen.length).toBe(2)
  })
})

describe('units become lines', () => {
  const shipped = { tracking_number: 'AB1', shipping_provider_name: 'Royal Mail', package_id: 'P1' }

  test('a line stays the same line when a unit of it is dispatched or its units come in another order', () => {
    const before = read(fixture('order')).lines
    expect(read(orderWith({}, { ...shipped, display_status: 'AWAITING_COLLECTION' })).lines).toEqual(before)
    const reversed = orderWith({})
    reversed['line_items'] = (reversed['line_items'] as unknown[]).toReversed()
    expect(new Set(read(reversed).lines.map((line) => line.marketplaceLineId))).toEqual(
      new Set(before.map((line) => line.marketplaceLineId)),
    )
  })

  test('ids of different length are compared as numbers', () => {
    const order = orderWith({}, { id: '99' }, { id: '100' })
    expect(read(order).lines[0]?.marketplaceLineId).toBe('99')
  })

  test('D9: a cancelled unit is not owed any more, and the line keeps its name', () => {
    const order = read(orderWith({}, { display_status: 'CANCELLED' }))
    expect(order.lines.map(({ marketplaceLineId, quantity }) => [marketplaceLineId, quantity])).toEqual([
      ['577086512123755123', 1],
      ['577086512123755125', 1],
    ])
  })

  test('D9: of an order that is cancelled as a whole the units still say what it was', () => {
    const cancelled = { display_status: 'CANCELLED' }
    const order = read(orderWith({ status: 'CANCELLED' }, cancelled, cancelled, cancelled))
    expect(order).toMatchObject({ status: 'cancelled', lines: [{ quantity: 2 }, { quantity: 1 }] })
  })

  test('units of one SKU at another price are another line', () => {
    expect(read(orderWith({}, { sale_price: '9.00' })).lines.map((line) => line.unitPriceIncVat.minor)).toEqual([
      900, 1000, 500,
    ])
  })

  test('parcels it knows of are told once each', () => {
    expect(read(orderWith({}, shipped, shipped)).shipments).toEqual([{ carrier: 'Royal Mail', trackingNumber: 'AB1' }])
  })
})

describe('what may be sent', () => {
  test.each([
    [{ status: 'UNPAID', paid_time: 0 }, 'awaiting-payment', 'UNPAID'],
    [{ status: 'ON_HOLD' }, 'on-hold', 'ON_HOLD'],
    [{ status: 'PARTIALLY_SHIPPING' }, 'to-ship', 'PARTIALLY_SHIPPING'],
    [{ status: 'AWAITING_COLLECTION' }, 'shipped', 'AWAITING_COLLECTION'],
    [{ status: 'CANCEL' }, 'cancelled', 'CANCEL'],
    [{ status: 'LOST_IN_SPACE' }, 'unknown', 'LOST_IN_SPACE'],
    [{ status: 'constructor' }, 'unknown', 'constructor'],
    [{ fulfillment_type: 'FULFILLMENT_BY_TIKTOK' }, 'shipped', 'AWAITING_SHIPMENT (FULFILLMENT_BY_TIKTOK)'],
    [{ shipping_type: 'TIKTOK' }, 'on-hold', 'AWAITING_SHIPMENT (shipping by TIKTOK)'],
    [{ is_buyer_request_cancel: true }, 'on-hold', 'AWAITING_SHIPMENT (the buyer asks to cancel)'],
  ])('%j is %s', (changes, status, marketplaceStatus) => {
    expect(read(fixture('order', changes))).toMatchObject({ status, marketplaceStatus })
  })

  test('D3b: without an address, or with a blacked-out one, there is none', () => {
    expect(read(fixture('order', { recipient_address: undefined })).shipTo).toBeNull()
    expect(read(fixture('order', { recipient_address: { name: '', full_address: '' } })).shipTo).toBeNull()
    const masked = { name: 'B**** 0***', address_line1: '1 E****', region_code: 'GB', phone_number: '(+44)77*****42' }
    expect(read(fixture('order', { recipient_address: masked }))).toMatchObject({
      shipTo: null,
      buyer: { name: '', phone: null },
    })
  })

  test('the city is found where there is no post town', () => {
    const district_info = [
      { address_level: 'L0', address_level_name: 'country', address_name: 'Deutschland', iso_code: 'DE' },
      { address_level: 'L1', address_level_name: 'state', address_name: 'Hessen' },
      { address_level: 'L2', address_level_name: 'city', address_name: 'Musterstadt' },
      { address_level: 'L3', address_level_name: 'district', address_name: 'Nord' },
    ]
    const recipient_address = { name: 'Buyer 0042', address_detail: 'Musterweg 1', postal_code: '12345', district_info }
    expect(read(fixture('order', { recipient_address })).shipTo).toMatchObject({
      street: 'Musterweg 1',
      city: 'Musterstadt',
      region: 'Hessen',
      countryCode: 'DE',
    })
  })
})

test.each([
  ['no id', fixture('order', { id: undefined })],
  ['no time', fixture('order', { create_time: undefined })],
  ['no units', fixture('order', { line_items: [] })],
  ['a unit without a price', orderWith({}, { sale_price: null })],
  ['a price below nothing', orderWith({}, { sale_price: '-1' })],
  ['an unknown currency', orderWith({ payment: undefined }, { currency: 'pounds' })],
  ['two currencies', orderWith({}, { currency: 'EUR' })],
  ['an amount that is none', orderWith({ payment: { currency: 'GBP', sub_total: 'a lot' } })],
])('an order with %s is unreadable, never half taken', (_name, raw) => {
  expect(() => read(raw)).toThrow(/order|item/)
})

describe('calling off', () => {
  const done = { cancel_id: '77', cancel_status: 'CANCELLATION_REQUEST_COMPLETE' }

  test.each([
    ['Out of stock', 'seller_cancel_reason_out_of_stock_uk'],
    ['The price was wrong', 'seller_cancel_reason_wrong_price_uk'],
    ['Cannot deliver there', 'seller_cancel_paid_reason_address_not_deliver_uk'],
    ['seller_cancel_reason_other', 'seller_cancel_reason_other'],
  ])('D9: %j goes out as one of their reasons', async (reason, word) => {
    const { call, seen } = scriptedCall(ok(done))
    expect(await orders.cancel?.(call, '5764', reason)).toEqual({ kind: 'done', reference: '77' })
    expect(asked(seen[0])).toMatchObject({
      what: 'POST /return_refund/202309/cancellations',
      body: { order_id: '5764', cancel_reason: word },
    })
  })

  test('one that is cancelled already is done; one that is over otherwise is refused', async () => {
    const over = refused(25001011, 'A return request is already in process, or the order has already been cancelled.')
    const id = '576461413038785752'
    const cancelled = scriptedCall(over, ok({ orders: [fixture('order', { status: 'CANCELLED' })] }))
    expect(await orders.cancel?.(cancelled.call, id, '')).toMatchObject({ kind: 'done' })
    const open = scriptedCall(over, ok({ orders: [fixture('order')] }))
    expect(await orders.cancel?.(open.call, id, '')).toMatchObject({ kind: 'rejected' })
  })

  test.each([
    [ok({ ...done, cancel_status: 'CANCELLATION_REQUEST_PENDING' }), 'pending'],
    [ok({}), 'unclear'],
    [refused(25001045, 'The order has already been shipped'), 'rejected'],
    [{ failure: { kind: 'timeout', sent: true } } as const, 'unclear'],
  ])('%j', async (answer, kind) => {
    expect(await orders.cancel?.(scriptedCall(answer).call, '1', '')).toMatchObject({ kind })
  })
})

test('C1: shipping services are named as orders name them, each once', async () => {
  const options = {
    delivery_options: [
      { id: '1', name: 'Standard Shipping' },
      { id: '2', name: 'Express Shipping' },
    ],
  }
  const more = { delivery_options: [{ id: '3', name: 'Standard Shipping' }] }
  const { call, seen } = scriptedCallAt({ site: twoWarehouses }, ok(options), ok(more))
  expect(await orders.shippingServices?.(call)).toEqual([
    { code: 'Standard Shipping', name: 'Standard Shipping' },
    { code: 'Express Shipping', name: 'Express Shipping' },
  ])
  expect(asked(seen[1]).what).toBe('GET /logistics/202309/warehouses/7068517275539719943/delivery_options')
})
