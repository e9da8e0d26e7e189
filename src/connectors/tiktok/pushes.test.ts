import { describe, expect, test } from 'vitest'
import type { PriceReport, Reply, ShipmentReport, StockReport } from '../connector.ts'
import {
  asked,
  mainWarehouse,
  ok,
  orderWith,
  refused,
  scriptedCall,
  scriptedCallAt,
  secondWarehouse,
  site,
  twoWarehouses,
} from '../scripted-tiktok.ts'
import type { Told } from '../scripted-tiktok.ts'
import { carriers, providerFor } from './carriers.ts'
import { pushPrices } from './prices.ts'
import { confirmShipment } from './shipments.ts'
import { pushStock } from './stock.ts'

const ref = (product: string, sku: string | null) => ({
  marketplaceListingId: product,
  marketplaceVariantId: sku,
  channelSku: null,
})
const stock = (product: string, sku: string | null, quantity: number): StockReport => ({
  ...ref(product, sku),
  quantity,
  state: 'live',
})
const price = (product: string, sku: string, minor: number, currency = 'GBP'): PriceReport => ({
  ...ref(product, sku),
  price: { minor, currency },
})
const kindsOf = (replies: Reply[]) => replies.map((reply) => reply.kind)
const skuError = (sku_id: string, code: number, message = 'No.') => ({ code, message, detail: { sku_id } })

