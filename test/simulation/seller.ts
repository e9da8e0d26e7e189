// The business of a run, set up by the commands a seller's screen would send: suppliers, products with offers, the
// connected sales channels, their listings mapped, and stock update on.
import { sql } from 'kysely'
import { connectorOf } from '../../src/connectors/index.ts'
import { changeChannelSettings } from '../../src/domain/channels/change-settings.command.ts'
import { proposeMappings } from '../../src/domain/listings/auto-map.store.ts'
import { mapListings } from '../../src/domain/listings/map-listings.command.ts'
import type { MappingChange } from '../../src/domain/listings/mapping.ts'
import { createBusiness } from '../../src/domain/people/create-business.command.ts'
import { listShippingServices } from '../../src/domain/shipping/shipping-services.store.ts'
import { setOnHand } from '../../src/domain/stock/offers.store.ts'
import { findSitesOf, storeChannel } from '../../src/engine/connect.ts'
import type { Tx } from '../../src/platform/database.ts'
import { enterSuppliers } from './suppliers.ts'
import { introducedAccount, type Market } from './market.ts'
import type { Line } from './marketplaces.ts'
import type { SimulatedProcess } from './process.ts'
import type { Simulation } from './simulation.ts'

const actor = 'The seller'

/** What is for sale at a marketplace, before the hub knows of it. */
export function catalogueOf({ tape, swarm }: Pick<Simulation, 'tape' | 'swarm'>, { words }: Market): Line[] {
  const plain = Array.from({ length: swarm.skus }, (_, index): Line => {
    const inventory = tape.between('catalogue/inventory', 1, 30)
    const line = { sku: skuOf(index), title: `Kestrel Strap No. ${index}`, price: 10 + index, inventory }
    // One in eight is one of a kind, which some marketplaces sell once and end for good by a 0.
    return tape.chance('catalogue/used', 0.12) ? { ...line, isOneOfAKind: true } : line
  })
  const again = { sku: skuOf(1), title: 'Kestrel Strap No. 1 once more', price: 12, inventory: 3 }
  return [
    ...plain,
    { sku: packSku, title: 'Kestrel Strap, two of them', price: 18, inventory: 5 },
    { sku: kitSku, title: 'Kestrel Strap and another', price: 25, inventory: 5 },
    ...(words.skusRepeat ? [again] : []),
    { sku: 'NOT-OURS', title: 'Harrow Picks', price: 4, inventory: 40 },
  ]
}

export const packSku = 'PACK-0'
export const kitSku = 'KIT-01'
const skuOf = (index: number) => `STRAP-${String(index).padStart(3, '0')}`

export async function openBusiness(simulation: Simulation, office: SimulatedProcess): Promise<void> {
  const { parts } = office
  const created = await createBusiness(parts.db, parts.ids, {
    businessName: 'A seller',
    currency: 'GBP',
    timeZone: 'Europe/London',
    owner: { name: actor, email: 'seller@example.test', passwordHash: 'not used here' },
  })
  if (created.kind !== 'created') throw new Error(`No business: ${created.reason}`)
  simulation.tenantId = created.tenantId
  await enterSuppliers(simulation, office)
  await parts.db.tenant(created.tenantId).transaction((tx) => addCatalogue(tx, simulation))
  for (const market of simulation.markets) await connect(simulation, office, market)
  await slowDown(simulation)
}

/** With an account the seller allowed before, as the consent would have left it. */
async function connect({ tenantId, clock }: Simulation, { parts }: SimulatedProcess, market: Market): Promise<void> {
  const connector = connectorOf(market.id)
  if (!connector) throw new Error(`There is no connector of ${market.id}.`)
  const given = introducedAccount(market, clock.now())
  const { siteId, shopId } = market.sandbox.introduce(market.origin).account
  const wanted = siteId ?? shopId
  const tried = await findSitesOf(parts, connector, {
    account: given,
    siteId: connector.sites ? String(wanted) : null,
  })
  if (tried.kind === 'refused') throw new Error(`No site at ${market.id}: ${tried.message}`)
  const { sites, account } = tried
  const site = sites.find(({ id }) => id === wanted) ?? sites[0]
  if (!site) throw new Error(`No site at ${market.id}.`)
  const name = `My shop at ${market.id}`
  const added = await storeChannel(parts, tenantId, { connector, site, account, name, currency: site.currency, actor })
  if (added.kind !== 'added') throw new Error(`Not connected: ${added.message}`)
  market.channelId = added.channelId
  market.accountId = await parts.db.read(tenantId, async (tx) => {
    const { rows } = await sql<{ id: string }>`
      select account_id as id from sales_channels where tenant_id = ${tenantId} and id = ${added.channelId}
    `.execute(tx)
    return rows[0]?.id ?? ''
  })
}

/** A poll a minute for days is what would cost the most here and show the least. */
async function slowDown({ db, swarm }: Simulation): Promise<void> {
  const seconds = swarm.pollMinutes * 60
  await sql`update channel_work set every_seconds = greatest(every_seconds, ${seconds})`.execute(db.system)
  await sql`update tenant_work set every_seconds = greatest(every_seconds, ${seconds})`.execute(db.system)
  if (swarm.tempo === 'brisk') return
  await sql`update channel_work set every_seconds = 86400 where operation = any(${idleWork}::text[])`.execute(db.system)
  await sql`update tenant_work set every_seconds = 86400 where job = any(${idleWork}::text[])`.execute(db.system)
}

