import { detectLayout } from '../../domain/files/detect-layout.ts'
import { columnPositions, fileLimits, FileRefused } from '../../domain/files/layout.ts'
import { readRows } from '../../domain/files/read-rows.ts'
import { applyTracking, parcelsOf } from '../../domain/shipping/apply-tracking.command.ts'
import { readTrackingRow, type TrackingColumns, type TrackingRow } from '../../domain/shipping/tracking-file.ts'
import type { Uploads } from '../../platform/uploads.ts'
import { supplierOf } from '../guards.ts'
import type { Handler } from '../handler.ts'
import { badFields } from '../refusals.ts'
import type { RouteParts } from './route-parts.ts'

// Answered while the browser waits; who has more sends several files.
const rowsMax = 2_000
const parcelsAtOnce = 50

type Report = { rows: number; applied: number; unchanged: number; blank: number; refused: Refusal[] }
type Refusal = { line: number; reason: string }

/** A supplier dispatches in bulk by a file: each row is taken or refused by itself, and he is told at once (G3). */
export function deskTracking({ parts, uploads }: RouteParts): Handler<'uploadDeskTracking'> {
  const { db, clock } = parts
  return async ({ form, session }) => {
    const { file } = await form()
    const now = clock.now()
    const { rows, ...report } = await read(uploads, file.id, now).catch((error: unknown) => {
      if (error instanceof FileRefused) throw badFields({ file: error.message })
      throw error
    })
    const given = { supplierId: supplierOf(session), actor: session.name, now }
    const parcels = parcelsOf(rows)
    // A piece at a time, so that no order stays locked for long; the same file again goes on where it broke off.
    for (let from = 0; from < parcels.length; from += parcelsAtOnce) {
      const part = parcels.slice(from, from + parcelsAtOnce).flat()
      const outcomes = await db.tenant(session.tenantId).transaction((tx) => applyTracking(tx, part, given))
      for (const outcome of outcomes) {
        if (outcome.kind === 'taken') report.applied++
        else if (outcome.kind === 'unchanged') report.unchanged++
        else report.refused.push({ line: outcome.line, reason: outcome.reason })
      }
    }
    const refused = report.refused.toSorted((one, other) => one.line - other.line)
    return { ...report, rows: report.applied + report.unchanged + report.blank + refused.length, refused }
  }
}

async function read(
  uploads: Uploads,
  fileId: string,
  now: Date,
): Promise<Omit<Report, 'rows'> & { rows: TrackingRow[] }> {
  const head = await uploads.head(fileId, fileLimits.headBytes)
  const detected = detectLayout('tracking', head.bytes, head.whole)
  if (detected.kind === 'refused') throw new FileRefused(detected.reason)
  const { layout } = detected
  const table = await readRows(uploads.open(fileId), layout, { ...fileLimits, rowsMax })
  const positions = columnPositions('tracking', table.headers, layout.columns)
  if (positions.kind === 'refused') throw new FileRefused(positions.reason)
  const columns: TrackingColumns = { at: positions.at, headers: table.headers }
  const rows: TrackingRow[] = []
  const refused: Refusal[] = []
  let blank = 0
  for await (const batch of table.batches)
    for (const entry of batch) {
      if (entry.kind === 'row' && isBlank(entry.cells, columns)) {
        blank++
        continue
      }
      const answer = entry.kind === 'row' ? readTrackingRow(columns, entry, now) : { refusal: entry }
      if ('row' in answer) rows.push(answer.row)
      else refused.push({ line: answer.refusal.line, reason: answer.refusal.reason })
    }
  return { rows, applied: 0, unchanged: 0, blank, refused }
}

/** Rows of the file we gave him whose tracking he left empty have not left yet; there is nothing wrong with them. */
function isBlank(cells: string[], { at }: TrackingColumns): boolean {
  return (cells[at['trackingNumber'] ?? -1] ?? '').trim() === ''
}
