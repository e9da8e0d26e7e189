// An order lists each single unit. We count those of one SKU at one price together as a line, and pick units out of it
// again where a parcel is confirmed.
import type { ChannelOrder } from '../connector.ts'
import { asArray, asMoney, asObject, asText, UnreadableError } from '../reading.ts'
import type { JsonObject } from '../reading.ts'

export type Unit = {
  id: string
  /** The line it belongs to: the lowest id of its units, which stays the same however they are shipped or cancelled. */
  lineId: string
  raw: JsonObject
  isCancelled: boolean
  packageId: string | null
  trackingNumber: string | null
  carrier: string | null
  isShipped: boolean
}

const shippedWords = ['AWAITING_COLLECTION', 'IN_TRANSIT', 'DELIVERED', 'COMPLETED']

export function unitsOf(order: JsonObject): Unit[] {
  const raws = (asArray(order['line_items']) ?? []).map((entry) => {
    const raw = asObject(entry) ?? unreadable('A line item of the order is not one')
    return { raw, id: asText(raw['id']) ?? unreadable('A line item of the order has no id') }
  })
  const lineIds = new Map<string, string>()
  for (const { raw, id } of raws) {
    const lowest = lineIds.get(keyOf(raw))
    if (lowest === undefined || isLower(id, lowest)) lineIds.set(keyOf(raw), id)
  }
  return raws.map(({ raw, id }) => {
    const status = asText(raw['display_status']) ?? ''
    const trackingNumber = asText(raw['tracking_number'])
    return {
      id,
      raw,
      lineId: lineIds.get(keyOf(raw)) ?? id,
      isCancelled: status.startsWith('CANCEL'),
      packageId: asText(raw['package_id']),
      trackingNumber,
      carrier: asText(raw['shipping_provider_name']),
      isShipped: trackingNumber !== null || shippedWords.includes(status),
    }
  })
}

/** Cancelled units are not owed any more; of an order that is cancelled as a whole they still say what it was. */
export function linesOf(
  units: Unit[],
  { currencyUnstated, isCancelled }: { currencyUnstated: string; isCancelled: boolean },
): ChannelOrder['lines'] {
  const isAllCancelled = isCancelled || units.every((unit) => unit.isCancelled)
  const lines = new Map<string, ChannelOrder['lines'][number]>()
  for (const { raw, lineId } of units.filter((unit) => isAllCancelled || !unit.isCancelled)) {
    const line = lines.get(lineId)
    if (line) {
      line.quantity += 1
      continue
    }
    lines.set(lineId, {
      marketplaceLineId: lineId,
      marketplaceListingId: asText(raw['product_id']),
      marketplaceVariantId: asText(raw['sku_id']),
      channelSku: asText(raw['seller_sku']),
      title: titleOf(raw),
      quantity: 1,
      unitPriceIncVat: priceOf(raw, currencyUnstated),
    })
  }
  return [...lines.values()]
}

// The parcel is no part of it: it comes with the dispatch, and a line must not become another one by that.
function keyOf(raw: JsonObject): string {
  return JSON.stringify([asText(raw['sku_id']), asText(raw['sale_price']), raw['is_gift'] === true])
}

function titleOf(raw: JsonObject): string {
  const [product, sku] = [asText(raw['product_name']) ?? '', asText(raw['sku_name'])]
  return sku === null || /^default$/i.test(sku) ? product : `${product} (${sku})`
}

function priceOf(raw: JsonObject, currencyUnstated: string) {
  const amount = { amount: raw['sale_price'], currency: raw['currency'] }
  const price = asMoney(amount, currencyUnstated)
  if (price && price.minor >= 0) return price
  return unreadable(`A line item’s sale_price is no amount of money we know: ${JSON.stringify(amount).slice(0, 100)}`)
}

/** Ids are numbers as text, and longer than a number can be exact. */
function isLower(one: string, other: string): boolean {
  return one.length === other.length ? one < other : one.length < other.length
}

function unreadable(reason: string): never {
  throw new UnreadableError(reason)
}
