// The contract between the engine and a marketplace. A connector is plain translation: it is handed all it touches,
// and a section it leaves out is a thing the marketplace cannot do. Screens and schedule read that; there are no flags.
import type { Money } from '../domain/money.ts'

export type Connector<Account extends AccountFields = AccountFields> = {
  /** Stored with every order, so never renamed. */
  id: string
  name: string
  documentation: string
  /** What signing in needs, as the form shows it. */
  account: { [Field in keyof Account]: AccountField }
  http: {
    /** Production address; a sandbox replaces it per channel account. */
    baseUrl: string
    /** Adds credentials and the headers each request needs. */
    sign(request: HttpRequest, call: Call<Account>): HttpRequest
    /** A response that is not a success, as one of our five refusals. */
    explain(response: HttpResponse, request: HttpRequest): Refusal
    /** Our pace per operation class where the marketplace publishes none; the engine's token bucket starts from it. */
    requestsPerMinute: number
  }
  /** Tries the credentials and names the places they open. Refused credentials end the call with 'signed-out' or 'rejected'. */
  findSites(call: Call<Account>): Promise<Site[]>
  orders: {
    /** Every status word of theirs that we know, for the health page and the tests. */
    statuses: Record<string, ChannelOrderStatus>
    pull(call: Call<Account>, from: PullFrom): Promise<Page<ChannelOrder>>
    /** One order, to look again; 'gone' ends the call where it no longer exists. */
    read(call: Call<Account>, marketplaceOrderId: string): Promise<ChannelOrder>
    cancel?(call: Call<Account>, marketplaceOrderId: string, reason: string): Promise<Reply>
  }
  listings?: {
    pull(call: Call<Account>, from: PullFrom): Promise<Page<ChannelListing>>
    read(call: Call<Account>, ref: ListingRef): Promise<ChannelListing>
    /** All listings with this SKU, in any state. May be none or many: never take the first. */
    findBySku(call: Call<Account>, channelSku: string): Promise<ChannelListing[]>
    publish(call: Call<Account>, draft: ListingDraft): Promise<Reply>
    end(call: Call<Account>, ref: ListingRef): Promise<Reply>
  }
  stock?: {
    batchMax: number
    /** Some listings end for good when they show 0, so a new channel's stock threshold begins at 0 (A10). */
    zeroMayBeFinal?: boolean
    push(call: Call<Account>, reports: StockReport[]): Promise<Reply[]>
  }
  prices?: { batchMax: number; push(call: Call<Account>, reports: PriceReport[]): Promise<Reply[]> }
  shipments?: {
    /** Our carrier code → their word. A carrier not here goes out under their word for "other". */
    carriers: Record<string, string>
    /** Safe to repeat. A parcel already confirmed with the same tracking is 'done'. */
    confirm(call: Call<Account>, shipment: ShipmentReport): Promise<Reply>
  }
}

export type AccountFields = Record<string, string>
export type AccountField = { label: string; help?: string; secret: boolean }

/** All that a connector may touch: no global clock, no fetch, no database. */
export type Call<Account extends AccountFields = AccountFields> = {
  account: Account
  /** Our own application's credentials at this marketplace, where it has any. */
  app: Record<string, string>
  site: Site
  now: Date
  /** Signed, paced and recorded by the engine. A refused response ends the call by throwing `RefusedError`. */
  send(request: HttpRequest): Promise<HttpResponse>
}

export type HttpRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path below the base URL ("/my/listings"), or a link the marketplace gave: relative to its origin or absolute. */
  url: string
  query?: Record<string, string | number | undefined>
  headers?: Record<string, string>
  /** Sent as JSON. */
  body?: unknown
  /** True for a request that changes nothing over there, so that a lost answer may simply be asked again. Default: GET. */
  safe?: boolean
}

export type HttpResponse = {
  status: number
  /** Lower-case names. */
  headers: Record<string, string>
  /** Parsed JSON; undefined where the body was empty or was no JSON. */
  json: unknown
  text: string
}

export type Reply =
  | { kind: 'done'; reference?: string }
  | { kind: 'pending'; ticket: string } // taken for processing, ask again later
  | Refusal

export type Refusal =
  | { kind: 'wait'; seconds: number; reason?: string } // rate limit or outage
  | { kind: 'signed-out'; reason?: string } // the seller must connect again
  | { kind: 'rejected'; reason: string } // will not succeed unchanged, a person decides
  | { kind: 'gone'; reason?: string } // no longer exists over there
  | { kind: 'unclear'; reason?: string } // may have taken effect: read back before repeating

