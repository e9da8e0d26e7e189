import { describe, expect, test } from 'vitest'
import type { Reply, ShipmentReport } from '../connector.ts'
import type { ScriptedAnswer } from '../scripted-http.ts'
import { fixture, scriptedCall } from '../scripted-amazon.ts'
import { asked } from '../scripted-reverb.ts'
import { carrierOf, carriers } from './carriers.ts'
import { pushPrices } from './prices.ts'
import { confirmShipment } from './shipments.ts'
import { pushStock } from './stock.ts'

const ref = (sku: string) => ({ marketplaceListingId: sku, marketplaceVariantId: null, channelSku: sku })
const stock = (sku: string, quantity: number) => ({ ...ref(sku), quantity, state: 'live' as const })
const price = (minor: number, currency = 'GBP') => ({ ...ref('LAMP/01 +%'), price: { minor, currency } })
const accepted: ScriptedAnswer = { json: { sku: 'x', status: 'ACCEPTED', submissionId: 'S1', issues: [] } }
const invalid: ScriptedAnswer = {
  json: {
    sku: 'x',
    status: 'INVALID',
    submissionId: 'S2',
    issues: [
      {
        code: '90000900',
        message: 'Some attributes are invalid.',
        severity: 'ERROR',
        attributeNames: ['quantity'],
        categories: [],
      },
      { code: '1', message: 'Just so.', severity: 'WARNING', categories: [] },
    ],
  },
}
const kindsOf = (replies: Reply[]) => replies.map((reply) => reply.kind)

describe('stock', () => {
  test('E3: is merged into the seller’s own channel, so that the handling time stays', async () => {
    const { call, seen } = scriptedCall(accepted)
    expect(await pushStock(call, [stock('LAMP/01 +%', 7)])).toEqual([{ kind: 'done', reference: 'S1' }])
    expect(asked(seen[0])).toMatchObject({
      what: 'PATCH /listings/2021-08-01/items/A2SELLER/LAMP%2F01%20%2B%25',
      query: { marketplaceIds: 'A1F83G8C2ARO7P' },
      body: {
        productType: 'PRODUCT',
        patches: [
          {
            op: 'merge',
            path: '/attributes/fulfillment_availability',
            value: [{ fulfillment_channel_code: 'DEFAULT', quantity: 7 }],
          },
        ],
      },
    })
  })

  test('a half-failed batch answers for each entry, in the order asked', async () => {
    const answers: Record<string, ScriptedAnswer> = { A: accepted, B: { status: 404 }, C: invalid, D: accepted }
    const answer = (request: { url: string }) => answers[new URL(request.url).pathname.at(-1) ?? ''] ?? accepted
    const { call } = scriptedCall(answer, answer, answer, answer)
    const replies = await pushStock(
      call,
      ['A', 'B', 'C', 'D'].map((sku) => stock(sku, 1)),
    )
    expect(kindsOf(replies)).toEqual(['done', 'gone', 'rejected', 'done'])
    expect(replies[2]).toMatchObject({ reason: 'Some attributes are invalid. (code 90000900: quantity)' })
  })

  test.each([-1, 1.5, Number.NaN])('the figure %s is never sent', async (quantity) => {
    const { call, seen } = scriptedCall()
    expect(kindsOf(await pushStock(call, [stock('A', quantity)]))).toEqual(['rejected'])
    expect(seen).toEqual([])
  })

  test('S5: no figure of ours goes to what Amazon ships itself', async () => {
    const { call, seen } = scriptedCall()
    const own = { ...stock('A', 3), marketplaceVariantId: 'AMAZON_EU' }
    expect(await pushStock(call, [own])).toMatchObject([
      { kind: 'rejected', reason: expect.stringContaining('Amazon') },
    ])
    expect(seen).toEqual([])
  })

  test.each<[string, ScriptedAnswer, Reply['kind']]>([
    ['a lost answer', { failure: { kind: 'timeout', sent: true } }, 'unclear'],
    ['an empty answer', { status: 200, body: '' }, 'unclear'],
    ['an answer in HTML', { status: 200, body: '<html>' }, 'unclear'],
    ['a preview’s answer', { json: { status: 'VALID' } }, 'unclear'],
    ['a slow-down', { status: 429, json: { errors: [{ code: 'QuotaExceeded', message: 'x' }] } }, 'wait'],
    ['a refusal', { status: 400, json: { errors: [{ code: 'InvalidInput', message: 'Invalid path' }] } }, 'rejected'],
  ])('%s', async (_name, answer, kind) => {
    expect(kindsOf(await pushStock(scriptedCall(answer).call, [stock('A', 1)]))).toEqual([kind])
  })
})

