// T3: real processes are killed, frozen and cut off while orders come in and go out (reliability.md §5.1). Not
// deterministic; the seed decides what befalls whom and when. FAIRLEAD_T3_SECONDS makes it longer, FAIRLEAD_T3_SEED another.
import { expect, test } from 'vitest'
import { whatIsUnfinished, whatIsWrong } from './books.ts'
import { pause } from './business.ts'
import { letItHappen } from './mishaps.ts'
import { openWorld, whatWasSaid, type OpenWorld } from './open-world.ts'
import { newTrade, payEverything, settleDoubts, tradeUntil, type Trade } from './trade.ts'

const seconds = Number(process.env['FAIRLEAD_T3_SECONDS'] ?? 75)
const seed = Number(process.env['FAIRLEAD_T3_SEED'] ?? 1)
/** M7, in real time: what every order, purchase order and parcel may take at the most once nothing fails any more. */
const restSecondsMax = 300
const timeout = (seconds + restSecondsMax + 600) * 1000

test(
  'O1, O2, P1–P5, S1, S2, V1: nothing is lost or doubled by processes that are killed, frozen and cut off',
  { timeout },
  async () => {
    const world = await openWorld(seed)
    const trade = newTrade()
    const { business, peers, books } = world
    const given = { business, peers, trade }
    try {
      await workUnderFaults(world, trade)
      const rested = await comeToRest(world, trade)
      world.tell(
        `at rest after ${rested} s: ${trade.orders} orders, ${trade.cancelled} cancelled, ${trade.tried.size} parcels`,
      )
      console.log(`T3 with seed ${seed}, ${seconds} s of faults:\n${world.log.join('\n')}`)
      expect(await whatIsWrong(books, given), story(world)).toEqual([])
      expect(trade.acknowledged.size).toBeGreaterThan(0)
    } finally {
      expect(await world.close(), 'processes that live on').toEqual([])
    }
  },
)

async function workUnderFaults(world: OpenWorld, trade: Trade): Promise<void> {
  const stopTrading = new AbortController()
  world.setBadDays(true)
  const trading = tradeUntil(stopTrading.signal, { ...world, trade })
  const failed = trading.catch((error: unknown) => error)
  try {
    await letItHappen(world, seconds)
  } finally {
    stopTrading.abort()
    world.setBadDays(false)
  }
  const error = await failed
  if (error instanceof Error) throw error
}

/** Answers how long it took; a person helps where the hub asks for one. */
async function comeToRest(world: OpenWorld, trade: Trade): Promise<number> {
  const { business, peers, books } = world
  const begun = Date.now()
  const elapsed = () => Math.round((Date.now() - begun) / 1000)
  for (let open: string[] = ['everything']; open.length > 0;) {
    if (elapsed() > restSecondsMax)
      throw new Error(`It did not come to rest within ${restSecondsMax} s:\n${open.join('\n')}\n${story(world)}`)
    await pause(2000)
    await settleDoubts(business, peers)
    await payEverything(business)
    await Promise.all(
      business.shops.map(({ channelId }) => business.seller.ask('POST', `/api/channels/${channelId}/orders/download`)),
    )
    await letWaitsPass(world)
    open = await whatIsUnfinished(books, { business, peers, trade })
  }
  // It stays so.
  await pause(3000)
  return elapsed()
}

/**
 * Waits of minutes are cut short: of claims that are older than any call takes, whose callers are dead therefore, and of
 * what was put off because of a fault that is over.
 */
async function letWaitsPass({ asOwner }: OpenWorld): Promise<void> {
  await asOwner(
    `update effects set next_try_at = app_now() where next_try_at > app_now() and case state
       when 'in-flight' then kind = 'send-purchase-order' and next_try_at < app_now() + interval '240 seconds'
       else state in ('intended', 'unknown') and next_try_at < app_now() + interval '240 seconds' end`,
  )
  await asOwner(
    `update channel_work set due_at = app_now() where attempts > 0 and due_at > app_now() and coalesce(leased_until < app_now(), true)`,
  )
}

function story({ log, engines, web }: OpenWorld): string {
  return [`Seed ${seed}`, ...log, whatWasSaid([...engines, web])].join('\n')
}
