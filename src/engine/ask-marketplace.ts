// A question that a person waits for: asked of the marketplace at once, within the account's pace, without a lease. It
// changes nothing over there.
import { RefusedError } from '../connectors/connector.ts'
import type { Call, Connector, Site } from '../connectors/connector.ts'
import { connectorOf } from '../connectors/index.ts'
import { loadChannelForWork } from '../domain/channels/channel.store.ts'
import type { ChannelForWork } from '../domain/channels/channel.store.ts'
import { openCall, siteOf } from './channel-open.ts'
import type { EngineParts } from './channel-run.ts'
import { ChannelOff } from './pace.ts'
import { renewIfDue } from './renew.ts'

export type OpenChannel = { channel: ChannelForWork; connector: Connector; site: Site }

/** What is known of it without asking anybody; undefined where it is not there any more. */
export async function openChannel(
  parts: EngineParts,
  tenantId: string,
  channelId: string,
): Promise<OpenChannel | undefined> {
  const channel = await parts.db.read(tenantId, (tx) => loadChannelForWork(tx, channelId))
  if (!channel || channel.removed) return undefined
  const connector = connectorOf(channel.connector)
  if (!connector) throw new Error(`There is no connector ${channel.connector}.`)
  return { channel, connector, site: siteOf(channel) }
}

export type Asked<Answer> = { kind: 'answered'; answer: Answer } | { kind: 'refused'; reason: string }

export async function askMarketplace<Answer>(
  parts: EngineParts,
  tenantId: string,
  { channel: known, connector }: OpenChannel,
  ask: (call: Call) => Promise<Answer>,
): Promise<Asked<Answer>> {
  if (!known.enabled) return { kind: 'refused', reason: 'The integration is switched off' }
  const renewal = await renewIfDue(parts, { tenantId, accountId: known.accountId })
  const channel = renewal === 'renewed' ? await openChannel(parts, tenantId, known.id) : { channel: known }
  if (!channel || renewal === 'signed-out' || known.accountState !== 'connected') {
    return { kind: 'refused', reason: `${connector.name} does not accept our sign-in any more` }
  }
  const transaction = parts.db.tenant(tenantId).transaction
  const lease = { channelId: known.id, operation: 'ask', fence: 0 }
  const call = openCall(parts, {
    tenantId,
    lease,
    channel: channel.channel,
    connector,
    evenWhenOff: false,
    transaction,
    turnTransaction: transaction,
  })
  try {
    return { kind: 'answered', answer: await ask(call) }
  } catch (error) {
    if (error instanceof ChannelOff) return { kind: 'refused', reason: 'The integration is switched off' }
    if (!(error instanceof RefusedError)) throw error
    return { kind: 'refused', reason: error.refusal.reason ?? `${connector.name} gave no answer` }
  }
}
