// A file's bytes → table rows, in batches, in constant memory. A row that cannot be read is refused with its line and
// column and the next line is tried; only what spoils the whole file ends the reading (FileRefused).
import { parse } from 'csv-parse/sync'
import iconv from 'iconv-lite'
import { FileRefused, fileLimits, type FileLayout, type FileLimits } from './layout.ts'
import { lineSplitter, quotingAfter } from './split-lines.ts'

export type RowRefusal = { line: number; column: string | null; reason: string; text: string }

export type FileRow = { kind: 'row'; line: number; cells: string[] } | ({ kind: 'refused' } & RowRefusal)

export type TableStart = { headers: string[]; batches: AsyncGenerator<FileRow[]> }

const batchRows = 1_000

export async function readRows(
  bytes: AsyncIterable<Uint8Array>,
  layout: Pick<FileLayout, 'encoding' | 'delimiter'>,
  limits: FileLimits = fileLimits,
): Promise<TableStart> {
  const records = readRecords(bytes, layout, limits)
  const first = await records.next()
  if (first.done) throw new FileRefused('The file is empty.')
  const headRow = first.value[0]
  if (headRow?.kind !== 'row')
    throw new FileRefused(`The row of column names cannot be read: ${headRow?.reason ?? 'it is missing.'}`)
  if (headRow.cells.length > limits.columnsMax)
    throw new FileRefused(`The file has ${headRow.cells.length} columns; at most ${limits.columnsMax} can be read.`)
  const headers = headRow.cells.map((cell) => cell.trim())
  return { headers, batches: checkedRows(first.value.slice(1), records, headers, limits) }
}

async function* checkedRows(
  first: FileRow[],
  rest: AsyncGenerator<FileRow[]>,
  headers: string[],
  limits: FileLimits,
): AsyncGenerator<FileRow[]> {
  let rows = 0
  for (let batch: FileRow[] | undefined = first; batch; batch = (await rest.next()).value ?? undefined) {
    rows += batch.length
    if (rows > limits.rowsMax)
      throw new FileRefused(
        `The file has more than ${limits.rowsMax.toLocaleString('en-GB')} rows. Nothing was imported; split it and import the parts.`,
      )
    if (batch.length > 0) yield batch.map((row) => (row.kind === 'row' ? checkedRow(row, headers, limits) : row))
  }
}

function checkedRow(row: Extract<FileRow, { kind: 'row' }>, headers: string[], limits: FileLimits): FileRow {
  const { line, cells } = row
  const refuse = (column: string | null, reason: string): FileRow => ({
    kind: 'refused',
    line,
    column,
    reason,
    text: cells.join(' | '),
  })
  while (cells.length > headers.length && cells.at(-1)?.trim() === '') cells.pop()
  if (cells.length > headers.length)
    return refuse(
      null,
      `The row has ${cells.length} cells, the head has ${headers.length}. A cell with the delimiter in it needs quotes.`,
    )
  if (cells.length < headers.length)
    return refuse(
      headers[cells.length] ?? null,
      `The row has ${cells.length} cells, the head has ${headers.length}: “${headers[cells.length]}” is missing.`,
    )
  for (const [at, cell] of cells.entries()) {
    if (cell.length > limits.cellCharactersMax)
      return refuse(
        headers[at] ?? null,
        `The cell has ${cell.length} characters; at most ${limits.cellCharactersMax} can be read.`,
      )
    if (cell.includes('\0')) return refuse(headers[at] ?? null, 'The cell holds a zero byte; the file is damaged here.')
    if (cell.includes('�'))
      return refuse(headers[at] ?? null, 'The cell holds a character that cannot be read; choose another encoding.')
  }
  return row
}

type Record = { line: number; text: string }

