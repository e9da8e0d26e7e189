-- Orders as one finds them again (D6, D10): words, filters, filters saved under a name, and work on many orders at once.

-- The words of an order, so that they can be taken back without reading anything sealed. A buyer's words are keyed hashes.
alter table orders
  add column terms text[] not null default '{}',
  -- 0: its words are yet to be written.
  add column terms_version smallint not null default 0,
  drop column search_text;
create index orders_without_terms on orders (tenant_id, id) where terms_version = 0;

-- One row a word and order, newest order first. Behind row-level security only plain comparisons can use an index, so
-- this is a table and no trigram index. It has no foreign keys: they would cost more than the rows.
create table order_terms (
  tenant_id uuid not null,
  term text collate "C" not null,
  placed_at timestamptz not null,
  order_id uuid not null
);
create unique index order_terms_newest on order_terms (tenant_id, term, placed_at desc, order_id);

create function forget_order_terms() returns trigger language plpgsql as $$
begin
  delete from order_terms t
  using gone g cross join lateral unnest(g.terms) as word (term)
  where t.tenant_id = g.tenant_id and t.term = word.term collate "C" and t.placed_at = g.placed_at and t.order_id = g.id;
  return null;
end $$;
create trigger forget_terms after delete on orders referencing old table as gone
  for each statement execute function forget_order_terms();

alter table shipments
  add column tracking_plain text collate "C" generated always as (upper(replace(tracking_number, ' ', ''))) stored;
create index shipments_tracking on shipments (tenant_id, tracking_plain);

-- A list of one channel is merged from its statuses, so one index serves the channel alone and both together.
-- With the columns other filters ask about, so that what no order fits is found out in the index alone.
drop index orders_by_channel;
create index orders_by_channel on orders (tenant_id, channel_id, status, placed_at desc, id) include (country_code, paid_at);
drop index orders_by_status;
create index orders_by_status on orders (tenant_id, status, placed_at desc, id) include (channel_id, country_code, paid_at);
create index orders_by_country on orders (tenant_id, country_code, placed_at desc, id) include (status, channel_id, paid_at);
create index orders_unpaid on orders (tenant_id, placed_at desc, id) where paid_at is null;
create index orders_to_send on orders (tenant_id, (coalesce(ship_by, 'infinity')), id) where status not in ('dispatched', 'cancelled');
create index problems_of_orders on problems (tenant_id, order_id) where closed_at is null and order_id is not null;

create table saved_filters (
  tenant_id uuid not null references tenants,
  id uuid not null,
  user_id text not null,
  name text not null,
  -- As it stands in the address.
  query text not null,
  position int not null,
  -- What he sees first.
  is_default boolean not null default false,
  created_at timestamptz not null default app_now(),
  primary key (tenant_id, id),
  unique (tenant_id, user_id, name)
);
create unique index saved_filters_default on saved_filters (tenant_id, user_id) where is_default;

-- One action on many orders: worked through one by one, each with what became of it.
create table bulk_actions (
  tenant_id uuid not null references tenants,
  id uuid not null,
  action text not null,
  data jsonb not null default '{}',
  actor text not null,
  total int not null,
  done int not null default 0,
  refused int not null default 0,
  created_at timestamptz not null default app_now(),
  finished_at timestamptz,
  primary key (tenant_id, id)
);

create index bulk_actions_waiting on bulk_actions (tenant_id, created_at) where finished_at is null;

create table bulk_action_orders (
  tenant_id uuid not null references tenants,
  bulk_id uuid not null,
  position int not null,
  order_id uuid not null,
  state text not null default 'waiting' check (state in ('waiting', 'done', 'refused')),
  -- Why not, in a sentence.
  reason text,
  primary key (tenant_id, bulk_id, position),
  foreign key (tenant_id, bulk_id) references bulk_actions on delete cascade
);
create index bulk_action_orders_waiting on bulk_action_orders (tenant_id, bulk_id, position) where state = 'waiting';

do $$
declare name text;
begin
  for name in select unnest(array['order_terms', 'saved_filters', 'bulk_actions', 'bulk_action_orders'])
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy tenant_wall on %I using (tenant_id = app_tenant()) with check (tenant_id = app_tenant())', name);
  end loop;
end $$;
