import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createUploads, type Uploads } from './uploads.ts'

const id = '01890000-0000-7000-8000-000000000001'
let folder: string
let uploads: Uploads
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-uploads-'))
  uploads = createUploads(join(folder, 'uploads'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function* pieces(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text)
}

test('a file is kept as it came, looked into and deleted', async () => {
  expect(await uploads.save(id, pieces('sku,', 'stock\n'), { bytesMax: 100 })).toEqual({ kind: 'saved', sizeBytes: 10 })
  expect((await uploads.open(id).toArray()).join('')).toBe('sku,stock\n')
  expect(await uploads.head(id, 4)).toEqual({ bytes: Buffer.from('sku,'), whole: false })
  expect((await uploads.head(id, 10)).whole).toBe(true)
  await uploads.delete(id)
  await uploads.delete(id)
  expect(await readdir(join(folder, 'uploads'))).toEqual([])
})

async function* breaking() {
  yield Buffer.from('1')
  throw new Error('gone')
}

test('a file that is too large, or breaks off, leaves nothing behind', async () => {
  expect(await uploads.save(id, pieces('123', '45'), { bytesMax: 4 })).toEqual({ kind: 'too-large' })
  await expect(uploads.save(id, breaking(), { bytesMax: 4 })).rejects.toThrow('gone')
  expect(await readdir(join(folder, 'uploads'))).toEqual([])
})

test('a name that is no id is refused', () => {
  expect(() => uploads.open('../secret')).toThrow('id of its import')
})
