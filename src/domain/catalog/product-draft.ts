// A product as a person edits it: what may be entered, said at the field where it may not. The screen and the command ask
// the same.
import { moneyText, type Money } from '../money.ts'
import { readGtin } from './gtin.ts'
import { safeHtml } from './safe-html.ts'
import { skuCharactersMax } from './sku.ts'

export type DraftOfVariant = {
  /** Null: a new one. */
  id: string | null
  sku: string
  /** One for each of the product's option names. */
  optionValues: string[]
  barcode: string
  priceIncVat: Money | null
  vatRateBasisPoints: number | null
  weightGrams: number | null
  lengthMm: number | null
  widthMm: number | null
  heightMm: number | null
  imageUrl: string | null
  archived: boolean
}

export type DraftOfProduct = {
  title: string
  description: string
  brand: string
  category: string
  productType: string
  tags: string[]
  /** Such as Colour and Size; none for a product with one variant. */
  optionNames: string[]
  /** The first is the main one. */
  images: { url: string; alt: string }[]
  variants: DraftOfVariant[]
}

/** `variants.2.sku` and the like → a sentence. */
export type Faults = Record<string, string>

export const draftLimits = {
  titleMax: 300,
  textMax: 200,
  descriptionMax: 50_000,
  tagsMax: 250,
  imagesMax: 50,
  altMax: 500,
  optionsMax: 3,
  variantsMax: 2000,
  gramsMax: 10_000_000,
  millimetresMax: 100_000,
}

