import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Readable } from 'node:stream'
import type { Right } from '../domain/people/roles.ts'
import { refusal, routes, type Route } from './contract.ts'
import type { Ids } from '../platform/ids.ts'
import type { Uploads } from '../platform/uploads.ts'
import { formReader } from './forms.ts'
import { can, sameOriginUnlessKey, sessionOf, type Guard } from './guards.ts'
import type { Asked, CsvFile, Handlers, RouteName, WholeFile } from './handler.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    takesFile?: boolean
  }
}

/** What is not named here and no part of a supplier's desk: looking needs `look`, everything else `work`. */
const settingsRoutes = new Set<RouteName>([
  'addChannel',
  'changeBusiness',
  'addExchangeRate',
  'addPricingRule',
  'changePricingRule',
  'switchPricingRule',
  'deletePricingRule',
  'reorderPricingRules',
  'savePricingSettings',
  'approvePrice',
  'saveChannelSettings',
  'renameChannel',
  'reauthoriseChannel',
  'removeChannel',
  'beginConsent',
  'landConsent',
  'beginConsentThere',
  'consent',
  'settleConsent',
  'cancelConsent',
  'supplierPeople',
  'invitePerson',
  'removePerson',
  'withdrawInvitation',
  'supplierKeys',
  'addFeed',
  'changeFeed',
  'removeFeed',
  'tryFeed',
  'feedHostKey',
  'saveFileLimits',
  'addSupplierKey',
  'revokeSupplierKey',
])

const bodyBytesUsual = 1_000_000
const bodyBytesMax: Partial<Record<RouteName, number>> = {
  sendStock: 4_000_000,
  saveMappings: 20_000_000,
  addProduct: 8_000_000,
  saveProduct: 8_000_000,
}

type ApiRoutesParts = {
  handlers: Handlers
  signedIn: Guard
  signedInAtDesk: Guard
  sameOrigin: Guard
  uploads: Uploads
  ids: Ids
}

/** Every route of the contract's table, each behind its guards. */
export function serveRoutes(app: FastifyInstance, parts: ApiRoutesParts): void {
  for (const name of Object.keys(routes) as RouteName[]) {
    const route: Route = routes[name]
    app.route({
      method: route.method,
      url: route.path,
      onRequest: guardsOf(name, route, parts),
      bodyLimit: bodyBytesMax[name] ?? bodyBytesUsual,
      schema: schemaOf(name, route),
      config: { takesFile: route.kind === 'multipart' },
      handler: (request, reply) => answer(name, route, parts, request, reply),
    })
  }
}

export function rightFor(name: RouteName): Right {
  if (isDesk(routes[name])) return 'supply'
  if (name === 'me') return 'present'
  if (settingsRoutes.has(name)) return 'settings'
  return routes[name].method === 'GET' ? 'look' : 'work'
}

function guardsOf(name: RouteName, route: Route, parts: ApiRoutesParts): Guard[] {
  const right = can(rightFor(name))
  const guards = isDesk(route) ? [parts.signedInAtDesk, right] : [parts.signedIn, right]
  if (route.method === 'GET') return guards
  return [...guards, isDesk(route) ? sameOriginUnlessKey(parts.sameOrigin) : parts.sameOrigin]
}

/** Where a supplier signs in, and nobody else. */
function isDesk(route: Pick<Route, 'path'>): boolean {
  return route.path.startsWith('/api/desk/')
}

const contentTypes: Partial<Record<NonNullable<Route['kind']>, string>> = {
  csv: 'text/csv',
  file: 'application/octet-stream',
  events: 'text/event-stream',
}

function schemaOf(name: RouteName, route: Route) {
  const contentType = route.kind === undefined ? undefined : contentTypes[route.kind]
  return {
    operationId: name,
    summary: route.summary,
    tags: [route.path.split('/')[2] ?? 'api'],
    ...(isDesk(route) ? { security: [{ session: [] }, { supplierKey: [] }] } : {}),
    ...(route.params ? { params: route.params } : {}),
    ...(route.query ? { querystring: route.query } : {}),
    ...(route.body ? { body: route.body } : {}),
    response: {
      200: contentType
        ? { description: 'As asked', content: { [contentType]: { schema: route.response } } }
        : route.response,
      '4xx': refusal,
      '5xx': refusal,
    },
  }
}

async function answer(
  name: RouteName,
  route: Route,
  parts: ApiRoutesParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  // The table above checked each part by the schema of this very route; the compiler cannot follow that through a loop.
  const handler = parts.handlers[name] as (asked: Asked<RouteName>) => Promise<unknown>
  const form = route.kind === 'multipart' ? formReader(request, parts.uploads, parts.ids) : undefined
  const { params, query, body } = request
  const asked = { params, query, body, session: sessionOf(request), form: form?.read, request, reply }
  try {
    const result = await handler(asked as Asked<RouteName>)
    if (route.kind === 'csv') return sendCsv(reply, result as CsvFile)
    if (route.kind === 'file') return sendFile(reply, result as WholeFile)
    return route.kind === 'events' ? reply : result
  } finally {
    await form?.dispose()
  }
}

function sendCsv(reply: FastifyReply, file: CsvFile): FastifyReply {
  return reply
    .type('text/csv; charset=utf-8')
    .header('content-disposition', attachment(file.fileName))
    .send(Readable.from(file.content))
}

function sendFile(reply: FastifyReply, { fileName, type, content }: WholeFile): FastifyReply {
  // Sent as a stream: what the schema would make of it is no matter of a file.
  return reply
    .type(type)
    .header('content-disposition', attachment(fileName))
    .header('content-length', content.length)
    .send(Readable.from([content]))
}

function attachment(fileName: string): string {
  return `attachment; filename="${fileName.replaceAll(/[^\w.-]+/g, '-')}"`
}
