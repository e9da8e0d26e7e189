// What a request asks of Reverb, and how Reverb words its answers. The mischief around it is the kit's.
import { answerThrough } from '../kit/front.ts'
import { matchRoute, splitUrl } from '../kit/routes.ts'
import { displayCurrencyOf, invalid, notFound, readBody, refuse } from './call.ts'
import { findListing } from './listings.ts'
import { listingRoutes } from './listing-routes.ts'
import { orderRoutes } from './order-routes.ts'
import { shopRoutes } from './shop-routes.ts'
import type { Before, Call as Asked, Front } from '../kit/front.ts'
import type { Outcome, SandboxRequest } from '../kit/sandbox.ts'
import type { Answer, Call, Route } from './call.ts'
import type { Listing, Reverb } from './state.ts'

export const routes: readonly Route[] = [...listingRoutes, ...orderRoutes, ...shopRoutes]

type ReverbAsked = Asked & { listing: Listing | undefined }

export function answerRequest(reverb: Reverb, request: SandboxRequest, at: Date): Outcome {
  return answerThrough(frontOf(reverb), request, at)
}

function frontOf(reverb: Reverb): Front<ReverbAsked> {
  const { faults, meter, requests } = reverb
  return {
    faults,
    meter,
    record: (line) => requests.record(line),
    understand: (request, at) => understand(reverb, request, at),
    tooMany: () => refuse(429, 'Too many requests, please slow down'),
    // No header is documented for 429, so clients must live without one.
    retryAfter: () => reverb.choices.retryAfter,
    broken: (status) => refuse(status, 'Something went wrong on our side'),
    word(word, { listing }) {
      if (word === 'gone-me') return listing && notFound('listing')
      if (word === 'forbid-me') return refuse(403, 'Your shop must be verified before you can publish listings')
      return invalid(reverb, 'The listing could not be saved', { title: ['is not allowed on Reverb'] })
    },
    contentType: 'application/hal+json; charset=utf-8',
  }
}

function understand(reverb: Reverb, request: SandboxRequest, at: Date): ReverbAsked {
  const { path, query } = splitUrl(request.url)
  const match = path.startsWith('/api/') ? matchRoute(routes, request.method, path.slice('/api'.length)) : undefined
  const operation = match?.route.operation ?? 'unknown'
  const caller = tokenOf(request) ?? 'anonymous'
  const common = { operation, caller, isWrite: request.method !== 'GET' }
  const body = readBody(request)
  const refused =
    authorize(reverb, request, match?.route) ??
    (match ? undefined : notFound('page')) ??
    ('malformed' in body ? refuse(400, 'The body could not be read as JSON') : undefined)
  if (refused || !match || 'malformed' in body) {
    const answer = refused ?? notFound('page')
    return { ...common, refused: answer, listing: undefined, run: () => answer }
  }
  const { route, params } = match
  const displayCurrency = displayCurrencyOf(request)
  const call: Call = { reverb, at, operation, path, params, query, body, displayCurrency, origin: reverb.origin }
  const listing = listingOf(call)
  const sent = [body['sku'], body['title'], body['tracking_number']]
  return {
    ...common,
    listing,
    texts: () => [listing?.sku, listing?.title, ...sent.filter((text) => typeof text === 'string')],
    before: () => beforeWrite(call, listing),
    run: () => route.handle(call),
  }
}

function authorize(reverb: Reverb, request: SandboxRequest, route: Route | undefined): Answer | undefined {
  const sent = tokenOf(request)
  if (sent === undefined && route?.scope === 'none') return undefined
  const token = sent === undefined ? undefined : reverb.tokens.get(sent)
  if (!token || token.revokedAt) return refuse(401, 'The access token is invalid')
  const scope = route?.scope
  if (scope === undefined || scope === 'none' || scope === 'any' || token.scopes.has(scope)) return undefined
  return refuse(403, `The access token lacks the scope ${scope}`)
}

function tokenOf(request: SandboxRequest): string | undefined {
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers['authorization'] ?? '')?.[1]
  return bearer ?? request.headers['x-auth-token']
}

function beforeWrite({ reverb, operation }: Call, listing: Listing | undefined): Before | undefined {
  if (listing) {
    const old = structuredClone(listing)
    return {
      restore: () => void reverb.listings.set(old.id, old),
      showUntil: (until) => void reverb.stale.set(old.id, { until, listing: old }),
    }
  }
  if (operation !== 'listings.create') return undefined
  return {
    showUntil(until, answer) {
      const shown = (answer.body as { listing?: { id?: unknown } } | undefined)?.listing
      const created = reverb.listings.get(Number(shown?.id))
      if (created) created.hiddenFromListsUntil = until
    },
  }
}

function listingOf(call: Call): Listing | undefined {
  const name = call.params['slug'] ?? call.params['listing_id']
  return name === undefined ? undefined : findListing(call.reverb, name)
}
