// Product types: Amazon's categories for listing, and what each asks for. The rules are a JSON schema behind a link.
import { once, RefusedError } from '../connector.ts'
import type { Call, ListingAttribute, ListingCategory, ListingDraft } from '../connector.ts'
import { asArray, asCount, asObject, asText, objectIn, pathPart } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import { sellerIdOf } from './account.ts'
import type { AmazonAccount } from './account.ts'
import { objectsIn } from './read.ts'
import { ask } from './request.ts'
import { filledByUs, propertiesOf, resolved, selectors, themeKey } from './attribute-shape.ts'
import type { Schema } from './attribute-shape.ts'

/** Amazon's attributes nest at most this deep. */
const depthMax = 5

/** Product types are a flat list, so every one is a top category and a leaf. */
export async function listCategories(call: Call<AmazonAccount>, parentId: string | null): Promise<ListingCategory[]> {
  return parentId === null ? searchTypes(call, {}) : []
}

async function searchTypes(call: Call<AmazonAccount>, query: { itemName?: string }): Promise<ListingCategory[]> {
  const response = await ask(call, 'searchDefinitionsProductTypes', {
    method: 'GET',
    url: '/definitions/2020-09-01/productTypes',
    query: { marketplaceIds: call.site.id, ...query },
  })
  return objectsIn(objectIn(response, 'the product types')['productTypes']).flatMap((type) => {
    const id = asText(type['name'])
    if (id === null) return []
    return [{ id, parentId: null, name: asText(type['displayName']) ?? id, isLeaf: true, mayList: true }]
  })
}

export async function listAttributes(call: Call<AmazonAccount>, categoryId: string): Promise<ListingAttribute[]> {
  const schema = await readSchema(call, categoryId)
  const variationKeys = keysOfThemes(schema)
  const required = asArray(schema.root['required']) ?? []
  return [...propertiesOf(schema.root)].flatMap(([key, property]) => {
    if (filledByUs.includes(key)) return []
    const isVariation = variationKeys.has(key)
    const leaves = leavesOf(schema, property, [key], required.includes(key), depthMax)
    // A theme is nothing but its name.
    const named =
      key === themeKey
        ? leaves.map((leaf) => ({ ...leaf, key, ...words(asObject(property) ?? {}, leaf.label) }))
        : leaves
    // Left empty it goes out as new.
    const isRequired = (leaf: Leaf) => leaf.isRequired && key !== 'condition_type'
    return named.map((leaf) => ({ ...leaf, isRequired: isRequired(leaf), isVariation }))
  })
}

/** Amazon's guess by the title, the best first. */
export async function recommendCategories(call: Call<AmazonAccount>, draft: ListingDraft): Promise<ListingCategory[]> {
  return searchTypes(call, { itemName: draft.title })
}

/** The same for many products of one type. */
export function readSchema(call: Call<AmazonAccount>, productType: string): Promise<Schema> {
  return once(call, `schema/${productType}`, () => askForSchema(call, productType))
}

async function askForSchema(call: Call<AmazonAccount>, productType: string): Promise<Schema> {
  const response = await askForDefinition(call, productType)
  const definition = objectIn(response, 'the product type')
  const link = asText(asObject(asObject(definition['schema'])?.['link'])?.['resource'])
  if (link === null) throw new RefusedError({ kind: 'wait', seconds: 60, reason: 'Amazon gave no rules of the type' })
  // The link carries its right in itself and runs out, like every file of Amazon's.
  const root = objectIn(await call.send({ method: 'GET', url: link, presigned: true }), 'the rules of the product type')
  return { productType, root }
}

async function askForDefinition(call: Call<AmazonAccount>, productType: string) {
  try {
    return await ask(call, 'getDefinitionsProductType', {
      method: 'GET',
      url: `/definitions/2020-09-01/productTypes/${pathPart(productType)}`,
      query: { sellerId: sellerIdOf(call), marketplaceIds: call.site.id, requirements: 'LISTING', locale: 'DEFAULT' },
    })
  } catch (error) {
    // It is the product type that is not there, and no listing.
    if (!(error instanceof RefusedError) || error.refusal.kind !== 'gone') throw error
    throw new RefusedError({ kind: 'rejected', reason: `Amazon has no product type “${productType}” on this site` })
  }
}

type Leaf = Omit<ListingAttribute, 'isVariation'>

function leavesOf(schema: Schema, property: unknown, path: string[], isRequired: boolean, depth: number): Leaf[] {
  const node = resolved(schema, property)
  if (depth === 0 || node['hidden'] === true) return []
  const items = asObject(node['items'])
  if (items) {
    const isMultiple = path.length === 1 && asCount(node['maxUniqueItems']) !== 1
    const leaves = leavesOf(schema, items, path, isRequired, depth - 1)
    // The title of the list is what people know; "value" within it says nothing.
    return leaves.map((leaf) =>
      leaf.key === path.join('.') ? { ...leaf, ...words(node, leaf.label), isMultiple } : leaf,
    )
  }
  const properties = propertiesOf(node)
  if (properties.length === 0) return [leafOf(node, path, isRequired)]
  const required = asArray(node['required']) ?? []
  return properties.flatMap(([name, child]) => {
    if (selectors.includes(name)) return []
    const isNeeded = isRequired && (required.includes(name) || name === 'value')
    return leavesOf(schema, child, name === 'value' ? path : [...path, name], isNeeded, depth - 1)
  })
}

function leafOf(node: JsonObject, path: string[], isRequired: boolean): Leaf {
  const choices = choicesOf(node)
  return {
    key: path.join('.'),
    ...words(node, path.join(' ').replaceAll('_', ' ')),
    isRequired,
    isMultiple: false,
    ...(choices.length === 0 ? {} : { choices }),
    // Where a list of values stands beside plain text, it only suggests.
    takesOwnText: choices.length === 0 || !asArray(node['enum']),
  }
}

function words(node: JsonObject, labelOtherwise: string): { label: string; help?: string } {
  const help = asText(node['description'])
  return { label: asText(node['title']) ?? labelOtherwise, ...(help === null ? {} : { help }) }
}

function choicesOf(node: JsonObject): { value: string; label: string }[] {
  if (node['type'] === 'boolean') {
    return [
      { value: 'true', label: 'Yes' },
      { value: 'false', label: 'No' },
    ]
  }
  const withValues = [node, ...objectsIn(node['anyOf']), ...objectsIn(node['oneOf'])].find((one) =>
    asArray(one['enum']),
  )
  const names = asArray(withValues?.['enumNames']) ?? []
  return (asArray(withValues?.['enum']) ?? []).flatMap((value, index) => {
    const text = asText(value)
    return text === null ? [] : [{ value: text, label: asText(names[index]) ?? text }]
  })
}

/** "SIZE_NAME/COLOR_NAME" tells variations apart by `size` and `color`. */
function keysOfThemes(schema: Schema): Set<string> {
  const theme = propertiesOf(schema.root).find(([key]) => key === themeKey)?.[1]
  const leaves = theme === undefined ? [] : leavesOf(schema, theme, [themeKey], false, depthMax)
  const themes = leaves.flatMap((leaf) => leaf.choices ?? [])
  return new Set(
    themes.flatMap(({ value }) => value.split('/').flatMap((word) => [word.toLowerCase(), plainTheme(word)])),
  )
}

function plainTheme(word: string): string {
  return word.toLowerCase().replace(/_?name$/, '')
}
