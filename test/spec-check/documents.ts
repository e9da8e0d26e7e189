// The marketplaces' published specs as one list of operations each. They lie outside the project, so where they are not
// there, nothing is checked and that is said.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { AnySchemaObject } from 'ajv'

export type SpecOperation = {
  name: string
  method: string
  path: RegExp
  /** How many parts of the path are literal: of two that fit, the more literal one counts. */
  literalParts: number
  query: Map<string, { isRequired: boolean; schema: AnySchemaObject }>
  body: AnySchemaObject | undefined
  isBodyRequired: boolean
  /** By status; undefined where the spec describes no body. */
  answers: Map<number, AnySchemaObject | undefined>
}

type Json = Record<string, unknown>

export const specFolder =
  (process.env['FAIRLEAD_SHARED'] ?? fileURLToPath(new URL('../../../shared', import.meta.url))) + '/specs'
export const specsAreThere = existsSync(specFolder)

export type Spec = {
  documents(): Json[]
  /** Consent pages, tokens and files are not what the spec describes. */
  isApi(request: { path: string; headers: Record<string, string> }): boolean
  /** What every request carries and the spec does not say of each. */
  envelopeQuery?: string[]
  /** What it demands of requests that do well without. */
  mayBeMissing?: string[]
  /** How a refusal looks, whatever its status, where the spec does not say it of each. */
  refusal?: AnySchemaObject
}

/** The marketplaces whose spec describes requests and answers. Reverb publishes no schema of its answers. */
const specs: Record<string, Spec> = {
  amazon: {
    documents: () => readFolder('amazon/models'),
    // Presigned files and the token service come without an access token.
    isApi: ({ headers, path }) => headers['x-amz-access-token'] !== undefined && !path.startsWith('/auth/'),
  },
  tiktok: {
    documents: () => readFolder('tiktok/oas/paths').map(withEndpointFacts),
    isApi: ({ path }) => /^\/\w+\/20\d{4}\//.test(path),
    envelopeQuery: ['app_key', 'sign', 'timestamp', 'shop_cipher', 'access_token', 'shop_id', 'version'],
    mayBeMissing: ['shop_cipher'],
    refusal: {
      type: 'object',
      required: ['code', 'message', 'request_id'],
      additionalProperties: false,
      properties: {
        code: { type: 'integer' },
        message: { type: 'string' },
        request_id: { type: 'string' },
        data: { type: ['object', 'null'] },
      },
    },
  },
  wish: {
    documents: () => [read('wish/wish-v3.0.65-subset.openapi.json')],
    isApi: ({ path }) => path.startsWith('/api/v3/'),
  },
}

/** Undefined for a marketplace without a spec of its answers. */
export function specOf(marketplace: string): (Spec & { operations: SpecOperation[] }) | undefined {
  const spec = Object.hasOwn(specs, marketplace) ? specs[marketplace] : undefined
  return spec && { ...spec, operations: spec.documents().flatMap((document) => operationsOf(document)) }
}

function readFolder(folder: string): Json[] {
  return readdirSync(`${specFolder}/${folder}`)
    .filter((name) => name.endsWith('.json'))
    .map((name) => read(`${folder}/${name}`))
}

function read(path: string): Json {
  return JSON.parse(readFileSync(`${specFolder}/${path}`, 'utf8')) as Json
}

function operationsOf(original: Json): SpecOperation[] {
  const document = merged(original, original) as Json
  const shared = { definitions: closedAll(document['definitions']), components: closedComponents(document) }
  const whole = (schema: unknown): AnySchemaObject => ({ ...closed(schema), ...shared })
  return Object.entries(object(document['paths'])).flatMap(([path, methods]) =>
    Object.entries(object(methods))
      .filter(([method]) => ['get', 'post', 'put', 'patch', 'delete'].includes(method))
      .map(([method, operation]) => operationOf({ path, method, operation: object(operation), document, whole })),
  )
}

