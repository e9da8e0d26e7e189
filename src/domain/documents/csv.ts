import { stringify } from 'csv-stringify/sync'

/** A whole file: with a byte order mark, so that spreadsheets take it for UTF-8, and nothing in it runs as a formula (X7). */
export function csvFile(columns: string[], rows: string[][]): string {
  return stringify(rows, { header: true, columns, bom: true, escape_formulas: true, record_delimiter: 'windows' })
}
