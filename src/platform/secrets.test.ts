import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { createSecrets, loadMasterKey, type SecretPlace } from './secrets.ts'

const key = Buffer.alloc(32, 1)
const place: SecretPlace = { tenantId: 'a', column: 'channel_accounts.credentials', rowId: '1' }
const folders: string[] = []
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })))

const newFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-secrets-'))
  folders.push(folder)
  return folder
}

test('what is sealed opens again, and sealed twice it looks different and tells nothing', () => {
  const secrets = createSecrets([key])
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }).filter((text) => text.isWellFormed()),
      (text) => {
        const sealed = secrets.seal(text, place)
        expect(secrets.open(sealed, place)).toBe(text)
        expect(sealed.equals(secrets.seal(text, place))).toBe(false)
      },
    ),
    { numRuns: 50 },
  )
  expect(secrets.seal('canary-4711', place).includes('canary-4711')).toBe(false)
})

test('X1: a secret does not open for another tenant, column or row', () => {
  const secrets = createSecrets([key])
  const sealed = secrets.seal('token', place)
  for (const other of [
    { tenantId: 'b' },
    { column: 'orders.contact' },
    { rowId: '2' },
    { tenantId: 'a1', rowId: '' },
  ]) {
    expect(() => secrets.open(sealed, { ...place, ...other })).toThrow()
  }
})

test('every changed, missing or added byte is noticed', () => {
  const secrets = createSecrets([key])
  const sealed = secrets.seal('token', place)
  for (let index = 0; index < sealed.length; index++) {
    const changed = Buffer.from(sealed)
    changed[index] = (changed[index] ?? 0) ^ 1
    expect(() => secrets.open(changed, place), `byte ${index}`).toThrow()
    expect(() => secrets.open(sealed.subarray(0, index), place), `cut at ${index}`).toThrow()
  }
  expect(() => secrets.open(Buffer.concat([sealed, Buffer.of(0)]), place)).toThrow()
})

test('after a change of key old secrets open while the old key is kept, and new ones use the new key', () => {
  const newKey = Buffer.alloc(32, 2)
  const old = createSecrets([key]).seal('token', place)
  const both = createSecrets([newKey, key])
  expect(both.open(old, place)).toBe('token')
  expect(createSecrets([newKey]).open(both.seal('token', place), place)).toBe('token')
  expect(() => createSecrets([newKey]).open(old, place)).toThrow(/a key this hub does not have/)
})

test('a keyed hash is the same each time and another under another key', () => {
  const secrets = createSecrets([key])
  expect(secrets.keyedHash('x')).toBe(secrets.keyedHash('x'))
  expect(secrets.keyedHash('x')).not.toBe(createSecrets([Buffer.alloc(32, 2)]).keyedHash('x'))
})

test('the master key is made once, for our eyes only, or taken from the environment', () => {
  const dataFolder = newFolder()
  const made = loadMasterKey({ fromEnvironment: undefined, dataFolder })
  expect(made).toHaveLength(32)
  expect(loadMasterKey({ fromEnvironment: undefined, dataFolder }).equals(made)).toBe(true)
  expect(statSync(join(dataFolder, 'secret.key')).mode & 0o077).toBe(0)
  expect(loadMasterKey({ fromEnvironment: key.toString('base64'), dataFolder }).equals(key)).toBe(true)
})

test('a damaged key file is refused and not replaced, or all secrets would be lost', () => {
  const dataFolder = newFolder()
  writeFileSync(join(dataFolder, 'secret.key'), 'short')
  expect(() => loadMasterKey({ fromEnvironment: undefined, dataFolder })).toThrow(/must hold 32 random bytes/)
  expect(readFileSync(join(dataFolder, 'secret.key'), 'utf8')).toBe('short')
})
