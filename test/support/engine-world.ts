// The engine on virtual time with the Reverb sandbox behind its HTTP port: for tests of what is sent, and of what is made
// of the answers.
import { nothingOutside } from './nothing-outside.ts'
import { sandboxHttp } from './sandbox-http.ts'
import type { TestDatabase } from './database.ts'
import { createReverbSandbox, type ReverbSandbox } from '../../sandboxes/reverb/index.ts'
import { handleKick, type KickOutcome } from '../../src/engine/channel-job.ts'
import type { ChannelOperation, EngineParts } from '../../src/engine/channel-run.ts'
import { connectChannel, type ConnectResult } from '../../src/engine/connect.ts'
import { channelOperations } from '../../src/engine/schedule.ts'
import { settleStock } from '../../src/engine/settle-stock.ts'
import type { Tx } from '../../src/platform/database.ts'
import { seededIds } from '../../src/platform/ids.ts'
import { silentLog } from '../../src/platform/log.ts'
import { seededRandom } from '../../src/platform/random.ts'
import { createSecrets } from '../../src/platform/secrets.ts'
import { createVirtualClock, type VirtualClock } from '../../src/platform/virtual-clock.ts'
import { createVirtualQueue, type VirtualQueue } from '../../src/platform/virtual-queue.ts'

export type EngineWorld = {
  parts: EngineParts
  clock: VirtualClock
  queue: VirtualQueue
  sandbox: ReverbSandbox
  tenantId: string
  supplierId: string
  /** Called before each request reaches the sandbox. */
  onRequest: { before: ((method: string, url: string) => void | Promise<void>) | undefined }
  transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>
  connect(changes?: { name?: string; token?: string }): Promise<ConnectResult>
  /** By this its orders go, where nothing else is said. */
  giveDefaultService(channelId: string): Promise<void>
  /** The id of a new channel. */
  channel(name?: string): Promise<string>
  kick(channelId: string, operation: ChannelOperation['name']): Promise<KickOutcome>
  /** Runs an operation to its end, taking turns as they come. */
  finish(channelId: string, operation: ChannelOperation['name']): Promise<KickOutcome>
  settle(): Promise<void>
  wait(seconds: number): Promise<void>
  addVariant(
    sku: string,
    changes?: { barcode?: string | null; price?: number | null; currency?: string },
  ): Promise<string>
  addOffer(variantId: string, onHand: number | null, supplierId?: string): Promise<string>
  listings(channelId: string): Promise<ListingOf[]>
  target(listingId: string, kind?: 'stock' | 'price'): Promise<TargetOf | undefined>
}

export type ListingOf = {
  id: string
  marketplace_listing_id: string
  channel_sku: string
  state: string
  quantity: number | null
  missing_since: Date | null
}
export type TargetOf = {
  state: string
  desired: number | null
  accepted: number | null
  verified: number | null
  attempts: number
  refusal: string | null
  urgency: number
  desired_version: number
}

/** Worlds of one test file share a database, so each has ids of its own. */
let worlds = 0

const noon = new Date('2026-03-02T12:00:00Z')

