// Suppliers as the outside shows them, in memory: their mailboxes, folders and servers, with the troubles that real ones
// have. Everything they have got is kept, so that a test or the auditor counts it (P3).
import type { EngineParts } from '../../src/engine/channel-run.ts'
import { OutsideRefused, type OutsideRequest, type OutsideResponse } from '../../src/platform/outside.ts'
import { SftpRefused, type SftpAddress, type SftpFiles } from '../../src/platform/sftp.ts'

export type SupplierFault =
  /** Says no, for good. */
  | 'refuses'
  /** Says: later. */
  | 'busy'
  | 'drops-before-taking'
  | 'drops-after-taking'
  /** The hub's own process ends at that moment. */
  | 'crash-before'
  | 'crash-after'

export class Crash extends Error {}

export type Received = {
  way: 'email' | 'sftp' | 'webhook'
  place: string
  key: string
  body: string
  /** What came with a mail as a table. */
  table?: string
}

export type SupplierPeers = Pick<EngineParts, 'mail' | 'sftp' | 'outside'> & {
  received: Received[]
  /** Of the SFTP servers, by host and path. */
  files: Map<string, Uint8Array>
  requests: OutsideRequest[]
  /** Asked at every call; null: all goes well. */
  fault: (call: { way: Received['way']; place: string; isLookUp: boolean }) => SupplierFault | null
  /** How many times this reached the place. A file of the same name is the same file. */
  count(key: string): number
}

export function createSupplierPeers(): SupplierPeers {
  const received: Received[] = []
  const peers: SupplierPeers = {
    received,
    files: new Map(),
    requests: [],
    fault: () => null,
    count: (key) => received.filter((one) => one.key === key).length,
    mail: {
      from: 'Hub <orders@hub.test>',
      async send(message) {
        const place = message.to.join(',')
        const key = message.messageId.replace(/^([^.]+)\.r(\d+)\..*$/, '$1/$2')
        const fault = before(peers, { way: 'email', place, isLookUp: false })
        if (fault === 'refuses') return { kind: 'rejected', reason: '550 No such mailbox' }
        if (fault === 'busy' || fault === 'drops-before-taking') return { kind: 'wait', reason: '451 Later' }
        const table = message.attachments.find(({ contentType }) => contentType === 'text/csv')
        const told = { way: 'email' as const, place, key, body: message.text }
        received.push(table ? { ...told, table: Buffer.from(table.content).toString() } : told)
        after(fault)
        if (fault === 'drops-after-taking') return { kind: 'unclear', reason: 'The line broke' }
        return { kind: 'taken', reference: '250 OK' }
      },
    },
    sftp: {
      hostKey: ({ host }) => Promise.resolve(`SHA256:${host}`),
      async use(address, work) {
        if (before(peers, { way: 'sftp', place: address.host, isLookUp: true }) === 'busy')
          throw new SftpRefused('wait', 'The server could not be reached.')
        return work(filesOf(peers, address))
      },
    },
    outside: {
      stream: () => Promise.reject(new OutsideRefused('refused', 'Nothing is streamed here.')),
      request: (request) => answer(peers, request),
    },
  }
  return peers
}

function before(peers: SupplierPeers, call: Parameters<SupplierPeers['fault']>[0]): SupplierFault | null {
  const fault = peers.fault(call)
  if (fault === 'crash-before') throw new Crash('The process ended before the call.')
  return fault
}

function after(fault: SupplierFault | null): void {
  if (fault === 'crash-after') throw new Crash('The process ended after the call.')
}

function filesOf(peers: SupplierPeers, { host }: SftpAddress): SftpFiles {
  const { files, received } = peers
  const at = (path: string) => `${host}:${path}`
  return {
    list: async (folder) =>
      [...files]
        .filter(([path]) => path.startsWith(at(`${folder}/`)) && !path.slice(at(`${folder}/`).length).includes('/'))
        .map(([path, content]) => ({
          name: path.slice(at(`${folder}/`).length),
          size: content.length,
          modifiedAt: new Date('2026-03-02T12:00:00Z'),
        }))
        .toSorted((one, other) => (one.name < other.name ? -1 : 1)),
    read: async (path) => {
      const content = files.get(at(path))
      if (!content) throw new SftpRefused('rejected', 'The server does not have that folder or file.')
      return content
    },
    write: async (path, content) => {
      const fault = before(peers, { way: 'sftp', place: host, isLookUp: false })
      if (fault === 'refuses') throw new SftpRefused('rejected', 'The server does not allow this user to write there.')
      if (fault === 'busy' || fault === 'drops-before-taking') throw new SftpRefused('wait', 'The connection was lost.')
      const key = (path.split('/').at(-1) ?? '').replace(/^(.*)-r(\d+)\.csv$/, '$1/$2')
      if (!files.has(at(path))) received.push({ way: 'sftp', place: host, key, body: Buffer.from(content).toString() })
      files.set(at(path), content)
      after(fault)
      if (fault === 'drops-after-taking') throw new SftpRefused('wait', 'The connection was lost.')
    },
    size: async (path) => files.get(at(path))?.length ?? null,
    move: async (from, to) => {
      const content = files.get(at(from))
      if (!content) throw new SftpRefused('rejected', 'The server does not have that folder or file.')
      files.delete(at(from))
      files.set(at(to), content)
    },
    remove: async (path) => void files.delete(at(path)),
  }
}

async function answer(peers: SupplierPeers, request: OutsideRequest): Promise<OutsideResponse> {
  peers.requests.push(request)
  const { received } = peers
  const place = new URL(request.url).host
  const isLookUp = request.method === 'GET'
  const fault = before(peers, { way: 'webhook', place, isLookUp })
  const say = (status: number): OutsideResponse => ({ status, headers: {}, bytes: new Uint8Array() })
  if (fault === 'drops-before-taking') throw new OutsideRefused(isLookUp ? 'wait' : 'unclear', 'The line broke.')
  if (fault === 'busy') return say(503)
  if (isLookUp) {
    const key = request.url.split('/').slice(-2).join('/')
    return say(received.some((one) => one.place === place && one.key === key) ? 200 : 404)
  }
  if (fault === 'refuses') return say(400)
  received.push({ way: 'webhook', place, key: request.headers?.['webhook-id'] ?? '', body: request.body ?? '' })
  after(fault)
  if (fault === 'drops-after-taking') throw new OutsideRefused('unclear', 'The line broke.')
  return say(204)
}
