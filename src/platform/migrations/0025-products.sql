-- My products: what a parcel of a variant measures, what is kept but no longer sold, and changes of many products that can
-- be taken back.

alter table products add column archived_at timestamptz;
create index products_archived on products (tenant_id, title, id) where archived_at is not null;

alter table variants
  add column archived_at timestamptz,
  -- As it is packed, for marketplaces that ask for the size of the package.
  add column length_mm int check (length_mm > 0),
  add column width_mm int check (width_mm > 0),
  add column height_mm int check (height_mm > 0);

-- One change of many products.
create table product_edits (
  tenant_id uuid not null references tenants,
  id uuid not null,
  actor text not null,
  -- What was asked for, as the screen tells it.
  change jsonb not null,
  products int not null,
  created_at timestamptz not null default app_now(),
  undone_at timestamptz,
  undone_by text,
  primary key (tenant_id, id)
);

-- What each of them was before and became, so that undoing takes back nothing that was changed since.
create table product_edit_rows (
  tenant_id uuid not null,
  edit_id uuid not null,
  -- A product, or one of its variants.
  subject_id uuid not null,
  is_variant boolean not null,
  before jsonb not null,
  after jsonb not null,
  primary key (tenant_id, edit_id, subject_id),
  foreign key (tenant_id, edit_id) references product_edits on delete cascade
);

do $$
declare name text;
begin
  for name in select unnest(array['product_edits', 'product_edit_rows'])
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy tenant_wall on %I using (tenant_id = app_tenant()) with check (tenant_id = app_tenant())', name);
  end loop;
end $$;
