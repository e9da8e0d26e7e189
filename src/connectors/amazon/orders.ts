// Their order → our order (Orders 2026-01-01). Items, prices and address are in the one answer.
import { RefusedError } from '../connector.ts'
import type { Address, Call, ChannelOrder, ChannelOrderStatus } from '../connector.ts'
import type { Money } from '../../domain/money.ts'
import { asArray, asCount, asInstant, asObject, asText, objectIn, pathPart, UnreadableError } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import type { AmazonAccount } from './account.ts'
import { moneyIn, objectsIn } from './read.ts'
import { ask } from './request.ts'
import { orderStatusOf, statusOfAmazonsOwn } from './statuses.ts'

/** TAX and EXPENSE need further roles and say nothing we use; asking for what the roles do not cover fails the whole call. */
export const includedData = 'BUYER,RECIPIENT,PROCEEDS,CANCELLATION,FULFILLMENT,PACKAGES'

/** Throws `UnreadableError` with the reason where the order makes no sense: it is set aside, never half taken. */
export function toChannelOrder(raw: unknown, currencyUnstated: string): ChannelOrder {
  const order = asObject(raw) ?? unreadable('The entry is not an order')
  const marketplaceOrderId = asText(order['orderId']) ?? unreadable('The order has no id')
  const placedAt = asInstant(order['createdTime']) ?? unreadable('The order does not say when it was placed')
  const updatedAt = asInstant(order['lastUpdatedTime']) ?? unreadable('The order does not say when it was changed')
  const fulfillment = asObject(order['fulfillment'])
  const { status, marketplaceStatus } = statusOf(order)
  const lines = linesOf(order, status, currencyUnstated)
  const currency = lines[0]?.unitPriceIncVat.currency ?? currencyUnstated
  const packages = objectsIn(order['packages']).filter(isStillOne)
  return {
    marketplaceOrderId,
    bundleId: null,
    status,
    marketplaceStatus,
    placedAt,
    updatedAt,
    // Amazon never says when a payment was authorised, only that it was.
    paidAt: null,
    shipBy: asInstant(asObject(fulfillment?.['shipByWindow'])?.['latestDateTime']) ?? null,
    currency,
    totals: totalsOf(order, lines, currency),
    shippingService: asText(fulfillment?.['fulfillmentServiceLevel']),
    buyer: buyerOf(order),
    shipTo: addressOf(order),
    localPickup: asArray(order['programs'])?.includes('IN_STORE_PICK_UP') === true,
    lines,
    shipments: packages.map((parcel) => ({
      carrier: asText(parcel['carrier']),
      trackingNumber: asText(parcel['trackingNumber']),
    })),
    raw,
  }
}

export async function readOrder(call: Call<AmazonAccount>, marketplaceOrderId: string): Promise<ChannelOrder> {
  const response = await ask(call, 'getOrder', {
    method: 'GET',
    url: `/orders/2026-01-01/orders/${pathPart(marketplaceOrderId)}`,
    query: { includedData },
  })
  const raw = objectIn(response, 'the order')['order']
  try {
    const order = toChannelOrder(raw, call.site.currency)
    if (order.marketplaceOrderId !== marketplaceOrderId.trim()) unreadable('Amazon answered with another order')
    return order
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error
    throw new RefusedError({ kind: 'rejected', reason: `Order ${marketplaceOrderId}: ${error.message}` })
  }
}

// The status alone does not say all: Amazon ships some orders itself, and a buyer's wish to cancel leaves the order
// open. Either is put beside Amazon's word, so that a person sees why the order is treated otherwise.
function statusOf(order: JsonObject): { status: ChannelOrderStatus; marketplaceStatus: string } {
  const fulfillment = asObject(order['fulfillment'])
  const word = asText(fulfillment?.['fulfillmentStatus']) ?? ''
  const status = orderStatusOf(word)
  if (fulfillment?.['fulfilledBy'] === 'AMAZON') {
    return { status: statusOfAmazonsOwn(status), marketplaceStatus: `${word} (fulfilled by Amazon)` }
  }
  if (status === 'to-ship' && objectsIn(order['orderItems']).some(wantsCancel)) {
    return { status: 'on-hold', marketplaceStatus: `${word} (the buyer asks to cancel)` }
  }
  return { status, marketplaceStatus: word }
}

function wantsCancel(item: JsonObject): boolean {
  const cancellation = asObject(item['cancellation'])
  return asObject(cancellation?.['cancellationRequest']) !== undefined && !wasCancelled(item)
}

function wasCancelled(item: JsonObject): boolean {
  return asObject(asObject(item['cancellation'])?.['cancellationExecution']) !== undefined
}

// A young order may come without its items: it is read again, never taken as an order for nothing.
function linesOf(order: JsonObject, status: ChannelOrderStatus, currencyUnstated: string): ChannelOrder['lines'] {
  const items = objectsIn(order['orderItems'])
  const mayLackPrice = status === 'awaiting-payment' || status === 'cancelled' || isReplacement(order)
  const lines = items.flatMap((item) => {
    const quantity = quantityOf(item, status)
    if (quantity === 0) return []
    return [lineOf(item, quantity, mayLackPrice ? currencyUnstated : null)]
  })
  if (lines.length === 0 && status !== 'cancelled') unreadable('Amazon has not named the items of the order yet')
  if (lines.some((line) => line.unitPriceIncVat.currency !== lines[0]?.unitPriceIncVat.currency)) {
    unreadable('The order mixes currencies')
  }
  return lines
}

