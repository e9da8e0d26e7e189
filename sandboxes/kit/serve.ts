// Puts a sandbox behind a socket. This is the one place where a sandbox meets the real clock, timers and the network.
import { createServer, request as httpRequest } from 'node:http'
import { seededRandom } from './random.ts'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Delivery, Outcome, SandboxRequest, SandboxWorld, ServedSandbox } from './sandbox.ts'

export type ServedAt = { origin: string; port: number; stop(): Promise<void> }

export type ServeOptions = {
  /** 0 takes any free port. */
  port: number
  /** How long a silent answer keeps the connection before it is cut. */
  silenceSeconds?: number
  /** What to do with notifications; by default they are sent. */
  deliver?: (delivery: Delivery) => void
  /** Called every few seconds, to keep what the sandbox knows. */
  keep?: () => void
}

const keepEverySeconds = 5

const bodyBytesMax = 64 * 1024 * 1024

/** Real time, and chance that repeats for a seed. */
export function realWorld(seed: number): SandboxWorld {
  return { now: () => new Date(), random: seededRandom(seed) }
}

export async function serveSandbox(sandbox: ServedSandbox, options: ServeOptions): Promise<ServedAt> {
  const silenceMs = (options.silenceSeconds ?? 600) * 1000
  const server = createServer((request, response) => {
    void answer(sandbox, { request, response, silenceMs })
  })
  // A silent answer must be able to outlast the client's patience.
  server.requestTimeout = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  let ticks = 0
  const clock = setInterval(() => {
    sandbox.advance()
    ticks += 1
    if (ticks % keepEverySeconds === 0) options.keep?.()
    for (const delivery of sandbox.takeDeliveries()) (options.deliver ?? sendDelivery)(delivery)
  }, 1000)
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    stop: () =>
      new Promise((resolve) => {
        clearInterval(clock)
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

type Exchange = { request: IncomingMessage; response: ServerResponse; silenceMs: number }

async function answer(sandbox: ServedSandbox, { request, response, silenceMs }: Exchange): Promise<void> {
  try {
    const read = await readRequest(request)
    if (!read) return void response.writeHead(413).end()
    writeOutcome(await sandbox.handle(read), { request, response, silenceMs })
  } catch (error) {
    // A bug of the sandbox must be seen, and must not look like a fault of the marketplace.
    console.error(error)
    if (!response.headersSent) response.writeHead(500, { 'x-sandbox-bug': '1' })
    response.end('The sandbox itself failed; see its log.')
  }
}

function writeOutcome(outcome: Outcome, { request, response, silenceMs }: Exchange): void {
  if (outcome.kind === 'reset') return void request.socket.resetAndDestroy()
  if (outcome.kind === 'silence') {
    const cut = setTimeout(() => request.socket.destroy(), silenceMs)
    request.socket.once('close', () => clearTimeout(cut))
    return
  }
  const { status, headers, body } = outcome.response
  const send = () => {
    if (status === 204 || status === 304) return void response.writeHead(status, headers).end()
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body)
  }
  if (outcome.delaySeconds === undefined) return send()
  const wait = setTimeout(send, outcome.delaySeconds * 1000)
  request.socket.once('close', () => clearTimeout(wait))
}

async function readRequest(request: IncomingMessage): Promise<SandboxRequest | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > bodyBytesMax) return undefined
    chunks.push(chunk)
  }
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
  const rawBody = Buffer.concat(chunks)
  return {
    method: request.method ?? 'GET',
    url: request.url ?? '/',
    headers,
    body: rawBody.toString('utf8'),
    rawBody,
  }
}

/** Sent once and forgotten: a lost notification must cost a client nothing but time. */
function sendDelivery({ url, headers, body }: Delivery): void {
  try {
    const call = httpRequest(url, { method: 'POST', headers, timeout: 5000 }, (response) => response.resume())
    call.on('error', () => undefined)
    call.on('timeout', () => call.destroy())
    call.end(body)
  } catch {
    // An address that cannot be called is the registrant's mistake.
  }
}
