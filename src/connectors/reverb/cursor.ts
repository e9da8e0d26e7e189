// Cursors are JSON of ours. One that is not may come from the command line or from another marketplace.
import { RefusedError } from '../connector.ts'
import { asObject } from '../reading.ts'
import type { JsonObject } from '../reading.ts'

export function parseCursor(text: string): JsonObject {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    parsed = undefined
  }
  const cursor = asObject(parsed)
  if (!cursor)
    throw new RefusedError({ kind: 'rejected', reason: 'This cursor is not one that the Reverb connector gave' })
  return cursor
}
