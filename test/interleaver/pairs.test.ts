import { isDeepStrictEqual } from 'node:util'
import { routeOrders } from '../../src/domain/purchasing/route-orders.command.ts'
import { routeWaitingOrders } from '../../src/domain/purchasing/route-waiting.command.ts'
import { claimConfirmations, settleConfirmations } from '../../src/domain/shipping/confirmations.store.ts'
import { settleSent } from '../../src/domain/shipping/confirmations.ts'
import { changeOffer } from '../../src/domain/stock/change-offer.command.ts'
import { noon, type OrdersWorld } from '../support/orders-world.ts'
import type { Program, Sabotage } from './interleave.ts'
import type { Pair } from './play.ts'
import {
  cancelled,
  count,
  database,
  idOf,
  idsOf,
  ingests,
  ingestsInto,
  inTenant,
  openShop,
  provePairs,
  ships,
  unless,
} from './prove.ts'

const routes = (world: OrdersWorld, orderId: string): Program => inTenant(world, (tx) => routeOrders(tx, [orderId]))

async function setOnHand(world: OrdersWorld, offerId: string, onHand: number): Promise<void> {
  await changeOffer(world.db, world.tenantId, { offerId, onHand, actor: 'test' })
}

/** The same order on two pages at once. */
const ingestIngest: Pair = {
  async open() {
    const { world } = await openShop(5)
    return {
      world,
      programs: [ingests(world, world.order('A')), ingests(world, world.order('A'), world.order('B'))],
      faults: async () => [
        ...unless((await count(world, 'orders')) === 2, 'O1: an order exists twice or not at all'),
        ...unless((await count(world, 'purchase_orders')) === 2, 'P2: not one purchase order an order'),
      ],
    }
  },
}

/** Its cancellation arrives while the order is stored once more. */
const ingestCancel: Pair = {
  async open() {
    const { world } = await openShop(5)
    await world.ingest(world.order('A'))
    const older = world.order('A', { updatedAt: new Date(noon.getTime() + 60_000) })
    return {
      world,
      programs: [ingests(world, older), ingests(world, cancelled(world, 'A'))],
      faults: async () => [
        ...unless((await count(world, 'orders', "status = 'cancelled'")) === 1, 'O4: it is not cancelled'),
        ...unless((await count(world, 'orders', "channel_status = 'cancelled'")) === 1, 'O4: the older page won'),
        ...unless((await count(world, 'purchase_orders', "state <> 'cancelled'")) === 0, 'O6: one is still alive'),
      ],
    }
  },
}

/** Two orders want the last unit. */
const reserveReserve: Pair = {
  async open() {
    const { world, offerId } = await openShop(0)
    await world.ingest(world.order('A'), world.order('B'))
    await setOnHand(world, offerId, 1)
    const [first = '', second = ''] = await idsOf(world, 'orders')
    return {
      world,
      programs: [routes(world, first), routes(world, second)],
      faults: async () => [
        ...unless((await count(world, 'reservations', "state = 'active'")) === 1, 'S2: not exactly one got it'),
        ...unless((await count(world, 'order_line_components', "state = 'held'")) === 1, 'D4: the other does not wait'),
      ],
    }
  },
}

/** Buyers at two sales channels want the last unit at once, and neither page waits for the other before it takes it. */
const ingestLast: Pair = {
  async open() {
    const { world, variantId } = await openShop(3)
    const other = await world.addChannel('L1', variantId)
    const buys: [string, number][] = [['L1', 2]]
    return {
      world,
      programs: [
        ingests(world, world.order('A', { buys })),
        ingestsInto(world, other, world.order('B', { buys }), world.order('C')),
      ],
      faults: async () => {
        const numbers = await database.asOwner<{ number: string }>(
          'select number from purchase_orders where tenant_id = $1 order by number',
          [world.tenantId],
        )
        return [
          ...unless((await count(world, 'order_line_components', "state = 'held'")) === 1, 'D4: not one of them waits'),
          ...unless((await count(world, 'order_line_components', "state = 'routed'")) === 2, 'D4: not two are bought'),
          ...unless(
            isDeepStrictEqual(
              numbers.map(({ number }) => number),
              ['PO-000001', 'PO-000002'],
            ),
            'D5: a number is missing',
          ),
        ]
      },
    }
  },
}

