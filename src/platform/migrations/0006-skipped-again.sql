-- A person wants an order that was not imported, or was removed (D3), downloaded once more: since when, and what the
-- marketplace said the last time it was asked for it. The row goes when the order has come.
alter table skipped_orders add column wanted_at timestamptz, add column refusal text;
create index skipped_orders_wanted on skipped_orders (tenant_id, channel_id) where wanted_at is not null;
create index skipped_orders_recent on skipped_orders (tenant_id, channel_id, at desc, marketplace_order_id desc);
