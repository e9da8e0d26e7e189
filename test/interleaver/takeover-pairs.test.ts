import { claimConfirmations, settleConfirmations } from '../../src/domain/shipping/confirmations.store.ts'
import type { ClaimedConfirmation } from '../../src/domain/shipping/confirmations.store.ts'
import { settleLookedUp, settleSent } from '../../src/domain/shipping/confirmations.ts'
import { claimLease, holdLease, LeaseLost, releaseLease, type Lease } from '../../src/engine/channel-lease.ts'
import type { Tx } from '../../src/platform/database.ts'
import type { OrdersWorld } from '../support/orders-world.ts'
import type { Program, Sabotage } from './interleave.ts'
import type { Pair } from './play.ts'
import { count, database, idsOf, inTenant, openShop, provePairs, ships, unless } from './prove.ts'

// One worker slept past his lease, or his answer was late; another took over what he had claimed, and then he wakes.

const operation = 'pull-orders'

/** What a worker does under his lease; his name is where his page ended. */
const works = async (db: Parameters<Program>[0], world: OrdersWorld, lease: Lease, name: string, slow: boolean) => {
  await inTenant(world, async (tx) => {
    await holdLease(tx, lease)
    await tx
      .updateTable('sales_channels')
      .set({ order_cursor: name })
      .where('tenant_id', '=', tx.tenantId)
      .where('id', '=', world.channelId)
      .execute()
  })(db)
  const end = slow ? { attempts: 1, refusal: 'too slow' } : { attempts: 0, refusal: null }
  await inTenant(world, (tx) => releaseLease(tx, lease, { next: { kind: 'in', seconds: 60 }, ...end }))(db)
}

/** The lease ran out while its worker slept. He wakes as another claims it. */
const sleeperSuccessor: Pair = {
  async open() {
    const { world } = await openShop(1)
    const key = { channelId: world.channelId, operation }
    await world.transaction((tx) => planWork(tx, key.channelId))
    const claim = await world.transaction((tx) => claimLease(tx, key))
    if (claim.kind !== 'claimed') throw new Error('Nobody else is there.')
    await database.asOwner(
      "update channel_work set leased_until = now() - interval '1 second', due_at = now() where tenant_id = $1",
      [world.tenantId],
    )
    let tookOver = false
    const wakes: Program = async (db) => {
      try {
        await works(db, world, claim.lease, 'sleeper', true)
      } catch (error) {
        if (!(error instanceof LeaseLost)) throw error
      }
    }
    const succeeds: Program = async (db) => {
      const next = await db.tenant(world.tenantId).transaction((tx) => claimLease(tx, key))
      if (next.kind !== 'claimed') return
      tookOver = true
      await works(db, world, next.lease, 'successor', false)
    }
    return {
      world,
      programs: [wakes, succeeds],
      faults: async () => {
        const winner = tookOver ? 'successor' : 'sleeper'
        return [
          ...unless((await count(world, 'sales_channels', `order_cursor = '${winner}'`)) === 1, `M2: not by ${winner}`),
          ...unless(
            (await count(world, 'channel_work', `attempts = ${tookOver ? 0 : 1}`)) === 1,
            `M2: the turn of ${winner} was ended by the other`,
          ),
        ]
      },
    }
  },
}

function planWork(tx: Tx, channelId: string): Promise<unknown> {
  return tx
    .insertInto('channel_work')
    .values({ tenant_id: tx.tenantId, channel_id: channelId, operation, every_seconds: 60 })
    .execute()
}

/** Parcels of so many orders, all claimed by a worker who then sleeps. */
async function openClaimed(parcels: number) {
  const { world } = await openShop(5)
  for (let number = 1; number <= parcels; number++) await world.ingest(world.order(`A${number}`))
  for (const id of await idsOf(world, 'purchase_orders')) await ships(world, id)(world.db)
  const claims = await world.transaction((tx) => claimConfirmations(tx, world.channelId, parcels))
  if (claims.length !== parcels) throw new Error('All of them are due.')
  return { world, claims }
}

/** Takes over what was left in flight, and finds it over there. */
const looksUp =
  (world: OrdersWorld, taken: ClaimedConfirmation[]): Program =>
  async (db) => {
    const tenant = db.tenant(world.tenantId)
    const [claim] = await tenant.transaction((tx) => claimConfirmations(tx, world.channelId, 1))
    if (!claim) return
    taken.push(claim)
    const settlement = settleLookedUp({ kind: 'shown' }, claim)
    await tenant.transaction((tx) => settleConfirmations(tx, [{ claim, settlement }]))
  }

/** A late refusal meets what another has found over there meanwhile. */
const lateRefusal: Pair = {
  async open() {
    const { world, claims } = await openClaimed(1)
    const taken: ClaimedConfirmation[] = []
    const refusal = settleSent({ kind: 'rejected', reason: 'It is shipped already' }, 1)
    const ended = claims.map((claim) => ({ claim, settlement: refusal }))
    return {
      world,
      programs: [inTenant(world, (tx) => settleConfirmations(tx, ended)), looksUp(world, taken)],
      faults: async () => {
        const [state, told] =
          taken.length > 0 ? ['applied', 'confirmation-sent'] : ['rejected', 'confirmation-rejected']
        return [
          ...unless((await count(world, 'effects', `state = '${state}'`)) === 1, `V1: it is not ${state}`),
          ...unless((await count(world, 'order_events', `kind = '${told}'`)) === 1, `V1: not told once: ${told}`),
        ]
      },
    }
  },
}

/** Of a batch whose answers are written late, another has settled the first meanwhile. */
const lateBatch: Pair = {
  async open() {
    const { world, claims } = await openClaimed(3)
    const ended = claims.map((claim) => ({ claim, settlement: settleSent({ kind: 'done' }, claim.sends) }))
    return {
      world,
      programs: [inTenant(world, (tx) => settleConfirmations(tx, ended)), looksUp(world, [])],
      faults: async () => {
        const told = await database.asOwner<{ times: number }>(
          `select count(e.id)::int as times from orders o
           left join order_events e on e.tenant_id = o.tenant_id and e.order_id = o.id and e.kind = 'confirmation-sent'
           where o.tenant_id = $1 group by o.id order by 1`,
          [world.tenantId],
        )
        const times = told.map((row) => row.times).join(', ')
        return [
          ...unless((await count(world, 'effects', "state = 'applied'")) === 3, 'V1: not all are settled'),
          ...unless(times === '1, 1, 1', `V1: told ${times} times`),
        ]
      },
    }
  },
}

const withoutFence: Sabotage = (text) =>
  text.replace(/and fence = (\$\d+)/, 'and $1::bigint is not null').replace(/and e\.fence = t\.fence/, '')

/** What was written is taken for the first of what was to be written, whichever it was. */
const byPosition: Sabotage = (text) => {
  const asked = /^\s*update effects e set state = t\.state[^]*?unnest\((\$\d+)::uuid\[\]/.exec(text)?.[1]
  if (!asked) return text
  return `with written as (${text}) select (${asked}::uuid[])[row_number() over (order by id)] as id from written`
}

const pairs = {
  'sleeper × successor': sleeperSuccessor,
  'a late refusal × looked up by a successor': lateRefusal,
  'a late batch × one of it looked up by a successor': lateBatch,
}

provePairs('what was claimed is taken over', pairs, [
  { bug: 'a lease without its fence', pair: sleeperSuccessor, sabotage: withoutFence },
  { bug: 'an answer written without its fence', pair: lateRefusal, sabotage: withoutFence },
  { bug: 'a batch matched by position', pair: lateBatch, sabotage: byPosition },
])
