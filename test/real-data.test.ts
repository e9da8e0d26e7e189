// Real input through the whole hub on virtual time: every row of a wholesaler's order lines becomes a product, an order a
// buyer places at the sandbox at its own minute, or a cancellation; the supplier sends all that is left, and the hub's books,
// its invoices and its ledger are held against the file.
import { nothingOutside } from './support/nothing-outside.ts'
import { sandboxHttp } from './support/sandbox-http.ts'
import { Readable } from 'node:stream'
import { stringify } from 'csv-stringify/sync'
import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { createReverbSandbox, type ReverbSandbox } from '../sandboxes/reverb/index.ts'
import { shopifyFile } from '../scripts/demo/seed.ts'
import { readOnlineRetail, reconcile, reconciliationText, type Retail } from '../scripts/real-data/online-retail.ts'
import { sharedData } from '../scripts/real-data/shared-data.ts'
import { detectLayout } from '../src/domain/files/detect-layout.ts'
import { startImport } from '../src/domain/files/start-import.command.ts'
import { proposeMappings } from '../src/domain/listings/auto-map.store.ts'
import { mapListings } from '../src/domain/listings/map-listings.command.ts'
import { changeChannelSettings } from '../src/domain/channels/change-settings.command.ts'
import { createBusiness } from '../src/domain/people/create-business.command.ts'
import { listShippingServices } from '../src/domain/shipping/shipping-services.store.ts'
import { addSupplier } from '../src/domain/catalog/add-supplier.command.ts'
import { applyFile } from '../src/engine/apply-file.ts'
import type { EngineParts } from '../src/engine/channel-run.ts'
import { connectChannel } from '../src/engine/connect.ts'
import { registerWorkers } from '../src/engine/engine.ts'
import { tick } from '../src/engine/schedule-tick.ts'
import { channelOperations, tenantJobs } from '../src/engine/schedule.ts'
import { seededIds } from '../src/platform/ids.ts'
import { createLog } from '../src/platform/log.ts'
import { seededRandom } from '../src/platform/random.ts'
import { createSecrets } from '../src/platform/secrets.ts'
import { createVirtualClock, type VirtualClock } from '../src/platform/virtual-clock.ts'
import { createVirtualQueue } from '../src/platform/virtual-queue.ts'
import { createTestDatabase, type TestDatabase } from './support/database.ts'

const file = sharedData('online-retail-dec-2010.csv')
const firstDay = new Date('2010-12-01T00:00:00Z')
const hour = 3_600_000
const actor = 'The seller'
const vatRateBasisPoints = 2000
/** Every parcel is a call to the marketplace; so many are enough, and the rest of the file is money. */
const parcelsMax = 60
const costOf = (priceMinor: number | null) => Math.floor((priceMinor ?? 100) / 2)

let database: TestDatabase | undefined
afterAll(() => database?.dispose())

test.skipIf(file === undefined)(
  'D1, D7, D8, D9, S1, S2, P1, P4: every row of a real order file is in the books once and comes to its cost, its invoice and its tracking, cancellations included',
  { timeout: 480_000 },
  async () => {
    const text = file?.toString('utf8') ?? ''
    const retail = readOnlineRetail(text)
    database = await createTestDatabase()
    const world = createWorld(database)
    const business = await openBusiness(world, retail)
    const numberOfRow = playBuyers(world, retail)
    await world.clock.runUntil(new Date('2010-12-06T00:00:00Z'))

    const found = reconcile(retail, text)
    console.log(reconciliationText(found))
    expect(found.differences).toEqual([])
    expect(await booksAgainst(database, business.tenantId, retail, numberOfRow())).toEqual([])
    expect(await promises(database)).toEqual([])

    const money = moneyOf(retail)
    expect(await moneyAgainst(database, business.tenantId, money, numberOfRow())).toEqual([])
    expect(await totals(database, business.tenantId)).toEqual({
      purchaseOrders: money.totalMinor,
      invoicesLessCredit: money.totalMinor,
      owed: money.totalMinor,
      debitLessCredit: 0,
    })
    console.log(`On the suppliers’ invoices: ${(money.totalMinor / 100).toFixed(2)} GBP, VAT included.`)

    const sent = await sendOldest(world, database, business)
    expect(sent.size).toBe(Math.min(parcelsMax, money.left.size))
    await world.clock.runUntil(new Date('2010-12-06T06:00:00Z'))
    expect(trackingAgainst(world.sandbox, sent)).toEqual([])
    console.log(`Of ${money.left.size} purchase orders the oldest ${sent.size} were dispatched and confirmed.`)
  },
)

