// All that this Amazon knows. It is the truth the hub is compared with, so every change of a listing, an order or a
// parcel leaves a line here. Times are milliseconds, money is minor units.
import { wholeNumber } from '../kit/random.ts'
import { marketplaceOf } from './reference.ts'
import type { Agenda } from '../kit/agenda.ts'
import type { TrueConfirmation } from '../kit/control.ts'
import type { Faults } from '../kit/faults.ts'
import type { Meter } from '../kit/meter.ts'
import type { Random } from '../kit/random.ts'
import type { RequestLog } from '../kit/request-log.ts'
import type { Delivery } from '../kit/sandbox.ts'
import type { Choices } from './choices.ts'
import type { OrderStatus, Region, ServiceLevel } from './reference.ts'

export type Seller = {
  id: string
  storeName: string
  regions: Region[]
  /** Marketplaces where he sells. */
  marketplaces: string[]
}

/** What a seller allowed the app: one region, until he takes it back. */
export type Grant = { refreshToken: string; sellerId: string; region: Region; revokedAt: number | undefined }

export type AccessToken = {
  token: string
  /** Absent for a token without a seller. */
  refreshToken: string | undefined
  scope: string | undefined
  endsAt: number
  /** Only for restricted data tokens: what may be read with it. */
  restricted: { method: string; path: string; dataElements: string[] }[] | undefined
}

export type ConsentCode = {
  code: string
  sellerId: string
  region: Region
  redirectUri: string
  endsAt: number
  used: boolean
}

/** Shared by the listings of one SKU within the EU. */
export type Stock = { quantity: number }

export type AttributeEntry = Record<string, unknown>
export type Attributes = Record<string, AttributeEntry[]>

export type Issue = {
  code: string
  message: string
  severity: 'ERROR' | 'WARNING' | 'INFO'
  attributeNames?: string[]
  categories: string[]
  marketplaceIds?: string[]
}

export type ListingChange = { at: string; by: 'seller' | 'buyer' | 'sandbox'; quantity?: number; priceMinor?: number }

export type Listing = {
  sellerId: string
  marketplaceId: string
  sku: string
  asin: string
  productType: string
  title: string
  description: string
  barcode: string | undefined
  conditionType: string
  imageUrl: string | undefined
  /** What a buyer pays now, over and above what was submitted. */
  priceMinor: number
  salePrice: { minor: number; from: number; until: number } | undefined
  stock: Stock
  /** Live entries of other channels than the seller's own stock. */
  otherChannels: { code: string; quantity: number }[]
  handlingDays: number | undefined
  /** 'draft' has no offer yet, 'ended' was closed. */
  state: 'live' | 'draft' | 'ended'
  suspended: boolean
  parentSku: string | undefined
  variationTheme: string | undefined
  isParent: boolean
  /** What the seller submitted; made on demand for seeded listings, of which there are many. */
  attributes: Attributes | undefined
  issues: Issue[]
  createdAt: number
  updatedAt: number
  /** Before that the listing exists, but shows nothing. */
  summariesFrom: number
  /** Changes go live one after another: none before this time. */
  liveAfter: number
  deletedAt: number | undefined
  history: ListingChange[]
}

export type Address = {
  name: string
  line1: string
  line2: string
  city: string
  region: string
  postalCode: string
  countryCode: string
  phone: string
}

export type OrderLine = {
  itemId: string
  sku: string
  asin: string
  title: string
  quantity: number
  unitMinor: number
  shippingMinor: number
  taxMinor: number
  /** Told by the seller; the order shows it only once it is processed. */
  confirmed: number
  shipped: number
  cancelRequest: string | undefined
  canceledBy: 'BUYER' | 'MERCHANT' | 'AMAZON' | undefined
  cancelReason: string | undefined
}

export type Parcel = {
  referenceId: string
  carrierCode: string
  carrierName: string | undefined
  shippingMethod: string | undefined
  trackingNumber: string
  shipDate: string
  createdAt: number
  status: 'PENDING' | 'IN_TRANSIT' | 'SHIPPED' | 'DELIVERED'
  items: { itemId: string; quantity: number }[]
}

export type Order = {
  id: string
  sellerId: string
  marketplaceId: string
  /** Of whoever placed the order by hand. Never shown by the API. */
  reference: string | undefined
  status: OrderStatus
  /** Set by the unknown-status fault: what is shown instead, for a while. */
  shownStatus: string | undefined
  createdAt: number
  updatedAt: number
  paidAt: number | undefined
  currency: string
  service: ServiceLevel
  programs: string[]
  buyer: { number: number; name: string; email: string }
  address: Address
  taxCollected: boolean
  iossNumber: string | undefined
  lines: OrderLine[]
  /** As the API shows them. */
  parcels: Parcel[]
  /** As the seller last told them; processed a little later. */
  toldParcels: Map<string, Parcel>
  hiddenUntil: number
  refundedMinor: number
}

