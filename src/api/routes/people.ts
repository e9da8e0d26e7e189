import { loadBusiness } from '../../domain/people/members.store.ts'
import type { Handler, Handlers } from '../handler.ts'
import type { RouteParts } from './route-parts.ts'

export function peopleRoutes({ parts, streams }: RouteParts) {
  const me: Handler<'me'> = async ({ session }) => {
    const business = await parts.db.read(session.tenantId, loadBusiness)
    return { user: { id: session.userId, name: session.name, email: session.email }, business, role: session.role }
  }
  const live: Handler<'live'> = ({ request, reply, session }) => streams.serve(request, reply, session)
  return { me, live } satisfies Partial<Handlers>
}
