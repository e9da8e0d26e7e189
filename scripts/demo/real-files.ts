// The demo with a seller's real files: a product file becomes catalogue and listings, a file of order lines becomes what
// buyers order and cancel. At the end every row of the order file is held against what the hub made of it.
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { readOnlineRetail, reconcile, reconciliationText, type Retail } from '../real-data/online-retail.ts'
import { until, type HubClient } from './hub-client.ts'
import type { SandboxProcess } from './sandbox-process.ts'
import { connectAndMap, importFile, shopifyFile } from './seed.ts'

type Files = { catalogue?: string; orders?: string; currency: string; dataFolder: string }
type Placed = {
  orders: { number: string; sku?: string; quantity: number }[]
  refused: { line: number; reason: string }[]
}
type VariantRow = {
  sku: string
  productTitle: string
  title: string
  available: number | null
  priceIncVat: { minor: number } | null
}

const spareUnits = 10
const ordersAtOnce = 100

export async function runRealFiles(hub: HubClient, sandbox: SandboxProcess, files: Files): Promise<void> {
  const retail = files.orders === undefined ? undefined : readOnlineRetail(readFileSync(files.orders, 'utf8'))
  if (files.catalogue !== undefined) {
    await importFile(
      hub,
      { kind: 'shopify-products' },
      { name: basename(files.catalogue), content: readFileSync(files.catalogue, 'utf8') },
    )
  }
  if (retail) await addUnknownCodes(hub, retail, files.currency)
  await listEverything(hub, sandbox, retail)
  await connectAndMap(hub, sandbox, { name: 'Reverb shop', currency: files.currency })
  if (files.orders !== undefined && retail) await playOrders(hub, sandbox, retail, files)
}

/** Codes of the order file that the catalogue does not have become products, held by one supplier in the figures sold. */
async function addUnknownCodes(hub: HubClient, retail: Retail, currency: string): Promise<void> {
  const known = new Set((await allVariants(hub)).map(({ sku }) => sku))
  const unknown = retail.catalogue.filter(({ sku }) => !known.has(sku))
  const products = unknown.map(({ sku, title, priceMinor }) => ({
    sku,
    title,
    brand: '',
    type: '',
    price: pounds(priceMinor),
    image: '',
  }))
  await importFile(
    hub,
    { kind: 'shopify-products' },
    { name: 'codes-of-the-order-file.csv', content: shopifyFile(products) },
  )
  const { id } = await hub.send<{ id: string }>('POST', '/api/suppliers', {
    name: 'Wholesaler of the order file',
    preference: 10,
    leadTimeDays: 2,
    currency,
  })
  const sold = unitsSold(retail)
  const rows = retail.catalogue.map(({ sku, priceMinor }) => ({
    sku,
    stock: (sold.get(sku) ?? 0) + spareUnits,
    cost: pounds(priceMinor === null ? null : Math.floor(priceMinor / 2)),
  }))
  await importFile(
    hub,
    { kind: 'supplier-stock', supplierId: id },
    { name: 'stock.csv', content: stringify(rows, { header: true }) },
  )
}

async function listEverything(hub: HubClient, sandbox: SandboxProcess, retail: Retail | undefined): Promise<number> {
  const sold = retail ? unitsSold(retail) : new Map<string, number>()
  const lines = (await allVariants(hub))
    .filter(({ priceIncVat }) => priceIncVat !== null)
    .map(({ sku, productTitle, title, available, priceIncVat }) => ({
      sku,
      title: [productTitle, title].filter(Boolean).join(' – '),
      price: (priceIncVat?.minor ?? 0) / 100,
      inventory: Math.max(available ?? 0, (sold.get(sku) ?? 0) + spareUnits),
    }))
  await atSandbox(sandbox, 'listings', lines)
  return lines.length
}

async function playOrders(hub: HubClient, sandbox: SandboxProcess, retail: Retail, files: Files): Promise<void> {
  console.log(`Buyers place ${retail.orders.length} baskets …`)
  const numberOfRow = new Map<number, string>()
  for (let start = 0; start < retail.orders.length; start += ordersAtOnce) {
    const baskets = retail.orders.slice(start, start + ordersAtOnce)
    const placed = await atSandbox<Placed[]>(
      sandbox,
      'orders',
      baskets.map((basket) => ({
        reference: basket.bundleId,
        force: true,
        ...(basket.customer === null ? {} : { buyerNumber: Number(basket.customer) }),
        lines: basket.lines.map(({ sku, quantity, unitPriceMinor }) => ({
          sku,
          quantity,
          unitPrice: unitPriceMinor / 100,
        })),
      })),
    )
    placed.forEach(({ orders }, index) =>
      baskets[index]?.lines.forEach(({ row }, line) => numberOfRow.set(row, orders[line]?.number ?? '')),
    )
  }
  await arrived(hub, numberOfRow.size)
  const cancelled = await playCancellations(sandbox, retail, numberOfRow)
  await until(
    'Hearing of the cancellations',
    1800,
    () => count(hub, '&status=cancelled'),
    (value) => value >= cancelled.size,
  )
  await report(hub, retail, { files, numberOfRow, cancelled })
}

