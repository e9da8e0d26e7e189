// Notifications: what happened is kept as news, and becomes signed deliveries when it is handed over. They may be lost,
// doubled, reordered or joined by a forgery, and a client must live with all of that.
import { chance } from '../kit/random.ts'
import { topics } from './reference.ts'
import { signNotification } from './sign.ts'
import { nextId, unixSeconds } from './state.ts'
import type { Delivery } from '../kit/sandbox.ts'
import type { News, Order, Product, Tiktok } from './state.ts'

const newsMax = 10_000

export function notify(tiktok: Tiktok, topic: string, shopId: string, at: Date, data: Record<string, unknown>): void {
  if (addressesFor(tiktok, topic, shopId).length === 0 || tiktok.news.length >= newsMax) return
  tiktok.news.push({ id: nextId(tiktok), type: topics[topic] ?? 0, topic, shopId, at, data })
}

export function notifyOrder(tiktok: Tiktok, order: Order, at: Date): void {
  notify(tiktok, 'ORDER_STATUS_CHANGE', order.shopId, at, {
    is_on_hold_order: order.isOnHold,
    order_id: order.id,
    // Here alone the last status is spelled so.
    order_status: order.status === 'CANCELLED' ? 'CANCEL' : order.status,
    update_time: unixSeconds(at),
  })
}

export function notifyProduct(tiktok: Tiktok, product: Product, status: string, at: Date): void {
  notify(tiktok, 'PRODUCT_STATUS_CHANGE', product.shopId, at, {
    product_id: product.id,
    status,
    suspended_reason: product.auditFailure ?? '',
    update_time: unixSeconds(at),
  })
}

export function takeDeliveries(tiktok: Tiktok): Delivery[] {
  const { choices } = tiktok
  const { random } = tiktok.faults
  const strikes = (rate: number) => rate > 0 && chance(random, rate)
  const now: Delivery[] = []
  const last: Delivery[] = []
  for (const one of tiktok.news.splice(0)) {
    const body = bodyOf(tiktok, one)
    for (const url of addressesFor(tiktok, one.topic, one.shopId)) {
      if (strikes(choices.webhookDrop)) continue
      const delivery = deliveryOf(url, body, signNotification(tiktok.app, body))
      const list = strikes(choices.webhookReorder) ? last : now
      list.push(delivery)
      if (strikes(choices.webhookDouble)) list.push(delivery)
      if (strikes(choices.webhookForge)) list.push(deliveryOf(url, body, '0'.repeat(64)))
    }
  }
  return [...now, ...last.toReversed()]
}

function bodyOf(tiktok: Tiktok, news: News): string {
  const isBare = tiktok.choices.webhookWithoutId && news.topic === 'RECIPIENT_ADDRESS_UPDATE'
  const json = JSON.stringify({
    type: news.type,
    ...(isBare ? {} : { tts_notification_id: news.id }),
    shop_id: news.shopId,
    timestamp: unixSeconds(news.at),
    data: news.data,
  })
  const isNumeric = tiktok.choices.numericProductIds && [5, 16, 37].includes(news.type)
  return isNumeric ? json.replace(/"product_id":"(\d+)"/, '"product_id":$1') : json
}

function deliveryOf(url: string, body: string, signature: string): Delivery {
  return { url, headers: { 'content-type': 'application/json', authorization: signature }, body }
}

/** The app's own address, and the one the shop has for this topic. */
function addressesFor(tiktok: Tiktok, topic: string, shopId: string): string[] {
  const own = tiktok.webhooks.filter((one) => one.shopId === shopId && one.topic === topic).map((one) => one.address)
  return [...(tiktok.app.webhookUrl === '' ? [] : [tiktok.app.webhookUrl]), ...own]
}
