// A supplier's SFTP folder. A file is written under another name first and renamed when it is whole, so that nobody reads
// half of one.
import { createHash } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import { connect, isIP, type Socket } from 'node:net'
import { posix } from 'node:path'
import Client from 'ssh2-sftp-client'
import { startDeadline } from './clock.ts'

export type SftpAddress = {
  host: string
  port: number
  username: string
  password?: string
  privateKey?: string
  /** SHA-256 of the server's host key, base64 as OpenSSH prints it; another key is not spoken to. */
  hostKey: string
}

export type SftpFile = { name: string; size: number; modifiedAt: Date }

export type SftpFiles = {
  /** Plain files of a folder, by name. */
  list(folder: string): Promise<SftpFile[]>
  /** Ends with SftpRefused where it is larger. */
  read(path: string, bytesMax: number): Promise<Uint8Array>
  /** Whole or not at all; a file of that name is replaced. */
  write(path: string, content: Uint8Array): Promise<void>
  /** Null: there is none. */
  size(path: string): Promise<number | null>
  /** Into another folder, which is made where it is missing, or another name. */
  move(from: string, to: string): Promise<void>
  /** Removing what is not there is harmless. */
  remove(path: string): Promise<void>
}

export type Sftp = {
  /** Connects, works, and hangs up whatever happens. Ends with SftpRefused. */
  use<Result>(address: SftpAddress, work: (files: SftpFiles) => Promise<Result>): Promise<Result>
  /** The host key a server shows, for a person to confirm. */
  hostKey(address: { host: string; port: number }): Promise<string>
}

/** 'wait': try later. 'rejected': a person must change something. Writing is safe to repeat, so nothing is unclear for long. */
export class SftpRefused extends Error {
  readonly kind: 'wait' | 'rejected'
  constructor(kind: 'wait' | 'rejected', message: string) {
    super(message)
    this.kind = kind
  }
}

export const noSftp: Sftp = {
  use: () => Promise.reject(new SftpRefused('rejected', 'SFTP is not available here.')),
  hostKey: () => Promise.reject(new SftpRefused('rejected', 'SFTP is not available here.')),
}

export type SftpOptions = {
  /** Whether an address that a name led to may be spoken to; the address that was judged is the one connected to. */
  mayReach(address: string, typed: { host: string; port: number }): boolean
  connectSeconds?: number
  /** For all that is done within one connection. */
  workSeconds?: number
}

export function systemSftp({ mayReach, connectSeconds = 15, workSeconds = 120 }: SftpOptions): Sftp {
  const open = (address: { host: string; port: number }) => openSocket(address, mayReach, connectSeconds)
  return {
    async use(address, work) {
      const shown: { key?: string } = {}
      const client = new Client('sftp', {})
      const socket = await open(address)
      const cancel = startDeadline(workSeconds * 1000, () => socket.destroy(new Error('it took too long')))
      const gone = new Promise<never>((_resolve, reject) => {
        socket.once('close', () => reject(new SftpRefused('wait', 'The connection to the server was lost.')))
      })
      gone.catch(() => {})
      try {
        const channel = await client.connect({
          sock: socket,
          username: address.username,
          ...(address.password === undefined ? {} : { password: address.password }),
          ...(address.privateKey === undefined ? {} : { privateKey: address.privateKey }),
          readyTimeout: connectSeconds * 1000,
          hostVerifier: (key: Buffer) => {
            shown.key = fingerprint(key)
            return sameKey(shown.key, address.hostKey)
          },
        })
        return await work(filesOf(channel, gone))
      } catch (error) {
        throw refusalOf(error, { shown: shown.key, expected: address.hostKey })
      } finally {
        cancel()
        await hangUp(client, socket)
      }
    },
    async hostKey(address) {
      const shown: { key?: string } = {}
      const client = new Client('sftp', {})
      const socket = await open(address)
      const cancel = startDeadline(connectSeconds * 1000, () => socket.destroy(new Error('it took too long')))
      try {
        await client.connect({
          sock: socket,
          username: 'nobody',
          readyTimeout: connectSeconds * 1000,
          // Seen, and gone again before anything of ours is shown.
          hostVerifier: (key: Buffer) => {
            shown.key = fingerprint(key)
            return false
          },
        })
      } catch (error) {
        if (shown.key === undefined) throw refusalOf(error)
      } finally {
        cancel()
        await hangUp(client, socket)
      }
      if (shown.key === undefined) throw new SftpRefused('rejected', 'The server shows no host key.')
      return shown.key
    },
  }
}

