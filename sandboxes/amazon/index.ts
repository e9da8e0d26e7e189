// An Amazon of our own: two sellers, their sites, their buyers and its faults, on whatever clock it is given.
import { createAgenda } from '../kit/agenda.ts'
import { answerControl } from '../kit/control-routes.ts'
import { createFaults } from '../kit/faults.ts'
import { answerThrough } from '../kit/front.ts'
import { createMeter } from '../kit/meter.ts'
import { forkRandom, hex } from '../kit/random.ts'
import { createRequestLog } from '../kit/request-log.ts'
import { splitUrl } from '../kit/routes.ts'
import { createFront } from './answer.ts'
import { buyerMix, createBuyers } from './buyers.ts'
import { seedCatalogue } from './catalogue.ts'
import { choicesDefault } from './choices.ts'
import { answerPages } from './consent.ts'
import { createControl } from './control.ts'
import { controlRoutes } from './console.ts'
import { bringBackAmazon, keepAmazon } from './keep.ts'
import { germany, uk, unitedStates, usagePlans } from './reference.ts'
import { accessSeconds, addAccessToken, addGrant } from './tokens.ts'
import type { RateLimit } from '../kit/meter.ts'
import type { Random } from '../kit/random.ts'
import type { SandboxOptions, SandboxWorld, ServedSandbox } from '../kit/sandbox.ts'
import type { BuyerMix } from './buyers.ts'
import type { Choices } from './choices.ts'
import type { AmazonControl } from './control.ts'
import type { AccessToken, Amazon, Grant, Seller } from './state.ts'

export type AmazonOptions = SandboxOptions & {
  catalogueSize?: number
  mix?: Partial<BuyerMix>
  /** One limit for every operation instead of the usage plans. */
  limit?: RateLimit
  /** Multiplies rates and bursts of the usage plans. */
  speed?: number
  choices?: Partial<Choices>
}

export type AmazonAccount = {
  applicationId: string
  clientId: string
  clientSecret: string
  sellerId: string
  siteId: string
  refreshToken: string
  accessToken: string
  accessTokenEndsAt: string
  /** The same seller's consent for North America. */
  northAmerica: { siteId: string; refreshToken: string }
  /** Another seller, who has allowed nothing yet. */
  otherSellerId: string
}

export type AmazonSandbox = ServedSandbox & {
  account: AmazonAccount
  /** What a test or a person may do and see that a seller may not. */
  control: AmazonControl
}

export const catalogueSizeDefault = 60

const introduced = {
  operations: {
    listOrders: 'searchOrders',
    ship: 'confirmShipment',
    pushStock: 'patchListingsItem',
    publish: 'putListingsItem',
  },
  unknown: { order: '111-1111111-1111111', listing: 'NEVER-WAS' },
}

export function createAmazonSandbox(world: SandboxWorld, options: AmazonOptions = {}): AmazonSandbox {
  // The order of these draws is part of what a seed means.
  const fork = () => forkRandom(() => world.random())
  const streams = { ids: fork(), orders: fork(), faults: fork(), catalogue: fork(), buyers: fork() }
  const now = () => world.now().getTime()
  const amazon = emptyAmazon(options, streams)
  const size = options.empty === true ? 0 : (options.catalogueSize ?? catalogueSizeDefault)
  seedCatalogue(amazon, streams.catalogue, { size, at: now() })
  const account = openAccount(amazon, now())
  const buyers = createBuyers(amazon, { random: streams.buyers, mix: { ...buyerMix, ...options.mix } })
  buyers.setPace(options.ordersPerMinute ?? 0, new Date(now()))
  const advance = () => amazon.agenda.runUntil(world.now())
  const control = createControl(amazon, { buyers, now, advance })
  const own = controlRoutes(amazon, control)
  const front = createFront(amazon, options.speed ?? 1)
  return {
    marketplace: 'amazon',
    account,
    control,
    advance,
    handle(request) {
      advance()
      const host = request.headers['host']
      if (options.origin === undefined && host !== undefined) amazon.origin = `http://${host}`
      const isPage = splitUrl(request.url).path.startsWith('/apps/')
      const response =
        answerControl(control, own, request) ?? (isPage ? answerPages(amazon, request, now()) : undefined)
      return Promise.resolve(response ? { kind: 'response', response } : answerThrough(front, request, world.now()))
    },
    introduce: (origin) => ({
      url: origin,
      tokenUrl: `${origin}/auth/o2/token`,
      consoleUrl: `${origin}/__sandbox/`,
      account: freshAccount(amazon, account, now()),
      ...introduced,
    }),
    takeDeliveries: () => amazon.news.splice(0),
    keep: () => keepAmazon(amazon),
    bringBack: (bytes) => bringBackAmazon(amazon, bytes, now()),
  }
}

