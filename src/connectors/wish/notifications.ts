// Wish's messages carry no signature that is documented, so anyone could send one. They are only taken as a hint to look
// again; what they say of whom is not believed, and every Wish account looks.
import { createHash } from 'node:crypto'
import type { Call, Nudge, ReceivedNotification, Reply } from '../connector.ts'
import { asObject, asText, pathPart } from '../reading.ts'
import type { WishAccount } from './account.ts'
import { ask, askForList } from './ask.ts'
import { replyOf } from './errors.ts'

/** Their topic → what to look at. Others are of no use to us. */
const topics: Record<string, Nudge['about']> = {
  ORDER_ALL: 'orders',
  ORDER_RELEASE: 'orders',
  ORDER_FULFILLMENT_DEADLINE: 'orders',
  ORDER_ADDRESS_CHANGE: 'orders',
  ORDER_TRACKING_UPDATE: 'orders',
  ORDER_REFUND: 'orders',
  PRODUCT_UPDATE_MERCHANT: 'listings',
  PRODUCT_INVENTORY_CHANGE_WISH_USER: 'orders', // a buyer changed it: he bought
  PRODUCT_INVENTORY_CHANGE_MERCHANT: 'listings',
  PRODUCT_SOLDOUT: 'listings',
}

/** What we ask to be told. Of orders everything comes under one topic. */
const wanted = ['ORDER_ALL', 'PRODUCT_UPDATE_MERCHANT', 'PRODUCT_SOLDOUT']

export function readNotification({ headers, body }: ReceivedNotification): Nudge[] | 'forged' {
  const topic = headers['wish-topic']?.trim()
  if (topic === undefined || topic === '') return 'forged'
  const about = Object.hasOwn(topics, topic) ? topics[topic] : undefined
  if (about === undefined) return []
  // Two messages of the same words are told apart by their own ids and times, where they have any.
  const parts = ['wish-request-id', 'date'].map((name) => headers[name] ?? '')
  const id = createHash('sha256')
    .update(JSON.stringify([topic, ...parts, body]))
    .digest('hex')
  return [{ id, sellerId: null, siteId: null, about, reference: null }]
}

export function subscribe(call: Call<WishAccount>, address: string): Promise<Reply> {
  return replyOf(async () => {
    const known = await askForList(call, { method: 'GET', url: '/api/v3/webhook/topics' }, 'the topics')
    const url = '/api/v3/webhook/subscriptions'
    const list = await askForList(call, { method: 'GET', url }, 'the subscriptions')
    const mine = list.map(asObject).filter((one) => asText(one?.['endpoint']) === address)
    for (const name of wanted) {
      const topic = known.map(asObject).find((one) => one?.['topic_name'] === name)
      const topicId = asText(topic?.['id'])
      if (topicId === null) continue
      const subscription = mine.find((one) => asText(one?.['topic_id']) === topicId)
      const id = asText(subscription?.['id'])
      if (id === null) await ask(call, { method: 'POST', url, query: { topic_id: topicId, endpoint: address } })
      else if (subscription?.['status'] === 'INACTIVE')
        await ask(call, {
          method: 'PUT',
          url: `${url}/${pathPart(id)}`,
          query: { endpoint: address, status: 'ACTIVE' },
        })
    }
    return { kind: 'done' }
  })
}
