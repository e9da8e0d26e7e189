import { describe, expect, test } from 'vitest'
import { fixture, scriptedCall, scriptedCallAs, ukSite } from '../scripted-amazon.ts'
import { asked, refusalOf } from '../scripted-reverb.ts'
import { asArray, asObject, UnreadableError } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import { cancelOrder, checkCancel } from './order-cancel.ts'
import { readOrder, toChannelOrder } from './orders.ts'
import { orderStatuses } from './statuses.ts'

const item = asObject(asArray(fixture('order')['orderItems'])?.[0]) ?? {}
const withItem = (changes: JsonObject, order: JsonObject = {}) =>
  fixture('order', { ...order, orderItems: [{ ...item, ...changes }] })
const withStatus = (fulfillmentStatus: string, more: JsonObject = {}) =>
  fixture('order', { fulfillment: { fulfillmentStatus, ...more } })
const gbp = (minor: number) => ({ minor, currency: 'GBP' })
const read = (raw: unknown) => toChannelOrder(raw, 'GBP')

describe('an order', () => {
  test('D1: says who bought what, for how much, how fast and where to', () => {
    const raw = fixture('order')
    expect(read(raw)).toEqual({
      marketplaceOrderId: '203-0000001-0000001',
      bundleId: null,
      status: 'to-ship',
      marketplaceStatus: 'UNSHIPPED',
      placedAt: new Date('2026-03-10T09:00:00Z'),
      updatedAt: new Date('2026-03-10T09:31:00.250Z'),
      paidAt: null,
      shipBy: new Date('2026-03-12T23:59:59Z'),
      currency: 'GBP',
      totals: { itemsIncVat: gbp(2500), shippingIncVat: gbp(349), tax: gbp(475), grandTotal: gbp(2849) },
      shippingService: 'STANDARD',
      buyer: { name: 'Buyer 0042', email: 'buyer-0042@marketplace.example.test', phone: '+44 0000 000042' },
      shipTo: {
        name: 'Buyer 0042',
        street: '1 Test Street',
        extended: 'Company 0042, Flat 2',
        city: 'Testham',
        region: 'Testshire',
        postalCode: 'TE5 7ST',
        countryCode: 'GB',
        phone: '+44 0000 000042',
      },
      localPickup: false,
      lines: [
        {
          marketplaceLineId: '10000000000001',
          marketplaceListingId: 'LAMP/01 +%',
          marketplaceVariantId: null,
          channelSku: 'LAMP/01 +%',
          title: 'Test lamp',
          quantity: 2,
          unitPriceIncVat: gbp(1250),
        },
      ],
      shipments: [],
      raw,
    })
  })

  test.each(Object.entries(orderStatuses))('R12: %s is %s to us', (word, status) => {
    expect(read(withStatus(word))).toMatchObject({ status, marketplaceStatus: word })
  })

  test.each(['INVOICE_UNCONFIRMED', 'constructor', ''])('R12: the status %j is kept and never guessed', (word) => {
    expect(read(withStatus(word))).toMatchObject({ status: 'unknown', marketplaceStatus: word })
  })

  test.each([
    ['PENDING', 'shipped'],
    ['UNSHIPPED', 'shipped'],
    ['CANCELLED', 'cancelled'],
    ['NEWS', 'unknown'],
  ])('D4: an order that Amazon ships itself is never ours to route (%s is %s)', (word, status) => {
    const order = read(withStatus(word, { fulfilledBy: 'AMAZON' }))
    expect(order).toMatchObject({ status, marketplaceStatus: `${word} (fulfilled by Amazon)` })
  })

  test('D9: an order whose buyer asks to cancel waits, and says so', () => {
    const cancellation = { cancellationRequest: { requester: 'BUYER', cancelReason: 'no longer needed' } }
    expect(read(withItem({ cancellation }))).toMatchObject({
      status: 'on-hold',
      marketplaceStatus: 'UNSHIPPED (the buyer asks to cancel)',
    })
    const executed = { ...cancellation, cancellationExecution: { cancelledBy: 'MERCHANT' } }
    const fulfillment = { fulfillmentStatus: 'CANCELLED' }
    expect(read(withItem({ cancellation: executed }, { fulfillment })).status).toBe('cancelled')
  })

  test('D9: of a line cancelled within an open order, what is left is what counts', () => {
    const cancelled = { cancellation: { cancellationExecution: { cancelledBy: 'BUYER' } } }
    const none = { ...item, ...cancelled, fulfillment: { quantityFulfilled: 0, quantityUnfulfilled: 0 } }
    const one = {
      ...item,
      ...cancelled,
      orderItemId: '3',
      fulfillment: { quantityFulfilled: 0, quantityUnfulfilled: 1 },
    }
    const order = read(fixture('order', { orderItems: [none, { ...item, orderItemId: '2' }, one] }))
    expect(order.lines.map((line) => [line.marketplaceLineId, line.quantity])).toEqual([
      ['2', 2],
      ['3', 1],
    ])
  })

  test('D3b: a pending order has no prices yet, and is imported all the same', () => {
    const bare = { orderItemId: '1', quantityOrdered: 1, product: { sellerSku: 'A', title: 'A' } }
    const order = read(
      fixture('order', {
        fulfillment: { fulfillmentStatus: 'PENDING', fulfilledBy: 'MERCHANT' },
        orderItems: [bare],
        proceeds: undefined,
        recipient: undefined,
        buyer: undefined,
      }),
    )
    expect(order).toMatchObject({ status: 'awaiting-payment', currency: 'GBP', shipTo: null, buyer: null })
    expect(order.lines).toMatchObject([{ unitPriceIncVat: gbp(0), channelSku: 'A' }])
  })

  test('a free replacement has no price either', () => {
    const raw = withItem({ product: { sellerSku: 'A' }, proceeds: undefined }, { proceeds: undefined })
    const associatedOrders = [{ orderId: '1', associationType: 'REPLACEMENT_ORIGINAL_ID' }]
    expect(read({ ...raw, associatedOrders }).totals.grandTotal).toEqual(gbp(0))
  })

  test('yen have no pence, and pounds come as decimal text of any length', () => {
    const price = { unitPrice: { amount: '1200', currencyCode: 'JPY' } }
    const yen = withItem({ product: { price }, proceeds: undefined }, { proceeds: undefined })
    expect(read(yen).totals.itemsIncVat).toEqual({ minor: 2400, currency: 'JPY' })
    const long = { price: { unitPrice: { amount: '12.5', currencyCode: 'GBP' } } }
    expect(read(withItem({ product: long })).lines[0]?.unitPriceIncVat).toEqual(gbp(1250))
  })

  test('where the order does not add its proceeds up, its lines do', () => {
    const order = read(fixture('order', { proceeds: undefined }))
    expect(order.totals).toMatchObject({ shippingIncVat: gbp(349), tax: gbp(0), grandTotal: gbp(2849) })
  })

  test('parcels Amazon knows of are told, cancelled ones are not', () => {
    const packages = [
      { packageReferenceId: '1', carrier: 'UPS', trackingNumber: '1Z1', packageStatus: { status: 'SHIPPED' } },
      { packageReferenceId: '2', carrier: 'UPS', trackingNumber: '1Z2', packageStatus: { status: 'CANCELLED' } },
    ]
    expect(read(fixture('order', { packages })).shipments).toEqual([{ carrier: 'UPS', trackingNumber: '1Z1' }])
  })

  test('an address without its first line begins with the next, and UK is GB', () => {
    const deliveryAddress = { name: 'N', addressLine2: '5 Road', city: 'C', countryCode: 'UK' }
    expect(read(fixture('order', { recipient: { deliveryAddress } })).shipTo).toMatchObject({
      street: '5 Road',
      extended: '',
      countryCode: 'GB',
    })
  })

  test.each<[string, unknown]>([
    ['no order at all', 'text'],
    ['no id', fixture('order', { orderId: undefined })],
    ['no time', fixture('order', { createdTime: 'yesterday' })],
    ['no items yet: a young order is read again', fixture('order', { orderItems: [] })],
    ['items that are null', fixture('order', { orderItems: null })],
    ['a line without a price', withItem({ product: { sellerSku: 'A' } })],
    ['a line without a quantity', withItem({ quantityOrdered: 'many' })],
    ['a price below 0', withItem({ product: { price: { unitPrice: { amount: '-1.00', currencyCode: 'GBP' } } } })],
    ['mixed currencies', withItem({ product: { price: { unitPrice: { amount: '1', currencyCode: 'EUR' } } } })],
  ])('D1: %s is set aside with its reason', (_name, raw) => {
    expect(() => read(raw)).toThrow(UnreadableError)
  })

  test('D9: a cancelled order may have lost its items', () => {
    expect(read({ ...withStatus('CANCELLED'), orderItems: [] })).toMatchObject({ status: 'cancelled', lines: [] })
  })
})

