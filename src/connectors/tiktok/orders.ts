// Their order → our order.
import { RefusedError } from '../connector.ts'
import type { ChannelOrder, ChannelOrderStatus } from '../connector.ts'
import type { Money } from '../../domain/money.ts'
import { asArray, asCount, asMoney, asObject, asText, UnreadableError } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import type { TikTokCall } from './account.ts'
import { addressOf, plainText } from './address.ts'
import { ask } from './ask.ts'
import { linesOf, unitsOf } from './order-units.ts'
import { orderStatusOf } from './statuses.ts'

/** Throws `UnreadableError` with the reason where the order makes no sense: it is set aside, never half taken. */
export function toChannelOrder(raw: unknown, currencyUnstated: string): ChannelOrder {
  const order = asObject(raw) ?? unreadable('The entry is not an order')
  const marketplaceOrderId = orderIdOf(order) ?? unreadable('The order has no id')
  const placedAt = timeOf(order['create_time']) ?? unreadable('The order does not say when it was placed (create_time)')
  const address = asObject(order['recipient_address'])
  const units = unitsOf(order)
  const { status, marketplaceStatus } = statusOf(order)
  const lines = linesOf(units, {
    currencyUnstated: currencyOf(order) ?? currencyUnstated,
    isCancelled: status === 'cancelled',
  })
  const [first] = lines
  if (!first) unreadable('The order has no line items')
  const { currency } = first.unitPriceIncVat
  return {
    marketplaceOrderId,
    bundleId: null,
    status,
    marketplaceStatus,
    placedAt,
    updatedAt: timeOf(order['update_time']) ?? placedAt,
    paidAt: timeOf(order['paid_time']) ?? null,
    shipBy:
      timeOf(order['rts_sla_time']) ?? timeOf(order['tts_sla_time']) ?? timeOf(order['shipping_due_time']) ?? null,
    currency,
    totals: totalsOf(asObject(order['payment']), lines, currency),
    shippingService: asText(order['delivery_option_name']) ?? asText(order['delivery_option_id']),
    buyer: buyerOf(order, address),
    shipTo: addressOf(address),
    localPickup: false,
    lines,
    shipments: parcelsOf(order, units),
    raw,
  }
}

export async function readOrder(call: TikTokCall, marketplaceOrderId: string): Promise<ChannelOrder> {
  const raw = await readRawOrder(call, marketplaceOrderId)
  try {
    return toChannelOrder(raw, call.site.currency)
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error
    throw new RefusedError({ kind: 'rejected', reason: `Order ${marketplaceOrderId}: ${error.message}` })
  }
}

export async function readRawOrder(call: TikTokCall, marketplaceOrderId: string): Promise<JsonObject> {
  const id = marketplaceOrderId.trim()
  // Several ids are joined by commas, so one with a comma would be read as several.
  if (!/^\w+$/.test(id)) throw new RefusedError({ kind: 'rejected', reason: `“${id}” cannot be an order id` })
  const data = await ask(call, 'orders.detail', { query: { ids: id } })
  const orders = (asArray(data['orders']) ?? []).map(asObject)
  const order = orders.find((one) => one && orderIdOf(one) === id)
  if (order) return order
  throw new RefusedError({ kind: 'gone', reason: `TikTok Shop has no order ${id}` })
}

export function orderIdOf(order: JsonObject): string | null {
  return asText(order['id'])
}

/**
 * Their status word, unless the order is one we cannot ship. What TikTok sends out of its own warehouse is none of our
 * stock. What goes by TikTok's own delivery needs their label and hides the address, so it waits for a person; and so
 * does an order its buyer has asked to cancel.
 */
function statusOf(order: JsonObject): { status: ChannelOrderStatus; marketplaceStatus: string } {
  const word = asText(order['status']) ?? ''
  const status = orderStatusOf(word)
  const [fulfilledBy, shippedBy] = [asText(order['fulfillment_type']), asText(order['shipping_type'])]
  const as = (other: ChannelOrderStatus, why: string) => ({ status: other, marketplaceStatus: `${word} (${why})` })
  if (fulfilledBy !== null && fulfilledBy !== 'FULFILLMENT_BY_SELLER' && status !== 'cancelled') {
    return as('shipped', fulfilledBy)
  }
  if (status === 'to-ship') {
    if (shippedBy !== null && shippedBy !== 'SELLER') return as('on-hold', `shipping by ${shippedBy}`)
    if (order['is_buyer_request_cancel'] === true) return as('on-hold', 'the buyer asks to cancel')
  }
  return { status, marketplaceStatus: word }
}

function currencyOf(order: JsonObject): string | null {
  return asText(asObject(order['payment'])?.['currency'])
}

// Without the amounts of the whole, as some orders come before they are paid, the lines are counted together.
function totalsOf(
  payment: JsonObject | undefined,
  lines: ChannelOrder['lines'],
  currency: string,
): ChannelOrder['totals'] {
  const amount = (name: string): Money | undefined => {
    const value = asText(payment?.[name])
    if (value === null) return undefined
    return asMoney({ amount: value, currency }, currency) ?? unreadable(`The order’s ${name} is no amount: ${value}`)
  }
  const stated = asText(payment?.['currency'])?.toUpperCase()
  if (stated !== undefined && stated !== currency) unreadable(`The order mixes currencies: ${currency} and ${stated}`)
  const sum = lines.reduce((minor, line) => minor + line.unitPriceIncVat.minor * line.quantity, 0)
  const itemsIncVat = amount('sub_total') ?? { minor: sum, currency }
  const shippingIncVat = amount('shipping_fee') ?? { minor: 0, currency }
  const tax = amount('tax') ?? { minor: 0, currency }
  const total = itemsIncVat.minor + shippingIncVat.minor + tax.minor
  return { itemsIncVat, shippingIncVat, tax, grandTotal: amount('total_amount') ?? { minor: total, currency } }
}

function buyerOf(order: JsonObject, address: JsonObject | undefined): ChannelOrder['buyer'] {
  const name = plainText(address?.['name'])
  const phone = plainText(address?.['phone_number'])
  // An address of TikTok's that passes messages on.
  const email = asText(order['buyer_email'])
  return name === null && phone === null && email === null ? null : { name: name ?? '', email, phone }
}

function parcelsOf(order: JsonObject, units: ReturnType<typeof unitsOf>): ChannelOrder['shipments'] {
  const parcels = new Map<string, { carrier: string | null; trackingNumber: string | null }>()
  for (const { trackingNumber, carrier } of units) {
    if (trackingNumber !== null) parcels.set(trackingNumber, { carrier, trackingNumber })
  }
  const whole = asText(order['tracking_number'])
  if (whole !== null && parcels.size === 0) {
    parcels.set(whole, { carrier: asText(order['shipping_provider']), trackingNumber: whole })
  }
  return [...parcels.values()]
}

export function timeOf(value: unknown): Date | undefined {
  const seconds = asCount(value)
  return seconds === undefined || seconds === 0 ? undefined : new Date(seconds * 1000)
}

function unreadable(reason: string): never {
  throw new UnreadableError(reason)
}
