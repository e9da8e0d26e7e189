import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Kysely, PostgresDialect, sql } from 'kysely'
import { Migrator, type Migration } from 'kysely/migration'
import { Client, Pool } from 'pg'
import { appRole } from './database-connection.ts'
import { migrateQueue } from './queue.ts'
import { StartRefused } from './start-refused.ts'

const folder = join(import.meta.dirname, 'migrations')
const ownSchema = 'migrations'
const lockId = 7_238_114_410
const serverVersionMin = 15

/** Brings the database up to this program: tables, queue, role and rights. Run by as many processes at once as there are. */
export async function migrate(ownerConnectionString: string): Promise<void> {
  const client = await connectOwner(ownerConnectionString)
  try {
    await client.query('select pg_advisory_lock($1)', [lockId])
    await prepareRole(client)
    await applyMigrations(ownerConnectionString)
    await migrateQueue(ownerConnectionString)
    await grantRights(client)
  } finally {
    await client.end()
  }
}

async function connectOwner(connectionString: string): Promise<Client> {
  const client = newClient(connectionString)
  client.on('error', () => {})
  try {
    await client.connect()
  } catch (error) {
    await client.end().catch(() => {})
    throw new StartRefused(explainConnection(error), error)
  }
  const { rows } = await client.query<{ version: number }>(
    "select current_setting('server_version_num')::int / 10000 as version",
  )
  const version = rows[0]?.version ?? 0
  if (version >= serverVersionMin) return client
  await client.end()
  throw new StartRefused(
    `DATABASE_URL leads to PostgreSQL ${version}. This hub needs PostgreSQL ${serverVersionMin} or newer.`,
  )
}

function newClient(connectionString: string): Client {
  try {
    return new Client({ connectionString, application_name: 'fairlead-migrate', connectionTimeoutMillis: 10_000 })
  } catch (error) {
    throw new StartRefused(
      'DATABASE_URL is not an address of a PostgreSQL (postgresql://user:password@host:5432/database).',
      error,
    )
  }
}

const connectionSentences: Record<string, string> = {
  ECONNREFUSED: 'nothing answers at its host and port',
  // The host may be the folder of a Unix socket.
  ENOENT: 'nothing answers at its host and port',
  ENOTFOUND: 'its host is not known',
  EAI_AGAIN: 'its host cannot be looked up right now',
  ETIMEDOUT: 'its host does not answer',
  '28P01': 'the password is refused',
  '28000': 'the user is refused',
  '3D000': 'there is no such database on that server',
}

function explainConnection(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const reason =
    connectionSentences[code] ?? (error instanceof Error && error.message !== '' ? error.message : 'no reason given')
  return `DATABASE_URL cannot be used: ${reason}.`
}

/** Roles belong to the whole server, so another hub's database may have made it, or be making it now. */
async function prepareRole(client: Client): Promise<void> {
  try {
    await client.query(`do $$ begin
      if not exists (select from pg_roles where rolname = '${appRole}') then create role ${appRole} nologin; end if;
    exception when duplicate_object or unique_violation then null;
    end $$`)
    const { rows } = await client.query<{ may: boolean; free: boolean }>(
      `select pg_has_role(current_user, oid, 'member') as may, rolsuper or rolbypassrls as free from pg_roles where rolname = $1`,
      [appRole],
    )
    if (rows[0]?.free)
      throw new StartRefused(
        `The database role ${appRole} may bypass row-level security. Take SUPERUSER and BYPASSRLS from it.`,
      )
    if (!rows[0]?.may) await client.query(`grant ${appRole} to current_user`)
  } catch (error) {
    if (error instanceof StartRefused) throw error
    throw new StartRefused(
      `The user of DATABASE_URL may not make the role ${appRole}, behind which tenants are kept apart. ` +
        `Ask the server's administrator for: CREATE ROLE ${appRole} NOLOGIN; GRANT ${appRole} TO <that user>;`,
      error,
    )
  }
}

async function applyMigrations(connectionString: string): Promise<void> {
  const pool = new Pool({ connectionString, max: 2 })
  pool.on('error', () => {})
  pool.on('connect', (client) => void client.on('error', () => {}))
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  try {
    const known = await readMigrations()
    const migrator = new Migrator({
      db,
      provider: { getMigrations: async () => known },
      migrationTableSchema: ownSchema,
    })
    await refuseNewer(db, known)
    const { error } = await migrator.migrateToLatest()
    if (error) throw error
  } finally {
    await db.destroy()
  }
}

async function readMigrations(): Promise<Record<string, Migration>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted()
  const entries = names.map(async (name): Promise<[string, Migration]> => {
    const text = await readFile(join(folder, name), 'utf8')
    return [name.slice(0, -'.sql'.length), { up: async (db) => void (await sql.raw(text).execute(db)) }]
  })
  return Object.fromEntries(await Promise.all(entries))
}

async function refuseNewer(db: Kysely<unknown>, known: Record<string, Migration>): Promise<void> {
  const table = await sql<{
    found: string | null
  }>`select to_regclass(${`${ownSchema}.kysely_migration`})::text as found`.execute(db)
  if (!table.rows[0]?.found) return
  const applied = await sql<{
    name: string
  }>`select name from ${sql.table(`${ownSchema}.kysely_migration`)} order by name`.execute(db)
  const unknown = applied.rows.find((row) => !(row.name in known))
  if (!unknown) return
  throw new StartRefused(
    `The database was last used by a newer version of the hub (${unknown.name} is not known here). Start that version, or restore a backup made by this one.`,
  )
}

/** Everything but the record of migrations, which is the owner's. Repeated each time, for tables that are new. */
async function grantRights(client: Client): Promise<void> {
  await client.query(`do $$
    declare name text;
    begin
      for name in
        select nspname from pg_namespace
        where nspname !~ '^pg_' and nspname not in ('information_schema', '${ownSchema}') order by 1
      loop
        execute format('grant usage on schema %I to ${appRole}', name);
        execute format('grant select, insert, update, delete on all tables in schema %I to ${appRole}', name);
        execute format('grant usage, select on all sequences in schema %I to ${appRole}', name);
      end loop;
    end $$`)
}
