// Telling Reverb that a parcel left. The order is read first, so that repeating it changes nothing.
import type { Call, ChannelOrder, Reply, ShipmentReport } from '../connector.ts'
import type { ReverbAccount } from './account.ts'
import { errorsIn, messageIn, replyOf } from './errors.ts'
import { readOrder } from './orders.ts'
import { asObject, pathPart } from '../reading.ts'

/** What an unknown carrier goes out as. */
const otherCarrier = 'Other'

/** Our carrier code → their word. Those up to `other` are in the published spec, the rest came later. */
export const carriers: Record<string, string> = {
  ups: 'UPS',
  usps: 'USPS',
  fedex: 'FedEx',
  dhl: 'DHL',
  'dhl-de': 'DHL Deutschland',
  'dhl-express': 'DHLExpress',
  'dhl-global-mail': 'DHLGlobalMail',
  'canada-post': 'Canada Post',
  'royal-mail': 'Royal Mail',
  postnl: 'PostNL',
  'australia-post': 'Australia Post',
  ems: 'EMS',
  'la-poste': 'La Poste',
  'china-post': 'China Post',
  gls: 'GLS',
  parcelforce: 'Parcelforce',
  purolator: 'Purolator',
  interlogistica: 'Interlogistica',
  'correos-es': 'Correos España',
  'ukraine-post': 'Ukraine Post',
  'dpd-de': 'DPD Germany',
  'dpd-uk': 'DPD UK',
  'dpd-fr': 'DPD France',
  other: otherCarrier,
  canpar: 'CanPar',
  hermes: 'Hermes',
  tnt: 'TNT',
}

export function confirmShipment(call: Call<ReverbAccount>, shipment: ShipmentReport): Promise<Reply> {
  const trackingNumber = shipment.trackingNumber.trim()
  return replyOf(async () => {
    if (trackingNumber === '') return { kind: 'rejected', reason: 'Reverb needs a tracking number' }
    const order = await readOrder(call, shipment.marketplaceOrderId)
    const settled = alreadySettled(order, shipment, trackingNumber)
    if (settled) return settled
    const response = await call.send({
      method: 'POST',
      url: `/my/orders/selling/${pathPart(shipment.marketplaceOrderId)}/ship`,
      body: { provider: carrierWord(shipment.carrier), tracking_number: trackingNumber, send_notification: true },
    })
    const body = asObject(response.json) ?? {}
    if (errorsIn(body).length > 0) return { kind: 'rejected', reason: messageIn(response) ?? 'Reverb found errors' }
    // What exactly it answers is not documented, but never nothing.
    if (Object.keys(body).length === 0)
      return { kind: 'unclear', reason: 'Reverb did not say whether the parcel was taken' }
    return { kind: 'done', reference: trackingNumber }
  })
}

function alreadySettled(order: ChannelOrder, shipment: ShipmentReport, trackingNumber: string): Reply | undefined {
  const known = order.shipments.flatMap((parcel) => parcel.trackingNumber ?? [])
  if (known.some((number) => isSameTracking(number, trackingNumber))) return { kind: 'done', reference: trackingNumber }
  if (order.status === 'cancelled' || order.status === 'refunded') {
    return { kind: 'rejected', reason: `The order is ${order.marketplaceStatus} at Reverb` }
  }
  // One tracking number per order: a second parcel would overwrite the first, and the first the second when repeated.
  // A first parcel with another number is a correction and goes out.
  if (known.length > 0 && shipment.packageNumber > 1) {
    return { kind: 'rejected', reason: `Reverb keeps one parcel per order, and it has ${known.join(', ')} already` }
  }
  return undefined
}

/** Our code, or their own word as suppliers write it ("Royal Mail", "royal mail"); anything else is "Other". */
export function carrierWord(carrier: string): string {
  const plain = plainCarrier(carrier)
  const known = Object.entries(carriers).find(
    ([code, word]) => plainCarrier(code) === plain || plainCarrier(word) === plain,
  )
  return known?.[1] ?? otherCarrier
}

function plainCarrier(text: string): string {
  return text.toLowerCase().replace(/[\s_-]+/g, '')
}

function isSameTracking(one: string, other: string): boolean {
  return plainTracking(one) === plainTracking(other)
}

function plainTracking(text: string): string {
  return text.toUpperCase().replace(/\s+/g, '')
}
