import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { ScriptedAnswer } from '../scripted-http.ts'
import { now, scriptedCall, scriptedCallAs, ukSite } from '../scripted-amazon.ts'
import { asked, refusalOf } from '../scripted-reverb.ts'
import type { Call, ChannelListing, Page } from '../connector.ts'
import type { AmazonAccount } from './account.ts'
import { pullListings } from './listing-report.ts'

const columns =
  'item-name\titem-description\tlisting-id\tseller-sku\tprice\tquantity\topen-date\timage-url\titem-condition\tasin1\tproduct-id-type\tproduct-id\tfulfillment-channel\tstatus'
const row = (sku: string, changes: Record<string, string> = {}) => {
  const cells: Record<string, string> = {
    'item-name': `Item ${sku}`,
    'listing-id': '0310ABC',
    'seller-sku': sku,
    price: '12.50',
    quantity: '7',
    'open-date': '2026-01-01 10:00:00 GMT',
    'item-condition': '11',
    asin1: 'B000000001',
    'product-id-type': '4',
    'product-id': '5012345678900',
    'fulfillment-channel': 'DEFAULT',
    status: 'Active',
    ...changes,
  }
  return columns
    .split('\t')
    .map((name) => cells[name] ?? '')
    .join('\t')
}
const file = (...rows: string[]) => `${[columns, ...rows].join('\n')}\n`
const latin = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

const created = { status: 202, json: { reportId: 'R1' } }
const report = (processingStatus: string) => ({
  json: { reportId: 'R1', processingStatus, ...(processingStatus === 'DONE' ? { reportDocumentId: 'D1' } : {}) },
})
const link = (more = {}) => ({
  json: { reportDocumentId: 'D1', url: 'https://files.example.test/D1?sig=secret', ...more },
})
const first = { cursor: null, since: now }

async function pullAll(call: Call<AmazonAccount>, pagesMax = 10) {
  const found: ChannelListing[] = []
  const unreadable: Page<ChannelListing>['unreadable'] = []
  const sizes: number[] = []
  let cursor: string | null = null
  for (let pages = 0; pages < pagesMax; pages++) {
    const page: Page<ChannelListing> = await pullListings(call, { cursor, since: now })
    cursor = page.cursor
    unreadable.push(...page.unreadable)
    for await (const part of page.parts ?? []) {
      found.push(...part.items)
      unreadable.push(...part.unreadable)
      sizes.push(part.items.length)
    }
    if (!page.more) break
  }
  return { found, unreadable, sizes }
}
const pulled = (body: string, more = {}, site = ukSite) =>
  pullAll(scriptedCallAs({ site }, created, report('DONE'), link(more), { body }).call)

