import { describe, expect, test } from 'vitest'
import { fixture, now, scriptedCall, scriptedCallAs, ukSite } from '../scripted-amazon.ts'
import { asked, refusalOf } from '../scripted-reverb.ts'
import { asArray, asObject } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import { checkListing, waitingTicket } from './listing-submission.ts'
import { endListing } from './listing-end.ts'
import { findListingsBySku, readListing } from './listings.ts'

const sku = 'LAMP/01 +%'
const ref = { marketplaceListingId: sku, marketplaceVariantId: null, channelSku: sku }
const gone = { status: 404, json: { errors: [{ code: 'NOT_FOUND', message: `SKU '${sku}' not found` }] } }
const summary = asObject(asArray(fixture('item')['summaries'])?.[0]) ?? {}
const withSummary = (changes: JsonObject, item: JsonObject = {}) => ({
  json: fixture('item', { ...item, summaries: [{ ...summary, ...changes }] }),
})
const inStock = (quantity: number, code = 'DEFAULT') => ({
  fulfillmentAvailability: [{ fulfillmentChannelCode: code, quantity }],
})

describe('reading a listing', () => {
  test('E5: asks for what is live, under the SKU encoded once', async () => {
    const { call, seen } = scriptedCall({ json: fixture('item') })
    expect(await readListing(call, ref)).toEqual({
      ...ref,
      title: 'Test lamp',
      state: 'live',
      marketplaceState: 'BUYABLE, DISCOVERABLE',
      quantity: 7,
      price: { minor: 1250, currency: 'GBP' },
      imageUrl: 'https://images.example.test/lamp.jpg',
      url: 'https://www.amazon.co.uk/dp/B000000001',
      barcode: null,
      condition: 'New',
      zeroIsFinal: false,
      takesQuantity: true,
    })
    expect(new URL(seen[0]?.url ?? '').pathname).toBe('/listings/2021-08-01/items/A2SELLER/LAMP%2F01%20%2B%25')
    expect(asked(seen[0]).query).toEqual({
      marketplaceIds: 'A1F83G8C2ARO7P',
      includedData: 'summaries,offers,fulfillmentAvailability',
    })
  })

  test.each<[string, { json: JsonObject }, string]>([
    ['buyers can only see it, at 0', withSummary({ status: ['DISCOVERABLE'] }, inStock(0)), 'sold-out'],
    ['nobody sees it, at 0', withSummary({ status: [] }, inStock(0)), 'sold-out'],
    ['held back with stock', withSummary({ status: ['DISCOVERABLE'] }, inStock(3)), 'unavailable'],
    ['being made', { json: fixture('item', { summaries: [] }) }, 'draft'],
    ['on another site only', withSummary({ marketplaceId: 'A1PA6795UKMFR9' }), 'draft'],
    ['a word no one has heard of', withSummary({ status: ['NEWS'] }), 'unknown'],
  ])('%s', async (_name, answer, state) => {
    expect(await readListing(scriptedCall(answer).call, ref)).toMatchObject({ state })
  })

  test('S5: what Amazon ships itself has its warehouse as the variant, and no figure of ours', async () => {
    const { call } = scriptedCall({ json: fixture('item', inStock(40, 'AMAZON_EU')) })
    expect(await readListing(call, ref)).toMatchObject({ marketplaceVariantId: 'AMAZON_EU', quantity: null })
  })

  test('what is not said is not known', async () => {
    const bare = fixture('item', { offers: undefined, fulfillmentAvailability: undefined })
    expect(await readListing(scriptedCall({ json: bare }).call, ref)).toMatchObject({ quantity: null, price: null })
  })

  test.each([
    ['another listing', { json: fixture('item', { sku: 'OTHER' }) }, 'wait'],
    ['no such SKU', gone, 'gone'],
  ])('%s', async (_name, answer, kind) => {
    expect(await refusalOf(readListing(scriptedCall(answer).call, ref))).toMatchObject({ kind })
  })

  test('a SKU that would climb out of its place is refused before anything is sent', async () => {
    const { call, seen } = scriptedCall()
    const climbing = { ...ref, marketplaceListingId: '..' }
    expect(await refusalOf(readListing(call, climbing))).toMatchObject({ kind: 'rejected' })
    expect(seen).toEqual([])
  })
})

describe('finding by SKU', () => {
  test('R2: one or none, for a SKU is unique at Amazon', async () => {
    expect(await findListingsBySku(scriptedCall({ json: fixture('item') }).call, sku)).toMatchObject([ref])
    expect(await findListingsBySku(scriptedCall(gone).call, sku)).toEqual([])
    expect(await findListingsBySku(scriptedCall().call, ' ')).toEqual([])
  })

  test('R4: emoji and foreign letters find their listing too', async () => {
    const { call, seen } = scriptedCall({ json: fixture('item', { sku: 'Ärmel 🎸' }) })
    expect(await findListingsBySku(call, 'Ärmel 🎸')).toMatchObject([{ channelSku: 'Ärmel 🎸' }])
    expect(seen[0]?.url).toContain('/%C3%84rmel%20%F0%9F%8E%B8?')
  })

  test('a refusal is no "none"', async () => {
    const { call } = scriptedCall({ status: 500 })
    expect(await refusalOf(findListingsBySku(call, sku))).toMatchObject({ kind: 'wait' })
  })
})

