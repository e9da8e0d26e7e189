// Listings Items 2021-08-01: get, search, put, patch and delete. Writes answer 200 even when they refuse.
import { hex, shuffled } from '../kit/random.ts'
import { readPatches } from './attributes.ts'
import {
  done,
  fingerprint,
  invalidInput,
  isObject,
  listOf,
  notFound,
  readToken,
  textOf,
  timeOf,
  unauthorized,
  wholeNumberOf,
  writeToken,
} from './call.ts'
import { includedParts, mergeIssues, showItem, statusOf } from './listing-json.ts'
import { dropLastSubmission, findLive, isSite, submitDelete, submitPatch, submitPut } from './listings.ts'
import { marketplaceOf } from './reference.ts'
import { listed } from './choices.ts'
import { listingKey } from './state.ts'
import type { Answer, Before } from '../kit/front.ts'
import type { FurtherLimit } from '../kit/meter.ts'
import type { ApiCall, Route } from './call.ts'
import type { IncludedPart } from './listing-json.ts'
import type { Place, Submission } from './listings.ts'
import type { Amazon, Attributes, Listing } from './state.ts'

const base = '/listings/2021-08-01/items/{sellerId}'
const write = { path: `${base}/{sku}`, texts: textsOf, before: beforeWrite, limits: attributeLimits }

export const listingRoutes: Route[] = [
  { operation: 'searchListingsItems', method: 'GET', path: base, handle: search },
  { operation: 'getListingsItem', method: 'GET', path: `${base}/{sku}`, handle: get, texts: textsOf },
  { operation: 'putListingsItem', method: 'PUT', ...write, handle: put },
  { operation: 'patchListingsItem', method: 'PATCH', ...write, handle: patch },
  { operation: 'deleteListingsItem', method: 'DELETE', ...write, handle: remove },
]

type Sites = { marketplaceIds: string[] } | { refused: Answer }

/** Only the token's own seller, in sites of the token's region. */
function sitesOf(call: ApiCall, max: number): Sites {
  const { amazon, params, sellerId, region } = call
  if (params['sellerId'] !== sellerId) return { refused: unauthorized('') }
  const marketplaceIds = listOf(call.query, 'marketplaceIds')
  if (marketplaceIds.length === 0 || marketplaceIds.length > max) {
    return { refused: invalidInput(`Invalid 'marketplaceIds' provided.`) }
  }
  if (marketplaceIds.some((id) => !isSite(id))) return { refused: invalidInput("Invalid 'marketplaceIds' provided.") }
  const closed = listed(amazon.choices.closedMarketplaces)
  const sells = amazon.sellers.get(sellerId)?.marketplaces ?? []
  const isDenied = marketplaceIds.some(
    (id) => marketplaceOf(id)?.region !== region || closed.includes(id) || !sells.includes(id),
  )
  return isDenied ? { refused: unauthorized('') } : { marketplaceIds }
}

function partsOf(query: URLSearchParams): IncludedPart[] | undefined {
  const asked = listOf(query, 'includedData')
  if (asked.length === 0) return ['summaries']
  const known = asked.filter((one): one is IncludedPart => includedParts.includes(one as IncludedPart))
  return known.length === asked.length ? known : undefined
}

function get(call: ApiCall): Answer {
  const sites = sitesOf(call, 20)
  if ('refused' in sites) return sites.refused
  const parts = partsOf(call.query)
  if (!parts) return invalidInput("Invalid 'includedData' provided.")
  const sku = call.params['sku'] ?? ''
  const found = sites.marketplaceIds.flatMap(
    (marketplaceId) => readListing(call, { sellerId: call.sellerId, marketplaceId, sku }) ?? [],
  )
  if (found.length === 0) return notFound(`SKU '${sku}' not found in marketplace ${sites.marketplaceIds.join(', ')}`)
  return done(showItem(found, parts, call.at))
}

/** What reads show: the listing, or after a fault for a while what it was. */
function readListing({ amazon, at }: ApiCall, place: Place): Listing | undefined {
  const stale = amazon.stale.get(listingKey(place.sellerId, place.marketplaceId, place.sku))
  return stale && stale.until > at ? stale.listing : findLive(amazon, place)
}

const searchMax = 1000