/** Stock arrives while an order finds that there is none: it is told of it, or it sees it itself. */
const ingestRestock: Pair = {
  async open() {
    const { world, offerId } = await openShop(0)
    return {
      world,
      programs: [
        ingests(world, world.order('A')),
        async (db) => {
          await changeOffer(db, world.tenantId, { offerId, onHand: 1, actor: 'test' })
          // As its mark would have it.
          await routeWaitingOrders(db, world.tenantId)
        },
      ],
      faults: async () =>
        unless(
          (await count(world, 'order_line_components', "state = 'held'")) === 0,
          'D4: it waits for stock that is there',
        ),
    }
  },
}

/** The supplier's new figure arrives while units are promised. */
const reserveFeed: Pair = {
  async open() {
    const { world, offerId } = await openShop(0)
    await world.ingest(world.order('A', { buys: [['L1', 2]] }))
    await setOnHand(world, offerId, 3)
    const [order = ''] = await idsOf(world, 'orders')
    return {
      world,
      programs: [routes(world, order), (db) => changeOffer(db, world.tenantId, { offerId, onHand: 2, actor: 'test' })],
      faults: async () =>
        unless(
          (await count(world, 'reservations', "state = 'active'")) === 1,
          'S2: it got nothing though there was enough',
        ),
    }
  },
}

/** The marketplace calls it off while it goes to a supplier. */
const routeCancel: Pair = {
  async open() {
    const { world, offerId } = await openShop(0)
    await world.ingest(world.order('A'))
    await setOnHand(world, offerId, 1)
    const [order = ''] = await idsOf(world, 'orders')
    return {
      world,
      programs: [routes(world, order), ingests(world, cancelled(world, 'A'))],
      faults: async () => [
        ...unless((await count(world, 'purchase_orders', "state <> 'cancelled'")) === 0, 'O6: it still goes out'),
        ...unless((await count(world, 'reservations', "state = 'active'")) === 0, 'S2: stock stays promised'),
      ],
    }
  },
}

/** A parcel is entered while the marketplace calls the order off. */
const shipCancel: Pair = {
  async open() {
    const { world } = await openShop(5)
    await world.ingest(world.order('A'))
    const purchaseOrderId = await idOf(world, 'purchase_orders')
    return {
      world,
      programs: [ships(world, purchaseOrderId), ingests(world, cancelled(world, 'A'))],
      faults: async () => {
        const left = await count(world, 'shipments')
        const flagged = await count(world, 'problems', "kind = 'called-off-after-dispatch'")
        const alive = await count(world, 'purchase_orders', "state not in ('cancelled', 'dispatched')")
        return [
          ...unless(alive === 0, 'O6: a purchase order is neither cancelled nor dispatched'),
          ...unless(left === flagged, `O6: ${left} parcels left, ${flagged} flagged`),
          ...unless(
            (await count(world, 'effects', "kind = 'confirm-shipment'")) === left,
            'V1: not one confirmation a parcel',
          ),
        ]
      },
    }
  },
}

/** The same parcel entered by two at once. */
const shipShip: Pair = {
  async open() {
    const { world } = await openShop(5)
    await world.ingest(world.order('A'))
    const purchaseOrderId = await idOf(world, 'purchase_orders')
    const ship = ships(world, purchaseOrderId)
    return {
      world,
      programs: [ship, ship],
      faults: async () => [
        ...unless((await count(world, 'shipments')) === 1, 'V1: the parcel is there twice'),
        ...unless((await count(world, 'effects', "kind = 'confirm-shipment'")) === 1, 'V1: it is confirmed twice'),
      ],
    }
  },
}

