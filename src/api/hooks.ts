// The door for marketplaces' notifications. They come without a session and say only where to look again; what is genuine
// the connector knows by its signature. Whoever asks learns nothing of which shops are connected here.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Nudge, ReceivedNotification } from '../connectors/connector.ts'
import { connectorOf } from '../connectors/index.ts'
import { takeNudges } from '../domain/channels/nudges.store.ts'
import { missingAppFields } from '../engine/app-credentials.ts'
import type { EngineParts } from '../engine/channel-run.ts'
import { notFound, Refused } from './refusals.ts'

const bodyBytesMax = 1_000_000
const perMinute = 6000

const operationsAbout: Record<Nudge['about'], string[]> = {
  orders: ['pull-orders'],
  listings: ['pull-listings'],
  // The next look at the orders tells whether the account still lets us in.
  account: ['pull-orders'],
}

export async function serveHooks(app: FastifyInstance, parts: EngineParts): Promise<void> {
  await app.register(async (door) => {
    // A signature covers the bytes that came, whatever they call themselves.
    door.removeAllContentTypeParsers()
    door.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
    door.post<{ Params: { marketplace: string } }>(
      '/hooks/:marketplace',
      {
        bodyLimit: bodyBytesMax,
        schema: { hide: true },
        config: { rateLimit: { max: perMinute, timeWindow: 60_000 } },
      },
      async (request, reply) => {
        await take(parts, request.params.marketplace, request)
        return reply.code(200).type('application/json').send('{}')
      },
    )
  })
}

async function take(parts: EngineParts, marketplace: string, request: FastifyRequest): Promise<void> {
  const connector = connectorOf(marketplace)
  if (!connector?.notifications) throw notFound()
  const app = parts.appCredentials[marketplace] ?? {}
  // Without a secret of ours anybody could sign.
  if (missingAppFields(connector, app).length > 0) throw forged()
  let nudges: Nudge[] | 'forged'
  try {
    nudges = connector.notifications.read(received(request), app)
  } catch (error) {
    parts.log.warn('A notification could not be read.', { error })
    throw new Refused(400, 'bad-request', 'This notification cannot be understood.')
  }
  if (nudges === 'forged') throw forged()
  const about = nudges.map(({ id, sellerId, siteId, about }) => ({
    id,
    sellerId,
    siteId,
    operations: operationsAbout[about],
  }))
  const work = await takeNudges(parts.db.system, marketplace, about)
  // The rows are due already; a kick that gets lost costs a moment.
  for (const { tenantId, channelId, operation } of work) {
    await parts.queue.send('channel', { tenantId, channelId, operation }, { key: `${channelId}/${operation}` })
  }
}

const forged = () => new Refused(401, 'forged', 'This notification is not signed as it should be.')

function received(request: FastifyRequest): ReceivedNotification {
  const texts = (values: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(values).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
    )
  return {
    headers: texts(request.headers),
    query: texts(request.query as Record<string, unknown>),
    body: typeof request.body === 'string' ? request.body : '',
  }
}