describe('reading one order', () => {
  test('asks for it with all that its roles allow', async () => {
    const { call, seen } = scriptedCall({ json: { order: fixture('order') } })
    expect((await readOrder(call, '203-0000001-0000001')).status).toBe('to-ship')
    expect(asked(seen[0])).toMatchObject({
      what: 'GET /orders/2026-01-01/orders/203-0000001-0000001',
      query: { includedData: 'BUYER,RECIPIENT,PROCEEDS,CANCELLATION,FULFILLMENT,PACKAGES' },
    })
  })

  test.each([
    ['gone', { status: 404, json: { errors: [{ code: 'NotFound', message: 'no' }] } }, 'gone'],
    ['another order', { json: { order: fixture('order', { orderId: '1' }) } }, 'rejected'],
    ['nothing of use', { json: [] }, 'wait'],
  ])('%s', async (_name, answer, kind) => {
    const { call } = scriptedCall(answer)
    expect(await refusalOf(readOrder(call, '203-0000001-0000001'))).toMatchObject({ kind })
  })
})

describe('cancelling', () => {
  const open = { json: { order: fixture('order') } }
  const upload = [
    { status: 201, json: { feedDocumentId: 'D1', url: 'https://files.example.test/D1?sig=1' } },
    { status: 200 },
    { status: 202, json: { feedId: 'F1' } },
  ]

  test('D9: goes as an order feed with every line and its reason', async () => {
    const { call, seen } = scriptedCall(open, ...upload)
    const reply = await cancelOrder(call, '203-0000001-0000001', 'Out of stock')
    expect(reply).toMatchObject({ kind: 'pending' })
    const sent = new TextDecoder().decode(seen[2]?.bytes)
    expect(sent).toContain('<AmazonOrderID>203-0000001-0000001</AmazonOrderID><StatusCode>Failure</StatusCode>')
    expect(sent).toContain('<AmazonOrderItemCode>10000000000001</AmazonOrderItemCode><CancelReason>NoInventory<')
    expect(asked(seen[3]).body).toEqual({
      feedType: 'POST_ORDER_ACKNOWLEDGEMENT_DATA',
      marketplaceIds: ['A1F83G8C2ARO7P'],
      inputFeedDocumentId: 'D1',
    })
  })

  test('what the buyer asked for is not counted against the seller', async () => {
    const cancellation = { cancellationRequest: { requester: 'BUYER' } }
    const { call, seen } = scriptedCall({ json: { order: withItem({ cancellation }) } }, ...upload)
    await cancelOrder(call, '203-0000001-0000001', 'x')
    expect(new TextDecoder().decode(seen[2]?.bytes)).toContain('<CancelReason>BuyerCanceled<')
  })

  test.each([
    ['CANCELLED', 'done'],
    ['SHIPPED', 'rejected'],
    ['PENDING', 'rejected'],
  ])('an order that is %s sends nothing', async (word, kind) => {
    const { call, seen } = scriptedCall({ json: { order: withStatus(word) } })
    expect(await cancelOrder(call, '203-0000001-0000001', 'x')).toMatchObject({ kind })
    expect(seen.length).toBe(1)
  })

  const ticket = JSON.stringify({ feedId: 'F1', marketplaceOrderId: '203-0000001-0000001' })
  const feed = (processingStatus: string, more = {}) => ({ json: { feedId: 'F1', processingStatus, ...more } })
  const result = (body: string) => [
    feed('DONE', { resultFeedDocumentId: 'R1' }),
    { json: { feedDocumentId: 'R1', url: 'https://files.example.test/R1' } },
    { body },
  ]
  test.each([
    ['the order shows it', [{ json: { order: withStatus('CANCELLED') } }], 'done'],
    ['worked on', [open, feed('IN_PROGRESS')], 'pending'],
    ['taken, and not shown yet', [open, ...result('<MessagesWithError>0</MessagesWithError>')], 'pending'],
    [
      'refused in the result',
      [open, ...result('<ResultCode>Error</ResultCode><ResultDescription>Too late &amp; gone</ResultDescription>')],
      'rejected',
    ],
    ['given up', [open, feed('FATAL')], 'rejected'],
    ['withdrawn', [open, feed('CANCELLED')], 'rejected'],
  ])('what became of it: %s', async (_name, answers, kind) => {
    const { call } = scriptedCall(...answers)
    expect(await checkCancel(call, ticket)).toMatchObject({ kind })
  })

  test('another’s ticket is none', async () => {
    expect(await checkCancel(scriptedCallAs({ site: ukSite }).call, 'F1')).toMatchObject({ kind: 'rejected' })
  })
})