/** Two workers take the same confirmation; the one that was overtaken must not settle it. */
const confirmConfirm: Pair = {
  async open() {
    const { world } = await openShop(5)
    await world.ingest(world.order('A'))
    const purchaseOrderId = await idOf(world, 'purchase_orders')
    await ships(world, purchaseOrderId)(world.db)
    const sends: string[] = []
    const confirms: Program = async (db) => {
      const tenant = db.tenant(world.tenantId)
      const [claim] = await tenant.transaction((tx) => claimConfirmations(tx, world.channelId, 1))
      if (!claim) return
      sends.push(claim.step)
      const settlement = settleSent({ kind: 'done' }, claim.sends)
      await tenant.transaction((tx) => settleConfirmations(tx, [{ claim, settlement }]))
    }
    return {
      world,
      programs: [confirms, confirms],
      faults: async () => [
        ...unless(sends.filter((step) => step === 'send').length === 1, `V1: told ${sends.join(', ')}`),
        ...unless((await count(world, 'effects', "state = 'applied'")) === 1, 'V1: it is not settled'),
        ...unless((await count(world, 'order_events', "kind = 'confirmation-sent'")) === 1, 'V1: settled twice'),
      ],
    }
  },
}

const pairs = {
  'ingest × ingest of one order': ingestIngest,
  'ingest × cancellation': ingestCancel,
  'reserve × reserve of the last unit': reserveReserve,
  'ingest × ingest of the last units': ingestLast,
  'ingest × stock that comes in': ingestRestock,
  'reserve × a new figure of the supplier': reserveFeed,
  'route × cancellation': routeCancel,
  'dispatch × cancellation': shipCancel,
  'dispatch × dispatch of one parcel': shipShip,
  'confirm × confirm': confirmConfirm,
}

/** Of a sales channel and its orders. */
const withoutLocks: Sabotage = (text) =>
  /from (sales_channels|orders)\b/.test(text) ? text.replace(/for no key update( of \w+)?/, '') : text

const enoughLeft = /and o\.on_hand - o\.reserved >= \w+\.quantity/

/** What is promised is written as the figure that was read, and one more. */
const readModifyWrite: Sabotage = (text) => {
  const kept = "'was.r' || replace(o.id::text, '-', '')"
  return text
    .replace(
      /o\.reserved,(?=[^]*for no key update of o\b)/,
      `o.reserved, set_config(${kept}, o.reserved::text, false) as was,`,
    )
    .replace(/for no key update of o\b/, '')
    .replace(/set reserved = o\.reserved \+(?= \w+\.quantity)/, `set reserved = current_setting(${kept})::int +`)
    .replace(enoughLeft, '')
}

provePairs('orders and parcels', pairs, [
  {
    bug: 'what is to wait for stock is decided without a lock',
    pair: ingestRestock,
    sabotage: (text) => (/from supplier_offers/.test(text) ? text.replace(/for no key update of o\b/, '') : text),
  },
  {
    bug: 'units decided on without a lock and taken without a condition',
    pair: ingestLast,
    sabotage: (text) => text.replace(enoughLeft, ''),
  },
  {
    bug: 'stock read without a lock and written without its condition',
    pair: reserveReserve,
    sabotage: (text) =>
      /from supplier_offers/.test(text) ? text.replace(/for no key update of o\b/, '') : text.replace(enoughLeft, ''),
  },
  { bug: 'stock read, counted and written back', pair: reserveReserve, sabotage: readModifyWrite },
  {
    bug: 'an order looked for without a lock and stored without its unique index',
    pair: ingestIngest,
    beforehand: 'alter table orders drop constraint orders_tenant_id_channel_id_marketplace_order_id_key',
    sabotage: withoutLocks,
  },
  { bug: 'an older page that overwrites a newer one', pair: ingestCancel, sabotage: withoutLocks },
])
