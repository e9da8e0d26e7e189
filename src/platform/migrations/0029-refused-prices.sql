-- A price that waits may be refused: the listing keeps the one it has until another is worked out.
alter table listing_targets add column refused_version bigint;
create index listing_targets_wait on listing_targets (tenant_id, listing_id) where kind = 'price' and waits;
