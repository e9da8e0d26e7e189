// Requests to addresses that people typed (feeds, webhooks to suppliers, pictures). Nothing private is ever reached: names
// are resolved, every address is checked, and the checked address is the one connected to.
import { isIP } from 'node:net'
import { Agent, errors, request as send, type Dispatcher } from 'undici'
import { startDeadline } from './clock.ts'
import { codeOf } from './folder-lock.ts'
import { isPublicAddress, NotPublic, publicLookup, type Resolve } from './public-address.ts'
import { unpacked, UnpackRefused } from './unpack.ts'

export type OutsideRequest = {
  method: 'GET' | 'POST' | 'HEAD'
  /** https only; ports 443 and 8443; no credentials in it. */
  url: string
  headers?: Record<string, string>
  body?: string
  /** Of the answer, unpacked. */
  bytesMax: number
  /** For everything from the name to the last byte, however slowly it trickles in. */
  timeoutSeconds: number
}

export type OutsideResponse = { status: number; headers: Record<string, string>; bytes: Uint8Array }

export type Outside = {
  /** An answer of any status is an answer. A redirect is followed for GET and HEAD only. */
  request(request: OutsideRequest): Promise<OutsideResponse>
  /** The body as it comes; reading it may end with OutsideRefused. Not reading to the end frees the connection. */
  stream(request: OutsideRequest): Promise<OutsideStream>
}

export type OutsideStream = { status: number; headers: Record<string, string>; body: AsyncIterable<Uint8Array> }

/**
 * 'refused': we do not go there. 'wait': nothing came back, and a repeat may go better.
 * 'unclear': the request was handed over and its answer lost.
 */
export class OutsideRefused extends Error {
  readonly kind: 'refused' | 'wait' | 'unclear'
  constructor(kind: 'refused' | 'wait' | 'unclear', message: string) {
    super(message)
    this.kind = kind
  }
}

export const noOutside: Outside = {
  request: () => Promise.reject(new OutsideRefused('refused', 'Addresses outside are not available here.')),
  stream: () => Promise.reject(new OutsideRefused('refused', 'Addresses outside are not available here.')),
}

export type OutsideOptions = {
  /** Hosts (`nas.local`, `127.0.0.1:8080`) that the operator trusts: http, any port and private addresses are theirs. */
  allowPrivate: string[]
  /** Handed in by tests of names that change their mind. */
  resolve?: Resolve
  /** Likewise: a listener of a test cannot have 443. */
  ports?: number[]
}

const redirectsMax = 3
const connectSecondsMax = 10
const portsUsual = [443, 8443]

export function systemOutside(options: OutsideOptions): Outside & { close(): Promise<void> } {
  const timeout = connectSecondsMax * 1000
  // A hop uses the one or the other; neither keeps a connection for long, so names are looked up again soon.
  const shared = { connections: 16, pipelining: 1, keepAliveTimeout: 1000, keepAliveMaxTimeout: 2000 }
  const guarded = new Agent({ ...shared, connect: { timeout, lookup: publicLookup(options.resolve) } })
  const trusted = new Agent({ ...shared, connect: { timeout } })
  const agentFor = (url: URL) => (isTrusted(url, options.allowPrivate) ? trusted : guarded)
  const stream = (request: OutsideRequest) => walk(request, options, agentFor)
  return {
    stream,
    async request(request) {
      const { status, headers, body } = await stream(request)
      const chunks: Uint8Array[] = []
      for await (const chunk of body) chunks.push(chunk)
      return { status, headers, bytes: Buffer.concat(chunks) }
    },
    close: async () => void (await Promise.all([guarded.close(), trusted.close()])),
  }
}

