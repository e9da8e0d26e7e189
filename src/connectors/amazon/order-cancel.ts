// Cancelling by the seller: there is no call for it, so it goes as an order feed, and its result is another file.
import type { Call, ChannelOrder, Reply } from '../connector.ts'
import { asObject, asText, parseJson } from '../reading.ts'
import { sellerIdOf } from './account.ts'
import type { AmazonAccount } from './account.ts'
import { replyOf } from './errors.ts'
import { readFeed, submitFeed } from './feeds.ts'
import { readOrder } from './orders.ts'
import { objectsIn } from './read.ts'

const feedType = 'POST_ORDER_ACKNOWLEDGEMENT_DATA'

/** Safe to repeat once the order shows it. Before that a repeat sends a second feed, which Amazon finds nothing to do for. */
export function cancelOrder(call: Call<AmazonAccount>, marketplaceOrderId: string, reason: string): Promise<Reply> {
  return replyOf(async () => {
    const order = await readOrder(call, marketplaceOrderId)
    if (order.status === 'cancelled') return { kind: 'done', reference: marketplaceOrderId }
    const refusal = whyNotCancelled(order)
    if (refusal !== undefined) return { kind: 'rejected', reason: refusal }
    const content = cancelFeed(order, sellerIdOf(call), reasonCode(order, reason))
    const feedId = await submitFeed(call, { feedType, contentType: 'text/xml; charset=UTF-8', content })
    return { kind: 'pending', ticket: JSON.stringify({ feedId, marketplaceOrderId }) }
  })
}

/** What became of it: refused in the feed's result, or shown by the order. */
export function checkCancel(call: Call<AmazonAccount>, ticket: string): Promise<Reply> {
  return replyOf(async () => {
    const read = ticketIn(ticket)
    if (!read) return { kind: 'rejected', reason: 'This ticket is not one that the Amazon connector gave' }
    const order = await readOrder(call, read.marketplaceOrderId)
    if (order.status === 'cancelled') return { kind: 'done', reference: read.marketplaceOrderId }
    const state = await readFeed(call, read.feedId)
    if (state.kind === 'cancelled') return { kind: 'rejected', reason: 'The cancellation was withdrawn at Amazon' }
    const refusal = state.kind === 'over' ? refusalIn(state.report) : undefined
    if (refusal !== undefined) return { kind: 'rejected', reason: refusal }
    if (state.kind === 'over' && state.isBroken) {
      return { kind: 'rejected', reason: 'Amazon could not work through the cancellation. Cancel it in Seller Central' }
    }
    return { kind: 'pending', ticket }
  })
}

function whyNotCancelled(order: ChannelOrder): string | undefined {
  if (order.status === 'shipped') return `The order is ${order.marketplaceStatus} at Amazon: it can only be refunded`
  if (order.shipments.length > 0) return 'A part of the order has left already: the rest is cancelled in Seller Central'
  if (order.status === 'awaiting-payment') return 'Amazon takes no cancellation before the payment is authorised'
  return undefined
}

function cancelFeed(order: ChannelOrder, sellerId: string, code: string): string {
  const items = order.lines.map(
    (line) =>
      `<Item><AmazonOrderItemCode>${xml(line.marketplaceLineId)}</AmazonOrderItemCode><CancelReason>${code}</CancelReason></Item>`,
  )
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<AmazonEnvelope>',
    `<Header><DocumentVersion>1.01</DocumentVersion><MerchantIdentifier>${xml(sellerId)}</MerchantIdentifier></Header>`,
    '<MessageType>OrderAcknowledgement</MessageType>',
    '<Message><MessageID>1</MessageID><OrderAcknowledgement>',
    `<AmazonOrderID>${xml(order.marketplaceOrderId)}</AmazonOrderID><StatusCode>Failure</StatusCode>${items.join('')}`,
    '</OrderAcknowledgement></Message>',
    '</AmazonEnvelope>',
  ].join('\n')
}

/** Amazon counts a seller's own cancellations against him, but not those the buyer asked for. */
function reasonCode(order: ChannelOrder, reason: string): string {
  const buyerAsks = objectsIn(asObject(order.raw)?.['orderItems']).some(
    (item) => asObject(asObject(item['cancellation'])?.['cancellationRequest']) !== undefined,
  )
  if (buyerAsks || /buyer|customer/i.test(reason)) return 'BuyerCanceled'
  if (/address/i.test(reason)) return 'ShippingAddressUndeliverable'
  return /price|adjust/i.test(reason) ? 'GeneralAdjustment' : 'NoInventory'
}

// The result is XML with one message of ours, so its error is the only one.
function refusalIn(report: string | null): string | undefined {
  if (report === null || !/<ResultCode>\s*Error\s*<\/ResultCode>/i.test(report)) return undefined
  const text = /<ResultDescription>([^<]*)<\/ResultDescription>/i.exec(report)?.[1]?.trim()
  return text === undefined || text === '' ? 'Amazon refused the cancellation without saying why' : plain(text)
}

function ticketIn(ticket: string): { feedId: string; marketplaceOrderId: string } | undefined {
  const read = asObject(parseJson(ticket))
  const [feedId, marketplaceOrderId] = [asText(read?.['feedId']), asText(read?.['marketplaceOrderId'])]
  return feedId === null || marketplaceOrderId === null ? undefined : { feedId, marketplaceOrderId }
}

function xml(text: string): string {
  return text.replace(/[<>&'"]/g, (letter) => `&#${letter.charCodeAt(0)};`)
}

function plain(text: string): string {
  const letters: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }
  return text.replace(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => letters[name] ?? '')
}
