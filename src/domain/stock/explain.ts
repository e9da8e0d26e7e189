// "Why does it show 7?": the pipeline of advertised.ts in sentences, each with its inputs and their age (E2).
import { advertisedStock, availableOf, isShort, unitsOf } from './advertised.ts'
import type { AdvertisingRules, ComponentStock, OfferStock, StockStep } from './advertised.ts'

export type ExplainedStep = { step: string; text: string; after: number | null; asOf: Date | null }

export type StockExplanation = { desired: number | null; steps: ExplainedStep[]; sentence: string }

export type ListingFacts = {
  components: ComponentStock[]
  rules: AdvertisingRules
  /** What the marketplace shows as far as we know. */
  shows: number | null
  showsAsOf: Date | null
  stockUpdate: boolean
  channelEnabled: boolean
  waitingForPerson: boolean
}

export function explainStock(facts: ListingFacts): StockExplanation {
  const { quantity, because } = advertisedStock(facts.components, facts.rules)
  const steps = [...facts.components.flatMap(explainComponent), ...because.flatMap((step) => explainStep(step, facts))]
  if (facts.shows !== null) {
    const text = `The marketplace last told us it shows ${facts.shows}.`
    steps.push({ step: 'shown', text, after: facts.shows, asOf: facts.showsAsOf })
  }
  return { desired: quantity, steps, sentence: sentenceOf(quantity, facts) }
}

function explainComponent(component: ComponentStock): ExplainedStep[] {
  const offers = component.offers.map((offer) => ({
    step: 'offer',
    text: offerText(component, offer),
    after: offer.active && offer.onHand !== null ? availableOf(offer) : null,
    asOf: offer.onHandAt,
  }))
  const units = unitsOf(component)
  if (component.quantity === 1) return offers
  const text = `Each takes ${component.quantity} of ${component.sku}, all from one supplier: ${units ?? 'an unknown number'} can be made up.`
  return [...offers, { step: 'pack', text, after: units, asOf: null }]
}

function offerText({ sku }: ComponentStock, offer: OfferStock): string {
  if (!offer.active) return `${offer.supplierName} is not in use for ${sku}.`
  if (offer.onHand === null) return `${offer.supplierName} has not said how many of ${sku} there are.`
  const short = isShort(offer) ? ' More is promised than there is.' : ''
  return `${offer.supplierName} has ${offer.onHand} of ${sku}, ${offer.reserved} reserved for orders, so ${availableOf(offer)} available.${short}`
}

function explainStep(step: StockStep, { rules, components }: ListingFacts): ExplainedStep[] {
  const asOf = oldest(components)
  const told = (text: string): ExplainedStep[] => [{ step: step.step, text, after: step.after, asOf: null }]
  switch (step.step) {
    case 'available': {
      const text =
        step.after === null ? 'How many can be delivered is not known.' : `Suppliers can deliver ${step.after}.`
      return [{ step: step.step, text, after: step.after, asOf }]
    }
    case 'shortage':
      return told('A supplier has fewer than are already promised to orders.')
    case 'one-of-a-kind':
      return told('The listing is one of a kind, so it shows 1 at most.')
    case 'threshold':
      return told(`At or below the stock threshold of ${rules.stockThreshold}, the listing shows 0.`)
    case 'advertised-max':
      return told(`It never shows more than ${rules.advertisedMax}, the max quantity to advertise.`)
  }
}

function oldest(components: ComponentStock[]): Date | null {
  const times = components.flatMap(({ offers }) =>
    offers.flatMap(({ active, onHand, onHandAt }) =>
      active && onHand !== null && onHandAt ? [onHandAt.getTime()] : [],
    ),
  )
  return times.length === 0 ? null : new Date(Math.min(...times))
}

function sentenceOf(quantity: number | null, facts: ListingFacts): string {
  if (facts.components.length === 0) return 'The listing is not mapped, so Fairlead does not touch its quantity.'
  if (quantity === null) return 'The stock is not known, so the listing is left as it is.'
  if (facts.waitingForPerson) {
    return 'Showing 0 would end this listing for good and only the threshold asks for it, so it waits for you.'
  }
  if (!facts.stockUpdate) return `It would show ${quantity}, but stock update is off for this integration.`
  if (!facts.channelEnabled) return `It should show ${quantity}, but the integration is switched off.`
  if (facts.shows === quantity) return `It shows ${quantity}, as it should.`
  return `It should show ${quantity}; the change is on its way.`
}
