import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from 'kysely'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createDatabase, type Database } from './database.ts'
import { systemIds } from './ids.ts'

let testDatabase: TestDatabase
let db: Database
beforeAll(async () => {
  testDatabase = await createTestDatabase()
  db = createDatabase({ connectionString: testDatabase.connectionString, poolMax: 1 })
})
afterAll(async () => {
  await db.close()
  await testDatabase.dispose()
})

const kept = (text: string) =>
  sql<{ uses: number }>`
    select (generic_plans + custom_plans)::int as uses from pg_prepared_statements where statement like ${`%${text}%`}
  `.execute(db.system)

test('a statement that comes again is kept ready by its connection, with as many plans as it needs', async () => {
  for (let turn = 0; turn < 8; turn++) await sql`select ${turn}::int as kept_ready`.execute(db.system)
  expect((await kept('as kept_ready')).rows).toEqual([{ uses: 7 }])
})

test('X6: what was planned for one tenant shows another one nothing', async () => {
  const tenants = [systemIds.uuid(), systemIds.uuid()]
  for (const id of tenants)
    await testDatabase.asOwner(`insert into tenants (id, name) values ('${id}', 'A seller of ${id}')`)
  const names = (tenantId: string) =>
    db.tenant(tenantId).transaction(async (tx) => {
      const { rows } = await sql<{ name: string }>`select name from tenants where name like ${'A seller%'}`.execute(tx)
      return rows.map(({ name }) => name)
    })
  for (let turn = 0; turn < 8; turn++) for (const id of tenants) expect(await names(id)).toEqual([`A seller of ${id}`])
})

test('a statement that failed works the next time', async () => {
  const divide = (by: number) => sql<{ tenth: number }>`select 10 / ${by}::int as tenth`.execute(db.system)
  expect((await divide(1)).rows).toEqual([{ tenth: 10 }])
  await expect(divide(0)).rejects.toThrow('division by zero')
  await expect(divide(0)).rejects.toThrow('division by zero')
  expect((await divide(2)).rows).toEqual([{ tenth: 5 }])
})

test('what a screen reads is planned for what it asks', async () => {
  const tenantId = systemIds.uuid()
  for (let turn = 0; turn < 3; turn++)
    await db.read(tenantId, (tx) => sql`select ${turn}::int as of_a_screen`.execute(tx))
  expect((await kept('as of_a_screen')).rows).toEqual([])
})

test('texts that grow with their values are not kept', async () => {
  const values = Array.from({ length: 41 }, (_, index) => sql`${index}::int`)
  for (let turn = 0; turn < 3; turn++) await sql`select ${sql.join(values)} as too_many`.execute(db.system)
  expect((await kept('as too_many')).rows).toEqual([])
})
