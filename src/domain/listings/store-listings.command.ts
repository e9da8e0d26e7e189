// A page of listings as the marketplace has them now: known ones are brought up to date, new ones added. What a whole
// walk did not name any more is marked as missing.
import { sql } from 'kysely'
import type { ChannelListing } from './listing.ts'
import { skuNormalized } from '../catalog/sku.ts'
import type { Tx } from '../../platform/database.ts'
import { closeProblems } from '../problems/problems.store.ts'
import { settlePriceTargets } from '../pricing/price-targets.store.ts'
import { verifyFromDownload } from './verify-targets.store.ts'
import { settleStockTargets } from '../stock/stock-targets.store.ts'

export type StoredListings = { added: number; changed: number }

/** A list says less of each than a reading of one does: what it is silent on stays as it was. */
export async function storeListings(tx: Tx, channelId: string, listings: ChannelListing[]): Promise<StoredListings> {
  const rows = rowsOf(tx, listings)
  if (rows.length === 0) return { added: 0, changed: 0 }
  const stored = await sql<{
    id: string
    added: boolean
    changed: boolean
    follows_differently: boolean
    came_back: boolean
  }>`
    with pulled as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as pulled (id uuid, listing text, variant text, sku text,
        sku_normalized text, title text, state text, marketplace_state text, quantity int, price bigint, currency text, image text,
        url text, barcode text, condition text, zero_is_final boolean, takes_quantity boolean, search_text text)
    ), before as (
      select listing.* from listings listing join pulled
        on listing.marketplace_listing_id = pulled.listing and listing.marketplace_variant_id = pulled.variant
      where listing.tenant_id = ${tx.tenantId} and listing.channel_id = ${channelId}
    ), stored as (
      insert into listings (tenant_id, id, channel_id, marketplace_listing_id, marketplace_variant_id, channel_sku,
        channel_sku_normalized, title, state, marketplace_state, quantity, price_minor, price_currency, image_url, url,
        barcode, condition, zero_is_final, takes_quantity, search_text)
      select ${tx.tenantId}, id, ${channelId}, listing, variant, sku, sku_normalized, title, state, marketplace_state, quantity,
        price, currency, image, url, barcode, condition, zero_is_final, takes_quantity, search_text
      from pulled order by listing, variant
      on conflict (tenant_id, channel_id, marketplace_listing_id, marketplace_variant_id) do update set
        channel_sku = excluded.channel_sku, channel_sku_normalized = excluded.channel_sku_normalized, title = excluded.title,
        state = excluded.state, marketplace_state = excluded.marketplace_state, quantity = excluded.quantity,
        price_minor = excluded.price_minor, price_currency = excluded.price_currency,
        image_url = coalesce(excluded.image_url, listings.image_url), url = coalesce(excluded.url, listings.url),
        barcode = coalesce(excluded.barcode, listings.barcode), condition = coalesce(excluded.condition, listings.condition),
        zero_is_final = excluded.zero_is_final,
        takes_quantity = excluded.takes_quantity, search_text = excluded.search_text, seen_at = app_now(), missing_since = null
      returning *
    )
    select stored.id, before.id is null as added,
      coalesce((before.channel_sku, before.title, before.state, before.quantity, before.price_minor, before.image_url)
        is distinct from (stored.channel_sku, stored.title, stored.state, stored.quantity, stored.price_minor, stored.image_url), true)
        as changed,
      coalesce(before.missing_since is not null, false) as came_back,
      before.id is not null and (before.state, before.state = 'ended' and before.quantity = 0, before.missing_since is null,
        before.takes_quantity, before.zero_is_final, before.price_currency) is distinct from (stored.state,
        stored.state = 'ended' and stored.quantity = 0, true, stored.takes_quantity, stored.zero_is_final, stored.price_currency)
        as follows_differently
    from stored left join before on before.id = stored.id
  `.execute(tx)
  await resettle(
    tx,
    stored.rows.filter((row) => row.follows_differently).map((row) => row.id),
  )
  const back = stored.rows.filter((row) => row.came_back).map((row) => `listing-gone/${row.id}`)
  await closeProblems(tx, back)
  await verifyFromDownload(
    tx,
    stored.rows.map((row) => row.id),
  )
  return {
    added: stored.rows.filter((row) => row.added).length,
    changed: stored.rows.filter((row) => row.changed && !row.added).length,
  }
}

/** At the end of a whole walk: what was not seen since its beginning is not there any more. */
export async function markMissing(tx: Tx, channelId: string, walkStartedAt: Date): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    update listings set missing_since = app_now()
    where tenant_id = ${tx.tenantId} and channel_id = ${channelId} and seen_at < ${walkStartedAt} and missing_since is null
    returning id
  `.execute(tx)
  await resettle(
    tx,
    rows.map((row) => row.id),
  )
  return rows.length
}

/** Entries that could not be read are there all the same. */
export async function touchListings(tx: Tx, channelId: string, marketplaceListingIds: string[]): Promise<void> {
  if (marketplaceListingIds.length === 0) return
  await sql`
    update listings set seen_at = app_now()
    where tenant_id = ${tx.tenantId} and channel_id = ${channelId}
      and marketplace_listing_id = any(${marketplaceListingIds}::text[])
  `.execute(tx)
}

/** They follow our figures from now on, or do not any more. */
async function resettle(tx: Tx, listingIds: string[]): Promise<void> {
  if (listingIds.length === 0) return
  const scope = { kind: 'listings' as const, ids: listingIds }
  await settleStockTargets(tx, scope)
  await settlePriceTargets(tx, scope)
}

/** A listing named twice on a page counts once, as it was named last. */
function rowsOf(tx: Tx, listings: ChannelListing[]) {
  const byIdentity = new Map(
    listings.map((one) => [`${one.marketplaceListingId}\n${one.marketplaceVariantId ?? ''}`, one]),
  )
  return [...byIdentity.values()].map((one) => ({
    id: tx.ids.uuid(),
    listing: plain(one.marketplaceListingId),
    variant: plain(one.marketplaceVariantId ?? ''),
    sku: one.channelSku === null ? null : plain(one.channelSku),
    sku_normalized: one.channelSku === null ? null : skuNormalized(one.channelSku),
    title: plain(one.title),
    state: one.state,
    marketplace_state: plain(one.marketplaceState),
    quantity: one.quantity,
    price: one.price?.minor ?? null,
    currency: one.price?.currency ?? null,
    image: one.imageUrl,
    url: one.url,
    barcode: one.barcode === null ? null : plain(one.barcode),
    condition: one.condition === null ? null : plain(one.condition),
    zero_is_final: one.zeroIsFinal,
    takes_quantity: one.takesQuantity,
    search_text: plain(`${one.channelSku ?? ''} ${one.title}`).toLowerCase(),
  }))
}

/** PostgreSQL keeps no NUL characters. */
function plain(text: string): string {
  return text.replaceAll('\u0000', '')
}
