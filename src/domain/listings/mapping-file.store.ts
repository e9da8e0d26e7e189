// The mapping file out and in. Written so that a spreadsheet takes no cell for a formula, and read back the same.
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { diffMappings, mappingColumns } from './mapping-file.ts'
import type { FileRow, KnownListing, MappingDiff } from './mapping-file.ts'

export const mappingFileRowsMax = 200_000

export async function writeMappingFile(tx: Tx, channelId: string): Promise<string> {
  const listings = await loadListings(tx, channelId)
  const rows = listings.flatMap(({ marketplaceListingId, channelSku, title, components }) => {
    const start = [marketplaceListingId, channelSku ?? '', title]
    if (components.length === 0) return [[...start, '', '']]
    return components.map(({ sku, quantity }) => [...start, sku, String(quantity)])
  })
  return stringify([[...mappingColumns], ...rows], { escape_formulas: true, bom: true, record_delimiter: 'windows' })
}

export type ReadMappingFile = { kind: 'read'; diff: MappingDiff } | { kind: 'refused'; reason: string }

export async function diffMappingFile(tx: Tx, channelId: string, text: string): Promise<ReadMappingFile> {
  const read = readRows(text)
  if (typeof read === 'string') return { kind: 'refused', reason: read }
  const listings = await loadListings(tx, channelId)
  const skus = [...new Set(read.map(({ sku }) => sku.trim()).filter((sku) => sku !== ''))]
  const { rows } = await sql<{ sku: string; id: string }>`
    select sku, id from variants where tenant_id = ${tx.tenantId} and sku = any(${skus}::text[])
  `.execute(tx)
  const known = {
    listings: new Map(listings.map((listing) => [listing.marketplaceListingId, listing])),
    variantIds: new Map(rows.map(({ sku, id }) => [sku, id])),
  }
  return { kind: 'read', diff: diffMappings(read, known) }
}

function readRows(text: string): FileRow[] | string {
  const head = text.replace(/^\uFEFF/, '').split(/\r?\n/, 1)[0] ?? ''
  const delimiter =
    [';', '\t', ','].toSorted((one, other) => head.split(other).length - head.split(one).length)[0] ?? ','
  let cells: { record: string[]; info: { lines: number } }[]
  try {
    const options = {
      bom: true,
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      to: mappingFileRowsMax + 2,
    } as const
    cells = parse(text, options) as unknown as typeof cells
  } catch {
    return 'This is no CSV file. Download the mappings, change them, and bring that file back.'
  }
  if (cells.length > mappingFileRowsMax + 1)
    return `The file has more than ${mappingFileRowsMax.toLocaleString('en-GB')} rows.`
  const headers = (cells[0]?.record ?? []).map((cell) => cell.trim().toLowerCase())
  const at = (column: (typeof mappingColumns)[number]) => headers.indexOf(column.toLowerCase())
  if (at('Listing ID') < 0 || at('SKU') < 0) return 'The first row must name the columns “Listing ID” and “SKU”.'
  return cells.slice(1).map(({ record, info }) => {
    const cell = (column: (typeof mappingColumns)[number]) => unescape(record[at(column)] ?? '')
    return {
      line: info.lines,
      listingId: cell('Listing ID'),
      channelSku: cell('Channel SKU'),
      sku: cell('SKU'),
      quantity: cell('Quantity'),
    }
  })
}

/** The apostrophe that kept a cell from being a formula. */
function unescape(cell: string): string {
  return /^'[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/.test(cell) ? cell.slice(1) : cell
}

async function loadListings(tx: Tx, channelId: string): Promise<KnownListing[]> {
  const { rows } = await sql<KnownListing>`
    select listing.id, concat_ws('/', listing.marketplace_listing_id, nullif(listing.marketplace_variant_id, '')) as "marketplaceListingId",
      listing.channel_sku as "channelSku", listing.title,
      coalesce(jsonb_agg(jsonb_build_object('variantId', variant.id, 'sku', variant.sku, 'quantity', component.quantity)
        order by variant.sku) filter (where variant.id is not null), '[]') as components
    from listings listing
    left join sku_mappings mapping on mapping.tenant_id = ${tx.tenantId} and mapping.listing_id = listing.id
    left join sku_mapping_components component on component.tenant_id = ${tx.tenantId} and component.mapping_id = mapping.id
    left join variants variant on variant.tenant_id = ${tx.tenantId} and variant.id = component.variant_id
    where listing.tenant_id = ${tx.tenantId} and listing.channel_id = ${channelId} and listing.missing_since is null
    group by listing.id, listing.marketplace_listing_id, listing.marketplace_variant_id, listing.channel_sku, listing.title
    order by listing.title, listing.id
  `.execute(tx)
  return rows
}
