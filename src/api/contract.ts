// What the API takes and gives, shared with the web app. One entry a route; the server, the API document and the
// typed client all read this table. Times are ISO 8601 UTC texts, money is minor units and currency, ids are UUIDs.
import { z } from 'zod'

// Shapes used by many -----------------------------------------------------------------------------------------------

export const id = z.uuid()
export const money = z.object({ minor: z.int(), currency: z.string().length(3) })
const time = z.iso.datetime()
const maybeTime = time.nullable()
/** A count that stops being exact at 10,000. */
export const roughCount = z.object({ value: z.int(), more: z.boolean() })
const cursorQuery = { cursor: z.string().optional(), limit: z.coerce.number().int().min(1).max(200).default(50) }
const page = <Row extends z.ZodType>(row: Row) =>
  z.object({ rows: z.array(row), next: z.string().nullable(), count: roughCount })
const nothing = z.object({})

/** Every refusal has this body. `fields` names the form fields that are wrong; `action` is the button that solves it. */
export const refusal = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    fields: z.record(z.string(), z.string()).optional(),
    action: z.object({ label: z.string(), href: z.string() }).optional(),
  }),
})

// Sales channels ----------------------------------------------------------------------------------------------------

export const marketplace = z.object({
  id: z.string(),
  name: z.string(),
  /** One sentence for sellers; null: nothing is said of it. */
  summary: z.string().nullable(),
  documentation: z.string(),
  /** What a form asks for; what only consent and renewal keep is not among them. */
  accountFields: z.array(
    z.object({
      key: z.string(),
      label: z.string(),
      help: z.string().optional(),
      secret: z.boolean(),
      optional: z.boolean(),
    }),
  ),
  currencies: z.array(z.string()),
  /** Chosen before signing in; none: the account's own are found after it. */
  sites: z.array(z.object({ id: z.string(), name: z.string(), currency: z.string() })),
  /** Signing in on the marketplace's own page; null: the fields are typed. */
  consent: z
    .object({
      /** Why it cannot be used yet, for the operator of the hub; null: it can. */
      missing: z.string().nullable(),
      /** The seller may bring his own application: these fields, and how to make it there. */
      ownApp: z.object({ fields: z.array(z.string()), steps: z.array(z.string()) }).nullable(),
      /** Where the marketplace sends the browser back to; the seller's own application names it. */
      redirectUri: z.string(),
    })
    .nullable(),
})

/** One way through a marketplace's consent page, or typed credentials being tried. */
export const consent = z.object({
  id,
  marketplace: z.string(),
  marketplaceName: z.string(),
  purpose: z.enum(['connect', 'reauthorise']),
  channelId: id.nullable(),
  /** Null: begun at the marketplace's side and not named yet. */
  name: z.string().nullable(),
  /** The site that was chosen before. */
  siteId: z.string().nullable(),
  state: z.enum(['waiting', 'exchanging', 'refused', 'expired', 'choose', 'connected']),
  reason: z.string().nullable(),
  /** What the account opens. */
  sites: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      sellerId: z.string(),
      currency: z.string(),
      currencies: z.array(z.string()),
      warehouses: z.array(z.object({ id: z.string(), name: z.string(), isDefault: z.boolean() })),
      /** The integration it is connected as already. */
      connectedAs: z.string().nullable(),
    }),
  ),
})

/** What a marketplace put into the address it opened here. */
const landedQuery = z.record(z.string().max(200), z.string().max(8000))

/** 'ask': nothing shows that this person asked for it, so he is asked. */
export const landing = z.object({
  kind: z.enum(['ask', 'found', 'refused']),
  message: z.string().nullable(),
  consentId: id.nullable(),
  /** The integration it would go to; null: a new one that is named next. */
  name: z.string().nullable(),
  reauthorises: z.boolean(),
})

export const channelHealth = z.object({
  state: z.enum(['connected', 'needs-attention', 'off']),
  reason: z.string().nullable(),
})

