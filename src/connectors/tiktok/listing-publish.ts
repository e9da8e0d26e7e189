// Making a product: pictures first, then the product, which is reviewed before anybody can buy it.
import { createHash } from 'node:crypto'
import { textOfFaults } from '../../domain/listings/draft-faults.ts'
import { once, RefusedError } from '../connector.ts'
import type { ChannelListing, ListingDraft, Reply } from '../connector.ts'
import { asArray, asObject, asText } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import type { TikTokCall } from './account.ts'
import { ask } from './ask.ts'
import { categoryVersion, keys, valueIdIn, valuesIn } from './attribute-keys.ts'
import { codeOf, replyOf } from './errors.ts'
import { uploadImage } from './images.ts'
import type { ImageUse } from './images.ts'
import { faultsOf } from './limits.ts'
import { imagesOf, toProduct } from './product-draft.ts'
import type { Prepared } from './product-draft.ts'
import { chosenWarehouse } from './stock.ts'

export const updatePrefix = 'update:'
const nothingUnderReviewCode = 12052547

export function publishListing(call: TikTokCall, draft: ListingDraft): Promise<Reply> {
  return replyOf(async () => {
    const reason = textOfFaults(faultsOf(draft, call.site))
    if (reason !== undefined) return { kind: 'rejected', reason }
    const product = toProduct(draft, await prepare(call, draft))
    const data = await ask(call, 'products.create', {
      body: {
        ...product,
        category_version: categoryVersion(call.site.currency),
        save_mode: 'LISTING',
        idempotency_key: idempotencyKey(call, draft),
      },
    })
    const id = asText(data['product_id'])
    if (id === null) return { kind: 'unclear', reason: 'TikTok Shop took the product without saying its id' }
    return { kind: 'pending', ticket: id }
  })
}

/** What became of a product in review. Tickets are product ids; those of changes to one say so before it. */
export function checkListing(call: TikTokCall, ticket: string): Promise<Reply> {
  return replyOf(async () => {
    if (ticket.startsWith(updatePrefix)) return checkUpdate(call, ticket)
    const product = await ask(call, 'products.get', { id: ticket })
    switch (asText(product['status'])) {
      case 'PENDING':
        return { kind: 'pending', ticket }
      case 'ACTIVATE':
        return { kind: 'done', reference: ticket }
      default:
        return { kind: 'rejected', reason: whyRefused(product) }
    }
  })
}

/** In review, or refused by it: both are drafts to the search, and the product itself says which. */
export function ticketOf(_call: TikTokCall, found: ChannelListing[]): string | undefined {
  return found.find(({ state }) => state === 'draft')?.marketplaceListingId
}

// While a change is in review the product stays as it was, so it is the changed one that is looked at.
async function checkUpdate(call: TikTokCall, ticket: string): Promise<Reply> {
  const id = ticket.slice(updatePrefix.length)
  const done: Reply = { kind: 'done', reference: id }
  let changed: JsonObject
  try {
    changed = await ask(call, 'products.get', { id, query: { return_under_review_version: 'true' } })
  } catch (error) {
    if (error instanceof RefusedError && codeOf(error.refusal) === nothingUnderReviewCode) return done
    throw error
  }
  const audit = asText(asObject(changed['audit'])?.['status'])
  if (audit === 'AUDITING' || asText(changed['status']) === 'PENDING') return { kind: 'pending', ticket }
  return audit === 'FAILED' ? { kind: 'rejected', reason: whyRefused(changed) } : done
}

function whyRefused(product: JsonObject): string {
  const reasons = (asArray(product['audit_failed_reasons']) ?? []).map((entry) => {
    const failed = asObject(entry) ?? {}
    const texts = [...(asArray(failed['reasons']) ?? []), ...(asArray(failed['suggestions']) ?? [])].flatMap(
      (text) => asText(text) ?? [],
    )
    return [asText(failed['position']), texts.join('; ')].filter((text) => text !== null && text !== '').join(': ')
  })
  const said = reasons.filter((reason) => reason !== '').join(' · ')
  return said === '' ? `The product is ${asText(product['status']) ?? 'not live'} at TikTok Shop` : said
}

export async function prepare(call: TikTokCall, draft: ListingDraft): Promise<Prepared> {
  const warehouseId = chosenWarehouse(call)
  if (warehouseId === undefined) throw rejected('This TikTok shop has no open sales warehouse')
  const brandId = await findBrand(call, draft)
  const { main, variations, sizeChart, certifications } = imagesOf(draft)
  const uris = new Map<string, string>()
  const uses: [string[], ImageUse][] = [
    [main, 'MAIN_IMAGE'],
    [variations, 'ATTRIBUTE_IMAGE'],
    [sizeChart, 'SIZE_CHART_IMAGE'],
    [certifications, 'CERTIFICATION_IMAGE'],
  ]
  for (const [links, use] of uses) {
    for (const link of links) {
      if (!uris.has(link)) uris.set(link, await uploadImage(call, link, use))
    }
  }
  return { brandId, uris, warehouseId }
}

// A brand TikTok Shop does not know is left out when it comes from the product, and refused when it was chosen.
async function findBrand(call: TikTokCall, draft: ListingDraft): Promise<string | null> {
  const [chosen] = valuesIn(draft.attributes[keys.brand])
  const name = chosen ?? asText(draft.brand)
  const id = chosen === undefined ? null : valueIdIn(chosen)
  if (id !== null || name === null || name === undefined) return id
  const [categoryId] = valuesIn(draft.attributes[keys.category])
  const data = await once(call, `brand/${categoryId ?? ''}/${name}`, () =>
    ask(call, 'brands.list', {
      query: {
        brand_name: name,
        page_size: 100,
        category_version: categoryVersion(call.site.currency),
        ...(categoryId === undefined ? {} : { category_id: categoryId }),
      },
    }),
  )
  const brands = (asArray(data['brands']) ?? []).map((entry) => asObject(entry) ?? {})
  const brand = brands.find((one) => asText(one['name'])?.toLowerCase() === name.toLowerCase())
  if (!brand && chosen !== undefined) throw rejected(`TikTok Shop does not know the brand “${chosen}”`)
  return asText(brand?.['id'])
}

// The same draft sent again within the hour is the same product over there. Whoever repeats it later looks for the SKU.
function idempotencyKey({ site, now }: TikTokCall, draft: ListingDraft): string {
  const hour = now.toISOString().slice(0, 13)
  return createHash('sha256')
    .update(JSON.stringify([site.id, hour, draft]))
    .digest('hex')
}

function rejected(reason: string): RefusedError {
  return new RefusedError({ kind: 'rejected', reason })
}
