// The control surface over HTTP, for other processes and for the forms of the console page.
import { z } from 'zod'
import { isFaultName, parseFaultRates, faultCatalogue } from '../kit/faults.ts'
import { decodePart } from './call.ts'
import { showConsole, showItem } from './console.ts'
import { drawPhoto } from './photo.ts'
import { conditionOf, categories, currencies, scopes } from './reference.ts'
import type { SandboxRequest, SandboxResponse } from '../kit/sandbox.ts'
import type { CatalogueLine } from './catalogue.ts'
import type { ReverbControl } from './control.ts'
import type { HandOrder } from './order-desk.ts'
import type { Currency } from './reference.ts'
import type { Reverb } from './state.ts'

type Reply = { status: number; body: unknown } | { status: number; page: string } | { status: number; drawing: string }
type ControlCall = { reverb: Reverb; control: ReverbControl; params: string[]; body: unknown }
type ControlRoute = { method: 'GET' | 'POST'; path: RegExp; handle(call: ControlCall): Reply }

export function answerControl(reverb: Reverb, control: ReverbControl, request: SandboxRequest): SandboxResponse {
  const path = (request.url.split('?')[0] ?? '').replace(/^\/__sandbox/, '') || '/'
  const isForm = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
  const body = isForm ? Object.fromEntries(new URLSearchParams(request.body)) : readJson(request.body)
  for (const route of controlRoutes) {
    const match = route.method === request.method ? route.path.exec(path) : null
    if (!match) continue
    const reply = route.handle({ reverb, control, params: match.slice(1).map(decodePart), body })
    const isBack = isForm && reply.status < 300
    return isBack ? { status: 303, headers: { location: '/__sandbox/' }, body: '' } : write(reply)
  }
  return write(refused(404, `There is no ${request.method} /__sandbox${path}.`))
}

const handLine = z.object({
  listingId: z.number().int().optional(),
  sku: z.string().optional(),
  quantity: z.number().int().positive(),
  unitPrice: z.number().nonnegative().optional(),
})

const currency = z.enum(Object.keys(currencies) as [Currency, ...Currency[]])

const handOrder = z.object({
  lines: z.array(handLine).min(1),
  reference: z.string().optional(),
  at: z.coerce.date().optional(),
  buyerNumber: z.number().int().nonnegative().optional(),
  buyerName: z.string().optional(),
  withoutAddress: z.boolean().optional(),
  countryCode: z.string().optional(),
  status: z.enum(['unpaid', 'payment_pending', 'pending_review', 'partially_paid', 'paid']).optional(),
  kind: z.enum(['instant', 'offer']).optional(),
  shippingMethod: z.enum(['shipped', 'local', 'expedited_shipping']).optional(),
  shippingPrice: z.number().nonnegative().optional(),
  currency: currency.optional(),
  force: z.boolean().optional(),
})

const catalogueLine = z.object({
  sku: z.string().optional(),
  title: z.string().min(1),
  make: z.string().optional(),
  model: z.string().optional(),
  category: z
    .string()
    .refine((name) => categories.some((one) => one.name === name))
    .optional(),
  condition: z
    .string()
    .refine((name) => conditionOf(name) !== undefined)
    .optional(),
  price: z.coerce.number().nonnegative(),
  inventory: z.coerce.number().int().nonnegative().optional(),
  state: z.enum(['live', 'draft', 'ended']).optional(),
  description: z.string().optional(),
})

const tokenChoice = z.object({ token: z.string().optional() }).default({})
const shopChanges = z.object({
  verified: z.boolean().optional(),
  onVacation: z.boolean().optional(),
  currency: currency.optional(),
})

