// Pictures of ours, for marketplaces and screens alike. Their path is the key: who does not know it whole learns nothing.
import type { FastifyInstance } from 'fastify'
import { readPicture, readPicturePath } from '../domain/catalog/pictures.store.ts'
import type { EngineParts } from '../engine/channel-run.ts'
import { notFound } from './refusals.ts'

const perMinute = 6000
/** A path always means the same bytes. */
const forAYear = 'public, max-age=31536000, immutable'

export function servePictures(app: FastifyInstance, { db, secrets }: Pick<EngineParts, 'db' | 'secrets'>): void {
  app.get(
    '/pictures/*',
    { schema: { hide: true }, config: { rateLimit: { max: perMinute, timeWindow: 60_000 } } },
    async (request, reply) => {
      const named = readPicturePath(secrets, request.url.split('?')[0] ?? '')
      if (!named) throw notFound()
      const picture = await db.read(named.tenantId, (tx) => readPicture(tx, named.pictureId))
      if (!picture) throw notFound()
      return reply
        .type(picture.contentType)
        .header('cache-control', forAYear)
        .header('cross-origin-resource-policy', 'cross-origin')
        .send(picture.content)
    },
  )
}
