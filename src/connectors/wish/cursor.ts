// Cursors are JSON of ours. One that is not may come from the command line or from another marketplace.
import { RefusedError } from '../connector.ts'
import { asObject, parseJson } from '../reading.ts'
import type { JsonObject } from '../reading.ts'

export function parseCursor(text: string): JsonObject {
  const cursor = asObject(parseJson(text))
  if (cursor) return cursor
  throw new RefusedError({ kind: 'rejected', reason: 'This cursor is not one that the Wish connector gave' })
}
