// One marketplace of a run: its sandbox at an address of its own, and the sales channel that sells there.
import { connectorOf } from '../../src/connectors/index.ts'
import { seededRandom } from '../../src/platform/random.ts'
import type { VirtualClock } from '../../src/platform/virtual-clock.ts'
import { drawFrom, marketplaces, type MarketplaceId, type OpenSandbox, type Words } from './marketplaces.ts'
import type { Tape } from './tape.ts'

export type Market = OpenSandbox & {
  id: MarketplaceId
  words: Words
  origin: string
  /** Where its API begins. */
  url: string
  /** Our own application there. */
  app: Record<string, string>
  channelId: string
  accountId: string
  /** When the switch was turned off; null while it is on. */
  offSince: Date | null
  /** Calls that it found over its limit without a fault of its own. */
  overLimit: number
  /** The seller took back what he allowed, and has not signed in again. */
  isRevoked: boolean
  /** Dispatch confirmations whose answer was lost, late or not readable. */
  doubts: number
  /** Orders that it wanted sent once more, each time: their parcels may be told again. */
  released: string[]
  renewals: Renewals
}

export type Renewals = {
  /** Asked for and not yet answered over there. */
  under: number
  asked: number
  lost: number
}

export function openMarket(id: MarketplaceId, parts: { clock: VirtualClock; tape: Tape; seed: number }): Market {
  const { clock, tape } = parts
  const words = marketplaces[id]
  const origin = `http://${id}.sandbox.test`
  // A recorded tape gives its own decisions again, and the sandbox's are too many to be recorded one by one.
  const random = seededRandom(`${parts.seed}/sandbox/${id}/${tape.choose(`sandbox/${id}`, 2 ** 31)}`)
  const world = { now: () => clock.now(), random: () => random.float() }
  const open = words.open(world, origin, drawFrom(tape, id))
  const { url, account } = open.sandbox.introduce(origin)
  return {
    ...open,
    id,
    words,
    origin,
    url,
    app: textsOf(account, Object.keys(connectorOf(id)?.app ?? {})),
    channelId: '',
    accountId: '',
    offSince: null,
    overLimit: 0,
    isRevoked: false,
    doubts: 0,
    released: [],
    renewals: { under: 0, asked: 0, lost: 0 },
  }
}

/** What the connector knows of an account the seller has already, as a consent would have left it. */
export function introducedAccount({ id, sandbox, origin }: Market, now: Date): Record<string, string> {
  const { account } = sandbox.introduce(origin)
  return textsOf({ accessTokenSince: now.toISOString(), ...account }, Object.keys(connectorOf(id)?.account ?? {}))
}

function textsOf(given: Record<string, unknown>, names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, textOf(given[name])]))
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
