// Lists, updates and deletes products on a marketplace (F4 to F6): claimed under the fence before the call, several on their
// way at once as far as the pace lets them, settled after it. What may be there is looked for before it is made again (R4).
import { RefusedError } from '../connectors/connector.ts'
import { categoryKey } from '../domain/listings/build-draft.ts'
import { claimChanges, keepDrafts, secondsToNextChange } from '../domain/listings/claim-changes.store.ts'
import type { ClaimedChange } from '../domain/listings/claim-changes.store.ts'
import { readSelectionPage, takeSelectionPage } from '../domain/listings/selections.store.ts'
import type { ChangeOutcome } from '../domain/listings/listing-changes.ts'
import { settleChanges } from '../domain/listings/settle-changes.store.ts'
import type { ChangeResult } from '../domain/listings/settle-changes.store.ts'
import type { ChannelOperation, ChannelRun, RunEnd } from './channel-run.ts'
import { changeOne } from './change-one-listing.ts'
import { LeaseLost } from './channel-lease.ts'
import { retireIfGone } from './listing-needs.ts'
import type { NeedsSource } from './listing-needs.ts'
import { ChannelOff, isOwnPace } from './pace.ts'
import type { PreparedListing } from './prepare-listings.ts'
import { prepareMany } from './prepare-many.ts'

/** On their way at once: a product is some requests one after another, and each takes its time. Fewer where the pace makes them wait. */
const lanesMax = 80
const lanesFirst = 24
const claimMax = 60
/** So many still to begin, and the next are claimed: preparing them takes a while that no lane should wait for. */
const claimAheadFrom = 30
/** Of all that a filter matches so many are taken at once, when those before them are claimed. */
const selectionPageMax = 200
/** A worker's turn: then others have theirs, and the next kick goes on. */
const secondsPerKickMax = 60

export const changeListings: ChannelOperation = {
  name: 'change-listings',
  // A person's asking kicks it at once; this goes on with what had to wait.
  everySeconds: 300,
  possible: (connector) => connector.listings !== undefined,
  async run(run) {
    const work = createWork(run)
    const lanes = new Set<Promise<void>>()
    let wanted = lanesFirst
    const open = () => {
      const lane: Promise<void> = work
        .goOn(() => {
          if (!work.isFull()) wanted = Math.min(lanesMax, wanted + 1)
          while (!work.isFull() && lanes.size < wanted) open()
        })
        .finally(() => lanes.delete(lane))
      lanes.add(lane)
    }
    while (lanes.size < lanesFirst) open()
    while (lanes.size > 0) await Promise.all(lanes)
    await work.end()
    return nextTime(run, work.isCut())
  },
}

async function nextTime(run: ChannelRun, isCut: boolean): Promise<RunEnd> {
  if (isCut) return 'again'
  const seconds = await run.transaction((tx) => secondsToNextChange(tx, run.channel.id))
  if (seconds === null) return 'done'
  return seconds <= 0 ? 'again' : { afterSeconds: seconds }
}

type Prepared = { claim: ClaimedChange; prepared: PreparedListing | undefined }

/** What the lanes share: what is claimed, what came of it, and whether to go on. */
function createWork(run: ChannelRun) {
  const scope = { channelId: run.channel.id, fence: run.fence }
  const until = run.parts.clock.now().getTime() + secondsPerKickMax * 1000
  const claimed: Prepared[] = []
  const results: ChangeResult[] = []
  let claiming: Promise<void> | undefined
  let settling: Promise<void> | undefined
  let isDrained = false
  let isCut = false
  /** Ends all lanes; the other only its own, whose turn was too far away. */
  let stop: { error: unknown } | undefined
  let tooFar: RefusedError | undefined

  /** One transaction stores what came of several, while others are on their way. */
  const settleAll = async () => {
    while (results.length > 0) {
      const batch = results.splice(0)
      await run.transaction((tx) => settleChanges(tx, scope, batch))
    }
  }
  const settle = (result: ChangeResult) => {
    results.push(result)
    settling ??= settleAll()
      .catch((error: unknown) => void (stop ??= { error }))
      .finally(() => (settling = undefined))
  }
  const claimMore = async () => {
    const claims = await run.transaction((tx) => claimChanges(tx, scope, claimMax))
    const isMore = claims.length < claimMax && (await takeMore(run))
    if (claims.length === 0 && !isMore) isDrained = true
    const prepared = await prepareClaimed(run, claims)
    const hopeless = prepared.filter(isHopeless)
    const hopeful = prepared.filter((one) => !isHopeless(one))
    await run.transaction(async (tx) => {
      const drafts = hopeful.flatMap((one) =>
        one.claim.step === 'send' && one.prepared ? [{ id: one.claim.id, draft: one.prepared.draft }] : [],
      )
      await keepDrafts(tx, scope, drafts)
      await settleChanges(tx, scope, hopeless.map(refusedAtOnce))
    })
    claimed.push(...hopeful)
  }
  const next = async (): Promise<Prepared | undefined> => {
    for (;;) {
      if (run.parts.clock.now().getTime() > until) isCut = true
      if (stop || isCut) return undefined
      if (!isDrained && claimed.length < claimAheadFrom) {
        claiming ??= claimMore()
          .catch((error: unknown) => void (stop ??= { error }))
          .finally(() => (claiming = undefined))
      }
      const one = claimed.shift()
      if (one) return one
      if (isDrained) return undefined
      await claiming
    }
  }
  const doOne = async (one: Prepared): Promise<'done' | 'lane-ends'> => {
    try {
      settle(await withCategory(run, one, await changeOne(run, one.claim, one.prepared)))
      return 'done'
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error
      settle(notSent(one))
      if (!isOwnPace(error.refusal)) throw error
      tooFar = error
      return 'lane-ends'
    }
  }
  return {
    /** One lane: until nothing is left, or nothing may be asked. */
    async goOn(onDone: () => void) {
      try {
        for (let one = await next(); one; one = await next()) {
          if ((await doOne(one)) === 'lane-ends') return
          onDone()
        }
      } catch (error) {
        stop ??= { error }
      }
    },
    /** What was claimed and not begun goes back as it was. */
    async end() {
      await claiming
      await settling
      if (!(stop?.error instanceof LeaseLost)) {
        results.push(...claimed.splice(0).map(notSent))
        await settleAll()
      }
      if (stop) throw stop.error
      if (tooFar && !isDrained && !isCut) throw tooFar
    },
    isCut: () => isCut,
    isFull: () => tooFar !== undefined,
  }
}

