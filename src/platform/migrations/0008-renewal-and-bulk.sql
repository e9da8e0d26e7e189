-- Renewing credentials: one process at a time per account. An answer counts only for the claim it was asked under, and
-- what was sealed before stays until a newer set is stored, so that a lost answer loses nothing we still have.
alter table channel_accounts
  add column renewing_until timestamptz,
  add column renew_fence bigint not null default 0,
  add column renew_failures int not null default 0,
  -- Not tried again before this, after a refusal.
  add column renew_after timestamptz,
  add column renewed_at timestamptz;

-- All warehouses of the site: some marketplaces want every one of them named with each figure.
alter table sales_channels add column warehouses jsonb not null default '[]';

-- Many figures given to a marketplace as one file: which, and what it called the work.
create table push_tickets (
  tenant_id uuid not null references tenants,
  id uuid not null,
  channel_id uuid not null,
  kind text not null check (kind in ('stock', 'price')),
  -- Null while it is being handed over. Left so by a crash, nobody knows whether it was taken.
  ticket text,
  fence bigint not null,
  submitted_at timestamptz not null default app_now(),
  check_at timestamptz not null default app_now(),
  checks int not null default 0,
  primary key (tenant_id, id),
  foreign key (tenant_id, channel_id) references sales_channels on delete cascade
);
create index push_tickets_channel on push_tickets (tenant_id, channel_id, kind);

-- In flight with a ticket, at this place of its file.
alter table listing_targets
  add column ticket_id uuid,
  add column ticket_place int,
  add foreign key (tenant_id, ticket_id) references push_tickets;
create index listing_targets_ticket on listing_targets (tenant_id, ticket_id, ticket_place) where ticket_id is not null;

alter table push_tickets enable row level security;
alter table push_tickets force row level security;
create policy tenant_wall on push_tickets using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
