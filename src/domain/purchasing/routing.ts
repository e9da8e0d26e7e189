// Which supplier fills what of an order (D4). Its lines travel together where one supplier has them all: the seller's order
// of preference first, then the lowest landed cost of the whole. Only where nobody has all is it split, line by line. What
// was promised to one need is gone for the next, so the last unit is never promised twice. Where only a figure is missing,
// what the goods cost or their shipping, the units are promised all the same: they would be sold again otherwise (S6).
import { isCostMissing, type HoldReason, type MissingCost } from '../orders/order.ts'
import type { Money } from '../money.ts'
import { askOffers, compareText, shippingFor, type Asked, type Offer, type OfferRefusal } from './ask-offers.ts'
import { billOf, compareLanded, landedCost, shownLanded, type Landed, type RoutingTerms } from './landed-cost.ts'

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
  localPickup: boolean
  /** Null: not known yet. */
  countryCode: string | null
  /** Null: not known yet, or the buyer picks it up. */
  shippingServiceId: string | null
  /** Suppliers who declined a purchase order with it. */
  declinedBy: string[]
}

export type OfferChoice = {
  chosen: Offer | null
  because: 'only-one' | 'preferred' | 'cheaper' | 'comparable' | 'equal' | null
  /** What the choice was between: for lines that travel together the cost of all of them. */
  landed: Money | null
  /** For one line alone; for all lines of the order at once; or for one of several, because nobody has them all. */
  scope: 'line' | 'together' | 'split'
  /** Who could have filled it too, and why he was not taken. */
  others: { supplierName: string; because: OtherReason; landed: Money | null }[]
  /** Who could not, and why. */
  refused: { offerId: string; supplierName: string; because: OfferRefusal; available: number | null }[]
}

export type OtherReason = 'less-preferred' | 'dearer' | 'no-rate' | 'equal' | 'not-all'

export type Placement = {
  need: Need
  state: 'held' | 'reserved' | 'routed'
  /** Also why nothing is sent of what is reserved. */
  holdReason: HoldReason | null
  offer: Offer | null
  /** Newly reserved by this plan; what was reserved before is not taken twice. */
  takes: boolean
  /** The reservation it gives up, because that offer cannot deliver any more. */
  givesUpOfferId: string | null
  choice: OfferChoice | null
}

/** The offers in hand, counted down while orders are planned. */
export type Stock = { byId: Map<string, Offer>; byVariant: Map<string, Offer[]> }

export function stockOf(offers: Offer[]): Stock {
  const byId = new Map(offers.map((offer) => [offer.id, { ...offer }]))
  return { byId, byVariant: Map.groupBy(byId.values(), (offer) => offer.variantId) }
}

/** Places needs in the order given, order by order. The answers stand in the order of the needs. */
export function planRouting(needs: Need[], offers: Offer[], terms: RoutingTerms): Placement[] {
  const stock = stockOf(offers)
  const placed = new Map<Need, Placement>()
  for (const ofOrder of Map.groupBy(needs, (need) => need.orderId).values())
    for (const placement of planOrder(ofOrder, stock, terms)) placed.set(placement.need, placement)
  return needs.map((need) => {
    const placement = placed.get(need)
    if (!placement) throw new Error('A need was not planned.')
    return placement
  })
}

function planOrder(needs: Need[], stock: Stock, terms: RoutingTerms): Placement[] {
  const placements: Placement[] = []
  const open: Need[] = []
  // Whose purchase order this order gets anyway: goods added to it need no second shipping.
  const shipping = new Set<string>()
  for (const need of needs) {
    const kept = need.reservedOfferId === null ? undefined : stock.byId.get(need.reservedOfferId)
    if (kept && (!need.goes || refusalOfKept(need, kept, terms) === null)) {
      placements.push({ need, ...stateOf(need), offer: kept, takes: false, givesUpOfferId: null, choice: null })
      shipping.add(parcelOf(kept))
      continue
    }
    if (kept) kept.reserved -= need.quantity
    open.push(need)
  }
  // What has a promise may keep it, so the others have what is left.
  const promisedFirst = open.toSorted((one, other) => Number(hasPromise(other)) - Number(hasPromise(one)))
  for (const [need, choice, lacking] of chooseAll(promisedFirst, stock, terms, shipping)) {
    const offer = choice.chosen ?? lacking?.offer ?? null
    const takes = offer !== null && offer.id !== need.reservedOfferId
    const givesUpOfferId = offer === null || takes ? need.reservedOfferId : null
    placements.push({ need, ...standing(need, choice, lacking), offer, takes, givesUpOfferId, choice })
  }
  return placements
}

function hasPromise(need: Need): boolean {
  return need.reservedOfferId !== null
}

