// What becomes of a listing change, by what the marketplace answered. Pure.
import type { ListingFault } from './draft.ts'
import type { ChannelListing } from './listing.ts'

export type ChangeAction = 'list' | 'update' | 'delete'
export type ChangeState = 'waiting' | 'in-flight' | 'unclear' | 'in-review' | 'done' | 'refused' | 'stopped'

/** What is there after it: SKUs with the listing they are now. */
export type ChangeOutcome =
  | { kind: 'done'; listings: ChannelListing[]; marketplaceListingId: string | null }
  | { kind: 'refused'; faults: ListingFault[]; isGone?: boolean }
  /** Taken, and to be looked at again. Without a ticket it is looked for by its SKUs. */
  | { kind: 'in-review'; ticket: string | null; marketplaceListingId: string | null; seconds: number }
  /** It may be there: to be looked for before it is sent again. */
  | { kind: 'unclear'; reason: string; seconds: number; lookUps: number }
  /** Nothing went out; it is to be sent as before. */
  | { kind: 'waiting'; seconds: number; counts: boolean }

const checkSecondsMin = 30
const checkSecondsMax = 900

/** A review takes minutes or days: looked at often first, then every quarter of an hour. */
export function nextCheckSeconds(checks: number): number {
  return Math.min(checkSecondsMax, checkSecondsMin * 2 ** Math.min(checks, 10))
}

/** From when on to look for what may be there, and when it is sent again: searches of marketplaces lag behind. */
export const lookUpAfterSeconds = 30
export const lookUpsBeforeRepeat = 2
