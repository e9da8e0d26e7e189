import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from 'kysely'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { parseInt8 } from './database-connection.ts'
import { systemIds } from './ids.ts'
import { createVirtualClock } from './virtual-clock.ts'

let testDatabase: TestDatabase
beforeAll(async () => {
  testDatabase = await createTestDatabase()
})
afterAll(() => testDatabase.dispose())

describe('X6: tenants are kept apart', () => {
  /** Tables with tenant_id that are open on purpose, each with its reason. */
  const exempt: Record<string, string> = {
    channel_work: 'one scheduler reads what is due across tenants; there is no content in it',
    tenant_work: 'one scheduler reads what is due across tenants; there is no content in it',
    nudge_routes: 'a notification names a shop before there is a tenant; there are only hashes in it',
    'auth.invitations': 'an invitation is opened by its link before there is a tenant',
    'auth.supplier_keys': 'a key names its supplier before there is a tenant; there are only hashes in it',
    'auth.members': 'sign-in looks up which business a person belongs to before there is a tenant',
  }

  test('every table with a tenant id forces row-level security both ways, or is named here with its reason', async () => {
    const tables = await testDatabase.asOwner<{ name: string; walled: boolean }>(`
      select case when n.nspname = 'public' then c.relname else n.nspname || '.' || c.relname end as name,
        c.relrowsecurity and c.relforcerowsecurity and exists (
          select from pg_policy p where p.polrelid = c.oid and p.polcmd = '*' and p.polpermissive
            and pg_get_expr(p.polqual, c.oid) like '%app_tenant()%' and pg_get_expr(p.polwithcheck, c.oid) like '%app_tenant()%'
        ) as walled
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
      where c.relkind in ('r', 'p') and n.nspname not in ('queue', 'migrations') and n.nspname !~ '^pg_'
      order by 1`)
    expect(tables.length).toBeGreaterThan(30)
    expect(tables.filter((table) => !table.walled).map((table) => table.name)).toEqual(
      Object.keys(exempt)
        .filter((name) => tables.some((table) => table.name === name))
        .toSorted(),
    )
  })

  test('no policy lets more in than the one of the tenant', async () => {
    const policies = await testDatabase.asOwner(`
      select polrelid::regclass::text as name from pg_policy where polpermissive group by polrelid having count(*) > 1`)
    expect(policies).toEqual([])
  })

  test('the role the hub works as owns nothing, may not bypass the wall and may not change tables', async () => {
    const [role] = await testDatabase.asOwner<{ free: boolean; owns: number; creates: boolean }>(`
      select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb as free,
        (select count(*)::int from pg_class c where c.relowner = r.oid) as owns,
        has_schema_privilege(r.oid, 'public', 'create') as creates
      from pg_roles r where rolname = 'fairlead_app'`)
    expect(role).toEqual({ free: false, owns: 0, creates: false })
    const me = await sql<{ name: string }>`select current_user as name`.execute(testDatabase.db.system)
    expect(me.rows).toEqual([{ name: 'fairlead_app' }])
  })

  test('nothing runs with its owner’s rights: no SECURITY DEFINER functions, no views of the owner', async () => {
    const open = await testDatabase.asOwner(`
      select p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where p.prosecdef and n.nspname in ('public', 'auth', 'queue')
      union all
      select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('v', 'm') and n.nspname in ('public', 'auth')
        and not coalesce(c.reloptions @> array['security_invoker=true'], false)`)
    expect(open).toEqual([])
  })

  test('without a tenant a table looks empty', async () => {
    await testDatabase.addTenant()
    expect(await testDatabase.db.system.selectFrom('tenants').selectAll().execute()).toEqual([])
    expect((await testDatabase.asOwner('select id from tenants')).length).toBeGreaterThan(0)
  })

  test('a tenant sees, changes and removes only what is his', async () => {
    const [ours, theirs] = [await testDatabase.addTenant(), await testDatabase.addTenant('Theirs')]
    const touched = await testDatabase.db.tenant(ours).transaction(async (tx) => ({
      seen: await tx.selectFrom('tenants').select('id').execute(),
      changed: await tx
        .updateTable('tenants')
        .set({ name: 'Taken' })
        .where('id', '=', theirs)
        .returning('id')
        .execute(),
      removed: await tx.deleteFrom('tenants').where('id', '=', theirs).returning('id').execute(),
    }))
    expect(touched).toEqual({ seen: [{ id: ours }], changed: [], removed: [] })
  })

  test('a row for another tenant is refused', async () => {
    const [ours, theirs] = [await testDatabase.addTenant(), await testDatabase.addTenant()]
    const writing = testDatabase.db
      .tenant(ours)
      .transaction((tx) => tx.insertInto('counters').values({ tenant_id: theirs, name: 'purchase-orders' }).execute())
    await expect(writing).rejects.toThrow(/row-level security/)
  })

  test('a tenant id that is not one is refused before it comes near SQL', async () => {
    await expect(testDatabase.db.read("x'; reset role; --", async () => 1)).rejects.toThrow(/must be a UUID/)
  })

  test('the tenant of a transaction is forgotten with it', async () => {
    const db = testDatabase.connect({ poolMax: 1 })
    const tenantId = await testDatabase.addTenant()
    await db.read(tenantId, (tx) => tx.selectFrom('tenants').select('id').execute())
    expect(await db.system.selectFrom('tenants').select('id').execute()).toEqual([])
  })
})

