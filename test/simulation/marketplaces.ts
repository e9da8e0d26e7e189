// What the simulation must be told of each marketplace: how its sandbox is opened and with which pains, its words for
// carriers and statuses, and which of its requests carries which figure. A new marketplace adds an entry.
import { createAmazonSandbox } from '../../sandboxes/amazon/index.ts'
import type { SandboxControl } from '../../sandboxes/kit/control.ts'
import type { SandboxWorld, ServedSandbox } from '../../sandboxes/kit/sandbox.ts'
import { createReverbSandbox } from '../../sandboxes/reverb/index.ts'
import { createTiktokSandbox } from '../../sandboxes/tiktok/index.ts'
import { createWishSandbox } from '../../sandboxes/wish/index.ts'
import type { ChannelOrderStatus } from '../../src/domain/orders/order.ts'
import { amazonFigures, tiktokFigures, wishFigures, reverbFigures, type Figure } from './figures.ts'
import type { Tape } from './tape.ts'

export const marketplaceIds = ['amazon', 'reverb', 'tiktok', 'wish'] as const
export type MarketplaceId = (typeof marketplaceIds)[number]

/** As suppliers write them. */
export const carriers = ['royal-mail', 'UPS', 'dpd uk', 'Night Owl Couriers'] as const
export type Carrier = (typeof carriers)[number]

/** An article on sale. The price is in units of the currency. */
export type Line = { sku: string; title: string; price: number; inventory: number; isOneOfAKind?: boolean }

export type OpenSandbox = {
  sandbox: ServedSandbox
  control: Omit<SandboxControl, 'addListings' | 'placeOrders'>
  addListings(lines: Line[]): void
  /** Somebody buys one of it now. Whether he could. */
  buy(sku: string): boolean
  /** What the seller types to sign in again. Left out: he goes through the consent page. */
  typedAccount?(): Record<string, string>
  /** What he has to type has ended: on the marketplace's own pages he makes himself another. */
  renewTyped?(): Promise<void>
  /** Access tokens end before their time. */
  endTokens?(): void
  /** An order that was shipped is to be shipped once more. */
  releaseAgain?(number: string): unknown
  /** A lost answer to a renewal ends the account for good: nobody can help it. */
  losesAccounts?: boolean
  /** A lost answer to a renewal is made good within the hour, or never. */
  keepsOldForAnHour?: boolean
}

export type Words = {
  /** The sandbox's names for what the connector asks, as its meter counts them. */
  operations: { listOrders: string; ship: string; pushStock: string; renew?: string }
  /** Its word for a carrier; one that is missing it does not take. */
  providers: Partial<Record<Carrier, string>>
  /** Its word for an order → ours, written down a second time. Several where more than the word decides. */
  statuses: Record<string, ChannelOrderStatus[]>
  /** Of one order; a further one is shown to a person. */
  parcelsMax: number
  /** The same SKU may be listed twice. */
  skusRepeat?: boolean
  /** A dispatch is taken first and counts later, so that it may be told again while nothing is shown. */
  isLater?: boolean
  /** For which reasons a person is shown that a parcel could not be told. */
  refusals?: RegExp
  /** What still leaves while the sales channel is switched off. */
  confirming: RegExp
  figures(request: { method: string; path: string; body: string }): Figure[]
  open(world: SandboxWorld, origin: string, draw: Draw): OpenSandbox
}

/** Decides from the tape, under a name of its own. */
export type Draw = <const T>(name: string, options: readonly T[]) => T

export function drawFrom(tape: Tape, marketplace: MarketplaceId): Draw {
  return (name, options) => tape.pick(`${marketplace}/${name}`, options)
}

/** Their stories end within hours, so that a run can come to rest. */
const delayFactor = 0.2
const empty = { empty: true, delayFactor } as const

