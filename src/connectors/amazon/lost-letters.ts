// SKUs that the listing report could not write: it puts "?" for letters its old set lacks, and a listing under such a SKU
// would take no figures. Amazon is asked for the product's listings, and the one that fits is the one that was meant.
import type { Call, ChannelListing } from '../connector.ts'
import { objectIn, pathPart } from '../reading.ts'
import { sellerIdOf } from './account.ts'
import type { AmazonAccount } from './account.ts'
import { readItemOrGone } from './items.ts'
import { shownData, toChannelListing } from './listings.ts'
import { objectsIn } from './read.ts'
import type { ReportLine, ReportLines, ReportPart } from './report-file.ts'
import { ask } from './request.ts'

/** Amazon gives at most this many at once, and nobody has more listings of one product. */
const pageSizeMax = 20

export function mayHaveLostLetters(listing: ChannelListing): boolean {
  return listing.marketplaceListingId.includes('?')
}

/** The part with the true SKUs. What cannot be told apart is set aside, never listed under a wrong SKU. */
export async function withTrueSkus(call: Call<AmazonAccount>, { lines, unreadable }: ReportLines): Promise<ReportPart> {
  const part: ReportPart = { items: [], unreadable: [...unreadable] }
  for (const line of lines) {
    const listing = mayHaveLostLetters(line.listing) ? await trueListing(call, line) : line.listing
    if (listing) part.items.push(listing)
    else {
      const reason = `The listing report lost letters of the SKU “${line.listing.marketplaceListingId}”, and no listing of Amazon’s fits it`
      part.unreadable.push({ reference: null, reason, raw: line.listing.title })
    }
  }
  return part
}

async function trueListing(
  call: Call<AmazonAccount>,
  { listing, asin }: ReportLine,
): Promise<ChannelListing | undefined> {
  const sku = listing.marketplaceListingId
  // A question mark may well be one.
  if ((await readItemOrGone(call, sku, 'summaries')) !== 'gone') return listing
  if (asin === '') return undefined
  const response = await ask(call, 'searchListingsItems', {
    method: 'GET',
    url: `/listings/2021-08-01/items/${pathPart(sellerIdOf(call))}`,
    query: {
      marketplaceIds: call.site.id,
      identifiers: asin,
      identifiersType: 'ASIN',
      includedData: shownData,
      pageSize: pageSizeMax,
    },
  })
  const pattern = patternOf(sku)
  const items = objectsIn(objectIn(response, 'a list of listings')['items'])
  const fitting = items.filter((item) => typeof item['sku'] === 'string' && pattern.test(item['sku']))
  const [found] = fitting
  if (!found || fitting.length > 1) return undefined
  const { marketplaceListingId, channelSku } = toChannelListing(found, call)
  return { ...listing, marketplaceListingId, channelSku }
}

/** Each question mark stands for a letter or half of one. */
function patternOf(sku: string): RegExp {
  const plain = sku.split(/\?+/).map((text) => text.replace(/[.*+^${}()|[\]\\/]/g, '\\$&'))
  return new RegExp(`^${plain.join('.+')}$`, 'su')
}
