-- The rule of 0004 for the tables that came after it: a row that hangs on another row of its tenant has a tenant that exists.
do $$
declare needless record;
begin
  for needless in
    select c.conrelid::regclass as name, c.conname
    from pg_constraint c
    where c.contype = 'f' and c.confrelid = 'tenants'::regclass and c.connamespace = 'public'::regnamespace
      and exists (
        select from pg_constraint p
        where p.contype = 'f' and p.conrelid = c.conrelid and p.confrelid <> c.conrelid and p.conkey @> c.conkey and cardinality(p.conkey) > 1
          -- Where one of its columns is null, such a key is not looked at.
          and not exists (
            select from pg_attribute a where a.attrelid = p.conrelid and a.attnum = any(p.conkey) and not a.attnotnull
          )
      )
    order by 1, 2
  loop
    execute format('alter table %s drop constraint %I', needless.name, needless.conname);
  end loop;
end $$;
