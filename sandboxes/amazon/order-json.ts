// An order as Orders 2026-01-01 shows it: what is asked for, and what there is.
import { hasAddress, hasPrices, isPhoneShown, lineTotal, orderTotal, windowsOf } from './orders.ts'
import { marketplaceOf } from './reference.ts'
import { decimal } from './state.ts'
import type { Amazon, Order, OrderLine } from './state.ts'

export const dataSets = [
  'BUYER',
  'RECIPIENT',
  'PROCEEDS',
  'EXPENSE',
  'PROMOTION',
  'CANCELLATION',
  'FULFILLMENT',
  'PACKAGES',
  'TAX',
  'PAYMENT',
  'FULFILLMENT_ORDERS',
] as const
export type DataSet = (typeof dataSets)[number]

type View = { amazon: Amazon; parts: ReadonlySet<DataSet>; at: number }

export function showOrder(order: Order, view: View) {
  const { parts } = view
  const site = marketplaceOf(order.marketplaceId)
  return {
    orderId: order.id,
    createdTime: timeText(order.createdAt, view),
    lastUpdatedTime: timeText(order.updatedAt, view),
    ...(order.programs.length > 0 ? { programs: order.programs } : {}),
    salesChannel: {
      channelName: 'AMAZON',
      marketplaceId: order.marketplaceId,
      ...(site ? { marketplaceName: site.name } : {}),
    },
    ...(parts.has('BUYER') && hasAddress(order)
      ? { buyer: { buyerName: order.buyer.name, buyerEmail: order.buyer.email } }
      : {}),
    ...(parts.has('RECIPIENT') && hasAddress(order)
      ? { recipient: { deliveryAddress: showAddress(order, view) } }
      : {}),
    ...(parts.has('PROCEEDS') && hasPrices(order) ? { proceeds: showProceeds(order) } : {}),
    ...(parts.has('PAYMENT') && hasPrices(order) ? { payment: showPayment(order) } : {}),
    ...(parts.has('TAX') ? { tax: { taxInvoicing: { buyerInvoicePreference: 'INDIVIDUAL' } } } : {}),
    ...(parts.has('FULFILLMENT') ? { fulfillment: showFulfillment(order, view) } : {}),
    orderItems: order.lines.map((line) => showLine(order, line, view)),
    ...(parts.has('PACKAGES') && order.parcels.length > 0 ? { packages: showParcels(order, view) } : {}),
  }
}

function showLine(order: Order, line: OrderLine, { parts }: View) {
  const price = hasPrices(order) ? { price: { unitPrice: money(line.unitMinor, order.currency) } } : {}
  return {
    orderItemId: line.itemId,
    quantityOrdered: line.quantity,
    product: {
      asin: line.asin,
      title: line.title,
      sellerSku: line.sku,
      condition: { conditionType: 'NEW', conditionSubtype: 'NEW' },
      ...price,
    },
    ...(parts.has('PROCEEDS') && hasPrices(order) ? { proceeds: showLineProceeds(order, line) } : {}),
    ...(parts.has('CANCELLATION') ? showCancellation(line) : {}),
    ...(parts.has('FULFILLMENT') ? { fulfillment: showLineFulfillment(order, line) } : {}),
    ...(parts.has('TAX') ? showTax(order) : {}),
  }
}

function showLineProceeds(order: Order, line: OrderLine) {
  const breakdown = (type: string, minor: number, subtype: string) =>
    minor === 0
      ? []
      : [
          {
            type,
            subtotal: money(minor, order.currency),
            detailedBreakdowns: [{ subtype, value: money(minor, order.currency) }],
          },
        ]
  return {
    proceedsTotal: money(lineTotal(line), order.currency),
    breakdowns: [
      ...breakdown('ITEM', line.unitMinor * line.quantity, 'ITEM'),
      ...breakdown('SHIPPING', line.shippingMinor, 'SHIPPING'),
      ...breakdown('TAX', line.taxMinor, 'ITEM'),
    ],
  }
}

