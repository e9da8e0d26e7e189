// Amazon's files: fetched by a link of five minutes, often packed.
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { RefusedError } from '../connector.ts'
import type { Call } from '../connector.ts'
import { asText } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import type { AmazonAccount } from './account.ts'

/** A result of 25,000 messages with an error each is some 10 MB. */
const bytesMax = 100_000_000

/** The file's bytes as they come, unpacked. A break in the middle throws `RefusedError`. */
export async function bytesOfDocument(
  call: Call<AmazonAccount>,
  document: JsonObject,
): Promise<AsyncIterable<Uint8Array>> {
  const url = asText(document['url'])
  if (url === null) throw new RefusedError({ kind: 'wait', seconds: 60, reason: 'Amazon gave no link to the file' })
  const bytes = await call.stream({ method: 'GET', url, presigned: true })
  const packing = asText(document['compressionAlgorithm'])
  if (packing === null) return bytes
  if (packing === 'GZIP') return unpacked(bytes)
  throw new RefusedError({ kind: 'rejected', reason: `Amazon packed the file as ${packing}, which we cannot read` })
}

export async function textOfDocument(call: Call<AmazonAccount>, document: JsonObject): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of await bytesOfDocument(call, document)) {
    length += chunk.length
    if (length > bytesMax) throw new RefusedError({ kind: 'rejected', reason: 'Amazon’s file is too large to be read' })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

async function* unpacked(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip()
  // A fault of the source ends the unpacking with it, so the loop below meets it.
  pipeline(Readable.from(packed), gunzip, () => undefined)
  try {
    for await (const chunk of gunzip) yield chunk as Uint8Array
  } catch (error) {
    if (error instanceof RefusedError) throw error
    // A file cut off in the middle cannot be unpacked to its end. A new link may give all of it.
    throw new RefusedError({ kind: 'wait', seconds: 60, reason: 'Amazon’s file ends in the middle or is damaged' })
  }
}
