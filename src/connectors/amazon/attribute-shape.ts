// Our flat attributes → Amazon's nested ones, along the product type's schema: lists of objects with their site and
// language in each. "item_weight.unit" is the unit within the one entry of item_weight.
import { RefusedError } from '../connector.ts'
import type { ListingDraft } from '../connector.ts'
import { asArray, asObject, asText } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import { objectsIn } from './read.ts'
import type { Marketplace } from './marketplaces.ts'

export type Schema = { productType: string; root: JsonObject }

/** The chosen product type, as in the draft's attributes. */
export const categoryKey = 'category'
/** The product that Amazon has already, whose page the offer joins. */
export const asinKey = 'merchant_suggested_asin'
export const conditionDefault = 'new_new'

/** Which attributes tell the variations of a product apart. */
export const themeKey = 'variation_theme'

export function conditionOf({ attributes }: Pick<ListingDraft, 'attributes'>): string {
  return asText(attributes['condition_type']) ?? conditionDefault
}

/** Which entry is meant. Filled in wherever the schema has them, and never asked of a person. */
export const selectors = ['marketplace_id', 'language_tag', 'audience']

/** Made of the draft's own fields, or by ourselves. */
export const filledByUs = [
  'item_name',
  'product_description',
  'brand',
  'externally_assigned_product_identifier',
  'supplier_declared_has_product_identifier_exemption',
  'main_product_image_locator',
  ...Array.from({ length: 8 }, (_, index) => `other_product_image_locator_${index + 1}`),
  'purchasable_offer',
  'fulfillment_availability',
  'parentage_level',
  'child_parent_sku_relationship',
]

/** Follows a reference within the schema. */
export function resolved(schema: Schema, node: unknown): JsonObject {
  const object = asObject(node) ?? {}
  const reference = object['$ref']
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return object
  let found: unknown = schema.root
  for (const name of reference.slice(2).split('/')) found = asObject(found)?.[name]
  const { $ref: _, ...own } = object
  return { ...asObject(found), ...own }
}

export function propertiesOf(node: JsonObject): [string, unknown][] {
  return Object.entries(asObject(node['properties']) ?? {})
}

export function hasAttribute(schema: Schema, key: string): boolean {
  return Object.hasOwn(asObject(schema.root['properties']) ?? {}, key)
}

/** Puts one value in its place. Refuses a key the product type does not have, and text that is no number where one is due. */
export function putAttribute(into: JsonObject, key: string, text: string, schema: Schema, site: Marketplace): void {
  const [name = '', ...path] = key.split('.')
  if (!hasAttribute(schema, name)) refuse(`Amazon’s product type ${schema.productType} has no attribute “${key}”`)
  const property = asObject(schema.root['properties'])?.[name]
  const put: Put = { schema, site, key }
  into[name] = valueIn(put, property, into[name], path, text)
}

type Put = { schema: Schema; site: Marketplace; key: string }

function valueIn(put: Put, property: unknown, before: unknown, path: string[], text: string): unknown {
  const node = resolved(put.schema, property)
  if (asObject(node['items'])) {
    const [first, ...others] = asArray(before) ?? []
    // Several values of one key are joined by "|", and each is an entry of its own.
    const texts = path.length === 0 && node['maxUniqueItems'] !== 1 ? text.split('|') : [text]
    const entries = texts.map((one, index) =>
      valueIn(put, node['items'], index === 0 ? first : undefined, path, one.trim()),
    )
    return [...entries, ...others]
  }
  const properties = new Map(propertiesOf(node))
  if (properties.size === 0) return path.length === 0 ? typed(put, node, text) : refuseKey(put)
  const [name = 'value', ...rest] = path
  if (!properties.has(name)) return refuseKey(put)
  return {
    ...(properties.has('marketplace_id') ? { marketplace_id: put.site.id } : {}),
    ...(properties.has('language_tag') ? { language_tag: put.site.languageTag } : {}),
    ...asObject(before),
    [name]: valueIn(put, properties.get(name), asObject(before)?.[name], rest, text),
  }
}

function typed(put: Put, node: JsonObject, text: string): unknown {
  const types = [node, ...objectsIn(node['anyOf']), ...objectsIn(node['oneOf'])].map((one) => one['type'])
  if (types.includes('string')) return text
  if (types.includes('boolean')) {
    if (!/^(true|false|yes|no)$/i.test(text)) refuse(`“${put.key}” must be yes or no, not “${text}”`)
    return /^(true|yes)$/i.test(text)
  }
  if (!types.includes('number') && !types.includes('integer')) return text
  const plain = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  const fits = types.includes('number') ? Number.isFinite(plain) : Number.isSafeInteger(plain)
  if (!fits) refuse(`“${put.key}” must be a number, not “${text}”`)
  return plain
}

function refuseKey({ schema, key }: Put): never {
  return refuse(`Amazon’s product type ${schema.productType} has no attribute “${key}”`)
}

function refuse(reason: string): never {
  throw new RefusedError({ kind: 'rejected', reason })
}
