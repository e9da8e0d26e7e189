// Tells the marketplace what the seller cancelled (D9), once: claimed before the call, settled after it, and looked up over
// there wherever the answer was lost.
import { RefusedError } from '../connectors/connector.ts'
import { areCancelsDue, claimCancel, settleCancel, type ClaimedCancel } from '../domain/orders/cancel-effects.store.ts'
import { settleCancelFound, settleCancelReply } from '../domain/orders/cancelling.ts'
import type { CancelFound, CancelReply, CancelSettlement } from '../domain/orders/cancelling.ts'
import { isCalledOff } from '../domain/orders/order.ts'
import type { ChannelOperation, ChannelRun } from './channel-run.ts'

const batchMax = 50

export const cancelOrders: ChannelOperation = {
  name: 'cancel-orders',
  // A cancellation kicks it at once; this goes on with what had to wait.
  everySeconds: 60,
  // Like confirmations: it is about orders already here (A7).
  evenWhenOff: true,
  possible: (connector) => connector.orders.cancel !== undefined,
  async run(run) {
    for (let count = 0; count < batchMax; count++) {
      const claim = await run.transaction((tx) => claimCancel(tx, run.channel.id))
      if (!claim) return 'done'
      const { answer, settlement } = await work(run, claim)
      await run.transaction((tx) => settleCancel(tx, claim, settlement))
      // What would meet the next one too. This one has its time, the others go with the next turn.
      if (answer.kind === 'wait') return 'done'
      if (answer.kind === 'signed-out') throw new RefusedError(answer)
    }
    return (await run.transaction((tx) => areCancelsDue(tx, run.channel.id))) ? 'again' : 'done'
  },
}

type Worked = { answer: CancelReply | CancelFound; settlement: CancelSettlement }

async function work({ connector, call }: ChannelRun, claim: ClaimedCancel): Promise<Worked> {
  const { orders } = connector
  const { ticket, marketplaceOrderId, reason } = claim
  const replied = async (ask: () => Promise<CancelReply>): Promise<Worked> => {
    const answer = await refusable(ask)
    return { answer, settlement: settleCancelReply(answer, claim) }
  }
  if (claim.step === 'send') {
    const { cancel } = orders
    if (!cancel) {
      return replied(async () => ({ kind: 'rejected', reason: `${connector.name} takes no cancellations from here` }))
    }
    return replied(() => cancel(call, marketplaceOrderId, reason))
  }
  const { checkCancel } = orders
  if (ticket !== null && checkCancel) return replied(() => checkCancel(call, ticket))
  const answer = await refusable<CancelFound>(async () => {
    const { status } = await orders.read(call, marketplaceOrderId)
    if (isCalledOff(status)) return { kind: 'cancelled' }
    return { kind: status === 'shipped' ? 'shipped' : 'not-cancelled' }
  })
  return { answer, settlement: settleCancelFound(answer, claim) }
}

type Refused = Extract<CancelReply, { kind: 'wait' | 'signed-out' | 'rejected' | 'gone' | 'unclear' }>

/** Anything but a refusal leaves it in flight, and so to be looked up by whoever comes next. */
async function refusable<Answer>(ask: () => Promise<Answer>): Promise<Answer | Refused> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof RefusedError) return error.refusal
    throw error
  }
}
