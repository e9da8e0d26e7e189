// Catalog Items 2022-04-01 and Listings Restrictions 2021-08-01, over the articles the sandbox happens to know.
import {
  done,
  fingerprint,
  invalid,
  listOf,
  notFound,
  readToken,
  textOf,
  unauthorized,
  wholeNumberOf,
  writeToken,
} from './call.ts'
import { listed } from './choices.ts'
import { isSite } from './listings.ts'
import type { Answer } from '../kit/front.ts'
import type { ApiCall, Route } from './call.ts'
import type { Listing } from './state.ts'

const base = '/catalog/2022-04-01/items'
const sets = [
  'attributes',
  'classifications',
  'dimensions',
  'identifiers',
  'images',
  'productTypes',
  'relationships',
  'salesRanks',
  'summaries',
  'vendorDetails',
]

export const catalogueRoutes: Route[] = [
  { operation: 'searchCatalogItems', method: 'GET', path: base, handle: search },
  { operation: 'getCatalogItem', method: 'GET', path: `${base}/{asin}`, handle: get },
  {
    operation: 'getListingsRestrictions',
    method: 'GET',
    path: '/listings/2021-08-01/restrictions',
    handle: restrictions,
  },
]

function search(call: ApiCall): Answer {
  const { query } = call
  const [marketplaceId, ...others] = listOf(query, 'marketplaceIds')
  const identifiers = listOf(query, 'identifiers')
  const keywords = listOf(query, 'keywords')
  const type = query.get('identifiersType')
  const size = wholeNumberOf(query, 'pageSize', { usual: 10, max: 20 })
  const parts = partsOf(query)
  if (marketplaceId === undefined || others.length > 0 || !isSite(marketplaceId))
    return invalid('Give exactly one of marketplaceIds.')
  if (identifiers.length > 0 === keywords.length > 0) return invalid('Give either identifiers or keywords.')
  if (identifiers.length > 20 || keywords.length > 20 || !parts || size === undefined)
    return invalid('A parameter is out of range.')
  if (identifiers.length > 0 && type === null) return invalid('identifiersType is required with identifiers.')
  const found = articles(call, marketplaceId).filter((one) =>
    identifiers.length > 0
      ? identifiers.includes(identifierOf(one, type ?? ''))
      : keywords.some((word) => one.title.toLowerCase().includes(word.toLowerCase())),
  )
  const print = fingerprint(query, ['pageToken', 'pageSize'])
  const token = query.get('pageToken')
  const bookmark = token === null ? undefined : readToken(token)
  if (token !== null && bookmark?.['print'] !== print)
    return invalid('The pageToken is not valid for these parameters.')
  const start = Number(bookmark?.['start'] ?? 0)
  const hasNext = start + size < found.length
  return done({
    numberOfResults: found.length,
    ...(hasNext ? { pagination: { nextToken: writeToken({ start: start + size, print }) } } : {}),
    items: found.slice(start, start + size).map((one) => showArticle(one, parts)),
  })
}

function get(call: ApiCall): Answer {
  const [marketplaceId] = listOf(call.query, 'marketplaceIds')
  const parts = partsOf(call.query)
  if (marketplaceId === undefined || !parts) return invalid('marketplaceIds is required.')
  const asin = call.params['asin'] ?? ''
  const found = articles(call, marketplaceId).find((one) => one.asin === asin)
  return found
    ? done(showArticle(found, parts))
    : notFound(`Requested item '${asin}' not found in marketplace(s) ${marketplaceId}.`)
}

/** What is an article for all is a listing of someone; one of each ASIN. */
function articles({ amazon, at }: ApiCall, marketplaceId: string): Listing[] {
  const byAsin = new Map<string, Listing>()
  for (const one of amazon.listings.values()) {
    const isSeen = one.marketplaceId === marketplaceId && one.deletedAt === undefined && one.summariesFrom <= at
    if (isSeen && !byAsin.has(one.asin)) byAsin.set(one.asin, one)
  }
  return [...byAsin.values()]
}

function identifierOf(one: Listing, type: string): string {
  return { ASIN: one.asin, SKU: one.sku }[type] ?? one.barcode ?? ''
}

function partsOf(query: URLSearchParams): string[] | undefined {
  const asked = listOf(query, 'includedData')
  if (asked.length === 0) return ['summaries']
  return asked.every((one) => sets.includes(one)) ? asked : undefined
}

function showArticle(one: Listing, parts: readonly string[]) {
  const { asin, marketplaceId } = one
  const images = one.imageUrl === undefined ? [] : [{ variant: 'MAIN', link: one.imageUrl, height: 500, width: 500 }]
  const identifiers = one.barcode === undefined ? [] : [{ identifierType: 'EAN', identifier: one.barcode }]
  const shows: Record<string, unknown> = {
    attributes: {},
    classifications: [{ marketplaceId }],
    dimensions: [{ marketplaceId }],
    identifiers: [{ marketplaceId, identifiers }],
    images: [{ marketplaceId, images }],
    productTypes: [{ marketplaceId, productType: one.productType }],
    relationships: [{ marketplaceId, relationships: [] }],
    salesRanks: [{ marketplaceId }],
    summaries: [
      {
        marketplaceId,
        brand: one.title.split(' ')[0] ?? '',
        itemName: one.title,
        itemClassification: one.isParent ? 'VARIATION_PARENT' : 'BASE_PRODUCT',
        packageQuantity: 1,
      },
    ],
    vendorDetails: [],
  }
  return { asin, ...Object.fromEntries(parts.map((part) => [part, shows[part]])) }
}

function restrictions({ amazon, query, sellerId }: ApiCall): Answer {
  const asin = textOf(query.get('asin'))
  const marketplaceIds = listOf(query, 'marketplaceIds')
  if (asin === undefined || marketplaceIds.length === 0) return invalid('asin and marketplaceIds are required.')
  if (query.get('sellerId') !== sellerId) return unauthorized('')
  if (!listed(amazon.choices.restrictedAsins).includes(asin)) return done({ restrictions: [] })
  const conditionType = query.get('conditionType')
  const reasons = [
    {
      message: 'You need approval to list this product.',
      reasonCode: 'APPROVAL_REQUIRED',
      links: [{ resource: `${amazon.origin}/__sandbox/`, verb: 'GET', title: 'Request approval', type: 'text/html' }],
    },
  ]
  return done({
    restrictions: marketplaceIds.map((marketplaceId) => ({
      marketplaceId,
      ...(conditionType === null ? {} : { conditionType }),
      reasons,
    })),
  })
}
