// The auditor's sums of money (P4, P5, credit limits), counted again from the rows of purchase orders. Each select names
// what is wrong; none may ever find a row.
import { sql } from 'kysely'

export const moneyAlwaysTrue = sql`
  with lines as materialized (
    select l.*, i.kind, i.supplier_id from invoice_lines l join invoices i on i.tenant_id = l.tenant_id and i.id = l.invoice_id
  ), billed as materialized (
    select purchase_order_id,
      sum(case kind when 'invoice' then net_minor else -net_minor end) filter (where purchase_order_line_id is not null) as goods,
      sum(case kind when 'invoice' then net_minor else -net_minor end) filter (where purchase_order_line_id is null) as shipping,
      sum(case kind when 'invoice' then net_minor + vat_minor else -net_minor - vat_minor end) as total,
      count(distinct invoice_id) filter (where kind = 'invoice') as invoices
    from lines group by 1
  ), ordered as materialized (
    select purchase_order_id, sum((quantity - cancelled_quantity) * cost_minor) as goods from purchase_order_lines group by 1
  )
  select 'P4' as invariant, 'Transaction ' || transaction_id || ' in ' || currency || ' has debit ' || sum(debit_minor) || ' and credit ' || sum(credit_minor) as sentence
  from ledger_entries group by transaction_id, currency having sum(debit_minor) <> sum(credit_minor)
  union all
  select 'P4', 'Supplier ' || i.supplier_id || ' is owed ' || i.open || ' by his invoices and ' || coalesce(l.open, 0) || ' by the ledger in ' || i.currency
  from (
    select supplier_id, currency, sum(case kind when 'invoice' then total_minor - paid_minor else -total_minor end) as open
    from invoices where state <> 'draft' group by 1, 2
  ) i
  left join (
    select supplier_id, currency, sum(credit_minor - debit_minor) as open from ledger_entries where account = 'payables' group by 1, 2
  ) l using (supplier_id, currency)
  where i.open <> coalesce(l.open, 0)
  union all
  select 'P5', 'Invoice ' || coalesce(i.number, i.id::text) || ' says ' || i.total_minor || ', its lines ' || coalesce(l.total, 0)
  from invoices i
  left join (select invoice_id, sum(net_minor + vat_minor) as total from lines group by 1) l on l.invoice_id = i.id
  where i.total_minor <> coalesce(l.total, 0) or i.total_minor <> i.goods_minor + i.shipping_minor + i.vat_minor
  union all
  select 'P5', 'Invoice ' || coalesce(i.number, i.id::text) || ' is paid ' || i.paid_minor || ' and credited ' || i.credited_minor
    || '; its payments say ' || coalesce(p.sum, 0) || ', its credit notes ' || coalesce(c.sum, 0)
  from invoices i
  left join (select invoice_id, sum(amount_minor) as sum from payments group by 1) p on p.invoice_id = i.id
  left join (select credits_invoice_id, sum(total_minor) as sum from invoices where kind = 'credit-note' group by 1) c on c.credits_invoice_id = i.id
  where i.kind = 'invoice' and (i.paid_minor <> coalesce(p.sum, 0) or i.credited_minor <> coalesce(c.sum, 0))
  union all
  select 'P5', 'Of the numbers of ' || kind || 's the last is ' || max(right(number, 6)::int) || ' and there are ' || count(*)
  from invoices where number is not null group by kind having max(right(number, 6)::int) <> count(*)
  union all
  select 'P5', 'Purchase order ' || p.number || ' (' || p.state || ') is on ' || coalesce(b.invoices, 0) || ' invoices'
  from purchase_orders p join suppliers s on s.tenant_id = p.tenant_id and s.id = p.supplier_id and not s.own_stock
  left join billed b on b.purchase_order_id = p.id
  where coalesce(b.invoices, 0) <> 1 and not (p.state = 'cancelled' and coalesce(b.total, 0) = 0)
  union all
  select 'P5', 'Purchase order ' || p.number || ' (' || p.state || ') is ordered for ' || o.goods || ' and ' || p.shipping_minor
    || ' and billed for ' || coalesce(b.goods, 0) || ' and ' || coalesce(b.shipping, 0)
  from purchase_orders p join suppliers s on s.tenant_id = p.tenant_id and s.id = p.supplier_id and not s.own_stock
  join ordered o on o.purchase_order_id = p.id
  left join billed b on b.purchase_order_id = p.id
  where coalesce(b.goods, 0) <> o.goods
    or coalesce(b.shipping, 0) <> case p.state when 'cancelled' then 0 else p.shipping_minor end
  union all
  select 'credit limit', s.name || ' gives credit of ' || s.credit_limit_minor || ' and is owed ' || x.went || ' for what went'
  from suppliers s
  join (
    select i.supplier_id, sum(greatest(0, greatest(0, i.total_minor - i.paid_minor - i.credited_minor) - coalesce(q.waiting, 0))) as went
    from invoices i
    left join (
      select p.invoice_id, sum(b.total) as waiting from purchase_orders p join billed b on b.purchase_order_id = p.id
      where p.state = 'queued-for-payment' group by 1
    ) q on q.invoice_id = i.id
    where i.kind = 'invoice' and i.state in ('draft', 'unpaid', 'part-paid') group by 1
  ) x on x.supplier_id = s.id
  where s.terms = 'on-account' and x.went > s.credit_limit_minor
  union all
  select 'prepaid', 'Purchase order ' || p.number || ' went (' || p.state || ') although its invoice is ' || i.state
  from purchase_orders p
  join suppliers s on s.tenant_id = p.tenant_id and s.id = p.supplier_id and s.terms = 'prepaid'
  join invoices i on i.tenant_id = p.tenant_id and i.id = p.invoice_id
  where p.state not in ('queued-for-payment', 'cancelled') and i.state not in ('paid', 'credited')
`
