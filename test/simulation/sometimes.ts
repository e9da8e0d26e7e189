// What must have happened at least once in a batch of seeds: a run that never met a fault proves nothing about it.

/** Between the hub and marketplaces. */
export const marketplaceNames = [
  '429 at amazon',
  '429 at reverb',
  '429 at tiktok',
  '429 at wish',
  'no answer to a confirmation that counted',
  'no answer to a stock figure that counted',
  'page repeated',
  'order shown late',
  'stale read',
  'answer not readable',
  'crash before a commit',
  'crash after a commit',
  'crash before a call',
  'crash between call and answer',
  'commit refused',
  'commit without acknowledgement',
  'a process slept past its lease',
  'cancelled while waiting for stock',
  'cancelled at the supplier',
  'unpaid order held, then paid',
  'unknown status seen',
  'token revoked mid-run',
  'credentials renewed',
  'no answer to a renewal that counted',
  'access token ended before its time',
  'account lost with the answer to a renewal',
  'switched off mid-run',
  'parcel entered twice',
  'parcel of a part',
  'order of several articles',
  'two suppliers for one order',
  'one article sold at two marketplaces',
  'stock fell below what was promised',
  'last unit sold',
  'confirmation looked up',
  'confirmation taken, done later',
  'confirmation taken, failed, told again',
  'order released again',
  'stock figures sent as a file',
] as const

/** Between an order, its suppliers and its money. */
export const orderNames = [
  'purchase order in doubt',
  'read back: it was there',
  'read back: it was not there',
  'doubt settled by a person',
  'refused purchase order sent again',
  'crash between what a supplier took and our commit',
  'purchase order accepted',
  'declined, routed elsewhere',
  'held by the credit limit',
  'prepaid, released by payment',
  'invoice paid',
  'invoice paid in part',
  'invoice of a day',
  'credit note',
  'order cancelled before it had a purchase order',
  'order cancelled that a supplier had',
  'order called off after it left',
  'units cut from a purchase order',
  'supplier told of a cancellation',
  'seller cancelled',
  'marketplace refused a cancellation',
  'routed again by hand',
  'order entered by hand',
  'cost entered for what waited',
  'shipping mapped, waiting orders go on',
  'reconcile found a lost order',
  'same-second last unit',
  'tracking file in a folder',
  'row of a tracking file twice',
  'tracking for an unknown purchase order',
  'tracking for the purchase order of another supplier',
] as const

const sometimesNames = [...marketplaceNames, ...orderNames]

export type SometimesName = (typeof sometimesNames)[number]

export type Sometimes = { see(name: SometimesName, times?: number): void; counts(): Record<SometimesName, number> }

export function createSometimes(): Sometimes {
  const counts = Object.fromEntries(sometimesNames.map((name) => [name, 0])) as Record<SometimesName, number>
  return {
    see(name, times = 1) {
      counts[name] += times
    },
    counts: () => ({ ...counts }),
  }
}

/** Names that no run of the batch has seen; left out: of all. */
export function neverSeen(
  runs: { sometimes: Record<SometimesName, number> }[],
  names: readonly SometimesName[] = sometimesNames,
): SometimesName[] {
  return names.filter((name) => runs.every((run) => run.sometimes[name] === 0))
}
