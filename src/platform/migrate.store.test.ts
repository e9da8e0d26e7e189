import { afterEach, expect, inject, test } from 'vitest'
import { Client } from 'pg'
import { createEmptyDatabase } from '../../test/support/database.ts'
import { createDatabase } from './database.ts'
import { systemIds } from './ids.ts'
import { migrate } from './migrate.ts'
import { StartRefused } from './start-refused.ts'

const databases: Awaited<ReturnType<typeof createEmptyDatabase>>[] = []
afterEach(async () => {
  for (const database of databases.splice(0)) await database.dispose()
})

const open = async () => {
  const database = await createEmptyDatabase()
  databases.push(database)
  return database
}

const query = async (connectionString: string, text: string) => {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    await client.end()
  }
}

const refusal = async (starting: Promise<unknown>) => {
  const error: unknown = await starting.catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(StartRefused)
  return (error as StartRefused).sentence
}

test('several hubs starting at once on an empty database make it once, and a later start changes nothing', async () => {
  const { ownerConnectionString } = await open()
  await Promise.all([migrate(ownerConnectionString), migrate(ownerConnectionString), migrate(ownerConnectionString)])
  const applied = () =>
    query(ownerConnectionString, 'select name, timestamp from migrations.kysely_migration order by name')
  const first = await applied()
  expect(first.length).toBeGreaterThan(0)
  await migrate(ownerConnectionString)
  expect(await applied()).toEqual(first)
})

test('a database of a newer hub is refused by name', async () => {
  const { ownerConnectionString } = await open()
  await migrate(ownerConnectionString)
  await query(ownerConnectionString, "insert into migrations.kysely_migration values ('9999-later', '2099-01-01')")
  expect(await refusal(migrate(ownerConnectionString))).toContain('newer version of the hub (9999-later')
})

test('an address that leads nowhere is refused in a sentence without the password', async () => {
  const { ownerConnectionString } = await open()
  const refusalWith = (change: (url: URL) => void) => {
    const url = new URL(ownerConnectionString)
    change(url)
    return refusal(migrate(url.toString()))
  }
  expect(await refusalWith((url) => (url.password = 'canary'))).toBe(
    'DATABASE_URL cannot be used: the password is refused.',
  )
  expect(await refusalWith((url) => (url.pathname = '/nowhere'))).toBe(
    'DATABASE_URL cannot be used: there is no such database on that server.',
  )
  expect(await refusalWith((url) => (url.port = '1'))).toBe(
    'DATABASE_URL cannot be used: nothing answers at its host and port.',
  )
})

test('X6: a database owned by an ordinary user, as servers rent them out, keeps tenants apart as well', async () => {
  const { ownerConnectionString } = await open()
  const admin = inject('cluster').ownerConnectionString
  const name = `renter_${process.pid}`
  await query(admin, `create role ${name} login createrole password 'renter'; grant fairlead_app to ${name}`)
  try {
    await query(
      ownerConnectionString,
      `grant create on schema public to ${name}; grant create on database ${databaseOf(ownerConnectionString)} to ${name}`,
    )
    const url = new URL(ownerConnectionString)
    url.username = name
    url.password = 'renter'
    await migrate(url.toString())
    const db = createDatabase({ connectionString: url.toString(), poolMax: 2 })
    const id = systemIds.uuid()
    try {
      await db.tenant(id).transaction((tx) => tx.insertInto('tenants').values({ id, name: 'A seller' }).execute())
      expect(await db.read(id, (tx) => tx.selectFrom('tenants').select('id').execute())).toEqual([{ id }])
      expect(await db.read(systemIds.uuid(), (tx) => tx.selectFrom('tenants').select('id').execute())).toEqual([])
    } finally {
      await db.close()
    }
  } finally {
    await query(ownerConnectionString, `drop owned by ${name} cascade`)
    await query(admin, `drop role ${name}`)
  }
})

test('a user who may not make the role is told what to ask for', async () => {
  const { ownerConnectionString } = await open()
  const owner = inject('cluster').ownerConnectionString
  const name = `plain_${process.pid}`
  await query(owner, `create role ${name} login password 'plain'`)
  const url = new URL(ownerConnectionString)
  url.username = name
  url.password = 'plain'
  try {
    expect(await refusal(migrate(url.toString()))).toContain('GRANT fairlead_app TO')
  } finally {
    await query(owner, `drop role ${name}`)
  }
})

function databaseOf(connectionString: string): string {
  return new URL(connectionString).pathname.slice(1)
}
