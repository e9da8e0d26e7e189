// An SFTP server on loopback with a folder in memory, and the troubles that a real one has.
import { createHash } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import ssh2, { type Connection, type SFTPWrapper } from 'ssh2'
import type { SftpAddress } from '../../src/platform/sftp.ts'

const { OPEN_MODE, STATUS_CODE } = ssh2.utils.sftp

export type SftpFaults = {
  refusesSignIn: boolean
  /** Gone at the moment a file is opened for writing. */
  dropsBeforeWriting: boolean
  /** The file has its name, and the line is dead before the answer. */
  dropsAfterRename: boolean
  isFull: boolean
  deniesWriting: boolean
  /** Without the extension that replaces a file of the same name. */
  renamesPlainly: boolean
  /** Says nothing at all after the sign-in. */
  isSilent: boolean
}

export type SftpPeer = {
  address: SftpAddress
  files: Map<string, Buffer>
  folders: Set<string>
  faults: SftpFaults
  /** What was done, in words such as "rename /in/a.part /in/a". */
  log: string[]
  close(): Promise<void>
}

const noFaults: SftpFaults = {
  refusesSignIn: false,
  dropsBeforeWriting: false,
  dropsAfterRename: false,
  isFull: false,
  deniesWriting: false,
  renamesPlainly: false,
  isSilent: false,
}

export async function startSftpPeer({ password = 'right', port: wanted = 0 } = {}): Promise<SftpPeer> {
  const { private: hostKey, public: publicKey } = ssh2.utils.generateKeyPairSync('ed25519')
  const peer = {
    files: new Map<string, Buffer>(),
    folders: new Set(['/', '/in', '/out']),
    faults: { ...noFaults },
    log: [] as string[],
  }
  const open = new Set<Connection>()
  const server = new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
    open.add(client)
    client.on('error', () => {})
    client.on('close', () => open.delete(client))
    client.on('authentication', (context) => {
      if (context.method === 'password' && context.password === password && !peer.faults.refusesSignIn) context.accept()
      else context.reject(['password'])
    })
    client.on('session', (accept) => {
      const session = accept()
      session.on('sftp', (acceptSftp) => serve(acceptSftp(), peer, () => client.end()))
    })
  })
  await new Promise<void>((resolve) => server.listen(wanted, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const raw = Buffer.from(publicKey.split(' ')[1] ?? '', 'base64')
  const print = createHash('sha256').update(raw).digest('base64').replace(/=+$/, '')
  return {
    ...peer,
    address: { host: '127.0.0.1', port, username: 'seller', password, hostKey: `SHA256:${print}` },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const client of open) client.end()
      }),
  }
}

type Stream = SFTPWrapper
type Peer = Pick<SftpPeer, 'files' | 'folders' | 'faults' | 'log'>

