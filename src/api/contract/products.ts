// My products: pictures, the editor, the list with changes of many, and files (G1).
import { z } from 'zod'
import { gridState } from './listings-grid.ts'
import { byId, cursorQuery, id, maybeTime, money, nothing, page, time, type Route } from './shapes.ts'

const picture = z.object({
  id,
  /** Its path here, with the signature by which marketplaces fetch it. */
  url: z.string(),
  width: z.int(),
  height: z.int(),
})

const measure = z.number().nullable()

const variantDraft = z.object({
  /** Null: a new one. */
  id: id.nullable(),
  sku: z.string().max(1000),
  optionValues: z.array(z.string().max(1000)).max(10),
  barcode: z.string().max(200),
  priceIncVat: money.nullable(),
  vatRateBasisPoints: z.number().nullable(),
  weightGrams: measure,
  lengthMm: measure,
  widthMm: measure,
  heightMm: measure,
  imageUrl: z.string().max(3000).nullable(),
  archived: z.boolean(),
})

const productDraft = z.object({
  title: z.string().max(5000),
  /** HTML. What is not harmless is taken away. */
  description: z.string().max(500_000),
  brand: z.string().max(1000),
  category: z.string().max(1000),
  productType: z.string().max(1000),
  tags: z.array(z.string().max(1000)).max(1000),
  optionNames: z.array(z.string().max(1000)).max(10),
  images: z.array(z.object({ url: z.string().max(3000), alt: z.string().max(5000) })).max(500),
  variants: z.array(variantDraft).max(5000),
})

const editedProduct = productDraft.extend({
  id,
  handle: z.string(),
  archived: z.boolean(),
  version: z.string(),
  variants: z.array(
    variantDraft.extend({
      id,
      title: z.string(),
      /** What hangs on it, so that it can only be archived. */
      held: z.object({ orders: z.int(), mappings: z.int(), changes: z.int() }),
    }),
  ),
  whereListed: z.array(
    z.object({
      channelId: id,
      channelName: z.string(),
      connector: z.string(),
      state: gridState,
      listings: z.array(z.object({ id, title: z.string(), state: z.string(), url: z.string().nullable() })),
      change: z.object({ action: z.string(), state: z.string(), at: time }).nullable(),
      why: z.array(z.string()),
    }),
  ),
})

const yesNo = z.enum(['yes', 'no'])
const filterShape = {
  search: z.string().max(200).optional(),
  /** `none`: without one. */
  category: z.string().max(300).optional(),
  supplierId: id.optional(),
  inStock: yesNo.optional(),
  channelId: id.optional(),
  /** On `channelId`; several by commas. */
  states: z
    .string()
    .transform((text) => text.split(',').filter(Boolean))
    .pipe(z.array(gridState))
    .optional(),
  archived: yesNo.optional(),
}

const myProductRow = z.object({
  id,
  title: z.string(),
  brand: z.string().nullable(),
  category: z.string().nullable(),
  imageUrl: z.string().nullable(),
  variants: z.int(),
  sku: z.string().nullable(),
  available: z.int().nullable(),
  priceFrom: money.nullable(),
  priceTo: money.nullable(),
  archived: z.boolean(),
  listedOn: z.array(z.string()),
  refusedOn: z.array(z.string()),
})

const text = z.string().trim().max(200)
const tags = z.array(text.min(1)).max(100)
export const bulkChange = z.union([
  z.object({ kind: z.literal('category'), category: text }),
  z.object({ kind: z.literal('brand'), brand: text }),
  z.object({ kind: z.literal('tags'), add: tags, remove: tags }),
  z.object({ kind: z.literal('vat-rate'), vatRateBasisPoints: z.int().min(0).max(10_000).nullable() }),
  z.object({ kind: z.literal('price'), by: z.literal('amount'), minor: z.int().min(-1e12).max(1e12) }),
  z.object({ kind: z.literal('price'), by: z.literal('percent'), basisPoints: z.int().min(-10_000).max(1_000_000) }),
])

