-- The ground: every table of a tenant starts its keys with tenant_id and is closed by forced row-level security (end of this file).
-- Time comes from app_now(), so that the simulation can run a month in a minute. Money is whole minor units beside its currency.

create function app_now() returns timestamptz language sql stable
  as $$ select coalesce(nullif(current_setting('app.now', true), '')::timestamptz, clock_timestamp()) $$;

create function app_tenant() returns uuid language sql stable
  as $$ select nullif(current_setting('app.tenant', true), '')::uuid $$;

create table tenants (
  id uuid primary key,
  name text not null,
  time_zone text not null default 'Europe/London',
  currency text not null default 'GBP',
  unmapped_keep_days int not null default 3 check (unmapped_keep_days between 0 and 365),
  created_at timestamptz not null default app_now()
);

-- Channels ---------------------------------------------------------------------------------------------------------

create table channel_accounts (
  tenant_id uuid not null references tenants,
  id uuid not null,
  connector text not null,
  -- The marketplace's own id of the seller: a token of another seller is refused when reauthorising.
  seller_id text not null,
  -- Null means the marketplace itself; a sandbox has its own address.
  base_url text,
  -- Sealed JSON of the connector's account fields.
  credentials bytea not null,
  state text not null default 'connected' check (state in ('connected', 'signed-out')),
  state_reason text,
  checked_at timestamptz,
  created_at timestamptz not null default app_now(),
  removed_at timestamptz,
  primary key (tenant_id, id)
);
create unique index channel_accounts_seller on channel_accounts (tenant_id, connector, seller_id) where removed_at is null;

create table shipping_services (
  tenant_id uuid not null references tenants,
  id uuid not null,
  name text not null,
  created_at timestamptz not null default app_now(),
  primary key (tenant_id, id)
);
create unique index shipping_services_name on shipping_services (tenant_id, lower(name));

create table sales_channels (
  tenant_id uuid not null references tenants,
  id uuid not null,
  account_id uuid not null,
  connector text not null,
  site_id text not null,
  site_name text not null,
  name text not null,
  enabled boolean not null default true,
  switched_at timestamptz,
  switched_by text,
  currency text not null,
  currencies text[] not null default '{}',
  stock_update boolean not null default false,
  price_update boolean not null default false,
  advertised_max int not null default 0 check (advertised_max between 0 and 1000000),
  stock_threshold int not null default 5 check (stock_threshold between 0 and 1000000),
  exclude_unmapped boolean not null default false,
  split_mixed boolean not null default false,
  default_shipping_service_id uuid,
  settings_version int not null default 1,
  order_cursor text,
  listing_cursor text,
  orders_synced_at timestamptz,
  listings_synced_at timestamptz,
  stock_synced_at timestamptz,
  prices_synced_at timestamptz,
  connected_at timestamptz not null default app_now(),
  removed_at timestamptz,
  removed_by text,
  primary key (tenant_id, id),
  foreign key (tenant_id, account_id) references channel_accounts,
  foreign key (tenant_id, default_shipping_service_id) references shipping_services,
  constraint one_unmapped_rule check (not (exclude_unmapped and split_mixed))
);
create unique index sales_channels_name on sales_channels (tenant_id, lower(name)) where removed_at is null;
create unique index sales_channels_site on sales_channels (tenant_id, account_id, site_id) where removed_at is null;

-- What is due, across tenants: no content in it, so it is exempt from row-level security and one scheduler reads it all.
create table channel_work (
  tenant_id uuid not null,
  channel_id uuid not null,
  operation text not null,
  every_seconds int not null check (every_seconds > 0),
  -- Confirmations of orders already here go on although the channel is switched off (A7).
  even_when_off boolean not null default false,
  -- Null: switched off, or signed out.
  due_at timestamptz,
  leased_until timestamptz,
  -- Raised by every claim; a later write of an older claim finds no row.
  fence bigint not null default 0,
  attempts int not null default 0,
  started_at timestamptz,
  finished_at timestamptz,
  last_refusal text,
  primary key (tenant_id, channel_id, operation),
  foreign key (tenant_id, channel_id) references sales_channels on delete cascade
);
create index channel_work_due on channel_work (due_at) where due_at is not null;

-- The same for work on a whole business; exempt likewise.
create table tenant_work (
  tenant_id uuid not null references tenants,
  job text not null,
  every_seconds int not null check (every_seconds > 0),
  due_at timestamptz not null,
  primary key (tenant_id, job)
);
create index tenant_work_due on tenant_work (due_at);

