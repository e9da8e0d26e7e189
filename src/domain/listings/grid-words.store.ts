// The words by which products are found, kept in step with their texts: each in `product_terms`, by which it is looked up, and
// all of a product in `product_words`, by which one product is asked for them.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'

/** What is archived is found in no grid: its words are kept, but not looked up. */
export type TermsOfProduct = { id: string; terms: string[]; archived: boolean }

/** Only what is other than before is written. */
export async function saveTerms(tx: Tx, products: TermsOfProduct[]): Promise<void> {
  const before = await readTerms(
    tx,
    products.map(({ id }) => id),
  )
  const changed = products.filter(({ id, terms, archived }) => {
    const known = before.get(id)
    return known?.words !== wordsText(terms) || known.lookedUp === archived
  })
  if (changed.length === 0) return
  const gone: Term[] = []
  const added: Term[] = []
  for (const { id, terms, archived } of changed) {
    const known = before.get(id)
    const old = new Set(known?.lookedUp ? known.words.split(' ').filter(Boolean) : [])
    const wanted = new Set(archived ? [] : terms)
    for (const term of old.difference(wanted)) gone.push({ id, term })
    for (const term of wanted.difference(old)) added.push({ id, term })
  }
  await removeTerms(tx, gone)
  await addTerms(tx, added)
  await saveWords(tx, changed)
}

type Term = { id: string; term: string }

const wordsText = (terms: string[]) => terms.map((term) => ` ${term}`).join('')

type Words = { id: string; words: string; lookedUp: boolean }

async function readTerms(tx: Tx, productIds: string[]): Promise<Map<string, Words>> {
  const { rows } = await sql<Words>`
    select product_id as id, words, looked_up as "lookedUp" from product_words where tenant_id = ${tx.tenantId} and product_id = any(${productIds}::uuid[])
  `.execute(tx)
  return new Map(rows.map((row) => [row.id, row]))
}

async function removeTerms(tx: Tx, gone: Term[]): Promise<void> {
  if (gone.length === 0) return
  await sql`
    delete from product_terms t using unnest(${gone.map(({ term }) => term)}::text[], ${gone.map(({ id }) => id)}::uuid[]) as g (term, id)
    where t.tenant_id = ${tx.tenantId} and t.term = g.term and t.product_id = g.id
  `.execute(tx)
}

/** In the order of the index, of which each page is then written once. */
async function addTerms(tx: Tx, added: Term[]): Promise<void> {
  if (added.length === 0) return
  await sql`
    insert into product_terms (tenant_id, term, product_id)
    select ${tx.tenantId}, term, id from unnest(${added.map(({ term }) => term)}::text[], ${added.map(({ id }) => id)}::uuid[]) as a (term, id)
    order by term collate "C", id
    on conflict do nothing
  `.execute(tx)
}

async function saveWords(tx: Tx, products: TermsOfProduct[]): Promise<void> {
  await sql`
    insert into product_words (tenant_id, product_id, words, looked_up)
    select ${tx.tenantId}, * from unnest(${products.map(({ id }) => id)}::uuid[], ${products.map(({ terms }) => wordsText(terms))}::text[],
      ${products.map(({ archived }) => !archived)}::boolean[])
    on conflict (tenant_id, product_id) do update set words = excluded.words, looked_up = excluded.looked_up
  `.execute(tx)
}
