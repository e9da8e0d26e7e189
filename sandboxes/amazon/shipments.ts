// confirmShipment: the seller tells of a parcel. The answer says only that it was understood.
import { isTyped } from '../kit/faults.ts'
import { invalidInput, isObject, textOf } from './call.ts'
import { findOrder } from './order-routes.ts'
import { processParcel, shippedOf } from './orders.ts'
import { carrierCodes } from './reference.ts'
import type { Answer } from '../kit/front.ts'
import type { ApiCall, Route } from './call.ts'
import type { Amazon, Order, Parcel } from './state.ts'

export const shipmentRoutes: Route[] = [
  {
    operation: 'confirmShipment',
    method: 'POST',
    path: '/orders/v0/orders/{orderId}/shipmentConfirmation',
    handle: confirm,
    texts: ({ body }) => {
      const detail = isObject(body) && isObject(body['packageDetail']) ? body['packageDetail'] : {}
      return [textOf(detail['trackingNumber'])]
    },
    before: ({ amazon, params }) => {
      const order = amazon.ordersById.get(params['orderId'] ?? '')
      const [told, confirmed] = [new Map(order?.toldParcels), order?.lines.map((line) => line.confirmed) ?? []]
      return {
        restore() {
          if (!order) return
          order.toldParcels = told
          // What the truth says of a call is how it ended.
          const last = amazon.confirmations.findLast((one) => one.orderNumber === order.id)
          if (last) last.outcome = 'refused'
          for (const [index, line] of order.lines.entries()) line.confirmed = confirmed[index] ?? 0
        },
      }
    },
  },
]

export const itemIdRefusal =
  'OrderItemId  is invalid, please obtain the value through the getOrderItems API or Manage Orders page'
const noPackage =
  'PackageToUpdateNotFound: Failed to create package due to not finding a matching package or order already fulfilled.'

function confirm(call: ApiCall): Answer {
  const found = findOrder(call)
  if ('status' in found) return found
  const { found: order } = found
  const read = readParcel(call, order)
  const note = (outcome: 'accepted' | 'repeated' | 'replaced' | 'refused', parcel: Partial<Parcel>, reason?: string) =>
    call.amazon.confirmations.push({
      orderNumber: order.id,
      trackingNumber: parcel.trackingNumber ?? '',
      provider: parcel.carrierName ?? parcel.carrierCode ?? '',
      at: new Date(call.at).toISOString(),
      outcome,
      packageReferenceId: parcel.referenceId ?? '',
      ...(reason === undefined ? {} : { reason }),
    })
  if ('problem' in read) {
    const detail = isObject(call.body) && isObject(call.body['packageDetail']) ? call.body['packageDetail'] : {}
    note(
      'refused',
      { trackingNumber: textOf(detail['trackingNumber']) ?? '', carrierCode: textOf(detail['carrierCode']) ?? '' },
      read.problem,
    )
    return invalidInput(read.problem)
  }
  note(tellParcel(call.amazon, order, read.parcel, call.at), read.parcel)
  return { status: 204 }
}

/** The same reference again edits that parcel; a new one adds one. */
export function tellParcel(
  amazon: Amazon,
  order: Order,
  parcel: Parcel,
  at: number,
): 'accepted' | 'repeated' | 'replaced' {
  const known = order.toldParcels.get(parcel.referenceId)
  if (known && isSame(known, parcel)) return 'repeated'
  order.toldParcels.set(parcel.referenceId, parcel)
  for (const line of order.lines) line.confirmed = shippedOf(order.toldParcels.values(), line.itemId)
  const told = order.toldParcels
  amazon.agenda.schedule(new Date(at), () => {
    // Gone if a fault took it back in the same breath.
    if (order.toldParcels === told && told.get(parcel.referenceId) === parcel) processParcel(amazon, order, parcel, at)
  })
  return known ? 'replaced' : 'accepted'
}

function isSame(one: Parcel, other: Parcel): boolean {
  const content = ({ carrierCode, carrierName, trackingNumber, items }: Parcel) =>
    JSON.stringify([carrierCode, carrierName, trackingNumber, items])
  return content(one) === content(other)
}

