// From the moment an order can be seen at the marketplace to the moment its purchase order is sent: the whole engine at
// its own pace, against a sandbox in another process, with the answers in between going over HTTP.
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { createEngine } from '../../src/engine/engine.ts'
import { channelOperations, tenantJobs } from '../../src/engine/schedule.ts'
import { connectMarketplace, fillMarketplace, mapEverything, type ConnectedMarketplace } from './marketplace.ts'
import { percentile, round, type Benchmark, type BenchWorld } from './world.ts'

const ordersPerSecond = 20
const articles = 500
const patienceSeconds = 180
const marketplaceId = 'reverb'

export const orderLatency: Benchmark = {
  name: 'order-latency',
  sentence: `seconds of ${ordersPerSecond} orders each, bought at a marketplace: until their purchase orders are sent`,
  sizes: { alone: 120, among: 20, max: 3_600 },
  async run(world, seconds) {
    const marketplace = await connectMarketplace(world, marketplaceId)
    const engine = createEngine(marketplace.parts, { operations: channelOperations, tenantJobs })
    try {
      await prepare(world, marketplace)
      await engine.start()
      const visibleAt = await sell(marketplace, seconds)
      const reached = await readSent(world, marketplace, visibleAt.size)
      const waitsUntil = (times: Map<string, Times>, key: keyof Times) =>
        [...visibleAt].map(([id, at]) => ((times.get(id)?.[key] ?? Number.NaN) - at) / 1000)
      const waits = waitsUntil(reached, 'sent')
      const downloads = waitsUntil(reached, 'downloaded')
      return {
        figures: {
          orders: waits.length,
          p50Seconds: round(percentile(waits, 0.5)),
          p95Seconds: round(percentile(waits, 0.95)),
          p99Seconds: round(percentile(waits, 0.99)),
          p50DownloadSeconds: round(percentile(downloads, 0.5)),
          p99DownloadSeconds: round(percentile(downloads, 0.99)),
          rssMb: world.rssMb(),
        },
        limits: {},
        ratios: {},
        notes: [
          'Goal: p99 at most 60 seconds. The marketplace is asked as often as its plan says, and stock is pushed meanwhile.',
        ],
      }
    } finally {
      await engine.stop()
      await marketplace.stop()
    }
  },
}

async function prepare(world: BenchWorld, marketplace: ConnectedMarketplace): Promise<void> {
  await fillMarketplace(marketplace, articles)
  await marketplace.finish('pull-listings')
  await mapEverything(world, marketplace)
  await world.owner.query('update supplier_offers set on_hand = 1000000 where tenant_id = $1', [marketplace.tenantId])
  await world.owner.query(
    `with service as (
       insert into shipping_services (tenant_id, id, name) values ($1, uuidv7(), 'Standard') returning tenant_id, id
     )
     update sales_channels c set default_shipping_service_id = s.id from service s where c.tenant_id = s.tenant_id`,
    [marketplace.tenantId],
  )
  await world.owner.query('analyze')
}

/** By marketplace order id, when it could be seen there. */
async function sell(marketplace: ConnectedMarketplace, seconds: number): Promise<Map<string, number>> {
  const visibleAt = new Map<string, number>()
  const started = Date.now()
  for (let second = 0; second < seconds; second++) {
    const wanted = Array.from({ length: ordersPerSecond }, (_, index) => ({
      lines: [{ sku: `A-${(second * ordersPerSecond + index) % articles}`, quantity: 1 }],
      buyerNumber: second * ordersPerSecond + index,
      shippingMethod: 'shipped',
      force: true,
    }))
    const at = Date.now()
    const placed = placedOrders.parse(await marketplace.control('orders', wanted))
    for (const { number } of placed.flatMap(({ orders }) => orders)) visibleAt.set(number, at)
    await sleep(Math.max(0, started + (second + 1) * 1000 - Date.now()))
  }
  return visibleAt
}

const placedOrders = z.array(z.object({ orders: z.array(z.object({ number: z.string() })) }))

type Times = { downloaded: number; sent: number }

/** By marketplace order id. */
async function readSent({ owner }: BenchWorld, { tenantId }: ConnectedMarketplace, count: number) {
  for (let second = 0; second < patienceSeconds; second++) {
    const { rows } = await owner.query<{ id: string; downloaded: Date; sent: Date }>(
      `select o.marketplace_order_id as id, min(o.imported_at) as downloaded, max(p.sent_at) as sent from orders o
       join purchase_orders p on p.tenant_id = o.tenant_id and p.order_id = o.id
       where o.tenant_id = $1 group by o.marketplace_order_id having bool_and(p.sent_at is not null)`,
      [tenantId],
    )
    if (rows.length >= count) {
      const timesOf = ({ downloaded, sent }: (typeof rows)[number]): Times => ({
        downloaded: downloaded.getTime(),
        sent: sent.getTime(),
      })
      return new Map(rows.map((row) => [row.id, timesOf(row)]))
    }
    await sleep(1000)
  }
  throw new Error(`Not all of ${count} orders were sent to suppliers within ${patienceSeconds} seconds.`)
}
