// With --statements: where the time goes. Every statement that comes from the hub's own connections, and not from the
// limits or from filling the tables, is counted and timed at the driver.
import { Client } from 'pg'

type Seen = { count: number; milliseconds: number }

/** From now on; the answer tells the costliest of those seen so far. */
export function watchStatements(): () => string[] {
  const seen = new Map<string, Seen>()
  const original = Client.prototype.query as (this: Client, ...args: unknown[]) => unknown
  Client.prototype.query = function watched(this: Client, ...args: unknown[]) {
    const started = performance.now()
    const answer = original.apply(this, args)
    if (answer instanceof Promise && isOfHub(this)) {
      const note = () => add(seen, textOf(args[0]), performance.now() - started)
      answer.then(note, note)
    }
    return answer
  } as Client['query']
  return () => describe(seen)
}

function isOfHub(client: Client): boolean {
  const { connectionParameters } = client as Client & { connectionParameters?: { application_name?: string } }
  return connectionParameters?.application_name === 'fairlead'
}

function textOf(query: unknown): string {
  const text = typeof query === 'object' && query !== null && 'text' in query ? query.text : query
  return String(text)
    .replace(/\$\d+/g, '?')
    .replace(/\(\?(, \?)*\)(, \(\?(, \?)*\))*/g, '(…)')
    .replace(/\s+/g, ' ')
    .trim()
}

function add(seen: Map<string, Seen>, text: string, milliseconds: number): void {
  const before = seen.get(text) ?? { count: 0, milliseconds: 0 }
  seen.set(text, { count: before.count + 1, milliseconds: before.milliseconds + milliseconds })
}

const shownMax = 40

function describe(seen: Map<string, Seen>): string[] {
  return [...seen]
    .toSorted(([, one], [, other]) => other.milliseconds - one.milliseconds)
    .slice(0, shownMax)
    .map(([text, { count, milliseconds }]) => {
      const each = (milliseconds / count).toFixed(2)
      return `${milliseconds.toFixed(0).padStart(8)} ms ${String(count).padStart(6)} × ${each.padStart(8)} ms  ${text.slice(0, 140)}`
    })
}
