// A made-up marketplace for tests of connecting: it has sites, warehouses, a consent page and notifications, and no network
// but the port it is given.
import { createHash, createHmac } from 'node:crypto'
import { connectors } from '../../src/connectors/index.ts'
import { RefusedError } from '../../src/connectors/connector.ts'
import type { Connector, Site } from '../../src/connectors/connector.ts'
import { wholeHttp } from '../../src/connectors/scripted-http.ts'

export type LanternAccount = { token: string; clientId: string; clientSecret: string; endsAt: string }

/** What its server holds. */
export type LanternBooks = {
  /** code → the token it is exchanged for; gone when it was. */
  codes: Map<string, string>
  /** token → what it opens. */
  shops: Map<string, Site[]>
  /** Every request: what was asked, and with which token. */
  asked: { path: string; body: Record<string, string> }[]
  /** The next request breaks. */
  isAway: boolean
}

export const lanternApp = { clientId: 'hub-app', clientSecret: 'hub-secret' }

export function lanternSite(id: string, sellerId: string, changes: Partial<Site> = {}): Site {
  return { id, name: `Shop ${id}`, sellerId, currency: 'GBP', currencies: ['GBP', 'EUR'], ...changes }
}

/** Puts it beside the real ones for as long as this test file runs. */
export function openLantern(): { books: LanternBooks; http: ReturnType<typeof wholeHttp> } {
  const books: LanternBooks = { codes: new Map(), shops: new Map(), asked: [], isAway: false }
  connectors['lantern'] = lantern as unknown as Connector
  const http = wholeHttp(({ url, body }) => {
    const given = typeof body === 'string' ? (JSON.parse(body) as Record<string, string>) : {}
    const path = new URL(url).pathname
    books.asked.push({ path: url, body: given })
    if (books.isAway) throw Object.assign(new Error('refused'), { kind: 'refused', sent: false })
    const answer = path.endsWith('/token') ? exchange(books, given) : books.shops.get(given['token'] ?? '')
    return { status: answer === undefined ? 401 : 200, headers: {}, body: JSON.stringify(answer ?? {}) }
  })
  return { books, http }
}

function exchange(books: LanternBooks, given: Record<string, string>): { token: string } | undefined {
  const token = books.codes.get(given['code'] ?? '')
  books.codes.delete(given['code'] ?? '')
  return token === undefined ? undefined : { token }
}

/** A notification as the marketplace would sign it. */
export function signedLantern(nudge: { id: string; sellerId: string | null; siteId: string | null; about: string }) {
  const payload = JSON.stringify(nudge)
  return { payload, headers: { 'x-signature': signature(payload, lanternApp.clientSecret) } }
}

export const lanternSignature = (body: string) => signature(body, lanternApp.clientSecret)
const signature = (body: string, secret: string) => createHmac('sha256', secret).update(body).digest('hex')
const digest = (text: string) => createHash('sha256').update(text).digest()

const lantern: Connector<LanternAccount> = {
  id: 'lantern',
  name: 'Lantern',
  documentation: 'https://lantern.example',
  account: {
    token: { label: 'Access token', secret: true, optional: true },
    clientId: { label: 'Client ID', secret: false, optional: true },
    clientSecret: { label: 'Client secret', secret: true, optional: true },
    endsAt: { label: 'Ends', secret: false, hidden: true },
  },
  app: {
    clientId: { label: 'Client ID', secret: false },
    clientSecret: { label: 'Client secret', secret: true },
    version: { label: 'Version', secret: false, optional: true },
  },
  http: {
    baseUrl: 'https://api.lantern.example/v1',
    hosts: { door: 'https://door.lantern.example' },
    sign: (request) => request,
    explain: ({ status }) =>
      status === 401 ? { kind: 'signed-out', reason: 'Lantern does not know this' } : { kind: 'wait', seconds: 5 },
    requestsPerMinute: 60,
  },
  consent: {
    page: (app, { state, redirectUri, account }) => ({
      host: 'door',
      url: `/allow?${new URLSearchParams({ client: account.clientId || (app['clientId'] ?? ''), state, back: redirectUri })}`,
    }),
    read({ code, state = null, error }) {
      if (error !== undefined) return { kind: 'refused', state, reason: 'The seller said no' }
      return code === undefined ? { kind: 'not-understood', state } : { kind: 'allowed', code, state, sellerId: null }
    },
    async exchange(call, { code }, redirectUri) {
      const { clientId, clientSecret } = call.account
      const body = { code, redirectUri, clientId: clientId || (call.app['clientId'] ?? '') }
      const { json } = await call.send({ method: 'POST', url: '/token', host: 'door', body })
      return { token: (json as { token: string }).token, clientId, clientSecret, endsAt: 'never' }
    },
    begunThere: (query, { state }) =>
      query['their_state'] === undefined
        ? undefined
        : { host: 'door', url: `/allow?${new URLSearchParams({ their_state: query['their_state'], state })}` },
    ownApp: { fields: ['clientId', 'clientSecret'], steps: ['Make an app at Lantern.'] },
  },
  notifications: {
    read({ headers, body }, app) {
      const wanted = digest(signature(body, app['clientSecret'] ?? ''))
      if (!wanted.equals(digest(headers['x-signature'] ?? ''))) return 'forged'
      return [
        { reference: null, ...(JSON.parse(body) as { id: string; sellerId: null; siteId: null; about: 'orders' }) },
      ]
    },
  },
  // A token that does not say when it ends is renewed at once; the older ones end with it.
  renewal: {
    dueAt: ({ endsAt }) => (endsAt === '' ? new Date(0) : null),
    endsAt: () => null,
    async renew(call) {
      await call.send({ method: 'POST', url: '/renew', host: 'door', body: { token: call.account.token } })
      return { ...call.account, endsAt: 'never' }
    },
  },
  async findSites(call) {
    const { json } = await call.send({ method: 'POST', url: '/shops', body: { token: call.account.token }, safe: true })
    if (!Array.isArray(json)) throw new RefusedError({ kind: 'wait', seconds: 5, reason: 'No list of shops came' })
    return json as Site[]
  },
  orders: {
    statuses: {},
    pull: async () => ({ items: [], unreadable: [], cursor: '', more: false }),
    read: () => Promise.reject(new RefusedError({ kind: 'gone' })),
  },
}
