// Pricing rules: how selling prices are made from costs, what they would come to, and prices that wait for a person
// (E4, F7).
import { z } from 'zod'
import { byId, cursorQuery, id, maybeTime, money, page, time, type Route } from './shapes.ts'

const minor = z.int().min(0).max(1_000_000_000)
const basisPoints = (most: number) => z.int().min(0).max(most)

export const pricingScope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  z.object({ kind: z.literal('suppliers'), ids: z.array(id).min(1).max(200) }),
  z.object({ kind: z.literal('categories'), names: z.array(z.string().min(1).max(500)).min(1).max(1000) }),
  z.object({ kind: z.literal('products'), ids: z.array(id).min(1).max(5000) }),
])

/** A rule as it is typed. Its amounts are minor units of its currency; where a channel sells in another, they are converted. */
export const pricingRuleDraft = z.object({
  name: z.string().trim().min(1).max(80),
  /** Empty: all sales channels, also those that come later. */
  channelIds: z.array(id).max(200),
  scope: pricingScope,
  currency: z.string().length(3),
  /** The supplier's cost of this service of ours goes into the price. Null: shipping is not added. */
  shippingServiceId: id.nullable(),
  markup: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('amount'), minor }),
    /** On cost, shipping included where it is added. */
    z.object({ kind: z.literal('percent'), basisPoints: basisPoints(1_000_000) }),
    /** What is left, as a share of the price without VAT. */
    z.object({ kind: z.literal('margin'), basisPoints: basisPoints(9_900) }),
  ]),
  /** The marketplace's share of the price inc. VAT, and what it takes for each sale. */
  fee: z.object({ basisPoints: basisPoints(9_900), fixedMinor: minor }),
  /** 'variant': its own rate, and this one where it has none. 'rule': this one always. */
  vat: z.object({ from: z.enum(['variant', 'rule']), rateBasisPoints: basisPoints(10_000).nullable() }),
  /** The price goes up to the next that ends so: 99 every 100 is .99. In minor units of the listing's currency. */
  ending: z
    .object({
      minor: z.int().min(0).max(9_999),
      every: z.union([z.literal(10), z.literal(100), z.literal(1000), z.literal(10_000)]),
    })
    .nullable(),
  /** Looked at after rounding: below it the price is the floor, above it the ceiling. */
  floorMinor: minor.min(1).nullable(),
  ceilingMinor: minor.min(1).nullable(),
})

export const pricingRule = z.object({
  id,
  version: z.int(),
  active: z.boolean(),
  rule: pricingRuleDraft,
  /** Names of what its ids mean, for the list. Of products the first ten. */
  names: z.object({
    channels: z.array(z.string()),
    scope: z.array(z.string()),
    shippingService: z.string().nullable(),
  }),
  /** Prices it has made; counted up to 10,000. */
  prices: z.int(),
  /** Those of them that are held back. */
  held: z.int(),
  changedAt: time,
  changedBy: z.string(),
})

export const heldPrice = z.enum([
  'no-offer',
  'cost-unknown',
  'shipping-unknown',
  'no-rate',
  'vat-unknown',
  'impossible',
  'too-large',
])

export const priceStep = z.enum([
  'cost',
  'converted',
  'supplier-vat',
  'shipping',
  'amount',
  'percent',
  'margin',
  'fixed-fee',
  'fee-and-vat',
  'ending',
  'floor',
  'ceiling',
  'held',
  'own-price',
  'variant-price',
  'no-price',
  'other-currency',
])

/** One line of the arithmetic: what is said, what it adds, and what it comes to. */
export const priceLine = z.object({
  step: priceStep,
  text: z.string(),
  amount: money.nullable(),
  after: money.nullable(),
  /** Where something was converted. */
  rate: z
    .object({ from: z.string(), to: z.string(), rate: z.string(), onDate: z.string(), source: z.string() })
    .nullable(),
})

/** What becomes of the price when it is sold. */
export const priceSplit = z.object({
  price: money,
  vat: money,
  fees: money,
  cost: money,
  shipping: money,
  /** What is left; below 0 it is a loss. */
  left: money,
  /** Of the price without VAT; null: there is none. */
  marginBasisPoints: z.int().nullable(),
  /** The lowest price that is no loss; null: fees and VAT take all of any price. */
  least: money.nullable(),
})

