import { describe, expect, test } from 'vitest'
import type { ChannelListing, Page } from '../connector.ts'
import {
  asked,
  fixture,
  now,
  ok,
  otherVariationId,
  productId,
  refusalOf,
  refused,
  scriptedCall,
  scriptedCallAt,
  site,
  standard,
  variationId,
} from '../scripted-wish.ts'
import { wish } from './index.ts'
import { readProduct } from './products.ts'

const listings = wish.listings ?? raise('Wish has listings')
const since = new Date(0)
const ref = { marketplaceListingId: productId, marketplaceVariantId: variationId, channelSku: 'SHIRT-RED-L' }
const product = (changes: Record<string, unknown> = {}) => fixture('product', changes)
const firstOf = (changes: Record<string, unknown> = {}) => readProduct(product(changes), site).items[0]
const job = (changes: Record<string, unknown> = {}) =>
  ok({ id: 'j0b', status: 'PENDING', total_count: 2, file_urls: null, ...changes })
const file = 'https://files.example.test/1.json?right=1'
const ready = job({ status: 'READY', file_urls: [file] })

async function all(page: Page<ChannelListing>) {
  const parts: { items: ChannelListing[]; unreadable: unknown[] }[] = []
  for await (const part of page.parts ?? []) parts.push(part)
  return parts
}

describe('a product and its listings', () => {
  test('each variation is a listing with its SKU, price and stock', () => {
    expect(firstOf()).toEqual({
      ...ref,
      title: 'Made-up shirt (red, L)',
      state: 'live',
      marketplaceState: 'ACTIVE',
      quantity: 7,
      price: { minor: 950, currency: 'GBP' },
      imageUrl: 'https://images.example.test/shirt-red.jpg',
      url: null,
      barcode: '00000012345670',
      condition: 'NEW',
      zeroIsFinal: false,
      takesQuantity: true,
    })
    const [, second] = readProduct(product(), site).items
    expect(second).toMatchObject({ state: 'unavailable', marketplaceState: 'ACTIVE, DISABLED', quantity: 3 })
  })

  test.each([
    ['WISH_INACTIVE', 'unavailable'],
    ['MERCHANT_INACTIVE', 'unavailable'],
    ['REMOVED_BY_WISH', 'suspended'],
    ['REMOVED_BY_MERCHANT', 'ended'],
    ['FROZEN', 'unknown'],
  ])('W12: %s is %s', (state, ours) => {
    expect(firstOf({ state })).toMatchObject({ state: ours, marketplaceState: state, zeroIsFinal: ours === 'ended' })
  })

  test('the older word counts where the newer one is missing', () => {
    expect(firstOf({ state: undefined, status: 'REJECTED' })?.state).toBe('suspended')
  })

  test('stock counts over the warehouses we set, so that a figure left in another is seen', () => {
    const inventories = [
      { warehouse_id: standard, inventory: 2 },
      { warehouse_id: site.warehouses?.[1]?.id, inventory: 5 },
      { warehouse_id: 'not ours', inventory: 100 },
    ]
    const variations = [{ id: variationId, sku: 'A', status: 'ENABLED', inventories }]
    expect(firstOf({ variations })?.quantity).toBe(7)
    expect(firstOf({ variations: [{ id: variationId }] })).toMatchObject({
      quantity: null,
      price: null,
      state: 'unknown',
    })
  })

  test('W11: a merchant paid by cost shows his cost', () => {
    const variations = [{ id: variationId, status: 'ENABLED', cost: { amount: 5.05, currency_code: 'GBP' } }]
    expect(firstOf({ variations })?.price).toEqual({ minor: 505, currency: 'GBP' })
  })

  test('what cannot be read is set aside with the id of its product', () => {
    const variations = [{ sku: 'no id' }, { id: variationId }]
    expect(readProduct(product({ variations }), site)).toMatchObject({
      items: [{ marketplaceVariantId: variationId }],
      unreadable: [{ reference: productId }],
    })
    expect(readProduct(product({ variations: [] }), site).unreadable).toMatchObject([{ reference: productId }])
    expect(readProduct('text', site).unreadable).toMatchObject([{ reference: null, raw: 'text' }])
  })
})

