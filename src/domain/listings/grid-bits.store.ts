// Which products the typed words meet, as bits: those of common beginnings are kept ready, those of others are read where
// the words are looked up. See grid-words.store.ts.
import { sql, type RawBuilder } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { bitsFrom, blockBytes, countBits, inAll, setBit, type Bits } from './grid-bits.ts'

export type MetProducts = { bits: Bits; size: number }

/** Undefined: without a word all products are met. */
export async function readMetProducts(tx: Tx, words: string[]): Promise<MetProducts | undefined> {
  const typed = [...new Set(words)]
  if (typed.length === 0) return undefined
  const ready = await readCommon(tx, typed)
  const rare = await readRare(
    tx,
    typed.filter((word) => !ready.has(word)),
  )
  const [first, ...others] = [...ready.values(), ...rare]
  if (!first) return undefined
  const bits = inAll([first, ...others])
  return { bits, size: countBits(bits) }
}

type Block = { word: string; block: number | null; bits: Buffer | null }

async function readCommon(tx: Tx, words: string[]): Promise<Map<string, Bits>> {
  const { rows } = await sql<Block>`
    select c.word, b.block, b.bits from common_words c
    left join word_bits b on b.tenant_id = c.tenant_id and b.word = c.word
    where c.tenant_id = ${tx.tenantId} and c.word = any(${words}::text[])
  `.execute(tx)
  const found = new Map<string, Bits>()
  for (const [word, blocks] of Map.groupBy(rows, (row) => row.word)) {
    const bits = new Uint8Array((1 + Math.max(0, ...blocks.map(({ block }) => block ?? 0))) * blockBytes)
    for (const row of blocks) if (row.bits && row.block !== null) bits.set(row.bits, row.block * blockBytes)
    found.set(word, bits)
  }
  return found
}

async function readRare(tx: Tx, words: string[]): Promise<Bits[]> {
  if (words.length === 0) return []
  const found = words.map((word) => sql`select string_agg(int4send(t.slot), '') as slots from ${termsOf(tx, word)}`)
  const { rows } = await sql<{ slots: Buffer | null }>`${sql.join(found, sql` union all `)}`.execute(tx)
  return rows.map(({ slots }) => (slots ? bitsOfSent(slots) : new Uint8Array(0)))
}

/** As int4send() writes them, one behind the other. */
export function bitsOfSent(sent: Buffer): Bits {
  const view = new DataView(sent.buffer, sent.byteOffset, sent.byteLength)
  let last = -1
  for (let at = 0; at < sent.byteLength; at += 4) last = Math.max(last, view.getInt32(at))
  const bits = bitsFrom([], 1 + last)
  for (let at = 0; at < sent.byteLength; at += 4) setBit(bits, view.getInt32(at), true)
  return bits
}

/** A word is met by every term that begins with it. */
export function termsOf(tx: Tx, word: string): RawBuilder<unknown> {
  return sql`product_terms t where t.tenant_id = ${tx.tenantId} and t.term >= ${word} and t.term < ${`${word}\u{10FFFF}`}`
}
