// What categories ask of products: as it was told within a day, else asked of the marketplace anew.
import { RefusedError } from '../connectors/connector.ts'
import type { Call, Connector, ListingAttribute, ListingLimits, Site } from '../connectors/connector.ts'
import { readCategories, readNeeds, retireCategory, storeNeeds } from '../domain/listings/categories.store.ts'
import type { KnownNeeds } from '../domain/listings/categories.store.ts'
import type { Tx } from '../platform/database.ts'

export type CategoryNeeds = { attributes: ListingAttribute[]; limits: ListingLimits; readAt: Date | null }

/** Where they are kept, and how the marketplace is asked. */
export type NeedsSource = {
  connector: Connector
  site: Site
  channelId: string
  transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>
  /** Undefined where it cannot be asked now: then what is known has to do. */
  ask<Answer>(question: (call: Call) => Promise<Answer>): Promise<Answer | undefined>
}

/** By category; '' where the marketplace has none, or none is chosen. */
export async function loadNeeds(source: NeedsSource, categoryIds: string[]): Promise<Map<string, CategoryNeeds>> {
  const { connector, site, channelId } = source
  const { listings } = connector
  const ids = [...new Set(categoryIds)]
  const known = await source.transaction((tx) => readNeeds(tx, channelId, ids))
  const needs = new Map<string, CategoryNeeds>()
  for (const id of ids) {
    const limits = limitsOf(connector, site, id)
    const last = known.get(id)
    const isAsked = listings?.attributes !== undefined && (id !== '' || listings.categories === undefined)
    const fresh = isAsked && !last?.isFresh ? await askForAttributes(source, id, limits) : undefined
    needs.set(id, { attributes: fresh ?? last?.attributes ?? [], limits, readAt: readAtOf(fresh, last) })
  }
  return needs
}

function readAtOf(fresh: ListingAttribute[] | undefined, last: KnownNeeds | undefined): Date | null {
  return fresh ? null : (last?.readAt ?? null)
}

function limitsOf({ listings, name }: Connector, site: Site, categoryId: string): ListingLimits {
  if (!listings) throw new Error(`${name} takes no listings.`)
  return listings.limits(site, categoryId === '' ? null : categoryId)
}

async function askForAttributes(
  source: NeedsSource,
  categoryId: string,
  limits: ListingLimits,
): Promise<ListingAttribute[] | undefined> {
  const { connector, channelId } = source
  try {
    const attributes = await source.ask(async (call) => connector.listings?.attributes?.(call, categoryId))
    if (attributes) await source.transaction((tx) => storeNeeds(tx, channelId, { categoryId, attributes, limits }))
    return attributes
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error
    const { kind } = error.refusal
    if (kind === 'gone' || kind === 'rejected') await retireIfGone(source, categoryId)
    else if (kind === 'signed-out') throw error
    return undefined
  }
}

/** Its parent tells: whether a category was given up is nothing to guess from a refusal. */
export async function retireIfGone(source: NeedsSource, categoryId: string): Promise<boolean> {
  const { connector, channelId } = source
  const known = await source.transaction((tx) => readCategories(tx, channelId, [categoryId]))
  const category = known.get(categoryId)
  if (category?.isRetired) return true
  if (!category || !connector.listings?.categories) return false
  const siblings = await source.ask(async (call) => connector.listings?.categories?.(call, category.parentId))
  if (!siblings || siblings.some(({ id }) => id === categoryId)) return false
  await source.transaction((tx) => retireCategory(tx, channelId, categoryId))
  return true
}
