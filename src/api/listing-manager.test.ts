import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startApiServer, type ApiServer, type Person } from '../../test/support/api-server.ts'
import { seedTenant, type SeededTenant } from '../../test/support/seed-tenant.ts'
import { settleGrid } from '../domain/listings/settle-grid.command.ts'
import { wholeHttp } from '../connectors/scripted-http.ts'

let hub: ApiServer
let ann: Person
let ids: SeededTenant
let base: string
let isAway = false
let asked: string[] = []

beforeAll(async () => {
  hub = await startApiServer({
    http: wholeHttp(async ({ url }) => {
      const { pathname } = new URL(url)
      asked.push(pathname)
      const body = pathname.endsWith('/shipping_profiles') ? { shipping_profiles: [{ id: 5, name: 'Parcels' }] } : {}
      return { status: isAway ? 503 : 200, headers: {}, body: JSON.stringify(body) }
    }),
  })
  ann = await hub.addPerson('Ann')
  ids = await seedTenant(hub.test, hub.parts.secrets, ann.tenantId, 'ann')
  base = `/api/listing-manager/channels/${ids.channel}`
})
afterAll(() => hub.dispose())

beforeEach(async () => {
  isAway = false
  asked = []
  hub.kicks.length = 0
  for (const table of ['listing_changes', 'channel_products', 'channel_variants', 'sku_mapping_components'])
    await hub.test.asOwner(`delete from ${table} where tenant_id = $1`, [ann.tenantId])
  await hub.test.asOwner('update listings set missing_since = app_now() where tenant_id = $1', [ann.tenantId])
  await hub.test.asOwner(`update products set description = '<p>Good</p>' where id = $1`, [ids.product])
  await hub.test.asOwner(`update supplier_offers set on_hand = 20, reserved = 0 where id = $1`, [ids.offer])
  await hub.test.asOwner(
    `insert into product_images (tenant_id, id, product_id, position, url) values ($1, gen_random_uuid(), $2, 0, 'https://pictures.example/a.jpg')
     on conflict do nothing`,
    [ann.tenantId, ids.product],
  )
})

const chosen = () => ({ productIds: [ids.product] })
const say = (body: object) => ann.ask('PATCH', `${base}/products`, { chosen: chosen(), ...body })
const product = async () =>
  (await ann.ask('GET', `${base}/product?productId=${ids.product}`)).body as {
    title: string
    description: string
    attributes: Record<string, string>
    category: { path: string } | null
    faults: { field: string; message: string }[]
    variants: { priceIncVat: { minor: number }; priceFrom: string; quantity: number }[]
    lastChange: { state: string } | null
  }

test('F2: what is said for a channel counts there, and what is not said is the product’s own', async () => {
  expect(await product()).toMatchObject({ title: 'product ann', variants: [{ priceFrom: 'variant', quantity: 20 }] })
  const said = await say({
    product: { title: 'Said here', description: '<p onclick="x()">Text <script>bad()</script><h2>Head</h2></p>' },
    allVariants: { priceIncVat: { minor: 1999, currency: 'GBP' } },
  })
  expect(said).toMatchObject({ status: 200, body: { products: 1, variants: 1 } })
  const shown = await product()
  expect(shown).toMatchObject({
    title: 'Said here',
    variants: [{ priceIncVat: { minor: 1999, currency: 'GBP' }, priceFrom: 'own' }],
  })
  expect(shown.description).not.toMatch(/script|onclick|h2|bad/)
  expect(await say({ product: { title: null } })).toMatchObject({ status: 200 })
  expect(await product()).toMatchObject({ title: 'product ann' })
})

test('F2: a wrong price, category or template is said at its field, and nothing is stored', async () => {
  const answers = [
    await say({ allVariants: { priceIncVat: { minor: 100, currency: 'USD' } } }),
    await say({ allVariants: { priceIncVat: { minor: 0, currency: 'GBP' } } }),
    await say({ product: { categoryId: 'C9', title: 'Not stored' } }),
    await say({ product: { templateId: crypto.randomUUID() } }),
  ]
  expect(answers.map(({ status, body }) => [status, Object.keys((body as never as Fields).error.fields)])).toEqual([
    [400, ['allVariants.priceIncVat']],
    [400, ['allVariants.priceIncVat']],
    [400, ['product.categoryId']],
    [400, ['product.templateId']],
  ])
  expect(await product()).toMatchObject({ title: 'product ann', category: null })
})
type Fields = { error: { fields: Record<string, string> } }

