// The way to the marketplace: its sandbox behind the HTTP port, with time on the road, lost answers and broken lines.
import type { Outcome, SandboxResponse } from '../../sandboxes/kit/sandbox.ts'
import { HttpFailure, type Http, type HttpInput } from '../../src/platform/http.ts'
import { askSandbox, streamOf, wholeOf } from '../support/sandbox-http.ts'
import type { SimulatedProcess } from './process.ts'
import { forever, type Simulation } from './simulation.ts'

export function openNetwork(simulation: Simulation, process: Omit<SimulatedProcess, 'parts'>, isWorker: boolean): Http {
  const { clock, tape, sandbox } = simulation
  const exchange = async (input: HttpInput) => {
    await process.live()
    if (process.mayCrash('before a call')) await forever()
    if (isWorker) await inspect(simulation, input, new URL(input.url).pathname)
    await clock.sleep(tape.between('latency', 20, 400))
    // What was sent arrives, even if who sent it has ended meanwhile.
    const outcome = await askSandbox(sandbox, input)
    note(simulation, process.name)
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
async function inspect(simulation: Simulation, input: HttpInput, path: string): Promise<void> {
  const { auditor, clock, offSince } = simulation
  const isConfirmation = /\/my\/orders\/selling\/\d+(\/ship)?$/.test(path)
  // What was on its way in the instant of the switch may still arrive.
  if (offSince && offSince < clock.now() && !isConfirmation) {
    simulation.report('A7', `${input.method} ${path} left although the sales channel was switched off`)
  }
  const listing = /\/listings\/(\d+)$/.exec(path)?.[1]
  if (input.method !== 'PUT' || listing === undefined) return
  const body = JSON.parse((input.body ?? '{}').toString()) as { inventory?: number }
  if (body.inventory !== undefined) await auditor.atPush(listing, body.inventory)
}

function note({ sandbox, trace, sometimes }: Simulation, actor: string): void {
  const line = sandbox.control.requests().at(-1)
  if (!line) return
  const { method, operation, answer: heard, faults, url } = line
  trace.add(actor, `${method} ${operation} ${url}`, `${heard}${faults.length > 0 ? ` (${faults.join(', ')})` : ''}`)
  if (heard === 429) sometimes.see('429 seen')
  const isLost = faults.some((fault) => fault === 'timeout-after' || fault === 'reset-after')
  if (isLost && operation === 'orders.ship') sometimes.see('no answer to a confirmation that counted')
  if (isLost && operation === 'listings.update') sometimes.see('no answer to a stock figure that counted')
  if (faults.some((fault) => fault === 'truncated-json' || fault === 'empty-body' || fault === 'html-body'))
    sometimes.see('answer not readable')
  if (faults.includes('eventual-read')) sometimes.see('stale read')
}
