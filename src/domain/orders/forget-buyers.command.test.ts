import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { createOrdersWorld, noon, type OrdersWorld } from '../../../test/support/orders-world.ts'
import { addRefusals, insertImport, settleImport } from '../files/file-imports.store.ts'
import { declinePurchaseOrder } from '../purchasing/decline-purchase-order.command.ts'
import { claimSends, settleSend } from '../purchasing/sending.store.ts'
import { applyTracking } from '../shipping/apply-tracking.command.ts'
import { claimConfirmations, settleConfirmations } from '../shipping/confirmations.store.ts'
import { shipOrder } from '../shipping/ship-order.command.ts'
import { forgetBuyers } from './forget-buyers.command.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

let opened = 0

/** Each with a word of its own in all that its buyer says: what another test left behind is not its fault. */
async function open(way: 'screen' | 'email' | 'sftp' | 'webhook') {
  const canary = `Zqxcanary${++opened}x`
  const world = await createOrdersWorld(database)
  const supplierId = await world.addSupplier({}, { order_way: way, order_email: 'orders@north.test' })
  const variantId = await world.addVariant('V1')
  await world.addOffer({ supplierId, variantId, onHand: 10 })
  await world.addListing('L1', [[variantId, 1]])
  const { shipTo } = world.order('A')
  if (!shipTo) throw new Error('It has an address.')
  await world.ingest(
    world.order('A', {
      buyer: { name: `${canary} Buyer`, email: `${canary}@example.com`, phone: '0123' },
      shipTo: { ...shipTo, name: `${canary} Buyer`, street: `1 ${canary} Street` },
      raw: { note: canary },
    }),
  )
  const [row] = await database.asOwner<{ id: string }>('select id from purchase_orders where tenant_id = $1', [
    world.tenantId,
  ])
  return { world, supplierId, canary, purchaseOrderId: row?.id ?? '' }
}

/** Thirty-one days after everything; who was put into it is nowhere any more. */
async function forgetAll(world: OrdersWorld, canary: string): Promise<string[]> {
  await database.asOwner("update orders set closed_at = now() - interval '31 days' where tenant_id = $1", [
    world.tenantId,
  ])
  await database.asOwner("update file_imports set started_at = started_at - interval '31 days' where tenant_id = $1", [
    world.tenantId,
  ])
  await world.transaction((tx) => forgetBuyers(tx))
  return tablesWith(canary)
}

test.each(['email', 'sftp', 'webhook'] as const)('X3: what a supplier by %s answered is forgotten', async (way) => {
  const { world, supplierId, canary, purchaseOrderId } = await open(way)
  const [claim] = await world.transaction((tx) => claimSends(tx, { supplierId, way, place: 'there', limit: 1 }))
  if (!claim) throw new Error('It is due.')
  const refusal = `We do not deliver to ${canary} Buyer`
  await world.transaction((tx) => settleSend(tx, claim, { state: 'rejected', refusal }))
  expect(await tablesWith(canary)).toEqual(expect.arrayContaining(['public.effects', 'public.problems']))
  await database.asOwner("update purchase_orders set state = 'sent', sent_at = now() where tenant_id = $1", [
    world.tenantId,
  ])
  await leave(world, purchaseOrderId)
  expect(await forgetAll(world, canary)).toEqual([])
})

test('X3: what a supplier wrote as he declined is forgotten, and which of our reasons he chose stays', async () => {
  const { world, supplierId, canary, purchaseOrderId } = await open('screen')
  const decline = {
    purchaseOrderId,
    supplierId,
    reason: 'other' as const,
    note: `${canary} never pays`,
    actor: 'North',
  }
  await world.transaction((tx) => declinePurchaseOrder(tx, decline))
  expect(await forgetAll(world, canary)).toEqual([])
  expect(
    await database.asOwner('select cancel_reason as reason from purchase_orders where id = $1', [purchaseOrderId]),
  ).toEqual([{ reason: 'Another reason' }])
})

test('X3: what a marketplace said of a confirmation is forgotten', async () => {
  const { world, canary, purchaseOrderId } = await open('screen')
  await leave(world, purchaseOrderId)
  const [claim] = await world.transaction((tx) => claimConfirmations(tx, world.channelId, 1))
  if (!claim) throw new Error('It is due.')
  const settlement = { state: 'rejected' as const, refusal: `${canary} Buyer closed the order` }
  await world.transaction((tx) => settleConfirmations(tx, [{ claim, settlement }]))
  expect(await forgetAll(world, canary)).toEqual([])
})

test('X3: of tracking files, also at the desk, no word about a buyer stays', async () => {
  const { world, supplierId, canary, purchaseOrderId } = await open('screen')
  // At the desk he is answered at once, and nothing of his file is kept.
  const row = { line: 2, purchaseOrder: canary, carrier: 'UPS', trackingNumber: 'T9', shippedAt: noon }
  const at = { supplierId, actor: 'North', now: noon }
  await world.transaction((tx) =>
    applyTracking(tx, [{ ...row, supplierSku: null, quantity: null, text: canary } as never], at),
  )
  await world.transaction(async (tx) => {
    const id = tx.ids.uuid()
    const file = { kind: 'tracking' as const, supplierId, fileName: 'tracking.csv', sizeBytes: 9, layout: {} as never }
    await insertImport(tx, { id, ...file, actor: 'North', cameBy: 'upload', feedId: null })
    const reason = `There is no purchase order “${canary}” of this supplier.`
    await addRefusals(tx, id, [{ line: 2, column: 'purchaseOrder', reason, text: `${canary},UPS`, rowTaken: false }])
    const counts = { rowsRead: 1, rowsApplied: 0, rowsUnchanged: 0, rowsRefused: 1 }
    await settleImport(tx, id, { state: 'applied', counts, notes: [`${canary} is no carrier we know`] })
  })
  await leave(world, purchaseOrderId)
  expect(await forgetAll(world, canary)).toEqual([])
})

async function leave(world: OrdersWorld, purchaseOrderId: string): Promise<void> {
  const parcel = { purchaseOrderId, carrier: 'ups', trackingNumber: 'T1', shippedAt: noon, actor: 'North' }
  expect((await world.transaction((tx) => shipOrder(tx, parcel))).kind).toBe('dispatched')
}

/** Every table of the database, as text. */
async function tablesWith(word: string): Promise<string[]> {
  const tables = await database.asOwner<{ name: string }>(
    "select table_schema || '.' || table_name as name from information_schema.tables where table_type = 'BASE TABLE' and table_schema in ('public', 'auth')",
  )
  const found: string[] = []
  for (const { name } of tables) {
    const rows = await database.asOwner(`select from ${name} t where t::text ilike '%' || $1 || '%' limit 1`, [word])
    if (rows.length > 0) found.push(name)
  }
  return found
}
