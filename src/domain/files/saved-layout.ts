// The columns of a supplier's last file serve again where this one has them all.
import type { FileLayout } from './layout.ts'

/** What was found in a file, with the columns chosen earlier. What the earlier file did not have is looked for again. */
export function withSavedColumns(detected: FileLayout, headers: string[], saved: FileLayout | null): FileLayout {
  if (!saved || !Object.values(saved.columns).every((header) => header === null || headers.includes(header)))
    return detected
  const taken = new Set(Object.values(saved.columns))
  const columns = Object.entries(detected.columns).map(([column, suggested]) => [
    column,
    saved.columns[column] ?? (taken.has(suggested) ? null : suggested),
  ])
  return { ...detected, columns: Object.fromEntries(columns) as FileLayout['columns'] }
}

/** Of a file that nobody looks at before it is read: the columns are those a person chose, and the decimal mark too. */
export function layoutOfFeed(detected: FileLayout, saved: FileLayout | null): FileLayout {
  if (!saved) return detected
  const decimalMark = saved.delimiter === detected.delimiter ? saved.decimalMark : detected.decimalMark
  return { ...detected, decimalMark, columns: saved.columns }
}