const values = z.object({
  category: z.string().nullable().optional(),
  brand: z.string().nullable().optional(),
  tags: z.array(z.string()).optional(),
  vatRateBasisPoints: z.int().nullable().optional(),
  priceMinor: z.int().optional(),
})

const bulkOutcome = z.object({
  products: z.int(),
  /** Products and variants that change. */
  changes: z.int(),
  unchanged: z.int(),
  refused: z.int(),
  currency: z.string(),
  sample: z.array(z.object({ name: z.string(), before: values, after: values })),
  refusals: z.array(z.object({ name: z.string(), reason: z.string() })),
  /** By which it is undone; null in a preview, and where nothing changed. */
  editId: id.nullable(),
})

export const productsRoutes = {
  uploadPicture: {
    method: 'POST',
    path: '/api/pictures',
    summary: 'Upload a picture (field file); the same one twice is one',
    kind: 'multipart',
    response: picture,
  },
  myProducts: {
    method: 'GET',
    path: '/api/my-products',
    summary: 'My products, by what they are and where they are listed',
    query: z.object({ ...filterShape, ...cursorQuery }),
    response: page(myProductRow),
  },
  myProductsChoices: {
    method: 'GET',
    path: '/api/my-products/choices',
    summary: 'What filters of My products offer',
    response: z.object({
      categories: z.array(z.string()),
      suppliers: z.array(z.object({ id, name: z.string() })),
      channels: z.array(z.object({ id, name: z.string() })),
    }),
  },
  myProductsCsv: {
    method: 'GET',
    path: '/api/my-products.csv',
    summary: 'Products that match as CSV, in our columns or in Shopify’s',
    query: z.object({ ...filterShape, layout: z.enum(['fairlead', 'shopify']).default('fairlead') }),
    kind: 'csv',
    response: z.string(),
  },
  bulkEditProducts: {
    method: 'POST',
    path: '/api/my-products/bulk',
    summary: 'Change many products at once, or preview what that would change',
    body: z.object({
      productIds: z.array(id).min(1).max(20_000).optional(),
      filter: z.object(filterShape).optional(),
      change: bulkChange,
      preview: z.boolean(),
    }),
    response: bulkOutcome,
  },
  productEdits: {
    method: 'GET',
    path: '/api/my-products/edits',
    summary: 'The latest changes of many products',
    response: z.array(
      z.object({
        id,
        actor: z.string(),
        change: bulkChange,
        products: z.int(),
        createdAt: time,
        undoneAt: maybeTime,
        undoneBy: z.string().nullable(),
      }),
    ),
  },
  undoProductEdit: {
    method: 'POST',
    path: '/api/my-products/edits/:id/undo',
    summary: 'Take back a change of many products, where nobody changed them since',
    params: byId,
    response: z.object({ undone: z.int(), kept: z.int() }),
  },
  editedProduct: {
    method: 'GET',
    path: '/api/my-products/:id',
    summary: 'One product as it is edited, and where it is listed',
    params: byId,
    response: editedProduct,
  },
  addProduct: {
    method: 'POST',
    path: '/api/my-products',
    summary: 'Add a product with its variants',
    body: productDraft,
    response: editedProduct,
  },
  saveProduct: {
    method: 'PATCH',
    path: '/api/my-products/:id',
    summary: 'Save a product whole; `version` is the one it began from',
    params: byId,
    body: z.object({ product: productDraft, version: z.string() }),
    response: editedProduct,
  },
  archiveProduct: {
    method: 'POST',
    path: '/api/my-products/:id/archive',
    summary: 'Archive a product, or bring it back',
    params: byId,
    body: z.object({ archived: z.boolean() }),
    response: editedProduct,
  },
  removeProduct: {
    method: 'DELETE',
    path: '/api/my-products/:id',
    summary: 'Remove a product on which nothing hangs',
    params: byId,
    response: nothing,
  },
} satisfies Record<string, Route>
