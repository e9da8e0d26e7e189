import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { createEngineWorld, type EngineWorld } from '../../../test/support/engine-world.ts'
import { proposeMappings } from './auto-map.store.ts'
import { listListings } from './listing-views.store.ts'
import { mapListings } from './map-listings.command.ts'
import { diffMappingFile, writeMappingFile } from './mapping-file.store.ts'
import type { MappingChange } from './mapping.ts'
import { markMissing, storeListings } from './store-listings.command.ts'
import type { ChannelListing } from './listing.ts'
import { listVariants } from './variant-views.store.ts'

let database: TestDatabase
let world: EngineWorld
let channelId: string
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())
beforeEach(async () => {
  world = await createEngineWorld(database)
  channelId = await world.channel()
})

const pulled = (id: string, changes: Partial<ChannelListing> = {}): ChannelListing => ({
  marketplaceListingId: id,
  marketplaceVariantId: null,
  channelSku: id,
  title: `Listing ${id}`,
  state: 'live',
  marketplaceState: 'live',
  quantity: 1,
  price: { minor: 1000, currency: 'GBP' },
  imageUrl: null,
  url: null,
  barcode: null,
  condition: null,
  zeroIsFinal: false,
  takesQuantity: true,
  ...changes,
})
const store = (...listings: ChannelListing[]) => world.transaction((tx) => storeListings(tx, channelId, listings))
const listingId = async (id: string) => {
  const found = (await world.listings(channelId)).find((listing) => listing.marketplace_listing_id === id)
  if (!found) throw new Error(`No listing ${id}`)
  return found.id
}
const save = (change: Partial<MappingChange>) =>
  mapListings(world.parts.db, world.tenantId, {
    channelId,
    change: { map: [], unlink: [], ...change },
    actor: 'A person',
  })
const rows = async (filter: Partial<Parameters<typeof listListings>[1]> = {}) =>
  (await world.transaction((tx) => listListings(tx, { channelId, mapped: 'all', limit: 50, ...filter }))).rows
const variants = async (filter: Partial<Parameters<typeof listVariants>[1]> = {}) =>
  (await world.transaction((tx) => listVariants(tx, { channelId, mapped: 'all', limit: 50, ...filter }))).rows

describe('downloaded listings', () => {
  test('B3: a page is stored once however often it is repeated, and changes are counted', async () => {
    expect(await store(pulled('1'), pulled('2'))).toEqual({ added: 2, changed: 0 })
    expect(await store(pulled('1'), pulled('2', { title: 'Renamed' }))).toEqual({ added: 0, changed: 1 })
    expect((await rows()).map(({ title }) => title)).toEqual(['Listing 1', 'Renamed'])
  })

  test('B3: what a whole walk did not name is missing, and comes back when it is named again', async () => {
    await store(pulled('1'), pulled('2'))
    await world.wait(60)
    const walkStartedAt = world.clock.now()
    await store(pulled('1'))
    expect(await world.transaction((tx) => markMissing(tx, channelId, walkStartedAt))).toBe(1)
    expect((await rows()).map(({ channelSku }) => channelSku)).toEqual(['1'])
    await store(pulled('2'))
    expect(await rows()).toHaveLength(2)
  })

  test('S5: an ended listing follows stock or does not, by what it is last seen to have left', async () => {
    const ended = (quantity: number) => store(pulled('1', { state: 'ended', quantity }))
    await ended(3)
    const variantId = await world.addVariant('A')
    await world.addOffer(variantId, 5)
    const id = await listingId('1')
    await database.asOwner('update sales_channels set stock_update = true where id = $1', [channelId])
    await save({ map: [{ listingId: id, components: [{ variantId, quantity: 1 }] }] })
    expect(await world.target(id)).toMatchObject({ desired: 5, state: 'settled' })
    await ended(0)
    expect(await world.target(id)).toMatchObject({ desired: 5, state: 'due' })
    await ended(3)
    expect(await world.target(id)).toMatchObject({ desired: 5, state: 'settled' })
  })

  test('R2: several listings with one SKU stay several listings', async () => {
    await store(pulled('1', { channelSku: 'SAME' }), pulled('2', { channelSku: 'SAME' }))
    expect(await rows({ search: 'same' })).toHaveLength(2)
  })
})

