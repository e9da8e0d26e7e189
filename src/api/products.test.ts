import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { applyFile } from '../engine/apply-file.ts'
import { startApiServer, type ApiServer, type Person } from '../../test/support/api-server.ts'
import { seedTenant, type SeededTenant } from '../../test/support/seed-tenant.ts'

let hub: ApiServer
let ann: Person
let bob: Person
let ids: SeededTenant

beforeAll(async () => {
  hub = await startApiServer()
  ann = await hub.addPerson('Ann')
  bob = await hub.addPerson('Bob')
  ids = await seedTenant(hub.test, hub.parts.secrets, ann.tenantId, 'ann')
})
afterAll(() => hub.dispose())

const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#336699' } })
const upload = (person: Person, content: Uint8Array, name = 'cup.jpg') =>
  hub.askWithFile(person, '/api/pictures', {}, { name, content: new Uint8Array(content) })
const urlOf = (answer: { body: unknown }) => (answer.body as { url: string }).url

const variant = (changes: object = {}) => ({
  id: null,
  sku: 'CUP-1',
  optionValues: [],
  barcode: '',
  priceIncVat: { minor: 1299, currency: 'GBP' },
  vatRateBasisPoints: 2000,
  weightGrams: 320,
  lengthMm: 120,
  widthMm: 90,
  heightMm: 100,
  imageUrl: null,
  archived: false,
  ...changes,
})
const draft = (changes: object = {}) => ({
  title: 'A cup',
  description: '<p>Holds tea.</p>',
  brand: 'Oakline',
  category: 'Kitchen',
  productType: 'Cup',
  tags: ['tea', 'gift'],
  optionNames: [],
  images: [],
  variants: [variant()],
  ...changes,
})
type SavedVariant = { id: string | null; sku: string; optionValues: string[]; title?: string; held?: unknown }
type Saved = Omit<ReturnType<typeof draft>, 'variants'> & { id: string; version: string; variants: SavedVariant[] }
const add = (changes: object) => ann.ask('POST', '/api/my-products', draft(changes))
const added = async (changes: object) => {
  const answer = await add(changes)
  expect([answer.status, answer.text]).toEqual([200, answer.text])
  return answer.body as Saved
}
const draftOf = ({ title, description, brand, category, productType, tags, optionNames, images, variants }: Saved) => ({
  title,
  description,
  brand,
  category,
  productType,
  tags,
  optionNames,
  images,
  variants: variants.map(({ title: _title, held: _held, ...one }) => one),
})
const save = (product: Saved, changes: object, version = product.version) =>
  ann.ask('PATCH', `/api/my-products/${product.id}`, { product: { ...draftOf(product), ...changes }, version })

