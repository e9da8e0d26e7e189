// Consents under way: begun by a person, brought back by the marketplace once, and settled by him.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { Secrets } from '../../platform/secrets.ts'
import type { FoundSite } from './found-site.ts'

export type ConsentState = 'waiting' | 'exchanging' | 'refused' | 'choose' | 'connected'

export type Consent = {
  id: string
  userId: string
  marketplace: string
  purpose: 'connect' | 'reauthorise'
  channelId: string | null
  /** Null: begun at the marketplace's side and not named yet. */
  name: string | null
  siteId: string | null
  redirectUri: string
  typed: Buffer
  account: Buffer | null
  sites: FoundSite[]
  state: ConsentState
  reason: string | null
  connectedChannelId: string | null
  /** It is over and nothing came of it. */
  expired: boolean
}

export const consentMinutes = { toReturn: 10, toChoose: 30 }
const keptHours = 1

const columns = sql`id, user_id as "userId", marketplace, purpose, channel_id as "channelId", name, site_id as "siteId",
  redirect_uri as "redirectUri", typed, account, coalesce(sites, '[]'::jsonb) as sites, state, reason,
  connected_channel_id as "connectedChannelId",
  expires_at <= app_now() and state in ('waiting', 'exchanging', 'choose') as expired`

export type NewConsent = Pick<
  Consent,
  'id' | 'userId' | 'marketplace' | 'purpose' | 'channelId' | 'name' | 'siteId' | 'redirectUri' | 'typed'
> & { stateHash: string }

/** Takes the occasion to remove what is long over, sealed accounts included. */
export async function insertConsent(tx: Tx, consent: NewConsent): Promise<void> {
  await sql`
    delete from consents
    where tenant_id = ${tx.tenantId} and expires_at < app_now() - make_interval(hours => ${keptHours})
  `.execute(tx)
  await sql`
    insert into consents (tenant_id, id, user_id, marketplace, purpose, channel_id, name, site_id, redirect_uri, typed,
      state_hash, expires_at)
    values (${tx.tenantId}, ${consent.id}, ${consent.userId}, ${consent.marketplace}, ${consent.purpose},
      ${consent.channelId}, ${consent.name}, ${consent.siteId}, ${consent.redirectUri}, ${consent.typed},
      ${consent.stateHash}, app_now() + make_interval(mins => ${consentMinutes.toReturn}))
  `.execute(tx)
}

export async function loadConsent(tx: Tx, id: string): Promise<Consent | undefined> {
  const { rows } = await sql<Consent>`
    select ${columns} from consents where tenant_id = ${tx.tenantId} and id = ${id}
  `.execute(tx)
  return rows[0]
}

/** Locked, so that of two returns at once one finds it used. */
export async function lockConsentByState(tx: Tx, stateHash: string): Promise<Consent | undefined> {
  const { rows } = await sql<Consent>`
    select ${columns} from consents where tenant_id = ${tx.tenantId} and state_hash = ${stateHash} for update
  `.execute(tx)
  return rows[0]
}

/** What this person waits for at this marketplace, where it does not say to whom it answers. */
export async function lockNewestWaiting(
  tx: Tx,
  { userId, marketplace }: { userId: string; marketplace: string },
): Promise<Consent | undefined> {
  const { rows } = await sql<Consent>`
    select ${columns} from consents
    where tenant_id = ${tx.tenantId} and user_id = ${userId} and marketplace = ${marketplace} and state = 'waiting'
      and expires_at > app_now()
    order by created_at desc, id desc limit 1 for update
  `.execute(tx)
  return rows[0]
}

/** False: this code was taken before. */
export async function takeCode(tx: Tx, consent: Consent, codeHash: string): Promise<boolean> {
  const taken = await sql`
    select from consents
    where tenant_id = ${tx.tenantId} and marketplace = ${consent.marketplace} and code_hash = ${codeHash}
  `.execute(tx)
  if (taken.rows.length > 0) return false
  await sql`
    update consents set state = 'exchanging', code_hash = ${codeHash}
    where tenant_id = ${tx.tenantId} and id = ${consent.id}
  `.execute(tx)
  await tx.notify('consents', { id: consent.id })
  return true
}

/** What is secret in it goes. */
export async function refuseConsent(tx: Tx, consentId: string, reason: string): Promise<void> {
  await sql`
    update consents set state = 'refused', reason = ${reason}, account = null, typed = ''
    where tenant_id = ${tx.tenantId} and id = ${consentId}
  `.execute(tx)
  await tx.notify('consents', { id: consentId })
}

/** Kept for a person to say where it belongs. Nothing happens where he canceled meanwhile. */
export async function keepFound(
  tx: Tx,
  consentId: string,
  found: { account: Buffer; sites: FoundSite[] },
): Promise<void> {
  await sql`
    update consents set state = 'choose', account = ${found.account}, sites = ${JSON.stringify(found.sites)}::jsonb,
      typed = '', expires_at = app_now() + make_interval(mins => ${consentMinutes.toChoose})
    where tenant_id = ${tx.tenantId} and id = ${consentId}
  `.execute(tx)
  await tx.notify('consents', { id: consentId })
}

/** With `more` sites to connect it stays open for them; otherwise what is secret in it goes. */
export async function recordConnected(
  tx: Tx,
  consentId: string,
  { channelId, more }: { channelId: string; more: boolean },
): Promise<void> {
  await sql`
    update consents set connected_channel_id = ${channelId}, state = ${more ? 'choose' : 'connected'},
      account = ${more ? sql`account` : sql`null`}
    where tenant_id = ${tx.tenantId} and id = ${consentId}
  `.execute(tx)
  await tx.notify('consents', { id: consentId })
}

export async function deleteConsent(tx: Tx, id: string): Promise<boolean> {
  const deleted = await sql`delete from consents where tenant_id = ${tx.tenantId} and id = ${id}`.execute(tx)
  return deleted.numAffectedRows === 1n
}

/** Which of these sites are connected already, and as what. */
export async function connectedNames(
  tx: Tx,
  marketplace: string,
  sites: { id: string; sellerId: string }[],
): Promise<Map<string, string>> {
  if (sites.length === 0) return new Map()
  const { rows } = await sql<{ siteId: string; name: string }>`
    select channel.site_id as "siteId", channel.name
    from jsonb_to_recordset(${JSON.stringify(sites)}::jsonb) as site (id text, "sellerId" text)
    join channel_accounts account on account.tenant_id = ${tx.tenantId} and account.connector = ${marketplace}
      and account.seller_id = site."sellerId" and account.removed_at is null
    join sales_channels channel on channel.tenant_id = account.tenant_id and channel.account_id = account.id
      and channel.site_id = site.id and channel.removed_at is null
  `.execute(tx)
  return new Map(rows.map(({ siteId, name }) => [siteId, name]))
}

type Sealed = { tenantId: string; id: string; column: 'typed' | 'account' }

export function sealFields(secrets: Secrets, place: Sealed, fields: Record<string, string>): Buffer {
  return secrets.seal(JSON.stringify(fields), placeOf(place))
}

export function openFields(secrets: Secrets, place: Sealed, sealed: Buffer): Record<string, string> {
  return JSON.parse(secrets.open(sealed, placeOf(place))) as Record<string, string>
}

function placeOf({ tenantId, id, column }: Sealed) {
  return { tenantId, column: `consents.${column}`, rowId: id }
}
