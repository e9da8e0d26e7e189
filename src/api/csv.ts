import { stringify } from 'csv-stringify/sync'

/** A page of rows as text. A cell that begins like a formula would be run by a spreadsheet, so it is sent as text. */
export function csvText(rows: string[][], columns?: string[]): string {
  return stringify(rows, {
    escape_formulas: true,
    record_delimiter: 'windows',
    ...(columns ? { header: true, columns, bom: true } : {}),
  })
}
