// The physical limit of a write: the very rows the hub wrote, read back and written for the twin by one plain
// INSERT … SELECT unnest a table, with the same indexes, foreign keys, wall and flush, and with nothing decided.
import type { Client } from 'pg'
import { columnsOf, type Column } from './shop.ts'
import { timed } from './world.ts'

export type BareTable = { table: string; columns: Column[] }

/** The rows of a table, as the arrays that are sent. */
export type BareRows = BareTable & { arrays: string[]; count: number }

export async function describeTables(owner: Client, tables: string[]): Promise<BareTable[]> {
  const described: BareTable[] = []
  for (const table of tables) described.push({ table, columns: await columnsOf(owner, table) })
  return described
}

export async function readRows(
  owner: Client,
  { table, columns }: BareTable,
  where: string,
  values: unknown[],
): Promise<BareRows> {
  const arrays = columns
    .map(({ name, type }) => `array_agg(${isArray(type) ? `${name}::text` : name})::text`)
    .join(', ')
  const { rows } = await owner.query<(string | null)[]>({
    text: `select count(*)::text, ${arrays} from (select * from ${table} where ${where}) as wanted`,
    values,
    rowMode: 'array',
  })
  const [count, ...texts] = rows[0] ?? []
  return { table, columns, arrays: texts.map((text) => text ?? '{}'), count: Number(count) }
}

export function insertBare({ table, columns, arrays }: BareRows): (bare: Client, tenantId: string) => Promise<unknown> {
  const names = columns.map(({ name }) => name).join(', ')
  const unnested = columns.map(({ type }, index) => `$${index + 2}::${isArray(type) ? 'text' : type}[]`).join(', ')
  const values = columns.map(({ name, type }) => `wanted.${name}${isArray(type) ? `::${type}` : ''}`).join(', ')
  const text = `insert into ${table} (tenant_id, ${names}) select $1, ${values} from unnest(${unnested}) as wanted (${names})`
  return (bare, tenantId) => bare.query(text, [tenantId, ...arrays])
}

/** An array of arrays must be square, so each travels as its text. */
function isArray(type: string): boolean {
  return type.endsWith('[]')
}

/** Milliseconds of one transaction of the twin, its commit included. */
export async function bareTransaction(bare: Client, twinId: string, work: () => Promise<unknown>): Promise<number> {
  // Plans made for empty tables would slow the limit down.
  await bare.query('discard plans')
  return timed(async () => {
    await bare.query(`begin; set local app.tenant = '${twinId}'`)
    await work()
    await bare.query('commit')
  })
}

/** The limit of a change: these columns of the rows, found by a key. */
export function updateBare(
  { table, columns, arrays }: BareRows,
  key: string,
  changed: string[],
): (bare: Client, tenantId: string) => Promise<unknown> {
  const sent = columns.flatMap((column, index) =>
    column.name === key || changed.includes(column.name) ? [{ ...column, array: arrays[index] }] : [],
  )
  const unnested = sent.map(({ type }, index) => `$${index + 2}::${type}[]`).join(', ')
  const text = `update ${table} t set ${changed.map((name) => `${name} = wanted.${name}`).join(', ')}
    from unnest(${unnested}) as wanted (${sent.map(({ name }) => name).join(', ')})
    where t.tenant_id = $1 and t.${key} = wanted.${key}`
  return (bare, tenantId) => bare.query(text, [tenantId, ...sent.map(({ array }) => array)])
}