/** Handles are numbers; one belongs to a file being read or written, or to a folder being listed. */
function serve(stream: Stream, { files, folders, faults, log }: Peer, drop: () => void): void {
  type Open = { path: string; content: Buffer; isWritten: boolean; isListed: boolean }
  const handles = new Map<number, Open>()
  let last = 0
  const handleOf = (open: Open): Buffer => {
    last += 1
    handles.set(last, open)
    const handle = Buffer.alloc(4)
    handle.writeUInt32BE(last)
    return handle
  }
  const opened = (handle: Buffer) => handles.get(handle.readUInt32BE())
  const attributes = (path: string) => {
    const content = files.get(path)
    if (content === undefined && !folders.has(path)) return undefined
    const mode = content === undefined ? 0o040755 : 0o100644
    return { mode, uid: 0, gid: 0, size: content?.length ?? 0, atime: 1_772_452_800, mtime: 1_772_452_800 }
  }
  const plain = (path: string) => `/${path.replaceAll(/\/+/g, '/').replace(/^\.?\/?/, '')}`.replace(/(.)\/$/, '$1')
  const no = (id: number, code: number, why?: string) => stream.status(id, code, why)
  const parentIs = (path: string) => folders.has(path.slice(0, path.lastIndexOf('/')) || '/')
  const rename = (id: number, from: string, to: string) => {
    const content = files.get(from)
    if (content === undefined || !parentIs(to)) return no(id, STATUS_CODE.NO_SUCH_FILE)
    files.delete(from)
    files.set(to, content)
    log.push(`rename ${from} ${to}`)
    if (faults.dropsAfterRename) return drop()
    return stream.status(id, STATUS_CODE.OK)
  }
  stream.on('OPEN', (id, name, flags) => {
    const path = plain(name)
    if (faults.isSilent) return
    if ((flags & OPEN_MODE.WRITE) === 0) {
      const content = files.get(path)
      if (content === undefined) return no(id, STATUS_CODE.NO_SUCH_FILE)
      return stream.handle(id, handleOf({ path, content, isWritten: false, isListed: false }))
    }
    if (faults.dropsBeforeWriting) return drop()
    if (faults.deniesWriting) return no(id, STATUS_CODE.PERMISSION_DENIED)
    if (!parentIs(path)) return no(id, STATUS_CODE.NO_SUCH_FILE)
    files.set(path, Buffer.alloc(0))
    stream.handle(id, handleOf({ path, content: Buffer.alloc(0), isWritten: true, isListed: false }))
  })
  stream.on('WRITE', (id, handle, offset, data) => {
    const open = opened(handle)
    if (!open) return no(id, STATUS_CODE.FAILURE)
    if (faults.isFull) return no(id, STATUS_CODE.FAILURE, 'No space left on device')
    const grown = Buffer.alloc(Math.max(open.content.length, offset + data.length))
    open.content.copy(grown)
    data.copy(grown, offset)
    open.content = grown
    files.set(open.path, grown)
    stream.status(id, STATUS_CODE.OK)
  })
  stream.on('READ', (id, handle, offset, length) => {
    const open = opened(handle)
    if (!open || offset >= open.content.length) return no(id, STATUS_CODE.EOF)
    stream.data(id, open.content.subarray(offset, offset + length))
  })
  stream.on('CLOSE', (id, handle) => {
    handles.delete(handle.readUInt32BE())
    stream.status(id, STATUS_CODE.OK)
  })
  stream.on('OPENDIR', (id, name) => {
    const path = plain(name)
    if (faults.isSilent) return
    if (!folders.has(path)) return no(id, STATUS_CODE.NO_SUCH_FILE)
    stream.handle(id, handleOf({ path, content: Buffer.alloc(0), isWritten: false, isListed: false }))
  })
  stream.on('READDIR', (id, handle) => {
    const open = opened(handle)
    if (!open || open.isListed) return no(id, STATUS_CODE.EOF)
    open.isListed = true
    const within = open.path === '/' ? '/' : `${open.path}/`
    const names = [...files.keys(), ...folders]
      .filter((path) => path !== '/' && path.startsWith(within) && !path.slice(within.length).includes('/'))
      .map((path) => {
        const attrs = attributes(path)
        const filename = path.slice(within.length)
        return { filename, longname: `${files.has(path) ? '-' : 'd'}rw-r--r-- 1 0 0 0 Mar 2 12:00 ${filename}`, attrs }
      })
    if (names.length === 0) return no(id, STATUS_CODE.EOF)
    stream.name(id, names as Parameters<typeof stream.name>[1])
  })
  const stat = (id: number, name: string) => {
    const found = attributes(plain(name))
    if (faults.isSilent) return
    if (found) stream.attrs(id, found)
    else no(id, STATUS_CODE.NO_SUCH_FILE)
  }
  stream.on('STAT', stat)
  stream.on('LSTAT', stat)
  stream.on('FSTAT', (id, handle) => stat(id, opened(handle)?.path ?? ''))
  stream.on('FSETSTAT', (id) => stream.status(id, STATUS_CODE.OK))
  stream.on('SETSTAT', (id) => stream.status(id, STATUS_CODE.OK))
  stream.on('REALPATH', (id, name) => {
    const path = plain(name)
    stream.name(id, [{ filename: path, longname: path, attrs: attributes(path) }] as Parameters<typeof stream.name>[1])
  })
  stream.on('REMOVE', (id, name) => {
    const path = plain(name)
    if (!files.delete(path)) return no(id, STATUS_CODE.NO_SUCH_FILE)
    log.push(`remove ${path}`)
    stream.status(id, STATUS_CODE.OK)
  })
  stream.on('MKDIR', (id, name) => {
    if (faults.deniesWriting) return no(id, STATUS_CODE.PERMISSION_DENIED)
    folders.add(plain(name))
    stream.status(id, STATUS_CODE.OK)
  })
  stream.on('RENAME', (id, from, to) => {
    if (faults.deniesWriting) return no(id, STATUS_CODE.PERMISSION_DENIED)
    if (files.has(plain(to))) return no(id, STATUS_CODE.FAILURE)
    rename(id, plain(from), plain(to))
  })
  stream.on('EXTENDED', (id, name, data: Buffer) => {
    if (name !== 'posix-rename@openssh.com' || faults.renamesPlainly) return no(id, STATUS_CODE.OP_UNSUPPORTED)
    const length = data.readUInt32BE(0)
    const from = data.subarray(4, 4 + length).toString()
    const to = data.subarray(8 + length, 8 + length + data.readUInt32BE(4 + length)).toString()
    if (faults.deniesWriting) return no(id, STATUS_CODE.PERMISSION_DENIED)
    rename(id, plain(from), plain(to))
  })
}
