// Tells the marketplace about parcels that left (D7), each exactly once (V1): claimed before the call, settled after it,
// and looked up over there wherever the answer was lost.
import { RefusedError, type ChannelOrder } from '../connectors/connector.ts'
import { claimConfirmation, readOpenConfirmations, settleConfirmation } from '../domain/shipping/confirmations.store.ts'
import type { ClaimedConfirmation } from '../domain/shipping/confirmations.store.ts'
import { settleLookedUp, settleSent } from '../domain/shipping/confirmations.ts'
import type { ConfirmationFound, ConfirmationReply } from '../domain/shipping/confirmations.ts'
import { plainTracking } from '../domain/shipping/parcel.ts'
import type { ChannelOperation, ChannelRun } from './channel-run.ts'

const batchMax = 50

export const confirmShipments: ChannelOperation = {
  name: 'confirm-shipments',
  // A parcel kicks it at once; this goes on with what had to wait.
  everySeconds: 60,
  // A7: parcels of orders already here are confirmed although the channel is switched off.
  evenWhenOff: true,
  possible: (connector) => connector.shipments !== undefined,
  async run(run) {
    for (let count = 0; count < batchMax; count++) {
      const claim = await run.transaction((tx) => claimConfirmation(tx, run.channel.id))
      if (!claim) return 'done'
      const answer = claim.step === 'send' ? await send(run, claim) : await lookUp(run, claim)
      // What would meet the next one too. This one has its time, the others go with the next turn.
      if (answer.kind === 'wait') return 'done'
      if (answer.kind === 'signed-out') throw new RefusedError(answer)
    }
    const { dueNow } = await run.transaction((tx) => readOpenConfirmations(tx, run.channel.id))
    return dueNow ? 'again' : 'done'
  },
}

async function send(run: ChannelRun, claim: ClaimedConfirmation): Promise<ConfirmationReply> {
  const reply = await confirm(run, claim)
  await run.transaction((tx) => settleConfirmation(tx, claim, settleSent(reply, claim.sends)))
  return reply
}

async function confirm({ connector, call }: ChannelRun, { shipment }: ClaimedConfirmation): Promise<ConfirmationReply> {
  if (!connector.shipments) return { kind: 'rejected', reason: `${connector.name} takes no dispatch confirmations` }
  try {
    return await connector.shipments.confirm(call, shipment)
  } catch (error) {
    // Anything else leaves it in flight, and so to be looked up by whoever comes next.
    if (error instanceof RefusedError) return error.refusal
    throw error
  }
}

async function lookUp(run: ChannelRun, claim: ClaimedConfirmation): Promise<ConfirmationFound> {
  const found = await find(run, claim)
  await run.transaction((tx) => settleConfirmation(tx, claim, settleLookedUp(found, claim.sends)))
  return found
}

async function find({ connector, call }: ChannelRun, { shipment }: ClaimedConfirmation): Promise<ConfirmationFound> {
  try {
    const order = await connector.orders.read(call, shipment.marketplaceOrderId)
    return showsParcel(order, shipment.trackingNumber) ? { kind: 'shown' } : { kind: 'not-shown' }
  } catch (error) {
    if (error instanceof RefusedError) return error.refusal
    throw error
  }
}

function showsParcel(order: ChannelOrder, trackingNumber: string): boolean {
  return order.shipments.some((parcel) => plainTracking(parcel.trackingNumber ?? '') === plainTracking(trackingNumber))
}
