// The words of orders as rows. Written with the order itself, in one statement a page, so that an order can be found as soon as
// it can be seen.
import { sql } from 'kysely'
import { arrayText } from '../../platform/array-text.ts'
import type { Tx } from '../../platform/database.ts'
import type { Secrets } from '../../platform/secrets.ts'
import { openContact, type Contact } from './contact.store.ts'
import { buyerWords, termsOf, type WordsOf } from './order-terms.ts'

/** Orders of an older version are indexed anew by themselves. */
export const termsVersion = 1

/** No word a person can type begins with it, so no prefix ever meets a hash. */
const hashMark = '='
/** 96 bits. */
const hashLength = 16

/** Of this tenant only: the same buyer at another business has other hashes. */
export function hashedWord(secrets: Secrets, tenantId: string, word: string): string {
  return hashMark + secrets.keyedHash(`order word ${tenantId} ${word}`).slice(0, hashLength)
}

export function orderTerms(tenantId: string, words: WordsOf, contact: Contact | null, secrets: Secrets): string[] {
  const buyer = buyerWords({
    names: [contact?.buyer?.name, contact?.shipTo?.name],
    email: contact?.buyer?.email ?? null,
    postalCode: contact?.shipTo?.postalCode ?? '',
  })
  return [...termsOf(words), ...buyer.map((word) => hashedWord(secrets, tenantId, word))]
}

/**
 * From the orders' own rows, in the order of the index. Of orders that were just written no word can be there yet, which
 * need not be looked up then.
 */
export async function writeOrderTerms(tx: Tx, orderIds: string[], { mayBeThere = false } = {}): Promise<void> {
  if (orderIds.length === 0) return
  await sql`
    insert into order_terms (tenant_id, term, placed_at, order_id)
    select o.tenant_id, word.term, o.placed_at, o.id
    from orders o cross join lateral unnest(o.terms) as word (term)
    where o.tenant_id = ${tx.tenantId} and o.id = any(${orderIds}::uuid[])
    order by word.term collate "C", o.placed_at desc
    ${mayBeThere ? sql`on conflict do nothing` : sql``}
  `.execute(tx)
}

/** What an order is called by has changed, or it was written without words: the next look of the job sees to it. */
export async function markForTerms(tx: Tx, orderIds: string[]): Promise<void> {
  if (orderIds.length === 0) return
  await sql`
    update orders set terms_version = 0 where tenant_id = ${tx.tenantId} and id = any(${orderIds}::uuid[])
  `.execute(tx)
  await tx.enqueue('index-orders', {}, { key: tx.tenantId })
}

/** With the buyer's data go the hashes of his words. */
export async function forgetBuyerTerms(tx: Tx, orderIds: string[]): Promise<void> {
  if (orderIds.length === 0) return
  const ofBuyers = sql`like ${`${hashMark}%`}`
  await sql`
    delete from order_terms t using orders o cross join lateral unnest(o.terms) as word (term)
    where o.tenant_id = ${tx.tenantId} and o.id = any(${orderIds}::uuid[]) and word.term ${ofBuyers}
      and t.tenant_id = o.tenant_id and t.term = word.term collate "C" and t.placed_at = o.placed_at and t.order_id = o.id
  `.execute(tx)
  await sql`
    update orders set terms = array(select term from unnest(terms) as word (term) where not (term ${ofBuyers}))
    where tenant_id = ${tx.tenantId} and id = any(${orderIds}::uuid[])
  `.execute(tx)
}

const batchMax = 500

type Unindexed = {
  id: string
  marketplaceOrderId: string
  bundleId: string | null
  contact: Buffer | null
  skus: (string | null)[]
  titles: string[]
}

/** Orders whose words are missing or old; whether there may be more. */
export async function indexOrders(tx: Tx, secrets: Secrets): Promise<{ more: boolean }> {
  const { rows } = await sql<Unindexed>`
    select o.id, o.marketplace_order_id as "marketplaceOrderId", o.bundle_id as "bundleId", o.contact,
      array(
        select l.channel_sku from order_lines l where l.tenant_id = o.tenant_id and l.order_id = o.id
        union select v.sku from order_line_components c join variants v on v.tenant_id = c.tenant_id and v.id = c.variant_id
        where c.tenant_id = o.tenant_id and c.order_id = o.id
      ) as skus,
      array(select distinct l.title from order_lines l where l.tenant_id = o.tenant_id and l.order_id = o.id) as titles
    from orders o
    where o.tenant_id = ${tx.tenantId} and o.terms_version = 0
    order by o.id limit ${batchMax} for no key update of o skip locked
  `.execute(tx)
  if (rows.length === 0) return { more: false }
  const ids = rows.map((row) => row.id)
  const terms = rows.map(({ id, contact, ...row }) => {
    const opened = openContact(secrets, { tenantId: tx.tenantId, orderId: id }, contact)
    const words = { ids: [row.marketplaceOrderId, row.bundleId], skus: row.skus, titles: row.titles }
    return orderTerms(tx.tenantId, words, opened, secrets)
  })
  await sql`
    delete from order_terms t using orders o cross join lateral unnest(o.terms) as word (term)
    where o.tenant_id = ${tx.tenantId} and o.id = any(${ids}::uuid[]) and cardinality(o.terms) > 0
      and t.tenant_id = o.tenant_id and t.term = word.term collate "C" and t.placed_at = o.placed_at and t.order_id = o.id
  `.execute(tx)
  await sql`
    update orders o set terms = fresh.terms::text[], terms_version = ${termsVersion}
    from unnest(${ids}::uuid[], ${terms.map(arrayText)}::text[]) as fresh (id, terms)
    where o.tenant_id = ${tx.tenantId} and o.id = fresh.id
  `.execute(tx)
  await writeOrderTerms(tx, ids, { mayBeThere: true })
  return { more: rows.length === batchMax }
}
