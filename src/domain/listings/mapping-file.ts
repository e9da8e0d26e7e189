// The mapping file: one row a listing and inventory SKU, a kit in several rows. Reading it gives a difference a person
// looks at before it is saved (B7). Listings that are not in the file stay as they are; an empty SKU cuts the mapping.
import { mappingText } from './mapping.ts'
import type { MappingChange } from './mapping.ts'

export const mappingColumns = ['Listing ID', 'Channel SKU', 'Title', 'SKU', 'Quantity'] as const

export type FileRow = { line: number; listingId: string; channelSku: string; sku: string; quantity: string }

export type KnownListing = {
  id: string
  marketplaceListingId: string
  channelSku: string | null
  title: string
  components: { variantId: string; sku: string; quantity: number }[]
}

export type MappingDiff = {
  add: number
  change: number
  cut: number
  same: number
  refused: { line: number; reason: string }[]
  changeSet: MappingChange
  preview: { channelSku: string | null; title: string; before: string; after: string }[]
}

const previewMax = 200

export function diffMappings(
  rows: FileRow[],
  known: { listings: Map<string, KnownListing>; variantIds: Map<string, string> },
): MappingDiff {
  const diff: MappingDiff = {
    add: 0,
    change: 0,
    cut: 0,
    same: 0,
    refused: [],
    changeSet: { map: [], unlink: [] },
    preview: [],
  }
  const wanted = new Map<string, { listing: KnownListing; components: KnownListing['components'] }>()
  const refusedListings = new Set<string>()
  for (const row of rows) {
    const listing = known.listings.get(row.listingId.trim())
    const read = listing
      ? readComponent(row, known.variantIds)
      : { wrong: `There is no listing “${row.listingId}” here.` }
    if ('wrong' in read || !listing) {
      diff.refused.push({ line: row.line, reason: 'wrong' in read ? read.wrong : '' })
      if (listing) refusedListings.add(listing.id)
      continue
    }
    const entry = wanted.get(listing.id) ?? { listing, components: [] }
    wanted.set(listing.id, entry)
    if (read.component && entry.components.some(({ variantId }) => variantId === read.component?.variantId)) {
      diff.refused.push({ line: row.line, reason: `The SKU “${read.component.sku}” is named twice for this listing.` })
      refusedListings.add(listing.id)
    } else if (read.component) entry.components.push(read.component)
  }
  // A kit of which one row cannot be read would become another kit, so it stays as it is.
  for (const { listing, components } of wanted.values())
    if (!refusedListings.has(listing.id)) addTo(diff, listing, components)
  return diff
}

function addTo(diff: MappingDiff, listing: KnownListing, components: KnownListing['components']): void {
  const before = textOf(listing.components)
  const after = textOf(components)
  if (before === after) {
    diff.same++
    return
  }
  if (components.length === 0) {
    diff.cut++
    diff.changeSet.unlink.push(listing.id)
  } else {
    diff[listing.components.length === 0 ? 'add' : 'change']++
    const picked = components.map(({ variantId, quantity }) => ({ variantId, quantity }))
    diff.changeSet.map.push({ listingId: listing.id, components: picked, evidence: 'file' })
  }
  if (diff.preview.length < previewMax) {
    diff.preview.push({ channelSku: listing.channelSku, title: listing.title, before, after })
  }
}

function textOf(components: KnownListing['components']): string {
  return mappingText(components.toSorted((one, other) => (one.sku < other.sku ? -1 : 1)))
}

function readComponent(
  row: FileRow,
  variantIds: Map<string, string>,
): { wrong: string } | { component: { variantId: string; sku: string; quantity: number } | null } {
  const sku = row.sku.trim()
  if (sku === '') return { component: null }
  const variantId = variantIds.get(sku)
  if (variantId === undefined) return { wrong: `There is no inventory SKU “${sku}”.` }
  const text = row.quantity.trim() === '' ? '1' : row.quantity.trim()
  if (!/^\d{1,6}$/.test(text) || Number(text) < 1 || Number(text) > 100_000) {
    return { wrong: `“${row.quantity}” is no quantity: give a whole number from 1 to 100,000.` }
  }
  return { component: { variantId, sku, quantity: Number(text) } }
}
