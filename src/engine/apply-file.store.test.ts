import { Readable } from 'node:stream'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { acceptHeldFile, discardHeldFile } from '../domain/files/apply-supplier-file.command.ts'
import { countDiff, listDiff } from '../domain/files/feed-diff.store.ts'
import { detectLayout } from '../domain/files/detect-layout.ts'
import { listRefusals, loadImport } from '../domain/files/file-imports.store.ts'
import { fileLimits, type FileKind, type FileLayout } from '../domain/files/layout.ts'
import { startImport } from '../domain/files/start-import.command.ts'
import { systemIds } from '../platform/ids.ts'
import { sharedData } from '../../scripts/real-data/shared-data.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { applyFile, giveUpFile, type ApplyFileParts } from './apply-file.ts'

let database: TestDatabase
let tenantId: string
let parts: ApplyFileParts
let files: Map<string, () => Iterable<Uint8Array>>

beforeAll(async () => {
  database = await createTestDatabase()
  database.db.attachQueue({ send: async () => {} })
})
afterAll(() => database.dispose())
beforeEach(async () => {
  tenantId = await database.addTenant()
  files = new Map()
  parts = {
    db: database.db,
    uploads: {
      open: (id) => Readable.from(files.get(id)?.() ?? []),
      delete: async (id) => void files.delete(id),
    },
    log: { error: (details, message) => console.error(message, details) },
  }
})

async function importText(
  kind: FileKind,
  content: string | Uint8Array | (() => Iterable<Uint8Array>),
  options: { supplierId?: string; layout?: Partial<FileLayout> } = {},
) {
  const id = systemIds.uuid()
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const source = typeof bytes === 'function' ? bytes : () => [bytes]
  const head = [...source()][0] ?? new Uint8Array()
  const found = detectLayout(kind, head, typeof bytes !== 'function')
  if (found.kind === 'refused') throw new Error(found.reason)
  files.set(id, source)
  const started = await startImport(database.db, tenantId, {
    importId: id,
    kind,
    supplierId: options.supplierId ?? null,
    fileName: 'file.csv',
    sizeBytes: 1,
    layout: { ...found.layout, ...options.layout },
    actor: 'test',
  })
  expect(started).toEqual({ kind: 'started' })
  await applyFile(parts, tenantId, id)
  return record(id)
}

/** Begun by an engine that is gone: some of its rows are staged. */
async function startedImport(supplierId: string): Promise<string> {
  const id = systemIds.uuid()
  files.set(id, () => [Buffer.from('SKU,Stock\nA,5\n')])
  const layout = {
    encoding: 'utf-8',
    delimiter: ',',
    decimalMark: '.',
    columns: { sku: 'SKU', onHand: 'Stock', cost: null },
  } as const
  const entry = {
    importId: id,
    kind: 'supplier-stock' as const,
    supplierId,
    fileName: 'file.csv',
    sizeBytes: 1,
    layout,
    actor: 'test',
  }
  expect(await startImport(database.db, tenantId, entry)).toEqual({ kind: 'started' })
  await database.asOwner(
    'insert into supplier_file_rows (tenant_id, import_id, line, supplier_sku) values ($1, $2, 2, $3)',
    [tenantId, id, 'A'],
  )
  return id
}

async function record(id: string) {
  return database.db.read(tenantId, async (tx) => {
    const file = await loadImport(tx, id)
    if (!file) throw new Error('no import')
    return { ...file, refusals: await listRefusals(tx, id, { limit: 1000 }) }
  })
}

const counts = (file: { rowsRead: number; rowsApplied: number; rowsUnchanged: number; rowsRefused: number }) => [
  file.rowsRead,
  file.rowsApplied,
  file.rowsUnchanged,
  file.rowsRefused,
]

async function addSupplier(name = 'A supplier', currency = 'GBP'): Promise<string> {
  const id = systemIds.uuid()
  await database.asOwner('insert into suppliers (tenant_id, id, name, currency) values ($1, $2, $3, $4)', [
    tenantId,
    id,
    name,
    currency,
  ])
  return id
}

async function offers(supplierId: string): Promise<Record<string, [onHand: number | null, cost: number | null]>> {
  const rows = await database.asOwner<{ supplier_sku: string; on_hand: number | null; cost_minor: string | null }>(
    'select supplier_sku, on_hand, cost_minor from supplier_offers where tenant_id = $1 and supplier_id = $2 order by supplier_sku',
    [tenantId, supplierId],
  )
  return Object.fromEntries(
    rows.map((row) => [row.supplier_sku, [row.on_hand, row.cost_minor === null ? null : Number(row.cost_minor)]]),
  )
}

