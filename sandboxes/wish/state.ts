// All that this Wish knows. It is the truth the hub is compared with, so every change of a stock, a price or an order
// leaves a line of history here.
import type { Agenda } from '../kit/agenda.ts'
import type { Faults } from '../kit/faults.ts'
import type { Meter } from '../kit/meter.ts'
import type { Random } from '../kit/random.ts'
import type { RequestLog } from '../kit/request-log.ts'
import type { Choices } from './choices.ts'
import type { OrderState, Scope, TopicName } from './reference.ts'

/** Who caused a change: the seller by the API, a buyer, or Wish and the person at the sandbox. */
export type Actor = 'seller' | 'buyer' | 'sandbox'
export type Cause = { at: Date; by: Actor; cause: string }

export type Variation = {
  id: string
  productId: string
  sku: string
  status: 'ENABLED' | 'DISABLED' | 'REMOVED_BY_WISH'
  /** Price or cost, whichever the merchant's account goes by; in minor units of his one currency. */
  amountMinor: number
  /** Units by warehouse id. */
  inventories: Record<string, number>
  /** Fields that are kept and given back as they came. */
  extra: Record<string, unknown>
  history: { at: Date; by: Actor; quantity: number; priceMinor: number }[]
}

export type Product = {
  id: string
  merchantId: string
  /** What the seller wrote about it, as it came. */
  content: Record<string, unknown> & { name: string; parent_sku: string }
  review: 'pending' | 'approved' | 'rejected'
  isEnabled: boolean
  removedBy: 'wish' | 'merchant' | undefined
  isCalculatedShipping: boolean
  sold: number
  createdAt: Date
  updatedAt: Date
  requestId: string | undefined
  variations: Variation[]
  hiddenFromListsUntil: Date | undefined
}

/** Something a person or a machine at Wish looks at before it is live. */
export type ProductRequest = {
  id: string
  productId: string
  merchantId: string
  status: 'APPROVED' | 'BLOCKED' | 'UNDER_REVIEW'
  createdAt: Date
  blockingReason: string | undefined
  /** Content to be applied once approved; undefined when the product itself is new. */
  change: Record<string, unknown> | undefined
}

export type Address = {
  name: string
  street_address1: string
  street_address2: string
  street_address3: string
  city: string
  state: string
  zipcode: string
  country: string
  country_code: string
  phone_number: { number: string; country_code: string }
}

export type Tracking = { number: string; provider: string; originCountry: string; note: string | undefined }

export type OrderRefund = {
  reason: string
  note: string | undefined
  source: 'MERCHANT' | 'CUSTOMER' | 'WISH' | 'PAYMENT_PROVIDER'
  at: Date
}

export type Processing = {
  source: 'UPDATE_TRACKING' | 'REFUND' | 'MODIFY_SHIPPING'
  status: 'IN_PROGRESS' | 'FAILED' | 'SUCCEEDED'
}

export type Order = {
  id: string
  /** Orders bought together share it. */
  transactionId: string
  merchantId: string
  /** A reference of whoever placed the order by hand. Never shown by the API. */
  reference: string | undefined
  state: OrderState
  placedAt: Date
  releasedAt: Date | undefined
  updatedAt: Date
  productId: string
  variationId: string
  sku: string
  name: string
  options: { name: string; value: string }[]
  quantity: number
  currency: string
  unitMinor: number
  unitShippingMinor: number
  buyerNumber: number
  address: Address
  expectedShipAt: Date | undefined
  expectedDeliveryAt: Date | undefined
  types: string[]
  records: { event: string; at: Date }[]
  /** Newest first, at most two. */
  tracking: Tracking[]
  warehouseId: string
  refunds: OrderRefund[]
  processing: Processing | undefined
  hasLeft: boolean
  stockGivenBack: boolean
  /** Set by the late-order fault. */
  hiddenFromListsUntil: Date | undefined
  /** Set by the unknown-status fault: what is shown instead of the state, for a while. */
  shownState: string | undefined
  receipt: Record<string, unknown>
  history: { at: Date; by: Actor; state: OrderState; cause: string }[]
}

export type Confirmation = {
  at: Date
  orderId: string
  merchantId: string
  trackingNumber: string
  provider: string
  outcome: 'accepted' | 'repeated' | 'replaced' | 'refused'
  reason: string | undefined
}

export type Warehouse = {
  id: string
  name: string
  shipping_type: 'STANDARD' | 'WISH_EXPRESS'
  address: Record<string, string>
  destination_countries: string[]
}

export type Job = {
  id: string
  merchantId: string
  kind: 'get-products' | 'update-products' | 'get-orders'
  status: 'PENDING' | 'CREATING' | 'READY' | 'EXCEPTION'
  createdAt: Date
  completedAt: Date | undefined
  expiresAt: Date
  total: number
  processed: number
  /** What its files hold. Gone from the oldest jobs, to keep the sandbox small. */
  files: Buffer[]
}

export type Subscription = { id: string; topicId: string; endpoint: string; status: 'ACTIVE' | 'INACTIVE' }

export type Merchant = {
  id: string
  name: string
  userName: string
  password: string
  currency: string
  revenueType: 'COST_BASED' | 'REV_SHARE'
  isActive: boolean
  /** Closed by Wish: every call is refused. */
  isDisabled: boolean
  hasListingReview: boolean
  warehouses: Warehouse[]
  shipping: { country_code: string; enabled: boolean }[]
  products: Map<string, Product>
  /** Those that are not removed, in the order they came. */
  bySku: Map<string, Variation[]>
  /** Oldest first. */
  orders: Order[]
  requests: Map<string, ProductRequest>
  subscriptions: Subscription[]
}

export type App = {
  clientId: string
  clientSecret: string
  name: string
  redirectUri: string
  /** A hub for many sellers, or the seller's own. Wish lets only the seller's own app make webhooks by calls. */
  kind: 'hub' | 'own'
  /** Where the dashboard of a hub's app sends all notifications. */
  webhookUrl: string | undefined
}

export type Grant = { token: string; clientId: string; merchantId: string; scopes: Scope[] }
export type AccessToken = Grant & { endsAt: Date; revokedAt: Date | undefined }
export type RefreshToken = Grant & {
  endedAt: Date | undefined
  /** The token that this one was exchanged for, whose first use ends this one. */
  successor: string | undefined
}
export type Code = Grant & { endsAt: Date; isRedeemed: boolean }

export type Wish = {
  choices: Choices
  delayFactor: number
  /** Where clients reach this sandbox; links to files start with it. */
  origin: string
  merchants: Map<string, Merchant>
  apps: Map<string, App>
  accessTokens: Map<string, AccessToken>
  refreshTokens: Map<string, RefreshToken>
  codes: Map<string, Code>
  /** Who is signed in at the consent pages: session cookie to merchant id. */
  sessions: Map<string, string>
  ordersById: Map<string, Order>
  jobs: Map<string, Job>
  confirmations: Confirmation[]
  log: RequestLog
  /** Of answers, for the header that names each. */
  answers: number
  /** What happened and webhooks have not been told. */
  news: { topic: TopicName; merchantId: string; about: { orderId: string } | { productId: string } }[]
  /** What reads still show after an eventual-read fault, by id. */
  stale: Map<string, { until: Date; shown: Product | Order }>
  /** Grows with every change of a product, so that sorted lists can be kept. */
  productVersion: number
  agenda: Agenda
  faults: Faults
  meter: Meter
  /** For ids. Buyers have a stream of their own. */
  random: Random
}
