// The layout of the "Online Retail" order lines (InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice,
// CustomerID, Country) → a catalogue and what buyers do: orders and cancellations. Every row of the file has exactly one
// outcome, so the figures at the end can be held against the file, row by row and penny by penny.
//
// Decided here, since the file does not say:
// - A code is a product whatever it stands for: postage and bank charges are sold at their price. Case counts.
// - One invoice is one bundle; each of its sold rows is one order of the bundle. It is placed at the time of its first row.
// - A cancellation (invoice C…) takes units back from what the same customer bought earlier of the same code, newest
//   purchase first. It counts only as a whole: where fewer units were bought than are cancelled, there is nothing to cancel.
// - A price of 0 or below, and a negative quantity outside a cancellation, cannot be an order: refused with the reason.
import { parse } from 'csv-parse/sync'
import { parseMoney } from '../../src/domain/money.ts'

export type RetailLine = { row: number; sku: string; quantity: number; unitPriceMinor: number; title: string }
export type RetailOrder = {
  bundleId: string
  placedAt: string
  country: string
  customer: string | null
  lines: RetailLine[]
}
/** `of`: the purchase rows it takes units from. */
export type RetailCancellation = {
  row: number
  bundleId: string
  at: string
  customer: string
  sku: string
  quantity: number
  of: { row: number; bundleId: string; quantity: number; whole: boolean }[]
}

export type Outcome = 'sold' | 'cancelled against an earlier purchase' | 'nothing to cancel' | 'refused'
/** `line` is the line of the file, the head being line 1; quantity and money are the file's own, cancellations negative. */
export type RowOutcome = { line: number; outcome: Outcome; reason?: string; quantity: number; moneyMinor: number }

export type Retail = {
  currency: 'GBP'
  catalogue: { sku: string; title: string; priceMinor: number | null }[]
  orders: RetailOrder[]
  cancellations: RetailCancellation[]
  rows: RowOutcome[]
}

const columns = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
  'Country',
] as const
const currency = 'GBP'

export function readOnlineRetail(text: string): Retail {
  const table: string[][] = parse(text, { bom: true, relax_column_count: true, skip_empty_lines: true, info: false })
  const head = table[0]?.map((name) => name.trim()) ?? []
  const at = columns.map((name) => head.indexOf(name))
  const missing = columns.filter((_, index) => at[index] === -1)
  if (missing.length > 0)
    throw new Error(
      `The file has no column ${missing.join(', ')}; it is not in the layout of the online retail orders.`,
    )
  const records = table.slice(1).map((cells, index) =>
    readRecord(
      index + 2,
      at.map((position) => (cells[position] ?? '').trim()),
    ),
  )
  const outcomes = new Map<number, RowOutcome>()
  const entries = records.flatMap((record) => {
    if (record.kind === 'entry') return [record]
    outcomes.set(record.line, {
      line: record.line,
      outcome: 'refused',
      reason: record.reason,
      quantity: record.quantity,
      moneyMinor: record.moneyMinor,
    })
    return []
  })
  // In the order of time; rows of the same minute as they stand in the file.
  entries.sort((one, other) => (one.at === other.at ? one.line - other.line : one.at < other.at ? -1 : 1))
  const { orders, cancellations } = play(entries, outcomes)
  return {
    currency,
    catalogue: catalogueOf(records),
    orders,
    cancellations,
    rows: records.flatMap(({ line }) => outcomes.get(line) ?? []),
  }
}

type Entry = {
  kind: 'entry'
  line: number
  invoice: string
  cancels: boolean
  sku: string
  title: string
  quantity: number
  unitPriceMinor: number
  moneyMinor: number
  at: string
  customer: string | null
  country: string
}
type Refused = {
  kind: 'refused'
  line: number
  sku: string
  title: string
  reason: string
  quantity: number
  moneyMinor: number
}

