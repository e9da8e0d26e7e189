// One seed, one run: a business with its marketplaces, workers and mishaps for some days (safety), then everything quiet
// until the books agree (liveness).
import { sql } from 'kysely'
import { createHash } from 'node:crypto'
import { channelOperations, tenantJobs } from '../../src/engine/schedule.ts'
import { createDatabase } from '../../src/platform/database.ts'
import { seededIds } from '../../src/platform/ids.ts'
import { seededRandom } from '../../src/platform/random.ts'
import { createSecrets } from '../../src/platform/secrets.ts'
import { createVirtualClock } from '../../src/platform/virtual-clock.ts'
import { createVirtualQueue } from '../../src/platform/virtual-queue.ts'
import { hour, keepActing, lookEvery, minute, startSuppliers } from './actors.ts'
import { createAuditor } from './auditor.ts'
import { openMarket } from './market.ts'
import { startMishaps } from './mishaps.ts'
import { startPeople } from './people.ts'
import { createDoubtWatch } from './settled-suppliers.ts'
import { openPeers } from './peers.ts'
import { createProcess, startWorker, type SimulatedProcess } from './process.ts'
import { catalogueOf, mapAndSwitchOn, openBusiness } from './seller.ts'
import { findUnmet } from './settled.ts'
import { strikes, type Ailment, type Simulation, type Violation, type Work } from './simulation.ts'
import { createSometimes, type SometimesName } from './sometimes.ts'
import { createTape, replayTape, type TapeEntry } from './tape.ts'
import { drawSwarm, marketplaceRates, rateOf, type Swarm, type SwarmChanges } from './swarm.ts'
import { createTrace } from './trace.ts'
import { withCursorWatch } from './cursor-watch.ts'

export type RunOptions = SwarmChanges & {
  seed: number
  /** Decisions of an earlier run instead of the seed's. */
  tape?: TapeEntry[]
  /** Wraps the engine's work: how a planted bug comes in. */
  plant?: (work: Work) => Work
  /** The same below the engine, in each worker. */
  ailment?: Ailment
  /** Looks before each pull whether all orders before its bookmark are stored (O5). */
  watchesCursor?: boolean
  /** Ends as soon as this promise is broken, for a run that is only to find out whether it is. */
  until?: string
  onLine?: (line: string) => void
  /** How long everything may take to come to rest. */
  restHoursMax?: number
}

export type RunResult = {
  seed: number
  swarm: Swarm
  traceHash: string
  truthHash: string
  violations: Violation[]
  sometimes: Record<SometimesName, number>
  tape: TapeEntry[]
  figures: {
    orders: number
    parcels: number
    pushes: number
    renewals: number
    events: number
    quietHours: number
    seconds: number
  }
}

const start = new Date('2026-03-02T06:00:00Z')
/** More than this is the same fault again and again. */
const violationsMax = 25
const timelineLines = 25

/** The database must be empty. It is used by one connection only, so that the order of things is the seed's alone. */
export async function runSeed(connectionString: string, options: RunOptions): Promise<RunResult> {
  const startedAt = performance.now()
  const simulation = createSimulation(connectionString, options)
  const { clock, trace, markets, db } = simulation
  try {
    const office = createProcess(simulation, 'office')
    await act(simulation, openBusiness(simulation, office))
    for (let number = 1; number <= simulation.swarm.workers; number++) startWorker(simulation, number)
    await clock.runUntil(later(clock.now(), 10 * minute))
    await act(simulation, mapAndSwitchOn(simulation, office))
    await live(simulation, office, options.until)
    const quietHours = isBroken(simulation, options.until)
      ? 0
      : await comeToRest(simulation, options.restHoursMax ?? quietHoursMax)
    await db.read(simulation.tenantId, (tx) => simulation.auditor.books(tx))
    await countStory(simulation)
    const truths = markets.map((market) => ({ id: market.id, ...market.control.truth() }))
    return {
      seed: options.seed,
      swarm: simulation.swarm,
      traceHash: trace.hash(),
      truthHash: createHash('sha256').update(JSON.stringify(truths)).digest('hex'),
      violations: simulation.violations,
      sometimes: simulation.sometimes.counts(),
      tape: simulation.tape.recorded(),
      figures: {
        orders: truths.reduce((sum, truth) => sum + truth.orders.length, 0),
        parcels: simulation.parcels.length,
        pushes: callsOf(simulation, 'pushStock'),
        renewals: callsOf(simulation, 'renew'),
        events: trace.length(),
        quietHours,
        seconds: Math.round(performance.now() - startedAt) / 1000,
      },
    }
  } finally {
    await db.close()
  }
}

