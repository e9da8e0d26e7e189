// What the gateway asks of a body before anyone reads it: types at the top level, and fields that must be there.
import { invalid, objectOf } from './call.ts'
import type { Body, Kind, Result, Route } from './call.ts'

export function checkBody(route: Route, body: Body): Result | undefined {
  for (const [name, kind] of Object.entries(route.fields ?? {})) {
    const value = body[name]
    if (value === undefined || value === null) continue
    const actual = kindOf(value)
    if (actual !== kind) {
      return invalid(`param ${name} type invalid,actual type is:${actual},expected type is:${kind}`)
    }
  }
  const missing = (route.required ?? []).find((path) => isMissing(body, path.split('.')))
  return missing === undefined ? undefined : invalid(missingMessage(route, missing))
}

export function checkQuery(route: Route, query: URLSearchParams): Result | undefined {
  const missing = (route.query ?? []).find((name) => (query.get(name) ?? '') === '')
  if (missing !== undefined) return invalid(`${pascal(missing)} is a required field and has not been provided.`)
  const size = query.get('page_size')
  if (size !== null && !/^\d+$/.test(size)) {
    return invalid('param page_size type invalid,actual type is:string,expected type is:int32')
  }
  return undefined
}

/** The product part of the API words it in another way than the rest. */
function missingMessage(route: Route, path: string): string {
  const isProduct = route.path.startsWith('/product/')
  return isProduct
    ? `${path.split('.').map(pascal).join('.')} is a required field and has not been provided.`
    : `param body.${path} is missing`
}

function pascal(name: string): string {
  return name
    .split('_')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')
}

/** A nested field is missed only where its parent was sent. */
function isMissing(value: unknown, path: string[]): boolean {
  if (Array.isArray(value)) return value.some((one) => isMissing(one, path))
  const object = objectOf(value)
  if (!object) return false
  const [first = '', ...rest] = path
  const child = object[first]
  const isAbsent = child === undefined || child === null || child === ''
  if (rest.length === 0) return isAbsent || (Array.isArray(child) && child.length === 0)
  return !isAbsent && isMissing(child, rest)
}

function kindOf(value: unknown): Kind | 'float64' {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64'
  if (typeof value === 'boolean') return 'bool'
  return typeof value === 'string' ? 'string' : 'object'
}
