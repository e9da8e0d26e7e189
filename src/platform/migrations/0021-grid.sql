-- The listings grid (F2): a row for each product on each sales channel, made from what stands elsewhere, so that a million of
-- them are sorted, filtered and searched by index. It says nothing that could not be made anew.

-- Filters that hold for a product wherever it is sold, each combination once.
create table grid_facets (
  tenant_id uuid not null references tenants,
  id int generated always as identity,
  category text,
  in_stock boolean not null,
  supplier_ids uuid[] not null,
  primary key (tenant_id, id),
  unique nulls not distinct (tenant_id, category, in_stock, supplier_ids)
);

create table grid_rows (
  tenant_id uuid not null,
  channel_id uuid not null,
  product_id uuid not null,
  -- 0 not listed, 1 linked, 2 linked and listed from here, 3 the last change or figure was refused (F3).
  state smallint not null,
  facet_id int not null,
  -- What it is sorted by: lower case, and the smallest of its variants.
  title_key text collate "C" not null,
  sku_key text collate "C" not null,
  -- -1: not known.
  stock_key int not null,
  cost_key bigint not null,
  price_key bigint not null,
  primary key (tenant_id, channel_id, product_id),
  foreign key (tenant_id, product_id) references products on delete cascade
);
-- Each holds all that is filtered by, so that a walk along it never leaves the index.
create index grid_rows_title on grid_rows (tenant_id, channel_id, title_key, product_id) include (state, facet_id);
create index grid_rows_sku on grid_rows (tenant_id, channel_id, sku_key, product_id) include (state, facet_id);
create index grid_rows_stock on grid_rows (tenant_id, channel_id, stock_key, product_id) include (state, facet_id);
create index grid_rows_cost on grid_rows (tenant_id, channel_id, cost_key, product_id) include (state, facet_id);
create index grid_rows_price on grid_rows (tenant_id, channel_id, price_key, product_id) include (state, facet_id);
create index grid_rows_filter on grid_rows (tenant_id, channel_id, state, facet_id);
create index grid_rows_product on grid_rows (tenant_id, product_id);

-- Words of titles, SKUs, barcodes and brands, and every SKU as a whole; lower case.
create table product_terms (
  tenant_id uuid not null,
  term text collate "C" not null,
  product_id uuid not null,
  -- Without a key to products: ten words each would be ten looks at one row. They go with it by the trigger below.
  primary key (tenant_id, term, product_id)
);
create index product_terms_product on product_terms (tenant_id, product_id, term);

-- Products whose row may be old. Written by the triggers below, in the transaction of the change, so that no change can forget it.
create table grid_marks (
  tenant_id uuid not null,
  id bigint generated always as identity,
  product_id uuid not null,
  primary key (tenant_id, id)
);

create function mark_grid_products() returns trigger language plpgsql as $$
begin
  insert into grid_marks (tenant_id, product_id) select tenant_id, id from changed;
  return null;
end $$;

create function mark_grid_of_product() returns trigger language plpgsql as $$
begin
  insert into grid_marks (tenant_id, product_id) select distinct tenant_id, product_id from changed;
  return null;
end $$;

create function mark_grid_of_variant() returns trigger language plpgsql as $$
begin
  insert into grid_marks (tenant_id, product_id)
  select distinct v.tenant_id, v.product_id from changed c join variants v on v.tenant_id = c.tenant_id and v.id = c.variant_id;
  return null;
end $$;

create function mark_grid_of_listing() returns trigger language plpgsql as $$
begin
  insert into grid_marks (tenant_id, product_id)
  select distinct v.tenant_id, v.product_id
  from before b
  join after a on a.tenant_id = b.tenant_id and a.id = b.id
    and (a.state, a.missing_since is null, a.listed_here_at is null) is distinct from (b.state, b.missing_since is null, b.listed_here_at is null)
  join sku_mappings m on m.tenant_id = a.tenant_id and m.listing_id = a.id
  join sku_mapping_components c on c.tenant_id = m.tenant_id and c.mapping_id = m.id
  join variants v on v.tenant_id = c.tenant_id and v.id = c.variant_id;
  return null;
