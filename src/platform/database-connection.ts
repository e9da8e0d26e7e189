import { AsyncLocalStorage } from 'node:async_hooks'
import { CompiledQuery, PostgresAdapter, PostgresDriver, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import type { DatabaseConnection, Dialect, TransactionSettings } from 'kysely'
import { Pool, defaults, types, type CustomTypesConfig, type PoolClient, type QueryConfig, type QueryResult } from 'pg'
import { StartRefused } from './start-refused.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** What the current piece of work runs as. Closed when its transaction ends, so that what it started may go on. */
export type Scope = { tenantId: string; isReadOnly: boolean; isOpen: boolean; hasConnection: boolean }

export const scopes = new AsyncLocalStorage<Scope>()

export const appRole = 'fairlead_app'
const keepAliveAfterMilliseconds = 10_000

export type ConnectionOptions = {
  connectionString: string
  poolMax: number
  clock?: VirtualClock
  /** Asked before each statement, and what it answers is run instead: how a test steps two transactions one by one. */
  onStatement?: (text: string) => Promise<string>
  /**
   * Every statement is planned once a connection, which on tables of a few rows is most of its cost, and a transaction's
   * first statement does not wait for its beginning. Only for simulations: a plan made while a table was small stays when
   * it has grown, and texts without end would fill a connection.
   */
  keepsPlans?: boolean
}

export function createPool(options: ConnectionOptions): Pool {
  const { connectionString, poolMax: max, keepsPlans: pipeline = false } = options
  const pool = new Pool({ ...asAppRole(connectionString), max, types: typeParsers, pipeline })
  // A connection that broke while idle is replaced by the next query; only nobody listening would end the process.
  pool.on('error', () => {})
  // Nor does the pool listen while a transaction has the connection; its next statement tells that transaction.
  pool.on('connect', (client) => {
    client.on('error', () => {})
    if (options.keepsPlans) keepPlans(client)
    else prepareStatements(client)
  })
  return pool
}

/** Several in one message, or about the session: nothing that is planned. */
const isPlanned = /^\s*(select|with|insert|update|delete)\b/i

/** Named by its text, a statement is prepared once. */
function keepPlans(client: PoolClient): void {
  const names = new Map<string, string>()
  const query = client.query.bind(client) as (config: QueryConfig | string) => Promise<QueryResult>
  const named = (text: string, values: unknown[] = []) => {
    if (values.length === 0 && !isPlanned.test(text)) return query(text)
    const name = names.get(text) ?? `s${names.size}`
    names.set(text, name)
    return query({ name, text, values })
  }
  client.query = named as typeof client.query
  void query('set plan_cache_mode = force_generic_plan').catch(() => {})
}

type DriverOptions = Pick<ConnectionOptions, 'clock' | 'onStatement' | 'keepsPlans'>

export function createDialect(pool: Pool, options: DriverOptions): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new TenantDriver(pool, options),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
}

/** The connection works as the role behind the wall, whoever it signs in as. Also for the queue's own connections. */
export function asAppRole(connectionString: string): {
  connectionString: string
  options: string
  application_name: string
  keepAlive: true
  keepAliveInitialDelayMillis: number
} {
  const url = new URL(connectionString)
  const given = url.searchParams.get('options') ?? ''
  url.searchParams.delete('options')
  return {
    connectionString: url.toString(),
    options: `${given} -c role=${appRole} -c timezone=UTC -c idle_in_transaction_session_timeout=300000`.trim(),
    application_name: 'fairlead',
    // A database that is gone without a word would otherwise be waited for without end.
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveAfterMilliseconds,
  }
}

class TenantDriver extends PostgresDriver {
  readonly #clock: VirtualClock | undefined
  readonly #letGo = new WeakMap<DatabaseConnection, () => void>()
  readonly #nowOf = new WeakMap<DatabaseConnection, number>()

  readonly #isPipelined: boolean

  constructor(pool: Pool, { clock, onStatement, keepsPlans = false }: DriverOptions) {
    super({
      pool,
      onCreateConnection: async (connection) => {
        await assertWalled(connection)
        if (onStatement) watch(connection, onStatement)
      },
      onReserveConnection: async (connection) => {
        // A transaction says it as it begins.
        if (scopes.getStore()?.isOpen === true) return
        const text = this.#tellTime(connection)
        if (text !== '') await this.#begin(connection, text)
      },
    })
    this.#clock = clock
    this.#isPipelined = keepsPlans
  }