type World = { clock: VirtualClock; parts: EngineParts; sandbox: ReverbSandbox }

function createWorld(test: TestDatabase): World {
  const clock = createVirtualClock(firstDay)
  const random = seededRandom('real data')
  const ids = seededIds(clock, random)
  const db = test.connect({ poolMax: 1, clock, ids })
  const broker = createVirtualQueue(clock)
  db.attachQueue(broker.connect())
  const draws = seededRandom('sandbox')
  const sandbox = createReverbSandbox(
    { now: () => clock.now(), random: () => draws.float() },
    {
      empty: true,
      origin: 'http://reverb.sandbox.test',
      currency: 'GBP',
      delayFactor: 0.01,
      limit: { perSecond: 50, burst: 500 },
    },
  )
  const parts: EngineParts = {
    db,
    queue: broker.connect(),
    clock,
    ids,
    random,
    secrets: createSecrets([Buffer.alloc(32, 5)], random),
    log: createLog({ level: 'error' }),
    ...nothingOutside,
    marketplaceUrls: { reverb: 'http://reverb.sandbox.test/api' },
    appCredentials: {},
    http: sandboxHttp(() => sandbox),
  }
  return { clock, parts, sandbox }
}

type Business = { tenantId: string; supplierId: string }

async function openBusiness({ clock, parts, sandbox }: World, retail: Retail): Promise<Business> {
  const { db, ids } = parts
  const created = await createBusiness(db, ids, {
    businessName: 'A wholesaler',
    currency: 'GBP',
    timeZone: 'Europe/London',
    owner: { name: actor, email: 'owner@example.test', passwordHash: 'not used here' },
  })
  if (created.kind !== 'created') throw new Error(created.reason)
  const { tenantId } = created
  const pounds = (minor: number | null) => (minor === null ? '' : (minor / 100).toFixed(2))
  const products = retail.catalogue.map(({ sku, title, priceMinor }) => ({
    sku,
    title,
    brand: '',
    type: '',
    price: pounds(priceMinor),
    image: '',
  }))
  await importText(parts, tenantId, { kind: 'shopify-products', content: shopifyFile(products) })
  const supplierId = await newSupplier(parts, tenantId)
  const sold = unitsSold(retail)
  const stock = retail.catalogue.map(({ sku, priceMinor }) => ({
    sku,
    stock: (sold.get(sku) ?? 0) + 10,
    cost: pounds(costOf(priceMinor)),
  }))
  await importText(parts, tenantId, { kind: 'supplier-stock', supplierId, content: stringify(stock, { header: true }) })

  sandbox.control.addListings(
    retail.catalogue
      .filter(({ priceMinor }) => priceMinor !== null)
      .map(({ sku, title, priceMinor }) => ({
        sku,
        title,
        price: (priceMinor ?? 0) / 100,
        inventory: (sold.get(sku) ?? 0) + 10,
      })),
  )
  const connected = await connectChannel(parts, tenantId, {
    marketplace: 'reverb',
    name: 'Reverb shop',
    currency: 'GBP',
    account: { token: sandbox.account.token },
    actor,
  })
  if (connected.kind !== 'added') throw new Error(connected.message)
  const { channelId } = connected
  const [service] = await db.read(tenantId, listShippingServices)
  const change = { defaultShippingServiceId: service?.id ?? null }
  await changeChannelSettings(db, tenantId, { channelId, change, actor })
  // Each look reads a whole day again; two a day are enough here. And what runs for the business needs no five days of looks
  // every quarter of a minute.
  await sql`update channel_work set every_seconds = 43200 where channel_id = ${connected.channelId}`.execute(db.system)
  await sql`update tenant_work set every_seconds = greatest(every_seconds, 1800)`.execute(db.system)
  registerWorkers(parts, { operations: channelOperations, tenantJobs })
  void parts.queue.start()
  void keepTicking({ clock, parts })
  await clock.runUntil(new Date(firstDay.getTime() + 6 * hour))
  await mapEverything(parts, tenantId, connected.channelId)
  return { tenantId, supplierId }
}

