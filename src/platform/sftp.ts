// A supplier's SFTP folder. A file is written under another name first and renamed when it is whole, so that nobody reads
// half of one.

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
  /** Into another folder or another name. */
  move(from: string, to: string): Promise<void>
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
