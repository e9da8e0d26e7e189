// All that this TikTok Shop knows. It is the truth the hub is compared with, so every change of stock, price, status or
// tracking leaves a line of history here.
import type { Agenda } from '../kit/agenda.ts'
import type { TrueConfirmation, TrueListing } from '../kit/control.ts'
import type { Faults } from '../kit/faults.ts'
import type { Meter } from '../kit/meter.ts'
import type { Random } from '../kit/random.ts'
import type { RequestLog } from '../kit/request-log.ts'
import type { Choices } from './choices.ts'
import type { Scope } from './reference.ts'

export type App = {
  name: string
  appKey: string
  appSecret: string
  serviceId: string
  /** Fixed in the app's settings; no link carries it. */
  redirectUri: string
  /** The address for the notifications of all shops; empty: none. */
  webhookUrl: string
  isIpAllowed: boolean
}

export type Warehouse = {
  id: string
  name: string
  type: 'SALES_WAREHOUSE' | 'RETURN_WAREHOUSE'
  isDefault: boolean
  status: 'ENABLED' | 'DISABLED' | 'RESTRICTED'
}

export type Shop = {
  id: string
  sellerId: string
  name: string
  region: string
  currency: string
  sellerType: 'LOCAL' | 'CROSS_BORDER'
  cipher: string
  code: string
  warehouses: Warehouse[]
  isOpen: boolean
}

export type Seller = { id: string; openId: string; name: string; userName: string; password: string }

/** What a seller allowed the app, from one consent until he takes it back. */
export type Grant = {
  id: string
  sellerId: string
  scopes: Set<Scope>
  shopIds: Set<string>
  endsAt: Date
  revokedAt: Date | undefined
}

export type AuthCode = { code: string; sellerId: string; endsAt: Date; isUsed: boolean }
export type AccessToken = { token: string; grantId: string; endsAt: Date; isDead: boolean }
export type RefreshToken = {
  token: string
  grantId: string
  endsAt: Date
  /** When it was exchanged for another, and which pair that brought. */
  used: { at: Date; access: string; refresh: string } | undefined
}

export type ProductStatus =
  | 'DRAFT'
  | 'PENDING'
  | 'FAILED'
  | 'ACTIVATE'
  | 'SELLER_DEACTIVATED'
  | 'PLATFORM_DEACTIVATED'
  | 'FREEZE'
  | 'DELETED'

export type SalesAttribute = { id: string; name: string; valueId: string; valueName: string; imageUri?: string }

export type Sku = {
  id: string
  sellerSku: string
  priceMinor: number
  /** What can be ordered, by warehouse id. */
  stock: Record<string, number>
  /** What is ordered and has not left, by warehouse id. */
  committed: Record<string, number>
  salesAttributes: SalesAttribute[]
  identifier: { code: string; type: string } | undefined
  externalId: string | undefined
  /** Set by hand: a promotion locks the price, and the stock downwards. */
  isInPromotion: boolean
  history: TrueListing['history']
}

/** What review looks at. Fields that are only kept and given back stay as they came, in `extra`. */
export type Content = {
  title: string
  description: string
  categoryId: string
  brandId: string | undefined
  imageUris: string[]
  attributes: { id: string; name: string; values: { id: string; name: string }[] }[]
  packageWeight: { value: string; unit: string } | undefined
  packageDimensions: { length: string; width: string; height: string; unit: string } | undefined
  extra: { external_product_id?: string; is_cod_allowed?: boolean; delivery_option_ids?: string[] }
}

/** An edit of a live product, which stays as it is until the review passed. */
export type Revision = { content: Content; skus: Sku[] }

export type Product = {
  id: string
  shopId: string
  status: ProductStatus
  content: Content
  skus: Sku[]
  underReview: Revision | undefined
  draft: Revision | undefined
  /** Counts submissions, so that a review of an older one changes nothing. */
  submission: number
  auditFailure: string | undefined
  createdAt: Date
  updatedAt: Date
}

export type OrderStatus =
  | 'UNPAID'
  | 'ON_HOLD'
  | 'AWAITING_SHIPMENT'
  | 'PARTIALLY_SHIPPING'
  | 'AWAITING_COLLECTION'
  | 'IN_TRANSIT'
  | 'DELIVERED'
  | 'COMPLETED'
  | 'CANCELLED'

/** One unit. */
export type Line = {
  id: string
  productId: string
  skuId: string
  sellerSku: string
  title: string
  skuName: string
  priceMinor: number
  originalMinor: number
  warehouseId: string
  /** False for what was sold by force and never there. */
  isFromStock: boolean
  packageId: string | undefined
  isCanceled: boolean
  cancelReason: string | undefined
  cancelUser: 'BUYER' | 'SELLER' | 'OPERATOR' | 'SYSTEM' | undefined
}

export type Address = {
  name: string
  phone: string
  line1: string
  line2: string
  town: string
  county: string
  country: string
  region: string
  postalCode: string
}