create table token_buckets (
  tenant_id uuid not null references tenants,
  account_id uuid not null,
  operation_class text not null,
  tokens double precision not null,
  refilled_at timestamptz not null,
  per_minute double precision not null check (per_minute > 0),
  burst double precision not null check (burst >= 1),
  blocked_until timestamptz,
  primary key (tenant_id, account_id, operation_class),
  foreign key (tenant_id, account_id) references channel_accounts on delete cascade
);

-- Long work a person may watch: a download of listings, an import of a file.
create table runs (
  tenant_id uuid not null references tenants,
  id uuid not null,
  kind text not null,
  channel_id uuid,
  state text not null default 'running' check (state in ('running', 'done', 'failed')),
  done int not null default 0,
  total int,
  counts jsonb not null default '{}',
  message text,
  started_at timestamptz not null default app_now(),
  finished_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, channel_id) references sales_channels
);
create index runs_recent on runs (tenant_id, kind, channel_id, started_at desc);

-- Catalogue --------------------------------------------------------------------------------------------------------

create table products (
  tenant_id uuid not null references tenants,
  id uuid not null,
  handle text not null,
  title text not null,
  description text not null default '',
  brand text,
  product_type text,
  category text,
  tags text[] not null default '{}',
  created_at timestamptz not null default app_now(),
  updated_at timestamptz not null default app_now(),
  primary key (tenant_id, id)
);
create unique index products_handle on products (tenant_id, handle);
create index products_title on products (tenant_id, title, id);

create table product_images (
  tenant_id uuid not null references tenants,
  id uuid not null,
  product_id uuid not null,
  position int not null,
  url text not null,
  alt text not null default '',
  primary key (tenant_id, id),
  unique (tenant_id, product_id, url),
  foreign key (tenant_id, product_id) references products on delete cascade
);

create table variants (
  tenant_id uuid not null references tenants,
  id uuid not null,
  product_id uuid not null,
  -- Case counts: 85123A and 85123a are two things.
  sku text not null,
  -- Letters and digits only, upper case: what auto-map compares second.
  sku_normalized text not null,
  title text not null default '',
  options jsonb not null default '{}',
  barcode text,
  price_minor bigint check (price_minor > 0),
  currency text not null,
  vat_rate_basis_points int check (vat_rate_basis_points between 0 and 10000),
  weight_grams int,
  image_url text,
  position int not null default 0,
  -- SKU, product title and variant title in lower case, for the search boxes.
  search_text text not null default '',
  created_at timestamptz not null default app_now(),
  updated_at timestamptz not null default app_now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, product_id) references products on delete cascade
);
create unique index variants_sku on variants (tenant_id, sku);
create index variants_sku_normalized on variants (tenant_id, sku_normalized);
create index variants_barcode on variants (tenant_id, barcode) where barcode is not null;
create index variants_product on variants (tenant_id, product_id);

create table suppliers (
  tenant_id uuid not null references tenants,
  id uuid not null,
  name text not null,
  -- The seller's own stock is a supplier like any other, built in.
  own_stock boolean not null default false,
  -- Smaller is asked first.
  preference int not null default 100,
  currency text not null,
  active boolean not null default true,
  lead_time_days int,
  -- Saved column mapping and file options of his stock file.
  file_mapping jsonb,
  created_at timestamptz not null default app_now(),
  primary key (tenant_id, id)
);
create unique index suppliers_name on suppliers (tenant_id, lower(name));
create unique index suppliers_own on suppliers (tenant_id) where own_stock;

create table supplier_offers (
  tenant_id uuid not null references tenants,
  id uuid not null,
  supplier_id uuid not null,
  variant_id uuid not null,
  supplier_sku text not null,
  -- Null is unknown, which is not 0: no purchase order can be written with it.
  cost_minor bigint check (cost_minor >= 0),
  currency text not null,
  -- Null is unknown, which is not 0: nothing is advertised or reserved from it.
  on_hand int check (on_hand >= 0),
  on_hand_at timestamptz,
  reserved int not null default 0 check (reserved >= 0),
  lead_time_days int,
  active boolean not null default true,
  created_at timestamptz not null default app_now(),
  updated_at timestamptz not null default app_now(),
  primary key (tenant_id, id),
  unique (tenant_id, supplier_id, variant_id),
  foreign key (tenant_id, supplier_id) references suppliers,
  foreign key (tenant_id, variant_id) references variants on delete cascade
);
create index supplier_offers_variant on supplier_offers (tenant_id, variant_id);
create index supplier_offers_sku on supplier_offers (tenant_id, supplier_id, supplier_sku);

