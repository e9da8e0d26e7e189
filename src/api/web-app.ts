import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'

const yearSeconds = 365 * 24 * 3600

/** The screens, as built by Vite. Answers whether they are there; without them a plain page says how to build them. */
export async function serveWebApp(
  app: FastifyInstance,
  folder: string,
): Promise<(reply: FastifyReply) => FastifyReply> {
  const isBuilt = existsSync(join(folder, 'index.html'))
  if (isBuilt) {
    await app.register(fastifyStatic, {
      root: folder,
      cacheControl: false,
      setHeaders: (reply, path) => {
        // Names of built files carry their content's hash; the page that names them does not.
        reply.header(
          'cache-control',
          path.includes('/assets/') ? `public, max-age=${yearSeconds}, immutable` : 'no-cache',
        )
      },
    })
  }
  return (reply) =>
    isBuilt ? reply.code(200).sendFile('index.html') : reply.code(200).type('text/html; charset=utf-8').send(notBuilt)
}

const notBuilt = `<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>Fairlead</title>
<h1>The hub runs, its screens are not built yet</h1>
<p>Run <code>npm run build</code> in the project folder and start the hub again.</p>
<p>The API is here: <a href="/api/docs">API Explorer</a>.</p></html>`
