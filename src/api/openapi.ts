import swagger from '@fastify/swagger'
import scalar from '@scalar/fastify-api-reference'
import type { FastifyInstance } from 'fastify'
import { createJsonSchemaTransform } from 'fastify-type-provider-zod'

const zodTransform = createJsonSchemaTransform({})

/** The API document and the page that explores it. Both are the same for everybody, so they need no sign-in. */
export async function serveDocument(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Fairlead API',
        version,
        description:
          'Everything the screens do. Times are ISO 8601 in UTC, money is whole minor units beside its currency, ids are UUIDs. ' +
          'Every refusal has the same body: a code, a sentence, the fields it is about and, where there is one, the action that solves it.',
      },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: 'sid' },
          supplierKey: { type: 'http', scheme: 'bearer', description: 'A supplier’s key, for the routes of his desk.' },
        },
      },
      security: [{ session: [] }],
    },
    transform: (document) => {
      const transformed = zodTransform(document)
      if (document.route.config?.takesFile) {
        transformed.schema = { ...transformed.schema, consumes: ['multipart/form-data'], body: fileForm }
      }
      return transformed
    },
  })
  app.get('/api/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  // Nothing is asked of any other machine: no fonts, no telemetry, no proxy, no assistant.
  await app.register(scalar, {
    routePrefix: '/api/docs',
    configuration: {
      url: '/api/openapi.json',
      pageTitle: 'Fairlead API Explorer',
      withDefaultFonts: false,
      telemetry: false,
      showDeveloperTools: 'never',
      agent: { disabled: true },
      mcp: { disabled: true },
      hideClientButton: true,
    },
  })
}

const fileForm = {
  type: 'object',
  required: ['file'],
  properties: {
    file: { type: 'string', contentMediaType: 'application/octet-stream' },
    kind: { type: 'string' },
    supplierId: { type: 'string', format: 'uuid' },
    layout: { type: 'string', contentMediaType: 'application/json' },
  },
}