-- on_hand of an offer is the sum of its movements (S1).
create table stock_movements (
  tenant_id uuid not null references tenants,
  id uuid not null,
  offer_id uuid not null,
  at timestamptz not null default app_now(),
  delta int not null,
  on_hand_after int not null,
  reason text not null check (reason in ('file', 'hand', 'dispatch', 'api')),
  reference text,
  actor text not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, offer_id) references supplier_offers on delete cascade
);
create index stock_movements_offer on stock_movements (tenant_id, offer_id, at);

-- Variants whose figures changed; written in the transaction of the change, taken by the stock job.
create table stock_marks (
  tenant_id uuid not null references tenants,
  id bigint generated always as identity,
  variant_id uuid not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, variant_id) references variants on delete cascade
);

-- Listings ---------------------------------------------------------------------------------------------------------

create table listings (
  tenant_id uuid not null references tenants,
  id uuid not null,
  channel_id uuid not null,
  marketplace_listing_id text not null,
  marketplace_variant_id text not null default '',
  channel_sku text,
  channel_sku_normalized text,
  title text not null,
  state text not null check (state in ('live', 'draft', 'ended', 'sold-out', 'suspended', 'unavailable', 'unknown')),
  marketplace_state text not null,
  quantity int,
  price_minor bigint,
  price_currency text,
  image_url text,
  url text,
  barcode text,
  condition text,
  zero_is_final boolean not null default false,
  takes_quantity boolean not null default true,
  search_text text not null default '',
  seen_at timestamptz not null default app_now(),
  -- Set when a whole download did not name it any more.
  missing_since timestamptz,
  created_at timestamptz not null default app_now(),
  primary key (tenant_id, id),
  unique (tenant_id, channel_id, marketplace_listing_id, marketplace_variant_id),
  foreign key (tenant_id, channel_id) references sales_channels
);
create index listings_sku on listings (tenant_id, channel_id, channel_sku);
create index listings_title on listings (tenant_id, channel_id, title, id);

create table sku_mappings (
  tenant_id uuid not null references tenants,
  id uuid not null,
  channel_id uuid not null,
  listing_id uuid not null,
  evidence text not null default 'hand' check (evidence in ('hand', 'sku', 'normalized-sku', 'barcode', 'file')),
  created_by text not null,
  created_at timestamptz not null default app_now(),
  primary key (tenant_id, id),
  unique (tenant_id, listing_id),
  foreign key (tenant_id, channel_id) references sales_channels,
  foreign key (tenant_id, listing_id) references listings on delete cascade
);

-- One variant once: a plain mapping. One variant n times: a pack. Several variants: a kit.
create table sku_mapping_components (
  tenant_id uuid not null references tenants,
  mapping_id uuid not null,
  variant_id uuid not null,
  quantity int not null check (quantity between 1 and 100000),
  primary key (tenant_id, mapping_id, variant_id),
  foreign key (tenant_id, mapping_id) references sku_mappings on delete cascade,
  foreign key (tenant_id, variant_id) references variants
);
create index sku_mapping_components_variant on sku_mapping_components (tenant_id, variant_id);

-- What a listing should show, what we told the marketplace, what it took and what we read back.
create table listing_targets (
  tenant_id uuid not null references tenants,
  listing_id uuid not null,
  kind text not null check (kind in ('stock', 'price')),
  channel_id uuid not null,
  -- Units, or minor units of `currency`. Null: not known, nothing is sent.
  desired bigint,
  currency text,
  -- Raised by every change of `desired`; an answer counts only for the version it was sent with.
  desired_version bigint not null default 0,
  desired_at timestamptz not null default app_now(),
  -- The pipeline step by step, as the screen tells it.
  reasons jsonb not null default '[]',
  -- Larger goes first: 2 falls to 0, 1 last units, 0 the rest.
  urgency int not null default 0,
  state text not null default 'settled'
    check (state in ('settled', 'due', 'in-flight', 'unclear', 'waiting-for-person', 'rejected')),
  fence bigint not null default 0,
  attempts int not null default 0,
  next_try_at timestamptz,
  sent bigint,
  sent_version bigint,
  sent_at timestamptz,
  accepted bigint,
  accepted_version bigint,
  accepted_at timestamptz,
  verified bigint,
  verified_at timestamptz,
  refusal text,
  primary key (tenant_id, listing_id, kind),
  foreign key (tenant_id, listing_id) references listings on delete cascade,
  foreign key (tenant_id, channel_id) references sales_channels
);
create index listing_targets_due on listing_targets (tenant_id, channel_id, kind, urgency desc, desired_at)
  where state in ('due', 'unclear');
