// How far the first run has come, and the search over everything.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { Secrets } from '../../platform/secrets.ts'
import { findOrders } from '../orders/order-search.store.ts'

export type FirstSteps = {
  connected: boolean
  imported: boolean
  mapped: boolean
  switchedOn: boolean
  channelId: string | null
}

export async function loadFirstSteps(tx: Tx): Promise<FirstSteps> {
  const { rows } = await sql<FirstSteps>`
    select channel.id is not null as connected, channel.id as "channelId",
      exists (select from variants where tenant_id = ${tx.tenantId}) as imported,
      exists (select from sku_mappings where tenant_id = ${tx.tenantId}) as mapped,
      exists (select from sales_channels where tenant_id = ${tx.tenantId} and removed_at is null and enabled and stock_update) as "switchedOn"
    from (select ${tx.tenantId}::uuid) as tenant(id)
    left join lateral (
      select id from sales_channels where tenant_id = tenant.id and removed_at is null order by connected_at, id limit 1
    ) channel on true
  `.execute(tx)
  return rows[0] ?? { connected: false, imported: false, mapped: false, switchedOn: false, channelId: null }
}

export type SearchHit = {
  kind: 'order' | 'product' | 'channel' | 'supplier'
  id: string
  title: string
  detail: string
}

const hitsPerKindMax = 6

/** A few of each kind: orders by their words, the rest where its words contain what was typed. */
export async function searchAll(tx: Tx, typed: string, secrets: Secrets): Promise<SearchHit[]> {
  const orders = await findOrders(tx, { search: typed }, secrets)
  const ids = await orders.ids({ limit: hitsPerKindMax })
  const part = `%${typed
    .trim()
    .toLowerCase()
    .replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
  const { rows } = await sql<SearchHit>`
    (select 'order' as kind, o.id, o.marketplace_order_id as title, concat_ws(' · ', c.name, o.status) as detail
      from (${ids}) found join orders o on o.tenant_id = ${tx.tenantId} and o.id = found.id
      left join sales_channels c on c.tenant_id = o.tenant_id and c.id = o.channel_id
      order by o.placed_at desc, o.id)
    union all
    (select 'product', p.id, p.title, string_agg(v.sku, ', ' order by v.sku) from
      (select v.product_id, v.sku from variants v where v.tenant_id = ${tx.tenantId} and v.search_text like ${part}
        order by v.sku limit ${hitsPerKindMax}) v
      join products p on p.tenant_id = ${tx.tenantId} and p.id = v.product_id group by p.id, p.title)
    union all
    (select 'channel', c.id, c.name, c.site_name from sales_channels c
      where c.tenant_id = ${tx.tenantId} and c.removed_at is null and lower(c.name) like ${part} order by c.name limit ${hitsPerKindMax})
    union all
    (select 'supplier', s.id, s.name, case when s.own_stock then 'Own stock' else s.currency end from suppliers s
      where s.tenant_id = ${tx.tenantId} and lower(s.name) like ${part} order by s.name limit ${hitsPerKindMax})
  `.execute(tx)
  return rows
}
