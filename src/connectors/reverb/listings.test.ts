import { describe, expect, test } from 'vitest'
import type { ListingDraft, Reply } from '../connector.ts'
import { toReverbListing } from './listing-publish.ts'
import { reverb } from './index.ts'
import { toChannelListing } from './listings.ts'
import { asked, fixture, refusalOf, scriptedCall } from '../scripted-reverb.ts'

const listings = reverb.listings ?? raise()
const ref = { marketplaceListingId: '41001', marketplaceVariantId: null, channelSku: 'PEDAL-01' }
const used = { uuid: 'f7a3f48c-972a-44c6-b01a-0cd27488d3f6', display_name: 'Good' }
const listing = (changes: Record<string, unknown> = {}) => toChannelListing(fixture('listing', changes))

const pageOf = (id: number, _links: unknown) => ({ json: { listings: [fixture('listing', { id })], _links } })

describe('their listing as ours', () => {
  test('carries what the mapping tool shows', () => {
    expect(listing()).toEqual({
      marketplaceListingId: '41001',
      marketplaceVariantId: null,
      channelSku: 'PEDAL-01',
      title: 'Made-up Overdrive Pedal',
      state: 'live',
      marketplaceState: 'live',
      quantity: 7,
      price: { minor: 9500, currency: 'USD' },
      imageUrl: 'https://images.example.test/41001-small.jpg',
      url: 'https://reverb.example.test/item/41001',
      barcode: null,
      condition: 'Brand New',
      zeroIsFinal: false,
      takesQuantity: true,
    })
  })

  test('R1, A10: a used item is ended for good by 0, and so is one of a condition we do not know', () => {
    expect(listing({ condition: used, has_inventory: false })).toMatchObject({
      zeroIsFinal: true,
      takesQuantity: false,
    })
    // Setting its stock has made it a counted one, and more than 1 is refused all the same.
    expect(listing({ condition: used, has_inventory: true }).takesQuantity).toBe(false)
    expect(listing({ condition: { uuid: 'new-kind', display_name: 'Refurbished' } }).zeroIsFinal).toBe(true)
    expect(listing({ condition: undefined }).zeroIsFinal).toBe(true)
  })

  test.each(['sold', 'sold_out', 'ordered'])('both words for sold out are understood: %s', (slug) => {
    expect(listing({ state: { slug } })).toMatchObject({ state: 'sold-out', marketplaceState: slug })
  })

  test('R12: a state we do not know is kept', () => {
    expect(listing({ state: { slug: 'hibernating' } })).toMatchObject({
      state: 'unknown',
      marketplaceState: 'hibernating',
    })
  })

  test('a price converted for display is not the listing’s price', () => {
    const price = { amount: '75.00', currency: 'GBP' }
    expect(listing({ price }).price).toEqual({ minor: 9500, currency: 'USD' })
    expect(listing({ price, seller_price: price }).price).toBeNull()
  })

  test('a stock that is not said is unknown, not 0', () => {
    expect(listing({ inventory: undefined }).quantity).toBeNull()
  })
})

describe('pulling', () => {
  test('R3: asks for every state and follows the links to the end', async () => {
    const { call, seen } = scriptedCall(
      {
        json: {
          total: 3,
          listings: [fixture('listing')],
          _links: { next: { href: '/api/my/listings?page=2&state=all' } },
        },
      },
      { json: { total: 3, listings: [fixture('listing', { id: 41002 }), { title: 'no id' }], _links: {} } },
    )
    const first = await listings.pull(call, { cursor: null, since: new Date(0) })
    expect(asked(seen[0])).toMatchObject({ what: 'GET /api/my/listings', query: { state: 'all' } })
    expect(first).toMatchObject({ more: true, total: 3 })
    const second = await listings.pull(call, { cursor: first.cursor, since: new Date(0) })
    expect(second.items.map((item) => item.marketplaceListingId)).toEqual(['41002'])
    expect(second.unreadable).toMatchObject([{ reason: 'The listing has no id' }])
    expect(second.more).toBe(false)
  })

  test('the pull after the end begins a new walk', async () => {
    const { call, seen } = scriptedCall({ json: { listings: [], _links: {} } }, { json: { listings: [], _links: {} } })
    const { cursor } = await listings.pull(call, { cursor: null, since: new Date(0) })
    await listings.pull(call, { cursor, since: new Date(0) })
    expect(seen[1]?.url).toBe(seen[0]?.url)
  })
})

describe('finding by SKU', () => {
  test('R2, R4: asks for exactly that SKU in every state, and gives back all that are it, not those alike', async () => {
    const sku = 'A B&C+1'
    const found = [1, 2].map((id) => fixture('listing', { id, sku }))
    const { call, seen } = scriptedCall({
      json: { listings: [...found, fixture('listing', { id: 3, sku: 'A B&C+10' })], _links: {} },
    })
    const many = await listings.findBySku(call, sku)
    expect(many.map((item) => item.marketplaceListingId)).toEqual(['1', '2'])
    expect(asked(seen[0])).toMatchObject({ what: 'GET /api/my/listings', query: { sku, state: 'all' } })
    expect(seen[0]?.url).toContain('sku=A%20B%26C%2B1')
  })

  test('upper and lower case are two SKUs', async () => {
    const { call } = scriptedCall({ json: { listings: [fixture('listing', { sku: 'pedal-01' })], _links: {} } })
    expect(await listings.findBySku(call, 'PEDAL-01')).toEqual([])
  })

  test('follows the links, and gives up on a search without an end', async () => {
    const next = { next: { href: '/api/my/listings?page=2' } }
    const { call } = scriptedCall(pageOf(1, next), pageOf(2, {}))
    expect((await listings.findBySku(call, 'PEDAL-01')).length).toBe(2)
    let number = 0
    const endless = () => pageOf((number += 1), { next: { href: `/api/my/listings?page=${number + 1}` } })
    const other = scriptedCall(...Array.from({ length: 100 }, () => endless))
    expect(await refusalOf(listings.findBySku(other.call, 'PEDAL-01'))).toMatchObject({ kind: 'wait' })
  })
})

