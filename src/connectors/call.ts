// Makes the `Call` a connector is handed: signs, resolves links, reads JSON, and turns every way a request can go wrong
// into one of the five refusals. The engine adds pace and record; the HTTP port is handed in.
import { RefusedError } from './connector.ts'
import type { AccountFields, Call, Connector, HttpRequest, HttpResponse, Refusal, Site } from './connector.ts'
import { parseJson } from './reading.ts'

/** The shape of the HTTP port. A port that fails throws something with `kind` and `sent`. */
export type CallHttp = {
  request(input: CallHttpInput): Promise<{ status: number; headers: Record<string, string>; body: string }>
  /** The same with the body as it comes; reading it may fail like the request itself. */
  stream(
    input: CallHttpInput,
  ): Promise<{ status: number; headers: Record<string, string>; body: AsyncIterable<Uint8Array> }>
}

export type CallHttpInput = {
  method: string
  url: string
  headers: Record<string, string>
  body?: string | Uint8Array
  timeoutSeconds: number
}

/** One request as the record keeps it: no headers, no bodies, and no secret in the address. */
export type RequestRecord = {
  method: HttpRequest['method']
  url: string
  /** Null where no answer came. */
  status: number | null
  /** How the network failed, where it did. */
  failure: string | null
  milliseconds: number
}

export type CallParts<Account extends AccountFields> = {
  connector: Connector<Account>
  account: Account
  app?: Record<string, string>
  /** Left out only for `findSites`, which is how a site is found. */
  site?: Site
  /** A sandbox's address; the marketplace's own where left out. */
  baseUrl?: string
  now: () => Date
  http: CallHttp
  /** Waits for, or refuses, a turn in the account's rate limit: throws `RefusedError` to refuse. */
  pace?: (request: HttpRequest) => Promise<void>
  onRequest?: (record: RequestRecord) => void | Promise<void>
  /** Fetches a picture by its link; throws `RefusedError`. Left out where none is needed. */
  picture?: (link: string) => Promise<Uint8Array>
  timeoutSeconds?: number
}

const timeoutSecondsDefault = 30
const bodyCharactersMax = 20_000_000
const waitSecondsAfterFailure = 30
const unknownSite: Site = { id: '', name: '', sellerId: '', currency: '', currencies: [] }

export function makeCall<Account extends AccountFields>(parts: CallParts<Account>): Call<Account> {
  const { connector, http, now: clock } = parts
  const call: Call<Account> = {
    account: parts.account,
    app: parts.app ?? {},
    site: parts.site ?? unknownSite,
    get now() {
      return clock()
    },
    send: (request) =>
      exchange(parts, call, request, async (input) => {
        const answer = await http.request(input)
        return { status: answer.status, result: () => understand(answer, request, connector) }
      }),
    stream: (request) =>
      exchange(parts, call, request, async (input) => {
        const answer = await http.stream(input)
        return { status: answer.status, result: () => understandStream(answer, request, connector) }
      }),
    picture: parts.picture ?? noPicture,
  }
  return call
}

async function noPicture(): Promise<never> {
  throw new RefusedError({ kind: 'rejected', reason: 'Pictures cannot be fetched here' })
}

// Pace first: a signature may hold the time, which must not grow old while we wait for our turn.
async function exchange<Account extends AccountFields, Result>(
  { connector, baseUrl, now: clock, pace, onRequest, timeoutSeconds = timeoutSecondsDefault }: CallParts<Account>,
  call: Call<Account>,
  request: HttpRequest,
  send: (input: CallHttpInput) => Promise<{ status: number; result: () => Result | Promise<Result> }>,
): Promise<Result> {
  await pace?.(request)
  const signed = request.presigned === true ? request : connector.http.sign(request, call)
  const url = addressOf(signed, connector, baseUrl)
  const startedAt = clock().getTime()
  const record = (status: number | null, failure: string | null) =>
    onRequest?.({
      method: request.method,
      url: withoutSecrets(url, request),
      status,
      failure,
      milliseconds: clock().getTime() - startedAt,
    })
  let answer: Awaited<ReturnType<typeof send>>
  try {
    answer = await send({ method: signed.method, url, ...contentOf(signed), timeoutSeconds })
  } catch (error) {
    if (!isNetworkFailure(error)) throw error
    await record(null, error.kind)
    throw new RefusedError(afterFailure(error, request))
  }
  await record(answer.status, null)
  return answer.result()
}

