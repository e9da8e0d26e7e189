import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { countByStatus } from '../../src/domain/orders/order-views.store.ts'
import { acceptPurchaseOrders } from '../../src/domain/purchasing/accept-purchase-order.command.ts'
import { routeWaitingOrders } from '../../src/domain/purchasing/route-waiting.command.ts'
import { claimConfirmations, settleConfirmations } from '../../src/domain/shipping/confirmations.store.ts'
import { settleSent } from '../../src/domain/shipping/confirmations.ts'
import { shipOrder } from '../../src/domain/shipping/ship-order.command.ts'
import { changeOffer } from '../../src/domain/stock/change-offer.command.ts'
import { settleMarks } from '../../src/domain/stock/settle-stock.command.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createOrdersWorld, noon } from '../support/orders-world.ts'
import { fingerprint } from '../support/seed-tenant.ts'

// X1: two walls keep businesses apart, the tenant in each where and the row-level security of the tables, and each holds
// alone. The planted bug is the missing filter: taken out of every statement at once, the other wall still holds; with
// that gone as well, a business reads and changes what is another's, and this test sees it.

/** Two databases: as it is, and one whose tables let everything in. */
let walled: TestDatabase
let open: TestDatabase
beforeAll(async () => {
  walled = await createTestDatabase()
  open = await createTestDatabase()
  await open.asOwner(`
    do $$ declare name text; begin
      for name in select oid::regclass from pg_class where relrowsecurity loop
        execute format('alter table %s disable row level security', name);
      end loop;
    end $$`)
})
afterAll(() => Promise.all([walled.dispose(), open.dispose()]))

/** The business another one must not touch: each of its rows is like one of the other's, and much of it is open. */
type Business = { tenantId: string; end(): Promise<void> }

async function begin(database: TestDatabase): Promise<Business> {
  const world = await createOrdersWorld(database)
  const { tenantId, db, transaction } = world
  const supplierId = await world.addSupplier({ name: 'North' }, { charges_vat: true })
  const variantId = await world.addVariant('V1')
  const offerId = await world.addOffer({ supplierId, variantId, onHand: 3 })
  await world.addListing('L1', [[variantId, 1]])
  const byMail = await world.addSupplier({ name: 'South' }, { order_way: 'email', order_email: 'orders@south.test' })
  const mailedId = await world.addVariant('V2')
  await world.addOffer({ supplierId: byMail, variantId: mailedId, onHand: 3 })
  await world.addListing('L2', [[mailedId, 1]])
  const orders = ['A', 'B', 'C', 'D'].map((id) => world.order(id))
  await world.ingest(...orders, world.order('E', { buys: [['L2', 1]] }))
  const [first = '', second = ''] = (
    await database.asOwner<{ id: string }>('select id from purchase_orders where tenant_id = $1 order by number', [
      tenantId,
    ])
  ).map(({ id }) => id)
  const ships = async (purchaseOrderId: string) => {
    const parcel = { purchaseOrderId, carrier: 'UPS', trackingNumber: '1Z1', shippedAt: noon, actor: 'test' }
    const shipped = await transaction((tx) => shipOrder(tx, parcel))
    if (shipped.kind !== 'dispatched') throw new Error(`It was not dispatched: ${JSON.stringify(shipped)}`)
  }
  await ships(first)
  return {
    tenantId,
    async end() {
      const updatedAt = new Date(noon.getTime() + 120_000)
      const status = { status: 'cancelled', marketplaceStatus: 'cancelled', updatedAt } as const
      await transaction((tx) =>
        acceptPurchaseOrders(tx, [{ purchaseOrderId: second, reference: 'S-1' }], { supplierId, actor: 'North' }),
      )
      await ships(second)
      await world.ingest(world.order('C', status))
      await changeOffer(db, tenantId, { offerId, onHand: 5, actor: 'test' })
      await routeWaitingOrders(db, tenantId)
      await settleMarks(db, tenantId)
      const claims = await transaction((tx) => claimConfirmations(tx, world.channelId, 10))
      const ended = claims.map((claim) => ({ claim, settlement: settleSent({ kind: 'done' as const }, claim.sends) }))
      await transaction((tx) => settleConfirmations(tx, ended))
    },
  }
}

/** What has become of a business, without the ids. */
async function storyOf(database: TestDatabase, tenantId: string): Promise<unknown> {
  const [row] = await database.asOwner(
    `select
       (select jsonb_agg(x order by x) from (select marketplace_order_id || ' ' || status as x from orders where tenant_id = $1) o) as orders,
       (select jsonb_agg(x order by x) from (select number || ' ' || state as x from purchase_orders where tenant_id = $1) o) as sent,
       (select jsonb_agg(x order by x) from (select number || ' ' || kind || ' ' || total_minor as x from invoices where tenant_id = $1) o) as billed,
       (select jsonb_agg(x order by x) from (select on_hand || ' ' || reserved as x from supplier_offers where tenant_id = $1) o) as stock,
       (select jsonb_agg(x order by x) from (select kind || ' ' || state as x from effects where tenant_id = $1) o) as told,
       (select jsonb_agg(x order by x) from (select kind as x from order_events where tenant_id = $1) o) as story,
       (select jsonb_agg(x order by x) from (select kind || ' ' || desired as x from listing_targets where tenant_id = $1) o) as shown`,
    [tenantId],
  )
  const seen = await database.db.read(tenantId, (tx) => countByStatus(tx))
  return { ...row, seen }
}

/** Every statement of the hub, without asking whose rows they are. */
const withoutFilter = async (text: string): Promise<string> =>
  text.replace(/(\b\w+\.|"\w+"\.)?("tenant_id"|\btenant_id) = (\$\d+)/g, '$3::uuid is not null')

/** What one business sees and does of another that stands beside it. */
async function trespass(database: TestDatabase, onStatement?: (text: string) => Promise<string>): Promise<string[]> {
  const theirs = await begin(database)
  const alone = await begin(database)
  await alone.end()
  const before = await fingerprint(database, theirs.tenantId)
  const db = onStatement ? database.connect({ onStatement }) : database.db
  const faults: string[] = []
  const breaksOff = (error: unknown) => void faults.push(`it broke off: ${String(error)}`)
  const ours = await begin({ ...database, db }).catch(breaksOff)
  await ours?.end().catch(breaksOff)
  const became = ours && JSON.stringify(await storyOf({ ...database, db }, ours.tenantId))
  if (became !== JSON.stringify(await storyOf(database, alone.tenantId))) faults.push(`it became ${became}`)
  if ((await fingerprint(database, theirs.tenantId)) !== before) faults.push('another business was changed')
  return faults
}

describe('X1: two walls around a business, of which each holds alone', () => {
  test('with both', async () => {
    expect(await trespass(walled)).toEqual([])
  })

  test('planted: no statement asks for the tenant; row-level security holds', async () => {
    expect(await trespass(walled, withoutFilter)).toEqual([])
  })

  test('planted: no row-level security; every statement asks for the tenant', async () => {
    expect(await trespass(open)).toEqual([])
  })

  test('planted: neither, and it is noticed', async () => {
    const faults = await trespass(open, withoutFilter)
    console.log(faults.join('\n'))
    expect(faults).not.toEqual([])
  })
})
