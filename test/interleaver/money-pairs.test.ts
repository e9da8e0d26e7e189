import { saveConnection } from '../../src/domain/catalog/supplier-connection.store.ts'
import { payInvoice } from '../../src/domain/invoicing/record-payment.command.ts'
import { acceptPurchaseOrders } from '../../src/domain/purchasing/accept-purchase-order.command.ts'
import { declinePurchaseOrder } from '../../src/domain/purchasing/decline-purchase-order.command.ts'
import { routeOrders } from '../../src/domain/purchasing/route-orders.command.ts'
import { changeOffer } from '../../src/domain/stock/change-offer.command.ts'
import type { EngineParts } from '../../src/engine/channel-run.ts'
import { sendPurchaseOrdersJob } from '../../src/engine/send-purchase-orders.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { systemIds } from '../../src/platform/ids.ts'
import { silentLog } from '../../src/platform/log.ts'
import { invoiceFaults } from '../support/invoice-faults.ts'
import type { OrdersWorld } from '../support/orders-world.ts'
import { createSupplierPeers } from '../support/supplier-peers.ts'
import type { Program } from './interleave.ts'
import type { Pair } from './play.ts'
import {
  cancelled,
  count,
  database,
  idOf,
  idsOf,
  ingests,
  inTenant,
  openShop,
  provePairs,
  ships,
  unless,
} from './prove.ts'

const money = (world: OrdersWorld) => invoiceFaults(database, world.tenantId)

/** Two orders want the last of a supplier's credit. */
const invoiceInvoice: Pair = {
  async open() {
    const { world, offerId } = await openShop(0, { credit_limit_minor: 700 })
    await world.ingest(world.order('A'), world.order('B'))
    await changeOffer(world.db, world.tenantId, { offerId, onHand: 2, actor: 'test' })
    const [first = '', second = ''] = await idsOf(world, 'orders')
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
    const { world } = await openShop(10, { charges_vat: true })
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
    const { world } = await openShop(10, { invoice_per: 'day' })
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
    const { world } = await openShop(10, { terms: 'prepaid' })
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
    const { world } = await openShop(10, { terms: 'prepaid' })
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

const declines = (world: OrdersWorld, purchaseOrderId: string, supplierId: string) =>
  inTenant(world, (tx) =>
    declinePurchaseOrder(tx, { purchaseOrderId, supplierId, reason: 'out-of-stock', note: '', actor: 'North' }),
  )

/** One of his people dispatches what another declines. */
const declineDispatch: Pair = {
  async open() {
    const { world, supplierId } = await openShop(10)
    await world.ingest(world.order('A'))
    const purchaseOrderId = await idOf(world, 'purchase_orders')
    return {
      world,
      programs: [declines(world, purchaseOrderId, supplierId), ships(world, purchaseOrderId)],
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
    const { world, supplierId } = await openShop(10)
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

async function openSending(terms: Parameters<typeof openShop>[1]) {
  const opened = await openShop(10, terms)
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

provePairs('money and suppliers', pairs, [
  {
    bug: 'a parcel entered without a lock on its order',
    pair: declineDispatch,
    sabotage: (text) => (/from orders/.test(text) ? text.replace(/for no key update( of \w+)?/, '') : text),
  },
])
