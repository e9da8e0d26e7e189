// Reports 2021-06-30: asked for, made after a while, fetched as a document. The one a seller's tool needs lists everything.
import { isTyped } from '../kit/faults.ts'
import { addDocument, presign } from './documents.ts'
import { answerJobs, findJob, marketplacesIn, newJob, showJob } from './jobs.ts'
import { done, invalidInput, isObject, notFound, textOf } from './call.ts'
import { announceJob } from './notices.ts'
import { isBuyable, priceNow } from './listings.ts'
import { after, decimal } from './state.ts'
import type { Answer } from '../kit/front.ts'
import type { ApiCall, Route } from './call.ts'
import type { Amazon, Job, Listing, StoredDocument } from './state.ts'

const base = '/reports/2021-06-30'

export const reportRoutes: Route[] = [
  { operation: 'createReport', method: 'POST', path: `${base}/reports`, handle: create },
  { operation: 'getReports', method: 'GET', path: `${base}/reports`, handle: (call) => answerJobs(call, 'report') },
  { operation: 'getReport', method: 'GET', path: `${base}/reports/{reportId}`, handle: get },
  { operation: 'cancelReport', method: 'DELETE', path: `${base}/reports/{reportId}`, handle: cancel },
  { operation: 'getReportDocument', method: 'GET', path: `${base}/documents/{documentId}`, handle: getDocument },
]

const allListings = 'GET_MERCHANT_LISTINGS_ALL_DATA'
/** The columns are the same; what is in them differs. */
const listingReports: Record<string, (listing: Listing) => boolean> = {
  [allListings]: () => true,
  GET_MERCHANT_LISTINGS_DATA: isBuyable,
  GET_MERCHANT_LISTINGS_INACTIVE_DATA: (listing) => !isBuyable(listing),
}

function create(call: ApiCall): Answer {
  const { amazon, at, body } = call
  const sent = isObject(body) ? body : {}
  const type = textOf(sent['reportType'])
  const marketplaceIds = marketplacesIn(call, sent['marketplaceIds'])
  if (type === undefined || !('ids' in marketplaceIds))
    return 'refused' in marketplaceIds
      ? marketplaceIds.refused
      : invalidInput('Invalid Input', 'reportType is required.')
  if (!Object.hasOwn(listingReports, type))
    return invalidInput('Invalid Input', `The report type ${type} is not known.`)
  const job = newJob(call, { kind: 'report', type, marketplaceIds: marketplaceIds.ids })
  job.dataStartTime = textOf(sent['dataStartTime']) ?? new Date(at).toISOString()
  job.dataEndTime = textOf(sent['dataEndTime']) ?? new Date(at).toISOString()
  queueReport(amazon, job, at)
  return done({ reportId: job.id }, 202)
}

export function queueReport(amazon: Amazon, job: Job, at: number): void {
  amazon.agenda.schedule(after(amazon, at, amazon.choices.reportDelaySeconds / 2), (time) => {
    if (job.status !== 'IN_QUEUE') return
    job.status = 'IN_PROGRESS'
    job.startedAt = time.getTime()
    amazon.agenda.schedule(after(amazon, time.getTime(), amazon.choices.reportDelaySeconds / 2), (end) =>
      finish(amazon, job, end.getTime()),
    )
  })
}

function finish(amazon: Amazon, job: Job, at: number): void {
  job.endedAt = at
  const isEmpty = reported(amazon, job).next().done === true
  if (isEmpty || amazon.choices.reportsCancelled) job.status = 'CANCELLED'
  else {
    const cached = cachedReport(amazon, job, at)
    const document =
      cached ??
      addDocument(
        amazon,
        {
          kind: 'report',
          contentType: `text/plain; charset=${charset(amazon)}`,
          sellerId: job.sellerId,
          gzip: amazon.choices.reportGzip,
        },
        at,
      )
    job.status = 'DONE'
    job.resultDocumentId = document.id
  }
  announceJob(amazon, job, at)
}

function charset(amazon: Amazon): string {
  return amazon.choices.reportEncoding === 'utf-8' ? 'UTF-8' : 'Cp1252'
}

function cachedReport(amazon: Amazon, job: Job, at: number): StoredDocument | undefined {
  const minutes = amazon.choices.reportCacheMinutes
  if (minutes <= 0) return undefined
  const before = [...amazon.jobs.values()].findLast(
    (one) =>
      one.kind === 'report' &&
      one.type === job.type &&
      one.sellerId === job.sellerId &&
      one.resultDocumentId !== undefined &&
      one.marketplaceIds[0] === job.marketplaceIds[0],
  )
  const document = before?.resultDocumentId === undefined ? undefined : amazon.documents.get(before.resultDocumentId)
  return document && at - document.createdAt < minutes * 60_000 ? document : undefined
}

function get(call: ApiCall): Answer {
  const job = findJob(call, 'report', call.params['reportId'])
  return job ? done(showJob(job)) : notFound('The report was not found.')
}

