import { expect, test } from 'vitest'
import { previewOf } from './preview.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)

test('E1: another delimiter shows other columns of the same file', () => {
  const bytes = utf8('Code;Name, long;Qty\nA1;Strings;12,5\n')
  expect(previewOf(bytes, { encoding: 'utf-8', delimiter: ';' }, true)).toEqual({
    headers: ['Code', 'Name, long', 'Qty'],
    rows: [['A1', 'Strings', '12,5']],
  })
  expect(previewOf(bytes, { encoding: 'utf-8', delimiter: ',' }, true).headers).toEqual(['Code;Name', 'long;Qty'])
})

test('E1: a Windows-1252 file shows its accents once that encoding is chosen, and a byte order mark is no header', () => {
  const bytes = new Uint8Array([...utf8('Art'), 0xe9, ...utf8('\nx\n')])
  expect(previewOf(bytes, { encoding: 'windows-1252', delimiter: ',' }, true).headers).toEqual(['Arté'])
  expect(previewOf(utf8('\ufeffSKU,Stock\n'), { encoding: 'utf-8', delimiter: ',' }, true).headers).toEqual([
    'SKU',
    'Stock',
  ])
})

test('Quoted cells keep delimiters, line breaks and doubled quotes; an inch mark is an ordinary character', () => {
  const bytes = utf8('SKU,Title\r\nA,"one, ""two""\nthree"\r\nB,14" drum\r\n')
  expect(previewOf(bytes, { encoding: 'utf-8', delimiter: ',' }, true).rows).toEqual([
    ['A', 'one, "two"\nthree'],
    ['B', '14" drum'],
  ])
})

test('The line that the head of a file cuts is not shown as a row', () => {
  expect(previewOf(utf8('SKU\nA\nB-cu'), { encoding: 'utf-8', delimiter: ',' }, false).rows).toEqual([['A']])
  expect(previewOf(utf8('SKU\nA\nB'), { encoding: 'utf-8', delimiter: ',' }, true).rows).toEqual([['A'], ['B']])
})
