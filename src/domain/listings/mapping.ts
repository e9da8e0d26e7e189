// What a listing sells: one variant, n of it (a pack), or several variants (a kit) (B5).

export type MappingComponent = { variantId: string; quantity: number }

/** What a mapping was accepted for (B7). */
export type MappingEvidence = 'sku' | 'normalized-sku' | 'barcode' | 'file' | 'hand'

export type MappingChange = {
  /** Without evidence it was put together by hand. */
  map: { listingId: string; components: MappingComponent[]; evidence?: MappingEvidence | undefined }[]
  unlink: string[]
}

const quantityMax = 100_000

/** What is wrong with it in itself; null where nothing is. */
export function mappingFaults(change: MappingChange): string | null {
  const listingIds = [...change.map.map(({ listingId }) => listingId), ...change.unlink]
  if (new Set(listingIds).size < listingIds.length) return 'A listing is named twice.'
  for (const { components } of change.map) {
    if (components.length === 0) return 'A mapping needs at least one inventory SKU.'
    const variants = new Set(components.map(({ variantId }) => variantId))
    if (variants.size < components.length) return 'A kit names the same inventory SKU twice. Give its quantity instead.'
    const wrong = components.find(
      ({ quantity }) => !Number.isInteger(quantity) || quantity < 1 || quantity > quantityMax,
    )
    if (wrong) return 'A quantity is a whole number from 1 to 100,000.'
  }
  return null
}

/** "A1", "3 × A1", "A1 + 2 × B7": as the screens and the diff show it. */
export function mappingText(components: { sku: string; quantity: number }[]): string {
  return components.map(({ sku, quantity }) => (quantity === 1 ? sku : `${quantity} × ${sku}`)).join(' + ')
}
