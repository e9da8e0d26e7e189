-- Suppliers' feeds (E1, S7): what each fetch came to, how old figures may be, and when a file is held back.

create table supplier_feed_fetches (
  tenant_id uuid not null references tenants,
  id uuid not null,
  feed_id uuid not null,
  supplier_id uuid not null,
  at timestamptz not null default app_now(),
  outcome text not null check (outcome in ('imported', 'unchanged', 'failed')),
  import_id uuid,
  file_name text,
  size_bytes bigint,
  -- Why it failed.
  reason text,
  primary key (tenant_id, id),
  foreign key (tenant_id, feed_id) references supplier_feeds on delete cascade
);
create index supplier_feed_fetches_recent on supplier_feed_fetches (tenant_id, supplier_id, at desc, id desc);
create index supplier_feed_fetches_feed on supplier_feed_fetches (tenant_id, feed_id, at desc, id desc);

create index supplier_feeds_due on supplier_feeds (tenant_id, due_at) where active;

alter table suppliers
  -- Null: no limit. Older figures are a problem.
  add column stale_after_hours int check (stale_after_hours between 1 and 8760),
  -- Until newer ones come, nothing is advertised from them.
  add column stale_shows_zero boolean not null default false,
  add column figures_stale boolean not null default false,
  -- When the newest figures came that a person or his machine vouched for: a file, a feed that was unchanged, the API.
  add column figures_at timestamptz,
  add column held_fewer_percent int not null default 50 check (held_fewer_percent between 1 and 100),
  add column held_zero_percent int not null default 30 check (held_zero_percent between 1 and 100);
update suppliers s set figures_at = (
  select max(started_at) from file_imports i
  where i.tenant_id = s.tenant_id and i.supplier_id = s.id and i.kind = 'supplier-stock' and i.state = 'applied'
);

-- What came by the API is a part of a supplier's figures, so it says nothing about how many rows a whole file has.
alter table file_imports add column came_by text not null default 'upload' check (came_by in ('upload', 'feed', 'api'));

do $$
begin
  alter table supplier_feed_fetches enable row level security;
  alter table supplier_feed_fetches force row level security;
  create policy tenant_wall on supplier_feed_fetches using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
end $$;
