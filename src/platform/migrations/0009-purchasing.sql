-- From order to supplier to tracking, with money right: shipping mapping, landed cost, terms, invoices, ways to suppliers.

alter table tenants
  -- Whether VAT that suppliers charge comes back: then offers are compared without it.
  add column reclaims_vat boolean not null default true,
  -- Buyer data goes so many days after an order is over.
  add column buyer_data_days int not null default 30 check (buyer_data_days between 0 and 365),
  -- So long before its ship-by time an order that has not left becomes a problem.
  add column deadline_warning_hours int not null default 24 check (deadline_warning_hours between 1 and 336);

-- Shipping (C) -----------------------------------------------------------------------------------------------------

alter table shipping_services add column active boolean not null default true;

-- Which of our shipping services a supplier offers, and at what cost. In his currency.
create table supplier_services (
  tenant_id uuid not null references tenants,
  supplier_id uuid not null,
  shipping_service_id uuid not null,
  carrier text not null,
  -- For one purchase order, without VAT. Null is unknown, which is not 0.
  cost_minor bigint check (cost_minor >= 0),
  vat_rate_basis_points int not null default 0 check (vat_rate_basis_points between 0 and 10000),
  delivery_days int check (delivery_days between 0 and 365),
  tracked boolean not null default true,
  active boolean not null default true,
  primary key (tenant_id, supplier_id, shipping_service_id),
  foreign key (tenant_id, supplier_id) references suppliers on delete cascade,
  foreign key (tenant_id, shipping_service_id) references shipping_services on delete cascade
);

-- What a sales channel calls its shipping services: as it names them, and as seen on its orders.
create table channel_services (
  tenant_id uuid not null references tenants,
  channel_id uuid not null,
  -- As it stands on orders.
  service text not null,
  label text not null,
  seen_on_orders boolean not null default false,
  seen_at timestamptz not null default app_now(),
  primary key (tenant_id, channel_id, service),
  foreign key (tenant_id, channel_id) references sales_channels on delete cascade
);

create table shipping_mappings (
  tenant_id uuid not null references tenants,
  channel_id uuid not null,
  service text not null,
  shipping_service_id uuid not null,
  created_by text not null,
  created_at timestamptz not null default app_now(),
  primary key (tenant_id, channel_id, service),
  foreign key (tenant_id, channel_id) references sales_channels on delete cascade,
  foreign key (tenant_id, shipping_service_id) references shipping_services
);

-- Suppliers --------------------------------------------------------------------------------------------------------

alter table suppliers
  add column terms text not null default 'on-account' check (terms in ('prepaid', 'on-account')),
  add column payment_days int not null default 30 check (payment_days between 0 and 365),
  -- In his currency. Null: no limit.
  add column credit_limit_minor bigint check (credit_limit_minor >= 0),
  add column invoice_per text not null default 'purchase-order' check (invoice_per in ('purchase-order', 'day')),
  add column charges_vat boolean not null default false,
  -- Where a variant has no rate of its own.
  add column vat_rate_basis_points int not null default 2000 check (vat_rate_basis_points between 0 and 10000),
  -- ISO 3166-1 alpha-2. Null: everywhere.
  add column ship_to_countries text[],
  add column postal_address text not null default '',
  add column vat_number text,
  add column order_way text not null default 'screen' check (order_way in ('screen', 'email', 'sftp', 'webhook')),
  add column order_email text,
  -- Sealed JSON: his SFTP server and our webhook to him, with their secrets; and what of it may be shown.
  add column connection bytea,
  add column connection_shown jsonb not null default '{}',
  -- Tracking files are taken from his SFTP folder.
  add column picks_up_tracking boolean not null default false,
  add constraint prepaid_each_alone check (terms <> 'prepaid' or invoice_per = 'purchase-order');