describe('ending', () => {
  const taken = { json: { sku, status: 'ACCEPTED', submissionId: 'S1' } }

  test('F6: is taken, and done once Amazon no longer shows it', async () => {
    const { call, seen } = scriptedCall(gone, taken, { json: fixture('item') }, gone)
    const reply = await endListing(call, ref)
    expect(asked(seen[1])).toMatchObject({
      what: 'DELETE /listings/2021-08-01/items/A2SELLER/LAMP%2F01%20%2B%25',
      query: { marketplaceIds: 'A1F83G8C2ARO7P' },
    })
    const ticket = reply.kind === 'pending' ? reply.ticket : ''
    expect(await checkListing(call, ticket)).toEqual({ kind: 'pending', ticket })
    expect(await checkListing(call, ticket)).toEqual({ kind: 'done', reference: sku })
  })

  test.each([
    [
      'refused',
      { json: { sku, status: 'INVALID', submissionId: 'S', issues: [{ severity: 'ERROR', message: 'No' }] } },
      'rejected',
    ],
    ['gone', gone, 'gone'],
    ['a lost answer', { failure: { kind: 'timeout' as const, sent: true } }, 'unclear'],
    ['an answer without a status', { json: {} }, 'unclear'],
  ])('%s', async (_name, answer, kind) => {
    expect(await endListing(scriptedCall(gone, answer).call, ref)).toMatchObject({ kind })
  })

  const childOf = (parent: string, child: string) => {
    const relationships = [{ type: 'VARIATION', parentSkus: [parent] }]
    return { json: fixture('item', { sku: child, relationships: [{ marketplaceId: ukSite.id, relationships }] }) }
  }
  const family = (...skus: string[]) => ({
    json: { numberOfResults: skus.length, items: skus.map((one) => ({ sku: one })) },
  })

  test('F6: a parent goes with the last of its children, which still shows for a while', async () => {
    const first = [childOf('PARENT', 'A'), taken, family('A', 'B')]
    const last = [childOf('PARENT', 'B'), taken, family('A', 'B'), taken]
    const { call, seen } = scriptedCall(...first, ...last)
    const endOf = (one: string) => endListing(call, { ...ref, marketplaceListingId: one })
    expect(await endOf('A')).toMatchObject({ ticket: expect.stringContaining('["A"]') })
    expect(await endOf('B')).toMatchObject({ ticket: expect.stringContaining('["B","PARENT"]') })
    expect(asked(seen[2])).toMatchObject({ query: { variationParentSku: 'PARENT' } })
    expect(asked(seen[6]).what).toMatch(/^DELETE .*PARENT$/)
  })
})

describe('what became of it', () => {
  const ticket = waitingTicket('listed', ['PARENT', 'CHILD'], now)
  const shown = (sku: string) => ({ json: fixture('item', { sku }) })
  const making = (sku: string, issues: JsonObject[] = []) => ({ json: fixture('item', { sku, summaries: [], issues }) })

  test('E5: listed is what Amazon shows, parent and children', async () => {
    const { call, seen } = scriptedCall(shown('PARENT'), shown('CHILD'))
    expect(await checkListing(call, ticket)).toEqual({ kind: 'done', reference: 'PARENT' })
    expect(asked(seen[1]).query['includedData']).toBe('summaries,issues')
  })

  test('a new listing may be unknown or empty for a while', async () => {
    expect(await checkListing(scriptedCall(gone).call, ticket)).toEqual({ kind: 'pending', ticket })
    const half = scriptedCall(shown('PARENT'), making('CHILD'))
    expect(await checkListing(half.call, ticket)).toEqual({ kind: 'pending', ticket })
  })

  test('F3: errors found later are told in Amazon’s words, with what they are about', async () => {
    const issue = { severity: 'ERROR', code: '90220', message: 'A value is required.', attributeNames: ['item_weight'] }
    const warning = { severity: 'WARNING', code: '1', message: 'Never mind' }
    const { call } = scriptedCall(making('PARENT', [warning, issue]))
    expect(await checkListing(call, ticket)).toEqual({
      kind: 'rejected',
      reason: '“PARENT”: A value is required. (code 90220: item_weight)',
    })
  })

  test('what has not shown for a day is told to a person', async () => {
    const { call } = scriptedCallAs({ at: new Date('2026-03-11T12:00:01Z') }, gone)
    expect(await checkListing(call, ticket)).toMatchObject({ kind: 'rejected' })
  })

  test.each(['', '{}', 'F1'])('%j is no ticket of ours', async (other) => {
    expect(await checkListing(scriptedCall().call, other)).toMatchObject({ kind: 'rejected' })
  })
})
