// Every request we make, and every answer our fixtures imitate, is held against the published spec and the facts beside
// it. They lie outside the project, so where they are not there this says so and checks nothing.
import { describe, expect, test } from 'vitest'
import { createSpecCheck } from '../../../test/spec-check/check.ts'
import { makeCall } from '../call.ts'
import type { CallHttp } from '../call.ts'
import type { ListingDraft } from '../connector.ts'
import {
  account,
  app,
  fixture,
  mainWarehouse,
  now,
  ok,
  refused,
  secondWarehouse,
  twoWarehouses,
} from '../scripted-tiktok.ts'
import { pictureOver } from '../scripted-http.ts'
import type { ScriptedAnswer } from '../scripted-http.ts'
import type { TikTokCall } from './account.ts'
import { endpoints } from './endpoints.ts'
import { tiktok } from './index.ts'

const check = createSpecCheck('tiktok')
if (!check)
  console.log('Skipped: the requests of the TikTok Shop connector are not checked, for the spec is not there.')

/** What each path answers, so that every operation gets to its last request. */
const answers: [RegExp, ScriptedAnswer][] = [
  [/\/api\/v2\/token/, ok(fixture('token'))],
  [/\/authorization\/.*\/shops/, ok(fixture('shops'))],
  [/\/logistics\/.*\/warehouses$/, ok(fixture('warehouses'))],
  [/\/delivery_options$/, ok({ delivery_options: [{ id: '1', name: 'Standard Shipping', type: 'STANDARD' }] })],
  [/\/shipping_providers$/, ok({ shipping_providers: [{ id: '1', name: 'Royal Mail' }] })],
  [/\/orders\/search$/, ok({ orders: [fixture('order')], total_count: 1, next_page_token: '' })],
  [/\/order\/202507\/orders$/, ok({ orders: [fixture('order')] })],
  [/\/orders\/\d+\/packages$/, ok({ order_id: '1', package_id: '2', order_line_item_ids: ['3'] })],
  [/\/cancellations$/, ok({ cancel_id: '1', cancel_status: 'CANCELLATION_REQUEST_COMPLETE' })],
  [/\/products\/search$/, ok({ products: [{ id: '1', status: 'ACTIVATE', skus: [] }], total_count: 1 })],
  [/\/inventory\/search$/, ok({ inventory: [{ product_id: '1', skus: [inventoryOf('11'), inventoryOf('12')] }] })],
  [/\/images\/upload$/, ok({ uri: 'tos-1', url: 'x', width: 1, height: 1, use_case: 'MAIN_IMAGE' })],
  [/\/listing_check$/, ok({ check_result: 'FAILED', fail_reasons: [{ code: 12052051, message: 'Too long' }] })],
  [/\/prerequisites$/, ok({ check_results: [{ check_item: 'SHOP_TAX', is_failed: true, fail_reasons: ['No tax'] }] })],
  [/\/recommend$/, ok({ leaf_category_id: '1', categories: [{ id: '1', level: 1, name: 'A', is_leaf: true }] })],
  [/\/product\/202309\/products$/, ok({ product_id: '500', skus: [{ id: '501', seller_sku: 'A' }] })],
  [/\/product\/202509\/products\/\d+$/, ok({ product_id: '500', audit: { status: 'AUDITING' } })],
  [/\/product\/202309\/products\/\d+$/, ok(fixture('product'))],
  [/\/categories$/, ok({ categories: [{ id: '1', parent_id: '0', local_name: 'A', is_leaf: true }] })],
  [/\/rules$/, ok({ package_dimension: { is_required: true }, product_certifications: [{ id: '9', name: 'A' }] })],
  [/\/attributes$/, ok({ attributes: [{ id: '1', name: 'A', is_requried: true, values: [{ id: '2', name: 'B' }] }] })],
  [/\/brands$/, ok({ brands: [{ id: '70', name: 'Made-up' }], next_page_token: '' })],
  [/\/webhooks$/, ok({ webhooks: [], total_count: 0 })],
  [/./, ok({})],
]

function inventoryOf(id: string) {
  return {
    id,
    warehouse_inventory: [mainWarehouse, secondWarehouse].map((warehouse_id) => ({
      warehouse_id,
      available_quantity: 1,
    })),
  }
}

/** An HTTP port that shows each exchange to the check. */
function checkedHttp(different: [RegExp, ScriptedAnswer][] = []) {
  const plans = new Set<string>()
  const http: CallHttp = {
    async request({ method, url, headers, body }) {
      const path = new URL(url).pathname
      const told = [...different, ...answers].find(([pattern]) => pattern.test(path))?.[1]
      const answer = method === 'DELETE' || !told ? ok() : told
      const { status = 200, json } = answer
      const text = JSON.stringify(json)
      const sent = typeof body === 'string' ? body : undefined
      check?.see({ method, url, headers, body: sent, status, answer: text })
      for (const [name, endpoint] of Object.entries(endpoints)) {
        const pattern = new RegExp(`^${endpoint.path.replace('{id}', '[^/]+')}$`)
        if (endpoint.method === method && pattern.test(path)) plans.add(name)
      }
      return { status, headers: {}, body: text }
    },
    async stream() {
      return { status: 200, headers: {}, body: bytes() }
    },
  }
  const call: TikTokCall = makeCall({
    connector: tiktok,
    account,
    app,
    site: twoWarehouses,
    now: () => now,
    http,
    picture: pictureOver(http),
  })
  return { call, plans }
}

