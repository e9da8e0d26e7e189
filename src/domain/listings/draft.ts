// A product as it is to be listed on one sales channel, and what a marketplace takes of it.
import type { Money } from '../money.ts'

export type ListingDraft = {
  channelSku: string
  title: string
  description: string
  price: Money
  quantity: number
  images: string[]
  barcode: string | null
  brand: string | null
  model: string | null
  /** Attributes by the marketplace's own keys: condition, category, shipping profile. */
  attributes: Record<string, string>
  /** Of a product with variations: one entry each, and the fields above speak of the whole. Left out: a single article. */
  variations?: ListingVariation[]
}

export type ListingVariation = {
  channelSku: string
  price: Money
  quantity: number
  barcode: string | null
  image: string | null
  /** By the keys of attributes with `isVariation`. */
  attributes: Record<string, string>
}

export type ListingCategory = { id: string; parentId: string | null; name: string; isLeaf: boolean; mayList: boolean }

export type ListingAttribute = {
  /** Key in `ListingDraft.attributes`. Several values of one key are joined by '|'. */
  key: string
  label: string
  help?: string
  isRequired: boolean
  /** The key of another attribute: where that one is given, this one need not be. */
  unless?: string
  /** True for what tells variations of one product apart. */
  isVariation: boolean
  isMultiple: boolean
  /** Where only these are taken; `value` is what is sent. */
  choices?: { value: string; label: string }[]
  takesOwnText: boolean
  unit?: string
}

/** What a marketplace takes of a listing, from its published rules. Null: no limit is known. */
export type ListingLimits = {
  titleMax: number
  descriptionMax: number
  /** Elements a description may have; none: plain text. */
  descriptionTags: string[]
  imagesMin: number
  imagesMax: number
  /** Of each side, in pixels. */
  imageSide: { min: number; max: number } | null
  skuMax: number
  /** 1: each variant is a listing of its own. */
  variationsMax: number
  /** How many attributes may tell variations apart. */
  variationAttributesMax: number
  price: { min: Money; max: Money } | null
  quantityMax: number | null
  /** Words no listing may have, in lower case. */
  forbiddenWords: string[]
}

/** Why a listing is not taken, at the part it is about. */
export type ListingFault = {
  /** `attribute` with its key; null where the marketplace does not say. */
  field:
    | 'title'
    | 'description'
    | 'category'
    | 'images'
    | 'price'
    | 'quantity'
    | 'sku'
    | 'barcode'
    | 'brand'
    | 'variations'
    | 'attribute'
    | null
  attribute?: string
  /** Of the variation it is about; left out where it is the product. */
  channelSku?: string
  /** What is wrong and what to do, in a seller's words. */
  message: string
  /** The marketplace's own words, where it has spoken. */
  theirs?: string
}
