// Listings and SKU mapping.
import { z } from 'zod'
import { byId, id, maybeTime, money, page, cursorQuery, type Route } from './shapes.ts'

export const mappingComponent = z.object({
  variantId: id,
  sku: z.string(),
  title: z.string(),
  quantity: z.int().min(1).max(100_000),
})

export const listingRow = z.object({
  id,
  marketplaceListingId: z.string(),
  channelSku: z.string().nullable(),
  title: z.string(),
  state: z.string(),
  marketplaceState: z.string(),
  quantity: z.int().nullable(),
  price: money.nullable(),
  imageUrl: z.string().nullable(),
  url: z.string().nullable(),
  mapping: z.array(mappingComponent).nullable(),
  stock: z
    .object({
      desired: z.int().nullable(),
      accepted: z.int().nullable(),
      verified: z.int().nullable(),
      state: z.string(),
      refusal: z.string().nullable(),
    })
    .nullable(),
})

export const stockExplanation = z.object({
  listingId: id,
  shows: z.int().nullable(),
  desired: z.int().nullable(),
  /** One entry a step of the pipeline E2, in order, each with its inputs, their age and the figure after it. */
  steps: z.array(z.object({ step: z.string(), text: z.string(), after: z.int().nullable(), asOf: maybeTime })),
  sentence: z.string(),
  /** A 0 that would end it for good comes only from the threshold, so it waits (A10). */
  waitsForPerson: z.boolean(),
})

export const mappingChange = z.object({
  map: z
    .array(
      z.object({
        listingId: id,
        components: z
          .array(z.object({ variantId: id, quantity: z.int().min(1).max(100_000) }))
          .min(1)
          .max(50),
        /** What it was accepted for; left out: put together by hand. */
        evidence: z.enum(['sku', 'normalized-sku', 'barcode', 'file', 'hand']).optional(),
      }),
    )
    .max(5000),
  unlink: z.array(id).max(5000),
})

export const mappingProposal = z.object({
  listing: z.object({ id, channelSku: z.string().nullable(), title: z.string(), barcode: z.string().nullable() }),
  variant: z.object({ id, sku: z.string(), title: z.string(), barcode: z.string().nullable() }),
  evidence: z.enum(['sku', 'normalized-sku', 'barcode']),
})

export const mappingDiff = z.object({
  add: z.int(),
  change: z.int(),
  cut: z.int(),
  same: z.int(),
  refused: z.array(z.object({ line: z.int(), reason: z.string() })),
  /** What to send to save it. */
  change_set: mappingChange,
  preview: z.array(
    z.object({ channelSku: z.string().nullable(), title: z.string(), before: z.string(), after: z.string() }),
  ),
})

export const listingRoutes = {
  listings: {
    method: 'GET',
    path: '/api/channels/:id/listings',
    summary: 'Listings of a sales channel',
    params: byId,
    query: z.object({
      search: z.string().max(200).optional(),
      mapped: z.enum(['all', 'mapped', 'unmapped']).default('all'),
      ...cursorQuery,
    }),
    response: page(listingRow),
  },
  explainStock: {
    method: 'GET',
    path: '/api/listings/:id/stock',
    summary: 'Why a listing shows this quantity',
    params: byId,
    response: stockExplanation,
  },
  approveZero: {
    method: 'POST',
    path: '/api/listings/:id/approve-zero',
    summary: 'Let a listing show the 0 that waits, although that ends it for good',
    params: byId,
    response: stockExplanation,
  },
  saveMappings: {
    method: 'POST',
    path: '/api/channels/:id/mappings',
    summary: 'Map and unlink listings',
    params: byId,
    body: mappingChange,
    response: z.object({ mapped: z.int(), unlinked: z.int() }),
  },
  proposeMappings: {
    method: 'GET',
    path: '/api/channels/:id/mappings/proposals',
    summary: 'Auto-map: proposals with their evidence',
    params: byId,
    response: z.object({ proposals: z.array(mappingProposal), ambiguous: z.int() }),
  },
  mappingsCsv: {
    method: 'GET',
    path: '/api/channels/:id/mappings.csv',
    summary: 'The mappings as a file',
    params: byId,
    kind: 'csv',
    response: z.string(),
  },
  diffMappingsCsv: {
    method: 'POST',
    path: '/api/channels/:id/mappings/diff',
    summary: 'What a mapping file would change',
    params: byId,
    kind: 'multipart',
    response: mappingDiff,
  },
} satisfies Record<string, Route>
