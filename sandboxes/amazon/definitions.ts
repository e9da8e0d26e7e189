// Product types: small schemas of our own, in the shape of Amazon's.
import { createHash } from 'node:crypto'
import { addDocument, presign } from './documents.ts'
import { done, invalid, listOf, notFound, textOf } from './call.ts'
import { marketplaceOf } from './reference.ts'
import type { ApiCall, Route } from './call.ts'

import { everywhere, fields, requiredAttributes, types } from './product-types.ts'
import type { Field, Group, ProductType } from './product-types.ts'

const version = 'UOlSandboxAmazon1'

export const definitionRoutes: Route[] = [
  {
    operation: 'searchDefinitionsProductTypes',
    method: 'GET',
    path: '/definitions/2020-09-01/productTypes',
    handle: search,
  },
  {
    operation: 'getDefinitionsProductType',
    method: 'GET',
    path: '/definitions/2020-09-01/productTypes/{productType}',
    handle: define,
  },
]

function search({ query }: ApiCall) {
  const marketplaceIds = listOf(query, 'marketplaceIds')
  if (marketplaceIds.length === 0) return invalid('marketplaceIds is required.')
  const itemName = textOf(query.get('itemName'))
  const wanted = itemName === undefined ? listOf(query, 'keywords') : itemName.split(/\s+/)
  const words = wanted.map((word) => word.toLowerCase())
  const fits = (type: ProductType) =>
    words.length === 0 ||
    words.some((word) =>
      [type.name.toLowerCase(), ...type.keywords].some((known) => word.includes(known) || known.includes(word)),
    )
  const found = types.filter(fits)
  // A name nothing fits gets the general type, so that there always is one to list with.
  const shown = found.length === 0 && itemName !== undefined ? types.slice(0, 1) : found
  return done({
    productTypes: shown.map(({ name, displayName }) => ({ name, displayName, marketplaceIds })),
    productTypeVersion: version,
  })
}

function define({ amazon, at, params, query }: ApiCall) {
  const type = types.find((one) => one.name === params['productType'])
  const marketplaceIds = listOf(query, 'marketplaceIds')
  const [first] = marketplaceIds
  if (first === undefined) return invalid('marketplaceIds is required.')
  if (!type) return notFound(`Product type '${params['productType']}' not found`)
  const requirements = query.get('requirements') ?? 'LISTING'
  const parentage = query.get('parentageLevel') ?? 'NONE'
  const asked = query.get('locale') ?? 'DEFAULT'
  const locale = asked === 'DEFAULT' ? (marketplaceOf(first)?.language ?? 'en_US') : asked
  const names = namesOf(type, requirements)
  const required =
    query.get('requirementsEnforced') === 'NOT_ENFORCED' ? [] : requiredAttributes(type.name, requirements, parentage)
  const schema = writeSchema(type, { names, required, marketplaceId: first, locale })
  const link = (id: string, content: string) => {
    const document = addDocument(
      amazon,
      { id, kind: 'schema', contentType: 'application/json', sellerId: '', bytes: Buffer.from(content) },
      at,
    )
    return {
      link: { resource: presign(amazon, document, at, 604_800), verb: 'GET' },
      checksum: createHash('md5').update(content).digest('base64'),
    }
  }
  const key = [type.name, first, requirements, parentage, locale, String(required.length)].join('.')
  return done({
    metaSchema: link('meta-schema', JSON.stringify(metaSchema)),
    schema: link(`schema.${key}`, JSON.stringify(schema)),
    requirements,
    requirementsEnforced: query.get('requirementsEnforced') ?? 'ENFORCED',
    propertyGroups: groupsOf(names),
    locale,
    marketplaceIds,
    productType: type.name,
    displayName: type.displayName,
    productTypeVersion: { version, latest: true, releaseCandidate: false },
  })
}

