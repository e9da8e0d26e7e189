import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { product, supplierRow } from '../../api/contract.ts'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { addSupplier } from './add-supplier.command.ts'
import { listProducts, loadProduct } from './catalog-views.store.ts'
import { changeSupplier } from './change-supplier.command.ts'
import { ensureOwnStockSupplier } from './own-stock.store.ts'
import { planProducts } from './plan-products.ts'
import { savePlan } from './products.store.ts'
import { listOffers, listSuppliers, loadSupplier } from './supplier-views.store.ts'
import type { FileProduct } from './shopify-products.ts'
import { setOnHand } from '../stock/offers.store.ts'

let database: TestDatabase
let tenantId: string
beforeAll(async () => {
  database = await createTestDatabase()
  database.db.attachQueue({ send: async () => {} })
})
afterAll(() => database.dispose())
beforeEach(async () => {
  tenantId = await database.addTenant()
})

const variant = (sku: string, onHand: number | null, priceMinor = 1000) => ({
  line: 2,
  sku,
  skuDerived: false,
  title: '',
  options: {},
  barcode: null,
  priceMinor,
  costMinor: 250,
  onHand,
  weightGrams: null,
  imageUrl: null,
  vatRateBasisPoints: null,
  lengthMm: null,
  widthMm: null,
  heightMm: null,
})

async function addProduct(title: string, variants: FileProduct['variants']): Promise<void> {
  const file: FileProduct = {
    handle: title.toLowerCase().replaceAll(' ', '-'),
    imageLines: [],
    title,
    description: '',
    brand: 'Maker',
    productType: '',
    category: '',
    tags: [],
    images: [{ line: 2, url: 'https://img.example/1.jpg', alt: '', position: 1 }],
    variants,
  }
  await database.db.tenant(tenantId).transaction(async (tx) => {
    const own = await ensureOwnStockSupplier(tx)
    const plan = planProducts(
      [file],
      { products: [], variants: [], images: [], offers: [] },
      { newId: tx.ids.uuid, hasStock: true },
    )
    await savePlan(tx, plan, { supplierId: own.id, offerCurrency: 'GBP', priceCurrency: 'GBP' })
    await setOnHand(
      tx,
      plan.onHand.map((change) => ({ ...change, reason: 'file', reference: null, actor: 'test' })),
    )
  })
}

describe('G1: products on screen', () => {
  test('a list page goes on where the last one ended, and its figures add up', async () => {
    for (const title of ['Drum', 'Amp', 'Cable'])
      await addProduct(title, [variant(`${title}-1`, 2, 500), variant(`${title}-2`, null, 900)])
    const first = await database.db.read(tenantId, (tx) => listProducts(tx, { limit: 2 }))
    expect(first.rows.map((row) => row.title)).toEqual(['Amp', 'Cable'])
    expect(first.count).toEqual({ value: 3, more: false })
    expect(first.rows[0]).toMatchObject({
      variants: 2,
      available: 2,
      priceFrom: { minor: 500, currency: 'GBP' },
      priceTo: { minor: 900, currency: 'GBP' },
      listings: 0,
      imageUrl: 'https://img.example/1.jpg',
    })
    const second = await database.db.read(tenantId, (tx) => listProducts(tx, { limit: 2, cursor: first.next ?? '' }))
    expect(second.rows.map((row) => row.title)).toEqual(['Drum'])
    expect(second.next).toBeNull()
  })

  test('search finds parts of a SKU or title, wildcards taken literally', async () => {
    await addProduct('Blue 50% wool', [variant('WOOL-50', 1)])
    await addProduct('Blue 500 wool', [variant('WOOL-500', 1)])
    const titles = async (search: string) =>
      (await database.db.read(tenantId, (tx) => listProducts(tx, { search, limit: 10 }))).rows.map((row) => row.title)
    expect(await titles('50%')).toEqual(['Blue 50% wool'])
    expect(await titles('l-500 BLUE')).toEqual(['Blue 500 wool'])
    expect(await titles('nothing')).toEqual([])
  })

  test('one product has its variants with offers; unknown stock is not 0', async () => {
    await addProduct('Drum', [variant('D-1', 0), variant('D-2', null)])
    const [row] = (await database.db.read(tenantId, (tx) => listProducts(tx, { limit: 1 }))).rows
    const found = await database.db.read(tenantId, (tx) => loadProduct(tx, row?.id ?? ''))
    expect(
      found?.variants.map((one) => [one.sku, one.available, one.offers[0]?.onHand, one.offers[0]?.costExVat?.minor]),
    ).toEqual([
      ['D-1', 0, 0, 250],
      ['D-2', null, null, 250],
    ])
    expect(product.safeParse(JSON.parse(JSON.stringify(found))).error).toBeUndefined()
  })
})

describe('G2: suppliers', () => {
  const supplier = { name: 'North', currency: 'GBP', preference: 10, leadTimeDays: null, actor: 'test' }

  test('a name is taken once, whatever its case; own stock is built in and asked first', async () => {
    await addProduct('Drum', [variant('D-1', 4)])
    const added = await addSupplier(database.db, tenantId, supplier)
    expect(await addSupplier(database.db, tenantId, { ...supplier, name: ' NORTH ' })).toMatchObject({
      kind: 'refused',
      fields: { name: expect.stringContaining('NORTH') as string },
    })
    const rows = await database.db.read(tenantId, listSuppliers)
    expect(rows.map((row) => [row.name, row.ownStock, row.offers])).toEqual([
      ['Own stock', true, 1],
      ['North', false, 0],
    ])
    expect(supplierRow.safeParse(rows[0]).error).toBeUndefined()
    const id = added.kind === 'added' ? added.id : ''
    expect(
      await changeSupplier(database.db, tenantId, { supplierId: id, name: 'own STOCK', actor: 'test' }),
    ).toMatchObject({ reason: 'invalid' })
    expect(
      await changeSupplier(database.db, tenantId, { supplierId: id, name: 'north', leadTimeDays: 3, actor: 'test' }),
    ).toEqual({ kind: 'changed' })
    expect(await database.db.read(tenantId, (tx) => loadSupplier(tx, id))).toMatchObject({
      name: 'north',
      leadTimeDays: 3,
      preference: 10,
      active: true,
    })
  })

  test('switching a supplier off marks what he offers, and his stock counts no more', async () => {
    await addProduct('Drum', [variant('D-1', 4)])
    const [own] = await database.db.read(tenantId, listSuppliers)
    await database.asOwner('delete from stock_marks where tenant_id = $1', [tenantId])
    await changeSupplier(database.db, tenantId, { supplierId: own?.id ?? '', active: false, actor: 'test' })
    expect(await database.asOwner('select 1 from stock_marks where tenant_id = $1', [tenantId])).toHaveLength(1)
    expect((await database.db.read(tenantId, (tx) => listProducts(tx, { limit: 1 }))).rows[0]?.available).toBeNull()
  })

  test('offers of a supplier are found by our SKU and paged', async () => {
    await addProduct('Drum', [variant('D-1', 4), variant('D-2', 5), variant('E-1', 6)])
    const [own] = await database.db.read(tenantId, listSuppliers)
    const page = (cursor?: string) =>
      database.db.read(tenantId, (tx) => listOffers(tx, { supplierId: own?.id ?? '', search: 'd-', limit: 1, cursor }))
    const first = await page()
    expect(first.rows.map((row) => row.sku)).toEqual(['D-1'])
    expect(first.count.value).toBe(2)
    expect((await page(first.next ?? '')).rows.map((row) => row.sku)).toEqual(['D-2'])
  })
})
