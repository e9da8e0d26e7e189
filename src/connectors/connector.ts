// The contract between the engine and a marketplace. A connector is plain translation: it is handed all it touches,
// and a section it leaves out is a thing the marketplace cannot do. Screens and schedule read that; there are no flags.
import type {
  ListingAttribute,
  ListingCategory,
  ListingDraft,
  ListingFault,
  ListingLimits,
} from '../domain/listings/draft.ts'
import type { KnownOfVariant } from '../domain/listings/known-of-variant.ts'
import type { ChannelListing, ListingRef, ListingState } from '../domain/listings/listing.ts'
import type { Money } from '../domain/money.ts'
import type { ChannelOrder } from '../domain/orders/channel-order.ts'
import type { CancelReason } from '../domain/orders/cancelling.ts'
import type { ChannelOrderStatus } from '../domain/orders/order.ts'

export type {
  ListingAttribute,
  ListingCategory,
  ListingDraft,
  ListingFault,
  ListingLimits,
  ListingVariation,
} from '../domain/listings/draft.ts'
export type { KnownOfVariant } from '../domain/listings/known-of-variant.ts'
export type { ChannelListing, ListingRef, ListingState } from '../domain/listings/listing.ts'
export type { Address, ChannelOrder } from '../domain/orders/channel-order.ts'
export type { ChannelOrderStatus } from '../domain/orders/order.ts'

