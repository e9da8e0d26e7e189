// Stops what has not left (D9), also of a purchase order that left in part. What has left stays as it is.
import type { Tx } from '../../platform/database.ts'
import { cancelUnits, type CutCause } from './cancel-units.command.ts'
import { findOpenComponents, type StopExtent } from './cancellations.store.ts'
import { fairlead } from './order-events.store.ts'

const seenThere: CutCause = { by: 'marketplace', reason: null, actor: fairlead }

/** The orders must be locked. Stopping twice is stopping once. */
export async function stopOrders(
  tx: Tx,
  orderIds: string[],
  extent: StopExtent,
  cause: CutCause = seenThere,
): Promise<void> {
  if (orderIds.length === 0) return
  const components = await findOpenComponents(tx, orderIds, extent)
  await cancelUnits(
    tx,
    components.map((componentId) => ({ componentId, quantity: Number.MAX_SAFE_INTEGER })),
    cause,
  )
}
