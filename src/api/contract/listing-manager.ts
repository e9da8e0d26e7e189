// What a seller says of his products for one sales channel, what is asked of the marketplace, and what became of it (F4 to F6).
// The grid of products stands in listings-grid.ts.
import { z } from 'zod'
import { byId, cursorQuery, id, maybeTime, money, nothing, page, time, type Route } from './shapes.ts'

const productsMax = 10_000
const textMax = 50_000
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

/** Products by their ids, or all that match (at most 10,000). */
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

export const changeAction = z.enum(['list', 'update', 'delete'])
export const changeState = z.enum(['waiting', 'in-flight', 'unclear', 'in-review', 'done', 'refused', 'stopped'])

/** One product listed, updated or deleted over there; where each variant is a listing of its own, one variant. */
export const listingChange = z.object({
  id,
  runId: id,
  productId: id,
  variantId: id.nullable(),
  title: z.string(),
  sku: z.string().nullable(),
  action: changeAction,
  state: changeState,
  faults: z.array(listingFault),
  askedBy: z.string(),
  askedAt: time,
  settledAt: maybeTime,
})

export const changeRun = z.object({
  id,
  channelId: id,
  channelName: z.string(),
  action: changeAction,
  state: z.enum(['running', 'done', 'failed']),
  total: z.int(),
  /** All that came to an end: done, refused and stopped. */
  settled: z.int(),
  done: z.int(),
  refused: z.int(),
  stopped: z.int(),
  inReview: z.int(),
  unclear: z.int(),
  /** Why it goes on later, where it does: switched off, signed out. */
  waitsFor: z.enum(['switch', 'sign-in']).nullable(),
  askedBy: z.string(),
  startedAt: time,
  finishedAt: maybeTime,
})

export const marketplaceCategory = z.object({
  id: z.string(),
  parentId: z.string().nullable(),
  name: z.string(),
  /** From the top, "Home › Kitchen › Mugs". */
  path: z.string(),
  isLeaf: z.boolean(),
  mayList: z.boolean(),
  isRetired: z.boolean(),
})

export const categoryNeeds = z.object({
  category: marketplaceCategory.nullable(),
  attributes: z.array(listingAttribute),
  limits: listingLimits,
  readAt: time,
})

export const marketplaceMatch = z.object({
  title: z.string(),
  imageUrl: z.string().nullable(),
  url: z.string().nullable(),
  barcode: z.string(),
  categoryId: z.string().nullable(),
  /** To be said of the product. */
  attributes: z.record(z.string(), z.string()),
})

const saidOfVariant = z.object({
  included: z.boolean(),
  title: z.string().max(500).nullable(),
  attributes: listingAttributes,
  /** The listing's own selling price inc. VAT; null: the rule's, or the variant's. */
  priceIncVat: money.nullable(),
  /** What the buyer is charged for shipping, ex VAT; null: the rule's, or nothing said. */
  shippingExVat: money.nullable(),
})

/** A product as it stands for one sales channel: our own, what is said, and what would be sent. */
export const channelProduct = z.object({
  productId: id,
  /** As in the catalogue. */
  own: z.object({
    title: z.string(),
    description: z.string(),
    brand: z.string().nullable(),
    category: z.string().nullable(),
    images: z.array(z.string()),
  }),
  /** Null: the template's, else the product's own. */
  said: z.object({
    title: z.string().nullable(),
    description: z.string().nullable(),
    categoryId: z.string().nullable(),
    categoryPath: z.string().nullable(),
    attributes: listingAttributes,
    templateId: id.nullable(),
  }),
  /** What would be sent now. */
  title: z.string(),
  description: z.string(),
  category: marketplaceCategory.nullable(),
  attributes: listingAttributes,
  variants: z.array(
    z.object({
      variantId: id,
      sku: z.string(),
      ownTitle: z.string(),
      options: z.record(z.string(), z.string()),
      barcode: z.string().nullable(),
      imageUrl: z.string().nullable(),
      said: saidOfVariant,
      /** What would be sent. */
      title: z.string(),
      attributes: listingAttributes,
      priceIncVat: money.nullable(),
      priceFrom: z.enum(['own', 'rule', 'variant', 'none']),
      /** Null: unknown. */
      quantity: z.int().nullable(),
      listing: z
        .object({
          id,
          state: z.string(),
          url: z.string().nullable(),
          listedHere: z.boolean(),
          channelSku: z.string().nullable(),
        })
        .nullable(),
    }),
  ),
  /** Null where the marketplace could not be asked for the category's own: then the last known, or none. */
  limits: listingLimits.nullable(),
  /** What stands against listing or updating it. */
  faults: z.array(listingFault),
  lastChange: listingChange.nullable(),
})

