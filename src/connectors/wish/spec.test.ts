// Every request we make, and every answer our fixtures imitate, is held against the published spec. It lies outside the
// project, so where it is not there this says so and checks nothing.
import { describe, expect, test } from 'vitest'
import { createSpecCheck } from '../../../test/spec-check/check.ts'
import { makeCall } from '../call.ts'
import type { ListingDraft } from '../connector.ts'
import { wholeHttp } from '../scripted-http.ts'
import type { ScriptedAnswer } from '../scripted-http.ts'
import {
  account,
  app,
  fixture,
  now,
  ok,
  orderId,
  otherVariationId,
  productId,
  site,
  variationId,
} from '../scripted-wish.ts'
import type { WishAccount } from './account.ts'
import { wish } from './index.ts'

const check = createSpecCheck('wish')
if (!check) console.log('Skipped: the requests of the Wish connector are not checked, for the spec is not there.')

const requestId = '00000000-0000-4000-8000-000000000001'
const job = {
  id: '65d000000000000000000001',
  status: 'READY',
  total_count: 1,
  file_urls: ['https://files.example.test/1'],
}
const subscription = { id: '65e000000000000000000001', topic_id: '65e000000000000000000002', status: 'INACTIVE' }
const endpoint = 'https://hub.example.test/hooks'

/** What each path answers, so that every operation gets to its last request. */
const answers: [RegExp, ScriptedAnswer][] = [
  [/oauth\/(access|refresh)_token/, ok(fixture('tokens'))],
  [/oauth\/test/, ok({ merchant_id: site.id })],
  [/account_details/, ok({ status: 'ACTIVE', revenue_type: 'COST_BASED', display_name: 'Example store' })],
  [/currency_settings/, ok({ localized_currency: 'GBP' })],
  [/warehouses/, ok(fixture('warehouses')['list'])],
  [/shipping_carriers/, ok([{ name: 'UPS' }])],
  [/refund_reasons/, ok(['UNABLE_TO_SHIP'])],
  [/orders\/[0-9a-f]{24}/, ok(fixture('order'))],
  [/orders$/, ok([fixture('order')])],
  [/products\/requests/, ok({ id: requestId, status: 'APPROVED' })],
  [/products\/bulk_get/, ok(job)],
  [/products\/[0-9a-f]{24}\/variations/, ok({ id: otherVariationId, sku: 'A' })],
  [/products\/[0-9a-f]{24}/, ok(fixture('product'))],
  [
    /webhook\/topics/,
    ok(
      ['ORDER_ALL', 'PRODUCT_SOLDOUT'].map((topic_name, n) => ({ id: `65e00000000000000000000${n + 2}`, topic_name })),
    ),
  ],
]

/** An HTTP port that shows each exchange to the check. */
function checked(different: [RegExp, ScriptedAnswer][] = []) {
  const asked = new Set<string>()
  const http = wholeHttp(({ method, url, headers, body }) => {
    const { pathname, host } = new URL(url)
    if (host === 'files.example.test') return { status: 200, headers: {}, body: JSON.stringify([fixture('product')]) }
    const lists: [RegExp, ScriptedAnswer][] =
      method === 'GET'
        ? [
            [/webhook\/subscriptions$/, ok([{ ...subscription, endpoint }])],
            [/v3\/products$/, ok([{ id: productId, parent_sku: 'A' }])],
          ]
        : [
            [/webhook\/subscriptions/, ok(subscription)],
            [/v3\/products$/, ok(fixture('product'))],
          ]
    const told = [...different, ...answers, ...lists].find(([pattern]) => pattern.test(pathname))?.[1] ?? ok({})
    const { status = 200, json } = method === 'DELETE' ? { status: 204, json: undefined } : told
    const answer = json === undefined ? '' : JSON.stringify(json)
    check?.see({ method, url, headers, body: typeof body === 'string' ? body : undefined, status, answer })
    asked.add(`${method} ${pathname.replace('/api/v3', '').replace(/[0-9a-f-]{24,36}/g, '…')}`)
    return { status, headers: {}, body: answer }
  })
  const parts = { connector: wish, app, site, now: () => now, http }
  return {
    call: (changes: Partial<WishAccount> = {}) => makeCall({ ...parts, account: { ...account, ...changes } }),
    asked,
  }
}