describe('SKU mapping', () => {
  test('B4, B5: a listing maps to one variant, a pack or a kit, and a variant may serve several listings', async () => {
    await store(pulled('1'), pulled('2'), pulled('3'))
    const a = await world.addVariant('A')
    const b = await world.addVariant('B')
    const saved = await save({
      map: [
        { listingId: await listingId('1'), components: [{ variantId: a, quantity: 1 }] },
        { listingId: await listingId('2'), components: [{ variantId: a, quantity: 6 }] },
        {
          listingId: await listingId('3'),
          components: [
            { variantId: a, quantity: 1 },
            { variantId: b, quantity: 2 },
          ],
        },
      ],
    })
    expect(saved).toEqual({ kind: 'saved', mapped: 3, unlinked: 0 })
    const mapped = (await rows({ mapped: 'mapped' })).map(({ mapping }) =>
      mapping?.map(({ sku, quantity }) => [sku, quantity]),
    )
    expect(mapped).toEqual([
      [['A', 1]],
      [['A', 6]],
      [
        ['A', 1],
        ['B', 2],
      ],
    ])
    expect((await variants()).map(({ sku, mappedListings }) => [sku, mappedListings])).toEqual([
      ['A', 3],
      ['B', 1],
    ])
  })

  test('B7: each mapping keeps what it was accepted for, and by hand where nothing is said', async () => {
    await store(pulled('1'), pulled('2'), pulled('3'))
    const components = [{ variantId: await world.addVariant('A'), quantity: 1 }]
    await save({
      map: [
        { listingId: await listingId('1'), components, evidence: 'barcode' },
        { listingId: await listingId('2'), components },
      ],
    })
    const file = await world.transaction((tx) => diffMappingFile(tx, channelId, 'Listing ID,SKU\r\n3,A\r\n'))
    await save(file.kind === 'read' ? file.diff.changeSet : {})
    const kept = await database.asOwner(
      `select l.marketplace_listing_id as listing, m.evidence from sku_mappings m join listings l on l.id = m.listing_id
       where m.channel_id = $1 order by 1`,
      [channelId],
    )
    expect(kept).toEqual([
      { listing: '1', evidence: 'barcode' },
      { listing: '2', evidence: 'hand' },
      { listing: '3', evidence: 'file' },
    ])
  })

  test('B4: unlink cuts a mapping, and the listing is not ours to touch any more', async () => {
    await store(pulled('1'))
    const listing = await listingId('1')
    await save({ map: [{ listingId: listing, components: [{ variantId: await world.addVariant('A'), quantity: 1 }] }] })
    expect(await world.target(listing)).toBeDefined()
    expect(await save({ unlink: [listing] })).toEqual({ kind: 'saved', mapped: 0, unlinked: 1 })
    expect(await world.target(listing)).toBeUndefined()
    expect(await rows({ mapped: 'unmapped' })).toHaveLength(1)
    const story = await database.asOwner('select kind from listing_events where listing_id = $1 order by id', [listing])
    expect(story).toEqual([{ kind: 'mapped' }, { kind: 'unlinked' }])
  })

  test('B4: a change that names what is gone, or a foreign listing, changes nothing at all', async () => {
    await store(pulled('1'))
    const a = await world.addVariant('A')
    const other = await createEngineWorld(database)
    const foreign = await other.addVariant('A')
    const good = { listingId: await listingId('1'), components: [{ variantId: a, quantity: 1 }] }
    const bad = { listingId: world.parts.ids.uuid(), components: [{ variantId: a, quantity: 1 }] }
    expect(await save({ map: [good, bad] })).toMatchObject({ kind: 'refused' })
    expect(await save({ map: [{ ...good, components: [{ variantId: foreign, quantity: 1 }] }] })).toMatchObject({
      kind: 'refused',
    })
    expect(await save({ map: [good], unlink: [good.listingId] })).toMatchObject({ kind: 'refused' })
    expect(await rows({ mapped: 'mapped' })).toEqual([])
  })

  test('B2: each side is searched by part of SKU or title, and wildcards are plain characters', async () => {
    await store(
      pulled('1', { channelSku: 'AB-100%', title: 'Red Amp' }),
      pulled('2', { channelSku: 'AB-1000', title: 'Blue amp' }),
    )
    expect((await rows({ search: 'AMP' })).length).toBe(2)
    expect((await rows({ search: ' amp  BLUE ' })).map(({ title }) => title)).toEqual(['Blue amp'])
    expect((await rows({ search: '100%' })).map(({ channelSku }) => channelSku)).toEqual(['AB-100%'])
    await world.addVariant('ZZ_1')
    await world.addVariant('ZZ-1')
    expect((await variants({ search: 'zz_' })).map(({ sku }) => sku)).toEqual(['ZZ_1'])
  })

  test('B2: pages go on from the last row, also where titles are the same', async () => {
    await store(...Array.from({ length: 25 }, (_, index) => pulled(String(index), { title: 'Same title' })))
    const seen = new Set<string>()
    let cursor: string | undefined
    do {
      const page = await world.transaction((tx) => listListings(tx, { channelId, mapped: 'all', limit: 10, cursor }))
      expect(page.count).toEqual({ value: 25, more: false })
      for (const { id } of page.rows) seen.add(id)
      cursor = page.next ?? undefined
    } while (cursor !== undefined)
    expect(seen.size).toBe(25)
  })
})

