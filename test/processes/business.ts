// A business set up over HTTP as a person would: goods, four marketplaces, and four suppliers, each with another way for
// purchase orders.
import { randomUUID } from 'node:crypto'
import { stringify } from 'csv-stringify/sync'
import { createAmazonSandbox } from '../../sandboxes/amazon/index.ts'
import type { SandboxControl } from '../../sandboxes/kit/control.ts'
import type { ServedSandbox } from '../../sandboxes/kit/sandbox.ts'
import { realWorld, serveSandbox } from '../../sandboxes/kit/serve.ts'
import { createReverbSandbox } from '../../sandboxes/reverb/index.ts'
import { createTiktokSandbox } from '../../sandboxes/tiktok/index.ts'
import { createWishSandbox } from '../../sandboxes/wish/index.ts'
import { shopifyFile } from '../../scripts/demo/seed.ts'
import { connectorOf } from '../../src/connectors/index.ts'
import { appVariable } from '../../src/engine/app-credentials.ts'
import type { SftpPeer } from '../support/sftp-peer.ts'
import type { WebhookPeer } from '../support/webhook-peer.ts'
import type { MarketplaceId } from '../simulation/marketplaces.ts'
import { askerFor, type Asker } from './asker.ts'

export type Shop = {
  id: MarketplaceId
  control: SandboxControl
  sandbox: ServedSandbox
  origin: string
  /** Where its API begins. */
  url: string
  account: Record<string, string>
  channelId: string
  stop(): Promise<void>
}

export type Way = 'screen' | 'email' | 'sftp' | 'webhook'
export type Supplier = { id: string; name: string; way: Way; asker: Asker }
export type Business = { tenantId: string; seller: Asker; shops: Shop[]; suppliers: Supplier[] }

export const ways: Way[] = ['screen', 'webhook', 'sftp', 'email']
/** Each is offered by the supplier whose turn it is, and every third by the next one as well. */
export const goods = Array.from({ length: 12 }, (_, index) => ({
  sku: `KEEL-${String(index).padStart(2, '0')}`,
  title: `Keel Bolt No. ${index}`,
  price: 10 + index,
}))
const stockEach = 2000

const options = { empty: true, currency: 'GBP', delayFactor: 0.02 } as const
/** These tests are about what breaks, and not about the marketplaces' limits. */
const limit = { perSecond: 500, burst: 5000 }

/** They run in the process of the test, which nobody ends. */
export async function openShops(seed: number): Promise<Shop[]> {
  const amazon = createAmazonSandbox(realWorld(seed), {
    ...options,
    speed: 100,
    choices: { shipmentDelaySeconds: 2, listingDelaySeconds: 0, reportDelaySeconds: 1 },
  })
  const reverb = createReverbSandbox(realWorld(seed + 1), { ...options, limit })
  const tiktok = createTiktokSandbox(realWorld(seed + 2), { ...options, limit, choices: { onHold: 'never' } })
  const wish = createWishSandbox(realWorld(seed + 3), { ...options, limit, choices: { processingSeconds: 2 } })
  const lines = goods.map(({ price, ...line }) => ({ ...line, price: price.toFixed(2), inventory: stockEach }))
  amazon.control.addListings(lines)
  reverb.control.addListings(goods.map((line) => ({ ...line, inventory: stockEach })))
  tiktok.control.addListings(lines)
  wish.control.addListings(lines)
  return Promise.all([
    openShop('amazon', amazon, amazon.control),
    openShop('reverb', reverb, reverb.control as unknown as SandboxControl),
    openShop('tiktok', tiktok, tiktok.control),
    openShop('wish', wish, wish.control),
  ])
}

export async function openShop(id: MarketplaceId, sandbox: ServedSandbox, control: SandboxControl): Promise<Shop> {
  const served = await serveSandbox(sandbox, { port: 0, silenceSeconds: 15 })
  const { url, account } = sandbox.introduce(served.origin)
  const texts = Object.fromEntries(Object.entries(account).map(([name, value]) => [name, String(value)]))
  return { id, sandbox, control, origin: served.origin, url, account: texts, channelId: '', stop: () => served.stop() }
}

