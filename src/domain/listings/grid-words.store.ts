// The words by which products are found, kept in step with their texts: each in `product_terms`, by which it is looked up,
// all of a product in `product_words`, by which one product is asked for them, and those common among products as bits.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { changeBits, commonBeginnings, readCommonWords, type BitChanges } from './grid-common-words.store.ts'

/** What is archived is found in no grid: its words are kept, but not looked up. */
export type TermsOfProduct = { id: string; slot: number; terms: string[]; archived: boolean }

export type KnownWords = Map<string, Words>

/** Only what is other than before is written. */
export async function saveTerms(tx: Tx, products: TermsOfProduct[], before: KnownWords): Promise<void> {
  const changed = products.filter(({ id, terms, archived }) => {
    const known = before.get(id)
    return known?.words !== wordsText(terms) || known.lookedUp === archived
  })
  if (changed.length === 0) return
  const gone: Term[] = []
  const added: Term[] = []
  const bits: BitChanges = new Map()
  const bitsOf = (word: string) => bits.get(word) ?? bits.set(word, { set: [], cleared: [] }).get(word)
  const common = await readCommonWords(tx)
  for (const { id, slot, terms, archived } of changed) {
    const known = before.get(id)
    const old = new Set(known ? lookedUpTerms(known) : [])
    const wanted = new Set(archived ? [] : terms)
    for (const term of old) if (!wanted.has(term)) gone.push({ slot, term })
    for (const term of wanted) if (!old.has(term)) added.push({ slot, term })
    const oldCommon = commonBeginnings(old, common)
    const wantedCommon = commonBeginnings(wanted, common)
    for (const word of oldCommon) if (!wantedCommon.has(word)) bitsOf(word)?.cleared.push(slot)
    for (const word of wantedCommon) if (!oldCommon.has(word)) bitsOf(word)?.set.push(slot)
  }
  await removeTerms(tx, gone)
  await addTerms(tx, added)
  await changeBits(tx, bits)
  await saveWords(tx, changed)
}

/** Of products that are gone: what was written at the moment in which they went. */
export async function forgetWords(tx: Tx, productIds: string[], known: KnownWords): Promise<void> {
  const left = productIds.flatMap((id) => known.get(id) ?? [])
  if (left.length === 0) return
  await removeTerms(
    tx,
    left.flatMap((words) => lookedUpTerms(words).map((term) => ({ slot: words.slot, term }))),
  )
  await sql`
    delete from product_words where tenant_id = ${tx.tenantId} and product_id = any(${left.map(({ id }) => id)}::uuid[])
  `.execute(tx)
}

type Term = { slot: number; term: string }

const wordsText = (terms: string[]) => terms.map((term) => ` ${term}`).join('')

type Words = { id: string; slot: number; words: string; lookedUp: boolean }

const lookedUpTerms = ({ words, lookedUp }: Words) => (lookedUp ? words.split(' ').filter(Boolean) : [])

export async function readWords(tx: Tx, productIds: string[]): Promise<KnownWords> {
  const { rows } = await sql<Words>`
    select product_id as id, slot, words, looked_up as "lookedUp" from product_words where tenant_id = ${tx.tenantId} and product_id = any(${productIds}::uuid[])
  `.execute(tx)
  return new Map(rows.map((row) => [row.id, row]))
}

async function removeTerms(tx: Tx, gone: Term[]): Promise<void> {
  if (gone.length === 0) return
  await sql`
    delete from product_terms t using unnest(${gone.map(({ term }) => term)}::text[], ${gone.map(({ slot }) => slot)}::int[]) as g (term, slot)
    where t.tenant_id = ${tx.tenantId} and t.term = g.term and t.slot = g.slot
  `.execute(tx)
}

/** In the order of the index, of which each page is then written once. */
async function addTerms(tx: Tx, added: Term[]): Promise<void> {
  if (added.length === 0) return
  await sql`
    insert into product_terms (tenant_id, term, slot)
    select ${tx.tenantId}, term, slot from unnest(${added.map(({ term }) => term)}::text[], ${added.map(({ slot }) => slot)}::int[]) as a (term, slot)
    order by term collate "C", slot
    on conflict do nothing
  `.execute(tx)
}

async function saveWords(tx: Tx, products: TermsOfProduct[]): Promise<void> {
  await sql`
    insert into product_words (tenant_id, product_id, slot, words, looked_up)
    select ${tx.tenantId}, * from unnest(${products.map(({ id }) => id)}::uuid[], ${products.map(({ slot }) => slot)}::int[], ${products.map(({ terms }) => wordsText(terms))}::text[],
      ${products.map(({ archived }) => !archived)}::boolean[])
    on conflict (tenant_id, product_id) do update set slot = excluded.slot, words = excluded.words, looked_up = excluded.looked_up
  `.execute(tx)
}