create index listing_targets_in_flight on listing_targets (tenant_id, channel_id, kind) where state = 'in-flight';

create table listing_events (
  tenant_id uuid not null references tenants,
  id uuid not null,
  listing_id uuid not null,
  at timestamptz not null default app_now(),
  kind text not null,
  data jsonb not null default '{}',
  actor text not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, listing_id) references listings on delete cascade
);
create index listing_events_story on listing_events (tenant_id, listing_id, at, id);

-- Orders -----------------------------------------------------------------------------------------------------------

create table orders (
  tenant_id uuid not null references tenants,
  id uuid not null,
  channel_id uuid not null,
  marketplace_order_id text not null,
  bundle_id text,
  status text not null check (status in ('new', 'on-hold', 'awaiting-mapping', 'awaiting-shipping-mapping', 'awaiting-stock',
    'queued-for-payment', 'with-supplier', 'partly-dispatched', 'dispatched', 'cancelled', 'error')),
  -- Why it stands where it stands, in a word of ours.
  status_reason text,
  channel_status text not null,
  marketplace_status text not null,
  currency text not null,
  items_minor bigint not null,
  shipping_minor bigint not null,
  tax_minor bigint not null,
  total_minor bigint not null,
  shipping_service_name text,
  shipping_service_id uuid,
  local_pickup boolean not null default false,
  country_code text,
  placed_at timestamptz not null,
  marketplace_updated_at timestamptz not null,
  paid_at timestamptz,
  ship_by timestamptz,
  pinned boolean not null default false,
  -- An order none of whose lines is mapped: removed after some days (D3).
  unmapped boolean not null default false,
  settings_version int not null,
  -- Sealed JSON {buyer, shipTo}; deleted after the retention period.
  contact bytea,
  -- Order ids, SKUs and titles in lower case, for the search box. No buyer data.
  search_text text not null default '',
  imported_at timestamptz not null default app_now(),
  updated_at timestamptz not null default app_now(),
  primary key (tenant_id, id),
  unique (tenant_id, channel_id, marketplace_order_id),
  foreign key (tenant_id, channel_id) references sales_channels,
  foreign key (tenant_id, shipping_service_id) references shipping_services
);
create index orders_recent on orders (tenant_id, placed_at desc, id);
create index orders_by_status on orders (tenant_id, status, placed_at desc, id);
create index orders_by_channel on orders (tenant_id, channel_id, placed_at desc, id);

-- The marketplace's own text of an order, sealed.
create table order_bodies (
  tenant_id uuid not null references tenants,
  order_id uuid not null,
  body bytea not null,
  stored_at timestamptz not null default app_now(),
  primary key (tenant_id, order_id),
  foreign key (tenant_id, order_id) references orders on delete cascade
);

create table order_lines (
  tenant_id uuid not null references tenants,
  id uuid not null,
  order_id uuid not null,
  position int not null,
  marketplace_line_id text not null,
  marketplace_listing_id text,
  listing_id uuid,
  channel_sku text,
  title text not null,
  quantity int not null check (quantity > 0),
  unit_price_minor bigint not null,
  -- Whether a SKU mapping was found when the order was imported (B6).
  mapped boolean not null,
  primary key (tenant_id, id),
  unique (tenant_id, order_id, marketplace_line_id),
  foreign key (tenant_id, order_id) references orders on delete cascade,
  foreign key (tenant_id, listing_id) references listings
);

-- What a mapped line asks of our variants: its mapping as it was at import, times its quantity. Each is in one state (O3).
create table order_line_components (
  tenant_id uuid not null references tenants,
  id uuid not null,
  order_id uuid not null,
  order_line_id uuid not null,
  variant_id uuid not null,
  quantity_each int not null check (quantity_each > 0),
  quantity int not null check (quantity > 0),
  state text not null check (state in ('held', 'reserved', 'routed', 'dispatched', 'cancelled')),
  -- Why it is held: unpaid, on-hold, no-offer, no-stock, stock-unknown, cost-unknown, no-shipping-service.
  hold_reason text,
  primary key (tenant_id, id),
  unique (tenant_id, order_line_id, variant_id),
  foreign key (tenant_id, order_id) references orders on delete cascade,
  foreign key (tenant_id, order_line_id) references order_lines on delete cascade,
  foreign key (tenant_id, variant_id) references variants
);
create index order_line_components_order on order_line_components (tenant_id, order_id);
create index order_line_components_held on order_line_components (tenant_id, variant_id) where state = 'held';