/** The price of one variant on one sales channel. */
export const pricedVariant = z.object({
  variantId: id,
  sku: z.string(),
  title: z.string(),
  channelId: id,
  channelName: z.string(),
  /** What counts before the change; null: no price. */
  before: money.nullable(),
  price: money.nullable(),
  held: heldPrice.nullable(),
  lines: z.array(priceLine),
  split: priceSplit.nullable(),
})

export const pricingPreview = z.object({
  /** Hand it back with the deed: it says that this has been seen. */
  seen: z.string(),
  /** Prices of a variant on a sales channel that were worked out. `more`: of so many of all its variants, and no others. */
  counted: z.object({ value: z.int(), more: z.boolean(), variants: z.int(), allVariants: z.int() }),
  changed: z.int(),
  /** Listings that show a price of these. */
  listings: z.int(),
  rises: z.int(),
  falls: z.int(),
  unchanged: z.int(),
  /** Have a price of their own, which counts before the rule's. */
  ownPrice: z.int(),
  atFloor: z.int(),
  atCeiling: z.int(),
  held: z.array(z.object({ reason: heldPrice, count: z.int() })),
  /** Steps larger than the setting allows without a person's say. */
  largeSteps: z.int(),
  /** More listings, or larger steps, than may go without it: ask before saving. */
  needsApproval: z.boolean(),
  biggestRises: z.array(pricedVariant),
  biggestFalls: z.array(pricedVariant),
  samples: z.array(pricedVariant),
})

export const pricingSettings = z.object({
  /** A larger step from what a listing shows waits for a person. */
  stepMaxBasisPoints: z.int().min(100).max(100_000),
  /** A rule that changes more listings is saved after its preview was seen. */
  listingsMax: z.int().min(1).max(1_000_000),
})

export const pricingRules = z.object({
  /** The business's own. */
  currency: z.string(),
  settings: pricingSettings,
  /** In their order. The most specific wins (product, category, supplier, all; named integrations before all); then the first. */
  rules: z.array(pricingRule),
  /** Prices are being worked out anew, so many variants of all; null: all are up to date. */
  recomputing: z.object({ done: z.int(), total: z.int() }).nullable(),
})

const waitReason = z.enum(['loss', 'below-floor', 'large-step'])

export const listingPrice = z.object({
  listingId: id,
  channelId: id,
  channelName: z.string(),
  title: z.string(),
  /** What the marketplace shows as far as we know. */
  shows: money.nullable(),
  desired: money.nullable(),
  components: z.array(
    z.object({
      variantId: id,
      sku: z.string(),
      title: z.string(),
      quantity: z.int(),
      /** Where its price is from. */
      from: z.enum(['own', 'rule', 'variant']).nullable(),
      rule: z.object({ id, name: z.string(), version: z.int(), active: z.boolean() }).nullable(),
      price: money.nullable(),
      computedAt: maybeTime,
      held: heldPrice.nullable(),
      lines: z.array(priceLine),
    }),
  ),
  split: priceSplit.nullable(),
  /** Why the split is missing: what of the costs is not known. */
  unknown: z.enum(['cost-unknown', 'shipping-unknown', 'no-rate', 'no-offer', 'no-price']).nullable(),
  waitsForPerson: z.boolean(),
  because: z.array(waitReason),
  /** The last word of a person on it, while it counts. */
  approval: z.object({ downTo: money, by: z.string(), at: time }).nullable(),
  sentence: z.string(),
})

const waitingFilter = z.object({ reason: waitReason.optional(), listingId: id.optional() })

const seen = z.string().max(100).optional()

