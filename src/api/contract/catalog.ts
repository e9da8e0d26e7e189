// Catalogue and suppliers.
import { z } from 'zod'
import { byId, id, maybeTime, money, page, cursorQuery, type Route } from './shapes.ts'

export const variantRow = z.object({
  id,
  productId: id,
  sku: z.string(),
  productTitle: z.string(),
  title: z.string(),
  imageUrl: z.string().nullable(),
  barcode: z.string().nullable(),
  priceIncVat: money.nullable(),
  /** Null: unknown. */
  available: z.int().nullable(),
  /** How many listings it serves; on the asked channel where one is asked for, else on all. */
  mappedListings: z.int(),
})

export const offerRow = z.object({
  id,
  supplierId: id,
  supplierName: z.string(),
  variantId: id,
  sku: z.string(),
  title: z.string(),
  supplierSku: z.string(),
  costExVat: money.nullable(),
  onHand: z.int().nullable(),
  reserved: z.int(),
  available: z.int().nullable(),
  onHandAt: maybeTime,
})

export const productRow = z.object({
  id,
  title: z.string(),
  brand: z.string().nullable(),
  productType: z.string().nullable(),
  imageUrl: z.string().nullable(),
  variants: z.int(),
  available: z.int().nullable(),
  priceFrom: money.nullable(),
  priceTo: money.nullable(),
  listings: z.int(),
})

export const product = z.object({
  id,
  handle: z.string(),
  title: z.string(),
  description: z.string(),
  brand: z.string().nullable(),
  productType: z.string().nullable(),
  tags: z.array(z.string()),
  images: z.array(z.object({ url: z.string(), alt: z.string() })),
  variants: z.array(
    variantRow.extend({
      offers: z.array(offerRow),
      listings: z.array(
        z.object({
          id,
          channelId: id,
          channelName: z.string(),
          title: z.string(),
          state: z.string(),
          url: z.string().nullable(),
        }),
      ),
    }),
  ),
})

/** When a supplier is paid, how much credit he gives, what VAT he charges, where he sends to. */
export const supplierTerms = z.object({
  terms: z.enum(['prepaid', 'on-account']),
  paymentDays: z.int().min(0).max(365),
  /** In his currency. Null: no limit. */
  creditLimit: money.nullable(),
  invoicePer: z.enum(['purchase-order', 'day']),
  chargesVat: z.boolean(),
  /** Where a variant has no rate of its own. */
  vatRateBasisPoints: z.int().min(0).max(10_000),
  /** ISO 3166-1 alpha-2. Null: everywhere. */
  shipToCountries: z
    .array(z.string().regex(/^[A-Za-z]{2}$/))
    .min(1)
    .max(250)
    .nullable(),
  postalAddress: z.string().max(500),
  vatNumber: z.string().max(40).nullable(),
})

const termsWanted = supplierTerms
  .extend({
    creditLimit: money.refine(({ minor }) => minor >= 0, 'A credit limit is not below 0.').nullable(),
  })
  .partial()

export const supplierRow = supplierTerms.extend({
  id,
  name: z.string(),
  ownStock: z.boolean(),
  preference: z.int(),
  currency: z.string(),
  active: z.boolean(),
  leadTimeDays: z.int().nullable(),
  offers: z.int(),
  openPurchaseOrders: z.int(),
  lastFileAt: maybeTime,
  heldFiles: z.int(),
})

export const catalogRoutes = {
  variants: {
    method: 'GET',
    path: '/api/variants',
    summary: 'Inventory SKUs',
    query: z.object({
      search: z.string().max(200).optional(),
      channelId: id.optional(),
      mapped: z.enum(['all', 'mapped', 'unmapped']).default('all'),
      ...cursorQuery,
    }),
    response: page(variantRow),
  },
  changeVariant: {
    method: 'PATCH',
    path: '/api/variants/:id',
    summary: 'Change a variant',
    params: byId,
    body: z.object({ priceIncVat: money.nullable() }).partial(),
    response: variantRow,
  },
  products: {
    method: 'GET',
    path: '/api/products',
    summary: 'Products',
    query: z.object({ search: z.string().max(200).optional(), ...cursorQuery }),
    response: page(productRow),
  },
  product: { method: 'GET', path: '/api/products/:id', summary: 'One product', params: byId, response: product },

  suppliers: { method: 'GET', path: '/api/suppliers', summary: 'Suppliers', response: z.array(supplierRow) },
  addSupplier: {
    method: 'POST',
    path: '/api/suppliers',
    summary: 'Add a supplier',
    body: termsWanted.extend({
      name: z.string().trim().min(1).max(80),
      currency: z.string().length(3),
      preference: z.int().min(0).max(1000).default(100),
      leadTimeDays: z.int().min(0).max(365).nullable().default(null),
    }),
    response: supplierRow,
  },
  supplier: { method: 'GET', path: '/api/suppliers/:id', summary: 'One supplier', params: byId, response: supplierRow },
  changeSupplier: {
    method: 'PATCH',
    path: '/api/suppliers/:id',
    summary: 'Change a supplier',
    params: byId,
    body: z
      .object({
        name: z.string().trim().min(1).max(80),
        preference: z.int().min(0).max(1000),
        active: z.boolean(),
        leadTimeDays: z.int().min(0).max(365).nullable(),
      })
      .partial()
      .extend(termsWanted.shape),
    response: supplierRow,
  },
  offers: {
    method: 'GET',
    path: '/api/suppliers/:id/offers',
    summary: 'What a supplier offers',
    params: byId,
    query: z.object({ search: z.string().max(200).optional(), ...cursorQuery }),
    response: page(offerRow),
  },
  changeOffer: {
    method: 'PATCH',
    path: '/api/offers/:id',
    summary: 'Enter stock or cost by hand',
    params: byId,
    body: z.object({ onHand: z.int().min(0).max(1_000_000_000).nullable(), costExVat: money.nullable() }).partial(),
    response: offerRow,
  },
} satisfies Record<string, Route>
