// The gateway in front of every call, in the order the vendor checks: path, method, app key, timestamp, signature, token,
// scope, cipher, rate, body.
import { decodePart, matchRoute, splitUrl } from '../kit/routes.ts'
import { checkBody, checkQuery } from './fields.ts'
import { readUpload } from './multipart.ts'
import { routes } from './routes.ts'
import { isSameSign, isUpload, signCall } from './sign.ts'
import { invalid, objectOf, refuse, text, write } from './call.ts'
import { productBefore } from './products.ts'
import { orderBefore } from './orders.ts'
import { unixSeconds } from './state.ts'
import type { SandboxRequest } from '../kit/sandbox.ts'
import type { Asked, Before, Body, Call, Refusal, Result, Route } from './call.ts'
import type { Grant, Shop, Tiktok } from './state.ts'

const behindSeconds = 300
const aheadSeconds = 30

export function understand(tiktok: Tiktok, request: SandboxRequest, at: Date): Call {
  const read = readCall(tiktok, request, at)
  if ('code' in read.result) {
    const answer = write(tiktok, read.result, at)
    const isWrite = request.method !== 'GET'
    const call = { tiktok, at, asked: undefined, operation: read.operation, caller: 'refused', isWrite }
    return { ...call, refused: answer, run: () => answer }
  }
  const asked = read.result.data as Asked
  const { route, shop } = asked
  const about = () => route.about?.(asked) ?? {}
  return {
    tiktok,
    at,
    asked,
    operation: route.operation,
    // Counted by app, shop and endpoint.
    caller: `${tiktok.app.appKey} ${route.cipher === 'required' ? shop.id : asked.sellerId} ${route.operation}`,
    isWrite: route.isWrite === true,
    texts: () => {
      const { products = [], order, texts = [] } = about()
      return [
        ...texts.map(text),
        ...products.flatMap((one) => (one ? [one.content.title, ...one.skus.map((sku) => sku.sellerSku)] : [])),
        ...(order?.lines.map((line) => line.sellerSku) ?? []),
      ]
    },
    before: () => (route.operation === 'products.create' ? creationBefore(tiktok) : beforeWrite(tiktok, about())),
    run: () => write(tiktok, checkSent(asked, request) ?? closedShop(asked) ?? route.handle(asked), at),
  }
}

function beforeWrite(tiktok: Tiktok, about: ReturnType<NonNullable<Route['about']>>): Before | undefined {
  const products = about.products?.filter((one) => one !== undefined) ?? []
  if (products.length > 0) return productBefore(tiktok, products)
  return about.order ? orderBefore(tiktok, about.order) : undefined
}

/** What is new cannot show an older state; it is missing in lists instead. */
function creationBefore(tiktok: Tiktok): Before {
  return {
    showUntil(until, { body }) {
      const id = objectOf(objectOf(body)?.['data'])?.['product_id']
      if (typeof id === 'string') tiktok.hidden.set(id, until)
    },
  }
}

function readCall(tiktok: Tiktok, request: SandboxRequest, at: Date): { operation: string; result: Result } {
  const { path, query } = splitUrl(request.url)
  const match = matchRoute(routes, request.method, path)
  if (!match) return { operation: 'unknown', result: noRoute(path) }
  const { route, params } = match
  const refused = checkApp(tiktok, { request, path, query, at })
  if (refused) return { operation: route.operation, result: refused }
  const grant = findGrant(tiktok, request, at)
  if (!('id' in grant)) return { operation: route.operation, result: grant }
  if (!route.scopes.some((scope) => grant.scopes.has(scope))) return { operation: route.operation, result: noScope }
  const shop = findShop(tiktok, { route, query, grant })
  if (!('id' in shop)) return { operation: route.operation, result: withStatus(tiktok, shop) }
  const asked: Asked = {
    tiktok,
    at,
    route,
    params,
    query,
    body: {},
    upload: undefined,
    sellerId: grant.sellerId,
    grantId: grant.id,
    shop,
  }
  return { operation: route.operation, result: readBody(asked, request) ?? { data: asked } }
}

function noRoute(path: string): Result {
  const methods = ['GET', 'POST', 'PUT', 'DELETE'].filter((method) => matchRoute(routes, method, path))
  if (methods.length > 0) {
    const message = 'Invalid method. The HTTP method used is not supported by this endpoint.'
    return { code: 36_009_010, status: 405, message }
  }
  const parts = path.split('/')
  const isVersion = /^\d{6}$/.test(parts[2] ?? '')
  const known = isVersion && routes.some((one) => samePathButVersion(one.path, path))
  if (known) {
    return { code: 36_009_014, status: 400, message: 'The version name is invalid, please check and retry.' }
  }
  const message = 'Invalid path. The specified path does not match any available endpoint.'
  return { code: 36_009_009, status: 404, message }
}

function samePathButVersion(pattern: string, path: string): boolean {
  const [ours, theirs] = [pattern.split('/'), path.split('/').map(decodePart)]
  return (
    ours.length === theirs.length &&
    ours.every((part, index) => index === 2 || part.startsWith('{') || part === theirs[index])
  )
}

type Signed = { request: SandboxRequest; path: string; query: URLSearchParams; at: Date }

