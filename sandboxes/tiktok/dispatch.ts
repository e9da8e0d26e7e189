// Shipping: what the marketplace checks before it takes a tracking number, and what the carrier does with the parcel.
import { done, refuse } from './call.ts'
import { carrierOf, carriers } from './reference.ts'
import { addParcel, isShipped, liveLines, parcelsOf, settle } from './orders.ts'
import { letUnitGo } from './products.ts'
import { notify } from './news.ts'
import { later, unixSeconds, wholeSecond } from './state.ts'
import type { Result } from './call.ts'
import type { TrueConfirmation } from '../kit/control.ts'
import type { Line, Order, Parcel, Tiktok } from './state.ts'

export type Label = { providerId: string; trackingNumber: string }

const correctionSeconds = 72 * 3600
const sameBuyerOrdersMax = 20
const ownShipmentSeconds = 24 * 3600
const scanSeconds = 6 * 3600
const deliverySeconds = 40 * 3600
const completionSeconds = 14 * 24 * 3600

/** The way of the UK, EU, US and Japan: a parcel comes to be when it is shipped. */
export function shipLines(
  tiktok: Tiktok,
  order: Order,
  { lineIds, label, at }: { lineIds: string[]; label: Label; at: Date },
): Result {
  const refusal = refuseOrder(tiktok, order) ?? refuseLines(tiktok, order, lineIds) ?? refuseLabel(tiktok, order, label)
  if (refusal) return note(tiktok, order, { label, at, outcome: outcomeOf(tiktok, order, label, refusal) }, refusal)
  const open = openLines(tiktok, order)
  const lines = lineIds.length === 0 ? open : open.filter((line) => lineIds.includes(line.id))
  const parcel = addParcel(tiktok, order, { ...label, lines, status: 'PROCESSING', at })
  markShipped(tiktok, order, parcel, at)
  const data = { order_id: order.id, order_line_item_ids: parcel.lineIds, package_id: parcel.id }
  return note(tiktok, order, { label, at, outcome: 'accepted' }, done(data))
}

/** Where the parcel exists already: the seller names its carrier and tracking number. */
export function shipParcel(tiktok: Tiktok, parcel: Parcel, { label, at }: { label: Label; at: Date }): Result {
  const order = tiktok.orders.get(parcel.orderId)
  if (!order) return refuse(21_011_028, 'The package does not belong to the current shop.')
  const shipped = parcel.shippedAt
    ? refuse(21_008_099, 'Package has been shipped. Please not ship the package again.')
    : undefined
  const refusal = shipped ?? refuseOrder(tiktok, order) ?? refuseLabel(tiktok, order, label)
  if (refusal) return note(tiktok, order, { label, at, outcome: outcomeOf(tiktok, order, label, refusal) }, refusal)
  Object.assign(parcel, label)
  markShipped(tiktok, order, parcel, at)
  return note(tiktok, order, { label, at, outcome: 'accepted' }, done({}))
}

/** Once, within three days, and only while the parcel is on its way. */
export function correctLabel(tiktok: Tiktok, parcel: Parcel, { label, at }: { label: Label; at: Date }): Result {
  const order = tiktok.orders.get(parcel.orderId)
  if (!order) return refuse(21_011_028, 'The package does not belong to the current shop.')
  const refusal = refuseCorrection(parcel, order, at) ?? refuseLabel(tiktok, order, label)
  if (refusal) return note(tiktok, order, { label, at, outcome: 'refused' }, refusal)
  const isSame = parcel.providerId === label.providerId && parcel.trackingNumber === label.trackingNumber
  if (!isSame) {
    parcel.corrections += 1
    Object.assign(parcel, label, { updatedAt: wholeSecond(at) })
    settle(tiktok, order, { at, cause: 'tracking corrected' })
  }
  return note(tiktok, order, { label, at, outcome: isSame ? 'repeated' : 'replaced' }, done({}))
}

