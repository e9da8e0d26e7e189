// A Reverb of our own: one shop, its listings, its buyers and its faults, on whatever clock it is given.
import { createAgenda } from '../kit/agenda.ts'
import { answerControl } from '../kit/control-routes.ts'
import { createFaults } from '../kit/faults.ts'
import { createMeter } from '../kit/meter.ts'
import { forkRandom, hex } from '../kit/random.ts'
import { createRequestLog } from '../kit/request-log.ts'
import { answerRequest } from './answer.ts'
import { buyerMix, createBuyers } from './buyers.ts'
import { seedCatalogue } from './catalogue.ts'
import { createControl } from './control.ts'
import { ownRoutes } from './control-routes.ts'
import { bringBackReverb, keepReverb } from './keep.ts'
import { showListing } from './listing-json.ts'
import { showOrder } from './order-json.ts'
import { currencyNamed, scopes } from './reference.ts'
import type { RateLimit } from '../kit/meter.ts'
import type { Random } from '../kit/random.ts'
import type { Delivery, SandboxOptions, SandboxWorld, ServedSandbox } from '../kit/sandbox.ts'
import type { BuyerMix } from './buyers.ts'
import type { ReverbControl } from './control.ts'
import type { Choices, Reverb } from './state.ts'

export type ReverbOptions = SandboxOptions & {
  token?: string
  catalogueSize?: number
  ordersPerDay?: number
  mix?: Partial<BuyerMix>
  limit?: RateLimit
  choices?: Partial<Choices>
  shopVerified?: boolean
  utcOffsetMinutes?: number
}

export type ReverbSandbox = ServedSandbox & {
  account: { token: string }
  /** What a test or a person may do and see that a seller may not. */
  control: ReverbControl
}

/** Reverb publishes no limit; this one is generous enough for a polite client and stops a loop without pauses. */
export const limitDefault: RateLimit = { perSecond: 5, burst: 50 }
export const catalogueSizeDefault = 60

const introduced = {
  operations: {
    listOrders: 'orders.list',
    ship: 'orders.ship',
    pushStock: 'listings.update',
    publish: 'listings.create',
  },
  unknown: { order: '1', listing: '1' },
}

export function createReverbSandbox(world: SandboxWorld, options: ReverbOptions = {}): ReverbSandbox {
  // The order of these draws is part of what a seed means.
  const streams = {
    ids: forkRandom(() => world.random()),
    faults: forkRandom(() => world.random()),
    catalogue: forkRandom(() => world.random()),
    buyers: forkRandom(() => world.random()),
  }
  const token = options.token ?? hex(streams.ids, 64)
  const reverb = emptyReverb(options, { token, ids: streams.ids, faults: streams.faults })
  const size = options.empty === true ? 0 : (options.catalogueSize ?? catalogueSizeDefault)
  seedCatalogue(reverb, streams.catalogue, { size, now: world.now() })
  const mix = { ...buyerMix, ...options.mix }
  const buyers = createBuyers(reverb, { random: streams.buyers, mix, delayFactor: options.delayFactor ?? 1 })
  buyers.setPace(options.ordersPerMinute ?? (options.ordersPerDay ?? 0) / 1440, world.now())
  const advance = () => reverb.agenda.runUntil(world.now())
  const control = createControl(reverb, { buyers, token, now: () => world.now(), advance })
  const own = ownRoutes(reverb, control)
  return {
    marketplace: 'reverb',
    account: { token },
    control,
    advance,
    handle(request) {
      advance()
      const host = request.headers['host']
      if (options.origin === undefined && host !== undefined) reverb.origin = `http://${host}`
      const response = answerControl(control, own, request)
      return Promise.resolve(response ? { kind: 'response', response } : answerRequest(reverb, request, world.now()))
    },
    introduce: (origin) => ({
      url: `${origin}/api`,
      consoleUrl: `${origin}/__sandbox/`,
      account: { token },
      ...introduced,
    }),
    takeDeliveries: () => takeDeliveries(reverb),
    keep: () => keepReverb(reverb),
    bringBack: (bytes) => bringBackReverb(reverb, bytes),
  }
}

function emptyReverb(options: ReverbOptions, given: { token: string; ids: Random; faults: Random }): Reverb {
  return {
    shop: {
      id: 40_417,
      slug: 'the-sandbox-shop',
      name: 'The Sandbox Shop',
      currency: currencyNamed(options.currency ?? 'USD'),
      onVacation: false,
      verified: options.shopVerified ?? true,
      utcOffsetMinutes: options.utcOffsetMinutes ?? -360,
    },
    choices: { validationStatus: 412, retryAfter: 'mixed', photoDelaySeconds: 30, ...options.choices },
    origin: options.origin ?? 'http://reverb.sandbox.test',
    listings: new Map(),
    orders: [],
    ordersByNumber: new Map(),
    confirmations: [],
    refunds: [],
    webhooks: [],
    tokens: new Map([[given.token, { token: given.token, scopes: new Set(scopes), revokedAt: undefined }]]),
    requests: createRequestLog(),
    news: [],
    stale: new Map(),
    lastIds: { listing: 31_000_000, order: 22_000_000, other: 900_000 },
    agenda: createAgenda(),
    faults: createFaults(given.faults, options.faults),
    meter: createMeter(options.limit ?? limitDefault),
    random: given.ids,
  }
}

/** The body is what reading the object would answer now. There is no signature. */
function takeDeliveries(reverb: Reverb): Delivery[] {
  const view = { origin: reverb.origin, displayCurrency: reverb.shop.currency }
  return reverb.news.splice(0).flatMap(({ topic, about }) => {
    const listing = typeof about === 'number' ? reverb.listings.get(about) : undefined
    const order = typeof about === 'string' ? reverb.ordersByNumber.get(about) : undefined
    const body = listing ? showListing(reverb, listing, view) : order ? showOrder(reverb, order, view) : undefined
    if (!body) return []
    const headers = { 'content-type': 'application/json' }
    const hearers = reverb.webhooks.filter((webhook) => webhook.topic === topic)
    return hearers.map((webhook) => ({ url: webhook.url, headers, body: JSON.stringify(body) }))
  })
}