function readRecord(line: number, cells: string[]): Entry | Refused {
  const [
    invoice = '',
    sku = '',
    description = '',
    quantityText = '',
    time = '',
    priceText = '',
    customerText = '',
    country = '',
  ] = cells
  const title = description.replace(/\s+/g, ' ')
  const quantity = /^-?\d{1,9}$/.test(quantityText) ? Number(quantityText) : undefined
  const price = parseMoney(priceText, currency)
  const moneyMinor = (quantity ?? 0) * (price?.minor ?? 0)
  const refuse = (reason: string): Refused => ({
    kind: 'refused',
    line,
    sku,
    title,
    reason,
    quantity: quantity ?? 0,
    moneyMinor,
  })
  const cancels = invoice.toUpperCase().startsWith('C')
  const at = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)$/.exec(time)
  if (invoice === '') return refuse('no invoice number')
  if (sku === '') return refuse('no stock code')
  if (quantity === undefined) return refuse('the quantity is not a whole number')
  if (!price) return refuse('the price is not an amount of pounds and pence')
  if (!at || Number.isNaN(Date.parse(`${at[1]}T${at[2]}Z`))) return refuse('the time cannot be read')
  if (quantity === 0) return refuse('a quantity of 0')
  if (price.minor === 0) return refuse('a price of 0')
  if (price.minor < 0) return refuse('a price below 0')
  if (!cancels && quantity < 0) return refuse('a negative quantity outside a cancellation')
  if (cancels && quantity > 0) return refuse('a cancellation of a positive quantity')
  const customer = customerText.replace(/\.0+$/, '') || null
  return {
    kind: 'entry',
    line,
    invoice,
    cancels,
    sku,
    title,
    quantity,
    unitPriceMinor: price.minor,
    moneyMinor,
    at: `${at[1]}T${at[2]}.000Z`,
    customer,
    country,
  }
}

type Purchase = { line: RetailLine; order: RetailOrder; left: number }

/** Plays the rows in the order of time. */
function play(
  entries: Entry[],
  outcomes: Map<number, RowOutcome>,
): { orders: RetailOrder[]; cancellations: RetailCancellation[] } {
  const orders = new Map<string, RetailOrder>()
  const cancellations: RetailCancellation[] = []
  const bought = new Map<string, Purchase[]>()
  for (const entry of entries) {
    const key = JSON.stringify([entry.customer, entry.sku])
    const figures = { line: entry.line, quantity: entry.quantity, moneyMinor: entry.moneyMinor }
    if (entry.cancels) {
      const of = entry.customer === null ? undefined : takeBack(bought.get(key) ?? [], entry)
      if (of && entry.customer !== null) {
        cancellations.push({
          row: entry.line,
          bundleId: entry.invoice,
          at: entry.at,
          customer: entry.customer,
          sku: entry.sku,
          quantity: -entry.quantity,
          of,
        })
        outcomes.set(entry.line, { ...figures, outcome: 'cancelled against an earlier purchase' })
      } else
        outcomes.set(entry.line, {
          ...figures,
          outcome: 'nothing to cancel',
          reason: whyNothing(entry, bought.get(key)),
        })
      continue
    }
    const order = orders.get(entry.invoice) ?? {
      bundleId: entry.invoice,
      placedAt: entry.at,
      country: entry.country,
      customer: entry.customer,
      lines: [],
    }
    orders.set(entry.invoice, order)
    const line = {
      row: entry.line,
      sku: entry.sku,
      quantity: entry.quantity,
      unitPriceMinor: entry.unitPriceMinor,
      title: entry.title,
    }
    order.lines.push(line)
    bought.set(key, [...(bought.get(key) ?? []), { line, order, left: entry.quantity }])
    outcomes.set(entry.line, { ...figures, outcome: 'sold' })
  }
  return { orders: [...orders.values()], cancellations }
}

function takeBack(purchases: Purchase[], entry: Entry): RetailCancellation['of'] | undefined {
  const earlier = purchases.filter((purchase) => purchase.left > 0 && purchase.order.placedAt < entry.at).toReversed()
  let wanted = -entry.quantity
  if (earlier.reduce((sum, purchase) => sum + purchase.left, 0) < wanted) return undefined
  const of: RetailCancellation['of'] = []
  for (const purchase of earlier) {
    const quantity = Math.min(wanted, purchase.left)
    if (quantity === 0) break
    purchase.left -= quantity
    wanted -= quantity
    of.push({ row: purchase.line.row, bundleId: purchase.order.bundleId, quantity, whole: purchase.left === 0 })
  }
  return of
}

function whyNothing(entry: Entry, purchases: Purchase[] = []): string {
  if (entry.customer === null) return 'the row names no customer'
  const left = purchases.reduce((sum, purchase) => sum + purchase.left, 0)
  if (left === 0) return 'this customer bought none of it earlier in the file'
  return `only ${left} of ${-entry.quantity} units were bought earlier in the file`
}

/** Every code of the file, refused rows included: its first description that is not blank, its latest selling price. */
function catalogueOf(records: (Entry | Refused)[]): Retail['catalogue'] {
  const bySku = new Map<string, { sku: string; title: string; priceMinor: number | null }>()
  for (const record of records) {
    if (record.sku === '') continue
    const product = bySku.get(record.sku) ?? { sku: record.sku, title: '', priceMinor: null }
    bySku.set(record.sku, product)
    product.title ||= record.title
    if (record.kind === 'entry' && !record.cancels) product.priceMinor = record.unitPriceMinor
  }
  for (const product of bySku.values()) product.title ||= product.sku
  return [...bySku.values()]
}

