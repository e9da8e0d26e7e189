-- Cancelling, entering by hand and forgetting (D9, D10, X3).

alter table order_lines
  -- What the marketplace says now, where that is other than what was imported: units that were called off, or added.
  add column marketplace_quantity int check (marketplace_quantity >= 0);

alter table orders
  -- Lines the marketplace shows and that are not here: left out at the import (D2), or added since. Null: not known.
  add column left_out_lines text[],
  -- A person has asked for it to be called off at the marketplace, and why; it is over where `channel_status` says so.
  add column cancel_asked_at timestamptz,
  add column cancel_reason text;