function contentOf({ headers = {}, body, form, bytes }: HttpRequest): Pick<CallHttpInput, 'headers' | 'body'> {
  const given = lowerCaseNames(headers)
  if (bytes) return { headers: { 'content-type': bytes.contentType, ...given }, body: bytes.content }
  if (form) {
    const headers = { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8', ...given }
    return { headers, body: new URLSearchParams(form).toString() }
  }
  return body === undefined ? { headers: given } : { headers: given, body: JSON.stringify(body) }
}

function understand<Account extends AccountFields>(
  answer: { status: number; headers: Record<string, string>; body: string },
  request: HttpRequest,
  connector: Connector<Account>,
): HttpResponse {
  const tooLong = answer.body.length > bodyCharactersMax
  const response: HttpResponse = {
    status: answer.status,
    headers: lowerCaseNames(answer.headers),
    json: tooLong ? undefined : parseJson(answer.body),
    text: tooLong ? '' : answer.body,
  }
  if (!isSuccess(answer.status)) throw new RefusedError(explain(response, request, connector))
  if (request.answer === 'any') return response
  // "204 No Content" says in so many words that there is nothing to read; any other empty answer was cut off.
  const saidNothing = answer.status === 204 || answer.status === 205
  if (response.json === undefined && !(saidNothing && !isSafe(request))) {
    throw new RefusedError(makesNoSense(request, `The answer (status ${answer.status}) was not JSON`))
  }
  return response
}

async function understandStream<Account extends AccountFields>(
  answer: { status: number; headers: Record<string, string>; body: AsyncIterable<Uint8Array> },
  request: HttpRequest,
  connector: Connector<Account>,
): Promise<AsyncIterable<Uint8Array>> {
  const body = refusable(answer.body, request)
  if (isSuccess(answer.status)) return body
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString('utf8')
  const response = { status: answer.status, headers: lowerCaseNames(answer.headers), json: parseJson(text), text }
  throw new RefusedError(explain(response, request, connector))
}

async function* refusable(body: AsyncIterable<Uint8Array>, request: HttpRequest): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (error) {
    if (isNetworkFailure(error)) throw new RefusedError(afterFailure(error, request))
    throw error
  }
}

// Whoever keeps the file is not the marketplace's API: its link may have run out, and a new one is asked for next time.
function explain<Account extends AccountFields>(
  response: HttpResponse,
  request: HttpRequest,
  connector: Connector<Account>,
): Refusal {
  if (request.presigned !== true) return connector.http.explain(response, request)
  const reason = `The file could not be had (status ${response.status})`
  return { kind: 'wait', seconds: waitSecondsAfterFailure, reason }
}

function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299
}

/** Whether a lost answer to this request may simply be asked for again. */
function isSafe(request: HttpRequest): boolean {
  return request.safe ?? request.method === 'GET'
}

/** An answer nobody can read: asking again is right for reads, a write may have taken effect. */
function makesNoSense(request: HttpRequest, reason: string): Refusal {
  return isSafe(request) ? { kind: 'wait', seconds: waitSecondsAfterFailure, reason } : { kind: 'unclear', reason }
}

type NetworkFailure = { kind: 'timeout' | 'reset' | 'refused' | 'too-large'; sent: boolean }

const failureTexts: Record<NetworkFailure['kind'], string> = {
  timeout: 'No answer came in time',
  reset: 'The connection broke before the answer was complete',
  refused: 'The marketplace could not be reached',
  'too-large': 'The answer was too large to be read',
}

// The port throws its own class, which connectors may not import: it is known by its shape.
function isNetworkFailure(error: unknown): error is NetworkFailure {
  if (typeof error !== 'object' || error === null || !('kind' in error) || !('sent' in error)) return false
  return typeof error.kind === 'string' && Object.hasOwn(failureTexts, error.kind) && typeof error.sent === 'boolean'
}