function refuseOrder(tiktok: Tiktok, order: Order): Result | undefined {
  if (order.status === 'CANCELLED') return refuse(21_011_041, 'Cannot complete the operation when order is cancelled.')
  if (order.status === 'UNPAID') {
    return refuse(21_042_057, "These orders are not in the Awaiting shipment status. Couldn't create labels for them.")
  }
  if (order.status === 'ON_HOLD') return refuse(21_011_044, 'The order is on hold and cannot be shipped yet.')
  if (order.shippingType === 'TIKTOK') {
    return refuse(21_008_025, 'Seller cannot operate orders which are fulfilled by platform')
  }
  if (openLines(tiktok, order).length === 0) return refuse(21_011_020, 'These orders are already shipped.')
  if (order.cancelRequestedAt) {
    const message = 'Package item has after-sale request, please process the after-sale request first.'
    return refuse(21_011_007, message)
  }
  return undefined
}

function refuseLines(tiktok: Tiktok, order: Order, lineIds: string[]): Result | undefined {
  const lines = lineIds.map((id) => order.lines.find((line) => line.id === id))
  if (lines.includes(undefined)) return refuse(21_011_029, 'order does not belong to fulfill unit')
  if (lines.some((line) => line?.isCanceled)) {
    return refuse(21_011_042, 'Cannot complete the operation when order is cancelled.')
  }
  if (lines.some((line) => line && isShipped(tiktok, line))) {
    return refuse(21_011_006, 'These orders are already shipped.')
  }
  // Some units have left: which of the others are meant must be said.
  const isAmbiguous = lineIds.length === 0 && openLines(tiktok, order).length < liveLines(order).length
  if (!isAmbiguous) return undefined
  const message =
    'There are multiple packages that can be shipped, please specify the order line that needs to be shipped.'
  return refuse(21_011_048, message)
}

function refuseLabel(tiktok: Tiktok, order: Order, { providerId, trackingNumber }: Label): Result | undefined {
  const { choices } = tiktok
  const carrier = carrierOf(providerId)
  if (!carrier) {
    return refuse(21_011_022, 'Invalid tracking number or provider ID. Please double check and try again.')
  }
  if (choices.trackingCheck !== 'none' && !/^[A-Za-z0-9-]{4,50}$/.test(trackingNumber)) {
    return refuse(21_004_012, 'Tracking number has special characters, verify failed.')
  }
  if (choices.trackingCheck === 'carrier' && !carrier.pattern.test(trackingNumber)) {
    return refuse(21_004_015, 'Tracking number mismatch provider.')
  }
  if (choices.reusedTracking === 'accepted') return undefined
  const others = [...tiktok.parcels.values()]
    .filter((one) => one.trackingNumber === trackingNumber && one.orderId !== order.id && one.shippedAt)
    .flatMap((one) => tiktok.orders.get(one.orderId) ?? [])
  const isSameBuyer = others.every(
    (one) => one.buyer.id === order.buyer.id && one.address.postalCode === order.address.postalCode,
  )
  if (!isSameBuyer) return refuse(21_011_025, 'Duplicate tracking number.')
  return others.length >= sameBuyerOrdersMax ? refuse(21_034_012, 'tracking no has been used') : undefined
}

function refuseCorrection(parcel: Parcel, order: Order, at: Date): Result | undefined {
  if (order.status === 'CANCELLED') return refuse(21_011_042, 'Cannot complete the operation when order is cancelled.')
  if (order.shippingType === 'TIKTOK') {
    const message =
      'This API cannot be used to update package shipping information for packages that are not shipped by sellers.'
    return refuse(21_011_004, message)
  }
  if (!parcel.shippedAt) return refuse(21_011_043, 'The package has not been shipped yet.')
  if (parcel.status === 'COMPLETED') {
    return refuse(21_011_030, 'Package has already been delivered.')
  }
  if (parcel.corrections > 0) return refuse(21_011_051, 'The tracking number can only be updated once.')
  if (at.getTime() - parcel.shippedAt.getTime() > correctionSeconds * 1000) {
    return refuse(21_011_050, 'The tracking number can only be updated within a certain number of hours.')
  }
  return undefined
}

/** The same parcel told twice changed nothing, although the answer is a refusal. */
function outcomeOf(tiktok: Tiktok, order: Order, label: Label, refusal: Result): TrueConfirmation['outcome'] {
  const isAboutShipped = 'code' in refusal && [21_011_006, 21_011_020, 21_008_099, 21_011_048].includes(refusal.code)
  const isKnown = parcelsOf(tiktok, order).some((one) => one.trackingNumber === label.trackingNumber)
  return isAboutShipped && isKnown ? 'repeated' : 'refused'
}