function namesOf(type: ProductType, requirements: string): string[] {
  const all = Object.keys(fields)
  const group = (wanted: Group[]) => all.filter((name) => wanted.includes((fields[name] as Field).group))
  const offer = group(['offer'])
  if (requirements === 'LISTING_OFFER_ONLY') return ['merchant_suggested_asin', ...offer]
  const product = [...everywhere, ...type.own, ...group(['images', 'variations'])]
  return requirements === 'LISTING_PRODUCT_ONLY' ? product : [...product, ...offer]
}

const groupTitles: Record<Group, string> = {
  product_identity: 'Product Identity',
  product_details: 'Product Details',
  offer: 'Offer',
  images: 'Images',
  variations: 'Variations',
}

function groupsOf(names: readonly string[]) {
  return Object.fromEntries(
    Object.entries(groupTitles)
      .map(
        ([group, title]) =>
          [
            group,
            { title, description: title, propertyNames: names.filter((name) => fields[name]?.group === group) },
          ] as const,
      )
      .filter(([, { propertyNames }]) => propertyNames.length > 0),
  )
}

type Writing = { names: string[]; required: string[]; marketplaceId: string; locale: string }

function writeSchema(type: ProductType, { names, required, marketplaceId, locale }: Writing) {
  return {
    $schema: 'https://schemas.amazon.com/selling-partners/definitions/product-types/meta-schema/v1',
    $id: `https://schemas.amazon.com/selling-partners/definitions/product-types/schema/v1/${type.name}`,
    $comment: 'A small schema of the sandbox.',
    $defs: {
      marketplace_id: {
        title: 'Marketplace ID',
        default: marketplaceId,
        editable: false,
        hidden: true,
        enum: [marketplaceId],
        enumNames: [marketplaceOf(marketplaceId)?.name ?? marketplaceId],
        type: 'string',
      },
      language_tag: {
        title: 'Language Tag',
        default: locale,
        editable: false,
        hidden: true,
        enum: [locale],
        enumNames: [locale],
        type: 'string',
      },
    },
    type: 'object',
    required: required.filter((name) => names.includes(name)),
    properties: Object.fromEntries(
      names.map((name) => [name, writeField(fields[name] as Field, { type, marketplaceId })]),
    ),
  }
}

const site = { $ref: '#/$defs/marketplace_id' }

function writeField(one: Field, given: { type: ProductType; marketplaceId: string }) {
  const { properties, required, selectors } = shapes[one.kind](one, given)
  return {
    title: one.title,
    description: one.title,
    examples: [one.values?.[0] ?? one.title],
    type: 'array',
    minItems: 1,
    minUniqueItems: 1,
    maxUniqueItems: one.many ?? 1,
    selectors,
    items: { type: 'object', required, properties, additionalProperties: false },
  }
}

type Shape = { properties: Record<string, unknown>; required: string[]; selectors: string[] }

function valueOf({ title, values }: Field, maxLength = 500) {
  const chosen = values ? { enum: values, enumNames: values } : { maxLength, maxUtf8ByteLength: maxLength * 4 }
  return { title, editable: true, hidden: false, type: 'string', ...chosen }
}

