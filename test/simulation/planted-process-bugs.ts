// Bugs put in on purpose into the processes and not into what they do: whose clock they ask, whose pace they keep, how
// they call. Below the engine's own work, never inside of it.
import { sql } from 'kysely'
import { HttpFailure, type HttpInput } from '../../src/platform/http.ts'
import type { Plant } from './planted-bugs.ts'
import type { Ailment } from './simulation.ts'

/** Each worker's clock is wrong by so many minutes, one ahead and the next behind. No bug: it must change nothing (M8). */
export const clocksThatDiffer =
  (minutes: number): Ailment =>
  (parts, worker) => {
    const isAhead = Number(/\d+/.exec(worker)?.[0]) % 2 === 1
    const skew = 60_000 * (isAhead ? minutes : -minutes)
    return { ...parts, clock: { ...parts.clock, now: () => new Date(parts.clock.now().getTime() + skew) } }
  }

const triesMax = 3

/** The way out tries again by itself, within the tries of the engine. */
export const retriesWithinRetries: Ailment = (parts) => {
  const again = async <Answer extends { status: number }>(
    ask: (input: HttpInput) => Promise<Answer>,
    input: HttpInput,
  ) => {
    for (let tries = 1; ; tries++) {
      try {
        const answer = await ask(input)
        if (tries === triesMax || (answer.status < 500 && answer.status !== 429)) return answer
      } catch (error) {
        if (tries === triesMax || !(error instanceof HttpFailure)) throw error
      }
      await parts.clock.sleep(1000)
    }
  }
  const { request, stream } = parts.http
  return { ...parts, http: { request: (input) => again(request, input), stream: (input) => again(stream, input) } }
}

/** The bookmark is moved when the page is here, and the page stored after that. */
export const movesCursorFirst: Plant = (work) => ({
  ...work,
  operations: work.operations.map((operation) => {
    if (operation.name !== 'pull-orders') return operation
    return {
      ...operation,
      run(run) {
        const pull: typeof run.connector.orders.pull = async (call, from) => {
          const page = await run.connector.orders.pull(call, from)
          await run.transaction((tx) =>
            sql`
              update sales_channels set order_cursor = ${page.cursor}
              where tenant_id = ${tx.tenantId} and id = ${run.channel.id}
            `.execute(tx),
          )
          return page
        }
        const orders = { ...run.connector.orders, pull }
        return operation.run({ ...run, connector: { ...run.connector, orders } })
      },
    }
  }),
})
