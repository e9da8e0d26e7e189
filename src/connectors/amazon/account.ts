// Signing in: the seller's authorisation (a refresh token) and an access token of an hour made from it. One
// authorisation covers all sites of one region.
import { RefusedError } from '../connector.ts'
import type { AccountField, AppField, Call, HttpRequest, Site } from '../connector.ts'
import { asArray, asObject, asText, objectIn, pathPart } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import { marketplaceOf, tokenHost } from './marketplaces.ts'
import { ask } from './request.ts'

export type AmazonAccount = {
  sellerId: string
  refreshToken: string
  accessToken: string
  accessTokenEndsAt: string
}

export const accountFields: Record<keyof AmazonAccount, AccountField> = {
  sellerId: {
    label: 'Seller ID',
    help: 'Filled in by connecting. At Amazon: Seller Central → Account info → Merchant token.',
    secret: false,
    optional: true,
  },
  refreshToken: {
    label: 'Authorisation',
    help: 'Filled in by connecting. For a private application: the refresh token that Amazon shows when you authorise it, starting with “Atzr|”.',
    secret: true,
    optional: true,
  },
  accessToken: { label: 'Access token', secret: true, hidden: true },
  accessTokenEndsAt: { label: 'End of the access token', secret: false, hidden: true },
}

export const appFields: Record<'applicationId' | 'clientId' | 'clientSecret' | 'version', AppField> = {
  applicationId: { label: 'Application ID (amzn1.sp.solution… or amzn1.sellerapps.app…)', secret: false },
  clientId: { label: 'LWA client ID', secret: false },
  clientSecret: { label: 'LWA client secret', secret: true },
  // A draft's consent page is refused (MD1000) without it.
  version: { label: 'Version: “beta” while the application is a draft', secret: false, optional: true },
}

/** Asked of every client, at most 500 characters. */
const userAgent = 'Fairlead/1.0 (Language=TypeScript; Platform=Node.js)'

export async function findSites(call: Call<AmazonAccount>): Promise<Site[]> {
  const sellerId = sellerIdOf(call)
  const response = await ask(call, 'getMarketplaceParticipations', {
    method: 'GET',
    url: '/sellers/v1/marketplaceParticipations',
  })
  const entries = asArray(objectIn(response, 'the sites of this seller')['payload'])
  if (!entries) {
    throw new RefusedError({ kind: 'wait', seconds: 60, reason: 'Amazon did not answer with the sites of this seller' })
  }
  const sites = entries.flatMap((entry) => siteIn(asObject(entry), sellerId))
  const [first] = sites
  if (!first) throw new RefusedError({ kind: 'rejected', reason: 'This seller sells on no Amazon site we know' })
  await checkSellerId(call, sellerId, first.id)
  return sites
}

// The answer also names shops that are not Amazon's, and sites the seller gave up (§3 of the notes).
function siteIn(entry: JsonObject | undefined, sellerId: string): Site[] {
  const known = marketplaceOf(asText(asObject(entry?.['marketplace'])?.['id']) ?? '')
  const takesPart = asObject(entry?.['participation'])?.['isParticipating'] === true
  if (!known || !takesPart) return []
  const { id, name, region, currency } = known
  // An authorisation ends at its region, so the same seller in two regions is two accounts with two names.
  const account = region === 'eu' ? sellerId : `${sellerId}-${region}`
  return [{ id, name, sellerId: account, currency, currencies: [currency] }]
}

// A typed seller ID is believed by no answer but this: every listing is asked for under it.
async function checkSellerId(call: Call<AmazonAccount>, sellerId: string, siteId: string): Promise<void> {
  try {
    await ask(call, 'searchListingsItems', {
      method: 'GET',
      url: `/listings/2021-08-01/items/${pathPart(sellerId)}`,
      query: { marketplaceIds: siteId, pageSize: 1 },
    })
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error
    if (error.refusal.kind === 'gone') return
    if (error.refusal.kind !== 'rejected') throw error
    throw new RefusedError({
      kind: 'rejected',
      reason: `This authorisation does not open the listings of the seller ID ${sellerId}. Either the ID is another seller’s, or: ${error.refusal.reason}`,
    })
  }
}

export function sellerIdOf(call: Call<AmazonAccount>): string {
  const sellerId = call.account.sellerId.trim()
  if (/^[A-Za-z0-9]+$/.test(sellerId)) return sellerId
  throw new RefusedError({
    kind: 'rejected',
    reason: 'The seller ID is missing. At Amazon: Seller Central → Account info → Merchant token',
  })
}

export function sign(request: HttpRequest, call: Call<AmazonAccount>): HttpRequest {
  const headers: Record<string, string> = { accept: 'application/json', 'user-agent': userAgent, ...request.headers }
  if (request.host === tokenHost) return { ...request, headers }
  const token = call.account.accessToken.trim()
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new RefusedError({ kind: 'signed-out', reason: 'There is no access token yet' })
  }
  headers['x-amz-access-token'] = token
  // A GET with a content type or a body is refused.
  if (request.body !== undefined) headers['content-type'] = 'application/json'
  return { ...request, headers }
}
