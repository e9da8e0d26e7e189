-- Prices that rules made stand in the listings grid, and are sorted by there.
create trigger grid_rule_price_added after insert on rule_prices referencing new table as changed for each statement execute function mark_grid_of_variant();
create trigger grid_rule_price_changed after update on rule_prices referencing new table as changed for each statement execute function mark_grid_of_variant();
create trigger grid_rule_price_gone after delete on rule_prices referencing old table as changed for each statement execute function mark_grid_of_variant();