-- What one unit of a currency is worth in another, on a day, by whom.
create table exchange_rates (
  tenant_id uuid not null references tenants,
  id uuid not null,
  from_currency text not null,
  to_currency text not null,
  rate numeric(20, 10) not null check (rate > 0),
  on_date date not null,
  source text not null,
  entered_by text not null,
  created_at timestamptz not null default app_now(),
  primary key (tenant_id, id),
  unique (tenant_id, from_currency, to_currency, on_date)
);

-- Files that a supplier's SFTP folder had and that were taken, so that none is read twice.
create table supplier_files_taken (
  tenant_id uuid not null references tenants,
  supplier_id uuid not null,
  file_name text not null,
  content_hash text not null,
  import_id uuid,
  taken_at timestamptz not null default app_now(),
  primary key (tenant_id, supplier_id, file_name, content_hash),
  foreign key (tenant_id, supplier_id) references suppliers on delete cascade
);

-- A supplier's stock file that is fetched by itself (E1).
create table supplier_feeds (
  tenant_id uuid not null references tenants,
  id uuid not null,
  supplier_id uuid not null,
  source text not null check (source in ('url', 'sftp')),
  -- Sealed JSON: address and secrets; and what of it may be shown.
  settings bytea not null,
  shown jsonb not null default '{}',
  every_minutes int not null default 60 check (every_minutes between 5 and 10080),
  active boolean not null default true,
  due_at timestamptz not null default app_now(),
  leased_until timestamptz,
  fence bigint not null default 0,
  started_at timestamptz,
  finished_at timestamptz,
  -- Null: it went well.
  refusal text,
  failures int not null default 0,
  -- Of what was taken last: an unchanged file is not read again.
  content_hash text,
  etag text,
  last_import_id uuid,
  created_by text not null,
  created_at timestamptz not null default app_now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, supplier_id) references suppliers on delete cascade
);
create index supplier_feeds_supplier on supplier_feeds (tenant_id, supplier_id);

alter table file_imports drop constraint file_imports_kind_check,
  add constraint file_imports_kind_check check (kind in ('shopify-products', 'supplier-stock', 'tracking'));
alter table file_imports add column feed_id uuid;

-- Orders -----------------------------------------------------------------------------------------------------------

-- Null: entered by hand.
alter table orders alter column channel_id drop not null;
create unique index orders_by_hand on orders (tenant_id, marketplace_order_id) where channel_id is null;
alter table orders
  add column shipping_because text check (shipping_because in ('mapping', 'default', 'person')),
  -- Dispatched or cancelled since: from then on the days of its buyer data are counted.
  add column closed_at timestamptz,
  add column entered_by text;
create index orders_ship_by on orders (tenant_id, ship_by) where ship_by is not null and closed_at is null;
create index orders_forget on orders (tenant_id, closed_at) where contact is not null;

-- Units that are cut from a line become a component of their own, so that each stays in one state.
alter table order_line_components drop constraint order_line_components_tenant_id_order_line_id_variant_id_key;
create index order_line_components_line on order_line_components (tenant_id, order_line_id, variant_id);

alter table sales_channels
  -- The nightly comparison with the orders of the last 30 days (O5).
  add column reconcile_cursor text,
  add column reconcile_since timestamptz,
  add column reconciled_at timestamptz;

-- Purchase orders --------------------------------------------------------------------------------------------------

alter table purchase_orders drop constraint purchase_orders_state_check,
  add constraint purchase_orders_state_check check (state in ('queued-for-payment', 'to-send', 'sent', 'in-doubt', 'accepted',
    'partly-dispatched', 'dispatched', 'cancelled')),
  -- Why it waits for payment.
  add column gate_reason text check (gate_reason in ('prepaid', 'credit-limit')),
  -- Without VAT; cost_minor is the goods alone.
  add column shipping_minor bigint not null default 0,
  add column shipping_vat_basis_points int not null default 0,
  add column vat_minor bigint not null default 0,
  add column carrier text,
  -- One unit of its currency in the order's, for comparing cost and price. Null: the same currency, or no rate was known.
  add column rate numeric(20, 10),
  add column rate_date date,
  add column rate_source text,
  add column invoice_id uuid,
  add column order_way text not null default 'screen' check (order_way in ('screen', 'email', 'sftp', 'webhook')),
  add column accepted_at timestamptz,
  add column supplier_reference text,
  add column cancelled_by text check (cancelled_by in ('seller', 'supplier', 'marketplace')),
  add column cancel_reason text;
