// A Wish of our own: two stores, their products, their buyers and all that goes wrong, on whatever clock it is given.
import { createAgenda } from '../kit/agenda.ts'
import { answerControl } from '../kit/control-routes.ts'
import { createFaults } from '../kit/faults.ts'
import { bringBackParts, keepParts } from '../kit/keep.ts'
import { createMeter } from '../kit/meter.ts'
import { forkRandom, hex } from '../kit/random.ts'
import { createRequestLog } from '../kit/request-log.ts'
import { splitUrl } from '../kit/routes.ts'
import { createApp, giveTokens } from './access.ts'
import { answerRequest } from './answer.ts'
import { buyerMix, createBuyers } from './buyers.ts'
import { seedCatalogue } from './catalogue.ts'
import { choicesDefault } from './choices.ts'
import { ownRoutes } from './control-routes.ts'
import { createControl } from './control.ts'
import { answerFile, fileFolder } from './jobs.ts'
import { takeDeliveries } from './news.ts'
import { answerPerson } from './oauth-pages.ts'
import { newId } from './products.ts'
import { base, countries, currencies, scopes } from './reference.ts'
import type { RateLimit } from '../kit/meter.ts'
import type { Outcome, SandboxRequest, SandboxOptions, SandboxWorld, ServedSandbox } from '../kit/sandbox.ts'
import type { BuyerMix, Buyers } from './buyers.ts'
import type { Choices } from './choices.ts'
import type { WishControl } from './control.ts'
import type { Merchant, Wish } from './state.ts'

/** The currency is that of the first store; the second sells in euros. */
export type WishOptions = SandboxOptions & {
  revenueType?: 'COST_BASED' | 'REV_SHARE'
  /** Whether changed content waits for the automated review, in the first store. */
  hasListingReview?: boolean
  /** The name and the registered redirect URI of the hub's own app. */
  appName?: string
  redirectUri?: string
  catalogueSize?: number
  ordersPerDay?: number
  mix?: Partial<BuyerMix>
  /** One for all operations. */
  limit?: RateLimit
  choices?: Partial<Choices>
}

export type WishAccount = {
  clientId: string
  clientSecret: string
  accessToken: string
  accessTokenEndsAt: string
  refreshToken: string
  merchantId: string
}

export type WishSandbox = ServedSandbox & {
  control: WishControl
  /** What a client signs in with, as it is now. */
  account(): WishAccount
}

/** Wish limits by merchant and app together and publishes no number; this is our own. */
export const limitDefault: RateLimit = { perSecond: 10, burst: 30 }
export const catalogueSizeDefault = 40
/** Apps and stores are older than any run, so that a seed gives them the same ids whenever it begins. */
const foundedAt = new Date('2024-01-15T00:00:00Z')
export const redirectUriDefault = 'http://127.0.0.1:8080/connect/wish'

const unknownId = '0123456789abcdef01234567'
const introduced = {
  operations: {
    listOrders: 'orders.list',
    ship: 'orders.tracking',
    pushStock: 'products.update',
    publish: 'products.create',
  },
  unknown: { order: unknownId, listing: unknownId, variant: unknownId },
}

export function createWishSandbox(world: SandboxWorld, options: WishOptions = {}): WishSandbox {
  // The order of these draws is part of what a seed means.
  const streams = {
    ids: forkRandom(() => world.random()),
    faults: forkRandom(() => world.random()),
    catalogue: forkRandom(() => world.random()),
    buyers: forkRandom(() => world.random()),
  }
  const now = () => world.now()
  const wish = emptyWish(options, streams)
  const [first, second] = [...wish.merchants.values()] as [Merchant, Merchant]
  const app = [...wish.apps.values()][0]
  const given = { clientId: app?.clientId ?? '', merchantId: first.id, scopes: [...scopes] }
  giveTokens(wish, given, now())
  const size = options.empty === true ? 0 : (options.catalogueSize ?? catalogueSizeDefault)
  seedCatalogue(wish, first, { random: streams.catalogue, size, now: now() })
  seedCatalogue(wish, second, { random: streams.catalogue, size: Math.min(size, 12), now: now() })
  const mix = { ...buyerMix, ...options.mix }
  const buyers = new Map<string, Buyers>()
  for (const merchant of [first, second]) {
    buyers.set(merchant.id, createBuyers(wish, merchant, { random: forkRandom(streams.buyers), mix }))
  }
  buyers.get(first.id)?.setPace(options.ordersPerMinute ?? (options.ordersPerDay ?? 0) / 1440, now())
  const advance = () => wish.agenda.runUntil(now())
  const buyersOf = (id: string) => buyers.get(id) ?? createBuyers(wish, first, { random: streams.buyers, mix })
  const control = createControl(wish, { merchantId: first.id, buyersOf, now, advance })
  const account = () => currentAccount(wish, given)
  return {
    marketplace: 'wish',
    control,
    account,
    advance,
    handle(request) {
      advance()
      const host = request.headers['host']
      if (options.origin === undefined && host !== undefined) wish.origin = `http://${host}`
      return Promise.resolve(answer(wish, control, request, now()))
    },
    introduce: (origin) => ({
      url: origin,
      tokenUrl: `${origin}${base}/oauth/access_token`,
      consoleUrl: `${origin}/__sandbox/`,
      account: account(),
      ...introduced,
    }),
    takeDeliveries: () => takeDeliveries(wish),
    keep: () => keepParts(wish, kept),
    bringBack: (bytes) => bringBack(wish, bytes),
  }
}