describe('reading one', () => {
  test('asks for it by id; bare and wrapped answers are the same', async () => {
    const { call, seen } = scriptedCall({ json: fixture('listing') }, { json: { listing: fixture('listing') } })
    expect(await listings.read(call, ref)).toEqual(await listings.read(call, ref))
    expect(asked(seen[0]).what).toBe('GET /api/listings/41001')
  })
  test('one that is no more is gone', async () => {
    const { call } = scriptedCall({ status: 404 })
    expect((await refusalOf(listings.read(call, ref))).kind).toBe('gone')
  })
})

describe('publishing', () => {
  const draft: ListingDraft = {
    channelSku: 'PEDAL-02',
    title: 'Another Pedal',
    description: 'Plain words.',
    price: { minor: 12050, currency: 'USD' },
    quantity: 3,
    images: ['https://images.example.test/2.jpg'],
    barcode: null,
    brand: 'Made-up',
    model: null,
    attributes: { category: 'aaa, bbb', shipping_profile_id: '12' },
  }

  test('sends our draft in their words and publishes it', async () => {
    const { call, seen } = scriptedCall({
      status: 201,
      json: { message: 'Created', listing: { id: 5 }, errors: [], warnings: [] },
    })
    expect(await listings.publish(call, draft)).toEqual({ kind: 'done', reference: '5' })
    expect(asked(seen[0])).toMatchObject({
      what: 'POST /api/listings',
      body: {
        title: 'Another Pedal',
        description: 'Plain words.',
        sku: 'PEDAL-02',
        make: 'Made-up',
        upc_does_not_apply: true,
        condition: { uuid: '7c3f45de-2ae0-4c81-8400-fdb6b1d74890' },
        categories: [{ uuid: 'aaa' }, { uuid: 'bbb' }],
        price: { amount: '120.50', currency: 'USD' },
        has_inventory: true,
        inventory: 3,
        photos: ['https://images.example.test/2.jpg'],
        shipping_profile_id: '12',
        publish: true,
      },
    })
  })

  test('one of a kind goes out without a quantity', () => {
    const body = toReverbListing({ ...draft, quantity: 1, attributes: { condition: used.uuid } })
    expect(body).toMatchObject({ has_inventory: false, condition: { uuid: used.uuid } })
    expect(body).not.toHaveProperty('inventory')
  })

  test.each<[string, Partial<ListingDraft>]>([
    ['stock 0', { quantity: 0 }],
    ['a broken quantity', { quantity: 1.5 }],
    ['no price', { price: { minor: 0, currency: 'USD' } }],
    ['a currency Reverb does not take', { price: { minor: 100, currency: 'CHF' } }],
    ['no SKU', { channelSku: ' ' }],
    ['no title', { title: '' }],
    ['several of a kind of one', { attributes: { condition: used.uuid } }],
    ['an attribute nobody knows', { attributes: { colour: 'red' } }],
    ['too many categories', { attributes: { category: 'a,b,c,d' } }],
  ])('nothing is sent with %s', async (_name, changes) => {
    const { call, seen } = scriptedCall()
    expect((await listings.publish(call, { ...draft, ...changes })).kind).toBe('rejected')
    expect(seen).toEqual([])
  })

  test.each<[string, Parameters<typeof scriptedCall>[0], Reply['kind']]>([
    ['R13: taken while photos are fetched is done', { status: 202, json: { listing: { id: 5 } } }, 'done'],
    ['R14: a validation error is rejected as 412', { status: 412, json: fixture('refused-validation') }, 'rejected'],
    ['R14: a validation error is rejected as 422', { status: 422, json: fixture('refused-validation') }, 'rejected'],
    [
      'errors inside a success are errors',
      { json: { listing: { id: 5 }, errors: { price: ['too low'] } } },
      'rejected',
    ],
    ['a lost answer is unclear', { failure: { kind: 'timeout', sent: true } }, 'unclear'],
    ['an answer without an id is unclear', { status: 201, json: { message: 'Created' } }, 'unclear'],
    ['a shop that is not verified is rejected', { status: 403, json: { message: 'Not verified' } }, 'rejected'],
    ['a slow-down waits', { status: 429 }, 'wait'],
    ['a dead token is signed out', { status: 401 }, 'signed-out'],
  ])('%s', async (_name, answer, kind) => {
    expect((await listings.publish(scriptedCall(answer).call, draft)).kind).toBe(kind)
  })
})

describe('ending', () => {
  test('says it was not sold, for a sale by Reverb costs a fee', async () => {
    const { call, seen } = scriptedCall({ json: { message: 'Ended' } })
    expect(await listings.end(call, ref)).toEqual({ kind: 'done', reference: '41001' })
    expect(asked(seen[0])).toMatchObject({ what: 'PUT /api/my/listings/41001/state/end', body: { reason: 'not_sold' } })
  })
  test.each<[Parameters<typeof scriptedCall>[0], Reply['kind']]>([
    [{ status: 404 }, 'gone'],
    [{ status: 406, json: { message: 'Not live' } }, 'rejected'],
    [{ failure: { kind: 'reset', sent: true } }, 'unclear'],
  ])('%j becomes %s', async (answer, kind) => {
    expect((await listings.end(scriptedCall(answer).call, ref)).kind).toBe(kind)
  })
})

function raise(): never {
  throw new Error('Reverb has listings')
}
