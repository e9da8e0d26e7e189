// Sends purchase orders to their suppliers (D5), each exactly once (P3): claimed before the call, settled after it, and
// looked up over there wherever the answer was lost. Every supplier has a lane of his own, so that one who is slow or
// away holds up nobody else's.
import { loadSupplierWays, openConnection } from '../domain/catalog/supplier-connection.store.ts'
import { placeOfWay } from '../domain/catalog/supplier-connection.ts'
import type { PurchaseOrderDocument } from '../domain/documents/purchase-order-document.ts'
import { readOrderDocuments } from '../domain/purchasing/sending-content.store.ts'
import {
  claimSends,
  claimSeconds,
  dropOvertaken,
  giveBackSends,
  postponeSends,
  settleSend,
  suppliersToSend,
  tellOldDoubts,
  type SendClaim,
} from '../domain/purchasing/sending.store.ts'
import { settleAnswer, settleLookUp, type SendSettlement } from '../domain/purchasing/sending.ts'
import type { EngineParts } from './channel-run.ts'
import { wayFor, type OrderWays } from './order-ways.ts'
import type { TenantJob } from './tenant-job.ts'

/** So many of one supplier are claimed at once. */
const batchMax = 10
/** A kick takes so many batches of a supplier; what is left goes with the next. */
const batchesMax = 50

export const sendPurchaseOrdersJob: TenantJob = {
  name: 'send-purchase-orders',
  // A purchase order kicks it at once; this goes on with what had to wait or is in doubt.
  everySeconds: 15,
  async run(parts, { tenantId }) {
    const supplierIds = await parts.db.read(tenantId, suppliersToSend)
    const ends = await Promise.allSettled(supplierIds.map((supplierId) => runLane(parts, tenantId, supplierId)))
    const failed = ends.find((end) => end.status === 'rejected')
    if (failed) throw failed.reason
  },
}

async function runLane(parts: EngineParts, tenantId: string, supplierId: string): Promise<void> {
  for (let batches = 0; batches < batchesMax; batches++) {
    const batch = await claimBatch(parts, tenantId, supplierId)
    if (!batch || batch.claims.length === 0) return
    if ((await sendBatch(parts, tenantId, batch)) === 'trouble') return
  }
}

type Batch = {
  claims: SendClaim[]
  documents: Map<string, PurchaseOrderDocument>
  /** Undefined: purchase orders go to his screen now, or the way is not set up. */
  ways: OrderWays | undefined
  isScreen: boolean
  place: string
  startedAt: Date
}

/** Content is read with the claim, so what changes afterwards is a revision of its own. */
function claimBatch(parts: EngineParts, tenantId: string, supplierId: string): Promise<Batch | undefined> {
  return parts.db.tenant(tenantId).transaction(async (tx) => {
    const supplier = await loadSupplierWays(tx, supplierId)
    if (!supplier) return undefined
    const { way, email } = supplier
    const place = placeOfWay(way, email, supplier.shown)
    await dropOvertaken(tx, supplierId)
    const claims = await claimSends(tx, { supplierId, way, place, limit: batchMax })
    await tellOldDoubts(tx, claims)
    const documents = await readOrderDocuments(
      tx,
      parts.secrets,
      claims.map(({ purchaseOrderId }) => purchaseOrderId),
    )
    const connection = openConnection(parts.secrets, tenantId, supplier)
    const ways = wayFor(parts, { tenantId, way, email, connection })
    return { claims, documents, ways, isScreen: way === 'screen', place, startedAt: parts.clock.now() }
  })
}

async function sendBatch(parts: EngineParts, tenantId: string, batch: Batch): Promise<'done' | 'trouble'> {
  const transaction = parts.db.tenant(tenantId)
  for (const [index, claim] of batch.claims.entries()) {
    const settlement = await carryOut(batch, claim)
    await transaction.transaction((tx) => settleSend(tx, claim, settlement))
    const rest = batch.claims.slice(index + 1)
    const hasTrouble = settlement.state === 'unknown' || (settlement.state === 'intended' && !settlement.wasMissing)
    const isLate = parts.clock.now().getTime() - batch.startedAt.getTime() > (claimSeconds * 1000) / 2
    if (!hasTrouble && !isLate) continue
    const seconds = hasTrouble ? settlement.seconds : 0
    await transaction.transaction(async (tx) => {
      await giveBackSends(tx, rest, seconds)
      // A question that a person has to answer says nothing about the next purchase order.
      if (hasTrouble)
        await postponeSends(tx, claim.supplierId, settlement.state === 'unknown' ? unclearSeconds : seconds)
    })
    if (hasTrouble) return 'trouble'
    if (rest.length > 0) return 'done'
  }
  return 'done'
}

/** After an answer was lost the next may go soon: the line broke, which is no refusal. */
const unclearSeconds = 5

/** What throws leaves it claimed, and so to be looked up by whoever comes next. */
async function carryOut({ documents, ways, isScreen, place }: Batch, claim: SendClaim): Promise<SendSettlement> {
  if (claim.isProven) return { state: 'applied', reference: null, readBack: true }
  const document = documents.get(claim.purchaseOrderId)
  if (!document) throw new Error('A claimed purchase order is gone.')
  const order = { ...document, revision: claim.revision }
  if (claim.step === 'look-up') {
    // What can no longer be looked at there, only a person can find out.
    if (!ways || claim.place !== place) return settleLookUp({ kind: 'ask-person' }, claim.lookUps)
    return settleLookUp(await ways.lookUp(order), claim.lookUps)
  }
  if (isScreen) return { state: 'applied', reference: null, readBack: false }
  if (!ways) return { state: 'rejected', refusal: 'How purchase orders go out is not fully set up' }
  return settleAnswer(await ways.send(order), claim.sends, ways.canLookUp)
}
