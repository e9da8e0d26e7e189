import { describe, expect, test } from 'vitest'
import { readOnlineRetail, reconcile, reconciliationText } from './online-retail.ts'
import { sharedData } from './shared-data.ts'

const head = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'
const file = (...rows: string[]) => [head, ...rows].join('\n')
const outcomes = (text: string) =>
  readOnlineRetail(text).rows.map((row) => (row.reason ? `${row.outcome}: ${row.reason}` : row.outcome))

describe('order lines of a wholesaler', () => {
  test('an invoice is a bundle, its rows are orders, and codes that differ in case are two products', () => {
    const retail = readOnlineRetail(
      file(
        '1,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850.0,France',
        '1,85123a,HEART,2,2010-12-01 08:26:00,5.1,17850.0,France',
        '2,POST,POSTAGE,1,2010-12-01 09:00:00,18.0,,France',
      ),
    )
    expect(retail.orders).toEqual([
      {
        bundleId: '1',
        placedAt: '2010-12-01T08:26:00.000Z',
        country: 'France',
        customer: '17850',
        lines: [
          { row: 2, sku: '85123A', quantity: 6, unitPriceMinor: 255, title: 'HEART' },
          { row: 3, sku: '85123a', quantity: 2, unitPriceMinor: 510, title: 'HEART' },
        ],
      },
      {
        bundleId: '2',
        placedAt: '2010-12-01T09:00:00.000Z',
        country: 'France',
        customer: null,
        lines: [{ row: 4, sku: 'POST', quantity: 1, unitPriceMinor: 1800, title: 'POSTAGE' }],
      },
    ])
    expect(retail.catalogue.map((product) => [product.sku, product.priceMinor])).toEqual([
      ['85123A', 255],
      ['85123a', 510],
      ['POST', 1800],
    ])
  })

  test('a cancellation takes units back from earlier purchases of the same customer, newest first', () => {
    const text = file(
      '1,A,THING,3,2010-12-01 08:00:00,1.00,7.0,UK',
      '2,A,THING,2,2010-12-01 09:00:00,1.00,7.0,UK',
      'C3,A,THING,-4,2010-12-01 10:00:00,1.00,7.0,UK',
      'C4,A,THING,-2,2010-12-01 11:00:00,1.00,7.0,UK',
      'C5,A,THING,-1,2010-12-01 12:00:00,1.00,8.0,UK',
      'C6,a,THING,-1,2010-12-01 12:00:00,1.00,7.0,UK',
      'C7,B,LATER,-1,2010-12-01 12:00:00,1.00,7.0,UK',
      '8,B,LATER,1,2010-12-01 13:00:00,1.00,7.0,UK',
    )
    const retail = readOnlineRetail(text)
    expect(retail.cancellations).toMatchObject([
      {
        row: 4,
        quantity: 4,
        of: [
          { row: 3, quantity: 2, whole: true },
          { row: 2, quantity: 2, whole: false },
        ],
      },
    ])
    expect(outcomes(text).slice(2, 7)).toEqual([
      'cancelled against an earlier purchase',
      'nothing to cancel: only 1 of 2 units were bought earlier in the file',
      'nothing to cancel: this customer bought none of it earlier in the file',
      'nothing to cancel: this customer bought none of it earlier in the file',
      'nothing to cancel: this customer bought none of it earlier in the file',
    ])
    expect(reconcile(retail, text).differences).toEqual([])
  })

  test('what cannot be an order is refused with its reason, and its code still becomes a product', () => {
    const text = file(
      '1,Z,,1,2010-12-01 08:00:00,0.0,,UK',
      '2,Y,LOST,-5,2010-12-01 08:00:00,1.00,,UK',
      '3,X,FINE PRICE,1,2010-12-01 08:00:00,1.005,,UK',
      '4,W,HALF,1.5,2010-12-01 08:00:00,1.00,,UK',
      '5,V,WHEN,1,yesterday,1.00,,UK',
      '6,,NAMELESS,1,2010-12-01 08:00:00,1.00,,UK',
    )
    expect(outcomes(text)).toEqual([
      'refused: a price of 0',
      'refused: a negative quantity outside a cancellation',
      'refused: the price is not an amount of pounds and pence',
      'refused: the quantity is not a whole number',
      'refused: the time cannot be read',
      'refused: no stock code',
    ])
    expect(readOnlineRetail(text).catalogue.map((product) => [product.sku, product.title])).toEqual([
      ['Z', 'Z'],
      ['Y', 'LOST'],
      ['X', 'FINE PRICE'],
      ['W', 'HALF'],
      ['V', 'WHEN'],
    ])
  })

  test('a difference between file and outcomes is found', () => {
    const text = file('1,A,THING,3,2010-12-01 08:00:00,1.00,7.0,UK', '1,B,THING,3,2010-12-01 08:00:00,1.00,7.0,UK')
    const retail = readOnlineRetail(text)
    expect(reconcile({ ...retail, rows: retail.rows.slice(1) }, text).differences).not.toEqual([])
    expect(reconcile({ ...retail, orders: [] }, text).differences).not.toEqual([])
  })

  test('a file in another layout is refused', () => {
    expect(() => readOnlineRetail('a,b\n1,2\n')).toThrow('InvoiceNo')
  })
})

const real = sharedData('online-retail-dec-2010.csv')

// The figures below were counted in the file with another program in another language.
test.runIf(real)('the real file reconciles row by row and to the penny', () => {
  const text = real?.toString('utf8') ?? ''
  const retail = readOnlineRetail(text)
  const found = reconcile(retail, text)
  console.log(reconciliationText(found))
  expect(found.differences).toEqual([])
  expect(found.read).toEqual({ rows: 7003, units: 60_755, moneyMinor: 14_512_322 })
  expect(found.outcomes).toEqual({
    sold: { rows: 6906, units: 71_386, moneyMinor: 14_823_720 },
    'cancelled against an earlier purchase': { rows: 6, units: -15, moneyMinor: -6050 },
    'nothing to cancel': { rows: 77, units: -10_710, moneyMinor: -305_348 },
    refused: { rows: 14, units: 94, moneyMinor: 0 },
  })
  expect(found.orders.bundles).toBe(318)
  expect(retail.catalogue).toHaveLength(1806)
  expect(retail.cancellations.map((cancellation) => cancellation.row)).toEqual([941, 3921, 4290, 4941, 4942, 6784])
  expect(new Set(retail.catalogue.map((product) => product.sku.toUpperCase())).size).toBe(1781)
})