function showProceeds(order: Order) {
  const sum = (of: (line: OrderLine) => number) => order.lines.reduce((total, line) => total + of(line), 0)
  const breakdown = (type: string, minor: number) =>
    minor === 0 ? [] : [{ type, subtotal: money(minor, order.currency) }]
  return {
    grandTotal: money(orderTotal(order), order.currency),
    breakdowns: [
      ...breakdown(
        'ITEM',
        sum((line) => line.unitMinor * line.quantity),
      ),
      ...breakdown(
        'SHIPPING',
        sum((line) => line.shippingMinor),
      ),
      ...breakdown(
        'TAX',
        sum((line) => line.taxMinor),
      ),
    ],
  }
}

function showPayment(order: Order) {
  return {
    paymentExecutions: [{ paymentMethod: 'CreditCard', paymentAmount: money(orderTotal(order), order.currency) }],
  }
}

function showCancellation(line: OrderLine) {
  const request =
    line.cancelRequest === undefined
      ? {}
      : { cancellationRequest: { requester: 'BUYER', cancelReason: line.cancelRequest } }
  const execution =
    line.canceledBy === undefined
      ? {}
      : { cancellationExecution: { cancelledBy: line.canceledBy, cancelReason: line.cancelReason ?? '' } }
  const all = { ...request, ...execution }
  return Object.keys(all).length > 0 ? { cancellation: all } : {}
}

function showLineFulfillment(order: Order, line: OrderLine) {
  const open = line.canceledBy === undefined ? line.quantity - line.shipped : 0
  const shipping =
    order.iossNumber === undefined ? {} : { shipping: { internationalShipping: { iossNumber: order.iossNumber } } }
  return { quantityFulfilled: line.shipped, quantityUnfulfilled: Math.max(0, open), ...shipping }
}

function showTax(order: Order) {
  if (order.taxCollected) {
    return {
      tax: { taxCollections: [{ model: 'MARKETPLACE_FACILITATOR', responsibleParty: 'Amazon Services, Inc.' }] },
    }
  }
  return order.iossNumber === undefined ? {} : { tax: { taxCalculationBreakdowns: [{ reportingScheme: 'IOSS' }] } }
}

function showFulfillment(order: Order, view: View) {
  const { ship, deliver } = windowsOf(order)
  const range = ({ from, until }: { from: number; until: number }) => ({
    earliestDateTime: timeText(from, view),
    latestDateTime: timeText(until, view),
  })
  return {
    fulfillmentStatus: order.shownStatus ?? order.status,
    fulfilledBy: 'MERCHANT',
    fulfillmentServiceLevel: order.service,
    shipByWindow: range(ship),
    deliverByWindow: range(deliver),
  }
}

function showAddress(order: Order, { at }: View) {
  const { address } = order
  return {
    name: address.name,
    addressLine1: address.line1,
    ...(address.line2 === '' ? {} : { addressLine2: address.line2 }),
    city: address.city,
    ...(address.region === '' ? {} : { stateOrRegion: address.region }),
    postalCode: address.postalCode,
    countryCode: address.countryCode,
    ...(isPhoneShown(order, at) ? { phone: address.phone } : {}),
    addressType: 'RESIDENTIAL',
  }
}

function showParcels(order: Order, view: View) {
  return order.parcels.map((parcel) => ({
    packageReferenceId: parcel.referenceId,
    createdTime: timeText(parcel.createdAt, view),
    packageStatus: { status: parcel.status },
    carrier: parcel.carrierName ?? parcel.carrierCode,
    shipTime: timeText(new Date(parcel.shipDate).getTime(), view),
    ...(parcel.shippingMethod === undefined ? {} : { shippingService: parcel.shippingMethod }),
    trackingNumber: parcel.trackingNumber,
    packageItems: parcel.items.map(({ itemId, quantity }) => ({ orderItemId: itemId, quantity })),
  }))
}

function money(minor: number, currencyCode: string) {
  return { amount: decimal(minor), currencyCode }
}

export function timeText(time: number, { amazon }: Pick<View, 'amazon'>): string {
  const text = new Date(time).toISOString()
  return amazon.choices.millisecondTimes ? text : text.replace(/\.\d{3}Z$/, 'Z')
}