describe('G1: pictures', () => {
  test('one is served at its signed path without a session, and the same one uploaded twice is one', async () => {
    const content = await plain(40, 30).jpeg().toBuffer()
    const first = await upload(ann, content)
    expect(first).toMatchObject({ status: 200, body: { width: 40, height: 30 } })
    expect(urlOf(await upload(ann, content, 'again.png'))).toBe(urlOf(first))
    const served = await hub.app.inject({ method: 'GET', url: urlOf(first) })
    expect([served.statusCode, served.headers['content-type']]).toEqual([200, 'image/jpeg'])
    expect(served.headers['cache-control']).toContain('immutable')
    expect((await sharp(served.rawPayload).metadata()).width).toBe(40)
    expect(urlOf(await upload(bob, content))).not.toBe(urlOf(first))
  })

  test('X1: a forged path, another business’s id in it, and one that never was are all answered alike', async () => {
    const url = urlOf(await upload(ann, await plain(41, 30).jpeg().toBuffer()))
    const [, , tenant = '', file = ''] = url.split('/')
    const [picture = '', signature = ''] = file.split('.')
    const wrong = [
      `/pictures/${tenant}/${picture}.${signature.slice(0, -1)}${signature.endsWith('A') ? 'B' : 'A'}.jpg`,
      `/pictures/${bob.tenantId}/${picture}.${signature}.jpg`,
      `/pictures/${tenant}/${crypto.randomUUID()}.${signature}.jpg`,
      `/pictures/${tenant}/${picture}.jpg`,
      '/pictures/x',
    ]
    for (const one of wrong) {
      const answer = await hub.app.inject({ method: 'GET', url: one })
      expect([one, answer.statusCode, answer.json()]).toEqual([
        one,
        404,
        expect.objectContaining({ error: expect.anything() }),
      ])
    }
  })

  test('Bad input: what is no picture is said in a sentence with the file’s name', async () => {
    const gif = await sharp(
      [
        await plain(9, 9).png().toBuffer(),
        await sharp({ create: { width: 9, height: 9, channels: 3, background: '#ff0000' } })
          .png()
          .toBuffer(),
      ],
      { join: { animated: true } },
    )
      .gif()
      .toBuffer()
    const jpeg = await plain(900, 900).jpeg().toBuffer()
    const refused: [Uint8Array, RegExp][] = [
      [new Uint8Array(), /cup\.jpg: The file is empty/],
      [Buffer.from('<html>no picture</html>'), /no picture/],
      [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), /no picture/],
      [jpeg.subarray(0, jpeg.length / 2), /damaged/],
      [gif, /animated/],
      [Buffer.alloc(20 * 1024 * 1024 + 1, 0xff), /20 MB/],
    ]
    for (const [content, sentence] of refused)
      expect(await upload(ann, content)).toMatchObject({
        status: 400,
        body: { error: { fields: { file: expect.stringMatching(sentence) } } },
      })
    expect(hub.storedFiles()).toEqual([])
  })

  test('Bad input: 9,000 × 9,000 pixels become 4,000, and 20,000 × 20,000 are never unfolded', async () => {
    expect(await upload(ann, await plain(9000, 9000).jpeg().toBuffer())).toMatchObject({
      status: 200,
      body: { width: 4000, height: 4000 },
    })
    // Only its head says so: nothing else of it is looked at.
    const bomb = await plain(8, 8).png().toBuffer()
    bomb.writeUInt32BE(20_000, 16)
    bomb.writeUInt32BE(20_000, 20)
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29)
    expect(await upload(ann, bomb)).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('pixels') } },
    })
  })

  test('a photo stands upright and says nothing of where it was taken; what is clear stays clear', async () => {
    const photo = await plain(60, 20)
      .withExif({ IFD0: { Copyright: 'someone' }, IFD3: { GPSLatitude: '51/1 30/1 0/1' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    const answer = await upload(ann, photo)
    expect(answer.body).toMatchObject({ width: 20, height: 60 })
    const served = await hub.app.inject({ method: 'GET', url: urlOf(answer) })
    expect(await sharp(served.rawPayload).metadata()).not.toHaveProperty('exif')
    const clear = await sharp({
      create: { width: 8, height: 8, channels: 4, background: { r: 1, g: 2, b: 3, alpha: 0.5 } },
    })
      .webp()
      .toBuffer()
    expect(urlOf(await upload(ann, clear))).toMatch(/\.png$/)
  })
})

describe('G1: a product', () => {
  test('is added with variants and pictures, and read as it was written', async () => {
    const url = urlOf(await upload(ann, await plain(50, 50).jpeg().toBuffer()))
    const product = await added({
      title: '  A   mug ',
      optionNames: ['Size', 'Colour'],
      images: [
        { url, alt: 'In use' },
        { url: 'https://images.example.test/2.jpg', alt: '' },
      ],
      variants: [
        variant({ sku: 'MUG-S', optionValues: ['Small', 'Red'], barcode: '4006381 333931', imageUrl: url }),
        variant({ sku: 'MUG-L', optionValues: ['Large', 'Red'] }),
      ],
    })
    expect(product).toMatchObject({
      title: 'A mug',
      optionNames: ['Size', 'Colour'],
      images: [{ url, alt: 'In use' }, { url: 'https://images.example.test/2.jpg' }],
      variants: [
        {
          sku: 'MUG-S',
          optionValues: ['Small', 'Red'],
          barcode: '4006381333931',
          imageUrl: url,
          lengthMm: 120,
          vatRateBasisPoints: 2000,
        },
        { sku: 'MUG-L', optionValues: ['Large', 'Red'] },
      ],
    })
    const shown = await ann.ask('GET', `/api/products/${product.id}`)
    expect(shown.body).toMatchObject({ variants: [{ title: 'Small / Red', offers: [{ onHand: null }] }, {}] })
  })

  test('Bad input: HTML in a description keeps only what is harmless', async () => {
    const product = await added({
      description: '<p onclick="x()">Good <b>cup</b></p><script>alert(1)</script><img src=x onerror=alert(2)>',
      variants: [variant({ sku: 'HTML-1' })],
    })
    expect(product.description).toBe('<p>Good <b>cup</b></p>')
  })

  test.each<[string, object, Record<string, RegExp>]>([
    ['no title', { title: '  ' }, { title: /Enter a title/ }],
    ['a wrong barcode', { variants: [variant({ barcode: '4006381333932' })] }, { 'variants.0.barcode': /last digit/ }],
    [
      'a price of 0',
      { variants: [variant({ priceIncVat: { minor: 0, currency: 'GBP' } })] },
      { 'variants.0.priceIncVat': /more than 0/ },
    ],
    [
      'a price in another currency',
      { variants: [variant({ priceIncVat: { minor: 100, currency: 'EUR' } })] },
      { 'variants.0.priceIncVat': /GBP.*EUR/ },
    ],
    [
      'a SKU that another product has',
      { variants: [variant({ sku: 'SKU-ann' })] },
      { 'variants.0.sku': /in use by “product ann”/ },
    ],
    [
      'a SKU twice',
      {
        optionNames: ['Size'],
        variants: [variant({ sku: 'T', optionValues: ['S'] }), variant({ sku: 'T', optionValues: ['M'] })],
      },
      { 'variants.1.sku': /Another variant/ },
    ],
    [
      'the same options twice',
      {
        optionNames: ['Size'],
        variants: [variant({ sku: 'T', optionValues: ['S'] }), variant({ sku: 'U', optionValues: ['S'] })],
      },
      { 'variants.1.optionValues.0': /already/ },
    ],
    [
      'no option among variants',
      { variants: [variant({ sku: 'T' }), variant({ sku: 'U' })] },
      { optionNames: /tells them apart/ },
    ],
    ['a weight of nothing', { variants: [variant({ weightGrams: 0 })] }, { 'variants.0.weightGrams': /above 0/ }],
    [
      'a picture that is no address',
      { images: [{ url: 'javascript:alert(1)', alt: '' }] },
      { 'images.0': /no address/ },
    ],
    [
      'a picture that never was',
      { images: [{ url: `/pictures/${crypto.randomUUID()}/${crypto.randomUUID()}.${'a'.repeat(43)}.jpg`, alt: '' }] },
      { 'images.0': /Upload it again/ },
    ],
    [
      'a variant of another product',
      { variants: [variant({ id: crypto.randomUUID(), sku: 'X9' })] },
      { 'variants.0.sku': /not here any more/ },
    ],
  ])('Bad input: %s is said at its field', async (_name, changes, fields) => {
    const answer = await add({ variants: [variant({ sku: 'BAD-1' })], ...changes })
    expect(answer.status).toBe(400)
    const said = (answer.body as { error: { fields: Record<string, string> } }).error.fields
    expect(said).toMatchObject(
      Object.fromEntries(Object.entries(fields).map(([field, sentence]) => [field, expect.stringMatching(sentence)])),
    )
  })

  test('X1: a picture of another business is refused as one that never was', async () => {
    const url = urlOf(await upload(bob, await plain(33, 33).jpeg().toBuffer()))
    const answer = await add({ images: [{ url, alt: '' }], variants: [variant({ sku: 'THEIRS-1' })] })
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { fields: { 'images.0': expect.stringContaining('Upload it again') } } },
    })
  })

  test('is not saved over what somebody changed meanwhile', async () => {
    const product = await added({ variants: [variant({ sku: 'TWICE-1' })] })
    expect(await save(product, { title: 'Mine' })).toMatchObject({ status: 200, body: { title: 'Mine' } })
    expect(await save(product, { title: 'Theirs' })).toMatchObject({
      status: 409,
      body: { error: { code: 'changed-meanwhile' } },
    })
  })

  test('two variants swap their SKUs in one save', async () => {
    const product = await added({
      optionNames: ['Size'],
      variants: [variant({ sku: 'SWAP-1', optionValues: ['S'] }), variant({ sku: 'SWAP-2', optionValues: ['M'] })],
    })
    const [one, other] = draftOf(product).variants
    const swapped = await save(product, {
      variants: [
        { ...one, sku: 'SWAP-2' },
        { ...other, sku: 'SWAP-1' },
      ],
    })
    expect(swapped).toMatchObject({
      status: 200,
      body: {
        variants: [
          { id: one?.id, sku: 'SWAP-2' },
          { id: other?.id, sku: 'SWAP-1' },
        ],
      },
    })
  })

  test('a variant on which an order hangs is not removed but archived; one on which nothing hangs goes', async () => {
    await hub.test.asOwner(`update listing_changes set state = 'done' where tenant_id = $1`, [ann.tenantId])
    const product = (await ann.ask('GET', `/api/my-products/${ids.product}`)).body as Saved
    const [ordered] = draftOf(product).variants
    const more = {
      optionNames: ['Size'],
      variants: [{ ...ordered, optionValues: ['S'] }, variant({ sku: 'LOOSE-1', optionValues: ['M'] })],
    }
    const grown = (await save(product, more)).body as Saved
    const refused = await save(grown, { variants: draftOf(grown).variants.slice(1) })
    expect(refused).toMatchObject({
      status: 400,
      body: {
        error: {
          fields: { variants: expect.stringMatching(/SKU-ann cannot be removed: it is on an order\. Archive/) },
        },
      },
    })
    const less = (await save(grown, { variants: [{ ...draftOf(grown).variants[0], archived: true }] })).body as Saved
    expect(less.variants).toMatchObject([{ sku: 'SKU-ann', archived: true }])
    expect(await ann.ask('DELETE', `/api/my-products/${ids.product}`)).toMatchObject({
      status: 409,
      body: { error: { message: expect.stringContaining('order') } },
    })
    const loose = await added({ variants: [variant({ sku: 'LOOSE-2' })] })
    expect((await ann.ask('DELETE', `/api/my-products/${loose.id}`)).status).toBe(200)
    expect((await ann.ask('GET', `/api/my-products/${loose.id}`)).status).toBe(404)
  })

  test('F3: it is said where it is listed, and why not', async () => {
    const where = async () =>
      ((await ann.ask('GET', `/api/my-products/${ids.product}`)).body as { whereListed: unknown[] }).whereListed
    expect(await where()).toMatchObject([
      { channelName: 'channel ann', state: 'linked', listings: [{ title: 'listing ann' }], why: [] },
    ])
    await hub.test.asOwner(
      `update listing_changes set state = 'refused', faults = '[{"field":"title","message":"The title is too long."}]' where tenant_id = $1`,
      [ann.tenantId],
    )
    expect(await where()).toMatchObject([{ state: 'error', why: ['The title is too long.'] }])
  })
})