export type Connector<Account extends AccountFields = AccountFields> = {
  /** Stored with every order, so never renamed. */
  id: string
  name: string
  /** One sentence for sellers who choose a marketplace. Left out: how signing in works is said in general words. */
  summary?: string
  documentation: string
  /** What signing in needs, as the form shows it. */
  account: { [Field in keyof Account]: AccountField }
  /** Our own application's credentials, which the operator gives once; left out where the marketplace needs none. */
  app?: Record<string, AppField>
  http: {
    /** Production address; a sandbox replaces it per channel account. */
    baseUrl: string
    /** Further addresses by name, for requests with `host`: regions, the token service. A sandbox's one address replaces them all. */
    hosts?: Record<string, string>
    /** Adds credentials and the headers each request needs. */
    sign(request: HttpRequest, call: Call<Account>): HttpRequest
    /** A response that is not a success, as one of our five refusals. */
    explain(response: HttpResponse, request: HttpRequest): Refusal
    /** Our pace per account for requests without a plan; the engine's token bucket starts from it. */
    requestsPerMinute: number
    /** Published plans by operation, for requests that name theirs in `plan`. Each is a bucket of its own per account. */
    plans?: Record<string, { perSecond: number; burst: number }>
  }
  /** Sites that are chosen before signing in (Amazon's country sites); elsewhere the account's own are found after it. */
  sites?: { id: string; name: string; currency: string }[]
  /** Signing in by redirect. Left out: the fields of `account` are typed. */
  consent?: Consent<Account>
  /** Credentials that end and are renewed in time. The engine lets one process at a time renew an account. */
  renewal?: {
    /** From when on they should be renewed, well before `endsAt`; null: these never end. */
    dueAt(account: Account): Date | null
    /** When they stop working; null: never, or not known. */
    endsAt(account: Account): Date | null
    /** The whole account anew. Refused for good it ends with 'signed-out'; a lost answer with 'wait' or 'unclear'. */
    renew(call: Call<Account>): Promise<Account>
  }
  /** Reads what a marketplace sends us unasked. It only says where to look again (level-triggered). */
  notifications?: {
    read(received: ReceivedNotification, app: Record<string, string>): Nudge[] | 'forged'
    /** Asks for them to be sent to this address; may be repeated. */
    subscribe?(call: Call<Account>, address: string): Promise<Reply>
  }
  /** Tries the credentials and names the places they open. Refused credentials end the call with 'signed-out' or 'rejected'. */
  findSites(call: Call<Account>): Promise<Site[]>
  orders: {
    /** How often to look for new ones where the marketplace's plan allows no more; 15 where left out. */
    pullEverySeconds?: number
    /** Every status word of theirs that we know, for the health page and the tests. */
    statuses: Record<string, ChannelOrderStatus>
    pull(call: Call<Account>, from: PullFrom): Promise<Page<ChannelOrder>>
    /** One order, to look again; 'gone' ends the call where it no longer exists. */
    read(call: Call<Account>, marketplaceOrderId: string): Promise<ChannelOrder>
    /** The reason is one of `cancelReasons`, or the seller's own words. */
    cancel?(call: Call<Account>, marketplaceOrderId: string, reason: string): Promise<Reply>
    /** Those of our reasons that the marketplace has a word for; all of them where left out. */
    cancelReasons?: CancelReason[]
    /** What became of a cancel that was 'pending'. */
    checkCancel?(call: Call<Account>, ticket: string): Promise<Reply>
    /** The shipping services the marketplace names, besides those seen on orders (C1). */
    shippingServices?(call: Call<Account>): Promise<{ code: string; name: string }[]>
  }
  listings?: {
    pull(call: Call<Account>, from: PullFrom): Promise<Page<ChannelListing>>
    read(call: Call<Account>, ref: ListingRef): Promise<ChannelListing>
    /** All SKUs of one listing by one question. Left out: they are read one by one. */
    readAll?(call: Call<Account>, marketplaceListingId: string): Promise<ChannelListing[]>
    /** All listings with this SKU, in any state. May be none or many: never take the first. */
    findBySku(call: Call<Account>, channelSku: string): Promise<ChannelListing[]>
    /** A product with variations is found by the SKU of the whole, and by none of theirs. */
    findsWholes?: true
    publish(call: Call<Account>, draft: ListingDraft): Promise<Reply>
    /** Changes what the draft says of a listing that exists; its stock and price stay with the pushes. */
    update?(call: Call<Account>, ref: ListingRef, draft: ListingDraft): Promise<Reply>
    end(call: Call<Account>, ref: ListingRef): Promise<Reply>
    /** What became of a publish, update or end that was 'pending'. */
    check?(call: Call<Account>, ticket: string): Promise<Reply>
    /** What `check` takes for listings that were only found; undefined where the marketplace does not look at them any more. Pure. */
    ticketOf?(call: Call<Account>, found: ChannelListing[]): string | undefined
    /** Below a category, or the top ones; only leaves take listings. */
    categories?(call: Call<Account>, parentId: string | null): Promise<ListingCategory[]>
    attributes?(call: Call<Account>, categoryId: string): Promise<ListingAttribute[]>
    /** What it takes in this category at this site; null: before one is chosen. Pure. */
    limits(site: Site, categoryId: string | null): ListingLimits
    /** What it would surely refuse besides limits, required attributes and choices, which are checked for every marketplace. Pure. */
    faults?(draft: ListingDraft, site: Site): ListingFault[]
    /** Whether the draft joins a product the marketplace has, so that its texts, pictures and attributes count for nothing. Pure. */
    joins?(draft: ListingDraft): boolean
    /** Products the marketplace has with this draft's barcodes. With the attributes of one the draft joins it. */
    match?(call: Call<Account>, draft: ListingDraft): Promise<ListingMatch[]>
    /** Leaves it proposes for this product, the best first. */
    recommend?(call: Call<Account>, draft: ListingDraft): Promise<ListingCategory[]>
    /** What it calls by attributes of its own of what is known of the variants in one listing. What a person says comes first. Pure. */
    derive?(variants: KnownOfVariant[], site: Site): Record<string, string>
    /** The attribute a listing's own shipping price goes out under. Left out: it takes none with a listing. */
    shippingAttribute?: string
    /** Its own look at a draft before it is sent (a listing check, a preview): none where it would take it. */
    precheck?(call: Call<Account>, draft: ListingDraft): Promise<ListingFault[]>
    /** Its words for refusing a listing, as the parts they are about and what to do. */
    explainRefusal?(reason: string): ListingFault[]
  }
  stock?: {
    /** Reports of one push. A push may ask for several at once, as far as the pace lets it. */
    batchMax: number
    /** Some listings end for good when they show 0, so a new channel's stock threshold begins at 0 (A10). */
    zeroMayBeFinal?: boolean
    push(call: Call<Account>, reports: StockReport[]): Promise<Reply[]>
    bulk?: BulkPush<Account, StockReport>
  }
  prices?: {
    batchMax: number
    push(call: Call<Account>, reports: PriceReport[]): Promise<Reply[]>
    bulk?: BulkPush<Account, PriceReport>
  }
  shipments?: {
    /** Our carrier code → their word. A carrier not here goes out under their word for "other". */
    carriers: Record<string, string>
    /** Safe to repeat. A parcel already confirmed with the same tracking is 'done'. */
    confirm(call: Call<Account>, shipment: ShipmentReport): Promise<Reply>
  }
}

