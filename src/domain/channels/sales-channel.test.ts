import { expect, test } from 'vitest'
import { changeSettings, channelName, defaultSettings, settingsWarnings } from './sales-channel.ts'

const settings = defaultSettings({ zeroIsFinal: false }, 'GBP')

test('A10: stock and price update are off and the threshold is 5 on a new integration', () => {
  expect(settings).toMatchObject({ stockUpdate: false, priceUpdate: false, advertisedMax: 0, stockThreshold: 5 })
})

test('A10: where 0 cannot be undone the threshold begins at 0', () => {
  expect(defaultSettings({ zeroIsFinal: true }, 'GBP').stockThreshold).toBe(0)
})

test('A10: switching exclude on switches split off and says so, and the other way round', () => {
  const split = { ...settings, splitMixed: true }
  expect(changeSettings(split, { excludeUnmapped: true }, ['GBP'])).toMatchObject({
    settings: { excludeUnmapped: true, splitMixed: false },
    switchedOff: ['splitMixed'],
  })
  const exclude = { ...settings, excludeUnmapped: true }
  expect(changeSettings(exclude, { splitMixed: true }, ['GBP'])).toMatchObject({
    settings: { excludeUnmapped: false, splitMixed: true },
    switchedOff: ['excludeUnmapped'],
  })
})

test('A10: asking for both at once is refused at the field', () => {
  const asked = changeSettings(settings, { excludeUnmapped: true, splitMixed: true }, ['GBP'])
  expect(asked).toMatchObject({ kind: 'refused', fields: { splitMixed: expect.any(String) } })
})

test('A10: numbers are whole, from 0 to 1,000,000', () => {
  for (const wrong of [-1, 1.5, 1_000_001, Number.NaN]) {
    expect(changeSettings(settings, { stockThreshold: wrong }, ['GBP']).kind).toBe('refused')
  }
  expect(changeSettings(settings, { advertisedMax: 1_000_000 }, ['GBP']).kind).toBe('changed')
})

test('A10: the currency must be one the account can use', () => {
  expect(changeSettings(settings, { currency: 'EUR' }, ['GBP', 'USD'])).toMatchObject({
    kind: 'refused',
    fields: { currency: 'This account can use GBP, USD.' },
  })
})

test('A10: settings that fight are warned about with the example', () => {
  const warnings = settingsWarnings({ ...settings, stockUpdate: true, advertisedMax: 3 }, { zeroIsFinal: false })
  expect(warnings).toEqual([expect.stringContaining('a listing can only show 3 or 0')])
})

test('A10: an integration without stock update says loudly that it may oversell', () => {
  expect(settingsWarnings(settings, { zeroIsFinal: false })).toEqual([expect.stringContaining('oversell')])
})

test('A2: a name is trimmed, and bad input is said', () => {
  expect(channelName('  My   shop ')).toEqual({ name: 'My shop' })
  expect(channelName('   ')).toEqual({ wrong: 'Give it a name.' })
})