async function movementsAgree(): Promise<void> {
  const wrong = await database.asOwner(
    `select o.id from supplier_offers o left join stock_movements m on m.tenant_id = o.tenant_id and m.offer_id = o.id
     where o.tenant_id = $1 group by o.id, o.on_hand having coalesce(o.on_hand, 0) <> coalesce(sum(m.delta), 0)`,
    [tenantId],
  )
  expect(wrong).toEqual([])
}

async function marks(): Promise<number> {
  const [row] = await database.asOwner<{ count: string }>(
    'select count(distinct variant_id) from stock_marks where tenant_id = $1',
    [tenantId],
  )
  return Number(row?.count)
}

const clearMarks = () => database.asOwner('delete from stock_marks where tenant_id = $1', [tenantId])

const productCsv = (rows: string[]) =>
  [
    'Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Inventory Qty,Variant Barcode,Image Src',
    ...rows,
  ].join('\n')

/** Plain products P-1, P-2, … with one variant each. */
async function addProducts(count: number): Promise<void> {
  await importText(
    'shopify-products',
    productCsv(Array.from({ length: count }, (_, at) => `p-${at + 1},Product ${at + 1},,,P-${at + 1},10.00,,,`)),
  )
  await clearMarks()
}

describe('G1: product files', () => {
  test('products, variants and images are stored, and the same file again changes nothing', async () => {
    const csv = productCsv([
      'shirt,Shirt,Size,Small,S-1,10.00,3,4006381333931,https://img.example/1.jpg',
      'shirt,,,Large,S-2,12.50,,,',
      'shirt,,,,,,,,https://img.example/2.jpg',
      'cup,Cup,Title,Default Title,,4.99,0,,',
    ])
    const first = await importText('shopify-products', csv)
    expect(first).toMatchObject({ state: 'applied', failure: null })
    expect(counts(first)).toEqual([4, 4, 0, 0])
    expect(first.notes).toEqual([expect.stringContaining('1 variants have no SKU')])
    const variants = await database.asOwner(
      'select sku, title, price_minor::int as price, barcode, search_text from variants where tenant_id = $1 order by sku',
      [tenantId],
    )
    expect(variants).toEqual([
      {
        sku: 'S-1',
        title: 'Small',
        price: 1000,
        barcode: '4006381333931',
        search_text: 's-1 shirt small 4006381333931',
      },
      { sku: 'S-2', title: 'Large', price: 1250, barcode: null, search_text: 's-2 shirt large' },
      { sku: 'cup', title: '', price: 499, barcode: null, search_text: 'cup cup' },
    ])
    const [own] = await database.asOwner<{ id: string }>(
      'select id from suppliers where tenant_id = $1 and own_stock',
      [tenantId],
    )
    expect(await offers(own?.id ?? '')).toEqual({ 'S-1': [3, null], 'S-2': [null, null], cup: [0, null] })
    await movementsAgree()
    const again = await importText('shopify-products', csv)
    expect(counts(again)).toEqual([4, 0, 4, 0])
    const changed = await importText('shopify-products', csv.replace('12.50', '12.75').replace('Cup,', 'Big cup,'))
    expect(counts(changed)).toEqual([4, 2, 2, 0])
  })

  test('codes that differ in case only are two variants', async () => {
    const csv = productCsv(['a,A,,,85123A,1.00,1,,', 'b,B,,,85123a,2.00,2,,'])
    expect(counts(await importText('shopify-products', csv))).toEqual([2, 2, 0, 0])
    const rows = await database.asOwner(
      'select sku, price_minor::int as price from variants where tenant_id = $1 order by price',
      [tenantId],
    )
    expect(rows).toEqual([
      { sku: '85123A', price: 100 },
      { sku: '85123a', price: 200 },
    ])
  })

  test('bad input: wrong cells are left out, wrong rows refused, and the rest goes on', async () => {
    const file = await importText(
      'shopify-products',
      productCsv([
        'a,A,,,A-1,free,1,4006381333930,',
        ',No handle,,,A-2,1.00,1,,',
        'c,,,,C-1,1.00,1,,',
        'd,D,,,A-1,1.00,1,,',
        'e,E,,,E-1,0,-3,,javascript:alert(1)',
        'f,F,,,F-1,1.00',
        'g,G,,,G-1,1.00,5,,',
      ]),
    )
    expect(file.state).toBe('applied')
    expect(counts(file)).toEqual([7, 3, 0, 4])
    expect(file.refusals.filter((row) => !row.rowTaken).map((row) => [row.line, row.column])).toEqual([
      [3, 'Handle'],
      [4, null],
      [5, null],
      [7, 'Variant Inventory Qty'],
    ])
    expect(file.refusals.filter((row) => row.rowTaken).map((row) => [row.line, row.column])).toEqual([
      [2, 'Variant Barcode'],
      [2, 'Variant Price'],
      [6, 'Variant Price'],
      [6, 'Variant Inventory Qty'],
      [6, 'Image Src'],
    ])
    const [row] = await database.asOwner(
      'select price_minor, barcode from variants where tenant_id = $1 and sku = $2',
      [tenantId, 'A-1'],
    )
    expect(row).toEqual({ price_minor: null, barcode: null })
  })

  test('a blank cell leaves what is here', async () => {
    await importText('shopify-products', productCsv(['a,A,,,A-1,5.00,7,4006381333931,https://img.example/1.jpg']))
    const again = await importText('shopify-products', productCsv(['a,,,,A-1,,,,']))
    expect(counts(again)).toEqual([1, 0, 1, 0])
    const [own] = await database.asOwner<{ id: string }>(
      'select id from suppliers where tenant_id = $1 and own_stock',
      [tenantId],
    )
    expect(await offers(own?.id ?? '')).toEqual({ 'A-1': [7, null] })
  })

  test('a file that is too long is refused before anything of it is stored', async () => {
    parts.limits = { ...fileLimits, rowsMax: 2_500 }
    const rows = Array.from({ length: 2_501 }, (_, at) => `h-${at},T,,,S-${at},1.00,1,,`)
    const file = await importText('shopify-products', productCsv(rows))
    expect(file).toMatchObject({ state: 'failed', failure: expect.stringContaining('more than 2,500 rows') as string })
    expect(await database.asOwner('select 1 from products where tenant_id = $1', [tenantId])).toEqual([])
  })

  test('starting again after a crash in the middle ends with the same catalogue', async () => {
    const rows = Array.from({ length: 2_200 }, (_, at) => `h-${at},T,,,S-${at},1.00,1,,`)
    let commits = 0
    const crashing = database.connect({
      beforeCommit: () => {
        commits += 1
        if (commits === 3) throw new Error('crash')
      },
    })
    crashing.attachQueue({ send: async () => {} })
    const real = parts.db
    parts.db = crashing
    await expect(importText('shopify-products', productCsv(rows))).rejects.toThrow('crash')
    parts.db = real
    const [open] = await database.asOwner<{ id: string; state: string }>(
      'select id, state from file_imports where tenant_id = $1',
      [tenantId],
    )
    expect(open?.state).toBe('reading')
    expect(await database.asOwner('select 1 from variants where tenant_id = $1', [tenantId])).toHaveLength(1_000)
    await applyFile(parts, tenantId, open?.id ?? '')
    const file = await record(open?.id ?? '')
    expect(file.state).toBe('applied')
    expect(counts(file)).toEqual([2_200, 1_200, 1_000, 0])
    await movementsAgree()
  })
})

