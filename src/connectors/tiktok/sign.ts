// Every request carries our app, the time, the shop and a signature over all of it; the seller's token is in a header.
import { createHmac } from 'node:crypto'
import { RefusedError } from '../connector.ts'
import type { HttpRequest } from '../connector.ts'
import { appCredential, cipherOf } from './account.ts'
import type { TikTokCall } from './account.ts'
import { endpointOf } from './endpoints.ts'

export const tokenHeader = 'x-tts-access-token'

type Query = Record<string, string | number | undefined>

export function sign(request: HttpRequest, call: TikTokCall): HttpRequest {
  // The token service takes our secret in the query, and no signature.
  if (request.host === 'token') return request
  const headers: Record<string, string> = { ...request.headers }
  headers[tokenHeader] ??= tokenOf(call)
  if (!request.bytes) headers['content-type'] = 'application/json'
  const query: Query = {
    ...cipherQuery(request, call),
    ...request.query,
    app_key: appCredential(call, 'appKey'),
    timestamp: Math.floor(call.now.getTime() / 1000),
  }
  const body = request.bytes || request.body === undefined ? '' : JSON.stringify(request.body)
  const secret = appCredential(call, 'appSecret')
  return { ...request, headers, query: { ...query, sign: signature(secret, { path: request.url, query, body }) } }
}

/** Keyed by the secret and between two of it: path, the query sorted by name, and the body byte for byte. */
export function signature(secret: string, { path, query, body }: { path: string; query: Query; body: string }): string {
  const pairs = Object.entries(query)
    .filter(([name, value]) => value !== undefined && name !== 'sign' && name !== 'access_token')
    .map(([name, value]) => [name, String(value)] as const)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
  const text = path + pairs.map(([name, value]) => name + value).join('') + body
  return createHmac('sha256', secret)
    .update(secret + text + secret)
    .digest('hex')
}

function tokenOf(call: TikTokCall): string {
  const token = call.account.accessToken.trim()
  if (/^[\x21-\x7e]+$/.test(token)) return token
  throw new RefusedError({ kind: 'signed-out', reason: 'This account holds no access token' })
}

// A shop whose cipher we do not have is one the consent did not open, or has been opened since: the shops are asked for
// again with each renewal.
function cipherQuery(request: HttpRequest, call: TikTokCall): Query {
  const takesCipher = endpointOf(request)?.takesCipher ?? false
  if (!takesCipher || request.query?.['shop_cipher'] !== undefined) return {}
  const cipher = cipherOf(call.account, call.site.id)
  if (cipher !== null) return { shop_cipher: cipher }
  if (call.account.ciphers === '') {
    throw new RefusedError({ kind: 'signed-out', reason: 'The shops of this sign-in could not be asked for yet' })
  }
  // The sign-in itself is sound, and the seller's other shops go on with it.
  const reason = `The consent does not open the shop “${call.site.name}” any more. Reauthorise it and tick this shop, or open it again at TikTok Shop`
  throw new RefusedError({ kind: 'rejected', reason })
}
