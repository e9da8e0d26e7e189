// Which supplier's offer fills what (D4): the seller's order of preference first, then the lowest cost, among offers
// that can. What was promised to one need is gone for the next, so the last unit is never promised twice.
import type { HoldReason } from '../orders/order.ts'

export type Offer = {
  id: string
  variantId: string
  supplierId: string
  supplierName: string
  /** Smaller is asked first. */
  preference: number
  supplierActive: boolean
  active: boolean
  /** Null is unknown, which is not 0. */
  onHand: number | null
  reserved: number
  costMinor: number | null
  currency: string
}

export type Need = {
  componentId: string
  orderId: string
  variantId: string
  quantity: number
  /** Whether it may go to a supplier now; otherwise stock is only promised to it (D3b). */
  goes: boolean
  holdReason: HoldReason | null
  /** The offer that already promised the stock to it. */
  reservedOfferId: string | null
}

export type OfferRefusal = 'not-enough' | 'stock-unknown' | 'cost-unknown' | 'offer-inactive' | 'supplier-inactive'

export type OfferChoice = {
  chosen: Offer | null
  /** Why the others were not taken, in the order they were asked. */
  refused: { offerId: string; supplierName: string; because: OfferRefusal; available: number | null }[]
  /** How many offers could have filled it. */
  able: number
  because: 'only-one' | 'preferred' | 'cheaper' | 'equal' | null
}

/** `offers` are those of the variant needed, with what is reserved by now. */
export function chooseOffer(need: { quantity: number }, offers: Offer[]): OfferChoice {
  const asked = offers.toSorted(compareOffers)
  const refused: OfferChoice['refused'] = []
  const able: Offer[] = []
  for (const offer of asked) {
    const because = refusalOf(need, offer)
    if (because)
      refused.push({ offerId: offer.id, supplierName: offer.supplierName, because, available: availableOf(offer) })
    else able.push(offer)
  }
  const [chosen, second] = able
  if (!chosen) return { chosen: null, refused, able: 0, because: null }
  return { chosen, refused, able: able.length, because: advantage(chosen, second) }
}

function refusalOf(need: { quantity: number }, offer: Offer): OfferRefusal | null {
  if (!offer.supplierActive) return 'supplier-inactive'
  if (!offer.active) return 'offer-inactive'
  const available = availableOf(offer)
  if (available === null) return 'stock-unknown'
  if (available < need.quantity) return 'not-enough'
  return offer.costMinor === null ? 'cost-unknown' : null
}

export function availableOf(offer: { onHand: number | null; reserved: number }): number | null {
  return offer.onHand === null ? null : Math.max(0, offer.onHand - offer.reserved)
}

// Costs in two currencies are not comparable without a rate, so currencies stand in a fixed order.
function compareOffers(one: Offer, other: Offer): number {
  return (
    one.preference - other.preference ||
    compareText(one.currency, other.currency) ||
    (one.costMinor ?? Infinity) - (other.costMinor ?? Infinity) ||
    compareText(one.id, other.id)
  )
}

export function compareText(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}

function advantage(chosen: Offer, second: Offer | undefined): OfferChoice['because'] {
  if (!second) return 'only-one'
  if (chosen.preference < second.preference) return 'preferred'
  if (chosen.currency === second.currency && (chosen.costMinor ?? 0) < (second.costMinor ?? 0)) return 'cheaper'
  return 'equal'
}

/** What keeps a need waiting: the hindrance that would vanish first. */
export function holdReasonFor(choice: OfferChoice): HoldReason {
  const reasons = new Set(choice.refused.map((refusal) => refusal.because))
  if (reasons.has('not-enough')) return 'no-stock'
  if (reasons.has('stock-unknown')) return 'stock-unknown'
  if (reasons.has('cost-unknown')) return 'cost-unknown'
  return 'no-offer'
}

export type Placement = {
  need: Need
  state: 'held' | 'reserved' | 'routed'
  holdReason: HoldReason | null
  offer: Offer | null
  /** Newly reserved by this plan; what was reserved before is not taken twice. */
  takes: boolean
  /** The reservation it gives up, because that offer cannot deliver any more. */
  givesUpOfferId: string | null
  choice: OfferChoice | null
}

/** Places needs in the order given, counting down the offers in hand. */
export function planRouting(needs: Need[], offers: Offer[]): Placement[] {
  const byId = new Map(offers.map((offer) => [offer.id, { ...offer }]))
  const byVariant = Map.groupBy(byId.values(), (offer) => offer.variantId)
  return needs.map((need) => place(need, byId, byVariant))
}

function place(need: Need, byId: Map<string, Offer>, byVariant: Map<string, Offer[]>): Placement {
  const waiting = { state: 'reserved', holdReason: need.holdReason } as const
  const goingOrWaiting = need.goes ? ({ state: 'routed', holdReason: null } as const) : waiting
  const kept = need.reservedOfferId === null ? undefined : byId.get(need.reservedOfferId)
  if (kept && (!need.goes || canDeliver(kept))) {
    return { need, ...goingOrWaiting, offer: kept, takes: false, givesUpOfferId: null, choice: null }
  }
  if (kept) kept.reserved -= need.quantity
  const choice = chooseOffer(need, byVariant.get(need.variantId) ?? [])
  const common = { need, givesUpOfferId: kept?.id ?? null, choice }
  if (!choice.chosen) return { ...common, state: 'held', holdReason: holdReasonFor(choice), offer: null, takes: false }
  choice.chosen.reserved += need.quantity
  return { ...common, ...goingOrWaiting, offer: choice.chosen, takes: true }
}

// Its stock is promised already; what else must be so that a purchase order can be written.
function canDeliver(offer: Offer): boolean {
  return offer.active && offer.supplierActive && offer.costMinor !== null && offer.onHand !== null
}

export type PurchaseOrderDraft = {
  orderId: string
  supplierId: string
  supplierName: string
  currency: string
  costMinor: number
  placements: (Placement & { offer: Offer })[]
}

/** What goes to one supplier for one order travels together, one purchase order each. */
export function draftPurchaseOrders(placements: Placement[]): PurchaseOrderDraft[] {
  const drafts = new Map<string, PurchaseOrderDraft>()
  for (const placement of placements) {
    const { offer, need } = placement
    if (placement.state !== 'routed' || !offer) continue
    const key = `${need.orderId} ${offer.supplierId} ${offer.currency}`
    const draft = drafts.get(key) ?? {
      orderId: need.orderId,
      supplierId: offer.supplierId,
      supplierName: offer.supplierName,
      currency: offer.currency,
      costMinor: 0,
      placements: [],
    }
    if (offer.costMinor === null) throw new Error('A purchase order needs a known cost (P6).')
    draft.costMinor += offer.costMinor * need.quantity
    draft.placements.push({ ...placement, offer })
    drafts.set(key, draft)
  }
  return [...drafts.values()]
}