describe('prices', () => {
  const bare: ScriptedAnswer = { json: fixture('item', { attributes: {} }) }

  test('E4: the whole offer is replaced, inc. VAT, as a number', async () => {
    const { call, seen } = scriptedCall(bare, accepted)
    expect(kindsOf(await pushPrices(call, [price(1205)]))).toEqual(['done'])
    expect(asked(seen[1]).body).toEqual({
      productType: 'PRODUCT',
      patches: [
        {
          op: 'replace',
          path: '/attributes/purchasable_offer',
          value: [
            {
              marketplace_id: 'A1F83G8C2ARO7P',
              currency: 'GBP',
              audience: 'ALL',
              our_price: [{ schedule: [{ value_with_tax: 12.05 }] }],
            },
          ],
        },
      ],
    })
  })

  test('E4: what the seller set beside it, a sale or limits, is sent along', async () => {
    const entry = {
      marketplace_id: 'A1F83G8C2ARO7P',
      currency: 'GBP',
      audience: 'ALL',
      our_price: [{ schedule: [{ value_with_tax: 99 }] }],
      minimum_seller_allowed_price: [{ schedule: [{ value_with_tax: 5 }] }],
    }
    const others = [
      { ...entry, audience: 'B2B' },
      { ...entry, marketplace_id: 'A1PA6795UKMFR9' },
    ]
    const item = { json: fixture('item', { attributes: { purchasable_offer: [...others, entry] } }) }
    const { call, seen } = scriptedCall(item, accepted)
    await pushPrices(call, [price(1000)])
    expect(asked(seen[1]).body).toMatchObject({
      patches: [{ value: [{ ...entry, our_price: [{ schedule: [{ value_with_tax: 10 }] }] }] }],
    })
  })

  test('E4: nothing at or below 0, and no other currency than the site’s, is ever sent', async () => {
    const { call, seen } = scriptedCall()
    expect(kindsOf(await pushPrices(call, [price(0), price(-5), price(100, 'EUR')]))).toEqual(Array(3).fill('rejected'))
    expect(seen).toEqual([])
  })

  test.each<[string, ScriptedAnswer[], Reply['kind']]>([
    ['a listing that is no more is gone', [{ status: 404 }], 'gone'],
    ['a lost reading is asked again', [{ failure: { kind: 'timeout', sent: true } }], 'wait'],
    ['a lost writing is unclear', [bare, { failure: { kind: 'timeout', sent: true } }], 'unclear'],
    ['a refusal is one', [bare, invalid], 'rejected'],
  ])('%s', async (_name, answers, kind) => {
    expect(kindsOf(await pushPrices(scriptedCall(...answers).call, [price(100)]))).toEqual([kind])
  })
})

