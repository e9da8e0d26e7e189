// The business of a run, set up by the commands a seller's screen would send: suppliers, products with offers, the
// connected sales channel, its listings mapped, and stock update on.
import { sql } from 'kysely'
import type { CatalogueLine } from '../../sandboxes/reverb/catalogue.ts'
import { changeChannelSettings } from '../../src/domain/channels/change-settings.command.ts'
import { proposeMappings } from '../../src/domain/listings/auto-map.store.ts'
import { mapListings } from '../../src/domain/listings/map-listings.command.ts'
import type { MappingChange } from '../../src/domain/listings/mapping.ts'
import { createBusiness } from '../../src/domain/people/create-business.command.ts'
import { setOnHand } from '../../src/domain/stock/offers.store.ts'
import { connectChannel } from '../../src/engine/connect.ts'
import type { Tx } from '../../src/platform/database.ts'
import type { SimulatedProcess } from './process.ts'
import type { Simulation } from './simulation.ts'

const actor = 'The seller'

/** What is for sale at the marketplace, before the hub knows of it. */
export function catalogueOf({ tape, swarm }: Pick<Simulation, 'tape' | 'swarm'>): CatalogueLine[] {
  const plain = Array.from({ length: swarm.skus }, (_, index): CatalogueLine => {
    const sku = skuOf(index)
    const common = { sku, title: `Kestrel Strap No. ${index}`, price: 10 + index }
    // One in eight is one of a kind, which is sold once and ended for good by a 0.
    if (tape.chance('catalogue/used', 0.12)) return { ...common, condition: 'Excellent' }
    return { ...common, inventory: tape.between('catalogue/inventory', 1, 30) }
  })
  return [
    ...plain,
    { sku: packSku, title: 'Kestrel Strap, two of them', price: 18, inventory: 5 },
    { sku: kitSku, title: 'Kestrel Strap and another', price: 25, inventory: 5 },
    { sku: skuOf(1), title: 'Kestrel Strap No. 1 once more', price: 12, inventory: 3 },
    { sku: 'NOT-OURS', title: 'Harrow Picks', price: 4, inventory: 40 },
  ]
}

const packSku = 'PACK-0'
const kitSku = 'KIT-01'
const skuOf = (index: number) => `STRAP-${String(index).padStart(3, '0')}`

export async function openBusiness(simulation: Simulation, office: SimulatedProcess): Promise<void> {
  const { parts } = office
  const created = await createBusiness(parts.db, parts.ids, {
    businessName: 'A seller',
    currency: 'USD',
    timeZone: 'Europe/London',
    owner: { name: actor, email: 'seller@example.test', passwordHash: 'not used here' },
  })
  if (created.kind !== 'created') throw new Error(`No business: ${created.reason}`)
  simulation.tenantId = created.tenantId
  await parts.db.tenant(created.tenantId).transaction((tx) => addCatalogue(tx, simulation))
  const connected = await connectChannel(parts, created.tenantId, {
    marketplace: 'reverb',
    name: 'My shop',
    currency: 'USD',
    account: { token: simulation.sandbox.account.token },
    actor,
  })
  if (connected.kind !== 'added') throw new Error(`Not connected: ${connected.message}`)
  simulation.channelId = connected.channelId
  await slowDown(simulation)
}

/** A poll a minute for days is what would cost the most here and show the least. */
async function slowDown({ db, channelId, swarm }: Simulation): Promise<void> {
  const seconds = swarm.pollMinutes * 60
  await sql`
    update channel_work set every_seconds = greatest(every_seconds, ${seconds}) where channel_id = ${channelId}
  `.execute(db.system)
  await sql`update tenant_work set every_seconds = greatest(every_seconds, ${seconds})`.execute(db.system)
}

async function addCatalogue(tx: Tx, { tape, swarm }: Simulation): Promise<void> {
  const suppliers = Array.from({ length: swarm.suppliers }, (_, index) => ({
    id: tx.ids.uuid(),
    name: `Supplier ${index + 1}`,
    preference: tape.pick('supplier/preference', [10, 10, 20]),
  }))
  for (const { id, name, preference } of suppliers) {
    await sql`insert into suppliers (tenant_id, id, name, preference, currency) values (${tx.tenantId}, ${id}, ${name}, ${preference}, 'USD')`.execute(
      tx,
    )
  }
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
        values (${tx.tenantId}, ${offerId}, ${supplier.id}, ${variantId}, ${`S-${skuOf(index)}`}, ${300 + place}, 'USD')
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
    values (${tx.tenantId}, ${variantId}, ${productId}, ${sku}, ${sku.replaceAll('-', '')}, 'USD')
  `.execute(tx)
  return variantId
}

/** Once the listings are downloaded: what is proposed is accepted, pack and kit are mapped by hand. */
export async function mapAndSwitchOn(
  { tenantId, channelId, swarm }: Simulation,
  office: SimulatedProcess,
): Promise<void> {
  const { db } = office.parts
  const change = await db.read(tenantId, async (tx): Promise<MappingChange> => {
    const { proposals } = await proposeMappings(tx, channelId)
    const proposed = proposals.map(({ listing, variant }) => ({
      listingId: listing.id,
      components: [{ variantId: variant.id, quantity: 1 }],
    }))
    return { map: [...proposed, ...(await byHand(tx, new Set(proposed.map((one) => one.listingId))))], unlink: [] }
  })
  const saved = await mapListings(db, tenantId, { channelId, change, actor })
  if (saved.kind !== 'saved') throw new Error(`Not mapped: ${saved.reason}`)
  const settings = await changeChannelSettings(db, tenantId, {
    channelId,
    change: {
      stockUpdate: true,
      stockThreshold: swarm.stockThreshold,
      advertisedMax: swarm.advertisedMax,
      excludeUnmapped: swarm.excludeUnmapped,
    },
    actor,
  })
  if (settings.kind !== 'saved') throw new Error('The settings were refused.')
}

async function byHand(tx: Tx, done: Set<string>): Promise<MappingChange['map']> {
  const { rows: variants } = await sql<{ id: string; sku: string }>`
    select id, sku from variants where tenant_id = ${tx.tenantId} order by sku
  `.execute(tx)
  const { rows: listings } = await sql<{ id: string; sku: string }>`
    select id, channel_sku as sku from listings where tenant_id = ${tx.tenantId} order by marketplace_listing_id
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