/** By the address that was judged: a name that leads elsewhere a moment later changes nothing. */
async function openSocket(
  { host, port }: { host: string; port: number },
  mayReach: SftpOptions['mayReach'],
  seconds: number,
): Promise<Socket> {
  const addresses = isIP(host) ? [host] : await addressesOf(host)
  const [address] = addresses
  if (address === undefined || !addresses.every((each) => mayReach(each, { host, port })))
    throw new SftpRefused('rejected', `${host} is an address inside a private network, which is not reached from here.`)
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, noDelay: true })
    const cancel = startDeadline(seconds * 1000, () => socket.destroy(new Error('it did not answer in time')))
    socket.once('connect', () => {
      cancel()
      socket.removeAllListeners('error')
      // After this the client listens; a late error of a socket that is done with must not end the process.
      socket.on('error', () => {})
      resolve(socket)
    })
    socket.once('error', (error) => {
      cancel()
      reject(refusalOf(error))
    })
  })
}

async function addressesOf(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address)
  } catch {
    throw new SftpRefused('wait', `The name ${host} is not known.`)
  }
}

type Channel = Awaited<ReturnType<Client['connect']>>
type Answer<Value> = (error: Error | null | undefined, value: Value) => void

const noSuchFile = 2
const denied = 3

/** The bare requests of the protocol: a refusal of each is seen, also of those in the middle of a file. */
function filesOf(channel: Channel, gone: Promise<never>): SftpFiles {
  const request = <Value>(send: (answer: Answer<Value>) => void): Promise<Value> => {
    const answered = new Promise<Value>((resolve, reject) => {
      send((error, value) => (error ? reject(error) : resolve(value)))
    })
    return Promise.race([answered, gone])
  }
  const orNone = async <Value>(work: Promise<Value>): Promise<Value | null> => {
    try {
      return await work
    } catch (error) {
      if (codeOf(error) === noSuchFile) return null
      throw error
    }
  }
  const size = async (path: string) =>
    (await orNone(request<{ size: number }>((answer) => channel.stat(path, answer))))?.size ?? null
  const remove = async (path: string) => {
    await orNone(request<unknown>((answer) => channel.unlink(path, (error) => answer(error, undefined))))
  }
  const rename = async (from: string, to: string) => {
    const plainly = () => request<unknown>((answer) => channel.rename(from, to, (error) => answer(error, undefined)))
    try {
      await request<unknown>((answer) => channel.ext_openssh_rename(from, to, (error) => answer(error, undefined)))
    } catch (error) {
      // Servers without that extension rename only to a name that is free.
      if (error instanceof SftpRefused || [noSuchFile, denied].includes(Number(codeOf(error)))) throw error
      await remove(to)
      await plainly()
    }
  }
  return {
    async list(folder) {
      const entries = await request<Entry[]>((answer) => channel.readdir(folder, answer))
      return entries
        .filter(({ filename, attrs }) => attrs.isFile() && !/[/\\\0]/.test(filename))
        .map(({ filename, attrs }) => ({
          name: filename,
          size: attrs.size,
          modifiedAt: new Date(attrs.mtime * 1000),
        }))
        .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    },
    async read(path, bytesMax) {
      const handle = await request<Buffer>((answer) => channel.open(path, 'r', answer))
      const parts: Buffer[] = []
      let bytes = 0
      // Counted while it comes: what a server says of its files need not be true.
      for (;;) {
        const part = await request<Buffer | null>((answer) => readPart(channel, { handle, at: bytes }, answer))
        if (part === null || part.length === 0) break
        parts.push(part)
        bytes += part.length
        if (bytes > bytesMax)
          throw new SftpRefused('rejected', `The file ${posix.basename(path)} is larger than ${bytesMax} bytes.`)
      }
      await request<unknown>((answer) => channel.close(handle, (error) => answer(error, undefined)))
      return Buffer.concat(parts)
    },
    async write(path, content) {
      const unfinished = `${path}.part`
      await request<unknown>((answer) =>
        channel.writeFile(unfinished, Buffer.from(content), (error) => answer(error, undefined)),
      )
      await rename(unfinished, path)
    },
    size,
    async move(from, to) {
      const folder = posix.dirname(to)
      if ((await size(folder)) === null)
        await request<unknown>((answer) => channel.mkdir(folder, (error) => answer(error, undefined)))
      await rename(from, to)
    },
    remove,
  }
}