function checkApp(tiktok: Tiktok, { request, path, query, at }: Signed): Result | undefined {
  const { app } = tiktok
  if (query.get('app_key') !== app.appKey) return invalid('Invalid credentials. Invalid `app_key` query parameter.')
  if (!app.isIpAllowed) return withStatus(tiktok, ipRefused)
  const late = checkTimestamp(query.get('timestamp'), at)
  if (late) return late
  const sent = query.get('sign') ?? ''
  if (sent === '')
    return invalid('Missing credentials. The request does not include a required signature in the query.')
  const contentType = request.headers['content-type'] ?? ''
  const expected = signCall({ secret: app.appSecret, path, query, contentType, body: request.body })
  return isSameSign(sent, expected) ? undefined : withStatus(tiktok, wrongSign)
}

function checkTimestamp(sent: string | null, at: Date): Result | undefined {
  const subject = 'Invalid timestamp. The value of the `timestamp` query parameter must not'
  if (sent === null || !/^\d{10}$/.test(sent)) return invalid(`${subject} be lesser than 0.`)
  const difference = Number(sent) - unixSeconds(at)
  if (difference < -behindSeconds) return invalid(`${subject} be earlier than 5 minutes before the current time.`)
  if (difference > aheadSeconds) return invalid(`${subject} exceed the current time by more than 30 seconds.`)
  return undefined
}

function findGrant(tiktok: Tiktok, request: SandboxRequest, at: Date): Grant | Refusal {
  const wrong = {
    code: 36_009_004,
    status: 400,
    message: 'Invalid credentials. The `x-tts-access-token` header is invalid.',
  }
  const token = tiktok.accessTokens.get(request.headers['x-tts-access-token'] ?? '')
  const grant = token && tiktok.grants.get(token.grantId)
  if (!token || !grant) return wrong
  if (grant.revokedAt) {
    return withStatus(
      tiktok,
      tiktok.choices.revokedCode === expired.code ? expired : { ...wrong, code: tiktok.choices.revokedCode },
    )
  }
  if (token.isDead || token.endsAt <= at) return withStatus(tiktok, expired)
  return grant
}

function findShop(
  tiktok: Tiktok,
  { route, query, grant }: { route: Route; query: URLSearchParams; grant: Grant },
): Shop | Refusal {
  const isLenient = tiktok.choices.shopCipher === 'lenient'
  const own = tiktok.shops.filter((one) => grant.shopIds.has(one.id))
  const [first] = tiktok.shops.filter((one) => one.sellerId === grant.sellerId)
  const cipher = query.get('shop_cipher')
  if (route.cipher === 'unwanted') {
    if (cipher !== null && !isLenient) return unwantedCipher
    return first ?? foreignCipher
  }
  if (cipher === null || cipher === '') return (isLenient ? own[0] : undefined) ?? missingCipher
  return own.find((one) => one.cipher === cipher) ?? foreignCipher
}

function readBody(asked: Asked, request: SandboxRequest): Result | undefined {
  const contentType = request.headers['content-type'] ?? ''
  if (asked.route.isUpload) {
    if (!isUpload(contentType)) return { code: 36_009_023, status: 400, message: uploadWanted }
    asked.upload = readUpload(contentType, request.rawBody)
    return undefined
  }
  if (request.body === '') return undefined
  if (!/^application\/json\b/i.test(contentType)) return { code: 36_009_022, status: 400, message: jsonWanted }
  const body = parseObject(request.body)
  if (!body) return { code: 36_009_022, status: 400, message: jsonWanted }
  asked.body = body
  return undefined
}

/** After the rate, so that a mistyped call costs as much as another. */
function checkSent(asked: Asked, request: SandboxRequest): Result | undefined {
  if (request.method === 'GET' || asked.route.isUpload) return checkQuery(asked.route, asked.query)
  return checkQuery(asked.route, asked.query) ?? checkBody(asked.route, asked.body)
}

/** A shop the marketplace closed sells nothing more; its orders can still be worked on. */
function closedShop({ route, shop }: Asked): Result | undefined {
  const isAboutProducts = route.word === 'products' || route.word === 'stock'
  return isAboutProducts && !shop.isOpen ? refuse(12_052_700, 'The seller is inactive.') : undefined
}

function parseObject(json: string): Body | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : undefined
  } catch {
    return undefined
  }
}

function withStatus(tiktok: Tiktok, refusal: Refusal): Refusal {
  return tiktok.choices.authStatus === 'ok' ? { ...refusal, status: 200 } : refusal
}

const expired: Refusal = {
  code: 105_002,
  status: 401,
  message: 'Expired credentials. The `access_token` or `x-tts-access-token` header has expired.',
}
const wrongSign: Refusal = {
  code: 106_001,
  status: 401,
  message: 'Invalid credentials. The `sign` query parameter is invalid.',
}
const noScope: Refusal = {
  code: 105_005,
  status: 403,
  message:
    'Access denied. The app is not authorized to access the endpoint because the access scopes granted for the app or the access token do not contain the required access scope for the endpoint.',
}
const ipRefused: Refusal = {
  code: 36_009_033,
  status: 403,
  message: 'Access denied. Your IP address is not in the IP allow list configured for this app.',
}
const missingCipher: Refusal = {
  code: 106_013,
  status: 400,
  message: 'Missing identifier. The `shop_cipher` query parameter is required to identify the target shop.',
}
const unwantedCipher: Refusal = {
  code: 36_009_004,
  status: 400,
  message: 'Unexpected identifier. The `shop_cipher` query parameter is not required for this request.',
}
const foreignCipher: Refusal = {
  code: 101_000,
  status: 400,
  message: 'Invalid query or header. The `shop_cipher` query parameter or `x-tts-access-token` header is invalid.',
}
const uploadWanted = 'Invalid request format. The value of the `content-type` header must be `multipart/form-data`.'
const jsonWanted =
  'Invalid request format. The request body format must be `application/json` for structured data or `multipart/form-data` for binary files.'
