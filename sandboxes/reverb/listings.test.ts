import { expect, test } from 'vitest'
import { createTestClient, nextLink } from './test-client.ts'
import { categories } from './reference.ts'
import type { TestClient } from './test-client.ts'

const brandNew = { uuid: '7c3f45de-2ae0-4c81-8400-fdb6b1d74890' }
const used = { uuid: 'df268ad1-c462-4ba6-b6db-e007e23922ea' }
const complete = {
  title: 'Kestrel Chorus',
  sku: 'KES-CH',
  condition: brandNew,
  categories: [{ uuid: categories[1]?.uuid }],
  price: { amount: '95.00', currency: 'USD' },
  has_inventory: true,
  inventory: 5,
  publish: true,
}

async function create(client: TestClient, changes: Record<string, unknown> = {}): Promise<string> {
  const heard = await client.call('POST', '/listings', { body: { ...complete, ...changes } })
  expect(heard.status, heard.text).toBeLessThan(300)
  return String((heard.body['listing'] as { id: number }).id)
}

async function put(client: TestClient, id: string, body: Record<string, unknown>) {
  const heard = await client.call('PUT', `/listings/${id}`, { body })
  return { ...heard, listing: (heard.body['listing'] ?? {}) as { inventory?: number; state?: { slug: string } } }
}

const truthOf = (client: TestClient, id: string) =>
  client.sandbox.control.books().listings.find((one) => String(one.id) === id)

test('R1: stock 0 ends a listing, and stock brings back only new, B-stock and mint with inventory', async () => {
  const client = createTestClient({ empty: true })
  const revives = { [brandNew.uuid]: 'live', '9225283f-60c2-4413-ad18-1f5eba7a856f': 'live', [used.uuid]: 'ended' }
  for (const [uuid, expected] of Object.entries(revives)) {
    const id = await create(client, { condition: { uuid }, inventory: 1 })
    expect((await put(client, id, { inventory: 0 })).listing.state?.slug).toBe('ended')
    const back = await put(client, id, { inventory: 1 })
    expect(back.listing.state?.slug).toBe(expected)
    expect(back.body['warnings']).toHaveLength(expected === 'ended' ? 1 : 0)
  }
})

test('R1: a listing ended by the seller stays ended when stock changes, until it is published again', async () => {
  const client = createTestClient({ empty: true })
  const id = await create(client)
  const ended = await client.call('PUT', `/my/listings/${id}/state/end`, { body: { reason: 'not_sold' } })
  expect(ended.status).toBe(200)
  expect((await put(client, id, { inventory: 9 })).listing.state?.slug).toBe('ended')
  expect((await put(client, id, { publish: true })).listing.state?.slug).toBe('live')
})

test('a used item that was sold cannot be listed again, and nothing of the refused change is kept', async () => {
  const client = createTestClient({ empty: true })
  const id = await create(client, { condition: used, has_inventory: false, sku: 'ONE' })
  client.sandbox.control.placeOrders([{ lines: [{ sku: 'ONE', quantity: 1 }] }])
  expect(truthOf(client, id)).toMatchObject({ state: 'sold_out', inventory: 0 })
  const refused = await put(client, id, { has_inventory: true, inventory: 1, publish: true })
  expect(refused.status).toBe(412)
  expect(truthOf(client, id)).toMatchObject({ state: 'sold_out', inventory: 0, hasInventory: false })
})

test('without has_inventory the item is one of a kind and a quantity is ignored', async () => {
  const client = createTestClient({ empty: true })
  const id = await create(client, { has_inventory: false, inventory: 7 })
  expect((await put(client, id, { inventory: 0 })).listing).toMatchObject({ inventory: 1, state: { slug: 'live' } })
})

test('publishing needs stock, price, condition and category, and a verified shop', async () => {
  const client = createTestClient({ empty: true })
  const bare = await client.call('POST', '/listings', { body: { title: 'Bare thing', publish: true } })
  expect(bare.status).toBe(412)
  expect(Object.keys(bare.body['errors'] as object).toSorted()).toEqual(['categories', 'condition', 'price'])
  const id = await create(client, { publish: false, inventory: 0 })
  expect((await put(client, id, { publish: 'true' })).body).toMatchObject({
    errors: { inventory: [expect.any(String)] },
  })
  client.sandbox.control.setShop({ verified: false })
  expect((await put(client, id, { publish: true, inventory: 3 })).status).toBe(403)
  expect(truthOf(client, id)).toMatchObject({ state: 'draft', inventory: 0 })
})

