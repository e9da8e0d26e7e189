// Makes the `Call` a connector is handed: signs, resolves links, reads JSON, and turns every way a request can go wrong
// into one of the five refusals. The engine adds pace and record; the HTTP port is handed in.
import { RefusedError } from './connector.ts'
import type { AccountFields, Call, Connector, HttpRequest, HttpResponse, Refusal, Site } from './connector.ts'

/** The shape of the HTTP port. A port that fails throws something with `kind` and `sent`. */
export type CallHttp = {
  request(input: {
    method: string
    url: string
    headers: Record<string, string>
    body?: string
    timeoutSeconds: number
  }): Promise<{ status: number; headers: Record<string, string>; body: string }>
}

/** One request as the record keeps it. Credentials are in headers, so headers and bodies are left out. */
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
  timeoutSeconds?: number
}

const timeoutSecondsDefault = 30
const bodyCharactersMax = 20_000_000
const waitSecondsAfterFailure = 30
const unknownSite: Site = { id: '', name: '', sellerId: '', currency: '', currencies: [] }

export function makeCall<Account extends AccountFields>(parts: CallParts<Account>): Call<Account> {
  const { connector, http, now: clock } = parts
  const baseUrl = parts.baseUrl ?? connector.http.baseUrl
  const call: Call<Account> = {
    account: parts.account,
    app: parts.app ?? {},
    site: parts.site ?? unknownSite,
    now: clock(),
    async send(request) {
      const signed = connector.http.sign(request, call)
      const url = resolveUrl(signed, baseUrl, connector.http.baseUrl)
      await parts.pace?.(request)
      const startedAt = clock().getTime()
      const record = (status: number | null, failure: string | null) =>
        parts.onRequest?.({ method: request.method, url, status, failure, milliseconds: clock().getTime() - startedAt })
      let answer: Awaited<ReturnType<CallHttp['request']>>
      try {
        answer = await http.request({
          method: signed.method,
          url,
          headers: lowerCaseNames(signed.headers ?? {}),
          ...(signed.body === undefined ? {} : { body: JSON.stringify(signed.body) }),
          timeoutSeconds: parts.timeoutSeconds ?? timeoutSecondsDefault,
        })
      } catch (error) {
        if (!isNetworkFailure(error)) throw error
        await record(null, error.kind)
        throw new RefusedError(afterFailure(error, request))
      }
      await record(answer.status, null)
      return understand(answer, request, connector)
    },
  }
  return call
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
  if (answer.status < 200 || answer.status > 299) {
    throw new RefusedError(connector.http.explain(response, request))
  }
  // "204 No Content" says in so many words that there is nothing to read; any other empty answer was cut off.
  const saidNothing = answer.status === 204 || answer.status === 205
  if (response.json === undefined && !(saidNothing && !isSafe(request))) {
    throw new RefusedError(makesNoSense(request, `The answer (status ${answer.status}) was not JSON`))
  }
  return response
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

type ParseWithSource = (
  text: string,
  reviver: (key: string, value: unknown, context?: { source?: string }) => unknown,
) => unknown

/** JSON with whole numbers beyond 2^53 kept as text, for ids must not change. Undefined where the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    // Node hands the reviver the source text; TypeScript's own description of JSON.parse does not know it yet.
    return (JSON.parse as ParseWithSource)(text.replace(/^\uFEFF/, ''), keepLargeIntegers)
  } catch {
    return undefined
  }
}

function keepLargeIntegers(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source ?? ''
  return typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source) ? source : value
}

function lowerCaseNames(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