function search(call: ApiCall): Answer {
  const sites = sitesOf(call, 20)
  if ('refused' in sites) return sites.refused
  const parts = partsOf(call.query)
  const size = wholeNumberOf(call.query, 'pageSize', { usual: 10, max: 20 })
  if (!parts || size === undefined) return invalidInput("Invalid 'pageSize' or 'includedData' provided.")
  const identifiers = listOf(call.query, 'identifiers')
  const type = call.query.get('identifiersType')
  if (identifiers.length > 20 || (identifiers.length > 0 && type === null))
    return invalidInput("Invalid 'identifiers' provided.")
  const found = sorted(call, matching(call, sites.marketplaceIds, { identifiers, type: type ?? '' }))
  const print = fingerprint(call.query, ['pageToken', 'pageSize', 'includedData'])
  const token = call.query.get('pageToken')
  const bookmark = token === null ? undefined : readToken(token)
  if (token !== null && (bookmark?.['print'] !== print || typeof bookmark['start'] !== 'number')) {
    return invalidInput("Invalid 'pageToken' provided.")
  }
  const { faults } = call.amazon
  const asked = Number(bookmark?.['start'] ?? 0)
  const start = asked > 0 && faults.strikes('repeat-page', call.operation) ? Math.max(0, asked - size) : asked
  const shift = start > 0 && faults.strikes('shifting-page', call.operation) ? (faults.random() < 0.5 ? -1 : 1) : 0
  const page = found.slice(start + shift, start + shift + size)
  const shown = faults.strikes('reordered-page', call.operation) ? shuffled(faults.random, page) : page
  const next = start + size
  const hasNext = next < Math.min(found.length, searchMax)
  return done({
    numberOfResults: found.length,
    items: shown.map((group) => showItem(group, parts, call.at)),
    ...(hasNext ? { pagination: { nextToken: writeToken({ start: next, print }) } } : {}),
  })
}

/** The listings of each SKU, over the sites asked for. */
function matching(
  call: ApiCall,
  marketplaceIds: readonly string[],
  wanted: { identifiers: string[]; type: string },
): Listing[][] {
  const { amazon, query, sellerId } = call
  const groups = new Map<string, Listing[]>()
  const filter = filterOf(query, wanted)
  const shown = (listing: Listing) => readListing(call, listing)
  for (const listing of candidates(amazon, { sellerId, marketplaceIds, wanted })) {
    const seen = shown(listing)
    if (!seen || !filter(seen)) continue
    const group = groups.get(seen.sku)
    if (group) group.push(seen)
    else groups.set(seen.sku, [seen])
  }
  return [...groups.values()]
}

/** Asked by SKU they are found without looking at all of them. */
function candidates(
  amazon: Amazon,
  {
    sellerId,
    marketplaceIds,
    wanted,
  }: { sellerId: string; marketplaceIds: readonly string[]; wanted: { identifiers: string[]; type: string } },
): Listing[] {
  if (wanted.type === 'SKU' && wanted.identifiers.length > 0) {
    return wanted.identifiers.flatMap((sku) =>
      marketplaceIds.flatMap((id) => amazon.listings.get(listingKey(sellerId, id, sku)) ?? []),
    )
  }
  return [...amazon.listings.values()].filter(
    (one) => one.sellerId === sellerId && marketplaceIds.includes(one.marketplaceId),
  )
}

function filterOf(
  query: URLSearchParams,
  wanted: { identifiers: string[]; type: string },
): (listing: Listing) => boolean {
  const range = (name: string) =>
    [timeOf(query, `${name}After`) ?? 0, timeOf(query, `${name}Before`) ?? Infinity] as const
  const [created, updated] = [range('created'), range('lastUpdated')]
  const [withStatus, without] = [listOf(query, 'withStatus'), listOf(query, 'withoutStatus')]
  const severities = listOf(query, 'withIssueSeverity')
  const parentSku = query.get('variationParentSku')
  const isWanted = (listing: Listing) => {
    if (wanted.identifiers.length === 0) return true
    const value = { SKU: listing.sku, ASIN: listing.asin }[wanted.type] ?? listing.barcode
    return value !== undefined && wanted.identifiers.includes(value)
  }
  return (listing) => {
    const status: string[] = statusOf(listing)
    return (
      isWanted(listing) &&
      listing.createdAt >= created[0] &&
      listing.createdAt <= created[1] &&
      listing.updatedAt >= updated[0] &&
      listing.updatedAt <= updated[1] &&
      withStatus.every((one) => status.includes(one)) &&
      !without.some((one) => status.includes(one)) &&
      (severities.length === 0 || mergeIssues([listing]).some((one) => severities.includes(one.severity))) &&
      (parentSku === null || listing.parentSku === parentSku)
    )
  }
}

