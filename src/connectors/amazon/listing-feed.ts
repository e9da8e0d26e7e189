// Many changes to listings as one JSON feed: a message each, and an answer for each in the processing report.
import type { Call, ListingRef, Refusal, Reply } from '../connector.ts'
import { asCount, asObject, parseJson } from '../reading.ts'
import { RefusedError } from '../connector.ts'
import type { JsonObject } from '../reading.ts'
import { sellerIdOf } from './account.ts'
import type { AmazonAccount } from './account.ts'
import { readFeed, submitFeed } from './feeds.ts'
import type { FeedState } from './feeds.ts'
import { anyProductType, issueText } from './listing-submission.ts'
import type { Patch } from './listing-submission.ts'
import { objectsIn } from './read.ts'

/** Either what is sent, or why it is not. The same for the same report, so that the check knows what was sent. */
type LineOf<Report> = (report: Report) => { patch: Patch; reason?: never } | { reason: string; patch?: never }

/** Feeds take minutes, and hours have been seen. */
const waitSecondsWorking = 60
const waitSecondsCancelled = 60

export async function submitListingFeed<Report extends ListingRef>(
  call: Call<AmazonAccount>,
  reports: Report[],
  lineOf: LineOf<Report>,
): Promise<{ kind: 'pending'; ticket: string } | Refusal> {
  const messages = reports.flatMap((report, index) => {
    const { patch } = lineOf(report)
    return patch ? [messageOf(report, index, patch)] : []
  })
  const [first] = reports
  if (messages.length === 0) {
    return { kind: 'rejected', reason: (first && lineOf(first).reason) ?? 'There is nothing to send' }
  }
  const content = JSON.stringify({ header: { sellerId: sellerIdOf(call), version: '2.0' }, messages })
  try {
    const feed = { feedType: 'JSON_LISTINGS_FEED', contentType: 'application/json; charset=UTF-8', content }
    return { kind: 'pending', ticket: await submitFeed(call, feed) }
  } catch (error) {
    if (error instanceof RefusedError) return error.refusal
    throw error
  }
}

// The report's place is its number, counted from 1 as Amazon wants it, also where others are left out.
function messageOf(report: ListingRef, index: number, patch: Patch) {
  return {
    messageId: index + 1,
    sku: report.marketplaceListingId,
    operationType: 'PATCH',
    productType: anyProductType,
    patches: [patch],
  }
}

export async function checkListingFeed<Report extends ListingRef>(
  call: Call<AmazonAccount>,
  ticket: string,
  reports: Report[],
  lineOf: LineOf<Report>,
): Promise<{ kind: 'settled'; replies: Reply[] } | Refusal> {
  let state: FeedState
  try {
    state = await readFeed(call, ticket)
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error
    if (error.refusal.kind !== 'gone') return error.refusal
    // Kept for 90 days, and results for 28.
    state = { kind: 'over', isBroken: true, report: null }
  }
  if (state.kind === 'working') {
    return { kind: 'wait', seconds: waitSecondsWorking, reason: 'Amazon has not worked through the feed yet' }
  }
  const answerOf = answersIn(state, reports.filter((report) => lineOf(report).patch).length)
  const replies = reports.map((report, index): Reply => {
    const { reason } = lineOf(report)
    return reason === undefined ? answerOf(index + 1, ticket) : { kind: 'rejected', reason }
  })
  return { kind: 'settled', replies }
}

function answersIn(state: Exclude<FeedState, { kind: 'working' }>, sent: number): (id: number, feed: string) => Reply {
  if (state.kind === 'cancelled') {
    const reason = 'The feed was withdrawn at Amazon before it was worked on'
    return () => ({ kind: 'wait', seconds: waitSecondsCancelled, reason })
  }
  const report = asObject(parseJson(state.report ?? ''))
  const errors = objectsIn(report?.['issues']).filter((issue) => issue['severity'] === 'ERROR')
  const byMessage = Map.groupBy(errors, (issue) => asCount(issue['messageId']))
  const processed = asCount(asObject(report?.['summary'])?.['messagesProcessed']) ?? 0
  // A fault of the header is about all of them, and none was worked on.
  const ofAll = processed === 0 ? (byMessage.get(undefined) ?? byMessage.get(0)) : undefined
  const isWhole = !state.isBroken && processed >= sent
  return (messageId, reference) => {
    const own = byMessage.get(messageId) ?? ofAll
    if (own) return { kind: 'rejected', reason: textOf(own) }
    if (isWhole) return { kind: 'done', reference }
    return { kind: 'unclear', reason: 'Amazon’s report of the feed does not say what became of it' }
  }
}

function textOf(issues: JsonObject[]): string {
  return [...new Set(issues.map(issueText))].join(' ').slice(0, 1000)
}
