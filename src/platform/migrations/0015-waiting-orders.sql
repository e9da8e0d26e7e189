-- Orders here that a mapping made later may still reach (B6, C3).

-- Of the listing a line names; null also where it was stored before this column was there.
alter table order_lines add column marketplace_variant_id text;

-- Few lines are unmapped and few orders lack their service, so both are found without reading what is over.
create index order_lines_unmapped on order_lines (tenant_id, order_id) where not mapped;
create index orders_no_service on orders (tenant_id, channel_id, id) where shipping_service_id is null and not local_pickup;
