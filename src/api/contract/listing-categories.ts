// The marketplace's categories and what they ask, and templates that fill it in (F4).
import { z } from 'zod'
import {
  checkedProducts,
  chosenProducts,
  listingAttribute,
  listingAttributes,
  listingLimits,
} from './listing-shapes.ts'
import { byId, id, maybeTime, nothing, time, type Route } from './shapes.ts'

const textMax = 50_000

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

export const listingCategoryRoutes = {
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
