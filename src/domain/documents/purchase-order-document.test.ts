import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { purchaseOrderCsv, purchaseOrderPdf, type PurchaseOrderDocument } from './purchase-order-document.ts'

const order: PurchaseOrderDocument = {
  number: 'PO-000001',
  revision: 1,
  createdAt: new Date('2026-03-02T12:00:00Z'),
  isCancelled: false,
  businessName: 'A seller',
  supplier: { name: 'North', postalAddress: '1 Dock Road\nHull' },
  packingReference: 'R-77',
  shippingService: 'Tracked',
  carrier: null,
  shipTo: {
    name: 'Żółć Ünal',
    street: '1 Test Street',
    extended: '',
    city: 'Leeds',
    region: '',
    postalCode: 'LS1 1AA',
    countryCode: 'GB',
    phone: '',
  },
  currency: 'GBP',
  lines: [{ supplierSku: 'S-1', title: 'Strap', quantity: 2, costMinor: 525 }],
  goodsMinor: 1050,
  shippingMinor: 300,
  vatMinor: 270,
}

test('D5: the CSV has a row a line, with what the parcel needs and the supplier’s cost', () => {
  const [row] = parse(purchaseOrderCsv(order), { columns: true, bom: true }) as Record<string, string>[]
  expect(row).toMatchObject({
    'Purchase order': 'PO-000001',
    'Packing reference': 'R-77',
    'Supplier SKU': 'S-1',
    Name: 'Żółć Ünal',
    Quantity: '2',
    'Cost ex VAT': '5.25',
  })
})

test('X7: whatever a title or an address says, no cell begins like a formula', () => {
  const nasty = fc
    .tuple(fc.constantFrom('=', '+', '-', '@', '\t', '\r', ''), fc.string())
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(nasty, nasty, (title, name) => {
      const csv = purchaseOrderCsv({
        ...order,
        shipTo: { ...(order.shipTo as NonNullable<PurchaseOrderDocument['shipTo']>), name },
        lines: [{ supplierSku: title, title, quantity: 1, costMinor: 1 }],
      })
      const cells = (parse(csv, { bom: true }) as string[][]).flat()
      expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([])
    }),
  )
})

test('X7: a PDF comes of any text, and reaches for nothing outside it', async () => {
  for (const title of ['x'.repeat(2000), '<script>', '{"image":"/etc/passwd"}', '\u202Etxt.exe\u0000', '你好']) {
    const pdf = await purchaseOrderPdf({ ...order, lines: [{ supplierSku: title, title, quantity: 1, costMinor: 1 }] })
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    expect(pdf.includes('/URI')).toBe(false)
  }
})

test('D5: a purchase order of 593 lines goes onto as many pages as it takes', async () => {
  const lines = Array.from({ length: 593 }, (_, index) => ({
    supplierSku: `S-${index}`,
    title: `Line ${index}`,
    quantity: 1,
    costMinor: 100,
  }))
  const pdf = await purchaseOrderPdf({ ...order, lines })
  expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length).toBeGreaterThan(10)
})
