// Auto-map proposes (B7): equal SKU first, then equal letters and digits, then equal barcode. Only what is unambiguous on
// both sides; the rest is counted, and a person decides. Nothing is mapped here.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { MappingEvidence } from './mapping.ts'

export type MappingProposal = {
  listing: { id: string; channelSku: string | null; title: string; barcode: string | null }
  variant: { id: string; sku: string; title: string; barcode: string | null }
  evidence: Exclude<MappingEvidence, 'file' | 'hand'>
}

/** As many as can be saved at once; the rest is proposed after that. */
const proposalsMax = 5_000

export async function proposeMappings(
  tx: Tx,
  channelId: string,
): Promise<{ proposals: MappingProposal[]; ambiguous: number }> {
  const { rows } = await sql<ProposalRow>`
    with unmapped as materialized (
      select listing.id, listing.channel_sku, listing.channel_sku_normalized, listing.barcode
      from listings listing
      left join sku_mappings mapping on mapping.tenant_id = ${tx.tenantId} and mapping.listing_id = listing.id
      where listing.tenant_id = ${tx.tenantId} and listing.channel_id = ${channelId} and listing.missing_since is null
        and mapping.id is null
    ), by_sku as materialized (
      select unmapped.id, variant.id as variant_id, count(*) over (partition by variant.sku) as pairs
      from unmapped join variants variant on variant.tenant_id = ${tx.tenantId} and variant.sku = unmapped.channel_sku
    ), by_normalized as materialized (
      select unmapped.id, variant.id as variant_id, count(*) over (partition by variant.sku_normalized) as pairs
      from unmapped
      join variants variant on variant.tenant_id = ${tx.tenantId} and variant.sku_normalized = unmapped.channel_sku_normalized
      left join by_sku on by_sku.id = unmapped.id
      where by_sku.id is null and unmapped.channel_sku_normalized <> ''
    ), by_barcode as materialized (
      select unmapped.id, variant.id as variant_id, count(*) over (partition by variant.barcode) as pairs
      from unmapped join variants variant on variant.tenant_id = ${tx.tenantId} and variant.barcode = unmapped.barcode
      left join by_sku on by_sku.id = unmapped.id
      left join by_normalized on by_normalized.id = unmapped.id
      where by_sku.id is null and by_normalized.id is null and unmapped.barcode <> ''
    ), found as (
      select id, variant_id, pairs, 'sku' as evidence from by_sku
      union all select id, variant_id, pairs, 'normalized-sku' from by_normalized
      union all select id, variant_id, pairs, 'barcode' from by_barcode
    ), chosen as (
      select * from found where pairs = 1 order by id limit ${proposalsMax}
    )
    select listing.id, listing.channel_sku as "channelSku", listing.title, listing.barcode, chosen.evidence,
      variant.id as "variantId", variant.sku, variant.barcode as "variantBarcode",
      concat_ws(' · ', product.title, nullif(variant.title, '')) as "variantTitle",
      (select count(distinct id)::int from found where pairs > 1) as ambiguous
    from (select) as always
    left join (
      chosen join listings listing on listing.tenant_id = ${tx.tenantId} and listing.id = chosen.id
      join variants variant on variant.tenant_id = ${tx.tenantId} and variant.id = chosen.variant_id
      join products product on product.tenant_id = ${tx.tenantId} and product.id = variant.product_id
    ) on true
    order by listing.title, listing.id
  `.execute(tx)
  const proposals = rows.flatMap((row): MappingProposal[] =>
    row.id === null
      ? []
      : [
          {
            listing: { id: row.id, channelSku: row.channelSku, title: row.title, barcode: row.barcode },
            variant: { id: row.variantId, sku: row.sku, title: row.variantTitle, barcode: row.variantBarcode },
            evidence: row.evidence,
          },
        ],
  )
  return { proposals, ambiguous: rows[0]?.ambiguous ?? 0 }
}

type ProposalRow = {
  /** Null in the one row that only carries the count. */
  id: string | null
  channelSku: string | null
  title: string
  barcode: string | null
  evidence: MappingProposal['evidence']
  variantId: string
  sku: string
  variantBarcode: string | null
  variantTitle: string
  ambiguous: number
}