/** A product of the marketplace's own catalogue. */
export type ListingMatch = {
  title: string
  imageUrl: string | null
  url: string | null
  barcode: string
  categoryId: string | null
  /** To be put into the draft. */
  attributes: Record<string, string>
}

export type AccountFields = Record<string, string>
export type AccountField = {
  label: string
  help?: string
  secret: boolean
  /** May stay empty: it is filled in by consent or renewal. An empty field is ''. */
  optional?: boolean
  /** On no form: kept by consent and renewal alone (an access token and its end). Implies optional. */
  hidden?: boolean
}
/** One credential of our own application; its environment variable is FAIRLEAD_APP_<MARKETPLACE>_<NAME_IN_CAPITALS>. */
export type AppField = {
  label: string
  secret: boolean
  /** Not needed for every way of connecting. */
  optional?: boolean
}

export type Consent<Account extends AccountFields = AccountFields> = {
  /** Path and query of the page to open in the seller's browser, on the named host of `http.hosts`. */
  page(
    app: Record<string, string>,
    ask: { state: string; redirectUri: string; siteId: string | null; account: Partial<Account> },
  ): { host: string; url: string }
  /** Understands what the marketplace sends the browser back with. */
  read(query: Record<string, string>): ConsentAnswer
  /** The code for the account, once. `call.site.id` is the site chosen before; typed fields are in `call.account`. */
  exchange(
    call: Call<Account>,
    answer: Extract<ConsentAnswer, { kind: 'allowed' }>,
    redirectUri: string,
  ): Promise<Account>
  /**
   * Consent begun at the marketplace's side: what it opens at our login address, and where to send the browser once the
   * seller is signed in here. Undefined where the query is no such beginning. The address must be the marketplace's own.
   */
  begunThere?(
    query: Record<string, string>,
    ask: { state: string; redirectUri: string },
  ): { host: string; url: string } | undefined
  /** The seller may bring his own application (Wish): then these account fields are asked for before the page opens. */
  ownApp?: { fields: (keyof Account & string)[]; steps: string[] }
}

export type ConsentAnswer =
  | {
      kind: 'allowed'
      code: string
      /** Null where the seller began at the marketplace's side. */ state: string | null
      sellerId: string | null
    }
  | { kind: 'refused'; state: string | null; reason: string }
  | { kind: 'not-understood'; state: string | null }

/** Many figures as one file. Worth it from `from` reports on; taken for processing, and every entry has an answer of its own later. */
export type BulkPush<Account extends AccountFields, Report> = {
  from: number
  batchMax: number
  /** 'pending' with its ticket, or a refusal of the whole. */
  submit(call: Call<Account>, reports: Report[]): Promise<Extract<Reply, { kind: 'pending' }> | Refusal>
  /** 'wait' as long as it is worked on. An entry it has no answer for is 'unclear'. The reports are those submitted, in order. */
  check(
    call: Call<Account>,
    ticket: string,
    reports: Report[],
  ): Promise<{ kind: 'settled'; replies: Reply[] } | Refusal>
  /** Takes a file back that is not worked on, lest its old figures come after newer ones. A refusal is no matter. */
  cancel?(call: Call<Account>, ticket: string): Promise<void>
}