describe('E1: supplier files', () => {
  test('stock and cost are matched by the supplier’s code, else by ours; unknown codes are named', async () => {
    await addProducts(3)
    const supplierId = await addSupplier()
    const first = await importText('supplier-stock', 'sku,stock,cost\nP-1,5,2.50\nP-2,,1.00\np-3,4,1.00\n', {
      supplierId,
    })
    expect(first.state).toBe('applied')
    expect(counts(first)).toEqual([3, 2, 0, 1])
    expect(first.refusals).toMatchObject([
      { line: 4, column: 'sku', reason: expect.stringContaining('no such SKU in your inventory') as string },
    ])
    expect(await offers(supplierId)).toEqual({ 'P-1': [5, 250], 'P-2': [null, 100] })
    await movementsAgree()
    expect(await marks()).toBe(2)
    await database.asOwner('update supplier_offers set supplier_sku = $3 where tenant_id = $1 and supplier_sku = $2', [
      tenantId,
      'P-1',
      'theirs',
    ])
    const second = await importText('supplier-stock', 'sku,stock,cost\ntheirs,6,2.50\nP-1,9,9.00\n', { supplierId })
    expect(await offers(supplierId)).toEqual({ theirs: [6, 250], 'P-2': [null, 100] })
    expect(second.refusals).toMatchObject([{ line: 3, reason: expect.stringContaining('as “theirs”') as string }])
  })

  test('the same file twice: nothing is changed or marked, only its age', async () => {
    await addProducts(2)
    const supplierId = await addSupplier()
    await importText('supplier-stock', 'sku,stock,cost\nP-1,5,2.50\nP-2,7,1.00\n', { supplierId })
    await clearMarks()
    await database.asOwner(`update supplier_offers set on_hand_at = '2020-01-01' where tenant_id = $1`, [tenantId])
    const again = await importText('supplier-stock', 'sku,stock,cost\nP-1,5,2.50\nP-2,7,1.00\n', { supplierId })
    expect(counts(again)).toEqual([2, 0, 2, 0])
    expect(await marks()).toBe(0)
    expect(
      await database.asOwner(
        `select 1 from supplier_offers where tenant_id = $1 and supplier_id = $2 and on_hand_at < '2021-01-01'`,
        [tenantId, supplierId],
      ),
    ).toEqual([])
    expect(await database.asOwner('select 1 from stock_movements where tenant_id = $1', [tenantId])).toHaveLength(2)
  })

  test('blank stock is unknown and not 0, a blank cost leaves the last one, an absent SKU keeps its figure', async () => {
    await addProducts(5)
    const supplierId = await addSupplier()
    await importText('supplier-stock', 'sku,stock,cost\nP-1,5,1.00\nP-2,5,1.00\nP-3,5,1.00\nP-4,5,1.00\nP-5,5,1.00\n', {
      supplierId,
    })
    const file = await importText('supplier-stock', 'sku,stock,cost\nP-1,,\nP-2,0,1.10\nP-3,5,1.00\nP-4,6,\n', {
      supplierId,
    })
    expect(file).toMatchObject({ state: 'applied', heldBecause: [] })
    expect(await offers(supplierId)).toEqual({
      'P-1': [null, 100],
      'P-2': [0, 110],
      'P-3': [5, 100],
      'P-4': [6, 100],
      'P-5': [5, 100],
    })
    expect(file.notes.join()).toContain('1 of the supplier’s offers are not in the file')
    await movementsAgree()
  })

  test('rows that cannot be read are refused with line and column, the rest goes on', async () => {
    await addProducts(20)
    const supplierId = await addSupplier()
    const good = Array.from({ length: 15 }, (_, at) => `P-${at + 1},${at},1.00`)
    const file = await importText(
      'supplier-stock',
      ['sku,stock,cost', 'P-16,-3,1.00', 'P-17,>10,1.00', 'P-18,4,€2.00', 'P-1,99,1.00', ...good].join('\n'),
      { supplierId },
    )
    expect(counts(file)).toEqual([19, 16, 0, 3])
    expect(file.refusals.map((row) => [row.line, row.column, row.rowTaken])).toEqual([
      [2, 'stock', false],
      [3, 'stock', false],
      [4, 'cost', true],
      [6, null, false],
    ])
    expect((await offers(supplierId))['P-18']).toEqual([4, null])
    expect((await offers(supplierId))['P-1']).toEqual([99, 100])
  })

  test('a Windows-1252 letter far down the file is read although its start looked like UTF-8', async () => {
    await addProducts(1)
    const supplierId = await addSupplier()
    await database.asOwner('update variants set sku = $2 where tenant_id = $1', [tenantId, 'GRÖẞE'.replace('ẞ', 'SSE')])
    const file = await importText('supplier-stock', iconv.encode('sku;stock\nGRÖSSEE;4\n', 'windows-1252'), {
      supplierId,
      layout: { encoding: 'utf-8' },
    })
    expect(file.state).toBe('applied')
    expect(await offers(supplierId)).toEqual({ GRÖSSEE: [4, null] })
  })

  test('a file of column names only, or with a column that is not there, fails with a sentence', async () => {
    const supplierId = await addSupplier()
    expect(await importText('supplier-stock', 'sku,stock\n', { supplierId })).toMatchObject({
      state: 'failed',
      failure: expect.stringContaining('only the row') as string,
    })
    const layout = { columns: { sku: 'code', onHand: 'stock' } }
    expect(await importText('supplier-stock', 'sku,stock\nA,1\n', { supplierId, layout })).toMatchObject({
      state: 'failed',
      failure: expect.stringContaining('no column “code”') as string,
    })
  })

  test('1,000,001 rows are refused and nothing is applied', async () => {
    await addProducts(1)
    const supplierId = await addSupplier()
    parts.limits = { ...fileLimits, rowsMax: 3_000 }
    const rows = Array.from({ length: 3_001 }, (_, at) => `P-${at + 1},5`)
    const file = await importText('supplier-stock', ['sku,stock', ...rows].join('\n'), { supplierId })
    expect(file.state).toBe('failed')
    expect(await offers(supplierId)).toEqual({})
    expect(await database.asOwner('select 1 from supplier_file_rows where tenant_id = $1', [tenantId])).toEqual([])
  })
})

