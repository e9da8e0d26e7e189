// The last requests, for tests and the console page.
import type { RequestLine } from './control.ts'

export type RequestLog = { record(line: RequestLine): void; lines(): readonly RequestLine[] }

const linesMax = 5_000

export function createRequestLog(): RequestLog {
  const lines: RequestLine[] = []
  return {
    record(line) {
      lines.push(line)
      // Trimmed in large steps, because removing from the front moves the whole list.
      if (lines.length > linesMax * 2) lines.splice(0, linesMax)
    },
    lines: () => lines,
  }
}
