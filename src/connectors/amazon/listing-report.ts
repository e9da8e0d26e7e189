// All listings of a site, by a report: ask for it, wait until it is written, read it as it streams. One walk is the
// whole shop; the pull after its end asks for a new report.
import { RefusedError } from '../connector.ts'
import type { Call, ChannelListing, Page, PullFrom } from '../connector.ts'
import { asArray, asInstant, asText, objectIn, pathPart } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import { sellerIdOf } from './account.ts'
import type { AmazonAccount } from './account.ts'
import { noCursor, parseCursor } from './cursor.ts'
import { bytesOfDocument } from './documents.ts'
import { withTrueSkus } from './lost-letters.ts'
import { linesIn, ReportError } from './report-file.ts'
import type { ReportPart } from './report-file.ts'
import { ask } from './request.ts'

const reportType = 'GET_MERCHANT_LISTINGS_ALL_DATA'
const waitSecondsWorking = 30
/** A report that failed is not asked for at once again. */
const waitSecondsAfterFailure = 900
/** Usually minutes. One stuck for longer than this is given up and asked for anew. */
const hoursMax = 6

type Step = { kind: 'ask' } | { kind: 'wait'; reportId: string; askedAt: Date }

export async function pullListings(call: Call<AmazonAccount>, from: PullFrom): Promise<Page<ChannelListing>> {
  const step: Step = from.cursor === null ? { kind: 'ask' } : stepIn(from.cursor)
  if (step.kind === 'ask') return waiting({ kind: 'wait', reportId: await askForReport(call), askedAt: call.now })
  const report = await readReport(call, step.reportId)
  if (report === 'gone') return waiting({ kind: 'ask' }, 'The listing report is no longer there')
  const status = asText(report['processingStatus'])
  if (status === 'DONE') return readPage(call, asText(report['reportDocumentId']))
  // Amazon also cancels a report that would be empty.
  if (status === 'CANCELLED' && (await sellsNothing(call))) return { ...waiting({ kind: 'ask' }), more: false }
  if (status === 'CANCELLED' || status === 'FATAL') {
    return waiting({ kind: 'ask' }, `Amazon gave up the listing report (${status})`)
  }
  const waitedHours = (call.now.getTime() - step.askedAt.getTime()) / 3_600_000
  if (waitedHours > hoursMax)
    return waiting({ kind: 'ask' }, `Amazon did not write the listing report in ${hoursMax} hours`)
  return waiting(step)
}

async function askForReport(call: Call<AmazonAccount>): Promise<string> {
  const response = await ask(call, 'createReport', {
    method: 'POST',
    url: '/reports/2021-06-30/reports',
    body: { reportType, marketplaceIds: [call.site.id] },
    // Asked for twice it is written twice, and nothing else.
    safe: true,
  })
  const reportId = asText(objectIn(response, 'the report')['reportId'])
  if (reportId !== null) return reportId
  throw new RefusedError({ kind: 'wait', seconds: 60, reason: 'Amazon took the report without giving its id' })
}

async function readReport(call: Call<AmazonAccount>, reportId: string): Promise<JsonObject | 'gone'> {
  try {
    const url = `/reports/2021-06-30/reports/${pathPart(reportId)}`
    return objectIn(await ask(call, 'getReport', { method: 'GET', url }), 'the report')
  } catch (error) {
    if (error instanceof RefusedError && error.refusal.kind === 'gone') return 'gone'
    throw error
  }
}

async function readPage(call: Call<AmazonAccount>, documentId: string | null): Promise<Page<ChannelListing>> {
  if (documentId === null) {
    throw new RefusedError({ kind: 'wait', seconds: 60, reason: 'Amazon finished the report without a file' })
  }
  // The link lives for five minutes, so it is asked for when it is followed, and again after a break.
  const url = `/reports/2021-06-30/documents/${pathPart(documentId)}`
  const document = objectIn(await ask(call, 'getReportDocument', { method: 'GET', url }), 'the report’s file')
  const bytes = await bytesOfDocument(call, document)
  return {
    items: [],
    unreadable: [],
    cursor: cursorText({ kind: 'ask' }),
    more: false,
    parts: parts(call, bytes),
  }
}

async function* parts(call: Call<AmazonAccount>, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ReportPart> {
  try {
    for await (const lines of linesIn(bytes, call.site.id)) yield await withTrueSkus(call, lines)
  } catch (error) {
    if (!(error instanceof ReportError)) throw error
    throw new RefusedError({ kind: 'rejected', reason: error.message })
  }
}

// Without it a cancelled report would be taken for an empty shop, and every listing for gone.
async function sellsNothing(call: Call<AmazonAccount>): Promise<boolean> {
  const response = await ask(call, 'searchListingsItems', {
    method: 'GET',
    url: `/listings/2021-08-01/items/${pathPart(sellerIdOf(call))}`,
    query: { marketplaceIds: call.site.id, pageSize: 1 },
  })
  const found = objectIn(response, 'a list of listings')
  return asArray(found['items'])?.length === 0
}

function waiting(step: Step, failure?: string): Page<ChannelListing> {
  const page = { items: [], unreadable: [], cursor: cursorText(step), more: true }
  if (failure === undefined) return { ...page, waitSeconds: waitSecondsWorking }
  const note = { reference: null, reason: `${failure}. It is asked for again`, raw: null }
  return { ...page, unreadable: [note], waitSeconds: waitSecondsAfterFailure }
}

function stepIn(text: string): Step {
  const cursor = parseCursor(text)
  if (cursor['kind'] === 'ask') return { kind: 'ask' }
  const [reportId, askedAt] = [asText(cursor['reportId']), asInstant(cursor['askedAt'])]
  return cursor['kind'] === 'wait' && reportId !== null && askedAt ? { kind: 'wait', reportId, askedAt } : noCursor()
}

function cursorText(step: Step): string {
  return JSON.stringify(step)
}
