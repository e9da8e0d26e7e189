// Connecting by a marketplace's own consent page. It begins here: the page is opened with a secret of ours, with which the
// marketplace sends the browser back (consent-return.ts); a person then agrees to what was found (consent-choice.ts).
import { createHash } from 'node:crypto'
import { resolveUrl } from '../connectors/call.ts'
import type { Connector, Consent as ConsentPage, Site } from '../connectors/connector.ts'
import { connectorOf } from '../connectors/index.ts'
import { loadChannelForWork, openCredentials } from '../domain/channels/channel.store.ts'
import { insertConsent, sealFields } from '../domain/channels/consent.store.ts'
import type { Consent } from '../domain/channels/consent.store.ts'
import { checkChannelName } from '../domain/channels/rename-channel.command.ts'
import { appVariable, missingAppFields } from './app-credentials.ts'
import type { EngineParts } from './channel-run.ts'
import { noSuchMarketplace, refusedAt, trySites } from './connect.ts'
import type { Account, Refused } from './connect.ts'
import { keepWhatWasFound, wrongSites } from './consent-found.ts'

/** Who asks. What one began nobody else may bring back. */
export type Asker = { tenantId: string; userId: string }

export type NewConsentInput = {
  marketplace: string
  /** Given: this one is signed in again. */
  channelId?: string | undefined
  name?: string | undefined
  siteId?: string | undefined
  /** 'typed': the fields are all there is, and no page opens. */
  way: 'page' | 'typed'
  account: Account
  redirectUri: string
}

export type BegunConsent = { kind: 'begun'; id: string; url: string | null } | Refused | { kind: 'not-found' }

const stateBytes = 32

export async function beginConsent(parts: EngineParts, asker: Asker, input: NewConsentInput): Promise<BegunConsent> {
  const subject = await subjectOf(parts, asker, input)
  if (subject.kind !== 'subject') return subject
  const { connector, siteId, stored, baseUrl } = subject
  const consent = newConsent(parts, asker, { ...input, siteId, purpose: subject.purpose })
  if (input.way === 'typed') {
    const wrongWith = (sites: Site[]) =>
      parts.db.read(asker.tenantId, (tx) => wrongSites(tx, { ...consent, siteId }, connector, sites))
    const tried = await trySites(parts, connector, { given: input.account, siteId, ...stored, ...baseUrl, wrongWith })
    if (tried.kind === 'refused') return tried
    await storeConsent(parts, asker, consent, {})
    await keepWhatWasFound(parts, asker, { ...consent, siteId }, connector, tried)
    return { kind: 'begun', id: consent.id, url: null }
  }
  if (!connector.consent) return { ...noSuchMarketplace, message: `${connector.name} has no consent page.` }
  const typed = ownAppFields(connector, connector.consent, input.account, stored.stored)
  if (typed.kind === 'refused') return typed
  const missing = typed.isOwnApp ? [] : missingAppFields(connector, parts.appCredentials[connector.id] ?? {})
  if (missing.length > 0) return refusedForApp(connector, missing)
  await storeConsent(parts, asker, consent, typed.fields)
  const ask = { state: consent.state, redirectUri: input.redirectUri, siteId, account: typed.fields }
  const page = connector.consent.page(parts.appCredentials[connector.id] ?? {}, ask)
  return { kind: 'begun', id: consent.id, url: pageAddress(parts, connector, page, baseUrl) }
}

type Subject = {
  kind: 'subject'
  connector: Connector
  purpose: Consent['purpose']
  siteId: string | null
  stored: { stored?: Account }
  baseUrl: { baseUrl?: string | null }
}

async function subjectOf(
  parts: EngineParts,
  { tenantId }: Asker,
  input: NewConsentInput,
): Promise<Subject | Refused | { kind: 'not-found' }> {
  const connector = connectorOf(input.marketplace)
  if (input.channelId !== undefined) {
    const { channelId } = input
    const channel = await parts.db.read(tenantId, (tx) => loadChannelForWork(tx, channelId))
    if (!channel || channel.removed || channel.connector !== connector?.id) return { kind: 'not-found' }
    const { accountId, siteId, baseUrl } = channel
    const stored = openCredentials(parts.secrets, { tenantId, accountId }, channel.credentials)
    return { kind: 'subject', connector, purpose: 'reauthorise', siteId, stored: { stored }, baseUrl: { baseUrl } }
  }
  if (!connector) return noSuchMarketplace
  const named = await checkChannelName(parts.db, tenantId, input.name ?? '')
  if (!named.free) return refusedAt('name', named.reason ?? '')
  const siteId = input.siteId ?? null
  if (connector.sites && !connector.sites.some(({ id }) => id === siteId)) return refusedAt('siteId', 'Choose a site.')
  return { kind: 'subject', connector, purpose: 'connect', siteId, stored: {}, baseUrl: {} }
}