describe('B3: the whole catalogue by a bulk job', () => {
  test('is asked for, waited for, and streamed from its file without our credentials', async () => {
    const products = JSON.stringify([product(), product({ id: 'other' }), 7])
    const { call, seen } = scriptedCall(job(), job(), ready, { body: products })
    const begun = await listings.pull(call, { cursor: null, since })
    expect(begun).toMatchObject({ items: [], more: true, waitSeconds: 2 })
    const waiting = await listings.pull(call, { cursor: begun.cursor, since })
    expect(waiting).toMatchObject({ more: true, waitSeconds: 4 })
    const done = await listings.pull(call, { cursor: waiting.cursor, since })
    expect(done).toMatchObject({ items: [], more: false })
    const parts = await all(done)
    expect(parts.flatMap((part) => part.items).length).toBe(4)
    expect(parts.flatMap((part) => part.unreadable)).toMatchObject([{ reference: null, raw: 7 }])
    expect(seen.slice(0, 3).map((request) => asked(request).what)).toEqual([
      'POST /products/bulk_get',
      'GET /products/bulk_get/j0b',
      'GET /products/bulk_get/j0b',
    ])
    expect(seen[3]?.url).toBe(file)
    expect(seen[3]?.headers).not.toHaveProperty('authorization')
  })

  test('comes in parts of about a thousand, from several files', async () => {
    const many = JSON.stringify(Array(700).fill(product()))
    const twoFiles = job({ status: 'READY', file_urls: [file, `${file}&2`] })
    const { call } = scriptedCall(twoFiles, { body: many }, { body: many })
    const parts = await all(await listings.pull(call, { cursor: cursorOf(), since }))
    expect(parts.map((part) => part.items.length)).toEqual([1000, 1000, 800])
  })

  test('begins anew with the download after it', async () => {
    const { call, seen } = scriptedCall(ready, { body: '[]' }, job())
    const done = await listings.pull(call, { cursor: cursorOf(), since })
    await all(done)
    await listings.pull(call, { cursor: done.cursor, since })
    expect(asked(seen.at(-1)).what).toBe('POST /products/bulk_get')
  })

  test.each([
    ['broken off', { body: '[{"id":"1"' }],
    ['gone', { status: 404 }],
    ['lost', { failure: { kind: 'reset' as const, sent: true } }],
  ])('a file that is %s is asked for again, by a new link', async (_name, told) => {
    const { call } = scriptedCall(ready, told)
    const page = await listings.pull(call, { cursor: cursorOf(), since })
    expect((await refusalOf(all(page))).kind).toBe('wait')
  })

  test('a job that fails is begun again, and given up after the third without calling anything missing', async () => {
    const failed = job({ status: 'EXCEPTION' })
    const { call, seen } = scriptedCall(failed, job(), failed, job(), failed)
    let cursor = cursorOf()
    for (let tries = 0; tries < 2; tries++) {
      const page = await listings.pull(call, { cursor, since })
      expect(page).toMatchObject({ more: true, unreadable: [] })
      cursor = page.cursor
    }
    const last = await listings.pull(call, { cursor, since })
    expect(last).toMatchObject({ more: false, items: [], unreadable: [{ reference: null }], cursor: '{}' })
    expect(seen.length).toBe(5)
  })

  test('a job Wish forgot, and one from long ago, are begun again', async () => {
    const forgotten = scriptedCall(refused(400, 90001, 'There is no such get products job for the merchant.'), job())
    expect(await listings.pull(forgotten.call, { cursor: cursorOf(), since })).toMatchObject({ more: true })
    const old = scriptedCall(job())
    const cursor = cursorOf({ startedAt: new Date(now.getTime() - 86_400_000) })
    await listings.pull(old.call, { cursor, since })
    expect(old.seen.map((request) => request.method)).toEqual(['POST'])
  })

  test('a job that is ready without its files is not an empty catalogue', async () => {
    const { call } = scriptedCall(job({ status: 'READY' }), job({ status: 'READY', total_count: 0 }))
    expect(await listings.pull(call, { cursor: cursorOf(), since })).toMatchObject({ more: true })
    const empty = await listings.pull(call, { cursor: cursorOf(), since })
    expect(empty.more).toBe(false)
    expect((await all(empty)).flatMap((part) => part.items)).toEqual([])
  })

  test('a lost answer to the asking is simply asked again', async () => {
    const { call } = scriptedCall({ failure: { kind: 'timeout', sent: true } })
    expect((await refusalOf(listings.pull(call, { cursor: null, since }))).kind).toBe('wait')
  })

  function cursorOf(changes: object = {}) {
    return JSON.stringify({ id: 'j0b', startedAt: now, looks: 1, tries: 1, ...changes })
  }
})

