// A buyer at Wish chooses no shipping service. What an order demands of its shipment are marks on it, and those are what
// the shipping mapping keys on: one word for each combination of them.

/** Ships in the ordinary way: an order without any mark. */
const standard = 'STANDARD'

/** Marks that ask something of the shipment. */
const services: Record<string, string> = {
  WISH_EXPRESS: 'Wish Express',
  ADVANCED_LOGISTICS: 'Advanced logistics',
  OPTIONAL_ADVANCED_LOGISTICS: 'Advanced logistics (optional)',
  LESS_THAN_TRUCKLOAD: 'Less than truckload',
  PREMIUM_SHIPPING_CARRIER_UPGRADE: 'Premium carrier upgrade',
  CONFIRMED_DELIVERY_POLICY: 'Confirmed delivery',
  MAX_DELIVERY_DAY_REQUIREMENT: 'Maximum delivery days',
  FULFILLED_BY_WISH: 'Fulfilled by Wish',
  FULFILLED_BY_STORE: 'Fulfilled by a store',
}

/** Marks about tax, prices or programmes: they change nothing about how a parcel goes. */
const otherMarks = new Set(['VAT', 'PC-VAT', 'UNIFICATION_INITIATIVE', 'CALCULATED_SHIPPING', 'WISH_PLUS'])

/** The parcel leaves from Wish's own warehouse or from a store: nothing of it is ours to send. */
const sentByOthers = ['FULFILLED_BY_WISH', 'FULFILLED_BY_STORE']

/** A mark we do not know may well be about the shipment, so it stays in the word. */
export function shippingServiceOf(marks: string[]): string {
  const asking = [...new Set(marks)].filter((mark) => !otherMarks.has(mark))
  return asking.length === 0 ? standard : asking.toSorted().join('+')
}

export function senderElsewhere(marks: string[]): string | undefined {
  return sentByOthers.find((mark) => marks.includes(mark))
}

export async function shippingServices(): Promise<{ code: string; name: string }[]> {
  const ours = Object.entries(services).filter(([code]) => !sentByOthers.includes(code))
  return [{ code: standard, name: 'Standard' }, ...ours.map(([code, name]) => ({ code, name }))]
}
