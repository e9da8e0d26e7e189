// Writes to listings. Amazon answers 200 even where it refuses, and "accepted" means queued: what became of it is read
// from the listing itself.
import type { Call, ChannelListing, HttpResponse, Reply } from '../connector.ts'
import { asArray, asInstant, asObject, asText, parseJson } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import type { AmazonAccount } from './account.ts'
import { replyOf } from './errors.ts'
import { itemPath, readItemOrGone } from './items.ts'
import { objectsIn } from './read.ts'
import { ask } from './request.ts'

/** Offers are the same for every product type, and this one is taken for changes to them. */
export const anyProductType = 'PRODUCT'

export type Patch = { op: 'merge' | 'replace'; path: string; value: JsonObject[] }

/** New listings have been seen to take hours; beyond a day something went wrong without a word. */
const hoursMax = 24
const textCharactersMax = 1000

export async function patchListing(
  call: Call<AmazonAccount>,
  sku: string,
  patches: Patch[],
  productType = anyProductType,
): Promise<Reply> {
  const response = await ask(call, 'patchListingsItem', {
    method: 'PATCH',
    url: itemPath(call, sku),
    query: { marketplaceIds: call.site.id },
    body: { productType, patches },
  })
  return replyOfSubmission(response)
}

export function replyOfSubmission(response: HttpResponse): Reply {
  const body = asObject(response.json)
  const status = asText(body?.['status'])
  const reference = asText(body?.['submissionId'])
  if (status === 'ACCEPTED') return reference === null ? { kind: 'done' } : { kind: 'done', reference }
  if (status === 'INVALID') {
    return { kind: 'rejected', reason: errorsIn(body) ?? 'Amazon refused the change without saying why' }
  }
  return { kind: 'unclear', reason: 'Amazon did not say what became of the change' }
}

/** The errors among a listing's issues, in Amazon's words with the fields they are about; null where there are none. */
export function errorsIn(holder: JsonObject | undefined): string | null {
  const errors = objectsIn(holder?.['issues']).filter((issue) => issue['severity'] === 'ERROR')
  const texts = errors.map(issueText)
  return texts.length === 0 ? null : [...new Set(texts)].join(' · ').slice(0, textCharactersMax)
}

export function issueText(issue: JsonObject): string {
  const fields = (asArray(issue['attributeNames']) ?? [issue['attributeName']]).flatMap((name) => asText(name) ?? [])
  const message = asText(issue['message']) ?? `Amazon’s error ${asText(issue['code']) ?? 'without text'}`
  const code = asText(issue['code'])
  if (code !== null) return `${message} (code ${code}${fields.length === 0 ? '' : `: ${fields.join(', ')}`})`
  const unnamed = fields.filter((field) => !message.includes(field))
  return unnamed.length === 0 ? message : `${message} (${unnamed.join(', ')})`
}

type Awaited = 'listed' | 'ended'

/** For what was taken and does not show yet. */
export function waitingTicket(awaited: Awaited, skus: string[], now: Date): string {
  return JSON.stringify({ awaited, skus, since: now })
}

/** Not to be bought yet: Amazon is still at it, or has found fault with it. */
export function ticketOf(call: Call<AmazonAccount>, found: ChannelListing[]): string | undefined {
  const skus = found.flatMap(({ state, channelSku }) => (state === 'draft' && channelSku !== null ? [channelSku] : []))
  return skus.length === 0 ? undefined : waitingTicket('listed', skus, call.now)
}

export function checkListing(call: Call<AmazonAccount>, ticket: string): Promise<Reply> {
  const read = asObject(parseJson(ticket))
  const since = asInstant(read?.['since'])
  const awaited = read?.['awaited']
  const skus = (asArray(read?.['skus']) ?? []).flatMap((sku) => (typeof sku === 'string' ? [sku] : []))
  return replyOf(async () => {
    const [first] = skus
    if (!since || first === undefined || (awaited !== 'listed' && awaited !== 'ended')) {
      return { kind: 'rejected', reason: 'This ticket is not one that the Amazon connector gave' }
    }
    for (const sku of skus) {
      const reply = awaited === 'ended' ? await whetherEnded(call, sku) : await whetherListed(call, sku)
      if (reply === 'not-yet') return notYet(ticket, since, call.now, awaited, sku)
      if (reply !== 'shown') return reply
    }
    return { kind: 'done', reference: first }
  })
}

async function whetherEnded(call: Call<AmazonAccount>, sku: string): Promise<'shown' | 'not-yet'> {
  const item = await readItemOrGone(call, sku, 'summaries,issues')
  // Amazon may go on naming a deleted SKU without anything it sells.
  return item === 'gone' || objectsIn(item['summaries']).length === 0 ? 'shown' : 'not-yet'
}

async function whetherListed(call: Call<AmazonAccount>, sku: string): Promise<Reply | 'shown' | 'not-yet'> {
  const item = await readItemOrGone(call, sku, 'summaries,issues')
  if (item === 'gone') return 'not-yet'
  const isThere = objectsIn(item['summaries']).some((one) => one['marketplaceId'] === call.site.id)
  const reason = errorsIn(item)
  if (!isThere && reason !== null) return { kind: 'rejected', reason: `“${sku}”: ${reason}` }
  return isThere ? 'shown' : 'not-yet'
}

function notYet(ticket: string, since: Date, now: Date, awaited: Awaited, sku: string): Reply {
  if (now.getTime() - since.getTime() < hoursMax * 3_600_000) return { kind: 'pending', ticket }
  const what = awaited === 'ended' ? 'still shows it' : 'does not show it'
  return { kind: 'rejected', reason: `Amazon took “${sku}” ${hoursMax} hours ago and ${what}` }
}
