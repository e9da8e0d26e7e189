// Products as they would go out, each with what stands against it: what any marketplace would refuse, what this one would,
// and what is here already. Pure, but for what it is handed.
import { checkDraft } from '../connectors/check-draft.ts'
import type { Connector, ListingDraft, ListingFault, ListingRef, Site } from '../connectors/connector.ts'
import { buildDrafts, chosenCategory } from '../domain/listings/build-draft.ts'
import type { BuiltDraft, DraftRules, DraftSource, MappedListing } from '../domain/listings/build-draft.ts'
import type { MarketplaceCategory } from '../domain/listings/categories.store.ts'
import { placeOfFault } from '../domain/listings/draft-faults.ts'
import type { CategoryNeeds } from './listing-needs.ts'

export type ListingAction = 'list' | 'update' | 'delete'

export type PreparedListing = {
  productId: string
  /** Where each variant is a listing of its own. */
  variantId: string | null
  title: string
  draft: ListingDraft
  faults: ListingFault[]
  /** What of it is there already. */
  listings: MappedListing[]
}

export type Preparing = {
  action: ListingAction
  connector: Connector
  site: Site
  currency: string
  publicUrl: string | undefined
  needs: Map<string, CategoryNeeds>
  categories: Map<string, MarketplaceCategory>
  /** On the channel already, and not linked to these products. */
  foreignSkus: Set<string>
}

export function categoryIdsOf(sources: DraftSource[]): string[] {
  return [...new Set(sources.map((source) => chosenCategory(source)?.id ?? ''))]
}

export function prepareListings(source: DraftSource, preparing: Preparing): PreparedListing[] {
  const { action } = preparing
  const built = action === 'delete' ? toDelete(source, preparing) : builtOf(source, preparing)
  return built.map((one) => {
    const draft = { ...one.draft, ...absolute(one.draft, preparing.publicUrl) }
    const listings = listingsOf(source, one.variantId)
    const faults = [
      ...actionFaults(action, { listings, isWhole: one.variantId === null }, preparing.connector),
      ...(action === 'list' && listings.length === 0 ? foreignFaults(draft, preparing) : []),
      ...(action === 'delete' ? [] : contentFaults({ ...one, draft }, source, listings, preparing)),
    ]
    const title = draft.title === '' ? source.title : draft.title
    return { productId: source.productId, variantId: one.variantId, title, draft, faults, listings }
  })
}

function builtOf(source: DraftSource, preparing: Preparing): BuiltDraft[] {
  return buildDrafts(source, draftRulesOf(needsOf(source, preparing), preparing))
}

export function draftRulesOf(
  { limits, attributes }: CategoryNeeds,
  { connector: { listings }, site, currency }: Pick<Preparing, 'connector' | 'site' | 'currency'>,
): DraftRules {
  return {
    limits,
    attributes,
    hasCategories: listings?.categories !== undefined,
    currency,
    derive: (variants) => listings?.derive?.(variants, site) ?? {},
    shippingAttribute: listings?.shippingAttribute,
  }
}

/** Also variants that are left out now, as long as they are there. */
function toDelete(source: DraftSource, preparing: Preparing): BuiltDraft[] {
  const all = source.variants.map((variant) => ({ ...variant, said: { ...variant.said, included: true } }))
  const built = builtOf({ ...source, variants: all }, preparing)
  const there = built.filter(({ variantId }) => listingsOf(source, variantId).length > 0)
  return there.length > 0 ? there : built.slice(0, 1).map((one) => ({ ...one, variantId: null }))
}

function needsOf(source: DraftSource, { needs, connector, site }: Preparing): CategoryNeeds {
  const id = chosenCategory(source)?.id ?? ''
  const known = needs.get(id)
  if (known) return known
  if (!connector.listings) throw new Error(`${connector.name} takes no listings.`)
  return { attributes: [], limits: connector.listings.limits(site, id === '' ? null : id), readAt: null }
}

function listingsOf(source: DraftSource, variantId: string | null): MappedListing[] {
  return source.variants
    .filter((variant) => variantId === null || variant.variantId === variantId)
    .flatMap(({ listings }) => listings)
}

