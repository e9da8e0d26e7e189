import { describe, expect, test } from 'vitest'
import { refusalOf } from '../connectors/scripted-http.ts'
import { OutsideRefused } from '../platform/outside.ts'
import type { Outside } from '../platform/outside.ts'
import { ownPictureId, picturePort } from './picture-port.ts'

const pictureId = '0190a000-0000-7000-8000-000000000001'
const bytes = Buffer.from('a picture')

function portOver(answer: () => Promise<{ status: number }>, own: Record<string, Uint8Array> = {}) {
  const asked: string[] = []
  const outside: Outside = {
    request: async ({ url }) => {
      asked.push(url)
      return { headers: {}, bytes, ...(await answer()) }
    },
    stream: () => Promise.reject(new Error('not asked for')),
  }
  const readOwn = async (id: string) => own[id]
  return { port: picturePort({ outside, publicUrl: 'https://hub.example.test/x', readOwn }), asked }
}

describe('where a picture comes from', () => {
  test('one of ours is read, with or without our address before it, and nothing is asked outside', async () => {
    const { port, asked } = portOver(async () => ({ status: 500 }), { [pictureId]: bytes })
    expect(await port(`/pictures/${pictureId}?sign=abc`)).toBe(bytes)
    expect(await port(`https://hub.example.test/pictures/${pictureId}`)).toBe(bytes)
    const business = '0190a000-0000-7000-8000-00000000000f'
    expect(await port(`https://hub.example.test/pictures/${business}/${pictureId}.signed.jpg`)).toBe(bytes)
    expect(asked).toEqual([])
  })

  test('all others come through the guard, whatever their path says', async () => {
    const { port, asked } = portOver(async () => ({ status: 200 }), {})
    const link = `https://elsewhere.example.test/pictures/${pictureId}`
    expect(await port(link)).toBe(bytes)
    expect(asked).toEqual([link])
    expect(ownPictureId(link, undefined)).toBeUndefined()
    expect(ownPictureId('//elsewhere.example.test/pictures/1', undefined)).toBeUndefined()
  })

  test.each<[string, () => Promise<{ status: number }>, string]>([
    ['a page that is not there', async () => ({ status: 404 }), 'rejected'],
    ['a host with trouble', async () => ({ status: 503 }), 'wait'],
    ['too many requests', async () => ({ status: 429 }), 'wait'],
    ['a private address', () => Promise.reject(new OutsideRefused('refused', 'Not public.')), 'rejected'],
    ['a broken connection', () => Promise.reject(new OutsideRefused('wait', 'It broke.')), 'wait'],
  ])('%s is said in words', async (_name, answer, kind) => {
    const refusal = await refusalOf(portOver(answer).port('https://elsewhere.example.test/1.jpg'))
    expect(refusal).toMatchObject({ kind, reason: expect.stringContaining('https://elsewhere.example.test/1.jpg') })
  })

  test('one of ours that was removed is said', async () => {
    const refusal = await refusalOf(portOver(async () => ({ status: 200 })).port(`/pictures/${pictureId}`))
    expect(refusal).toMatchObject({ kind: 'rejected', reason: expect.stringContaining('upload') })
  })
})