/** Of what nobody does in this business: prices by rule, new listings, searches, bulk actions. */
const idleWork = ['push-prices', 'change-listings', 'settle-prices', 'settle-grid', 'index-orders', 'bulk-orders']

async function addCatalogue(tx: Tx, { tape, swarm, suppliers }: Simulation): Promise<void> {
  const stock: { offerId: string; onHand: number }[] = []
  for (let index = 0; index < swarm.skus; index++) {
    const variantId = await addVariant(tx, skuOf(index))
    // Everyone has it, or one of them alone.
    const isCommon = tape.chance('offer/common', 0.5)
    const only = tape.choose('offer/only', suppliers.length)
    for (const [place, supplier] of suppliers.entries()) {
      if (!isCommon && place !== only) continue
      const offerId = tx.ids.uuid()
      await sql`
        insert into supplier_offers (tenant_id, id, supplier_id, variant_id, supplier_sku, cost_minor, currency)
        values (${tx.tenantId}, ${offerId}, ${supplier.id}, ${variantId}, ${`S-${skuOf(index)}`}, ${300 + place}, ${supplier.currency})
      `.execute(tx)
      stock.push({ offerId, onHand: tape.between('offer/on-hand', 0, 25) })
    }
  }
  await setOnHand(
    tx,
    stock.map((offer) => ({ ...offer, reason: 'file', reference: null, actor: 'A first file' })),
  )
}

async function addVariant(tx: Tx, sku: string): Promise<string> {
  const [productId, variantId] = [tx.ids.uuid(), tx.ids.uuid()]
  await sql`insert into products (tenant_id, id, handle, title) values (${tx.tenantId}, ${productId}, ${sku}, ${`Strap ${sku}`})`.execute(
    tx,
  )
  await sql`
    insert into variants (tenant_id, id, product_id, sku, sku_normalized, currency)
    values (${tx.tenantId}, ${variantId}, ${productId}, ${sku}, ${sku.replaceAll('-', '')}, 'GBP')
  `.execute(tx)
  return variantId
}

/** Once the listings are downloaded: what is proposed is accepted, pack and kit are mapped by hand. */
export async function mapAndSwitchOn(simulation: Simulation, office: SimulatedProcess): Promise<void> {
  for (const market of simulation.markets) await mapOne(simulation, office, market)
}

async function mapOne(
  { tenantId, swarm }: Simulation,
  office: SimulatedProcess,
  { id, channelId }: Market,
): Promise<void> {
  const { db } = office.parts
  const change = await db.read(tenantId, async (tx): Promise<MappingChange> => {
    const { proposals } = await proposeMappings(tx, channelId)
    const proposed = proposals.map(({ listing, variant }) => ({
      listingId: listing.id,
      components: [{ variantId: variant.id, quantity: 1 }],
    }))
    const done = new Set(proposed.map((one) => one.listingId))
    return { map: [...proposed, ...(await byHand(tx, channelId, done))], unlink: [] }
  })
  if (change.map.length < swarm.skus) throw new Error(`Only ${change.map.length} listings of ${id} are here.`)
  const saved = await mapListings(db, tenantId, { channelId, change, actor })
  if (saved.kind !== 'saved') throw new Error(`Not mapped: ${saved.reason}`)
  const { stockThreshold, advertisedMax, excludeUnmapped, splitMixed } = swarm
  const follows = { stockUpdate: true, stockThreshold, advertisedMax, excludeUnmapped, splitMixed }
  const settings = await changeChannelSettings(db, tenantId, {
    channelId,
    change: { ...follows, defaultShippingServiceId: swarm.mapsShipping ? null : await firstService(db, tenantId) },
    actor,
  })
  if (settings.kind !== 'saved') throw new Error('The settings were refused.')
}

/** The one every business begins with: without it orders would wait for a person. */
function firstService(db: SimulatedProcess['parts']['db'], tenantId: string): Promise<string | null> {
  return db.read(tenantId, async (tx) => (await listShippingServices(tx))[0]?.id ?? null)
}

async function byHand(tx: Tx, channelId: string, done: Set<string>): Promise<MappingChange['map']> {
  const { rows: variants } = await sql<{ id: string; sku: string }>`
    select id, sku from variants where tenant_id = ${tx.tenantId} order by sku
  `.execute(tx)
  const { rows: listings } = await sql<{ id: string; sku: string }>`
    select id, channel_sku as sku from listings
    where tenant_id = ${tx.tenantId} and channel_id = ${channelId} order by marketplace_listing_id
  `.execute(tx)
  const part = (index: number, quantity: number) => ({ variantId: variants[index]?.id ?? '', quantity })
  return listings
    .filter((listing) => !done.has(listing.id))
    .flatMap(({ id: listingId, sku }) => {
      if (sku === packSku) return [{ listingId, components: [part(0, 2)] }]
      if (sku === kitSku) return [{ listingId, components: [part(0, 1), part(1, 1)] }]
      if (sku === skuOf(1)) return [{ listingId, components: [part(1, 1)] }]
      return []
    })
}
