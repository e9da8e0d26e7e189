// Notifications: what happened is kept until it is handed over, and is then written down as it is at that moment.
import { showOrder } from './order-json.ts'
import { showProduct } from './product-json.ts'
import { topicId, topicNames } from './reference.ts'
import type { Delivery } from '../kit/sandbox.ts'
import type { Wish } from './state.ts'

type News = Wish['news'][number]

const newsMax = 10_000

export function notify(wish: Wish, news: News): void {
  if (wish.news.length < newsMax && hearers(wish, news).length > 0) wish.news.push(news)
}

/** Sent once. There is no signature; nothing about one is published. */
export function takeDeliveries(wish: Wish): Delivery[] {
  return wish.news.splice(0).flatMap((news) => {
    const body = bodyOf(wish, news)
    if (body === undefined) return []
    const headers = { 'content-type': 'application/json', 'wish-topic': news.topic, 'wish-api-version': 'V3' }
    return hearers(wish, news).map((url) => ({ url, headers, body }))
  })
}

/** Whoever subscribed, and the dashboards of hubs that this merchant let in. */
function hearers(wish: Wish, { topic, merchantId }: News): string[] {
  const merchant = wish.merchants.get(merchantId)
  if (!merchant) return []
  const topics = new Set([topicId(topic), ...(topic.startsWith('ORDER_') ? [topicId('ORDER_ALL')] : [])])
  const subscribed = merchant.subscriptions
    .filter((one) => one.status === 'ACTIVE' && topics.has(one.topicId))
    .map((one) => one.endpoint)
  const dashboards = [...wish.apps.values()]
    .filter((app) => app.webhookUrl !== undefined && isLetIn(wish, app.clientId, merchantId))
    .flatMap((app) => app.webhookUrl ?? [])
  return [...new Set([...subscribed, ...dashboards])]
}

function isLetIn(wish: Wish, clientId: string, merchantId: string): boolean {
  for (const token of wish.refreshTokens.values()) {
    if (token.clientId === clientId && token.merchantId === merchantId && !token.endedAt) return true
  }
  return false
}

function bodyOf(wish: Wish, { merchantId, about }: News): string | undefined {
  const merchant = wish.merchants.get(merchantId)
  if (!merchant) return undefined
  const { webhookBody } = wish.choices
  if (webhookBody === 'empty') return ''
  const order = 'orderId' in about ? wish.ordersById.get(about.orderId) : undefined
  const product = 'productId' in about ? merchant.products.get(about.productId) : undefined
  const shown = order ? showOrder(merchant, order) : product ? showProduct(merchant, product) : undefined
  if (!shown) return undefined
  return JSON.stringify(webhookBody === 'id' ? { id: shown['id'], merchant_id: merchantId } : shown)
}

export const topics = topicNames.map((name) => ({ id: topicId(name), topic_name: name, api_version: 'V3' }))