describe('transactions', () => {
  test('a read cannot write', async () => {
    const tenantId = await testDatabase.addTenant()
    const writing = testDatabase.db.read(tenantId, (tx) => tx.updateTable('tenants').set({ name: 'x' }).execute())
    await expect(writing).rejects.toThrow(/read-only/)
  })

  test('a query past the open transaction is refused instead of waiting for itself', async () => {
    const db = testDatabase.connect({ poolMax: 1 })
    const tenantId = await testDatabase.addTenant()
    const nested = db.tenant(tenantId).transaction(() => db.system.selectFrom('channel_work').selectAll().execute())
    await expect(nested).rejects.toThrow(/use its tx/)
    const twice = db.tenant(tenantId).transaction(() => db.read(tenantId, async () => 1))
    await expect(twice).rejects.toThrow(/within another/)
  })

  test('M5: a connection that breaks within a transaction ends that transaction and nothing else', async () => {
    const tenantId = await testDatabase.addTenant()
    const broken = testDatabase.db.tenant(tenantId).transaction(async (tx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
      const pid = rows[0]?.pid
      await testDatabase.asOwner('select pg_terminate_backend($1)', [pid])
      // While nobody asks anything of it: an error that no one listens to would end the process.
      while ((await testDatabase.asOwner('select 1 from pg_stat_activity where pid = $1', [pid])).length > 0) continue
      await testDatabase.asOwner('select 1')
      await tx.insertInto('counters').values({ tenant_id: tenantId, name: 'never', value: 0 }).execute()
    })
    await expect(broken).rejects.toThrow(/connection/i)
    const read = testDatabase.db.read(tenantId, (tx) => tx.selectFrom('counters').select('name').execute())
    expect(await read).toEqual([])
  })

  test('two transactions that end in a deadlock are both done in the end', async () => {
    const tenantId = await testDatabase.addTenant()
    const add = (tx: { insertInto: TestDatabase['db']['system']['insertInto'] }, name: string) =>
      tx.insertInto('counters').values({ tenant_id: tenantId, name, value: 0 }).execute()
    await testDatabase.db.tenant(tenantId).transaction(async (tx) => {
      await add(tx, 'a')
      await add(tx, 'b')
    })
    let arrived = 0
    let meet = () => {}
    const bothArrived = new Promise<void>((resolve) => {
      meet = resolve
    })
    const raise = (first: string, second: string) =>
      testDatabase.db.tenant(tenantId).transaction(async (tx) => {
        const bump = (name: string) =>
          tx
            .updateTable('counters')
            .set((eb) => ({ value: eb('value', '+', 1) }))
            .where('name', '=', name)
            .execute()
        await bump(first)
        if (++arrived === 2) meet()
        await bothArrived
        await bump(second)
      })
    await Promise.all([raise('a', 'b'), raise('b', 'a')])
    const counters = await testDatabase.db.read(tenantId, (tx) =>
      tx.selectFrom('counters').select(['name', 'value']).orderBy('name').execute(),
    )
    expect(counters).toEqual([
      { name: 'a', value: 2 },
      { name: 'b', value: 2 },
    ])
    expect(arrived).toBeGreaterThan(2)
  })

  test('a throw before COMMIT stores nothing, a throw after it has stored all', async () => {
    const tenantId = await testDatabase.addTenant('Before')
    let fault: 'before' | 'after' | 'none' = 'none'
    const db = testDatabase.connect({
      beforeCommit: () => {
        if (fault === 'before') throw new Error('lost')
      },
      onCommit: () => {
        if (fault === 'after') throw new Error('lost')
      },
    })
    const rename = (name: string) =>
      db.tenant(tenantId).transaction((tx) => tx.updateTable('tenants').set({ name }).execute())
    const nameNow = async () =>
      (await db.read(tenantId, (tx) => tx.selectFrom('tenants').select('name').executeTakeFirstOrThrow())).name
    fault = 'before'
    await expect(rename('Never')).rejects.toThrow('lost')
    expect(await nameNow()).toBe('Before')
    fault = 'after'
    await expect(rename('Stored')).rejects.toThrow('lost')
    expect(await nameNow()).toBe('Stored')
  })
})