create index purchase_orders_order on purchase_orders (tenant_id, order_id);
create index purchase_orders_waiting on purchase_orders (tenant_id, supplier_id, id) where state = 'queued-for-payment';

alter table purchase_order_lines
  add column cancelled_quantity int not null default 0,
  add column vat_rate_basis_points int not null default 0,
  add constraint cancelled_at_most_all check (cancelled_quantity between 0 and quantity);

alter table effects drop constraint effects_kind_check,
  add constraint effects_kind_check check (kind in ('confirm-shipment', 'cancel-order', 'send-purchase-order')),
  -- Whom it goes to, where that is no marketplace.
  add column supplier_id uuid,
  -- What the other side called it while it works on it.
  add column ticket text,
  add column data jsonb not null default '{}',
  drop constraint effects_tenant_id_channel_id_kind_business_key_key,
  add constraint effects_once unique nulls not distinct (tenant_id, channel_id, kind, business_key);
create index effects_supplier on effects (tenant_id, supplier_id, next_try_at) where supplier_id is not null and state in ('intended', 'in-flight', 'unknown');
create index effects_subject on effects (tenant_id, subject_id);

-- Invoices (D8) ----------------------------------------------------------------------------------------------------

create table invoices (
  tenant_id uuid not null references tenants,
  id uuid not null,
  -- Given when it is issued, without gaps; a draft has none.
  number text,
  kind text not null check (kind in ('invoice', 'credit-note')),
  supplier_id uuid not null,
  -- Of a credit note.
  credits_invoice_id uuid,
  state text not null check (state in ('draft', 'unpaid', 'part-paid', 'paid', 'credited')),
  currency text not null,
  goods_minor bigint not null,
  shipping_minor bigint not null,
  vat_minor bigint not null,
  total_minor bigint not null,
  paid_minor bigint not null default 0,
  credited_minor bigint not null default 0,
  -- The day it collects, where the supplier's terms say one a day.
  for_day date,
  issued_at timestamptz,
  due_on date,
  created_at timestamptz not null default app_now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, supplier_id) references suppliers,
  foreign key (tenant_id, credits_invoice_id) references invoices,
  constraint adds_up check (total_minor = goods_minor + shipping_minor + vat_minor),
  constraint number_when_issued check ((number is null) = (state = 'draft')),
  constraint credit_note_credits check ((kind = 'credit-note') = (credits_invoice_id is not null))
);
create unique index invoices_number on invoices (tenant_id, number) where number is not null;
create unique index invoices_day on invoices (tenant_id, supplier_id, currency, for_day) where state = 'draft';
create index invoices_supplier on invoices (tenant_id, supplier_id, id desc);
create index invoices_open on invoices (tenant_id, supplier_id, due_on) where state in ('draft', 'unpaid', 'part-paid');
create index invoices_credits on invoices (tenant_id, credits_invoice_id) where credits_invoice_id is not null;
alter table purchase_orders add foreign key (tenant_id, invoice_id) references invoices;
create index purchase_orders_invoice on purchase_orders (tenant_id, invoice_id);

create table invoice_lines (
  tenant_id uuid not null references tenants,
  id uuid not null,
  invoice_id uuid not null,
  position int not null,
  purchase_order_id uuid not null,
  -- Null: shipping.
  purchase_order_line_id uuid,
  text text not null,
  quantity int not null check (quantity > 0),
  -- Of one unit, without VAT.
  unit_minor bigint not null,
  net_minor bigint not null,
  vat_rate_basis_points int not null,
  vat_minor bigint not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, invoice_id) references invoices on delete cascade,
  foreign key (tenant_id, purchase_order_id) references purchase_orders
);
create index invoice_lines_invoice on invoice_lines (tenant_id, invoice_id, position);
create index invoice_lines_order on invoice_lines (tenant_id, purchase_order_id);

