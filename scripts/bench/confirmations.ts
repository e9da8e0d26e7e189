// Dispatch confirmations when a supplier's file brings many parcels at once: claimed, told and settled under the lease of
// one sales channel. The marketplace answers at once, so that what is measured is ours alone.
import { sql } from 'kysely'
import type { Connector } from '../../src/connectors/connector.ts'
import { ingestOrders } from '../../src/domain/orders/ingest-orders.command.ts'
import { claimLease, holdLease } from '../../src/engine/channel-lease.ts'
import type { ChannelRun } from '../../src/engine/channel-run.ts'
import { confirmShipments } from '../../src/engine/confirm-shipments.ts'
import { systemClock } from '../../src/platform/clock.ts'
import type { Tx } from '../../src/platform/database.ts'
import { orderOf } from './buyers.ts'
import { fillShop, type Shop } from './shop.ts'
import { round, timed, type Benchmark, type BenchWorld } from './world.ts'

const variants = 2_000
const ordersAPage = 100

export const confirmations: Benchmark = {
  name: 'confirmations',
  sentence: 'parcels of as many orders, all due at once: told to a marketplace that answers at once',
  sizes: { alone: 5_000, among: 1_000, max: 50_000 },
  async run(world, size) {
    const shop = await fillShop(world.owner, { variants, channels: 1, offersEach: 2 })
    await dispatchAll(world, shop, size)
    let told = 0
    const run = await openRun(world, shop, () => told++)
    const milliseconds = await timed(async () => {
      while ((await confirmShipments.run(run)) === 'again') continue
    })
    if (told !== size) throw new Error(`${told} of ${size} parcels were told.`)
    return {
      figures: {
        parcels: told,
        millisecondsEach: round(milliseconds / told),
        perSecond: Math.round((told / milliseconds) * 1000),
        rssMb: world.rssMb(),
      },
      limits: {},
      ratios: {},
      notes: ['Every call to a real marketplace takes its turn besides, in a transaction of its own.'],
    }
  },
}

/** One parcel an order, with all of it, waiting to be told. */
async function dispatchAll({ db, owner, secrets }: BenchWorld, shop: Shop, orders: number): Promise<void> {
  const { tenantId } = shop
  const [channelId = ''] = shop.channelIds
  for (let at = 0; at < orders; at += ordersAPage) {
    const page = Array.from({ length: Math.min(ordersAPage, orders - at) }, (_, index) => orderOf(at + index, variants))
    await db
      .tenant(tenantId)
      .transaction((tx) => ingestOrders(tx, { channelId, orders: page, unreadable: [], cursor: null, secrets }))
  }
  const add = (statement: string) => owner.query(statement, [tenantId])
  await add(
    `insert into shipments (tenant_id, id, order_id, package_number, carrier, tracking_number, shipped_at, entered_by)
     select tenant_id, uuidv7(), id, 1, 'royal-mail', 'T' || marketplace_order_id, app_now(), 'bench' from orders where tenant_id = $1`,
  )
  await add(
    `insert into shipment_lines (tenant_id, shipment_id, component_id, quantity)
     select s.tenant_id, s.id, c.id, c.quantity from shipments s
     join order_lines l on l.tenant_id = s.tenant_id and l.order_id = s.order_id
     join order_line_components c on c.tenant_id = l.tenant_id and c.order_line_id = l.id
     where s.tenant_id = $1`,
  )
  await add(
    `insert into effects (tenant_id, id, channel_id, kind, business_key, subject_id)
     select s.tenant_id, uuidv7(), o.channel_id, 'confirm-shipment', o.marketplace_order_id || '/1', s.id
     from shipments s join orders o on o.tenant_id = s.tenant_id and o.id = s.order_id where s.tenant_id = $1`,
  )
  await owner.query('analyze')
}

async function openRun({ db }: BenchWorld, shop: Shop, told: () => void): Promise<ChannelRun> {
  const { tenantId } = shop
  const [channelId = ''] = shop.channelIds
  const operation = confirmShipments.name
  const transaction = <Result>(work: (tx: Tx) => Promise<Result>) => db.tenant(tenantId).transaction(work)
  const lease = await transaction(async (tx) => {
    await sql`
      insert into channel_work (tenant_id, channel_id, operation, every_seconds)
      values (${tenantId}, ${channelId}, ${operation}, ${confirmShipments.everySeconds})
    `.execute(tx)
    const claim = await claimLease(tx, { channelId, operation })
    if (claim.kind !== 'claimed') throw new Error('Nobody else works here.')
    return claim.lease
  })
  const confirm = async () => {
    told()
    return { kind: 'done' as const }
  }
  return {
    parts: { clock: systemClock },
    tenantId,
    channel: { id: channelId },
    connector: { name: 'A marketplace', shipments: { carriers: {}, confirm } } as unknown as Connector,
    call: {},
    transaction: <Result>(work: (tx: Tx) => Promise<Result>) =>
      transaction(async (tx) => {
        await holdLease(tx, lease)
        return work(tx)
      }),
  } as unknown as ChannelRun
}
