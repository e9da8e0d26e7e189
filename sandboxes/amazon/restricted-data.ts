// Tokens 2021-03-01: a token for personal data on the very paths it names.
import { done, invalidInput, isObject, refuse, textOf } from './call.ts'
import { accessSeconds, addAccessToken } from './tokens.ts'
import type { Answer } from '../kit/front.ts'
import type { ApiCall, Route } from './call.ts'
import type { AccessToken } from './state.ts'

export const restrictedDataRoutes: Route[] = [
  {
    operation: 'createRestrictedDataToken',
    method: 'POST',
    path: '/tokens/2021-03-01/restrictedDataToken',
    handle: create,
  },
]

const elements = ['buyerInfo', 'shippingAddress', 'buyerTaxInformation']
const withElements = /^\/orders\/v0\/orders(\/[^/]+)?(\/orderItems)?$/
const personalPaths = /^\/orders\/v0\/orders\/[^/]+\/(address|buyerInfo|orderItems\/buyerInfo)$/

function create({ amazon, at, body, token }: ApiCall): Answer {
  const grant = token.refreshToken === undefined ? undefined : amazon.grants.get(token.refreshToken)
  const sent = isObject(body) ? body['restrictedResources'] : undefined
  if (!grant || !Array.isArray(sent) || sent.length === 0 || sent.length > 50) return malformed
  const restricted: NonNullable<AccessToken['restricted']> = []
  for (const one of sent) {
    const resource = readResource(one)
    if (!resource) return malformed
    restricted.push(resource)
  }
  const { rolePersonalData, roleTax } = amazon.choices
  const asked = new Set(restricted.flatMap((one) => one.dataElements))
  const denied = elements.filter(
    (name) => asked.has(name) && !(name === 'buyerTaxInformation' ? roleTax : rolePersonalData),
  )
  if (denied.length > 0 || (!rolePersonalData && asked.size === 0)) {
    const names = denied.length > 0 ? denied : ['buyerInfo', 'shippingAddress']
    return invalidInput(
      `Application does not have access to one or more requested data elements: [${names.join(', ')}]`,
    )
  }
  const access = addAccessToken(amazon, { at, grant, restricted })
  return done({ restrictedDataToken: access.token, expiresIn: accessSeconds })
}

const malformed = refuse(400, 'InvalidRequest', 'Request is missing or has invalid parameters')

function readResource(value: unknown): { method: string; path: string; dataElements: string[] } | undefined {
  if (!isObject(value)) return undefined
  const { method } = value
  const path = textOf(value['path'])?.split('?')[0]
  const given: unknown = value['dataElements'] ?? []
  if (typeof method !== 'string' || !['GET', 'PUT', 'POST', 'DELETE'].includes(method) || path === undefined)
    return undefined
  if (!Array.isArray(given) || !given.every((one): one is string => typeof one === 'string' && elements.includes(one)))
    return undefined
  const isPersonal = personalPaths.test(path)
  if (!isPersonal && !withElements.test(path)) return undefined
  return given.length > 0 && isPersonal ? undefined : { method, path, dataElements: given }
}
