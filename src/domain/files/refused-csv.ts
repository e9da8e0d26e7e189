// The refused rows as a file for the seller: line, column, reason and the row. A cell that a spreadsheet would run as a
// formula is made harmless.
import { stringify } from 'csv-stringify/sync'

export type RefusedRow = { line: number; column: string | null; reason: string; text: string; rowTaken: boolean }

export function refusedCsv(rows: RefusedRow[], options: { head: boolean } = { head: true }): string {
  const records = rows.map((row) => [row.line, row.column ?? '', row.reason, row.rowTaken ? 'yes' : 'no', row.text])
  return stringify(records, {
    header: options.head,
    columns: ['Line', 'Column', 'Reason', 'Rest of the row imported', 'Row'],
    escape_formulas: true,
    bom: options.head,
    record_delimiter: 'windows',
  })
}