test('F2: a shipping price goes out with VAT, and counts over one typed among the attributes before', async () => {
  await hub.test.asOwner(`update variants set vat_rate_basis_points = 2000 where product_id = $1`, [ids.product])
  await say({ product: { categoryId: 'C1', attributes: { shipping_rate: '9.99' } } })
  expect(await product()).toMatchObject({ attributes: { shipping_rate: '9.99' }, derived: [] })
  await say({ allVariants: { shippingExVat: { minor: 329, currency: 'GBP' } } })
  expect(await product()).toMatchObject({
    attributes: { shipping_rate: '3.95', shipping_region_code: 'GB' },
    derived: ['shipping_rate', 'shipping_region_code'],
  })
  await say({ product: { attributes: { shipping_rate: '4.50' } } })
  expect(await product()).toMatchObject({ attributes: { shipping_rate: '4.50' }, derived: ['shipping_region_code'] })
})

test('F2: where the marketplace takes no shipping price with a listing, it is refused at its field', async () => {
  await hub.test.asOwner(`update sales_channels set connector = 'tiktok' where tenant_id = $1`, [ann.tenantId])
  const shipping = await say({ allVariants: { shippingExVat: { minor: 329, currency: 'GBP' } } })
  await hub.test.asOwner(`update sales_channels set connector = 'reverb' where tenant_id = $1`, [ann.tenantId])
  expect(shipping).toMatchObject({ status: 400 })
  expect((shipping.body as never as Fields).error.fields).toMatchObject({
    'allVariants.shippingExVat': /takes no shipping price/,
  })
})

test('F4: another category empties what the old one asked for', async () => {
  await hub.test.asOwner(
    `insert into channel_categories (tenant_id, channel_id, id, name, path, search_text, is_leaf, may_list)
     values ($1, $2, 'C2', 'Mugs', 'Kitchen › Mugs', 'kitchen › mugs', true, true) on conflict do nothing`,
    [ann.tenantId, ids.channel],
  )
  await say({ product: { categoryId: 'C1', attributes: { finish: 'Matt' } } })
  await say({ product: { attributes: { year: '2020', finish: null } } })
  expect((await product()).attributes).toEqual({ category: 'C1', year: '2020' })
  await say({ product: { categoryId: 'C2', attributes: { finish: 'Matt' } } })
  expect(await product()).toMatchObject({ attributes: { category: 'C2' }, category: { path: 'Kitchen › Mugs' } })
})

test('F4: what is missing is known before anything is sent, and refused at once where it is sent all the same', async () => {
  expect((await product()).faults.map(({ field }) => field)).toEqual(['category'])
  await say({ product: { categoryId: 'C1' } })
  const check = await ann.ask('POST', `${base}/check`, { chosen: chosen() })
  expect(check.body).toMatchObject({
    products: 1,
    ready: 0,
    missing: [{ key: 'shipping_profile_id', label: 'Shipping profile', products: 1 }],
  })
  const refused = await ann.ask('POST', `${base}/changes`, { chosen: chosen(), action: 'list' })
  expect(refused.body).toMatchObject({ asked: 0, refused: 1, open: 0 })
  expect(hub.kicks).toEqual([])
  await say({ product: { categoryId: 'C1', attributes: { shipping_profile_id: '5' } } })
  expect((await ann.ask('POST', `${base}/check`, { chosen: chosen() })).body).toMatchObject({ ready: 1, missing: [] })
  const { runId } = (await ann.ask('POST', `${base}/changes`, { chosen: chosen(), action: 'list' })).body as {
    runId: string
  }
  expect(hub.kicks.map(({ data }) => data['operation'])).toEqual(['change-listings'])
  expect(await ann.ask('POST', `${base}/changes`, { chosen: chosen(), action: 'list' })).toMatchObject({
    body: { runId: null, asked: 0, open: 1 },
  })
  const run = `/api/listing-manager/runs/${runId}`
  expect((await ann.ask('GET', run)).body).toMatchObject({ action: 'list', state: 'running', total: 1, settled: 0 })
  expect(await product()).toMatchObject({ lastChange: { state: 'waiting' } })
  expect((await ann.ask('POST', `${run}/stop`, {})).body).toEqual({ stopped: 1 })
  expect((await ann.ask('GET', run)).body).toMatchObject({ state: 'done', stopped: 1, settled: 1 })
  const { rows } = (await ann.ask('GET', `${base}/changes?productId=${ids.product}`)).body as {
    rows: { state: string }[]
  }
  expect(rows.map(({ state }) => state)).toEqual(['stopped', 'refused'])
})

test('F4: a category’s questions are asked of the marketplace once a day, and it may be away', async () => {
  await hub.test.asOwner('delete from channel_category_attributes where tenant_id = $1', [ann.tenantId])
  isAway = true
  expect((await ann.ask('GET', `${base}/category?categoryId=C1`)).body).toMatchObject({ attributes: [] })
  isAway = false
  const needs = await ann.ask('GET', `${base}/category?categoryId=C1`)
  expect(needs.body).toMatchObject({ category: { id: 'C1' }, limits: { variationsMax: 1 } })
  expect((needs.body as { attributes: { key: string }[] }).attributes.map(({ key }) => key)).toContain('condition')
  asked = []
  await ann.ask('GET', `${base}/category?categoryId=C1`)
  expect(asked).toEqual([])
})

