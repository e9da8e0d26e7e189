// Their order → our order. At Wish an order is one variation times a quantity; a basket of three is three orders that
// share a transaction.
import { RefusedError } from '../connector.ts'
import type { Address, Call, ChannelOrder, ChannelOrderStatus } from '../connector.ts'
import type { Money } from '../../domain/money.ts'
import { asArray, asCount, asInstant, asObject, asText, pathPart, UnreadableError } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import type { WishAccount } from './account.ts'
import { askForObject } from './ask.ts'
import { wishMoney } from './money.ts'
import { parcelsOf } from './parcels.ts'
import { senderElsewhere, shippingServiceOf } from './shipping-services.ts'
import { orderStatusOf } from './statuses.ts'
import { taxIdsOf } from './tax-ids.ts'

/** Throws `UnreadableError` with the reason where the order makes no sense: it is set aside, never half taken. */
export function toChannelOrder(raw: unknown): ChannelOrder {
  const order = asObject(raw) ?? unreadable('The entry is not an order')
  const marketplaceOrderId = orderIdOf(order) ?? unreadable('The order has no id')
  const state = asText(order['state']) ?? ''
  const marks = textsIn(order['fulfillment_order_types'])
  const placedAt = placedAtOf(order) ?? unreadable('The order does not say when it was released (released_at)')
  const product = asObject(order['product_information'])
  const money = amountsOf(order)
  const detail = asObject(asObject(order['full_address'])?.['shipping_detail'])
  const shipTo = addressOf(detail, taxIdsOf(order))
  const status = orderStatusOf(state)
  return {
    marketplaceOrderId,
    bundleId: asText(order['transaction_id']),
    ...statusOf(state, status, senderElsewhere(marks)),
    placedAt,
    updatedAt: asInstant(order['updated_at']) ?? placedAt,
    // Wish shows an order once it is paid, or says that the payment failed.
    paidAt: status === 'cancelled' ? null : placedAt,
    // Not sent by then, it is refunded by itself (W7).
    shipBy: asInstant(asObject(order['fulfillment_requirements'])?.['expected_ship_time']) ?? null,
    currency: money.unitPrice.currency,
    totals: money.totals,
    shippingService: shippingServiceOf(marks),
    buyer:
      shipTo === null ? null : { name: shipTo.name, email: null, phone: shipTo.phone === '' ? null : shipTo.phone },
    shipTo,
    localPickup: false,
    lines: [
      {
        marketplaceLineId: marketplaceOrderId,
        marketplaceListingId: asText(product?.['id']),
        marketplaceVariantId: asText(product?.['variation_id']),
        channelSku: asText(product?.['sku']),
        title: titleOf(product),
        quantity: money.quantity,
        unitPriceIncVat: money.unitPrice,
      },
    ],
    shipments: parcelsOf(order),
    raw,
  }
}

export async function askForOrder(call: Call<WishAccount>, marketplaceOrderId: string): Promise<JsonObject> {
  const url = `/api/v3/orders/${pathPart(marketplaceOrderId)}`
  const raw = await askForObject(call, { method: 'GET', url }, 'the order')
  if (orderIdOf(raw) === marketplaceOrderId.trim()) return raw
  throw new RefusedError({ kind: 'rejected', reason: `Wish answered with another order than ${marketplaceOrderId}` })
}

export async function readOrder(call: Call<WishAccount>, marketplaceOrderId: string): Promise<ChannelOrder> {
  const raw = await askForOrder(call, marketplaceOrderId)
  try {
    return toChannelOrder(raw)
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error
    throw new RefusedError({ kind: 'rejected', reason: `Order ${marketplaceOrderId}: ${error.message}` })
  }
}

export function orderIdOf(order: JsonObject): string | null {
  return asText(order['id'])
}

/** The marks on an order that say in which way it is to be fulfilled. */
export function textsIn(value: unknown): string[] {
  return asArray(value)?.flatMap((one) => asText(one) ?? []) ?? []
}

// What Wish or a store sends from its own stock needs no supplier and none of our stock: for us it has been sent.
function statusOf(state: string, status: ChannelOrderStatus, elsewhere: string | undefined) {
  if (elsewhere === undefined || (status !== 'to-ship' && status !== 'on-hold')) {
    return { status, marketplaceStatus: state }
  }
  return { status: 'shipped' as const, marketplaceStatus: `${state}, ${elsewhere}` }
}

// The first release is when it was placed; `released_at` may name a later one.
function placedAtOf(order: JsonObject): Date | undefined {
  const releases = (asArray(order['fulfillment_records']) ?? []).flatMap((raw) => {
    const event = asObject(raw)
    return event?.['event_type'] === 'ORDER_RELEASED' ? (asInstant(event['event_time']) ?? []) : []
  })
  const stated = asInstant(order['released_at'])
  const all = stated ? [...releases, stated] : releases
  return all.toSorted((a, b) => a.getTime() - b.getTime())[0] ?? asInstant(order['updated_at'])
}

