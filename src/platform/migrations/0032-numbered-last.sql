-- Lines are written before their purchase orders, whose numbers are taken last: whoever has taken one holds up all others
-- until he commits. That a line belongs to one is looked at when the transaction ends.
alter table purchase_order_lines
  alter constraint purchase_order_lines_tenant_id_purchase_order_id_fkey deferrable initially deferred;