describe('stock', () => {
  test('E3: one request for each product, with the figure of each SKU in the warehouse', async () => {
    const { call, seen } = scriptedCall(ok(), ok())
    expect(kindsOf(await pushStock(call, [stock('1', '11', 3), stock('2', '21', 0), stock('1', '12', 4)]))).toEqual([
      'done',
      'done',
      'done',
    ])
    expect(seen.map((request) => asked(request).what)).toEqual([
      'POST /product/202309/products/1/inventory/update',
      'POST /product/202309/products/2/inventory/update',
    ])
    const at = (quantity: number) => [{ warehouse_id: mainWarehouse, quantity }]
    expect(asked(seen[0]).body).toEqual({
      skus: [
        { id: '11', inventory: at(3) },
        { id: '12', inventory: at(4) },
      ],
    })
    expect(asked(seen[1]).body).toEqual({ skus: [{ id: '21', inventory: at(0) }] })
  })

  const inventory = (...skus: [string, string[]][]) =>
    ok({
      inventory: skus.map(([id, warehouses]) => ({
        product_id: '1',
        skus: [
          { id, warehouse_inventory: warehouses.map((warehouse_id) => ({ warehouse_id, available_quantity: 1 })) },
        ],
      })),
    })

  test('every warehouse of a SKU is named: the chosen one has the figure, the others 0', async () => {
    const chosen = { ...twoWarehouses, warehouse: { id: secondWarehouse, name: 'Second', isDefault: false } }
    const { call, seen } = scriptedCallAt(
      { site: chosen },
      inventory(['11', [mainWarehouse, secondWarehouse]], ['12', [mainWarehouse]]),
      ok(),
    )
    expect(kindsOf(await pushStock(call, [stock('1', '11', 5), stock('1', '12', 6)]))).toEqual(['done', 'done'])
    expect(asked(seen[0])).toMatchObject({
      what: 'POST /product/202309/inventory/search',
      body: { sku_ids: ['11', '12'] },
    })
    expect(asked(seen[1]).body).toEqual({
      skus: [
        {
          id: '11',
          inventory: [
            { warehouse_id: mainWarehouse, quantity: 0 },
            { warehouse_id: secondWarehouse, quantity: 5 },
          ],
        },
        // Not in the chosen one: its own has the figure, or it would show what is not there.
        { id: '12', inventory: [{ warehouse_id: mainWarehouse, quantity: 6 }] },
      ],
    })
  })

  const wrong = 'Multiple warehouses detected. Include all warehouse IDs and the corresponding details and try again.'
  test.each([
    ['as a refusal', refused(12019028, wrong)],
    ['inside a success', ok({ errors: [skuError('11', 12052533, 'Removal of warehouses is not permitted.')] })],
  ])('a warehouse that came since is learned %s', async (_name, refusal) => {
    const { call, seen } = scriptedCall(refusal, inventory(['11', [mainWarehouse, '999']]), ok())
    expect(kindsOf(await pushStock(call, [stock('1', '11', 5)]))).toEqual(['done'])
    expect(asked(seen[2]).body).toEqual({
      skus: [
        {
          id: '11',
          inventory: [
            { warehouse_id: mainWarehouse, quantity: 5 },
            { warehouse_id: '999', quantity: 0 },
          ],
        },
      ],
    })
  })

  test('one that stays wrong is refused and not asked for again and again', async () => {
    const { call, seen } = scriptedCall(
      refused(12019028, wrong),
      inventory(['11', [mainWarehouse]]),
      refused(12019028, wrong),
    )
    expect(kindsOf(await pushStock(call, [stock('1', '11', 5)]))).toEqual(['rejected'])
    expect(seen.length).toBe(3)
  })

  test('what fails inside a success fails for its SKU alone, with all its words', async () => {
    const locked = {
      ...skuError('12', 12052393, 'Product locked for Promotion.'),
      detail: { sku_id: '12', extra_errors: [{ warehouse_id: mainWarehouse, code: 1, message: 'Until Sunday.' }] },
    }
    const { call } = scriptedCall(ok({ errors: [locked, skuError('13', 12052556, 'The SKU id not exist.')] }))
    const replies = await pushStock(call, [stock('1', '11', 1), stock('1', '12', 1), stock('1', '13', 1)])
    expect(kindsOf(replies)).toEqual(['done', 'rejected', 'gone'])
    expect(replies[1]).toMatchObject({ reason: 'Product locked for Promotion.; Until Sunday (code 12052393)' })
  })

  test('an error that names no SKU is about all of them', async () => {
    const { call } = scriptedCall(ok({ errors: [{ code: 12052990, message: 'The check failed.' }] }))
    expect(kindsOf(await pushStock(call, [stock('1', '11', 1), stock('1', '12', 1)]))).toEqual(['rejected', 'rejected'])
  })

  test('a refusal of several is tried one by one, so that a bad SKU leaves the good ones alone', async () => {
    const { call, seen } = scriptedCall(refused(12052556), ok(), refused(12052556, 'The SKU id not exist.'))
    expect(kindsOf(await pushStock(call, [stock('1', '11', 1), stock('1', '12', 1)]))).toEqual(['done', 'gone'])
    expect(seen.length).toBe(3)
  })

  test('told to wait or signed out, the rest is not even tried', async () => {
    const reports = Array.from({ length: 20 }, (_, index) => stock(`${index + 1}`, `${index}1`, 1))
    const slow: Told = { status: 429, headers: { 'retry-after': '3' } }
    const { call, seen } = scriptedCall(...Array.from({ length: 20 }, () => slow))
    expect(new Set(kindsOf(await pushStock(call, reports)))).toEqual(new Set(['wait']))
    expect(seen.length).toBeLessThanOrEqual(8)
  })

  test.each<[string, Told, Reply['kind']]>([
    ['a lost answer is unclear', { failure: { kind: 'timeout', sent: true } }, 'unclear'],
    ['what never left waits', { failure: { kind: 'refused', sent: false } }, 'wait'],
    ['half an answer is unclear', { body: '{"code":0,' }, 'unclear'],
    ['a product that is no more is gone', refused(12052032, 'The product does not exist'), 'gone'],
    ['a fault inside is unclear', ok({ errors: [skuError('11', 36009003, 'Internal error.')] }), 'unclear'],
  ])('%s', async (_name, answer, kind) => {
    expect(kindsOf(await pushStock(scriptedCall(answer).call, [stock('1', '11', 1)]))).toEqual([kind])
  })

  test('S1: what is no figure, is beyond theirs, or has no SKU is never sent', async () => {
    const { call, seen } = scriptedCall()
    const reports = [stock('1', '1', -1), stock('1', '1', 1.5), stock('1', '1', 100_000), stock('1', null, 1)]
    expect(kindsOf(await pushStock(call, reports))).toEqual(reports.map(() => 'rejected'))
    expect(seen).toEqual([])
  })

  test('a search for warehouses that is refused stops nobody; one that must wait stops all', async () => {
    const gone = scriptedCallAt({ site: twoWarehouses }, refused(12019008, 'Product id is invalid'), ok())
    expect(kindsOf(await pushStock(gone.call, [stock('1', '11', 1)]))).toEqual(['done'])
    const busy = scriptedCallAt({ site: twoWarehouses }, refused(36009003))
    await expect(pushStock(busy.call, [stock('1', '11', 1)])).rejects.toMatchObject({ refusal: { kind: 'wait' } })
  })
})

