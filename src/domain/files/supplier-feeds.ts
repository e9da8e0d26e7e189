// Where a supplier's stock file is fetched from by itself (E1), and what of that may be shown.

export type FeedSource =
  | { source: 'url'; url: string; auth: FeedAuth | null }
  | {
      source: 'sftp'
      host: string
      port: number
      username: string
      password: string | null
      privateKey: string | null
      hostKey: string
      folder: string
      pattern: string
    }

export type FeedAuth =
  | { kind: 'basic'; username: string; password: string }
  | { kind: 'header'; name: string; value: string }

/** Everything of a source but its secrets. What follows the question mark of an address often is one. */
export type ShownSource =
  | { source: 'url'; address: string; auth: { kind: 'basic' | 'header'; name: string } | null }
  | {
      source: 'sftp'
      address: string
      host: string
      port: number
      username: string
      signsInBy: 'password' | 'key'
      hostKey: string
      folder: string
      pattern: string
    }

export function shownSource(source: FeedSource): ShownSource {
  if (source.source === 'url') {
    const { auth } = source
    const name = auth?.kind === 'basic' ? auth.username : auth?.name
    return {
      source: 'url',
      address: shownAddress(source.url),
      auth: auth && { kind: auth.kind, name: name ?? '' },
    }
  }
  const { host, port, username, hostKey, folder, pattern } = source
  const address = `sftp://${host}${port === 22 ? '' : `:${port}`}${joinPath(folder, pattern)}`
  const signsInBy = source.privateKey === null ? 'password' : 'key'
  return { source: 'sftp', address, host, port, username, signsInBy, hostKey, folder, pattern }
}

function shownAddress(url: string): string {
  const parsed = URL.parse(url)
  if (!parsed) return 'an address'
  return `${parsed.origin}${parsed.pathname}${parsed.search === '' ? '' : '?…'}`
}

/** Whom a secret was given to. It goes to nobody else. */
export function hostOf(source: FeedSource): string {
  return source.source === 'url' ? (URL.parse(source.url)?.origin ?? '') : `${source.host}:${source.port}`
}

export function joinPath(folder: string, name: string): string {
  return `/${folder}/${name}`.replace(/\/{2,}/g, '/')
}

/** The newest file whose name fits `stock-*.csv`. A name that leads elsewhere is no name of a file. */
export function newestMatching<File extends { name: string; modifiedAt: Date }>(
  files: File[],
  pattern: string,
): File | undefined {
  const fitting = files.filter(({ name }) => isPlainName(name) && matches(pattern, name))
  return fitting.toSorted((one, other) => {
    const later = other.modifiedAt.getTime() - one.modifiedAt.getTime()
    return later === 0 ? (one.name < other.name ? 1 : -1) : later
  })[0]
}

function isPlainName(name: string): boolean {
  return !/[/\\\0]/.test(name) && name !== '.' && name !== '..'
}

/** `*` is any text, `?` any one letter. By hand, since a pattern that a person typed must not become a slow expression. */
function matches(pattern: string, name: string): boolean {
  const wanted = pattern.toLowerCase()
  const given = name.toLowerCase()
  let at = 0
  let read = 0
  let star = -1
  let starRead = 0
  while (read < given.length) {
    if (at < wanted.length && (wanted[at] === '?' || wanted[at] === given[read]) && wanted[at] !== '*') {
      at += 1
      read += 1
    } else if (wanted[at] === '*') {
      star = at
      starRead = read
      at += 1
    } else if (star >= 0) {
      at = star + 1
      starRead += 1
      read = starRead
    } else return false
  }
  while (wanted[at] === '*') at += 1
  return at === wanted.length
}

const firstRetryMinutes = 10
const slowestRetryMinutes = 360

/** When a feed that failed is tried again: soon at first, then ever more seldom. */
export function minutesToRetry(failures: number, everyMinutes: number): number {
  const soon = Math.min(firstRetryMinutes, everyMinutes)
  const doubled = soon * 2 ** Math.min(Math.max(failures - 1, 0), 12)
  return Math.min(doubled, Math.max(everyMinutes, slowestRetryMinutes))
}

/** From this many failures in a row on a person should look. */
export const failuresMax = 3
