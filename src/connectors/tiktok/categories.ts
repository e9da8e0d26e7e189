// Their tree of categories, and what a category asks of a product.
import { once } from '../connector.ts'
import type { ListingAttribute, ListingCategory, ListingDraft } from '../connector.ts'
import { asArray, asObject, asText } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import type { TikTokCall } from './account.ts'
import { ask } from './ask.ts'
import { categoryVersion, certificationPrefix, keys, valueIdPrefix } from './attribute-keys.ts'

/** What stands above the top ones. */
const rootId = '0'
/** A longer list of brands is no list to choose from: the name is typed. */
const brandsMax = 100

export async function listCategories(call: TikTokCall, parentId: string | null): Promise<ListingCategory[]> {
  // The whole tree comes at once, so who walks it asks for it once.
  const data = await once(call, 'categories', () => ask(call, 'categories.list', { query: versionQuery(call) }))
  return objectsIn(data['categories']).flatMap((category): ListingCategory[] => {
    const id = asText(category['id'])
    const above = asText(category['parent_id']) ?? rootId
    if (id === null || above !== (parentId ?? rootId)) return []
    const isLeaf = category['is_leaf'] === true
    const name = asText(category['local_name']) ?? id
    return [{ id, parentId: above === rootId ? null : above, name, isLeaf, mayList: isLeaf && isOpen(category) }]
  })
}

/** The leaf that TikTok Shop itself finds for the title and the text. */
export async function recommendCategories(call: TikTokCall, draft: ListingDraft): Promise<ListingCategory[]> {
  const data = await ask(call, 'categories.recommend', {
    body: { product_title: draft.title, description: draft.description, ...versionQuery(call) },
  })
  // From the top down to the leaf.
  const chain = objectsIn(data['categories'])
  return chain.flatMap((category, index): ListingCategory[] => {
    const id = asText(category['id'])
    if (id === null || category['is_leaf'] !== true) return []
    const parentId = index === 0 ? null : asText(chain[index - 1]?.['id'])
    return [{ id, parentId, name: asText(category['name']) ?? id, isLeaf: true, mayList: isOpen(category) }]
  })
}

function isOpen(category: JsonObject): boolean {
  const rights = asArray(category['permission_statuses'])
  return rights === undefined || rights.length === 0 || rights.includes('AVAILABLE')
}

export async function listAttributes(call: TikTokCall, categoryId: string): Promise<ListingAttribute[]> {
  const query = versionQuery(call)
  const rules = await ask(call, 'categories.rules', { id: categoryId, query })
  const data = await ask(call, 'categories.attributes', { id: categoryId, query })
  const all = objectsIn(data['attributes'])
  const own = all.flatMap((attribute) => toAttribute(attribute, all) ?? [])
  return [...packageAttributes(rules), await brandAttribute(call, categoryId), ...documentAttributes(rules), ...own]
}

function toAttribute(attribute: JsonObject, all: JsonObject[]): ListingAttribute | undefined {
  const id = asText(attribute['id'])
  const type = asText(attribute['type'])
  if (id === null) return undefined
  const choices = objectsIn(attribute['values']).flatMap((value) => {
    const [valueId, name] = [asText(value['id']), asText(value['name'])]
    return valueId === null ? [] : [{ value: valueIdPrefix + valueId, label: name ?? valueId }]
  })
  const isVariation = type === 'SALES_PROPERTY'
  const conditions = conditionsOf(attribute, all)
  return {
    key: id,
    label: asText(attribute['name']) ?? id,
    ...(conditions === '' ? {} : { help: `Needed where ${conditions}` }),
    // Misspelt over there. What tells variations apart is no matter where there is only one.
    isRequired: attribute['is_requried'] === true && !isVariation,
    isVariation,
    isMultiple: attribute['is_multiple_selection'] === true,
    ...(choices.length === 0 ? {} : { choices }),
    takesOwnText: isVariation || attribute['is_customizable'] === true || choices.length === 0,
  }
}

/** An attribute may be needed only where another one has a certain value. */
function conditionsOf(attribute: JsonObject, all: JsonObject[]): string {
  const conditions = objectsIn(attribute['requirement_conditions']).flatMap((condition) => {
    const other = all.find((one) => asText(one['id']) === asText(condition['attribute_id']))
    const valueId = asText(condition['attribute_value_id'])
    const value = objectsIn(other?.['values']).find((one) => asText(one['id']) === valueId)
    const [name, label] = [asText(other?.['name']), asText(value?.['name']) ?? valueId]
    return name === null || label === null ? [] : [`“${name}” is “${label}”`]
  })
  return conditions.join(' or ')
}

function packageAttributes(rules: JsonObject): ListingAttribute[] {
  const sizeNeeded = isRequired(rules['package_dimension'])
  const side = (key: string, label: string) => plainAttribute(key, label, { isRequired: sizeNeeded, unit: 'cm' })
  return [
    plainAttribute(keys.weight, 'Weight of the parcel', { isRequired: true, unit: 'kg' }),
    side(keys.length, 'Length of the parcel'),
    side(keys.width, 'Width of the parcel'),
    side(keys.height, 'Height of the parcel'),
  ]
}

async function brandAttribute(call: TikTokCall, categoryId: string): Promise<ListingAttribute> {
  const data = await ask(call, 'brands.list', {
    query: { ...versionQuery(call), category_id: categoryId, page_size: brandsMax },
  })
  const attribute = plainAttribute(keys.brand, 'Brand', { isRequired: false })
  if (asText(data['next_page_token']) !== null) return { ...attribute, help: 'As TikTok Shop spells it' }
  const choices = objectsIn(data['brands']).flatMap((brand) => {
    const id = asText(brand['id'])
    return id === null ? [] : [{ value: valueIdPrefix + id, label: asText(brand['name']) ?? id }]
  })
  return choices.length === 0 ? attribute : { ...attribute, choices, takesOwnText: false }
}

/** Taken as links to pictures, which are uploaded. */
function documentAttributes(rules: JsonObject): ListingAttribute[] {
  const chart = asObject(rules['size_chart']) ?? {}
  const charts = [plainAttribute(keys.sizeChart, 'Size chart (link to a picture)', { isRequired: isRequired(chart) })]
  const certifications = objectsIn(rules['product_certifications']).flatMap((rule) => {
    const id = asText(rule['id'])
    if (id === null) return []
    const label = `${asText(rule['name']) ?? id} (links to pictures)`
    const attribute = plainAttribute(certificationPrefix + id, label, { isRequired: isRequired(rule) })
    const details = asText(rule['document_details'])
    return [{ ...attribute, isMultiple: true, ...(details === null ? {} : { help: details }) }]
  })
  return [...(chart['is_supported'] === true || isRequired(chart) ? charts : []), ...certifications]
}

function plainAttribute(key: string, label: string, more: { isRequired: boolean; unit?: string }): ListingAttribute {
  return { key, label, ...more, isVariation: false, isMultiple: false, takesOwnText: true }
}

function isRequired(rule: unknown): boolean {
  return asObject(rule)?.['is_required'] === true
}

function versionQuery(call: TikTokCall) {
  return { category_version: categoryVersion(call.site.currency) }
}

function objectsIn(value: unknown): JsonObject[] {
  return (asArray(value) ?? []).flatMap((entry): JsonObject[] => [asObject(entry) ?? {}])
}