export async function createEngineWorld(test: TestDatabase): Promise<EngineWorld> {
  const clock = createVirtualClock(noon)
  const random = seededRandom(`engine world ${++worlds}`)
  const db = test.connect({ clock, ids: seededIds(clock, random) })
  const virtualQueue = createVirtualQueue(clock)
  const queue = virtualQueue.connect()
  db.attachQueue(queue)
  const tenantId = await test.addTenant()
  const sandboxRandom = seededRandom(`sandbox ${worlds}`)
  const sandbox = createReverbSandbox(
    { now: () => clock.now(), random: () => sandboxRandom.float() },
    { empty: true, currency: 'GBP', origin: 'http://sandbox.test' },
  )
  const onRequest: EngineWorld['onRequest'] = { before: undefined }
  const parts: EngineParts = {
    db,
    queue,
    clock,
    ids: seededIds(clock, random),
    random,
    http: sandboxHttp(() => sandbox, onRequest),
    secrets: createSecrets([Buffer.alloc(32, 7)]),
    log: silentLog,
    ...nothingOutside,
    marketplaceUrls: { reverb: 'http://sandbox.test/api' },
    appCredentials: {},
  }
  const transaction = <Result>(work: (tx: Tx) => Promise<Result>) => db.tenant(tenantId).transaction(work)
  const supplierId = parts.ids.uuid()
  await transaction((tx) =>
    tx
      .insertInto('suppliers')
      .values({ tenant_id: tenantId, id: supplierId, name: 'Supplier', currency: 'GBP' })
      .execute(),
  )
  const serviceId = parts.ids.uuid()
  await transaction((tx) =>
    tx.insertInto('shipping_services').values({ tenant_id: tenantId, id: serviceId, name: 'Standard' }).execute(),
  )
  const giveDefaultService: EngineWorld['giveDefaultService'] = (channelId) =>
    transaction(async (tx) => {
      await tx
        .updateTable('sales_channels')
        .set({ default_shipping_service_id: serviceId })
        .where('tenant_id', '=', tenantId)
        .where('id', '=', channelId)
        .execute()
    })
  const connect: EngineWorld['connect'] = async ({ name = 'My shop', token = sandbox.account.token } = {}) => {
    const result = await connectChannel(parts, tenantId, {
      marketplace: 'reverb',
      name,
      currency: 'GBP',
      account: { token },
      actor: 'A person',
    })
    // With a default service its orders go on (C3).
    if (result.kind === 'added') await giveDefaultService(result.channelId)
    return result
  }
  const kick: EngineWorld['kick'] = (channelId, operation) =>
    passing(clock, handleKick(parts, channelOperations, { tenantId, channelId, operation }))
  return {
    parts,
    clock,
    queue: virtualQueue,
    sandbox,
    tenantId,
    supplierId,
    onRequest,
    transaction,
    connect,
    giveDefaultService,
    async channel(name) {
      const added = await connect(name === undefined ? {} : { name })
      if (added.kind !== 'added') throw new Error(added.message)
      return added.channelId
    },
    kick,
    async finish(channelId, operation) {
      for (let turns = 0; turns < 500; turns++) {
        const outcome = await kick(channelId, operation)
        if (outcome === 'done') return outcome
        await wait(clock, outcome === 'again' ? 0 : 30)
      }
      throw new Error(`${operation} did not come to its end.`)
    },
    settle: () => settleStock.run(parts, { tenantId }),
    wait: (seconds) => wait(clock, seconds),
    addVariant: (sku, changes) => transaction((tx) => insertVariant(tx, sku, changes)),
    addOffer: (variantId, onHand, supplier = supplierId) =>
      transaction((tx) => insertOffer(tx, variantId, onHand, supplier)),
    listings: (channelId) =>
      test.asOwner<ListingOf>('select * from listings where channel_id = $1 order by marketplace_listing_id', [
        channelId,
      ]),
    async target(listingId, kind = 'stock') {
      const [row] = await test.asOwner<TargetOf>(
        `select state, desired::int, accepted::int, verified::int, attempts, refusal, urgency, desired_version::int
         from listing_targets where listing_id = $1 and kind = $2`,
        [listingId, kind],
      )
      return row
    },
  }
}

function wait(clock: VirtualClock, seconds: number): Promise<void> {
  return clock.runUntil(new Date(clock.now().getTime() + seconds * 1000))
}

/** Lets time pass as long as the work waits for it. */
async function passing<Result>(clock: VirtualClock, work: Promise<Result>): Promise<Result> {
  let isOver = false
  const over = work.finally(() => {
    isOver = true
  })
  over.catch(() => {})
  for (;;) {
    await clock.settle()
    if (isOver) return over
    await wait(clock, 1)
  }
}

async function insertVariant(
  tx: Tx,
  sku: string,
  {
    barcode = null,
    price = 1000,
    currency = 'GBP',
  }: { barcode?: string | null; price?: number | null; currency?: string } = {},
): Promise<string> {
  const productId = tx.ids.uuid()
  const id = tx.ids.uuid()
  const { tenantId } = tx
  await tx
    .insertInto('products')
    .values({ tenant_id: tenantId, id: productId, handle: id, title: `Product ${sku}` })
    .execute()
  await tx
    .insertInto('variants')
    .values({
      tenant_id: tenantId,
      id,
      product_id: productId,
      sku,
      sku_normalized: sku.toUpperCase().replaceAll(/[^A-Z0-9]/g, ''),
      barcode,
      price_minor: price,
      currency,
      search_text: `${sku} product ${sku}`.toLowerCase(),
    })
    .execute()
  return id
}

async function insertOffer(tx: Tx, variantId: string, onHand: number | null, supplierId: string): Promise<string> {
  const id = tx.ids.uuid()
  const { tenantId } = tx
  await tx
    .insertInto('supplier_offers')
    .values({
      tenant_id: tenantId,
      id,
      supplier_id: supplierId,
      variant_id: variantId,
      supplier_sku: id,
      currency: 'GBP',
      on_hand: onHand,
    })
    .execute()
  return id
}
