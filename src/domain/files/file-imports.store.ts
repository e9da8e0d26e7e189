// The record of an imported file: what was read, what was taken, what was refused and why.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { FileKind, FileLayout } from './layout.ts'
import type { HeldReason } from './quarantine.ts'

export type FileImport = {
  id: string
  kind: FileKind
  supplierId: string | null
  fileName: string
  sizeBytes: number
  state: 'reading' | 'held' | 'applied' | 'discarded' | 'failed'
  layout: FileLayout
  rowsRead: number
  rowsApplied: number
  rowsUnchanged: number
  rowsRefused: number
  heldBecause: HeldReason[]
  notes: string[]
  failure: string | null
  actor: string
  startedAt: Date
  finishedAt: Date | null
  cameBy: 'upload' | 'feed' | 'api'
  feedId: string | null
}

export type Refusal = { line: number; column: string | null; reason: string; text: string; rowTaken: boolean }

const columns = sql`
  id, kind, supplier_id as "supplierId", file_name as "fileName", size_bytes as "sizeBytes", state, layout, rows_read as "rowsRead",
  rows_applied as "rowsApplied", rows_unchanged as "rowsUnchanged", rows_refused as "rowsRefused", held_because as "heldBecause",
  notes, failure, actor, started_at as "startedAt", finished_at as "finishedAt", came_by as "cameBy", feed_id as "feedId"
`

export async function loadImport(tx: Tx, id: string): Promise<FileImport | undefined> {
  const { rows } =
    await sql<FileImport>`select ${columns} from file_imports where tenant_id = ${tx.tenantId} and id = ${id}`.execute(
      tx,
    )
  return rows[0]
}

/** Held until the transaction ends: two engines, or an engine and a person, decide one after the other. */
export async function lockImport(tx: Tx, id: string): Promise<FileImport | undefined> {
  const { rows } = await sql<FileImport>`
    select ${columns} from file_imports where tenant_id = ${tx.tenantId} and id = ${id} for no key update
  `.execute(tx)
  return rows[0]
}

const listMax = 100

export async function listImports(
  tx: Tx,
  filter: { kind?: FileKind | undefined; supplierId?: string | undefined },
): Promise<FileImport[]> {
  const { rows } = await sql<FileImport>`
    select ${columns} from file_imports
    where tenant_id = ${tx.tenantId}
      and (${filter.kind ?? null}::text is null or kind = ${filter.kind ?? null}::text)
      and (${filter.supplierId ?? null}::uuid is null or supplier_id = ${filter.supplierId ?? null}::uuid)
    order by started_at desc, id desc limit ${listMax}
  `.execute(tx)
  return rows
}

export async function insertImport(
  tx: Tx,
  entry: Pick<
    FileImport,
    'id' | 'kind' | 'supplierId' | 'fileName' | 'sizeBytes' | 'layout' | 'actor' | 'cameBy' | 'feedId'
  >,
): Promise<void> {
  await tx
    .insertInto('file_imports')
    .values({
      tenant_id: tx.tenantId,
      id: entry.id,
      kind: entry.kind,
      supplier_id: entry.supplierId,
      file_name: entry.fileName,
      size_bytes: entry.sizeBytes,
      state: 'reading',
      layout: JSON.stringify(entry.layout),
      actor: entry.actor,
      came_by: entry.cameBy,
      feed_id: entry.feedId,
    })
    .execute()
  await tx.notify('imports', { id: entry.id })
}

export type ImportCounts = Pick<FileImport, 'rowsRead' | 'rowsApplied' | 'rowsUnchanged' | 'rowsRefused'>

export const noRows: ImportCounts = { rowsRead: 0, rowsApplied: 0, rowsUnchanged: 0, rowsRefused: 0 }