export const pricingRoutes = {
  pricingRules: {
    method: 'GET',
    path: '/api/pricing-rules',
    summary: 'Pricing rules in their order',
    response: pricingRules,
  },
  addPricingRule: {
    method: 'POST',
    path: '/api/pricing-rules',
    summary: 'Add a pricing rule at the end of the list',
    body: z.object({ rule: pricingRuleDraft, active: z.boolean().default(true), seen }),
    response: pricingRule,
  },
  changePricingRule: {
    method: 'PATCH',
    path: '/api/pricing-rules/:id',
    summary: 'Change a pricing rule',
    params: byId,
    body: z.object({ rule: pricingRuleDraft, seen }),
    response: pricingRule,
  },
  switchPricingRule: {
    method: 'POST',
    path: '/api/pricing-rules/:id/switch',
    summary: 'Switch a pricing rule on or off; off, the prices it made stay as they are',
    params: byId,
    body: z.object({ active: z.boolean(), seen }),
    response: pricingRule,
  },
  deletePricingRule: {
    method: 'DELETE',
    path: '/api/pricing-rules/:id',
    summary: 'Delete a pricing rule; what it priced goes to the next rule, or back to the price of the variant',
    params: byId,
    query: z.object({ seen }),
    response: pricingRules,
  },
  reorderPricingRules: {
    method: 'POST',
    path: '/api/pricing-rules/order',
    summary: 'Put the pricing rules into this order',
    body: z.object({ ids: z.array(id).max(200) }),
    response: pricingRules,
  },
  pricingRuleHistory: {
    method: 'GET',
    path: '/api/pricing-rules/:id/history',
    summary: 'Every version of a pricing rule, newest first',
    params: byId,
    response: z.array(
      z.object({
        version: z.int(),
        what: z.enum(['added', 'changed', 'switched-on', 'switched-off', 'moved', 'deleted']),
        by: z.string(),
        at: time,
        active: z.boolean(),
        position: z.int(),
        /** It was saved after its preview was seen. */
        approved: z.boolean(),
        rule: pricingRuleDraft,
      }),
    ),
  },
  previewPricingRule: {
    method: 'POST',
    path: '/api/pricing-rules/preview',
    summary: 'What saving, switching on or deleting a pricing rule would change',
    /** No `ruleId`: it is new. No `rule`: it is deleted. */
    body: z.object({ ruleId: id.nullable(), rule: pricingRuleDraft.nullable() }),
    response: pricingPreview,
  },
  pricingExample: {
    method: 'POST',
    path: '/api/pricing-rules/example',
    summary: 'The arithmetic of a rule, as typed, on a few variants',
    /** No channel: the first the rule is for. No variants: the first three it is for. */
    body: z.object({
      rule: pricingRuleDraft,
      channelId: id.nullable().default(null),
      variantIds: z.array(id).max(10).default([]),
    }),
    response: z.object({
      examples: z.array(pricedVariant),
      /** The rule cannot be saved so; by field, as saving would say it. */
      fields: z.record(z.string(), z.string()),
    }),
  },
  pricingCategories: {
    method: 'GET',
    path: '/api/pricing-rules/categories',
    summary: 'Categories of the catalogue a rule may be for',
    query: z.object({ search: z.string().max(200).optional() }),
    response: z.array(z.object({ name: z.string(), products: z.int() })),
  },
  savePricingSettings: {
    method: 'PATCH',
    path: '/api/pricing-settings',
    summary: 'What price changes wait for a person',
    body: pricingSettings.partial(),
    response: pricingSettings,
  },
  explainPrice: {
    method: 'GET',
    path: '/api/listings/:id/price',
    summary: 'Where the price of a listing is from, line by line',
    params: byId,
    response: listingPrice,
  },
  waitingPrices: {
    method: 'GET',
    path: '/api/waiting-prices',
    summary: 'Listings whose price waits for a person',
    query: z.object({ ...cursorQuery, reason: waitReason.optional() }),
    response: page(z.object({ listingId: id })),
  },
  previewWaitingPrices: {
    method: 'POST',
    path: '/api/waiting-prices/preview',
    summary: 'What approving or refusing the prices that wait would be about',
    body: waitingFilter,
    response: z.object({
      /** Hand it back with the answer: it says that these have been seen. */
      seen: z.string(),
      listings: z.int(),
      /** More wait than are answered at once. */
      more: z.boolean(),
      channels: z.int(),
      loss: z.int(),
      belowFloor: z.int(),
      largeSteps: z.int(),
      rises: z.int(),
      falls: z.int(),
      /** Losses first, then what falls furthest. */
      examples: z.array(
        z.object({
          listingId: id,
          title: z.string(),
          channelName: z.string(),
          shows: money.nullable(),
          desired: money,
          because: z.array(waitReason),
        }),
      ),
    }),
  },
  answerWaitingPrices: {
    method: 'POST',
    path: '/api/waiting-prices/answer',
    summary: 'Approve or refuse the prices that wait, as they were seen; refused, the listings keep what they show',
    body: waitingFilter.extend({ answer: z.enum(['approve', 'refuse']), seen: z.string().max(100) }),
    response: z.object({ listings: z.int() }),
  },
  approvePrice: {
    method: 'POST',
    path: '/api/listings/:id/approve-price',
    summary: 'Let a listing have the price that waits, down to this figure and until its cost rises',
    params: byId,
    /** No `downTo`: the price that waits. */
    body: z.object({ downTo: money.nullable().default(null) }),
    response: listingPrice,
  },
} satisfies Record<string, Route>
