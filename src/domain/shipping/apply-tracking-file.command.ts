// A file of parcels, however it came. Each parcel counts by itself; starting again after a crash finds what was entered.
import type { Database, Tx } from '../../platform/database.ts'
import { addRefusals, saveProgress, settleImport, type FileImport } from '../files/file-imports.store.ts'
import { FileRefused } from '../files/layout.ts'
import type { FileRow } from '../files/read-rows.ts'
import { applyTracking, parcelsOf, type RowOutcome } from './apply-tracking.command.ts'
import {
  readTrackingRow,
  trackingRowsMax,
  type TrackingColumns,
  type TrackingRefusal,
  type TrackingRow,
} from './tracking-file.ts'

const parcelsAtOnce = 50
const notesMax = 20

export async function applyTrackingFile(
  db: Database,
  tenantId: string,
  file: FileImport,
  table: {
    batches: AsyncIterable<FileRow[]>
    columns: TrackingColumns
    now: Date
    /** As the last thing of the transaction that ends the import: after it nobody comes back to this file. */
    atEnd?: (tx: Tx) => Promise<void>
  },
): Promise<void> {
  const { supplierId } = file
  if (!supplierId) throw new FileRefused('The supplier of this file is not there any more.')
  const { rows, refusals, read } = await readAll(table)
  if (read === 0) throw new FileRefused('The file has only the row of column names and nothing under it.')
  const counts = { rowsRead: read, rowsApplied: 0, rowsUnchanged: 0, rowsRefused: refusals.length }
  const notes = new Set<string>()
  await db.tenant(tenantId).transaction((tx) => addRefusals(tx, file.id, refusals))
  const parcels = parcelsOf(rows)
  for (let from = 0; from < parcels.length; from += parcelsAtOnce) {
    const part = parcels.slice(from, from + parcelsAtOnce).flat()
    await db.tenant(tenantId).transaction(async (tx) => {
      const outcomes = await applyTracking(tx, part, { supplierId, actor: file.actor, now: table.now })
      const refused = refusedRows(outcomes, part, table.columns)
      counts.rowsApplied += outcomes.filter(({ kind }) => kind === 'taken').length
      counts.rowsUnchanged += outcomes.filter(({ kind }) => kind === 'unchanged').length
      counts.rowsRefused += refused.length
      for (const outcome of outcomes) if (outcome.kind === 'taken' && outcome.note !== null) notes.add(outcome.note)
      await addRefusals(tx, file.id, refused)
      await saveProgress(tx, file.id, counts)
    })
  }
  await db.tenant(tenantId).transaction(async (tx) => {
    await settleImport(tx, file.id, { state: 'applied', counts, notes: [...notes].slice(0, notesMax) })
    await table.atEnd?.(tx)
  })
}

async function readAll({
  batches,
  columns,
  now,
}: {
  batches: AsyncIterable<FileRow[]>
  columns: TrackingColumns
  now: Date
}) {
  const rows: TrackingRow[] = []
  const refusals: TrackingRefusal[] = []
  let read = 0
  for await (const batch of batches) {
    read += batch.length
    if (read > trackingRowsMax)
      throw new FileRefused(
        `The file has more than ${trackingRowsMax.toLocaleString('en-GB')} rows. Nothing was imported.`,
      )
    for (const entry of batch) {
      if (entry.kind === 'refused') {
        const { line, column, reason, text } = entry
        refusals.push({ line, column, reason, text, rowTaken: false })
        continue
      }
      const answer = readTrackingRow(columns, entry, now)
      if ('row' in answer) rows.push(answer.row)
      else refusals.push(answer.refusal)
    }
  }
  return { rows, refusals, read }
}

function refusedRows(outcomes: RowOutcome[], rows: TrackingRow[], { at, headers }: TrackingColumns): TrackingRefusal[] {
  const texts = new Map(rows.map(({ line, text }) => [line, text]))
  return outcomes.flatMap((outcome) => {
    if (outcome.kind !== 'refused') return []
    const index = outcome.column === null ? undefined : at[outcome.column]
    const column = index === undefined ? null : (headers[index] ?? null)
    return [
      { line: outcome.line, column, reason: outcome.reason, text: texts.get(outcome.line) ?? '', rowTaken: false },
    ]
  })
}
