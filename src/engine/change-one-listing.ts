// One listing change: what is asked of the marketplace for it, and what its answer comes to. A listing is made only where none
// with its SKUs is there; one that is perhaps there is looked for before it is made again (R4).
import { RefusedError } from '../connectors/connector.ts'
import type { ChannelListing, ListingDraft, ListingFault, ListingRef, Refusal, Reply } from '../connectors/connector.ts'
import { otherListingsUnder } from '../domain/listings/change-views.store.ts'
import type { ClaimedChange } from '../domain/listings/claim-changes.store.ts'
import { lookUpAfterSeconds, lookUpsBeforeRepeat, nextCheckSeconds } from '../domain/listings/listing-changes.ts'
import type { ChangeOutcome } from '../domain/listings/listing-changes.ts'
import type { ChangeResult } from '../domain/listings/settle-changes.store.ts'
import { findSkus, readMade, skusOf, skusToFind } from './find-listings.ts'
import type { ChannelRun } from './channel-run.ts'
import { isOwnPace } from './pace.ts'
import { refOf } from './prepare-listings.ts'
import type { PreparedListing } from './prepare-listings.ts'

/** Something else than the marketplace's limits keeps it from going out, such as a picture nobody can fetch. */
const waitsMax = 8
/** Taken over there and not to be seen: looked for over some two hours. */
const looksForTakenMax = 12
const ticketSeparator = '\n'

type Work = { run: ChannelRun; claim: ClaimedChange; prepared: PreparedListing | undefined; draft: ListingDraft }

export async function changeOne(
  run: ChannelRun,
  claim: ClaimedChange,
  prepared: PreparedListing | undefined,
): Promise<ChangeResult> {
  const listingIds = (prepared?.listings ?? []).map(({ listingId }) => listingId)
  const result = (outcome: ChangeOutcome): ChangeResult => ({ claim, outcome, listingIds })
  const draft = claim.step === 'send' ? prepared?.draft : (claim.draft ?? prepared?.draft)
  if (!draft) return result({ kind: 'refused', faults: [{ field: null, message: noLongerHere }] })
  const work = { run, claim, prepared, draft }
  if (claim.step === 'check') return result(await check(work))
  if (claim.step === 'look-up') return result(await lookUp(work))
  return result(await send(work))
}

const noLongerHere = 'The product or its variation is no longer in the catalogue.'

function send(work: Work): Promise<ChangeOutcome> {
  if (work.claim.action === 'list') return list(work)
  return work.claim.action === 'update' ? update(work) : remove(work)
}

async function list(work: Work): Promise<ChangeOutcome> {
  const { run, claim, draft } = work
  const { connector, call } = run
  // The last download speaks for all of them; the first is asked again, for a product made by hand since then shows in it.
  const found = await findSkus(run, skusToFind(run, draft).slice(0, 1))
  const foreign = found.filter(({ marketplaceListingId: id }) => id !== claim.marketplaceListingId)
  if (foreign[0]) return { kind: 'refused', faults: [alreadyThere(foreign[0], connector.name)] }
  const [own] = found
  if (!own) return outcomeOf(work, await reply(async () => connector.listings?.publish(call, draft)))
  // An earlier change of ours made it, and it did not pass there: it is changed, lest there be two.
  const { update: change } = connector.listings ?? {}
  if (!change) return adopt(work, found)
  const ref = { marketplaceListingId: own.marketplaceListingId, marketplaceVariantId: null, channelSku: own.channelSku }
  return outcomeOf(work, await reply(() => change(call, ref, draft)))
}

function alreadyThere({ channelSku }: ChannelListing, name: string): ListingFault {
  const sku = channelSku ?? ''
  const message = `${name} has a listing with the SKU “${sku}” already. Download the listings, link it in SKU mapping and choose Update.`
  return { field: 'sku', channelSku: sku, message }
}

async function update(work: Work): Promise<ChangeOutcome> {
  const { run, prepared, draft } = work
  const change = run.connector.listings?.update
  const refs = (prepared?.listings ?? []).map(refOf)
  if (!change || refs.length === 0)
    return { kind: 'refused', faults: [{ field: null, message: 'It is not listed there.' }] }
  const replies = await oneAfterAnother(wholes(refs), (ref) => reply(() => change(run.call, ref, draft)))
  return outcomeOf(work, together(replies))
}

