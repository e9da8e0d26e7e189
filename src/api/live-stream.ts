import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../platform/clock.ts'
import type { Live } from '../platform/live.ts'
import type { LiveEvent } from './contract.ts'
import type { ReadSession, Session } from './sign-in/session.ts'

const heartbeatSeconds = 20
const streamsPerSessionMax = 20

export type Subscribe = Live['subscribe']

/** All there is to look at again when notices may have been missed. */
const topics = [
  'orders',
  'channels',
  'consents',
  'listings',
  'runs',
  'imports',
  'problems',
  'catalog',
  'invoices',
  'grid',
] satisfies LiveEvent['topic'][]

/** Open streams, so that signing out and stopping the server end them. */
export type LiveStreams = {
  serve(request: FastifyRequest, reply: FastifyReply, session: Session): Promise<void>
  closeSession(sessionId: string): void
  closeAll(): void
}

export function createLiveStreams(options: {
  subscribe: Subscribe
  clock: Clock
  readSession: ReadSession
}): LiveStreams {
  const open = new Map<AbortController, string>()
  const closeWhere = (matches: (sessionId: string) => boolean) => {
    for (const [stream, sessionId] of open) if (matches(sessionId)) stream.abort(new Error('Closed.'))
  }
  return {
    async serve(request, reply, session) {
      const ofSession = [...open].filter(([, sessionId]) => sessionId === session.id)
      // A browser that leaves streams behind loses the oldest, not the newest.
      if (ofSession.length >= streamsPerSessionMax) ofSession[0]?.[0].abort(new Error('Closed.'))
      const stream = new AbortController()
      open.set(stream, session.id)
      const raw = reply.hijack().raw
      request.raw.on('close', () => stream.abort(new Error('Closed.')))
      raw.writeHead(200, {
        ...headersOf(reply),
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      })
      raw.write('retry: 2000\n\n')
      const send = (event: object) => raw.write(`data: ${JSON.stringify(event)}\n\n`)
      const unsubscribe = options.subscribe(session.tenantId, send, () => topics.forEach((topic) => send({ topic })))
      try {
        await keepAlive(request, stream.signal, () => raw.write(': still here\n\n'))
      } finally {
        unsubscribe()
        open.delete(stream)
        raw.end()
      }
    },
    closeSession: (sessionId) => closeWhere((id) => id === sessionId),
    closeAll: () => closeWhere(() => true),
  }

  /** Ends with the stream, or when the session has ended elsewhere. */
  async function keepAlive(request: FastifyRequest, signal: AbortSignal, beat: () => void): Promise<void> {
    while (!signal.aborted) {
      try {
        await options.clock.sleep(heartbeatSeconds * 1000, signal)
      } catch {
        return
      }
      if (!(await options.readSession(request).catch(() => undefined))) return
      beat()
    }
  }
}

function headersOf(reply: FastifyReply): Record<string, string | string[]> {
  const entries = Object.entries(reply.getHeaders()).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value : String(value)] as const],
  )
  return Object.fromEntries(entries)
}
