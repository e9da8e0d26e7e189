// Reads a JSON array of any length element by element as its bytes come, so that only one element is in memory at a time.
// It looks for nothing but quotes and brackets; what lies between goes to the JSON parser as it is.
import { RefusedError } from '../connector.ts'
import { parseJson } from '../reading.ts'

/** A product of 400 variations is some 300 kB. */
const elementBytesMax = 20_000_000

/** One element of the array; `value` is undefined where it is no JSON. */
export type Element = { value: unknown; text: string }

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const arrayStart = 0x5b
const arrayEnd = 0x5d
const objectStart = 0x7b
const objectEnd = 0x7d
const blanks = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf])

/** Throws `RefusedError` where the file is no array, or ends before the array does. */
export async function* elementsOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Element> {
  let depth = 0
  let inText = false
  let isEscaped = false
  let isOver = false
  let pieces: Uint8Array[] = []
  let held = 0
  for await (const chunk of bytes) {
    let start = 0
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0
      if (inText) {
        if (isEscaped) isEscaped = false
        else if (byte === backslash) isEscaped = true
        else if (byte === quote) inText = false
        continue
      }
      if (byte === quote && depth > 0) inText = true
      else if (byte === arrayStart || byte === objectStart) {
        if (depth === 0 && (byte !== arrayStart || isOver)) throw unreadableFile()
        if (depth === 0) start = at + 1
        depth += 1
      } else if (byte === arrayEnd || byte === objectEnd) {
        depth -= 1
        if (depth === 0) {
          yield* elementIn([...pieces, chunk.subarray(start, at)])
          pieces = []
          held = 0
          isOver = true
        }
      } else if (byte === comma && depth === 1) {
        yield* elementIn([...pieces, chunk.subarray(start, at)])
        pieces = []
        held = 0
        start = at + 1
      } else if (depth === 0 && !blanks.has(byte)) throw unreadableFile()
      if (depth < 0) throw unreadableFile()
    }
    if (depth === 0) continue
    // The reader may use its memory again for the next bytes.
    pieces.push(chunk.slice(start))
    held += chunk.length - start
    if (held > elementBytesMax) throw unreadableFile()
  }
  if (!isOver) {
    throw new RefusedError({ kind: 'wait', seconds: 30, reason: 'Wish’s file of products ended before its time' })
  }
}

function* elementIn(pieces: Uint8Array[]): Generator<Element> {
  const text = Buffer.concat(pieces).toString('utf8').trim()
  if (text !== '') yield { value: parse(text), text }
}

// Keeping numbers beyond 2^53 as text costs several times the reading itself, and hardly a product has any.
function parse(text: string): unknown {
  if (/\d{16}/.test(text)) return parseJson(text)
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function unreadableFile(): RefusedError {
  return new RefusedError({ kind: 'rejected', reason: 'Wish’s file of products is in no form that we can read' })
}
