// The end of a consent: a person agrees to what was found, and it becomes a sales channel or signs one in again.
import { connectorOf } from '../connectors/index.ts'
import {
  connectedNames,
  loadConsent,
  openFields,
  recordConnected,
  type Consent,
} from '../domain/channels/consent.store.ts'
import { reauthorise } from '../domain/channels/reauthorise.command.ts'
import type { EngineParts } from './channel-run.ts'
import { refusedAt, storeChannel } from './connect.ts'
import type { Account, ConnectResult, Refused } from './connect.ts'

export type ConsentChoice = {
  consentId: string
  siteId?: string | undefined
  name?: string | undefined
  currency?: string | undefined
  warehouse?: string | undefined
  actor: string
}

export async function settleConsent(
  parts: EngineParts,
  tenantId: string,
  choice: ConsentChoice,
): Promise<ConnectResult | { kind: 'not-found' }> {
  const consent = await parts.db.read(tenantId, (tx) => loadConsent(tx, choice.consentId))
  if (!consent) return { kind: 'not-found' }
  if (consent.state !== 'choose' || consent.expired || !consent.account)
    return { kind: 'refused', message: over(consent), fields: {} }
  const account = openFields(parts.secrets, { tenantId, id: consent.id, column: 'account' }, consent.account)
  const settled =
    consent.purpose === 'reauthorise'
      ? await signInAgain(parts, tenantId, consent, account, choice.actor)
      : await connectSite(parts, tenantId, consent, account, choice)
  if (settled.kind === 'added') await record(parts, tenantId, consent, settled.channelId)
  return settled
}

async function signInAgain(
  parts: EngineParts,
  tenantId: string,
  consent: Consent,
  credentials: Account,
  actor: string,
): Promise<ConnectResult | { kind: 'not-found' }> {
  const { channelId, sites } = consent
  if (channelId === null) return { kind: 'not-found' }
  const done = await reauthorise(parts.db, parts.secrets, tenantId, { channelId, credentials, sites, actor })
  if (done.kind === 'reauthorised') return { kind: 'added', channelId }
  if (done.reason === 'not-found') return { kind: 'not-found' }
  return { kind: 'refused', message: done.message, fields: done.fields }
}

async function connectSite(
  parts: EngineParts,
  tenantId: string,
  consent: Consent,
  account: Account,
  choice: ConsentChoice,
): Promise<ConnectResult> {
  const connector = connectorOf(consent.marketplace)
  if (!connector) throw new Error(`There is no connector ${consent.marketplace}.`)
  const name = choice.name ?? consent.name
  if (name === null) return refusedAt('name', 'Give it a name.')
  const wanted = choice.siteId ?? consent.siteId ?? (consent.sites.length === 1 ? consent.sites[0]?.id : undefined)
  const site = consent.sites.find(({ id }) => id === wanted)
  if (!site) return refusedAt('siteId', 'Choose one of the shops this account opens.')
  return storeChannel(parts, tenantId, {
    connector,
    name,
    site,
    currency: (choice.currency ?? site.currency).toUpperCase(),
    warehouse: choice.warehouse,
    account,
    // From its first sales channel on the engine renews the account, and what it has then is newer than ours.
    keepsExisting: consent.connectedChannelId !== null,
    actor: choice.actor,
  })
}

/** It stays open for the account's other shops. */
function record(parts: EngineParts, tenantId: string, consent: Consent, channelId: string): Promise<void> {
  return parts.db.tenant(tenantId).transaction(async (tx) => {
    const connected = await connectedNames(tx, consent.marketplace, consent.sites)
    const more = consent.purpose === 'connect' && consent.sites.some(({ id }) => !connected.has(id))
    await recordConnected(tx, consent.id, { channelId, more })
  })
}

function over({ state, reason, expired }: Consent): Refused['message'] {
  if (state === 'refused' && reason !== null) return reason
  if (state === 'connected') return 'This is connected already.'
  return expired ? 'This took too long and counts no more. Connect again.' : 'The marketplace has not answered yet.'
}
