import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { addExchangeRate, listExchangeRates } from './exchange-rates.store.ts'
import { convertMoney, rateFaults, rateFinder } from './exchange-rates.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  database.db.attachQueue({ send: async () => {} })
})
afterAll(() => database.dispose())

const given = (from: string, to: string, rate: string) => ({ from, to, rate, onDate: '2026-03-01', source: 'bank' })

test('D4: a rate is found as entered, the other way round, or by way of the business’s currency', () => {
  const rateOf = rateFinder([given('EUR', 'GBP', '0.8'), given('USD', 'GBP', '0.75')], 'GBP')
  expect(rateOf('EUR', 'GBP')?.rate).toBe('0.8')
  expect(rateOf('GBP', 'EUR')?.rate).toBe('1.25')
  expect(rateOf('EUR', 'USD')?.rate).toBe('1.0666666666')
  expect(rateOf('EUR', 'JPY')).toBeNull()
})

test('amounts are converted exactly, half a minor unit up, between currencies of other digits too', () => {
  const one = { rate: '0.005', onDate: '2026-03-01', source: 'bank' }
  expect(convertMoney({ minor: 1001, currency: 'JPY' }, one, 'GBP')).toEqual({ minor: 501, currency: 'GBP' })
  expect(convertMoney({ minor: 1, currency: 'KWD' }, { ...one, rate: '2.5' }, 'GBP').minor).toBe(0)
  expect(convertMoney({ minor: 2, currency: 'KWD' }, { ...one, rate: '2.5' }, 'GBP').minor).toBe(1)
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1_000_000_000 }),
      fc.integer({ min: 1, max: 999_999 }),
      (minor, millionths) => {
        const rate = { ...one, rate: `0.${String(millionths).padStart(6, '0')}` }
        const exact = (BigInt(minor) * BigInt(millionths) * 2n + 1_000_000n) / 2_000_000n
        expect(convertMoney({ minor, currency: 'EUR' }, rate, 'GBP').minor).toBe(Number(exact))
      },
    ),
  )
})

test.each([
  [{ rate: '0' }, 'rate'],
  [{ rate: '0.00000000001' }, 'rate'],
  [{ rate: '-1' }, 'rate'],
  [{ rate: '1000001' }, 'rate'],
  [{ rate: '1e3' }, 'rate'],
  [{ rate: 'NaN' }, 'rate'],
  [{ onDate: '2026-03-03' }, 'onDate'],
  [{ onDate: '2026-02-30' }, 'onDate'],
  [{ from: 'XXX' }, 'from'],
  [{ to: 'EUR' }, 'to'],
  [{ source: ' ' }, 'source'],
])('a rate with %j is refused at %s', (changes, field) => {
  const faults = rateFaults({ ...given('EUR', 'GBP', '0.8'), ...changes }, '2026-03-02')
  expect(Object.keys(faults)).toEqual([field])
})

test('D4: a rate of the same day takes the place of the earlier one, and a currency without one is named', async () => {
  const tenantId = await database.addTenant()
  const run = database.db.tenant(tenantId)
  await run.transaction((tx) =>
    tx
      .insertInto('suppliers')
      .values(['EUR', 'JPY'].map((currency) => ({ tenant_id: tenantId, id: tx.ids.uuid(), name: currency, currency })))
      .execute(),
  )
  const add = (rate: string, onDate = '2026-03-01') =>
    run.transaction((tx) => addExchangeRate(tx, { ...given('eur', 'gbp', rate), onDate, actor: 'Ann' }))
  expect(await add('0.8')).toEqual({ kind: 'added' })
  expect(await add('0.85')).toEqual({ kind: 'added' })
  expect(await add('0.85', '2999-01-01')).toMatchObject({ kind: 'refused', fields: { onDate: expect.any(String) } })
  const list = await run.transaction(listExchangeRates)
  expect(list.rates).toMatchObject([{ from: 'EUR', to: 'GBP', rate: '0.85', onDate: '2026-03-01' }])
  expect(list.missing).toEqual(['JPY'])
})
