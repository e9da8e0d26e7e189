// Keeps an account's credentials alive. They are renewed well before they end, by one process at a time; an answer that
// gets lost leaves the old ones in place, to work as long as they do and to be renewed once more.
import { makeCall } from '../connectors/call.ts'
import { RefusedError } from '../connectors/connector.ts'
import type { Connector, Refusal } from '../connectors/connector.ts'
import { connectorOf } from '../connectors/index.ts'
import { firstChannelOf, parkAccount, renewalRefusedKey } from '../domain/channels/account.store.ts'
import { openCredentials, sealCredentials } from '../domain/channels/channel.store.ts'
import { claimRenewal, lockForRenewal, postponeRenewal, storeRenewal } from '../domain/channels/renewal.store.ts'
import type { RenewalRow } from '../domain/channels/renewal.store.ts'
import { closeProblem, openProblem } from '../domain/problems/problems.store.ts'
import { backoffSeconds } from './backoff.ts'
import { baseUrlOf } from './base-url.ts'
import type { EngineParts } from './channel-run.ts'

export type Renewal =
  | 'fresh' // nothing was to be done
  | 'renewed'
  | { waitSeconds: number } // they have ended, and cannot be renewed just now
  | 'signed-out' // refused for good; the account is parked

type Account = { tenantId: string; accountId: string }
type Claimed = Account & {
  connector: Connector
  fence: number
  before: Buffer
  account: Record<string, string>
  row: RenewalRow
  /** Renewals just before this one that did not help. */
  inVain: number
}

/**
 * Refused so soon after it, credentials say that their renewal was in vain. What ended them may be a renewal that came late
 * or from another program of the seller, and then one more helps: only the marketplace can say that none will.
 */
const vainWithinSeconds = 600
/** So many in a row that did not help: these credentials are refused for good. */
const vainRenewalsMax = 3
const claimedByAnotherSeconds = 5
/** Refused for good while the old ones still work: a person is told, and it is tried again now and then. */
const refusedAgainSeconds = 6 * 3600

/** Before work begins. Credentials that still work let it begin, whatever becomes of their renewal. */
export function renewIfDue(parts: EngineParts, where: Account): Promise<Renewal> {
  return renew(parts, where, ({ connector, account }) => {
    const dueAt = connector.renewal?.dueAt(account)
    return dueAt !== null && dueAt !== undefined && dueAt <= parts.clock.now()
  })
}

/** After the marketplace refused these credentials: whatever they say of themselves, they do not work. */
export async function renewRefused(parts: EngineParts, where: Account, refused: Buffer): Promise<Renewal> {
  return renew(parts, where, ({ row }) => row.credentials.equals(refused), { areRefused: true })
}

async function renew(
  parts: EngineParts,
  where: Account,
  isDue: (found: { connector: Connector; account: Record<string, string>; row: RenewalRow }) => boolean,
  { areRefused = false } = {},
): Promise<Renewal> {
  const claimed = await parts.db.tenant(where.tenantId).transaction(async (tx): Promise<Claimed | Renewal> => {
    const row = await lockForRenewal(tx, where.accountId)
    const connector = row && connectorOf(row.connector)
    if (!row || !connector?.renewal) return areRefused ? 'signed-out' : 'fresh'
    const account = openCredentials(parts.secrets, where, row.credentials)
    if (!isDue({ connector, account, row })) return 'fresh'
    const haveEnded = areRefused || hasEnded(parts, connector, account)
    const later = (seconds: number): Renewal => (haveEnded ? { waitSeconds: Math.max(1, Math.ceil(seconds)) } : 'fresh')
    if (row.isClaimed) return later(claimedByAnotherSeconds)
    if (row.mustWaitSeconds > 0) return later(row.mustWaitSeconds)
    const inVain = renewalsInVain(row, areRefused)
    if (inVain >= vainRenewalsMax) return 'signed-out'
    const fence = await claimRenewal(tx, where.accountId)
    return { ...where, connector, fence, before: row.credentials, account, row, inVain }
  })
  if (typeof claimed === 'string' || 'waitSeconds' in claimed) return claimed
  return ask(parts, claimed, areRefused || hasEnded(parts, claimed.connector, claimed.account))
}

async function ask(parts: EngineParts, claimed: Claimed, haveEnded: boolean): Promise<Renewal> {
  const { connector, account, row, tenantId } = claimed
  const log = parts.log.with({ tenantId, connector: connector.id })
  const call = makeCall({
    connector,
    account,
    app: parts.appCredentials[connector.id] ?? {},
    ...baseUrlOf(parts, row, connector),
    now: () => parts.clock.now(),
    http: parts.http,
  })
  let renewed: Record<string, string> | undefined
  try {
    renewed = await connector.renewal?.renew(call)
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error
    log.info('Credentials were not renewed', { refusal: error.refusal.kind, attempt: row.failures + 1 })
    return refused(parts, claimed, error.refusal, haveEnded)
  }
  if (!renewed) return 'fresh'
  const credentials = sealCredentials(parts.secrets, claimed, renewed)
  const { accountId, fence, before, inVain } = claimed
  await parts.db.tenant(tenantId).transaction(async (tx) => {
    await storeRenewal(tx, { accountId, fence, before, credentials, inVain })
    await closeProblem(tx, renewalRefusedKey(accountId))
  })
  log.info('Credentials were renewed', {})
  return 'renewed'
}

async function refused(parts: EngineParts, claimed: Claimed, refusal: Refusal, haveEnded: boolean): Promise<Renewal> {
  const { tenantId, accountId, fence, before, row, connector, account } = claimed
  const isFinal = refusal.kind === 'signed-out' || refusal.kind === 'rejected' || refusal.kind === 'gone'
  const reason = refusal.reason ?? 'The marketplace gave no reason'
  return parts.db.tenant(tenantId).transaction(async (tx): Promise<Renewal> => {
    if (isFinal && haveEnded) {
      await postponeRenewal(tx, { accountId, fence, seconds: 0 })
      await parkAccount(tx, { accountId, credentials: before, reason })
      return 'signed-out'
    }
    const asked = refusal.kind === 'wait' ? refusal.seconds : 1
    const seconds = isFinal ? refusedAgainSeconds : Math.max(asked, backoffSeconds(row.failures + 1, parts.random))
    await postponeRenewal(tx, { accountId, fence, seconds })
    if (isFinal) {
      const endsAt = connector.renewal?.endsAt(account) ?? null
      const data = { reason, endsAt: endsAt?.toISOString() ?? null }
      const channelId = await firstChannelOf(tx, accountId)
      await openProblem(tx, { key: renewalRefusedKey(accountId), kind: 'renewal-refused', channelId, data })
    }
    return haveEnded ? { waitSeconds: seconds } : 'fresh'
  })
}

function renewalsInVain({ renewedSecondsAgo, renewalsInVain: before }: RenewalRow, areRefused: boolean): number {
  if (renewedSecondsAgo === null || renewedSecondsAgo >= vainWithinSeconds) return 0
  return areRefused ? before + 1 : before
}

function hasEnded(parts: EngineParts, connector: Connector, account: Record<string, string>): boolean {
  const endsAt = connector.renewal?.endsAt(account)
  return endsAt !== null && endsAt !== undefined && endsAt <= parts.clock.now()
}
