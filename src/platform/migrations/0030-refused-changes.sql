-- How many products a sales channel refused is counted whenever one more is settled, for the problem that says so.
create index listing_changes_refused on listing_changes (tenant_id, channel_id, product_id) where state = 'refused';