/** The seller's own application, where the marketplace lets him bring one: whole, or not at all. */
function ownAppFields(
  connector: Connector,
  { ownApp }: ConsentPage,
  given: Account,
  stored: Account = {},
): { kind: 'fields'; fields: Account; isOwnApp: boolean } | Refused {
  if (!ownApp) return { kind: 'fields', fields: {}, isOwnApp: false }
  const isGiven = ownApp.fields.some((field) => (given[field]?.trim() ?? '') !== '')
  const before = isGiven || ownApp.fields.every((field) => (stored[field] ?? '') !== '') ? stored : {}
  const fields = Object.fromEntries(
    ownApp.fields.map((field) => [field, given[field]?.trim() || before[field] || ''] as const),
  )
  if (Object.values(fields).every((value) => value === '')) return { kind: 'fields', fields: {}, isOwnApp: false }
  const missing = ownApp.fields.filter((field) => fields[field] === '')
  if (missing.length === 0) return { kind: 'fields', fields, isOwnApp: true }
  const sentences = missing.map(
    (field) => [field, `Give the ${connector.account[field]?.label.toLowerCase() ?? field}.`] as const,
  )
  return { kind: 'refused', message: 'Something is missing.', fields: Object.fromEntries(sentences) }
}

export function refusedForApp(connector: Connector, missing: string[]): Refused {
  const names = missing.map((field) => appVariable(connector, field)).join(', ')
  const message = `This hub has no application at ${connector.name} yet. Its operator sets ${names} and starts it again.`
  return { kind: 'refused', message, fields: {} }
}

/** Where the seller's browser goes: the marketplace's own page, or the sandbox's that stands in for it. */
function pageAddress(
  parts: EngineParts,
  connector: Connector,
  page: { host: string; url: string },
  { baseUrl }: Subject['baseUrl'] = {},
): string {
  const host = connector.http.hosts?.[page.host]
  if (host === undefined) throw new Error(`The connector names no host “${page.host}”.`)
  const sandbox = baseUrl === null ? undefined : parts.marketplaceUrls[connector.id]
  const base = sandbox === undefined ? host : new URL(sandbox).origin
  return resolveUrl({ method: 'GET', url: page.url }, base, host)
}

type FreshConsent = Pick<
  Consent,
  'id' | 'userId' | 'marketplace' | 'purpose' | 'channelId' | 'name' | 'siteId' | 'redirectUri'
> & { state: string }

export function newConsent(
  parts: EngineParts,
  { userId }: Asker,
  input: Pick<NewConsentInput, 'marketplace' | 'channelId' | 'name' | 'redirectUri'> & {
    siteId: string | null
    purpose: Consent['purpose']
  },
): FreshConsent {
  return {
    id: parts.ids.uuid(),
    userId,
    marketplace: input.marketplace,
    purpose: input.purpose,
    channelId: input.channelId ?? null,
    name: input.purpose === 'connect' ? (input.name?.trim() ?? null) : null,
    siteId: input.siteId,
    redirectUri: input.redirectUri,
    state: parts.random.bytes(stateBytes).toString('base64url'),
  }
}

export function storeConsent(
  parts: EngineParts,
  { tenantId }: Asker,
  { state, ...consent }: FreshConsent,
  fields: Account,
): Promise<void> {
  const typed = sealFields(parts.secrets, { tenantId, id: consent.id, column: 'typed' }, fields)
  return parts.db
    .tenant(tenantId)
    .transaction((tx) => insertConsent(tx, { ...consent, typed, stateHash: hashOf(state) }))
}

/** Begun at the marketplace's side: where to send the browser now that the seller is signed in here and agreed. */
export async function beginThere(
  parts: EngineParts,
  asker: Asker,
  input: { marketplace: string; query: Record<string, string>; redirectUri: string },
): Promise<{ kind: 'begun'; id: string; url: string } | Refused> {
  const connector = connectorOf(input.marketplace)
  if (!connector?.consent?.begunThere) return noSuchMarketplace
  const missing = missingAppFields(connector, parts.appCredentials[connector.id] ?? {})
  if (missing.length > 0) return refusedForApp(connector, missing)
  const consent = newConsent(parts, asker, { ...input, siteId: null, purpose: 'connect' })
  const { state, redirectUri } = consent
  const page = connector.consent.begunThere(input.query, { state, redirectUri })
  if (!page) {
    const message = `This is not how ${connector.name} begins. Open the application there again, or begin at Add sales channel.`
    return { kind: 'refused', message, fields: {} }
  }
  await storeConsent(parts, asker, consent, {})
  return { kind: 'begun', id: consent.id, url: pageAddress(parts, connector, page) }
}

/** Of what must be recognized and never read. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