type Row = { id: string; title: string; category: string | null; brand: string | null; archived: boolean }
const list = async (query: string) =>
  ((await ann.ask('GET', `/api/my-products?${query}`)).body as { rows: Row[] }).rows.map(({ title }) => title)

describe('G1: the list and changes of many', () => {
  test('is found by words, category, supplier, stock, and by where it is listed; what is archived apart', async () => {
    const product = await added({
      title: 'Brass lantern',
      category: 'Lighting',
      variants: [variant({ sku: 'LAMP-77' })],
    })
    expect(await list('search=lantern')).toEqual(['Brass lantern'])
    expect(await list('search=lamp-77')).toEqual(['Brass lantern'])
    expect(await list('category=Lighting')).toEqual(['Brass lantern'])
    expect(await list(`supplierId=${ids.supplier}`)).toEqual(['product ann'])
    expect(await list('inStock=yes')).toEqual(['product ann'])
    expect(await list(`channelId=${ids.channel}&states=not-listed&search=lantern`)).toEqual(['Brass lantern'])
    expect(await list(`channelId=${ids.channel}&states=linked,listed,error`)).toEqual(['product ann'])
    expect((await ann.ask('POST', `/api/my-products/${product.id}/archive`, { archived: true })).body).toMatchObject({
      archived: true,
    })
    expect(await list('search=lantern')).toEqual([])
    expect(await list('archived=yes')).toEqual(['Brass lantern'])
    expect((await ann.ask('GET', `/api/my-products?channelId=${crypto.randomUUID()}`)).status).toBe(404)
  })

  test('without a sales channel the list works all the same', async () => {
    await bob.ask(
      'POST',
      '/api/my-products',
      draft({ title: 'A kettle', category: 'Tea', variants: [variant({ sku: 'K' })] }),
    )
    for (const query of ['search=kettle', 'category=Tea', 'inStock=no'])
      expect([query, (await bob.ask('GET', `/api/my-products?${query}`)).body]).toMatchObject([
        query,
        { rows: [{ title: 'A kettle', listedOn: [] }] },
      ])
    expect((await bob.ask('GET', '/api/my-products?category=none')).body).toMatchObject({
      rows: [],
      count: { value: 0 },
    })
  })

  test('a price change is previewed, made and taken back, but for what was changed since', async () => {
    const one = await added({ title: 'Bulk one', brand: 'Bulkers', variants: [variant({ sku: 'B-1' })] })
    const two = await added({
      title: 'Bulk two',
      brand: 'Bulkers',
      variants: [variant({ sku: 'B-2', priceIncVat: null })],
    })
    const three = await added({ title: 'Bulk three', brand: 'Bulkers', variants: [variant({ sku: 'B-3' })] })
    const body = {
      productIds: [one.id, two.id, three.id],
      change: { kind: 'price', by: 'percent', basisPoints: -1000 },
    }
    const preview = await ann.ask('POST', '/api/my-products/bulk', { ...body, preview: true })
    expect(preview.body).toMatchObject({ products: 3, changes: 2, refused: 1, editId: null })
    expect((preview.body as { sample: unknown[] }).sample).toContainEqual({
      name: 'B-1',
      before: { priceMinor: 1299 },
      after: { priceMinor: 1169 },
    })
    const priceOf = async (id: string) =>
      ((await ann.ask('GET', `/api/my-products/${id}`)).body as { variants: { priceIncVat: { minor: number } }[] })
        .variants[0]?.priceIncVat.minor
    expect(await priceOf(one.id)).toBe(1299)
    const made = (await ann.ask('POST', '/api/my-products/bulk', { ...body, preview: false })).body as {
      editId: string
    }
    expect(await priceOf(one.id)).toBe(1169)
    const [changed] = three.variants
    await ann.ask('PATCH', `/api/variants/${changed?.id}`, { priceIncVat: { minor: 999, currency: 'GBP' } })
    const undo = () => ann.ask('POST', `/api/my-products/edits/${made.editId}/undo`)
    expect(await undo()).toMatchObject({ status: 200, body: { undone: 1, kept: 1 } })
    expect([await priceOf(one.id), await priceOf(three.id)]).toEqual([1299, 999])
    expect(await undo()).toMatchObject({ status: 409 })
    expect((await ann.ask('GET', '/api/my-products/edits')).body).toContainEqual(
      expect.objectContaining({ id: made.editId, actor: 'Ann', undoneBy: 'Ann' }),
    )
  })

  test('category, brand, tags and VAT rate are changed for all that match a filter', async () => {
    const { id } = await added({ title: 'Filtered teapot', variants: [variant({ sku: 'F-1' })] })
    const filter = { search: 'filtered' }
    for (const change of [
      { kind: 'category', category: 'Tea' },
      { kind: 'brand', brand: '' },
      { kind: 'tags', add: ['new'], remove: ['tea'] },
      { kind: 'vat-rate', vatRateBasisPoints: 500 },
    ])
      expect((await ann.ask('POST', '/api/my-products/bulk', { filter, change, preview: false })).body).toMatchObject({
        products: 1,
        changes: 1,
      })
    expect((await ann.ask('GET', `/api/my-products/${id}`)).body).toMatchObject({
      category: 'Tea',
      brand: '',
      tags: ['gift', 'new'],
      variants: [{ vatRateBasisPoints: 500 }],
    })
  })

  test('X1: a product of another business among those named is as one that never was', async () => {
    const change = { kind: 'brand', brand: 'X' }
    const theirs = (await bob.ask('POST', '/api/my-products', draft({ variants: [variant({ sku: 'BOBS' })] })))
      .body as Saved
    const ask = (productId: string) =>
      ann.ask('POST', '/api/my-products/bulk', { productIds: [ids.product, productId], change, preview: false })
    expect(await ask(theirs.id)).toMatchObject({ status: 404, body: (await ask(crypto.randomUUID())).body })
  })
})

