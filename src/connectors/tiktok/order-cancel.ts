// Calling an order off from our side, and the names of delivery that shipping mapping knows beforehand.
import type { Reply } from '../connector.ts'
import { asArray, asObject, asText } from '../reading.ts'
import type { TikTokCall } from './account.ts'
import { ask } from './ask.ts'
import { codeOf, replyOf } from './errors.ts'
import { readOrder } from './orders.ts'

/** A return is under way, or it is cancelled already; or it is over. */
const alreadyOverCodes = [25001011, 25001051]

export function cancelOrder(call: TikTokCall, marketplaceOrderId: string, reason: string): Promise<Reply> {
  return replyOf(async () => {
    const body = { order_id: marketplaceOrderId, cancel_reason: cancelReason(reason, call.site.currency) }
    const reply = await replyOf(async () => {
      const data = await ask(call, 'orders.cancel', { body })
      const id = asText(data['cancel_id'])
      if (id === null) return { kind: 'unclear', reason: 'TikTok Shop did not say what became of the cancellation' }
      const isPending = asText(data['cancel_status'])?.endsWith('_PENDING') ?? false
      return isPending ? { kind: 'pending', ticket: id } : { kind: 'done', reference: id }
    })
    if (reply.kind !== 'rejected' || !alreadyOverCodes.includes(codeOf(reply) ?? 0)) return reply
    const order = await readOrder(call, marketplaceOrderId)
    return order.status === 'cancelled' ? { kind: 'done', reference: marketplaceOrderId } : reply
  })
}

// TikTok Shop takes none but its own reasons, and each of them only in certain statuses.
function cancelReason(reason: string, currency: string): string {
  if (/^seller_cancel_\w+$/.test(reason.trim())) return reason.trim()
  const region = currency === 'GBP' ? '_uk' : ''
  if (/price/i.test(reason)) return `seller_cancel_reason_wrong_price${region}`
  if (/address|deliver/i.test(reason)) return `seller_cancel_paid_reason_address_not_deliver${region}`
  return `seller_cancel_reason_out_of_stock${region}`
}

/** By name, for that is what an order says; several warehouses have options of the same name. */
export async function shippingServices(call: TikTokCall): Promise<{ code: string; name: string }[]> {
  const names = new Set<string>()
  for (const { id } of call.site.warehouses ?? []) {
    const data = await ask(call, 'warehouses.deliveryOptions', { id })
    for (const entry of asArray(data['delivery_options']) ?? []) {
      const option = asObject(entry) ?? {}
      const name = asText(option['name']) ?? asText(option['id'])
      if (name !== null) names.add(name)
    }
  }
  return [...names].map((name) => ({ code: name, name }))
}
