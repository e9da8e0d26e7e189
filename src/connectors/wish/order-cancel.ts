// Canceling is refunding before anything left: the whole order, for one of the reasons Wish allows for it at this moment.
import type { Call, Reply } from '../connector.ts'
import { asObject, pathPart } from '../reading.ts'
import type { WishAccount } from './account.ts'
import { ask, askForList } from './ask.ts'
import { replyOf } from './errors.ts'
import { askForOrder, textsIn } from './orders.ts'
import { processingOf } from './parcels.ts'

/** What goes out where the reason given is none of Wish's words: a seller who cancels cannot send it. */
const usualReasons = ['MERCHANT_OUT_OF_STOCK', 'UNABLE_TO_SHIP']

export function cancelOrder(call: Call<WishAccount>, marketplaceOrderId: string, reason: string): Promise<Reply> {
  return replyOf(async () => {
    const order = await askForOrder(call, marketplaceOrderId)
    const processing = processingOf(order)
    if (order['state'] === 'REFUNDED') return { kind: 'done', reference: marketplaceOrderId }
    if (processing?.status === 'IN_PROGRESS') {
      if (processing.source === 'REFUND') return { kind: 'pending', ticket: marketplaceOrderId }
      // Another write is being worked on: ours has not gone out.
      return { kind: 'wait', seconds: busySeconds, reason: 'Wish is still working on an earlier change of the order' }
    }
    if (order['state'] === 'SHIPPED') return { kind: 'rejected', reason: 'The order has been dispatched already' }
    const url = `/api/v3/orders/${pathPart(marketplaceOrderId)}/refund`
    // Which reasons there are differs from order to order and changes with time.
    const reasonsUrl = `/api/v3/orders/${pathPart(marketplaceOrderId)}/refund_reasons`
    const allowed = textsIn(await askForList(call, { method: 'GET', url: reasonsUrl }, 'the reasons for a refund'))
    const chosen = reasonAmong(allowed, reason)
    if (chosen === undefined) {
      const list = allowed.length === 0 ? 'none' : allowed.join(', ')
      return { kind: 'rejected', reason: `Wish does not let this order be cancelled now. Reasons it takes: ${list}` }
    }
    // No note: Wish shows it to the buyer, and ours may not be meant for him.
    const answer = asObject(await ask(call, { method: 'PUT', url, body: { refund_reason: chosen } }))
    if (answer?.['state'] === 'REFUNDED') return { kind: 'done', reference: marketplaceOrderId }
    // Taken, not yet done (W5): the order shows it when it is.
    return { kind: 'pending', ticket: marketplaceOrderId }
  })
}

const busySeconds = 120

/** What became of it: Wish takes a refund first and may refuse it later (W5), which the order shows. */
export function checkCancel(call: Call<WishAccount>, ticket: string): Promise<Reply> {
  return replyOf(async () => {
    const order = await askForOrder(call, ticket)
    const processing = processingOf(order)
    if (order['state'] === 'REFUNDED') return { kind: 'done', reference: ticket }
    if (processing?.status === 'IN_PROGRESS') return { kind: 'pending', ticket }
    if (order['state'] === 'SHIPPED') return { kind: 'rejected', reason: 'The order has been dispatched already' }
    if (processing?.source === 'REFUND' && processing.status === 'FAILED')
      return { kind: 'rejected', reason: 'Wish took the cancellation and then refused it' }
    return { kind: 'pending', ticket }
  })
}

function reasonAmong(allowed: string[], reason: string): string | undefined {
  const wanted = reason
    .trim()
    .toUpperCase()
    .replace(/[\s-]+/g, '_')
  return [wanted, ...usualReasons].find((word) => allowed.includes(word))
}
