// What every sandbox lets a test, a demonstration or a person do and see beside the marketplace's own protocol, in the
// same words for all of them. `control-routes.ts` puts it on HTTP below /__sandbox, each sandbox adds what is its own.
import type { FaultName, FaultRates } from './faults.ts'
import type { MeterReading, RateLimit } from './meter.ts'

export type Money = { minor: number; currency: string }

/** One article to add to the seller's listings. What is left out, the sandbox makes up. */
export type GivenListing = {
  sku: string
  title: string
  /** In units of the site's currency, such as "12.50". */
  price: string
  inventory: number
  /** Listed and buyable at once where left out; no review delay. */
  state?: 'live' | 'draft' | 'ended'
  barcode?: string
}

export type MadeListing = { id: string; variantId: string | null; sku: string }

/** An order placed by hand. A line of more than the stock is refused unless `force`. */
export type GivenOrder = {
  lines: { sku: string; quantity: number; unitPrice?: string }[]
  /** Kept with the order and shown in the truth. */
  reference?: string
  /** 'unpaid' stays so until `payOrder`. */
  status?: 'paid' | 'unpaid'
  buyerNumber?: number
  countryCode?: string
  /** The marketplace's own word for the shipping service. */
  shippingService?: string
  force?: boolean
}

/** A basket is one order or, where the marketplace makes one of every line, several. */
export type PlacedOrder = { orders: { number: string }[]; refused: { sku: string; reason: string }[] }

export type TrueListing = {
  id: string
  variantId: string | null
  sku: string
  title: string
  /** What a buyer could buy now, over all warehouses. */
  quantity: number
  price: Money
  isLive: boolean
  /** Every change of quantity and price, oldest first, with who made it. */
  history: { at: string; by: 'seller' | 'buyer' | 'sandbox'; quantity?: number; priceMinor?: number }[]
}

export type TrueOrder = {
  /** The marketplace's order id. */
  number: string
  reference: string | null
  /** The marketplace's own word. */
  status: string
  placedAt: string
  isPaid: boolean
  isCanceled: boolean
  /** Everything in it left. */
  isShipped: boolean
  total: Money
  /** One entry per line of the marketplace's own; `quantity` units each. */
  lines: { lineId: string; sku: string; quantity: number; unitPriceMinor: number }[]
}

/** Every dispatch confirmation that was sent, also the repeated and the refused. */
export type TrueConfirmation = {
  orderNumber: string
  trackingNumber: string
  /** The marketplace's own word for the carrier. */
  provider: string
  at: string
  /** 'repeated' changed nothing, 'replaced' changed the tracking of a parcel, 'refused' was told so. */
  outcome: 'accepted' | 'repeated' | 'replaced' | 'refused'
}

export type RequestLine = {
  at: string
  method: string
  url: string
  operation: string
  /** HTTP status, or 'silence' or 'reset'. */
  answer: number | string
  faults: string[]
}

/** Where our application lives, as it is registered with the marketplace. What is left out stays as it was. */
export type OurAddress = {
  /** Where consent leads back to. */
  redirectUri: string
  /** Where people sign in who begin at the marketplace's side. */
  loginUri?: string
  /** Where notifications go that are not asked for by calls. */
  webhookUrl?: string
}

export type Refused = { refusal: string } | undefined

export type SandboxControl = {
  addListings(lines: GivenListing[]): MadeListing[]
  placeOrders(orders: GivenOrder[]): PlacedOrder[]
  payOrder(number: string): Refused
  /** By the buyer or the marketplace. */
  cancelOrder(number: string): Refused
  /** One seeded buyer, now; the numbers of his orders. */
  buyNow(): string[]
  setOrdersPerMinute(ordersPerMinute: number): void
  ordersPerMinute(): number
  setFaults(rates: FaultRates): void
  armFault(name: FaultName, options?: { operation?: string; times?: number }): void
  faults(): { rates: FaultRates; struck: FaultRates }
  /** The seller takes back what he allowed: all his tokens stop working. */
  revokeAccount(): void
  restoreAccount(): void
  /** One limit for every operation instead of the marketplace's plan; undefined: its plan again. */
  setLimit(limit: RateLimit | undefined): void
  /** Does nothing where applications are not registered. */
  setOurAddress(address: OurAddress): void
  /** Whatever the marketplace takes its time for happens at once: reviews, files, processing. Buyers keep their pace. */
  noDelays(): void
  meter(): MeterReading
  requests(): readonly RequestLine[]
  truth(): { now: string; listings: TrueListing[]; orders: TrueOrder[]; confirmations: TrueConfirmation[] }
  /** The same for two runs that ended alike. */
  truthHash(): string
}