async function* readRecords(
  bytes: AsyncIterable<Uint8Array>,
  layout: Pick<FileLayout, 'encoding' | 'delimiter'>,
  limits: FileLimits,
): AsyncGenerator<FileRow[]> {
  const decoder = iconv.getDecoder(layout.encoding)
  const splitter = lineSplitter(limits.lineCharactersMax)
  const assembler = recordAssembler(layout.delimiter, limits)
  let ready: (Record | FileRow)[] = []
  let sawFirst = false
  const take = (text: string, last: boolean) => {
    for (const line of splitter.push(text, last)) ready.push(...assembler.push(line))
    if (last) ready.push(...assembler.end())
  }
  for await (const chunk of bytes) {
    take(decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)), false)
    while (ready.length >= batchRows || (!sawFirst && ready.length > 0)) {
      yield readCells(ready.slice(0, batchRows), layout.delimiter)
      sawFirst = true
      ready = ready.slice(batchRows)
    }
  }
  take(decoder.end() ?? '', true)
  while (ready.length > 0) {
    yield readCells(ready.slice(0, batchRows), layout.delimiter)
    ready = ready.slice(batchRows)
  }
}

type Line = { text: string; tooLong: boolean }

/** Joins the lines of quoted cells that span lines. Where the quote turns out broken, its first line is refused and the rest is read again. */
function recordAssembler(delimiter: string, limits: FileLimits) {
  let lineNumber = 0
  let open: { line: number; lines: string[]; characters: number } | undefined
  const push = (line: Line): (Record | FileRow)[] => {
    lineNumber += 1
    return step(line.text, line.tooLong, lineNumber)
  }
  const step = (text: string, tooLong: boolean, line: number): (Record | FileRow)[] => {
    if (tooLong)
      return [
        ...giveUp('a quote in it is never closed'),
        refusedLine(line, text, `The line is longer than ${limits.lineCharactersMax} characters.`),
      ]
    if (!open && (text.trim() === '' || (line === 1 && /^sep=.$/i.test(text)))) return []
    const quoting = quotingAfter(text, delimiter, open !== undefined)
    if (quoting.kind === 'broken') {
      if (open) return [...giveUp('a quote in it is never closed', text)]
      return [
        refusedLine(
          line,
          text,
          `In cell ${quoting.cell} there is text after the closing quote. A quote inside a cell is written twice.`,
        ),
      ]
    }
    const lines = open ? [...open.lines, text] : [text]
    if (quoting.kind === 'closed') {
      const record = { line: open?.line ?? line, text: lines.join('\n') }
      open = undefined
      return [record]
    }
    if (open) {
      open.lines.push(text)
      open.characters += text.length
    } else open = { line, lines: [text], characters: text.length }
    const tooMuch = open.lines.length > limits.recordLinesMax || open.characters > limits.lineCharactersMax
    return tooMuch ? giveUp('a quote in it is never closed') : []
  }
  // The line that opened the quote is refused; the lines after it are read as if it had not been there.
  const giveUp = (why: string, next?: string): (Record | FileRow)[] => {
    if (!open) return []
    const { line, lines } = open
    open = undefined
    const refused = refusedLine(line, lines[0] ?? '', `The row cannot be read: ${why}. It began here, on line ${line}.`)
    const again = next === undefined ? lines.slice(1) : [...lines.slice(1), next]
    return [refused, ...again.flatMap((text, at) => step(text, false, line + 1 + at))]
  }
  const end = (): (Record | FileRow)[] => {
    const out: (Record | FileRow)[] = []
    while (open) out.push(...giveUp('a quote in it is not closed before the end of the file'))
    return out
  }
  return { push, end }
}

function refusedLine(line: number, text: string, reason: string): FileRow & { kind: 'refused' } {
  return { kind: 'refused', line, column: null, reason, text: text.slice(0, 2_000) }
}

/** The cells of a batch, read by the library in one go, since a call for each row would be many times slower. */
function readCells(ready: (Record | FileRow)[], delimiter: string): FileRow[] {
  const records = ready.filter((entry): entry is Record => !('kind' in entry))
  const options = { delimiter, relax_column_count: true, relax_quotes: true, record_delimiter: '\n' }
  let cells: string[][] = []
  if (records.length > 0) {
    cells = parse(records.map((record) => record.text).join('\n'), options)
    if (cells.length !== records.length) cells = records.map((record) => parse(record.text, options)[0] ?? [])
  }
  let next = 0
  return ready.map((entry) => {
    if ('kind' in entry) return entry
    const row: FileRow = { kind: 'row', line: entry.line, cells: cells[next] ?? [] }
    next += 1
    return row
  })
}