/** As it is stored: without spaces around, only harmless HTML, barcodes as digits. */
export function tidied(draft: DraftOfProduct): DraftOfProduct {
  return {
    ...draft,
    title: oneLine(draft.title),
    description: safeHtml(draft.description),
    brand: oneLine(draft.brand),
    category: oneLine(draft.category),
    productType: oneLine(draft.productType),
    tags: [...new Set(draft.tags.flatMap((tag) => tag.split(',')).map(oneLine))].filter((tag) => tag !== ''),
    optionNames: draft.optionNames.map(oneLine),
    images: draft.images.map(({ url, alt }) => ({ url: url.trim(), alt: oneLine(alt) })),
    variants: draft.variants.map((variant) => ({
      ...variant,
      sku: variant.sku.trim(),
      optionValues: variant.optionValues.map(oneLine),
      barcode: readGtin(variant.barcode) ?? variant.barcode.trim(),
    })),
  }
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim()

/** Of a draft that is tidied. Empty where it can be stored. */
export function faultsOf(draft: DraftOfProduct, currency: string): Faults {
  return Object.fromEntries([
    ...textFaults(draft),
    ...optionFaults(draft),
    ...imageFaults(draft),
    ...draft.variants.flatMap((variant, at) =>
      variantFaults(variant, { draft, at, currency }).map(([field, sentence]): Fault => [
        `variants.${at}.${field}`,
        sentence,
      ]),
    ),
  ])
}

type Fault = [field: string, sentence: string]

function textFaults(draft: DraftOfProduct): Fault[] {
  const { titleMax, textMax, tagsMax, variantsMax, descriptionMax } = draftLimits
  const faults: Fault[] = []
  if (draft.title === '') faults.push(['title', 'Enter a title.'])
  if (draft.title.length > titleMax) faults.push(['title', `The title is longer than ${titleMax} characters.`])
  if (draft.description.length > descriptionMax)
    faults.push(['description', 'The description is longer than 50,000 characters.'])
  for (const field of ['brand', 'category', 'productType'] as const)
    if (draft[field].length > textMax) faults.push([field, `This is longer than ${textMax} characters.`])
  if (draft.tags.length > tagsMax) faults.push(['tags', `There are more than ${tagsMax} tags.`])
  if (draft.tags.some((tag) => tag.length > textMax))
    faults.push(['tags', `A tag is longer than ${textMax} characters.`])
  if (draft.variants.length === 0) faults.push(['variants', 'A product needs at least one variant.'])
  if (draft.variants.length > variantsMax) faults.push(['variants', `There are more than ${variantsMax} variants.`])
  return faults
}

function optionFaults({ optionNames, variants }: DraftOfProduct): Fault[] {
  if (optionNames.length > draftLimits.optionsMax) return [['optionNames', 'A product has at most three options.']]
  const faults: Fault[] = optionNames.flatMap((name, at): Fault[] => {
    if (name === '') return [[`optionNames.${at}`, 'Name this option, such as Colour, or remove it.']]
    if (name.length > draftLimits.textMax)
      return [[`optionNames.${at}`, `This is longer than ${draftLimits.textMax} characters.`]]
    const isTwice = optionNames.slice(0, at).some((other) => other.toLowerCase() === name.toLowerCase())
    return isTwice ? [[`optionNames.${at}`, `There is an option “${name}” already.`]] : []
  })
  if (optionNames.length === 0 && variants.length > 1)
    faults.push(['optionNames', 'Several variants need an option that tells them apart, such as Size.'])
  return faults
}

const linkShape = /^(?:https?:\/\/[^\s"'<>]{1,2000}|\/pictures\/[\w./-]{1,200})$/i

function imageFaults({ images }: DraftOfProduct): Fault[] {
  if (images.length > draftLimits.imagesMax)
    return [['images', `There are more than ${draftLimits.imagesMax} pictures.`]]
  return images.flatMap(({ url, alt }, at): Fault[] => {
    if (!linkShape.test(url)) return [[`images.${at}`, `“${url.slice(0, 80)}” is no address of a picture.`]]
    if (images.slice(0, at).some((other) => other.url === url))
      return [[`images.${at}`, 'This picture is here twice. Remove one of them.']]
    return alt.length > draftLimits.altMax
      ? [[`images.${at}`, `The text of this picture is longer than ${draftLimits.altMax} characters.`]]
      : []
  })
}

type Within = { draft: DraftOfProduct; at: number; currency: string }

function variantFaults(variant: DraftOfVariant, within: Within): Fault[] {
  const { barcode, priceIncVat: price, vatRateBasisPoints: vat } = variant
  const faults = [...skuFaults(variant, within), ...valueFaults(variant, within)]
  if (barcode !== '' && readGtin(barcode) === undefined)
    faults.push([
      'barcode',
      `“${barcode.slice(0, 40)}” is not a valid barcode (GTIN, EAN or UPC). Its last digit proves the others: look at them again, or leave the field empty.`,
    ])
  if (price && (!Number.isSafeInteger(price.minor) || price.minor <= 0))
    faults.push(['priceIncVat', `${moneyText(price)} is no selling price. Enter more than 0, or leave it empty.`])
  else if (price && price.currency !== within.currency)
    faults.push([
      'priceIncVat',
      `Prices of your products are in ${within.currency}, and this one is in ${price.currency}.`,
    ])
  if (vat !== null && !(Number.isInteger(vat) && vat >= 0 && vat <= 10_000))
    faults.push(['vatRateBasisPoints', 'A VAT rate is from 0 to 100 %.'])
  faults.push(...measureFaults(variant))
  return faults
}

function skuFaults({ sku }: DraftOfVariant, { draft, at }: Within): Fault[] {
  if (sku === '') return [['sku', 'Enter a SKU: your own code of this variant.']]
  if (sku.length > skuCharactersMax) return [['sku', `The SKU is longer than ${skuCharactersMax} characters.`]]
  const isTwice = draft.variants.slice(0, at).some((other) => other.sku === sku)
  return isTwice ? [['sku', `Another variant of this product has the SKU “${sku}”.`]] : []
}

function valueFaults({ optionValues }: DraftOfVariant, { draft, at }: Within): Fault[] {
  const { optionNames, variants } = draft
  const missing = optionNames.findIndex((_, option) => (optionValues[option] ?? '') === '')
  if (missing >= 0) return [[`optionValues.${missing}`, `Enter what its ${optionNames[missing] || 'option'} is.`]]
  const long = optionValues.findIndex((value) => value.length > draftLimits.textMax)
  if (long >= 0) return [[`optionValues.${long}`, `This is longer than ${draftLimits.textMax} characters.`]]
  const same = (other: DraftOfVariant) =>
    optionNames.every((_, option) => other.optionValues[option] === optionValues[option])
  if (optionNames.length > 0 && variants.slice(0, at).some(same))
    return [['optionValues.0', `There is a variant “${optionValues.join(' / ')}” already.`]]
  return []
}

function measureFaults(variant: DraftOfVariant): Fault[] {
  const { gramsMax, millimetresMax } = draftLimits
  const isWhole = (value: number | null, max: number) =>
    value === null || (Number.isInteger(value) && value > 0 && value <= max)
  const faults: Fault[] = []
  if (!isWhole(variant.weightGrams, gramsMax))
    faults.push(['weightGrams', 'A weight is whole grams, above 0 and below ten tonnes.'])
  for (const field of ['lengthMm', 'widthMm', 'heightMm'] as const)
    if (!isWhole(variant[field], millimetresMax))
      faults.push([field, 'A measure is whole millimetres, above 0 and below a hundred metres.'])
  return faults
}

/** `Red / M`, as files and screens show a variant. */
export function variantTitle(optionValues: string[]): string {
  return optionValues.join(' / ')
}

/** The names of options in the order in which the titles of the variants have their values; the table keeps no order. */
export function optionNamesOf(variants: { title: string; options: Record<string, string> }[]): string[] {
  const names = [...new Set(variants.flatMap(({ options }) => Object.keys(options)))]
  const [first] = variants
  const values = first?.title.split(' / ') ?? []
  const place = (name: string) => {
    const at = values.indexOf(first?.options[name] ?? '')
    return at < 0 ? values.length : at
  }
  return names.toSorted((one, other) => place(one) - place(other))
}