const shapes: Record<Field['kind'], (one: Field, given: { type: ProductType; marketplaceId: string }) => Shape> = {
  text: (one) => ({
    properties: { value: valueOf(one), marketplace_id: site },
    required: ['value'],
    selectors: ['marketplace_id'],
  }),
  localized: (one) => ({
    properties: {
      value: valueOf(one, one.title === 'Product Description' ? 2000 : 200),
      language_tag: { $ref: '#/$defs/language_tag' },
      marketplace_id: site,
    },
    required: ['value'],
    selectors: ['marketplace_id', 'language_tag'],
  }),
  flag: () => ({
    properties: { value: { type: 'boolean', enum: [false, true], enumNames: ['No', 'Yes'] }, marketplace_id: site },
    required: ['value'],
    selectors: ['marketplace_id'],
  }),
  number: (one) => ({
    properties: {
      value: { title: one.title, type: 'number', minimum: 0 },
      ...(one.values
        ? {
            [one.title.includes('Price') ? 'currency' : 'unit']: {
              type: 'string',
              enum: one.values,
              enumNames: one.values,
            },
          }
        : {}),
      marketplace_id: site,
    },
    required: ['value'],
    selectors: ['marketplace_id'],
  }),
  media: () => ({
    properties: {
      media_location: { title: 'Media Location', type: 'string', format: 'uri', maxLength: 2000 },
      marketplace_id: site,
    },
    required: ['media_location'],
    selectors: ['marketplace_id'],
  }),
  identifier: (one) => ({
    properties: {
      type: { type: 'string', enum: ['ean', 'gtin', 'upc'], enumNames: ['EAN', 'GTIN', 'UPC'] },
      value: valueOf(one, 14),
      marketplace_id: site,
    },
    required: ['type', 'value'],
    selectors: ['marketplace_id', 'type'],
  }),
  stock: () => ({
    properties: {
      fulfillment_channel_code: {
        type: 'string',
        enum: ['DEFAULT', 'AMAZON_EU', 'AMAZON_NA'],
        enumNames: ['Merchant', 'Amazon EU', 'Amazon NA'],
      },
      quantity: { title: 'Quantity', type: 'integer', minimum: 0 },
      lead_time_to_ship_max_days: { title: 'Handling Time', type: 'integer', minimum: 0, maximum: 30 },
      restock_date: { title: 'Restock Date', type: 'string', format: 'date' },
    },
    required: ['fulfillment_channel_code'],
    selectors: ['fulfillment_channel_code'],
  }),
  offer: (_, { marketplaceId }) => ({
    properties: {
      currency: {
        type: 'string',
        enum: [marketplaceOf(marketplaceId)?.currency ?? 'GBP'],
        enumNames: [marketplaceOf(marketplaceId)?.currency ?? 'GBP'],
      },
      audience: { type: 'string', enum: ['ALL', 'B2B'], enumNames: ['Everybody', 'Businesses'] },
      our_price: scheduleSchema('Your Price'),
      discounted_price: scheduleSchema('Sale Price'),
      minimum_seller_allowed_price: scheduleSchema('Minimum Price'),
      maximum_seller_allowed_price: scheduleSchema('Maximum Price'),
      marketplace_id: site,
    },
    required: ['currency', 'our_price'],
    selectors: ['marketplace_id', 'currency', 'audience'],
  }),
  relation: () => ({
    properties: {
      child_relationship_type: { type: 'string', enum: ['variation'], enumNames: ['Variation'] },
      parent_sku: { title: 'Parent SKU', type: 'string', maxLength: 40 },
      marketplace_id: site,
    },
    required: ['child_relationship_type'],
    selectors: ['marketplace_id', 'child_relationship_type'],
  }),
  theme: (_, { type }) => ({
    properties: { name: { type: 'string', enum: type.themes, enumNames: type.themes }, marketplace_id: site },
    required: ['name'],
    selectors: [],
  }),
}

function scheduleSchema(title: string) {
  const line = {
    type: 'object',
    required: ['value_with_tax'],
    properties: {
      value_with_tax: { title, type: 'number', minimum: 0 },
      start_at: { type: 'object', properties: { value: { type: 'string' } } },
      end_at: { type: 'object', properties: { value: { type: 'string' } } },
    },
    additionalProperties: false,
  }
  const schedule = { type: 'array', minItems: 1, maxUniqueItems: 1, selectors: [], items: line }
  return {
    title,
    type: 'array',
    minItems: 1,
    maxUniqueItems: 1,
    selectors: [],
    items: { type: 'object', required: ['schedule'], properties: { schedule }, additionalProperties: false },
  }
}

const metaSchema = {
  $id: 'https://schemas.amazon.com/selling-partners/definitions/product-types/meta-schema/v1',
  $schema: 'https://json-schema.org/draft/2019-09/schema',
  title: 'Keywords of product type schemas',
  type: ['object', 'boolean'],
}