const controlRoutes: ControlRoute[] = [
  get(/^\/$/, ({ reverb, control }) => ({ status: 200, page: showConsole(reverb, control) })),
  get(/^\/item\/([^/]+)$/, ({ reverb, params }) => {
    const shown = showItem(reverb, params[0] ?? '')
    return shown === undefined ? refused(404, 'There is no such listing.') : { status: 200, page: shown }
  }),
  get(/^\/photo\/(\d+)\.svg$/, ({ reverb, params }) => {
    const listing = reverb.listings.get(Number(params[0]))
    return listing ? { status: 200, drawing: drawPhoto(listing) } : refused(404, 'There is no such listing.')
  }),
  get(/^\/truth$/, ({ control }) => ok(control.truth())),
  get(/^\/truth\/hash$/, ({ control }) => ok({ hash: control.truthHash() })),
  get(/^\/truth\/(listings|orders|confirmations|refunds|webhooks)$/, ({ control, params }) =>
    ok(control.truth()[params[0] as 'listings' | 'orders' | 'confirmations' | 'refunds' | 'webhooks']),
  ),
  get(/^\/meter$/, ({ control }) => ok(control.meter())),
  get(/^\/requests$/, ({ control }) => ok(control.requests())),
  get(/^\/tokens$/, ({ control }) => ok(control.tokens())),
  get(/^\/faults$/, ({ control }) => ok(control.faults())),
  post(/^\/listings$/, z.union([z.array(catalogueLine), catalogueLine]), ({ control }, sent) =>
    ok(control.addListings((Array.isArray(sent) ? sent : [sent]) as CatalogueLine[])),
  ),
  post(/^\/orders$/, z.union([z.array(handOrder), handOrder]), ({ control }, sent) =>
    ok(control.placeOrders((Array.isArray(sent) ? sent : [sent]) as HandOrder[])),
  ),
  post(/^\/orders\/([^/]+)\/(pay|cancel|block|refund|request-refund|change-address)$/, z.unknown(), changeOrder),
  post(/^\/buy$/, z.unknown(), ({ control }) => ok({ orders: control.buyNow() })),
  post(/^\/buyers$/, z.object({ ordersPerMinute: z.coerce.number().min(0).max(6000) }), ({ control }, sent) => {
    control.setOrdersPerMinute(sent.ordersPerMinute)
    return ok({ ordersPerMinute: sent.ordersPerMinute })
  }),
  post(/^\/faults$/, z.unknown(), ({ control }, sent) => {
    const rates = parseFaultRates(sent)
    if ('refusal' in rates) return refused(400, rates.refusal)
    control.setFaults(rates)
    return ok(control.faults())
  }),
  post(/^\/faults\/toggle$/, z.object({ name: z.string() }), ({ control }, { name }) => {
    if (!isFaultName(name)) return refused(400, `There is no fault named "${name}".`)
    const { rates } = control.faults()
    const { [name]: current, ...others } = rates
    control.setFaults(current ? others : { ...others, [name]: faultCatalogue[name].rate })
    return ok(control.faults())
  }),
  post(
    /^\/faults\/arm$/,
    z.object({ name: z.string(), operation: z.string().optional(), times: z.number().int().positive().optional() }),
    ({ control }, { name, operation, times }) => {
      if (!isFaultName(name)) return refused(400, `There is no fault named "${name}".`)
      control.armFault(name, { ...(operation ? { operation } : {}), ...(times ? { times } : {}) })
      return ok({ armed: name })
    },
  ),
  post(/^\/tokens$/, z.object({ scopes: z.array(z.enum(scopes)).optional() }).default({}), ({ control }, sent) =>
    ok({ token: control.addToken(sent.scopes) }),
  ),
  post(/^\/tokens\/revoke$/, tokenChoice, ({ control }, sent) => settled(control.revokeToken(sent.token))),
  post(/^\/tokens\/restore$/, tokenChoice, ({ control }, sent) => settled(control.restoreToken(sent.token))),
  post(
    /^\/tokens\/remove-scope$/,
    z.object({ token: z.string().optional(), scope: z.enum(scopes) }),
    ({ control }, sent) => settled(control.removeScope(sent.scope, sent.token)),
  ),
  post(
    /^\/limit$/,
    z.object({ perSecond: z.coerce.number().positive(), burst: z.coerce.number().min(1) }),
    ({ control }, sent) => {
      control.setLimit(sent)
      return ok(sent)
    },
  ),
  post(/^\/shop$/, shopChanges, ({ control, reverb }, sent) => {
    const entries = Object.entries(sent).filter(([, value]) => value !== undefined)
    control.setShop(Object.fromEntries(entries))
    return ok(reverb.shop)
  }),
]

function changeOrder({ control, params }: ControlCall, sent: unknown): Reply {
  const [number = '', verb] = params
  const share = z.object({ share: z.coerce.number().positive().max(1) }).safeParse(sent).data?.share
  if (verb === 'pay') return settled(control.payOrder(number))
  if (verb === 'cancel') return settled(control.cancelOrder(number))
  if (verb === 'block') return settled(control.blockOrder(number))
  if (verb === 'refund') return settled(control.refundOrder(number, share))
  if (verb === 'request-refund') return settled(control.requestRefund(number, share))
  return settled(control.changeAddress(number))
}

function get(path: RegExp, handle: ControlRoute['handle']): ControlRoute {
  return { method: 'GET', path, handle }
}

function post<Sent>(
  path: RegExp,
  schema: z.ZodType<Sent>,
  handle: (call: ControlCall, sent: Sent) => Reply,
): ControlRoute {
  return {
    method: 'POST',
    path,
    handle(call) {
      const sent = schema.safeParse(call.body)
      return sent.success ? handle(call, sent.data) : refused(400, z.prettifyError(sent.error))
    },
  }
}

function ok(body: unknown): Reply {
  return { status: 200, body }
}

function refused(status: number, message: string): Reply {
  return { status, body: { message } }
}

function settled(result: { refusal: string } | undefined): Reply {
  return result ? refused(409, result.refusal) : ok({ done: true })
}

function write(reply: Reply): SandboxResponse {
  if ('page' in reply) {
    return { status: reply.status, headers: { 'content-type': 'text/html; charset=utf-8' }, body: reply.page }
  }
  if ('drawing' in reply) {
    const headers = { 'content-type': 'image/svg+xml', 'cross-origin-resource-policy': 'cross-origin' }
    return { status: reply.status, headers, body: reply.drawing }
  }
  const headers = { 'content-type': 'application/json; charset=utf-8' }
  return { status: reply.status, headers, body: JSON.stringify(reply.body) }
}

function readJson(text: string): unknown {
  if (text.trim() === '') return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
