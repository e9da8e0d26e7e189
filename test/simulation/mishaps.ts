// What comes at its hour, at each marketplace: consent taken back, tokens that end, the switch turned, answers lost on
// purpose; and the seller, who signs in again when he is told to.
import { sql } from 'kysely'
import { connectorOf } from '../../src/connectors/index.ts'
import { reauthorise } from '../../src/domain/channels/reauthorise.command.ts'
import { switchChannel } from '../../src/domain/channels/switch-channel.command.ts'
import { RefusedError } from '../../src/connectors/connector.ts'
import { accountCall, findSitesOf, reauthoriseChannel } from '../../src/engine/connect.ts'
import { keepActing, minute } from './actors.ts'
import type { Market } from './market.ts'
import type { SimulatedProcess } from './process.ts'
import { PlannedFault, strikes, type Simulation } from './simulation.ts'
import { mayEnd, rateOf, type OwnFault } from './swarm.ts'

export function startMishaps(simulation: Simulation, office: SimulatedProcess, market: Market): void {
  const { swarm, tape, sometimes } = simulation
  const { control, words, id } = market
  const hourly = (name: string, act: () => unknown) =>
    keepActing(simulation, { name: `${name} at ${id}`, everyMinutes: 60, act: async () => void (await act()) })
  const comes = (name: OwnFault) => strikes(simulation, `${name}/${id}`, rateOf(swarm, name))
  hourly('The consent', () => comes('token-revoked') && loseConsent(simulation, office, market))
  hourly('The switch', () => comes('switched-off') && switchOffAndOn(simulation, office, market))
  hourly('The token', () => {
    if (!market.endTokens || market.isRevoked || !comes('token-ended')) return
    market.endTokens()
    sometimes.see('access token ended before its time')
  })
  hourly('A page again', () => {
    // It waits for a list that is long enough to have a second page.
    if (simulation.faultsAreOn && swarm.faults['repeat-page'] !== undefined)
      control.armFault('repeat-page', { operation: words.operations.listOrders })
  })
  hourly('Lost answers', () => {
    if (!comes('answer-lost')) return
    const { ship, pushStock, renew } = words.operations
    const operation = tape.pick(`answer-lost/operation/${id}`, [ship, pushStock, renew ?? pushStock])
    const name = tape.pick(`answer-lost/how/${id}`, ['timeout-after', 'reset-after'])
    control.armFault(name, { operation, times: tape.between(`answer-lost/times/${id}`, 1, 3) })
  })
  hourly('A parcel that never moved', () => {
    if (!market.releaseAgain || !comes('released-again')) return
    // Twice at most: one that is released for ever is told to a person in the end.
    const times = (number: string) => market.released.filter((one) => one === number).length
    const left = control.truth().orders.filter((order) => order.isShipped && times(order.number) < 2)
    const chosen = left[tape.choose(`released-again/order/${id}`, Math.max(1, left.length))]
    if (!chosen || market.releaseAgain(chosen.number) !== undefined) return
    market.released.push(chosen.number)
    simulation.trace.add(id, 'releases again', chosen.number)
    sometimes.see('order released again')
  })
  keepActing(simulation, {
    name: `The seller's look at ${id}`,
    everyMinutes: 20,
    act: () => signInIfAsked(simulation, office, market),
  })
}

async function loseConsent(simulation: Simulation, office: SimulatedProcess, market: Market): Promise<void> {
  const { tape, clock, trace, sometimes } = simulation
  const { control, id } = market
  market.isRevoked = true
  control.revokeAccount()
  trace.add(id, 'takes the consent back')
  sometimes.see('token revoked mid-run')
  await clock.sleep(tape.between(`token-revoked/minutes/${id}`, 10, 180) * minute)
  // Without a consent page to walk through, what he types must be worth something again.
  if (market.typedAccount) control.restoreAccount()
  await signInUntilItWorks(simulation, office, market)
  market.isRevoked = false
}

/** Signed out although nobody took anything back: that must not happen where a lost answer can be made good. */
async function signInIfAsked(simulation: Simulation, office: SimulatedProcess, market: Market): Promise<void> {
  if (market.isRevoked || !(await isSignedOut(simulation, market))) return
  // Only where the answer to a renewal was lost, or what came of it could not be kept.
  const mayBeLost = market.renewals.lost > 0 || mayEnd(simulation.swarm)
  // Whoever looks every few hours comes too late for the hour in which the old token still counts.
  const isTooLate = market.losesAccounts || (market.keepsOldForAnHour && simulation.swarm.tempo === 'calm')
  if (mayBeLost && isTooLate) simulation.sometimes.see('account lost with the answer to a renewal')
  else simulation.report('A9', `The account at ${market.id} was signed out although nobody took its consent back`)
  await signInUntilItWorks(simulation, office, market)
}

