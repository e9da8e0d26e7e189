// A purchase order as the JSON body of a webhook. Field by field: what is not named here never leaves.
import type { PurchaseOrderDocument } from '../domain/documents/purchase-order-document.ts'

export function webhookBody(order: PurchaseOrderDocument) {
  const { shipTo } = order
  return {
    type: order.isCancelled ? 'purchase-order.cancelled' : 'purchase-order',
    number: order.number,
    revision: order.revision,
    date: order.createdAt.toISOString(),
    packingReference: order.packingReference,
    shippingService: order.shippingService,
    carrier: order.carrier,
    shipTo: shipTo && {
      name: shipTo.name,
      street: shipTo.street,
      extended: shipTo.extended,
      city: shipTo.city,
      region: shipTo.region,
      postalCode: shipTo.postalCode,
      countryCode: shipTo.countryCode,
      phone: shipTo.phone,
    },
    currency: order.currency,
    lines: order.lines.map((line) => ({
      supplierSku: line.supplierSku,
      title: line.title,
      quantity: line.quantity,
      // Minor units, for one unit, without VAT.
      costExVat: line.costMinor,
    })),
  }
}
