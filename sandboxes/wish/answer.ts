// From a request to an answer: who is calling, what is asked, and the headers that every answer of Wish carries.
import { answerThrough } from '../kit/front.ts'
import { matchRoute, splitUrl } from '../kit/routes.ts'
import { identify } from './access.ts'
import { invalid, refuse } from './call.ts'
import { jobRoutes } from './jobs.ts'
import { merchantRoutes } from './merchant-routes.ts'
import { oauthRoutes } from './oauth-routes.ts'
import { orderRoutes } from './order-routes.ts'
import { productRoutes } from './product-routes.ts'
import { forgetSku, indexSku } from './products.ts'
import { base } from './reference.ts'
import { webhookRoutes } from './webhook-routes.ts'
import { pickFields, readFields } from './fields.ts'
import type { Answer, Before, Call, Front } from '../kit/front.ts'
import type { Outcome, SandboxRequest } from '../kit/sandbox.ts'
import type { Refusal } from './access.ts'
import type { Ask, Route } from './call.ts'
import type { Merchant, Product, Wish } from './state.ts'

export const routes: readonly Route[] = [
  ...oauthRoutes,
  ...jobRoutes,
  ...merchantRoutes,
  ...orderRoutes,
  ...productRoutes,
  ...webhookRoutes,
]

type WishCall = Call & { ask: Ask | undefined; at: Date }

export function answerRequest(wish: Wish, request: SandboxRequest, at: Date): Outcome {
  return answerThrough(frontOf(wish), request, at)
}

function frontOf(wish: Wish): Front<WishCall> {
  return {
    faults: wish.faults,
    meter: wish.meter,
    record: (line) => wish.log.record(line),
    understand: (request, at) => understand(wish, request, at),
    tooMany: (call, seconds) => tooMany(wish, call, seconds),
    // The wait stands in a header of its own.
    retryAfter: () => 'absent',
    broken: (status, call) => dress(wish, call, refuse(status, status, 'Something went wrong on our side.')),
    word(word, call) {
      if (word !== 'gone-me') return dress(wish, call, invalid(`The request has been refused by policy (${word}).`))
      const what = call.operation.startsWith('orders.') ? 'order' : 'product'
      const isOne = call.ask?.params['id'] !== undefined
      return isOne ? dress(wish, call, invalid(`There is no such ${what} for the merchant.`)) : undefined
    },
    contentType: 'application/json',
  }
}

function understand(wish: Wish, request: SandboxRequest, at: Date): WishCall {
  const { path, query } = splitUrl(request.url)
  const match = path.startsWith(`${base}/`) ? matchRoute(routes, request.method, path.slice(base.length)) : undefined
  const operation = match?.route.operation ?? 'unknown'
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers['authorization'] ?? '')?.[1]
  const isOpen = match?.route.scope === 'open'
  const who = isOpen ? undefined : identify(wish, bearer, at)
  const known = who && 'token' in who ? who : undefined
  const openId = isOpen ? (query.get('client_id') ?? readClientId(request)) : 'anonymous'
  const [first] = wish.merchants.values()
  const caller = known ? `${known.merchant.id} ${known.token.clientId}` : `open ${openId}`
  const merchant = known?.merchant ?? first
  const isRead = request.method === 'GET' || match?.route.isRead === true
  const bare = { operation, caller, isWrite: !isRead, at, ask: undefined, run: () => notFound }
  const refusedWith = (answer: Answer): WishCall => ({ ...bare, refused: dress(wish, bare, answer) })
  if (!match) return refusedWith(notFound)
  if (who && !known) return refusedWith(showRefusal(who as Refusal))
  const { scope } = match.route
  if (known && scope !== 'any' && scope !== 'open' && !known.token.scopes.includes(scope)) {
    return refusedWith(refuse(400, 1006, 'Unauthorized access on this API'))
  }
  const body = readBody(request)
  if (body.isMalformed || !merchant) return refusedWith(invalid('The body could not be read as JSON.'))
  const clientId = known?.token.clientId ?? openId
  const ask: Ask = { wish, merchant, clientId, at, operation, params: match.params, query, body: body.value }
  const call: WishCall = { ...bare, ask }
  return {
    ...call,
    texts: () => textsOf(ask),
    before: () => beforeOf(ask),
    run: () => dress(wish, call, withFields(ask, match.route)),
  }
}

/** Partial answers are for the GETs of orders and products. */
function withFields(ask: Ask, route: Route): Answer {
  const answer = route.handle(ask)
  const text = ask.query.get('fields')
  const isOffered = ['orders.list', 'orders.get', 'products.list', 'products.get'].includes(route.operation)
  if (text === null || !isOffered || answer.status !== 200) return answer
  const mask = readFields(text)
  if (!mask) return invalid('fields is not valid.')
  const body = answer.body as { data: unknown }
  return { ...answer, body: { ...body, data: pickFields(body.data, mask) } }
}

