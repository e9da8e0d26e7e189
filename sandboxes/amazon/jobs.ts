// What feeds and reports have in common: work that is queued, runs, and is asked after.
import { done, invalidInput, listOf, readToken, timeOf, unauthorized, wholeNumberOf, writeToken } from './call.ts'
import { listed } from './choices.ts'
import { marketplaceOf } from './reference.ts'
import { nextNumber } from './state.ts'
import type { Answer } from '../kit/front.ts'
import type { ApiCall } from './call.ts'
import type { Job } from './state.ts'

export function newJob(call: ApiCall, given: Pick<Job, 'kind' | 'type' | 'marketplaceIds'>): Job {
  const { amazon, at, sellerId, region } = call
  const id = String(50_000_000_000 + nextNumber(amazon))
  const job: Job = {
    id,
    ...given,
    sellerId,
    region,
    status: 'IN_QUEUE',
    createdAt: at,
    startedAt: undefined,
    endedAt: undefined,
    inputDocumentId: undefined,
    resultDocumentId: undefined,
    dataStartTime: undefined,
    dataEndTime: undefined,
  }
  amazon.jobs.set(id, job)
  return job
}

export function findJob(call: ApiCall, kind: Job['kind'], id: string | undefined): Job | undefined {
  const job = call.amazon.jobs.get(id ?? '')
  return job?.kind === kind && job.sellerId === call.sellerId && job.region === call.region ? job : undefined
}

export function marketplacesIn(call: ApiCall, value: unknown): { ids: string[] } | { refused: Answer } {
  const ids = Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
  if (ids.length === 0 || ids.length > 25)
    return { refused: invalidInput('Invalid Input', 'marketplaceIds must name 1 to 25.') }
  const sells = call.amazon.sellers.get(call.sellerId)?.marketplaces ?? []
  const closed = listed(call.amazon.choices.closedMarketplaces)
  const isFine = ids.every(
    (id) => marketplaceOf(id)?.region === call.region && sells.includes(id) && !closed.includes(id),
  )
  return isFine ? { ids } : { refused: unauthorized('') }
}

export function showJob(job: Job) {
  const time = (value: number) => new Date(value).toISOString()
  const isFeed = job.kind === 'feed'
  const document =
    job.resultDocumentId === undefined
      ? {}
      : { [isFeed ? 'resultFeedDocumentId' : 'reportDocumentId']: job.resultDocumentId }
  return {
    [isFeed ? 'feedId' : 'reportId']: job.id,
    [isFeed ? 'feedType' : 'reportType']: job.type,
    marketplaceIds: job.marketplaceIds,
    createdTime: time(job.createdAt),
    processingStatus: job.status,
    ...(job.dataStartTime === undefined ? {} : { dataStartTime: job.dataStartTime }),
    ...(job.dataEndTime === undefined ? {} : { dataEndTime: job.dataEndTime }),
    ...(job.startedAt === undefined ? {} : { processingStartTime: time(job.startedAt) }),
    ...(job.endedAt === undefined ? {} : { processingEndTime: time(job.endedAt) }),
    ...document,
  }
}

/** A list call continues with its token as the only parameter. */
export function answerJobs(call: ApiCall, kind: Job['kind']): Answer {
  const { query } = call
  const token = query.get('nextToken')
  if (token !== null && [...query.keys()].length > 1)
    return invalidInput('Invalid Input', 'nextToken must be the only parameter.')
  const bookmark = token === null ? undefined : readToken(token)
  if (token !== null && bookmark?.['kind'] !== kind) return invalidInput('Invalid Input', 'nextToken is not valid.')
  const asked = bookmark ? new URLSearchParams(String(bookmark['query'])) : query
  const types = listOf(asked, `${kind}Types`)
  if (types.length === 0) return invalidInput('Invalid Input', `${kind}Types is required.`)
  const size = wholeNumberOf(asked, 'pageSize', { usual: 10, max: 100 })
  if (size === undefined) return invalidInput('Invalid Input', 'pageSize must be a number from 1 to 100.')
  const start = Number(bookmark?.['start'] ?? 0)
  const found = matching(call, { kind, asked, types })
  const hasNext = start + size < found.length
  const next = { kind, start: start + size, query: asked.toString() }
  return done({
    [`${kind}s`]: found.slice(start, start + size).map(showJob),
    ...(hasNext ? { nextToken: writeToken(next) } : {}),
  })
}

function matching(
  call: ApiCall,
  { kind, asked, types }: { kind: Job['kind']; asked: URLSearchParams; types: string[] },
): Job[] {
  const [marketplaceIds, statuses] = [listOf(asked, 'marketplaceIds'), listOf(asked, 'processingStatuses')]
  const since = timeOf(asked, 'createdSince') ?? call.at - 90 * 86_400_000
  const until = timeOf(asked, 'createdUntil') ?? call.at
  return [...call.amazon.jobs.values()]
    .filter(
      (job) =>
        job.kind === kind &&
        job.sellerId === call.sellerId &&
        job.region === call.region &&
        types.includes(job.type) &&
        (statuses.length === 0 || statuses.includes(job.status)) &&
        (marketplaceIds.length === 0 || job.marketplaceIds.some((id) => marketplaceIds.includes(id))) &&
        job.createdAt >= since &&
        job.createdAt <= until,
    )
    .toReversed()
}
