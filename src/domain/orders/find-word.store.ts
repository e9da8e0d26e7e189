// What a typed word may mean: words of orders that are it or begin with it, a whole word of a buyer, a purchase order's
// number, a tracking number, our own id.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import type { Secrets } from '../../platform/secrets.ts'
import { plainTracking } from '../shipping/parcel.ts'
import { plainWord } from './order-terms.ts'
import { hashedWord } from './order-terms.store.ts'

export type FoundWord = {
  terms: string[]
  ids: string[]
  /** More words begin like this than are looked for. */
  cut: boolean
}

const beginningsMax = 50
const beginningMin = 3
const idsMax = 50
/** Sorts after every letter. */
const afterAll = '\u{10FFFF}'
const uuidShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export async function findWord(tx: Tx, typed: string, secrets: Secrets): Promise<FoundWord> {
  const word = plainWord(typed)
  const ids = await findIds(tx, typed)
  if (word === '') return { terms: [], ids, cut: false }
  const beginnings = word.length < beginningMin ? [] : await wordsBeginning(tx, word)
  const exact = [word, hashedWord(secrets, tx.tenantId, word)]
  const terms = [...new Set([...(await knownOf(tx, exact)), ...beginnings.slice(0, beginningsMax)])]
  return { terms, ids, cut: beginnings.length > beginningsMax }
}

async function knownOf(tx: Tx, terms: string[]): Promise<string[]> {
  const { rows } = await sql<{ term: string }>`
    select wanted.term from unnest(${terms}::text[]) as wanted (term)
    where exists (select from order_terms t where t.tenant_id = ${tx.tenantId} and t.term = wanted.term collate "C")
  `.execute(tx)
  return rows.map((row) => row.term)
}

/** From one word to the next through the index, however many orders each has. */
async function wordsBeginning(tx: Tx, beginning: string): Promise<string[]> {
  const next = (after: ReturnType<typeof sql>) => sql`
    select t.term from order_terms t
    where t.tenant_id = ${tx.tenantId} and ${after} and t.term < ${beginning + afterAll} collate "C" order by t.term limit 1`
  const { rows } = await sql<{ term: string }>`
    with recursive found (term, count) as (
      (select first.term, 1 from (${next(sql`t.term >= ${beginning} collate "C"`)}) first)
      union all
      select following.term, found.count + 1 from found cross join lateral (${next(sql`t.term > found.term`)}) following
      where found.count <= ${beginningsMax}
    )
    select term from found
  `.execute(tx)
  return rows.map((row) => row.term)
}

async function findIds(tx: Tx, typed: string): Promise<string[]> {
  const tracking = plainTracking(typed)
  const isBeginning = tracking.length >= beginningMin
  const own = uuidShape.test(typed)
    ? sql`select id from orders where tenant_id = ${tx.tenantId} and id = ${typed}::uuid union`
    : sql``
  const { rows } = await sql<{ id: string }>`
    ${own}
    select order_id as id from purchase_orders where tenant_id = ${tx.tenantId} and number = ${typed.toUpperCase()}
    union
    (
      select s.order_id from shipments s where s.tenant_id = ${tx.tenantId} and s.tracking_plain >= ${tracking} collate "C"
        and s.tracking_plain <= ${isBeginning ? tracking + afterAll : tracking} collate "C"
      limit ${idsMax}
    )
  `.execute(tx)
  return rows.map((row) => row.id)
}
