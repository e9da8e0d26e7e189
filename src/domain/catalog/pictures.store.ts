// Pictures of our own: kept once for each business, and reached by whoever knows their signed path, for marketplaces fetch
// them without a session.
import { timingSafeEqual } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { Secrets } from '../../platform/secrets.ts'

type Signer = Pick<Secrets, 'keyedHash'>
type ContentType = 'image/jpeg' | 'image/png'
type NamedPicture = { tenantId: string; pictureId: string }

export type StoredPicture = { id: string; contentType: ContentType; width: number; height: number }
export type NewPicture = Omit<StoredPicture, 'id'> & { sha256: Buffer; content: Buffer }

/** `/pictures/<business>/<picture>.<signature>.jpg` */
export function picturePath(secrets: Signer, tenantId: string, { id, contentType }: StoredPicture): string {
  const ending = contentType === 'image/png' ? 'png' : 'jpg'
  return `/pictures/${tenantId}/${id}.${signature(secrets, { tenantId, pictureId: id })}.${ending}`
}

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const pathShape = new RegExp(`^/pictures/(${uuid})/(${uuid})\\.([\\w-]{43})\\.(?:jpg|png)$`)

/** What a path names; undefined where it is none of ours or its signature is not right. */
export function readPicturePath(secrets: Signer, path: string): NamedPicture | undefined {
  const [, tenantId, pictureId, given] = pathShape.exec(path) ?? []
  if (tenantId === undefined || pictureId === undefined || given === undefined) return undefined
  const right = Buffer.from(signature(secrets, { tenantId, pictureId }))
  return timingSafeEqual(right, Buffer.from(given)) ? { tenantId, pictureId } : undefined
}

function signature(secrets: Signer, { tenantId, pictureId }: NamedPicture): string {
  return secrets.keyedHash(`picture ${tenantId}/${pictureId}`)
}

export async function findPicture(tx: Tx, sha256: Buffer): Promise<StoredPicture | undefined> {
  const { rows } = await sql<StoredPicture>`
    select id, content_type as "contentType", width, height from pictures where tenant_id = ${tx.tenantId} and sha256 = ${sha256}
  `.execute(tx)
  return rows[0]
}

/** One that is there already stays, and is answered. */
export async function storePicture(tx: Tx, picture: NewPicture): Promise<StoredPicture> {
  const { sha256, contentType, width, height, content } = picture
  await sql`
    insert into pictures (tenant_id, id, sha256, content_type, width, height, content)
    values (${tx.tenantId}, ${tx.ids.uuid()}, ${sha256}, ${contentType}, ${width}, ${height}, ${content})
    on conflict (tenant_id, sha256) do nothing
  `.execute(tx)
  const stored = await findPicture(tx, sha256)
  if (!stored) throw new Error('A picture is stored when it was not refused.')
  return stored
}

export async function readPicture(
  tx: Tx,
  pictureId: string,
): Promise<{ content: Buffer; contentType: string } | undefined> {
  const { rows } = await sql<{ content: Buffer; contentType: string }>`
    select content, content_type as "contentType" from pictures where tenant_id = ${tx.tenantId} and id = ${pictureId}
  `.execute(tx)
  return rows[0]
}

export async function knownPictures(tx: Tx, pictureIds: string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select id from pictures where tenant_id = ${tx.tenantId} and id = any(${pictureIds}::uuid[])
  `.execute(tx)
  return new Set(rows.map(({ id }) => id))
}
