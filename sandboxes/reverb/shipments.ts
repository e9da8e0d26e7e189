// What the seller says about parcels. Every call is kept, because a marketplace that accepts a repeat hides a doubled call.
import { shippingProviders } from './reference.ts'
import { setStatus, touch } from './orders.ts'
import { notify, wholeSecond } from './state.ts'
import type { FieldErrors } from './listing-input.ts'
import type { Order, Reverb, ShipmentConfirmation } from './state.ts'

export type ShipRequest = { provider: unknown; trackingNumber: unknown; sendNotification: unknown }

const daysInTransit = 4

/** Accepts a first call and, by our own choice, a second one, which replaces the tracking. */
export function shipOrder(
  reverb: Reverb,
  order: Order,
  request: ShipRequest,
  at: Date,
): { refusal: string; errors: FieldErrors } | undefined {
  const call: Omit<ShipmentConfirmation, 'outcome'> = {
    at: wholeSecond(at),
    orderNumber: order.number,
    provider: textOf(request.provider),
    trackingNumber: textOf(request.trackingNumber),
    sendNotification: request.sendNotification === true || request.sendNotification === 'true',
  }
  const refusal = findRefusal(order, request)
  if (refusal) {
    reverb.confirmations.push({ ...call, outcome: 'refused', reason: refusal.refusal })
    return refusal
  }
  reverb.confirmations.push({ ...call, outcome: outcomeOf(order, call) })
  const wasShipped = order.shipment !== undefined
  order.shipment = { provider: call.provider, trackingNumber: call.trackingNumber, status: 'in_transit' }
  if (wasShipped) touch(reverb, order, at)
  else leave(reverb, order, at)
  return undefined
}

export function pickUpOrder(reverb: Reverb, order: Order, at: Date): { refusal: string } | undefined {
  if (order.status !== 'paid') return { refusal: 'Only a paid order can be marked as picked up' }
  setStatus(reverb, order, 'picked_up', { at, by: 'seller', cause: 'picked up' })
  return undefined
}

function leave(reverb: Reverb, order: Order, at: Date): void {
  order.shippedAt = wholeSecond(at)
  setStatus(reverb, order, 'shipped', { at, by: 'seller', cause: 'shipped' })
  reverb.agenda.schedule(new Date(at.getTime() + daysInTransit * 86_400_000), (arrivedAt) => {
    if (order.status !== 'shipped' || !order.shipment) return
    order.shipment.status = 'delivered'
    setStatus(reverb, order, 'received', { at: arrivedAt, by: 'reverb', cause: 'delivered' })
  })
  notify(reverb, 'orders/update', order.number)
}

function outcomeOf(order: Order, call: { provider: string; trackingNumber: string }): ShipmentConfirmation['outcome'] {
  if (!order.shipment) return 'accepted'
  const isSame = order.shipment.provider === call.provider && order.shipment.trackingNumber === call.trackingNumber
  return isSame ? 'repeated' : 'replaced'
}

function findRefusal(order: Order, request: ShipRequest): { refusal: string; errors: FieldErrors } | undefined {
  const errors: FieldErrors = {}
  if (textOf(request.provider) === '') errors['provider'] = ['is missing']
  else if (!shippingProviders.includes(textOf(request.provider))) errors['provider'] = ['does not have a valid value']
  if (textOf(request.trackingNumber) === '') errors['tracking_number'] = ['is missing']
  if (request.sendNotification === undefined || request.sendNotification === null) {
    errors['send_notification'] = ['is missing']
  }
  if (Object.keys(errors).length > 0) return { refusal: 'The shipment could not be saved', errors }
  if (order.shipment || order.status === 'paid') return undefined
  return { refusal: `An order that is ${order.status} cannot be shipped`, errors: { order: ['cannot be shipped'] } }
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''
}