/** From the address that was typed to the answer, hop by hop; each hop is checked as if it had been typed. */
async function walk(
  request: OutsideRequest,
  options: OutsideOptions,
  agentFor: (url: URL) => Agent,
): Promise<OutsideStream> {
  const watch = watchFor(request)
  try {
    let url = checkedUrl(request.url, options)
    let headers = request.headers ?? {}
    for (let hops = 0; ; hops += 1) {
      // One after the other by nature.
      const response = await ask(request, { url, headers, agent: agentFor(url), watch })
      const target = request.method === 'POST' ? undefined : redirectOf(response, url)
      if (target === undefined) return answerOf(response, request, watch)
      response.body.on('error', () => undefined).destroy()
      if (hops >= redirectsMax)
        throw new OutsideRefused('refused', `The address leads on to another more than ${redirectsMax} times.`)
      const next = checkedUrl(target, options)
      // What proves who we are is for the address it was given for.
      if (next.origin !== url.origin) headers = {}
      url = next
    }
  } catch (error) {
    watch.end()
    throw watch.failureOf(error)
  }
}

// Where we go -------------------------------------------------------------------------------------------------------

function checkedUrl(text: string, options: OutsideOptions): URL {
  const refused = (sentence: string) => new OutsideRefused('refused', sentence)
  const url = URL.parse(text)
  if (!url || !['http:', 'https:'].includes(url.protocol)) throw refused('The address must begin with https://.')
  if (url.username !== '' || url.password !== '')
    throw refused('The address holds a user name or password; they have fields of their own.')
  if (isTrusted(url, options.allowPrivate)) return url
  if (url.protocol !== 'https:') throw refused('The address must begin with https://, so that nobody reads along.')
  if (!(options.ports ?? portsUsual).includes(Number(url.port || 443)))
    throw refused('Only the ports 443 and 8443 are called.')
  const host = bareHost(url)
  // A number needs no lookup, so it is looked at here. Every way to write it has become the usual one by now.
  if (isIP(host) > 0 && !isPublicAddress(host)) throw refused(notPublicSentence)
  return url
}

const notPublicSentence = 'The address is not one on the public internet, and Fairlead does not go there.'

function isTrusted(url: URL, hosts: string[]): boolean {
  const host = bareHost(url)
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
  return hosts.some((allowed) => [host, url.hostname, `${url.hostname}:${port}`].includes(allowed.toLowerCase()))
}

function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}

const redirects = new Set([301, 302, 303, 307, 308])

function redirectOf(response: Dispatcher.ResponseData, from: URL): string | undefined {
  const { location } = response.headers
  if (!redirects.has(response.statusCode) || typeof location !== 'string') return undefined
  return URL.parse(location, from)?.toString() ?? 'not an address'
}

// The exchange --------------------------------------------------------------------------------------------------------

type Watch = {
  signal: AbortSignal
  sent: boolean
  end(): void
  failureOf(error: unknown): unknown
}

function watchFor(request: OutsideRequest): Watch {
  const deadline = new AbortController()
  const end = startDeadline(request.timeoutSeconds * 1000, () => deadline.abort())
  const watch: Watch = {
    signal: deadline.signal,
    sent: false,
    end,
    failureOf: (error) =>
      deadline.signal.aborted && !(error instanceof OutsideRefused)
        ? lost(watch.sent, request, `The address did not answer in full within ${request.timeoutSeconds} seconds.`)
        : failureOf(error, watch.sent, request),
  }
  return watch
}

type Hop = { url: URL; headers: Record<string, string>; agent: Agent; watch: Watch }

async function ask(request: OutsideRequest, { url, headers, agent, watch }: Hop): Promise<Dispatcher.ResponseData> {
  // undici says when the head of a request went out: from then on the other side may act on it.
  const watched = agent.compose(
    (dispatch) => (options, handler) =>
      dispatch(options, {
        onRequestStart(controller, context) {
          watch.sent = true
          handler.onRequestStart?.(controller, context)
        },
        onRequestUpgrade: (...values) => handler.onRequestUpgrade?.(...values),
        onResponseStart: (...values) => handler.onResponseStart?.(...values),
        onResponseData: (...values) => handler.onResponseData?.(...values),
        onResponseEnd: (...values) => handler.onResponseEnd?.(...values),
        onResponseError: (...values) => handler.onResponseError?.(...values),
      }),
  )
  // A lookup cannot be called off, so the deadline is kept beside it.
  return Promise.race([
    send(url, {
      dispatcher: watched,
      method: request.method,
      headers: { 'accept-encoding': 'gzip', ...headers },
      body: request.body ?? null,
      signal: watch.signal,
      headersTimeout: 0,
      bodyTimeout: 0,
    }),
    new Promise<never>((_resolve, reject) => {
      const stop = () => reject(new Error('The time is over.'))
      if (watch.signal.aborted) stop()
      watch.signal.addEventListener('abort', stop, { once: true })
    }),
  ])
}

