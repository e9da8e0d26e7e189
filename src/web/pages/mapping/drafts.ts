// Drafts of the mapping tool: what would be mapped or unlinked at Save (B4). Plain functions.
import type { Answer } from '../../api.ts'

export type Component = { variantId: string; sku: string; title: string; quantity: number }
export type DraftListing = { id: string; channelSku: string | null; title: string; mapping: Component[] | null }
/** What a proposal is made for; a draft without it was put together by hand. */
export type Evidence = Answer<'proposeMappings'>['proposals'][number]['evidence']
/** `components` null: the mapping is to be cut. */
export type Draft = { listing: DraftListing; components: Component[] | null; evidence?: Evidence }
export type Drafts = ReadonlyMap<string, Draft>

/** What one request may carry. */
export const changesPerRequest = 5000

/** With this listing mapped so, or unlinked. What comes to what is saved already is no draft. */
export function withDraft(
  drafts: Drafts,
  listing: DraftListing,
  components: Component[] | null,
  evidence?: Evidence,
): Drafts {
  const next = new Map(drafts)
  if (sameMapping(listing.mapping, components)) next.delete(listing.id)
  else next.set(listing.id, { listing, components, ...(evidence === undefined ? {} : { evidence }) })
  return next
}

export function withoutDraft(drafts: Drafts, listingId: string): Drafts {
  const next = new Map(drafts)
  next.delete(listingId)
  return next
}

type MappingChange = {
  map: { listingId: string; components: { variantId: string; quantity: number }[]; evidence?: Evidence }[]
  unlink: string[]
}

/** The drafts as requests, none larger than one may be. */
export function changesOf(drafts: Drafts): MappingChange[] {
  const all = [...drafts.values()]
  const requests: MappingChange[] = []
  for (let from = 0; from < all.length; from += changesPerRequest) {
    const request: MappingChange = { map: [], unlink: [] }
    for (const { listing, components, evidence } of all.slice(from, from + changesPerRequest)) {
      if (components === null) request.unlink.push(listing.id)
      else
        request.map.push({
          listingId: listing.id,
          components: components.map(({ variantId, quantity }) => ({ variantId, quantity })),
          ...(evidence === undefined ? {} : { evidence }),
        })
    }
    requests.push(request)
  }
  return requests
}

/** "FL-1001", "3 × FL-1001", "FL-1001 + 2 × FL-1002". */
export function componentsLabel(components: { sku: string; quantity: number }[]): string {
  return components.map(({ sku, quantity }) => (quantity === 1 ? sku : `${quantity} × ${sku}`)).join(' + ')
}

function sameMapping(a: Component[] | null, b: Component[] | null): boolean {
  const key = (mapping: Component[] | null) =>
    mapping?.length
      ? mapping
          .map(({ variantId, quantity }) => `${variantId} ${quantity}`)
          .toSorted()
          .join()
      : ''
  return key(a) === key(b)
}