  /** Each connection gets the simulated time once per change of it. */
  #tellTime(connection: DatabaseConnection): string {
    const now = this.#clock?.now()
    if (!now || this.#nowOf.get(connection) === now.getTime()) return ''
    this.#nowOf.set(connection, now.getTime())
    return `set app.now = '${now.toISOString()}'`
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    const scope = scopes.getStore()
    if (scope?.isOpen) {
      // It would wait for a second connection while holding one: with all of them held so, the hub stands still.
      if (scope.hasConnection) throw new Error('A query outside of the transaction was started within it; use its tx.')
      scope.hasConnection = true
    }
    const letGo = this.#clock?.hold()
    try {
      const connection = await super.acquireConnection()
      if (letGo) this.#letGo.set(connection, letGo)
      return connection
    } catch (error) {
      letGo?.()
      throw error
    }
  }

  override async releaseConnection(connection: DatabaseConnection): Promise<void> {
    await super.releaseConnection(connection as Parameters<PostgresDriver['releaseConnection']>[0])
    this.#letGo.get(connection)?.()
    this.#letGo.delete(connection)
  }

  /** Tenant and transaction begin in one message: no statement can slip between them. */
  override async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    const scope = scopes.getStore()
    if (!scope?.isOpen) return super.beginTransaction(connection, settings)
    const mode = scope.isReadOnly ? 'begin read only' : 'begin'
    const parts = [mode, `set local app.tenant = '${scope.tenantId}'`, this.#tellTime(connection)]
    await this.#begin(connection, parts.filter((part) => part !== '').join('; '))
  }

  async #begin(connection: DatabaseConnection, text: string): Promise<void> {
    const begun = connection.executeQuery(CompiledQuery.raw(text))
    if (!this.#isPipelined) await begun
    // Only a broken connection fails here, and the next statement says so.
    else begun.catch(() => {})
  }

  override async rollbackTransaction(connection: Parameters<PostgresDriver['rollbackTransaction']>[0]): Promise<void> {
    // The time it was told is rolled back with the rest.
    this.#nowOf.delete(connection)
    await super.rollbackTransaction(connection)
  }
}

function watch(connection: DatabaseConnection, onStatement: (text: string) => Promise<string>): void {
  const execute = connection.executeQuery.bind(connection)
  connection.executeQuery = async <Row>(query: CompiledQuery) =>
    execute<Row>({ ...query, sql: await onStatement(query.sql) })
}

/** What a program can say in so many words; texts that grow with their values are never the same twice. */
const parametersMax = 40
const preparedMax = 300

/**
 * A statement that comes a second time is kept ready by the connection: reading and planning it again costs more than most
 * of them do. Not for screens: what they ask for varies too much for one plan.
 */
function prepareStatements(client: PoolClient): void {
  const places = new Map<string, number>()
  const run = client.query.bind(client) as (...args: unknown[]) => unknown
  const prepared = (text: unknown, values: unknown, ...more: unknown[]): unknown => {
    const isFit =
      typeof text === 'string' && Array.isArray(values) && values.length > 0 && values.length <= parametersMax
    if (!isFit || scopes.getStore()?.isReadOnly === true) return run(text, values, ...more)
    const place = places.get(text)
    if (place !== undefined) return run({ name: `s${place}`, text, values }, ...more)
    if (places.size < preparedMax) places.set(text, places.size)
    return run(text, values, ...more)
  }
  client.query = prepared as PoolClient['query']
}

async function assertWalled(connection: DatabaseConnection): Promise<void> {
  const { rows } = await connection.executeQuery<{ name: string; is_free: boolean }>(
    CompiledQuery.raw(
      'select current_user as name, rolsuper or rolbypassrls as is_free from pg_roles where rolname = current_user',
    ),
  )
  if (rows[0]?.name === appRole && !rows[0].is_free) return
  throw new StartRefused(
    `The database connection works as ${rows[0]?.name ?? 'an unknown role'} and not as ${appRole}, so tenants would not be kept apart. ` +
      'A connection pooler that drops start-up options does this: connect to PostgreSQL directly.',
  )
}

const int8 = 20
const int8Array = 1016
const date = 1082

const typeParsers: CustomTypesConfig = {
  getTypeParser(type, format) {
    const usual: unknown = types.getTypeParser(type, format)
    if (format === 'binary') return usual
    const oid: number = type
    if (oid === int8) return parseInt8
    if (oid === int8Array) {
      const parseArray = usual as (text: string) => (string | null)[]
      return (text: string) => parseArray(text).map((value) => (value === null ? null : parseInt8(value)))
    }
    // A day has no time zone; the machine's own must not move it.
    if (oid === date) return (text: string) => new Date(`${text}T00:00:00Z`)
    return usual
  },
}

// Dates sent as parameters, for the same reason.
defaults.parseInputDatesAsUTC = true

export function parseInt8(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value))
    throw new Error(`The number ${text} from the database is beyond what can be counted exactly.`)
  return value
}
