import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApiServer, type ApiServer, type Person } from '../../test/support/api-server.ts'
import { seedTenant, type SeededTenant } from '../../test/support/seed-tenant.ts'

let hub: ApiServer
let ann: Person
let ids: SeededTenant

beforeAll(async () => {
  hub = await startApiServer()
  ann = await hub.addPerson('Ann')
  ids = await seedTenant(hub.test, hub.parts.secrets, ann.tenantId, 'ann')
})
afterAll(() => hub.dispose())

const stockFile = { name: 'stock.csv', content: 'SKU,Stock,Cost\nSKU-ann,7,5.00\n' }
const fields = () => ({ kind: 'supplier-stock', supplierId: ids.supplier })

test('looking into a file tells its columns and keeps nothing', async () => {
  const answer = await hub.askWithFile(ann, '/api/imports/inspect', fields(), stockFile)
  expect(answer).toMatchObject({
    status: 200,
    body: {
      headers: ['SKU', 'Stock', 'Cost'],
      layout: { delimiter: ',', columns: { sku: 'SKU', onHand: 'Stock', cost: 'Cost' } },
    },
  })
  expect(hub.storedFiles()).toEqual([])
})

test('E1: a saved layout is used again, and a column it did not have is looked for', async () => {
  const saved = {
    encoding: 'utf-8',
    delimiter: ',',
    decimalMark: '.',
    columns: { sku: 'SKU', onHand: 'Stock', cost: null },
  }
  const save = (layout: unknown) =>
    hub.test.asOwner('update suppliers set file_mapping = $1 where id = $2', [layout, ids.supplier])
  await save(JSON.stringify(saved))
  const answer = await hub.askWithFile(ann, '/api/imports/inspect', fields(), {
    name: 'stock.csv',
    content: 'SKU,Code,Stock,Cost\nSKU-ann,X1,7,5.00\n',
  })
  await save(null)
  expect(answer).toMatchObject({ body: { layout: { columns: { sku: 'SKU', onHand: 'Stock', cost: 'Cost' } } } })
})

test('importing keeps the file for the engine and tells it to look', async () => {
  const answer = await hub.askWithFile(ann, '/api/imports', fields(), stockFile)
  expect(answer).toMatchObject({
    status: 200,
    body: { state: 'reading', fileName: 'stock.csv', actor: 'Ann', refusals: [] },
  })
  const { id } = answer.body as { id: string }
  expect(hub.storedFiles()).toEqual([id])
  expect(hub.kicks.at(-1)).toMatchObject({ name: 'apply-file', data: { tenantId: ann.tenantId, importId: id } })
})

test('a file or form that cannot be used is said at its field, and nothing of it stays', async () => {
  const before = hub.storedFiles()
  const cases: [Record<string, string>, { name: string; content: string | Uint8Array<ArrayBuffer> }, string, string][] =
    [
      [fields(), { name: 'stock.csv', content: '' }, 'file', 'The file is empty.'],
      [
        fields(),
        { name: 'stock.csv', content: new Uint8Array([0x25, 0x50, 0x44, 0x46, 0x2d, 0x31]) },
        'file',
        'a PDF document',
      ],
      [{ kind: 'supplier-stock' }, stockFile, 'supplierId', 'Choose the supplier'],
      [
        { kind: 'holiday-photos' },
        stockFile,
        'kind',
        'This must be one of shopify-products, supplier-stock, tracking.',
      ],
      [{}, stockFile, 'kind', 'This is needed.'],
      [{ ...fields(), supplierId: 'x' }, stockFile, 'supplierId', 'This is not an id.'],
      [{ ...fields(), layout: '{' }, stockFile, 'layout', 'This is not JSON.'],
      [
        { ...fields(), layout: '{"encoding":"utf-7"}' },
        stockFile,
        'layout.encoding',
        'This must be one of utf-8, windows-1252, utf-16le.',
      ],
      [fields(), { name: 'stock.csv', content: 'Colour,Size\nred,L\n' }, 'layout', 'Choose which column'],
    ]
  for (const [form, file, field, sentence] of cases) {
    const answer = await hub.askWithFile(ann, '/api/imports', form, file)
    expect([form, answer.status]).toEqual([form, 400])
    expect((answer.body as { error: { fields: Record<string, string> } }).error.fields[field]).toContain(sentence)
  }
  expect(hub.storedFiles()).toEqual(before)
})

test('a request without a file is refused in words', async () => {
  const json = await ann.ask('POST', '/api/imports', { kind: 'supplier-stock' })
  expect(json).toMatchObject({
    status: 415,
    body: { error: { message: 'A file is expected, sent as multipart/form-data.' } },
  })
})

test('a file name of somebody who means harm is only a text', async () => {
  const name = '../../etc/passwd";\r\nx: y.csv'
  const answer = await hub.askWithFile(ann, '/api/imports', fields(), { ...stockFile, name })
  const { id } = answer.body as { id: string }
  const csv = await ann.ask('GET', `/api/imports/${id}/refused.csv`)
  expect(csv.headers['content-disposition']).toMatch(/^attachment; filename="[\w.-]+"$/)
  expect(hub.storedFiles()).toContain(id)
})

test('mappings go out as a file and come back as a difference', async () => {
  const url = `/api/channels/${ids.channel}/mappings`
  const out = await ann.ask('GET', `${url}.csv`)
  expect(out.text).toContain('L-ann,SKU-ann,listing ann,SKU-ann,1')
  const same = await hub.askWithFile(ann, `${url}/diff`, {}, { name: 'mappings.csv', content: out.text })
  expect(same.body).toMatchObject({ add: 0, change: 0, cut: 0, same: 1, refused: [] })
  const pack = await hub.askWithFile(
    ann,
    `${url}/diff`,
    {},
    { name: 'mappings.csv', content: out.text.replace(',SKU-ann,1', ',SKU-ann,3') },
  )
  expect(pack.body).toMatchObject({
    change: 1,
    change_set: { map: [{ listingId: ids.listing, components: [{ variantId: ids.variant, quantity: 3 }] }] },
  })
  const saved = await ann.ask('POST', url, (pack.body as { change_set: unknown }).change_set)
  expect(saved.body).toEqual({ mapped: 1, unlinked: 0 })
  expect(hub.storedFiles()).toHaveLength(2)
})
