import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { saveConnection } from '../../src/domain/catalog/supplier-connection.store.ts'
import { payInvoice } from '../../src/domain/invoicing/record-payment.command.ts'
import { ingestOrders } from '../../src/domain/orders/ingest-orders.command.ts'
import type { ChannelOrder } from '../../src/domain/orders/channel-order.ts'
import { acceptPurchaseOrders } from '../../src/domain/purchasing/accept-purchase-order.command.ts'
import { declinePurchaseOrder } from '../../src/domain/purchasing/decline-purchase-order.command.ts'
import { routeOrders } from '../../src/domain/purchasing/route-orders.command.ts'
import { shipOrder } from '../../src/domain/shipping/ship-order.command.ts'
import { changeOffer } from '../../src/domain/stock/change-offer.command.ts'
import type { EngineParts } from '../../src/engine/channel-run.ts'
import { sendPurchaseOrdersJob } from '../../src/engine/send-purchase-orders.ts'
import { systemClock } from '../../src/platform/clock.ts'
import type { Tx } from '../../src/platform/database.ts'
import { systemIds } from '../../src/platform/ids.ts'
import { silentLog } from '../../src/platform/log.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { invoiceFaults } from '../support/invoice-faults.ts'
import { createOrdersWorld, noon, type OrdersWorld } from '../support/orders-world.ts'
import { createSupplierPeers } from '../support/supplier-peers.ts'
import type { Program, Sabotage } from './interleave.ts'
import { countRows, hurryDeadlocks, playAll, unless, type Pair } from './play.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await hurryDeadlocks(database)
})
afterAll(() => database.dispose())

type Terms = Parameters<OrdersWorld['addSupplier']>[1]

/** A supplier with goods at 5.00 each. */
async function openWorld(terms: Terms = {}, onHand = 10) {
  const world = await createOrdersWorld(database)
  const supplierId = await world.addSupplier({ name: 'North' }, terms)
  const variantId = await world.addVariant('V1')
  const offerId = await world.addOffer({ supplierId, variantId, onHand })
  await world.addListing('L1', [[variantId, 1]])
  return { world, supplierId, variantId, offerId }
}

const inTenant =
  (world: OrdersWorld, work: (tx: Tx) => Promise<unknown>): Program =>
  (db) =>
    db.tenant(world.tenantId).transaction(work)

const ingests = (world: OrdersWorld, ...orders: ChannelOrder[]) =>
  inTenant(world, (tx) =>
    ingestOrders(tx, { channelId: world.channelId, orders, unreadable: [], cursor: null, secrets: world.secrets }),
  )

const cancelled = (world: OrdersWorld, id: string) =>
  world.order(id, {
    status: 'cancelled',
    marketplaceStatus: 'cancelled',
    updatedAt: new Date(noon.getTime() + 60_000),
  })

const count = (world: OrdersWorld, table: string, condition?: string) => countRows(database, world, table, condition)

async function idOf(world: OrdersWorld, table: 'purchase_orders' | 'invoices' | 'orders'): Promise<string> {
  const [row] = await database.asOwner<{ id: string }>(`select id from ${table} where tenant_id = $1 order by id`, [
    world.tenantId,
  ])
  return row?.id ?? ''
}

async function orderIds(world: OrdersWorld): Promise<string[]> {
  const rows = await database.asOwner<{ id: string }>(
    'select id from orders where tenant_id = $1 order by marketplace_order_id',
    [world.tenantId],
  )
  return rows.map((row) => row.id)
}

const money = (world: OrdersWorld) => invoiceFaults(database, world.tenantId)

/** Two orders want the last of a supplier's credit. */
const invoiceInvoice: Pair = {
  async open() {
    const { world, offerId } = await openWorld({ credit_limit_minor: 700 }, 0)
    await world.ingest(world.order('A'), world.order('B'))
    await changeOffer(world.db, world.tenantId, { offerId, onHand: 2, actor: 'test' })
    const [first = '', second = ''] = await orderIds(world)
    return {
      world,
      programs: [inTenant(world, (tx) => routeOrders(tx, [first])), inTenant(world, (tx) => routeOrders(tx, [second]))],
      faults: async () => [
        ...(await money(world)),
        ...unless((await count(world, 'purchase_orders', "state = 'sent'")) === 1, 'D8: not exactly one went out'),
        ...unless((await count(world, 'purchase_orders', "state = 'queued-for-payment'")) === 1, 'D8: none waits'),
        ...unless((await count(world, 'invoices')) === 2, 'P5: not one invoice each'),
      ],
    }
  },
}