async function keepTicking({ clock, parts }: Pick<World, 'clock' | 'parts'>): Promise<void> {
  for (;;) {
    const { nextDueAt } = await tick(parts)
    const seconds = nextDueAt === null ? 600 : (nextDueAt.getTime() - clock.now().getTime()) / 1000
    await clock.sleep(Math.min(600, Math.max(2, Math.ceil(seconds))) * 1000)
  }
}

async function importText(
  parts: EngineParts,
  tenantId: string,
  input: { kind: 'shopify-products' | 'supplier-stock' | 'tracking'; supplierId?: string; content: string },
): Promise<{ rowsApplied: number; rowsRefused: number }> {
  const importId = parts.ids.uuid()
  const bytes = Buffer.from(input.content)
  const found = detectLayout(input.kind, bytes, true)
  if (found.kind === 'refused') throw new Error(found.reason)
  await startImport(parts.db, tenantId, {
    importId,
    kind: input.kind,
    supplierId: input.supplierId ?? null,
    fileName: 'file.csv',
    sizeBytes: bytes.length,
    layout: found.layout,
    actor,
  })
  await applyFile(
    {
      db: parts.db,
      uploads: { open: () => Readable.from([bytes]), delete: async () => {} },
      log: { error: (details, message) => console.error(message, details) },
    },
    tenantId,
    importId,
  )
  const { rows } = await parts.db.read(tenantId, (tx) =>
    sql<{
      state: string
      rowsApplied: number
      rowsRefused: number
    }>`select state, rows_applied as "rowsApplied", rows_refused as "rowsRefused" from file_imports where id = ${importId}`.execute(
      tx,
    ),
  )
  expect(rows).toMatchObject([{ state: 'applied', rowsRefused: 0 }])
  const [{ rowsApplied, rowsRefused } = { rowsApplied: 0, rowsRefused: 0 }] = rows
  return { rowsApplied, rowsRefused }
}

async function newSupplier(parts: EngineParts, tenantId: string): Promise<string> {
  const added = await addSupplier(parts.db, tenantId, {
    name: 'A wholesaler’s warehouse',
    currency: 'GBP',
    preference: 10,
    leadTimeDays: 1,
    chargesVat: true,
    vatRateBasisPoints,
    actor,
  })
  if (added.kind !== 'added') throw new Error('no supplier')
  return added.id
}

async function mapEverything({ db }: EngineParts, tenantId: string, channelId: string): Promise<void> {
  const { proposals } = await db.read(tenantId, (tx) => proposeMappings(tx, channelId))
  const map = proposals.map(({ listing, variant }) => ({
    listingId: listing.id,
    components: [{ variantId: variant.id, quantity: 1 }],
  }))
  expect(await mapListings(db, tenantId, { channelId, change: { map, unlink: [] }, actor })).toMatchObject({
    kind: 'saved',
  })
}