create table reservations (
  tenant_id uuid not null references tenants,
  id uuid not null,
  component_id uuid not null,
  offer_id uuid not null,
  quantity int not null check (quantity > 0),
  state text not null default 'active' check (state in ('active', 'released', 'dispatched')),
  created_at timestamptz not null default app_now(),
  ended_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, component_id) references order_line_components on delete cascade,
  foreign key (tenant_id, offer_id) references supplier_offers
);
create unique index reservations_active on reservations (tenant_id, component_id) where state = 'active';
create index reservations_offer on reservations (tenant_id, offer_id) where state = 'active';

create table order_events (
  tenant_id uuid not null references tenants,
  id uuid not null,
  order_id uuid not null,
  at timestamptz not null default app_now(),
  kind text not null,
  data jsonb not null default '{}',
  actor text not null,
  settings_version int,
  primary key (tenant_id, id),
  foreign key (tenant_id, order_id) references orders on delete cascade
);
create index order_events_story on order_events (tenant_id, order_id, at, id);

-- Orders that were not imported or were removed (D2, D3): repeats and sweeps leave them out. No buyer data.
create table skipped_orders (
  tenant_id uuid not null references tenants,
  channel_id uuid not null,
  marketplace_order_id text not null,
  reason text not null check (reason in ('excluded-unmapped', 'excluded-mixed', 'removed-unmapped')),
  at timestamptz not null default app_now(),
  primary key (tenant_id, channel_id, marketplace_order_id),
  foreign key (tenant_id, channel_id) references sales_channels
);

-- Purchasing and shipping ------------------------------------------------------------------------------------------

create table counters (
  tenant_id uuid not null references tenants,
  name text not null,
  value bigint not null default 0,
  primary key (tenant_id, name)
);

create table purchase_orders (
  tenant_id uuid not null references tenants,
  id uuid not null,
  number text not null,
  order_id uuid not null,
  supplier_id uuid not null,
  split_number int not null default 1,
  revision int not null default 1,
  state text not null check (state in ('queued-for-payment', 'sent', 'in-doubt', 'partly-dispatched', 'dispatched', 'cancelled')),
  payment_gate text not null default 'open' check (payment_gate in ('open', 'waiting')),
  shipping_service_id uuid,
  currency text not null,
  cost_minor bigint not null,
  sent_at timestamptz,
  cancelled_at timestamptz,
  created_at timestamptz not null default app_now(),
  primary key (tenant_id, id),
  unique (tenant_id, number),
  unique (tenant_id, order_id, supplier_id, split_number, revision),
  foreign key (tenant_id, order_id) references orders,
  foreign key (tenant_id, supplier_id) references suppliers
);
create index purchase_orders_supplier on purchase_orders (tenant_id, supplier_id, created_at desc);

create table purchase_order_lines (
  tenant_id uuid not null references tenants,
  id uuid not null,
  purchase_order_id uuid not null,
  component_id uuid not null,
  offer_id uuid not null,
  variant_id uuid not null,
  supplier_sku text not null,
  title text not null,
  quantity int not null check (quantity > 0),
  cost_minor bigint not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, purchase_order_id) references purchase_orders on delete cascade,
  foreign key (tenant_id, component_id) references order_line_components,
  foreign key (tenant_id, offer_id) references supplier_offers
);
create index purchase_order_lines_order on purchase_order_lines (tenant_id, purchase_order_id);
create index purchase_order_lines_component on purchase_order_lines (tenant_id, component_id);

create table shipments (
  tenant_id uuid not null references tenants,
  id uuid not null,
  order_id uuid not null,
  purchase_order_id uuid,
  package_number int not null,
  carrier text not null,
  tracking_number text not null,
  shipped_at timestamptz not null,
  entered_by text not null,
  created_at timestamptz not null default app_now(),
  primary key (tenant_id, id),
  unique (tenant_id, order_id, package_number),
  unique (tenant_id, order_id, carrier, tracking_number),
  foreign key (tenant_id, order_id) references orders,
  foreign key (tenant_id, purchase_order_id) references purchase_orders
);

