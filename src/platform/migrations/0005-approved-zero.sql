-- A 0 that ends a listing for good and comes only from the threshold waits for a person (A10). His word counts for the
-- version he saw: figures computed again must not ask him twice, and another 0 later on must ask him anew.
alter table listing_targets add column approved_version bigint;