describe('asking for the report', () => {
  test('B3: is asked for, waited for and fetched, and the next walk asks for a new one', async () => {
    const { call, seen } = scriptedCall(
      created,
      report('IN_QUEUE'),
      report('IN_PROGRESS'),
      report('DONE'),
      link(),
      { body: file(row('A')) },
      created,
    )
    const one = await pullListings(call, first)
    expect(one).toMatchObject({ items: [], more: true, waitSeconds: 30 })
    expect(asked(seen[0])).toMatchObject({
      what: 'POST /reports/2021-06-30/reports',
      body: { reportType: 'GET_MERCHANT_LISTINGS_ALL_DATA', marketplaceIds: ['A1F83G8C2ARO7P'] },
    })
    const two = await pullListings(call, { cursor: one.cursor, since: now })
    const three = await pullListings(call, { cursor: two.cursor, since: now })
    expect(three).toMatchObject({ more: true, waitSeconds: 30 })
    const last = await pullListings(call, { cursor: three.cursor, since: now })
    expect(last).toMatchObject({ items: [], more: false })
    expect(last.parts).toBeDefined()
    const again = await pullListings(call, { cursor: last.cursor, since: now })
    expect(again.more).toBe(true)
    expect(asked(seen[6]).what).toBe('POST /reports/2021-06-30/reports')
  })

  test('X2: the file is fetched without our token', async () => {
    const { call, seen } = scriptedCall(created, report('DONE'), link(), { body: file(row('A')) })
    await pullAll(call)
    expect(seen[3]?.url).toBe('https://files.example.test/D1?sig=secret')
    expect(seen[3]?.headers).not.toHaveProperty('x-amz-access-token')
  })

  test('a cancelled report means an empty shop only where the shop is empty', async () => {
    const empty = scriptedCall(created, report('CANCELLED'), { json: { numberOfResults: 0, items: [] } })
    expect(await pullAll(empty.call)).toMatchObject({ found: [], unreadable: [] })
    const full = scriptedCall(created, report('CANCELLED'), { json: { numberOfResults: 1, items: [{ sku: 'A' }] } })
    const one = await pullListings(full.call, first)
    const two = await pullListings(full.call, { cursor: one.cursor, since: now })
    expect(two).toMatchObject({
      more: true,
      waitSeconds: 900,
      unreadable: [{ reason: expect.stringContaining('CANCELLED') }],
    })
  })

  test.each<[string, ScriptedAnswer]>([
    ['given up by Amazon', report('FATAL')],
    ['no longer there', { status: 404 }],
  ])('a report %s is asked for anew, later', async (_name, answer) => {
    const { call, seen } = scriptedCall(created, answer, created)
    const one = await pullListings(call, first)
    const two = await pullListings(call, { cursor: one.cursor, since: now })
    expect(two).toMatchObject({ more: true, waitSeconds: 900 })
    await pullListings(call, { cursor: two.cursor, since: now })
    expect(asked(seen[2]).what).toBe('POST /reports/2021-06-30/reports')
  })

  test('a report stuck for hours is asked for anew', async () => {
    const one = await pullListings(scriptedCall(created).call, first)
    const later = scriptedCallAs({ at: new Date('2026-03-10T18:00:01Z') }, report('IN_PROGRESS'))
    const page = await pullListings(later.call, { cursor: one.cursor, since: now })
    expect(JSON.parse(page.cursor)).toEqual({ kind: 'ask' })
  })

  test.each([
    ['a slow-down', { status: 429 }],
    ['a lost answer', { failure: { kind: 'timeout' as const, sent: true } }],
    ['no id', { json: {} }],
  ])('%s: asked again, for a second report does no harm', async (_name, answer) => {
    expect(await refusalOf(pullListings(scriptedCall(answer).call, first))).toMatchObject({ kind: 'wait' })
  })

  test.each(['', 'x', '{}', '{"kind":"wait"}'])('%j is no cursor', async (cursor) => {
    expect(await refusalOf(pullListings(scriptedCall().call, { cursor, since: now }))).toMatchObject({
      kind: 'rejected',
    })
  })
})

