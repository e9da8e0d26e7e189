// Order feeds, as XML or as a tab file: cancelling, telling of parcels in numbers, giving money back.
import { cancelLines, touch } from './orders.ts'
import { escapeHtml } from '../kit/page.ts'
import { fits, tellParcel } from './shipments.ts'
import { minorOf } from './state.ts'
import type { FeedInput, FeedResult } from './feeds.ts'
import type { Order, Parcel } from './state.ts'

/** One thing asked for, however it was written. */
type Message = {
  id: string
  orderId: string
  kind: string
  /** An acknowledgement says Success, or Failure for a cancellation. */
  statusCode: string
  items: { itemId: string; quantity: number | undefined; reason: string; amounts: number[] }[]
  carrier: string
  carrierName: string
  tracking: string
  shipDate: string
  method: string
}

type Verdict = { message: Message; problem: string | undefined }

export function processOrderFeed(input: FeedInput): FeedResult {
  const { job } = input
  const text = input.bytes.toString('utf8').replace(/^\uFEFF/, '')
  const isFlat = job.type.startsWith('POST_FLAT_FILE_')
  const messages = isFlat ? readFlat(text, job.type) : readXml(text, job.type)
  const isOurs = isFlat || inner(text, 'MerchantIdentifier') === job.sellerId
  if (!messages || messages.length === 0 || !isOurs) return { status: 'FATAL' }
  const verdicts = messages.map((message) => ({ message, problem: process(input, message) }))
  return { status: 'DONE', report: isFlat ? flatReport(verdicts) : xmlReport(input, verdicts) }
}

function process(input: FeedInput, message: Message): string | undefined {
  const { amazon, job, at } = input
  const order = amazon.ordersById.get(message.orderId)
  if (!order || order.sellerId !== job.sellerId) return `The order ${message.orderId} is not known.`
  const strange = message.items.find((item) => !order.lines.some((line) => line.itemId === item.itemId))
  if (strange) return `The order item ${strange.itemId} is not known.`
  if (message.kind === 'ship') return ship(input, order, message)
  if (message.kind === 'refund') return refund(input, order, message)
  if (message.statusCode !== 'Failure') return undefined
  const itemIds =
    message.items.length === 0 ? order.lines.map((line) => line.itemId) : message.items.map((item) => item.itemId)
  const reason = message.items[0]?.reason ?? ''
  if (!cancelReasons.includes(reason === '' ? 'GeneralAdjustment' : reason))
    return `The cancel reason ${reason} is not known.`
  const refused = cancelLines(amazon, order, { itemIds, by: 'MERCHANT', reason: reason || 'GeneralAdjustment', at })
  return refused?.refusal
}

const cancelReasons =
  'NoInventory,ShippingAddressUndeliverable,CustomerExchange,BuyerCanceled,GeneralAdjustment,CarrierCreditDecision,RiskAssessmentInformationNotValid,CarrierCoverageFailure,CustomerReturn,MerchandiseNotReceived'.split(
    ',',
  )

function ship({ amazon, at }: FeedInput, order: Order, message: Message): string | undefined {
  if (message.tracking === '' || (message.carrier === '' && message.carrierName === ''))
    return 'The carrier or the tracking number is missing.'
  const open = order.lines.filter((line) => line.confirmed < line.quantity && line.canceledBy === undefined)
  const items =
    message.items.length > 0
      ? message.items.map(({ itemId, quantity }) => ({ itemId, quantity: quantity ?? 1 }))
      : open.map(({ itemId, quantity, confirmed }) => ({ itemId, quantity: quantity - confirmed }))
  const known = [...order.toldParcels.values()].find((one) => one.trackingNumber === message.tracking)
  const parcel: Parcel = {
    referenceId: known?.referenceId ?? String(order.toldParcels.size + 1),
    carrierCode: message.carrier || 'Other',
    carrierName: message.carrierName || undefined,
    shippingMethod: message.method || undefined,
    trackingNumber: message.tracking,
    shipDate: message.shipDate || new Date(at).toISOString(),
    createdAt: at,
    status: 'PENDING',
    items,
  }
  const isTaken = items.length > 0 && fits(order, parcel)
  amazon.confirmations.push({
    orderNumber: order.id,
    trackingNumber: parcel.trackingNumber,
    provider: parcel.carrierName ?? parcel.carrierCode,
    at: new Date(at).toISOString(),
    outcome: isTaken ? tellParcel(amazon, order, parcel, at) : 'refused',
    packageReferenceId: parcel.referenceId,
  })
  return isTaken ? undefined : 'There is nothing left to ship in this order.'
}

function refund({ amazon, at }: FeedInput, order: Order, message: Message): string | undefined {
  if (order.status !== 'SHIPPED' && order.status !== 'PARTIALLY_SHIPPED')
    return 'Only what was shipped can be refunded.'
  const sum = message.items.flatMap((item) => item.amounts).reduce((total, amount) => total + amount, 0)
  if (sum <= 0) return 'The amount is missing.'
  order.refundedMinor += sum
  touch(amazon, order, at)
  return undefined
}

