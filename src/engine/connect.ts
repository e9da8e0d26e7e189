// Connecting a sales channel, and signing in again: the credentials are tried at the marketplace before anything is
// stored, and a refusal is told in the words of the form.
import { makeCall } from '../connectors/call.ts'
import { RefusedError } from '../connectors/connector.ts'
import type { Call, Connector, Refusal, Site } from '../connectors/connector.ts'
import { connectorOf } from '../connectors/index.ts'
import { addChannel } from '../domain/channels/add-channel.command.ts'
import type { AddChannelResult } from '../domain/channels/add-channel.command.ts'
import { loadChannelForWork, openCredentials } from '../domain/channels/channel.store.ts'
import { reauthorise, wrongAccount } from '../domain/channels/reauthorise.command.ts'
import type { ReauthoriseResult } from '../domain/channels/reauthorise.command.ts'
import { checkChannelName } from '../domain/channels/rename-channel.command.ts'
import { baseUrlOf } from './base-url.ts'
import type { EngineParts } from './channel-run.ts'
import { plannedWork } from './schedule.ts'

export type Account = Record<string, string>

export type Refused = { kind: 'refused'; message: string; fields: Record<string, string> }
export type TriedSites = { kind: 'found'; sites: Site[]; account: Account } | Refused
export type ConnectResult = { kind: 'added'; channelId: string } | Refused

/** A person waits for this one. */
const timeoutSeconds = 15

export type NewConnection = {
  marketplace: string
  name: string
  currency: string
  account: Account
  siteId?: string | undefined
  warehouse?: string | undefined
  actor: string
}

export async function connectChannel(
  parts: EngineParts,
  tenantId: string,
  input: NewConnection,
): Promise<ConnectResult> {
  const connector = connectorOf(input.marketplace)
  if (!connector) return noSuchMarketplace
  const named = await checkChannelName(parts.db, tenantId, input.name)
  if (!named.free) return refusedAt('name', named.reason ?? '')
  const tried = await trySites(parts, connector, { given: input.account, siteId: input.siteId ?? null })
  if (tried.kind === 'refused') return tried
  const site = input.siteId === undefined ? tried.sites[0] : tried.sites.find(({ id }) => id === input.siteId)
  if (!site) return { kind: 'refused', message: noShop(connector), fields: {} }
  return storeChannel(parts, tenantId, { ...input, connector, site, account: tried.account })
}

/** The last step of every way to connect: what was found is stored as a sales channel. */
export async function storeChannel(
  parts: EngineParts,
  tenantId: string,
  input: Pick<NewConnection, 'name' | 'currency' | 'account' | 'warehouse' | 'actor'> & {
    connector: Connector
    site: Site
    keepsExisting?: boolean
  },
): Promise<ConnectResult> {
  const { connector, account, ...channel } = input
  const added = await addChannel(parts.db, parts.secrets, tenantId, {
    ...channel,
    connector: connector.id,
    credentials: account,
    baseUrl: parts.marketplaceUrls[connector.id] ?? null,
    zeroMayBeFinal: connector.stock?.zeroMayBeFinal ?? false,
    work: plannedWork(connector),
  })
  return added.kind === 'added' ? added : refusedAt(fieldOf(added, connector), added.reason)
}

export async function reauthoriseChannel(
  parts: EngineParts,
  tenantId: string,
  input: { channelId: string; account: Account; actor: string },
): Promise<ReauthoriseResult> {
  const channel = await parts.db.read(tenantId, (tx) => loadChannelForWork(tx, input.channelId))
  const connector = channel && connectorOf(channel.connector)
  if (!channel || !connector || channel.removed) return { kind: 'refused', reason: 'not-found' }
  const { accountId, siteId } = channel
  const stored = openCredentials(parts.secrets, { tenantId, accountId }, channel.credentials)
  const tried = await trySites(parts, connector, {
    given: input.account,
    stored,
    siteId,
    baseUrl: channel.baseUrl,
    wrongWith: (sites) => wrongAccount(channel, sites),
  })
  if (tried.kind === 'refused') return { ...tried, reason: 'invalid' }
  const { channelId, actor } = input
  return reauthorise(parts.db, parts.secrets, tenantId, {
    channelId,
    credentials: tried.account,
    sites: tried.sites,
    actor,
  })
}

type TypedAccount = {
  given: Account
  /** Optional fields left empty stay as they were. */
  stored?: Account
  siteId: string | null
  /** Left out: where a new account would be. */
  baseUrl?: string | null
  wrongWith?: TriedAccount['wrongWith']
}