function emptyAmazon(options: AmazonOptions, streams: { ids: Random; orders: Random; faults: Random }): Amazon {
  const speed = options.speed ?? 1
  const plans = Object.fromEntries(
    Object.entries(usagePlans).map(([name, plan]) => [
      name,
      { perSecond: plan.perSecond * speed, burst: plan.burst * speed },
    ]),
  )
  const meter = createMeter({ perSecond: 1 * speed, burst: 20 * speed }, plans)
  if (options.limit) meter.setLimit(options.limit)
  const sellers = makeSellers()
  return {
    application: {
      id: 'amzn1.sellerapps.app.5a3d0b0e-6b0f-4f37-9a51-7d0c4e5f9b21',
      clientId: `amzn1.application-oa2-client.${hex(streams.ids, 32)}`,
      clientSecret: `amzn1.oa2-cs.v1.${hex(streams.ids, 64)}`,
    },
    choices: { ...choicesDefault, ...options.choices },
    sellers,
    grants: new Map(),
    accessTokens: new Map(),
    codes: new Map(),
    storeVisits: new Map(),
    listings: new Map(),
    stocks: new Map(),
    orders: [],
    ordersById: new Map(),
    confirmations: [],
    documents: new Map(),
    jobs: new Map(),
    destinations: new Map(),
    subscriptions: new Map(),
    lastNumber: 0,
    origin: options.origin ?? 'http://amazon.sandbox.test',
    home: { sellerId: [...sellers.keys()][0] ?? '', marketplaceId: uk },
    delayFactor: options.delayFactor ?? 1,
    agenda: createAgenda(),
    faults: createFaults(streams.faults, options.faults),
    meter,
    log: createRequestLog(),
    news: [],
    stale: new Map(),
    random: streams.ids,
    orderRandom: streams.orders,
    requestCount: 0,
    feedLines: new Map(),
    lastSubmission: undefined,
  }
}

function makeSellers(): Map<string, Seller> {
  const sellers: Seller[] = [
    {
      id: 'A1SANDBOXSELL1',
      storeName: 'The Sandbox Shop',
      regions: ['eu', 'na'],
      marketplaces: [uk, germany, unitedStates],
    },
    {
      id: 'A2SANDBOXSELL2',
      storeName: 'The Other Shop',
      regions: ['eu'],
      marketplaces: [uk, germany],
    },
  ]
  return new Map(sellers.map((seller) => [seller.id, seller]))
}

/** The first seller has consented already, for both regions; the second has not. */
function openAccount(amazon: Amazon, at: number): AmazonAccount {
  const [first = '', second = ''] = [...amazon.sellers.keys()]
  const grant = addGrant(amazon, first, 'eu')
  const american = addGrant(amazon, first, 'na')
  return {
    applicationId: amazon.application.id,
    clientId: amazon.application.clientId,
    clientSecret: amazon.application.clientSecret,
    sellerId: first,
    siteId: uk,
    refreshToken: grant.refreshToken,
    ...shown(addAccessToken(amazon, { grant, at })),
    northAmerica: { siteId: unitedStates, refreshToken: american.refreshToken },
    otherSellerId: second,
  }
}

/** After a restart what was kept is true, not what this process began with. */
function freshAccount(amazon: Amazon, account: AmazonAccount, at: number): AmazonAccount {
  const { id, clientId, clientSecret } = amazon.application
  const grantFor = (region: Grant['region'], known: string) =>
    amazon.grants.get(known) ??
    [...amazon.grants.values()].find((one) => one.sellerId === account.sellerId && one.region === region)
  const grant = grantFor('eu', account.refreshToken)
  const american = grantFor('na', account.northAmerica.refreshToken)
  const token = amazon.accessTokens.get(account.accessToken)
  const isFresh = token !== undefined && token.endsAt - at > (accessSeconds * 1000) / 2
  const access = grant === undefined || isFresh ? {} : shown(addAccessToken(amazon, { grant, at }))
  return Object.assign(account, {
    applicationId: id,
    clientId,
    clientSecret,
    ...access,
    ...(grant ? { refreshToken: grant.refreshToken } : {}),
    ...(american ? { northAmerica: { siteId: unitedStates, refreshToken: american.refreshToken } } : {}),
  })
}

function shown({ token, endsAt }: AccessToken) {
  return { accessToken: token, accessTokenEndsAt: new Date(endsAt).toISOString() }
}