describe('G1: files', () => {
  const layoutOf = (content: string) =>
    hub.askWithFile(ann, '/api/imports/inspect', { kind: 'shopify-products' }, { name: 'products.csv', content })

  async function importCsv(content: string) {
    const { layout } = (await layoutOf(content)).body as { layout: object }
    const started = await hub.askWithFile(
      ann,
      '/api/imports',
      { kind: 'shopify-products', layout: JSON.stringify(layout) },
      { name: 'products.csv', content },
    )
    const { id } = started.body as { id: string }
    const { Readable } = await import('node:stream')
    await applyFile(
      {
        db: hub.test.db,
        uploads: { open: () => Readable.from([Buffer.from(content)]), delete: async () => {} },
        log: { error() {} },
      },
      ann.tenantId,
      id,
    )
    return (await ann.ask('GET', `/api/imports/${id}`)).body
  }

  test.each(['fairlead', 'shopify'])(
    'what goes out in the columns of %s comes back and changes nothing',
    async (layout) => {
      const url = urlOf(await upload(ann, await plain(52, 52).jpeg().toBuffer()))
      await added({
        title: `=Formula, "quoted" ${layout}`,
        optionNames: ['Size', 'Colour'],
        images: [
          { url, alt: 'First' },
          { url: 'https://images.example.test/9.jpg', alt: '' },
        ],
        variants: [
          variant({ sku: `=${layout}-S`, optionValues: ['Small', 'Red'], barcode: '4006381333931', imageUrl: url }),
          variant({ sku: `${layout}-L`, optionValues: ['Large', 'Red'], priceIncVat: null, vatRateBasisPoints: 550 }),
        ],
      })
      const file = await ann.ask('GET', `/api/my-products.csv?layout=${layout}&search=formula`)
      expect(file.headers['content-disposition']).toContain('.csv')
      const before = await list('search=formula')
      const outcome = await importCsv(file.text)
      expect(outcome).toMatchObject({ state: 'applied', rowsApplied: 0, rowsRefused: 0 })
      expect(await list('search=formula')).toEqual(before)
    },
  )

  test('a VAT rate and sizes of our columns are read, and a wrong one is said with its line', async () => {
    const file =
      'Handle,Title,SKU,Price inc. VAT,VAT rate %,Length in mm\r\nbowl,A bowl,BOWL-1,9.50,5.5,300\r\npot,A pot,POT-1,9.50,400,0\r\n'
    expect(await importCsv(file)).toMatchObject({
      rowsApplied: 2,
      refusals: [
        { line: 3, column: 'VAT rate %', reason: expect.stringContaining('100 %') },
        { line: 3, column: 'Length in mm', reason: expect.stringContaining('above 0') },
      ],
    })
    const rows = (await ann.ask('GET', '/api/my-products?search=bowl-1')).body as { rows: Row[] }
    expect((await ann.ask('GET', `/api/my-products/${rows.rows[0]?.id}`)).body).toMatchObject({
      variants: [{ vatRateBasisPoints: 550, lengthMm: 300 }],
    })
  })
})
