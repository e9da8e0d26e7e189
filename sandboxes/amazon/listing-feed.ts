// JSON_LISTINGS_FEED: thousands of submissions in one file, with a report in Amazon's published form.
import { isObject, textOf } from './call.ts'
import { readPatches } from './attributes.ts'
import { includedParts, showItem } from './listing-json.ts'
import { dropLastSubmission, findLive, submitDelete, submitPatch, submitPut } from './listings.ts'
import type { FeedInput, FeedResult } from './feeds.ts'
import type { IncludedPart } from './listing-json.ts'
import type { Submission } from './listings.ts'
import type { Attributes, Issue } from './state.ts'

const messagesMax = 25_000

type ReportIssue = {
  messageId?: number
  sku?: string
  code: string
  severity: Issue['severity']
  message: string
  attributeName?: string
}

export function processListingFeed(input: FeedInput): FeedResult {
  const { job, bytes } = input
  const content = parse(bytes)
  const header = isObject(content) && isObject(content['header']) ? content['header'] : undefined
  const messages = isObject(content) ? content['messages'] : undefined
  if (!header || !Array.isArray(messages))
    return refused(input, '4002001', 'The feed could not be read as a JSON listings feed.')
  if (header['sellerId'] !== job.sellerId || header['version'] !== '2.0') {
    return refused(input, '4002005', 'The header of the feed is not valid for this account.')
  }
  if (messages.length === 0) return refused(input, '4002001', 'The feed has no messages.')
  if (messages.length > messagesMax) return refused(input, '4002001', 'feed messages list beyond allowed size')
  return report(input, header, messages)
}

function report(input: FeedInput, header: Record<string, unknown>, messages: unknown[]): FeedResult {
  const issues: ReportIssue[] = []
  const seen = new Set<number>()
  const skus: string[] = []
  let accepted = 0
  for (const message of messages) {
    const outcome = processMessage(input, message, seen)
    issues.push(...outcome.issues)
    if (!outcome.isAccepted) continue
    accepted += 1
    skus.push(outcome.sku)
  }
  const count = (severity: Issue['severity']) => issues.filter((one) => one.severity === severity).length
  const asked = isObject(header['report']) ? header['report']['includedData'] : undefined
  const parts = Array.isArray(asked) ? includedParts.filter((part) => asked.includes(part)) : []
  const items = parts.length === 0 ? undefined : itemsOf(input, skus, parts)
  return answer({
    header: {
      sellerId: input.job.sellerId,
      version: '2.0',
      feedId: input.job.id,
      ...(parts.length === 0 ? {} : { report: { includedData: parts, apiVersion: '2021-08-01' } }),
    },
    issues,
    summary: {
      errors: count('ERROR'),
      warnings: count('WARNING'),
      messagesProcessed: messages.length,
      messagesAccepted: accepted,
      messagesInvalid: messages.length - accepted,
      ...(items === undefined ? {} : { itemSummary: { items: items.length, errors: 0, warnings: 0 } }),
    },
    ...(items === undefined ? {} : { items }),
  })
}

type Outcome = { sku: string; isAccepted: boolean; issues: ReportIssue[] }

function processMessage(input: FeedInput, message: unknown, seen: Set<number>): Outcome {
  const { amazon, job } = input
  const given = isObject(message) ? message : {}
  const messageId = given['messageId']
  const sku = textOf(given['sku']) ?? ''
  const isNumbered = typeof messageId === 'number' && Number.isInteger(messageId) && messageId >= 1
  const about = { ...(isNumbered ? { messageId } : {}), ...(sku === '' ? {} : { sku }) }
  const bad = (): Outcome => ({
    sku,
    isAccepted: false,
    issues: [{ ...about, code: 'BAD_REQUEST', severity: 'ERROR', message: 'Invalid parameters provided.' }],
  })
  if (!isNumbered || seen.has(messageId) || sku === '' || sku.length > 40) return bad()
  seen.add(messageId)
  const issues: Issue[] = []
  for (const marketplaceId of job.marketplaceIds) {
    const place = { sellerId: job.sellerId, marketplaceId, sku }
    amazon.lastSubmission = undefined
    const submission = submit(input, place, given)
    if (!submission) return bad()
    issues.push(...submission.issues)
    if (submission.status !== 'ACCEPTED')
      return { sku, isAccepted: false, issues: issues.map((one) => asReported(one, about)) }
    if (amazon.faults.strikes('accepted-not-applied', job.type)) dropLastSubmission(amazon)
  }
  return { sku, isAccepted: true, issues: issues.map((one) => asReported(one, about)) }
}

function asReported({ code, severity, message, attributeNames }: Issue, about: object): ReportIssue {
  const attributeName = attributeNames?.[0]
  return { ...about, code, severity, message, ...(attributeName === undefined ? {} : { attributeName }) }
}

type Place = { sellerId: string; marketplaceId: string; sku: string }

/** Undefined: the message is not made as the schema says. */
function submit({ amazon, at }: FeedInput, place: Place, given: Record<string, unknown>): Submission | undefined {
  const { operationType, attributes, patches, requirements } = given
  const productType = textOf(given['productType'])
  const options = { at }
  if (operationType === 'DELETE') {
    const isPlain =
      productType === undefined && attributes === undefined && patches === undefined && requirements === undefined
    return isPlain ? submitDelete(amazon, place, options) : undefined
  }
  if (productType === undefined) return undefined
  if (operationType === 'PATCH') {
    const read = readPatches(given)
    const isPlain = attributes === undefined && requirements === undefined && !('status' in read)
    return isPlain ? submitPatch(amazon, place, { productType, patches: read }, options) : undefined
  }
  if (!isObject(attributes) || Object.keys(attributes).length === 0 || patches !== undefined) return undefined
  const sent = { productType, attributes: attributes as Attributes }
  if (operationType === 'UPDATE') {
    return submitPut(amazon, place, { ...sent, requirements: textOf(requirements) ?? 'LISTING' }, options)
  }
  if (operationType !== 'PARTIAL_UPDATE' || requirements !== undefined) return undefined
  const replaced = Object.entries(sent.attributes).map(([attribute, value]) => ({
    op: 'replace' as const,
    attribute,
    value,
  }))
  return submitPatch(amazon, place, { productType, patches: replaced }, options)
}

function itemsOf({ amazon, job, at }: FeedInput, skus: readonly string[], parts: readonly IncludedPart[]) {
  return skus.flatMap((sku) => {
    const found = job.marketplaceIds.flatMap(
      (marketplaceId) => findLive(amazon, { sellerId: job.sellerId, marketplaceId, sku }) ?? [],
    )
    return found.length === 0 ? [] : [showItem(found, parts, at)]
  })
}

/** Nothing of the feed was read; the report does not even say whose it was. */
function refused({ job }: FeedInput, code: string, message: string): FeedResult {
  const result = answer({
    header: { sellerId: '', version: '2.0', feedId: job.id },
    issues: [{ code, severity: 'ERROR', message }],
    summary: { errors: 1, warnings: 0, messagesProcessed: 0, messagesAccepted: 0, messagesInvalid: 0 },
  })
  return { ...result, status: 'FATAL' }
}

function answer(content: unknown): FeedResult {
  return { status: 'DONE', report: { text: JSON.stringify(content), contentType: 'application/json' } }
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, '')) as unknown
  } catch {
    return undefined
  }
}
