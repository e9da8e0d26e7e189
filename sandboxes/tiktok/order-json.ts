// An order as the API shows it, and its price breakdown.
import { amount } from './money.ts'
import { isShipped, parcelsOf } from './orders.ts'
import { carrierOf } from './reference.ts'
import { unixSeconds } from './state.ts'
import type { Line, Order, Tiktok } from './state.ts'

export type OrderVersion = '202309' | '202507'

export function showOrder(tiktok: Tiktok, order: Order, version: OrderVersion): Record<string, unknown> {
  const parcels = parcelsOf(tiktok, order)
  const first = parcels.find((parcel) => parcel.shippedAt)
  const isReady = order.status !== 'UNPAID' && order.status !== 'ON_HOLD'
  return {
    id: order.id,
    status: order.shownStatus ?? order.status,
    create_time: unixSeconds(order.createdAt),
    update_time: unixSeconds(order.updatedAt),
    ...times(order),
    is_on_hold_order: order.isOnHold,
    order_type: 'NORMAL',
    fulfillment_type: order.shippingType === 'TIKTOK' ? 'FULFILLMENT_BY_TIKTOK' : 'FULFILLMENT_BY_SELLER',
    shipping_type: order.shippingType,
    delivery_option_id: order.deliveryOptionId,
    delivery_option_name: order.deliveryOptionName,
    delivery_type: 'HOME_DELIVERY',
    shipping_provider: carrierOf(first?.providerId ?? '')?.name ?? '',
    shipping_provider_id: first?.providerId ?? '',
    tracking_number: first?.trackingNumber ?? '',
    packages: parcels.map((parcel) => ({ id: parcel.id })),
    ...(parcels.length > 1 ? { split_or_combine_tag: 'SPLIT' } : {}),
    warehouse_id: order.warehouseId,
    user_id: order.buyer.id,
    buyer_email: order.buyer.email,
    buyer_message: order.buyer.message,
    seller_note: '',
    is_cod: false,
    is_sample_order: order.isSample,
    is_replacement_order: false,
    is_exchange_order: false,
    is_buyer_request_cancel: order.cancelRequestedAt !== undefined,
    has_updated_recipient_address: order.hasUpdatedAddress,
    ...(order.cancelReason === undefined ? {} : { cancel_reason: order.cancelReason }),
    ...(order.canceledBy === undefined ? {} : { cancellation_initiator: order.canceledBy }),
    payment_method_name: 'Card',
    ...(version === '202507' ? { payment_method_code: 'CARD', payment_card_type: 'VISA', payment_auth_code: '' } : {}),
    payment: showPayment(order),
    // Nobody's address is shown before the buyer can no longer cancel freely.
    ...(isReady ? { recipient_address: showAddress(order) } : {}),
    line_items: order.lines.map((line) => showLine(tiktok, order, line)),
  }
}

function times(order: Order): Record<string, number> {
  const day = 86_400
  const paid = order.paidAt && unixSeconds(order.paidAt)
  const known: Record<string, Date | undefined> = {
    paid_time: order.paidAt,
    rts_time: order.shippedAt,
    collection_time: order.collectedAt,
    delivery_time: order.deliveredAt,
    cancel_time: order.canceledAt,
    request_cancel_time: order.cancelRequestedAt,
  }
  const shown: Record<string, number> = {}
  for (const [name, at] of Object.entries(known)) if (at) shown[name] = unixSeconds(at)
  if (paid === undefined) return { ...shown, cancel_order_sla_time: unixSeconds(order.createdAt) + day }
  return {
    ...shown,
    rts_sla_time: paid + 2 * day,
    shipping_due_time: paid + 2 * day,
    tts_sla_time: paid + 3 * day,
    collection_due_time: paid + 4 * day,
    delivery_sla_time: paid + 7 * day,
    cancel_order_sla_time: paid + 5 * day,
  }
}

export function orderTotals(order: Order): { original: number; seller: number; sub: number; total: number } {
  const original = order.lines.reduce((sum, line) => sum + line.originalMinor, 0)
  const sub = order.lines.reduce((sum, line) => sum + line.priceMinor, 0)
  return { original, seller: original - sub, sub, total: sub + order.shippingMinor }
}

function showPayment(order: Order): Record<string, string> {
  const { original, seller, sub, total } = orderTotals(order)
  return {
    currency: order.currency,
    sub_total: amount(sub),
    shipping_fee: amount(order.shippingMinor),
    seller_discount: amount(seller),
    platform_discount: '0.00',
    total_amount: amount(total),
    original_total_product_price: amount(original),
    original_shipping_fee: amount(order.shippingMinor),
    shipping_fee_seller_discount: '0.00',
    shipping_fee_platform_discount: '0.00',
    tax: '0.00',
    product_tax: '0.00',
    shipping_fee_tax: '0.00',
  }
}

