import { connectorOf } from '../../connectors/index.ts'
import { connectedNames, deleteConsent, loadConsent } from '../../domain/channels/consent.store.ts'
import { settleConsent as settle } from '../../engine/consent-choice.ts'
import { landConsent as land } from '../../engine/consent-return.ts'
import { beginConsent as begin, beginThere } from '../../engine/consent.ts'
import type { Handler, Handlers } from '../handler.ts'
import { notFound, Refused } from '../refusals.ts'
import { channelRow, redirectUriOf } from './channel-answers.ts'
import type { RouteParts } from './route-parts.ts'

/** Connecting by a marketplace's own consent page (A3–A5, A9). */
export function consentRoutes({ parts, publicUrl }: RouteParts) {
  const { db } = parts

  const beginConsent: Handler<'beginConsent'> = async ({ session, body }) => {
    const redirectUri = redirectUriOf(publicUrl, body.marketplace)
    const begun = await begin(parts, session, { ...body, redirectUri })
    if (begun.kind === 'not-found') throw notFound()
    if (begun.kind === 'refused') throw notConnected(begun)
    return { id: begun.id, url: begun.url }
  }

  const landConsent: Handler<'landConsent'> = async ({ session, body }) => {
    const redirectUri = redirectUriOf(publicUrl, body.marketplace)
    const landed = await land(parts, session, { ...body, redirectUri })
    const { kind } = landed
    return {
      kind,
      message: kind === 'refused' ? landed.message : null,
      consentId: kind === 'found' ? landed.consentId : null,
      name: kind === 'refused' ? null : landed.name,
      reauthorises: kind !== 'refused' && landed.reauthorises,
    }
  }

  const beginConsentThere: Handler<'beginConsentThere'> = async ({ session, body }) => {
    const redirectUri = redirectUriOf(publicUrl, body.marketplace)
    const begun = await beginThere(parts, session, { ...body, redirectUri })
    if (begun.kind === 'refused') throw notConnected(begun)
    return { id: begun.id, url: begun.url }
  }

  const consent: Handler<'consent'> = ({ session, params }) =>
    db.read(session.tenantId, async (tx) => {
      const found = await loadConsent(tx, params.id)
      if (!found) throw notFound()
      const { id, marketplace, purpose, channelId, name, siteId, reason } = found
      const connected = await connectedNames(tx, marketplace, found.sites)
      return {
        id,
        marketplace,
        marketplaceName: connectorOf(marketplace)?.name ?? marketplace,
        purpose,
        channelId,
        name,
        siteId,
        state: found.expired ? ('expired' as const) : found.state,
        reason,
        sites: found.sites.map(({ warehouses = [], ...site }) => ({
          id: site.id,
          name: site.name,
          sellerId: site.sellerId,
          currency: site.currency,
          currencies: site.currencies,
          warehouses,
          connectedAs: connected.get(site.id) ?? null,
        })),
      }
    })

  const settleConsent: Handler<'settleConsent'> = async ({ session, params, body }) => {
    const { tenantId, name: actor } = session
    const settled = await settle(parts, tenantId, { ...body, consentId: params.id, actor })
    if (settled.kind === 'not-found') throw notFound()
    if (settled.kind === 'refused') throw notConnected(settled)
    return db.read(tenantId, (tx) => channelRow(tx, settled.channelId))
  }

  const cancelConsent: Handler<'cancelConsent'> = ({ session, params }) =>
    db.tenant(session.tenantId).transaction(async (tx) => {
      if (!(await deleteConsent(tx, params.id))) throw notFound()
      return {}
    })

  return {
    beginConsent,
    landConsent,
    beginConsentThere,
    consent,
    settleConsent,
    cancelConsent,
  } satisfies Partial<Handlers>
}

function notConnected({ message, fields }: { message: string; fields: Record<string, string> }): Refused {
  return new Refused(422, 'not-connected', message, { fields })
}