create table payments (
  tenant_id uuid not null references tenants,
  id uuid not null,
  supplier_id uuid not null,
  invoice_id uuid not null,
  -- Negative: a payment taken back.
  amount_minor bigint not null check (amount_minor <> 0),
  currency text not null,
  paid_on date not null,
  method text not null default '',
  reference text not null default '',
  entered_by text not null,
  created_at timestamptz not null default app_now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, invoice_id) references invoices,
  foreign key (tenant_id, supplier_id) references suppliers
);
create index payments_invoice on payments (tenant_id, invoice_id);

-- Double entry. Appended to and never changed; within one transaction and currency debit and credit are equal (P4).
create table ledger_entries (
  tenant_id uuid not null references tenants,
  id uuid not null,
  -- The invoice, credit note or payment that it books.
  transaction_id uuid not null,
  at timestamptz not null default app_now(),
  supplier_id uuid not null,
  account text not null check (account in ('purchases', 'shipping', 'input-vat', 'payables', 'bank')),
  currency text not null,
  debit_minor bigint not null default 0 check (debit_minor >= 0),
  credit_minor bigint not null default 0 check (credit_minor >= 0),
  primary key (tenant_id, id),
  foreign key (tenant_id, supplier_id) references suppliers,
  constraint one_side check ((debit_minor = 0) <> (credit_minor = 0))
);
create index ledger_entries_transaction on ledger_entries (tenant_id, transaction_id);
create index ledger_entries_supplier on ledger_entries (tenant_id, supplier_id, at);

create function refuse_change() returns trigger language plpgsql
  as $$ begin raise exception '% is append-only', tg_table_name; end $$;
create trigger append_only before update or delete on ledger_entries for each statement execute function refuse_change();

-- People -----------------------------------------------------------------------------------------------------------

alter table auth.members drop constraint members_role_check,
  add constraint members_role_check check (role in ('owner', 'manager', 'operator', 'viewer', 'supplier')),
  add column supplier_id uuid,
  add foreign key (tenant_id, supplier_id) references suppliers (tenant_id, id),
  add constraint supplier_named check ((role = 'supplier') = (supplier_id is not null));

create table auth.invitations (
  id uuid primary key,
  tenant_id uuid not null references tenants,
  supplier_id uuid,
  role text not null check (role in ('manager', 'operator', 'viewer', 'supplier')),
  email text not null check (email = lower(email)),
  -- SHA-256 of what the link carries.
  token_hash text not null unique,
  invited_by text not null,
  created_at timestamptz not null default app_now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  foreign key (tenant_id, supplier_id) references suppliers (tenant_id, id),
  constraint invited_supplier_named check ((role = 'supplier') = (supplier_id is not null))
);

-- A supplier's own programs sign in with a key. Only its hash is here.
create table auth.supplier_keys (
  id uuid primary key,
  tenant_id uuid not null references tenants,
  supplier_id uuid not null,
  name text not null,
  -- What of the key is shown.
  hint text not null,
  key_hash text not null unique,
  created_by text not null,
  created_at timestamptz not null default app_now(),
  last_used_at timestamptz,
  revoked_at timestamptz,
  foreign key (tenant_id, supplier_id) references suppliers (tenant_id, id)
);

-- The wall ---------------------------------------------------------------------------------------------------------

do $$
declare name text;
begin
  for name in
    select unnest(array['supplier_services', 'channel_services', 'shipping_mappings', 'exchange_rates', 'supplier_files_taken',
      'supplier_feeds', 'invoices', 'invoice_lines', 'payments', 'ledger_entries'])
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy tenant_wall on %I using (tenant_id = app_tenant()) with check (tenant_id = app_tenant())', name);
  end loop;
end $$;
