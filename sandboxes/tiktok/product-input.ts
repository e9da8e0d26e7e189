// What a client says of a product, read and checked the way the marketplace does before anything is saved.
import { list, objectOf, objects, refuse, text } from './call.ts'
import { attributes, categoryOf } from './reference.ts'
import { readSkus } from './sku-input.ts'
import type { Asked, Body, Refusal } from './call.ts'
import type { Content, Product, Revision, Tiktok } from './state.ts'

export type Read<Value> = { value: Value } | { refusal: Refusal }

const titleMax = 255
const descriptionMax = 10_000
const imagesMax = 9

/** A whole product: for creation, and for edits that replace everything. */
export function readProductInput(asked: Asked, current: Product | undefined): Read<Revision> {
  const { tiktok, body } = asked
  const content = readContent(body, undefined)
  const refusal = checkContent(tiktok, body, content) ?? undefined
  if (refusal) return { refusal }
  const skus = readSkus(asked, objects(body['skus']), current)
  return 'refusal' in skus ? skus : { value: { content, skus: skus.value } }
}

/** A partial edit: properties that are sent replace those that are there, whole. */
export function readPartialInput(asked: Asked, current: Product): Read<Revision> {
  const { tiktok, body } = asked
  const base = current.draft?.content ?? current.content
  const content = readContent(body, base)
  const refusal = checkContent(tiktok, { ...body, category_id: base.categoryId }, content)
  if (refusal) return { refusal }
  if (body['skus'] === undefined) return { value: { content, skus: current.skus } }
  const skus = readSkus(asked, objects(body['skus']), current)
  return 'refusal' in skus ? skus : { value: { content, skus: skus.value } }
}

/** Without `base` what is not sent is blank. */
function readContent(body: Body, base: Content | undefined): Content {
  const keep = <Value>(name: string, read: () => Value, blank: Value, before: Value | undefined): Value =>
    body[name] !== undefined ? read() : base ? (before as Value) : blank
  return {
    title: keep('title', () => text(body['title']) ?? '', '', base?.title),
    description: keep('description', () => text(body['description']) ?? '', '', base?.description),
    categoryId: keep('category_id', () => text(body['category_id']) ?? '', '', base?.categoryId),
    brandId: keep('brand_id', () => text(body['brand_id']) || undefined, undefined, base?.brandId),
    imageUris: keep(
      'main_images',
      () => objects(body['main_images']).map((one) => text(one['uri']) ?? ''),
      [],
      base?.imageUris,
    ),
    attributes: keep('product_attributes', () => readAttributes(body), [], base?.attributes),
    packageWeight: keep('package_weight', () => readWeight(body), undefined, base?.packageWeight),
    packageDimensions: keep('package_dimensions', () => readDimensions(body), undefined, base?.packageDimensions),
    extra: { ...base?.extra, ...readExtra(body) },
  }
}

function readExtra(body: Body): Content['extra'] {
  const external = text(body['external_product_id'])
  const isCod = body['is_cod_allowed']
  const options = body['delivery_option_ids']
  return {
    ...(external === undefined ? {} : { external_product_id: external }),
    ...(typeof isCod === 'boolean' ? { is_cod_allowed: isCod } : {}),
    ...(options === undefined ? {} : { delivery_option_ids: list(options).map(String) }),
  }
}

function readWeight(body: Body): Content['packageWeight'] {
  const weight = objectOf(body['package_weight'])
  return weight && { value: text(weight['value']) ?? '', unit: text(weight['unit']) ?? '' }
}

function readDimensions(body: Body): Content['packageDimensions'] {
  const sent = objectOf(body['package_dimensions'])
  if (!sent) return undefined
  const part = (name: string) => text(sent[name]) ?? ''
  return { length: part('length'), width: part('width'), height: part('height'), unit: part('unit') }
}

function readAttributes(body: Body): Content['attributes'] {
  return objects(body['product_attributes']).map((sent) => {
    const known = attributes.find((one) => one.id === sent['id'])
    const values = objects(sent['values']).map((value) => {
      const id = text(value['id']) ?? ''
      const name = text(value['name']) ?? known?.values.find((one) => one.id === id)?.name ?? ''
      return { id: id || (known?.values.find((one) => one.name === name)?.id ?? ''), name }
    })
    return { id: text(sent['id']) ?? '', name: known?.name ?? '', values }
  })
}

function checkContent(tiktok: Tiktok, body: Body, content: Content): Refusal | undefined {
  return (
    checkTexts(content) ??
    checkCategory(tiktok, body, content) ??
    checkImages(tiktok, content) ??
    checkPackage(content) ??
    checkAttributes(content) ??
    (content.brandId !== undefined && !tiktok.brands.some((one) => one.id === content.brandId)
      ? refuse(12_052_026, 'Brand does not exist')
      : undefined)
  )
}