const price = { minor: 1050, currency: 'GBP' }
const ref = { marketplaceListingId: productId, marketplaceVariantId: variationId, channelSku: 'A' }
const draft: ListingDraft = {
  channelSku: 'A',
  title: 'A',
  description: 'A',
  price,
  quantity: 1,
  images: ['https://images.example.test/1.jpg', 'https://images.example.test/2.jpg'],
  barcode: '00000012345670',
  brand: null,
  model: null,
  attributes: {
    category_id: '12',
    default_shipping_price: '1',
    origin_country: 'GB',
    condition: 'NEW',
    tags: 'a|b',
    brand_id: '65a000000000000000000001',
    Material: 'Wool',
  },
}
const variation = {
  channelSku: 'B',
  price,
  quantity: 1,
  barcode: null,
  image: 'https://images.example.test/3.jpg',
  attributes: { COLOR: 'red', Fit: 'x' },
}

describe.skipIf(!check)('against the published spec', () => {
  test('every request and every answer fits', async () => {
    const { call, asked } = checked()
    const { listings, consent, renewal, notifications, orders, stock, prices, shipments } = wish
    const from = { cursor: null, since: new Date(0) }
    await consent?.exchange(call(), { kind: 'allowed', code: 'c', state: null, sellerId: null }, endpoint)
    await renewal?.renew(call())
    await wish.findSites(call())
    await notifications?.subscribe?.(call(), endpoint)
    await orders.pull(call(), from)
    const tie = { floor: now, from: now, seen: null, border: null, stepsBack: 0, releasedFrom: now }
    await orders.pull(call(), { ...from, cursor: JSON.stringify(tie) })
    await orders.read(call(), orderId)
    await orders.cancel?.(call(), orderId, 'x')
    const begun = await listings?.pull(call(), from)
    await listings?.pull(call(), { ...from, cursor: begun?.cursor ?? null })
    await listings?.read(call(), ref)
    await listings?.findBySku(call(), 'A')
    await listings?.publish(call(), draft)
    await listings?.publish(call(), { ...draft, variations: [variation] })
    await listings?.update?.(call(), ref, { ...draft, variations: [variation] })
    await listings?.check?.(call(), `request/${requestId}/${productId}`)
    await listings?.end(call(), ref)
    await stock?.push(call(), [{ ...ref, quantity: 0, state: 'live' }])
    await prices?.push(call(), [{ ...ref, price }])
    const parcel = {
      marketplaceOrderId: orderId,
      packageNumber: 1,
      carrier: 'ups',
      trackingNumber: '1',
      shippedAt: now,
      lines: [],
    }
    await shipments?.confirm(call(), parcel)
    expect(check?.violations()).toEqual([])
    expect([...asked].toSorted()).toMatchObject(expect.arrayContaining(['DELETE /products/…', 'PUT /orders/…/refund']))
    expect(asked.size).toBeGreaterThan(24)
  })

  test('the check notices a wrong path, query, field and value', () => {
    const before = check?.violations().length ?? 0
    const exchange = (method: string, path: string, body?: unknown) => ({
      method,
      url: `https://merchant.wish.com/api/v3${path}`,
      headers: {},
      body: body === undefined ? undefined : JSON.stringify(body),
      status: 200,
      answer: '',
    })
    const planted = [
      exchange('GET', '/sales'),
      exchange('GET', '/orders?sort_by=created_at.asc'),
      exchange('GET', '/products?sku=A'),
      exchange('PUT', `/products/${productId}`, { variations: [{ inventory: 3 }] }),
      exchange('PUT', `/products/${productId}`, { variations: [{ id: variationId, price: '9.99' }] }),
      exchange('PUT', `/orders/${orderId}/tracking`, { tracking_number: '1', shipping_provider: 'UPS' }),
      exchange('PUT', `/orders/${orderId}/refund`, { refund_reason: 'BORED' }),
    ]
    expect(planted.filter((one) => check?.see(one).length === 0)).toEqual([])
    check?.forgive(before)
  })
})