function lineOf(
  item: JsonObject,
  quantity: number,
  currencyWithoutPrice: string | null,
): ChannelOrder['lines'][number] {
  const product = asObject(item['product'])
  const sku = typeof product?.['sellerSku'] === 'string' && product['sellerSku'] !== '' ? product['sellerSku'] : null
  const marketplaceLineId = asText(item['orderItemId']) ?? unreadable('A line of the order has no id')
  const unitPrice = asObject(product?.['price'])?.['unitPrice']
  const stated = moneyIn(unitPrice)
  // While a payment is pending there are no prices, and a free replacement has none at all.
  const nothing = currencyWithoutPrice === null ? undefined : { minor: 0, currency: currencyWithoutPrice }
  const unitPriceIncVat =
    stated ??
    nothing ??
    unreadable(
      `Line ${marketplaceLineId} has no price that can be read: ${JSON.stringify(unitPrice ?? null).slice(0, 100)}`,
    )
  if (unitPriceIncVat.minor < 0) unreadable(`Line ${marketplaceLineId} has a price below 0`)
  return {
    marketplaceLineId,
    marketplaceListingId: sku,
    marketplaceVariantId: null,
    channelSku: sku,
    title: asText(product?.['title']) ?? '',
    quantity,
    unitPriceIncVat,
  }
}

// A line cancelled within an open order keeps what is still to be delivered or was.
function quantityOf(item: JsonObject, status: ChannelOrderStatus): number {
  const ordered = asCount(item['quantityOrdered']) ?? unreadable('A line of the order has no quantity')
  if (status === 'cancelled' || !wasCancelled(item)) return ordered
  const fulfillment = asObject(item['fulfillment'])
  const counts = [fulfillment?.['quantityFulfilled'], fulfillment?.['quantityUnfulfilled']].map(asCount)
  return Math.min(ordered, (counts[0] ?? 0) + (counts[1] ?? 0))
}

function isReplacement(order: JsonObject): boolean {
  return objectsIn(order['associatedOrders']).some((one) => one['associationType'] === 'REPLACEMENT_ORIGINAL_ID')
}

function totalsOf(order: JsonObject, lines: ChannelOrder['lines'], currency: string): ChannelOrder['totals'] {
  const minor = lines.reduce((sum, line) => sum + line.unitPriceIncVat.minor * line.quantity, 0)
  const itemsIncVat: Money = { minor, currency }
  const shippingIncVat = proceedsOf(order, 'SHIPPING', currency)
  const tax = proceedsOf(order, 'TAX', currency)
  const together = { minor: itemsIncVat.minor + shippingIncVat.minor, currency }
  const grandTotal = moneyIn(asObject(order['proceeds'])?.['grandTotal']) ?? together
  const totals = { itemsIncVat, shippingIncVat, tax, grandTotal }
  for (const money of Object.values(totals)) {
    if (money.currency !== currency) unreadable(`The order mixes currencies: ${currency} and ${money.currency}`)
    if (!Number.isSafeInteger(money.minor)) unreadable('The order’s amounts are beyond any measure')
  }
  return totals
}

/** What the order says of this kind, or else what its lines say together. */
function proceedsOf(order: JsonObject, type: string, currency: string): Money {
  const ofOrder = breakdownsIn(order, type)
  const all = ofOrder.length > 0 ? ofOrder : objectsIn(order['orderItems']).flatMap((item) => breakdownsIn(item, type))
  const other = all.find((money) => money.currency !== currency)
  if (other) unreadable(`The order mixes currencies: ${currency} and ${other.currency}`)
  return { minor: all.reduce((sum, money) => sum + money.minor, 0), currency }
}

function breakdownsIn(holder: JsonObject, type: string): Money[] {
  return objectsIn(asObject(holder['proceeds'])?.['breakdowns'])
    .filter((one) => one['type'] === type)
    .flatMap((one) => moneyIn(one['subtotal']) ?? unreadable(`The order’s ${type} is no amount of money`))
}

function buyerOf(order: JsonObject): ChannelOrder['buyer'] {
  const buyer = asObject(order['buyer'])
  const address = asObject(asObject(order['recipient'])?.['deliveryAddress'])
  const name = asText(buyer?.['buyerName']) ?? asText(address?.['name'])
  const email = asText(buyer?.['buyerEmail'])
  const phone = asText(address?.['phone'])
  if (name === null && email === null && phone === null) return null
  return { name: name ?? '', email, phone }
}

// Without the role for addresses the recipient is missing, or has no more than city and country.
function addressOf(order: JsonObject): Address | null {
  const address = asObject(asObject(order['recipient'])?.['deliveryAddress'])
  if (!address) return null
  const part = (name: string) => asText(address[name]) ?? ''
  const lines = ['addressLine1', 'addressLine2', 'addressLine3'].map(part).filter((line) => line !== '')
  const [street = '', ...others] = lines
  const country = part('countryCode').toUpperCase()
  const read: Address = {
    name: part('name') || part('companyName'),
    street,
    extended: [part('name') === '' ? '' : part('companyName'), ...others].filter((line) => line !== '').join(', '),
    city: part('city') || part('municipality'),
    region: part('stateOrRegion') || part('districtOrCounty'),
    postalCode: part('postalCode'),
    // Amazon's own pages write UK, where ISO has GB.
    countryCode: country === 'UK' ? 'GB' : country,
    phone: part('phone'),
  }
  return Object.values(read).every((text) => text === '') ? null : read
}

function isStillOne(parcel: JsonObject): boolean {
  return asObject(parcel['packageStatus'])?.['status'] !== 'CANCELLED'
}

function unreadable(reason: string): never {
  throw new UnreadableError(reason)
}
