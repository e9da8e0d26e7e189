-- No purchase order leaves without a complete address (P6). The address itself is sealed, so its want is kept beside it.
alter table orders add column address_missing boolean not null default false;