async function remove(work: Work): Promise<ChangeOutcome> {
  const { run, prepared } = work
  const { listings } = run.connector
  const refs = (prepared?.listings ?? []).map(refOf)
  if (!listings || refs.length === 0) return { kind: 'done', listings: [], marketplaceListingId: null }
  const ours = (prepared?.listings ?? []).map(({ listingId }) => listingId)
  const shared = await run.transaction((tx) =>
    otherListingsUnder(tx, {
      channelId: run.channel.id,
      ids: refs.map((ref) => ref.marketplaceListingId),
      except: ours,
    }),
  )
  // Where other SKUs stand in the same listing, only ours go.
  const toEnd = [
    ...wholes(refs.filter((ref) => !shared.has(ref.marketplaceListingId))),
    ...refs.filter((ref) => shared.has(ref.marketplaceListingId)),
  ]
  const replies = await oneAfterAnother(toEnd, async (ref) => {
    const answer = await reply(() => listings.end(run.call, ref))
    return answer.kind === 'gone' ? { kind: 'done' as const } : answer
  })
  return outcomeOf(work, together(replies))
}

/** Each listing once, whatever its SKUs. */
function wholes(refs: ListingRef[]): ListingRef[] {
  const byId = new Map(refs.toReversed().map((ref) => [ref.marketplaceListingId, ref]))
  return [...byId.values()].toReversed().map((ref) => ({ ...ref, marketplaceVariantId: null }))
}

async function oneAfterAnother(refs: ListingRef[], ask: (ref: ListingRef) => Promise<Reply>): Promise<Reply[]> {
  const replies: Reply[] = []
  for (const ref of refs) {
    const answer = await ask(ref)
    replies.push(answer)
    if (answer.kind !== 'done' && answer.kind !== 'pending') break
  }
  return replies
}

/** Of several answers the worst; of several tickets all. */
function together(replies: Reply[]): Reply {
  const refusal = replies.find((one) => one.kind !== 'done' && one.kind !== 'pending')
  if (refusal) return refusal
  const tickets = replies.flatMap((one) => (one.kind === 'pending' ? [one.ticket] : []))
  if (tickets.length > 0) return { kind: 'pending', ticket: tickets.join(ticketSeparator) }
  return replies[0] ?? { kind: 'done' }
}

async function check(work: Work): Promise<ChangeOutcome> {
  const { run, claim } = work
  const { ticket } = claim
  const look = run.connector.listings?.check
  // Taken, and only not seen yet.
  if (ticket === null || !look) return checkBySku(work)
  const replies: Reply[] = []
  for (const one of ticket.split(ticketSeparator)) replies.push(await reply(() => look(run.call, one)))
  const answer = together(replies)
  if (answer.kind === 'unclear') return inReview(work, ticket)
  return outcomeOf(work, answer)
}

async function checkBySku(work: Work): Promise<ChangeOutcome> {
  if (work.claim.action !== 'list') return { kind: 'done', listings: [], marketplaceListingId: null }
  const { run, claim, draft } = work
  const found = await findSkus(run, skusToFind(run, draft))
  if (found.length > 0) return adopt(work, found)
  if (claim.lookUps < looksForTakenMax) return inReview(work, null)
  const message = `${run.connector.name} took it, and it is not to be seen there by its SKU. Look for it there; if it is missing, list it again.`
  return { kind: 'refused', faults: [{ field: null, message }] }
}

/** Nobody knows whether it took effect. What only says anew what should be there may be sent again as it is. */
async function lookUp(work: Work): Promise<ChangeOutcome> {
  const { run, claim, draft } = work
  if (claim.action !== 'list') return { kind: 'waiting', seconds: 0, counts: true }
  if (claim.ticket !== null) return check(work)
  const found = await findSkus(run, skusToFind(run, draft))
  if (found.length > 0) return adopt(work, found)
  if (claim.lookUps >= lookUpsBeforeRepeat) return { kind: 'waiting', seconds: 0, counts: true }
  return { kind: 'unclear', reason: 'It is not to be seen there', seconds: lookUpAfterSeconds, lookUps: claim.lookUps }
}