export const sayForChannel = z.object({
  chosen: chosenProducts,
  /** Of each chosen product; what is left out stays. Another category empties the attributes that are not given with it. */
  product: z
    .object({
      title: z.string().trim().min(1).max(1000).nullable(),
      description: z.string().max(textMax).nullable(),
      categoryId: z.string().min(1).max(200).nullable(),
      /** Laid over those said before; null takes one away. */
      attributes: z.record(z.string().min(1).max(200), z.string().max(5000).nullable()),
      templateId: id.nullable(),
    })
    .partial()
    .default({}),
  /** Of each variant of the chosen products. */
  allVariants: z
    .object({ included: z.boolean(), priceIncVat: money.nullable(), shippingExVat: money.nullable() })
    .partial()
    .default({}),
  /** Of these variants, which are of chosen products. */
  variants: z
    .array(
      saidOfVariant
        .extend({ attributes: z.record(z.string().min(1).max(200), z.string().max(5000).nullable()) })
        .partial()
        .extend({ variantId: id }),
    )
    .max(1000)
    .default([]),
})

const missingAttribute = z.object({ key: z.string(), label: z.string(), products: z.int() })

export const checkedProducts = z.object({
  products: z.int(),
  /** Without a fault. */
  ready: z.int(),
  /** Required and not given, the most missed first. */
  missing: z.array(missingAttribute),
  /** Those with faults first; at most 500. */
  rows: z.array(
    z.object({ productId: id, variantId: id.nullable(), title: z.string(), faults: z.array(listingFault) }),
  ),
})

export const listingTemplate = z.object({
  id,
  name: z.string(),
  /** Of our catalogue: products of it are offered this template. Null: any. */
  catalogueCategory: z.string().nullable(),
  categoryId: z.string(),
  categoryPath: z.string(),
  attributes: listingAttributes,
  /** With {title}, {brand}, {sku}, {category}, {type} and the names of options. Null: the product's own. */
  titlePattern: z.string().nullable(),
  descriptionPattern: z.string().nullable(),
  /** That were given it. */
  products: z.int(),
  updatedAt: time,
})

const templateFields = z.object({
  name: z.string().trim().min(1).max(80),
  catalogueCategory: z.string().trim().min(1).max(200).nullable(),
  categoryId: z.string().min(1).max(200),
  attributes: listingAttributes,
  titlePattern: z.string().trim().min(1).max(1000).nullable(),
  descriptionPattern: z.string().trim().min(1).max(textMax).nullable(),
})

const base = '/api/listing-manager/channels/:id'