/** Ends a call with its refusal. Thrown by `send`, and by connectors for answers that make no sense. */
export class RefusedError extends Error {
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(`${refusal.kind}: ${refusal.reason ?? ''}`)
    this.refusal = refusal
  }
}

/** A place the account sells: a shop or a country site. */
export type Site = {
  /** The marketplace's id of the shop or site. */
  id: string
  name: string
  /** Whose account this is over there: the same seller always has the same. Tells a wrong token on reauthorising. */
  sellerId: string
  currency: string
  /** Currencies listings may be priced in. */
  currencies: string[]
}

export type PullFrom = {
  /** What the last page gave back; null on the very first pull. */
  cursor: string | null
  /** Nothing before this instant is wanted on the first pull. */
  since: Date
}

export type Page<T> = {
  items: T[]
  /** Entries we could not read: kept and shown, never dropped. */
  unreadable: { reference: string | null; reason: string; raw: unknown }[]
  /** Stored in the transaction that stores the items. */
  cursor: string
  /** More pages are waiting now. */
  more: boolean
  /** How many there are in all, where the marketplace says so. For progress. */
  total?: number
}

export type ChannelOrderStatus =
  | 'awaiting-payment'
  | 'on-hold' // the marketplace looks at it; not to be shipped now
  | 'to-ship'
  | 'shipped'
  | 'cancelled'
  | 'refunded'
  | 'unknown' // kept as it is, raises a problem

export type ChannelOrder = {
  marketplaceOrderId: string
  /** Orders of one basket share it, where the marketplace splits baskets. */
  bundleId: string | null
  status: ChannelOrderStatus
  /** The marketplace's own word. */
  marketplaceStatus: string
  placedAt: Date
  updatedAt: Date
  paidAt: Date | null
  shipBy: Date | null
  currency: string
  totals: { itemsIncVat: Money; shippingIncVat: Money; tax: Money; grandTotal: Money }
  /** The marketplace's word for how it is to be shipped. */
  shippingService: string | null
  buyer: { name: string; email: string | null; phone: string | null } | null
  shipTo: Address | null
  localPickup: boolean
  lines: ChannelOrderLine[]
  /** Parcels the marketplace already knows of. */
  shipments: { carrier: string | null; trackingNumber: string | null }[]
  /** Their text of the order, kept encrypted. */
  raw: unknown
}

export type ChannelOrderLine = {
  marketplaceLineId: string
  marketplaceListingId: string | null
  marketplaceVariantId: string | null
  channelSku: string | null
  title: string
  quantity: number
  unitPriceIncVat: Money
}

export type Address = {
  name: string
  street: string
  extended: string
  city: string
  region: string
  postalCode: string
  /** ISO 3166-1 alpha-2. */
  countryCode: string
  phone: string
}

export type ListingState = 'live' | 'draft' | 'ended' | 'sold-out' | 'suspended' | 'unavailable' | 'unknown'

export type ListingRef = {
  marketplaceListingId: string
  marketplaceVariantId: string | null
  channelSku: string | null
}

export type ChannelListing = ListingRef & {
  title: string
  state: ListingState
  marketplaceState: string
  /** Null where the marketplace does not say. */
  quantity: number | null
  price: Money | null
  imageUrl: string | null
  /** Where a person sees it. */
  url: string | null
  barcode: string | null
  condition: string | null
  /** Showing 0 ends this listing and nothing revives it: a 0 that comes only from a threshold waits for a person (A10). */
  zeroIsFinal: boolean
  /** False where the listing is one of a kind and takes no quantity. */
  takesQuantity: boolean
}

export type ListingDraft = {
  channelSku: string
  title: string
  description: string
  price: Money
  quantity: number
  images: string[]
  barcode: string | null
  brand: string | null
  model: string | null
  /** Attributes by the marketplace's own keys: condition, category, shipping profile. */
  attributes: Record<string, string>
}

export type StockReport = ListingRef & { quantity: number; state: ListingState }
export type PriceReport = ListingRef & { price: Money }

export type ShipmentReport = {
  marketplaceOrderId: string
  packageNumber: number
  /** Our carrier code, see `carriers`. */
  carrier: string
  trackingNumber: string
  shippedAt: Date
  lines: { marketplaceLineId: string; quantity: number }[]
}
