import fc from 'fast-check'
import iconv from 'iconv-lite'
import { stringify } from 'csv-stringify/sync'
import { describe, expect, test } from 'vitest'
import { fileLimits, type FileLayout } from './layout.ts'
import { readRows, type FileRow } from './read-rows.ts'

type Reading = { headers: string[]; rows: FileRow[] }

async function read(
  text: string | Uint8Array,
  layout: Partial<FileLayout> = {},
  limits = fileLimits,
  pieceBytes = 7,
): Promise<Reading> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
  }
  const { headers, batches } = await readRows(pieces(), { encoding: 'utf-8', delimiter: ',', ...layout }, limits)
  const rows: FileRow[] = []
  for await (const batch of batches) rows.push(...batch)
  return { headers, rows }
}

const cellsOf = (reading: Reading) => reading.rows.flatMap((row) => (row.kind === 'row' ? [row.cells] : []))
const refusalsOf = (reading: Reading) => reading.rows.flatMap((row) => (row.kind === 'refused' ? [row] : []))

describe('bad input: rows', () => {
  test('rows come with the line they begin on, whatever ends the lines', async () => {
    const found = await read('a,b\r\n1,"x\r\ny"\r\n\r\n3,4\n5,6\r7,8')
    expect(found.rows).toEqual([
      { kind: 'row', line: 2, cells: ['1', 'x\ny'] },
      { kind: 'row', line: 5, cells: ['3', '4'] },
      { kind: 'row', line: 6, cells: ['5', '6'] },
      { kind: 'row', line: 7, cells: ['7', '8'] },
    ])
  })

  test('a byte order mark, semicolons and Windows-1252 are read as they were meant', async () => {
    expect((await read('\uFEFFsku;name\nA;"é;ü"\n', { delimiter: ';' })).headers).toEqual(['sku', 'name'])
    const western = await read(iconv.encode('sku;name\nA;Größe €\n', 'windows-1252'), {
      delimiter: ';',
      encoding: 'windows-1252',
    })
    expect(cellsOf(western)).toEqual([['A', 'Größe €']])
    const utf16 = await read(iconv.encode('sku;name\nA;Größe €\n', 'utf-16le', { addBOM: true }), {
      delimiter: ';',
      encoding: 'utf-16le',
    })
    expect(utf16.headers).toEqual(['sku', 'name'])
    expect(cellsOf(utf16)).toEqual([['A', 'Größe €']])
  })

  test('a ragged row is refused with its line and column and the rest goes on', async () => {
    const found = await read('sku,stock,cost\nA,1,2\nB,1\nC,1,2,3\nD,1,2,,\nE,5,6\n')
    expect(cellsOf(found).map((cells) => cells[0])).toEqual(['A', 'D', 'E'])
    expect(refusalsOf(found)).toMatchObject([
      { line: 3, column: 'cost', text: 'B | 1' },
      { line: 4, column: null },
    ])
  })

  test('an unclosed quote costs its own row only', async () => {
    const found = await read('sku,stock\nA,1\nB,"2\nC,"3"\nD,4\n"E,5\nF,6\n')
    expect(cellsOf(found)).toEqual([
      ['A', '1'],
      ['C', '3'],
      ['D', '4'],
      ['F', '6'],
    ])
    expect(refusalsOf(found).map((row) => row.line)).toEqual([3, 6])
    expect(refusalsOf(found)[1]?.reason).toContain('line 6')
  })

  test('text after a closing quote is refused with its cell, an inch mark is not', async () => {
    const found = await read('sku,name\nA,"x" y\nB,Snare 14" deep\nC,"say ""hi"""\n')
    expect(cellsOf(found)).toEqual([
      ['B', 'Snare 14" deep'],
      ['C', 'say "hi"'],
    ])
    expect(refusalsOf(found)).toMatchObject([{ line: 2, reason: expect.stringContaining('cell 2') as string }])
  })

  test('a quote left open over a long file gives up early and loses one line', async () => {
    const limits = { ...fileLimits, recordLinesMax: 20 }
    const lines = Array.from({ length: 100 }, (_, at) => `S${at},1`)
    const found = await read(['sku,stock', 'A,"1', ...lines].join('\n'), {}, limits)
    expect(cellsOf(found)).toHaveLength(100)
    expect(refusalsOf(found).map((row) => row.line)).toEqual([2])
  })

  test('a line without end is not held in memory', async () => {
    const found = await read(`a,b\n1,${'x'.repeat(5_000)}\n2,y\n`, {}, { ...fileLimits, lineCharactersMax: 1_000 })
    expect(refusalsOf(found)).toMatchObject([{ line: 2 }])
    expect(cellsOf(found)).toEqual([['2', 'y']])
  })

  test('a cell that is too long, holds a zero byte or an unreadable letter is refused by column', async () => {
    const bytes = Buffer.concat([
      Buffer.from('sku,name\nA,a\0b\nB,'),
      Buffer.from([0xe9]),
      Buffer.from(`\nC,${'x'.repeat(60)}\nD,ok\n`),
    ])
    const found = await read(bytes, {}, { ...fileLimits, cellCharactersMax: 50 })
    expect(refusalsOf(found).map((row) => [row.line, row.column])).toEqual([
      [2, 'name'],
      [3, 'name'],
      [4, 'name'],
    ])
    expect(cellsOf(found)).toEqual([['D', 'ok']])
  })

  test('too many columns refuse the file', async () => {
    await expect(read('a,b,c\n', {}, { ...fileLimits, columnsMax: 2 })).rejects.toThrow('3 columns')
  })

  test('what a CSV writer writes is read back, in pieces of any size', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', 'é', '1'), maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell), { maxLength: 12 }),
        fc.integer({ min: 1, max: 40 }),
        async (table, pieceBytes) => {
          const text = stringify([['a', 'b'], ...table], { quoted: true })
          const found = await read(text, {}, fileLimits, pieceBytes)
          expect(refusalsOf(found)).toEqual([])
          expect(cellsOf(found)).toEqual(table)
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('bad input: 1,000,001 rows', () => {
  async function* manyRows(rows: number) {
    yield Buffer.from('sku,stock,cost\n')
    const lines: string[] = []
    for (let row = 0; row < rows; row += 1) {
      lines.push(`SKU-${row},${row % 50},${row % 997}.50\n`)
      if (lines.length === 2_000) yield Buffer.from(lines.splice(0).join(''))
    }
    yield Buffer.from(lines.join(''))
  }

  async function count(rows: number): Promise<{ rows: number; memoryMb: number }> {
    const { batches } = await readRows(manyRows(rows), { encoding: 'utf-8', delimiter: ',' })
    const found = { rows: 0, memoryMb: 0 }
    for await (const batch of batches) {
      found.rows += batch.length
      if (found.rows % 100_000 < batch.length)
        found.memoryMb = Math.max(found.memoryMb, process.memoryUsage().heapUsed / 1e6)
    }
    return found
  }

  test('a million rows are read in steady memory, one more refuses the file', async () => {
    const before = process.memoryUsage().heapUsed / 1e6
    const found = await count(1_000_000)
    expect(found.rows).toBe(1_000_000)
    expect(found.memoryMb - before).toBeLessThan(150)
    await expect(count(1_000_001)).rejects.toThrow('more than 1,000,000 rows')
  })
})
