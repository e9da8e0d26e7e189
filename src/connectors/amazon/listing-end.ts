// Ends a listing. A parent is no listing of ours to buyers, so it goes with the last of its children.
import type { Call, ListingRef, Reply } from '../connector.ts'
import { asArray, asCount, asText, objectIn, pathPart } from '../reading.ts'
import { sellerIdOf } from './account.ts'
import type { AmazonAccount } from './account.ts'
import { replyOf } from './errors.ts'
import { itemPath, readItemOrGone } from './items.ts'
import { replyOfSubmission, waitingTicket } from './listing-submission.ts'
import { objectsIn } from './read.ts'
import { ask } from './request.ts'

/** What was ended in this run still shows for a while. */
const endedIn = new WeakMap<object, Set<string>>()

export function endListing(call: Call<AmazonAccount>, ref: ListingRef): Promise<Reply> {
  const sku = ref.marketplaceListingId
  return replyOf(async () => {
    const ended = endedIn.get(call) ?? new Set()
    endedIn.set(call, ended)
    const parent = await parentOf(call, sku)
    const skus = [sku]
    const reply = await remove(call, sku)
    if (reply.kind !== 'done') return reply
    ended.add(sku)
    if (parent !== null && !(await hasOtherChildren(call, parent, ended))) {
      const ofParent = await remove(call, parent)
      if (ofParent.kind === 'done') skus.push(parent)
    }
    return { kind: 'pending', ticket: waitingTicket('ended', skus, call.now) }
  })
}

async function remove(call: Call<AmazonAccount>, sku: string): Promise<Reply> {
  const query = { marketplaceIds: call.site.id }
  return replyOfSubmission(await ask(call, 'deleteListingsItem', { method: 'DELETE', url: itemPath(call, sku), query }))
}

async function parentOf(call: Call<AmazonAccount>, sku: string): Promise<string | null> {
  const item = await readItemOrGone(call, sku, 'relationships')
  if (item === 'gone') return null
  const here = objectsIn(item['relationships']).find((one) => one['marketplaceId'] === call.site.id)
  const family = objectsIn(here?.['relationships']).find((one) => one['type'] === 'VARIATION')
  return asText(asArray(family?.['parentSkus'])?.[0])
}

async function hasOtherChildren(call: Call<AmazonAccount>, parent: string, ended: Set<string>): Promise<boolean> {
  const url = `/listings/2021-08-01/items/${pathPart(sellerIdOf(call))}`
  const query = { marketplaceIds: call.site.id, variationParentSku: parent, pageSize: 20 }
  const body = objectIn(await ask(call, 'searchListingsItems', { method: 'GET', url, query }), 'the family')
  const children = objectsIn(body['items'])
  // Of a family of more than a page the last page is looked at once the others are gone.
  if ((asCount(body['numberOfResults']) ?? 0) > children.length) return true
  return children.some((one) => typeof one['sku'] !== 'string' || !ended.has(one['sku']))
}