function answer(wish: Wish, control: WishControl, request: SandboxRequest, at: Date): Outcome {
  const { path } = splitUrl(request.url)
  const response =
    answerControl(control, ownRoutes(wish, control), request) ??
    (path.startsWith(fileFolder) ? answerFile(wish, path, at) : answerPerson(wish, request, at))
  return response ? { kind: 'response', response } : answerRequest(wish, request, at)
}

const kept = [
  'choices',
  'merchants',
  'apps',
  'accessTokens',
  'refreshTokens',
  'codes',
  'sessions',
  'ordersById',
  'jobs',
  'confirmations',
  'answers',
] as const satisfies (keyof Wish)[]

/** What was under way has no one left to end it. */
function bringBack(wish: Wish, bytes: Buffer): void {
  const { choices } = wish
  bringBackParts(wish, kept, bytes)
  // Others hold the choices by reference.
  wish.choices = Object.assign(choices, wish.choices)
  wish.productVersion += 1
  for (const job of wish.jobs.values()) {
    if (job.status === 'PENDING' || job.status === 'CREATING') job.status = 'EXCEPTION'
  }
  for (const order of wish.ordersById.values()) {
    if (order.processing?.status === 'IN_PROGRESS') order.processing.status = 'FAILED'
  }
}

function currentAccount(wish: Wish, { clientId, merchantId }: { clientId: string; merchantId: string }): WishAccount {
  const isOwn = (one: { clientId: string; merchantId: string }) =>
    one.clientId === clientId && one.merchantId === merchantId
  const access = [...wish.accessTokens.values()].filter((one) => isOwn(one))
  const refresh = [...wish.refreshTokens.values()].filter((one) => isOwn(one))
  const newestAccess = access.findLast((one) => !one.revokedAt) ?? access.at(-1)
  const newestRefresh = refresh.findLast((one) => !one.endedAt) ?? refresh.at(-1)
  return {
    clientId,
    clientSecret: wish.apps.get(clientId)?.clientSecret ?? '',
    accessToken: newestAccess?.token ?? '',
    accessTokenEndsAt: newestAccess?.endsAt.toISOString() ?? '',
    refreshToken: newestRefresh?.token ?? '',
    merchantId,
  }
}

function emptyWish(options: WishOptions, streams: { ids: () => number; faults: () => number }): Wish {
  const wish: Wish = {
    choices: { ...choicesDefault, ...options.choices },
    delayFactor: options.delayFactor ?? 1,
    origin: options.origin ?? 'http://wish.sandbox.test',
    merchants: new Map(),
    apps: new Map(),
    accessTokens: new Map(),
    refreshTokens: new Map(),
    codes: new Map(),
    sessions: new Map(),
    ordersById: new Map(),
    jobs: new Map(),
    confirmations: [],
    log: createRequestLog(),
    answers: 0,
    news: [],
    stale: new Map(),
    productVersion: 0,
    agenda: createAgenda(),
    faults: createFaults(streams.faults, options.faults),
    meter: createMeter(options.limit ?? limitDefault),
    random: streams.ids,
  }
  createApp(
    wish,
    {
      name: options.appName ?? 'Fairlead',
      redirectUri: options.redirectUri ?? redirectUriDefault,
      kind: 'hub',
      clientId: newId(wish, foundedAt),
      clientSecret: hex(streams.ids, 32),
    },
    foundedAt,
  )
  addMerchant(wish, { name: 'The Sandbox Store', userName: 'first-seller', options })
  const second = { currency: 'EUR', revenueType: 'COST_BASED', hasListingReview: true } as const
  addMerchant(wish, { name: 'Another Store', userName: 'second-seller', options: second })
  return wish
}

function addMerchant(
  wish: Wish,
  given: {
    name: string
    userName: string
    options: Pick<WishOptions, 'currency' | 'revenueType' | 'hasListingReview'>
  },
): void {
  const { name, userName, options } = given
  const { currency = 'GBP' } = options
  if (!Object.hasOwn(currencies, currency)) {
    throw new Error(`The currency must be one of ${Object.keys(currencies).join(', ')}.`)
  }
  const all = Object.keys(countries)
  const address = {
    ship_to_name: name,
    street_address1: '1 Warehouse Road',
    city: 'Ashford',
    state: 'Kent',
    zipcode: 'TN23 1PH',
    country_code: 'GB',
  }
  const merchant: Merchant = {
    id: newId(wish, foundedAt),
    name,
    userName,
    password: `${userName}-password`,
    currency,
    revenueType: options.revenueType ?? 'REV_SHARE',
    isActive: true,
    isDisabled: false,
    hasListingReview: options.hasListingReview ?? false,
    warehouses: [
      { id: newId(wish, foundedAt), name: 'Default', shipping_type: 'STANDARD', address, destination_countries: all },
      {
        id: newId(wish, foundedAt),
        name: 'Express UK',
        shipping_type: 'WISH_EXPRESS',
        address,
        destination_countries: ['GB'],
      },
    ],
    shipping: all.map((code) => ({ country_code: code, enabled: true })),
    products: new Map(),
    bySku: new Map(),
    orders: [],
    requests: new Map(),
    subscriptions: [],
  }
  wish.merchants.set(merchant.id, merchant)
}
