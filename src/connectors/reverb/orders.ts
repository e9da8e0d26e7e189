// Their order → our order. At Reverb an order is one listing times a quantity; a basket of three listings is three
// orders that share a bundle id.
import { RefusedError } from '../connector.ts'
import type { Address, Call, ChannelOrder } from '../connector.ts'
import type { Money } from '../../domain/money.ts'
import type { ReverbAccount } from './account.ts'
import { asCount, asInstant, asMoney, asObject, asText, objectIn, pathPart, UnreadableError } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import { orderStatusOf } from './statuses.ts'

/** Throws `UnreadableError` with the reason where the order makes no sense: it is set aside, never half taken. */
export function toChannelOrder(raw: unknown, currencyUnstated: string): ChannelOrder {
  const order = asObject(raw) ?? unreadable('The entry is not an order')
  const marketplaceOrderId = marketplaceOrderIdOf(order) ?? unreadable('The order has no order number')
  const marketplaceStatus = asText(order['status']) ?? ''
  const placedAt =
    asInstant(order['created_at']) ?? unreadable('The order does not say when it was placed (created_at)')
  const paidAt = asInstant(order['paid_at']) ?? null
  const money = amountsOf(order, currencyUnstated)
  const method = asText(order['shipping_method'])
  const localPickup = order['local_pickup'] === true || method === 'local'
  const carrier = asText(order['shipping_provider'])
  const trackingNumber = asText(order['shipping_code'])
  return {
    marketplaceOrderId,
    bundleId: asText(order['order_bundle_id']),
    status: orderStatusOf(marketplaceStatus),
    marketplaceStatus,
    placedAt,
    updatedAt: asInstant(order['updated_at']) ?? latest([placedAt, paidAt, asInstant(order['shipped_at'])]),
    paidAt,
    // Nothing Reverb states is known to be a deadline; `shipping_date` is not explained anywhere.
    shipBy: null,
    currency: money.unitPrice.currency,
    totals: money.totals,
    shippingService: method ?? (localPickup ? 'local' : null),
    buyer: buyerOf(order),
    shipTo: addressOf(asObject(order['shipping_address'])),
    localPickup,
    lines: [
      {
        marketplaceLineId: marketplaceOrderId,
        marketplaceListingId: asText(order['product_id']),
        marketplaceVariantId: null,
        channelSku: asText(order['sku']),
        title: asText(order['title']) ?? '',
        quantity: money.quantity,
        unitPriceIncVat: money.unitPrice,
      },
    ],
    shipments: carrier === null && trackingNumber === null ? [] : [{ carrier, trackingNumber }],
    raw,
  }
}

export async function readOrder(call: Call<ReverbAccount>, marketplaceOrderId: string): Promise<ChannelOrder> {
  const response = await call.send({ method: 'GET', url: `/my/orders/selling/${pathPart(marketplaceOrderId)}` })
  const raw = objectIn(response, 'the order')
  try {
    const order = toChannelOrder(raw, call.site.currency)
    if (order.marketplaceOrderId !== marketplaceOrderId.trim()) unreadable('Reverb answered with another order')
    return order
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error
    throw new RefusedError({ kind: 'rejected', reason: `Order ${marketplaceOrderId}: ${error.message}` })
  }
}

export function marketplaceOrderIdOf(order: JsonObject): string | null {
  return asText(order['order_number'])
}

// The amounts are in the order's own currency, which may differ from the shop's (R11). Reverb's tax stands apart from
// product and shipping; `tax_responsible_party` says who pays it on.
function amountsOf(order: JsonObject, currencyUnstated: string) {
  const quantity = quantityOf(order['quantity'])
  const unitPrice =
    amount(order, 'amount_product', currencyUnstated) ?? unreadable('The order has no price (amount_product)')
  const { currency } = unitPrice
  const nothing: Money = { minor: 0, currency }
  const items = amount(order, 'amount_product_subtotal', currency) ?? { minor: unitPrice.minor * quantity, currency }
  const shipping = amount(order, 'shipping', currency) ?? nothing
  const tax = amount(order, 'amount_tax', currency) ?? nothing
  const total = amount(order, 'total', currency) ?? { minor: items.minor + shipping.minor + tax.minor, currency }
  const totals = { itemsIncVat: items, shippingIncVat: shipping, tax, grandTotal: total }
  for (const money of Object.values(totals)) {
    if (money.currency !== currency) unreadable(`The order mixes currencies: ${currency} and ${money.currency}`)
    if (!Number.isSafeInteger(money.minor)) unreadable('The order’s amounts are beyond any measure')
  }
  return { quantity, unitPrice, totals }
}

// Undefined where it is not there. There but no amount, or below nothing, is nonsense and not taken for 0.
function amount(order: JsonObject, name: string, currencyUnstated: string): Money | undefined {
  const value = order[name]
  if (value === undefined || value === null) return undefined
  const money = asMoney(value, currencyUnstated)
  if (!money || money.minor < 0)
    return unreadable(`The order’s ${name} is no amount of money: ${JSON.stringify(value).slice(0, 200)}`)
  return money
}

// Reverb leaves the quantity out where it is one; both of its own plugins read it so.
function quantityOf(value: unknown): number {
  if (value === undefined || value === null) return 1
  const count = asCount(value)
  if (count === undefined || count < 1) return unreadable(`The order’s quantity is no count: ${JSON.stringify(value)}`)
  return count
}

function buyerOf(order: JsonObject): ChannelOrder['buyer'] {
  const address = asObject(order['shipping_address'])
  const firstAndLast = [order['buyer_first_name'], order['buyer_last_name']].map((part) => asText(part) ?? '')
  const name = asText(order['buyer_name']) ?? asText(firstAndLast.join(' ')) ?? asText(address?.['name'])
  const email = asText(order['buyer_email'])
  const phone = asText(address?.['phone']) ?? asText(address?.['unformatted_phone'])
  if (name === null && email === null && phone === null) return null
  return { name: name ?? '', email, phone }
}

// The whole address may be absent: local pickup, or not known yet (R8).
function addressOf(address: JsonObject | undefined): Address | null {
  const part = (name: string) => asText(address?.[name]) ?? ''
  const read: Address = {
    name: part('name'),
    street: part('street_address'),
    extended: part('extended_address'),
    city: part('locality'),
    region: part('region'),
    postalCode: part('postal_code'),
    countryCode: part('country_code').toUpperCase(),
    phone: part('phone') || part('unformatted_phone'),
  }
  return Object.values(read).every((text) => text === '') ? null : read
}

function latest(instants: (Date | null | undefined)[]): Date {
  return new Date(Math.max(...instants.map((instant) => instant?.getTime() ?? 0)))
}

function unreadable(reason: string): never {
  throw new UnreadableError(reason)
}