type Entry = { filename: string; attrs: { size: number; mtime: number; isFile(): boolean } }

const partBytes = 32_768
const endOfFile = 1

/** Null: there is no more. */
function readPart(channel: Channel, { handle, at }: { handle: Buffer; at: number }, answer: Answer<Buffer | null>) {
  const buffer = Buffer.alloc(partBytes)
  channel.read(handle, buffer, 0, partBytes, at, (error, length) => {
    if (error && codeOf(error) === endOfFile) answer(null, null)
    else answer(error, buffer.subarray(0, length))
  })
}

async function hangUp(client: Client, socket: Socket): Promise<void> {
  const ended = client.end().catch(() => {})
  socket.end()
  // A peer that is gone is no reason to wait for its goodbye.
  const cancel = startDeadline(1_000, () => socket.destroy())
  await ended
  cancel()
  socket.destroy()
}

function refusalOf(error: unknown, keys: { shown?: string | undefined; expected?: string } = {}): SftpRefused {
  if (error instanceof SftpRefused) return error
  const { shown, expected } = keys
  if (shown !== undefined && expected !== undefined && !sameKey(shown, expected))
    return new SftpRefused(
      'rejected',
      `The server shows the host key ${shown}, which is not the one that was confirmed. Nothing was sent to it.`,
    )
  const text = error instanceof Error ? error.message.replace(/^[\w>: -]*(?:->|: )/, '') : 'it failed'
  if (/authentication methods failed|permission denied \(/i.test(text) || levelOf(error) === 'client-authentication')
    return new SftpRefused('rejected', 'The server does not accept the user name, password or key.')
  if (/parse privateKey|unsupported key format|passphrase/i.test(text))
    return new SftpRefused('rejected', 'The private key cannot be read. Use one without a passphrase.')
  const code = codeOf(error)
  if (code === 2 || code === 'ENOENT' || /no such (file|path)|does not exist/i.test(text))
    return new SftpRefused('rejected', 'The server does not have that folder or file.')
  if (code === 3 || code === 'EACCES' || /permission denied/i.test(text))
    return new SftpRefused('rejected', 'The server does not allow this user to write or read there.')
  return new SftpRefused('wait', `The server could not be reached or did not do it: ${text}.`.replace(/\.+$/, '.'))
}

function codeOf(error: unknown): string | number {
  return error instanceof Error && 'code' in error ? (error.code as string | number) : ''
}

function levelOf(error: unknown): unknown {
  return error instanceof Error && 'level' in error ? error.level : undefined
}

function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}

/** With or without the word before it and the padding after it: both are how people have it. */
function sameKey(one: string, other: string): boolean {
  const plain = (text: string) =>
    text
      .trim()
      .replace(/^SHA256:/i, '')
      .replace(/=+$/, '')
  return plain(one) === plain(other)
}
