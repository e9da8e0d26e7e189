// All that this Reverb knows. It is the truth the hub is compared with, so every change of a listing, an order or a
// shipment leaves a line of history here.
import type { Agenda } from '../kit/agenda.ts'
import type { Faults } from '../kit/faults.ts'
import type { Meter } from '../kit/meter.ts'
import type { Random } from '../kit/random.ts'
import type { RequestLog } from '../kit/request-log.ts'
import type { Currency, ListingState, Scope, Topic } from './reference.ts'

/** Minor units, so that sums stay exact. */
export type Money = { minor: number; currency: Currency }

/** Who caused a change: the seller by the API, a buyer, Reverb itself, or a person at the sandbox. */
export type Actor = 'seller' | 'buyer' | 'reverb' | 'sandbox'

export type ListingChange = {
  at: Date
  by: Actor
  cause: string
  state: ListingState
  inventory: number
  price: Money
}

export type Photo = { id: number; url: string }

export type Listing = {
  id: number
  slug: string
  sku: string | undefined
  title: string
  make: string
  model: string
  finish: string
  year: string
  description: string
  conditionUuid: string
  categoryUuids: string[]
  price: Money
  hasInventory: boolean
  /** What can be bought. A one-of-a-kind listing has 1 until it is sold. */
  inventory: number
  offersEnabled: boolean
  state: ListingState
  photos: Photo[]
  shippingProfileId: string | undefined
  shippingLocal: boolean
  shippingRates: { regionCode: string; rate: Money }[]
  /** Fields that are kept and given back as they came. */
  extra: Record<string, unknown>
  createdAt: Date
  updatedAt: Date
  publishedAt: Date | undefined
  /** Set by the eventual-read fault on a new listing. */
  hiddenFromListsUntil: Date | undefined
  history: ListingChange[]
}

export type Address = {
  id: number
  name: string
  streetAddress: string
  extendedAddress: string
  locality: string
  region: string
  postalCode: string
  countryCode: string
  phone: string
}

export type Buyer = { id: number; firstName: string; lastName: string; email: string | undefined }

export type OrderStatus =
  | 'unpaid'
  | 'payment_pending'
  | 'pending_review'
  | 'blocked'
  | 'partially_paid'
  | 'paid'
  | 'shipped'
  | 'picked_up'
  | 'received'
  | 'refunded'
  | 'cancelled'

export const shippingMethods = ['shipped', 'local', 'expedited_shipping'] as const
export type ShippingMethod = (typeof shippingMethods)[number]

export type Order = {
  number: string
  uuid: string
  bundleId: string | undefined
  /** A reference of whoever placed the order by hand, such as an invoice number. Never shown by the API. */
  reference: string | undefined
  listingId: number
  sku: string | undefined
  title: string
  quantity: number
  /** Some orders come without a quantity, which means one. */
  showsQuantity: boolean
  kind: 'instant' | 'offer'
  status: OrderStatus
  createdAt: Date
  updatedAt: Date
  paidAt: Date | undefined
  shippedAt: Date | undefined
  unitPrice: Money
  shippingPrice: Money
  tax: Money
  presentmentCurrency: Currency
  buyer: Buyer
  address: Address | undefined
  shippingMethod: ShippingMethod
  paymentMethod: string
  notes: string[]
  shipment: { provider: string; trackingNumber: string; status: string } | undefined
  /** Set by the late-order fault. */
  hiddenFromListsUntil: Date | undefined
  /** Set by the unknown-status fault: what is shown instead of the status, for a while. */
  shownStatus: string | undefined
  stockGivenBack: boolean
  history: { at: Date; by: Actor; status: OrderStatus; cause: string }[]
}

/** One call of `ship`, also when it repeats another or was refused. */
export type ShipmentConfirmation = {
  at: Date
  orderNumber: string
  provider: string
  trackingNumber: string
  sendNotification: boolean
  outcome: 'accepted' | 'repeated' | 'replaced' | 'refused'
  /** The marketplace's reason, when refused. */
  reason?: string
}

export type RefundState =
  | 'pending_seller_response'
  | 'conditionally_approved'
  | 'approved'
  | 'denied'
  | 'cancelled'
  | 'auto_approved'
  | 'refund_sent'

export type Refund = {
  id: number
  orderNumber: string
  state: RefundState
  reason: string
  amount: Money
  note: string
  createdAt: Date
  updatedAt: Date
}

export type Webhook = { id: number; url: string; topic: Topic; createdAt: Date }
export type Token = { token: string; scopes: Set<Scope>; revokedAt: Date | undefined }

export type Shop = {
  id: number
  slug: string
  name: string
  currency: Currency
  onVacation: boolean
  /** Billing, verification and a first hand-made listing are done. Without them publishing is refused. */
  verified: boolean
  utcOffsetMinutes: number
}

/** How this sandbox decides where the fact sheet leaves a question open. */
export type Choices = {
  validationStatus: 412 | 422
  retryAfter: 'mixed' | 'seconds' | 'date' | 'absent'
  /** Photos of a new listing are there after this time; the creation is answered 202. */
  photoDelaySeconds: number
}

export type Reverb = {
  shop: Shop
  choices: Choices
  /** Where clients reach this sandbox; absolute links start with it. */
  origin: string
  listings: Map<number, Listing>
  /** Oldest first. */
  orders: Order[]
  ordersByNumber: Map<string, Order>
  confirmations: ShipmentConfirmation[]
  refunds: Refund[]
  webhooks: Webhook[]
  tokens: Map<string, Token>
  requests: RequestLog
  /** What happened and webhooks have not been told: a listing id or an order number. */
  news: { topic: Topic; about: number | string }[]
  /** What reads still show after an eventual-read fault. */
  stale: Map<number, { until: Date; listing: Listing }>
  lastIds: { listing: number; order: number; other: number }
  agenda: Agenda
  faults: Faults
  meter: Meter
  /** For ids and addresses. Buyers have a stream of their own. */
  random: Random
}

const newsMax = 10_000

export function nextId(reverb: Reverb): number {
  reverb.lastIds.other += 1
  return reverb.lastIds.other
}

/** Keeps a notification for everyone registered for the topic. Its body is written when it is handed over. */
export function notify(reverb: Reverb, topic: Topic, about: number | string): void {
  const isHeard = reverb.webhooks.some((webhook) => webhook.topic === topic)
  if (isHeard && reverb.news.length < newsMax) reverb.news.push({ topic, about })
}

/** Reverb shows whole seconds, and compares what it shows. */
export function wholeSecond(at: Date): Date {
  return new Date(Math.floor(at.getTime() / 1000) * 1000)
}
