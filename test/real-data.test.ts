// Real input through the whole hub on virtual time: every row of a wholesaler's order lines becomes a product, an order a
// buyer places at the sandbox at its own minute, or a cancellation; and the hub's books are held against the file.
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

let database: TestDatabase | undefined
afterAll(() => database?.dispose())

test.skipIf(file === undefined)(
  'D1, D9, S1, S2, P1: every row of a real order file is in the books once, cancellations included',
  { timeout: 420_000 },
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

async function openBusiness({ clock, parts, sandbox }: World, retail: Retail): Promise<{ tenantId: string }> {
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
    cost: pounds(Math.floor((priceMinor ?? 100) / 2)),
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
  // Each look reads a whole day again; two a day are enough here.
  await sql`update channel_work set every_seconds = 43200 where channel_id = ${connected.channelId}`.execute(db.system)
  registerWorkers(parts, { operations: channelOperations, tenantJobs })
  void parts.queue.start()
  void keepTicking({ clock, parts })
  await clock.runUntil(new Date(firstDay.getTime() + 6 * hour))
  await mapEverything(parts, tenantId, connected.channelId)
  return { tenantId }
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
  input: { kind: 'shopify-products' | 'supplier-stock'; supplierId?: string; content: string },
): Promise<void> {
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
      refused: number
    }>`select state, rows_refused as refused from file_imports where id = ${importId}`.execute(tx),
  )
  expect(rows).toEqual([{ state: 'applied', refused: 0 }])
}

async function newSupplier(parts: EngineParts, tenantId: string): Promise<string> {
  const added = await addSupplier(parts.db, tenantId, {
    name: 'A wholesaler’s warehouse',
    currency: 'GBP',
    preference: 10,
    leadTimeDays: 1,
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