/** Buyers come at the minutes of the file; what they take back is cancelled, or paid back where it is a part only. */
function playBuyers({ clock, sandbox }: World, retail: Retail): () => Map<number, string> {
  for (const basket of retail.orders) {
    const lines = basket.lines.map(({ sku, quantity, unitPriceMinor }) => ({
      sku,
      quantity,
      unitPrice: unitPriceMinor / 100,
    }))
    sandbox.control.placeOrders([{ reference: basket.bundleId, at: new Date(basket.placedAt), force: true, lines }])
  }
  const numberOfRow = () => {
    const numbers = new Map<string, string[]>()
    for (const order of sandbox.control.books().orders)
      numbers.set(order.reference ?? '', [...(numbers.get(order.reference ?? '') ?? []), order.number])
    return new Map(
      retail.orders.flatMap(({ bundleId, lines }) =>
        lines.map(({ row }, index) => [row, numbers.get(bundleId)?.[index] ?? ''] as const),
      ),
    )
  }
  for (const cancellation of retail.cancellations) {
    clock.schedule(new Date(cancellation.at), () => {
      const numbers = numberOfRow()
      for (const part of cancellation.of) {
        const number = numbers.get(part.row) ?? ''
        if (part.whole && part.quantity === quantityOf(retail, part.row)) sandbox.control.cancelOrder(number)
        else sandbox.control.refundOrder(number, part.quantity / quantityOf(retail, part.row))
      }
    })
  }
  return numberOfRow
}

function quantityOf(retail: Retail, row: number): number {
  return retail.orders.flatMap(({ lines }) => lines).find((line) => line.row === row)?.quantity ?? 0
}

type Booked = {
  number: string
  bundle: string | null
  status: string
  sku: string
  quantity: number
  price: number
  mapped: boolean
  ordered: number
}

/** The hub's orders against the rows: each sold row is one order with its code, quantity and price, and on one purchase order unless taken back. */
async function booksAgainst(
  test: TestDatabase,
  tenantId: string,
  retail: Retail,
  numberOfRow: Map<number, string>,
): Promise<string[]> {
  const rows = await test.asOwner<Booked>(
    `select o.marketplace_order_id as number, o.bundle_id as bundle, o.status, l.channel_sku as sku, l.quantity, l.unit_price_minor::int as price, l.mapped,
       coalesce((select sum(p.quantity) from order_line_components c join purchase_order_lines p on p.tenant_id = c.tenant_id and p.component_id = c.id
         join purchase_orders po on po.tenant_id = p.tenant_id and po.id = p.purchase_order_id and po.state <> 'cancelled'
         where c.tenant_id = l.tenant_id and c.order_line_id = l.id), 0)::int as ordered
     from orders o join order_lines l on l.tenant_id = o.tenant_id and l.order_id = o.id where o.tenant_id = $1`,
    [tenantId],
  )
  const booked = new Map(rows.map((row) => [row.number, row]))
  const takenBack = new Map<number, number>()
  for (const part of retail.cancellations.flatMap(({ of }) => of))
    takenBack.set(part.row, (takenBack.get(part.row) ?? 0) + part.quantity)
  const wrong = retail.orders.flatMap(({ lines }) =>
    lines.flatMap((line) => {
      const number = numberOfRow.get(line.row) ?? ''
      const found = booked.get(number)
      booked.delete(number)
      if (!found) return [`row ${line.row}: order ${number} is not in the books`]
      const isCancelled = takenBack.get(line.row) === line.quantity
      const expected = {
        sku: line.sku,
        quantity: line.quantity,
        price: line.unitPriceMinor,
        mapped: true,
        ordered: isCancelled ? 0 : line.quantity,
        cancelled: isCancelled,
      }
      const actual = {
        sku: found.sku,
        quantity: found.quantity,
        price: found.price,
        mapped: found.mapped,
        ordered: found.ordered,
        cancelled: found.status === 'cancelled',
      }
      return JSON.stringify(actual) === JSON.stringify(expected)
        ? []
        : [`row ${line.row}, order ${number}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`]
    }),
  )
  return [...wrong, ...[...booked.keys()].map((number) => `order ${number} is in the books and in no row`)].slice(0, 20)
}

