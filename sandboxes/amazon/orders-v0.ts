// The reads of Orders v0, announced to go on 2027-03-27; one switch turns them off.
import { done, invalidInput, listOf, unauthorized, wholeNumberOf } from './call.ts'
import { findOrder } from './order-routes.ts'
import { deniedSites, walkOrders } from './order-walk.ts'
import { hasAddress, hasPrices, isPhoneShown, orderTotal, windowsOf } from './orders.ts'
import { marketplaceOf, serviceLevels, statusWords } from './reference.ts'
import { decimal } from './state.ts'
import { isSamePath } from './tokens.ts'
import type { Answer } from '../kit/front.ts'
import type { ApiCall, Route } from './call.ts'
import type { Order, OrderLine } from './state.ts'

const base = '/orders/v0/orders'
const one = `${base}/{orderId}`
const common = { method: 'GET', isDeprecated: true, takesRestricted: true } as const

export const orderV0Routes: Route[] = [
  { operation: 'getOrders', path: base, handle: search, ...common },
  {
    operation: 'getOrderV0',
    path: one,
    handle: (call) => withOrder(call, (order) => showOrder(order, call)),
    ...common,
  },
  {
    operation: 'getOrderItems',
    path: `${one}/orderItems`,
    handle: (call) => withOrder(call, (order) => showItems(order, call)),
    ...common,
  },
  {
    operation: 'getOrderAddress',
    path: `${one}/address`,
    handle: (call) => restricted(call, showAddressOnly),
    ...common,
  },
  {
    operation: 'getOrderBuyerInfo',
    path: `${one}/buyerInfo`,
    handle: (call) => restricted(call, showBuyerOnly),
    ...common,
  },
  {
    operation: 'getOrderItemsBuyerInfo',
    path: `${one}/orderItems/buyerInfo`,
    handle: (call) => restricted(call, showItemsBuyer),
    ...common,
  },
]

const words = {
  created: 'Created',
  updated: 'LastUpdated',
  token: 'NextToken',
  page: 'MaxResultsPerPage',
  free: [],
}

/** One text for whatever is wrong. */
const generic = invalidInput('The input you have submitted is not valid. Please check your input and try again.')

function search(call: ApiCall): Answer {
  const { query } = call
  const size = wholeNumberOf(query, 'MaxResultsPerPage', { usual: 100, max: 100 })
  const marketplaceIds = listOf(query, 'MarketplaceIds')
  const ids = listOf(query, 'AmazonOrderIds')
  if (size === undefined || marketplaceIds.length === 0 || marketplaceIds.length > 50 || ids.length > 50) return generic
  if (deniedSites(call, marketplaceIds).length > 0) return unauthorized('')
  const statuses = listOf(query, 'OrderStatuses')
  if (statuses.some((word) => !Object.values<string>(statusWords).includes(word))) return generic
  const channels = listOf(query, 'FulfillmentChannels')
  const fits = (order: Order) =>
    marketplaceIds.includes(order.marketplaceId) &&
    (ids.length === 0 || ids.includes(order.id)) &&
    (statuses.length === 0 || statuses.includes(statusWords[order.status])) &&
    (channels.length === 0 || channels.includes('MFN'))
  const walk = walkOrders(call, words, { size, filter: { marketplaceIds, fits } })
  if ('problem' in walk) return generic
  const before = second(walk.before)
  return done({
    payload: {
      Orders: walk.orders.map((order) => showOrder(order, call)),
      ...(walk.nextToken === undefined ? {} : { NextToken: walk.nextToken }),
      ...(walk.by === 'created' ? { CreatedBefore: before } : { LastUpdatedBefore: before }),
    },
  })
}

function withOrder(call: ApiCall, show: (order: Order) => unknown): Answer {
  const found = findOrder(call)
  return 'status' in found ? found : done({ payload: show(found.found) })
}

/** These answer personal data and nothing else. */
function restricted(call: ApiCall, show: (order: Order, call: ApiCall) => unknown): Answer {
  return call.token.restricted ? withOrder(call, (order) => show(order, call)) : unauthorized('')
}

/** Without a restricted data token that names it, personal data is simply not there. */
function mayShow({ token, method, path }: ApiCall, element: string): boolean {
  const fitting = token.restricted?.filter((one) => one.method === method && isSamePath(one.path, path)) ?? []
  return fitting.some((one) => one.dataElements.includes(element))
}