/** Masked where TikTok ships; no call reveals it. */
export function showAddress(order: Order): Record<string, unknown> {
  const { address } = order
  const isMasked = order.shippingType === 'TIKTOK'
  const mask = (text: string, shown = 0) => (isMasked && text !== '' ? `${text.slice(0, shown)}*****` : text)
  const levels = [
    ['L0', 'Country', address.country],
    ['L1', 'Region', address.county],
    ['L2', 'Town', address.town],
  ]
  const parts = [address.line1, address.line2, address.town, address.county, address.postalCode, address.country]
  return {
    name: mask(address.name, 1),
    first_name: '',
    last_name: '',
    phone_number: mask(address.phone, 5),
    full_address: mask(parts.filter((part) => part !== '').join(', ')),
    address_detail: mask([address.line1, address.line2].filter((part) => part !== '').join(', ')),
    address_line1: mask(address.line1),
    address_line2: mask(address.line2),
    address_line3: '',
    address_line4: '',
    postal_code: mask(address.postalCode, 2),
    region_code: address.region,
    ...(address.region === 'GB' ? { post_town: address.town } : {}),
    district_info: levels.map(([level = '', levelName = '', name = '']) => ({
      address_level: level,
      address_level_name: levelName,
      address_name: name,
      iso_code: level === 'L0' ? address.region : '',
    })),
  }
}

function showLine(tiktok: Tiktok, order: Order, line: Line): Record<string, unknown> {
  const parcel = line.packageId === undefined ? undefined : tiktok.parcels.get(line.packageId)
  const product = tiktok.products.get(line.productId)
  const image = product?.content.imageUris[0]
  return {
    id: line.id,
    product_id: line.productId,
    product_name: line.title,
    sku_id: line.skuId,
    sku_name: line.skuName,
    seller_sku: line.sellerSku,
    sku_image: image === undefined ? '' : `${tiktok.origin}/__sandbox/image/${image}`,
    sku_type: order.isSample ? 'ZERO_LOTTERY' : 'NORMAL',
    display_status: lineStatus(tiktok, order, line),
    sale_price: amount(line.priceMinor),
    original_price: amount(line.originalMinor),
    seller_discount: amount(line.originalMinor - line.priceMinor),
    platform_discount: '0.00',
    currency: order.currency,
    is_gift: line.priceMinor === 0,
    is_dangerous_good: false,
    needs_prescription: false,
    package_id: parcel?.id ?? '',
    package_status: line.isCanceled ? 'CANCELLED' : (parcel?.status ?? 'TO_FULFILL'),
    tracking_number: parcel?.trackingNumber ?? '',
    shipping_provider_id: parcel?.providerId ?? '',
    shipping_provider_name: carrierOf(parcel?.providerId ?? '')?.name ?? '',
    ...(parcel?.shippedAt ? { rts_time: unixSeconds(parcel.shippedAt) } : {}),
    ...(line.cancelReason === undefined ? {} : { cancel_reason: line.cancelReason }),
    ...(line.cancelUser === undefined ? {} : { cancel_user: line.cancelUser }),
  }
}

function lineStatus(tiktok: Tiktok, order: Order, line: Line): string {
  if (line.isCanceled) return 'CANCELLED'
  if (order.status === 'COMPLETED') return 'COMPLETED'
  if (!isShipped(tiktok, line)) {
    return order.status === 'UNPAID' || order.status === 'ON_HOLD' ? order.status : 'AWAITING_SHIPMENT'
  }
  const parcel = tiktok.parcels.get(line.packageId ?? '')
  if (parcel?.status === 'COMPLETED') return 'DELIVERED'
  return parcel?.status === 'FULFILLING' ? 'IN_TRANSIT' : 'AWAITING_COLLECTION'
}

/** Prices in the United Kingdom include VAT, so no tax is added. */
export function showPriceDetail(order: Order): Record<string, unknown> {
  const { original, seller, sub, total } = orderTotals(order)
  const detail = { list: original, deduction: seller, sale: sub, shipping: order.shippingMinor, total }
  return {
    ...showPrices(detail, order.currency),
    line_items: order.lines.map((line, index) => {
      // The first unit carries the postage.
      const shipping = index === 0 ? order.shippingMinor : 0
      const deduction = line.originalMinor - line.priceMinor
      const prices = {
        list: line.originalMinor,
        deduction,
        sale: line.priceMinor,
        shipping,
        total: line.priceMinor + shipping,
      }
      return { id: line.id, ...showPrices(prices, order.currency) }
    }),
  }
}

type Prices = { list: number; deduction: number; sale: number; shipping: number; total: number }

function showPrices({ list, deduction, sale, shipping, total }: Prices, currency: string): Record<string, string> {
  return {
    currency,
    total: amount(total),
    payment: amount(total),
    subtotal: amount(sale),
    subtotal_deduction_seller: amount(deduction),
    subtotal_deduction_platform: '0.00',
    subtotal_tax_amount: '0.00',
    sku_list_price: amount(list),
    sku_sale_price: amount(sale),
    shipping_list_price: amount(shipping),
    shipping_sale_price: amount(shipping),
    shipping_fee_deduction_seller: '0.00',
    shipping_fee_deduction_platform: '0.00',
    tax_amount: '0.00',
    net_price_amount: amount(total),
  }
}
