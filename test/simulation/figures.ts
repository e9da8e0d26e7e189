// The stock figures a request carries, as its marketplace writes them: read at the port, before it leaves (S3).

/** Over all warehouses. */
export type Figure = { listing: string; variant: string; quantity: number }

type Request = { method: string; path: string; body: string }

export function reverbFigures({ method, path, body }: Request): Figure[] {
  const listing = /\/listings\/(\d+)$/.exec(path)?.[1]
  if (method !== 'PUT' || listing === undefined) return []
  const { inventory } = read<{ inventory?: number }>(body)
  return inventory === undefined ? [] : [{ listing, variant: '', quantity: inventory }]
}

type Patch = { path: string; value: { quantity?: number }[] }

/** A patch of one listing, or a feed of many on its way to the document store. */
export function amazonFigures({ method, path, body }: Request): Figure[] {
  // A file of cancellations is no JSON.
  if (method === 'PUT' && path.startsWith('/documents/') && !body.startsWith('<')) {
    const { messages } = read<{ messages: { sku: string; patches: Patch[] }[] }>(body)
    return messages.flatMap(({ sku, patches }) => patched(sku, patches))
  }
  const sku = /\/listings\/2021-08-01\/items\/[^/]+\/([^/]+)$/.exec(path)?.[1]
  if (method !== 'PATCH' || sku === undefined) return []
  return patched(decodeURIComponent(sku), read<{ patches: Patch[] }>(body).patches)
}

function patched(listing: string, patches: Patch[]): Figure[] {
  return patches
    .filter((patch) => patch.path === '/attributes/fulfillment_availability')
    .map(({ value }) => ({ listing, variant: '', quantity: value[0]?.quantity ?? Number.NaN }))
}

export function tiktokFigures({ method, path, body }: Request): Figure[] {
  const listing = /\/products\/(\d+)\/inventory\/update$/.exec(path)?.[1]
  if (method !== 'POST' || listing === undefined) return []
  const { skus } = read<{ skus: { id: string; inventory: { quantity: number }[] }[] }>(body)
  return skus.map(({ id, inventory }) => ({
    listing,
    variant: id,
    quantity: sum(inventory.map((one) => one.quantity)),
  }))
}

export function wishFigures({ method, path, body }: Request): Figure[] {
  const listing = /\/api\/v3\/products\/([^/]+)$/.exec(path)?.[1]
  if (method !== 'PUT' || listing === undefined) return []
  const { variations = [] } = read<{ variations?: { id: string; inventories?: { inventory: number }[] }[] }>(body)
  return variations.flatMap(({ id, inventories }) =>
    inventories ? [{ listing, variant: id, quantity: sum(inventories.map((one) => one.inventory)) }] : [],
  )
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}

function read<Body>(body: string): Body {
  return JSON.parse(body === '' ? '{}' : body) as Body
}
