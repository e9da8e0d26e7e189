// What may be in a parcel: what the purchase order still has open, no more (V3).

export type OpenLine = { componentId: string; ordered: number; dispatched: number }

export type ParcelLine = { componentId: string; quantity: number }

export type ParcelRefusal = 'nothing-open' | 'more-than-ordered' | 'not-on-purchase-order' | 'tracking-missing'

export type ParcelAnswer =
  | { kind: 'fits'; lines: ParcelLine[]; empties: boolean }
  | { kind: 'refused'; reason: ParcelRefusal }

/** `wanted` left out: all that is still open. */
export function fillParcel(open: OpenLine[], wanted: ParcelLine[] | undefined): ParcelAnswer {
  const left = new Map(open.map((line) => [line.componentId, line.ordered - line.dispatched]))
  const total = sum([...left.values()])
  if (total <= 0) return { kind: 'refused', reason: 'nothing-open' }
  const asked = wanted ? byComponent(wanted) : left
  const lines = [...asked]
    .map(([componentId, quantity]) => ({ componentId, quantity }))
    .filter((line) => line.quantity > 0)
  if (lines.some((line) => !left.has(line.componentId))) return { kind: 'refused', reason: 'not-on-purchase-order' }
  if (lines.some((line) => line.quantity > (left.get(line.componentId) ?? 0)))
    return { kind: 'refused', reason: 'more-than-ordered' }
  if (lines.length === 0) return { kind: 'refused', reason: 'nothing-open' }
  return { kind: 'fits', lines, empties: sum(lines.map((line) => line.quantity)) === total }
}

/** The same parcel, however its number is typed. */
export function plainTracking(trackingNumber: string): string {
  return trackingNumber.toUpperCase().replace(/\s+/g, '')
}

function byComponent(lines: ParcelLine[]): Map<string, number> {
  const quantities = new Map<string, number>()
  for (const { componentId, quantity } of lines)
    quantities.set(componentId, (quantities.get(componentId) ?? 0) + quantity)
  return quantities
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