function unitsSold(retail: Retail): Map<string, number> {
  const sold = new Map<string, number>()
  for (const { sku, quantity } of retail.orders.flatMap(({ lines }) => lines))
    sold.set(sku, (sold.get(sku) ?? 0) + quantity)
  return sold
}

/** S1 and S2, counted over everything. */
async function promises(test: TestDatabase): Promise<unknown[]> {
  return test.asOwner(
    `select o.supplier_sku, o.on_hand, o.reserved from supplier_offers o
     where coalesce(o.on_hand, 0) <> (select coalesce(sum(delta), 0) from stock_movements m where m.tenant_id = o.tenant_id and m.offer_id = o.id)
        or o.reserved <> (select coalesce(sum(quantity), 0) from reservations r where r.tenant_id = o.tenant_id and r.offer_id = o.id and r.state = 'active')
        or o.reserved > o.on_hand limit 20`,
  )
}

// Money -------------------------------------------------------------------------------------------------------------

/** What the file itself says a supplier has to be paid: by row, each a purchase order of its own. */
type Money = { left: Map<number, { netMinor: number; vatMinor: number }>; cancelled: Set<number>; totalMinor: number }

function moneyOf(retail: Retail): Money {
  const costs = new Map(retail.catalogue.map(({ sku, priceMinor }) => [sku, costOf(priceMinor)]))
  const takenBack = new Map<number, number>()
  for (const { row, quantity } of retail.cancellations.flatMap(({ of }) => of))
    takenBack.set(row, (takenBack.get(row) ?? 0) + quantity)
  const lines = retail.orders.flatMap((order) => order.lines)
  const isCancelled = ({ row, quantity }: { row: number; quantity: number }) => takenBack.get(row) === quantity
  const left = new Map(
    lines
      .filter((line) => !isCancelled(line))
      .map(({ row, sku, quantity }) => {
        const netMinor = quantity * (costs.get(sku) ?? 0)
        // Half a penny goes up; whole numbers, since a share of pounds would not be exact.
        return [row, { netMinor, vatMinor: Math.floor((netMinor * vatRateBasisPoints + 5_000) / 10_000) }] as const
      }),
  )
  const totalMinor = [...left.values()].reduce((sum, one) => sum + one.netMinor + one.vatMinor, 0)
  return { left, cancelled: new Set(lines.filter(isCancelled).map(({ row }) => row)), totalMinor }
}

type Charged = {
  number: string
  state: string
  net: number
  vat: number
  invoiced: number
  credited: number
  creditNotes: number
}

/** Each purchase order is charged as the file says; what was cancelled after it was invoiced is credited to nothing. */
async function moneyAgainst(
  test: TestDatabase,
  tenantId: string,
  { left, cancelled }: Money,
  numberOfRow: Map<number, string>,
): Promise<string[]> {
  const rows = await test.asOwner<Charged>(
    `select o.marketplace_order_id as number, p.state, p.cost_minor::int as net, p.vat_minor::int as vat,
       coalesce(i.total_minor, 0)::int as invoiced, coalesce(i.credited_minor, 0)::int as credited,
       (select count(*) from invoices n where n.tenant_id = p.tenant_id and n.credits_invoice_id = i.id)::int as "creditNotes"
     from purchase_orders p join orders o on o.tenant_id = p.tenant_id and o.id = p.order_id
     left join invoices i on i.tenant_id = p.tenant_id and i.id = p.invoice_id
     where p.tenant_id = $1`,
    [tenantId],
  )
  const charged = new Map(rows.map((row) => [row.number, row]))
  const wrong = (row: number, expected: object | null) => {
    const number = numberOfRow.get(row) ?? ''
    const { number: _number, ...found } = charged.get(number) ?? { number, missing: true }
    charged.delete(number)
    // One that was cancelled before the hub first saw it never came to a purchase order.
    if (expected === null && 'missing' in found) return []
    if (expected === null && 'state' in found)
      return found.state === 'cancelled' && found.credited === found.invoiced && found.creditNotes === 1
        ? []
        : [`row ${row}, order ${number} is cancelled: ${JSON.stringify(found)}`]
    return JSON.stringify(found) === JSON.stringify(expected)
      ? []
      : [`row ${row}, order ${number}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`]
  }
  const differences = [
    ...[...left].flatMap(([row, { netMinor, vatMinor }]) =>
      wrong(row, {
        state: 'sent',
        net: netMinor,
        vat: vatMinor,
        invoiced: netMinor + vatMinor,
        credited: 0,
        creditNotes: 0,
      }),
    ),
    ...[...cancelled].flatMap((row) => wrong(row, null)),
  ]
  return [...differences, ...[...charged.keys()].map((number) => `order ${number} is in no row`)].slice(0, 20)
}

