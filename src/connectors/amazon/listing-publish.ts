// Makes and changes listings. Repeating a publish changes nothing. What was taken shows later.
import { textOfFaults } from '../../domain/listings/draft-faults.ts'
import { once, RefusedError } from '../connector.ts'
import type { Call, ListingDraft, ListingFault, ListingRef, Reply } from '../connector.ts'
import { asArray, asObject } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import type { AmazonAccount } from './account.ts'
import { restrictionFaults } from './catalogue.ts'
import { replyOf } from './errors.ts'
import { itemPath, readItemOrGone } from './items.ts'
import { faultsOf, joins } from './limits.ts'
import { familyAttributes, putsOf } from './listing-puts.ts'
import type { Put } from './listing-puts.ts'
import { patchListing, replyOfSubmission, waitingTicket } from './listing-submission.ts'
import { objectsIn } from './read.ts'
import { explainIssue, explainRefusal } from './refusal-words.ts'
import { ask } from './request.ts'

/** What the pushes of stock and price own. */
const soldBy = ['purchasable_offer', 'fulfillment_availability']
/** One request each: of a large family the first tell what is wrong with all. */
const previewsMax = 20

export function publishListing(call: Call<AmazonAccount>, draft: ListingDraft): Promise<Reply> {
  return replyOf(async () => {
    const reason = textOfFaults(faultsOf(draft, call.site.id))
    if (reason !== undefined) return { kind: 'rejected', reason }
    const puts = await putsOf(call, draft)
    for (const [sku, body] of puts) {
      const reply = await putListing(call, sku, body)
      // A child without its parent is refused, so what follows is not even tried.
      if (reply.kind !== 'done') return naming(sku, draft, reply)
    }
    const skus = puts.map(([sku]) => sku)
    return { kind: 'pending', ticket: waitingTicket('listed', skus, call.now) }
  })
}

/** Stock and price stay with the pushes. Of a family all listings are changed, and one that is new is made. */
export function updateListing(call: Call<AmazonAccount>, ref: ListingRef, draft: ListingDraft): Promise<Reply> {
  return replyOf(async () => {
    if (joins(draft)) {
      return { kind: 'rejected', reason: 'The page belongs to Amazon’s product; only stock and price are the seller’s' }
    }
    if (draft.variations) return changeFamily(call, ref, draft)
    const [single] = await putsOf(call, draft)
    if (!single) return { kind: 'rejected', reason: 'There is nothing to change' }
    return patchListing(call, ref.marketplaceListingId, ...patchOf(draft, single[1]))
  })
}

// Asked for each of its listings in turn, the family is changed once: a call lives only as long as one piece of work.
function changeFamily(call: Call<AmazonAccount>, ref: ListingRef, draft: ListingDraft): Promise<Reply> {
  return once(call, `family/${JSON.stringify(draft)}`, async () => {
    const puts = await putsOf(call, draft)
    const made: string[] = []
    for (const [sku, body] of puts) {
      // A change of a SKU that is not there is accepted all the same, and makes nothing.
      const isThere = (await readItemOrGone(call, sku, 'summaries')) !== 'gone'
      if (!isThere) made.push(sku)
      const reply = isThere ? await patchListing(call, sku, ...patchOf(draft, body)) : await putListing(call, sku, body)
      const named = naming(sku, draft, reply)
      // Thrown, it is asked anew the next time.
      if (named.kind !== 'done' && named.kind !== 'pending') throw new RefusedError(named)
    }
    if (made.length === 0) return { kind: 'done', reference: ref.marketplaceListingId }
    return { kind: 'pending', ticket: waitingTicket('listed', made, call.now) }
  })
}

/** Amazon looks at all of it and keeps nothing. */
export async function previewListing(call: Call<AmazonAccount>, draft: ListingDraft): Promise<ListingFault[]> {
  const known = faultsOf(draft, call.site.id)
  if (known.length > 0) return known
  try {
    const faults = await restrictionFaults(call, draft)
    const puts = await putsOf(call, draft)
    for (const [sku, body] of puts.slice(0, previewsMax)) {
      const isChild = draft.variations !== undefined && sku !== draft.channelSku
      const issues = (await preview(call, sku, body)).filter((issue) => !isChild || !isAboutParent(issue))
      const where = isChild ? { channelSku: sku } : {}
      faults.push(...issues.flatMap(explainIssue).map((fault) => ({ ...fault, ...where })))
    }
    return faults
  } catch (error) {
    if (error instanceof RefusedError && error.refusal.kind === 'rejected') return explainRefusal(error.refusal.reason)
    throw error
  }
}

async function preview(call: Call<AmazonAccount>, sku: string, body: Put): Promise<JsonObject[]> {
  const query = { marketplaceIds: call.site.id, mode: 'VALIDATION_PREVIEW' }
  const asked = { method: 'PUT', url: itemPath(call, sku), query, body, safe: true } as const
  const answer = asObject((await ask(call, 'putListingsItem', asked)).json)
  return objectsIn(answer?.['issues']).filter((issue) => issue['severity'] === 'ERROR')
}

/** Its parent is not made by a preview, so that it is missing says nothing. */
function isAboutParent(issue: JsonObject): boolean {
  const names = asArray(issue['attributeNames']) ?? []
  return names.length > 0 && names.every((name) => name === 'child_parent_sku_relationship')
}

/** Family relations are made once; sending them again only slows Amazon down. */
function patchOf(draft: ListingDraft, { productType, attributes }: Put) {
  const isKept = (name: string) =>
    soldBy.includes(name) ||
    familyAttributes.includes(name) ||
    (name === 'condition_type' && !('condition_type' in draft.attributes))
  const patches = Object.entries(attributes)
    .filter(([name]) => !isKept(name))
    .map(([name, value]) => ({ op: 'replace' as const, path: `/attributes/${name}`, value: value as JsonObject[] }))
  return [patches, productType] as const
}

async function putListing(call: Call<AmazonAccount>, sku: string, body: Put): Promise<Reply> {
  const url = itemPath(call, sku)
  return replyOfSubmission(
    await ask(call, 'putListingsItem', { method: 'PUT', url, query: { marketplaceIds: call.site.id }, body }),
  )
}

/** Which of several it was about. */
function naming(sku: string, draft: ListingDraft, reply: Reply): Reply {
  if (!draft.variations || reply.kind !== 'rejected') return reply
  return { ...reply, reason: `“${sku}”: ${reply.reason}` }
}