async function isSignedOut({ db, tenantId }: Simulation, { accountId }: Market): Promise<boolean> {
  return db.read(tenantId, async (tx) => {
    const { rows } = await sql<{ state: string }>`
      select state from channel_accounts where tenant_id = ${tenantId} and id = ${accountId}
    `.execute(tx)
    return rows[0]?.state === 'signed-out'
  })
}

/** The marketplace has its own bad hours. */
async function signInUntilItWorks(simulation: Simulation, office: SimulatedProcess, market: Market): Promise<void> {
  for (;;) {
    const answer = await signIn(simulation, office, market).catch(plannedOnly)
    simulation.trace.add('seller', `signs in at ${market.id}`, answer ?? 'no answer')
    if (answer === 'reauthorised') return
    // It ended before the consent was taken back, so it is worth nothing again.
    if (answer?.includes('has expired')) await market.renewTyped?.()
    await simulation.clock.sleep(5 * minute)
  }
}

async function signIn({ tenantId }: Simulation, { parts }: SimulatedProcess, market: Market): Promise<string> {
  const { channelId } = market
  const actor = 'The seller'
  if (market.typedAccount) {
    const answer = await reauthoriseChannel(parts, tenantId, { channelId, account: market.typedAccount(), actor })
    return answer.kind === 'refused' && answer.reason === 'invalid' ? answer.message : answer.kind
  }
  const connector = connectorOf(market.id)
  if (!connector?.consent) throw new Error(`Nobody can sign in at ${market.id}.`)
  const blank = Object.fromEntries(Object.keys(connector.account).map((key) => [key, '']))
  const where = { siteId: null, baseUrl: market.url }
  try {
    const call = accountCall(parts, connector, { ...where, account: blank })
    const code = await walkConsent(market)
    const answer = { kind: 'allowed', code, state: null, sellerId: null } as const
    const account = await connector.consent.exchange(call, answer, 'http://hub.test/connect')
    const tried = await findSitesOf(parts, connector, { ...where, account })
    if (tried.kind === 'refused') return tried.message
    const { sites, account: credentials } = tried
    const stored = await reauthorise(parts.db, parts.secrets, tenantId, { channelId, credentials, sites, actor })
    return stored.kind
  } catch (error) {
    if (error instanceof RefusedError) return error.refusal.kind
    throw error
  }
}

/** In his own browser, which no fault of ours disturbs: signs in, ticks, confirms, and comes back with a code. */
async function walkConsent({ sandbox, app, origin }: Market): Promise<string> {
  const visit = { service_id: app['serviceId'] ?? '' }
  const ask = async (method: string, url: string, form?: Record<string, string>) => {
    const body = new URLSearchParams(form).toString()
    const headers = { host: new URL(origin).host, 'content-type': 'application/x-www-form-urlencoded' }
    const outcome = await sandbox.handle({ method, url, headers, body, rawBody: Buffer.from(body) })
    if (outcome.kind !== 'response') throw new Error('The consent page did not answer.')
    return outcome.response
  }
  const page = await ask('GET', `/open/authorize?${new URLSearchParams(visit).toString()}`)
  const [userName = '', password = ''] = [...page.body.toString().matchAll(/<code>([^<]*)<\/code>/g)].map(
    (match) => match[1] ?? '',
  )
  const answers = { ...visit, user_name: userName, password, agree: 'on', decision: 'confirm' }
  const { headers } = await ask('POST', '/open/authorize/decide', answers)
  const code = new URL(headers['location'] ?? '').searchParams.get('code')
  if (code === null) throw new Error('The consent page gave no code.')
  return code
}

async function switchOffAndOn(simulation: Simulation, office: SimulatedProcess, market: Market): Promise<void> {
  const { tape, clock, sometimes } = simulation
  await turnSwitch(simulation, office, { market, enabled: false })
  sometimes.see('switched off mid-run')
  await clock.sleep(tape.between(`switched-off/minutes/${market.id}`, 5, 180) * minute)
  await turnSwitch(simulation, office, { market, enabled: true })
}

async function turnSwitch(
  { clock, trace, tenantId }: Simulation,
  office: SimulatedProcess,
  { market, enabled }: { market: Market; enabled: boolean },
): Promise<void> {
  // Before it is turned on, and after it is turned off, nothing may leave.
  if (enabled) market.offSince = null
  for (;;) {
    const input = { channelId: market.channelId, enabled, actor: 'The seller' }
    const answer = await switchChannel(office.parts.db, tenantId, input).catch(plannedOnly)
    if (answer) break
    await clock.sleep(1000)
  }
  if (!enabled) market.offSince = clock.now()
  trace.add('seller', `${enabled ? 'switches on' : 'switches off'} ${market.id}`)
}

function plannedOnly(error: unknown): undefined {
  if (!(error instanceof PlannedFault)) throw error
}