export const channelRow = z.object({
  id,
  marketplace: z.string(),
  marketplaceName: z.string(),
  name: z.string(),
  enabled: z.boolean(),
  ordersSyncedAt: maybeTime,
  stockSyncedAt: maybeTime,
  pricesSyncedAt: maybeTime,
  health: channelHealth,
})

export const channelSettings = z.object({
  stockUpdate: z.boolean(),
  priceUpdate: z.boolean(),
  advertisedMax: z.int().min(0).max(1_000_000),
  stockThreshold: z.int().min(0).max(1_000_000),
  excludeUnmapped: z.boolean(),
  splitMixed: z.boolean(),
  currency: z.string().length(3),
  defaultShippingServiceId: id.nullable(),
})

export const channel = channelRow.extend({
  siteName: z.string(),
  sellerId: z.string(),
  /** The address we are connected to. */
  address: z.string(),
  currencies: z.array(z.string()),
  connectedAt: time,
  listingsSyncedAt: maybeTime,
  settings: channelSettings,
  /** Settings that fight, each with its example (A10). */
  warnings: z.array(z.string()),
  accountFields: marketplace.shape.accountFields,
  /** Where the marketplace counts stock per warehouse: the one chosen. */
  warehouse: z.string().nullable(),
  consent: marketplace.shape.consent,
  counts: z.object({
    listings: z.int(),
    mapped: z.int(),
    unmapped: z.int(),
    waitingConfirmations: z.int(),
    duePushes: z.int(),
  }),
  switched: z.object({ at: time, by: z.string() }).nullable(),
})

/** Left out by the rules for unmapped orders (D2) or removed after its days (D3). No buyer data. */
export const skippedOrder = z.object({
  marketplaceOrderId: z.string(),
  reason: z.enum(['excluded-unmapped', 'excluded-mixed', 'removed-unmapped']),
  at: time,
  /** It was asked for again and is on its way. */
  wanted: z.boolean(),
  /** What the marketplace said when it was asked for it. */
  refusal: z.string().nullable(),
})

export const run = z.object({
  id,
  kind: z.string(),
  channelId: id.nullable(),
  state: z.enum(['running', 'done', 'failed']),
  done: z.int(),
  total: z.int().nullable(),
  counts: z.record(z.string(), z.int()),
  message: z.string().nullable(),
  startedAt: time,
  finishedAt: maybeTime,
})

// Listings and SKU mapping ------------------------------------------------------------------------------------------

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

// Catalogue and suppliers -------------------------------------------------------------------------------------------

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