function operationOf(given: {
  path: string
  method: string
  operation: Json
  document: Json
  whole: (schema: unknown) => AnySchemaObject
}): SpecOperation {
  const { path, method, operation, document, whole } = given
  const onPath = list(object(object(document['paths'])[path])['parameters'])
  const parameters = [...onPath, ...list(operation['parameters'])].map((one) => resolve(object(one), document))
  const bodyParameter = parameters.find((one) => one['in'] === 'body')
  const requestBody = resolve(object(operation['requestBody']), document)
  const bodySchema = bodyParameter?.['schema'] ?? jsonSchemaIn(requestBody)
  const query = parameters
    .filter((one) => one['in'] === 'query')
    .map(
      (one) =>
        [
          String(one['name']),
          { isRequired: one['required'] === true, schema: whole(one['schema'] ?? { ...one, required: undefined }) },
        ] as const,
    )
  const answers = Object.entries(object(operation['responses'])).map(([status, response]) => {
    const known = resolve(object(response), document)
    const schema = known['schema'] ?? jsonSchemaIn(known)
    return [Number(status), schema === undefined ? undefined : whole(schema)] as const
  })
  return {
    name: `${method.toUpperCase()} ${path}`,
    method: method.toUpperCase(),
    path: new RegExp(`^${path.replace(/[.+]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')}$`),
    literalParts: path.split('/').filter((part) => !part.startsWith('{')).length,
    query: new Map(query),
    body: bodySchema === undefined ? undefined : whole(bodySchema),
    isBodyRequired: bodyParameter?.['required'] === true || requestBody['required'] === true,
    answers: new Map(answers),
  }
}

function jsonSchemaIn(holder: Json): unknown {
  return object(object(holder['content'])['application/json'])['schema']
}

function resolve(value: Json, document: Json): Json {
  const reference = value['$ref']
  if (typeof reference !== 'string') return value
  const found = reference
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((place, part) => object(place)[part], document)
  return object(found)
}

function closedComponents(document: Json): Json {
  return { schemas: closedAll(object(document['components'])['schemas']) }
}

function closedAll(schemas: unknown): Json {
  return Object.fromEntries(Object.entries(object(schemas)).map(([name, schema]) => [name, closed(schema)]))
}

/** Objects put together from several parts become one, for only a whole object can be closed. */
function merged(value: unknown, document: Json): unknown {
  if (Array.isArray(value)) return value.map((one) => merged(one, document))
  if (typeof value !== 'object' || value === null) return value
  const given = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, merged(one, document)]))
  const { allOf, ...own } = given
  if (!Array.isArray(allOf)) return given
  const parts = [...allOf, own].map((part) => object(merged(resolve(object(part), document), document)))
  if (!parts.some((part) => part['properties'] !== undefined)) return given
  return {
    // Of all that the parts say besides, a text in the place of an object is the mistake to catch.
    type: 'object',
    ...(parts.some((part) => part['nullable'] === true) ? { nullable: true } : {}),
    ...own,
    properties: Object.assign({}, ...parts.map((part) => object(part['properties']))) as Json,
    required: parts.flatMap((part) => list(part['required'])),
  }
}

/** A field the spec does not name is a mistake, at any depth; `nullable` becomes a type of its own. */
function closed(schema: unknown): AnySchemaObject {
  if (Array.isArray(schema)) return schema.map(closed) as unknown as AnySchemaObject
  if (typeof schema !== 'object' || schema === null) return schema as AnySchemaObject
  const given = schema as Json
  const result: Json = {}
  for (const [key, value] of Object.entries(given)) {
    if (key === 'properties') result[key] = closedAll(value)
    else if (value === undefined) continue
    else if (['example', 'examples', 'default', 'enum', 'required'].includes(key)) result[key] = value
    else result[key] = typeof value === 'object' ? closed(value) : value
  }
  if (given['properties'] !== undefined && given['additionalProperties'] === undefined) {
    result['additionalProperties'] = false
  }
  if (given['nullable'] === true) {
    delete result['nullable']
    return { anyOf: [result, { type: 'null' }] }
  }
  return result
}

// TikTok's own document marks almost nothing as required; what is, stands in the facts beside it.
function withEndpointFacts(document: Json): Json {
  const facts = list(read('tiktok/endpoint-facts.json')['operations']).map(object)
  for (const fact of facts) {
    const operation = object(
      object(object(document['paths'])[String(fact['path'])])[String(fact['method']).toLowerCase()],
    )
    if (Object.keys(operation).length === 0) continue
    const body = jsonSchemaIn(object(operation['requestBody']))
    for (const path of list(fact['required_body'])) requireField(body, String(path))
    for (const parameter of list(operation['parameters']).map(object)) {
      if (list(fact['required_query']).includes(parameter['name'])) parameter['required'] = true
    }
  }
  return document
}

/** "skus[].price.amount": the last name is required wherever its holder is sent. */
function requireField(schema: unknown, path: string): void {
  const names = path.replaceAll('[]', '').split('.')
  let place = object(schema)
  for (const [index, name] of names.entries()) {
    if (place['items'] !== undefined) place = object(place['items'])
    const properties = object(place['properties'])
    if (properties[name] === undefined) return
    if (index === names.length - 1) place['required'] = [...new Set([...list(place['required']), name])]
    else place = object(properties[name])
  }
}

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {}
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