function note(
  tiktok: Tiktok,
  order: Order,
  { label, at, outcome }: { label: Label; at: Date; outcome: TrueConfirmation['outcome'] },
  result: Result,
): Result {
  const { providerId: provider, trackingNumber } = label
  tiktok.confirmations.push({ orderNumber: order.id, trackingNumber, provider, at: at.toISOString(), outcome })
  return result
}

function openLines(tiktok: Tiktok, order: Order): Line[] {
  return liveLines(order).filter((line) => !isShipped(tiktok, line))
}

function markShipped(tiktok: Tiktok, order: Order, parcel: Parcel, at: Date): void {
  parcel.status = 'PROCESSING'
  parcel.shippedAt = wholeSecond(at)
  parcel.updatedAt = wholeSecond(at)
  parcel.scans.push({ at, text: 'Shipping label created.' })
  order.shippedAt = wholeSecond(at)
  for (const line of order.lines.filter((one) => parcel.lineIds.includes(one.id) && !one.isCanceled)) {
    const found = tiktok.skus.get(line.skuId)
    if (found) letUnitGo(found.sku, line.warehouseId)
  }
  settle(tiktok, order, { at, cause: `shipped with ${parcel.trackingNumber}` })
  notify(tiktok, 'PACKAGE_UPDATE', order.shopId, at, {
    sc_type: 'SPLIT',
    role_type: 'ROLE_SELLER',
    package_list: [{ package_id: parcel.id, order_id_list: [order.id] }],
    update_time: unixSeconds(at),
  })
  awaitCarrier(tiktok, parcel, at)
}

/** What TikTok ships itself leaves a day after it may, without anybody telling it to. */
export function awaitTiktok(tiktok: Tiktok, order: Order, from: Date): void {
  if (order.shippingType !== 'TIKTOK') return
  tiktok.agenda.schedule(later(tiktok, from, ownShipmentSeconds), (at) => {
    if (order.status === 'UNPAID' || order.status === 'ON_HOLD') return awaitTiktok(tiktok, order, at)
    if (order.status !== 'AWAITING_SHIPMENT') return
    const label = { providerId: carriers[0]?.id ?? '', trackingNumber: `TTS${order.id}` }
    const lines = openLines(tiktok, order)
    markShipped(tiktok, order, addParcel(tiktok, order, { ...label, lines, status: 'PROCESSING', at }), at)
  })
}

/** Scanned, delivered, and the order completed once the time for returns is over. */
export function awaitCarrier(tiktok: Tiktok, parcel: Parcel, from: Date): void {
  const order = tiktok.orders.get(parcel.orderId)
  if (!order) return
  const moves = {
    PROCESSING: { seconds: scanSeconds, next: 'FULFILLING', text: 'Collected by the carrier.' },
    FULFILLING: { seconds: deliverySeconds, next: 'COMPLETED', text: 'Delivered.' },
  } as const
  if (parcel.status !== 'PROCESSING' && parcel.status !== 'FULFILLING') return
  const { seconds, next, text } = moves[parcel.status]
  tiktok.agenda.schedule(later(tiktok, from, seconds), (at) => {
    if (parcel.status === 'CANCELLED' || order.status === 'CANCELLED') return
    parcel.status = next
    parcel.updatedAt = wholeSecond(at)
    parcel.scans.push({ at, text })
    if (next === 'FULFILLING') order.collectedAt ??= wholeSecond(at)
    settle(tiktok, order, { at, cause: text })
    if (next === 'FULFILLING') return awaitCarrier(tiktok, parcel, at)
    if (order.status !== 'DELIVERED') return
    order.deliveredAt = wholeSecond(at)
    awaitCompletion(tiktok, order, at)
  })
}

export function awaitCompletion(tiktok: Tiktok, order: Order, from: Date): void {
  tiktok.agenda.schedule(later(tiktok, from, completionSeconds), (at) => {
    if (order.status === 'DELIVERED') completeOrder(tiktok, order, at)
  })
}

export function completeOrder(tiktok: Tiktok, order: Order, at: Date): void {
  order.status = 'COMPLETED'
  order.history.push({ at: wholeSecond(at), status: 'COMPLETED', cause: 'the time for returns is over' })
  settle(tiktok, order, { at, cause: 'completed' })
}