/** One is invoiced while another's invoice is credited; both take numbers and touch one supplier's balance. */
const invoiceCredit: Pair = {
  async open() {
    const { world } = await openWorld({ charges_vat: true })
    await world.ingest(world.order('A'))
    return {
      world,
      programs: [ingests(world, world.order('B')), ingests(world, cancelled(world, 'A'))],
      faults: async () => [
        ...(await money(world)),
        ...unless((await count(world, 'invoices', "kind = 'credit-note'")) === 1, 'D8: not one credit note'),
      ],
    }
  },
}

/** The day's draft collects one purchase order while another is taken out of it. */
const draftDraft: Pair = {
  async open() {
    const { world } = await openWorld({ invoice_per: 'day' })
    await world.ingest(world.order('A'))
    return {
      world,
      programs: [ingests(world, world.order('B')), ingests(world, cancelled(world, 'A'))],
      faults: async () => [
        ...(await money(world)),
        ...unless((await count(world, 'invoices', "state = 'draft'")) === 1, 'D8: not one draft of the day'),
      ],
    }
  },
}

const pays = (world: OrdersWorld, invoiceId: string, id: string) =>
  inTenant(world, (tx) =>
    payInvoice(tx, invoiceId, {
      id,
      amountMinor: 500,
      currency: 'GBP',
      paidOn: '2026-03-02',
      method: 'bank',
      reference: '',
      mayOverpay: false,
      actor: 'test',
    }),
  )

/** One payment, asked for twice at once: paid once, and what waited for it goes out once. */
const payPay: Pair = {
  async open() {
    const { world } = await openWorld({ terms: 'prepaid' })
    await world.ingest(world.order('A'))
    const [invoiceId, id] = [await idOf(world, 'invoices'), systemIds.uuid()]
    return {
      world,
      programs: [pays(world, invoiceId, id), pays(world, invoiceId, id)],
      faults: async () => [
        ...(await money(world)),
        ...unless((await count(world, 'payments')) === 1, 'D8: paid twice, or never'),
        ...unless((await count(world, 'purchase_orders', "state = 'sent'")) === 1, 'D8: it did not go out'),
      ],
    }
  },
}

/** What waits for payment is called off while it is paid. */
const payCancel: Pair = {
  async open() {
    const { world } = await openWorld({ terms: 'prepaid' })
    await world.ingest(world.order('A'))
    const invoiceId = await idOf(world, 'invoices')
    return {
      world,
      programs: [pays(world, invoiceId, systemIds.uuid()), ingests(world, cancelled(world, 'A'))],
      faults: async () => [
        ...(await money(world)),
        ...unless((await count(world, 'purchase_orders', "state = 'cancelled'")) === 1, 'O6: it is not cancelled'),
      ],
    }
  },
}

const leaves = (world: OrdersWorld, purchaseOrderId: string) =>
  inTenant(world, (tx) =>
    shipOrder(tx, { purchaseOrderId, carrier: 'UPS', trackingNumber: '1Z1', shippedAt: noon, actor: 'test' }),
  )

const declines = (world: OrdersWorld, purchaseOrderId: string, supplierId: string) =>
  inTenant(world, (tx) =>
    declinePurchaseOrder(tx, { purchaseOrderId, supplierId, reason: 'out-of-stock', note: '', actor: 'North' }),
  )

/** One of his people dispatches what another declines. */
const declineDispatch: Pair = {
  async open() {
    const { world, supplierId } = await openWorld()
    await world.ingest(world.order('A'))
    const purchaseOrderId = await idOf(world, 'purchase_orders')
    return {
      world,
      programs: [declines(world, purchaseOrderId, supplierId), leaves(world, purchaseOrderId)],
      faults: async () => {
        const left = await count(world, 'shipments')
        const isCancelled = (await count(world, 'purchase_orders', "state = 'cancelled'")) === 1
        return [...(await money(world)), ...unless(isCancelled === (left === 0), 'V3: it left, and was declined')]
      },
    }
  },
}

