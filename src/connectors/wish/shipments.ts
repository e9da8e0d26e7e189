// Telling Wish that a parcel left. The order is read first, so that repeating it changes nothing, and again while Wish is
// at work: it answers 200 at once and may still fail later (W5).
import { RefusedError } from '../connector.ts'
import type { Call, Reply, ShipmentReport } from '../connector.ts'
import { asInstant, asObject, asText, pathPart } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import type { WishAccount } from './account.ts'
import { ask } from './ask.ts'
import { carrierNameAmong } from './carriers.ts'
import { replyOf } from './errors.ts'
import { carrierNamesOf, chosenWarehouse, warehousesOf } from './merchant.ts'
import { askForOrder, textsIn } from './orders.ts'
import { isReleasedAgain, parcelsOf, processingOf } from './parcels.ts'
import { senderElsewhere } from './shipping-services.ts'

/** Wish keeps the two newest; a third would push out the first. */
const parcelsMax = 2
/** A failure is reported while it is fresh. Later whoever sends has been told of it and wants to try again. */
const failureIsNewsSeconds = 900

export function confirmShipment(call: Call<WishAccount>, shipment: ShipmentReport): Promise<Reply> {
  return replyOf(async () => {
    // Letters and digits only, without blanks, is all that Wish takes.
    const trackingNumber = plainTracking(shipment.trackingNumber)
    if (trackingNumber === '') return { kind: 'rejected', reason: 'Wish needs a tracking number of letters and digits' }
    const order = await askForOrder(call, shipment.marketplaceOrderId)
    const settled = alreadySettled(order, shipment, trackingNumber, call.now)
    if (settled) return settled
    const body = {
      origin_country: await originCountryOf(call, order),
      shipping_provider: await carrierOf(call, order, shipment.carrier),
      tracking_number: trackingNumber,
    }
    const url = `/api/v3/orders/${pathPart(shipment.marketplaceOrderId)}/tracking`
    const answer = asObject(await ask(call, { method: 'PUT', url, body }))
    const isDone = answer !== undefined && answer['state'] === 'SHIPPED' && isSettledThere(answer, trackingNumber)
    return isDone ? { kind: 'done', reference: trackingNumber } : { kind: 'pending', ticket: trackingNumber }
  })
}

function alreadySettled(
  order: JsonObject,
  { packageNumber }: ShipmentReport,
  trackingNumber: string,
  now: Date,
): Reply | undefined {
  const state = asText(order['state']) ?? ''
  const processing = processingOf(order)
  if (processing?.status === 'IN_PROGRESS') return { kind: 'pending', ticket: trackingNumber }
  if (isSettledThere(order, trackingNumber)) return { kind: 'done', reference: trackingNumber }
  if (state === 'REFUNDED' || state === 'DECLINED') return { kind: 'rejected', reason: `The order is ${state} at Wish` }
  const elsewhere = senderElsewhere(textsIn(order['fulfillment_order_types']))
  if (elsewhere !== undefined) return { kind: 'rejected', reason: `Wish says of the order: ${elsewhere}` }
  if (processing?.source === 'UPDATE_TRACKING' && processing.status === 'FAILED' && isFresh(order, now)) {
    const reason =
      'Wish took the tracking and then refused it without saying why. Check the carrier and the number, and send it again after a quarter of an hour'
    return { kind: 'rejected', reason }
  }
  const known = parcelsOf(order).flatMap((parcel) => parcel.trackingNumber ?? [])
  if (packageNumber > 1 && known.length >= parcelsMax) {
    return { kind: 'rejected', reason: `Wish keeps two parcels per order, and it has ${known.join(', ')} already` }
  }
  return undefined
}

/** Shown, and not of a time before Wish released the order again. */
function isSettledThere(order: JsonObject, trackingNumber: string): boolean {
  if (processingOf(order)?.status === 'IN_PROGRESS' || isReleasedAgain(order)) return false
  return parcelsOf(order).some((parcel) => plainTracking(parcel.trackingNumber ?? '') === trackingNumber.toUpperCase())
}

// The country a parcel leaves from is required since 2018 (W1): that of the warehouse the order was sold from.
async function originCountryOf(call: Call<WishAccount>, order: JsonObject): Promise<string> {
  const warehouses = await warehousesOf(call)
  const soldFrom = asText(asObject(order['warehouse_information'])?.['warehouse_id'])
  const chosen = chosenWarehouse(call)?.id
  const inOrder = [
    warehouses.find(({ id }) => id === soldFrom),
    warehouses.find(({ id }) => id === chosen),
    warehouses.find(({ isDefault }) => isDefault),
  ]
  const countryCode = inOrder.find((warehouse) => warehouse?.countryCode)?.countryCode
  if (countryCode) return countryCode
  const reason = 'Wish needs the country a parcel is sent from. Give the warehouse an address in your Wish dashboard'
  throw new RefusedError({ kind: 'rejected', reason })
}

async function carrierOf(call: Call<WishAccount>, order: JsonObject, carrier: string): Promise<string> {
  const confirmed = textsIn(order['fulfillment_order_types']).includes('CONFIRMED_DELIVERY_POLICY')
  const detail = asObject(asObject(order['full_address'])?.['shipping_detail'])
  const names = await carrierNamesOf(call, confirmed ? asText(detail?.['country_code']) : null)
  const name = carrierNameAmong(names, carrier)
  if (name !== undefined) return name
  throw new RefusedError({ kind: 'rejected', reason: `Wish takes no carrier “${carrier}” for this order` })
}

function isFresh(order: JsonObject, now: Date): boolean {
  const changedAt = asInstant(order['updated_at'])
  return changedAt === undefined || now.getTime() - changedAt.getTime() < failureIsNewsSeconds * 1000
}

function plainTracking(text: string): string {
  return text.toUpperCase().replace(/[^A-Z0-9]+/g, '')
}
