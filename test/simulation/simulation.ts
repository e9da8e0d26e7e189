// What all parts of one run share.
import type { Database } from '../../src/platform/database.ts'
import type { Ids } from '../../src/platform/ids.ts'
import type { Random } from '../../src/platform/random.ts'
import type { Secrets } from '../../src/platform/secrets.ts'
import type { VirtualClock } from '../../src/platform/virtual-clock.ts'
import type { VirtualQueue } from '../../src/platform/virtual-queue.ts'
import type { ChannelOperation, EngineParts } from '../../src/engine/channel-run.ts'
import type { TenantJob } from '../../src/engine/tenant-job.ts'
import type { Auditor } from './auditor.ts'
import type { Market } from './market.ts'
import type { SupplierPeers } from '../support/supplier-peers.ts'
import type { Sometimes } from './sometimes.ts'
import type { Supplier } from './suppliers.ts'
import type { Swarm } from './swarm.ts'
import type { Tape } from './tape.ts'
import type { Trace } from './trace.ts'

export type Violation = { invariant: string; sentence: string; at: string; timeline: string[] }

/** The engine's own work, which a planted bug may wrap. */
export type Work = { operations: ChannelOperation[]; tenantJobs: TenantJob[] }

/** What is wrong with a worker, such as its clock or its way out: how a planted bug comes in below the engine. */
export type Ailment = (parts: EngineParts, worker: string) => EngineParts

/** What a supplier really did, as he would remember it. */
export type Parcel = {
  /** Null: of an order entered by hand. */
  channelId: string | null
  marketplaceOrderId: string
  purchaseOrderId: string
  /** Told by a file that waits to be picked up, whose row may be refused. */
  isByFile: boolean
  /** The marketplace's word for that carrier. */
  provider: string
  trackingNumber: string
}

export type Simulation = {
  clock: VirtualClock
  tape: Tape
  trace: Trace
  swarm: Swarm
  /** Off in the second phase, when everything must come to rest. */
  faultsAreOn: boolean
  sometimes: Sometimes
  violations: Violation[]
  report(invariant: string, sentence: string): void
  /** Where the business sells: one sales channel at each. */
  markets: Market[]
  /** The one connection all processes share. */
  db: Database
  /** How often anything was written so far. */
  commits: number
  /** What the due table said, and how much was written then. */
  due: { commits: number; nextAt: Date | null }
  queue: VirtualQueue
  ids: Ids
  random: Random
  secrets: Secrets
  work: Work
  ail: Ailment | undefined
  auditor: Auditor
  tenantId: string
  parcels: Parcel[]
  suppliers: Supplier[]
  /** What the suppliers have got, as they remember it. */
  peers: SupplierPeers
  /** Orders that the lists of their marketplaces hide, although they are there. */
  hidden: Set<string>
}

/** A fault of ours that the run put in on purpose. */
export class PlannedFault extends Error {
  readonly code: string | undefined
  constructor(message: string, code?: string) {
    super(message)
    this.name = 'PlannedFault'
    this.code = code
  }
}

/** Whether a fault of ours strikes now. */
export function strikes(simulation: Simulation, label: string, rate: number): boolean {
  return simulation.faultsAreOn && simulation.tape.chance(label, rate)
}

export function forever(): Promise<never> {
  return new Promise(() => {})
}
