// Tells the marketplace what its mapped listings should cost, each in its own currency (E4).
import { sql } from 'kysely'
import type { ChannelOperation } from './channel-run.ts'
import { pushTargets, refOf } from './push-targets.ts'

export const pushPrices: ChannelOperation = {
  name: 'push-prices',
  everySeconds: 60,
  possible: (connector) => connector.prices !== undefined,
  async run(run) {
    const { prices } = run.connector
    if (!prices || !run.channel.priceUpdate) return 'done'
    const ended = await pushTargets(run, {
      kind: 'price',
      batchMax: prices.batchMax,
      send: (targets) =>
        prices.push(
          run.call,
          targets.map((target) => ({ ...refOf(target), price: { minor: target.sent, currency: currencyOf(target) } })),
        ),
      valueOf: (listing, target) => (listing.price?.currency === target.currency ? listing.price.minor : null),
    })
    await run.transaction((tx) =>
      sql`update sales_channels set prices_synced_at = app_now() where tenant_id = ${tx.tenantId} and id = ${run.channel.id}`.execute(
        tx,
      ),
    )
    return ended
  },
}

function currencyOf(target: { currency: string | null }): string {
  if (target.currency === null) throw new Error('A price without a currency was due.')
  return target.currency
}