describe('confirming a parcel', () => {
  const shipment: ShipmentReport = {
    marketplaceOrderId: '203-0000001-0000001',
    packageNumber: 2,
    carrier: 'royal-mail',
    trackingNumber: ' AB 123 GB ',
    shippedAt: new Date('2026-03-10T10:00:00Z'),
    lines: [{ marketplaceLineId: '10000000000001', quantity: 2 }],
  }
  const order = (changes = {}): ScriptedAnswer => ({ json: { order: fixture('order', changes) } })
  const shown = (trackingNumber: string) =>
    order({ packages: [{ packageReferenceId: '9', carrier: 'Royal Mail', trackingNumber }] })
  const taken: ScriptedAnswer = { status: 204 }
  const refused = (message: string): ScriptedAnswer => ({
    status: 400,
    json: { errors: [{ code: 'InvalidInput', message }] },
  })

  test('D7: reads the order, then sends the parcel under its own number; done is what the order shows', async () => {
    const { call, seen } = scriptedCall(order(), taken, shown('AB123GB'))
    expect(await confirmShipment(call, shipment)).toEqual({ kind: 'pending', ticket: 'AB 123 GB' })
    expect(asked(seen[1])).toMatchObject({
      what: 'POST /orders/v0/orders/203-0000001-0000001/shipmentConfirmation',
      body: {
        marketplaceId: 'A1F83G8C2ARO7P',
        packageDetail: {
          packageReferenceId: '2',
          carrierCode: 'Royal Mail',
          trackingNumber: 'AB 123 GB',
          shipDate: '2026-03-10T10:00:00.000Z',
          orderItems: [{ orderItemId: '10000000000001', quantity: 2 }],
        },
      },
    })
    expect(await confirmShipment(call, shipment)).toEqual({ kind: 'done', reference: 'AB 123 GB' })
    expect(seen.length).toBe(3)
  })

  test('V1: a repeat before the order shows it goes out under the same number, which only edits', async () => {
    const { call, seen } = scriptedCall(order(), taken, order(), taken)
    await confirmShipment(call, shipment)
    await confirmShipment(call, shipment)
    expect(asked(seen[3])).toEqual(asked(seen[1]))
  })

  test('a carrier Amazon does not name goes out as Other with its own name', async () => {
    const { call, seen } = scriptedCall(order(), taken)
    await confirmShipment(call, { ...shipment, carrier: 'Pigeon & Sons' })
    expect(asked(seen[1]).body).toMatchObject({
      packageDetail: { carrierCode: 'Other', carrierName: 'Pigeon & Sons' },
    })
  })

  test('without lines all that is left goes in the parcel', async () => {
    const { call, seen } = scriptedCall(order(), taken)
    await confirmShipment(call, { ...shipment, lines: [] })
    expect(asked(seen[1]).body).toMatchObject({
      packageDetail: { orderItems: [{ orderItemId: '10000000000001', quantity: 2 }] },
    })
  })

  test('a parcel leaves neither before its order nor in the future', async () => {
    for (const [shippedAt, shipDate] of [
      ['2026-03-01T00:00:00Z', '2026-03-10T09:00:00.000Z'],
      ['2026-04-01T00:00:00Z', '2026-03-10T12:00:00.000Z'],
    ] as const) {
      const { call, seen } = scriptedCall(order(), taken)
      await confirmShipment(call, { ...shipment, shippedAt: new Date(shippedAt) })
      expect(asked(seen[1]).body).toMatchObject({ packageDetail: { shipDate } })
    }
  })

  test('an order that is shipped already is looked at again: this parcel, or another', async () => {
    const full = refused('PackageToUpdateNotFound: Failed to create package, order already fulfilled')
    expect(await confirmShipment(scriptedCall(order(), full, shown('ab123gb')).call, shipment)).toMatchObject({
      kind: 'done',
    })
    expect(await confirmShipment(scriptedCall(order(), full, shown('OTHER')).call, shipment)).toMatchObject({
      kind: 'rejected',
    })
  })

  test.each([
    ['cancelled', { fulfillment: { fulfillmentStatus: 'CANCELLED' } }],
    ['not paid yet', { fulfillment: { fulfillmentStatus: 'PENDING' } }],
  ])('D9: an order that is %s is not shipped', async (_name, changes) => {
    const { call, seen } = scriptedCall(order(changes))
    expect(await confirmShipment(call, shipment)).toMatchObject({ kind: 'rejected' })
    expect(seen.length).toBe(1)
  })

  test('V3: no tracking number, nothing sent', async () => {
    const { call, seen } = scriptedCall()
    expect((await confirmShipment(call, { ...shipment, trackingNumber: ' ' })).kind).toBe('rejected')
    expect(seen).toEqual([])
  })

  test.each<[string, ScriptedAnswer[], Reply['kind']]>([
    ['an order that is no more is gone', [{ status: 404 }], 'gone'],
    ['a lost reading is asked again', [{ failure: { kind: 'timeout', sent: true } }], 'wait'],
    ['a lost sending is unclear', [order(), { failure: { kind: 'timeout', sent: true } }], 'unclear'],
    ['a sending that never left is repeated', [order(), { failure: { kind: 'refused', sent: false } }], 'wait'],
    ['an answer in HTML is unclear', [order(), { status: 200, body: '<html>' }], 'unclear'],
    ['a fault is unclear', [order(), { status: 503 }], 'unclear'],
    ['a slow-down waits', [order(), { status: 429 }], 'wait'],
    ['a refusal is told', [order(), refused('OrderItemId  is invalid')], 'rejected'],
  ])('%s', async (_name, answers, kind) => {
    expect((await confirmShipment(scriptedCall(...answers).call, shipment)).kind).toBe(kind)
  })

  test.each([
    ['ups', 'UPS'],
    ['Royal Mail', 'Royal Mail'],
    ['ROYAL_MAIL', 'Royal Mail'],
    ['hermes', 'Hermes Logistik Gruppe'],
    ['evri', 'Other'],
    ['other', 'Other'],
    ['', 'Other'],
  ])('R12: the carrier %j goes out as %s', (carrier, word) => {
    const { carrierCode, carrierName } = carrierOf(carrier)
    expect(carrierCode).toBe(word)
    expect(carrierName === undefined).toBe(word !== 'Other')
  })

  test('no two carrier codes of ours read the same', () => {
    const codes = Object.keys(carriers)
    expect(codes.map((code) => carrierOf(code).carrierCode)).toEqual(codes.map((code) => carriers[code]))
  })
})
