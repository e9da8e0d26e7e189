// Orders that a person wants although they were left out before (D3), and those that could not be read: each is asked for
// by itself, for no marketplace lists an order twice without a change. What is refused for one keeps neither the others
// nor the download from going on.
import { RefusedError } from '../connectors/connector.ts'
import type { ChannelOrder, Refusal } from '../connectors/connector.ts'
import { ingestOrders } from '../domain/orders/ingest-orders.command.ts'
import { forgetSkipped, noteRefusedWish } from '../domain/orders/skipped-orders.store.ts'
import { noteUnreadableStill } from '../domain/orders/unreadable-orders.store.ts'
import type { ChannelRun } from './channel-run.ts'
import { ChannelOff, isOwnPace } from './pace.ts'

export async function pullWantedOrders(run: ChannelRun, marketplaceOrderIds: string[]): Promise<void> {
  for (const marketplaceOrderId of marketplaceOrderIds) {
    const order = await readOrder(run, marketplaceOrderId)
    if (order) await store(run, order)
  }
}

async function store(run: ChannelRun, order: ChannelOrder): Promise<void> {
  const { channel, parts } = run
  await run.transaction(async (tx) => {
    await forgetSkipped(tx, channel.id, order.marketplaceOrderId)
    const page = { channelId: channel.id, orders: [order], unreadable: [], cursor: null, secrets: parts.secrets }
    const stored = await ingestOrders(tx, page)
    // Taken back as a whole, so that the wish waits until it is switched on again.
    if (stored.kind === 'switched-off') throw new ChannelOff()
    await tx.notify('orders')
    await tx.notify('channels', { id: channel.id })
  })
}

async function readOrder(run: ChannelRun, marketplaceOrderId: string): Promise<ChannelOrder | undefined> {
  try {
    return await run.connector.orders.read(run.call, marketplaceOrderId)
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error
    const { refusal } = error
    if (refusal.kind === 'signed-out' || isOwnPace(refusal)) throw error
    await run.transaction(async (tx) => {
      await noteRefusedWish(tx, run.channel.id, {
        marketplaceOrderId,
        reason: reasonOf(refusal),
        isFinal: isFinal(refusal),
      })
      await noteUnreadableStill(tx, run.channel.id, { reference: marketplaceOrderId, reason: reasonOf(refusal) })
      await tx.notify('channels', { id: run.channel.id })
    })
    return undefined
  }
}

function isFinal({ kind }: Refusal): boolean {
  return kind === 'gone' || kind === 'rejected'
}

function reasonOf(refusal: Refusal): string {
  if (refusal.kind === 'gone') return 'The marketplace does not have this order any more.'
  return refusal.reason ?? 'The marketplace did not give the order and named no reason.'
}