// What the buyer pays is per unit; `payment_total` is what the merchant gets, so it is no total of ours. Where Wish tells
// what the buyer paid in all (some orders to the UK, Brazil, Mexico), that counts; otherwise goods, shipping and tax.
function amountsOf(order: JsonObject) {
  const payment = asObject(asObject(order['order_payment'])?.['general_payment_details'])
  const quantity = asCount(payment?.['product_quantity'])
  if (quantity === undefined || quantity < 1) {
    return unreadable(`The order’s quantity is no count: ${JSON.stringify(payment?.['product_quantity'])}`)
  }
  const unitPrice =
    amount(payment, 'product_price') ??
    amount(payment, 'product_merchant_payment') ??
    unreadable('The order has no price (product_price)')
  const { currency } = unitPrice
  const times = (money: Money | undefined): Money => ({
    minor: (money?.minor ?? 0) * quantity,
    currency: money?.currency ?? currency,
  })
  const items = times(unitPrice)
  const shipping = times(amount(payment, 'product_shipping_price'))
  const tax = taxOf(order, currency)
  const paid = amount(asObject(payment?.['customer_paid_prices_detail']), 'total')
  const sum = { minor: items.minor + shipping.minor + tax.minor, currency }
  const totals = {
    itemsIncVat: items,
    shippingIncVat: shipping,
    tax,
    grandTotal: paid?.currency === currency ? paid : sum,
  }
  for (const money of Object.values(totals)) {
    if (money.currency !== currency) unreadable(`The order mixes currencies: ${currency} and ${money.currency}`)
    if (!Number.isSafeInteger(money.minor)) unreadable('The order’s amounts are beyond any measure')
  }
  return { quantity, unitPrice, totals }
}

// Tax in another currency than the order's is for the authority's form, not for our sums.
function taxOf(order: JsonObject, currency: string): Money {
  const tax = asObject(order['tax_information'])
  const items = (asArray(tax?.['transaction_tax']) ?? []).flatMap((raw) => {
    const item = asObject(raw)
    const stated = wishMoney(item?.['tax_amount_in_merchant_currency'])
    if (stated?.currency !== currency) return []
    return item?.['tax_type'] === 'REFUNDED_TRANSACTION_TAX' ? -stated.minor : stated.minor
  })
  if (items.length > 0)
    return {
      minor: Math.max(
        0,
        items.reduce((sum, minor) => sum + minor, 0),
      ),
      currency,
    }
  const vat = wishMoney(asObject(asObject(tax?.['vat_information'])?.['vat_amount'])?.['final_vat'])
  return vat?.currency === currency ? vat : { minor: 0, currency }
}

// Undefined where it is not there. There but no amount, or below nothing, is nonsense and not taken for 0.
function amount(object: JsonObject | undefined, name: string): Money | undefined {
  const value = object?.[name]
  if (value === undefined || value === null) return undefined
  const money = wishMoney(value)
  if (!money || money.minor < 0)
    return unreadable(`The order’s ${name} is no amount of money: ${JSON.stringify(value).slice(0, 200)}`)
  return money
}

function titleOf(product: JsonObject | undefined): string {
  const options = [product?.['color'], product?.['size']].flatMap((option) => asText(option) ?? [])
  const name = asText(product?.['name']) ?? ''
  return options.length === 0 ? name : `${name} (${options.join(', ')})`
}

// `state` in an address is the province. What belongs on the label besides stands in its second line.
function addressOf(detail: JsonObject | undefined, labelNotes: string[]): Address | null {
  const part = (name: string) => asText(detail?.[name]) ?? ''
  const phone = asObject(detail?.['phone_number'])
  const read: Address = {
    name: part('name'),
    street: part('street_address1'),
    extended: [part('street_address2'), part('street_address3'), part('neighborhood')].filter(Boolean).join(', '),
    city: part('city'),
    region: part('state') || part('region'),
    postalCode: part('zipcode'),
    countryCode: part('country_code').toUpperCase(),
    phone: phoneText(asText(phone?.['number']), asText(phone?.['country_code'])),
  }
  if (Object.values(read).every((text) => text === '')) return null
  return { ...read, extended: [read.extended, ...labelNotes].filter(Boolean).join(', ') }
}

function phoneText(number: string | null, countryCode: string | null): string {
  if (number === null) return ''
  const prefix = countryCode?.replace(/\D/g, '') ?? ''
  return number.startsWith('+') || prefix === '' ? number : `+${prefix} ${number}`
}

function unreadable(reason: string): never {
  throw new UnreadableError(reason)
}
