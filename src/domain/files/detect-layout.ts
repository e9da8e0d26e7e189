// Looks at the first bytes of a file: what it is, how it is written, which of its columns are ours. Everything found is
// a suggestion for a person to confirm, or a sentence saying why the file is no table.
import iconv from 'iconv-lite'
import { fileLimits, headerWord, suggestColumns, wantedColumns, type FileKind, type FileLayout } from './layout.ts'
import { quotingAfter } from './split-lines.ts'

export type Detected =
  | { kind: 'table'; layout: FileLayout; headers: string[]; sample: string[][]; warnings: string[] }
  | { kind: 'refused'; reason: string }

const sampleRows = 5
const delimiters = [',', ';', '\t', '|'] as const

/** `head` is the start of the file; `whole` says that nothing comes after it. */
export function detectLayout(kind: FileKind, head: Uint8Array, whole: boolean): Detected {
  if (head.length === 0) return refused('The file is empty.')
  const wrong = whatElse(head)
  if (wrong) return refused(`This is no CSV file: it seems to be ${wrong}. Save it as CSV and upload it again.`)
  const encoding = detectEncoding(head, whole)
  const lines = headLines(head, encoding, whole)
  if (lines.length === 0) return refused('The file is empty: it has only blank lines.')
  const delimiter = detectDelimiter(lines)
  const table = lines.map((line) => cellsOf(line, delimiter))
  const headers = (table[0] ?? []).map((cell) => cell.trim())
  if (headers.length > fileLimits.columnsMax)
    return refused(`The file has ${headers.length} columns; at most ${fileLimits.columnsMax} can be read.`)
  const columns = suggestColumns(kind, headers)
  if (Object.values(columns).every((header) => header === null) && looksLikeData(headers))
    return refused(
      'The first row holds figures, not the names of the columns. Add a first row with names such as SKU, Stock and Cost.',
    )
  const sample = table.slice(1, 1 + sampleRows)
  const layout: FileLayout = { encoding, delimiter, decimalMark: detectDecimalMark(table.slice(1), delimiter), columns }
  return { kind: 'table', layout, headers, sample, warnings: warningsAbout(kind, layout, headers, table.length, whole) }
}

function refused(reason: string): Detected {
  return { kind: 'refused', reason }
}

function warningsAbout(kind: FileKind, layout: FileLayout, headers: string[], rows: number, whole: boolean): string[] {
  const warnings: string[] = []
  const doubled = [...new Set(headers.filter((header, at) => header !== '' && headers.indexOf(header) !== at))]
  if (doubled.length > 0)
    warnings.push(
      `More than one column is called ${doubled.map((header) => `“${header}”`).join(', ')}; such a column cannot be chosen.`,
    )
  if (rows === 1 && whole) warnings.push('The file has only the row of column names and nothing under it.')
  const missing = wantedColumns[kind].filter((wanted) => wanted.required && !layout.columns[wanted.column])
  for (const wanted of missing) warnings.push(`No column looks like “${wanted.label}”. Choose it by hand.`)
  if (kind === 'supplier-stock' && !layout.columns.onHand)
    warnings.push('No column looks like stock. Choose one, or import costs only.')
  return warnings
}

// What it is -------------------------------------------------------------------------------------------------------