function standing(need: Need, choice: OfferChoice, lacking: Lacking | undefined) {
  if (choice.chosen) return stateOf(need)
  if (lacking) return { state: 'reserved', holdReason: need.holdReason ?? lacking.because } as const
  return { state: 'held', holdReason: holdReasonFor(choice) } as const
}

function stateOf(need: Need) {
  return need.goes
    ? ({ state: 'routed', holdReason: null } as const)
    : ({ state: 'reserved', holdReason: need.holdReason } as const)
}

// Its stock is promised already; what else must be so that a purchase order can be written.
function refusalOfKept(need: Need, offer: Offer, terms: RoutingTerms): OfferRefusal | null {
  const [asked] = askOffers({ ...need, quantity: 0 }, [offer], terms)
  return asked?.because ?? null
}

/** What one supplier sends in one currency is one purchase order. */
function parcelOf(offer: { supplierId: string; currency: string }): string {
  return `${offer.supplierId} ${offer.currency}`
}

/** Who has the goods, and whose purchase order cannot be written for want of a figure. */
type Lacking = { offer: Offer; because: MissingCost }

/** Chooses for all open needs of one order, and takes what it chose. */
function chooseAll(
  open: Need[],
  stock: Stock,
  terms: RoutingTerms,
  shipping: Set<string>,
): [Need, OfferChoice, Lacking | undefined][] {
  const offersOf = (need: Need) => stock.byVariant.get(need.variantId) ?? []
  const asked = new Map(open.map((need) => [need, askOffers(need, offersOf(need), terms)]))
  // What nobody can fill waits; the rest still travels together.
  const fillable = open.filter((need) => asked.get(need)?.some((answer) => answer.because === null))
  const together = fillable.length > 1 ? chooseTogether(fillable, asked, terms, shipping) : undefined
  return open.map((need) => {
    const choice =
      together && fillable.includes(need)
        ? { ...together, chosen: together.basket.get(need) ?? null }
        : chooseOffer(need, offersOf(need), terms, shipping, fillable.length > 1 ? 'split' : 'line')
    const { chosen } = choice
    const lacking = chosen ? undefined : findLacking(need, choice, stock, terms)
    const taken = chosen ?? lacking?.offer
    if (taken) taken.reserved += need.quantity
    if (chosen) shipping.add(parcelOf(chosen))
    return [need, choice, lacking]
  })
}

/** Who promised the goods already, even if he is short by now; then in the order of preference. */
function findLacking(need: Need, { refused }: OfferChoice, stock: Stock, terms: RoutingTerms): Lacking | undefined {
  const kept = need.reservedOfferId === null ? undefined : stock.byId.get(need.reservedOfferId)
  const because = kept && refusalOfKept(need, kept, terms)
  if (kept && isCostMissing(because)) return { offer: kept, because }
  for (const refusal of refused) {
    const offer = stock.byId.get(refusal.offerId)
    if (offer && isCostMissing(refusal.because)) return { offer, because: refusal.because }
  }
  return undefined
}

type Candidate = { offer: Offer; landed: Landed; basket: Map<Need, Offer> }

function chooseTogether(
  needs: Need[],
  asked: Map<Need, Asked[]>,
  terms: RoutingTerms,
  shipping: Set<string>,
): (OfferChoice & { basket: Map<Need, Offer> }) | undefined {
  const able = needs.flatMap((need) => (asked.get(need) ?? []).filter((answer) => answer.because === null))
  const candidates: Candidate[] = []
  const partly: OfferChoice['others'] = []
  for (const [parcel, answers] of Map.groupBy(able, ({ offer }) => parcelOf(offer))) {
    const basket = fillBasket(needs, answers)
    const [{ offer } = { offer: undefined }] = answers
    if (!offer) continue
    if (!basket) {
      partly.push({ supplierName: offer.supplierName, because: 'not-all', landed: null })
      continue
    }
    const lines = [...basket].map(([need, taken]) => ({ need, offer: taken }))
    candidates.push({ offer, basket, landed: landedOf(lines, terms, shipping.has(parcel)) })
  }
  const ranked = candidates.toSorted(compareCandidates)
  const [chosen] = ranked
  if (!chosen) return undefined
  const choice = choiceOf(ranked, 'together')
  return {
    ...choice,
    others: [...choice.others, ...partly],
    refused: refusedOfAll(needs, asked),
    basket: chosen.basket,
  }
}

/** All needs from one supplier; where two ask for the same, it must be enough for both. */
function fillBasket(needs: Need[], answers: Asked[]): Map<Need, Offer> | undefined {
  const basket = new Map<Need, Offer>()
  const taken = new Map<Offer, number>()
  for (const need of needs) {
    const found = answers.find(({ offer, available }) => {
      return offer.variantId === need.variantId && (available ?? 0) - (taken.get(offer) ?? 0) >= need.quantity
    })
    if (!found) return undefined
    basket.set(need, found.offer)
    taken.set(found.offer, (taken.get(found.offer) ?? 0) + need.quantity)
  }
  return basket
}

