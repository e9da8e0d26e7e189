// The timeline of a run: when, who, what, with which result. Its hash says whether two runs were the same.
import { createHash } from 'node:crypto'
import type { Clock } from '../../src/platform/clock.ts'

export type Trace = {
  add(actor: string, action: string, result?: string): void
  hash(): string
  /** The last lines, oldest first. */
  tail(count: number): string[]
  length(): number
}

const linesKept = 500

export function createTrace(clock: Clock, onLine?: (line: string) => void): Trace {
  const hash = createHash('sha256')
  const lines: string[] = []
  let length = 0
  return {
    add(actor, action, result = '') {
      const line = `${clock.now().toISOString()} ${actor}: ${action}${result === '' ? '' : ` → ${result}`}`
      hash.update(`${line}\n`)
      length += 1
      lines.push(line)
      if (lines.length > linesKept * 2) lines.splice(0, linesKept)
      onLine?.(line)
    },
    hash: () => hash.copy().digest('hex'),
    tail: (count) => lines.slice(-count),
    length: () => length,
  }
}