function showOrder(order: Order, call: ApiCall) {
  const { ship, deliver } = windowsOf(order)
  const level = serviceLevels[order.service]
  const count = (of: (line: OrderLine) => number) => order.lines.reduce((sum, line) => sum + of(line), 0)
  const site = marketplaceOf(order.marketplaceId)
  return {
    AmazonOrderId: order.id,
    PurchaseDate: second(order.createdAt),
    LastUpdateDate: second(order.updatedAt),
    OrderStatus: order.shownStatus ?? statusWords[order.status],
    FulfillmentChannel: 'MFN',
    SalesChannel: site?.name ?? '',
    ShipServiceLevel: `${level.text.split(' ')[0]} ${site?.countryCode ?? ''} ${level.text.split(' ')[1]}`,
    ...(hasPrices(order) ? { OrderTotal: money(orderTotal(order), order.currency) } : {}),
    NumberOfItemsShipped: count((line) => line.shipped),
    NumberOfItemsUnshipped: count((line) => (line.canceledBy === undefined ? line.quantity - line.shipped : 0)),
    PaymentMethod: 'Other',
    PaymentMethodDetails: ['Standard'],
    MarketplaceId: order.marketplaceId,
    ShipmentServiceLevelCategory: level.v0,
    OrderType: 'StandardOrder',
    ...(hasPrices(order)
      ? {
          EarliestShipDate: second(ship.from),
          LatestShipDate: second(ship.until),
          EarliestDeliveryDate: second(deliver.from),
          LatestDeliveryDate: second(deliver.until),
        }
      : {}),
    IsBusinessOrder: false,
    IsPrime: order.programs.includes('PRIME'),
    IsPremiumOrder: false,
    IsGlobalExpressEnabled: false,
    IsReplacementOrder: false,
    IsSoldByAB: false,
    IsIBA: false,
    IsISPU: false,
    IsAccessPointOrder: false,
    HasRegulatedItems: false,
    ...(hasAddress(order) ? { ShippingAddress: showAddress(order, call, mayShow(call, 'shippingAddress')) } : {}),
    ...(mayShow(call, 'buyerInfo') && hasAddress(order) ? { BuyerInfo: buyerInfo(order) } : {}),
  }
}

function showItems(order: Order, { amazon, at }: ApiCall) {
  const isYoung = at < order.createdAt + amazon.choices.emptyItemsSeconds * 1000 * amazon.delayFactor
  return { AmazonOrderId: order.id, OrderItems: isYoung ? [] : order.lines.map((line) => showItem(order, line)) }
}

function showItem(order: Order, line: OrderLine) {
  const prices = hasPrices(order)
    ? {
        // Of the whole line, not of one.
        ItemPrice: money(line.unitMinor * line.quantity, order.currency),
        ShippingPrice: money(line.shippingMinor, order.currency),
        ItemTax: money(line.taxMinor, order.currency),
        ShippingTax: money(0, order.currency),
        PromotionDiscount: money(0, order.currency),
        PromotionDiscountTax: money(0, order.currency),
      }
    : {}
  return {
    ASIN: line.asin,
    SellerSKU: line.sku,
    OrderItemId: line.itemId,
    Title: line.title,
    QuantityOrdered: line.quantity,
    QuantityShipped: line.shipped,
    ProductInfo: { NumberOfItems: '1' },
    ...prices,
    IsGift: 'false',
    ConditionId: 'New',
    ConditionSubtypeId: 'New',
    IsTransparency: false,
    ...(order.iossNumber === undefined ? {} : { IossNumber: order.iossNumber, DeemedResellerCategory: 'IOSS' }),
    ...(order.taxCollected
      ? { TaxCollection: { Model: 'MarketplaceFacilitator', ResponsibleParty: 'Amazon Services, Inc.' } }
      : {}),
    BuyerRequestedCancel: {
      IsBuyerRequestedCancel: line.cancelRequest === undefined ? 'false' : 'true',
      ...(line.cancelRequest === undefined ? {} : { BuyerCancelReason: line.cancelRequest }),
    },
  }
}

function showAddressOnly(order: Order, call: ApiCall) {
  return { AmazonOrderId: order.id, ...(hasAddress(order) ? { ShippingAddress: showAddress(order, call, true) } : {}) }
}

function showBuyerOnly(order: Order) {
  return { AmazonOrderId: order.id, ...(hasAddress(order) ? buyerInfo(order) : {}) }
}

function showItemsBuyer(order: Order) {
  return { AmazonOrderId: order.id, OrderItems: order.lines.map((line) => ({ OrderItemId: line.itemId })) }
}

function buyerInfo(order: Order) {
  return { BuyerEmail: order.buyer.email, BuyerName: order.buyer.name }
}

function showAddress(order: Order, { at }: ApiCall, isPersonal: boolean) {
  const { address } = order
  const personal = isPersonal
    ? {
        Name: address.name,
        AddressLine1: address.line1,
        ...(address.line2 === '' ? {} : { AddressLine2: address.line2 }),
        ...(isPhoneShown(order, at) ? { Phone: address.phone } : {}),
        AddressType: 'Residential',
      }
    : {}
  return {
    ...personal,
    City: address.city,
    ...(address.region === '' ? {} : { StateOrRegion: address.region }),
    PostalCode: address.postalCode,
    CountryCode: address.countryCode,
  }
}

function money(minor: number, code: string) {
  return { CurrencyCode: code, Amount: decimal(minor) }
}

function second(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`
}