/** What the operator sets so that the hub finds them. */
export function environmentOf(shops: Shop[]): Record<string, string> {
  const apps = shops.flatMap(({ id, account }) => {
    const connector = connectorOf(id)
    if (!connector) throw new Error(`There is no connector of ${id}.`)
    const fields = Object.keys(connector.app ?? {}).filter((field) => account[field] !== undefined)
    return fields.map((field) => [appVariable(connector, field), account[field] ?? ''])
  })
  const urls = shops.map(({ id, url }) => `${id}=${url}`).join(',')
  return { FAIRLEAD_MARKETPLACE_URLS: urls, ...Object.fromEntries(apps) }
}

type Given = { origin: string; setupToken: string; shops: Shop[]; webhook: WebhookPeer; sftp: SftpPeer }

export async function setUpBusiness({ origin, setupToken, shops, webhook, sftp }: Given): Promise<Business> {
  const owner = { name: 'Test owner', email: 'owner@fairlead.example', password: 'mooring-line-tests' }
  const cookie = await signedIn(origin, '/auth/setup', {
    token: setupToken,
    businessName: 'Keel Yard',
    currency: 'GBP',
    ...owner,
  })
  const seller = askerFor(origin, { cookie })
  const { business } = await seller.get<{ business: { id: string } }>('/api/me')
  const products = goods.map(({ price, ...one }) => ({
    ...one,
    brand: 'Keel',
    type: 'Parts',
    price: price.toFixed(2),
    image: '',
  }))
  await importFile(seller, { kind: 'shopify-products' }, { name: 'products.csv', content: shopifyFile(products) })
  const suppliers = await Promise.all(ways.map((way, index) => addSupplier(seller, { origin, way, index })))
  await openWays(seller, suppliers, { webhook, sftp })
  const [service] = await seller.get<{ id: string }[]>('/api/shipping-services')
  await Promise.all(
    shops.map(async (shop) => {
      shop.channelId = await connectShop(seller, shop, origin)
      await mapEverything(seller, shop.channelId, service?.id ?? null)
    }),
  )
  return { tenantId: business.id, seller, shops, suppliers }
}

