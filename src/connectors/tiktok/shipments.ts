// Telling TikTok Shop that a parcel left. The order is read first: what it shows already is done, and it names the units
// that are still to go.
import { RefusedError } from '../connector.ts'
import type { Refusal, Reply, ShipmentReport } from '../connector.ts'
import { asArray, asObject, asText, UnreadableError } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import type { TikTokCall } from './account.ts'
import { ask } from './ask.ts'
import { providerFor } from './carriers.ts'
import type { Provider } from './carriers.ts'
import { codeOf, replyOf } from './errors.ts'
import { unitsOf } from './order-units.ts'
import type { Unit } from './order-units.ts'
import { readRawOrder } from './orders.ts'
import { orderStatusOf } from './statuses.ts'

const alreadyShippedCodes = [21008099, 21011006, 21011020, 21011040, 21042056, 11006021, 21011025, 21034012]
const onHoldCode = 21011044
const wrongRegionCode = 21008106
/** The buyer's hour to cancel is over then, or nearly. */
const onHoldSeconds = 1800

export function confirmShipment(call: TikTokCall, shipment: ShipmentReport): Promise<Reply> {
  const trackingNumber = shipment.trackingNumber.trim()
  return replyOf(async () => {
    if (trackingNumber === '') return { kind: 'rejected', reason: 'TikTok Shop needs a tracking number' }
    const order = await readRawOrder(call, shipment.marketplaceOrderId)
    const units = readUnits(order)
    if (shows(units, trackingNumber)) return { kind: 'done', reference: trackingNumber }
    const refusal = whyNotShipped(order)
    if (refusal) return refusal
    const chosen = chooseUnits(units, shipment)
    if (chosen.length === 0) return { kind: 'rejected', reason: alreadyGone(units) }
    const provider = await findProvider(call, order, shipment.carrier)
    const reply = await replyOf(() => ship(call, { order, chosen, trackingNumber, providerId: provider.id }))
    return lookAgain(call, reply, { orderId: shipment.marketplaceOrderId, trackingNumber })
  })
}

type Parcel = { order: JsonObject; chosen: Unit[]; trackingNumber: string; providerId: string }

/** Most markets take the parcel with its units; the others have packed the units into parcels beforehand. */
async function ship(call: TikTokCall, parcel: Parcel): Promise<Reply> {
  const reply = await replyOf(() => shipUnits(call, parcel))
  return reply.kind === 'rejected' && codeOf(reply) === wrongRegionCode ? shipPackages(call, parcel) : reply
}

async function shipUnits(call: TikTokCall, { order, chosen, trackingNumber, providerId }: Parcel): Promise<Reply> {
  const data = await ask(call, 'orders.ship', {
    id: asText(order['id']) ?? '',
    body: {
      order_line_item_ids: chosen.map((unit) => unit.id),
      tracking_number: trackingNumber,
      shipping_provider_id: providerId,
    },
  })
  const packageId = asText(data['package_id'])
  if (packageId !== null) return { kind: 'done', reference: packageId }
  return { kind: 'unclear', reason: 'TikTok Shop did not say whether the parcel was taken' }
}

async function shipPackages(call: TikTokCall, { order, chosen, trackingNumber, providerId }: Parcel): Promise<Reply> {
  const packageIds = [...new Set(chosen.map((unit) => unit.packageId))]
  const [packageId, ...others] = packageIds
  // Theirs leaves as a whole: with a part of it, units would count as dispatched that are not.
  const inIt = readUnits(order).filter((unit) => unit.packageId === packageId && !unit.isCancelled)
  if (packageId === undefined || packageId === null || others.length > 0 || inIt.length !== chosen.length) {
    const reason = 'TikTok Shop has packed this order into other parcels. Please confirm it in the Seller Center'
    return { kind: 'rejected', reason }
  }
  await ask(call, 'packages.ship', {
    id: packageId,
    body: { self_shipment: { tracking_number: trackingNumber, shipping_provider_id: providerId } },
  })
  return { kind: 'done', reference: packageId }
}

// "Already shipped" and "number used already" may speak of an earlier try of ours whose answer was lost.
async function lookAgain(
  call: TikTokCall,
  reply: Reply,
  { orderId, trackingNumber }: { orderId: string; trackingNumber: string },
): Promise<Reply> {
  if (reply.kind !== 'rejected') return reply
  const code = codeOf(reply) ?? 0
  if (code === onHoldCode) return { kind: 'wait', seconds: onHoldSeconds, reason: reply.reason }
  if (!alreadyShippedCodes.includes(code)) return reply
  const units = readUnits(await readRawOrder(call, orderId))
  return shows(units, trackingNumber) ? { kind: 'done', reference: trackingNumber } : reply
}

function whyNotShipped(order: JsonObject): Refusal | undefined {
  const word = asText(order['status']) ?? ''
  const status = orderStatusOf(word)
  if (status === 'cancelled') return { kind: 'rejected', reason: 'The order is cancelled at TikTok Shop' }
  if (status === 'awaiting-payment' || status === 'on-hold') {
    return { kind: 'wait', seconds: onHoldSeconds, reason: `The order is ${word} at TikTok Shop` }
  }
  return undefined
}

/** As many units of each line as are in the parcel, of those that have not left; without lines, all of these. */
function chooseUnits(units: Unit[], { lines }: ShipmentReport): Unit[] {
  const open = units.filter((unit) => !unit.isShipped && !unit.isCancelled)
  if (lines.length === 0) return open
  return lines.flatMap(({ marketplaceLineId, quantity }) =>
    open.filter((unit) => unit.lineId === marketplaceLineId).slice(0, quantity),
  )
}

function alreadyGone(units: Unit[]): string {
  const known = [...new Set(units.flatMap((unit) => unit.trackingNumber ?? []))]
  if (known.length === 0) return 'None of this is waiting to be dispatched at TikTok Shop'
  return `TikTok Shop has these units as dispatched already, with ${known.join(', ')}`
}

async function findProvider(call: TikTokCall, order: JsonObject, carrier: string): Promise<Provider> {
  const id = asText(order['delivery_option_id'])
  if (id === null) throw new RefusedError({ kind: 'rejected', reason: 'The order does not say how it is delivered' })
  const data = await ask(call, 'deliveryOptions.shippingProviders', { id })
  const providers = (asArray(data['shipping_providers']) ?? []).flatMap((entry): Provider[] => {
    const [providerId, name] = [asText(asObject(entry)?.['id']), asText(asObject(entry)?.['name'])]
    return providerId === null || name === null ? [] : [{ id: providerId, name }]
  })
  const found = providerFor(carrier, providers)
  if (found) return found
  const names = providers.map((provider) => provider.name).join(', ')
  throw new RefusedError({
    kind: 'rejected',
    reason: `TikTok Shop does not know the carrier “${carrier}” for this delivery. It takes: ${names}`,
  })
}

function shows(units: Unit[], trackingNumber: string): boolean {
  return units.some((unit) => plainTracking(unit.trackingNumber ?? '') === plainTracking(trackingNumber))
}

function plainTracking(text: string): string {
  return text.toUpperCase().replace(/\s+/g, '')
}

function readUnits(order: JsonObject): Unit[] {
  try {
    return unitsOf(order)
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error
    throw new RefusedError({ kind: 'rejected', reason: error.message })
  }
}
