// Passes everything on to a server on loopback as it came, and shows each exchange: for clients that have their own way
// of calling. Paths, headers and bytes stay as they are, so that signatures hold.
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Exchange } from '../spec-check/check.ts'

export type RecordingProxy = { origin: string; stop(): Promise<void> }

export async function startRecordingProxy(target: string, see: (exchange: Exchange) => void): Promise<RecordingProxy> {
  const server = createServer((asked, answered) => {
    pass(target, asked, answered).then(see, () => answered.destroy())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    async stop() {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}

async function pass(target: string, asked: IncomingMessage, answered: ServerResponse): Promise<Exchange> {
  const { method = 'GET', url = '/', headers, rawHeaders } = asked
  const body = await buffer(asked)
  const onward = request(new URL(url, target), { method, headers: rawHeaders, agent: false })
  const response = once(onward, 'response') as Promise<[IncomingMessage]>
  onward.end(body)
  const [given] = await response
  const answer = await buffer(given)
  answered.writeHead(given.statusCode ?? 502, given.rawHeaders).end(answer)
  return {
    method,
    url: new URL(url, target).href,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    body: body.length === 0 ? undefined : body.toString('utf8'),
    status: given.statusCode ?? 502,
    answer: answer.toString('utf8'),
  }
}
