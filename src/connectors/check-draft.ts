// All that is known to be wrong with a draft before anything is sent: what any marketplace refuses, then what only this
// one knows.
import { draftFaults } from '../domain/listings/draft-faults.ts'
import type { Connector, ListingAttribute, ListingDraft, ListingFault, Site } from './connector.ts'

type Rules = Pick<NonNullable<Connector['listings']>, 'limits' | 'faults' | 'joins'>

export function checkDraft(
  { limits, faults, joins }: Rules,
  draft: ListingDraft,
  site: Site,
  /** Of the draft's category, where they are known. */
  attributes: ListingAttribute[] = [],
): ListingFault[] {
  const general = draftFaults(draft, {
    limits: limits(site, draft.attributes['category'] ?? null),
    attributes,
    currencies: site.currencies,
    onlyOffer: joins?.(draft) ?? false,
  })
  const known = new Set(general.map(placeOf))
  return [...general, ...(faults?.(draft, site) ?? []).filter((fault) => !known.has(placeOf(fault)))]
}

// One place is said to be wrong once.
function placeOf({ field, attribute, channelSku }: ListingFault): string {
  return JSON.stringify([field, attribute, channelSku])
}
