-- Where the marketplace counts stock per warehouse: the one this sales channel sells from (A5).
alter table sales_channels add column warehouse_id text, add column warehouse_name text,
  add constraint warehouse_whole check ((warehouse_id is null) = (warehouse_name is null));

-- One way through a marketplace's consent page, from the button to the sales channel. What is found there is kept sealed
-- until a person says where it belongs; the row goes when he cancels, and some time after its end.
create table consents (
  tenant_id uuid not null references tenants,
  id uuid not null,
  -- Who began it. Nobody else may bring it back.
  user_id uuid not null,
  marketplace text not null,
  purpose text not null check (purpose in ('connect', 'reauthorise')),
  -- The one to reauthorise.
  channel_id uuid,
  -- Null until it is named: begun at the marketplace's side.
  name text,
  -- Chosen before signing in, where the marketplace has such a choice.
  site_id text,
  redirect_uri text not null,
  -- SHA-256 of the 256 random bits that went to the marketplace; they themselves are kept nowhere.
  state_hash text not null,
  -- SHA-256 of the code that came back, so that no code is exchanged twice.
  code_hash text,
  -- Sealed JSON: fields typed before the page opens, and later the account that was found.
  typed bytea not null,
  account bytea,
  sites jsonb,
  state text not null default 'waiting' check (state in ('waiting', 'exchanging', 'refused', 'choose', 'connected')),
  reason text,
  connected_channel_id uuid,
  created_at timestamptz not null default app_now(),
  expires_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, channel_id) references sales_channels,
  foreign key (tenant_id, connected_channel_id) references sales_channels,
  constraint reauthorises_one check ((purpose = 'reauthorise') = (channel_id is not null))
);
create unique index consents_state on consents (tenant_id, state_hash);
create unique index consents_code on consents (tenant_id, marketplace, code_hash) where code_hash is not null;
create index consents_end on consents (tenant_id, expires_at);
alter table consents enable row level security;
alter table consents force row level security;
create policy tenant_wall on consents using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());

-- Whom a marketplace's notification is about, across tenants. Only hashes stand in it, so it is exempt from row-level
-- security: the notification names a shop, and only this table knows whose it is.
create table nudge_routes (
  tenant_id uuid not null,
  channel_id uuid not null,
  marketplace text not null,
  seller_hash text not null,
  site_hash text not null,
  primary key (tenant_id, channel_id),
  foreign key (tenant_id, channel_id) references sales_channels on delete cascade
);
create index nudge_routes_seller on nudge_routes (marketplace, seller_hash);
create index nudge_routes_site on nudge_routes (marketplace, site_hash);

-- Notifications that were taken, so that one told twice is done once. Of no tenant, and nothing but hashes.
create table nudge_inbox (
  marketplace text not null,
  nudge_hash text not null,
  received_at timestamptz not null default app_now(),
  primary key (marketplace, nudge_hash)
);
create index nudge_inbox_old on nudge_inbox (received_at);
