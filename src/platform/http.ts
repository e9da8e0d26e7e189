import { Agent, errors, request as send, type Dispatcher } from 'undici'
import { startDeadline } from './clock.ts'
import { codeOf } from './folder-lock.ts'

/** The one way out of the hub. Follows no redirects; an answer of any status is an answer. */
export type Http = {
  request(input: HttpInput): Promise<HttpOutput>
  /**
   * The body as it comes. The time given is for the head and again for each part, so that silence in the middle is noticed.
   * Reading may throw `HttpFailure` as well; not reading to the end frees the connection.
   */
  stream(input: HttpInput): Promise<Omit<HttpOutput, 'body'> & { body: AsyncIterable<Uint8Array> }>
}

export type HttpInput = {
  method: string
  url: string
  headers: Record<string, string>
  body?: string | Uint8Array
  /** For the whole exchange, however slowly the answer trickles in. */
  timeoutSeconds: number
  bodyBytesMax?: number
}

export type HttpOutput = { status: number; headers: Record<string, string>; body: string }

export type HttpFailureKind = 'timeout' | 'reset' | 'refused' | 'too-large'

/** No answer. Where `sent`, the other side may have acted on the request all the same. */
export class HttpFailure extends Error {
  readonly kind: HttpFailureKind
  readonly sent: boolean

  constructor(kind: HttpFailureKind, sent: boolean) {
    super(`The request failed: ${kind}.`)
    this.name = 'HttpFailure'
    this.kind = kind
    this.sent = sent
  }
}

const connectSecondsMax = 10
const bodyBytesUsual = 20_000_000

export function systemHttp(): Http & { close(): Promise<void> } {
  const agent = new Agent({ connect: { timeout: connectSecondsMax * 1000 }, connections: 64, pipelining: 1 })
  return {
    request: (input) => exchange(agent, input),
    stream: (input) => streamed(agent, input),
    close: () => agent.close(),
  }
}

async function exchange(agent: Agent, input: HttpInput): Promise<HttpOutput> {
  const { response, watch } = await begin(agent, input)
  try {
    const body = await readCapped(response.body, input.bodyBytesMax ?? bodyBytesUsual)
    return { status: response.statusCode, headers: flatten(response.headers), body }
  } catch (error) {
    throw watch.failureOf(error)
  } finally {
    watch.end()
  }
}

async function streamed(agent: Agent, input: HttpInput): ReturnType<Http['stream']> {
  const { response, watch } = await begin(agent, input)
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of response.body) {
        // While the reader works on a part, nobody is late.
        watch.end()
        yield chunk as Buffer
        watch.again()
      }
    } catch (error) {
      throw watch.failureOf(error)
    } finally {
      watch.end()
    }
  }
  return { status: response.statusCode, headers: flatten(response.headers), body: body() }
}

type Watch = {
  failureOf(error: unknown): unknown
  /** The deadline begins anew. */
  again(): void
  end(): void
}

async function begin(agent: Agent, input: HttpInput): Promise<{ response: Dispatcher.ResponseData; watch: Watch }> {
  const deadline = new AbortController()
  const start = () => startDeadline(input.timeoutSeconds * 1000, () => deadline.abort())
  let end = start()
  let sent = false
  // undici says when the head of a request went out on a connection: from then on the other side may act on it.
  const watched = agent.compose(
    (dispatch) => (options, handler) =>
      dispatch(
        options,
        watchStart(handler, () => (sent = true)),
      ),
  )
  const watch: Watch = {
    end: () => end(),
    again() {
      end()
      end = start()
    },
    failureOf(error) {
      if (error instanceof HttpFailure) return error
      return deadline.signal.aborted ? new HttpFailure('timeout', sent) : failureOf(error, sent)
    },
  }
  try {
    const response = await send(input.url, {
      dispatcher: watched,
      method: input.method as Dispatcher.HttpMethod,
      headers: input.headers,
      body: input.body ?? null,
      signal: deadline.signal,
      headersTimeout: 0,
      bodyTimeout: 0,
    })
    return { response, watch }
  } catch (error) {
    end()
    throw watch.failureOf(error)
  }
}

function watchStart(handler: Dispatcher.DispatchHandler, onStart: () => void): Dispatcher.DispatchHandler {
  return {
    onRequestStart(controller, context) {
      onStart()
      handler.onRequestStart?.(controller, context)
    },
    onRequestUpgrade: (...values) => handler.onRequestUpgrade?.(...values),
    onResponseStart: (...values) => handler.onResponseStart?.(...values),
    onResponseData: (...values) => handler.onResponseData?.(...values),
    onResponseEnd: (...values) => handler.onResponseEnd?.(...values),
    onResponseError: (...values) => handler.onResponseError?.(...values),
  }
}

async function readCapped(body: AsyncIterable<Buffer> & { destroy(): unknown }, bytesMax: number): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > bytesMax) {
      body.destroy()
      throw new HttpFailure('too-large', true)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const pairs = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]],
  )
  return Object.fromEntries(pairs) as Record<string, string>
}

const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

function failureOf(error: unknown, sent: boolean): Error {
  if (neverConnected.has(codeOf(error))) return new HttpFailure('refused', false)
  // A mistake in the request itself is a bug of ours and not the weather.
  if (error instanceof errors.InvalidArgumentError || error instanceof TypeError) return error
  return new HttpFailure('reset', sent)
}