create table shipment_lines (
  tenant_id uuid not null references tenants,
  shipment_id uuid not null,
  component_id uuid not null,
  quantity int not null check (quantity > 0),
  primary key (tenant_id, shipment_id, component_id),
  foreign key (tenant_id, shipment_id) references shipments on delete cascade,
  foreign key (tenant_id, component_id) references order_line_components
);

-- Every outside write that is not a listing's figure: intent, call, answer, read-back where unclear.
create table effects (
  tenant_id uuid not null references tenants,
  id uuid not null,
  channel_id uuid,
  kind text not null check (kind in ('confirm-shipment')),
  -- From the business, never from the attempt: "<marketplace order id>/<package number>".
  business_key text not null,
  subject_id uuid not null,
  state text not null default 'intended' check (state in ('intended', 'in-flight', 'applied', 'rejected', 'unknown')),
  fence bigint not null default 0,
  attempts int not null default 0,
  next_try_at timestamptz,
  reference text,
  refusal text,
  created_at timestamptz not null default app_now(),
  settled_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, channel_id, kind, business_key),
  foreign key (tenant_id, channel_id) references sales_channels
);
create index effects_open on effects (tenant_id, channel_id, kind, next_try_at) where state in ('intended', 'in-flight', 'unknown');

-- Around -----------------------------------------------------------------------------------------------------------

-- Something a person must look at. One open problem per key.
create table problems (
  tenant_id uuid not null references tenants,
  id uuid not null,
  key text not null,
  kind text not null,
  channel_id uuid,
  order_id uuid,
  listing_id uuid,
  supplier_id uuid,
  data jsonb not null default '{}',
  opened_at timestamptz not null default app_now(),
  last_seen_at timestamptz not null default app_now(),
  closed_at timestamptz,
  primary key (tenant_id, id)
);
create unique index problems_open on problems (tenant_id, key) where closed_at is null;

create table file_imports (
  tenant_id uuid not null references tenants,
  id uuid not null,
  kind text not null check (kind in ('shopify-products', 'supplier-stock')),
  supplier_id uuid,
  file_name text not null,
  size_bytes bigint not null,
  state text not null check (state in ('reading', 'held', 'applied', 'discarded', 'failed')),
  -- Delimiter, encoding, decimal mark and columns as used.
  layout jsonb not null default '{}',
  rows_read int not null default 0,
  rows_applied int not null default 0,
  rows_unchanged int not null default 0,
  rows_refused int not null default 0,
  -- Why it is held back (E1), each with its figures.
  held_because jsonb not null default '[]',
  -- What a person should know although nothing is wrong, in sentences.
  notes jsonb not null default '[]',
  failure text,
  actor text not null,
  started_at timestamptz not null default app_now(),
  finished_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, supplier_id) references suppliers
);
create index file_imports_recent on file_imports (tenant_id, kind, supplier_id, started_at desc);

create table file_import_refusals (
  tenant_id uuid not null references tenants,
  import_id uuid not null,
  line int not null,
  position int not null,
  column_name text,
  reason text not null,
  row_text text not null,
  -- The row was taken all the same; only this cell was left out.
  row_taken boolean not null default false,
  primary key (tenant_id, import_id, line, position),
  foreign key (tenant_id, import_id) references file_imports on delete cascade
);

-- The readable rows of a supplier's file, kept until it is applied or discarded.
create table supplier_file_rows (
  tenant_id uuid not null references tenants,
  import_id uuid not null,
  line int not null,
  supplier_sku text not null,
  on_hand int,
  cost_minor bigint,
  primary key (tenant_id, import_id, line),
  foreign key (tenant_id, import_id) references file_imports on delete cascade
);

create table audit_events (
  tenant_id uuid not null references tenants,
  id uuid not null,
  at timestamptz not null default app_now(),
  actor text not null,
  action text not null,
  subject text not null,
  data jsonb not null default '{}',
  primary key (tenant_id, id)
);
create index audit_events_recent on audit_events (tenant_id, at desc);

-- The wall between tenants -----------------------------------------------------------------------------------------

do $$
declare name text;
begin
  for name in
    select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname not in ('channel_work', 'tenant_work')
    order by 1
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy tenant_wall on %I using (tenant_id = app_tenant()) with check (tenant_id = app_tenant())', name);
  end loop;
end $$;

alter table tenants enable row level security;
alter table tenants force row level security;
create policy tenant_wall on tenants using (id = app_tenant()) with check (id = app_tenant());