const oddCharacters = /&[a-z]+;|\p{Extended_Pictographic}|(?![\t\n\r])\p{Control}/u

function checkTexts({ title, description }: Content): Refusal | undefined {
  if (title.trim() === '') return refuse(12_052_261, 'product name is empty')
  if (title.length > titleMax) return refuse(12_052_051, 'The product name exceed max limit characters')
  if (oddCharacters.test(title)) {
    return refuse(12_052_931, 'The title must not contain HTML escape characters, emojis, or ASCII control characters.')
  }
  if (description.trim() === '') return refuse(12_052_015, 'The product description is required')
  if (description.length > descriptionMax) {
    return refuse(12_052_013, 'The product description cannot exceed maximum characters')
  }
  return undefined
}

function checkCategory(tiktok: Tiktok, body: Body, content: Content): Refusal | undefined {
  const { categoryVersion } = tiktok.choices
  if ((text(body['category_version']) ?? 'v1') !== categoryVersion) return wrongVersion
  const category = categoryOf(content.categoryId)
  if (!category) return refuse(12_052_023, 'Category does not exist')
  if (!category.isLeaf) return refuse(12_052_024, 'Category is not final category')
  if (!category.permissions.includes('AVAILABLE')) {
    const message = 'This category is restricted. To sell in this category, apply through the Qualification Center.'
    return refuse(12_052_223, message)
  }
  return undefined
}

export const wrongVersion = refuse(
  12_052_217,
  "Incorrect category version. For US shops specify 'category version=v2'. For shops in other regions specify 'v1'.",
)

function checkImages(tiktok: Tiktok, { imageUris, description }: Content): Refusal | undefined {
  if (imageUris.length === 0) return refuse(12_052_028, 'Main product image is required')
  if (imageUris.length > imagesMax) return refuse(12_052_306, 'main product images count exceed limit')
  if (!imageUris.every((uri) => tiktok.images.has(uri))) return refuse(12_052_300, 'product main image uri illegal')
  const sources = [...description.matchAll(/<img\b[^>]*\bsrc=["']([^"']*)["']/gi)].map((match) => match[1] ?? '')
  const isOurs = (source: string) => tiktok.images.has(source.split('/').at(-1) ?? '')
  return sources.every(isOurs) ? undefined : refuse(12_052_340, 'product description image uri illegal')
}

function checkPackage({ packageWeight, packageDimensions, categoryId }: Content): Refusal | undefined {
  if (!packageWeight) return refuse(12_019_011, 'product package weight is invalid')
  const value = Number(packageWeight.value)
  if (!['KILOGRAM', 'GRAM'].includes(packageWeight.unit)) {
    const message = 'Product weight or dimensions unit does not support the imperial units on non-US local products.'
    return refuse(12_019_061, message)
  }
  if (!(value > 0)) return refuse(12_052_181, 'The package weight of the product can not be zero.')
  if (!packageDimensions) {
    const isNeeded = categoryOf(categoryId)?.needsDimensions === true
    return isNeeded ? refuse(12_019_012, 'product package size is invalid') : undefined
  }
  const { length, width, height, unit } = packageDimensions
  const isFine = unit === 'CENTIMETER' && [length, width, height].every((one) => /^\d+$/.test(one) && Number(one) > 0)
  return isFine ? undefined : refuse(12_052_116, 'product package size is invalid')
}

function checkAttributes({ attributes: sent }: Content): Refusal | undefined {
  const valueIds = (id: string) => sent.find((one) => one.id === id)?.values.map((value) => value.id) ?? []
  for (const known of attributes.filter((one) => one.type === 'PRODUCT_PROPERTY')) {
    const given = sent.find((one) => one.id === known.id)
    if (!given || given.values.length === 0) {
      if (known.isRequired) return refuse(12_052_104, `property is required: ${known.name}`)
      const { neededWith } = known
      if (!neededWith || !valueIds(neededWith.attributeId).includes(neededWith.valueId)) continue
      return refuse(12_052_182, `The '${known.name}' field is required as you've selected a value that needs it.`)
    }
    if (given.values.length > 1 && !known.isMultiple) {
      return refuse(12_052_246, `The property not support multi selected, attribute id is :${known.id}.`)
    }
    const isKnown = (value: { id: string; name: string }) => known.values.some((one) => one.id === value.id)
    if (!known.isCustomizable && !given.values.every(isKnown)) {
      return refuse(12_052_529, 'The property value id not exist.')
    }
  }
  return undefined
}