export type Order = {
  id: string
  shopId: string
  /** A reference of whoever placed the order by hand. Never shown by the API. */
  reference: string | undefined
  status: OrderStatus
  createdAt: Date
  updatedAt: Date
  paidAt: Date | undefined
  /** When the seller last shipped a unit. */
  shippedAt: Date | undefined
  collectedAt: Date | undefined
  deliveredAt: Date | undefined
  canceledAt: Date | undefined
  cancelReason: string | undefined
  canceledBy: 'SELLER' | 'BUYER' | 'SYSTEM' | undefined
  /** The buyer asked for cancellation and waits for an answer. */
  cancelRequestedAt: Date | undefined
  isOnHold: boolean
  buyer: { id: string; email: string; message: string }
  address: Address
  hasUpdatedAddress: boolean
  currency: string
  shippingMinor: number
  deliveryOptionId: string
  deliveryOptionName: string
  shippingType: 'SELLER' | 'TIKTOK'
  isSample: boolean
  warehouseId: string
  lines: Line[]
  /** Set by the late-order fault. */
  hiddenFromListsUntil: Date | undefined
  /** Set by the unknown-status fault: what is shown instead of the status, for a while. */
  shownStatus: string | undefined
  history: { at: Date; status: OrderStatus; cause: string }[]
}

export type Parcel = {
  id: string
  orderId: string
  shopId: string
  lineIds: string[]
  status: 'TO_FULFILL' | 'PROCESSING' | 'FULFILLING' | 'COMPLETED' | 'CANCELLED'
  providerId: string
  trackingNumber: string
  corrections: number
  createdAt: Date
  shippedAt: Date | undefined
  updatedAt: Date
  /** What the carrier said, oldest first. */
  scans: { at: Date; text: string }[]
}

export type CancelStatus = 'PENDING' | 'SUCCESS' | 'CANCELLED' | 'COMPLETE'

export type Cancellation = {
  id: string
  orderId: string
  shopId: string
  status: CancelStatus
  type: 'CANCEL' | 'BUYER_CANCEL'
  role: 'BUYER' | 'SELLER' | 'SYSTEM'
  reason: string
  lineIds: string[]
  answerBy: Date | undefined
  createdAt: Date
  updatedAt: Date
}

export type Return = {
  id: string
  orderId: string
  shopId: string
  type: 'REFUND' | 'RETURN_AND_REFUND' | 'REPLACEMENT'
  status: string
  reason: string
  lineIds: string[]
  createdAt: Date
  updatedAt: Date
}

export type Image = { uri: string; useCase: string; width: number; height: number; bytes: Buffer; type: string }
export type Webhook = { shopId: string; topic: string; address: string; createdAt: Date; updatedAt: Date }
export type Brand = { id: string; name: string; isOwn: boolean }

/** Something that happened and shops' addresses have not been told. */
export type News = { id: string; type: number; topic: string; shopId: string; at: Date; data: Record<string, unknown> }

export type Tiktok = {
  app: App
  choices: Choices
  /** Where clients reach this sandbox; links to images start with it. */
  origin: string
  sellers: Seller[]
  shops: Shop[]
  grants: Map<string, Grant>
  codes: Map<string, AuthCode>
  accessTokens: Map<string, AccessToken>
  refreshTokens: Map<string, RefreshToken>
  products: Map<string, Product>
  /** Each shop's; in order, unless the shop is named in `unsorted`. */
  productsOf: Map<string, Product[]>
  unsorted: Set<string>
  skus: Map<string, { product: Product; sku: Sku }>
  /** Answers already given, by idempotency key. */
  created: Map<string, string>
  orders: Map<string, Order>
  parcels: Map<string, Parcel>
  cancellations: Map<string, Cancellation>
  returns: Map<string, Return>
  confirmations: TrueConfirmation[]
  images: Map<string, Image>
  brands: Brand[]
  webhooks: Webhook[]
  news: News[]
  /** What reads still show after an eventual-read fault, by product or order id. */
  stale: Map<string, { until: Date; product?: Product; order?: Order }>
  /** New products that lists do not show yet, after the same fault. */
  hidden: Map<string, Date>
  lastId: number
  answersGiven: number
  /** Below 1, everything that takes time takes less. */
  delayFactor: number
  agenda: Agenda
  faults: Faults
  meter: Meter
  log: RequestLog
  /** For ids and addresses. Buyers have a stream of their own. */
  random: Random
}

const idBase = 1_729_500_000_000_000_000n

/** Beyond 2^53, as the original's: a client that reads them as numbers loses digits. */
export function nextId(tiktok: Tiktok): string {
  tiktok.lastId += 1
  return String(idBase + BigInt(tiktok.lastId) * 13n)
}

export function later(tiktok: Tiktok, from: Date, seconds: number): Date {
  return new Date(from.getTime() + Math.round(seconds * tiktok.delayFactor) * 1000)
}

export function unixSeconds(at: Date): number {
  return Math.floor(at.getTime() / 1000)
}

/** TikTok shows and compares whole seconds. */
export function wholeSecond(at: Date): Date {
  return new Date(unixSeconds(at) * 1000)
}

export function shopOf(tiktok: Tiktok, id: string): Shop {
  const shop = tiktok.shops.find((one) => one.id === id)
  if (!shop) throw new Error(`There is no shop ${id}.`)
  return shop
}

/** Where goods are sold from, the default one first. */
export function salesWarehouses(shop: Shop): Warehouse[] {
  return shop.warehouses
    .filter((one) => one.type === 'SALES_WAREHOUSE')
    .toSorted((one, other) => Number(other.isDefault) - Number(one.isDefault))
}

export function defaultWarehouse(shop: Shop): Warehouse {
  const [first] = salesWarehouses(shop)
  if (!first) throw new Error(`The shop ${shop.id} has no warehouse.`)
  return first
}
