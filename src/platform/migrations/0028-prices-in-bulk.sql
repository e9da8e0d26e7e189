-- Prices of rules are made by the million: one key in the order they are walked in, and no look at the variant for each.

alter table rule_prices drop constraint rule_prices_pkey, drop constraint rule_prices_tenant_id_variant_id_fkey;
drop index rule_prices_variant;
-- A sweep writes every row of a page; the other half takes them, so that the index is left alone.
alter table rule_prices set (fillfactor = 50);
alter table rule_prices add primary key (tenant_id, variant_id, channel_id);

-- In place of the foreign key. A price that is being made for a variant that goes is waited for: see lockPrices().
create function drop_prices_of_variants() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtext('price-targets'), hashtext(tenant_id::text)) from (select distinct tenant_id from gone) t;
  delete from rule_prices p using gone where p.tenant_id = gone.tenant_id and p.variant_id = gone.id;
  return null;
end $$;
create trigger prices_of_variants_gone after delete on variants referencing old table as gone for each statement execute function drop_prices_of_variants();

-- The statement that makes prices marks the products whose price moved, and no others.
drop trigger grid_rule_price_added on rule_prices;
drop trigger grid_rule_price_changed on rule_prices;
drop trigger grid_rule_price_gone on rule_prices;
