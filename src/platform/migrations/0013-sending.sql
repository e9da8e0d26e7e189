-- Purchase orders on their way to suppliers: an earlier revision that a newer one has overtaken is not sent any more.
alter table effects drop constraint effects_state_check,
  add constraint effects_state_check check (state in ('intended', 'in-flight', 'applied', 'rejected', 'unknown', 'superseded'));

-- Due to be sent, supplier by supplier.
create index effects_sending on effects (tenant_id, supplier_id, created_at, id)
  where kind = 'send-purchase-order' and state in ('intended', 'in-flight', 'unknown');
-- Tracking files that are to be picked up.
create index suppliers_tracking on suppliers (tenant_id, id) where picks_up_tracking;
