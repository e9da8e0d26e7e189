// The two signatures: of calls to the API, and of notifications.
import { createHmac, timingSafeEqual } from 'node:crypto'

export type SignedCall = {
  secret: string
  /** As on the request line, without the query. */
  path: string
  query: URLSearchParams
  contentType: string
  body: string
}

/** Lower-case hex. Parameters by name, decoded; the body byte for byte, unless it is an upload. */
export function signCall({ secret, path, query, contentType, body }: SignedCall): string {
  const parameters = [...query]
    .filter(([name]) => name !== 'sign' && name !== 'access_token')
    .toSorted(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
    .map(([name, value]) => name + value)
    .join('')
  const text = path + parameters + (isUpload(contentType) ? '' : body)
  return hmac(secret, secret + text + secret)
}

/** The media type alone counts; the header carries a boundary as well. */
export function isUpload(contentType: string): boolean {
  return contentType.split(';')[0]?.trim().toLowerCase() === 'multipart/form-data'
}

/** The header `Authorization` of a notification, without a scheme. */
export function signNotification(app: { appKey: string; appSecret: string }, body: string): string {
  return hmac(app.appSecret, app.appKey + body)
}

export function isSameSign(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)]
  return first.length === second.length && timingSafeEqual(first, second)
}

function hmac(key: string, text: string): string {
  return createHmac('sha256', key).update(text, 'utf8').digest('hex')
}