test('F4: categories are found by words of their path, and read when nobody has yet', async () => {
  const found = (await ann.ask('GET', `${base}/categories?search=ann+cat`)).body
  expect(found).toMatchObject({ categories: [{ id: 'C1', path: 'category ann' }], readAt: null, hasCategories: true })
  expect(hub.kicks.map(({ data }) => data['operation'])).toEqual(['pull-categories'])
  expect((await ann.ask('GET', `${base}/categories`)).body).toMatchObject({ categories: [{ id: 'C1' }, { id: 'C2' }] })
})

test('templates are laid over products, what is missing is told before, and the product’s own stays on top', async () => {
  const fields = {
    name: 'Mugs',
    categoryId: 'C1',
    attributes: { shipping_profile_id: '5', year: '2020' },
    titlePattern: '{title} by {brand}!',
  }
  const { id } = (await ann.ask('POST', `${base}/templates`, fields)).body as { id: string }
  expect(await ann.ask('POST', `${base}/templates`, { ...fields, name: 'mugs' })).toMatchObject({ status: 400 })
  const apply = `/api/listing-manager/templates/${id}/apply`
  expect((await ann.ask('POST', apply, { chosen: chosen(), preview: true })).body).toMatchObject({
    products: 1,
    ready: 1,
  })
  expect(await product()).toMatchObject({ title: 'product ann', category: null })
  expect((await ann.ask('POST', apply, { chosen: chosen(), preview: false })).body).toMatchObject({ ready: 1 })
  await say({ product: { attributes: { year: '1999' } } })
  expect(await product()).toMatchObject({
    title: 'product ann by !',
    attributes: { category: 'C1', shipping_profile_id: '5', year: '1999' },
  })
  expect((await ann.ask('PATCH', `/api/listing-manager/templates/${id}`, { titlePattern: null })).body).toMatchObject({
    titlePattern: null,
    products: 1,
    attributes: { year: '2020' },
  })
  expect((await ann.ask('DELETE', `/api/listing-manager/templates/${id}`)).status).toBe(200)
  expect((await product()).attributes).toEqual({ category: 'C1', shipping_profile_id: '5', year: '1999' })
})

test('F2: all that match a filter are meant, found by the grid’s own words', async () => {
  for (let steps = 0; (await settleGrid(hub.test.db, ann.tenantId)) === 'more' && steps < 20; steps++);
  const all = (filter: object) =>
    ann.ask('PATCH', `${base}/products`, { chosen: { filter }, product: { title: 'By filter' } })
  expect((await all({ search: 'product ann' })).body).toMatchObject({ products: 1 })
  expect((await all({ search: 'nothing like it' })).body).toMatchObject({ products: 0 })
  expect((await all({ states: ['listed'] })).body).toMatchObject({ products: 0 })
})

test('F4: all that a filter matches is all of it, and where only some could be meant it is refused', async () => {
  while ((await settleGrid(hub.parts.db, ann.tenantId)) === 'more') continue
  await hub.test.asOwner(
    `insert into products (tenant_id, id, handle, title)
     select $1, gen_random_uuid(), 'many-' || n, 'Many ' || n from generate_series(1, 10001) n`,
    [ann.tenantId],
  )
  // Settling that many takes its time: their rows are those of another product.
  await hub.test.asOwner(
    `insert into grid_rows select (jsonb_populate_record(r, jsonb_build_object('product_id', p.id, 'state', 2,
       'slot', 1000000 + substr(p.handle, 6)::int))).*
     from grid_rows r join products p on p.tenant_id = r.tenant_id and p.handle like 'many-%'
     where r.tenant_id = $1 and r.channel_id = $2 and r.product_id = $3`,
    [ann.tenantId, ids.channel, ids.product],
  )
  await hub.test.asOwner('delete from grid_marks where tenant_id = $1', [ann.tenantId])
  const many = { filter: { states: ['listed'] } }
  const checked = await ann.ask('POST', `${base}/check`, { chosen: many })
  expect(checked).toMatchObject({ status: 200, body: { products: 2000, unchecked: 8001 } })
  const listed = await ann.ask('POST', `${base}/changes`, { chosen: many, action: 'list' })
  expect(listed).toMatchObject({ status: 200, body: { asked: 10_001, refused: 0 } })
  const { runId } = listed.body as { runId: string }
  const run = await ann.ask('GET', `/api/listing-manager/runs/${runId}`)
  expect(run.body).toMatchObject({ state: 'running', action: 'list', total: 10_001, settled: 0 })
  const said = await ann.ask('PATCH', `${base}/products`, { chosen: many, product: { title: 'One for all' } })
  expect(said).toMatchObject({ status: 409, body: { error: { message: expect.stringContaining('More than 10,000') } } })
})
