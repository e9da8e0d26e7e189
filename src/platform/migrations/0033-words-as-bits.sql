-- Each product has a number of its own, its slot, so that the products of a word are bits: words are then met with each other, and
-- counted, without looking at a product, and an index walked along asks one bit for each of its entries.
alter table product_words add column slot int;
update product_words w set slot = n.slot
from (select tenant_id, product_id, row_number() over (partition by tenant_id order by product_id) - 1 as slot from product_words) n
where n.tenant_id = w.tenant_id and n.product_id = w.product_id;
alter table product_words alter column slot set not null;
create unique index product_words_slot on product_words (tenant_id, slot);

create table product_slots (
  tenant_id uuid primary key references tenants,
  -- No product has this one or any behind it.
  next int not null,
  -- So many slots there were when it was last looked which words many products have.
  surveyed int not null default 0
);
insert into product_slots (tenant_id, next) select tenant_id, max(slot) + 1 from product_words group by tenant_id;

-- Slots of products that are gone, with no bit left.
create table free_slots (
  tenant_id uuid not null,
  slot int not null,
  primary key (tenant_id, slot)
);

-- Beginnings of words that many products have, for which product_terms would be long to read.
create table common_words (
  tenant_id uuid not null,
  word text collate "C" not null,
  primary key (tenant_id, word)
);
create table word_bits (
  tenant_id uuid not null,
  word text collate "C" not null,
  -- Of 8,192 slots; one without any bit need not be there.
  block int not null,
  bits bytea not null,
  primary key (tenant_id, word, block)
);

create table terms (
  tenant_id uuid not null,
  term text collate "C" not null,
  slot int not null
);
insert into terms (tenant_id, term, slot)
select t.tenant_id, t.term, w.slot from product_terms t join product_words w on w.tenant_id = t.tenant_id and w.product_id = t.product_id
order by 1, 2, 3;
drop table product_terms;
alter table terms rename to product_terms;
alter table product_terms add primary key (tenant_id, term, slot);

drop index grid_rows_title, grid_rows_sku, grid_rows_stock, grid_rows_cost, grid_rows_price, grid_rows_filter;
alter table grid_rows add column slot int;
update grid_rows r set slot = w.slot from product_words w where w.tenant_id = r.tenant_id and w.product_id = r.product_id;
-- Of what was not settled to its end.
delete from grid_rows where slot is null;
insert into grid_marks (tenant_id, product_id)
select p.tenant_id, p.id from products p
where not exists (select from product_words w where w.tenant_id = p.tenant_id and w.product_id = p.id);
alter table grid_rows alter column slot set not null;
cluster grid_rows using grid_rows_pkey;
create index grid_rows_title on grid_rows (tenant_id, channel_id, title_key, product_id) include (state, facet_id, slot);
create index grid_rows_sku on grid_rows (tenant_id, channel_id, sku_key, product_id) include (state, facet_id, slot);
create index grid_rows_stock on grid_rows (tenant_id, channel_id, stock_key, product_id) include (state, facet_id, slot);
create index grid_rows_cost on grid_rows (tenant_id, channel_id, cost_key, product_id) include (state, facet_id, slot);
create index grid_rows_price on grid_rows (tenant_id, channel_id, price_key, product_id) include (state, facet_id, slot);
-- What filters leave is sorted by figures, and asked for words, without leaving the index.
create index grid_rows_filter on grid_rows (tenant_id, channel_id, state, facet_id) include (product_id, slot, stock_key, cost_key, price_key);
create unique index grid_rows_slot on grid_rows (tenant_id, channel_id, slot) include (product_id, state, facet_id, stock_key, cost_key, price_key);

-- The slot a product had that is gone. It is given to another when its bits are.
alter table grid_marks add column slot int;
create or replace function forget_grid_products() returns trigger language plpgsql as $$
begin
  insert into grid_marks (tenant_id, product_id, slot)
  select gone.tenant_id, gone.id, w.slot from gone left join product_words w on w.tenant_id = gone.tenant_id and w.product_id = gone.id;
  delete from grid_rows r using gone where r.tenant_id = gone.tenant_id and r.product_id = gone.id;
  delete from product_terms t using gone join product_words w on w.tenant_id = gone.tenant_id and w.product_id = gone.id
    where t.tenant_id = w.tenant_id and t.slot = w.slot and t.term = any(string_to_array(w.words, ' '));
  delete from product_words w using gone where w.tenant_id = gone.tenant_id and w.product_id = gone.id;
  return null;
end $$;

do $$
declare name text;
begin
  for name in select unnest(array['product_slots', 'free_slots', 'common_words', 'word_bits', 'product_terms'])
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy tenant_wall on %I using (tenant_id = app_tenant()) with check (tenant_id = app_tenant())', name);
  end loop;
end $$;
