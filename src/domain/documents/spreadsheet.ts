import { utils, write } from '@e965/xlsx'

/** Where a figure stands as a number, a spreadsheet can add it up. */
export type SheetCell = string | number | null

/** A workbook of one sheet. No text in it can run: there are no formulas, and what looks like one is marked as text (X7). */
export function xlsxFile(sheet: string, columns: string[], rows: SheetCell[][]): Buffer {
  const worksheet = utils.aoa_to_sheet([columns, ...rows.map((row) => row.map(defused))])
  worksheet['!cols'] = columns.map((column, index) => ({
    wch: Math.min(40, Math.max(column.length, ...rows.slice(0, 50).map((row) => String(row[index] ?? '').length)) + 2),
  }))
  const workbook = utils.book_new()
  utils.book_append_sheet(workbook, worksheet, sheet.replaceAll(/[\\/?*[\]:]/g, ' ').slice(0, 31))
  return write(workbook, { type: 'buffer', bookType: 'xlsx', compression: true }) as Buffer
}

const cellMax = 32_767

function defused(cell: SheetCell): SheetCell {
  if (typeof cell !== 'string') return cell
  // XML knows no such characters, and a workbook that holds them does not open.
  const text = cell.replaceAll(/[^\P{Cc}\t\n\r]|[\uFFFE\uFFFF]|\p{Cs}/gu, '').slice(0, cellMax - 1)
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
}
