import { read, utils } from '@e965/xlsx'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApiServer, type ApiServer, type Person } from '../../test/support/api-server.ts'
import { seedTenant, type SeededTenant } from '../../test/support/seed-tenant.ts'

let hub: ApiServer
let ann: Person
let ids: SeededTenant

beforeAll(async () => {
  hub = await startApiServer()
  ann = await hub.addPerson('Ann')
  ids = await seedTenant(hub.test, hub.parts.secrets, ann.tenantId, 'mark')
})
afterAll(() => hub.dispose())

const pay = (body: object, headers: Record<string, string> = {}) =>
  hub.app.inject({
    method: 'POST',
    url: `/api/invoices/${ids.invoice}/payments`,
    headers: { cookie: ann.cookie, 'sec-fetch-site': 'same-origin', ...headers },
    payload: { paidOn: '2026-03-02', ...body },
  })
const paid = async () => {
  const answer = await ann.ask('GET', `/api/invoices/${ids.invoice}`)
  return (answer.body as { paid: { minor: number } }).paid.minor
}
const gbp = (minor: number) => ({ minor, currency: 'GBP' })

test('D8: a payment that is posted twice under one key is paid once', async () => {
  const before = await paid()
  for (let count = 0; count < 2; count++)
    expect((await pay({ amount: gbp(5) }, { 'idempotency-key': 'transfer 77' })).statusCode).toBe(200)
  const id = crypto.randomUUID()
  await Promise.all([pay({ id, amount: gbp(7) }), pay({ id, amount: gbp(7) })])
  expect(await paid()).toBe(before + 12)
})

test('D8: a payment that is more than is owed is refused at its field', async () => {
  const answer = await pay({ amount: gbp(1_000_000) })
  expect(answer.statusCode).toBe(400)
  expect(answer.json()).toMatchObject({ error: { fields: { amount: expect.stringContaining('more than is owed') } } })
})

test('D8: terms of a supplier are kept, and prepaid cannot be invoiced by the day', async () => {
  const url = `/api/suppliers/${ids.supplier}`
  const wanted = { terms: 'on-account', creditLimit: gbp(50_000), shipToCountries: ['gb', 'IE'], chargesVat: true }
  expect(await ann.ask('PATCH', url, wanted)).toMatchObject({
    status: 200,
    body: { creditLimit: gbp(50_000), shipToCountries: ['GB', 'IE'], chargesVat: true, paymentDays: 30 },
  })
  const refused = await ann.ask('PATCH', url, { terms: 'prepaid', invoicePer: 'day' })
  expect(refused).toMatchObject({ status: 400, body: { error: { fields: { invoicePer: expect.any(String) } } } })
  const nowhere = await ann.ask('PATCH', url, { shipToCountries: ['IE', 'uk', 'ZZ'] })
  const shipToCountries = 'UK, ZZ are no countries of ISO 3166-1; the United Kingdom is GB.'
  expect(nowhere).toMatchObject({ status: 400, body: { error: { fields: { shipToCountries } } } })
  const foreign = await ann.ask('PATCH', url, { creditLimit: { minor: 1, currency: 'EUR' } })
  expect(foreign).toMatchObject({ status: 400, body: { error: { fields: { creditLimit: expect.any(String) } } } })
  const added = await ann.ask('POST', '/api/suppliers', {
    name: 'Daily',
    currency: 'GBP',
    terms: 'prepaid',
    invoicePer: 'day',
  })
  expect(added.status).toBe(400)
  expect((await ann.ask('GET', '/api/suppliers')).text).not.toContain('Daily')
  const balance = await ann.ask('GET', `${url}/balance`)
  expect(balance.body).toMatchObject({ terms: 'on-account', creditLimit: gbp(50_000) })
})

test('X7: an invoice goes out as PDF, CSV and workbook, and nothing in them runs', async () => {
  const file = (kind: string) =>
    hub.app.inject({ url: `/api/invoices/${ids.invoice}/invoice.${kind}`, headers: { cookie: ann.cookie } })
  const pdf = await file('pdf')
  expect(pdf.headers).toMatchObject({
    'content-type': 'application/pdf',
    'content-disposition': 'attachment; filename="INV-mark.pdf"',
  })
  expect(pdf.rawPayload.subarray(0, 5).toString()).toBe('%PDF-')
  expect((await file('csv')).body).toContain("'=line mark")
  const sheet = read((await file('xlsx')).rawPayload).Sheets['Invoice INV-mark']
  const rows = utils.sheet_to_json<Record<string, unknown>>(sheet ?? {})
  expect(rows).toMatchObject([{ Description: "'=line mark", Net: 10, Quantity: 2 }])
  const list = await hub.app.inject({ url: '/api/invoices.xlsx', headers: { cookie: ann.cookie } })
  const listed = utils.sheet_to_json<Record<string, unknown>>(read(list.rawPayload).Sheets['Invoices'] ?? {})
  expect(listed).toMatchObject([{ Number: 'INV-mark', Total: 10 }])
})

test('D8: invoices are found by state, day and supplier, and what is overdue is owed', async () => {
  const numbers = async (query: string) =>
    ((await ann.ask('GET', `/api/invoices?${query}`)).body as { rows: { number: string }[] }).rows.map(
      (row) => row.number,
    )
  expect(await numbers('state=open')).toEqual(['INV-mark'])
  expect(await numbers('state=overdue')).toEqual([])
  expect(await numbers('to=2020-01-01')).toEqual([])
  expect(await numbers(`supplierId=${crypto.randomUUID()}`)).toEqual([])
  await hub.test.asOwner('update invoices set due_on = current_date - 5 where id = $1', [ids.invoice])
  expect(await numbers('state=overdue')).toEqual(['INV-mark'])
  const owed = (await ann.ask('GET', '/api/invoices-owed')).body as { owed: unknown; overdue: unknown }[]
  expect(owed).toHaveLength(1)
  expect(owed[0]?.overdue).toEqual(owed[0]?.owed)
})
