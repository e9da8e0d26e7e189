// A package as the API shows it, alone and in lists, where some names differ.
import { showAddress } from './order-json.ts'
import { carrierOf } from './reference.ts'
import { unixSeconds } from './state.ts'
import type { Order, Parcel } from './state.ts'

export function showParcel(parcel: Parcel, order: Order): Record<string, unknown> {
  const { district_info: _, first_name: __, last_name: ___, post_town: ____, ...address } = showAddress(order)
  const lines = order.lines.filter((line) => parcel.lineIds.includes(line.id))
  return {
    package_id: parcel.id,
    package_status: parcel.status,
    orders: [{ id: order.id, skus: skusOf(lines) }],
    order_line_item_ids: parcel.lineIds,
    has_multi_skus: new Set(lines.map((line) => line.skuId)).size > 1,
    delivery_option_id: order.deliveryOptionId,
    delivery_option_name: order.deliveryOptionName,
    shipping_type: order.shippingType,
    shipping_provider_id: parcel.providerId,
    shipping_provider_name: carrierOf(parcel.providerId)?.name ?? '',
    tracking_number: parcel.trackingNumber,
    split_and_combine_tag: parcel.lineIds.length < order.lines.length ? 'SPLIT' : 'DEFAULT',
    recipient_address: address,
    create_time: unixSeconds(parcel.createdAt),
    update_time: unixSeconds(parcel.updatedAt),
  }
}

export function showParcelInList(parcel: Parcel): Record<string, unknown> {
  return {
    id: parcel.id,
    status: parcel.status,
    orders: [{ id: parcel.orderId }],
    order_line_item_ids: parcel.lineIds,
    shipping_provider_id: parcel.providerId,
    shipping_provider_name: carrierOf(parcel.providerId)?.name ?? '',
    tracking_number: parcel.trackingNumber,
    create_time: unixSeconds(parcel.createdAt),
    update_time: unixSeconds(parcel.updatedAt),
  }
}

function skusOf(lines: Order['lines']): Record<string, unknown>[] {
  const ids = [...new Set(lines.map((line) => line.skuId))]
  return ids.map((id) => {
    const same = lines.filter((line) => line.skuId === id)
    return { id, name: same[0]?.skuName ?? '', image_url: '', quantity: same.length }
  })
}
