// Starts a marketplace's sandbox as its own process, for the conformance tests. Nothing of it is imported: the connector
// and the sandbox are two readers of one published spec and must not share a mistake.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { crc32, deflateSync } from 'node:zlib'
import type { CallHttp } from './call.ts'
import type { Connector } from './connector.ts'
import { parseJson } from './reading.ts'

export type RunningSandbox = {
  baseUrl: string
  /** The connector's own fields of what the sandbox said; renewed by the tests. */
  account: Record<string, string>
  app: Record<string, string>
  /** All that it said of the account. */
  given: Record<string, unknown>
  /** Its meter's names for what every connector asks. */
  operations: { listOrders: string; ship: string; pushStock: string; publish: string }
  /** Ids of the right form that nothing has. */
  unknown: { order: string; listing: string; variant?: string }
  /** The sandbox's control surface: a body makes it a POST. */
  control(path: string, body?: unknown): Promise<unknown>
  stop(): Promise<void>
}

type Introduction = Pick<RunningSandbox, 'operations' | 'unknown'> & {
  url: string
  consoleUrl: string
  account: Record<string, unknown>
}

export async function startSandbox(connector: Connector, http: CallHttp): Promise<RunningSandbox> {
  const { id } = connector
  const cli = fileURLToPath(new URL('../../sandboxes/cli.ts', import.meta.url))
  const child = spawn(process.execPath, [cli, id, '--port', '0', '--empty'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const firstLine = once(createInterface({ input: child.stdout }), 'line').then(([line]) => String(line))
  const ended = exited.then(() => Promise.reject(new Error(`The sandbox of ${id} ended before it said its address`)))
  const line = parseJson(await Promise.race([firstLine, ended])) as Introduction
  return {
    baseUrl: line.url,
    account: textsOf(line.account, Object.keys(connector.account)),
    app: textsOf(line.account, Object.keys(connector.app ?? {})),
    given: line.account,
    operations: line.operations,
    unknown: line.unknown,
    async control(path, body) {
      const url = line.consoleUrl + path
      const headers = { 'content-type': 'application/json', accept: 'application/json' }
      const method = body === undefined ? 'GET' : 'POST'
      const sent = body === undefined ? {} : { body: JSON.stringify(body) }
      const answer = await http.request({ method, url, headers, timeoutSeconds: 20, ...sent })
      if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`)
      return parseJson(answer.body)
    },
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}

function textsOf(given: Record<string, unknown>, names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, textOf(given[name])]))
}

export type Picture = { url: string; stop(): Promise<unknown> }

/** A picture that can be fetched: some marketplaces fetch it, to others it is sent. */
export async function servePicture(): Promise<Picture> {
  const png = grayPicture(600)
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'image/png', 'content-length': png.length }).end(png)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/picture.png`,
    stop: () => once(server.close(), 'close'),
  }
}

/** A square of one gray, as PNG. */
function grayPicture(pixels: number): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(pixels, 0)
  head.writeUInt32BE(pixels, 4)
  head.writeUInt8(8, 8)
  // Each row begins with the number of its filter: none.
  const row = Buffer.concat([Buffer.alloc(1), Buffer.alloc(pixels, 0x80)])
  const rows = deflateSync(Buffer.concat(Array<Buffer>(pixels).fill(row)))
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))])
}

function chunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name), data])
  const size = Buffer.alloc(4)
  size.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([size, named, sum])
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
