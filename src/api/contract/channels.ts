// Sales channels: connecting them, their settings, their runs.
import { z } from 'zod'
import { byId, cursorQuery, id, maybeTime, nothing, page, time, type Route } from './shapes.ts'

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
  /** Whether a listing may have a shipping price of its own there. */
  takesShippingPrice: z.boolean(),
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

const accountGiven = z.record(z.string().max(60), z.string().max(8000))

export const channelRoutes = {
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
} satisfies Record<string, Route>