end $$;

create function mark_grid_of_target() returns trigger language plpgsql as $$
begin
  insert into grid_marks (tenant_id, product_id)
  select distinct v.tenant_id, v.product_id
  from before b
  join after a on a.tenant_id = b.tenant_id and a.listing_id = b.listing_id and a.kind = b.kind
    and (a.state = 'rejected') <> (b.state = 'rejected')
  join sku_mappings m on m.tenant_id = a.tenant_id and m.listing_id = a.listing_id
  join sku_mapping_components c on c.tenant_id = m.tenant_id and c.mapping_id = m.id
  join variants v on v.tenant_id = c.tenant_id and v.id = c.variant_id;
  return null;
end $$;

create function mark_grid_of_channel() returns trigger language plpgsql as $$
begin
  insert into grid_marks (tenant_id, product_id)
  select p.tenant_id, p.id from changed c join products p on p.tenant_id = c.tenant_id;
  return null;
end $$;

create function mark_grid_of_supplier() returns trigger language plpgsql as $$
begin
  insert into grid_marks (tenant_id, product_id)
  select distinct v.tenant_id, v.product_id
  from before b
  join after a on a.tenant_id = b.tenant_id and a.id = b.id
    and (a.active, a.preference, a.currency) is distinct from (b.active, b.preference, b.currency)
  join supplier_offers o on o.tenant_id = a.tenant_id and o.supplier_id = a.id
  join variants v on v.tenant_id = o.tenant_id and v.id = o.variant_id;
  return null;
end $$;

create function forget_product_terms() returns trigger language plpgsql as $$
begin
  delete from product_terms t using gone where t.tenant_id = gone.tenant_id and t.product_id = gone.id;
  return null;
end $$;

create trigger product_terms_gone after delete on products referencing old table as gone for each statement execute function forget_product_terms();
create trigger grid_products_added after insert on products referencing new table as changed for each statement execute function mark_grid_products();
create trigger grid_products_changed after update on products referencing new table as changed for each statement execute function mark_grid_products();
create trigger grid_variants_added after insert on variants referencing new table as changed for each statement execute function mark_grid_of_product();
create trigger grid_variants_changed after update on variants referencing new table as changed for each statement execute function mark_grid_of_product();
create trigger grid_variants_gone after delete on variants referencing old table as changed for each statement execute function mark_grid_of_product();
create trigger grid_mapping_added after insert on sku_mapping_components referencing new table as changed for each statement execute function mark_grid_of_variant();
create trigger grid_mapping_gone after delete on sku_mapping_components referencing old table as changed for each statement execute function mark_grid_of_variant();
create trigger grid_own_price_added after insert on channel_variants referencing new table as changed for each statement execute function mark_grid_of_variant();
create trigger grid_own_price_changed after update on channel_variants referencing new table as changed for each statement execute function mark_grid_of_variant();
create trigger grid_change_added after insert on listing_changes referencing new table as changed for each statement execute function mark_grid_of_product();
create trigger grid_change_settled after update on listing_changes referencing new table as changed for each statement execute function mark_grid_of_product();
create trigger grid_listing_changed after update on listings referencing old table as before new table as after for each statement execute function mark_grid_of_listing();
create trigger grid_target_refused after update on listing_targets referencing old table as before new table as after for each statement execute function mark_grid_of_target();
create trigger grid_channel_added after insert on sales_channels referencing new table as changed for each statement execute function mark_grid_of_channel();
create trigger grid_supplier_changed after update on suppliers referencing old table as before new table as after for each statement execute function mark_grid_of_supplier();

insert into grid_marks (tenant_id, product_id) select tenant_id, id from products;

do $$
declare name text;
begin
  for name in select unnest(array['grid_facets', 'grid_rows', 'product_terms', 'grid_marks'])
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy tenant_wall on %I using (tenant_id = app_tenant()) with check (tenant_id = app_tenant())', name);
  end loop;
end $$;
