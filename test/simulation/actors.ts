// The people around the hub, each acting every now and then through the same commands as on the screens; and what
// suppliers say of their stock.
import { sql } from 'kysely'
import { changeOffer } from '../../src/domain/stock/change-offer.command.ts'
import { setOnHand } from '../../src/domain/stock/offers.store.ts'
import type { SimulatedProcess } from './process.ts'
import { PlannedFault, type Simulation } from './simulation.ts'
import { workOff } from './supplier-people.ts'

const minute = 60_000
const hour = 60 * minute

/** Starts someone who acts every now and then until the quiet phase; what fails there is a violation. */
export function keepActing(
  simulation: Simulation,
  { name, everyMinutes, act }: { name: string; everyMinutes: number; act: () => Promise<void> },
): void {
  const { clock, report } = simulation
  const live = async () => {
    for (;;) {
      await clock.sleep(everyMinutes * minute)
      await act()
    }
  }
  live().catch((error: unknown) => report('no fault of its own', `${name}: ${stackOf(error)}`))
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

/** How often people look: those of a quiet business seldom. */
export function lookEvery({ swarm }: Simulation, minutes: number): number {
  return swarm.tempo === 'calm' ? minutes * 3 : minutes
}

export function startSuppliers(simulation: Simulation, office: SimulatedProcess): void {
  for (const supplier of simulation.suppliers)
    keepActing(simulation, {
      name: supplier.name,
      everyMinutes: lookEvery(simulation, 30),
      act: () => workOff(simulation, office, supplier),
    })
  keepActing(simulation, {
    name: 'Suppliers’ stock',
    everyMinutes: lookEvery(simulation, 25),
    async act() {
      if (simulation.faultsAreOn) await changeStock(simulation, office)
    },
  })
}

/** By hand one offer, or by file a whole supplier; sometimes nobody knows any more. */
async function changeStock(simulation: Simulation, office: SimulatedProcess): Promise<void> {
  const { tape, tenantId, trace } = simulation
  const { db } = office.parts
  const offers = await db.read(tenantId, async (tx) => {
    const { rows } = await sql<{
      id: string
    }>`select id from supplier_offers where tenant_id = ${tenantId} order by id`.execute(tx)
    return rows.map((row) => row.id)
  })
  const isFile = tape.chance('stock/file', 0.2)
  const first = tape.choose('stock/first', offers.length)
  const changed = offers.slice(first, first + (isFile ? 6 : 1)).map((offerId) => ({
    offerId,
    onHand: tape.pick('stock/kind', [tape.between('stock/on-hand', 1, 30), tape.choose('stock/few', 4), 0, null]),
  }))
  trace.add('supplier', isFile ? 'sends a file' : 'changes stock', changed.map((one) => one.onHand).join(' '))
  try {
    if (isFile) {
      const rows = changed.map((one) => ({ ...one, reason: 'file' as const, reference: null, actor: 'A supplier' }))
      await db.tenant(tenantId).transaction((tx) => setOnHand(tx, rows))
    } else for (const one of changed) await changeOffer(db, tenantId, { ...one, actor: 'The seller' })
  } catch (error) {
    if (!(error instanceof PlannedFault)) throw error
  }
}

export { hour, minute }
