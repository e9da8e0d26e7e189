// Products of a sales channel made ready a page at a time: read in a few statements, with what their categories ask.
import type { ListingFault } from '../connectors/connector.ts'
import type { DraftSource } from '../domain/listings/build-draft.ts'
import { readCategories } from '../domain/listings/categories.store.ts'
import { loadDraftSources, readForeignSkus } from '../domain/listings/draft-sources.store.ts'
import { loadNeeds } from './listing-needs.ts'
import type { NeedsSource } from './listing-needs.ts'
import { categoryIdsOf, prepareListings } from './prepare-listings.ts'
import type { ListingAction, PreparedListing, Preparing } from './prepare-listings.ts'

const pageMax = 500

export type PrepareMany = {
  source: NeedsSource
  action: ListingAction
  currency: string
  publicUrl: string | undefined
  /** As it would be with a change that is not made yet. */
  asIf?: (product: DraftSource) => DraftSource
}

export async function prepareMany(
  { source, action, currency, publicUrl, asIf = (product) => product }: PrepareMany,
  productIds: string[],
): Promise<PreparedListing[]> {
  const prepared: PreparedListing[] = []
  for (let from = 0; from < productIds.length; from += pageMax) {
    const page = productIds.slice(from, from + pageMax)
    const sources = (await source.transaction((tx) => loadDraftSources(tx, source.channelId, page))).map(asIf)
    const ids = categoryIdsOf(sources)
    const needs = await loadNeeds(source, ids)
    const categories = await source.transaction((tx) => readCategories(tx, source.channelId, ids))
    const foreignSkus =
      action === 'list'
        ? await source.transaction((tx) => readForeignSkus(tx, source.channelId, sources))
        : new Set<string>()
    const { connector, site } = source
    const preparing: Preparing = { action, connector, site, currency, publicUrl, needs, categories, foreignSkus }
    prepared.push(...sources.flatMap((one) => prepareListings(one, preparing)))
  }
  return prepared
}

export type MissingAttribute = { key: string; label: string; products: number }

/** Required and not given: by attribute, the most missed first. */
export function missingAttributes(prepared: PreparedListing[]): MissingAttribute[] {
  const missed = new Map<string, MissingAttribute>()
  for (const { faults } of prepared) {
    for (const fault of firstOfEach(faults)) {
      const key = fault.attribute ?? ''
      const label = /“(.+?)” is missing/.exec(fault.message)?.[1]
      if (label === undefined) continue
      const known = missed.get(key) ?? { key, label, products: 0 }
      missed.set(key, { ...known, products: known.products + 1 })
    }
  }
  return [...missed.values()].toSorted((one, other) => other.products - one.products)
}

function firstOfEach(faults: ListingFault[]): ListingFault[] {
  const byKey = new Map(faults.filter(({ field }) => field === 'attribute').map((fault) => [fault.attribute, fault]))
  return [...byKey.values()]
}