function readXml(text: string, type: string): Message[] | undefined {
  if (!text.includes('<AmazonEnvelope')) return undefined
  const [kind, itemTag] = {
    POST_ORDER_FULFILLMENT_DATA: ['ship', 'Item'] as const,
    POST_PAYMENT_ADJUSTMENT_DATA: ['refund', 'AdjustedItem'] as const,
  }[type] ?? ['acknowledge', 'Item']
  return blocks(text, 'Message').map((block) => {
    const outside = blocks(block, itemTag).reduce((left, item) => left.replace(item, ''), block)
    return {
      id: inner(block, 'MessageID') ?? '',
      orderId: inner(block, 'AmazonOrderID') ?? '',
      kind,
      statusCode: inner(block, 'StatusCode') ?? '',
      items: blocks(block, itemTag).map((item) => ({
        itemId: inner(item, 'AmazonOrderItemCode') ?? '',
        quantity: numberIn(inner(item, 'Quantity')),
        reason: inner(item, 'CancelReason') ?? inner(item, 'AdjustmentReason') ?? '',
        amounts: blocks(item, 'Component').map((component) => minorOf(inner(component, 'Amount')) ?? 0),
      })),
      carrier: inner(outside, 'CarrierCode') ?? '',
      carrierName: inner(outside, 'CarrierName') ?? '',
      tracking: inner(outside, 'ShipperTrackingNumber') ?? '',
      shipDate: inner(outside, 'FulfillmentDate') ?? '',
      method: inner(outside, 'ShippingMethod') ?? '',
    }
  })
}

function blocks(text: string, tag: string): string[] {
  return [...text.matchAll(new RegExp(`<${tag}(?:\\s[^>]*)?>([\\s\\S]*?)</${tag}>`, 'g'))].map(
    (match) => match[1] ?? '',
  )
}

function inner(text: string, tag: string): string | undefined {
  const found = blocks(text, tag)[0]?.trim()
  return found === undefined ? undefined : unescape(found)
}

function unescape(text: string): string {
  const names: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }
  return text.replaceAll(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => names[name] ?? '')
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined
}

/** A line for each item; lines of one order follow each other or not. */
function readFlat(text: string, type: string): Message[] | undefined {
  const [head = '', ...lines] = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const names = head.split('\t').map((name) => name.trim())
  if (!names.includes('order-id')) return undefined
  return lines.map((line, index) => {
    const cells = line.split('\t')
    const cell = (name: string) => cells[names.indexOf(name)]?.trim() ?? ''
    const itemId = cell('amazon-order-item-code') || cell('order-item-id')
    return {
      id: String(index + 1),
      orderId: cell('order-id'),
      kind: type.includes('FULFILLMENT') ? 'ship' : 'acknowledge',
      statusCode: 'Failure',
      items:
        itemId === ''
          ? []
          : [{ itemId, quantity: numberIn(cell('quantity')), reason: cell('cancellation-reason-code'), amounts: [] }],
      carrier: cell('carrier-code'),
      carrierName: cell('carrier-name'),
      tracking: cell('tracking-number'),
      shipDate: cell('ship-date'),
      method: cell('ship-method'),
    }
  })
}

function xmlReport({ job }: FeedInput, verdicts: Verdict[]): NonNullable<FeedResult['report']> {
  const bad = verdicts.filter((one) => one.problem !== undefined)
  const results = bad.map(
    ({ message, problem }) =>
      `<Result><MessageID>${escapeHtml(message.id)}</MessageID><ResultCode>Error</ResultCode><ResultMessageCode>18028</ResultMessageCode>` +
      `<ResultDescription>${escapeHtml(problem ?? '')}</ResultDescription>` +
      `<AdditionalInfo><AmazonOrderID>${escapeHtml(message.orderId)}</AmazonOrderID></AdditionalInfo></Result>`,
  )
  const summary =
    `<ProcessingSummary><MessagesProcessed>${verdicts.length}</MessagesProcessed><MessagesSuccessful>${verdicts.length - bad.length}</MessagesSuccessful>` +
    `<MessagesWithError>${bad.length}</MessagesWithError><MessagesWithWarning>0</MessagesWithWarning></ProcessingSummary>`
  const text =
    `<?xml version="1.0" encoding="UTF-8"?>\n<AmazonEnvelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="amzn-envelope.xsd">` +
    `<Header><DocumentVersion>1.02</DocumentVersion><MerchantIdentifier>${job.sellerId}</MerchantIdentifier></Header><MessageType>ProcessingReport</MessageType>` +
    `<Message><MessageID>1</MessageID><ProcessingReport><DocumentTransactionID>${job.id}</DocumentTransactionID><StatusCode>Complete</StatusCode>` +
    `${summary}${results.join('')}</ProcessingReport></Message></AmazonEnvelope>`
  return { text, contentType: 'text/xml; charset=UTF-8' }
}

function flatReport(verdicts: Verdict[]): NonNullable<FeedResult['report']> {
  const bad = verdicts.filter((one) => one.problem !== undefined)
  const lines = [
    'Feed Processing Summary:',
    `\tNumber of records processed\t\t${verdicts.length}`,
    `\tNumber of records successful\t\t${verdicts.length - bad.length}`,
    '',
    'original-record-number\torder-id\terror-code\terror-type\terror-message',
    ...bad.map(({ message, problem }) => `${message.id}\t${message.orderId}\t18028\tError\t${problem}`),
  ]
  return { text: `${lines.join('\n')}\n`, contentType: 'text/plain; charset=UTF-8' }
}
