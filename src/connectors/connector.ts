// The contract between the engine and a marketplace. A connector is plain translation: it is handed all it touches,
// and a section it leaves out is a thing the marketplace cannot do. Screens and schedule read that; there are no flags.
import type { ChannelListing, ListingRef, ListingState } from '../domain/listings/listing.ts'
import type { Money } from '../domain/money.ts'
import type { ChannelOrder } from '../domain/orders/channel-order.ts'
import type { ChannelOrderStatus } from '../domain/orders/order.ts'

export type { ChannelListing, ListingRef, ListingState } from '../domain/listings/listing.ts'
export type { Address, ChannelOrder } from '../domain/orders/channel-order.ts'
export type { ChannelOrderStatus } from '../domain/orders/order.ts'

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