async function* bytes() {
  yield Buffer.from('\x89PNG and so on', 'latin1')
}

const ref = { marketplaceListingId: '1729592969712207008', marketplaceVariantId: '11', channelSku: 'A' }
const draft: ListingDraft = {
  channelSku: 'A',
  title: 'A',
  description: 'A',
  price: { minor: 100, currency: 'GBP' },
  quantity: 1,
  images: ['https://images.example.test/1.png'],
  barcode: '012345678905',
  brand: 'Made-up',
  model: null,
  attributes: {
    category: '1',
    packageWeight: '1',
    packageLength: '1',
    packageWidth: '1',
    packageHeight: '1',
    sizeChart: 'https://images.example.test/2.png',
    'certification:9': 'https://images.example.test/3.png',
    '100392': 'id:1|B',
  },
}
const variations = ['Red', 'Blue'].map((color) => ({
  channelSku: color,
  price: draft.price,
  quantity: 1,
  barcode: null,
  image: `https://images.example.test/${color}.png`,
  attributes: { Color: color, '100001': 'id:5' },
}))
const parcel = {
  marketplaceOrderId: '576461413038785752',
  packageNumber: 1,
  carrier: 'royal-mail',
  trackingNumber: 'AB1',
  shippedAt: new Date(0),
  lines: [{ marketplaceLineId: '577086512123755123', quantity: 1 }],
}

describe.skipIf(!check)('against the published spec', () => {
  test('every request and every fixture is one the spec knows', async () => {
    const { listings, stock, prices, shipments, orders, consent, renewal, notifications, findSites } = tiktok
    const from = { cursor: null, since: new Date(0) }
    const { call, plans } = checkedHttp()
    await consent?.exchange(call, { kind: 'allowed', code: 'C', state: null, sellerId: null }, '')
    await renewal?.renew(call)
    await findSites(call)
    await orders.pull(call, from)
    await orders.read(call, '576461413038785752')
    await orders.cancel?.(call, '1', 'Out of stock')
    await orders.shippingServices?.(call)
    await listings?.pull(call, from)
    await listings?.read(call, { ...ref, marketplaceVariantId: '1729592969712207013' })
    await listings?.findBySku(call, 'A B')
    await listings?.publish(call, draft)
    await listings?.publish(call, { ...draft, variations })
    await listings?.update?.(call, ref, draft)
    await listings?.update?.(call, ref, { ...draft, variations })
    await listings?.end(call, { ...ref, marketplaceVariantId: '1729592969712207013' })
    await listings?.end(call, { ...ref, marketplaceVariantId: null })
    await listings?.check?.(call, '500')
    await listings?.check?.(call, 'update:500')
    await listings?.categories?.(call, null)
    await listings?.attributes?.(call, '1')
    await listings?.recommend?.(call, draft)
    await listings?.precheck?.(call, draft)
    await listings?.precheck?.(call, { ...draft, variations })
    await stock?.push(call, [{ ...ref, quantity: 0, state: 'live' }])
    await prices?.push(call, [{ ...ref, price: draft.price }])
    await shipments?.confirm(call, parcel)
    await notifications?.subscribe?.(call, 'https://hub.example.test/x')

    const packed = fixture('order')
    packed['line_items'] = (packed['line_items'] as object[]).map((unit) => ({ ...unit, package_id: '7' }))
    const elsewhere = checkedHttp([
      [/\/order\/202507\/orders$/, ok({ orders: [packed] })],
      [/\/orders\/\d+\/packages$/, refused(21008106, 'This interface cannot be used in this region.')],
    ])
    await shipments?.confirm(elsewhere.call, { ...parcel, lines: [] })

    expect(check?.violations()).toEqual([])
    expect(check?.checked()).toBeGreaterThan(45)
    const asked = new Set([...plans, ...elsewhere.plans])
    expect(Object.keys(endpoints).filter((name) => !asked.has(name))).toEqual([])
  })

  test('the check notices a wrong path, query and field', () => {
    const see = (method: string, path: string, body?: object) =>
      check?.see({
        method,
        url: `https://open-api.tiktokglobalshop.com${path}`,
        headers: {},
        body: body === undefined ? undefined : JSON.stringify(body),
        status: 200,
        answer: '{"code":0,"message":"Success","data":{}}',
      })
    const before = check?.violations().length ?? 0
    expect(see('GET', '/order/202309/orders/sold')).not.toEqual([])
    expect(see('POST', '/order/202309/orders/search?page_size=1&page=2', {})).not.toEqual([])
    expect(see('POST', '/product/202309/products/1/prices/update', { skus: [{ id: 1 }] })).not.toEqual([])
    check?.forgive(before)
  })
})
