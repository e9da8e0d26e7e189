import { loadChannelRow } from '../../domain/channels/channel-views.store.ts'
import {
  gridChoices as choices,
  listGrid,
  listGridChildren,
  listManagerChannels,
  type GridRow,
} from '../../domain/listings/grid-views.store.ts'
import { countGridMarks, settleGrid } from '../../domain/listings/settle-grid.command.ts'
import type { Handler } from '../handler.ts'
import { notFound } from '../refusals.ts'
import { isoOrNull } from './channel-answers.ts'
import type { RouteParts } from './route-parts.ts'

/** The listing manager's home and grid (F1, F2). */
export function listingsGridRoutes({ parts }: RouteParts) {
  const { db } = parts

  /**
   * What somebody looks at is as new as can be: a few marks are worked off first, although asking then writes, for who has
   * just changed a price wants to see it. Many are the job's.
   */
  const settleSoon = async (tenantId: string) => {
    const marks = await db.read(tenantId, countGridMarks)
    if (marks === 'few') await settleGrid(db, tenantId)
    if (marks === 'many')
      await db.tenant(tenantId).transaction((tx) => tx.enqueue('settle-grid', { tenantId }, { key: tenantId }))
  }

  const managerChannels: Handler<'managerChannels'> = async ({ session }) => {
    await settleSoon(session.tenantId)
    const channels = await db.read(session.tenantId, listManagerChannels)
    return channels.map((channel) => ({
      ...channel,
      ordersSyncedAt: isoOrNull(channel.ordersSyncedAt),
      pricesSyncedAt: isoOrNull(channel.pricesSyncedAt),
      stockSyncedAt: isoOrNull(channel.stockSyncedAt),
    }))
  }

  const gridProducts: Handler<'gridProducts'> = async ({ session, params, query }) => {
    // Later pages go on in the rows as the first one had them.
    if (query.cursor === undefined) await settleSoon(session.tenantId)
    const { sort, direction, cursor, limit, ...filter } = query
    return db.read(session.tenantId, async (tx) => {
      if (!(await loadChannelRow(tx, params.id))) throw notFound()
      const wanted = { sort, descending: direction === 'down', cursor, limit }
      const { rows, ...page } = await listGrid(tx, { ...filter, channelId: params.id }, wanted)
      return { ...page, rows: rows.map(rowAnswer) }
    })
  }

  const gridChildren: Handler<'gridChildren'> = ({ session, params, query }) =>
    db.read(session.tenantId, async (tx) => {
      if (!(await loadChannelRow(tx, params.id))) throw notFound()
      return (await listGridChildren(tx, params.id, query.productId)).map(rowAnswer)
    })

  const gridChoices: Handler<'gridChoices'> = ({ session }) => db.read(session.tenantId, choices)

  return { managerChannels, gridProducts, gridChildren, gridChoices }
}

function rowAnswer({ change, ...row }: GridRow) {
  return { ...row, change: change && { ...change, at: change.at.toISOString() } }
}
