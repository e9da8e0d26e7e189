// Telling Amazon that a parcel left. It charges the buyer, so the order is read first, and a repeat goes out under the
// same parcel number, which only edits that parcel.
import type { Call, ChannelOrder, Reply, ShipmentReport } from '../connector.ts'
import { plainTracking } from '../../domain/shipping/parcel.ts'
import { asObject, asText, pathPart } from '../reading.ts'
import type { AmazonAccount } from './account.ts'
import { carrierOf } from './carriers.ts'
import { replyOf } from './errors.ts'
import { readOrder } from './orders.ts'
import { objectsIn } from './read.ts'
import { ask } from './request.ts'

export function confirmShipment(call: Call<AmazonAccount>, shipment: ShipmentReport): Promise<Reply> {
  const trackingNumber = shipment.trackingNumber.trim()
  return replyOf(async () => {
    if (trackingNumber === '') return { kind: 'rejected', reason: 'Amazon needs a tracking number' }
    const order = await readOrder(call, shipment.marketplaceOrderId)
    const settled = alreadySettled(order, trackingNumber)
    if (settled) return settled
    const reply = await replyOf(() => send(call, shipment, order, trackingNumber))
    if (reply.kind !== 'rejected' || !saysAlreadyShipped(reply.reason)) return reply
    // Either this very parcel, whose answer was lost, or another one: only the order tells.
    const after = await readOrder(call, shipment.marketplaceOrderId)
    return alreadySettled(after, trackingNumber) ?? reply
  })
}

async function send(
  call: Call<AmazonAccount>,
  shipment: ShipmentReport,
  order: ChannelOrder,
  trackingNumber: string,
): Promise<Reply> {
  const shippedAt = Math.min(shipment.shippedAt.getTime(), call.now.getTime())
  await ask(call, 'confirmShipment', {
    method: 'POST',
    url: `/orders/v0/orders/${pathPart(shipment.marketplaceOrderId)}/shipmentConfirmation`,
    body: {
      marketplaceId: siteIdOf(order) ?? call.site.id,
      packageDetail: {
        packageReferenceId: String(shipment.packageNumber),
        ...carrierOf(shipment.carrier),
        trackingNumber,
        // A parcel cannot leave before it was ordered, nor in the future.
        shipDate: new Date(Math.max(shippedAt, order.placedAt.getTime())).toISOString(),
        orderItems: linesOf(shipment, order).map((line) => ({
          orderItemId: line.marketplaceLineId,
          quantity: line.quantity,
        })),
      },
    },
  })
  // The order shows it later, not in the same second: until then it is not confirmed.
  return { kind: 'pending', ticket: trackingNumber }
}

function alreadySettled(order: ChannelOrder, trackingNumber: string): Reply | undefined {
  const known = order.shipments.map((parcel) => plainTracking(parcel.trackingNumber ?? ''))
  if (known.includes(plainTracking(trackingNumber))) return { kind: 'done', reference: trackingNumber }
  if (order.status === 'cancelled')
    return { kind: 'rejected', reason: `The order is ${order.marketplaceStatus} at Amazon` }
  if (order.status === 'awaiting-payment') {
    return { kind: 'rejected', reason: 'Amazon has not authorised the payment yet, so nothing of it may be shipped' }
  }
  return undefined
}

// Left out, all that is still to be shipped goes in the parcel.
function linesOf(shipment: ShipmentReport, order: ChannelOrder): ShipmentReport['lines'] {
  if (shipment.lines.length > 0) return shipment.lines
  return objectsIn(asObject(order.raw)?.['orderItems']).flatMap((item) => {
    const line = order.lines.find((one) => one.marketplaceLineId === asText(item['orderItemId']))
    const left = asObject(item['fulfillment'])?.['quantityUnfulfilled']
    const quantity = typeof left === 'number' ? left : (line?.quantity ?? 0)
    return line && quantity > 0 ? [{ marketplaceLineId: line.marketplaceLineId, quantity }] : []
  })
}

function siteIdOf(order: ChannelOrder): string | null {
  return asText(asObject(asObject(order.raw)?.['salesChannel'])?.['marketplaceId'])
}

function saysAlreadyShipped(reason: string): boolean {
  return /PackageToUpdateNotFound|already (been )?(fulfilled|shipped)/i.test(reason)
}