function createSimulation(connectionString: string, options: RunOptions): Simulation {
  const { seed } = options
  const clock = createVirtualClock(start)
  const tape = options.tape ? replayTape(options.tape) : createTape(seed)
  const swarm = drawSwarm(tape, options)
  const trace = createTrace(clock, options.onLine)
  trace.add('seed', String(seed), JSON.stringify(swarm))
  const random = seededRandom(`${seed}/hub`)
  const ids = seededIds(clock, seededRandom(`${seed}/ids`))
  const markets = swarm.marketplaces.map((id) => openMarket(id, { clock, tape, seed }))
  const onCommit = () => void (simulation.commits += 1)
  const db = createDatabase({ connectionString, poolMax: 1, clock, ids, onCommit, keepsPlans: true })
  const queue = createVirtualQueue(clock)
  db.attachQueue(queue.connect())
  const asked = () => simulation
  const engine = { operations: channelOperations, tenantJobs }
  const watched = options.watchesCursor ? withCursorWatch(engine, asked) : engine
  const work = withHiddenOrders(withEarlyFeeds(watched, swarm.feedFrom), asked)
  const simulation: Simulation = {
    clock,
    tape,
    trace,
    swarm,
    faultsAreOn: false,
    sometimes: createSometimes(),
    violations: [],
    report(invariant, sentence) {
      trace.add('auditor', invariant, sentence)
      const isKnown = simulation.violations.some((one) => one.invariant === invariant && one.sentence === sentence)
      if (isKnown || simulation.violations.length >= violationsMax) return
      simulation.violations.push({
        invariant,
        sentence,
        at: clock.now().toISOString(),
        timeline: trace.tail(timelineLines),
      })
    },
    markets,
    db,
    commits: 0,
    due: { commits: -1, nextAt: null },
    queue,
    ids,
    random,
    secrets: createSecrets([Buffer.alloc(32, 7)], random),
    work: options.plant?.(work) ?? work,
    ail: options.ailment,
    auditor: createAuditor({
      report: (invariant, sentence) => simulation.report(invariant, sentence),
      read: (work) => db.read(simulation.tenantId, work),
    }),
    tenantId: '',
    parcels: [],
    suppliers: [],
    peers: openPeers(() => simulation),
    hidden: new Set(),
  }
  for (const market of markets) market.addListings(catalogueOf(simulation, market))
  return simulation
}

/** Lets time pass for as long as somebody's action takes. */
async function act(simulation: Simulation, action: Promise<void>): Promise<void> {
  const { clock } = simulation
  let isDone = false
  const done = action.finally(() => {
    isDone = true
  })
  // Nobody listens until the loop ends, and Node would end the process for that.
  done.catch(() => {})
  for (let minutes = 0; !isDone && minutes < 60; minutes++) await clock.runUntil(later(clock.now(), minute))
  if (!isDone) throw new Error('An action did not end within an hour.')
  await done
}

/** Safety: days with buyers, faults and crashes. */
async function live(simulation: Simulation, office: SimulatedProcess, until: string | undefined): Promise<void> {
  const { markets, swarm, clock } = simulation
  simulation.faultsAreOn = true
  for (const { control } of markets) {
    control.setFaults(marketplaceRates(swarm))
    control.setOrdersPerMinute(swarm.ordersPerDay / markets.length / 1440)
  }
  startSuppliers(simulation, office)
  startPeople(simulation, office)
  startDoubtWatch(simulation)
  for (const market of markets) startMishaps(simulation, office, market)
  const end = later(clock.now(), swarm.days * 24 * hour)
  while (clock.now() < end && !isBroken(simulation, until)) {
    const next = until === undefined ? end : later(clock.now(), hour / 4)
    await clock.runUntil(next < end ? next : end)
  }
}

function isBroken({ violations }: Simulation, invariant: string | undefined): boolean {
  return violations.some((one) => one.invariant === invariant)
}

function startDoubtWatch(simulation: Simulation): void {
  const { db, tenantId } = simulation
  const look = createDoubtWatch(simulation)
  let looks = 0
  keepActing(simulation, {
    name: 'The watch on doubts',
    everyMinutes: lookEvery(simulation, 5),
    act: () =>
      db.read(tenantId, async (tx) => {
        await look(tx)
        looks += 1
        // What no commit since was looked at for is found here.
        if (looks % 8 === 0) await simulation.auditor.books(tx)
      }),
  })
}

