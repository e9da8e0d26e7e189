// What a seller says of his products for one sales channel, what is asked of the marketplace, and what became of it (F4 to F6).
// The grid of products stands in listings-grid.ts.
import { z } from 'zod'
import { marketplaceCategory } from './listing-categories.ts'
import {
  changeAction,
  changeState,
  checkedProducts,
  chosenProducts,
  listingAttributes,
  listingFault,
  listingLimits,
} from './listing-shapes.ts'
import { byId, cursorQuery, id, maybeTime, money, page, time, type Route } from './shapes.ts'

const textMax = 50_000

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

const saidOfVariant = z.object({
  included: z.boolean(),
  title: z.string().max(500).nullable(),
  attributes: listingAttributes,
  /** The listing's own selling price inc. VAT; null: the rule's, or the variant's. */
  priceIncVat: money.nullable(),
  /** What the buyer is charged for shipping, ex VAT; null: nothing is said. */
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
  /** Keys of attributes that nobody has typed: they follow from the catalogue or from the listing's shipping price. */
  derived: z.array(z.string()),
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
} satisfies Record<string, Route>
