// Reads a JSON array of any length element by element as its bytes come, so that only one element is in memory at a time.
// It looks for nothing but quotes and brackets; what lies between goes to the JSON parser as it is.
import { RefusedError } from '../connector.ts'
import { parseJson } from '../reading.ts'

/** A product of 400 variations is some 300 kB. */
const elementBytesMax = 20_000_000

/** One element of the array; `value` is undefined where it is no JSON. */
export type Element = { value: unknown; text: string }

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c]
const openers = new Set([0x5b, 0x7b])
const closers = new Set([0x5d, 0x7d])
const blanks = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf])

/** Throws `RefusedError` where the file is no array, or ends before the array does. */
export async function* elementsOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Element> {
  const state = { depth: 0, inText: false, isEscaped: false, isOver: false }
  let pieces: Uint8Array[] = []
  let held = 0
  for await (const chunk of bytes) {
    let start = 0
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0
      if (state.inText) {
        if (state.isEscaped) state.isEscaped = false
        else if (byte === backslash) state.isEscaped = true
        else if (byte === quote) state.inText = false
        continue
      }
      if (byte === quote && state.depth > 0) state.inText = true
      else if (openers.has(byte)) {
        if (state.depth === 0 && (byte !== 0x5b || state.isOver)) throw unreadableFile()
        if (state.depth === 0) start = at + 1
        state.depth += 1
      } else if (closers.has(byte)) {
        state.depth -= 1
        if (state.depth === 0) {
          yield* elementIn([...pieces, chunk.subarray(start, at)])
          ;[pieces, held, state.isOver] = [[], 0, true]
        }
      } else if (byte === comma && state.depth === 1) {
        yield* elementIn([...pieces, chunk.subarray(start, at)])
        ;[pieces, held, start] = [[], 0, at + 1]
      } else if (state.depth === 0 && !blanks.has(byte)) throw unreadableFile()
      if (state.depth < 0) throw unreadableFile()
    }
    if (state.depth === 0) continue
    // The reader may use its memory again for the next bytes.
    pieces.push(chunk.slice(start))
    held += chunk.length - start
    if (held > elementBytesMax) throw unreadableFile()
  }
  if (!state.isOver) {
    throw new RefusedError({ kind: 'wait', seconds: 30, reason: 'Wish’s file of products ended before its time' })
  }
}

function* elementIn(pieces: Uint8Array[]): Generator<Element> {
  const text = Buffer.concat(pieces).toString('utf8').trim()
  if (text !== '') yield { value: parseJson(text), text }
}

function unreadableFile(): RefusedError {
  return new RefusedError({ kind: 'rejected', reason: 'Wish’s file of products is in no form that we can read' })
}
