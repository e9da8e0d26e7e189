-- Pricing rules (F7): how selling prices are made from costs, what they made, and prices that wait for a person.

create table pricing_rules (
  tenant_id uuid not null references tenants,
  id uuid not null,
  version int not null default 1,
  name text not null,
  -- Among rules that are equally specific the first wins.
  position int not null,
  -- Off: what it priced stays as it is, and it prices nothing new.
  active boolean not null default true,
  -- Empty: all sales channels.
  channel_ids uuid[] not null default '{}',
  scope_kind text not null check (scope_kind in ('all', 'suppliers', 'categories', 'products')),
  currency text not null,
  -- Null: shipping is not added.
  shipping_service_id uuid,
  markup_kind text not null check (markup_kind in ('amount', 'percent', 'margin')),
  -- Minor units, or basis points.
  markup bigint not null check (markup >= 0),
  fee_basis_points int not null check (fee_basis_points between 0 and 9900),
  fee_fixed_minor bigint not null check (fee_fixed_minor >= 0),
  vat_from text not null check (vat_from in ('variant', 'rule')),
  vat_rate_basis_points int check (vat_rate_basis_points between 0 and 10000),
  ending_minor int check (ending_minor >= 0),
  ending_every int check (ending_every in (10, 100, 1000, 10000)),
  floor_minor bigint check (floor_minor > 0),
  ceiling_minor bigint check (ceiling_minor > 0),
  changed_by text not null,
  changed_at timestamptz not null default app_now(),
  -- Its number stays in history and prices; its name is free again.
  deleted_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, shipping_service_id) references shipping_services,
  constraint margin_below_all check (markup_kind <> 'margin' or markup <= 9900),
  constraint rule_vat_is_known check (vat_from = 'variant' or vat_rate_basis_points is not null),
  constraint whole_ending check ((ending_minor is null) = (ending_every is null) and ending_minor < ending_every),
  constraint floor_below_ceiling check (floor_minor <= ceiling_minor)
);
create unique index pricing_rules_name on pricing_rules (tenant_id, lower(name)) where deleted_at is null;

-- What a rule is for, one row each; none for a rule for all.
create table pricing_rule_scopes (
  tenant_id uuid not null,
  rule_id uuid not null,
  -- A supplier's or product's id, or the name of a category.
  value text not null,
  primary key (tenant_id, rule_id, value),
  foreign key (tenant_id, rule_id) references pricing_rules on delete cascade
);

-- Every version, with who made it.
create table pricing_rule_versions (
  tenant_id uuid not null,
  rule_id uuid not null,
  version int not null,
  what text not null check (what in ('added', 'changed', 'switched-on', 'switched-off', 'moved', 'deleted')),
  active boolean not null,
  position int not null,
  -- As it was typed.
  rule jsonb not null,
  -- Saved after its preview was seen: that counts as the approval of what it changes (R2).
  approved boolean not null,
  actor text not null,
  at timestamptz not null default app_now(),
  primary key (tenant_id, rule_id, version),
  foreign key (tenant_id, rule_id) references pricing_rules on delete cascade
);

-- What rules made, for every variant they are for on every sales channel. Always what the pure function would answer.
create table rule_prices (
  tenant_id uuid not null,
  channel_id uuid not null,
  variant_id uuid not null,
  rule_id uuid not null,
  rule_version int not null,
  -- Null: held, and then why.
  price_minor bigint check (price_minor > 0),
  currency text not null,
  held text,
  -- What it was made from: in the currency of the price, with VAT that does not come back.
  offer_id uuid,
  cost_minor bigint,
  shipping_minor bigint,
  vat_rate_basis_points int,
  -- Of the supplier's currency into that of the price, as it was known then. Null: the same currency.
  rate numeric(20, 10),
  rate_on_date date,
  rate_source text,
  computed_at timestamptz not null default app_now(),
  primary key (tenant_id, channel_id, variant_id),
  foreign key (tenant_id, variant_id) references variants on delete cascade,
  constraint priced_or_held check ((price_minor is null) = (held is not null))
);
create index rule_prices_variant on rule_prices (tenant_id, variant_id);

-- All prices are to be worked out anew, from the first variant to the last: a rule changed, a rate, a cost of shipping.
create table price_sweeps (
  tenant_id uuid not null references tenants,
  id bigint generated always as identity,
  -- Done up to here.
  after_variant uuid,
  done int not null default 0,
  -- Who confirmed the preview: then large steps do not wait.
  approved_by text,
  created_at timestamptz not null default app_now(),
  primary key (tenant_id, id)
);

-- A person's word that a listing may have a price that is a loss or below the floor: down to so much, until its cost rises.
create table price_approvals (
  tenant_id uuid not null,
  listing_id uuid not null,
  down_to_minor bigint not null check (down_to_minor > 0),
  currency text not null,
  -- Cost, shipping and all that does not depend on the price, as it was then.
  cost_minor bigint not null,
  actor text not null,
  at timestamptz not null default app_now(),
  primary key (tenant_id, listing_id),
  foreign key (tenant_id, listing_id) references listings on delete cascade
);

-- Wants a person's say before it is sent, whatever comes back of an earlier figure meanwhile.
alter table listing_targets add column waits boolean not null default false;

alter table tenants
  add column price_step_max_basis_points int not null default 3000 check (price_step_max_basis_points between 100 and 100000),
  add column price_listings_max int not null default 1000 check (price_listings_max between 1 and 1000000);

do $$
declare name text;
begin
  for name in
    select unnest(array['pricing_rules', 'pricing_rule_scopes', 'pricing_rule_versions', 'rule_prices', 'price_sweeps',
      'price_approvals'])
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy tenant_wall on %I using (tenant_id = app_tenant()) with check (tenant_id = app_tenant())', name);
  end loop;
end $$;