describe('values', () => {
  test('whole numbers arrive as numbers, decimals as text, instants as dates and JSON parsed', async () => {
    const { rows } =
      await sql`select 9007199254740991::int8 as big, array[1, null]::int8[] as many, 0.10::numeric as exact,
      '2026-03-29T01:30:00+02'::timestamptz as at, '2026-03-29'::date as day, '{"a":[1]}'::jsonb as json`.execute(
        testDatabase.db.system,
      )
    expect(rows).toEqual([
      {
        big: Number.MAX_SAFE_INTEGER,
        many: [1, null],
        exact: '0.10',
        at: new Date('2026-03-28T23:30:00Z'),
        day: new Date('2026-03-29T00:00:00Z'),
        json: { a: [1] },
      },
    ])
  })

  test('V1: a number too large to count exactly is refused and not rounded', () => {
    expect(() => parseInt8('9007199254740993')).toThrow(/beyond/)
    expect(parseInt8('-9007199254740991')).toBe(-9007199254740991)
  })

  test('SQL reads the virtual time where there is one, in a transaction and outside', async () => {
    const clock = createVirtualClock(new Date('2030-01-01T00:00:00Z'))
    const db = testDatabase.connect({ clock, poolMax: 1 })
    const ask = sql<{ now: Date }>`select app_now() as now`
    expect((await ask.execute(db.system)).rows[0]?.now).toEqual(new Date('2030-01-01T00:00:00Z'))
    await clock.runUntil(new Date('2030-02-01T00:00:00Z'))
    const inside = await db.read(systemIds.uuid(), async (tx) => (await ask.execute(tx)).rows[0]?.now)
    expect(inside).toEqual(new Date('2030-02-01T00:00:00Z'))
  })

  test('without one, SQL reads the clock of the database', async () => {
    const { rows } = await sql<{
      apart: number
    }>`select abs(extract(epoch from app_now() - clock_timestamp()))::float8 as apart`.execute(testDatabase.db.system)
    expect(rows[0]?.apart).toBeLessThan(1)
  })
})
