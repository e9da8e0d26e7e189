import { gzipSync } from 'node:zlib'
import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { detectLayout, type Detected } from './detect-layout.ts'
import { columnPositions } from './layout.ts'

const look = (text: string, encoding = 'utf-8', options = {}) =>
  detectLayout('supplier-stock', iconv.encode(text, encoding, options), true)

function table(found: Detected) {
  if (found.kind === 'refused') throw new Error(found.reason)
  return found
}

describe('bad input: what a file is', () => {
  test('a UTF-8 file with a byte order mark has clean column names', () => {
    const found = table(look('sku,stock\nA-1,4\n', 'utf-8', { addBOM: true }))
    expect(found.headers).toEqual(['sku', 'stock'])
    expect(found.layout.columns).toMatchObject({ sku: 'sku', onHand: 'stock', cost: null })
  })

  test('semicolons, decimal commas and Windows-1252 are found together', () => {
    const found = table(
      look('Artikelnummer;Verfügbar;Einkaufspreis\nA-1;4;12,50\nA-2;1.200;1.234,50\n', 'windows-1252'),
    )
    expect(found.layout).toEqual({
      encoding: 'windows-1252',
      delimiter: ';',
      decimalMark: ',',
      columns: { sku: 'Artikelnummer', onHand: 'Verfügbar', cost: 'Einkaufspreis' },
    })
    expect(found.sample[1]).toEqual(['A-2', '1.200', '1.234,50'])
  })

  test.each([true, false])('UTF-16 little-endian is found, byte order mark: %s', (addBOM) => {
    const found = table(look('sku\tstock\nA-1\t4\n', 'utf-16le', { addBOM }))
    expect(found.layout).toMatchObject({ encoding: 'utf-16le', delimiter: '\t' })
    expect(found.headers).toEqual(['sku', 'stock'])
  })

  test('a pipe between cells and a comma inside quotes', () => {
    const found = table(look('sku|stock|name\nA-1|4|"one | two, three"\n'))
    expect(found.layout.delimiter).toBe('|')
    expect(found.sample[0]).toEqual(['A-1', '4', 'one | two, three'])
  })

  test('a head cut in the middle of a letter is still UTF-8', () => {
    const bytes = Buffer.from('sku,stock\nA-é')
    expect(table(detectLayout('supplier-stock', bytes.subarray(0, -1), false)).layout.encoding).toBe('utf-8')
  })

  test.each([
    ['an Excel workbook', Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), Buffer.from('....xl/workbook.xml')])],
    ['a ZIP archive', Buffer.from([0x50, 0x4b, 3, 4, 20, 0, 0, 0])],
    ['a PDF document', Buffer.from('%PDF-1.7\n')],
    ['a PNG picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
    ['a gzip archive', gzipSync('sku,stock\n')],
    ['a binary file', Buffer.from([1, 2, 0, 3, 4, 0xff, 0x41, 0, 0, 0, 7])],
    ['a web page', Buffer.from('<!DOCTYPE html><html><body>Please sign in</body>')],
  ])('a binary file named .csv is refused as %s', (what, bytes) => {
    const found = detectLayout('supplier-stock', bytes, true)
    expect(found.kind === 'refused' && found.reason).toContain(what)
  })

  test('an empty file, and one of blank lines, are refused with a sentence', () => {
    expect(look('')).toEqual({ kind: 'refused', reason: 'The file is empty.' })
    expect(look('\r\n  \r\n').kind).toBe('refused')
  })

  test('a file with only column names is taken for a look and says so', () => {
    expect(table(look('sku,stock\n')).warnings.join()).toContain('nothing under it')
  })

  test('figures in the first row are not taken for column names', () => {
    expect(look('4006381333931,7,1.50\n4006381333932,8,1.75\n').kind).toBe('refused')
  })

  test('a column name that occurs twice cannot be chosen', () => {
    const found = table(look('sku,stock,stock\nA-1,1,2\n'))
    expect(found.warnings.join()).toContain('“stock”')
    expect(columnPositions('supplier-stock', found.headers, found.layout.columns)).toMatchObject({ kind: 'refused' })
  })

  test('a layout without stock and cost, or naming a column the file has not, is refused', () => {
    expect(columnPositions('supplier-stock', ['sku', 'name'], { sku: 'sku' })).toMatchObject({ kind: 'refused' })
    expect(columnPositions('supplier-stock', ['sku', 'name'], { sku: 'sku', onHand: 'stock' })).toMatchObject({
      kind: 'refused',
    })
    expect(columnPositions('supplier-stock', ['sku', 'n'], { sku: 'sku', onHand: 'n' })).toEqual({
      kind: 'positions',
      at: { sku: 0, onHand: 1 },
    })
  })
})
