// Files that people uploaded, until they are read: one plain file for each import under DATA_DIR/uploads.
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export type Uploads = {
  /** Keeps the file, or refuses it and keeps nothing. It is there whole or not at all. */
  save(
    id: string,
    content: AsyncIterable<Uint8Array>,
    limits: { bytesMax: number },
  ): Promise<{ kind: 'saved'; sizeBytes: number } | { kind: 'too-large' }>
  open(id: string): Readable
  /** Its first bytes. */
  head(id: string, bytesMax: number): Promise<{ bytes: Uint8Array; whole: boolean }>
  delete(id: string): Promise<void>
}

export function createUploads(folder: string): Uploads {
  const pathOf = (id: string) => {
    if (!/^[0-9a-f-]{36}$/.test(id)) throw new Error('An upload is named by the id of its import.')
    return join(folder, id)
  }
  return {
    async save(id, content, { bytesMax }) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const path = pathOf(id)
      const state = { sizeBytes: 0 }
      try {
        await pipeline(capped(content, bytesMax, state), createWriteStream(`${path}.part`, { mode: 0o600 }))
        await rename(`${path}.part`, path)
        return { kind: 'saved', sizeBytes: state.sizeBytes }
      } catch (error) {
        await rm(`${path}.part`, { force: true })
        if (error instanceof TooLarge) return { kind: 'too-large' }
        throw error
      }
    },
    open: (id) => createReadStream(pathOf(id), { highWaterMark: 256 * 1024 }),
    async head(id, bytesMax) {
      const file = await open(pathOf(id), 'r')
      try {
        const buffer = Buffer.alloc(bytesMax + 1)
        const { bytesRead } = await file.read(buffer, 0, bytesMax + 1, 0)
        return { bytes: buffer.subarray(0, Math.min(bytesRead, bytesMax)), whole: bytesRead <= bytesMax }
      } finally {
        await file.close()
      }
    },
    delete: (id) => rm(pathOf(id), { force: true }),
  }
}

class TooLarge extends Error {
  override name = 'TooLarge'
}

async function* capped(
  content: AsyncIterable<Uint8Array>,
  bytesMax: number,
  state: { sizeBytes: number },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of content) {
    state.sizeBytes += chunk.byteLength
    if (state.sizeBytes > bytesMax) throw new TooLarge()
    yield chunk
  }
}
