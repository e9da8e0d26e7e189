import { Client, Pool, type QueryResultRow } from 'pg'
import { inject } from 'vitest'
import { createDatabase, type Database, type DatabaseOptions } from '../../src/platform/database.ts'
import { systemIds } from '../../src/platform/ids.ts'

export type TestDatabase = {
  /** The hub's database, as the role behind the wall; pool of four. */
  db: Database
  connectionString: string
  ownerConnectionString: string
  /** A tenant with nothing in it yet. */
  addTenant(name?: string): Promise<string>
  /** One statement as the owner, who is not behind the wall: for looking at what is really there. */
  asOwner<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>
  /** Another connection to the same database, closed with it. */
  connect(options?: Partial<DatabaseOptions>): Database
  dispose(): Promise<void>
}

/**
 * A migrated database of this test file's own. In `beforeAll`, with `dispose` in `afterAll`:
 *
 *     let test: TestDatabase
 *     beforeAll(async () => { test = await createTestDatabase() })
 *     afterAll(() => test.dispose())
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const cluster = inject('cluster')
  const name = `test_${systemIds.uuid().replaceAll('-', '')}`
  await onServer(cluster.ownerConnectionString, `create database ${name} template fairlead strategy wal_log`)
  const connectionString = inDatabase(cluster.connectionString, name)
  const ownerConnectionString = inDatabase(cluster.ownerConnectionString, name)
  const owner = new Pool({ connectionString: ownerConnectionString, max: 1 })
  owner.on('error', () => {})
  const open: Database[] = []
  const connect = (options: Partial<DatabaseOptions> = {}) => {
    const database = createDatabase({ connectionString, poolMax: 4, ...options })
    open.push(database)
    return database
  }
  const db = connect()
  return {
    db,
    connectionString,
    ownerConnectionString,
    connect,
    async addTenant(tenantName = 'A seller') {
      const id = systemIds.uuid()
      await db.tenant(id).transaction((tx) => tx.insertInto('tenants').values({ id, name: tenantName }).execute())
      return id
    },
    asOwner: async <Row extends QueryResultRow>(text: string, values: unknown[] = []) =>
      (await owner.query<Row>(text, values)).rows,
    async dispose() {
      await Promise.all(open.map((database) => database.close()))
      await owner.end()
      await onServer(cluster.ownerConnectionString, `drop database ${name} with (force)`)
    },
  }
}

/** A database with nothing in it, for tests of the migrations themselves. */
export async function createEmptyDatabase(): Promise<{
  ownerConnectionString: string
  connectionString: string
  dispose(): Promise<void>
}> {
  const cluster = inject('cluster')
  const name = `empty_${systemIds.uuid().replaceAll('-', '')}`
  await onServer(cluster.ownerConnectionString, `create database ${name}`)
  return {
    ownerConnectionString: inDatabase(cluster.ownerConnectionString, name),
    connectionString: inDatabase(cluster.connectionString, name),
    dispose: () => onServer(cluster.ownerConnectionString, `drop database ${name} with (force)`),
  }
}

async function onServer(connectionString: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: inDatabase(connectionString, 'postgres') })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

function inDatabase(connectionString: string, name: string): string {
  const url = new URL(connectionString)
  url.pathname = `/${name}`
  return url.toString()
}