function sorted({ query }: ApiCall, groups: Listing[][]): Listing[][] {
  const by = query.get('sortBy') ?? 'lastUpdatedDate'
  const direction = query.get('sortOrder') === 'ASC' ? 1 : -1
  const value = ([one]: Listing[]): string | number =>
    by === 'sku' ? (one?.sku ?? '') : ((by === 'createdDate' ? one?.createdAt : one?.updatedAt) ?? 0)
  return groups.toSorted((one, other) => {
    const [left, right] = [value(one), value(other)]
    if (left !== right) return left < right ? -direction : direction
    return (one[0]?.sku ?? '') < (other[0]?.sku ?? '') ? -1 : 1
  })
}

function put(call: ApiCall): Answer {
  const body = isObject(call.body) ? call.body : {}
  const productType = textOf(body['productType'])
  const attributes = body['attributes']
  const requirements = textOf(body['requirements']) ?? 'LISTING'
  if (productType === undefined || !isObject(attributes))
    return invalidInput("Invalid 'productType' or 'attributes' provided.")
  if (!['LISTING', 'LISTING_PRODUCT_ONLY', 'LISTING_OFFER_ONLY'].includes(requirements))
    return invalidInput("Invalid 'requirements' provided.")
  const sent = { productType, requirements, attributes: attributes as Attributes }
  return submit(call, (place) => submitPut(call.amazon, place, sent, optionsOf(call)))
}

function patch(call: ApiCall): Answer {
  const patches = readPatches(call.body)
  if ('status' in patches) return patches
  const productType = isObject(call.body) ? textOf(call.body['productType']) : undefined
  if (productType === undefined) return invalidInput("Invalid 'productType' provided.")
  return submit(call, (place) => submitPatch(call.amazon, place, { productType, patches }, optionsOf(call)))
}

function remove(call: ApiCall): Answer {
  return submit(call, (place) => submitDelete(call.amazon, place, { at: call.at }))
}

function optionsOf({ at, query }: ApiCall) {
  return { at, isPreview: query.get('mode') === 'VALIDATION_PREVIEW' }
}

function submit(call: ApiCall, act: (place: Place) => Submission): Answer {
  const sites = sitesOf(call, 1)
  if ('refused' in sites) return sites.refused
  const mode = call.query.get('mode')
  const sku = call.params['sku'] ?? ''
  if (sku.length > 40 || (mode !== null && mode !== 'VALIDATION_PREVIEW'))
    return invalidInput("Invalid 'sku' or 'mode' provided.")
  const place = { sellerId: call.sellerId, marketplaceId: sites.marketplaceIds[0] ?? '', sku }
  const { status, issues } = act(place)
  const asin = findLive(call.amazon, place)?.asin
  const identifiers = listOf(call.query, 'includedData').includes('identifiers')
    ? { identifiers: [{ marketplaceId: place.marketplaceId, ...(asin === undefined ? {} : { asin }) }] }
    : {}
  return {
    status: 200,
    body: { sku, status, submissionId: hex(call.amazon.random, 32), issues, ...identifiers },
    ...(status === 'ACCEPTED' ? {} : { isRefusal: true }),
  }
}

function textsOf({ amazon, params, query, sellerId, body }: ApiCall): (string | undefined)[] {
  const titles = listOf(query, 'marketplaceIds').map(
    (id) => amazon.listings.get(listingKey(sellerId, id, params['sku'] ?? ''))?.title,
  )
  const names = isObject(body) && isObject(body['attributes']) ? body['attributes']['item_name'] : undefined
  const name: unknown = Array.isArray(names) ? names[0] : undefined
  return [...titles, isObject(name) ? textOf(name['value']) : undefined]
}

function beforeWrite({ amazon, params, query, sellerId }: ApiCall): Before {
  const key = listingKey(sellerId, listOf(query, 'marketplaceIds')[0] ?? '', params['sku'] ?? '')
  const listing = amazon.listings.get(key)
  const before = listing && structuredClone(listing)
  amazon.lastSubmission = undefined
  return {
    restore: () => dropLastSubmission(amazon),
    showUntil: (until) => void amazon.stale.set(key, { until: until.getTime(), listing: before }),
  }
}

/** Relationships are throttled apart, and previews too. */
function attributeLimits({ operation, query, body }: ApiCall): FurtherLimit[] {
  const text = JSON.stringify(body ?? '')
  const isVariation = /parentage_level|child_parent_sku_relationship|variation_theme/.test(text)
  const perSecond = (key: string, rate: number): FurtherLimit => ({ key, limit: { perSecond: rate, burst: rate } })
  if (operation === 'putListingsItem') return isVariation ? [perSecond('variations put', 25)] : []
  if (operation !== 'patchListingsItem') return []
  if (query.get('mode') !== null) return [perSecond('preview patch', 20)]
  if (isVariation) return [perSecond('variations patch', 5)]
  return /fulfillment_availability|purchasable_offer/.test(text) ? [] : [perSecond('attributes patch', 100)]
}