describe('one listing', () => {
  test('is read out of its product', async () => {
    const { call, seen } = scriptedCall(ok(product()))
    expect(await listings.read(call, ref)).toMatchObject({ channelSku: 'SHIRT-RED-L', quantity: 7 })
    expect(asked(seen[0]).what).toBe(`GET /products/${productId}`)
  })
  test('a variation that is no more is gone, a product as well', async () => {
    const { call } = scriptedCall(ok(product()), refused(400, 90001, 'There is no such product for the merchant.'))
    const lost = { ...ref, marketplaceVariantId: '65c000000000000000000009' }
    expect((await refusalOf(listings.read(call, lost))).kind).toBe('gone')
    expect((await refusalOf(listings.read(call, ref))).kind).toBe('gone')
  })
  test('no variation is guessed', async () => {
    const { call } = scriptedCall(ok(product()))
    expect((await refusalOf(listings.read(call, { ...ref, marketplaceVariantId: null }))).kind).toBe('rejected')
  })
})

describe('W9: looking for a SKU', () => {
  const shallow = (changes: object = {}) => ({ id: productId, parent_sku: 'SHIRT', name: 'Made-up shirt', ...changes })

  test('asks by parent SKU in every state, and reads what is found in full', async () => {
    const sku = 'SHIRT-RED-L'
    const { call, seen } = scriptedCall(
      ok([shallow({ parent_sku: sku }), shallow({ parent_sku: `${sku}0` })]),
      ok(product()),
    )
    const found = await listings.findBySku(call, ` ${sku} `)
    expect(found.map((one) => one.marketplaceVariantId)).toEqual([variationId])
    expect(asked(seen[0])).toMatchObject({ what: 'GET /products', query: { parent_sku: sku } })
    expect(new URL(seen[0]?.url ?? '').searchParams.getAll('statuses')).toContain('REMOVED_BY_WISH')
    expect(seen.length).toBe(2)
  })
  test('the SKU of a product with variations finds them all', async () => {
    const { call } = scriptedCall(ok([shallow()]), ok(product()))
    expect((await listings.findBySku(call, 'SHIRT')).map((one) => one.marketplaceVariantId)).toEqual([
      variationId,
      otherVariationId,
    ])
  })
  test('finds nothing where there is nothing, and asks nothing for nothing', async () => {
    const { call, seen } = scriptedCall(ok([]))
    expect(await listings.findBySku(call, 'NOBODY')).toEqual([])
    expect(await listings.findBySku(call, ' ')).toEqual([])
    expect(seen.length).toBe(1)
  })
  test('more than can be looked at is said', async () => {
    const { call } = scriptedCall(ok(Array(21).fill(shallow())))
    expect((await refusalOf(listings.findBySku(call, 'SHIRT'))).kind).toBe('rejected')
  })
})

describe('F6: ending', () => {
  test('removes a product of which nothing else is for sale', async () => {
    const { call, seen } = scriptedCall(ok(product()), { status: 204, body: '' })
    expect(await listings.end(call, ref)).toEqual({ kind: 'done', reference: productId })
    expect(asked(seen[1]).what).toBe(`DELETE /products/${productId}`)
  })
  test('switches off one variation where others are for sale', async () => {
    const variations = [variationId, otherVariationId].map((id) => ({ id, sku: id, status: 'ENABLED' }))
    const { call, seen } = scriptedCall(ok(product({ variations })), ok(product()))
    expect((await listings.end(call, ref)).kind).toBe('done')
    expect(asked(seen[1])).toEqual({
      what: `PUT /products/${productId}`,
      query: {},
      body: { variations: [{ id: variationId, status: 'DISABLED' }] },
    })
  })
  test('of what was removed already nothing is asked', async () => {
    const { call, seen } = scriptedCall(ok(product({ state: 'REMOVED_BY_MERCHANT' })))
    expect((await listings.end(call, ref)).kind).toBe('done')
    expect(seen.length).toBe(1)
  })
  test('a lost answer is unclear', async () => {
    const { call } = scriptedCallAt({}, ok(product()), { failure: { kind: 'timeout', sent: true } })
    expect((await listings.end(call, ref)).kind).toBe('unclear')
  })
})

function raise(message: string): never {
  throw new Error(message)
}
