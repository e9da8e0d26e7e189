-- Listing products from here: what a seller says of a product for one sales channel, what is asked of the marketplace, and
-- what it answered. A listing itself stays where downloads put it (`listings`), bound to our variants by `sku_mappings`.

-- Pictures ---------------------------------------------------------------------------------------------------------

-- Uploaded by the seller, already within what every marketplace takes. Served under a signed address.
create table pictures (
  tenant_id uuid not null references tenants,
  id uuid not null,
  -- The same picture uploaded twice is one.
  sha256 bytea not null,
  content_type text not null check (content_type in ('image/jpeg', 'image/png')),
  width int not null check (width > 0),
  height int not null check (height > 0),
  content bytea not null,
  created_at timestamptz not null default app_now(),
  primary key (tenant_id, id),
  unique (tenant_id, sha256)
);
alter table pictures alter column content set storage external;

-- Either an address elsewhere, or a picture of ours: then the url is its signed path.
alter table product_images add column picture_id uuid,
  add foreign key (tenant_id, picture_id) references pictures;

-- What is said for a sales channel ---------------------------------------------------------------------------------

-- A row from the first thing said; without one a product goes out as it is in the catalogue.
create table channel_products (
  tenant_id uuid not null,
  channel_id uuid not null,
  product_id uuid not null,
  -- Null: the product's own.
  title text,
  description text,
  -- The marketplace's category, and its path as a person reads it.
  category_id text,
  category_path text,
  -- By the marketplace's own keys, as in `ListingDraft.attributes`.
  attributes jsonb not null default '{}',
  template_id uuid,
  updated_at timestamptz not null default app_now(),
  primary key (tenant_id, channel_id, product_id),
  foreign key (tenant_id, channel_id) references sales_channels,
  foreign key (tenant_id, product_id) references products on delete cascade
);
create index channel_products_product on channel_products (tenant_id, product_id);

create table channel_variants (
  tenant_id uuid not null,
  channel_id uuid not null,
  variant_id uuid not null,
  -- Left out of its product's listing where false.
  included boolean not null default true,
  -- Null: the product's with the variant's; only where each variant is a listing of its own.
  title text,
  -- What tells variations apart, by the marketplace's keys. Empty: from the variant's options.
  attributes jsonb not null default '{}',
  -- The listing's own selling price inc. VAT. Null: the rule's, or the variant's.
  price_minor bigint check (price_minor > 0),
  -- What the buyer is charged for shipping, ex VAT. Null: the rule's service, or nothing said.
  shipping_minor bigint check (shipping_minor >= 0),
  currency text,
  updated_at timestamptz not null default app_now(),
  primary key (tenant_id, channel_id, variant_id),
  foreign key (tenant_id, channel_id) references sales_channels,
  foreign key (tenant_id, variant_id) references variants on delete cascade,
  constraint money_has_currency check (currency is not null or price_minor is null and shipping_minor is null)
);
create index channel_variants_variant on channel_variants (tenant_id, variant_id);

create table listing_templates (
  tenant_id uuid not null references tenants,
  id uuid not null,
  channel_id uuid not null,
  name text not null,
  -- Of our catalogue: products of it are offered this template. Null: any.
  catalogue_category text,
  category_id text not null,
  category_path text not null,
  attributes jsonb not null default '{}',
  -- With {title}, {brand}, {sku} and the like where the product's own are to stand. Null: the product's own.
  title_pattern text,
  description_pattern text,
  created_at timestamptz not null default app_now(),
  updated_at timestamptz not null default app_now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, channel_id) references sales_channels
);
create unique index listing_templates_name on listing_templates (tenant_id, channel_id, lower(name));

-- What is asked of the marketplace ---------------------------------------------------------------------------------

-- One product listed, updated or deleted there; where each variant is a listing of its own, one variant.
-- The intent of an outside write: claimed under a fence, and read back where the answer was lost.
create table listing_changes (
  tenant_id uuid not null,
  id uuid not null,
  run_id uuid not null,
  channel_id uuid not null,
  product_id uuid not null,
  variant_id uuid,
  action text not null check (action in ('list', 'update', 'delete')),
  state text not null default 'waiting'
    check (state in ('waiting', 'in-flight', 'unclear', 'in-review', 'done', 'refused', 'stopped')),
  fence bigint not null default 0,
  attempts int not null default 0,
  next_try_at timestamptz not null default app_now(),
  -- What was sent last, to tell what is live from what is said now.
  draft jsonb,
  -- The marketplace's name for what it took for processing.
  ticket text,
  marketplace_listing_id text,
  -- Why not, part by part: what is wrong, what to do, the marketplace's own words.
  faults jsonb not null default '[]',
  asked_by text not null,
  created_at timestamptz not null default app_now(),
  settled_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, run_id) references runs,
  foreign key (tenant_id, channel_id) references sales_channels,
  foreign key (tenant_id, product_id) references products on delete cascade,
  foreign key (tenant_id, variant_id) references variants on delete cascade
);
-- R4: nothing is asked twice while it is open.
create unique index listing_changes_open on listing_changes (tenant_id, channel_id, product_id, variant_id) nulls not distinct
  where state in ('waiting', 'in-flight', 'unclear', 'in-review');
create index listing_changes_due on listing_changes (tenant_id, channel_id, next_try_at)
  where state in ('waiting', 'in-flight', 'unclear', 'in-review');
create index listing_changes_last on listing_changes (tenant_id, channel_id, product_id, id desc);
create index listing_changes_run on listing_changes (tenant_id, run_id, state);

-- Listings that came of a change of ours (F3: listed by Fairlead).
alter table listings add column listed_here_at timestamptz;
alter table sku_mappings drop constraint sku_mappings_evidence_check,
  add constraint sku_mappings_evidence_check
    check (evidence in ('hand', 'sku', 'normalized-sku', 'barcode', 'file', 'listed'));

-- The marketplace's own categories, as it told them last -------------------------------------------------------------

create table channel_categories (
  tenant_id uuid not null,
  channel_id uuid not null,
  id text not null,
  parent_id text,
  name text not null,
  -- From the top, "Home › Kitchen › Mugs".
  path text not null,
  search_text text not null,
  is_leaf boolean not null,
  may_list boolean not null,
  -- Set when a later reading did not name it any more.
  retired_at timestamptz,
  primary key (tenant_id, channel_id, id),
  foreign key (tenant_id, channel_id) references sales_channels on delete cascade
);
create index channel_categories_parent on channel_categories (tenant_id, channel_id, parent_id);

create table channel_category_attributes (
  tenant_id uuid not null,
  channel_id uuid not null,
  category_id text not null,
  -- `ListingAttribute[]`, and the `ListingLimits` of the category.
  attributes jsonb not null,
  limits jsonb not null,
  read_at timestamptz not null default app_now(),
  primary key (tenant_id, channel_id, category_id),
  foreign key (tenant_id, channel_id) references sales_channels on delete cascade
);
alter table sales_channels add column categories_read_at timestamptz;

do $$
declare name text;
begin
  for name in
    select unnest(array['pictures', 'channel_products', 'channel_variants', 'listing_templates', 'listing_changes',
      'channel_categories', 'channel_category_attributes'])
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy tenant_wall on %I using (tenant_id = app_tenant()) with check (tenant_id = app_tenant())', name);
  end loop;
end $$;