const signatures: [bytes: number[], sentence: string][] = [
  [[0x25, 0x50, 0x44, 0x46], 'a PDF document'],
  [[0x89, 0x50, 0x4e, 0x47], 'a PNG picture'],
  [[0xff, 0xd8, 0xff], 'a JPEG picture'],
  [[0x47, 0x49, 0x46, 0x38], 'a GIF picture'],
  [[0x1f, 0x8b], 'a gzip archive'],
  [[0x42, 0x5a, 0x68], 'a bzip2 archive'],
  [[0x37, 0x7a, 0xbc, 0xaf], 'a 7-Zip archive'],
  [[0x52, 0x61, 0x72, 0x21], 'a RAR archive'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an old Excel workbook (.xls) or another Office file'],
  [[0x53, 0x51, 0x4c, 0x69, 0x74, 0x65], 'an SQLite database'],
  [[0x7f, 0x45, 0x4c, 0x46], 'a program'],
  [[0x4d, 0x5a, 0x90], 'a Windows program'],
  [[0xfe, 0xff], 'text in UTF-16 big-endian, which we do not read'],
]

function whatElse(head: Uint8Array): string | undefined {
  if (startsWith(head, [0x50, 0x4b, 0x03, 0x04])) {
    const names = new TextDecoder('latin1').decode(head)
    return /xl\/|\[Content_Types\]/.test(names) ? 'an Excel workbook (.xlsx)' : 'a ZIP archive'
  }
  const known = signatures.find(([bytes]) => startsWith(head, bytes))
  if (known) return known[1]
  if (isUtf16(head)) return undefined
  if (head.includes(0)) return 'a binary file'
  const start = new TextDecoder('latin1')
    .decode(head.subarray(0, 200))
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart()
    .toLowerCase()
  if (start.startsWith('<!doctype html') || start.startsWith('<html'))
    return 'a web page, perhaps a sign-in page saved under this name'
  if (start.startsWith('<?xml')) return 'an XML file'
  if (start.startsWith('{') || start.startsWith('[{')) return 'a JSON file'
  if (start.startsWith('{\\rtf')) return 'a text document (.rtf)'
  return undefined
}

function startsWith(head: Uint8Array, bytes: number[]): boolean {
  return bytes.every((byte, at) => head[at] === byte)
}

// How it is written ------------------------------------------------------------------------------------------------

function detectEncoding(head: Uint8Array, whole: boolean): FileLayout['encoding'] {
  if (isUtf16(head)) return 'utf-16le'
  return isUtf8(head, whole) ? 'utf-8' : 'windows-1252'
}

function isUtf8(head: Uint8Array, whole: boolean): boolean {
  const check = utf8Check()
  check.push(head)
  return check.isUtf8({ whole })
}

/** Whether bytes that come in pieces are UTF-8. A far-off accent decides as much as one in the first line. */
export function utf8Check(): { push(bytes: Uint8Array): void; isUtf8(state: { whole: boolean }): boolean } {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let valid = true
  const tried = (work: () => void) => {
    try {
      if (valid) work()
    } catch {
      valid = false
    }
  }
  return {
    push: (bytes) => tried(() => decoder.decode(bytes, { stream: true })),
    isUtf8({ whole }) {
      if (whole) tried(() => decoder.decode())
      return valid
    },
  }
}

/** The mark at the start, or every second byte zero as in Latin text written as UTF-16. */
function isUtf16(head: Uint8Array): boolean {
  if (startsWith(head, [0xff, 0xfe])) return true
  const pairs = Math.min(head.length >> 1, 512)
  let zeroHigh = 0
  let zeroLow = 0
  for (let at = 0; at < pairs; at += 1) {
    if (head[at * 2 + 1] === 0) zeroHigh += 1
    if (head[at * 2] === 0) zeroLow += 1
  }
  return pairs >= 2 && zeroLow === 0 && zeroHigh > pairs * 0.7
}

const headLinesMax = 200

function headLines(head: Uint8Array, encoding: FileLayout['encoding'], whole: boolean): string[] {
  const even = encoding === 'utf-16le' ? head.subarray(0, head.length & ~1) : head
  const lines = iconv.decode(Buffer.from(even), encoding).split(/\r\n|\n|\r/)
  // The last line of a part of a file is cut off anywhere.
  if (!whole && lines.length > 1) lines.pop()
  if (/^sep=.$/i.test(lines[0] ?? '')) lines.shift()
  return lines.filter((line) => line.trim() !== '').slice(0, headLinesMax)
}

/** The delimiter that cuts the most lines into as many cells as the first, and into more than one. */
function detectDelimiter(lines: string[]): FileLayout['delimiter'] {
  let best: { delimiter: FileLayout['delimiter']; score: number } = { delimiter: ',', score: 0 }
  for (const delimiter of delimiters) {
    const widths = lines.map((line) => cellsOf(line, delimiter).length)
    const width = widths[0] ?? 1
    if (width < 2) continue
    const same = widths.filter((other) => other === width).length / widths.length
    const score = same * 10 + Math.min(width, 20) / 10
    if (score > best.score) best = { delimiter, score }
  }
  return best.delimiter
}

/** Cells of one line, for a look only: rows that span lines are left to the reader proper. */
function cellsOf(line: string, delimiter: string): string[] {
  const cells: string[] = []
  let from = 0
  for (let at = 0; at <= line.length; at += 1) {
    if (at < line.length && line[at] !== delimiter) continue
    const piece = line.slice(from, at)
    if (at < line.length && quotingAfter(piece, delimiter, false).kind === 'open') continue
    cells.push(unquoted(piece))
    from = at + 1
  }
  return cells
}

function unquoted(cell: string): string {
  return cell.length >= 2 && cell.startsWith('"') && cell.endsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell
}

/** Figures such as 12,50 against 12.50; with none in sight, a file cut by semicolons is from a country of commas. */
function detectDecimalMark(rows: string[][], delimiter: string): '.' | ',' {
  const cells = rows.flat().map((cell) => cell.replace(/[^\d.,-]/g, ''))
  const commas = cells.filter((cell) => /^-?\d{1,3}(\.\d{3})*,\d{1,2}$|^-?\d+,\d{1,2}$/.test(cell)).length
  const points = cells.filter((cell) => /^-?\d{1,3}(,\d{3})*\.\d{1,2}$|^-?\d+\.\d{1,2}$/.test(cell)).length
  if (commas === points) return delimiter === ';' ? ',' : '.'
  return commas > points ? ',' : '.'
}

function looksLikeData(headers: string[]): boolean {
  return (
    headers.some((header) => /^-?[\d.,]+$/.test(header)) &&
    !headers.every((header) => /^\p{L}/u.test(headerWord(header)))
  )
}
