// The browser comes back from a marketplace's consent page: the secret it carries is checked, and the code is exchanged once.
import { RefusedError } from '../connectors/connector.ts'
import type { Connector, ConsentAnswer } from '../connectors/connector.ts'
import { connectorOf } from '../connectors/index.ts'
import { loadChannelForWork } from '../domain/channels/channel.store.ts'
import {
  lockConsentByState,
  lockNewestWaiting,
  openFields,
  refuseConsent,
  takeCode,
} from '../domain/channels/consent.store.ts'
import type { Consent } from '../domain/channels/consent.store.ts'
import type { Tx } from '../platform/database.ts'
import type { EngineParts } from './channel-run.ts'
import { accountCall, findSitesOf, noSuchMarketplace } from './connect.ts'
import { keepWhatWasFound } from './consent-found.ts'
import { hashOf, newConsent, storeConsent } from './consent.ts'
import type { Asker } from './consent.ts'

export type Landing =
  /** Nobody here can be shown to have asked for it, so a person is asked first. */
  | { kind: 'ask'; name: string | null; reauthorises: boolean }
  | { kind: 'found'; consentId: string; name: string | null; reauthorises: boolean }
  | { kind: 'refused'; message: string }

/** What the marketplace sent the browser back with. */
export async function landConsent(
  parts: EngineParts,
  asker: Asker,
  input: { marketplace: string; query: Record<string, string>; confirmed: boolean; redirectUri: string },
): Promise<Landing> {
  const connector = connectorOf(input.marketplace)
  if (!connector?.consent) return { kind: 'refused', message: noSuchMarketplace.message }
  const answer = connector.consent.read(input.query)
  const isUnasked = answer.state === null || answer.state === ''
  if (isUnasked && answer.kind === 'allowed' && !input.confirmed) {
    const waiting = await parts.db
      .tenant(asker.tenantId)
      .transaction((tx) => lockNewestWaiting(tx, { ...asker, marketplace: connector.id }))
    return { kind: 'ask', name: waiting?.name ?? null, reauthorises: waiting?.purpose === 'reauthorise' }
  }
  if (isUnasked && answer.kind === 'allowed') await beginUnasked(parts, asker, connector, input.redirectUri)
  const taken = await parts.db.tenant(asker.tenantId).transaction((tx) => take(tx, asker, connector, answer))
  if ('message' in taken) return { kind: 'refused', message: taken.message }
  return exchange(parts, asker, connector, taken.consent, taken.answer)
}

/** The seller began at the marketplace's side, and nothing here waits for it. */
async function beginUnasked(
  parts: EngineParts,
  asker: Asker,
  connector: Connector,
  redirectUri: string,
): Promise<void> {
  const { id: marketplace } = connector
  const waiting = await parts.db
    .tenant(asker.tenantId)
    .transaction((tx) => lockNewestWaiting(tx, { ...asker, marketplace }))
  if (waiting) return
  await storeConsent(
    parts,
    asker,
    newConsent(parts, asker, { marketplace, redirectUri, siteId: null, purpose: 'connect' }),
    {},
  )
}

type Allowed = Extract<ConsentAnswer, { kind: 'allowed' }>

/** Each state and each code counts once, for the person who began, at the marketplace he began with. */
async function take(
  tx: Tx,
  asker: Asker,
  connector: Connector,
  answer: ConsentAnswer,
): Promise<{ consent: Consent; answer: Allowed } | { message: string }> {
  const consent = answer.state
    ? await lockConsentByState(tx, hashOf(answer.state))
    : await lockNewestWaiting(tx, { ...asker, marketplace: connector.id })
  if (!consent && !answer.state && answer.kind === 'refused') return { message: refusalOf(connector, answer.reason) }
  if (!consent || consent.userId !== asker.userId || consent.marketplace !== connector.id) {
    return { message: answer.state ? foreignSentence : notUnderstoodSentence(connector) }
  }
  if (consent.state !== 'waiting') return { message: usedSentence }
  if (consent.expired) return { message: expiredSentence }
  if (answer.kind === 'allowed') {
    return (await takeCode(tx, consent, hashOf(answer.code))) ? { consent, answer } : { message: usedSentence }
  }
  const message = answer.kind === 'refused' ? refusalOf(connector, answer.reason) : notUnderstoodSentence(connector)
  await refuseConsent(tx, consent.id, message)
  return { message }
}

async function exchange(
  parts: EngineParts,
  asker: Asker,
  connector: Connector,
  consent: Consent,
  answer: Allowed,
): Promise<Landing> {
  const refuse = async (message: string): Promise<Landing> => {
    await parts.db.tenant(asker.tenantId).transaction((tx) => refuseConsent(tx, consent.id, message))
    return { kind: 'refused', message }
  }
  const place = { tenantId: asker.tenantId, id: consent.id, column: 'typed' } as const
  const typed = openFields(parts.secrets, place, consent.typed)
  const blank = Object.fromEntries(Object.keys(connector.account).map((key) => [key, '']))
  const where = { siteId: consent.siteId, ...(await addressOf(parts, asker, consent)) }
  try {
    const call = accountCall(parts, connector, { ...where, account: { ...blank, ...typed } })
    const account = await connector.consent?.exchange(call, answer, consent.redirectUri)
    if (!account) throw new Error('A consent was taken for a marketplace that has none.')
    const found = await findSitesOf(parts, connector, { ...where, account })
    if (found.kind === 'refused') return await refuse(found.message)
    const wrong = await keepWhatWasFound(parts, asker, consent, connector, found)
    if (wrong !== null) return { kind: 'refused', message: wrong }
    const { id: consentId, name, purpose } = consent
    return { kind: 'found', consentId, name, reauthorises: purpose === 'reauthorise' }
  } catch (error) {
    if (error instanceof RefusedError) return refuse(exchangeSentence(connector, error))
    parts.log.error('A consent could not be exchanged', { error })
    return refuse('This failed on our side. It has been logged; connect again in a moment.')
  }
}

/** An account that is signed in again is asked where it is; a new one where new ones are. */
async function addressOf(
  parts: EngineParts,
  { tenantId }: Asker,
  { channelId }: Consent,
): Promise<{ baseUrl?: string | null }> {
  if (channelId === null) return {}
  const channel = await parts.db.read(tenantId, (tx) => loadChannelForWork(tx, channelId))
  return channel ? { baseUrl: channel.baseUrl } : {}
}

function exchangeSentence(connector: Connector, { refusal }: RefusedError): string {
  const reason = refusal.reason ?? 'no reason was given'
  return refusal.kind === 'wait' || refusal.kind === 'unclear'
    ? `${connector.name} could not be asked just now (${reason}). Nothing was saved; connect again in a moment.`
    : `${connector.name} did not give the access: ${reason}. Nothing was saved; connect again.`
}

function refusalOf(connector: Connector, reason: string): string {
  return `${connector.name} gave no access: ${/[.!?]$/.test(reason) ? reason : `${reason}.`} Nothing was connected.`
}

const foreignSentence =
  'This was not begun here by you. If somebody sent you the link, close this tab: nothing was connected. Otherwise begin again at Add sales channel.'
const usedSentence = 'This page was used already. Look at Sales channel integrations; you may close this tab.'
const expiredSentence =
  'This took longer than 10 minutes, so it counts no more. Nothing was connected. Go back to the first tab and connect again.'
const notUnderstoodSentence = (connector: Connector) =>
  `${connector.name} sent nothing this hub can use. Nothing was connected. Go back to the first tab and connect again.`
