import { changeSupplierWays as change } from '../../domain/catalog/supplier-connection.command.ts'
import { loadSupplierWays, openConnection } from '../../domain/catalog/supplier-connection.store.ts'
import { countSending, loadSending } from '../../domain/purchasing/sending-views.store.ts'
import { settleDoubt as settle } from '../../domain/purchasing/settle-doubt.command.ts'
import { testWay } from '../../engine/test-way.ts'
import { SftpRefused } from '../../platform/sftp.ts'
import type { Handler, Handlers } from '../handler.ts'
import { badFields, notFound, Refused, refusedFor } from '../refusals.ts'
import { isoOrNull } from './channel-answers.ts'
import type { RouteParts } from './route-parts.ts'

/** How suppliers get purchase orders, and what became of each (D5). */
export function supplierWaysRoutes({ parts }: RouteParts) {
  const { db, secrets, random, sftp } = parts

  const load = async (tenantId: string, supplierId: string) => {
    const found = await db.read(tenantId, (tx) => loadSupplierWays(tx, supplierId))
    if (!found) throw notFound()
    return found
  }

  const answer = async (tenantId: string, supplierId: string) => {
    const { way, email, shown, picksUpTracking } = await load(tenantId, supplierId)
    const open = await db.read(tenantId, (tx) => countSending(tx, supplierId))
    const mailReady = parts.mail.from !== null
    return { way, email, mailReady, sftp: shown.sftp ?? null, webhook: shown.webhook ?? null, picksUpTracking, open }
  }

  const supplierWays: Handler<'supplierWays'> = ({ session, params }) => answer(session.tenantId, params.id)

  const changeSupplierWays: Handler<'changeSupplierWays'> = async ({ session, params, body }) => {
    if (body.way === 'email' && parts.mail.from === null)
      throw badFields({ way: 'No mail server is set up for this hub. Ask its operator, or choose another way.' })
    const changed = await change({ db, secrets, random }, session.tenantId, {
      ...body,
      supplierId: params.id,
      actor: session.name,
    })
    refusedFor(changed)
    const webhookSecret = changed.kind === 'changed' ? changed.webhookSecret : null
    return { ...(await answer(session.tenantId, params.id)), webhookSecret }
  }

  const testSupplierWay: Handler<'testSupplierWay'> = async ({ session, params }) => {
    const found = await load(session.tenantId, params.id)
    return testWay(parts, { ...found, connection: openConnection(secrets, session.tenantId, found) })
  }

  const supplierHostKey: Handler<'supplierHostKey'> = async ({ session, params, body }) => {
    await load(session.tenantId, params.id)
    try {
      return { hostKey: await sftp.hostKey(body) }
    } catch (error) {
      if (error instanceof SftpRefused) throw badFields({ 'sftp.host': error.message })
      throw error
    }
  }

  const purchaseOrderSending: Handler<'purchaseOrderSending'> = async ({ session, params }) => {
    const found = await db.read(session.tenantId, (tx) => loadSending(tx, params.id))
    if (!found) throw notFound()
    return found.map((each) => ({
      ...each,
      writtenAt: each.writtenAt.toISOString(),
      settledAt: isoOrNull(each.settledAt),
      nextTryAt: isoOrNull(each.nextTryAt),
    }))
  }

  const settleDoubt: Handler<'settleDoubt'> = async ({ session, params, body }) => {
    const settled = await settle(db, session.tenantId, {
      purchaseOrderId: params.id,
      said: body.said,
      actor: session.name,
    })
    if (settled.kind === 'refused' && settled.reason === 'not-found') throw notFound()
    if (settled.kind === 'refused')
      throw new Refused(409, 'not-in-doubt', 'This purchase order is not in doubt any more. Look at it again.')
    return {}
  }

  return {
    supplierWays,
    changeSupplierWays,
    testSupplierWay,
    supplierHostKey,
    purchaseOrderSending,
    settleDoubt,
  } satisfies Partial<Handlers>
}
