// An invoice or credit note as a document: the supplier's claim on the business. Nothing of the buyer stands on it.
import type { InvoiceParties, InvoiceView } from '../invoicing/invoice-shapes.ts'
import { moneyText, type Money } from '../money.ts'
import { csvFile } from './csv.ts'
import { besideEachOther, pdfOf, tableOf, totalsOf } from './pdf.ts'
import { xlsxFile, type SheetCell } from './spreadsheet.ts'

export type InvoiceDocument = InvoiceView & { parties: InvoiceParties; createdAt: Date }

export function invoicePdf(invoice: InvoiceDocument): Promise<Buffer> {
  const { parties, kind } = invoice
  const vatNumber = parties.vatNumber === null || parties.vatNumber === '' ? [] : [`VAT number ${parties.vatNumber}`]
  const isInvoice = kind === 'invoice' && invoice.number !== null
  return pdfOf({
    title: titleOf(invoice),
    marks: [
      ...(invoice.issuedOn === null ? ['Not issued yet'] : [`Issued ${invoice.issuedOn}`]),
      ...(invoice.dueOn === null ? [] : [`Due ${invoice.dueOn}`]),
      ...(invoice.creditsNumber === null ? [] : [`Credits ${invoice.creditsNumber}`]),
    ],
    createdAt: invoice.createdAt,
    content: [
      besideEachOther([
        { head: 'From', lines: [parties.supplierName, ...parties.postalAddress.split('\n'), ...vatNumber] },
        { head: 'To', lines: [parties.businessName] },
      ]),
      tableOf(
        [
          { head: 'Purchase order', width: 70 },
          { head: 'Description', width: '*' },
          { head: 'Quantity', width: 46, right: true },
          { head: 'Each ex VAT', width: 60, right: true },
          { head: 'Net', width: 60, right: true },
          { head: 'VAT', width: 40, right: true },
          { head: 'VAT amount', width: 60, right: true },
        ],
        invoice.lines.map((line) => [
          line.purchaseOrderNumber,
          line.text,
          String(line.quantity),
          moneyText(line.unit),
          moneyText(line.net),
          rateText(line.vatRateBasisPoints),
          moneyText(line.vat),
        ]),
      ),
      totalsOf([
        ['Goods ex VAT', withCurrency(invoice.goods)],
        ['Shipping ex VAT', withCurrency(invoice.shipping)],
        ['VAT', withCurrency(invoice.vat)],
        ['Total', withCurrency(invoice.total)],
      ]),
      ...(isInvoice && (invoice.paid.minor !== 0 || invoice.credited.minor !== 0)
        ? [
            totalsOf([
              ['Credited', withCurrency(invoice.credited)],
              ['Paid', withCurrency(invoice.paid)],
              ['Still to be paid', withCurrency(invoice.open)],
            ]),
          ]
        : []),
    ],
  })
}

const columns = [
  'Document',
  'Purchase order',
  'Description',
  'Quantity',
  'Each ex VAT',
  'Net',
  'VAT rate',
  'VAT amount',
  'Currency',
]

export function invoiceCsv(invoice: InvoiceView): string {
  return csvFile(
    columns,
    invoice.lines.map((line) => [
      invoice.number ?? 'Draft',
      line.purchaseOrderNumber,
      line.text,
      String(line.quantity),
      moneyText(line.unit),
      moneyText(line.net),
      rateText(line.vatRateBasisPoints),
      moneyText(line.vat),
      invoice.total.currency,
    ]),
  )
}

export function invoiceXlsx(invoice: InvoiceView): Buffer {
  return xlsxFile(
    titleOf(invoice),
    columns,
    invoice.lines.map((line) => [
      invoice.number ?? 'Draft',
      line.purchaseOrderNumber,
      line.text,
      line.quantity,
      figure(line.unit),
      figure(line.net),
      rateText(line.vatRateBasisPoints),
      figure(line.vat),
      invoice.total.currency,
    ]),
  )
}

/** As a spreadsheet counts: it knows no minor units. */
export function figure(money: Money): SheetCell {
  return Number(moneyText(money))
}

function titleOf({ kind, number }: InvoiceView): string {
  if (kind === 'credit-note') return `Credit note ${number ?? ''}`
  return number === null ? 'Invoice (draft)' : `Invoice ${number}`
}

function rateText(basisPoints: number): string {
  return `${basisPoints / 100}%`
}

function withCurrency(money: Money): string {
  return `${money.currency} ${moneyText(money)}`
}
