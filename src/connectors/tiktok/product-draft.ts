// Our draft → their product, once its pictures are uploaded and its brand is found. Pure.
import { fitDescription } from '../../domain/listings/description.ts'
import { moneyText } from '../../domain/money.ts'
import type { Money } from '../../domain/money.ts'
import type { ListingDraft, ListingVariation } from '../connector.ts'
import { certificationPrefix, keys, numberIn, valueIdIn, valuesIn } from './attribute-keys.ts'
import { descriptionTags, imagesMax } from './limits.ts'

/** What stands for links and names at TikTok Shop. */
export type Prepared = {
  brandId: string | null
  /** Link → the name of the uploaded picture. */
  uris: Map<string, string>
  warehouseId: string
}

export function toProduct(draft: ListingDraft, prepared: Prepared) {
  const { variations } = draft
  return {
    ...descriptionOf(draft, prepared),
    skus: variations
      ? variations.map((variation) => toSku(variation, { prepared, variations }))
      : [toSku({ ...draft, attributes: {}, image: null }, { prepared, variations: [] })],
  }
}

/** All but the SKUs. What the draft leaves open is not there, so that it can be laid over what is known. */
export function descriptionOf(draft: ListingDraft, { brandId, uris }: Prepared) {
  const { attributes } = draft
  const [categoryId] = valuesIn(attributes[keys.category])
  const weight = numberIn(draft, keys.weight)
  const sides = [keys.length, keys.width, keys.height].map((key) => numberIn(draft, key))
  const [length, width, height] = sides.map((side) => (side === undefined ? undefined : String(Math.ceil(side))))
  const images = uriList(draft.images.slice(0, imagesMax), uris)
  const sizeChart = uris.get(attributes[keys.sizeChart] ?? '')
  const certifications = certificationsOf(draft, uris)
  return {
    title: draft.title,
    // Code 12052932: blanks as HTML are not taken.
    description: fitDescription(draft.description, descriptionTags).replaceAll('&nbsp;', ' '),
    ...(categoryId === undefined ? {} : { category_id: categoryId }),
    ...(brandId === null ? {} : { brand_id: brandId }),
    ...(images.length === 0 ? {} : { main_images: images }),
    ...(weight === undefined ? {} : { package_weight: { value: weightText(weight), unit: 'KILOGRAM' } }),
    ...(length && width && height ? { package_dimensions: { length, width, height, unit: 'CENTIMETER' } } : {}),
    ...(sizeChart === undefined ? {} : { size_chart: { image: { uri: sizeChart } } }),
    ...(certifications.length === 0 ? {} : { certifications }),
    product_attributes: productAttributesOf(draft),
  }
}

export type SkuSource = Pick<ListingVariation, 'channelSku' | 'price' | 'quantity' | 'barcode' | 'image' | 'attributes'>

export function toSku(
  source: SkuSource,
  { prepared, variations }: { prepared: Prepared; variations: ListingVariation[] },
) {
  const barcode = identifierOf(source.barcode)
  return {
    seller_sku: source.channelSku,
    price: priceOf(source.price),
    inventory: [{ warehouse_id: prepared.warehouseId, quantity: source.quantity }],
    ...(barcode ? { identifier_code: barcode } : {}),
    ...salesAttributesOf(source, variations, prepared.uris),
  }
}

/** Pictures of the draft that must be uploaded, each with what it is for. */
export function imagesOf(draft: ListingDraft): {
  main: string[]
  variations: string[]
  sizeChart: string[]
  certifications: string[]
} {
  const certifications = Object.entries(draft.attributes).filter(([key]) => key.startsWith(certificationPrefix))
  return {
    main: draft.images.slice(0, imagesMax),
    variations: hasImageEach(draft.variations ?? [])
      ? (draft.variations ?? []).flatMap(({ image }) => image ?? [])
      : [],
    sizeChart: valuesIn(draft.attributes[keys.sizeChart]),
    certifications: certifications.flatMap(([, links]) => valuesIn(links)),
  }
}

function productAttributesOf({ attributes }: ListingDraft) {
  return Object.entries(attributes)
    .filter(([key]) => /^\d+$/.test(key))
    .map(([id, text]) => ({ id, values: valuesIn(text).map(toValue) }))
    .filter(({ values }) => values.length > 0)
}

function toValue(value: string): { id: string } | { name: string } {
  const id = valueIdIn(value)
  return id === null ? { name: value } : { id }
}

function certificationsOf({ attributes }: ListingDraft, uris: Prepared['uris']) {
  return Object.entries(attributes)
    .filter(([key]) => key.startsWith(certificationPrefix))
    .map(([key, links]) => ({ id: key.slice(certificationPrefix.length), images: uriList(valuesIn(links), uris) }))
    .filter(({ images }) => images.length > 0)
}

// Pictures hang on one attribute, and then each of its values must have one.
function salesAttributesOf({ attributes, image }: SkuSource, variations: ListingVariation[], uris: Prepared['uris']) {
  const entries = Object.entries(attributes)
  if (entries.length === 0) return {}
  const uri =
    hasImageEach(variations) && image !== null ? uris.get(imageOfValue(attributes, image, variations)) : undefined
  const salesAttributes = entries.map(([key, value], index) => {
    const valueId = valueIdIn(value)
    return {
      ...(/^\d+$/.test(key) ? { id: key } : { name: key }),
      ...(valueId === null ? { value_name: value } : { value_id: valueId }),
      ...(index === 0 && uri !== undefined ? { sku_img: { uri } } : {}),
    }
  })
  return { sales_attributes: salesAttributes }
}

/** Two variations of one color have one picture: that of the first. */
function imageOfValue(attributes: Record<string, string>, image: string, variations: ListingVariation[]): string {
  const [key, value] = Object.entries(attributes)[0] ?? []
  const first = variations.find((one) => key !== undefined && one.attributes[key] === value)
  return first?.image ?? image
}

function hasImageEach(variations: ListingVariation[]): boolean {
  return variations.length > 0 && variations.every(({ image }) => image !== null)
}

function identifierOf(barcode: string | null) {
  const types: Record<number, string> = { 8: 'EAN', 12: 'UPC', 13: 'EAN', 14: 'GTIN' }
  const type = barcode !== null && /^\d+$/.test(barcode) ? types[barcode.length] : undefined
  return type === undefined ? undefined : { code: barcode, type }
}

function priceOf(price: Money) {
  return { amount: moneyText(price), currency: price.currency }
}

function uriList(links: string[], uris: Prepared['uris']) {
  return links.flatMap((link) => {
    const uri = uris.get(link)
    return uri === undefined ? [] : [{ uri }]
  })
}

/** Up to three digits behind the point, as kilograms are taken. */
function weightText(kilograms: number): string {
  return String(Math.max(0.001, Math.round(kilograms * 1000) / 1000))
}
