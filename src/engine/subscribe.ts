// Asks the marketplace to send its notifications to us. They only make us look sooner, so whatever is wrong with them is no
// problem for a person: it is noted and asked for again some hours later.
import { RefusedError } from '../connectors/connector.ts'
import type { Refusal } from '../connectors/connector.ts'
import type { ChannelOperation, ChannelRun } from './channel-run.ts'
import { isOwnPace } from './pace.ts'

export const subscribe: ChannelOperation = {
  name: 'subscribe',
  everySeconds: 12 * 3600,
  possible: (connector) => connector.notifications?.subscribe !== undefined,
  async run(run) {
    const address = addressOf(run)
    const { notifications } = run.connector
    if (address === undefined || !notifications?.subscribe) return 'done'
    try {
      const reply = await notifications.subscribe(run.call, address)
      if (reply.kind !== 'done' && reply.kind !== 'pending') return await giveWay(run, reply)
      return 'done'
    } catch (error) {
      if (error instanceof RefusedError) return giveWay(run, error.refusal)
      throw error
    }
  },
}

async function giveWay(run: ChannelRun, refusal: Refusal): Promise<'done'> {
  // Signing in and our own pace are everybody's business.
  if (refusal.kind === 'signed-out' || (refusal.kind === 'wait' && isOwnPace(refusal))) throw new RefusedError(refusal)
  run.parts.log.info('Notifications were not subscribed to', {
    tenantId: run.tenantId,
    channelId: run.channel.id,
    refusal: refusal.kind,
  })
  return 'done'
}

/** Marketplaces post to addresses of the internet only; a sandbox on this machine posts to this machine. */
function addressOf({ parts, connector }: ChannelRun): string | undefined {
  const { publicUrl } = parts
  const isReachable = publicUrl?.startsWith('https:') === true || parts.marketplaceUrls[connector.id] !== undefined
  return publicUrl !== undefined && isReachable ? `${publicUrl}/hooks/${connector.id}` : undefined
}
