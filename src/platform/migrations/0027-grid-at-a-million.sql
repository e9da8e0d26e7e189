-- The first filling of the grid with a million products writes ten million words: each now stands in one index and not two.
create table product_words (
  tenant_id uuid not null,
  product_id uuid not null,
  -- All its terms, each after a space, so that a word is met where ' word' stands in it.
  words text not null,
  -- Whether they stand in product_terms: not those of what is archived, so that counting words counts products of the grid.
  looked_up boolean not null,
  primary key (tenant_id, product_id)
);
insert into product_words (tenant_id, product_id, words, looked_up)
select tenant_id, product_id, ' ' || string_agg(term, ' '), true from product_terms group by tenant_id, product_id;
insert into grid_marks (tenant_id, product_id) select tenant_id, id from products where archived_at is not null;
drop index product_terms_product;

-- Stock that is not known stood among them as the largest there is.
insert into grid_marks (tenant_id, product_id) select distinct tenant_id, product_id from grid_rows where stock_key = 2147483647;

-- By product first, so that the rows of a product are found without an index of their own.
drop index grid_rows_product;
alter table grid_rows drop constraint grid_rows_pkey;
alter table grid_rows add primary key (tenant_id, product_id, channel_id);
-- A key to products would lock, and so write, each of them for each sales channel. Rows go with their product by the trigger
-- below, and those written at the same moment by its mark.
alter table grid_rows drop constraint grid_rows_tenant_id_product_id_fkey;

-- What filters leave is asked for words by its id.
drop index grid_rows_filter;
create index grid_rows_filter on grid_rows (tenant_id, channel_id, state, facet_id) include (product_id);

create function forget_grid_products() returns trigger language plpgsql as $$
begin
  delete from grid_rows r using gone where r.tenant_id = gone.tenant_id and r.product_id = gone.id;
  delete from product_terms t using gone join product_words w on w.tenant_id = gone.tenant_id and w.product_id = gone.id
    where t.tenant_id = w.tenant_id and t.product_id = w.product_id and t.term = any(string_to_array(w.words, ' '));
  delete from product_words w using gone where w.tenant_id = gone.tenant_id and w.product_id = gone.id;
  insert into grid_marks (tenant_id, product_id) select tenant_id, id from gone;
  return null;
end $$;
create trigger grid_products_gone after delete on products referencing old table as gone for each statement execute function forget_grid_products();
drop trigger product_terms_gone on products;
drop function forget_product_terms();

alter table product_words enable row level security;
alter table product_words force row level security;
create policy tenant_wall on product_words using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
