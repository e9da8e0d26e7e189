// The way to the marketplaces: each sandbox behind the HTTP port by its address, with time on the road, lost answers and
// broken lines.
import type { RequestLine } from '../../sandboxes/kit/control.ts'
import type { Outcome, SandboxResponse } from '../../sandboxes/kit/sandbox.ts'
import { HttpFailure, type Http, type HttpInput } from '../../src/platform/http.ts'
import { askSandbox, streamOf, wholeOf } from '../support/sandbox-http.ts'
import type { Market } from './market.ts'
import type { SimulatedProcess } from './process.ts'
import { forever, type Simulation } from './simulation.ts'
import type { SometimesName } from './sometimes.ts'

export function openNetwork(simulation: Simulation, process: Omit<SimulatedProcess, 'parts'>, isWorker: boolean): Http {
  const { clock, tape } = simulation
  const exchange = async (input: HttpInput) => {
    await process.live()
    if (process.mayCrash('before a call')) await forever()
    const { origin, pathname } = new URL(input.url)
    const market = simulation.markets.find((one) => one.origin === origin)
    if (!market) throw new Error(`Nobody is at ${origin}.`)
    if (isWorker) await inspect(simulation, market, input, pathname)
    const settle = isWorker ? watchRenewal(simulation, market, input) : () => {}
    await clock.sleep(tape.between('latency', 20, 400))
    // What was sent arrives, even if who sent it has ended meanwhile.
    const outcome = await askSandbox(market.sandbox, input)
    settle()
    note(simulation, market, process.name)
    await process.live()
    if (process.mayCrash('between call and answer')) await forever()
    return answer(simulation, process, outcome, input.timeoutSeconds)
  }
  return {
    request: async (input) => wholeOf(await exchange(input)),
    stream: async (input) => streamOf(await exchange(input)),
  }
}

async function answer(
  { clock }: Simulation,
  process: Omit<SimulatedProcess, 'parts'>,
  outcome: Outcome,
  timeoutSeconds: number,
): Promise<SandboxResponse> {
  const delaySeconds = outcome.kind === 'response' ? (outcome.delaySeconds ?? 0) : timeoutSeconds
  if (outcome.kind !== 'reset') await clock.sleep(Math.min(delaySeconds, timeoutSeconds) * 1000)
  await process.live()
  if (outcome.kind === 'reset') throw new HttpFailure('reset', true)
  if (outcome.kind === 'silence' || delaySeconds >= timeoutSeconds) throw new HttpFailure('timeout', true)
  return outcome.response
}

/** Checks at the port, before the call leaves: S3 and A7. */
async function inspect(simulation: Simulation, market: Market, input: HttpInput, path: string): Promise<void> {
  const { auditor, clock } = simulation
  const { offSince, words, channelId } = market
  const body = Buffer.from(input.body ?? '').toString()
  const figures = words.figures({ method: input.method, path, body })
  // What was on its way in the instant of the switch may still arrive.
  const mayLeave = figures.length === 0 && (words.confirming.test(path) || isCancellation.test(body))
  if (offSince && offSince < clock.now() && !mayLeave) {
    simulation.report('A7', `${input.method} ${path} left although the sales channel was switched off`)
  }
  for (const figure of figures) await auditor.atPush(channelId, figure)
  if (path.startsWith('/documents/') && figures.length > 0) simulation.sometimes.see('stock figures sent as a file')
}

/** A file of them, and where it goes: beside dispatch confirmations the only thing that still leaves. */
const isCancellation = /^<\?xml|text\/xml|ORDER_ACKNOWLEDGEMENT/

/** A9: one renewal of an account at a time, across all processes. Returns what to do once it has arrived. */
function watchRenewal(simulation: Simulation, { id, renewals }: Market, { url }: HttpInput): () => void {
  if (!renewalPath.test(new URL(url).pathname)) return () => {}
  if (renewals.under > 0) simulation.report('A9', `Two renewals of the account at ${id} were under way at once`)
  renewals.under += 1
  return () => {
    renewals.under -= 1
  }
}

const renewalPath = /\/auth\/o2\/token$|\/token\/refresh$|\/oauth\/refresh_token$/

const unreadable = ['truncated-json', 'empty-body', 'html-body']

function note(simulation: Simulation, market: Market, actor: string): void {
  const line = market.control.requests().at(-1)
  if (!line) return
  const { method, operation, answer: heard, faults, url } = line
  const { sometimes } = simulation
  const outcome = `${heard}${faults.length > 0 ? ` (${faults.join(', ')})` : ''}`
  simulation.trace.add(actor, `${method} ${market.id} ${operation} ${url}`, outcome)
  if (heard === 429) {
    sometimes.see(`429 at ${market.id}` satisfies SometimesName)
    if (!faults.includes('rate-limit')) market.overLimit += 1
    // Paced when they leave, calls may arrive closer together: on the road one overtakes the other.
    if (market.overLimit > 1 + market.control.requests().length / 100)
      simulation.report('M4', `${operation} at ${market.id} was over its limit, as were more than 1 % of the calls`)
  }
  if (faults.some((fault) => unreadable.includes(fault))) sometimes.see('answer not readable')
  if (faults.includes('eventual-read')) sometimes.see('stale read')
  if (operation === market.words.operations.ship && (faults.length > 0 || typeof heard === 'string')) market.doubts += 1
  noteLost(simulation, market, line)
}

function noteLost({ sometimes }: Simulation, { words, renewals }: Market, { operation, faults, answer }: RequestLine) {
  const { ship, pushStock, renew } = words.operations
  const isLost = faults.some((fault) => fault === 'timeout-after' || fault === 'reset-after')
  if (isLost && operation === ship) sometimes.see('no answer to a confirmation that counted')
  if (isLost && operation === pushStock) sometimes.see('no answer to a stock figure that counted')
  if (operation !== renew) return
  renewals.asked += 1
  if (answer === 200 && faults.length === 0) sometimes.see('credentials renewed')
  if (isLost) sometimes.see('no answer to a renewal that counted')
  if (isLost || faults.some((fault) => fault === 'slow' || unreadable.includes(fault))) renewals.lost += 1
}
