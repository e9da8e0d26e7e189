// What befalls the programs of a hub, one thing after the other, drawn from a seed.
import type { TcpProxy } from '../support/tcp-proxy.ts'
import { pause, until } from './business.ts'
import type { Program } from './program.ts'
import type { Dice, Peers } from './trade.ts'

/** An engine or the web server, and the link by which it reaches the database. */
export type Place = { program: Program; link: TcpProxy }

export type World = {
  engines: Place[]
  web: Place
  peers: Peers
  dice: Dice
  tell(sentence: string): void
  /** One statement as the owner of the database. */
  asOwner(text: string): Promise<unknown[]>
  restartPostgres(how: 'fast' | 'immediate'): Promise<void>
}

type Mishap = (world: World) => Promise<void>

const upSeconds = 180
/** More than a lease, so that what it held is taken over by another. */
const frozenSeconds = 66
const cutMillisecondsMax = 6000
const toldMillisecondsMax = 10_000

export const mishaps: Record<string, Mishap> = {
  'kill an engine': async (world) => killPlace(world, pick(world)),
  'kill the web server': async (world) => killPlace(world, world.web),
  'kill every engine while a supplier is being told': async (world) => {
    const wasTold = await supplierIsTold(world.peers, toldMillisecondsMax)
    world.tell(wasTold ? 'a supplier has it and his answer is on its way' : 'no supplier was being told')
    for (const { program } of awake(world)) program.kill()
  },
  'cut all connections in the database': async ({ asOwner }) => {
    await asOwner(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'fairlead'`)
  },
  'stop the database and start it again': ({ restartPostgres }) => restartPostgres('fast'),
  'end the database at once and start it again': ({ restartPostgres }) => restartPostgres('immediate'),
  'cut an engine off, and both sides know': (world) => cutLink(world, 'reset'),
  'cut an engine off without its knowing': (world) => cutLink(world, 'half-open'),
}

/** Until the time is over. One engine sleeps through most of it, past every lease it holds. */
export async function letItHappen(world: World, seconds: number): Promise<void> {
  await allUp(world)
  const sleeper = seconds > frozenSeconds + 5 ? await fallAsleep(world) : undefined
  const end = Date.now() + seconds * 1000
  const left = () => end - Date.now()
  const wakesUp = sleeper && pause(frozenSeconds * 1000).then(() => wakeUp(world, sleeper))
  const bag: string[] = []
  while (left() > 0) {
    await until('Something runs again', upSeconds, () => awake(world).length > 0)
    await pause(Math.min(3000 + world.dice.below(3000), Math.max(0, left())))
    if (left() <= 0) break
    // Everything once before anything twice, in an order of the seed's.
    if (bag.length === 0) bag.push(...shuffled(Object.keys(mishaps), world.dice))
    const name = bag.pop() ?? ''
    world.tell(name)
    await mishaps[name]?.(world)
  }
  await wakesUp
  for (const { link } of places(world)) link.heal()
  await allUp(world)
  world.tell('faults have stopped')
}

async function allUp(world: World): Promise<void> {
  await until('All programs are up', upSeconds, () => places(world).every(({ program }) => program.isUp()))
}

/** The others are kept down until then, so that whatever is under way is surely the sleeper's. */
async function fallAsleep(world: World): Promise<Program | undefined> {
  const [sleeper, ...others] = world.engines
  if (!sleeper) return undefined
  for (const { program } of others) program.kill()
  const [{ now }] = (await world.asOwner('select app_now() as now')) as [{ now: Date }]
  const held = `select from channel_work where leased_until > app_now() and started_at > '${now.toISOString()}'`
  const isHolding = await until('A lease is held', 20, async () => {
    for (const { program } of others) if (program.isUp()) program.kill()
    return (await world.asOwner(held)).length > 0
  }).then(
    () => true,
    () => false,
  )
  sleeper.program.freeze()
  world.tell(`${sleeper.program.name} sleeps, ${isHolding ? 'with' : 'without'} a lease`)
  return sleeper.program
}

function wakeUp({ tell }: World, program: Program): void {
  program.thaw()
  tell(`${program.name} wakes up`)
}

function killPlace({ tell }: World, { program }: Place): void {
  tell(`kill -9 ${program.name}`)
  program.kill()
}

function supplierIsTold({ webhook }: Peers, milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const giveUp = setTimeout(() => resolve(false), milliseconds)
    webhook.onTaken = () => {
      clearTimeout(giveUp)
      webhook.onTaken = () => {}
      resolve(true)
    }
  })
}

async function cutLink(world: World, how: 'reset' | 'half-open'): Promise<void> {
  const { program, link } = pick(world)
  world.tell(`${program.name} is cut off (${how})`)
  link.cut(how)
  await pause(1000 + world.dice.below(cutMillisecondsMax))
  link.heal()
}

function pick(world: World): Place {
  const up = awake(world)
  const place = up[world.dice.below(up.length)] ?? world.engines.at(-1)
  if (!place) throw new Error('There is no engine.')
  return place
}

/** Not the one that sleeps. */
function awake({ engines }: World): Place[] {
  return engines.filter(({ program }) => program.isUp())
}

function places({ engines, web }: World): Place[] {
  return [...engines, web]
}

function shuffled<Item>(items: Item[], dice: Dice): Item[] {
  const left = [...items]
  return items.flatMap(() => left.splice(dice.below(left.length), 1))
}
