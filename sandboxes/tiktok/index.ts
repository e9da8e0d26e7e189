// A TikTok Shop of our own: two sellers, their shops, products and buyers, and all that goes wrong, on whatever clock it
// is given.
import { createAgenda } from '../kit/agenda.ts'
import { answerControl } from '../kit/control-routes.ts'
import { createFaults } from '../kit/faults.ts'
import { createMeter } from '../kit/meter.ts'
import { forkRandom } from '../kit/random.ts'
import { createRequestLog } from '../kit/request-log.ts'
import { answerRequest } from './answer.ts'
import { buyerMix, createBuyers } from './buyers.ts'
import { seedCatalogue } from './catalogue.ts'
import { choicesDefault } from './choices.ts'
import { answerPerson } from './consent.ts'
import { ownRoutes } from './control-routes.ts'
import { createControl } from './control.ts'
import { grantTo, issueTokens } from './grants.ts'
import { bringBackTiktok, keepTiktok } from './keep.ts'
import { takeDeliveries } from './news.ts'
import { seededBrands } from './reference.ts'
import { createApp, createSellers, createShops } from './shops.ts'
import { nextId } from './state.ts'
import type { RateLimit } from '../kit/meter.ts'
import type { Random } from '../kit/random.ts'
import type { SandboxOptions, SandboxWorld, ServedSandbox } from '../kit/sandbox.ts'
import type { BuyerMix } from './buyers.ts'
import type { Choices } from './choices.ts'
import type { TiktokControl } from './control.ts'
import type { App, Tiktok } from './state.ts'

export type TiktokOptions = SandboxOptions & {
  /** The name, redirect and notification address of our app. */
  app?: Partial<App>
  catalogueSize?: number
  ordersPerDay?: number
  mix?: Partial<BuyerMix>
  /** Of every app, shop and endpoint. */
  limit?: RateLimit
  choices?: Partial<Choices>
}

export type TiktokAccount = {
  appKey: string
  appSecret: string
  serviceId: string
  accessToken: string
  accessTokenEndsAt: string
  refreshToken: string
  refreshTokenEndsAt: string
  openId: string
  sellerName: string
  /** JSON: shop id → cipher. */
  ciphers: string
  shopId: string
}

export type TiktokSandbox = ServedSandbox & {
  /** Our app, and a seller who has consented already. */
  account: TiktokAccount
  /** What a test or a person may do and see that a seller may not. */
  control: TiktokControl
}

/** Nothing lasting is published; one page said this much for every app, shop and endpoint. */
export const limitDefault: RateLimit = { perSecond: 50, burst: 50 }
export const catalogueSizeDefault = 60

const introduced = {
  operations: {
    listOrders: 'orders.search',
    ship: 'packages.create',
    pushStock: 'inventory.update',
    publish: 'products.create',
  },
  unknown: { order: '576461413038785759', listing: '1729592969712207999', variant: '1729592969712207998' },
}

export function createTiktokSandbox(world: SandboxWorld, options: TiktokOptions = {}): TiktokSandbox {
  // The order of these draws is part of what a seed means.
  const streams = {
    ids: forkRandom(() => world.random()),
    faults: forkRandom(() => world.random()),
    catalogue: forkRandom(() => world.random()),
    buyers: forkRandom(() => world.random()),
  }
  const tiktok = emptyTiktok(options, streams)
  const account = openAccount(tiktok, world.now())
  const size = options.empty === true ? 0 : (options.catalogueSize ?? catalogueSizeDefault)
  seedCatalogue(tiktok, streams.catalogue, { size, now: world.now() })
  const buyers = createBuyers(tiktok, { random: streams.buyers, mix: { ...buyerMix, ...options.mix } })
  buyers.setPace(options.ordersPerMinute ?? (options.ordersPerDay ?? 0) / 1440, world.now())
  const advance = () => tiktok.agenda.runUntil(world.now())
  const control = createControl(tiktok, { buyers, now: () => world.now(), advance })
  const own = ownRoutes(tiktok, control)
  return {
    marketplace: 'tiktok',
    account,
    control,
    advance,
    handle(request) {
      advance()
      const host = request.headers['host']
      if (options.origin === undefined && host !== undefined) tiktok.origin = `http://${host}`
      const page = answerControl(control, own, request) ?? answerPerson(tiktok, request, world.now())
      if (page) return Promise.resolve({ kind: 'response', response: page })
      return Promise.resolve(answerRequest(tiktok, request, world.now()))
    },
    introduce(origin) {
      tiktok.origin = origin
      const tokenUrl = `${origin}/api/v2/token/get`
      return { url: origin, tokenUrl, consoleUrl: `${origin}/__sandbox/`, account: { ...account }, ...introduced }
    },
    takeDeliveries: () => takeDeliveries(tiktok),
    keep: () => keepTiktok(tiktok),
    bringBack: (bytes) => bringBackTiktok(tiktok, bytes, world.now()),
  }
}

function emptyTiktok(options: TiktokOptions, { ids, faults }: { ids: Random; faults: Random }): Tiktok {
  const sellers = createSellers(ids)
  const shops = createShops(ids, sellers)
  const tiktok: Tiktok = {
    app: createApp(ids, options.app ?? {}),
    choices: { ...choicesDefault, ...options.choices },
    origin: options.origin ?? 'http://tiktok.sandbox.test',
    sellers,
    shops,
    grants: new Map(),
    codes: new Map(),
    accessTokens: new Map(),
    refreshTokens: new Map(),
    products: new Map(),
    productsOf: new Map(),
    unsorted: new Set(),
    skus: new Map(),
    created: new Map(),
    orders: new Map(),
    parcels: new Map(),
    cancellations: new Map(),
    returns: new Map(),
    confirmations: [],
    images: new Map(),
    brands: [],
    webhooks: [],
    news: [],
    stale: new Map(),
    hidden: new Map(),
    lastId: 1000,
    answersGiven: 0,
    delayFactor: options.delayFactor ?? 1,
    agenda: createAgenda(),
    faults: createFaults(faults, options.faults),
    meter: createMeter(options.limit ?? limitDefault),
    log: createRequestLog(),
    random: ids,
  }
  tiktok.brands = seededBrands.map((name) => ({ id: nextId(tiktok), name, isOwn: false }))
  return tiktok
}

function openAccount(tiktok: Tiktok, now: Date): TiktokAccount {
  const [seller] = tiktok.sellers
  const own = tiktok.shops.filter((one) => one.sellerId === seller?.id)
  const { access, refresh } = issueTokens(tiktok, grantTo(tiktok, seller?.id ?? '', now), now)
  return {
    appKey: tiktok.app.appKey,
    appSecret: tiktok.app.appSecret,
    serviceId: tiktok.app.serviceId,
    accessToken: access.token,
    accessTokenEndsAt: access.endsAt.toISOString(),
    refreshToken: refresh.token,
    refreshTokenEndsAt: refresh.endsAt.toISOString(),
    openId: seller?.openId ?? '',
    sellerName: seller?.name ?? '',
    ciphers: JSON.stringify(Object.fromEntries(own.map((one) => [one.id, one.cipher]))),
    shopId: own[0]?.id ?? '',
  }
}