export type StoredDocument = {
  id: string
  kind: 'feed' | 'feed-result' | 'report' | 'schema'
  contentType: string
  sellerId: string
  /** Absent until it is uploaded or first asked for. */
  bytes: Buffer | undefined
  gzip: boolean
  createdAt: number
}

export type Job = {
  id: string
  kind: 'feed' | 'report'
  type: string
  sellerId: string
  region: Region
  marketplaceIds: string[]
  status: 'IN_QUEUE' | 'IN_PROGRESS' | 'DONE' | 'FATAL' | 'CANCELLED'
  createdAt: number
  startedAt: number | undefined
  endedAt: number | undefined
  inputDocumentId: string | undefined
  resultDocumentId: string | undefined
  dataStartTime: string | undefined
  dataEndTime: string | undefined
}

export type Destination = { id: string; name: string; resource: Record<string, unknown> }
export type Subscription = {
  id: string
  sellerId: string
  region: Region
  type: string
  payloadVersion: string
  destinationId: string
  processingDirective: Record<string, unknown> | undefined
}

export type Application = { id: string; clientId: string; clientSecret: string }

/** Consent that began in the app store and waits for the app to send the seller back. */
export type StoreVisit = { amazonState: string; sellerId: string; region: Region; endsAt: number; used: boolean }

export type Kept = {
  application: Application
  choices: Choices
  sellers: Map<string, Seller>
  grants: Map<string, Grant>
  accessTokens: Map<string, AccessToken>
  codes: Map<string, ConsentCode>
  storeVisits: Map<string, StoreVisit>
  /** By seller, marketplace and SKU: see `listingKey`. */
  listings: Map<string, Listing>
  stocks: Map<string, Stock>
  orders: Order[]
  ordersById: Map<string, Order>
  confirmations: (TrueConfirmation & { packageReferenceId: string; reason?: string })[]
  documents: Map<string, StoredDocument>
  jobs: Map<string, Job>
  destinations: Map<string, Destination>
  subscriptions: Map<string, Subscription>
  lastNumber: number
}

export type Amazon = Kept & {
  origin: string
  /** The seller and site that tests, the console and hand-placed orders mean. */
  home: { sellerId: string; marketplaceId: string }
  /** Shortens every wait of the marketplace's own. */
  delayFactor: number
  agenda: Agenda
  faults: Faults
  meter: Meter
  log: RequestLog
  news: Delivery[]
  /** What reads still show after an eventual-read fault, by listing key. */
  stale: Map<string, { until: number; listing: Listing | undefined }>
  /** For tokens. */
  random: Random
  /** For order ids and addresses, so that a request more or less changes none of them. */
  orderRandom: Random
  requestCount: number
  /** When the last feed of a kind in the queue ends. */
  feedLines: Map<string, number>
  /** The change accepted last, so that a fault can make it vanish. */
  lastSubmission: { dropped: boolean } | undefined
}

export function listingKey(sellerId: string, marketplaceId: string, sku: string): string {
  return `${sellerId}\n${marketplaceId}\n${sku}`
}

export function findListing(
  amazon: Amazon,
  { sellerId, marketplaceId, sku }: { sellerId: string; marketplaceId: string; sku: string },
): Listing | undefined {
  const listing = amazon.listings.get(listingKey(sellerId, marketplaceId, sku))
  return listing && listing.deletedAt === undefined ? listing : undefined
}

/** One stock for all sites of the EU, where the switch says so. */
export function stockOf(amazon: Amazon, place: { sellerId: string; marketplaceId: string; sku: string }): Stock {
  const isShared = amazon.choices.sharedEuStock && marketplaceOf(place.marketplaceId)?.region === 'eu'
  const key = listingKey(place.sellerId, isShared ? 'eu' : place.marketplaceId, place.sku)
  const known = amazon.stocks.get(key)
  if (known) return known
  const stock = { quantity: 0 }
  amazon.stocks.set(key, stock)
  return stock
}

export function nextNumber(amazon: Amazon): number {
  amazon.lastNumber += 1
  return amazon.lastNumber
}

export function digits(random: Random, count: number): string {
  return Array.from({ length: count }, () => wholeNumber(random, 0, 9)).join('')
}

/** Some waits of the marketplace, shortened for demonstrations. */
export function after(amazon: Amazon, at: number, seconds: number): Date {
  return new Date(at + Math.round(seconds * 1000 * amazon.delayFactor))
}

export function decimal(minor: number): string {
  const sign = minor < 0 ? '-' : ''
  const whole = Math.abs(minor)
  return `${sign}${Math.floor(whole / 100)}.${String(whole % 100).padStart(2, '0')}`
}

/** From "12.50", or a number as listing attributes have it. */
export function minorOf(amount: unknown): number | undefined {
  const value = typeof amount === 'string' && amount.trim() !== '' ? Number(amount) : amount
  return typeof value === 'number' && Number.isFinite(value) ? Math.round(value * 100) : undefined
}
