-- What waits for stock, for its cost or for a shipping service: found by what it waits for.
drop index order_line_components_held;
create index order_line_components_waiting on order_line_components (tenant_id, variant_id) where state in ('held', 'reserved');