test('only drafts can be deleted', async () => {
  const client = createTestClient({ empty: true })
  const [live, draft] = [await create(client), await create(client, { publish: false })]
  expect((await client.call('DELETE', `/listings/${live}`)).status).toBe(406)
  expect((await client.call('DELETE', `/listings/${draft}`)).status).toBe(200)
  expect((await client.call('GET', `/listings/${draft}`)).status).toBe(404)
})

test('an update changes only what was sent, and answers all four keys', async () => {
  const client = createTestClient({ empty: true })
  const id = await create(client)
  const heard = await put(client, id, { price: { amount: '80.5', currency: 'USD' } })
  expect(Object.keys(heard.body).toSorted()).toEqual(['errors', 'listing', 'message', 'warnings'])
  const read = await client.call('GET', `/listings/${id}`)
  expect(read.body).toMatchObject({
    title: 'Kestrel Chorus',
    inventory: 5,
    price: { amount: '80.50', amount_cents: 8050 },
  })
  expect(truthOf(client, id)?.history.map((change) => change.price.minor)).toEqual([9500, 9500, 8050])
})

test('R16: sloppy clients are understood, and a wrong content type changes nothing silently', async () => {
  const client = createTestClient({ empty: true })
  const id = await create(client, { price: 12.5, condition: 'Brand New', publish: 'true', has_inventory: 1 })
  expect(truthOf(client, id)).toMatchObject({ state: 'live', price: { minor: 1250, currency: 'USD' } })
  const body = JSON.stringify({ inventory: 99 })
  const asForm = await client.call('PUT', `/listings/${id}`, { body, headers: { 'content-type': 'text/plain' } })
  expect(asForm.status).toBe(200)
  expect(truthOf(client, id)?.inventory).toBe(5)
  const form = await client.call('PUT', `/listings/${id}`, {
    body: 'price[amount]=9.99&price[currency]=USD',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  expect(form.status).toBe(200)
  expect(truthOf(client, id)?.price.minor).toBe(999)
  expect((await client.call('PUT', `/listings/${id}`, { body: '{"inventory":' })).status).toBe(400)
})

test('R14: a refusal is 412 or, if chosen, 422, with the errors by field', async () => {
  const bad = { ...complete, inventory: -1, price: { amount: 'ten', currency: 'USD' }, condition: { uuid: 'x' } }
  for (const validationStatus of [412, 422] as const) {
    const client = createTestClient({ empty: true, choices: { validationStatus } })
    const heard = await client.call('POST', '/listings', { body: bad })
    expect(heard.status).toBe(validationStatus)
    expect(Object.keys(heard.body['errors'] as object).toSorted()).toEqual(['condition', 'inventory', 'price'])
    expect(client.sandbox.control.books().listings).toEqual([])
  }
})

test('R2 and R4: a search by SKU finds none, one or several, and is exact after decoding', async () => {
  const client = createTestClient()
  const find = async (query: string) =>
    ((await client.call('GET', `/my/listings?state=all&${query}`)).body['listings'] as { sku: string }[]).map(
      (one) => one.sku,
    )
  expect(await find('sku=TUN-CLIP')).toEqual(['TUN-CLIP', 'TUN-CLIP'])
  expect(await find(`sku=${encodeURIComponent('KES-DLY+')}`)).toEqual(['KES-DLY+'])
  expect(await find('sku=KES-DLY+')).toEqual([])
  expect(await find(`sku=${encodeURIComponent('STR 10-46 A&B')}`)).toEqual(['STR 10-46 A&B'])
  expect(await find('sku=none')).toEqual([])
})

test('R3: without state=all only live listings are listed', async () => {
  const client = createTestClient()
  const states = async (query: string) => {
    const heard = await client.call('GET', `/my/listings?per_page=100${query}`)
    return [
      ...new Set((heard.body['listings'] as { state: { slug: string } }[]).map((one) => one.state.slug)),
    ].toSorted()
  }
  expect(await states('')).toEqual(['live'])
  expect(await states('&state=all')).toEqual(['draft', 'ended', 'live'])
  expect((await client.call('GET', '/my/listings?state=nonsense')).status).toBe(412)
  expect((await client.call('GET', '/my/listings/drafts')).body['total']).toBe(2)
  client.sandbox.control.setShop({ onVacation: true })
  expect(await states('&state=all')).toEqual(['draft', 'ended', 'seller_unavailable'])
})

test('R6: pages are linked, per_page counts for listings, and every listing is met once', async () => {
  const client = createTestClient({ catalogueSize: 60 })
  const ids: unknown[] = []
  let next: string | undefined = '/api/my/listings?state=all&per_page=25'
  while (next !== undefined) {
    const heard = await client.call('GET', `http://reverb.sandbox.test${next.replace(/^https?:\/\/[^/]+/, '')}`)
    const body = heard.body as { listings: { id: number }[]; total: number }
    expect(body.total).toBe(60)
    ids.push(...body.listings.map((one) => one.id))
    next = nextLink(body)
  }
  expect(new Set(ids).size).toBe(60)
  expect(ids).toHaveLength(60)
})

test('a listing is found by id and by slug, and its links lead back to it', async () => {
  const client = createTestClient({ origin: 'http://127.0.0.1:9' })
  const { id, slug } = client.sandbox.control.books().listings[0] ?? { id: 0, slug: '' }
  for (const name of [id, slug]) expect((await client.call('GET', `/listings/${name}`)).body['id']).toBe(id)
  expect((await client.call('GET', `/listings/${id}-something-else`)).status).toBe(404)
  const links = (await client.call('GET', `/listings/${id}`)).body['_links'] as Record<string, { href: string }>
  expect(links['self']?.href).toBe(`/api/listings/${id}`)
  expect(links['update']?.href).toBe(`http://127.0.0.1:9/api/listings/${slug}`)
})

test('R13: a listing created with photos is only accepted, and the photos come later', async () => {
  const client = createTestClient({ empty: true })
  const photos = ['https://images.example.test/a.jpg', 'https://images.example.test/b.jpg']
  const heard = await client.call('POST', '/listings', { body: { ...complete, photos } })
  expect(heard.status).toBe(202)
  const id = (heard.body['listing'] as { id: number }).id
  const images = async () => (await client.call('GET', `/listings/${id}/images`)).body['images'] as { id: number }[]
  expect(await images()).toEqual([])
  client.pass(31)
  expect(await images()).toHaveLength(2)
  await put(client, String(id), { photos: ['https://images.example.test/c.jpg'] })
  client.pass(31)
  expect(await images()).toHaveLength(3)
  await put(client, String(id), { photos, photo_upload_method: 'override_position' })
  client.pass(31)
  const left = await images()
  expect(left).toHaveLength(2)
  expect((await client.call('DELETE', `/listings/${id}/images/${left[0]?.id}`)).status).toBe(200)
  expect(await images()).toHaveLength(1)
})

test('X-Display-Currency changes what is shown and not the seller price', async () => {
  const client = createTestClient({ empty: true, currency: 'GBP' })
  const id = await create(client, { price: { amount: '100.00', currency: 'GBP' } })
  const read = async (headers: Record<string, string>) =>
    (await client.call('GET', `/listings/${id}`, { headers })).body
  expect(await read({})).toMatchObject({
    price: { amount: '125.00', currency: 'USD' },
    seller_price: { amount: '100.00', currency: 'GBP' },
    listing_currency: 'GBP',
  })
  expect(await read({ 'x-display-currency': 'GBP' })).toMatchObject({ price: { amount: '100.00', currency: 'GBP' } })
})

test('make and model are guessed from the title, and a listing without any name is refused', async () => {
  const client = createTestClient({ empty: true })
  const id = await create(client)
  expect(truthOf(client, id)).toMatchObject({ make: 'Kestrel', model: 'Chorus' })
  expect((await client.call('POST', '/listings', { body: { price: 3 } })).body).toMatchObject({
    errors: { title: [expect.any(String)] },
  })
})

test('a used item cannot have two in stock', async () => {
  const client = createTestClient({ empty: true })
  const heard = await client.call('POST', '/listings', { body: { ...complete, condition: used, inventory: 2 } })
  expect(heard.body).toMatchObject({ errors: { inventory: [expect.any(String)] } })
})