describe('B7: auto-map', () => {
  const proposals = () => world.transaction((tx) => proposeMappings(tx, channelId))

  test('B7: equal SKU first, then letters and digits, then barcode, each with its evidence', async () => {
    await store(
      pulled('1', { channelSku: 'A-1', barcode: '4006381333931' }),
      pulled('2', { channelSku: 'b 2' }),
      pulled('3', { channelSku: 'other', barcode: '5012345678900' }),
      pulled('4', { channelSku: 'nothing' }),
    )
    await world.addVariant('A-1')
    await world.addVariant('A1')
    await world.addVariant('B-2')
    await world.addVariant('C', { barcode: '5012345678900' })
    await world.addVariant('D', { barcode: '4006381333931' })
    const { proposals: found, ambiguous } = await proposals()
    expect(found.map(({ listing, variant, evidence }) => [listing.channelSku, variant.sku, evidence])).toEqual([
      ['A-1', 'A-1', 'sku'],
      ['b 2', 'B-2', 'normalized-sku'],
      ['other', 'C', 'barcode'],
    ])
    expect(ambiguous).toBe(0)
  })

  test('B7: what is ambiguous on either side is counted and not proposed; nothing is mapped by it', async () => {
    await store(
      pulled('1', { channelSku: 'A' }),
      pulled('2', { channelSku: 'A' }),
      pulled('3', { channelSku: 'x-9' }),
      pulled('4', { channelSku: 'alone' }),
    )
    await world.addVariant('A')
    await world.addVariant('X9')
    await world.addVariant('X 9')
    await world.addVariant('alone')
    const { proposals: found, ambiguous } = await proposals()
    expect(found.map(({ variant }) => variant.sku)).toEqual(['alone'])
    expect(ambiguous).toBe(3)
    expect(await rows({ mapped: 'mapped' })).toEqual([])
  })

  test('B7: with nothing to propose the ambiguous are counted all the same', async () => {
    await store(pulled('1', { channelSku: 'A' }), pulled('2', { channelSku: 'A' }))
    await world.addVariant('A')
    expect(await proposals()).toEqual({ proposals: [], ambiguous: 2 })
  })
})

describe('B7: the mapping file', () => {
  const diff = async (text: string) => {
    const read = await world.transaction((tx) => diffMappingFile(tx, channelId, text))
    if (read.kind !== 'read') throw new Error(read.reason)
    return read.diff
  }

  test('B7: what is written out and read in again changes nothing, formulas and all', async () => {
    await store(pulled('1', { channelSku: '=1+1', title: '+SUM(A1)' }), pulled('2'))
    const variantId = await world.addVariant('-5')
    await save({ map: [{ listingId: await listingId('1'), components: [{ variantId, quantity: 2 }] }] })
    const text = await world.transaction((tx) => writeMappingFile(tx, channelId))
    for (const cell of text.split(/[\r\n,]+/)) expect(cell).not.toMatch(/^"?[=+\-@]/)
    expect(await diff(text)).toMatchObject({ add: 0, change: 0, cut: 0, same: 2, refused: [] })
  })

  test('B7: a file adds, changes and cuts, after a look at the difference; unreadable rows are named by line', async () => {
    await store(pulled('1'), pulled('2'), pulled('3'), pulled('4'))
    const a = await world.addVariant('A')
    await world.addVariant('B')
    await save({
      map: [
        { listingId: await listingId('1'), components: [{ variantId: a, quantity: 1 }] },
        { listingId: await listingId('2'), components: [{ variantId: a, quantity: 1 }] },
      ],
    })
    const found = await diff(
      ['Listing ID;SKU;Quantity', '1;;', '2;A;3', '3;A;1', '3;B;2', '4;nope;1', '9;A;1', '4;A;0'].join('\r\n'),
    )
    expect(found).toMatchObject({ add: 1, change: 1, cut: 1, same: 0 })
    expect(found.refused.map(({ line }) => line)).toEqual([6, 7, 8])
    expect(await save(found.changeSet)).toEqual({ kind: 'saved', mapped: 2, unlinked: 1 })
    const mapping = (await rows({ mapped: 'mapped' })).map(({ mapping }) =>
      mapping?.map(({ sku, quantity }) => [sku, quantity]),
    )
    expect(mapping).toEqual([
      [['A', 3]],
      [
        ['A', 1],
        ['B', 2],
      ],
    ])
  })

  test('a file without our columns is refused with a sentence', async () => {
    const read = await world.transaction((tx) => diffMappingFile(tx, channelId, 'a,b\n1,2'))
    expect(read).toEqual({ kind: 'refused', reason: expect.stringContaining('Listing ID') })
  })
})