/** It is there, and it is ours: never a second one. */
function adopt(work: Work, found: ChannelListing[]): ChangeOutcome {
  const { run, claim, draft } = work
  const marketplaceListingId = found[0]?.marketplaceListingId ?? null
  // Of a product whose SKUs are listings of their own some may have been lost, and making it again makes those alone.
  const isPartial = found.length < skusOf(draft).length && found.every((one) => one.marketplaceVariantId === null)
  if (isPartial && draft.variations) return { kind: 'waiting', seconds: 0, counts: true }
  if (found.some(({ state }) => state === 'suspended')) {
    const message = `${run.connector.name} has blocked it. Look at it there.`
    return { kind: 'refused', faults: [{ field: null, message }] }
  }
  // Its own word on a review is asked for: a listing that was refused looks like one that is still looked at.
  const ticket = run.connector.listings?.ticketOf?.(run.call, found)
  if (ticket === undefined) return { kind: 'done', listings: found, marketplaceListingId }
  return { kind: 'in-review', ticket, marketplaceListingId, seconds: nextCheckSeconds(claim.lookUps) }
}

function inReview({ claim }: Work, ticket: string | null): ChangeOutcome {
  const { marketplaceListingId, lookUps } = claim
  return {
    kind: 'in-review',
    ticket,
    marketplaceListingId,
    seconds: nextCheckSeconds(claim.step === 'send' ? 0 : lookUps),
  }
}

async function outcomeOf(work: Work, answer: Reply): Promise<ChangeOutcome> {
  const { claim, run } = work
  switch (answer.kind) {
    case 'done':
      return claim.action === 'delete'
        ? { kind: 'done', listings: [], marketplaceListingId: null }
        : done(work, answer.reference ?? claim.marketplaceListingId)
    case 'pending':
      return inReview(work, answer.ticket)
    case 'unclear':
      return { kind: 'unclear', reason: answer.reason ?? '', seconds: lookUpAfterSeconds, lookUps: 0 }
    case 'wait':
    case 'signed-out':
      return laterOrNever(work, answer)
    case 'gone': {
      if (claim.action === 'delete') return { kind: 'done', listings: [], marketplaceListingId: null }
      const message = `It is no longer on ${run.connector.name}. Choose List to put it there again.`
      const theirs = answer.reason === undefined ? {} : { theirs: answer.reason }
      return { kind: 'refused', faults: [{ field: null, message, ...theirs }], isGone: claim.action === 'update' }
    }
    case 'rejected':
      return { kind: 'refused', faults: explained(work, answer.reason) }
  }
}

/** What meets this one alone has its time and an end; all else ends the lane. */
function laterOrNever({ claim }: Work, refusal: Extract<Refusal, { kind: 'wait' | 'signed-out' }>): ChangeOutcome {
  if (refusal.kind === 'signed-out' || isOwnPace(refusal) || claim.step !== 'send') throw new RefusedError(refusal)
  if (claim.attempts < waitsMax) {
    return { kind: 'waiting', seconds: Math.max(refusal.seconds, nextCheckSeconds(claim.attempts - 1)), counts: true }
  }
  const message =
    'It could not be sent, although it was tried again and again. List it once more when the cause is gone.'
  return { kind: 'refused', faults: [{ field: null, message, ...(refusal.reason ? { theirs: refusal.reason } : {}) }] }
}

function explained({ run }: Work, reason: string): ListingFault[] {
  const faults = run.connector.listings?.explainRefusal?.(reason) ?? []
  if (faults.length > 0) return faults.map((fault) => ({ theirs: reason, ...fault }))
  return [{ field: null, message: `${run.connector.name} did not take it. Its own words say why.`, theirs: reason }]
}

/** It took effect: whatever comes of reading it, it is not sent again. */
async function done(work: Work, reference: string | null): Promise<ChangeOutcome> {
  const { run, draft, prepared, claim } = work
  const known = new Set(
    (claim.action === 'update' ? (prepared?.listings ?? []) : []).map(({ channelSku }) => channelSku),
  )
  const wanted = skusOf(draft).filter((sku) => !known.has(sku))
  if (wanted.length === 0) return { kind: 'done', listings: [], marketplaceListingId: reference }
  try {
    const listings = await readMade(run, { reference, skus: wanted })
    if (listings.length > 0 || claim.action === 'update')
      return { kind: 'done', listings, marketplaceListingId: reference }
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error
    if (claim.action === 'update') return { kind: 'done', listings: [], marketplaceListingId: reference }
  }
  return { kind: 'in-review', ticket: null, marketplaceListingId: reference, seconds: nextCheckSeconds(0) }
}

async function reply(ask: () => Promise<Reply | undefined>): Promise<Reply> {
  try {
    return (await ask()) ?? { kind: 'rejected', reason: 'This marketplace takes no listings' }
  } catch (error) {
    if (error instanceof RefusedError) return error.refusal
    throw error
  }
}