export const listingManagerRoutes = {
  channelProduct: {
    method: 'GET',
    path: `${base}/product`,
    summary: 'A product as it stands for a sales channel',
    params: byId,
    query: z.object({ productId: id }),
    response: channelProduct,
  },
  sayForChannel: {
    method: 'PATCH',
    path: `${base}/products`,
    summary: 'Say something of products for a sales channel',
    params: byId,
    body: sayForChannel,
    response: z.object({ products: z.int(), variants: z.int() }),
  },
  checkForChannel: {
    method: 'POST',
    path: `${base}/check`,
    summary: 'What stands against listing, updating or deleting these products',
    params: byId,
    body: z.object({
      chosen: chosenProducts,
      action: changeAction.default('list'),
      /** Ask the marketplace too, where it looks at drafts; of the first 20 only. */
      askMarketplace: z.boolean().default(false),
    }),
    response: checkedProducts,
  },
  changeListings: {
    method: 'POST',
    path: `${base}/changes`,
    summary: 'List, update or delete these products on the marketplace',
    params: byId,
    body: z.object({ chosen: chosenProducts, action: changeAction }),
    /** `refused` at once, with faults; `open`: asked before and not settled yet. */
    response: z.object({ runId: id.nullable(), asked: z.int(), refused: z.int(), open: z.int() }),
  },
  listingChanges: {
    method: 'GET',
    path: `${base}/changes`,
    summary: 'What was asked of the marketplace, the newest first',
    params: byId,
    query: z.object({ productId: id.optional(), runId: id.optional(), state: changeState.optional(), ...cursorQuery }),
    response: page(listingChange),
  },
  changeRuns: {
    method: 'GET',
    path: `${base}/runs`,
    summary: 'The last runs of listing changes on a sales channel',
    params: byId,
    response: z.array(changeRun),
  },
  changeRun: {
    method: 'GET',
    path: '/api/listing-manager/runs/:id',
    summary: 'How far a run of listing changes is',
    params: byId,
    response: changeRun,
  },
  stopChanges: {
    method: 'POST',
    path: '/api/listing-manager/runs/:id/stop',
    summary: 'Stop what of a run has not been sent',
    params: byId,
    response: z.object({ stopped: z.int() }),
  },

  marketplaceCategories: {
    method: 'GET',
    path: `${base}/categories`,
    summary: 'The marketplace’s categories: below one, or by words in their path',
    params: byId,
    query: z.object({
      search: z.string().max(200).optional(),
      /** Left out, and without a search: the top ones. */
      parentId: z.string().max(200).optional(),
      /** These, with all above them: for showing where a chosen one stands. */
      categoryId: z.string().max(200).optional(),
    }),
    response: z.object({
      categories: z.array(marketplaceCategory),
      /** Null: they have not been read yet; a reading was asked for. */
      readAt: maybeTime,
      /** False where this marketplace has no categories to choose from. */
      hasCategories: z.boolean(),
      /** A product it has already can be joined, found by barcode. */
      findsMatches: z.boolean(),
      /** It looks at drafts without listing them. */
      looksAtDrafts: z.boolean(),
    }),
  },
  readCategories: {
    method: 'POST',
    path: `${base}/categories/read`,
    summary: 'Read the marketplace’s categories anew',
    params: byId,
    response: nothing,
  },
  recommendCategories: {
    method: 'GET',
    path: `${base}/categories/recommended`,
    summary: 'Categories the marketplace proposes for a product, the best first',
    params: byId,
    query: z.object({ productId: id }),
    response: z.object({
      categories: z.array(marketplaceCategory),
      from: z.enum(['marketplace', 'others-of-ours', 'none']),
    }),
  },
  marketplaceMatches: {
    method: 'GET',
    path: `${base}/matches`,
    summary: 'Products the marketplace has with the barcodes of this one; with the attributes of one it is joined',
    params: byId,
    query: z.object({ productId: id, variantId: id.optional() }),
    response: z.array(marketplaceMatch),
  },
  categoryNeeds: {
    method: 'GET',
    path: `${base}/category`,
    summary: 'What a category asks of a product, and what it takes',
    params: byId,
    query: z.object({ categoryId: z.string().min(1).max(200).optional() }),
    response: categoryNeeds,
  },

  listingTemplates: {
    method: 'GET',
    path: `${base}/templates`,
    summary: 'Templates of a sales channel',
    params: byId,
    response: z.array(listingTemplate),
  },
  addListingTemplate: {
    method: 'POST',
    path: `${base}/templates`,
    summary: 'Save a template',
    params: byId,
    body: templateFields.partial().required({ name: true, categoryId: true }),
    response: listingTemplate,
  },
  changeListingTemplate: {
    method: 'PATCH',
    path: '/api/listing-manager/templates/:id',
    summary: 'Change a template',
    params: byId,
    body: templateFields.partial(),
    response: listingTemplate,
  },
  removeListingTemplate: {
    method: 'DELETE',
    path: '/api/listing-manager/templates/:id',
    summary: 'Remove a template; what products were given of it stays said',
    params: byId,
    response: nothing,
  },
  applyListingTemplate: {
    method: 'POST',
    path: '/api/listing-manager/templates/:id/apply',
    summary: 'Lay a template over products, or see what would still be missing',
    params: byId,
    body: z.object({ chosen: chosenProducts, preview: z.boolean() }),
    response: checkedProducts,
  },
} satisfies Record<string, Route>
