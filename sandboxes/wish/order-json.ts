// An order as the API shows it. Every field is optional there; what is empty is left out.
import { share, showPrice } from './money.ts'
import { unionCountries } from './reference.ts'
import type { Merchant, Order } from './state.ts'

type Json = Record<string, unknown>

/** What Wish keeps of the price, and what a buyer pays on top of a cost. */
const revShare = 0.15

export function showOrder(merchant: Merchant, order: Order): Json {
  return {
    id: order.id,
    transaction_id: order.transactionId,
    state: order.shownState ?? order.state,
    ...(order.releasedAt ? { released_at: order.releasedAt.toISOString() } : {}),
    updated_at: order.updatedAt.toISOString(),
    product_information: showProductInformation(order),
    order_payment: showPayment(merchant, order),
    full_address: { shipping_detail: order.address },
    ...(order.expectedShipAt
      ? {
          fulfillment_requirements: {
            expected_ship_time: order.expectedShipAt.toISOString(),
            ...(order.expectedDeliveryAt ? { expected_delivery_time: order.expectedDeliveryAt.toISOString() } : {}),
          },
        }
      : {}),
    fulfillment_order_types: order.types,
    fulfillment_records: order.records.map(({ event, at }) => ({ event_type: event, event_time: at.toISOString() })),
    tracking_information: order.tracking.map((one) => ({
      tracking_number: one.number,
      origin_country: one.originCountry,
      shipping_provider: { name: one.provider },
      ...(one.note === undefined ? {} : { ship_note: one.note }),
    })),
    ...showWarehouse(merchant, order),
    ...showTax(order),
    refunds: order.refunds.map((one) => ({
      refund_reason: one.reason,
      ...(one.note === undefined ? {} : { refund_reason_note: one.note }),
      refund_source: one.source,
      refund_amount: showPrice(paymentTotal(merchant, order), order.currency),
      refund_time: one.at.toISOString(),
    })),
    penalties: [],
    ...(order.processing
      ? { processing_source: order.processing.source, processing_status: order.processing.status }
      : {}),
  }
}

/** What the buyer pays: unit and postage, times the quantity. */
export function orderTotal(order: Order): number {
  return (order.unitMinor + order.unitShippingMinor) * order.quantity
}

function paymentTotal(merchant: Merchant, order: Order): number {
  const { product, shipping } = unitPayments(merchant, order)
  return (product + shipping) * order.quantity
}

/** What the seller gets of one unit: his cost whole, or the price without the part of Wish. */
function unitPayments(merchant: Merchant, order: Order): { product: number; shipping: number } {
  if (merchant.revenueType === 'COST_BASED') return { product: order.unitMinor, shipping: order.unitShippingMinor }
  return { product: share(order.unitMinor, 1 - revShare), shipping: share(order.unitShippingMinor, 1 - revShare) }
}

function showPayment(merchant: Merchant, order: Order): Json {
  const price = (minor: number) => showPrice(minor, order.currency)
  const { product, shipping } = unitPayments(merchant, order)
  const commission = orderTotal(order) - paymentTotal(merchant, order)
  return {
    general_payment_details: {
      product_quantity: order.quantity,
      product_price: price(order.unitMinor),
      product_shipping_price: price(order.unitShippingMinor),
      product_merchant_payment: price(product),
      shipping_merchant_payment: price(shipping),
      payment_total: price(paymentTotal(merchant, order)),
      ...(order.address.country_code === 'GB'
        ? {
            customer_paid_prices_detail: {
              total: price(orderTotal(order)),
              product_price: price(order.unitMinor),
              product_price_total: price(order.unitMinor * order.quantity),
              shipping_price: price(order.unitShippingMinor),
              shipping_price_total: price(order.unitShippingMinor * order.quantity),
            },
          }
        : {}),
    },
    ...(merchant.revenueType === 'REV_SHARE'
      ? { rev_share: { rev_share: revShare, merchant_commission_fees: price(commission) } }
      : {}),
  }
}

function showProductInformation(order: Order): Json {
  const option = (name: string) => order.options.find((one) => one.name.toUpperCase() === name)?.value
  const [color, size] = [option('COLOR'), option('SIZE')]
  return {
    id: order.productId,
    variation_id: order.variationId,
    sku: order.sku,
    name: order.name,
    ...(color === undefined ? {} : { color }),
    ...(size === undefined ? {} : { size }),
    variation_image_url: `https://images.example.test/${order.variationId}.jpg`,
    manufactured_country: 'CN',
  }
}

function showWarehouse(merchant: Merchant, order: Order): Json {
  const warehouse = merchant.warehouses.find((one) => one.id === order.warehouseId)
  if (!warehouse) return {}
  const kind = warehouse.shipping_type === 'STANDARD' ? 'PRIMARY' : 'SECONDARY'
  const { id, name } = warehouse
  return { warehouse_information: { warehouse_id: id, warehouse_name: name, warehouse_type: kind } }
}

/** Tax numbers that must stand on the label. */
function showTax(order: Order): Json {
  const country = order.address.country_code
  if (country === 'BR') {
    return { tax_information: { customer_identity_number_type: 'CPF', customer_identity_number: '00000000000' } }
  }
  const vat = (required: Json) => ({
    tax_information: { vat_information: { country_code: country, required_vat_numbers: required } },
  })
  if (country === 'GB') return vat({ vat: { number: 'GB000000000', entity: 'WISH' } })
  if (country === 'NO') return vat({ voec: { number: '2000000', entity: 'WISH' } })
  if (!unionCountries.includes(country)) return {}
  const declaration = { vat_payer: { ioss_number: 'IM0000000000' } }
  return { tax_information: { vat_information: { country_code: country, eu_vat_customs_declaration: declaration } } }
}
