// An order as the seller sees it.
import { convert, showMoney, showTax, times } from './money.ts'
import { orderTotal, subtotal } from './orders.ts'
import { shopTime } from './listing-json.ts'
import type { View } from './listing-json.ts'
import type { Address, Money, Order, Reverb } from './state.ts'

export function showOrder(reverb: Reverb, order: Order, view: View): Record<string, unknown> {
  const listing = reverb.listings.get(order.listingId)
  return {
    order_number: order.number,
    uuid: order.uuid,
    ...(order.bundleId === undefined ? {} : { order_bundle_id: order.bundleId }),
    // The listing's id as text, although the listing itself shows a number.
    product_id: String(order.listingId),
    ...(order.sku === undefined ? {} : { sku: order.sku }),
    title: order.title,
    ...(order.showsQuantity ? { quantity: order.quantity } : {}),
    order_type: order.kind,
    order_source: 'reverb',
    shop_name: reverb.shop.name,
    status: order.shownStatus ?? order.status,
    payment_method: order.paymentMethod,
    order_notes: order.notes,
    ...showTimes(reverb, order),
    buyer_id: order.buyer.id,
    buyer_name: `${order.buyer.firstName} ${order.buyer.lastName}`,
    buyer_first_name: order.buyer.firstName,
    buyer_last_name: order.buyer.lastName,
    ...(order.buyer.email === undefined ? {} : { buyer_email: order.buyer.email }),
    ...(order.address ? { shipping_address: showAddress(order.address, order.number) } : {}),
    local_pickup: order.shippingMethod === 'local',
    shipping_method: order.shippingMethod,
    ...showAmounts(order),
    ...(order.shipment
      ? {
          shipping_provider: order.shipment.provider,
          shipping_code: order.shipment.trackingNumber,
          shipment_status: order.shipment.status,
        }
      : {}),
    _links: orderLinks(order, view.origin, listing?.slug ?? String(order.listingId)),
  }
}

function showTimes(reverb: Reverb, order: Order): Record<string, unknown> {
  const shipped = order.shippedAt && shopTime(reverb, order.shippedAt)
  return {
    created_at: shopTime(reverb, order.createdAt),
    updated_at: shopTime(reverb, order.updatedAt),
    ...(order.paidAt ? { paid_at: shopTime(reverb, order.paidAt) } : {}),
    ...(shipped ? { shipped_at: shipped, shipping_date: shipped } : {}),
  }
}

function showAmounts(order: Order): Record<string, unknown> {
  const isMain = { amount_product: order.unitPrice, amount_product_subtotal: subtotal(order) }
  const rest = { shipping: order.shippingPrice, total: orderTotal(order) }
  const inBuyersCurrency = (amount: Money) => showMoney(convert(amount, order.presentmentCurrency))
  const shown = Object.entries({ ...isMain, ...rest }).flatMap(([name, amount]) => [
    [name, showMoney(amount)],
    [`presentment_amount_${name.replace(/^amount_/, '')}`, inBuyersCurrency(amount)],
  ])
  const sellingFee = times(subtotal(order), 0.05)
  const checkoutFee = times(orderTotal(order), 0.0319)
  const payout = { ...sellingFee, minor: orderTotal(order).minor - sellingFee.minor - checkoutFee.minor }
  return {
    ...Object.fromEntries(shown),
    amount_tax: showTax(order.tax),
    presentment_amount_tax: showTax(convert(order.tax, order.presentmentCurrency)),
    tax_rate: String(order.tax.minor === 0 ? 0 : Math.round((order.tax.minor / subtotal(order).minor) * 1000) / 1000),
    shipping_taxed: false,
    tax_responsible_party: 'reverb',
    selling_fee: showMoney(sellingFee),
    bump_fee: showMoney({ ...sellingFee, minor: 0 }),
    direct_checkout_fee: showMoney(checkoutFee),
    tax_on_fees: showMoney({ ...sellingFee, minor: 0 }),
    direct_checkout_payout: showMoney(payout),
  }
}

function showAddress(address: Address, orderNumber: string): Record<string, unknown> {
  return {
    id: address.id,
    name: address.name,
    street_address: address.streetAddress,
    extended_address: address.extendedAddress,
    locality: address.locality,
    region: address.region,
    postal_code: address.postalCode,
    country_code: address.countryCode,
    phone: address.phone,
    unformatted_phone: address.phone.replaceAll(/[^0-9+]/g, ''),
    display_location: `${address.locality.trim()}, ${address.region.trim()}, ${address.countryCode}`,
    primary: true,
    complete_shipping_address: true,
    _links: { self: { href: `/api/my/orders/selling/${orderNumber}` } },
  }
}

function orderLinks(order: Order, origin: string, slug: string): Record<string, unknown> {
  const self = `/api/my/orders/selling/${order.number}`
  return {
    self: { href: self },
    listing: { href: `${origin}/api/listings/${slug}` },
    web: { href: `${origin}/__sandbox/#order-${order.number}` },
    web_listing: { href: `${origin}/__sandbox/item/${slug}` },
    ...(order.shippingMethod === 'local'
      ? { mark_picked_up: { method: 'POST', href: `${origin}${self}/mark_picked_up` } }
      : {}),
    ship: { method: 'POST', href: `${self}/ship` },
    payments: { href: `${self}/payments` },
    contact_buyer: { web: { href: `${origin}/__sandbox/#order-${order.number}` } },
    packing_slip: { web: { href: `${origin}/__sandbox/#order-${order.number}` } },
  }
}
