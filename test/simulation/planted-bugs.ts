// Bugs put in on purpose, around the engine's own work and never inside of it: a simulation that stays green with one of
// these proves nothing.
import { sql } from 'kysely'
import type { Call, ChannelOrder, Connector, Page } from '../../src/connectors/connector.ts'
import type { ChannelOperation, ChannelRun } from '../../src/engine/channel-run.ts'
import type { Work } from './simulation.ts'

export type Plant = (work: Work) => Work

/** A dispatch confirmation without an answer is simply sent again: nobody looks whether it counted. */
export const confirmsWithoutLooking: Plant = withConnector('confirm-shipments', (connector) => ({
  ...connector,
  shipments: {
    carriers: connector.shipments?.carriers ?? {},
    async confirm(call, shipment) {
      const { marketplaceOrderId, trackingNumber, carrier, packageNumber } = shipment
      if (packageNumber > 1) return connector.shipments?.confirm(call, shipment) ?? { kind: 'unclear' }
      const body = { provider: wordFor(carrier), tracking_number: trackingNumber, send_notification: true }
      await call.send({ method: 'POST', url: `/my/orders/selling/${marketplaceOrderId}/ship`, body })
      return { kind: 'done' }
    },
  },
  orders: {
    ...connector.orders,
    read: async (call: Call, id: string) => ({ ...(await connector.orders.read(call, id)), shipments: [] }),
  },
}))

function wordFor(carrier: string): string {
  const words: Record<string, string> = { 'royal-mail': 'Royal Mail', UPS: 'UPS', 'dpd uk': 'DPD UK' }
  return words[carrier] ?? 'Other'
}

/** The next window of orders begins where the last one ended, and what showed up late is never asked for; nor at night. */
export const pullsWithoutOverlap: Plant = (work) => withoutNight(withoutOverlap(work))

const withoutNight: Plant = withOperation('reconcile-orders', (operation) => ({
  ...operation,
  run: () => Promise.resolve('done'),
}))

const withoutOverlap: Plant = withConnector('pull-orders', (connector) => ({
  ...connector,
  orders: {
    ...connector.orders,
    async pull(call, from): Promise<Page<ChannelOrder>> {
      const page = await connector.orders.pull(call, from)
      if (page.more) return page
      const cursor = JSON.parse(page.cursor) as Record<string, unknown>
      return { ...page, cursor: JSON.stringify({ ...cursor, floor: call.now }) }
    },
  },
}))

/** Stock named for the chosen warehouse only, and the answer's small print not read. */
export const namesOneWarehouse: Plant = withConnector('push-stock', (connector) => ({
  ...connector,
  stock: {
    batchMax: 1,
    async push(call, reports) {
      for (const { marketplaceListingId, marketplaceVariantId, quantity } of reports) {
        const inventory = [{ warehouse_id: call.site.warehouse?.id, quantity }]
        await call.send({
          method: 'POST',
          url: `/product/202309/products/${marketplaceListingId}/inventory/update`,
          plan: 'inventory.update',
          body: { skus: [{ id: marketplaceVariantId, inventory }] },
        })
      }
      return reports.map(() => ({ kind: 'done' }))
    },
  },
}))

/** What the marketplace took for processing counts as done: nobody looks what became of it. */
export const takesTakenForDone: Plant = withConnector('confirm-shipments', (connector) => ({
  ...connector,
  shipments: {
    carriers: connector.shipments?.carriers ?? {},
    async confirm(call, shipment) {
      const reply = (await connector.shipments?.confirm(call, shipment)) ?? { kind: 'unclear' as const }
      return reply.kind === 'pending' ? { kind: 'done' } : reply
    },
  },
}))

/** Each try goes out under a parcel number of its own, so that the marketplace takes it for another parcel. */
export const numbersEachTry: Plant = withConnector('confirm-shipments', (connector) => {
  const hide = async (call: Call, id: string) => ({ ...(await connector.orders.read(call, id)), shipments: [] })
  return {
    ...connector,
    orders: { ...connector.orders, read: hide },
    shipments: {
      carriers: connector.shipments?.carriers ?? {},
      async confirm(call, shipment) {
        const { marketplaceOrderId: id, lines, trackingNumber, shippedAt } = shipment
        const orderItems = lines.map((line) => ({ orderItemId: line.marketplaceLineId, quantity: line.quantity }))
        const parcel = { carrierCode: 'Other', carrierName: shipment.carrier, trackingNumber, orderItems }
        const packageReferenceId = String(call.now.getTime())
        await call.send({
          method: 'POST',
          url: `/orders/v0/orders/${id}/shipmentConfirmation`,
          plan: 'confirmShipment',
          answer: 'any',
          body: {
            marketplaceId: call.site.id,
            packageDetail: { ...parcel, packageReferenceId, shipDate: shippedAt.toISOString() },
          },
        })
        return { kind: 'pending', ticket: trackingNumber }
      },
    },
  }
})

/** Every run renews the account for itself, whoever else does so at the same time. */
export const renewsWithoutClaim: Plant = (work) => ({
  ...work,
  operations: work.operations.map((operation) => ({
    ...operation,
    async run(run) {
      await run.connector.renewal?.renew(run.call)
      return operation.run(run)
    },
  })),
})

/** What is promised to orders is offered once more. */
export const advertisesWhatIsReserved: Plant = (work) => ({
  ...work,
  tenantJobs: work.tenantJobs.map((job) => {
    if (job.name !== 'settle-stock') return job
    return {
      ...job,
      async run(parts, data) {
        await job.run(parts, data)
        await parts.db.tenant(data.tenantId).transaction(async (tx) => {
          const { numAffectedRows } = await sql`
            update listing_targets t set desired = t.desired + o.reserved, desired_version = t.desired_version + 1, state = 'due'
            from (
              select m.listing_id, sum(o.reserved)::int as reserved from sku_mappings m
              join sku_mapping_components c on c.tenant_id = m.tenant_id and c.mapping_id = m.id
              join supplier_offers o on o.tenant_id = m.tenant_id and o.variant_id = c.variant_id
              where m.tenant_id = ${tx.tenantId} group by 1
            ) o
            where t.tenant_id = ${tx.tenantId} and t.listing_id = o.listing_id and t.kind = 'stock' and o.reserved > 0 and t.state = 'due'
          `.execute(tx)
          if (numAffectedRows) await tx.notify('listings')
        })
      },
    }
  }),
})

/** The stock of a called-off order is given back once more each time orders are downloaded. */
export const releasesTwice: Plant = withOperation('pull-orders', (operation) => ({
  ...operation,
  async run(run) {
    const ended = await operation.run(run)
    await run.transaction(async (tx) => {
      await sql`
        update supplier_offers o set reserved = o.reserved - r.quantity
        from reservations r
        where r.tenant_id = ${tx.tenantId} and r.state = 'released' and o.tenant_id = r.tenant_id and o.id = r.offer_id
          and o.reserved >= r.quantity
      `.execute(tx)
      await tx.notify('catalog')
    })
    return ended
  },
}))

function withOperation(
  name: ChannelOperation['name'],
  change: (operation: ChannelOperation) => ChannelOperation,
): Plant {
  return (work) => ({
    ...work,
    operations: work.operations.map((operation) => (operation.name === name ? change(operation) : operation)),
  })
}

function withConnector(name: ChannelOperation['name'], change: (connector: Connector) => Connector): Plant {
  return withOperation(name, (operation) => ({
    ...operation,
    run: (run: ChannelRun) => operation.run({ ...run, connector: change(run.connector) }),
  }))
}