type There = { listings: MappedListing[]; isWhole: boolean }

function actionFaults(action: ListingAction, { listings, isWhole }: There, { name, listings: can }: Connector) {
  const say = (message: string): ListingFault[] => [{ field: null, message }]
  if (action === 'list') {
    return listings.length === 0 ? [] : say(`It is on ${name} already. Choose Update to change what it says there.`)
  }
  if (listings.length === 0) return say(`It is not on ${name}, as far as we know. Choose List to put it there.`)
  if (action === 'delete') return []
  if (!can?.update) return say(`${name} takes no changes of a listing from outside. Delete it and list it anew.`)
  const ids = new Set(listings.map(({ marketplaceListingId }) => marketplaceListingId))
  const isSpread = isWhole && ids.size > 1 && listings.some(({ marketplaceVariantId }) => marketplaceVariantId !== null)
  if (!isSpread) return []
  return say(
    `Its variations are spread over ${ids.size} listings on ${name}. Change them there, or delete them and list it anew.`,
  )
}

function foreignFaults(draft: ListingDraft, { foreignSkus, connector }: Preparing): ListingFault[] {
  return (draft.variations ?? [draft])
    .filter(({ channelSku }) => foreignSkus.has(channelSku))
    .map(({ channelSku }) => {
      const message = `${connector.name} has a listing with the SKU “${channelSku}” already. Link it in SKU mapping and choose Update.`
      return { field: 'sku', channelSku, message }
    })
}

function contentFaults(
  one: BuiltDraft,
  source: DraftSource,
  listings: MappedListing[],
  preparing: Preparing,
): ListingFault[] {
  const { connector, site, action, currency } = preparing
  const { limits, attributes } = needsOf(source, preparing)
  const { draft } = one
  if (!connector.listings) return one.faults
  const currencies = site.currencies.length > 0 ? site.currencies : [currency]
  const onlyOffer = connector.listings.joins?.(draft) ?? false
  const own = [...one.faults.filter(({ field }) => !(onlyOffer && field === 'category')), ...retired(source, preparing)]
  const said = new Set(own.map(placeOfFault))
  // One fault a part: that it has no price says more than that the price must be above 0.
  const others = checkDraft(connector.listings, draft, site, { limits, attributes, currencies }).filter(
    (fault) => !said.has(placeOfFault(fault)),
  )
  const all = unique([...own, ...others])
  return action === 'update' ? all.filter((fault) => !isOfPushes(fault, listings, draft)) : all
}

function retired(source: DraftSource, { categories, connector }: Preparing): ListingFault[] {
  const category = categories.get(chosenCategory(source)?.id ?? '')
  if (!category?.isRetired) return []
  return [
    { field: 'category', message: `${connector.name} has given up the category “${category.path}”. Choose another.` },
  ]
}

/** Stock and price of what is there are not sent with an update. */
function isOfPushes({ field, channelSku }: ListingFault, listings: MappedListing[], draft: ListingDraft): boolean {
  if (field !== 'price' && field !== 'quantity') return false
  return channelSku === undefined ? !draft.variations : listings.some((listing) => listing.channelSku === channelSku)
}

function unique(faults: ListingFault[]): ListingFault[] {
  return [...new Map(faults.map((fault) => [`${placeOfFault(fault)}${fault.message}`, fault])).values()]
}

/** Marketplaces fetch pictures themselves, so ours need our address before them. */
function absolute(draft: ListingDraft, publicUrl: string | undefined): Partial<ListingDraft> {
  if (publicUrl === undefined) return {}
  const whole = (link: string) => (link.startsWith('/') ? new URL(link, publicUrl).href : link)
  return {
    images: draft.images.map(whole),
    ...(draft.variations
      ? { variations: draft.variations.map((one) => ({ ...one, image: one.image === null ? null : whole(one.image) })) }
      : {}),
  }
}

export function refOf(listing: MappedListing): ListingRef {
  const { marketplaceListingId, marketplaceVariantId, channelSku } = listing
  return { marketplaceListingId, marketplaceVariantId, channelSku }
}