// Reconciling ------------------------------------------------------------------------------------------------------

export type Tally = { rows: number; units: number; moneyMinor: number }

export type Reconciliation = {
  read: Tally
  outcomes: Record<Outcome, Tally>
  refusedBecause: Record<string, number>
  /** What the orders and cancellations themselves add up to, to be held against the rows. */
  orders: Tally & { bundles: number }
  cancellations: Tally
  differences: string[]
}

/** Adds up what was made of the file and compares it with the file's own text, read a second time in the plainest way. */
export function reconcile(retail: Retail, text: string): Reconciliation {
  const outcomes: Record<Outcome, Tally> = {
    sold: none(),
    'cancelled against an earlier purchase': none(),
    'nothing to cancel': none(),
    refused: none(),
  }
  const refusedBecause: Record<string, number> = {}
  for (const row of retail.rows) {
    add(outcomes[row.outcome], row.quantity, row.moneyMinor)
    if (row.outcome === 'refused') refusedBecause[row.reason ?? ''] = (refusedBecause[row.reason ?? ''] ?? 0) + 1
  }
  const orders = { ...none(), bundles: retail.orders.length }
  for (const line of retail.orders.flatMap((order) => order.lines))
    add(orders, line.quantity, line.quantity * line.unitPriceMinor)
  const cancellations = none()
  const priceOf = new Map(
    retail.orders.flatMap((order) => order.lines.map((line) => [line.row, line.unitPriceMinor] as const)),
  )
  for (const { of } of retail.cancellations) {
    cancellations.rows += 1
    for (const part of of) {
      cancellations.units -= part.quantity
      cancellations.moneyMinor -= part.quantity * (priceOf.get(part.row) ?? 0)
    }
  }
  const read = readPlainly(text)
  const differences: string[] = []
  const same = (what: string, one: Tally, other: Tally) => {
    for (const key of ['rows', 'units', 'moneyMinor'] as const)
      if (one[key] !== other[key]) differences.push(`${what}: ${key} ${one[key]} against ${other[key]}`)
  }
  const sum = none()
  for (const tally of Object.values(outcomes)) {
    sum.rows += tally.rows
    sum.units += tally.units
    sum.moneyMinor += tally.moneyMinor
  }
  same('file against outcomes', read, sum)
  same('rows sold against orders', outcomes.sold, orders)
  same('rows cancelled against cancellations', outcomes['cancelled against an earlier purchase'], cancellations)
  if (new Set(retail.rows.map((row) => row.line)).size !== read.rows)
    differences.push('a row has no outcome, or more than one')
  return { read, outcomes, refusedBecause, orders, cancellations, differences }
}

function none(): Tally {
  return { rows: 0, units: 0, moneyMinor: 0 }
}

function add(tally: Tally, units: number, moneyMinor: number): void {
  tally.rows += 1
  tally.units += units
  tally.moneyMinor += moneyMinor
}

function readPlainly(text: string): Tally {
  const tally = none()
  const table: Record<string, string>[] = parse(text, {
    bom: true,
    columns: true,
    relax_column_count: true,
    skip_empty_lines: true,
  })
  for (const row of table) {
    const [pounds = '0', pence = ''] = (row.UnitPrice ?? '0').split('.')
    const price = BigInt(pounds) * 100n + BigInt(pence.padEnd(2, '0').slice(0, 2))
    const units = BigInt(row.Quantity ?? '0')
    add(tally, Number(units), Number(units * price))
  }
  return tally
}

export function reconciliationText(found: Reconciliation): string {
  const line = (what: string, tally: Tally) =>
    `${what.padEnd(40)}${String(tally.rows).padStart(8)} rows${String(tally.units).padStart(12)} units${(tally.moneyMinor / 100).toFixed(2).padStart(16)} GBP`
  return [
    line('read', found.read),
    ...Object.entries(found.outcomes).map(([outcome, tally]) => line(outcome, tally)),
    ...Object.entries(found.refusedBecause).map(([reason, rows]) => `    refused: ${reason}: ${rows}`),
    line(`orders placed (${found.orders.bundles} bundles)`, found.orders),
    line('units taken back by cancellations', found.cancellations),
    ...(found.differences.length === 0
      ? ['Everything adds up.']
      : found.differences.map((difference) => `DIFFERENCE ${difference}`)),
  ].join('\n')
}
