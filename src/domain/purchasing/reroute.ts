// What moving lines of an order to other suppliers by hand comes to: who could fill each line, what is cancelled for it and
// what is written anew.
import { askOffers, type Asked, type Offer, type OfferRefusal } from './ask-offers.ts'
import type { RoutingTerms } from './landed-cost.ts'
import { landedOf, planRouting, type Need, type Placement } from './routing.ts'

/** A line that has not left. Its need names no reservation: what it has is in hand while it is thought about. */
export type Movable = {
  need: Need
  state: 'held' | 'reserved' | 'routed'
  /** Where its stock is promised now. */
  offerId: string | null
  purchaseOrderId: string | null
}

export type ReroutePlan = {
  /** Every movable line with where it is to be filled from. */
  lines: (Movable & { targetId: string | null; suggestedId: string | null; choices: Choice[] })[]
  /** Lines that are reserved anew: those that move, and the rest of purchase orders that are cancelled for it. */
  placements: (Placement & { offer: Offer; isMove: boolean })[]
  cancels: Set<string>
  /** Chosen, but not possible. */
  faults: { componentId: string; because: OfferRefusal | 'not-movable' | 'not-offered' }[]
}

export type Choice = Asked & { landed: ReturnType<typeof landedOf> | null }

/** Without `wanted`, lines go where routing would send them were they new. */
export function planReroute(
  movable: Movable[],
  wanted: Map<string, string> | null,
  offers: Offer[],
  terms: RoutingTerms,
): ReroutePlan {
  const suggested = suggest(movable, offers, terms)
  const targetOf = ({ need, offerId }: Movable) =>
    (wanted ? wanted.get(need.componentId) : suggested.get(need.componentId)) ?? offerId
  const moving = movable.filter((line) => targetOf(line) !== line.offerId)
  const cancels = new Set(moving.flatMap((line) => line.purchaseOrderId ?? []))
  const moves = new Set(moving)
  const anew = movable.filter(
    (line) => moves.has(line) || (line.purchaseOrderId !== null && cancels.has(line.purchaseOrderId)),
  )
  const hand = inHand(offers, anew)
  const placements: ReroutePlan['placements'] = []
  const faults: ReroutePlan['faults'] = unknownLines(movable, wanted)
  for (const line of anew) {
    const offer = hand.get(targetOf(line) ?? '')
    const fault = faultOf(line.need, offer, terms)
    if (!offer || fault) {
      faults.push({ componentId: line.need.componentId, because: fault ?? 'not-offered' })
      continue
    }
    offer.reserved += line.need.quantity
    placements.push({ ...placementOf(line.need, offer), isMove: moves.has(line) })
  }
  const lines = movable.map((line) => ({
    ...line,
    targetId: targetOf(line),
    suggestedId: suggested.get(line.need.componentId) ?? null,
    choices: choicesOf(line, offers, terms),
  }))
  return { lines, placements, cancels, faults }
}

function suggest(movable: Movable[], offers: Offer[], terms: RoutingTerms): Map<string, string> {
  const plan = planRouting(
    movable.map((line) => line.need),
    [...inHand(offers, movable).values()],
    terms,
  )
  return new Map(plan.flatMap(({ need, choice }) => (choice?.chosen ? [[need.componentId, choice.chosen.id]] : [])))
}

/** The offers as they were if these lines had given theirs back. */
function inHand(offers: Offer[], lines: Movable[]): Map<string, Offer> {
  const hand = new Map(offers.map((offer) => [offer.id, { ...offer }]))
  for (const { offerId, need } of lines) {
    const offer = offerId === null ? undefined : hand.get(offerId)
    if (offer) offer.reserved -= need.quantity
  }
  return hand
}

function unknownLines(movable: Movable[], wanted: Map<string, string> | null): ReroutePlan['faults'] {
  const known = new Set(movable.map((line) => line.need.componentId))
  return [...(wanted?.keys() ?? [])]
    .filter((componentId) => !known.has(componentId))
    .map((componentId) => ({ componentId, because: 'not-movable' }))
}

function faultOf(need: Need, offer: Offer | undefined, terms: RoutingTerms) {
  if (!offer || offer.variantId !== need.variantId) return 'not-offered'
  return askOffers(need, [offer], terms)[0]?.because ?? null
}

function placementOf(need: Need, offer: Offer): Placement & { offer: Offer } {
  return {
    need,
    state: need.goes ? 'routed' : 'reserved',
    holdReason: need.holdReason,
    offer,
    takes: true,
    givesUpOfferId: null,
    choice: null,
  }
}

/** What each offer would cost for this line alone; of one that cannot fill it, as far as it is known. */
function choicesOf(line: Movable, offers: Offer[], terms: RoutingTerms): Choice[] {
  const ofVariant = [...inHand(offers, [line]).values()].filter((offer) => offer.variantId === line.need.variantId)
  return askOffers(line.need, ofVariant, terms).map((asked) => ({
    ...asked,
    landed: asked.offer.costMinor === null ? null : landedOf([{ need: line.need, offer: asked.offer }], terms, false),
  }))
}
