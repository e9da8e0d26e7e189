// Holds what went over the wire against the published spec: path, method, query, body, and every field of the answer.
import { Ajv } from 'ajv'
import type { AnySchemaObject, ValidateFunction } from 'ajv'
import { readSpec, specsAreThere } from './documents.ts'
import type { SpecMarketplace, SpecOperation } from './documents.ts'

export type { SpecMarketplace } from './documents.ts'

/** One request and its answer; `body` is what was sent as text. */
export type Exchange = {
  method: string
  url: string
  headers: Record<string, string>
  body: string | undefined
  status: number
  answer: string
}

export type SpecCheck = {
  /** What does not fit; empty for what is not the marketplace's API: consent pages, tokens, files. */
  see(exchange: Exchange): string[]
  /** Everything that did not fit so far, each once. */
  violations(): string[]
  /** Forgets what was found since there were so many, where a test breaks the spec on purpose. */
  forgive(count: number): void
  /** How many answers were held against the spec. */
  checked(): number
}

const envelopeQuery = ['app_key', 'sign', 'timestamp', 'shop_cipher', 'access_token', 'shop_id', 'version']

/** Undefined where the specs are not there. */
export function createSpecCheck(marketplace: SpecMarketplace): SpecCheck | undefined {
  if (!specsAreThere) return undefined
  const operations = readSpec(marketplace)
  const found = new Set<string>()
  const validators = new Map<AnySchemaObject, ValidateFunction>()
  let checked = 0
  const validate = (schema: AnySchemaObject, value: unknown): string[] => {
    const known =
      validators.get(schema) ?? new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema)
    validators.set(schema, known)
    if (known(value)) return []
    return (known.errors ?? []).map((error) => {
      const extra = Object.values(error.params).join(', ')
      return `${error.instancePath.replace(/\/\d+(?=\/|$)/g, '/…')} ${error.message ?? ''}${extra === '' ? '' : ` (${extra})`}`
    })
  }
  return {
    see(exchange) {
      if (!isApi[marketplace](exchange)) return []
      checked += 1
      const wrong = whatIsWrong(marketplace, operations, exchange, validate)
      for (const one of wrong) found.add(one)
      return wrong
    },
    violations: () => [...found],
    forgive(count) {
      for (const one of [...found].slice(count)) found.delete(one)
    },
    checked: () => checked,
  }
}

const isApi: Record<SpecMarketplace, (exchange: Exchange) => boolean> = {
  // Presigned files and the token service come without an access token.
  amazon: ({ headers, url }) => headers['x-amz-access-token'] !== undefined && !pathOf(url).startsWith('/auth/'),
  tiktok: ({ url }) => /^\/\w+\/20\d{4}\//.test(pathOf(url)),
  wish: ({ url }) => pathOf(url).startsWith('/api/v3/'),
}

type Validate = (schema: AnySchemaObject, value: unknown) => string[]

function whatIsWrong(
  marketplace: SpecMarketplace,
  operations: SpecOperation[],
  exchange: Exchange,
  validate: Validate,
): string[] {
  const path = pathOf(exchange.url)
  const what = `${exchange.method} ${path.replace(/[0-9a-f-]{8,}/gi, '…')}`
  const [operation] = operations
    .filter((one) => one.method === exchange.method && one.path.test(path))
    .toSorted((a, b) => b.literalParts - a.literalParts)
  if (!operation) return [`${what}: the spec has no such request`]
  const name = operation.name
  return [
    ...queryFaults(marketplace, operation, exchange, validate).map((fault) => `${name}: query ${fault}`),
    ...bodyFaults(operation, exchange, validate).map((fault) => `${name}: body ${fault}`),
    ...answerFaults(marketplace, operation, exchange, validate).map((fault) => `${name}: ${exchange.status}: ${fault}`),
  ]
}

function queryFaults(
  marketplace: SpecMarketplace,
  operation: SpecOperation,
  { url, status }: Exchange,
  validate: Validate,
): string[] {
  const given = new URL(url).searchParams
  const names = [...new Set(given.keys())]
  const free = marketplace === 'tiktok' ? envelopeQuery : []
  const unknown = names.filter((name) => !operation.query.has(name) && !free.includes(name))
  const missing = [...operation.query].filter(
    ([name, { isRequired }]) => isRequired && !given.has(name) && name !== 'shop_cipher',
  )
  const wrong = names.flatMap((name) => {
    const schema = operation.query.get(name)?.schema
    return schema ? validate(schema, queryValue(schema, given.getAll(name))).map((fault) => `${name}${fault}`) : []
  })
  // What the marketplace refused may well have been wrong on purpose.
  if (status >= 400) return unknown.map((name) => `${name} is not in the spec`)
  return [
    ...unknown.map((name) => `${name} is not in the spec`),
    ...missing.map(([name]) => `${name} is required`),
    ...wrong,
  ]
}

/** Query text as the type the spec gives it. */
function queryValue(schema: AnySchemaObject, texts: string[]): unknown {
  const [first = ''] = texts
  if (schema['type'] === 'array') return texts.flatMap((text) => text.split(','))
  if ((schema['type'] === 'integer' || schema['type'] === 'number') && /^-?\d+(\.\d+)?$/.test(first))
    return Number(first)
  if (schema['type'] === 'boolean') return first === 'true' ? true : first === 'false' ? false : first
  return first
}

function bodyFaults(operation: SpecOperation, { body, headers, status }: Exchange, validate: Validate): string[] {
  if (status >= 400) return []
  if (headers['content-type']?.startsWith('multipart/') === true) return []
  if (body === undefined || body === '') return operation.isBodyRequired ? ['is required'] : []
  const json = parse(body)
  if (json === undefined) return ['is not JSON']
  return operation.body ? validate(operation.body, json) : ['is not in the spec']
}

function answerFaults(
  marketplace: SpecMarketplace,
  operation: SpecOperation,
  { status, answer }: Exchange,
  validate: Validate,
): string[] {
  const json = parse(answer)
  // A broken answer is a fault on purpose; it is the connector that must survive it.
  if (answer !== '' && json === undefined) return []
  const isRefusal =
    marketplace !== 'amazon' &&
    typeof json === 'object' &&
    json !== null &&
    Number((json as { code?: unknown }).code) !== 0
  if (marketplace === 'tiktok' && (isRefusal || status !== 200)) return validate(tiktokRefusal, json)
  if (!operation.answers.has(status)) return status >= 500 ? [] : ['the spec has no such status']
  const schema = operation.answers.get(status)
  if (answer === '') return []
  return schema ? validate(schema, json) : []
}

const tiktokRefusal: AnySchemaObject = {
  type: 'object',
  required: ['code', 'message', 'request_id'],
  additionalProperties: false,
  properties: {
    code: { type: 'integer' },
    message: { type: 'string' },
    request_id: { type: 'string' },
    data: { type: ['object', 'null'] },
  },
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown
  } catch {
    return undefined
  }
}

function pathOf(url: string): string {
  return new URL(url, 'http://marketplace.test').pathname
}
