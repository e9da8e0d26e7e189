import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJson } from '../reading.ts'
import { refusalOf } from '../scripted-wish.ts'
import { elementsOf } from './json-array.ts'

async function* cutEvery(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size)
}

async function read(text: string, size = 7): Promise<unknown[]> {
  const values: unknown[] = []
  for await (const { value } of elementsOf(cutEvery(text, size))) values.push(value)
  return values
}

test('any array is read as the whole would be, wherever the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue()),
      fc.integer({ min: 1, max: 30 }),
      fc.boolean(),
      async (list, size, wide) => {
        const text = wide ? JSON.stringify(list, null, 2) : JSON.stringify(list)
        expect(await read(text, size)).toEqual(parseJson(text))
      },
    ),
  )
})

test('brackets and quotes inside texts are texts', async () => {
  expect(await read('[{"a":"]},{\\"[\\\\"},"x,y"]')).toEqual([{ a: ']},{"[\\' }, 'x,y'])
})

test('an id beyond 2^53 does not change', async () => {
  expect(await read('[{"id":12345678901234567890}]')).toEqual([{ id: '12345678901234567890' }])
})

test('a mark at the beginning and blanks around do no harm, and nothing is nothing', async () => {
  expect(await read('\uFEFF \n[1, 2]\n')).toEqual([1, 2])
  expect(await read('[]')).toEqual([])
})

test('an element that is no JSON is told from the others', async () => {
  expect(await read('[1,nonsense,3]')).toEqual([1, undefined, 3])
})

test.each(['[1,2', '[{"a":"', '', '   '])('%j ended before its time: asked for again', async (text) => {
  expect((await refusalOf(read(text))).kind).toBe('wait')
})

test.each(['{"data":[1]}', 'id,sku', '[1] [2]', '[1]]', '"text"'])('%j is no form we can read', async (text) => {
  expect((await refusalOf(read(text))).kind).toBe('rejected')
})
