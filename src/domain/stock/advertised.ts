// What a listing shows, and why: available → per pack or kit → one of a kind → threshold → max (E2). The stock job does
// the same computation set-based (settle-stock.command.ts); a property test holds the two equal.

/** One supplier's offer of a variant. */
export type OfferStock = {
  supplierName: string
  /** The offer and its supplier are both in use. */
  active: boolean
  /** Null is unknown, which is not 0. */
  onHand: number | null
  reserved: number
  onHandAt: Date | null
}

export type ComponentStock = { sku: string; quantity: number; offers: OfferStock[] }

export type AdvertisingRules = {
  stockThreshold: number
  /** 0: not active. */
  advertisedMax: number
  /** False where the listing is one of a kind. */
  takesQuantity: boolean
}

/** The pipeline in order. A step is named only where it had something to say. */
export type StockStep =
  | { step: 'available'; after: number | null }
  | { step: 'shortage'; after: number | null }
  | { step: 'one-of-a-kind'; after: number }
  | { step: 'threshold'; after: number }
  | { step: 'advertised-max'; after: number }

export type AdvertisedStock = {
  /** Null: not known, so nothing is sent. */
  quantity: number | null
  /** There is stock, and only the threshold makes it 0 (A10). */
  zeroByThreshold: boolean
  because: StockStep[]
}

export function advertisedStock(components: ComponentStock[], rules: AdvertisingRules): AdvertisedStock {
  const units = listingUnits(components)
  const because: StockStep[] = [{ step: 'available', after: units }]
  if (components.some((component) => component.offers.some(isShort))) because.push({ step: 'shortage', after: units })
  if (units === null) return { quantity: null, zeroByThreshold: false, because }
  let quantity = units
  if (!rules.takesQuantity && quantity > 1) {
    quantity = 1
    because.push({ step: 'one-of-a-kind', after: quantity })
  }
  const zeroByThreshold = quantity > 0 && units <= rules.stockThreshold
  if (zeroByThreshold) {
    quantity = 0
    because.push({ step: 'threshold', after: quantity })
  }
  if (rules.advertisedMax > 0 && quantity > rules.advertisedMax) {
    quantity = rules.advertisedMax
    because.push({ step: 'advertised-max', after: quantity })
  }
  return { quantity, zeroByThreshold, because }
}

/** How many of the listing can be delivered: of a kit, as many as its scarcest part allows. */
export function listingUnits(components: ComponentStock[]): number | null {
  const units = components.map(unitsOf)
  // One part that is certainly out settles it, whatever is not known about the others.
  if (units.includes(0)) return 0
  if (units.length === 0 || units.includes(null)) return null
  return Math.min(...units.filter((known) => known !== null))
}

/**
 * Routing takes all of a component from one offer. So a pack is counted per offer and then summed: two suppliers with 3
 * each can deliver one pack of 2 each, not three packs together, and none of a pack of 4.
 */
export function unitsOf(component: ComponentStock): number | null {
  const { offers, quantity } = component
  // Never offered by anyone is not known; offered and given up by all is 0, for nobody would deliver.
  if (offers.length === 0) return null
  const active = offers.filter((offer) => offer.active)
  if (active.length === 0) return 0
  const known = active.filter((offer) => offer.onHand !== null)
  if (known.length === 0) return null
  return known.reduce((sum, offer) => sum + Math.floor(availableOf(offer) / quantity), 0)
}

export function availableOf(offer: Pick<OfferStock, 'onHand' | 'reserved'>): number {
  return Math.max(0, (offer.onHand ?? 0) - offer.reserved)
}

/** More is promised than the supplier says he has. */
export function isShort(offer: Pick<OfferStock, 'onHand' | 'reserved' | 'active'>): boolean {
  return offer.active && offer.onHand !== null && offer.onHand < offer.reserved
}
