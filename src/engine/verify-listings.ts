// Reads back what the marketplace took: accepted becomes verified, or drift that is healed (E5). A few a quarter of an
// hour, so that it never stands in the way of what is urgent.
import { RefusedError } from '../connectors/connector.ts'
import type { ChannelListing, Refusal } from '../connectors/connector.ts'
import { storeListings } from '../domain/listings/store-listings.command.ts'
import { retryRejected } from '../domain/listings/claim-targets.store.ts'
import { forgetListing } from '../domain/listings/forget-listing.store.ts'
import { chooseTargetsToVerify, postponeReading, storeReading } from '../domain/listings/verify-targets.store.ts'
import type { TargetToVerify } from '../domain/listings/verify-targets.store.ts'
import type { ChannelOperation, ChannelRun } from './channel-run.ts'
import { refOf } from './push-targets.ts'

const readingsPerRunMax = 20

export const verifyListings: ChannelOperation = {
  name: 'verify-listings',
  everySeconds: 900,
  possible: (connector) => connector.listings !== undefined && (connector.stock ?? connector.prices) !== undefined,
  async run(run) {
    const { listings } = run.connector
    if (!listings) return 'done'
    await run.transaction((tx) => retryRejected(tx, run.channel.id))
    const targets = await run.transaction((tx) => chooseTargetsToVerify(tx, run.channel.id, readingsPerRunMax))
    for (const target of targets) {
      const reading = await readListing(run, target)
      if (reading) await store(run, target, reading)
    }
    return 'done'
  },
}

async function store(run: ChannelRun, target: TargetToVerify, reading: ChannelListing): Promise<void> {
  const verdict = await run.transaction(async (tx) => {
    const verdict = await storeReading(tx, target, valueOf(target, reading))
    await storeListings(tx, run.channel.id, [reading])
    if (verdict === 'perhaps-sold') {
      const data = { channelId: run.channel.id, operation: 'pull-orders' }
      await tx.enqueue('channel', data, { key: `${run.channel.id}/pull-orders` })
    }
    return verdict
  })
  run.parts.log.debug('A listing was read back', {
    channelId: run.channel.id,
    listingId: target.listingId,
    state: verdict,
  })
}

function valueOf(target: TargetToVerify, reading: ChannelListing): number | null {
  if (target.kind === 'stock') return reading.quantity
  return reading.price?.currency === target.currency ? reading.price.minor : null
}

async function readListing(run: ChannelRun, target: TargetToVerify): Promise<ChannelListing | undefined> {
  try {
    return await run.connector.listings?.read(run.call, refOf(target))
  } catch (error) {
    if (!(error instanceof RefusedError) || !isAboutThisOne(error.refusal)) throw error
    const { kind } = error.refusal
    await run.transaction((tx) =>
      kind === 'gone' ? forgetListing(tx, run.channel.id, target) : postponeReading(tx, target),
    )
    return undefined
  }
}

function isAboutThisOne({ kind }: Refusal): boolean {
  return kind === 'gone' || kind === 'rejected' || kind === 'unclear'
}