export async function signedIn(origin: string, path: string, body: unknown): Promise<string> {
  const headers = { 'content-type': 'application/json', origin }
  const answer = await fetch(origin + path, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

async function addSupplier(
  seller: Asker,
  { origin, way, index }: { origin: string; way: Way; index: number },
): Promise<Supplier> {
  const name = `Supplier by ${way}`
  const { id } = await seller.send<{ id: string }>('POST', '/api/suppliers', {
    name,
    currency: 'GBP',
    preference: 10,
    chargesVat: true,
    vatRateBasisPoints: 2000,
    invoicePer: 'purchase-order',
    // Whom we pay first gets his purchase order only then.
    ...(way === 'screen' ? { terms: 'prepaid' } : { terms: 'on-account' }),
  })
  const offered = goods.filter(
    (_, at) => at % ways.length === index || (at % 3 === 0 && (at + 1) % ways.length === index),
  )
  const rows = offered.map(({ sku, price }) => ({
    sku,
    stock: stockEach,
    cost: (price * 0.6 + index / 100).toFixed(2),
  }))
  const file = { name: `${way}.csv`, content: stringify(rows, { header: true }) }
  await importFile(seller, { kind: 'supplier-stock', supplierId: id }, file)
  if (way !== 'screen') {
    const { key } = await seller.send<{ key: string }>('POST', `/api/suppliers/${id}/keys`, { name: 'His program' })
    return { id, name, way, asker: askerFor(origin, { authorization: `Bearer ${key}` }) }
  }
  const { link } = await seller.send<{ link: string }>('POST', `/api/suppliers/${id}/people`, {
    email: 'desk@supplier.test',
  })
  const cookie = await signedIn(origin, '/auth/invitation', {
    token: link.split('#')[1],
    name: 'Desk',
    password: 'a-desk-at-the-yard',
  })
  return { id, name, way, asker: askerFor(origin, { cookie }) }
}

async function openWays(
  seller: Asker,
  suppliers: Supplier[],
  { webhook, sftp }: { webhook: WebhookPeer; sftp: SftpPeer },
): Promise<void> {
  const settings: Record<Way, unknown> = {
    screen: undefined,
    email: { way: 'email', email: 'orders@supplier.test' },
    sftp: { way: 'sftp', sftp: { ...sftp.address, orderFolder: '/in', trackingFolder: '/out' } },
    webhook: { way: 'webhook', webhook: { url: webhook.url } },
  }
  for (const { id, way } of suppliers)
    if (settings[way] !== undefined) await seller.send('PATCH', `/api/suppliers/${id}/ways`, settings[way])
}

export async function connectShop(seller: Asker, shop: Shop, origin: string): Promise<string> {
  const { id, account } = shop
  const name = `Shop at ${id}`
  const siteId = id === 'amazon' ? account['siteId'] : undefined
  if (id === 'reverb') {
    const body = { marketplace: id, name, currency: 'GBP', account: { token: account['token'] ?? '' } }
    return (await seller.send<{ id: string }>('POST', '/api/channels', body)).id
  }
  const typed = Object.fromEntries(
    Object.entries(connectorOf(id)?.account ?? {}).flatMap(([field, { hidden }]) =>
      hidden === true || field.startsWith('client') ? [] : [[field, account[field] ?? '']],
    ),
  )
  const way = id === 'tiktok' ? { way: 'page' } : { way: 'typed', account: typed }
  const begun = await seller.send<{ id: string; url: string | null }>('POST', '/api/consents', {
    marketplace: id,
    name,
    siteId,
    ...way,
  })
  if (begun.url !== null) await allow(seller, shop, { url: begun.url, origin })
  const { sites } = await seller.get<{ sites: { id: string }[] }>(`/api/consents/${begun.id}`)
  const site = sites.find((one) => one.id === (account['siteId'] ?? account['shopId'])) ?? sites[0]
  const chosen = { siteId: site?.id, currency: 'GBP' }
  return (await seller.send<{ id: string }>('POST', `/api/consents/${begun.id}/choose`, chosen)).id
}

/** The seller signs in on the marketplace's page and agrees; his browser comes back with the answer. */
async function allow(seller: Asker, shop: Shop, { url, origin }: { url: string; origin: string }): Promise<void> {
  shop.control.setOurAddress({ redirectUri: `${origin}/connect/${shop.id}` })
  const { searchParams } = new URL(url)
  const page = await (await fetch(url)).text()
  const [userName = '', password = ''] = [...page.matchAll(/<code>([^<]+)<\/code>/g)].map(([, word = '']) => word)
  const answer = await fetch(`${shop.origin}/open/authorize/decide`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({
      service_id: searchParams.get('service_id') ?? shop.account['serviceId'] ?? '',
      state: searchParams.get('state') ?? '',
      user_name: userName,
      password,
      agree: 'on',
      decision: 'confirm',
    }),
  })
  const query = Object.fromEntries(new URL(answer.headers.get('location') ?? '').searchParams)
  const landed = await seller.send<{ kind: string }>('POST', '/api/consents/landings', { marketplace: shop.id, query })
  if (landed.kind !== 'found') throw new Error(`${shop.id}: ${JSON.stringify(landed)}`)
}

async function mapEverything(seller: Asker, channelId: string, defaultShippingServiceId: string | null): Promise<void> {
  await seller.send('PATCH', `/api/channels/${channelId}/settings`, { defaultShippingServiceId })
  await until('The listings are downloaded', 180, async () => {
    const { listingsSyncedAt } = await seller.get<{ listingsSyncedAt: string | null }>(`/api/channels/${channelId}`)
    return listingsSyncedAt !== null
  })
  const { proposals } = await seller.get<{ proposals: { listing: { id: string }; variant: { id: string } }[] }>(
    `/api/channels/${channelId}/mappings/proposals`,
  )
  if (proposals.length !== goods.length)
    throw new Error(`Of ${goods.length} listings ${proposals.length} can be mapped.`)
  const map = proposals.map(({ listing, variant }) => ({
    listingId: listing.id,
    components: [{ variantId: variant.id, quantity: 1 }],
  }))
  await seller.send('POST', `/api/channels/${channelId}/mappings`, { map, unlink: [] })
}

export async function importFile(
  seller: Asker,
  fields: Record<string, string>,
  file: { name: string; content: string },
): Promise<void> {
  const { body } = await seller.upload<{ id: string }>('/api/imports', fields, file)
  await until(`${file.name} is applied`, 180, async () => {
    const { state, failure } = await seller.get<{ state: string; failure: string | null }>(`/api/imports/${body.id}`)
    if (state !== 'reading' && state !== 'applied') throw new Error(`${file.name} was not applied: ${state} ${failure}`)
    return state === 'applied'
  })
}

/** Asks until it is so. */
export async function until(what: string, seconds: number, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + seconds * 1000; ;) {
    if (await isSo()) return
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s.`)
    await pause(100)
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

export const newId = (): string => randomUUID()