/** A purchase that is taken back whole is cancelled; of the others a share is paid back, as Reverb has no part of an order. */
async function playCancellations(
  sandbox: SandboxProcess,
  retail: Retail,
  numberOfRow: Map<number, string>,
): Promise<Set<string>> {
  const quantityOf = new Map(
    retail.orders.flatMap(({ lines }) => lines.map(({ row, quantity }) => [row, quantity] as const)),
  )
  const back = new Map<number, number>()
  for (const part of retail.cancellations.flatMap(({ of }) => of))
    back.set(part.row, (back.get(part.row) ?? 0) + part.quantity)
  const cancelled = new Set<string>()
  for (const [row, quantity] of back) {
    const number = numberOfRow.get(row) ?? ''
    const whole = quantityOf.get(row) ?? 0
    if (quantity === whole) cancelled.add(number)
    await atSandbox(
      sandbox,
      `orders/${number}/${quantity === whole ? 'cancel' : 'refund'}`,
      quantity === whole ? {} : { share: quantity / whole },
    )
  }
  return cancelled
}

async function report(
  hub: HubClient,
  retail: Retail,
  played: { files: Files; numberOfRow: Map<number, string>; cancelled: Set<string> },
): Promise<void> {
  const text = readFileSync(played.files.orders ?? '', 'utf8')
  console.log(`\n${reconciliationText(reconcile(retail, text))}`)
  const rows = parse(await hub.text('/api/orders.csv'), { columns: true, bom: true }) as Record<string, string>[]
  const differences = differencesWith(rows, retail, played)
  console.log(
    differences.length === 0
      ? `The hub has every one of the ${played.numberOfRow.size} orders with its quantity and price; ${played.cancelled.size} of them cancelled.`
      : `The hub differs in ${differences.length} orders:\n${differences.slice(0, 20).join('\n')}`,
  )
  const path = join(played.files.dataFolder, 'reconciliation.csv')
  const outcomes = retail.rows.map(({ line, outcome, reason = '' }) => ({
    line,
    outcome,
    reason,
    order: played.numberOfRow.get(line) ?? '',
  }))
  writeFileSync(path, stringify(outcomes, { header: true }))
  console.log(`What became of each row stands in ${path}.`)
}

function differencesWith(
  rows: Record<string, string>[],
  retail: Retail,
  played: { numberOfRow: Map<number, string>; cancelled: Set<string> },
): string[] {
  const byNumber = new Map(rows.map((row) => [row['Order'] ?? '', row]))
  return retail.orders.flatMap(({ lines }) =>
    lines.flatMap((line) => {
      const number = played.numberOfRow.get(line.row) ?? ''
      const found = byNumber.get(number)
      if (!found) return [`row ${line.row}: order ${number} is not in the hub`]
      const wrong = [
        found['SKU'] === line.sku ? '' : `${found['SKU']} instead of ${line.sku}`,
        Number(found['Quantity']) === line.quantity ? '' : `${found['Quantity']} units instead of ${line.quantity}`,
        found['Unit price'] === pounds(line.unitPriceMinor)
          ? ''
          : `${found['Unit price']} each instead of ${pounds(line.unitPriceMinor)}`,
        (found['Status']?.toLowerCase() === 'cancelled') === played.cancelled.has(number)
          ? ''
          : `it is ${found['Status']}`,
      ].filter(Boolean)
      return wrong.length === 0 ? [] : [`row ${line.row}, order ${number}: ${wrong.join(', ')}`]
    }),
  )
}

async function arrived(hub: HubClient, expected: number): Promise<void> {
  let told = 0
  await until(
    `Receiving ${expected} orders`,
    3600,
    () => count(hub, ''),
    (value) => {
      if (value - told >= 500 || value === expected)
        console.log(`  ${(told = value)} of ${expected} orders have arrived`)
      return value >= expected
    },
  )
}

/** The screens' counts stop at 10,000; beyond, the lines of the export are counted. */
async function count(hub: HubClient, filter: string): Promise<number> {
  const { count: rough } = await hub.get<{ count: { value: number; more: boolean } }>(`/api/orders?limit=1${filter}`)
  if (!rough.more) return rough.value
  return (parse(await hub.text(`/api/orders.csv?${filter}`), { columns: true, bom: true }) as unknown[]).length
}

async function allVariants(hub: HubClient): Promise<VariantRow[]> {
  const all: VariantRow[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: { rows: VariantRow[]; next: string | null } = await hub.get(
      `/api/variants?limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
    )
    all.push(...page.rows)
    cursor = page.next
  }
  return all
}

async function atSandbox<Answer>(sandbox: SandboxProcess, path: string, body: unknown): Promise<Answer> {
  const answer = await fetch(`${sandbox.consoleUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`The sandbox refused ${path}: ${await answer.text()}`)
  return (await answer.json()) as Answer
}

function unitsSold(retail: Retail): Map<string, number> {
  const sold = new Map<string, number>()
  for (const { sku, quantity } of retail.orders.flatMap(({ lines }) => lines))
    sold.set(sku, (sold.get(sku) ?? 0) + quantity)
  return sold
}

function pounds(minor: number | null): string {
  return minor === null ? '' : (minor / 100).toFixed(2)
}
