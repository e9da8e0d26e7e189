// Tracking files that suppliers' folders had: which were taken, and what a person must know of them.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { forgetReading, insertImport, loadImport, settleImport, type FileImport } from '../files/file-imports.store.ts'
import type { FileLayout } from '../files/layout.ts'
import { closeProblem, openProblem } from '../problems/problems.store.ts'

const suppliersMax = 200

export async function suppliersWithTracking(tx: Tx): Promise<string[]> {
  const rows = await tx
    .selectFrom('suppliers')
    .select('id')
    .where('tenant_id', '=', tx.tenantId)
    .where('picks_up_tracking', '=', true)
    .where('connection', 'is not', null)
    .orderBy('id')
    .limit(suppliersMax)
    .execute()
  return rows.map(({ id }) => id)
}

type Found = { supplierId: string; fileName: string; contentHash: string; sizeBytes: number; layout: FileLayout }

/** Undefined: it was taken before, and to its end. */
export async function beginTrackingFile(tx: Tx, found: Found): Promise<FileImport | undefined> {
  const { supplierId, fileName, contentHash, sizeBytes, layout } = found
  const importId = tx.ids.uuid()
  const { rows } = await sql<{ importId: string }>`
    insert into supplier_files_taken (tenant_id, supplier_id, file_name, content_hash, import_id)
    values (${tx.tenantId}, ${supplierId}, ${fileName}, ${contentHash}, ${importId})
    on conflict (tenant_id, supplier_id, file_name, content_hash) do update set file_name = excluded.file_name
    returning import_id as "importId"
  `.execute(tx)
  const taken = rows[0]?.importId ?? importId
  if (taken === importId)
    await insertImport(tx, {
      id: importId,
      kind: 'tracking',
      supplierId,
      fileName,
      sizeBytes,
      layout,
      actor: 'SFTP folder',
      cameBy: 'feed',
      feedId: null,
    })
  const file = await loadImport(tx, taken)
  if (file?.state !== 'reading') return undefined
  if (taken !== importId) await forgetReading(tx, taken)
  return file
}

/** Nobody was there when it came, so a person is told. */
export async function failTrackingFile(tx: Tx, file: FileImport, failure: string): Promise<void> {
  await settleImport(tx, file.id, { state: 'failed', failure })
  await openProblem(tx, {
    key: `tracking-file/${file.id}`,
    kind: 'tracking-file-failed',
    supplierId: file.supplierId,
    data: { importId: file.id, fileName: file.fileName, reason: failure },
  })
}

export async function tellRefusedRows(tx: Tx, { id, supplierId, fileName }: FileImport): Promise<void> {
  const { rowsRefused = 0 } = (await loadImport(tx, id)) ?? {}
  if (rowsRefused === 0) return
  await openProblem(tx, {
    key: `tracking-file/${id}`,
    kind: 'tracking-rows-refused',
    supplierId,
    data: { importId: id, fileName, rows: rowsRefused },
  })
}

export async function pickUpRefused(tx: Tx, supplierId: string, reason: string): Promise<void> {
  await openProblem(tx, { key: refusedKey(supplierId), kind: 'tracking-not-picked-up', supplierId, data: { reason } })
}

export async function pickUpWorked(tx: Tx, supplierId: string): Promise<void> {
  await closeProblem(tx, refusedKey(supplierId))
}

function refusedKey(supplierId: string): string {
  return `tracking-not-picked-up/${supplierId}`
}
