import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
} from 'node:crypto'
import { closeSync, openSync, readFileSync, writeSync, linkSync, rmSync, fsyncSync } from 'node:fs'
import { join } from 'node:path'
import { makeDataFolder } from './data-folder.ts'
import { codeOf } from './folder-lock.ts'
import { systemRandom, type Random } from './random.ts'
import { StartRefused } from './start-refused.ts'

/** Where a secret lives. Sealed for one place, it does not open at another, nor for another tenant. */
export type SecretPlace = { tenantId: string; column: string; rowId: string }

export type Secrets = {
  /** `column` is "table.column". */
  seal(text: string, place: SecretPlace): Buffer
  open(sealed: Buffer, place: SecretPlace): string
  /** The same text gives the same value, which tells nothing about it: for finding what is stored sealed. */
  keyedHash(text: string): string
}

// version (1) | key id (8) | nonce (12) + wrapped data key (32) + tag (16) | nonce (12) + text + tag (16)
const version = 1
const keyIdBytes = 8
const nonceBytes = 12
const tagBytes = 16
const keyBytes = 32
const wrappedBytes = nonceBytes + keyBytes + tagBytes
const headerBytes = 1 + keyIdBytes

/** The first key seals; all of them open, so that a key can be changed while the hub runs. */
export function createSecrets(masterKeys: [Buffer, ...Buffer[]], random: Random = systemRandom): Secrets {
  const keys = masterKeys.map((key) => ({ id: idOf(key), wrap: derive(key, 'wrap'), hash: derive(key, 'hash') }))
  const current = keys[0]
  if (!current) throw new Error('There is no master key.')
  return {
    seal(text, place) {
      const dataKey = random.bytes(keyBytes)
      const header = Buffer.concat([Buffer.from([version]), current.id])
      const aad = Buffer.concat([header, describe(place)])
      return Buffer.concat([
        header,
        encrypt(current.wrap, dataKey, aad, random),
        encrypt(createSecretKey(dataKey), Buffer.from(text, 'utf8'), aad, random),
      ])
    },
    open(sealed, place) {
      const header = sealed.subarray(0, headerBytes)
      const key = keys.find((candidate) => candidate.id.equals(header.subarray(1)))
      if (header[0] !== version || !key) throw new Error('A secret was sealed with a key this hub does not have.')
      const aad = Buffer.concat([header, describe(place)])
      const dataKey = decrypt(key.wrap, sealed.subarray(headerBytes, headerBytes + wrappedBytes), aad)
      return decrypt(createSecretKey(dataKey), sealed.subarray(headerBytes + wrappedBytes), aad).toString('utf8')
    },
    keyedHash: (text) => createHmac('sha256', current.hash).update(text, 'utf8').digest('base64url'),
  }
}

/** From the environment if given there, else from a file in the data folder, made at the first start. */
export function loadMasterKey(options: { fromEnvironment: string | undefined; dataFolder: string }): Buffer {
  if (options.fromEnvironment !== undefined) return parseKey(options.fromEnvironment, 'FAIRLEAD_SECRET_KEY')
  const file = join(options.dataFolder, 'secret.key')
  makeDataFolder(options.dataFolder)
  try {
    return parseKey(readFileSync(file, 'utf8').trim(), file)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
  writeOnce(file, systemRandom.bytes(keyBytes).toString('base64'))
  return parseKey(readFileSync(file, 'utf8').trim(), file)
}

/** Complete or not there at all, and of two processes starting at once only one's counts. */
function writeOnce(file: string, text: string): void {
  const fresh = `${file}.${process.pid}`
  const descriptor = openSync(fresh, 'w', 0o600)
  writeSync(descriptor, `${text}\n`)
  fsyncSync(descriptor)
  closeSync(descriptor)
  try {
    linkSync(fresh, file)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  } finally {
    rmSync(fresh, { force: true })
  }
}

function parseKey(text: string, source: string): Buffer {
  const key = Buffer.from(text, 'base64')
  if (key.length === keyBytes) return key
  throw new StartRefused(
    `${source} must hold ${keyBytes} random bytes in base64, such as "openssl rand -base64 ${keyBytes}" prints.`,
  )
}

function idOf(key: Buffer): Buffer {
  return createHash('sha256').update('fairlead key id').update(key).digest().subarray(0, keyIdBytes)
}

// A key object and not bytes: each use of bytes as a key costs several times the work that is done with it.
function derive(key: Buffer, purpose: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `fairlead ${purpose}`, keyBytes)))
}

/** Lengths first, so that no two places read the same. */
function describe({ tenantId, column, rowId }: SecretPlace): Buffer {
  return Buffer.from([tenantId, column, rowId].map((part) => `${Buffer.byteLength(part)}:${part}`).join(''), 'utf8')
}

function encrypt(key: KeyObject, plain: Buffer, aad: Buffer, random: Random): Buffer {
  const nonce = random.bytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(aad)
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

function decrypt(key: KeyObject, sealed: Buffer, aad: Buffer): Buffer {
  if (sealed.length < nonceBytes + tagBytes) throw new Error('A sealed secret is cut short.')
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes })
  decipher.setAAD(aad).setAuthTag(sealed.subarray(-tagBytes))
  return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()])
}