/** How far the reading has come. Only what is still being read can move. */
export async function saveProgress(tx: Tx, id: string, counts: ImportCounts): Promise<void> {
  await sql`
    update file_imports set rows_read = ${counts.rowsRead}, rows_applied = ${counts.rowsApplied},
      rows_unchanged = ${counts.rowsUnchanged}, rows_refused = ${counts.rowsRefused}
    where tenant_id = ${tx.tenantId} and id = ${id} and state = 'reading'
  `.execute(tx)
  await tx.notify('imports', { id })
}

export async function settleImport(
  tx: Tx,
  id: string,
  end: {
    state: FileImport['state']
    failure?: string
    heldBecause?: HeldReason[]
    notes?: string[]
    counts?: ImportCounts
  },
): Promise<void> {
  const counts = end.counts
  await sql`
    update file_imports set state = ${end.state}, failure = ${end.failure ?? null},
      held_because = coalesce(${end.heldBecause ? JSON.stringify(end.heldBecause) : null}::jsonb, held_because),
      notes = coalesce(${end.notes ? JSON.stringify(end.notes) : null}::jsonb, notes),
      rows_read = coalesce(${counts?.rowsRead ?? null}::int, rows_read), rows_applied = coalesce(${counts?.rowsApplied ?? null}::int, rows_applied),
      rows_unchanged = coalesce(${counts?.rowsUnchanged ?? null}::int, rows_unchanged), rows_refused = coalesce(${counts?.rowsRefused ?? null}::int, rows_refused),
      finished_at = case when ${end.state}::text in ('applied', 'discarded', 'failed') then app_now() end
    where tenant_id = ${tx.tenantId} and id = ${id}
  `.execute(tx)
  await tx.notify('imports', { id })
}

/** A reading that starts again forgets what an earlier one, ended by a crash, had noted. */
export async function forgetReading(tx: Tx, id: string): Promise<void> {
  await sql`delete from file_import_refusals where tenant_id = ${tx.tenantId} and import_id = ${id}`.execute(tx)
  await forgetStagedRows(tx, id)
  await saveProgress(tx, id, noRows)
}

export async function forgetStagedRows(tx: Tx, id: string): Promise<void> {
  await sql`delete from supplier_file_rows where tenant_id = ${tx.tenantId} and import_id = ${id}`.execute(tx)
}

const rowTextMax = 2_000

export async function addRefusals(tx: Tx, id: string, refusals: Refusal[]): Promise<void> {
  if (refusals.length === 0) return
  const seen = new Map<number, number>()
  const rows = refusals.map((refusal) => {
    const position = seen.get(refusal.line) ?? 0
    seen.set(refusal.line, position + 1)
    // PostgreSQL takes no zero byte in a text.
    return { ...refusal, position, text: refusal.text.slice(0, rowTextMax).replaceAll('\0', '␀') }
  })
  await sql`
    insert into file_import_refusals (tenant_id, import_id, line, position, column_name, reason, row_text, row_taken)
    select ${tx.tenantId}, ${id}, r.line, r.position + coalesce(
        (select max(f.position) + 1 from file_import_refusals f where f.tenant_id = ${tx.tenantId} and f.import_id = ${id} and f.line = r.line), 0),
      r."column", r.reason, r.text, r."rowTaken"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (line int, position int, "column" text, reason text, text text, "rowTaken" boolean)
  `.execute(tx)
}

/** In the order of the file, from after a place in it. */
export async function listRefusals(
  tx: Tx,
  id: string,
  page: { after?: { line: number; position: number } | undefined; limit: number },
): Promise<(Refusal & { position: number })[]> {
  const { rows } = await sql<Refusal & { position: number }>`
    select line, position, column_name as "column", reason, row_text as text, row_taken as "rowTaken" from file_import_refusals
    where tenant_id = ${tx.tenantId} and import_id = ${id}
      and (line, position) > (${page.after?.line ?? 0}::int, ${page.after?.position ?? -1}::int)
    order by line, position limit ${page.limit}
  `.execute(tx)
  return rows
}