function cancel(call: ApiCall): Answer {
  const job = findJob(call, 'report', call.params['reportId'])
  if (!job) return notFound('The report was not found.')
  if (job.status !== 'IN_QUEUE') return invalidInput('Invalid Input', 'Only a report in the queue can be cancelled.')
  job.status = 'CANCELLED'
  return { status: 200 }
}

function getDocument(call: ApiCall): Answer {
  const document = call.amazon.documents.get(call.params['documentId'] ?? '')
  if (!document || document.kind !== 'report' || document.sellerId !== call.sellerId)
    return notFound('The document was not found.')
  // Made when it is first wanted, and the same from then on.
  if (document.bytes === undefined) dropOldReports(call.amazon)
  document.bytes ??= buildReport(call.amazon, document)
  return done({
    reportDocumentId: document.id,
    url: presign(call.amazon, document, call.at),
    ...(document.gzip ? { compressionAlgorithm: 'GZIP' } : {}),
  })
}

const reportsInMemoryMax = 4

/** A report of a hundred thousand listings is large; an older one is made again if anyone asks. */
function dropOldReports(amazon: Amazon): void {
  const made = [...amazon.documents.values()].filter((one) => one.kind === 'report' && one.bytes !== undefined)
  for (const old of made.slice(0, Math.max(0, made.length - reportsInMemoryMax + 1))) old.bytes = undefined
}

const columns = [
  'item-name',
  'item-description',
  'listing-id',
  'seller-sku',
  'price',
  'quantity',
  'open-date',
  'image-url',
  'item-is-marketplace',
  'product-id-type',
  'zshop-shipping-fee',
  'item-note',
  'item-condition',
  'zshop-category1',
  'zshop-browse-path',
  'zshop-storefront-feature',
  'asin1',
  'asin2',
  'asin3',
  'will-ship-internationally',
  'expedited-shipping',
  'zshop-boldface',
  'product-id',
  'bid-for-featured-placement',
  'add-delete',
  'pending-quantity',
  'fulfillment-channel',
  'merchant-shipping-group',
  'status',
]

const conditionNumbers: Record<string, string> = {
  new_new: '11',
  used_like_new: '1',
  used_very_good: '2',
  used_good: '3',
  used_acceptable: '4',
}

/** The whole file in one go: a hundred thousand lines take a fraction of a second. */
export function buildReport(amazon: Amazon, document: StoredDocument): Buffer {
  const job = [...amazon.jobs.values()].find((one) => one.resultDocumentId === document.id)
  const lines = [columns.join('\t')]
  if (job) for (const listing of reported(amazon, job)) lines.push(reportLine(listing, job.endedAt ?? 0))
  const text = `${lines.join('\n')}\n`
  return amazon.choices.reportEncoding === 'utf-8' ? Buffer.from(text) : encodeCp1252(text)
}

/** One marketplace only: the first that was asked for. */
function* reported(amazon: Amazon, job: Job): Generator<Listing> {
  const wanted = listingReports[job.type]
  for (const listing of amazon.listings.values()) {
    const isHere = listing.sellerId === job.sellerId && listing.marketplaceId === job.marketplaceIds[0]
    if (!isHere || listing.deletedAt !== undefined || listing.summariesFrom > (job.endedAt ?? 0)) continue
    if (wanted?.(listing) === true && !isTyped('gone-me', listing.sku, listing.title)) yield listing
  }
}

function reportLine(listing: Listing, at: number): string {
  const plain = (text: string) => text.replaceAll(/[\t\r\n]+/g, ' ')
  const isParent = listing.isParent
  return [
    plain(listing.title),
    plain(listing.description),
    listingNumber(listing),
    listing.sku,
    isParent || listing.state === 'draft' ? '' : decimal(priceNow(listing, at)),
    isParent ? '' : listing.stock.quantity,
    `${new Date(listing.createdAt).toISOString().slice(0, 19).replace('T', ' ')} GMT`,
    listing.imageUrl ?? '',
    'y',
    listing.barcode === undefined ? '1' : '4',
    '',
    '',
    conditionNumbers[listing.conditionType] ?? '11',
    '',
    '',
    '',
    listing.asin,
    '',
    '',
    '1',
    '',
    '',
    listing.barcode ?? listing.asin,
    '',
    '',
    '0',
    'DEFAULT',
    'Standard Template',
    listing.state === 'draft' ? 'Incomplete' : isBuyable(listing) ? 'Active' : 'Inactive',
  ].join('\t')
}

function listingNumber(listing: Listing): string {
  return `${listing.asin.slice(2)}${listing.marketplaceId.slice(-4)}`
}

// Where cp1252 differs from Latin 1: the places 0x80 to 0x9f.
const places = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'

/** What the encoding lacks becomes a question mark, as in the real report. */
export function encodeCp1252(text: string): Buffer {
  // eslint-disable-next-line no-control-regex
  const fitting = text.replaceAll(/[^\u0000-\u007f\u00a0-\u00ff]/gu, (character) => {
    const place = places.indexOf(character)
    return place === -1 ? '?' : String.fromCharCode(0x80 + place)
  })
  return Buffer.from(fitting, 'latin1')
}
