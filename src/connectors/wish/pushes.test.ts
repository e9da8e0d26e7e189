import { describe, expect, test } from 'vitest'
import type { Reply } from '../connector.ts'
import type { ScriptedAnswer } from '../scripted-http.ts'
import {
  asked,
  express,
  fixture,
  ok,
  otherVariationId,
  productId,
  refused,
  scriptedCall,
  scriptedCallAt,
  site,
  standard,
  variationId,
} from '../scripted-wish.ts'
import { pushPrices } from './prices.ts'
import { pushStock } from './stock.ts'

const ref = (product: string = productId, variant: string | null = variationId) => ({
  marketplaceListingId: product,
  marketplaceVariantId: variant,
  channelSku: null,
})
const stock = (quantity: number, one = ref()) => ({ ...one, quantity, state: 'live' as const })
const price = (minor: number, currency = 'GBP', one = ref()) => ({ ...one, price: { minor, currency } })
const saved = ok(fixture('product'))
const revShare = ok({ revenue_type: 'REV_SHARE' })
const kindsOf = (replies: Reply[]) => replies.map((reply) => reply.kind)

describe('stock', () => {
  test('E3: the chosen warehouse shows the figure, every other 0', async () => {
    const { call, seen } = scriptedCall(saved)
    expect(await pushStock(call, [stock(4)])).toEqual([{ kind: 'done', reference: productId }])
    expect(asked(seen[0])).toEqual({
      what: `PUT /products/${productId}`,
      query: {},
      body: {
        variations: [
          {
            id: variationId,
            inventories: [
              { warehouse_id: standard, inventory: 4 },
              { warehouse_id: express, inventory: 0 },
            ],
          },
        ],
      },
    })
  })

  test('a warehouse that was chosen is the one, and without any nothing is sent', async () => {
    const warehouse = { id: express, name: 'Express', isDefault: false }
    const { call, seen } = scriptedCallAt({ site: { ...site, warehouse } }, saved)
    await pushStock(call, [stock(4)])
    expect(asked(seen[0]).body).toMatchObject({
      variations: [{ inventories: [{ warehouse_id: express, inventory: 4 }, { inventory: 0 }] }],
    })
    const { warehouse: _chosen, warehouses: _known, ...bare } = site
    expect(kindsOf(await pushStock(scriptedCallAt({ site: bare }).call, [stock(4)]))).toEqual(['rejected'])
  })

  test('variations of one product go in one request, products in requests of their own', async () => {
    const { call, seen } = scriptedCall(saved, saved)
    const replies = await pushStock(call, [
      stock(1),
      stock(2, ref('65b000000000000000000002')),
      stock(3, ref(productId, otherVariationId)),
    ])
    expect(kindsOf(replies)).toEqual(['done', 'done', 'done'])
    expect(seen.length).toBe(2)
    expect(asked(seen[0]).body).toMatchObject({ variations: [{ id: variationId }, { id: otherVariationId }] })
  })

  test('W14: of one variation told twice, the later figure goes', async () => {
    const { call, seen } = scriptedCall(saved)
    expect(kindsOf(await pushStock(call, [stock(1), stock(9)]))).toEqual(['done', 'done'])
    expect(asked(seen[0]).body).toMatchObject({ variations: [{ inventories: [{ inventory: 9 }, {}] }] })
  })

  test.each(['There is no such variation for the product.', 'The variation is not allowed'])(
    'a variation that Wish refuses (%s) leaves the others of its product alone',
    async (message) => {
      const no = refused(400, 90001, message)
      const { call, seen } = scriptedCall(no, saved, no)
      const replies = await pushStock(call, [stock(1), stock(2, ref(productId, otherVariationId))])
      expect(replies.map((reply) => reply.kind === 'done')).toEqual([true, false])
      expect(seen.length).toBe(3)
    },
  )

  test('a half-failed batch answers entry by entry', async () => {
    const told: Record<string, ScriptedAnswer> = {
      a: saved,
      b: refused(400, 90001, 'There is no such product for the merchant.'),
      c: refused(400, 90001, 'Inventory is too high'),
      d: { failure: { kind: 'timeout', sent: true } },
    }
    const answer = (request: { url: string }) => told[request.url.at(-1) ?? ''] ?? saved
    const { call } = scriptedCall(answer, answer, answer, answer)
    const replies = await pushStock(
      call,
      ['a', 'b', 'c', 'd'].map((id) => stock(1, ref(id))),
    )
    expect(kindsOf(replies)).toEqual(['done', 'gone', 'rejected', 'unclear'])
  })

  test('once told to wait, the rest is not tried', async () => {
    const slow: ScriptedAnswer = { status: 429, headers: { 'wish-rate-limit-reset': '3' } }
    const { call, seen } = scriptedCall(slow, slow, slow, slow)
    const replies = await pushStock(
      call,
      Array.from({ length: 12 }, (_, number) => stock(1, ref(`p${number}`))),
    )
    expect(new Set(kindsOf(replies))).toEqual(new Set(['wait']))
    expect(seen.length).toBe(4)
  })

  test.each([-1, 1.5, Number.NaN, 500_001])('the figure %s is never sent', async (quantity) => {
    const { call, seen } = scriptedCall()
    expect(kindsOf(await pushStock(call, [stock(quantity)]))).toEqual(['rejected'])
    expect(seen).toEqual([])
  })

  test('a listing without a variation is none', async () => {
    expect(kindsOf(await pushStock(scriptedCall().call, [stock(1, ref(productId, null))]))).toEqual(['rejected'])
  })
})

describe('prices', () => {
  test.each([
    [10998, '109.98'],
    [10, '0.1'],
    [1, '0.01'],
    [123456789, '1234567.89'],
  ])('E4: %i pence go out as the number %s', async (minor, text) => {
    const { call, seen } = scriptedCall(revShare, saved)
    expect(kindsOf(await pushPrices(call, [price(minor)]))).toEqual(['done'])
    expect(seen[1]?.body).toBe(
      `{"variations":[{"id":"${variationId}","price":{"amount":${text},"currency_code":"GBP"}}]}`,
    )
  })

  test('W11: who is paid by cost sets his cost, and how he is paid is asked once', async () => {
    const { call, seen } = scriptedCall(ok({ revenue_type: 'COST_BASED' }), saved, saved)
    await pushPrices(call, [price(500)])
    await pushPrices(call, [price(600)])
    expect(asked(seen[1]).body).toEqual({
      variations: [{ id: variationId, cost: { amount: 5, currency_code: 'GBP' } }],
    })
    expect(seen.length).toBe(3)
  })

  test('W10, E4: no other currency, and nothing at or below 0, is ever sent', async () => {
    const { call, seen } = scriptedCall(revShare)
    expect(kindsOf(await pushPrices(call, [price(0), price(-5), price(100, 'USD')]))).toEqual(Array(3).fill('rejected'))
    expect(seen.length).toBe(1)
  })

  test('where it cannot be asked how he is paid, nothing is sent', async () => {
    const { call, seen } = scriptedCall({ status: 503 })
    expect(kindsOf(await pushPrices(call, [price(100), price(200)]))).toEqual(['wait', 'wait'])
    expect(seen.length).toBe(1)
  })
})
