// Connecting a sales channel, and signing in again: the credentials are tried at the marketplace before anything is
// stored, and a refusal is told in the words of the form.
import { makeCall } from '../connectors/call.ts'
import { RefusedError } from '../connectors/connector.ts'
import type { Connector, Refusal, Site } from '../connectors/connector.ts'
import { connectorOf } from '../connectors/index.ts'
import { addChannel } from '../domain/channels/add-channel.command.ts'
import type { AddChannelResult } from '../domain/channels/add-channel.command.ts'
import { loadChannelForWork } from '../domain/channels/channel.store.ts'
import { reauthorise } from '../domain/channels/reauthorise.command.ts'
import type { ReauthoriseResult } from '../domain/channels/reauthorise.command.ts'
import { checkChannelName } from '../domain/channels/rename-channel.command.ts'
import { baseUrlOf } from './channel-open.ts'
import type { EngineParts } from './channel-run.ts'
import { plannedWork } from './schedule.ts'

export type TriedSites =
  | { kind: 'found'; sites: Site[]; account: Record<string, string> }
  | { kind: 'refused'; message: string; fields: Record<string, string> }

export type ConnectResult =
  | { kind: 'added'; channelId: string }
  | { kind: 'refused'; message: string; fields: Record<string, string> }

/** A person waits for this one. */
const timeoutSeconds = 15

export async function connectChannel(
  parts: EngineParts,
  tenantId: string,
  input: {
    marketplace: string
    name: string
    currency: string
    account: Record<string, string>
    siteId?: string
    actor: string
  },
): Promise<ConnectResult> {
  const connector = connectorOf(input.marketplace)
  if (!connector) return { kind: 'refused', message: 'There is no such marketplace here.', fields: {} }
  const named = await checkChannelName(parts.db, tenantId, input.name)
  if (!named.free) return refusedAt('name', named.reason ?? '')
  const tried = await trySites(parts, connector, input.account)
  if (tried.kind === 'refused') return tried
  const site = input.siteId === undefined ? tried.sites[0] : tried.sites.find(({ id }) => id === input.siteId)
  if (!site) return { kind: 'refused', message: `This account has no shop at ${connector.name}.`, fields: {} }
  const added = await addChannel(parts.db, parts.secrets, tenantId, {
    connector: connector.id,
    name: input.name,
    currency: input.currency,
    site,
    credentials: tried.account,
    baseUrl: parts.marketplaceUrls[connector.id] ?? null,
    zeroMayBeFinal: connector.stock?.zeroMayBeFinal ?? false,
    work: plannedWork(connector),
    actor: input.actor,
  })
  return added.kind === 'added' ? added : refusedAt(fieldOf(added, connector), added.reason)
}

export async function reauthoriseChannel(
  parts: EngineParts,
  tenantId: string,
  input: { channelId: string; account: Record<string, string>; actor: string },
): Promise<ReauthoriseResult> {
  const channel = await parts.db.read(tenantId, (tx) => loadChannelForWork(tx, input.channelId))
  const connector = channel && connectorOf(channel.connector)
  if (!channel || !connector || channel.removed) return { kind: 'refused', reason: 'not-found' }
  const tried = await trySites(parts, connector, input.account, channel)
  if (tried.kind === 'refused') return { ...tried, reason: 'invalid' }
  const { channelId, actor } = input
  return reauthorise(parts.db, parts.secrets, tenantId, {
    channelId,
    credentials: tried.account,
    sites: tried.sites,
    actor,
  })
}

export async function trySites(
  parts: EngineParts,
  connector: Connector,
  given: Record<string, string>,
  stored?: { baseUrl: string | null },
): Promise<TriedSites> {
  const account: Record<string, string> = {}
  const fields: Record<string, string> = {}
  for (const [key, field] of Object.entries(connector.account)) {
    const value = given[key]?.trim() ?? ''
    if (value === '') fields[key] = `Give the ${field.label.toLowerCase()}.`
    account[key] = value
  }
  if (Object.keys(fields).length > 0) return { kind: 'refused', message: 'Something is missing.', fields }
  const call = makeCall({
    connector,
    account,
    app: parts.appCredentials[connector.id] ?? {},
    ...baseUrlOf(parts, stored ?? { baseUrl: parts.marketplaceUrls[connector.id] ?? null }, connector),
    now: () => parts.clock.now(),
    http: parts.http,
    timeoutSeconds,
  })
  try {
    return { kind: 'found', sites: await connector.findSites(call), account }
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error
    return refusedSites(connector, error.refusal)
  }
}

function refusedSites(connector: Connector, refusal: Refusal): TriedSites {
  const [secret] = Object.entries(connector.account).find(([, field]) => field.secret) ?? []
  const reason = refusal.reason ?? 'no reason was given'
  if (refusal.kind === 'signed-out' || refusal.kind === 'rejected' || refusal.kind === 'gone') {
    return { kind: 'refused', message: reason, fields: secret === undefined ? {} : { [secret]: reason } }
  }
  const message = `${connector.name} could not be asked just now (${reason}). Nothing was saved; try again in a moment.`
  return { kind: 'refused', message, fields: {} }
}

function fieldOf(refused: Extract<AddChannelResult, { kind: 'refused' }>, connector: Connector): string {
  return refused.field === 'account' ? (Object.keys(connector.account)[0] ?? 'account') : refused.field
}

function refusedAt(field: string, message: string): ConnectResult {
  return { kind: 'refused', message, fields: { [field]: message } }
}
