// What this sandbox adds to the common control surface over HTTP.
import { z } from 'zod'
import { choicesRoutes, get, ok, post, refused, settled } from '../kit/control-routes.ts'
import { someChoices } from './choices.ts'
import { showApps, showConsole } from './console.ts'
import { currencies } from './reference.ts'
import type { ControlCall, ControlRoute, Reply } from '../kit/control-routes.ts'
import type { Choices } from './choices.ts'
import type { MerchantChanges, WishControl } from './control.ts'
import type { Wish } from './state.ts'

const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')])
const merchantChanges = z.object({
  merchantId: z.string().optional(),
  currency: z
    .string()
    .refine((code) => Object.hasOwn(currencies, code))
    .optional(),
  revenueType: z.enum(['COST_BASED', 'REV_SHARE']).optional(),
  isActive: flag.optional(),
  isDisabled: flag.optional(),
  hasListingReview: flag.optional(),
  name: z.string().min(1).optional(),
})
const newApp = z.object({
  name: z.string().min(1),
  redirectUri: z.url(),
  kind: z.enum(['hub', 'own']).default('own'),
})
const appChanges = z.object({
  redirectUri: z.url().optional(),
  webhookUrl: z.union([z.url(), z.literal('').transform(() => undefined)]).optional(),
})

export function ownRoutes(wish: Wish, control: WishControl): ControlRoute[] {
  return [
    get(/^\/$/, () => ({ status: 200, page: showConsole(wish, control) })),
    ...choicesRoutes<Choices>(wish.choices, someChoices as z.ZodType<Partial<Choices>>),
    get(/^\/merchants$/, () => ok([...wish.merchants.values()].map(describeMerchant))),
    post(/^\/merchant$/, merchantChanges, ({ merchantId = control.merchantId, ...changes }) => {
      if (!wish.merchants.has(merchantId)) return refused(404, `There is no merchant ${merchantId}.`)
      control.of(merchantId).setMerchant(named(changes) as MerchantChanges)
      return ok(describeMerchant(wish.merchants.get(merchantId)))
    }),
    get(/^\/apps$/, ({ request }) =>
      request.headers['accept']?.includes('application/json') === true
        ? ok([...wish.apps.values()])
        : { status: 200, page: showApps(wish) },
    ),
    post(/^\/apps$/, newApp, (sent, call) => backToApps(call, ok(control.createApp(sent)))),
    post(/^\/apps\/([0-9a-f]+)$/, appChanges, (sent, call) => {
      // An emptied webhook address is taken away, one that is not sent stays.
      const isNamed = typeof call.body === 'object' && call.body !== null && 'webhookUrl' in call.body
      const changes = { ...named(sent), ...(isNamed ? { webhookUrl: sent.webhookUrl } : {}) }
      return backToApps(call, settled(control.changeApp(call.params[0] ?? '', changes)))
    }),
    get(/^\/tokens$/, () => ok({ access: [...wish.accessTokens.values()], refresh: [...wish.refreshTokens.values()] })),
    post(/^\/tokens\/expire$/, z.unknown(), () => {
      control.expireAccessTokens()
      return ok({ done: true })
    }),
    post(/^\/orders\/([^/]+)\/re-release$/, z.unknown(), (_, { params }) =>
      settled(control.releaseAgain(params[0] ?? '')),
    ),
    // The common words for the store of another merchant, where they differ by store.
    get(/^\/merchants\/([0-9a-f]+)\/truth$/, ({ params }) => {
      const id = params[0] ?? ''
      return wish.merchants.has(id) ? ok(control.of(id).truth()) : refused(404, `There is no merchant ${id}.`)
    }),
  ]
}

function describeMerchant(merchant: ReturnType<Wish['merchants']['get']>): Record<string, unknown> {
  if (!merchant) return {}
  const { id, name, userName, password, currency, revenueType, isActive, isDisabled, hasListingReview } = merchant
  const { warehouses } = merchant
  return { id, name, userName, password, currency, revenueType, isActive, isDisabled, hasListingReview, warehouses }
}

function backToApps({ request }: ControlCall, reply: Reply): Reply {
  const isForm = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
  return isForm && 'status' in reply && reply.status < 300 ? { redirect: '/__sandbox/apps' } : reply
}

function named(sent: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined))
}