function answerOf(response: Dispatcher.ResponseData, request: OutsideRequest, watch: Watch): OutsideStream {
  const headers = flatten(response.headers)
  const encoding = (headers['content-encoding'] ?? 'identity').toLowerCase()
  const isPacked = encoding === 'gzip' || encoding === 'x-gzip'
  if (!isPacked && encoding !== 'identity' && encoding !== '') {
    response.body.on('error', () => undefined).destroy()
    throw new OutsideRefused('refused', 'The address answers packed in a way we do not read.')
  }
  if (Number(headers['content-length'] ?? 0) > request.bytesMax) {
    response.body.on('error', () => undefined).destroy()
    throw new OutsideRefused('refused', tooLargeSentence(request.bytesMax))
  }
  const plain = capped(response.body, request.bytesMax)
  return {
    status: response.statusCode,
    headers,
    body: told(isPacked ? unpacked(plain, request.bytesMax) : plain, watch),
  }
}

async function* told(body: AsyncIterable<Uint8Array>, watch: Watch): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (error) {
    throw watch.failureOf(error)
  } finally {
    watch.end()
  }
}

async function* capped(
  body: AsyncIterable<Uint8Array> & { destroy(): unknown },
  bytesMax: number,
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > bytesMax) throw new OutsideRefused('refused', tooLargeSentence(bytesMax))
    yield chunk
  }
}

function tooLargeSentence(bytesMax: number): string {
  const size = bytesMax >= 1_000_000 ? `${Math.floor(bytesMax / 1_000_000)} MB` : `${Math.ceil(bytesMax / 1000)} kB`
  return `What the address sends is larger than ${size}.`
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const pairs = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]],
  )
  return Object.fromEntries(pairs)
}

// What went wrong ---------------------------------------------------------------------------------------------------

const sentences: Record<string, string> = {
  ENOTFOUND: 'There is no such host. Is the address spelled right?',
  ECONNREFUSED: 'The host does not take connections at this address.',
  EAI_AGAIN: 'The name of the host could not be looked up just now.',
}

function failureOf(error: unknown, sent: boolean, request: OutsideRequest): unknown {
  if (error instanceof OutsideRefused) return error
  if (error instanceof NotPublic) return new OutsideRefused('refused', notPublicSentence)
  if (error instanceof UnpackRefused) {
    const isLarge = error.reason === 'too-large'
    return new OutsideRefused(
      isLarge ? 'refused' : 'wait',
      isLarge ? tooLargeSentence(request.bytesMax) : error.message,
    )
  }
  if (error instanceof errors.InvalidArgumentError || error instanceof TypeError)
    return new OutsideRefused('refused', 'The address or a header of the request cannot be used.')
  const code = codeOf(error)
  if (/CERT|SIGNATURE|SELF_SIGNED|ERR_TLS/.test(code))
    return new OutsideRefused('refused', 'The certificate of the host cannot be trusted.')
  const sentence = sentences[code]
  if (sentence !== undefined) return new OutsideRefused('wait', sentence)
  return lost(
    sent,
    request,
    sent ? 'The connection broke before the answer was whole.' : 'The host could not be reached.',
  )
}

/** Reading may be repeated; of a message that was handed over nobody knows what became of it. */
function lost(sent: boolean, request: OutsideRequest, sentence: string): OutsideRefused {
  return new OutsideRefused(sent && request.method === 'POST' ? 'unclear' : 'wait', sentence)
}
