// P4 and P5, counted from the rows as their owner: empty when they hold.
import type { TestDatabase } from './database.ts'

export async function invoiceFaults(test: Pick<TestDatabase, 'asOwner'>, tenantId: string): Promise<string[]> {
  const rows = await test.asOwner<{ fault: string }>(faults, [tenantId])
  return rows.map((row) => row.fault)
}

const faults = `
with lines as (
  select l.*, i.kind, i.state from invoice_lines l join invoices i on i.tenant_id = l.tenant_id and i.id = l.invoice_id where l.tenant_id = $1
)
select 'P5: ' || coalesce(i.number, 'a draft') || ' says ' || i.total_minor || ', its lines ' || coalesce(sum(l.net_minor + l.vat_minor), 0) as fault
from invoices i left join lines l on l.invoice_id = i.id
where i.tenant_id = $1
group by i.id, i.number, i.total_minor, i.goods_minor, i.shipping_minor, i.vat_minor
having i.goods_minor <> coalesce(sum(l.net_minor) filter (where l.purchase_order_line_id is not null), 0)
  or i.shipping_minor <> coalesce(sum(l.net_minor) filter (where l.purchase_order_line_id is null), 0)
  or i.vat_minor <> coalesce(sum(l.vat_minor), 0) or i.total_minor <> i.goods_minor + i.shipping_minor + i.vat_minor
union all
select 'P5: a line of ' || quantity || ' at ' || unit_minor || ' comes to ' || net_minor from lines where net_minor <> quantity * unit_minor
union all
select 'P5: ' || kind || ' numbers have a gap: ' || count(*) || ' of them up to ' || max(right(number, 6)::int)
from invoices where tenant_id = $1 and number is not null group by kind
having count(*) <> max(right(number, 6)::int) or count(distinct number) <> count(*)
union all
select 'P5: purchase order ' || p.number || ' is on ' || count(distinct l.invoice_id) || ' invoices'
from purchase_orders p
join suppliers s on s.tenant_id = p.tenant_id and s.id = p.supplier_id and not s.own_stock
left join lines l on l.purchase_order_id = p.id and l.kind = 'invoice'
where p.tenant_id = $1
group by p.id, p.number, p.invoice_id
having count(distinct l.invoice_id) > 1 or (p.invoice_id is not null and count(*) filter (where l.invoice_id = p.invoice_id) = 0)
  or (p.invoice_id is null and exists (
    select from purchase_order_lines x where x.tenant_id = $1 and x.purchase_order_id = p.id and x.quantity > x.cancelled_quantity
  ))
union all
select 'P5: purchase order ' || p.number || ' wants goods of ' || w.goods || ' and is charged ' || c.goods
from purchase_orders p
join suppliers s on s.tenant_id = p.tenant_id and s.id = p.supplier_id and not s.own_stock
cross join lateral (
  select coalesce(sum((quantity - cancelled_quantity) * cost_minor), 0) as goods from purchase_order_lines x
  where x.tenant_id = $1 and x.purchase_order_id = p.id
) w
cross join lateral (
  select coalesce(sum(case kind when 'invoice' then net_minor else -net_minor end), 0) as goods from lines l
  where l.purchase_order_id = p.id and l.purchase_order_line_id is not null
) c
where p.tenant_id = $1 and w.goods <> c.goods
union all
select 'P5: more credited of a line than invoiced: ' || min(text)
from lines where state <> 'draft' group by purchase_order_id, purchase_order_line_id
having sum(case kind when 'invoice' then net_minor else -net_minor end) < 0
  or sum(case kind when 'invoice' then vat_minor else -vat_minor end) < 0
  or sum(case kind when 'invoice' then quantity else -quantity end) < 0
  or (sum(case kind when 'invoice' then quantity else -quantity end) = 0 and sum(case kind when 'invoice' then vat_minor else -vat_minor end) <> 0)
union all
select 'P4: debit ' || sum(debit_minor) || ' and credit ' || sum(credit_minor) || ' of one transaction'
from ledger_entries where tenant_id = $1 group by transaction_id, currency having sum(debit_minor) <> sum(credit_minor)
union all
select 'P4: ' || i.number || ' of ' || i.total_minor || ' is booked as ' || coalesce(e.owed, 0)
from invoices i
left join lateral (
  select sum(credit_minor - debit_minor) as owed from ledger_entries e
  where e.tenant_id = $1 and e.transaction_id = i.id and e.account = 'payables'
) e on true
where i.tenant_id = $1 and coalesce(e.owed, 0) <> case when i.state = 'draft' then 0 when i.kind = 'invoice' then i.total_minor else -i.total_minor end
union all
select 'P4: the ledger owes ' || coalesce(e.owed, 0) || ' ' || i.currency || ', the invoices ' || sum(i.total_minor - i.paid_minor - i.credited_minor)
from invoices i
left join lateral (
  select sum(credit_minor - debit_minor) as owed from ledger_entries e
  where e.tenant_id = $1 and e.supplier_id = i.supplier_id and e.currency = i.currency and e.account = 'payables'
) e on true
where i.tenant_id = $1 and i.kind = 'invoice' and i.state <> 'draft'
group by i.supplier_id, i.currency, e.owed
having coalesce(e.owed, 0) <> sum(i.total_minor - i.paid_minor - i.credited_minor)
union all
select 'P4: ' || i.number || ' says paid ' || i.paid_minor || ' and credited ' || i.credited_minor || ', but has ' || p.paid || ' and ' || c.credited
from invoices i
cross join lateral (select coalesce(sum(amount_minor), 0) as paid from payments where tenant_id = $1 and invoice_id = i.id) p
cross join lateral (select coalesce(sum(total_minor), 0) as credited from invoices n where n.tenant_id = $1 and n.credits_invoice_id = i.id) c
where i.tenant_id = $1 and i.kind = 'invoice' and (i.paid_minor <> p.paid or i.credited_minor <> c.credited or c.credited > i.total_minor)
union all
select 'D8: ' || number || ' is ' || state || ' with ' || total_minor || ', paid ' || paid_minor || ', credited ' || credited_minor
from invoices where tenant_id = $1 and kind = 'invoice' and state <> case
  when number is null then 'draft' when credited_minor >= total_minor and credited_minor > 0 then 'credited'
  when paid_minor >= total_minor - credited_minor then 'paid' when paid_minor > 0 then 'part-paid' else 'unpaid' end
union all
select 'D8: purchase order ' || p.number || ' went to a prepaid supplier although ' || i.number || ' is ' || i.state
from purchase_orders p join suppliers s on s.tenant_id = p.tenant_id and s.id = p.supplier_id and s.terms = 'prepaid' and not s.own_stock
join invoices i on i.tenant_id = p.tenant_id and i.id = p.invoice_id
where p.tenant_id = $1 and p.state in ('to-send', 'sent', 'accepted') and i.state not in ('paid', 'credited')
  and not exists (select from payments x where x.tenant_id = $1 and x.invoice_id = i.id and x.amount_minor < 0)
union all
select 'D8: ' || s.name || ' gives credit of ' || s.credit_limit_minor || ' and is owed ' || sum(o.open) || ' for what went'
from suppliers s join (
  select i.supplier_id, i.currency,
    greatest(0, i.total_minor - i.paid_minor - i.credited_minor) - coalesce((
      select sum(w.due) from (
        select sum(case l.kind when 'invoice' then l.net_minor + l.vat_minor else -l.net_minor - l.vat_minor end) as due
        from purchase_orders p join lines l on l.purchase_order_id = p.id
        where p.tenant_id = $1 and p.invoice_id = i.id and p.state = 'queued-for-payment' group by p.id
      ) w
    ), 0) as open
  from invoices i where i.tenant_id = $1 and i.kind = 'invoice' and i.state in ('draft', 'unpaid', 'part-paid')
) o on o.supplier_id = s.id and o.currency = s.currency
where s.tenant_id = $1 and s.terms = 'on-account'
group by s.id, s.name, s.credit_limit_minor having sum(greatest(0, o.open)) > s.credit_limit_minor
union all
select 'D8: a purchase order was let go ' || count(*) || ' times' from order_events
where tenant_id = $1 and kind = 'purchase-order-released' group by data ->> 'number' having count(*) > 1
`
