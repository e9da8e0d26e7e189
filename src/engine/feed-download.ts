// The way to a supplier's file: an address on the internet, or the newest file of an SFTP folder. Whatever stands in the
// way comes back as a sentence for the seller.
import { joinPath, newestMatching, type FeedSource } from '../domain/files/supplier-feeds.ts'
import { OutsideRefused } from '../platform/outside.ts'
import { SftpRefused } from '../platform/sftp.ts'
import { isGzip, unpacked, UnpackRefused } from '../platform/unpack.ts'
import type { EngineParts } from './channel-run.ts'

export type Downloaded<Result> =
  | { kind: 'content'; fileName: string; etag: string | null; result: Result }
  | { kind: 'unchanged'; etag: string | null }
  | { kind: 'failed'; reason: string }

export const feedBytesMax = 200_000_000
const feedSeconds = 300

/** `take` reads the content, unpacked, while it comes; where it stops early, the rest is not fetched. */
export async function downloadFeed<Result>(
  { outside, sftp }: Pick<EngineParts, 'outside' | 'sftp'>,
  source: FeedSource,
  etag: string | null,
  take: (content: AsyncIterable<Uint8Array>) => Promise<Result>,
): Promise<Downloaded<Result>> {
  try {
    return await (source.source === 'url'
      ? fromAddress(outside, source, etag, take)
      : fromFolder(sftp, source, etag, take))
  } catch (error) {
    const reason = sentenceOf(error)
    if (reason === undefined) throw error
    return { kind: 'failed', reason }
  }
}

type Taking<Result> = (content: AsyncIterable<Uint8Array>) => Promise<Result>

async function fromAddress<Result>(
  outside: EngineParts['outside'],
  source: Extract<FeedSource, { source: 'url' }>,
  etag: string | null,
  take: Taking<Result>,
): Promise<Downloaded<Result>> {
  const answer = await outside.stream({
    method: 'GET',
    url: source.url,
    headers: { ...authOf(source), ...(etag === null ? {} : { 'if-none-match': etag }) },
    bytesMax: feedBytesMax,
    timeoutSeconds: feedSeconds,
  })
  if (answer.status !== 200) {
    await hangUp(answer.body)
    if (answer.status === 304 && etag !== null) return { kind: 'unchanged', etag }
    return { kind: 'failed', reason: statusSentence(answer.status) }
  }
  const result = await take(plain(answer.body))
  return { kind: 'content', fileName: nameOf(source.url), etag: answer.headers['etag'] ?? null, result }
}

function authOf({ auth }: Extract<FeedSource, { source: 'url' }>): Record<string, string> {
  if (!auth) return {}
  if (auth.kind === 'header') return { [auth.name.toLowerCase()]: auth.value }
  return { authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`, 'utf8').toString('base64')}` }
}

function statusSentence(status: number): string {
  if (status === 401 || status === 403)
    return `The host does not let us in (${status}). Check the user name and the password.`
  if (status === 404 || status === 410) return `There is nothing at this address (${status}).`
  if (status === 429) return 'The host says that it is asked too often (429).'
  if (status >= 500) return `The host has trouble of its own (${status}).`
  return `The host answered with ${status} instead of a file.`
}

function nameOf(url: string): string {
  const last = URL.parse(url)?.pathname.split('/').at(-1) ?? ''
  try {
    return decodeURIComponent(last).replace(/[/\\\0]/g, '_') || 'feed'
  } catch {
    return last || 'feed'
  }
}

async function fromFolder<Result>(
  sftp: EngineParts['sftp'],
  source: Extract<FeedSource, { source: 'sftp' }>,
  etag: string | null,
  take: Taking<Result>,
): Promise<Downloaded<Result>> {
  const { host, port, username, password, privateKey, hostKey, folder, pattern } = source
  const address = {
    host,
    port,
    username,
    hostKey,
    ...(password === null ? {} : { password }),
    ...(privateKey === null ? {} : { privateKey }),
  }
  const found = await sftp.use(address, async (files) => {
    const file = newestMatching(await files.list(folder), pattern)
    if (!file) return undefined
    const tag = `${file.name}/${file.size}/${file.modifiedAt.getTime()}`
    if (tag === etag) return { file, tag, bytes: undefined }
    if (file.size > feedBytesMax) throw new SftpRefused('rejected', tooLarge)
    return { file, tag, bytes: await files.read(joinPath(folder, file.name), feedBytesMax) }
  })
  if (!found) return { kind: 'failed', reason: `There is no file “${pattern}” in the folder ${folder}.` }
  if (!found.bytes) return { kind: 'unchanged', etag: found.tag }
  const result = await take(plain(once(found.bytes)))
  return { kind: 'content', fileName: found.file.name, etag: found.tag, result }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** What came as a gzip file is read as what is in it. */
async function* plain(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const parts = body[Symbol.asyncIterator]()
  try {
    const first = await parts.next()
    if (first.done) return
    const all = resumed(first.value, parts)
    yield* isGzip(first.value) ? unpacked(all, feedBytesMax) : all
  } finally {
    await parts.return?.()
  }
}

async function* resumed(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
}

async function hangUp(body: AsyncIterable<Uint8Array>): Promise<void> {
  const parts = body[Symbol.asyncIterator]()
  await parts.next().catch(() => undefined)
  await parts.return?.()
}

const tooLarge = `The file is larger than ${feedBytesMax / 1_000_000} MB.`

function sentenceOf(error: unknown): string | undefined {
  if (error instanceof OutsideRefused || error instanceof SftpRefused) return error.message
  if (!(error instanceof UnpackRefused)) return undefined
  return error.reason === 'too-large'
    ? 'The packed file unpacks to far more than a stock file has; it was not read.'
    : 'The packed file is damaged or cut off.'
}
