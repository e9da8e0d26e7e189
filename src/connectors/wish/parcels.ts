// What Wish says of parcels, and what became of our last write to an order. Writes are answered with 200 and done later
// (W5): the order then shows what is being worked on and how it went.
import type { ChannelOrder } from '../connector.ts'
import { asArray, asInstant, asObject, asText } from '../reading.ts'
import type { JsonObject } from '../reading.ts'

type Processing = {
  source: 'UPDATE_TRACKING' | 'REFUND' | 'MODIFY_SHIPPING' | 'other'
  status: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED'
}

const sources = ['UPDATE_TRACKING', 'REFUND', 'MODIFY_SHIPPING'] as const
const statuses = ['IN_PROGRESS', 'SUCCEEDED', 'FAILED'] as const

/** Undefined where the order shows nothing of it: once both fields stayed empty, and then only the tracking tells. */
export function processingOf(order: JsonObject): Processing | undefined {
  const status = statuses.find((word) => word === order['processing_status'])
  const source = sources.find((word) => word === order['processing_source']) ?? 'other'
  return status && { source, status }
}

/** The parcels that count. The newest is first, and at most two are kept. */
export function parcelsOf(order: JsonObject): ChannelOrder['shipments'] {
  if (!countsAsShipped(order)) return []
  return (asArray(order['tracking_information']) ?? []).flatMap((raw) => {
    const parcel = asObject(raw)
    const trackingNumber = asText(parcel?.['tracking_number'])
    // Sent as a text, shown as {name}.
    const provider = parcel?.['shipping_provider']
    const carrier = asText(asObject(provider)?.['name']) ?? asText(provider)
    return carrier === null && trackingNumber === null ? [] : [{ carrier, trackingNumber }]
  })
}

/** Wish took the shipment back and wants it sent again (W6): what is shown of parcels is of the time before. */
export function isReleasedAgain(order: JsonObject): boolean {
  if (order['state'] !== 'APPROVED') return false
  const last = lastOf(order, ['ORDER_RE_RELEASED', 'TRACKING_CANCELLED'])
  return last !== undefined && last >= (lastOf(order, ['MARK_SHIPPED']) ?? 0)
}

// On an order still to be shipped a tracking number may be one that is only being looked at, or was not taken.
function countsAsShipped(order: JsonObject): boolean {
  if (order['state'] !== 'APPROVED') return true
  if (isReleasedAgain(order)) return false
  const processing = processingOf(order)
  return processing?.source !== 'UPDATE_TRACKING' || processing.status === 'SUCCEEDED'
}

function lastOf(order: JsonObject, kinds: string[]): number | undefined {
  const times = (asArray(order['fulfillment_records']) ?? []).flatMap((raw) => {
    const event = asObject(raw)
    const isOne = kinds.includes(asText(event?.['event_type']) ?? '')
    return isOne ? (asInstant(event?.['event_time'])?.getTime() ?? []) : []
  })
  return times.length === 0 ? undefined : Math.max(...times)
}
