// How a supplier gets his purchase orders is changed. What he had refused is tried again, the new way.
import { sql } from 'kysely'
import type { Database, Tx } from '../../platform/database.ts'
import type { Random } from '../../platform/random.ts'
import type { Secrets } from '../../platform/secrets.ts'
import { recordAudit } from '../channels/audit.store.ts'
import { closeProblems } from '../problems/problems.store.ts'
import { lockSupplierWays, openConnection, saveConnection, type SupplierWays } from './supplier-connection.store.ts'
import { plainFolder, type OrderWay, type SftpConnection, type SupplierConnection } from './supplier-connection.ts'

type GivenServer = Omit<SftpConnection, 'password' | 'privateKey'> & {
  password?: string | undefined
  privateKey?: string | undefined
}

export type SupplierWaysChange = {
  supplierId: string
  way?: OrderWay | undefined
  /** Several with commas. */
  email?: string | null | undefined
  /** Password and key left out: those there are, as long as server and user stay the same. Null: none any more. */
  sftp?: GivenServer | null | undefined
  webhook?: { url: string } | null | undefined
  newWebhookSecret?: boolean | undefined
  picksUpTracking?: boolean | undefined
  actor: string
}

export type SupplierWaysChanged =
  /** A secret that was made just now is shown once. */
  | { kind: 'changed'; webhookSecret: string | null }
  | { kind: 'refused'; reason: 'not-found' }
  | { kind: 'refused'; reason: 'invalid'; fields: Record<string, string> }

type Parts = { db: Database; secrets: Secrets; random: Random }

export function changeSupplierWays(
  { db, secrets, random }: Parts,
  tenantId: string,
  change: SupplierWaysChange,
): Promise<SupplierWaysChanged> {
  return db.tenant(tenantId).transaction(async (tx) => {
    const before = await lockSupplierWays(tx, change.supplierId)
    if (!before) return { kind: 'refused', reason: 'not-found' }
    const had = openConnection(secrets, tenantId, before)
    const fields: Record<string, string> = {}
    const { connection, webhookSecret } = connectionAfter(had, change, random, fields)
    const way = change.way ?? before.way
    const email = change.email === undefined ? before.email : change.email
    const picksUpTracking = change.picksUpTracking ?? before.picksUpTracking
    missing({ way, email, connection, picksUpTracking }, fields)
    if (Object.keys(fields).length > 0) return { kind: 'refused', reason: 'invalid', fields }
    await saveConnection(tx, secrets, change.supplierId, connection)
    await tx
      .updateTable('suppliers')
      .set({ order_way: way, order_email: email, picks_up_tracking: picksUpTracking })
      .where('tenant_id', '=', tenantId)
      .where('id', '=', change.supplierId)
      .execute()
    await tryAgain(tx, change.supplierId)
    await recordAudit(tx, {
      actor: change.actor,
      action: 'change-supplier-ways',
      subject: change.supplierId,
      data: { way, email, picksUpTracking, host: connection.sftp?.host, url: connection.webhook?.url },
    })
    await tx.notify('catalog')
    return { kind: 'changed', webhookSecret }
  })
}

const secretBytes = 24

function connectionAfter(
  had: SupplierConnection,
  { sftp, webhook, newWebhookSecret = false }: SupplierWaysChange,
  random: Random,
  fields: Record<string, string>,
): { connection: SupplierConnection; webhookSecret: string | null } {
  const connection: SupplierConnection = {}
  const server = sftp === undefined ? had.sftp : sftp && serverAfter(had.sftp, sftp, fields)
  if (server) connection.sftp = server
  const url = webhook === undefined ? had.webhook?.url : webhook?.url
  if (url === undefined) return { connection, webhookSecret: null }
  const isNew = had.webhook === undefined || newWebhookSecret
  const secret = isNew ? `whsec_${random.bytes(secretBytes).toString('base64')}` : (had.webhook?.secret ?? '')
  connection.webhook = { url, secret }
  return { connection, webhookSecret: isNew ? secret : null }
}

function serverAfter(
  had: SftpConnection | undefined,
  given: GivenServer,
  fields: Record<string, string>,
): SftpConnection {
  const { password, privateKey, ...plain } = given
  const isSame = had?.host === given.host && had.port === given.port && had.username === given.username
  const kept = isSame ? had : undefined
  const secret = password ? { password } : privateKey ? { privateKey } : keptSecret(kept)
  // A secret is for the server and the user it was given for, and goes nowhere else.
  if (!secret) fields['sftp.password'] = 'Enter the password or the private key for this server.'
  return {
    ...plain,
    ...secret,
    orderFolder: plainFolder(given.orderFolder),
    trackingFolder: plainFolder(given.trackingFolder),
  }
}

function keptSecret(kept: SftpConnection | undefined): { password: string } | { privateKey: string } | undefined {
  if (kept?.password !== undefined) return { password: kept.password }
  if (kept?.privateKey !== undefined) return { privateKey: kept.privateKey }
  return undefined
}

type After = Pick<SupplierWays, 'way' | 'email' | 'picksUpTracking'> & { connection: SupplierConnection }

function missing({ way, email, connection, picksUpTracking }: After, fields: Record<string, string>): void {
  if (way === 'email' && !email) fields.email = 'Enter the address that purchase orders go to.'
  if (way === 'sftp' && !connection.sftp) fields.way = 'Enter the SFTP server first.'
  if (way === 'webhook' && !connection.webhook) fields.way = 'Enter the address of the webhook first.'
  if (picksUpTracking && !connection.sftp) fields.picksUpTracking = 'Enter the SFTP server first.'
}

/** What was refused, and what waits for a better time, goes out now. */
async function tryAgain(tx: Tx, supplierId: string): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    update effects e set state = 'intended', next_try_at = null, refusal = null, settled_at = null
    where e.tenant_id = ${tx.tenantId} and e.supplier_id = ${supplierId} and e.kind = 'send-purchase-order'
      and e.state in ('intended', 'rejected')
    returning e.id
  `.execute(tx)
  if (rows.length === 0) return
  await closeProblems(
    tx,
    rows.map(({ id }) => `purchase-order-refused/${id}`),
  )
  await tx.enqueue('send-purchase-orders', {}, { key: tx.tenantId })
}
