// Fills a new hub as its owner would on the first evening: suppliers, products, stock files, a connected account,
// mappings, stock update on. A few things are left undone on purpose, so that the screens have something to ask.
import { stringify } from 'csv-stringify/sync'
import { until, type HubClient } from './hub-client.ts'
import type { SandboxProcess } from './sandbox-process.ts'

type TrueListing = { id: string; sku: string; title: string; price: { minor: number }; isLive: boolean }
type ReverbListing = { id: number; make: string; hasInventory: boolean }
/** `price` in major units; empty: not known. */
export type DemoProduct = { sku: string; title: string; brand: string; type: string; price: string; image: string }

/** What is on sale at the marketplaces, as a seller's inventory file has it: each SKU once. */
export async function productsOf(sandboxes: SandboxProcess[]): Promise<DemoProduct[]> {
  const bySku = new Map<string, DemoProduct>()
  for (const sandbox of sandboxes) {
    const own = await listingsOf(sandbox)
    // Two listings of each are left for the seller to map.
    for (const product of own.slice(0, -2)) if (!bySku.has(product.sku)) bySku.set(product.sku, product)
  }
  return [...bySku.values()]
}

/** One-of-a-kind goods are the seller's own, and drafts are not for sale. */
async function listingsOf({ consoleUrl, url }: SandboxProcess): Promise<DemoProduct[]> {
  const details = new Map((await askReverb(consoleUrl)).map((one) => [String(one.id), one]))
  const listings = (await (await fetch(`${consoleUrl}truth/listings`)).json()) as TrueListing[]
  return listings.flatMap(({ id, sku, title, price, isLive }) => {
    const detail = details.get(id)
    if (sku === '' || !isLive || detail?.hasInventory === false) return []
    const common = { sku, title, type: 'Music', price: (price.minor / 100).toFixed(2) }
    const image = detail ? `${new URL(url).origin}/__sandbox/photo/${id}.svg` : ''
    return [{ ...common, brand: detail?.make ?? 'Harbour', image }]
  })
}

/** Reverb alone has makers and drawn pictures. */
async function askReverb(consoleUrl: string): Promise<ReverbListing[]> {
  const answer = await fetch(`${consoleUrl}truth/reverb/listings`)
  return answer.ok ? ((await answer.json()) as ReverbListing[]) : []
}

export function shopifyFile(products: DemoProduct[]): string {
  return stringify(
    products.map((product) => ({
      Handle: product.sku.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-') + '-' + hash(product.sku),
      Title: product.title,
      'Body (HTML)': `<p>${product.title.replaceAll(/[<>&]/g, ' ')}</p>`,
      Vendor: product.brand,
      Type: product.type,
      'Option1 Name': 'Title',
      'Option1 Value': 'Default Title',
      'Variant SKU': product.sku,
      'Variant Price': product.price,
      'Image Src': product.image,
    })),
    { header: true },
  )
}

export async function importProducts(hub: HubClient, products: DemoProduct[]): Promise<void> {
  await importFile(hub, { kind: 'shopify-products' }, { name: 'products.csv', content: shopifyFile(products) })
}

/** Connects Reverb's account as the wizard does, with its typed token. */
export async function connectAndMap(
  hub: HubClient,
  sandbox: SandboxProcess,
  { name, currency }: { name: string; currency: string },
): Promise<string> {
  const { account } = sandbox
  const { id } = await hub.send<{ id: string }>('POST', '/api/channels', {
    marketplace: 'reverb',
    name,
    currency,
    account,
  })
  await nameDefaultService(hub, id)
  await mapAndSwitchOn(hub, id)
  return id
}

/** Before the first order comes: without a service it would wait for a person. */
export async function nameDefaultService(hub: HubClient, id: string): Promise<void> {
  const services = await hub.get<{ id: string; name: string }[]>('/api/shipping-services')
  const usual = services.find(({ name }) => /standard/i.test(name)) ?? services[0]
  await hub.send('PATCH', `/api/channels/${id}/settings`, { defaultShippingServiceId: usual?.id ?? null })
}

/** Waits for the listings of a new channel, accepts what auto-map proposes and switches its updates on. */
export async function mapAndSwitchOn(hub: HubClient, id: string): Promise<void> {
  await until(
    'Downloading the listings',
    600,
    () => hub.get<{ listingsSyncedAt: string | null }>(`/api/channels/${id}`),
    ({ listingsSyncedAt }) => listingsSyncedAt !== null,
  )
  for (;;) {
    const { proposals } = await hub.get<{ proposals: { listing: { id: string }; variant: { id: string } }[] }>(
      `/api/channels/${id}/mappings/proposals`,
    )
    if (proposals.length === 0) break
    const map = proposals
      .slice(0, 5000)
      .map(({ listing, variant }) => ({ listingId: listing.id, components: [{ variantId: variant.id, quantity: 1 }] }))
    await hub.send('POST', `/api/channels/${id}/mappings`, { map, unlink: [] })
  }
  await hub.send('PATCH', `/api/channels/${id}/settings`, { stockUpdate: true, priceUpdate: true })
}

export async function importFile(
  hub: HubClient,
  fields: { kind: string; supplierId?: string },
  file: { name: string; content: string },
): Promise<void> {
  const { id } = await hub.upload<{ id: string }>('/api/imports', fields, file)
  const done = await until(
    `Importing ${file.name}`,
    300,
    () => hub.get<{ state: string; failure: string | null }>(`/api/imports/${id}`),
    ({ state }) => state !== 'reading',
  )
  if (done.state !== 'applied') throw new Error(`${file.name} was not applied: ${done.state} ${done.failure ?? ''}`)
}

/** The same number for the same text, on every machine. */
export function hash(text: string): number {
  let value = 2_166_136_261
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 16_777_619) >>> 0
  return value
}
