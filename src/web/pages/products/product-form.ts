// The editor's fields as texts while a person types, and the product they make.
import {
  draftLimits,
  faultsOf,
  tidied,
  type DraftOfProduct,
  type Faults,
} from '../../../domain/catalog/product-draft.ts'
import { moneyText, type Money } from '../../../domain/money.ts'
import type { Answer } from '../../api.ts'
import { t } from '../../i18n.ts'
import { typedMoney } from './typed.ts'

export type Edited = Answer<'editedProduct'>
type Held = Edited['variants'][number]['held']

export type VariantForm = {
  /** Stays the same while rows come and go. */
  key: string
  id: string | null
  sku: string
  optionValues: string[]
  barcode: string
  price: string
  vat: string
  weight: string
  length: string
  width: string
  height: string
  imageUrl: string | null
  archived: boolean
  held: Held | null
}

export type ProductForm = Omit<DraftOfProduct, 'variants'> & { variants: VariantForm[] }

const textOf = (value: number | null) => (value === null ? '' : String(value))

export function formOf(product: Edited | undefined): ProductForm {
  if (!product)
    return {
      title: '',
      description: '',
      brand: '',
      category: '',
      productType: '',
      tags: [],
      optionNames: [],
      images: [],
      variants: [emptyVariant('new-0', 0)],
    }
  const { title, description, brand, category, productType, tags, optionNames, images, variants } = product
  return {
    title,
    description,
    brand,
    category,
    productType,
    tags,
    optionNames,
    images,
    variants: variants.map((variant) => ({
      key: variant.id,
      id: variant.id,
      sku: variant.sku,
      optionValues: variant.optionValues,
      barcode: variant.barcode,
      price: variant.priceIncVat ? moneyText(variant.priceIncVat) : '',
      vat: variant.vatRateBasisPoints === null ? '' : String(variant.vatRateBasisPoints / 100),
      weight: textOf(variant.weightGrams),
      length: textOf(variant.lengthMm),
      width: textOf(variant.widthMm),
      height: textOf(variant.heightMm),
      imageUrl: variant.imageUrl,
      archived: variant.archived,
      held: variant.held,
    })),
  }
}

export function emptyVariant(key: string, options: number): VariantForm {
  const optionValues = Array.from({ length: options }, () => '')
  const texts = { sku: '', barcode: '', price: '', vat: '', weight: '', length: '', width: '', height: '' }
  return { key, id: null, ...texts, optionValues, imageUrl: null, archived: false, held: null }
}

/** What is typed as a product, with a sentence for each field that is none. Money keeps the currency it had. */
export function draftOf(form: ProductForm, currency: string): { draft: DraftOfProduct; faults: Faults } {
  const faults: Faults = {}
  const number = (
    text: string,
    field: string,
    factor = 1,
    sentence: string = t('productEditor.variant.wrongNumber'),
  ) => {
    const plain = text.trim().replace(',', '.')
    if (plain === '') return null
    const value = Number(plain) * factor
    if (Number.isFinite(value) && Number.isInteger(Math.round(value * 1e6) / 1e6)) return Math.round(value)
    faults[field] = sentence
    return null
  }
  const price = (text: string, field: string): Money | null => {
    const typed = typedMoney(text, currency)
    if (typed === undefined) faults[field] = t('productEditor.variant.wrongPrice')
    return typed ?? null
  }
  const draft: DraftOfProduct = {
    ...form,
    variants: form.variants.map((variant, at) => {
      const place = `variants.${at}`
      return {
        id: variant.id,
        sku: variant.sku,
        optionValues: variant.optionValues,
        barcode: variant.barcode,
        priceIncVat: price(variant.price, `${place}.priceIncVat`),
        vatRateBasisPoints: number(
          variant.vat,
          `${place}.vatRateBasisPoints`,
          100,
          t('productEditor.variant.wrongRate'),
        ),
        weightGrams: number(variant.weight, `${place}.weightGrams`),
        lengthMm: number(variant.length, `${place}.lengthMm`),
        widthMm: number(variant.width, `${place}.widthMm`),
        heightMm: number(variant.height, `${place}.heightMm`),
        imageUrl: variant.imageUrl,
        archived: variant.archived,
      }
    }),
  }
  return { draft, faults: { ...faultsOf(tidied(draft), currency), ...faults } }
}

export const optionsMax = draftLimits.optionsMax
