// All that is known to be wrong with a draft before anything is sent: what any marketplace refuses, and what only this one
// knows.
import { draftFaults, joinedFaults } from '../domain/listings/draft-faults.ts'
import type { Connector, ListingAttribute, ListingDraft, ListingFault, ListingLimits, Site } from './connector.ts'

type Rules = Pick<NonNullable<Connector['listings']>, 'limits' | 'faults' | 'joins'>

/** Of the draft's category, where they are known. */
type Known = { attributes?: ListingAttribute[]; limits?: ListingLimits; currencies?: string[] }

export function checkDraft(
  { limits, faults, joins }: Rules,
  draft: ListingDraft,
  site: Site,
  known: Known = {},
): ListingFault[] {
  const general = draftFaults(draft, {
    limits: known.limits ?? limits(site, draft.attributes['category'] ?? null),
    attributes: known.attributes ?? [],
    currencies: known.currencies ?? site.currencies,
    onlyOffer: joins?.(draft) ?? false,
  })
  return joinedFaults(general, faults?.(draft, site) ?? [])
}
