// What kind of run a seed is: how much business, how many workers, and which classes of faults at what rate. Each class
// is on in about half of the seeds, so that one class does not hide what another would show.
import type { FaultName, FaultRates } from '../../sandboxes/kit/faults.ts'
import type { OrderWay } from '../../src/domain/catalog/supplier-connection.ts'
import { marketplaceIds, type MarketplaceId } from './marketplaces.ts'
import type { Tape } from './tape.ts'

/** What goes wrong at the marketplace, at its worst rate. */
const marketplaceFaults = {
  'rate-limit': 0.15,
  'server-error': 0.08,
  'timeout-before': 0.05,
  'timeout-after': 0.05,
  reset: 0.04,
  'reset-after': 0.04,
  slow: 0.1,
  'html-body': 0.05,
  'truncated-json': 0.04,
  'empty-body': 0.04,
  'byte-order-mark': 0.1,
  'wrong-content-type': 0.1,
  'repeat-page': 0.2,
  'shifting-page': 0.1,
  'reordered-page': 0.2,
  'late-order': 0.3,
  'unknown-status': 0.1,
  'eventual-read': 0.2,
  'accepted-not-applied': 0.03,
} as const satisfies FaultRates

/** What goes wrong at suppliers, at its worst rate: a share of the calls to them. */
const supplierFaults = {
  'supplier-refuses': 0.05,
  'supplier-busy': 0.2,
  'supplier-drops-before': 0.15,
  'supplier-drops-after': 0.25,
} as const

/** What goes wrong in ourselves, at its worst rate: a share of commits and calls, or of hours for the last five. */
const ownFaults = {
  /** A process ends before a call, after it, before a commit, or after it without anybody knowing. */
  crash: 0.015,
  /** A process stands still for longer than its lease. */
  pause: 0.01,
  'commit-refused': 0.015,
  'commit-lost': 0.015,
  conflict: 0.02,
  'token-revoked': 0.3,
  /** Access tokens end before their time. */
  'token-ended': 0.4,
  /** An order that was shipped is to be shipped once more. */
  'released-again': 0.5,
  'switched-off': 0.3,
  /** The answer to a dispatch confirmation or a stock figure is lost although it counted. */
  'answer-lost': 0.8,
  /** An order that the list of its marketplace never shows; a share of the orders. */
  'hidden-order': 0.1,
} as const

export type OwnFault = keyof typeof ownFaults | keyof typeof supplierFaults
export type FaultClass = FaultName | OwnFault
const allFaults = { ...marketplaceFaults, ...ownFaults, ...supplierFaults }
export const faultClasses = Object.keys(allFaults) as FaultClass[]

/** Brisk: half a day full of orders, looked at often. Calm: two days as a small business has them. */
export const tempos = ['brisk', 'calm'] as const
export type Tempo = (typeof tempos)[number]

export type Swarm = {
  tempo: Tempo
  days: number
  marketplaces: MarketplaceId[]
  skus: number
  suppliers: number
  ordersPerDay: number
  workers: number
  pollMinutes: number
  stockThreshold: number
  advertisedMax: number
  excludeUnmapped: boolean
  splitMixed: boolean
  /** Amazon: so many figures at once go as a feed; null: as many as in earnest, which no small business reaches. */
  feedFrom: number | null
  /** Shipping services are mapped one by one, by a seller who does so later; without: one serves all. */
  mapsShipping: boolean
  /** How suppliers get their purchase orders: each draws one of these. */
  ways: OrderWay[]
  faults: Partial<Record<FaultClass, number>>
}

export type SwarmChanges = {
  tempo?: Tempo | undefined
  days?: number | undefined
  without?: readonly FaultClass[] | undefined
  marketplaces?: readonly MarketplaceId[] | undefined
  /** Instead of what is drawn: for a run that is to meet one thing. */
  set?: Partial<Swarm> | undefined
}

export function drawSwarm(tape: Tape, changes: SwarmChanges = {}): Swarm {
  const { tempo = 'brisk' } = changes
  const isCalm = tempo === 'calm'
  const days = tape.pick('days', isCalm ? [2, 2, 3] : [0.5, 0.5, 1])
  const faults: Swarm['faults'] = {}
  for (const [name, worst] of Object.entries(allFaults) as [FaultClass, number][]) {
    const isOn = tape.chance(`swarm/${name}`, 0.5)
    // Small rates are as likely as large ones: down to a fifth of the worst.
    const share = 5 ** -(1 - tape.choose(`rate/${name}`, 1000) / 999)
    if (isOn && !changes.without?.includes(name)) faults[name] = worst * share
  }
  const drawn = marketplaceIds.filter((id) => tape.chance(`swarm/at/${id}`, isCalm ? 0.3 : 0.45))
  const one = tape.pick('swarm/at', marketplaceIds)
  const isExcluding = tape.chance('excludeUnmapped', 0.25)
  return {
    tempo,
    days: changes.days ?? days,
    marketplaces: [...(changes.marketplaces ?? (drawn.length > 0 ? drawn : [one]))],
    skus: tape.between('skus', 6, isCalm ? 12 : 24),
    suppliers: tape.between('suppliers', 1, 3),
    ordersPerDay: tape.pick('ordersPerDay', isCalm ? [5, 8, 12, 15] : [20, 40, 60, 160]),
    workers: tape.pick('workers', isCalm ? [1, 1, 2] : [1, 2, 2, 3]),
    pollMinutes: tape.pick('pollMinutes', isCalm ? [120, 240, 240] : [15, 20, 30, 60]),
    stockThreshold: tape.pick('stockThreshold', [0, 0, 1, 3]),
    advertisedMax: tape.pick('advertisedMax', [0, 0, 4, 15]),
    excludeUnmapped: isExcluding,
    splitMixed: tape.chance('splitMixed', 0.3) && !isExcluding,
    feedFrom: tape.pick('feedFrom', [null, null, 4]),
    mapsShipping: tape.chance('mapsShipping', 0.3),
    ways: ['screen', 'email', 'sftp', 'webhook', 'sftp'],
    faults,
    ...changes.set,
  }
}

export function marketplaceRates(swarm: Swarm): FaultRates {
  const rates: FaultRates = {}
  for (const name of Object.keys(marketplaceFaults) as (keyof typeof marketplaceFaults)[]) {
    const rate = swarm.faults[name]
    if (rate !== undefined) rates[name] = rate
  }
  return rates
}

export function rateOf(swarm: Swarm, name: OwnFault): number {
  return swarm.faults[name] ?? 0
}

/** Processes end, stand still or lose commits, so that what they were told is lost. */
export function mayEnd(swarm: Swarm): boolean {
  return (['crash', 'pause', 'commit-refused', 'commit-lost'] as const).some((name) => rateOf(swarm, name) > 0)
}

export function isFaultClass(name: string): name is FaultClass {
  return (faultClasses as string[]).includes(name)
}
