// What a supplier gets to see of a purchase order, read as it stands now. An allowlist: what is not named here never leaves.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { Secrets } from '../../platform/secrets.ts'
import type { PurchaseOrderDocument } from '../documents/purchase-order-document.ts'
import { openContact } from '../orders/contact.store.ts'

type Row = Omit<PurchaseOrderDocument, 'shipTo' | 'supplier' | 'goodsMinor'> & {
  id: string
  orderId: string
  contact: Buffer | null
  localPickup: boolean
  supplierName: string
  postalAddress: string
}

/** By the id of the purchase order. */
export async function readOrderDocuments(
  tx: Tx,
  secrets: Secrets,
  purchaseOrderIds: string[],
): Promise<Map<string, PurchaseOrderDocument>> {
  const { rows } = await sql<Row>`
    select p.id, p.number, p.revision, p.created_at as "createdAt", p.state = 'cancelled' as "isCancelled", t.name as "businessName",
      o.id as "orderId", o.contact, o.local_pickup as "localPickup", o.marketplace_order_id as "packingReference",
      s.name as "supplierName", s.postal_address as "postalAddress", service.name as "shippingService", p.carrier,
      p.currency, p.shipping_minor as "shippingMinor", p.vat_minor as "vatMinor",
      (
        select coalesce(jsonb_agg(jsonb_build_object('supplierSku', l.supplier_sku, 'title', l.title,
          -- Of one that is cancelled, what had been ordered: so that he sees what not to send.
          'quantity', case p.state when 'cancelled' then l.quantity else l.quantity - l.cancelled_quantity end,
          'costMinor', l.cost_minor) order by l.supplier_sku, l.id), '[]')
        from purchase_order_lines l
        where l.tenant_id = p.tenant_id and l.purchase_order_id = p.id
          and (p.state = 'cancelled' or l.quantity > l.cancelled_quantity)
      ) as lines
    from purchase_orders p
    join tenants t on t.id = p.tenant_id
    join orders o on o.tenant_id = p.tenant_id and o.id = p.order_id
    join suppliers s on s.tenant_id = p.tenant_id and s.id = p.supplier_id
    left join shipping_services service on service.tenant_id = p.tenant_id and service.id = p.shipping_service_id
    where p.tenant_id = ${tx.tenantId} and p.id = any(${purchaseOrderIds}::uuid[])
  `.execute(tx)
  return new Map(rows.map((row) => [row.id, documentOf(tx.tenantId, secrets, row)]))
}

function documentOf(tenantId: string, secrets: Secrets, row: Row): PurchaseOrderDocument {
  const contact = row.localPickup ? null : openContact(secrets, { tenantId, orderId: row.orderId }, row.contact)
  return {
    number: row.number,
    revision: row.revision,
    createdAt: row.createdAt,
    isCancelled: row.isCancelled,
    businessName: row.businessName,
    supplier: { name: row.supplierName, postalAddress: row.postalAddress },
    packingReference: row.packingReference,
    shippingService: row.shippingService,
    carrier: row.carrier,
    shipTo: contact?.shipTo ?? null,
    currency: row.currency,
    lines: row.lines,
    goodsMinor: row.lines.reduce((sum, line) => sum + line.costMinor * line.quantity, 0),
    shippingMinor: row.shippingMinor,
    vatMinor: row.vatMinor,
  }
}
