// A listing as Listings Items 2021-08-01 shows it.
import { attributesOf } from './attributes.ts'
import { isBuyable, priceNow } from './listings.ts'
import { marketplaceOf } from './reference.ts'
import { decimal } from './state.ts'
import type { Issue, Listing } from './state.ts'

export const includedParts = [
  'summaries',
  'attributes',
  'issues',
  'offers',
  'fulfillmentAvailability',
  'procurement',
  'relationships',
  'productTypes',
] as const
export type IncludedPart = (typeof includedParts)[number]

/** One SKU in the sites asked for. */
export function showItem(listings: readonly Listing[], parts: readonly IncludedPart[], at: number) {
  const [first] = listings
  const seen = listings.filter((one) => one.summariesFrom <= at)
  const shows: Record<IncludedPart, () => unknown> = {
    summaries: () => seen.map((one) => showSummary(one)),
    attributes: () => (first ? attributesOf(first) : {}),
    issues: () => mergeIssues(listings),
    offers: () => seen.filter(hasOffer).map((one) => showOffer(one, at)),
    fulfillmentAvailability: () => (seen[0] ? showAvailability(seen[0]) : []),
    procurement: () => [],
    relationships: () => seen.map(showRelationships),
    productTypes: () => listings.map(({ marketplaceId, productType }) => ({ marketplaceId, productType })),
  }
  return { sku: first?.sku ?? '', ...Object.fromEntries(parts.map((part) => [part, shows[part]()])) }
}

export function statusOf(listing: Listing): ('BUYABLE' | 'DISCOVERABLE')[] {
  if (listing.suspended || listing.state === 'draft') return []
  return isBuyable(listing) ? ['BUYABLE', 'DISCOVERABLE'] : ['DISCOVERABLE']
}

function hasOffer(listing: Listing): boolean {
  return listing.state === 'live' && listing.priceMinor > 0
}

function showSummary(listing: Listing) {
  const { marketplaceId, asin, productType, conditionType } = listing
  return {
    marketplaceId,
    asin,
    productType,
    conditionType,
    status: statusOf(listing),
    itemName: listing.title,
    createdDate: new Date(listing.createdAt).toISOString(),
    lastUpdatedDate: new Date(listing.updatedAt).toISOString(),
    ...(listing.imageUrl === undefined ? {} : { mainImage: { link: listing.imageUrl, height: 500, width: 500 } }),
  }
}

function showOffer(listing: Listing, at: number) {
  const currencyCode = marketplaceOf(listing.marketplaceId)?.currency ?? ''
  return {
    marketplaceId: listing.marketplaceId,
    offerType: 'B2C',
    price: { currencyCode, amount: decimal(priceNow(listing, at)) },
    audience: { value: 'ALL', displayName: 'Sell on Amazon' },
  }
}

function showAvailability(listing: Listing) {
  if (listing.isParent) return []
  const own = { fulfillmentChannelCode: 'DEFAULT', quantity: listing.stock.quantity }
  const others = listing.otherChannels.map(({ code, quantity }) => ({ fulfillmentChannelCode: code, quantity }))
  return [own, ...others]
}

function showRelationships(listing: Listing) {
  const variationTheme =
    listing.variationTheme === undefined
      ? {}
      : {
          variationTheme: {
            theme: listing.variationTheme,
            attributes: listing.variationTheme.toLowerCase().split('/'),
          },
        }
  const relationships =
    listing.parentSku === undefined ? [] : [{ type: 'VARIATION', parentSkus: [listing.parentSku], ...variationTheme }]
  return { marketplaceId: listing.marketplaceId, relationships }
}

export function mergeIssues(listings: readonly Listing[]): Issue[] {
  return listings.flatMap((one) => {
    const { marketplaceId } = one
    const suspended = {
      code: '18448',
      message: 'This listing was removed because it does not follow our policies.',
      severity: 'ERROR' as const,
      categories: [],
      enforcements: { actions: [{ action: 'LISTING_SUPPRESSED' }], exemption: { status: 'NOT_EXEMPT' } },
    }
    const all: Issue[] = one.suspended ? [...one.issues, suspended] : one.issues
    return all.map((issue) => ({ ...issue, marketplaceIds: [marketplaceId] }))
  })
}