/** Of all that a filter matches the next page: it is looked at and waits for its turn. False: there is none to take. */
async function takeMore(run: ChannelRun): Promise<boolean> {
  const { id: channelId, currency } = run.channel
  const page = await run.transaction((tx) => readSelectionPage(tx, channelId, selectionPageMax))
  if (!page) return false
  const preparing = { source: needsOf(run), action: page.action, currency, publicUrl: run.parts.publicUrl }
  const wanted = await prepareMany(preparing, page.productIds)
  await run.transaction((tx) => takeSelectionPage(tx, channelId, { page, wanted }))
  return true
}

function isHopeless({ claim, prepared }: Prepared): boolean {
  return claim.step === 'send' && (prepared?.faults.length ?? 0) > 0
}

function refusedAtOnce({ claim, prepared }: Prepared): ChangeResult {
  return { claim, outcome: { kind: 'refused', faults: prepared?.faults ?? [] }, listingIds: idsOf(prepared) }
}

/** A step that only looks is repeated as such. */
function notSent({ claim, prepared }: Prepared): ChangeResult {
  const { step, ticket, marketplaceListingId, lookUps } = claim
  const result = (outcome: ChangeOutcome): ChangeResult => ({ claim, outcome, listingIds: idsOf(prepared) })
  if (step === 'send') return result({ kind: 'waiting', seconds: 0, counts: false })
  if (step === 'check') return result({ kind: 'in-review', ticket, marketplaceListingId, seconds: 0 })
  return result({ kind: 'unclear', reason: '', seconds: 0, lookUps: Math.max(0, lookUps - 1) })
}

function idsOf(prepared: PreparedListing | undefined): string[] {
  return (prepared?.listings ?? []).map(({ listingId }) => listingId)
}

/** As they are at this moment: stock, price and texts may have changed since somebody asked. */
async function prepareClaimed(run: ChannelRun, claims: ClaimedChange[]): Promise<Prepared[]> {
  const source = needsOf(run)
  const { currency } = run.channel
  const prepared = new Map<string, PreparedListing>()
  for (const action of ['list', 'update', 'delete'] as const) {
    const productIds = claims.filter((claim) => claim.action === action).map(({ productId }) => productId)
    if (productIds.length === 0) continue
    const made = await prepareMany({ source, action, currency, publicUrl: run.parts.publicUrl }, [
      ...new Set(productIds),
    ])
    for (const one of made) prepared.set(`${action}/${one.productId}/${one.variantId}`, one)
  }
  return claims.map((claim) => ({
    claim,
    prepared: prepared.get(`${claim.action}/${claim.productId}/${claim.variantId}`),
  }))
}

function needsOf(run: ChannelRun): NeedsSource {
  const { connector, call, channel, transaction } = run
  return { connector, site: call.site, channelId: channel.id, transaction, ask: (question) => question(call) }
}

/** A refusal about the category may mean that it was given up over there since it was chosen. */
async function withCategory(run: ChannelRun, { prepared }: Prepared, result: ChangeResult): Promise<ChangeResult> {
  const { outcome } = result
  const categoryId = prepared?.draft.attributes[categoryKey]
  if (outcome.kind !== 'refused' || categoryId === undefined) return result
  const about = outcome.faults.find(({ field }) => field === 'category')
  if (!about || !(await isRetired(run, categoryId))) return result
  const message = `${run.connector.name} has given this category up since it was chosen. Choose another.`
  const faults = outcome.faults.map((fault) => (fault === about ? { ...fault, message } : fault))
  return { ...result, outcome: { ...outcome, faults } }
}

async function isRetired(run: ChannelRun, categoryId: string): Promise<boolean> {
  try {
    return await retireIfGone(needsOf(run), categoryId)
  } catch (error) {
    if (error instanceof RefusedError || error instanceof ChannelOff) return false
    throw error
  }
}