describe('E1: files held back', () => {
  const csv = (stock: (at: number) => string, count = 10) =>
    ['sku,stock,cost', ...Array.from({ length: count }, (_, at) => `P-${at + 1},${stock(at)},1.00`)].join('\n')
  let supplierId: string
  beforeEach(async () => {
    await addProducts(10)
    supplierId = await addSupplier()
    expect(
      (
        await importText(
          'supplier-stock',
          csv(() => '5'),
          { supplierId },
        )
      ).state,
    ).toBe('applied')
    await clearMarks()
  })
  const unchanged = async () =>
    expect(Object.values(await offers(supplierId)).map(([onHand]) => onHand)).toEqual(Array(10).fill(5))

  test('30 % newly zero is held back, 29 % is not, and the last good figures stay', async () => {
    const held = await importText(
      'supplier-stock',
      csv((at) => (at < 3 ? '0' : '5')),
      { supplierId },
    )
    expect(held).toMatchObject({ state: 'held', heldBecause: [{ reason: 'newly-zero' }] })
    await unchanged()
    expect(await marks()).toBe(0)
    expect(
      (
        await importText(
          'supplier-stock',
          csv((at) => (at < 2 ? '0' : '5')),
          { supplierId },
        )
      ).state,
    ).toBe('applied')
  })

  test('half the rows of the last file, a cut last row, unknown stock and decimals in stock are each held back', async () => {
    const reasons = async (text: string) =>
      (await importText('supplier-stock', text, { supplierId })).heldBecause.map((held) => held.reason)
    expect(await reasons(csv(() => '5', 5))).toEqual(['fewer-rows'])
    expect(await reasons(`${csv(() => '5')}\nP-11,"5`)).toEqual(['truncated'])
    expect(await reasons(csv(() => '5').slice(0, -6))).toEqual(['truncated'])
    expect(await reasons(csv((at) => (at < 3 ? '' : '5')))).toEqual(['newly-unknown'])
    expect(await reasons(csv((at) => (at < 3 ? '1.99' : '5')))).toEqual(['columns-swapped'])
    expect(await reasons(csv((at) => (at < 3 ? 'call' : '5')))).toEqual(['unreadable'])
    expect(await reasons(csv(() => '5').replaceAll('1.00', '6.00'))).toEqual(['costs-leap'])
    await unchanged()
  })

  test('a person sees what would change, accepts it once, and it is applied whole', async () => {
    const held = await importText(
      'supplier-stock',
      csv((at) => (at < 4 ? '0' : '5')),
      { supplierId },
    )
    const of = { importId: held.id, supplierId, hasStock: true }
    const none = { down: 0, up: 0, 'cost-up': 0, 'cost-down': 0, new: 0, gone: 0, unknown: 0 }
    expect(await database.db.read(tenantId, (tx) => countDiff(tx, of))).toEqual({
      ...none,
      zero: 4,
      all: 4,
      unchanged: 6,
    })
    const [first, second] = await database.db.read(tenantId, (tx) => listDiff(tx, of, { limit: 2 }))
    expect(first).toMatchObject({ line: 2, sku: 'P-1', onHandBefore: 5, onHandAfter: 0, kinds: ['zero'] })
    const after = first?.key
    expect(await database.db.read(tenantId, (tx) => listDiff(tx, of, { after, limit: 1 }))).toEqual([second])
    const [problem] = await database.asOwner('select kind from problems where tenant_id = $1 and closed_at is null', [
      tenantId,
    ])
    expect(problem).toEqual({ kind: 'file-held' })
    expect(await acceptHeldFile(database.db, tenantId, held.id, 'owner')).toEqual({ kind: 'done' })
    expect(await acceptHeldFile(database.db, tenantId, held.id, 'owner')).toEqual({
      kind: 'refused',
      reason: 'not-held',
    })
    expect(counts(await record(held.id))).toEqual([10, 4, 6, 0])
    expect(
      Object.values(await offers(supplierId))
        .map(([onHand]) => onHand)
        .toSorted((one, other) => (one ?? 0) - (other ?? 0)),
    ).toEqual([0, 0, 0, 0, 5, 5, 5, 5, 5, 5])
    await movementsAgree()
    expect(
      await database.asOwner('select 1 from problems where tenant_id = $1 and closed_at is null', [tenantId]),
    ).toEqual([])
  })

  test('a discarded file changes nothing, and one overtaken by a newer file cannot be accepted', async () => {
    const old = await importText(
      'supplier-stock',
      csv(() => '0'),
      { supplierId },
    )
    expect(old.state).toBe('held')
    await importText(
      'supplier-stock',
      csv(() => '5'),
      { supplierId },
    )
    expect(await acceptHeldFile(database.db, tenantId, old.id, 'owner')).toEqual({
      kind: 'refused',
      reason: 'overtaken',
    })
    expect(await discardHeldFile(database.db, tenantId, old.id)).toEqual({ kind: 'done' })
    expect((await record(old.id)).state).toBe('discarded')
    await unchanged()
    expect(await database.asOwner('select 1 from supplier_file_rows where tenant_id = $1', [tenantId])).toEqual([])
  })
})

