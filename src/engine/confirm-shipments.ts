// Tells the marketplace about parcels that left (D7), each exactly once (V1): claimed before the call, settled after it,
// and looked up over there wherever the answer was lost.
import { RefusedError, type ChannelOrder, type Refusal } from '../connectors/connector.ts'
import {
  claimConfirmations,
  giveBackConfirmations,
  readOpenConfirmations,
  settleConfirmations,
} from '../domain/shipping/confirmations.store.ts'
import type { ClaimedConfirmation, SettledConfirmation } from '../domain/shipping/confirmations.store.ts'
import { settleLookedUp, settleSent } from '../domain/shipping/confirmations.ts'
import type { ConfirmationFound, ConfirmationReply } from '../domain/shipping/confirmations.ts'
import { plainTracking } from '../domain/shipping/parcel.ts'
import type { ChannelOperation, ChannelRun } from './channel-run.ts'

/** Claimed and settled at once: after a crash, so many are looked up that may never have gone out. */
const batchMax = 20
const batchesMax = 10
/** No answer waits longer to be written down, however slow the next ones are. */
const unwrittenSecondsMax = 2

export const confirmShipments: ChannelOperation = {
  name: 'confirm-shipments',
  // A parcel kicks it at once; this goes on with what had to wait.
  everySeconds: 60,
  // A7: parcels of orders already here are confirmed although the channel is switched off.
  evenWhenOff: true,
  possible: (connector) => connector.shipments !== undefined,
  async run(run) {
    for (let batches = 0; batches < batchesMax; batches++) {
      const claims = await run.transaction((tx) => claimConfirmations(tx, run.channel.id, batchMax))
      if (claims.length === 0) return 'done'
      const answer = await tellBatch(run, claims)
      // What would meet the next one too. This one has its time, the others go with the next turn.
      if (answer?.kind === 'wait') return 'done'
      if (answer?.kind === 'signed-out') throw new RefusedError(answer)
    }
    const { dueNow } = await run.transaction((tx) => readOpenConfirmations(tx, run.channel.id))
    return dueNow ? 'again' : 'done'
  },
}

type Answer = ConfirmationReply | ConfirmationFound

/** Answers with what would meet the rest as well; they are given back. */
async function tellBatch(run: ChannelRun, claims: ClaimedConfirmation[]): Promise<Answer | undefined> {
  const { clock } = run.parts
  const waiting = [...claims]
  let ended: SettledConfirmation[] = []
  let writtenAt = clock.now().getTime()
  const write = async (givenBack: ClaimedConfirmation[]) => {
    // Handed over before it is tried: what a lost commit may have written is not written twice.
    const written = ended
    ended = []
    await run.transaction(async (tx) => {
      await settleConfirmations(tx, written)
      await giveBackConfirmations(tx, givenBack)
    })
    writtenAt = clock.now().getTime()
  }
  try {
    for (let claim = waiting.shift(); claim; claim = waiting.shift()) {
      const { answer, ...end } = await carryOut(run, claim)
      ended.push(end)
      if (answer.kind === 'wait' || answer.kind === 'signed-out') {
        await write(waiting)
        return answer
      }
      const isLate = clock.now().getTime() - writtenAt > unwrittenSecondsMax * 1000
      if (isLate || waiting.length === 0) await write([])
    }
  } catch (error) {
    // What met the fault stays in flight, and so is looked up by whoever comes next; as do all where nothing can be written.
    await Promise.allSettled([write(waiting)])
    throw error
  }
  return undefined
}

type CarriedOut = SettledConfirmation & { answer: Answer }

async function carryOut(run: ChannelRun, claim: ClaimedConfirmation): Promise<CarriedOut> {
  if (claim.step === 'look-up') {
    const answer = await refusable<ConfirmationFound>(() => find(run, claim))
    return { claim, answer, settlement: settleLookedUp(answer, claim) }
  }
  const answer = await refusable<ConfirmationReply>(() => confirm(run, claim))
  return { claim, answer, settlement: settleSent(answer, claim.sends) }
}

async function refusable<Kind>(ask: () => Promise<Kind>): Promise<Kind | Refusal> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof RefusedError) return error.refusal
    throw error
  }
}

async function confirm({ connector, call }: ChannelRun, { shipment }: ClaimedConfirmation): Promise<ConfirmationReply> {
  if (!connector.shipments) return { kind: 'rejected', reason: `${connector.name} takes no dispatch confirmations` }
  return connector.shipments.confirm(call, shipment)
}

async function find({ connector, call }: ChannelRun, { shipment }: ClaimedConfirmation): Promise<ConfirmationFound> {
  const order = await connector.orders.read(call, shipment.marketplaceOrderId)
  return showsParcel(order, shipment.trackingNumber) ? { kind: 'shown' } : { kind: 'not-shown' }
}

function showsParcel(order: ChannelOrder, trackingNumber: string): boolean {
  return order.shipments.some((parcel) => plainTracking(parcel.trackingNumber ?? '') === plainTracking(trackingNumber))
}