function readParcel({ amazon, at, body }: ApiCall, order: Order): { parcel: Parcel } | { problem: string } {
  const sent = isObject(body) ? body : {}
  const detail = isObject(sent['packageDetail']) ? sent['packageDetail'] : undefined
  if (!detail) return { problem: 'PackageDetail: is required.' }
  if (sent['marketplaceId'] !== order.marketplaceId) return { problem: 'MarketplaceId: is invalid.' }
  const referenceId = detail['packageReferenceId']
  if (typeof referenceId !== 'string' || !/^\d+$/.test(referenceId) || /^0+$/.test(referenceId)) {
    return { problem: 'PackageReferenceId: is invalid, must be a positive numeric value.' }
  }
  const [carrierCode, carrierName] = [textOf(detail['carrierCode']), textOf(detail['carrierName'])]
  if (carrierCode === undefined || !isCarrier(amazon, carrierCode)) return { problem: 'CarrierCode: is invalid.' }
  if (carrierCode.toLowerCase() === 'other' && carrierName === undefined)
    return { problem: 'CarrierName: is required if CarrierCode is Other.' }
  const trackingNumber = textOf(detail['trackingNumber'])
  if (trackingNumber === undefined) return { problem: 'TrackingNumber: is required.' }
  const shipDate = textOf(detail['shipDate'])
  if (shipDate === undefined || Number.isNaN(new Date(shipDate).getTime())) return { problem: 'ShipDate: is invalid.' }
  if (sent['codCollectionMethod'] !== undefined) return { problem: 'CodCollectionMethod: is only supported in Japan.' }
  if (order.programs.includes('FBM_SHIP_PLUS')) return { problem: 'FBM Ship+ orders are confirmed by their label.' }
  if (isTyped('reject-me', trackingNumber)) return { problem: itemIdRefusal }
  const items = readItems(detail['orderItems'], order)
  if ('problem' in items) return items
  const parcel: Parcel = {
    referenceId,
    carrierCode,
    carrierName,
    shippingMethod: textOf(detail['shippingMethod']),
    trackingNumber,
    shipDate,
    createdAt: at,
    status: 'PENDING',
    items: items.items,
  }
  return fits(order, parcel) ? { parcel } : { problem: noPackage }
}

function readItems(value: unknown, order: Order): { items: Parcel['items'] } | { problem: string } {
  if (!Array.isArray(value) || value.length === 0) return { problem: 'OrderItems: is required.' }
  const items: Parcel['items'] = []
  for (const one of value) {
    const itemId = isObject(one) ? one['orderItemId'] : undefined
    const quantity = isObject(one) ? one['quantity'] : undefined
    const line = order.lines.find((known) => known.itemId === itemId)
    if (!line) return { problem: itemIdRefusal }
    if (typeof quantity !== 'number' || !Number.isInteger(quantity) || quantity < 1)
      return { problem: 'Quantity: is invalid.' }
    items.push({ itemId: line.itemId, quantity })
  }
  return { items }
}

/** An order that is not paid, is cancelled, or has nothing left for this parcel takes none. */
export function fits(order: Order, parcel: Parcel): boolean {
  if (order.status === 'PENDING' || order.status === 'PENDING_AVAILABILITY' || order.status === 'CANCELLED')
    return false
  const others = [...order.toldParcels.values()].filter((one) => one.referenceId !== parcel.referenceId)
  const room = (line: Order['lines'][number]) => (line.canceledBy === undefined ? line.quantity : 0)
  return order.lines.every((line) => shippedOf([...others, parcel], line.itemId) <= room(line))
}

function isCarrier(amazon: Amazon, code: string): boolean {
  const { carrierCheck } = amazon.choices
  if (carrierCheck === 'any') return true
  if (carrierCheck === 'listed-with-case') return carrierCodes.includes(code)
  return carrierCodes.some((known) => known.toLowerCase() === code.toLowerCase())
}