/** Every answer names itself and says how much is left of the limit. */
function dress(wish: Wish, call: Pick<WishCall, 'operation' | 'caller' | 'at'>, answer: Answer): Answer {
  wish.answers += 1
  return {
    ...convertCode(wish, answer),
    headers: {
      'wish-request-id': wish.answers.toString(16).padStart(32, '0'),
      'wish-rate-limit-remaining': String(Math.max(0, wish.meter.remaining(call))),
      'content-language': 'en-US',
      ...answer.headers,
    },
  }
}

function tooMany(wish: Wish, call: WishCall, seconds: number): Answer {
  const reset = new Date(call.at.getTime() + seconds * 1000)
  const style = wish.choices.resetStyle
  const told = {
    epoch: String(Math.ceil(reset.getTime() / 1000)),
    iso: reset.toISOString(),
    seconds: String(seconds),
    absent: undefined,
  }[style]
  const answer = dress(wish, call, refuse(429, 1429, 'Too many requests. Please slow down.'))
  if (told === undefined) return answer
  return { ...answer, headers: { ...answer.headers, 'wish-rate-limit-reset': told }, toldSeconds: seconds }
}

function convertCode(wish: Wish, answer: Answer): Answer {
  const { codeType } = wish.choices
  const body = answer.body as { code?: unknown } | undefined
  if (codeType === 'integer' || !body || typeof body.code !== 'number' || body.code === 0) return answer
  if (codeType === 'mixed' && wish.answers % 2 === 0) return answer
  return { ...answer, body: { ...body, code: String(body.code) } }
}

const notFound: Answer = { status: 404, headers: { 'content-type': 'text/html' }, text: '<h1>Not Found</h1>' }

function showRefusal({ status = 400, code, message }: Refusal): Answer {
  return refuse(status, code, message)
}

/** Where words of mischief may stand: in what is sent, and in what is asked for. */
function textsOf({ wish, merchant, operation, params, body }: Ask): (string | undefined)[] {
  const id = params['id'] ?? ''
  const order = operation.startsWith('orders.') ? wish.ordersById.get(id) : undefined
  const product = operation.startsWith('products.') ? merchant.products.get(id) : undefined
  const sent = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  const variations = Array.isArray(sent['variations']) ? (sent['variations'] as Record<string, unknown>[]) : []
  const skus = [sent['sku'], ...variations.map((one) => one['sku'])]
  const texts = [sent['name'], sent['parent_sku'], sent['tracking_number'], ...skus]
  return [
    ...texts.filter((text) => typeof text === 'string'),
    order?.sku,
    order?.name,
    product?.content.name,
    ...(product?.variations.map((one) => one.sku) ?? []),
  ]
}

/** What was there before a write, so that it can be undone or hidden for a while. */
function beforeOf({ wish, merchant, operation, params }: Ask): Before | undefined {
  const id = params['id'] ?? ''
  if (operation === 'products.create') {
    return {
      showUntil(until, answer) {
        const created = (answer.body as { data?: { id?: string } }).data?.id ?? ''
        const product = merchant.products.get(created)
        if (product) product.hiddenFromListsUntil = until
      },
    }
  }
  const product = operation.startsWith('products.') ? merchant.products.get(id) : undefined
  if (product) {
    const before = structuredClone(product)
    return {
      restore: () => restoreProduct(wish, merchant, product, before),
      showUntil: (until) => void wish.stale.set(id, { until, shown: before }),
    }
  }
  const order = operation.startsWith('orders.') ? wish.ordersById.get(id) : undefined
  if (!order) return undefined
  const before = structuredClone(order)
  return { showUntil: (until) => void wish.stale.set(id, { until, shown: before }) }
}

function restoreProduct(wish: Wish, merchant: Merchant, product: Product, before: Product): void {
  for (const variation of product.variations) forgetSku(merchant, variation)
  Object.assign(product, before)
  if (!product.removedBy) for (const variation of product.variations) indexSku(merchant, variation)
  wish.productVersion += 1
}

function readBody(request: SandboxRequest): { value: unknown; isMalformed: boolean } {
  if (request.body.trim() === '') return { value: undefined, isMalformed: false }
  try {
    return { value: JSON.parse(request.body) as unknown, isMalformed: false }
  } catch {
    return { value: undefined, isMalformed: true }
  }
}

function readClientId(request: SandboxRequest): string {
  const body = readBody(request).value
  const id = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)['client_id'] : undefined
  return typeof id === 'string' ? id : 'unknown'
}
