// The web server: the contract's routes behind their guards, sign-in beside them, the live stream, the document, the screens.
import compress from '@fastify/compress'
import multipart from '@fastify/multipart'
import rateLimit from '@fastify/rate-limit'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, type FastifySchema } from 'fastify'
import { serializerCompiler } from 'fastify-type-provider-zod'
import { sql } from 'kysely'
import type { z } from 'zod'
import type { EngineParts } from '../engine/channel-run.ts'
import type { Uploads } from '../platform/uploads.ts'
import { serveRoutes } from './api-routes.ts'
import { parse } from './field-sentences.ts'
import { fileBytesMax } from './forms.ts'
import { sameOrigin, signedIn, signedInAtDesk } from './guards.ts'
import { serveHooks } from './hooks.ts'
import { createLiveStreams, type Subscribe } from './live-stream.ts'
import { serveDocument } from './openapi.ts'
import { servePictures } from './pictures.ts'
import { notFound, sendFailure, tooMany } from './refusals.ts'
import { createHandlers } from './routes/index.ts'
import { setSecurityHeaders } from './security-headers.ts'
import { createAccounts } from './sign-in/accounts.ts'
import { serveInvitations } from './sign-in/invitation-routes.ts'
import { servePasswordChange } from './sign-in/password-route.ts'
import { createReadSession } from './sign-in/session.ts'
import { serveSignIn } from './sign-in/sign-in-routes.ts'
import { createReadKey } from './sign-in/supplier-key.ts'
import { serveWebApp } from './web-app.ts'

export type ServerOptions = {
  parts: EngineParts
  uploads: Uploads
  subscribe: Subscribe
  publicUrl: string
  version: string
  /** The built screens. */
  webFolder: string
  /** Answers are held against the contract; costs time, so not in production. */
  checkAnswers: boolean
  /** Addresses of proxies whose word on the caller's address counts. */
  trustedProxies?: string[]
  /** From one address. */
  requestsPerMinute?: number
  signInTriesPerMinute?: number
  /** False while starting and stopping: then /healthz says so. */
  isReady?: () => boolean
}

export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { parts } = options
  const accounts = await createAccounts({
    db: parts.db.system,
    ids: parts.ids,
    secret: parts.secrets.keyedHash('sign-in cookies'),
    publicUrl: options.publicUrl,
  })
  const readSession = createReadSession({ accounts, db: parts.db.system, clock: parts.clock })
  const streams = createLiveStreams({ subscribe: options.subscribe, clock: parts.clock, readSession })
  const app = createFastify(options)
  app.addHook('preClose', async () => streams.closeAll())

  await setSecurityHeaders(app, {
    isHttps: options.publicUrl.startsWith('https:'),
    imageOrigins: originsOf(parts.marketplaceUrls),
  })
  await app.register(rateLimit, {
    max: options.requestsPerMinute ?? 3000,
    timeWindow: 60_000,
    errorResponseBuilder: (_request, { ttl }) => tooMany(Math.ceil(ttl / 1000)),
  })
  await app.register(compress, { threshold: 1024 })
  await app.register(multipart, {
    limits: { fileSize: fileBytesMax + 1_000_000, files: 1, fields: 20, fieldSize: 100_000, parts: 21 },
  })
  await serveDocument(app, options.version)

  const origin = sameOrigin(options.publicUrl)
  serveHealth(app, options)
  const signInParts = {
    ...parts,
    accounts,
    readSession,
    streams,
    sameOrigin: origin,
    triesPerMinute: options.signInTriesPerMinute ?? 30,
  }
  serveSignIn(app, signInParts)
  serveInvitations(app, signInParts)
  servePasswordChange(app, signInParts)
  await serveHooks(app, parts)
  servePictures(app, parts)
  const handlers = createHandlers({ parts, uploads: options.uploads, streams, publicUrl: options.publicUrl })
  serveRoutes(app, {
    handlers,
    uploads: options.uploads,
    ids: parts.ids,
    signedIn: signedIn(readSession),
    signedInAtDesk: signedInAtDesk(readSession, createReadKey(parts.db.system)),
    sameOrigin: origin,
  })

  const sendScreen = await serveWebApp(app, options.webFolder)
  const guard = signedIn(readSession)
  app.setNotFoundHandler(async (request, reply) => {
    if (isApi(request)) await guard(request, reply)
    return isScreen(request) ? sendScreen(reply) : sendNotFound(reply)
  })
  return app
}

function createFastify({ parts, checkAnswers, trustedProxies = [] }: ServerOptions): FastifyInstance {
  const app = Fastify({
    logger: false,
    trustProxy: trustedProxies.length > 0 && trustedProxies,
    requestTimeout: 300_000,
    // What is still open when the hub stops and has nothing to say is closed at once.
    forceCloseConnections: 'idle',
    return503OnClosing: true,
  })
  app.setValidatorCompiler<FastifySchema[keyof FastifySchema]>(({ schema, httpPart }) => (input) => {
    const parsed = parse(schema as z.ZodType, input)
    // An id that is none names nothing that exists.
    if ('error' in parsed && httpPart === 'params') return { error: notFound() }
    return parsed
  })
  app.setSerializerCompiler(checkAnswers ? serializerCompiler : () => (answer) => JSON.stringify(answer))
  app.setErrorHandler(sendFailure(parts.log))
  return app
}

function serveHealth(app: FastifyInstance, { parts, isReady }: ServerOptions): void {
  app.get('/healthz', { schema: { hide: true }, config: { rateLimit: false } }, async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    if (isReady?.() === false) return reply.code(503).send({ status: 'not ready' })
    const reached = await sql`select 1`.execute(parts.db.system).then(
      () => true,
      () => false,
    )
    return reached ? { status: 'ok' } : reply.code(503).send({ status: 'database unreachable' })
  })
}

function isApi(request: FastifyRequest): boolean {
  return /^\/(?:api|auth|hooks)(?:\/|\?|$)/.test(request.url)
}

/** A person opened an address of the web app, which knows its own pages. A file that is missing is missing. */
function isScreen(request: FastifyRequest): boolean {
  const path = request.url.split('?')[0] ?? ''
  return request.method === 'GET' && !isApi(request) && !/\.\w{1,8}$/.test(path)
}

function sendNotFound(reply: FastifyReply): FastifyReply {
  const refused = notFound()
  return reply.code(refused.statusCode).send(refused.body)
}

function originsOf(addresses: Record<string, string>): string[] {
  return [
    ...new Set(
      Object.values(addresses)
        .filter((address) => URL.canParse(address))
        .map((address) => new URL(address).origin),
    ),
  ]
}