/** He accepts what the buyer cancels. */
const acceptCancel: Pair = {
  async open() {
    const { world, supplierId } = await openWorld()
    await world.ingest(world.order('A'))
    const purchaseOrderId = await idOf(world, 'purchase_orders')
    const accepts = inTenant(world, (tx) =>
      acceptPurchaseOrders(tx, [{ purchaseOrderId, reference: 'S-1' }], { supplierId, actor: 'North' }),
    )
    return {
      world,
      programs: [accepts, ingests(world, cancelled(world, 'A'))],
      faults: async () => [
        ...(await money(world)),
        ...unless(
          (await count(world, 'purchase_orders', "state = 'cancelled'")) === 1,
          'O6: accepted though cancelled',
        ),
      ],
    }
  },
}

const sftp = {
  host: 'sftp.supplier.test',
  port: 22,
  username: 'seller',
  password: 'secret',
  hostKey: 'SHA256:x',
  orderFolder: '/in',
  trackingFolder: '/out',
}

async function openSending(terms: Terms) {
  const opened = await openWorld(terms)
  const { world, supplierId } = opened
  await world.transaction((tx) =>
    saveConnection(tx, world.secrets, supplierId, {
      sftp,
      webhook: { url: 'https://supplier.test/orders', secret: `whsec_${Buffer.alloc(24, 3).toString('base64')}` },
    }),
  )
  await world.ingest(world.order('A'))
  const peers = createSupplierPeers()
  const sends: Program = (db) => {
    const parts = { ...peers, db, secrets: world.secrets, clock: systemClock, log: silentLog } as unknown as EngineParts
    return sendPurchaseOrdersJob.run(parts, { tenantId: world.tenantId })
  }
  return { ...opened, peers, sends }
}

/** Two workers send the same purchase order. */
const sendSend: Pair = {
  async open() {
    const { world, peers, sends } = await openSending({ order_way: 'email', order_email: 'orders@north.test' })
    return {
      world,
      programs: [sends, sends],
      faults: async () => [
        ...unless(peers.count('PO-000001/1') === 1, `P3: he got it ${peers.count('PO-000001/1')} times`),
        ...unless((await count(world, 'purchase_orders', "state = 'sent'")) === 1, 'P3: it does not say so'),
      ],
    }
  },
}

/** It is called off while it goes out: he never got it, or he is told. */
const sendCancel: Pair = {
  async open() {
    const { world, peers, sends } = await openSending({ order_way: 'webhook' })
    return {
      world,
      programs: [sends, ingests(world, cancelled(world, 'A'))],
      faults: async () => {
        await sends(world.db)
        const [got, told] = [peers.count('PO-000001/1'), peers.count('PO-000001/2')]
        return [
          ...(await money(world)),
          ...unless(got === told && got <= 1, `O6: ordered ${got} times, called off ${told}`),
        ]
      },
    }
  },
}

const pairs = {
  'invoice × invoice for the last of the credit': invoiceInvoice,
  'invoice × credit note': invoiceCredit,
  'a draft of the day × taking out of it': draftDraft,
  'payment × the same payment': payPay,
  'payment × cancellation': payCancel,
  'decline × dispatch': declineDispatch,
  'accept × cancellation': acceptCancel,
  'send × send': sendSend,
  'send × cancellation': sendCancel,
}

describe('T2: money and suppliers, two transactions stepped statement by statement', () => {
  test.each(Object.entries(pairs))(
    '%s',
    async (name, pair) => {
      const { schedules, waits, faults } = await playAll(database, pair)
      console.log(`${name}: ${schedules} schedules, ${waits} waits for a lock`)
      expect(faults).toEqual([])
      expect(schedules).toBeGreaterThan(4)
    },
    180_000,
  )

  const planted: [string, Pair, Sabotage][] = [
    [
      'a parcel entered without a lock on its order',
      declineDispatch,
      (text) => (/from orders/.test(text) ? text.replace(/for no key update( of \w+)?/, '') : text),
    ],
  ]
  test.each(planted)('planted: %s', async (_name, pair, sabotage) => {
    const { faults } = await playAll(database, pair, { sabotage, faultsMax: 1 })
    expect(faults).not.toEqual([])
  })
})