describe('the file', () => {
  test('B3: a line is a listing, read by the names of the columns', async () => {
    const { found } = await pulled(file(row('A/1 +%')))
    expect(found).toEqual([
      {
        marketplaceListingId: 'A/1 +%',
        marketplaceVariantId: null,
        channelSku: 'A/1 +%',
        title: 'Item A/1 +%',
        state: 'live',
        marketplaceState: 'Active',
        quantity: 7,
        price: { minor: 1250, currency: 'GBP' },
        imageUrl: null,
        url: 'https://www.amazon.co.uk/dp/B000000001',
        barcode: '5012345678900',
        condition: 'New',
        zeroIsFinal: false,
        takesQuantity: true,
      },
    ])
    const turned = 'status\tquantity\tprice\tseller-sku\nInactive\t0\t1\tB\r\n'
    expect((await pulled(turned)).found).toMatchObject([{ channelSku: 'B', state: 'sold-out', quantity: 0 }])
  })

  test.each([
    ['Active', '5', 'live'],
    ['Inactive', '0', 'sold-out'],
    ['Inactive', '5', 'unavailable'],
    ['Incomplete', '', 'draft'],
    ['Neu', '5', 'unknown'],
  ])('the status %s at %s is %s', async (status, quantity, state) => {
    expect((await pulled(file(row('A', { status, quantity })))).found).toMatchObject([
      { state, marketplaceState: status },
    ])
  })

  test('S5: what Amazon ships itself has its warehouse as the variant, and no figure of ours', async () => {
    const { found } = await pulled(file(row('A', { 'fulfillment-channel': 'AMAZON_EU', quantity: '12' })))
    expect(found).toMatchObject([{ marketplaceVariantId: 'AMAZON_EU', quantity: null }])
  })

  test('old letters and new ones are both understood', async () => {
    const cp1252 = latin(new Uint8Array([0x47, 0x72, 0xf6, 0xdf, 0x65, 0x20, 0x80]))
    const utf8 = Buffer.from('Größe €').toString('latin1')
    const { found } = await pulled(file(row('A', { 'item-name': cp1252 }), row('B', { 'item-name': utf8 })))
    expect(found.map((one) => one.title)).toEqual(['Größe €', 'Größe €'])
  })

  test('Japanese files are read in Japanese letters', async () => {
    const site = { ...ukSite, id: 'A1VC38T7YXB528', currency: 'JPY' }
    const name = latin(new Uint8Array([0x83, 0x65, 0x83, 0x58, 0x83, 0x67]))
    const { found } = await pulled(file(row('A', { 'item-name': name, price: '1200' })), {}, site)
    expect(found).toMatchObject([{ title: 'テスト', price: { minor: 1200, currency: 'JPY' } }])
  })

  test('a packed file is unpacked as it comes', async () => {
    const { found } = await pulled(latin(gzipSync(file(row('A'), row('B')))), { compressionAlgorithm: 'GZIP' })
    expect(found.map((one) => one.channelSku)).toEqual(['A', 'B'])
  })

  test('a packed file that ends in the middle is asked for again', async () => {
    const packed = gzipSync(file(...Array.from({ length: 500 }, (_, index) => row(`SKU-${index}`))))
    const cut = latin(packed.subarray(0, packed.length / 2))
    expect(await refusalOf(pulled(cut, { compressionAlgorithm: 'GZIP' }))).toMatchObject({ kind: 'wait' })
  })

  test('a thousand at a time, whatever the size', async () => {
    const { sizes, found } = await pulled(file(...Array.from({ length: 2_500 }, (_, index) => row(`SKU-${index}`))))
    expect(sizes).toEqual([1000, 1000, 500])
    expect(new Set(found.map((one) => one.channelSku)).size).toBe(2_500)
  })

  test('a line that cannot be read is kept aside, the others come', async () => {
    const { found, unreadable } = await pulled(file('half a line', row('A'), row(''), '', row('B')))
    expect(found.map((one) => one.channelSku)).toEqual(['A', 'B'])
    expect(unreadable.length).toBe(2)
  })

  test.each([
    ['empty', ''],
    ['without the columns', 'Name\tMenge\nA\t1\n'],
    ['a page of HTML', '<html><body>Sorry</body></html>'],
  ])('a file that is %s is no empty shop', async (_name, body) => {
    expect(await refusalOf(pulled(body))).toMatchObject({ kind: 'rejected', reason: expect.stringContaining('report') })
  })

  test('an unknown packing is said', async () => {
    expect(await refusalOf(pulled('x', { compressionAlgorithm: 'ZIP' }))).toMatchObject({ kind: 'rejected' })
  })

  describe('letters it could not write', () => {
    const gone: ScriptedAnswer = { status: 404 }
    const items = (...skus: string[]) => ({
      json: { numberOfResults: skus.length, items: skus.map((sku) => ({ sku })) },
    })
    const pullOf = (...answers: ScriptedAnswer[]) => {
      const script = scriptedCall(
        created,
        report('DONE'),
        link(),
        { body: file(row('GIFT-?+1'), row('B')) },
        ...answers,
      )
      return { ...script, pulled: pullAll(script.call) }
    }

    test('R4: the listing that was meant is found by its product', async () => {
      const { pulled, seen } = pullOf(gone, items('GIFT-01', 'GIFT-🎸+1', 'OTHER'))
      expect(await pulled).toMatchObject({
        found: [{ channelSku: 'GIFT-🎸+1', title: 'Item GIFT-?+1' }, { channelSku: 'B' }],
      })
      expect(asked(seen[5])).toMatchObject({
        what: 'GET /listings/2021-08-01/items/A2SELLER',
        query: { identifiers: 'B000000001', identifiersType: 'ASIN', marketplaceIds: 'A1F83G8C2ARO7P' },
      })
    })

    test('a question mark may well be one', async () => {
      const { pulled } = pullOf({ json: { sku: 'GIFT-?+1' } })
      expect((await pulled).found.map((one) => one.channelSku)).toEqual(['GIFT-?+1', 'B'])
    })

    test.each([[items('OTHER')], [items('GIFT-🎸+1', 'GIFT-🎺+1')]])(
      'it is never guessed: set aside (%#)',
      async (answer) => {
        const { found, unreadable } = await pullOf(gone, answer).pulled
        expect(found.map((one) => one.channelSku)).toEqual(['B'])
        expect(unreadable).toMatchObject([{ reason: expect.stringContaining('GIFT-?+1') }])
      },
    )
  })

  test('a price with a comma is a price, a name is none', async () => {
    const { found } = await pulled(
      file(row('A', { price: '12,50' }), row('B', { price: 'ask' }), row('C', { price: '' })),
    )
    expect(found.map((one) => one.price)).toEqual([{ minor: 1250, currency: 'GBP' }, null, null])
  })
})