async function totals(test: TestDatabase, tenantId: string): Promise<object | undefined> {
  const [found] = await test.asOwner<object>(
    `select
       (select sum(cost_minor + shipping_minor + vat_minor) from purchase_orders where tenant_id = $1 and state <> 'cancelled')::int as "purchaseOrders",
       (select sum(case kind when 'invoice' then total_minor else -total_minor end) from invoices where tenant_id = $1)::int as "invoicesLessCredit",
       (select sum(credit_minor - debit_minor) from ledger_entries where tenant_id = $1 and account = 'payables')::int as owed,
       (select sum(debit_minor - credit_minor) from ledger_entries where tenant_id = $1)::int as "debitLessCredit"`,
    [tenantId],
  )
  return found
}

// Tracking ----------------------------------------------------------------------------------------------------------

const trackingOf = (order: string) => `RM${order.replaceAll(/\D/g, '').slice(-9).padStart(9, '0')}GB`

/** The supplier's own file: a row a purchase order that is still open, a parcel each. Answers the marketplace's orders. */
async function sendOldest(
  { parts }: World,
  test: TestDatabase,
  { tenantId, supplierId }: Business,
): Promise<Set<string>> {
  const open = await test.asOwner<{ purchaseOrder: string; order: string }>(
    `select p.number as "purchaseOrder", o.marketplace_order_id as "order"
     from purchase_orders p join orders o on o.tenant_id = p.tenant_id and o.id = p.order_id
     where p.tenant_id = $1 and p.state = 'sent' order by p.number limit $2`,
    [tenantId, parcelsMax],
  )
  const rows = open.map(({ purchaseOrder, order }) => ({
    'Purchase order': purchaseOrder,
    Carrier: 'Royal Mail',
    'Tracking number': trackingOf(order),
  }))
  const file = { kind: 'tracking', supplierId, content: stringify(rows, { header: true }) } as const
  expect(await importText(parts, tenantId, file)).toEqual({ rowsRefused: 0, rowsApplied: rows.length })
  return new Set(open.map(({ order }) => order))
}

/** The marketplace's own books: every order that was sent has its parcel, told once, and no other has one. */
function trackingAgainst(sandbox: ReverbSandbox, sent: Set<string>): string[] {
  const told = new Map<string, string[]>()
  for (const { orderNumber, trackingNumber, outcome } of sandbox.control.truth().confirmations)
    told.set(orderNumber, [...(told.get(orderNumber) ?? []), `${trackingNumber} ${outcome}`])
  const wrong = [...sent].flatMap((number) => {
    const found = (told.get(number) ?? []).join(', ')
    told.delete(number)
    return found === `${trackingOf(number)} accepted` ? [] : [`order ${number}: ${found || 'nothing told'}`]
  })
  return [...wrong, ...[...told.keys()].map((number) => `order ${number} has tracking and should not`)].slice(0, 20)
}
