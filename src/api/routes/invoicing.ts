import { createHash } from 'node:crypto'
import {
  figure,
  invoiceCsv as csvOf,
  invoicePdf as pdfOf,
  invoiceXlsx as xlsxOf,
} from '../../domain/documents/invoice-document.ts'
import { xlsxFile, type SheetCell } from '../../domain/documents/spreadsheet.ts'
import type { InvoiceFilter, InvoiceRow, InvoiceView } from '../../domain/invoicing/invoice-shapes.ts'
import {
  listInvoices,
  loadInvoice,
  readOwed,
  readParties,
  readTermsAndCredit,
} from '../../domain/invoicing/invoice-views.store.ts'
import {
  payInvoice as payOne,
  paySupplier as payAll,
  type NewPayment,
  type PaymentResult,
} from '../../domain/invoicing/record-payment.command.ts'
import { moneyText, type Money } from '../../domain/money.ts'
import type { Database, Tx } from '../../platform/database.ts'
import { csvText } from '../csv.ts'
import type { Asked, Handler, Handlers } from '../handler.ts'
import { badFields, notFound, Refused } from '../refusals.ts'
import type { RouteParts } from './route-parts.ts'

/** Invoices, payments, and what suppliers are owed (D8). */
export function invoicingRoutes({ parts }: RouteParts) {
  const { db, ids, clock } = parts

  const invoices: Handler<'invoices'> = ({ session, query }) =>
    db.read(session.tenantId, (tx) => {
      const { cursor, limit, ...filter } = query
      return listInvoices(tx, filter, { cursor, limit })
    })

  const invoicesOwed: Handler<'invoicesOwed'> = ({ session, query }) =>
    db.read(session.tenantId, (tx) => readOwed(tx, query.supplierId))

  const invoicesCsv: Handler<'invoicesCsv'> = async ({ session, query }) => ({
    fileName: 'invoices.csv',
    content: listTexts(db, session.tenantId, query),
  })

  const invoicesXlsx: Handler<'invoicesXlsx'> = async ({ session, query }) => {
    const rows: SheetCell[][] = []
    for await (const page of pagesOf(db, session.tenantId, query)) {
      if (rows.length + page.length > sheetRowsMax)
        throw new Refused(413, 'too-many', 'These are too many for one workbook. Choose fewer days, or take the CSV.')
      rows.push(...page.map((row) => cellsOf(row, figure)))
    }
    return { fileName: 'invoices.xlsx', type: xlsxType, content: xlsxFile('Invoices', listColumns, rows) }
  }

  const invoice: Handler<'invoice'> = ({ session, params }) =>
    db.read(session.tenantId, async (tx) => invoiceAnswer(await found(tx, params.id)))

  const invoicePdf: Handler<'invoicePdf'> = async ({ session, params }) => {
    const document = await db.read(session.tenantId, async (tx) => {
      const view = await found(tx, params.id)
      return { ...view, parties: await readParties(tx, view.supplierId) }
    })
    const content = await pdfOf({ ...document, createdAt: clock.now() })
    return { fileName: `${nameOf(document)}.pdf`, type: 'application/pdf', content }
  }

  const invoiceCsv: Handler<'invoiceCsv'> = async ({ session, params }) => {
    const view = await db.read(session.tenantId, (tx) => found(tx, params.id))
    return { fileName: `${nameOf(view)}.csv`, type: 'text/csv; charset=utf-8', content: Buffer.from(csvOf(view)) }
  }

  const invoiceXlsx: Handler<'invoiceXlsx'> = async ({ session, params }) => {
    const view = await db.read(session.tenantId, (tx) => found(tx, params.id))
    return { fileName: `${nameOf(view)}.xlsx`, type: xlsxType, content: xlsxOf(view) }
  }

  const wishOf = ({
    body,
    request,
    session,
  }: Pick<Asked<'payInvoice'>, 'body' | 'request' | 'session'>): NewPayment => {
    const { amount, id, ...rest } = body
    const key = request.headers['idempotency-key']
    return {
      ...rest,
      id: typeof key === 'string' && key !== '' ? idOfKey(session.tenantId, key) : (id ?? ids.uuid()),
      amountMinor: amount.minor,
      currency: amount.currency,
      actor: session.name,
    }
  }

  const payInvoice: Handler<'payInvoice'> = async (asked) => {
    const { session, params } = asked
    const wish = wishOf(asked)
    refuse(await db.tenant(session.tenantId).transaction((tx) => payOne(tx, params.id, wish)))
    return db.read(session.tenantId, async (tx) => invoiceAnswer(await found(tx, params.id)))
  }

  const balance = (tenantId: string, supplierId: string) =>
    db.read(tenantId, async (tx) => {
      const terms = await readTermsAndCredit(tx, supplierId)
      if (!terms) throw notFound()
      return { ...terms, owed: await readOwed(tx, supplierId) }
    })
  const supplierBalance: Handler<'supplierBalance'> = ({ session, params }) => balance(session.tenantId, params.id)

  const paySupplier: Handler<'paySupplier'> = async (asked) => {
    const { session, params } = asked
    const wish = wishOf(asked)
    refuse(await db.tenant(session.tenantId).transaction((tx) => payAll(tx, params.id, wish)))
    return balance(session.tenantId, params.id)
  }

  return {
    invoices,
    invoicesOwed,
    invoicesCsv,
    invoicesXlsx,
    invoice,
    invoicePdf,
    invoiceCsv,
    invoiceXlsx,
    payInvoice,
    supplierBalance,
    paySupplier,
  } satisfies Partial<Handlers>
}

