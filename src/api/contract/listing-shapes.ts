// Shapes that products said for a sales channel, checks and templates share.
import { z } from 'zod'
import { id, money } from './shapes.ts'

const productsMax = 10_000
const attributesMax = 300

/** By the marketplace's own keys. Several values of one key are joined by '|'. */
export const listingAttributes = z
  .record(z.string().min(1).max(200), z.string().max(5000))
  .refine((given) => Object.keys(given).length <= attributesMax, `At most ${attributesMax} attributes.`)

/** What a grid is filtered by; all that match are meant, not only those on the page. */
export const chosenFilter = z.object({
  search: z.string().max(200).optional(),
  states: z.array(z.enum(['not-listed', 'linked', 'listed', 'error'])).optional(),
  /** Of our catalogue; '' is none. */
  category: z.string().max(200).optional(),
  supplierId: id.optional(),
  inStock: z.boolean().optional(),
})

/** By their ids, or all that match: however many to be listed, updated or deleted, and at most 10,000 for all else. */
export const chosenProducts = z.union([
  z.object({ productIds: z.array(id).min(1).max(productsMax) }),
  z.object({ filter: chosenFilter }),
])

export const listingFault = z.object({
  field: z
    .enum([
      'title',
      'description',
      'category',
      'images',
      'price',
      'quantity',
      'sku',
      'barcode',
      'brand',
      'variations',
      'attribute',
    ])
    .nullable(),
  attribute: z.string().optional(),
  channelSku: z.string().optional(),
  message: z.string(),
  theirs: z.string().optional(),
})

export const listingAttribute = z.object({
  key: z.string(),
  label: z.string(),
  help: z.string().optional(),
  isRequired: z.boolean(),
  /** Another attribute: where that one is given, this one need not be. */
  unless: z.string().optional(),
  isVariation: z.boolean(),
  isMultiple: z.boolean(),
  choices: z.array(z.object({ value: z.string(), label: z.string() })).optional(),
  takesOwnText: z.boolean(),
  unit: z.string().optional(),
})

export const listingLimits = z.object({
  titleMax: z.int(),
  descriptionMax: z.int(),
  /** Elements a description may have; none: plain text. */
  descriptionTags: z.array(z.string()),
  imagesMin: z.int(),
  imagesMax: z.int(),
  imageSide: z.object({ min: z.int(), max: z.int() }).nullable(),
  skuMax: z.int(),
  /** 1: each variant is a listing of its own. */
  variationsMax: z.int(),
  variationAttributesMax: z.int(),
  price: z.object({ min: money, max: money }).nullable(),
  quantityMax: z.int().nullable(),
  forbiddenWords: z.array(z.string()),
})

const missingAttribute = z.object({ key: z.string(), label: z.string(), products: z.int() })

export const checkedProducts = z.object({
  products: z.int(),
  /** Without a fault. */
  ready: z.int(),
  /** Products of a filter beyond the first 2,000: each is checked when its turn comes. */
  unchecked: z.int(),
  /** Required and not given, the most missed first. */
  missing: z.array(missingAttribute),
  /** Those with faults first; at most 500. */
  rows: z.array(
    z.object({ productId: id, variantId: id.nullable(), title: z.string(), faults: z.array(listingFault) }),
  ),
})

export const changeAction = z.enum(['list', 'update', 'delete'])
export const changeState = z.enum(['waiting', 'in-flight', 'unclear', 'in-review', 'done', 'refused', 'stopped'])
