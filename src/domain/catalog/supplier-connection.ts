// How a supplier is reached: what is kept sealed, and what of it may be shown.

export type OrderWay = 'screen' | 'email' | 'sftp' | 'webhook'

export type SftpConnection = {
  host: string
  port: number
  username: string
  password?: string
  privateKey?: string
  /** SHA-256 as OpenSSH prints it; a person has confirmed it. */
  hostKey: string
  /** Purchase orders are put here. */
  orderFolder: string
  /** Tracking files are taken from here. */
  trackingFolder: string
}

export type WebhookConnection = { url: string; secret: string }

export type SupplierConnection = { sftp?: SftpConnection; webhook?: WebhookConnection }

/** Without anything that opens a door. */
export type ShownConnection = {
  sftp?: Omit<SftpConnection, 'password' | 'privateKey'> & { signsInBy: 'password' | 'key' }
  webhook?: { url: string }
}

export function shownConnection({ sftp, webhook }: SupplierConnection): ShownConnection {
  const shown: ShownConnection = {}
  if (sftp) {
    const { password: _password, privateKey, ...told } = sftp
    shown.sftp = { ...told, signsInBy: privateKey === undefined ? 'password' : 'key' }
  }
  if (webhook) shown.webhook = { url: webhook.url }
  return shown
}

/** Where a purchase order goes by a way, in words that stay the same as long as it is the same place. */
export function placeOfWay(way: OrderWay, email: string | null, { sftp, webhook }: ShownConnection): string {
  switch (way) {
    case 'screen':
      return 'screen'
    case 'email':
      return `mailto:${email ?? ''}`
    case 'sftp':
      return sftp ? `sftp://${sftp.username}@${sftp.host}:${sftp.port}${sftp.orderFolder}` : 'sftp'
    case 'webhook':
      return webhook?.url ?? 'webhook'
  }
}

/** A folder as servers take it: one slash between its parts, none at the end. */
export function plainFolder(folder: string): string {
  return `/${folder.trim()}`.replaceAll(/\/+/g, '/').replace(/(.)\/$/, '$1')
}