export async function trySites(
  parts: EngineParts,
  connector: Connector,
  { given, stored, siteId, baseUrl, wrongWith }: TypedAccount,
): Promise<TriedSites> {
  const account: Account = {}
  const fields: Record<string, string> = {}
  // What consent and renewal keep beside typed fields belongs to those; where nothing was typed, all stays.
  const keepsAll = stored !== undefined && Object.values(given).every((value) => value.trim() === '')
  for (const [key, field] of Object.entries(connector.account)) {
    const value = field.hidden === true ? '' : (given[key]?.trim() ?? '')
    const isOptional = field.optional === true || field.hidden === true
    if (value === '' && !isOptional) fields[key] = `Give the ${field.label.toLowerCase()}.`
    account[key] = value === '' && (keepsAll || field.hidden !== true) ? (stored?.[key] ?? '') : value
  }
  if (Object.keys(fields).length > 0) return { kind: 'refused', message: 'Something is missing.', fields }
  if (Object.values(account).every((value) => value === '')) {
    const [key = '', field] = Object.entries(connector.account).find(([, { hidden }]) => hidden !== true) ?? []
    return refusedAt(key, `Give the ${field?.label.toLowerCase() ?? 'account'}.`)
  }
  return findSitesOf(parts, connector, { account, siteId, wrongWith, ...(baseUrl === undefined ? {} : { baseUrl }) })
}

type TriedAccount = {
  account: Account
  siteId: string | null
  baseUrl?: string | null
  /** Asked before anything is renewed: renewing may end the access the same seller has here already. */
  wrongWith?: ((sites: Site[]) => string | null | Promise<string | null>) | undefined
}

/**
 * What this account opens. A token that only renewal gets is got first; one that does not say when it ends is renewed
 * once it has proved itself, for a refresh token that was typed wrong would be noticed only weeks later.
 */
export async function findSitesOf(
  parts: EngineParts,
  connector: Connector,
  { account, siteId, baseUrl, wrongWith }: TriedAccount,
): Promise<TriedSites> {
  const where = { siteId, ...(baseUrl === undefined ? {} : { baseUrl }) }
  const callOf = (given: Account) => accountCall(parts, connector, { ...where, account: given })
  const isDue = (given: Account) => {
    const dueAt = connector.renewal?.dueAt(given) ?? null
    return dueAt !== null && dueAt <= parts.clock.now()
  }
  const { renewal } = connector
  try {
    const isFirstRenewed = renewal !== undefined && lacksToken(connector, account) && isDue(account)
    const first = isFirstRenewed ? await renewal.renew(callOf(account)) : account
    const sites = await connector.findSites(callOf(first))
    const wrong = (await wrongWith?.(sites)) ?? null
    if (wrong !== null) return { kind: 'refused', message: wrong, fields: {} }
    if (!renewal || isFirstRenewed || !isDue(first)) return { kind: 'found', sites, account: first }
    const renewed = await renewal.renew(callOf(first))
    return { kind: 'found', sites: await connector.findSites(callOf(renewed)), account: renewed }
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error
    return refusedSites(connector, error.refusal)
  }
}

function lacksToken(connector: Connector, account: Account): boolean {
  return Object.entries(connector.account).some(
    ([key, { hidden, secret }]) => hidden === true && secret && (account[key] ?? '') === '',
  )
}

/** A call for a person who waits, for an account that is no sales channel yet. */
export function accountCall(
  parts: EngineParts,
  connector: Connector,
  { account, siteId, baseUrl }: { account: Account; siteId: string | null; baseUrl?: string | null },
): Call {
  const chosen = connector.sites?.find(({ id }) => id === siteId)
  const { name = '', currency = '' } = chosen ?? {}
  return makeCall({
    connector,
    account,
    app: parts.appCredentials[connector.id] ?? {},
    ...baseUrlOf(
      parts,
      { baseUrl: baseUrl === undefined ? (parts.marketplaceUrls[connector.id] ?? null) : baseUrl },
      connector,
    ),
    ...(siteId === null
      ? {}
      : { site: { id: siteId, name, sellerId: '', currency, currencies: currency === '' ? [] : [currency] } }),
    now: () => parts.clock.now(),
    http: parts.http,
    timeoutSeconds,
  })
}

function refusedSites(connector: Connector, refusal: Refusal): Refused {
  const secrets = Object.entries(connector.account).filter(([, field]) => field.secret && field.hidden !== true)
  const [secret] = secrets.length === 1 ? (secrets[0] ?? []) : []
  const reason = refusal.reason ?? 'no reason was given'
  if (refusal.kind === 'signed-out' || refusal.kind === 'rejected' || refusal.kind === 'gone') {
    return { kind: 'refused', message: reason, fields: secret === undefined ? {} : { [secret]: reason } }
  }
  const message = `${connector.name} could not be asked just now (${reason}). Nothing was saved; try again in a moment.`
  return { kind: 'refused', message, fields: {} }
}

function fieldOf(refused: Extract<AddChannelResult, { kind: 'refused' }>, connector: Connector): string {
  if (refused.field !== 'account' || connector.consent) return refused.field
  return Object.keys(connector.account)[0] ?? 'account'
}

export const noSuchMarketplace: Refused = {
  kind: 'refused',
  message: 'There is no such marketplace here.',
  fields: {},
}

export function noShop(connector: Connector): string {
  return `This account has no shop at ${connector.name}.`
}

export function refusedAt(field: string, message: string): Refused {
  return { kind: 'refused', message, fields: { [field]: message } }
}