export const supplierRow = z.object({
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

// Files -------------------------------------------------------------------------------------------------------------

export const fileKind = z.enum(['shopify-products', 'supplier-stock'])

export const fileLayout = z.object({
  encoding: z.enum(['utf-8', 'windows-1252', 'utf-16le']),
  delimiter: z.enum([',', ';', '\t', '|']),
  decimalMark: z.enum(['.', ',']),
  /** Our column → the header as the file has it; null: not in the file. */
  columns: z.record(z.string(), z.string().nullable()),
})

export const fileInspection = z.object({
  layout: fileLayout,
  headers: z.array(z.string()),
  sample: z.array(z.array(z.string())),
  /** Our columns with what they mean, for the mapping form. */
  wanted: z.array(z.object({ column: z.string(), label: z.string(), required: z.boolean() })),
  warnings: z.array(z.string()),
})

export const fileImport = z.object({
  id,
  kind: fileKind,
  supplierId: id.nullable(),
  fileName: z.string(),
  sizeBytes: z.int(),
  state: z.enum(['reading', 'held', 'applied', 'discarded', 'failed']),
  rowsRead: z.int(),
  rowsApplied: z.int(),
  rowsUnchanged: z.int(),
  rowsRefused: z.int(),
  heldBecause: z.array(z.string()),
  /** What is worth knowing of an import that went well. */
  notes: z.array(z.string()),
  failure: z.string().nullable(),
  actor: z.string(),
  startedAt: time,
  finishedAt: maybeTime,
  refusals: z.array(z.object({ line: z.int(), column: z.string().nullable(), reason: z.string() })).optional(),
})

// Orders ------------------------------------------------------------------------------------------------------------

export const orderStatus = z.enum([
  'new',
  'on-hold',
  'awaiting-mapping',
  'awaiting-shipping-mapping',
  'awaiting-stock',
  'queued-for-payment',
  'with-supplier',
  'partly-dispatched',
  'dispatched',
  'cancelled',
  'error',
])

export const orderRow = z.object({
  id,
  marketplaceOrderId: z.string(),
  channelId: id,
  channelName: z.string(),
  marketplace: z.string(),
  status: orderStatus,
  statusReason: z.string().nullable(),
  summary: z.string(),
  lines: z.int(),
  units: z.int(),
  unmappedLines: z.int(),
  buyerName: z.string().nullable(),
  countryCode: z.string().nullable(),
  total: money,
  paid: z.boolean(),
  placedAt: time,
  shipBy: maybeTime,
  problems: z.int(),
})

const address = z.object({
  name: z.string(),
  street: z.string(),
  extended: z.string(),
  city: z.string(),
  region: z.string(),
  postalCode: z.string(),
  countryCode: z.string(),
  phone: z.string(),
})

export const problem = z.object({
  id,
  kind: z.string(),
  /** What happened and whose it is, in a sentence. */
  text: z.string(),
  action: z.object({ label: z.string(), href: z.string() }).nullable(),
  listingId: id.nullable(),
  openedAt: time,
})

export const purchaseOrder = z.object({
  id,
  number: z.string(),
  orderId: id,
  marketplaceOrderId: z.string(),
  supplierId: id,
  supplierName: z.string(),
  state: z.enum(['queued-for-payment', 'sent', 'in-doubt', 'partly-dispatched', 'dispatched', 'cancelled']),
  cost: money,
  createdAt: time,
  sentAt: maybeTime,
  lines: z.array(
    z.object({
      id,
      componentId: id,
      sku: z.string(),
      supplierSku: z.string(),
      title: z.string(),
      quantity: z.int(),
      cost: money,
      dispatched: z.int(),
    }),
  ),
})

export const shipment = z.object({
  id,
  packageNumber: z.int(),
  purchaseOrderId: id.nullable(),
  carrier: z.string(),
  trackingNumber: z.string(),
  shippedAt: time,
  enteredBy: z.string(),
  confirmation: z.object({
    state: z.enum(['intended', 'in-flight', 'applied', 'rejected', 'unknown']),
    refusal: z.string().nullable(),
    settledAt: maybeTime,
    attempts: z.int(),
  }),
})

export const order = orderRow.extend({
  marketplaceStatus: z.string(),
  bundleId: z.string().nullable(),
  shippingServiceName: z.string().nullable(),
  localPickup: z.boolean(),
  pinned: z.boolean(),
  totals: z.object({ items: money, shipping: money, tax: money, total: money }),
  buyer: z.object({ name: z.string(), email: z.string().nullable(), phone: z.string().nullable() }).nullable(),
  shipTo: address.nullable(),
  orderLines: z.array(
    z.object({
      id,
      title: z.string(),
      channelSku: z.string().nullable(),
      quantity: z.int(),
      unitPriceIncVat: money,
      mapped: z.boolean(),
      components: z.array(
        z.object({
          id,
          variantId: id,
          sku: z.string(),
          title: z.string(),
          quantity: z.int(),
          state: z.string(),
          holdReason: z.string().nullable(),
          supplierName: z.string().nullable(),
        }),
      ),
    }),
  ),
  purchaseOrders: z.array(purchaseOrder),
  shipments: z.array(shipment),
  /** The story: what came, what was decided and why, what was sent, what was answered. */
  events: z.array(
    z.object({ id, at: time, kind: z.string(), text: z.string(), detail: z.array(z.string()), actor: z.string() }),
  ),
  openProblems: z.array(problem),
  /** What may be done now; a button that cannot be pressed says why. */
  actions: z.record(
    z.enum(['dispatch', 'pin', 'route']),
    z.object({ allowed: z.boolean(), why: z.string().nullable() }),
  ),
})

export const newShipment = z.object({
  purchaseOrderId: id,
  carrier: z.string().min(1).max(60),
  trackingNumber: z.string().min(1).max(100),
  shippedAt: time.optional(),
  /** Left out: all that is still open on the purchase order. */
  lines: z
    .array(z.object({ componentId: id, quantity: z.int().min(1) }))
    .min(1)
    .optional(),
})

export const home = z.object({
  problems: z.array(problem),
  waiting: z.array(z.object({ status: orderStatus, count: z.int(), href: z.string() })),
  channels: z.array(channelRow),
  today: z.object({ orders: z.int(), units: z.int(), sales: z.array(money), dispatched: z.int() }),
  /** First run: connect → import → map → switch on, each with its state. */
  steps: z.array(
    z.object({
      key: z.enum(['connect', 'import', 'map', 'switch-on']),
      done: z.boolean(),
      text: z.string(),
      href: z.string(),
    }),
  ),
})

export const me = z.object({
  user: z.object({ id: z.string(), name: z.string(), email: z.string() }),
  business: z.object({ id, name: z.string(), timeZone: z.string(), currency: z.string() }),
  role: z.string(),
})

export const searchHit = z.object({
  kind: z.enum(['order', 'product', 'channel', 'supplier']),
  id,
  title: z.string(),
  detail: z.string(),
  href: z.string(),
})

// Routes ------------------------------------------------------------------------------------------------------------

const byId = z.object({ id })
const accountGiven = z.record(z.string().max(60), z.string().max(8000))
const orderFilter = z.object({
  search: z.string().max(200).optional(),
  status: orderStatus.optional(),
  channelId: id.optional(),
  paid: z.enum(['yes', 'no']).optional(),
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
})

export type Route = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  path: string
  summary: string
  params?: z.ZodObject
  query?: z.ZodObject
  body?: z.ZodType
  /** 'multipart' takes a file; 'csv' gives one; 'events' is a stream. Default: JSON. */
  kind?: 'multipart' | 'csv' | 'events'
  response: z.ZodType
}

export const routes = {
  me: { method: 'GET', path: '/api/me', summary: 'Who is signed in', response: me },
  home: { method: 'GET', path: '/api/home', summary: 'What needs a person now', response: home },
  search: {
    method: 'GET',
    path: '/api/search',
    summary: 'Find anything',
    query: z.object({ q: z.string().min(1).max(200) }),
    response: z.array(searchHit),
  },
  live: { method: 'GET', path: '/api/live', summary: 'Changes as they happen', kind: 'events', response: nothing },

  marketplaces: {
    method: 'GET',
    path: '/api/marketplaces',
    summary: 'Marketplaces that can be connected',
    response: z.array(marketplace),
  },
  channels: {
    method: 'GET',
    path: '/api/channels',
    summary: 'Sales channel integrations',
    response: z.array(channelRow),
  },
  addChannel: {
    method: 'POST',
    path: '/api/channels',
    summary: 'Connect a sales channel; the credentials are tried first',
    body: z.object({
      marketplace: z.string(),
      name: z.string().trim().min(1).max(80),
      currency: z.string().length(3),
      account: accountGiven,
      siteId: z.string().max(200).optional(),
      warehouse: z.string().max(200).optional(),
    }),
    response: channelRow,
  },
  beginConsent: {
    method: 'POST',
    path: '/api/consents',
    summary:
      'Begin to connect, or to reauthorise: answers the address of the marketplace’s page, or tries typed fields',
    body: z.object({
      marketplace: z.string().max(60),
      channelId: id.optional(),
      name: z.string().trim().min(1).max(80).optional(),
      siteId: z.string().max(200).optional(),
      way: z.enum(['page', 'typed']).default('page'),
      account: accountGiven.default({}),
    }),
    response: z.object({ id, url: z.string().nullable() }),
  },
  landConsent: {
    method: 'POST',
    path: '/api/consents/landings',
    summary: 'What the marketplace sent the browser back with',
    body: z.object({ marketplace: z.string().max(60), query: landedQuery, confirmed: z.boolean().default(false) }),
    response: landing,
  },
  beginConsentThere: {
    method: 'POST',
    path: '/api/consents/begun-there',
    summary: 'A consent begun at the marketplace’s side: where to send the browser',
    body: z.object({ marketplace: z.string().max(60), query: landedQuery }),
    response: z.object({ id, url: z.string() }),
  },
  consent: {
    method: 'GET',
    path: '/api/consents/:id',
    summary: 'How far a consent is, and what it opened',
    params: byId,
    response: consent,
  },
  settleConsent: {
    method: 'POST',
    path: '/api/consents/:id/choose',
    summary: 'Agree to what was found: it becomes an integration, or signs one in again',
    params: byId,
    body: z.object({
      siteId: z.string().max(200).optional(),
      name: z.string().trim().min(1).max(80).optional(),
      currency: z.string().length(3).optional(),
      warehouse: z.string().max(200).optional(),
    }),
    response: channelRow,
  },
  cancelConsent: {
    method: 'DELETE',
    path: '/api/consents/:id',
    summary: 'Cancel it; nothing of it stays',
    params: byId,
    response: nothing,
  },
  /** For the wizard: is this name free? */
  checkChannelName: {
    method: 'GET',
    path: '/api/channels/name-check',
    summary: 'Whether a name is free',
    query: z.object({ name: z.string() }),
    response: z.object({ free: z.boolean(), reason: z.string().nullable() }),
  },
  channel: {
    method: 'GET',
    path: '/api/channels/:id',
    summary: 'One sales channel integration',
    params: byId,
    response: channel,
  },
  saveChannelSettings: {
    method: 'PATCH',
    path: '/api/channels/:id/settings',
    summary: 'Change its settings',
    params: byId,
    body: channelSettings.partial(),
    response: channel,
  },
  renameChannel: {
    method: 'PATCH',
    path: '/api/channels/:id',
    summary: 'Rename it',
    params: byId,
    body: z.object({ name: z.string().trim().min(1).max(80) }),
    response: channel,
  },
  switchChannel: {
    method: 'POST',
    path: '/api/channels/:id/switch',
    summary: 'Switch it on or off',
    params: byId,
    body: z.object({ enabled: z.boolean() }),
    response: channelRow,
  },
  reauthoriseChannel: {
    method: 'POST',
    path: '/api/channels/:id/reauthorise',
    summary: 'Replace its credentials; they are tried first',
    params: byId,
    body: z.object({ account: accountGiven }),
    response: channel,
  },
  removeChannel: {
    method: 'DELETE',
    path: '/api/channels/:id',
    summary: 'Remove it; orders and figures stay',
    params: byId,
    response: nothing,
  },
  downloadOrders: {
    method: 'POST',
    path: '/api/channels/:id/orders/download',
    summary: 'Download orders now',
    params: byId,
    response: nothing,
  },
  skippedOrders: {
    method: 'GET',
    path: '/api/channels/:id/skipped-orders',
    summary: 'Orders that were not imported or were removed, newest first',
    params: byId,
    query: z.object(cursorQuery),
    response: page(skippedOrder),
  },
  downloadSkippedOrder: {
    method: 'POST',
    path: '/api/channels/:id/skipped-orders/download-again',
    summary: 'Download one of them again',
    params: byId,
    body: z.object({ marketplaceOrderId: z.string().min(1).max(200) }),
    response: nothing,
  },
  downloadListings: {
    method: 'POST',
    path: '/api/channels/:id/listings/download',
    summary: 'Download the listings',
    params: byId,
    response: run,
  },
  runs: {
    method: 'GET',
    path: '/api/runs',
    summary: 'Long work, newest first',
    query: z.object({ channelId: id.optional(), kind: z.string().optional() }),
    response: z.array(run),
  },
  run: { method: 'GET', path: '/api/runs/:id', summary: 'One piece of long work', params: byId, response: run },

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
    body: z.object({
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
      .partial(),
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

  inspectFile: {
    method: 'POST',
    path: '/api/imports/inspect',
    summary: 'Look into a file before importing it (fields kind, supplierId, file)',
    kind: 'multipart',
    response: fileInspection,
  },
  importFile: {
    method: 'POST',
    path: '/api/imports',
    summary: 'Import a file (fields kind, supplierId, layout as JSON, file)',
    kind: 'multipart',
    response: fileImport,
  },
  imports: {
    method: 'GET',
    path: '/api/imports',
    summary: 'Imports, newest first',
    query: z.object({ kind: fileKind.optional(), supplierId: id.optional() }),
    response: z.array(fileImport),
  },
  import: {
    method: 'GET',
    path: '/api/imports/:id',
    summary: 'One import with its first refused rows',
    params: byId,
    response: fileImport,
  },
  refusedRows: {
    method: 'GET',
    path: '/api/imports/:id/refused.csv',
    summary: 'The refused rows with line, column and reason',
    params: byId,
    kind: 'csv',
    response: z.string(),
  },
  acceptImport: {
    method: 'POST',
    path: '/api/imports/:id/accept',
    summary: 'Apply a file that was held back',
    params: byId,
    response: fileImport,
  },
  discardImport: {
    method: 'POST',
    path: '/api/imports/:id/discard',
    summary: 'Discard a file that was held back',
    params: byId,
    response: fileImport,
  },

  orders: {
    method: 'GET',
    path: '/api/orders',
    summary: 'Orders, newest first',
    query: orderFilter.extend(cursorQuery),
    response: page(orderRow),
  },
  ordersCsv: {
    method: 'GET',
    path: '/api/orders.csv',
    summary: 'The filtered orders as a file',
    query: orderFilter,
    kind: 'csv',
    response: z.string(),
  },
  order: { method: 'GET', path: '/api/orders/:id', summary: 'One order with its story', params: byId, response: order },
  addShipment: {
    method: 'POST',
    path: '/api/orders/:id/shipments',
    summary: 'A parcel left: dispatch',
    params: byId,
    body: newShipment,
    response: order,
  },
  pinOrder: {
    method: 'POST',
    path: '/api/orders/:id/pin',
    summary: 'Keep an unmapped order',
    params: byId,
    body: z.object({ pinned: z.boolean() }),
    response: order,
  },
  purchaseOrders: {
    method: 'GET',
    path: '/api/purchase-orders',
    summary: 'Purchase orders, newest first',
    query: z.object({ supplierId: id.optional(), ...cursorQuery }),
    response: page(purchaseOrder),
  },

  shippingServices: {
    method: 'GET',
    path: '/api/shipping-services',
    summary: 'Our shipping services',
    response: z.array(z.object({ id, name: z.string() })),
  },
  addShippingService: {
    method: 'POST',
    path: '/api/shipping-services',
    summary: 'Add a shipping service',
    body: z.object({ name: z.string().trim().min(1).max(80) }),
    response: z.object({ id, name: z.string() }),
  },
  problems: { method: 'GET', path: '/api/problems', summary: 'Open problems', response: z.array(problem) },
  closeProblem: {
    method: 'POST',
    path: '/api/problems/:id/close',
    summary: 'Mark a problem as settled',
    params: byId,
    response: nothing,
  },
} satisfies Record<string, Route>

/** What the live stream says: look at this again. */
export type LiveEvent = {
  topic: 'orders' | 'channels' | 'consents' | 'listings' | 'runs' | 'imports' | 'problems' | 'catalog'
  id?: string
}
