// A supplier's server on loopback, as the protocol for suppliers asks of it: it takes a purchase order under its
// webhook-id and says whether it has one; with the troubles that a real one has.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { LoopbackCertificate } from './loopback-certificate.ts'

export type WebhookFault =
  /** Gone before it took anything. */
  | 'drops-before'
  /** It has it, and the line is dead before the answer. */
  | 'drops-after'
  /** It has it, and answers much later. */
  | 'slow'
  /** "Later", in a second. */
  | 'busy'
  | 'breaks'

export type WebhookPeer = {
  url: string
  /** Every purchase order it took, in order; one that came twice is here twice. */
  taken: { id: string; headers: Record<string, string>; body: string }[]
  /** Asked at every purchase order that comes. */
  fault: () => WebhookFault | null
  /** Called as soon as it has taken one. */
  onTaken: () => void
  close(): Promise<void>
}

const slowMilliseconds = 1500

/** With a certificate by https, as a person has to enter it. */
export async function startWebhookPeer(trusted?: LoopbackCertificate): Promise<WebhookPeer> {
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    answer(peer, request, response).catch(() => response.destroy())
  }
  const server = trusted
    ? createSecureServer({ key: trusted.key, cert: trusted.certificate }, serve)
    : createServer(serve)
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const peer: WebhookPeer = {
    url: `${trusted ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}/orders`,
    taken: [],
    fault: () => null,
    onTaken: () => {},
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return peer
}

async function answer(peer: WebhookPeer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = (await buffer(request)).toString()
  if (request.method === 'GET') {
    const id = (request.url ?? '').slice('/orders/'.length)
    return void response.writeHead(peer.taken.some((one) => one.id === id) ? 200 : 404).end()
  }
  const fault = peer.fault()
  if (fault === 'drops-before') return void request.socket.destroy()
  if (fault === 'busy') return void response.writeHead(503, { 'retry-after': '1' }).end()
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  peer.taken.push({ id: headers['webhook-id'] ?? '', headers, body })
  peer.onTaken()
  if (fault === 'drops-after') return void request.socket.destroy()
  if (fault === 'breaks') return void response.writeHead(500).end()
  if (fault === 'slow') await new Promise((resolve) => setTimeout(resolve, slowMilliseconds))
  response.writeHead(204).end()
}
