// Cursors are JSON of ours. One that is not may come from the command line or from another marketplace.
import { RefusedError } from '../connector.ts'
import { asObject, parseJson } from '../reading.ts'
import type { JsonObject } from '../reading.ts'

export function parseCursor(text: string): JsonObject {
  return asObject(parseJson(text)) ?? noCursor()
}

export function noCursor(): never {
  throw new RefusedError({ kind: 'rejected', reason: 'This cursor is not one that the Amazon connector gave' })
}