/** What a marketplace changes by itself is seen with a download of the listings, every six hours, and may follow upon another. */
const quietHoursMax = 14

/** Liveness: no more faults and no new buyers. Within the limit the books agree, and an hour later they still do. */
async function comeToRest(simulation: Simulation, hoursMax: number): Promise<number> {
  const { markets, clock } = simulation
  simulation.faultsAreOn = false
  for (const { control } of markets) {
    control.setFaults({})
    control.setOrdersPerMinute(0)
  }
  await bringNightForward(simulation)
  const began = clock.now()
  const hours = () => (clock.now().getTime() - began.getTime()) / hour
  let agreed = 0
  let unmet = await findUnmet(simulation)
  while (hours() < hoursMax) {
    await clock.runUntil(later(clock.now(), 30 * minute))
    unmet = await findUnmet(simulation)
    // Twice in a row: what has come to rest stays so.
    agreed = unmet.length === 0 ? agreed + 1 : 0
    if (agreed === 2) return hours()
  }
  for (const { invariant, sentence } of unmet.slice(0, 10)) simulation.report(invariant, sentence)
  return hours()
}

/** What comes nightly or every few hours comes sooner now, so that a run need not wait for it. */
async function bringNightForward({ db, swarm, due }: Simulation): Promise<void> {
  await sql`update channel_work set due_at = least(due_at, app_now()) where operation = 'reconcile-orders'`.execute(
    db.system,
  )
  due.commits = -1
  if (swarm.tempo === 'brisk') return
  for (const table of ['channel_work', 'tenant_work'])
    await sql`
      update ${sql.table(table)} set every_seconds = least(every_seconds, 1800), due_at = least(due_at, app_now() + interval '30 minutes')
      where every_seconds < 86400
    `.execute(db.system)
}

function later(from: Date, milliseconds: number): Date {
  return new Date(from.getTime() + milliseconds)
}

function callsOf({ markets }: Simulation, name: 'pushStock' | 'renew'): number {
  return markets.reduce((sum, { words, control }) => {
    const operation = words.operations[name]
    return sum + (operation === undefined ? 0 : (control.meter().byOperation[operation]?.calls ?? 0))
  }, 0)
}