/** Header names are lower-case; the body is byte for byte what came. */
export type ReceivedNotification = { headers: Record<string, string>; query: Record<string, string>; body: string }

/** "Look again at this." */
export type Nudge = {
  /** The marketplace's own id of the message, or a hash of it: a repeated one is dropped. */
  id: string
  /** Which account or site it is about, as in `Site`; both null: all of this marketplace. */
  sellerId: string | null
  siteId: string | null
  about: 'orders' | 'listings' | 'account'
  /** The order or listing, where it says. */
  reference: string | null
}

/** All that a connector may touch: no global clock, no fetch, no database. */
export type Call<Account extends AccountFields = AccountFields> = {
  account: Account
  /** Our own application's credentials at this marketplace, where it has any. */
  app: Record<string, string>
  site: Site
  /** The time now, each time it is read. */
  readonly now: Date
  /** Signed, paced and recorded by the engine. A refused response ends the call by throwing `RefusedError`. */
  send(request: HttpRequest): Promise<HttpResponse>
  /** The same for a body too large for the memory: its bytes as they come. A break in the middle throws `RefusedError`. */
  stream(request: HttpRequest): Promise<AsyncIterable<Uint8Array>>
  /** A picture of a draft by its link: one of ours, or from elsewhere through the guard. Refused where it cannot be had. */
  picture(link: string): Promise<Uint8Array>
}

export type HttpRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path below the base URL ("/my/listings"), or a link the marketplace gave: relative to its origin or absolute. */
  url: string
  query?: Record<string, string | number | undefined>
  headers?: Record<string, string>
  /** Sent as JSON: exactly `JSON.stringify(body)`, so that a signature can cover it. */
  body?: unknown
  /** Sent instead of `body`. A form is application/x-www-form-urlencoded. */
  form?: Record<string, string>
  bytes?: { contentType: string; content: Uint8Array }
  /** True for a request that changes nothing over there, so that a lost answer may simply be asked again. Default: GET. */
  safe?: boolean
  /** A name in `http.hosts`; the base address where left out. */
  host?: string
  /** A name in `http.plans`; left out: the account's pace for all that has no plan. */
  plan?: string
  /** A link of its own that carries its right in itself (a presigned file): sent as it is, without our credentials, to whatever host it names. */
  presigned?: boolean
  /** 'any': the answer need not be JSON; read `text`. Default 'json'. */
  answer?: 'json' | 'any'
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
  /** Where the marketplace counts stock per warehouse: those of this site. One is chosen by name when connecting (A5). */
  warehouses?: Warehouse[]
  /** The chosen one, in a `Call`. */
  warehouse?: Warehouse
}

export type Warehouse = { id: string; name: string; isDefault: boolean }

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
  /** More pages are waiting: now, or after `waitSeconds` where the marketplace is preparing them (a report, a bulk job). */
  more: boolean
  waitSeconds?: number
  /**
   * Further items of this page, read as they stream from a large file. The engine stores them part by part (some 1,000
   * each) and the cursor after the last; broken off, the page is asked for again. A break throws `RefusedError`.
   */
  parts?: AsyncIterable<{ items: T[]; unreadable: Page<T>['unreadable'] }>
  /** How many there are in all, where the marketplace says so. For progress. */
  total?: number
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

const answersOf = new WeakMap<object, Map<string, Promise<unknown>>>()

/** Asks once per call and key, for a call lives only as long as one piece of work. A refusal is no answer to keep. */
export function once<T>(call: object, key: string, ask: () => Promise<T>): Promise<T> {
  const answers = answersOf.get(call) ?? new Map<string, Promise<unknown>>()
  answersOf.set(call, answers)
  const known = answers.get(key) as Promise<T> | undefined
  if (known) return known
  const asked = ask()
  answers.set(key, asked)
  asked.catch(() => answers.delete(key))
  return asked
}
