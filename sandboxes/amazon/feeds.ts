// Feeds 2021-06-30: an upload, a place in the queue, and a report of what became of each message.
import { findJob, answerJobs, marketplacesIn, newJob, showJob } from './jobs.ts'
import { addDocument, presign } from './documents.ts'
import { done, invalidInput, isObject, notFound, textOf } from './call.ts'
import { processListingFeed } from './listing-feed.ts'
import { processOrderFeed } from './order-feed.ts'
import { announceJob } from './notices.ts'
import { listingFeedLimit } from './reference.ts'
import { after } from './state.ts'
import type { Answer } from '../kit/front.ts'
import type { ApiCall, Route } from './call.ts'
import type { Amazon, Job } from './state.ts'

const base = '/feeds/2021-06-30'

export const feedRoutes: Route[] = [
  { operation: 'createFeedDocument', method: 'POST', path: `${base}/documents`, handle: createDocument },
  { operation: 'createFeed', method: 'POST', path: `${base}/feeds`, handle: create, limits: submissionLimit },
  { operation: 'getFeeds', method: 'GET', path: `${base}/feeds`, handle: (call) => answerJobs(call, 'feed') },
  { operation: 'getFeed', method: 'GET', path: `${base}/feeds/{feedId}`, handle: get },
  { operation: 'cancelFeed', method: 'DELETE', path: `${base}/feeds/{feedId}`, handle: cancel },
  { operation: 'getFeedDocument', method: 'GET', path: `${base}/documents/{documentId}`, handle: getDocument },
]

/** What the result of a feed is; without a document it ended FATAL and says nothing. */
export type FeedResult = { status: 'DONE' | 'FATAL'; report?: { text: string; contentType: string } }
export type FeedInput = { amazon: Amazon; job: Job; bytes: Buffer; at: number }

export const listingFeed = 'JSON_LISTINGS_FEED'

const processors: Record<string, (input: FeedInput) => FeedResult> = {
  [listingFeed]: processListingFeed,
  POST_ORDER_ACKNOWLEDGEMENT_DATA: processOrderFeed,
  POST_FLAT_FILE_ORDER_ACKNOWLEDGEMENT_DATA: processOrderFeed,
  POST_ORDER_FULFILLMENT_DATA: processOrderFeed,
  POST_FLAT_FILE_FULFILLMENT_DATA: processOrderFeed,
  POST_PAYMENT_ADJUSTMENT_DATA: processOrderFeed,
}

/** Taken, and then ended FATAL: listings are fed as JSON since July 2025. */
const retired = [
  'POST_PRODUCT_DATA',
  'POST_INVENTORY_AVAILABILITY_DATA',
  'POST_PRODUCT_PRICING_DATA',
  'POST_PRODUCT_IMAGE_DATA',
  'POST_PRODUCT_RELATIONSHIP_DATA',
  'POST_FLAT_FILE_LISTINGS_DATA',
  'POST_FLAT_FILE_INVLOADER_DATA',
  'POST_FLAT_FILE_PRICEANDQUANTITYONLY_UPDATE_DATA',
]

function createDocument({ amazon, at, body, sellerId }: ApiCall): Answer {
  const contentType = isObject(body) ? textOf(body['contentType']) : undefined
  if (contentType === undefined) return invalidInput('Invalid Input', 'contentType is required.')
  const document = addDocument(amazon, { kind: 'feed', contentType, sellerId }, at)
  return done({ feedDocumentId: document.id, url: presign(amazon, document, at) }, 201)
}

function create(call: ApiCall): Answer {
  const { amazon, body, sellerId, at } = call
  const sent = isObject(body) ? body : {}
  const type = textOf(sent['feedType']) ?? ''
  if (!Object.hasOwn(processors, type) && !retired.includes(type)) {
    return invalidInput('Invalid Input', `The feed type '${type}' is not known.`)
  }
  const sites = marketplacesIn(call, sent['marketplaceIds'])
  if ('refused' in sites) return sites.refused
  const input = amazon.documents.get(textOf(sent['inputFeedDocumentId']) ?? '')
  if (!input || input.kind !== 'feed' || input.sellerId !== sellerId) {
    return invalidInput('Invalid Input', 'The inputFeedDocumentId is not valid.')
  }
  const job = newJob(call, { kind: 'feed', type, marketplaceIds: sites.ids })
  job.inputDocumentId = input.id
  queueFeed(amazon, job, at)
  return done({ feedId: job.id }, 202)
}

/** Feeds of one kind run one after another. */
export function queueFeed(amazon: Amazon, job: Job, at: number): void {
  const { feedQueueSeconds, feedProcessingSeconds, feedsStuck } = amazon.choices
  if (feedsStuck) return
  const line = `${job.type} of ${job.sellerId} ${job.region}`
  const earliest = after(amazon, at, feedQueueSeconds).getTime()
  const start = Math.max(earliest, amazon.feedLines.get(line) ?? 0)
  const end = after(amazon, start, feedProcessingSeconds)
  amazon.feedLines.set(line, end.getTime())
  amazon.agenda.schedule(new Date(start), (time) => {
    if (job.status !== 'IN_QUEUE') return
    job.status = 'IN_PROGRESS'
    job.startedAt = time.getTime()
    amazon.agenda.schedule(end, (finished) => finish(amazon, job, finished.getTime()))
  })
}

function finish(amazon: Amazon, job: Job, at: number): void {
  const input = amazon.documents.get(job.inputDocumentId ?? '')
  const bytes = input?.bytes
  const process = processors[job.type]
  const isLost = bytes === undefined || process === undefined || amazon.choices.feedsFatal
  const result: FeedResult = isLost ? { status: 'FATAL' } : process({ amazon, job, bytes, at })
  job.status = result.status
  job.endedAt = at
  if (result.report) {
    const { text, contentType } = result.report
    const given = { kind: 'feed-result' as const, contentType, sellerId: job.sellerId, bytes: Buffer.from(text) }
    job.resultDocumentId = addDocument(amazon, { ...given, gzip: amazon.choices.feedResultGzip }, at).id
  }
  // It is never read again, and there may be many.
  if (input) input.bytes = undefined
  announceJob(amazon, job, at)
}

function get(call: ApiCall): Answer {
  const job = findJob(call, 'feed', call.params['feedId'])
  return job ? done(showJob(job)) : notFound('The feed was not found.')
}

function cancel(call: ApiCall): Answer {
  const job = findJob(call, 'feed', call.params['feedId'])
  if (!job) return notFound('The feed was not found.')
  if (job.status !== 'IN_QUEUE') return invalidInput('Invalid Input', 'Only a feed in the queue can be cancelled.')
  job.status = 'CANCELLED'
  job.endedAt = call.at
  return { status: 200 }
}

function getDocument(call: ApiCall): Answer {
  const document = call.amazon.documents.get(call.params['documentId'] ?? '')
  if (!document || document.kind !== 'feed-result' || document.sellerId !== call.sellerId) {
    return notFound('The document was not found.')
  }
  return done({
    feedDocumentId: document.id,
    url: presign(call.amazon, document, call.at),
    ...(document.gzip ? { compressionAlgorithm: 'GZIP' } : {}),
  })
}

function submissionLimit({ body, sellerId, region }: ApiCall) {
  const isListing = isObject(body) && body['feedType'] === listingFeed
  return isListing ? [{ key: `${listingFeed} of ${sellerId} ${region}`, limit: listingFeedLimit }] : []
}
