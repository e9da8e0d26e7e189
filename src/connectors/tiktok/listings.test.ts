import { describe, expect, test } from 'vitest'
import type { ChannelListing, Page } from '../connector.ts'
import { refusalOf } from '../scripted-reverb.ts'
import { asked, fixture, now, ok, refused, scriptedCall, scriptedCallAt } from '../scripted-tiktok.ts'
import type { Told } from '../scripted-tiktok.ts'
import type { JsonObject } from '../reading.ts'
import { tiktok } from './index.ts'
import { toChannelListings } from './listings.ts'

const listings = tiktok.listings ?? raise('TikTok Shop has listings')
const since = new Date(0)
const product = fixture('product')
const red = {
  marketplaceListingId: '1729592969712207008',
  marketplaceVariantId: '1729592969712207013',
  channelSku: 'MUG-RED',
}

describe('a product', () => {
  test('B1: each SKU is a listing, with the stock of all its warehouses and the price buyers see', () => {
    const [first, second, ...others] = toChannelListings(product, 'GBP')
    expect(others).toEqual([])
    expect(first).toEqual({
      ...red,
      title: 'Mug',
      state: 'live',
      marketplaceState: 'ACTIVATE',
      quantity: 9,
      price: { minor: 1100, currency: 'GBP' },
      imageUrl: 'https://images.example.test/red.jpg',
      url: null,
      barcode: '5012345678900',
      condition: null,
      zeroIsFinal: false,
      takesQuantity: true,
    })
    expect(second).toMatchObject({ channelSku: 'MUG-BLUE', quantity: 0, state: 'sold-out', barcode: null })
  })

  test('as the search shows it: no sale price, no pictures', () => {
    const sku = { id: '5', seller_sku: 'S', price: { currency: 'GBP', tax_exclusive_price: '3.00' } }
    expect(toChannelListings({ id: '4', title: 'T', status: 'ACTIVATE', skus: [sku] }, 'GBP')).toMatchObject([
      { price: { minor: 300, currency: 'GBP' }, imageUrl: null, quantity: null, state: 'live' },
    ])
  })

  test.each([
    ['DRAFT', 'draft'],
    ['PENDING', 'draft'],
    ['FAILED', 'draft'],
    ['SELLER_DEACTIVATED', 'ended'],
    ['PLATFORM_DEACTIVATED', 'suspended'],
    ['FREEZE', 'suspended'],
    ['DELETED', 'ended'],
    ['BANANA', 'unknown'],
  ])('R12: %s is %s', (status, state) => {
    expect(toChannelListings({ ...product, status }, 'GBP')[0]).toMatchObject({ state, marketplaceState: status })
  })

  test('of a deleted one the stock is not said, so that nothing is sent to it', () => {
    expect(toChannelListings({ ...product, status: 'DELETED' }, 'GBP')[1]?.quantity).toBeNull()
  })

  test('a SKU that is switched off alone is not live', () => {
    const off = (deactivation_source: string) => ({ status: 'DEACTIVATED', deactivation_source })
    const states = (status_info: object) =>
      toChannelListings({ ...product, skus: [{ id: '1', status_info }] }, 'GBP').map((one) => one.state)
    expect(states(off('SELLER'))).toEqual(['ended'])
    expect(states(off('PLATFORM'))).toEqual(['suspended'])
  })

  test('a draft without a SKU is a listing all the same', () => {
    expect(toChannelListings({ id: '4', status: 'DRAFT' }, 'GBP')).toMatchObject([
      { marketplaceListingId: '4', marketplaceVariantId: null },
    ])
  })

  test.each([['nonsense'], [{ status: 'DRAFT' }], [{ id: '1', skus: ['x'] }], [{ id: '1', skus: [{}] }]])(
    '%j is unreadable',
    (raw: unknown) => {
      expect(() => toChannelListings(raw, 'GBP')).toThrow(/product/)
    },
  )
})