/** Who can fill none of the lines, once each, with the reason of the first line. */
function refusedOfAll(needs: Need[], asked: Map<Need, Asked[]>): OfferChoice['refused'] {
  const answers = needs.flatMap((need) => asked.get(need) ?? [])
  const able = new Set(answers.filter(({ because }) => because === null).map(({ offer }) => offer.supplierId))
  const refused = new Map<string, OfferChoice['refused'][number]>()
  for (const refusal of refusalsOf(answers.filter(({ offer }) => !able.has(offer.supplierId))))
    if (!refused.has(refusal.supplierName)) refused.set(refusal.supplierName, refusal)
  return [...refused.values()]
}

/** `offers` are those of the variant needed, with what is reserved by now. */
export function chooseOffer(
  need: Need,
  offers: Offer[],
  terms: RoutingTerms,
  shipping: ReadonlySet<string> = new Set(),
  scope: OfferChoice['scope'] = 'line',
): OfferChoice {
  const asked = askOffers(need, offers, terms)
  const ranked = asked
    .filter(({ because }) => because === null)
    .map(({ offer }): Candidate => {
      const landed = landedOf([{ need, offer }], terms, shipping.has(parcelOf(offer)))
      return { offer, landed, basket: new Map() }
    })
    .toSorted(compareCandidates)
  return { ...choiceOf(ranked, scope), refused: refusalsOf(asked) }
}

/** What these goods add to the cost of the order; where their supplier sends a parcel anyway, no second shipping. */
export function landedOf(lines: { need: Need; offer: Offer }[], terms: RoutingTerms, shipsAnyway: boolean): Landed {
  const [first] = lines
  if (!first) throw new Error('There is no cost of nothing.')
  const priced = lines.map(({ need, offer }) => ({
    costMinor: offer.costMinor ?? 0,
    quantity: need.quantity,
    vatRateBasisPoints: offer.vatRateBasisPoints,
  }))
  const shipping = shipsAnyway ? null : shippingFor(first.need, first.offer.supplierId, terms).terms
  return landedCost(billOf(priced, shipping), first.offer.currency, terms)
}

function compareCandidates(one: Candidate, other: Candidate): number {
  return (
    one.offer.preference - other.offer.preference ||
    compareLanded(one.landed, other.landed) ||
    compareText(one.offer.supplierId, other.offer.supplierId) ||
    compareText(one.offer.id, other.offer.id)
  )
}

function choiceOf(ranked: Candidate[], scope: OfferChoice['scope']): OfferChoice {
  const [chosen, ...rest] = ranked
  if (!chosen) return { chosen: null, because: null, landed: null, scope, others: [], refused: [] }
  const [second] = rest
  return {
    chosen: chosen.offer,
    because: second ? advantages[whyNot(chosen, second)] : 'only-one',
    landed: shownLanded(chosen.landed),
    scope,
    others: rest.map((other) => ({
      supplierName: other.offer.supplierName,
      because: whyNot(chosen, other),
      landed: shownLanded(other.landed),
    })),
    refused: [],
  }
}

const advantages = {
  'less-preferred': 'preferred',
  'no-rate': 'comparable',
  dearer: 'cheaper',
  equal: 'equal',
} as const

function whyNot(chosen: Candidate, other: Candidate): keyof typeof advantages {
  if (chosen.offer.preference < other.offer.preference) return 'less-preferred'
  const isComparable = other.landed.compared !== null || other.landed.own.currency === chosen.landed.own.currency
  if (!isComparable) return 'no-rate'
  return compareLanded(chosen.landed, other.landed) < 0 ? 'dearer' : 'equal'
}

function refusalsOf(asked: Asked[]): OfferChoice['refused'] {
  return asked.flatMap(({ offer, because, available }) =>
    because === null ? [] : [{ offerId: offer.id, supplierName: offer.supplierName, because, available }],
  )
}

const holdReasons: [OfferRefusal, HoldReason][] = [
  ['not-enough', 'no-stock'],
  ['stock-unknown', 'stock-unknown'],
  ['cost-unknown', 'cost-unknown'],
  ['shipping-cost-unknown', 'shipping-cost-unknown'],
  ['service-not-offered', 'service-not-offered'],
  ['country-not-served', 'country-not-served'],
  ['declined', 'declined'],
]

/** What keeps a need waiting: the hindrance that would vanish first. */
export function holdReasonFor(choice: OfferChoice): HoldReason {
  const reasons = new Set(choice.refused.map((refusal) => refusal.because))
  return holdReasons.find(([because]) => reasons.has(because))?.[1] ?? 'no-offer'
}
