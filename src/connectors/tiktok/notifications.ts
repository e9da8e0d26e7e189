// Notifications: signed with our app's secret, about one shop each. They only say where to look again.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Connector, Nudge, ReceivedNotification, Reply } from '../connector.ts'
import { asArray, asObject, asText, parseJson } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import type { TikTokAccount, TikTokCall } from './account.ts'
import { ask } from './ask.ts'
import { replyOf } from './errors.ts'

/** From the reference. */
const addressCharactersMax = 255

/** What we ask to be told, by the name it has when asking. */
const topics = [
  'ORDER_STATUS_CHANGE',
  'RECIPIENT_ADDRESS_UPDATE',
  'PACKAGE_UPDATE',
  'CANCELLATION_STATUS_CHANGE',
  'RETURN_STATUS_CHANGE',
  'PRODUCT_STATUS_CHANGE',
  'PRODUCT_AUDIT_STATUS_CHANGE',
  'PRODUCT_CREATION',
  'SELLER_DEAUTHORIZATION',
  'UPCOMING_AUTHORIZATION_EXPIRATION',
]

/** By the number a notification has. Others say nothing we look at. */
const aboutByType: Record<string, Nudge['about']> = {
  1: 'orders', // status
  2: 'orders', // returns and cancellations, the old way
  3: 'orders', // address
  4: 'orders', // parcels
  11: 'orders', // cancellation
  12: 'orders', // return
  5: 'listings', // status
  15: 'listings', // information
  16: 'listings', // made
  18: 'listings', // category
  27: 'listings', // stock
  37: 'listings', // review
  6: 'account', // the seller took the consent back
  7: 'account', // the consent ends soon
}

export const notifications: NonNullable<Connector<TikTokAccount>['notifications']> = {
  read: readNotification,
  subscribe,
}

function readNotification(received: ReceivedNotification, app: Record<string, string>): Nudge[] | 'forged' {
  if (!isGenuine(received, app)) return 'forged'
  const message = asObject(parseJson(received.body)) ?? {}
  const type = asText(message['type']) ?? ''
  const about = Object.hasOwn(aboutByType, type) ? aboutByType[type] : undefined
  if (!about) return []
  // One sample of theirs has no id.
  const id = asText(message['tts_notification_id']) ?? createHash('sha256').update(received.body).digest('hex')
  const siteId = asText(message['shop_id'])
  const references = referencesIn(asObject(message['data']) ?? {}, about)
  return references.map((reference, index) => ({
    id: index === 0 ? id : `${id}/${reference}`,
    sellerId: null,
    siteId,
    about,
    reference,
  }))
}

// No scheme word and no time in it: the same message may come again at any time, and is dropped by its id.
function isGenuine({ headers, body }: ReceivedNotification, app: Record<string, string>): boolean {
  const [key, secret] = [app['appKey']?.trim() ?? '', app['appSecret']?.trim() ?? '']
  if (key === '' || secret === '') return false
  const expected = createHmac('sha256', secret)
    .update(key + body)
    .digest()
  const given = headers['authorization']?.trim() ?? ''
  if (!/^[0-9a-f]{64}$/i.test(given)) return false
  return timingSafeEqual(expected, Buffer.from(given, 'hex'))
}

/** What it is about; one entry without a reference where it does not say. */
function referencesIn(data: JsonObject, about: Nudge['about']): (string | null)[] {
  if (about === 'account') return [null]
  if (about === 'listings') return [asText(data['product_id'])]
  const orders = (asArray(data['package_list']) ?? []).flatMap(
    (entry) => asArray(asObject(entry)?.['order_id_list']) ?? [],
  )
  const ids = [data['order_id'], ...orders].flatMap((id) => asText(id) ?? [])
  return ids.length === 0 ? [null] : [...new Set(ids)]
}

function subscribe(call: TikTokCall, address: string): Promise<Reply> {
  return replyOf(async () => {
    if (address.length > addressCharactersMax) {
      return { kind: 'rejected', reason: `The address is longer than ${addressCharactersMax} characters` }
    }
    const data = await ask(call, 'webhooks.list')
    const known = (asArray(data['webhooks']) ?? []).map((entry) => asObject(entry) ?? {})
    for (const topic of topics) {
      if (known.some((one) => one['event_type'] === topic && one['address'] === address)) continue
      await ask(call, 'webhooks.update', { body: { event_type: topic, address } })
    }
    return { kind: 'done' }
  })
}
