// What a consent, or typed credentials, opened: kept until a person agrees, or refused with what is wrong with it.
import type { Connector, Site } from '../connectors/connector.ts'
import { connectedAlready } from '../domain/channels/add-channel.command.ts'
import { loadChannelForWork } from '../domain/channels/channel.store.ts'
import { connectedNames, keepFound, refuseConsent, sealFields } from '../domain/channels/consent.store.ts'
import type { Consent } from '../domain/channels/consent.store.ts'
import { wrongAccount } from '../domain/channels/reauthorise.command.ts'
import type { Tx } from '../platform/database.ts'
import type { EngineParts } from './channel-run.ts'
import { noShop } from './connect.ts'
import type { Account } from './connect.ts'

/** Answers what is wrong with it; null: it is kept. */
export async function keepWhatWasFound(
  parts: EngineParts,
  { tenantId }: { tenantId: string },
  consent: Pick<Consent, 'id' | 'purpose' | 'marketplace' | 'siteId' | 'channelId'>,
  connector: Connector,
  { account, sites }: { account: Account; sites: Site[] },
): Promise<string | null> {
  const sealed = sealFields(parts.secrets, { tenantId, id: consent.id, column: 'account' }, account)
  return parts.db.tenant(tenantId).transaction(async (tx) => {
    const wrong = await wrongSites(tx, consent, connector, sites)
    if (wrong === null) await keepFound(tx, consent.id, { account: sealed, sites })
    else await refuseConsent(tx, consent.id, wrong)
    return wrong
  })
}

export async function wrongSites(
  tx: Tx,
  consent: Pick<Consent, 'purpose' | 'siteId' | 'channelId'>,
  connector: Connector,
  sites: Site[],
): Promise<string | null> {
  if (sites.length === 0) return noShop(connector)
  if (consent.purpose === 'reauthorise') {
    const channel = consent.channelId === null ? undefined : await loadChannelForWork(tx, consent.channelId)
    return !channel || channel.removed ? 'This integration was removed meanwhile.' : wrongAccount(channel, sites)
  }
  const candidates = consent.siteId === null ? sites : sites.filter(({ id }) => id === consent.siteId)
  if (candidates.length === 0) {
    const wanted = connector.sites?.find(({ id }) => id === consent.siteId)?.name ?? 'the chosen site'
    return `This account does not sell at ${wanted}. It sells at ${sites.map(({ name }) => name).join(', ')}.`
  }
  const connected = await connectedNames(tx, connector.id, candidates)
  const [first] = candidates
  const isAllConnected = candidates.every(({ id }) => connected.has(id))
  return isAllConnected && first ? connectedAlready(connected.get(first.id) ?? '') : null
}
