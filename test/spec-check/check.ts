// Holds what went over the wire against the published spec: path, method, query, body, and every field of the answer.
import { Ajv } from 'ajv'
import type { AnySchemaObject, ValidateFunction } from 'ajv'
import { specFolder, specOf, specsAreThere } from './documents.ts'
import type { Spec, SpecOperation } from './documents.ts'

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

/** Undefined where the specs are not there, which is said, and for a marketplace that publishes none of its answers. */
export function createSpecCheck(marketplace: string): SpecCheck | undefined {
  if (!specsAreThere) {
    console.log(`Skipped: nothing of ${marketplace} is held against a published spec, for ${specFolder} is not there.`)
    return undefined
  }
  const spec = specOf(marketplace)
  if (!spec) return undefined
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
      if (!spec.isApi({ path: pathOf(exchange.url), headers: exchange.headers })) return []
      checked += 1
      const wrong = whatIsWrong(spec, exchange, validate)
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

type Validate = (schema: AnySchemaObject, value: unknown) => string[]

function whatIsWrong(spec: Spec & { operations: SpecOperation[] }, exchange: Exchange, validate: Validate): string[] {
  const path = pathOf(exchange.url)
  const what = `${exchange.method} ${path.replace(/[0-9a-f-]{8,}/gi, '…')}`
  const [operation] = spec.operations
    .filter((one) => one.method === exchange.method && one.path.test(path))
    .toSorted((a, b) => b.literalParts - a.literalParts)
  if (!operation) return [`${what}: the spec has no such request`]
  const name = operation.name
  return [
    ...queryFaults(spec, operation, exchange, validate).map((fault) => `${name}: query ${fault}`),
    ...bodyFaults(operation, exchange, validate).map((fault) => `${name}: body ${fault}`),
    ...answerFaults(spec, operation, exchange, validate).map((fault) => `${name}: ${exchange.status}: ${fault}`),
  ]
}

function queryFaults(
  { envelopeQuery = [], mayBeMissing = [] }: Spec,
  operation: SpecOperation,
  { url, status }: Exchange,
  validate: Validate,
): string[] {
  const given = new URL(url).searchParams
  const names = [...new Set(given.keys())]
  const unknown = names.filter((name) => !operation.query.has(name) && !envelopeQuery.includes(name))
  const missing = [...operation.query].filter(
    ([name, { isRequired }]) => isRequired && !given.has(name) && !mayBeMissing.includes(name),
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
  { refusal }: Spec,
  operation: SpecOperation,
  { status, answer }: Exchange,
  validate: Validate,
): string[] {
  const json = parse(answer)
  // A broken answer is a fault on purpose; it is the connector that must survive it.
  if (answer !== '' && json === undefined) return []
  const isRefusal = typeof json === 'object' && json !== null && Number((json as { code?: unknown }).code) !== 0
  if (refusal && (isRefusal || status !== 200)) return validate(refusal, json)
  if (!operation.answers.has(status)) return status >= 500 ? [] : ['the spec has no such status']
  const schema = operation.answers.get(status)
  if (answer === '') return []
  return schema ? validate(schema, json) : []
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