describe('downloading', () => {
  const pageOf = (ids: string[], more: object = {}) =>
    ok({ products: ids.map((id) => ({ ...product, id })), total_count: ids.length, ...more })

  test('B3: asks for all states, by the time products were made', async () => {
    const { call, seen } = scriptedCall(pageOf(['1', '2']))
    const page = await listings.pull(call, { cursor: null, since })
    expect(asked(seen[0])).toMatchObject({
      what: 'POST /product/202502/products/search',
      query: { page_size: '100' },
      body: { status: 'ALL', create_time_le: 1_700_000_059 },
    })
    expect(page).toMatchObject({ more: false, unreadable: [] })
    expect(page.items.length).toBe(4)
  })

  test('100,000 listings come although no search gives more than 10,000', async () => {
    // Two thousand a day for fifty days, as after an import.
    const made = Array.from({ length: 50_000 }, (_, index) => ({ id: `${index + 1}`, at: 1_690_000_000 + index * 43 }))
    const few: Told = (request) => {
      const { create_time_ge: from = 0, create_time_le: to } = bodyOf(request.body)
      const found = made.filter(({ at }) => at >= from && at <= (to ?? 0))
      if (found.length > 10_000) return refused(12052180, 'The total number of search results can not exceed 10000.')
      const start = Number(new URL(request.url).searchParams.get('page_token') ?? 0)
      const products = found.slice(start, start + 100).map(({ id }) => ({ id, status: 'ACTIVATE', skus: twoSkus(id) }))
      const next = start + 100 < found.length ? { next_page_token: String(start + 100) } : {}
      return ok({ products, total_count: found.length, ...next })
    }
    const found = new Set<string>()
    let cursor: string | null = null
    let pages = 0
    for (;;) {
      const page: Page<ChannelListing> = await listings.pull(scriptedCall(few).call, { cursor, since })
      for (const { marketplaceVariantId } of page.items) found.add(marketplaceVariantId ?? '')
      expect(page.unreadable).toEqual([])
      cursor = page.cursor
      pages += 1
      if (!page.more) break
    }
    expect(found.size).toBe(100_000)
    expect(pages).toBeLessThan(800)
  })

  test('what cannot be shown is said, so that nothing is called missing', async () => {
    const walk = { end: 20, from: 10, to: 11 }
    const { call } = scriptedCall(refused(12052180))
    const page = await listings.pull(call, { cursor: JSON.stringify({ walk }), since })
    expect(page).toMatchObject({ items: [], unreadable: [{ reference: null }], more: true })
  })

  test('a product nobody can read is set aside by its id', async () => {
    const { call } = scriptedCall(ok({ products: [{ id: '7', skus: [{}] }, product], total_count: 2 }))
    const page = await listings.pull(call, { cursor: null, since })
    expect(page.unreadable).toMatchObject([{ reference: '7' }])
    expect(page.items.length).toBe(2)
  })

  test.each<[Told, string]>([
    [refused(105005), 'rejected'],
    [{ status: 503, body: '' }, 'wait'],
    [{ failure: { kind: 'reset', sent: true } }, 'wait'],
    [ok({ total_count: 3 }), 'wait'],
  ])('%j', async (answer, kind) => {
    const { call } = scriptedCall(answer)
    expect(await refusalOf(listings.pull(call, { cursor: null, since }))).toMatchObject({ kind })
  })

  test('the walk begins anew after its end, and a cursor of something else is none', async () => {
    const { call, seen } = scriptedCall(pageOf([]), pageOf([]))
    const { cursor } = await listings.pull(call, { cursor: null, since })
    await listings.pull(call, { cursor, since })
    expect(asked(seen[1]).body).toEqual(asked(seen[0]).body)
    expect(await refusalOf(listings.pull(call, { cursor: '{"floor":1}', since }))).toMatchObject({ kind: 'rejected' })
  })
})

describe('reading one', () => {
  test('E5: asks for the product and picks the SKU', async () => {
    const { call, seen } = scriptedCall(ok(product))
    expect(await listings.read(call, red)).toMatchObject({ ...red, quantity: 9 })
    expect(asked(seen[0]).what).toBe('GET /product/202309/products/1729592969712207008')
  })

  test('without an id of the SKU its name decides; two of a name are none', async () => {
    const { call } = scriptedCall(ok(product), ok(product))
    const ref = { ...red, marketplaceVariantId: null }
    expect(await listings.read(call, ref)).toMatchObject(red)
    expect(await refusalOf(listings.read(call, { ...ref, channelSku: null }))).toMatchObject({ kind: 'gone' })
  })

  test('a frozen or deleted product is only in the search', async () => {
    const hidden = refused(12052901, 'The product in its current status is not available for this operation.')
    const { call, seen } = scriptedCall(hidden, ok({ products: [{ ...product, status: 'FREEZE' }] }))
    expect(await listings.read(call, red)).toMatchObject({ state: 'suspended' })
    expect(asked(seen[1]).body).toEqual({ status: 'ALL', sku_ids: [red.marketplaceVariantId] })
  })

  test('one that is nowhere is gone', async () => {
    const { call } = scriptedCall(refused(12052032, 'The product does not exist'), ok({ total_count: 0 }))
    expect(await refusalOf(listings.read(call, red))).toMatchObject({ kind: 'gone' })
  })
})

describe('finding by SKU', () => {
  test('R2, R4: all that have exactly it, whatever its letters, and none that were deleted', async () => {
    const sku = 'A+B/C%é🎸'
    const as = (id: string, seller_sku: string, status = 'ACTIVATE') => ({
      id,
      status,
      skus: [{ id: `${id}0`, seller_sku }],
    })
    const { call, seen } = scriptedCall(
      ok({ products: [as('1', sku), as('2', `${sku}0`)], next_page_token: 'N' }),
      ok({ products: [as('3', sku, 'DRAFT'), as('4', sku, 'DELETED')] }),
    )
    const found = await listings.findBySku(call, ` ${sku} `)
    expect(found.map((one) => one.marketplaceListingId)).toEqual(['1', '3'])
    expect(asked(seen[0]).body).toEqual({ status: 'ALL', seller_skus: [sku] })
    expect(asked(seen[1]).query).toMatchObject({ page_token: 'N' })
  })

  test('none is an answer, and nothing is asked for an empty SKU', async () => {
    const { call, seen } = scriptedCall(ok({ total_count: 0 }))
    expect(await listings.findBySku(call, 'A')).toEqual([])
    expect(await listings.findBySku(call, '  ')).toEqual([])
    expect(seen.length).toBe(1)
  })

  test('a search that repeats itself is left', async () => {
    const again = ok({ products: [product], next_page_token: 'N' })
    const { call } = scriptedCallAt({ now }, ...Array.from({ length: 20 }, () => again))
    expect((await listings.findBySku(call, 'MUG-RED')).length).toBe(1)
  })
})

function bodyOf(text: string | undefined): Record<string, number | undefined> {
  return JSON.parse(text ?? '{}') as Record<string, number | undefined>
}

function twoSkus(id: string): JsonObject[] {
  return [
    { id: `${id}-1`, seller_sku: `A${id}` },
    { id: `${id}-2`, seller_sku: `B${id}` },
  ]
}

function raise(reason: string): never {
  throw new Error(reason)
}