/** Things of the story that only the finished books tell. */
async function countStory({ db, tenantId, sometimes, markets, peers }: Simulation): Promise<void> {
  const { rows } = await db.read(tenantId, (tx) =>
    sql<Partial<Record<SometimesName, number>>>`
      select
        (select count(*)::int from order_events e where kind = 'called-off' and exists (
          select from order_events w where w.order_id = e.order_id and w.kind = 'stock-awaited' and w.at <= e.at))
          as "cancelled while waiting for stock",
        (select count(*)::int from order_events where kind = 'purchase-order-cancelled') as "cancelled at the supplier",
        (select count(*)::int from order_events where kind = 'paid') as "unpaid order held, then paid",
        (select count(*)::int from orders where marketplace_status = 'unknown' or id in (
          select order_id from problems where kind = 'unknown-status')) as "unknown status seen",
        (select count(*)::int from (select from purchase_orders group by order_id having count(distinct supplier_id) > 1) as split)
          as "two suppliers for one order",
        (select count(*)::int from (select from order_lines group by order_id having count(*) > 1) as several)
          as "order of several articles",
        (select count(*)::int from (
          select from order_line_components c join orders o on o.id = c.order_id
          group by c.variant_id having count(distinct o.channel_id) > 1) as shared) as "one article sold at two marketplaces",
        (select count(*)::int from listing_targets where reasons::text like '%shortage%')
          + (select count(*)::int from supplier_offers where reserved > on_hand) as "stock fell below what was promised",
        (select count(*)::int from order_events where kind = 'confirmation-unclear') as "confirmation looked up",
        (select count(*)::int from order_events where kind = 'confirmation-sent' and (data ->> 'readBack')::boolean)
          as "confirmation taken, done later",
        (select count(*)::int from order_events where kind = 'purchase-order-unclear') as "purchase order in doubt",
        (select count(*)::int from order_events where kind = 'purchase-order-arrived' and data->>'said' = 'read-back') as "read back: it was there",
        (select count(*)::int from order_events where kind = 'purchase-order-not-there') as "read back: it was not there",
        (select count(*)::int from purchase_orders d where cancelled_by = 'supplier' and exists (
          select from purchase_orders p where p.order_id = d.order_id and p.supplier_id <> d.supplier_id and p.id > d.id))
          as "declined, routed elsewhere",
        (select count(*)::int from order_events where kind = 'purchase-order-sent' and data->>'goes' = 'credit-limit')
          as "held by the credit limit",
        (select count(*)::int from purchase_orders p join suppliers s on s.id = p.supplier_id
          where s.terms = 'prepaid' and p.sent_at is not null) as "prepaid, released by payment",
        (select count(*)::int from invoices where for_day is not null and state <> 'draft') as "invoice of a day",
        (select count(*)::int from invoices where kind = 'credit-note') as "credit note",
        (select count(*)::int from orders o where status = 'cancelled' and not exists (
          select from purchase_orders p where p.order_id = o.id)) as "order cancelled before it had a purchase order",
        (select count(*)::int from orders o where status = 'cancelled' and exists (
          select from purchase_orders p where p.order_id = o.id and p.sent_at is not null)) as "order cancelled that a supplier had",
        (select count(*)::int from orders o where channel_status in ('cancelled', 'refunded') and exists (
          select from shipments s where s.order_id = o.id)) as "order called off after it left",
        (select count(*)::int from purchase_order_lines l join purchase_orders p on p.id = l.purchase_order_id
          where p.state <> 'cancelled' and l.cancelled_quantity > 0) as "units cut from a purchase order",
        (select count(*)::int from problems where kind = 'cancel-rejected') as "marketplace refused a cancellation"
    `.execute(tx),
  )
  for (const [name, count] of Object.entries(rows[0] ?? {})) sometimes.see(name as SometimesName, count)
  const isCancellation = ({ body }: { body: string }) => /cancel/.test(body)
  sometimes.see('supplier told of a cancellation', peers.received.filter(isCancellation).length)
  for (const { control } of markets) {
    const { listings, confirmations } = control.truth()
    const isSoldOut = (listing: (typeof listings)[number]) =>
      listing.history.some(({ by, quantity }) => by === 'buyer' && quantity === 0)
    sometimes.see('last unit sold', listings.filter(isSoldOut).length)
    const again = [...Map.groupBy(confirmations, (one) => `${one.orderNumber}/${one.trackingNumber}`).values()]
    const isToldAgain = (all: typeof confirmations) => all.length > 1 && all.some((one) => one.outcome === 'refused')
    sometimes.see('confirmation taken, failed, told again', again.filter(isToldAgain).length)
    const { struck } = control.faults()
    sometimes.see('order shown late', struck['late-order'] ?? 0)
    sometimes.see('page repeated', struck['repeat-page'] ?? 0)
  }
}

/** A feed is worth it from 1,500 figures on, which no business of this size has: here far fewer make one. */
function withEarlyFeeds(work: Work, from: number | null): Work {
  if (from === null) return work
  return {
    ...work,
    operations: work.operations.map((operation) => ({
      ...operation,
      run(run) {
        const { stock } = run.connector
        if (!stock?.bulk) return operation.run(run)
        const connector = { ...run.connector, stock: { ...stock, bulk: { ...stock.bulk, from } } }
        return operation.run({ ...run, connector })
      },
    })),
  }
}

/** Some orders stay out of the lists of the regular download, as if it had never been shown them. */
function withHiddenOrders(work: Work, asked: () => Simulation): Work {
  const seen = new Set<string>()
  return {
    ...work,
    operations: work.operations.map((operation) => {
      if (operation.name !== 'pull-orders' && operation.name !== 'reconcile-orders') return operation
      return {
        ...operation,
        run(run) {
          const simulation = asked()
          const { hidden, swarm } = simulation
          const pull: typeof run.connector.orders.pull = async (call, from) => {
            const page = await run.connector.orders.pull(call, from)
            for (const { marketplaceOrderId: id } of page.items) {
              if (operation.name === 'reconcile-orders') hidden.delete(id)
              else if (!seen.has(id) && strikes(simulation, 'hidden-order', rateOf(swarm, 'hidden-order')))
                hidden.add(id)
              seen.add(id)
            }
            return { ...page, items: page.items.filter((order) => !hidden.has(order.marketplaceOrderId)) }
          }
          const orders = { ...run.connector.orders, pull }
          return operation.run({ ...run, connector: { ...run.connector, orders } })
        },
      }
    }),
  }
}