export const marketplaces: Record<MarketplaceId, Words> = {
  amazon: {
    operations: {
      listOrders: 'searchOrders',
      ship: 'confirmShipment',
      pushStock: 'patchListingsItem',
      renew: 'token',
    },
    providers: {
      'royal-mail': 'Royal Mail',
      UPS: 'UPS',
      'dpd uk': 'dpd uk',
      'Night Owl Couriers': 'Night Owl Couriers',
    },
    statuses: {
      PENDING: ['awaiting-payment'],
      // It stays UNSHIPPED when the buyer asks for a cancellation.
      UNSHIPPED: ['to-ship', 'on-hold'],
      PARTIALLY_SHIPPED: ['to-ship', 'on-hold'],
      SHIPPED: ['shipped'],
      CANCELLED: ['cancelled'],
    },
    parcelsMax: Infinity,
    isLater: true,
    confirming:
      /^\/orders\/2026-01-01\/orders\/[^/]+$|\/shipmentConfirmation$|^\/feeds\/2021-06-30\/(feeds|documents)\/[^/]+$|^\/documents\/|^\/auth\/o2\/token$/,
    figures: amazonFigures,
    open(world, origin, draw) {
      const sandbox = createAmazonSandbox(world, {
        ...empty,
        origin,
        mix: { pending: 0.2, cancelRequest: 0.06, cancelLater: 0.1, severalLines: 0.25 },
        choices: {
          listingDelaySeconds: draw('listing-delay', [30, 0, 300, 1500]),
          shipmentDelaySeconds: draw('shipment-delay', [30, 0, 600, 3000]),
          orderVisibilityDelaySeconds: draw('visibility', [0, 600, 3600]),
          freshOrdersAtOnce: draw('fresh-orders', [true, false]),
          feedQueueSeconds: draw('feed-queue', [30, 600]),
          reportDelaySeconds: draw('report', [30, 300]),
          retryAfter: draw('retry-after', [false, true]),
          millisecondTimes: draw('milliseconds', [true, false]),
          mergeEverywhere: draw('merge', [false, true]),
        },
      })
      return {
        sandbox,
        control: sandbox.control,
        buy: (sku) =>
          sandbox.control.placeOrders([{ lines: [{ sku, quantity: 1 }] }]).some((one) => one.orders.length > 0),
        addListings: (lines) => void sandbox.control.addListings(lines.map(givenListing)),
        typedAccount: () => {
          const { sellerId, refreshToken } = sandbox.account
          return { sellerId, refreshToken }
        },
      }
    },
  },
  reverb: {
    operations: { listOrders: 'orders.list', ship: 'orders.ship', pushStock: 'listings.update' },
    providers: { 'royal-mail': 'Royal Mail', UPS: 'UPS', 'dpd uk': 'DPD UK', 'Night Owl Couriers': 'Other' },
    statuses: {
      unpaid: ['awaiting-payment'],
      payment_pending: ['awaiting-payment'],
      partially_paid: ['awaiting-payment'],
      pending_review: ['on-hold'],
      paid: ['to-ship'],
      shipped: ['shipped'],
      picked_up: ['shipped'],
      received: ['shipped'],
      refunded: ['refunded'],
      cancelled: ['cancelled'],
      blocked: ['cancelled'],
    },
    parcelsMax: 1,
    skusRepeat: true,
    confirming: /\/my\/orders\/selling\/\d+(\/ship)?$/,
    figures: reverbFigures,
    open(world, origin) {
      const sandbox = createReverbSandbox(world, {
        ...empty,
        origin,
        currency: 'GBP',
        // Buyers with more twists than usual.
        mix: {
          cancelLater: 0.2,
          bundle: 0.2,
          offer: 0.15,
          paymentPending: 0.1,
          pendingReview: 0.08,
          refundLater: 0.08,
        },
      })
      return {
        sandbox,
        control: sandbox.control,
        buy: (sku) =>
          sandbox.control.placeOrders([{ lines: [{ sku, quantity: 1 }] }]).some((one) => one.orders.length > 0),
        addListings: (lines) =>
          void sandbox.control.addListings(
            lines.map(({ isOneOfAKind, inventory, ...line }) =>
              isOneOfAKind ? { ...line, condition: 'Excellent' } : { ...line, inventory },
            ),
          ),
        typedAccount: () => ({ token: sandbox.account.token }),
      }
    },
  },
  tiktok: {
    operations: {
      listOrders: 'orders.search',
      ship: 'packages.create',
      pushStock: 'inventory.update',
      renew: 'token.refresh',
    },
    // Carriers go by number there, and others than the listed are not taken.
    providers: { 'royal-mail': '7117858858072016901', UPS: '7117858858072016909', 'dpd uk': '7117858858072016903' },
    statuses: {
      UNPAID: ['awaiting-payment'],
      ON_HOLD: ['on-hold'],
      // The buyer may have asked for a cancellation, or it goes by the marketplace's own delivery.
      AWAITING_SHIPMENT: ['to-ship', 'on-hold'],
      PARTIALLY_SHIPPING: ['to-ship', 'on-hold'],
      AWAITING_COLLECTION: ['shipped'],
      IN_TRANSIT: ['shipped'],
      DELIVERED: ['shipped'],
      COMPLETED: ['shipped'],
      CANCELLED: ['cancelled'],
    },
    parcelsMax: Infinity,
    refusals: /after-sale request/,
    confirming:
      /^\/order\/202507\/orders$|^\/fulfillment\/202309\/|^\/return_refund\/202309\/cancel|\/shipping_providers$|^\/api\/v2\/token\/refresh$|^\/authorization\/202309\/shops$/,
    figures: tiktokFigures,
    open(world, origin, draw) {
      const refreshGraceSeconds = draw('refresh-grace', [3600, 0])
      const sandbox = createTiktokSandbox(world, {
        ...empty,
        origin,
        app: { redirectUri: 'http://hub.test/connect' },
        mix: { basket: 0.25, paysLater: 0.15, cancelsOnHold: 0.1, asksToCancel: 0.08 },
        choices: {
          refreshGraceSeconds,
          accessTokenSeconds: draw('token-life', [4 * 3600, 2 * 3600]),
          retryAfter: draw('retry-after', ['seconds', 'date', 'zero', 'absent', 'mixed']),
          tokenErrorStatus: draw('token-error', [200, 400]),
          authStatus: draw('auth-status', ['http', 'ok']),
          businessStatus: draw('business-status', [200, 400]),
          shopCipher: draw('cipher', ['strict', 'lenient']),
          messages: draw('messages', ['live', 'reference']),
          onHold: draw('on-hold', ['buyers', 'never', 'always']),
          dispatch: 'own-carrier',
        },
      })
      return {
        sandbox,
        control: sandbox.control,
        buy: (sku) =>
          sandbox.control.placeOrders([{ lines: [{ sku, quantity: 1 }] }]).some((one) => one.orders.length > 0),
        addListings: (lines) => void sandbox.control.addListings(lines.map(givenListing)),
        endTokens: () => sandbox.control.expireTokens(),
        losesAccounts: refreshGraceSeconds === 0,
        keepsOldForAnHour: refreshGraceSeconds > 0,
      }
    },
  },
  wish: {
    operations: {
      listOrders: 'orders.list',
      ship: 'orders.tracking',
      pushStock: 'products.update',
      renew: 'oauth.refresh_token',
    },
    providers: { 'royal-mail': 'RoyalMail', UPS: 'UPS', 'dpd uk': 'DPDUK' },
    statuses: {
      REQUIRE_REVIEW: ['on-hold'],
      APPROVED: ['to-ship'],
      SHIPPED: ['shipped'],
      REFUNDED: ['refunded'],
      DECLINED: ['cancelled'],
    },
    parcelsMax: 2,
    isLater: true,
    // Its processing fails now and then, and what ends in a crash counts as sent: after eight tries a person is told.
    refusals: /took the tracking and then refused|keeps two parcels|Sent 8 times/,
    confirming:
      /^\/api\/v3\/orders\/(shipping_carriers|[0-9a-f]+(\/(tracking|refund|refund_reasons))?)$|^\/api\/v3\/merchant\/warehouses$|refresh_token$/,
    figures: wishFigures,
    open(world, origin, draw) {
      const sandbox = createWishSandbox(world, {
        ...empty,
        origin,
        // What is to be sent once more is told by mishaps.ts, which keeps account of it: V1 could not know it otherwise.
        mix: { review: 0.15, cancelLater: 0.12, basket: 0.2, releasedAgain: 0 },
        choices: {
          processingFails: draw('processing-fails', [0, 0.15, 0.3]),
          processingSeconds: draw('processing', [20, 100, 1500]),
          whileProcessing: draw('while-processing', ['refuse', 'accept']),
          inventories: draw('inventories', ['merge', 'replace']),
          oldRefreshToken: 'until-new-is-used',
          rotateRefreshToken: draw('rotate', [true, false]),
          // Renewed 15 days before their end: hours from now.
          accessTokenDays: draw('token-life', [15.1, 15.05]),
          resetStyle: draw('reset', ['epoch', 'iso', 'seconds', 'absent']),
          codeType: draw('code', ['integer', 'string', 'mixed']),
          tokenStatus: draw('token-status', [401, 400]),
        },
      })
      return {
        sandbox,
        control: sandbox.control,
        buy: (sku) =>
          sandbox.control.placeOrders([{ lines: [{ sku, quantity: 1 }] }]).some((one) => one.orders.length > 0),
        addListings: (lines) => void sandbox.control.addListings(lines.map(givenListing)),
        typedAccount: () => {
          const { accessToken, refreshToken } = sandbox.account()
          return { accessToken, refreshToken }
        },
        async renewTyped() {
          const { clientId, clientSecret, refreshToken } = sandbox.account()
          const query = new URLSearchParams({
            client_id: clientId,
            client_secret: clientSecret,
            refresh_token: refreshToken,
          })
          const url = `/api/v3/oauth/refresh_token?${query.toString()}&grant_type=refresh_token`
          await sandbox.handle({
            method: 'GET',
            url,
            headers: { host: new URL(origin).host },
            body: '',
            rawBody: Buffer.from(''),
          })
        },
        endTokens: () => sandbox.control.expireAccessTokens(),
        releaseAgain: (number) => sandbox.control.releaseAgain(number),
      }
    },
  },
}

function givenListing({ sku, title, price, inventory }: Line) {
  return { sku, title, price: price.toFixed(2), inventory }
}

export function isMarketplaceId(name: string): name is MarketplaceId {
  return (marketplaceIds as readonly string[]).includes(name)
}
