-- All products that a filter matches, asked for in one run: taken page by page, so that their number has no bound.
create table listing_selections (
  tenant_id uuid not null,
  run_id uuid not null,
  channel_id uuid not null,
  action text not null check (action in ('list', 'update', 'delete')),
  -- As the grid takes it.
  filter jsonb not null,
  -- In the order of their ids; null: none is taken yet.
  after_id uuid,
  -- How many matched when it was asked for, and how many were taken since.
  matching int not null,
  taken int not null default 0,
  asked_by text not null,
  -- All are taken, or it was stopped.
  closed_at timestamptz,
  primary key (tenant_id, run_id),
  foreign key (tenant_id, run_id) references runs on delete cascade,
  foreign key (tenant_id, channel_id) references sales_channels
);
create index listing_selections_open on listing_selections (tenant_id, channel_id) where closed_at is null;

alter table listing_selections enable row level security;
alter table listing_selections force row level security;
create policy tenant_wall on listing_selections using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