describe('an import whose job died for good', () => {
  test('E1: it ends as failed with a sentence, its file goes, and what it had staged is forgotten', async () => {
    const supplierId = await addSupplier()
    const id = await startedImport(supplierId)
    await giveUpFile(parts, tenantId, id)
    await giveUpFile(parts, tenantId, id)
    const file = await record(id)
    expect(file).toMatchObject({ state: 'failed', failure: expect.stringMatching(/given up after several tries/) })
    expect(file.finishedAt).not.toBeNull()
    expect(files.has(id)).toBe(false)
    expect(await database.asOwner('select 1 from supplier_file_rows where import_id = $1', [id])).toEqual([])
  })

  test('E1: one that came to its end all the same stays as it ended', async () => {
    const supplierId = await addSupplier()
    const file = await importText('supplier-stock', 'SKU,Stock\nA,5\n', { supplierId })
    await giveUpFile(parts, tenantId, file.id)
    expect(await record(file.id)).toMatchObject({ state: file.state, failure: file.failure })
  })
})

test('a file of many batches is applied whole, and again without a change', async () => {
  const count = 5_000
  const supplierId = await addSupplier()
  const rows = Array.from({ length: count }, (_, at) => `p-${at},Product ${at},,,P-${at},10.00,,,`)
  expect(counts(await importText('shopify-products', productCsv(rows)))).toEqual([count, count, 0, 0])
  const stock = ['sku,stock,cost', ...rows.map((_, at) => `P-${at},${at % 90},${at % 70}.50`)].join('\n')
  expect(counts(await importText('supplier-stock', stock, { supplierId }))).toEqual([count, count, 0, 0])
  expect(counts(await importText('supplier-stock', stock, { supplierId }))).toEqual([count, 0, count, 0])
  await movementsAgree()
})

