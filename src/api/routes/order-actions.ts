import { readBulk, startBulk as start } from '../../domain/orders/bulk.store.ts'
import {
  changeFilter as change,
  deleteFilter as remove,
  listSavedFilters,
  saveFilter as save,
  savedFiltersMax,
} from '../../domain/orders/saved-filters.store.ts'
import type { Handler, Handlers } from '../handler.ts'
import { badFields, notFound, Refused } from '../refusals.ts'
import { readOrderFilter } from './order-filter.ts'
import type { RouteParts } from './route-parts.ts'

/** Work on many orders at once, and the filters a person keeps (D10). */
export function orderActionRoutes({ parts }: RouteParts) {
  const { db, secrets } = parts

  const startBulk: Handler<'startBulk'> = ({ session, body }) =>
    db.tenant(session.tenantId).transaction(async (tx) => {
      const { action, orderIds, filter } = body
      if ((orderIds === undefined) === (filter === undefined))
        throw badFields({ orderIds: 'Name either the orders or a filter.' })
      const chosen = orderIds ? { orderIds } : { filter: readOrderFilter(filter ?? {}) }
      const id = await start(tx, { chosen, action, actor: session.name }, secrets)
      if (id === undefined) throw new Refused(409, 'no-orders', 'No order is chosen, so there is nothing to do.')
      const bulk = await readBulk(tx, id)
      if (!bulk) throw notFound()
      return bulk
    })

  const bulk: Handler<'bulk'> = ({ session, params }) =>
    db.read(session.tenantId, async (tx) => {
      const found = await readBulk(tx, params.id)
      if (!found) throw notFound()
      return found
    })

  const savedFilters: Handler<'savedFilters'> = ({ session }) =>
    db.read(session.tenantId, (tx) => listSavedFilters(tx, session.userId))

  const saveFilter: Handler<'saveFilter'> = ({ session, body }) =>
    db.tenant(session.tenantId).transaction(async (tx) => {
      if ((await save(tx, { userId: session.userId, ...body })) === 'too-many')
        throw badFields({ name: `There are ${savedFiltersMax} filters already. Delete one first.` })
      return listSavedFilters(tx, session.userId)
    })

  const changeFilter: Handler<'changeFilter'> = ({ session, params, body }) =>
    db.tenant(session.tenantId).transaction(async (tx) => {
      const changed = await change(tx, { userId: session.userId, id: params.id, ...body })
      if (changed === 'not-found') throw notFound()
      if (changed === 'name-taken') throw badFields({ name: 'There is a filter of this name already.' })
      return listSavedFilters(tx, session.userId)
    })

  const deleteFilter: Handler<'deleteFilter'> = ({ session, params }) =>
    db.tenant(session.tenantId).transaction(async (tx) => {
      if (!(await remove(tx, { userId: session.userId, id: params.id }))) throw notFound()
      return listSavedFilters(tx, session.userId)
    })

  return { startBulk, bulk, savedFilters, saveFilter, changeFilter, deleteFilter } satisfies Partial<Handlers>
}
