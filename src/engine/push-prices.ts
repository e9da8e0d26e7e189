// Tells the marketplace what its mapped listings should cost, each in its own currency (E4).
import { sql } from 'kysely'
import type { PriceReport } from '../connectors/connector.ts'
import type { ClaimedTarget } from '../domain/listings/claim-targets.store.ts'
import type { ChannelOperation } from './channel-run.ts'
import { pushTargets, refOf } from './push-targets.ts'

export const pushPrices: ChannelOperation = {
  name: 'push-prices',
  everySeconds: 60,
  possible: (connector) => connector.prices !== undefined,
  async run(run) {
    const { prices } = run.connector
    if (!prices || !run.channel.priceUpdate) return 'done'
    const { bulk } = prices
    const ended = await pushTargets(run, {
      kind: 'price',
      batchMax: prices.batchMax,
      send: (targets) => prices.push(run.call, targets.map(reportOf)),
      bulk: bulk && {
        ...bulk,
        submit: (targets) => bulk.submit(run.call, targets.map(reportOf)),
        check: (ticket, targets) => bulk.check(run.call, ticket, targets.map(reportOf)),
        cancel: async (ticket) => bulk.cancel?.(run.call, ticket),
      },
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

function reportOf(target: ClaimedTarget): PriceReport {
  return { ...refOf(target), price: { minor: target.sent, currency: currencyOf(target) } }
}

function currencyOf(target: { currency: string | null }): string {
  if (target.currency === null) throw new Error('A price without a currency was due.')
  return target.currency
}
