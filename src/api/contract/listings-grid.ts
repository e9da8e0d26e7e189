// The listing manager's home and its grid: all products with their state on one sales channel (F1 to F3).
import { z } from 'zod'
import { changeAction, changeState, listingFault } from './listing-shapes.ts'
import { byId, cursorQuery, id, maybeTime, money, page, time, type Route } from './shapes.ts'

export const gridState = z.enum(['not-listed', 'linked', 'listed', 'error'])

export const managerChannel = z.object({
  id,
  name: z.string(),
  connector: z.string(),
  enabled: z.boolean(),
  products: z.int(),
  notListed: z.int(),
  /** Linked to a listing that was not made here. */
  linked: z.int(),
  /** Linked, and listed by Fairlead. */
  listed: z.int(),
  errors: z.int(),
  /** Some rows are being made anew, so counts may be behind. */
  settling: z.boolean(),
  ordersSyncedAt: maybeTime,
  pricesSyncedAt: maybeTime,
  stockSyncedAt: maybeTime,
})

export const gridRow = z.object({
  productId: id,
  /** Of a product with one variant, and of a child; null of a parent. */
  variantId: id.nullable(),
  kind: z.enum(['parent', 'child', 'single']),
  variants: z.int(),
  /** Of a parent that of its first child. */
  sku: z.string(),
  title: z.string(),
  /** Said for this sales channel; else the product's own. */
  titleIsOwn: z.boolean(),
  hasDescription: z.boolean(),
  imageUrl: z.string().nullable(),
  /** Of our catalogue. */
  category: z.string().nullable(),
  /** Null: unknown. */
  stock: z.int().nullable(),
  /** Of the offer that would be used; of a parent the lowest. */
  costExVat: money.nullable(),
  shippingExVat: money.nullable(),
  /** The lowest and the highest of its variants'. */
  priceFrom: money.nullable(),
  priceTo: money.nullable(),
  priceIs: z.enum(['own', 'rule', 'variant', 'mixed', 'none']),
  /** Why a pricing rule holds a price back. */
  priceHeld: z.string().nullable(),
  /** A price of it is not sent without a person's say. */
  priceWaits: z.boolean(),
  /** As the marketplace has them. */
  productType: z.string().nullable(),
  collection: z.string().nullable(),
  state: gridState,
  listing: z
    .object({
      id,
      state: z.string(),
      url: z.string().nullable(),
      listedHere: z.boolean(),
      channelSku: z.string().nullable(),
    })
    .nullable(),
  /** Why the marketplace refused a price or a stock figure. */
  refusal: z.string().nullable(),
  /** The last that was asked of the marketplace. */
  change: z
    .object({ id, action: changeAction, state: changeState, faults: z.array(listingFault), at: time })
    .nullable(),
})

const base = '/api/listing-manager/channels'

const truth = z.enum(['yes', 'no']).transform((text) => text === 'yes')

export const listingsGridRoutes = {
  managerChannels: {
    method: 'GET',
    path: base,
    summary: 'Sales channels with the counts of products listed, not listed and in error',
    response: z.array(managerChannel),
  },
  gridProducts: {
    method: 'GET',
    path: `${base}/:id/products`,
    summary: 'All products with their state on a sales channel',
    params: byId,
    query: z.object({
      ...cursorQuery,
      search: z.string().max(200).optional(),
      /** One or several, parted by commas. */
      states: z
        .string()
        .transform((text) => text.split(','))
        .pipe(z.array(gridState))
        .optional(),
      /** Of our catalogue; empty: none. */
      category: z.string().max(200).optional(),
      supplierId: id.optional(),
      inStock: truth.optional(),
      sort: z.enum(['title', 'sku', 'stock', 'cost', 'price']).default('title'),
      direction: z.enum(['up', 'down']).default('up'),
    }),
    response: page(gridRow),
  },
  gridChildren: {
    method: 'GET',
    path: `${base}/:id/children`,
    summary: 'The variants of a product with their state on a sales channel',
    params: byId,
    query: z.object({ productId: id }),
    response: z.array(gridRow),
  },
  gridChoices: {
    method: 'GET',
    path: '/api/listing-manager/choices',
    summary: 'What products can be filtered by',
    response: z.object({ categories: z.array(z.string()), suppliers: z.array(z.object({ id, name: z.string() })) }),
  },
} satisfies Record<string, Route>