describe('prices', () => {
  test('E4: as decimal text with the currency, all SKUs of a product together', async () => {
    const { call, seen } = scriptedCall(ok(null))
    expect(kindsOf(await pushPrices(call, [price('1', '11', 1099), price('1', '12', 5)]))).toEqual(['done', 'done'])
    expect(asked(seen[0])).toMatchObject({
      what: 'POST /product/202309/products/1/prices/update',
      body: {
        skus: [
          { id: '11', price: { amount: '10.99', currency: 'GBP' } },
          { id: '12', price: { amount: '0.05', currency: 'GBP' } },
        ],
      },
    })
  })

  test('a currency without pence stays without', async () => {
    const { call, seen } = scriptedCallAt({ site: { ...site, currencies: ['JPY'] } }, ok(null))
    await pushPrices(call, [price('1', '11', 1200, 'JPY')])
    expect(asked(seen[0]).body).toEqual({ skus: [{ id: '11', price: { amount: '1200', currency: 'JPY' } }] })
  })

  test('E4: nothing at or below 0, and no other currency than the shop’s, is ever sent', async () => {
    const { call, seen } = scriptedCall()
    const replies = await pushPrices(call, [price('1', '1', 0), price('1', '1', -5), price('1', '1', 100, 'EUR')])
    expect(kindsOf(replies)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(seen).toEqual([])
  })

  test('one product in a promotion leaves the others alone', async () => {
    const locked = refused(12052038, 'Product price locked due to ongoing promotion.')
    const { call } = scriptedCall(locked, ok(null))
    expect(kindsOf(await pushPrices(call, [price('1', '11', 1), price('2', '21', 1)]))).toEqual(['rejected', 'done'])
  })
})

describe('confirming a parcel', () => {
  const shipment: ShipmentReport = {
    marketplaceOrderId: '576461413038785752',
    packageNumber: 1,
    carrier: 'royal-mail',
    trackingNumber: ' AB 123 GB ',
    shippedAt: new Date('2026-03-10T09:00:00Z'),
    lines: [{ marketplaceLineId: '577086512123755123', quantity: 1 }],
  }
  const detail = (...order: Parameters<typeof orderWith>) => ok({ orders: [orderWith(...order)] })
  const open = detail({})
  const providers = ok({
    shipping_providers: [
      { id: '900', name: 'DHL eCommerce' },
      { id: '901', name: 'Royal Mail' },
    ],
  })
  const taken = ok({ order_id: '576461413038785752', package_id: 'P1', order_line_item_ids: [] })
  const sent = { tracking_number: 'ab123gb', display_status: 'AWAITING_COLLECTION' }

  test('D7: reads the order and the carriers, then names the units of the parcel', async () => {
    const { call, seen } = scriptedCall(open, providers, taken)
    expect(await confirmShipment(call, shipment)).toEqual({ kind: 'done', reference: 'P1' })
    expect(seen.map((request) => asked(request).what)).toEqual([
      'GET /order/202507/orders',
      'GET /logistics/202309/delivery_options/7091146663229654785/shipping_providers',
      'POST /fulfillment/202309/orders/576461413038785752/packages',
    ])
    expect(asked(seen[2]).body).toEqual({
      order_line_item_ids: ['577086512123755123'],
      tracking_number: 'AB 123 GB',
      shipping_provider_id: '901',
    })
  })

  test('D7: a second parcel takes the units that are left', async () => {
    const { call, seen } = scriptedCall(detail({}, { ...sent, tracking_number: 'OTHER' }), providers, taken)
    const all = { ...shipment, packageNumber: 2, lines: [{ marketplaceLineId: '577086512123755123', quantity: 2 }] }
    expect(await confirmShipment(call, all)).toMatchObject({ kind: 'done' })
    expect(asked(seen[2]).body).toMatchObject({ order_line_item_ids: ['577086512123755124'] })
  })

  test('V1: repeating it sends nothing once the order shows the same tracking', async () => {
    const { call, seen } = scriptedCall(detail({}, sent))
    expect(await confirmShipment(call, shipment)).toMatchObject({ kind: 'done' })
    expect(seen.length).toBe(1)
  })

  test('V1: “already shipped” is looked at: ours is done, another’s is refused', async () => {
    const already = refused(21011020, 'These orders are already shipped.')
    const ours = scriptedCall(open, providers, already, detail({}, sent))
    expect(await confirmShipment(ours.call, shipment)).toMatchObject({ kind: 'done' })
    const anothers = scriptedCall(open, providers, already, detail({}, { ...sent, tracking_number: 'OTHER' }))
    expect(await confirmShipment(anothers.call, shipment)).toMatchObject({ kind: 'rejected' })
  })

  describe('in the markets that pack beforehand', () => {
    const elsewhere = refused(21008106, 'This interface cannot be used in this region.')
    const [first, second] = [{ package_id: '1152321' }, { package_id: '1152322' }]

    test('the parcel of the units is shipped', async () => {
      const whole = { ...shipment, lines: [{ marketplaceLineId: '577086512123755123', quantity: 2 }] }
      const { call, seen } = scriptedCall(detail({}, first, first, second), providers, elsewhere, ok())
      expect(await confirmShipment(call, whole)).toEqual({ kind: 'done', reference: '1152321' })
      expect(asked(seen[3])).toMatchObject({
        what: 'POST /fulfillment/202309/packages/1152321/ship',
        body: { self_shipment: { tracking_number: 'AB 123 GB', shipping_provider_id: '901' } },
      })
    })

    test.each([
      ['a part of it', 1, first],
      ['more than it', 2, second],
    ])('%s is a person’s decision', async (_name, quantity, other) => {
      const lines = [{ marketplaceLineId: '577086512123755123', quantity }]
      const { call, seen } = scriptedCall(detail({}, first, other, second), providers, elsewhere)
      expect(await confirmShipment(call, { ...shipment, lines })).toMatchObject({ kind: 'rejected' })
      expect(seen.length).toBe(3)
    })
  })

  test.each<[string, Told[], Reply['kind']]>([
    ['D9: a cancelled order is not shipped', [detail({ status: 'CANCELLED' })], 'rejected'],
    ['an order in the buyer’s hour waits', [detail({ status: 'ON_HOLD' })], 'wait'],
    ['and so it does when TikTok Shop says it', [open, providers, refused(21011044, 'On hold.')], 'wait'],
    [
      'units that are gone are refused',
      [detail({}, { ...sent, tracking_number: 'X' }, { ...sent, tracking_number: 'X' })],
      'rejected',
    ],
    ['an order that is no more is gone', [ok({ orders: [] })], 'gone'],
    ['TikTok delivers it itself', [open, refused(21008117, 'Fulfilled by TikTok.')], 'rejected'],
    ['a lost answer to the reading is asked again', [{ failure: { kind: 'timeout', sent: true } }], 'wait'],
    [
      'a lost answer to the sending is unclear',
      [open, providers, { failure: { kind: 'timeout', sent: true } }],
      'unclear',
    ],
    ['an answer that says nothing is unclear', [open, providers, ok()], 'unclear'],
    [
      'a fault is unclear',
      [open, providers, refused(21001008, 'System process error, please try again later.')],
      'unclear',
    ],
    ['a wrong number is rejected', [open, providers, refused(21011022, 'Invalid tracking number')], 'rejected'],
  ])('%s', async (_name, answers, kind) => {
    expect((await confirmShipment(scriptedCall(...answers).call, shipment)).kind).toBe(kind)
  })

  test('V3: no tracking number, nothing sent', async () => {
    const { call, seen } = scriptedCall()
    expect((await confirmShipment(call, { ...shipment, trackingNumber: ' ' })).kind).toBe('rejected')
    expect(seen).toEqual([])
  })

  test('an unknown carrier is refused with those that are known', async () => {
    const { call } = scriptedCall(open, providers)
    const reply = await confirmShipment(call, { ...shipment, carrier: 'Pigeon & Sons' })
    expect(reply).toMatchObject({ kind: 'rejected', reason: expect.stringContaining('DHL eCommerce, Royal Mail') })
  })
})

test.each([
  ['royal-mail', 'Royal Mail'],
  ['Royal mail', 'Royal Mail'],
  ['evri', 'Hermes/EVRI'],
  ['Hermes', 'Hermes/EVRI'],
  ['dhl', 'DHL UK'],
  ['dhl-ecommerce', 'DHL eCommerce'],
  ['dpd-uk', 'DPD'],
  ['parcelforce', 'Parcel Force'],
  ['pigeon', 'Others'],
])('R12: the carrier %j is their %s', (carrier, name) => {
  const names = ['DHL eCommerce', 'DHL UK', 'Royal Mail', 'Hermes/EVRI', 'DPD', 'Parcel Force', 'Others']
  const known = names.map((one, index) => ({ id: `${index}`, name: one }))
  expect(providerFor(carrier, known)?.name).toBe(name)
})

test('each carrier of ours finds itself by its own name', () => {
  const known = Object.values(carriers).map((name) => ({ id: name, name }))
  for (const [code, name] of Object.entries(carriers)) expect(providerFor(code, known)?.name).toBe(name)
})