const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const sheetRowsMax = 100_000
const pageRows = 1_000

async function found(tx: Tx, id: string): Promise<InvoiceView> {
  const view = await loadInvoice(tx, id)
  if (!view) throw notFound()
  return view
}

function invoiceAnswer(view: InvoiceView) {
  return { ...view, ledger: view.ledger.map((entry) => ({ ...entry, at: entry.at.toISOString() })) }
}

function nameOf(view: InvoiceView): string {
  return view.number ?? `draft-${view.forDay ?? view.id}`
}

/** What a program calls one payment, as an id: the same key gives the same one. */
function idOfKey(tenantId: string, key: string): string {
  const hex = createHash('sha256').update(`payment\n${tenantId}\n${key}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function refuse(result: PaymentResult): void {
  if (result.kind === 'refused') throw refusals[result.reason]()
}

type PaymentRefusal = Extract<PaymentResult, { kind: 'refused' }>['reason']

const refusals: Record<PaymentRefusal, () => Refused> = {
  'not-found': notFound,
  draft: () => new Refused(409, 'draft', 'This invoice still collects; it can be paid when it is issued.'),
  'wrong-currency': () => badFields({ amount: 'Enter the amount in the currency of the invoice.' }),
  'more-than-owed': () => badFields({ amount: 'This is more than is owed. Say so if it is what was paid.' }),
  'more-than-paid': () => badFields({ amount: 'No more can be taken back than was paid.' }),
  'nothing-owed': () => new Refused(409, 'nothing-owed', 'Nothing is owed to this supplier in this currency.'),
  'id-taken': () => new Refused(409, 'id-taken', 'A payment of this id was recorded elsewhere.'),
}

const listColumns = [
  'Number',
  'Kind',
  'State',
  'Supplier',
  'Issued',
  'Due',
  'Overdue',
  'Total',
  'Paid',
  'Credited',
  'Still to be paid',
  'Currency',
]

function cellsOf<Figure>(row: InvoiceRow, figureOf: (money: Money) => Figure): (string | Figure)[] {
  return [
    row.number ?? '',
    row.kind,
    row.state,
    row.supplierName,
    row.issuedOn ?? '',
    row.dueOn ?? '',
    row.isOverdue ? 'yes' : 'no',
    figureOf(row.total),
    figureOf(row.paid),
    figureOf(row.credited),
    figureOf(row.open),
    row.total.currency,
  ]
}

async function* pagesOf(db: Database, tenantId: string, filter: InvoiceFilter): AsyncGenerator<InvoiceRow[]> {
  let cursor: string | undefined
  do {
    const after = cursor
    const page = await db.read(tenantId, (tx) => listInvoices(tx, filter, { cursor: after, limit: pageRows }))
    yield page.rows
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
}

async function* listTexts(db: Database, tenantId: string, filter: InvoiceFilter): AsyncGenerator<string> {
  let isFirst = true
  for await (const rows of pagesOf(db, tenantId, filter)) {
    yield csvText(
      rows.map((row) => cellsOf(row, moneyText)),
      isFirst ? listColumns : undefined,
    )
    isFirst = false
  }
}
