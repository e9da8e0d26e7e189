// What came packed with gzip, unpacked as it streams. A small file that unpacks without end is stopped early.
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'

export class UnpackRefused extends Error {
  override name = 'UnpackRefused'
  readonly reason: 'too-large' | 'damaged'
  constructor(reason: 'too-large' | 'damaged') {
    super(reason === 'too-large' ? 'It unpacks to more than may be.' : 'The packed file is damaged or cut off.')
    this.reason = reason
  }
}

/** Tables shrink 5 to 50 times; from here on it is made to do harm. */
const ratioMax = 200
const ratioFromBytes = 10_000_000

export async function* unpacked(packed: AsyncIterable<Uint8Array>, bytesMax: number): AsyncGenerator<Uint8Array> {
  const read = { packed: 0, unpacked: 0 }
  const source = Readable.from(counted(packed, read), { objectMode: false })
  const gunzip = createGunzip()
  // Its failure is met again by whoever reads the end of the pipe.
  const done = pipeline(source, gunzip).catch(() => undefined)
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      read.unpacked += chunk.length
      const isBomb = read.unpacked > ratioFromBytes && read.unpacked > read.packed * ratioMax
      if (isBomb || read.unpacked > bytesMax) throw new UnpackRefused('too-large')
      yield chunk
    }
  } catch (error) {
    throw isZlib(error) ? new UnpackRefused('damaged') : error
  } finally {
    source.destroy()
    gunzip.destroy()
    await done
  }
}

/** The two bytes that every gzip file begins with. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b
}

async function* counted(packed: AsyncIterable<Uint8Array>, read: { packed: number }): AsyncGenerator<Uint8Array> {
  for await (const chunk of packed) {
    read.packed += chunk.length
    yield chunk
  }
}

function isZlib(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')
}
