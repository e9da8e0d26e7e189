import { loadBusiness } from '../../domain/people/members.store.ts'
import { readSupplierName } from '../../domain/people/supplier-people.store.ts'
import type { Handler, Handlers } from '../handler.ts'
import type { RouteParts } from './route-parts.ts'

export function peopleRoutes({ parts, streams }: RouteParts) {
  const me: Handler<'me'> = async ({ session }) => {
    const { userId: id, name, email, role, supplierId } = session
    const { business, supplier } = await parts.db.read(session.tenantId, async (tx) => ({
      business: await loadBusiness(tx),
      supplier: supplierId === null ? null : { id: supplierId, name: (await readSupplierName(tx, supplierId)) ?? '' },
    }))
    return { user: { id, name, email }, business, role, supplier }
  }
  const live: Handler<'live'> = ({ request, reply, session }) => streams.serve(request, reply, session)
  return { me, live } satisfies Partial<Handlers>
}