describe('real product files', () => {
  // Counted in the files with another program: rows, products, variants, images, units in stock.
  const known = [
    { name: 'apparel.csv', rows: 22, products: 20, variants: 22, images: 20, units: 22, price: 129500 },
    { name: 'home-and-garden.csv', rows: 21, products: 20, variants: 21, images: 21, units: 65, price: 234584 },
  ]
  for (const { name, rows, ...wanted } of known) {
    const bytes = sharedData(name)
    test.runIf(bytes)(`G1: ${name} is imported whole, and again without a change`, async () => {
      const file = await importText('shopify-products', bytes ?? '')
      expect(file.state).toBe('applied')
      expect(counts(file)).toEqual([rows, rows, 0, 0])
      expect(file.refusals).toEqual([])
      const [found] = await database.asOwner(
        `select (select count(*)::int from products where tenant_id = $1) as products, (select count(*)::int from variants where tenant_id = $1) as variants,
          (select count(*)::int from product_images where tenant_id = $1) as images,
          (select sum(on_hand)::int from supplier_offers where tenant_id = $1) as units,
          (select sum(price_minor)::int from variants where tenant_id = $1) as price`,
        [tenantId],
      )
      expect(found).toEqual(wanted)
      expect(file.notes.join()).toContain(`${wanted.variants} variants have no SKU`)
      expect(counts(await importText('shopify-products', bytes ?? ''))).toEqual([rows, 0, rows, 0])
      await movementsAgree()
    })
  }
})
