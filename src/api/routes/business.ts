import { changeBusiness as change, loadBusinessSettings } from '../../domain/people/business.store.ts'
import type { Handler, Handlers } from '../handler.ts'
import type { RouteParts } from './route-parts.ts'

/** Settings › Business. */
export function businessRoutes({ parts: { db } }: RouteParts) {
  const business: Handler<'business'> = ({ session }) => db.read(session.tenantId, loadBusinessSettings)

  const changeBusiness: Handler<'changeBusiness'> = ({ session, body }) =>
    db.tenant(session.tenantId).transaction((tx) => change(tx, body, session.name))

  return { business, changeBusiness } satisfies Partial<Handlers>
}
