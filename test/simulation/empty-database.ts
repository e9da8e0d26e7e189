// One long-lived database for many seeds: emptied between them, which is quicker than making a new one.
import { Client } from 'pg'

/** Also switches off what would act at times of its own. */
export async function emptyDatabase(ownerConnectionString: string): Promise<void> {
  const client = new Client({ connectionString: ownerConnectionString })
  await client.connect()
  try {
    const { rows } = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'auth') order by 1`,
    )
    const names = rows.map((row) => row.name)
    for (const name of names) await client.query(`alter table ${name} set (autovacuum_enabled = false)`)
    await client.query(`truncate ${names.join(', ')} restart identity cascade`)
  } finally {
    await client.end()
  }
}