function afterFailure(failure: NetworkFailure, request: HttpRequest): Refusal {
  const reason = failureTexts[failure.kind]
  if (!failure.sent) return { kind: 'wait', seconds: waitSecondsAfterFailure, reason }
  return makesNoSense(request, reason)
}

function addressOf<Account extends AccountFields>(
  request: HttpRequest,
  { http }: Connector<Account>,
  sandboxUrl: string | undefined,
): string {
  if (request.presigned === true) return presignedAddress(request.url)
  if (request.host === undefined) return resolveUrl(request, sandboxUrl ?? http.baseUrl, http.baseUrl)
  const host = http.hosts?.[request.host]
  if (host === undefined) throw new Error(`The connector names no host “${request.host}”.`)
  return resolveUrl(request, sandboxUrl === undefined ? host : new URL(sandboxUrl).origin, host)
}

function presignedAddress(link: string): string {
  const url = URL.parse(link)
  if (url && ['https:', 'http:'].includes(url.protocol)) return link
  throw new RefusedError({ kind: 'rejected', reason: 'The marketplace gave a link that is no web address' })
}

// Token services take secrets in the address, and a presigned link is a right in itself.
function withoutSecrets(address: string, request: HttpRequest): string {
  const url = new URL(address)
  if (request.presigned === true) return url.origin + url.pathname
  for (const name of url.searchParams.keys().toArray()) {
    if (/secret|token|code|sign|cipher/i.test(name)) url.searchParams.set(name, '…')
  }
  return url.searchParams.size === 0 ? url.href : url.href.replace(/%E2%80%A6/g, '…')
}

// The token goes to the account's own base address and nowhere else: whatever host a link names, only its path is used.
// Links come relative ("/api/listings/1"), absolute, and with the production host while we talk to a sandbox.
export function resolveUrl(request: HttpRequest, baseUrl: string, productionBaseUrl: string): string {
  const base = new URL(baseUrl)
  const basePath = base.pathname.replace(/\/+$/, '')
  const productionPath = new URL(productionBaseUrl).pathname.replace(/\/+$/, '')
  const link = pathOfLink(request.url)
  const [path, linkQuery] = splitOnce(link, '?')
  const url = new URL(base.origin)
  url.pathname = isBelow(path, basePath)
    ? path
    : basePath + (isBelow(path, productionPath) ? path.slice(productionPath.length) : path)
  // A "+" after a time of day can only be the sign of its time zone; left as it is, the server reads a space (R5).
  const kept = (linkQuery ?? '').replace(/(\d\d:\d\d(?::\d\d)?(?:\.\d+)?)\+(\d\d:?\d\d)/g, '$1%2B$2')
  url.search = [kept, encodeQuery(request.query ?? {})].filter((part) => part !== '').join('&')
  return url.href
}

function pathOfLink(link: string): string {
  const [withoutFragment] = splitOnce(link, '#')
  const absolute = /^[a-z][a-z0-9+.-]*:/i.test(withoutFragment)
  if (!absolute && !withoutFragment.startsWith('//')) {
    return withoutFragment.startsWith('/') ? withoutFragment : `/${withoutFragment}`
  }
  const host = /^(?:https?:)?\/\/[^/?]*/i.exec(withoutFragment)
  if (!host) throw new RefusedError({ kind: 'rejected', reason: 'The marketplace gave a link that is no web address' })
  const rest = withoutFragment.slice(host[0].length)
  return rest.startsWith('/') ? rest : `/${rest}`
}

function isBelow(path: string, basePath: string): boolean {
  return basePath !== '' && (path === basePath || path.startsWith(`${basePath}/`))
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)]
}

// encodeURIComponent also encodes "+", "&" and ":", so that a SKU or a time arrives as it is (R4, R5).
function encodeQuery(query: Record<string, string | number | undefined>): string {
  return Object.entries(query)
    .flatMap(([name, value]) =>
      value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`],
    )
    .join('&')
}

function lowerCaseNames(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
