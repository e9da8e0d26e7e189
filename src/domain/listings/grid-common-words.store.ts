// Beginnings of words that many products have, and the bits of those products, kept in step with their words. Looking one up
// among the terms would take longer than a person waits, once there are a million products.
import { sql } from 'kysely'
import type { Tx } from '../../platform/database.ts'
import { blockBytes, blockOf, hasBit, setBit, slotsInBlock } from './grid-bits.ts'
import { bitsOfSent, termsOf } from './grid-bits.store.ts'

export type WordSurvey = typeof usualSurvey

const usualSurvey = {
  /** Fewer products need none of this. */
  productsMin: 4_096,
  /** What a smaller part of them has is quickly read where it is looked up. */
  commonPart: 1 / 64,
  /** So many words are made ready in one go: for one that half a million products have it takes a tenth of a second. */
  readyMax: 25,
}

const commonMax = 2_000
const sampleMax = 5_000
/** A megabyte to each statement. */
const blocksMax = 1_000

/** The common words, letter by letter: a product has dozens of them, and thousands of products are settled at once. */
export type CommonWords = { word: string; next: Map<string, CommonWords> }

export async function readCommonWords(tx: Tx): Promise<CommonWords> {
  const root: CommonWords = { word: '', next: new Map() }
  for (const word of await listCommonWords(tx)) {
    let at = root
    for (const letter of word) {
      const next = at.next.get(letter) ?? { word: at.word + letter, next: new Map() }
      at.next.set(letter, next)
      at = next
    }
  }
  return root
}

async function listCommonWords(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{ word: string }>`
    select word from common_words where tenant_id = ${tx.tenantId}
  `.execute(tx)
  return rows.map(({ word }) => word)
}

/** With a beginning all shorter ones are common. */
export function commonBeginnings(terms: Iterable<string>, common: CommonWords): Set<string> {
  const found = new Set<string>()
  for (const term of terms) {
    let at: CommonWords | undefined = common
    for (const letter of term) {
      at = at.next.get(letter)
      if (!at) break
      found.add(at.word)
    }
  }
  return found
}

/** Slots that get a word, and lose it. As plain numbers: there are hundreds of thousands in a batch. */
export type BitChanges = Map<string, { set: number[]; cleared: number[] }>

export async function changeBits(tx: Tx, changesOf: BitChanges): Promise<void> {
  const changed = [...changesOf].flatMap(([word, { set, cleared }]) => {
    const [setIn, clearedIn] = [byBlock(set), byBlock(cleared)]
    const blocks = new Set([...setIn.keys(), ...clearedIn.keys()])
    return [...blocks].map((block) => ({
      word,
      block,
      set: setIn.get(block) ?? [],
      cleared: clearedIn.get(block) ?? [],
    }))
  })
  for (let from = 0; from < changed.length; from += blocksMax)
    await changeBlocks(tx, changed.slice(from, from + blocksMax))
}

function byBlock(slots: number[]): Map<number, number[]> {
  const blocks = new Map<number, number[]>()
  for (const slot of slots) {
    const inBlock = blocks.get(blockOf(slot))
    if (inBlock) inBlock.push(slot)
    else blocks.set(blockOf(slot), [slot])
  }
  return blocks
}

type ChangedBlock = { word: string; block: number; set: number[]; cleared: number[] }

async function changeBlocks(tx: Tx, changed: ChangedBlock[]): Promise<void> {
  const blocks = changed.map(({ word, block }) => ({ word, block, bits: new Uint8Array(blockBytes) }))
  const { rows } = await sql<{ at: number; bits: Buffer }>`
    select wanted.at::int as at, b.bits from ${wantedBlocks(blocks)}
    join word_bits b on b.tenant_id = ${tx.tenantId} and b.word = wanted.word and b.block = wanted.block
  `.execute(tx)
  for (const { at, bits } of rows) blocks[at - 1]?.bits.set(bits)
  for (const [at, { bits }] of blocks.entries()) {
    for (const slot of changed[at]?.cleared ?? []) setBit(bits, slot % slotsInBlock, false)
    for (const slot of changed[at]?.set ?? []) setBit(bits, slot % slotsInBlock, true)
  }
  await saveBlocks(tx, blocks)
}

type Block = { word: string; block: number; bits: Uint8Array }

const wantedBlocks = (blocks: Block[]) => sql`
  unnest(${blocks.map(({ word }) => word)}::text[], ${blocks.map(({ block }) => block)}::int[]) with ordinality as wanted (word, block, at)`

/** Their bits are handed over as one value. */
async function saveBlocks(tx: Tx, blocks: Block[]): Promise<void> {
  if (blocks.length === 0) return
  await sql`
    insert into word_bits (tenant_id, word, block, bits)
    select ${tx.tenantId}, word, block, substring(${Buffer.concat(blocks.map(({ bits }) => bits))}::bytea, (at::int - 1) * ${blockBytes}::int + 1, ${blockBytes}::int)
    from ${wantedBlocks(blocks)} order by block, word collate "C"
    on conflict (tenant_id, word, block) do update set bits = excluded.bits
  `.execute(tx)
}

/** Of whatever word: their products are gone. */
export async function clearBits(tx: Tx, slots: number[]): Promise<void> {
  if (slots.length === 0) return
  const common = await listCommonWords(tx)
  const gone = [...Map.groupBy(slots, blockOf)]
  const blocksAtOnce = Math.max(1, Math.floor(blocksMax / Math.max(1, common.length)))
  for (let from = 0; from < gone.length; from += blocksAtOnce) {
    const goneOf = new Map(gone.slice(from, from + blocksAtOnce))
    const { rows } = await sql<Block>`
      select word, block, bits from word_bits
      where tenant_id = ${tx.tenantId} and word = any(${common}::text[]) and block = any(${[...goneOf.keys()]}::int[])
    `.execute(tx)
    const changed = rows.filter(({ block, bits }) =>
      goneOf.get(block)?.some((slot) => hasBit(bits, slot % slotsInBlock)),
    )
    for (const { block, bits } of changed)
      for (const slot of goneOf.get(block) ?? []) setBit(bits, slot % slotsInBlock, false)
    await saveBlocks(tx, changed)
  }
}

/**
 * Looks which words are common each time there are twice as many products as the last time, and makes some of them ready.
 * True: there are more to be made ready.
 */
export async function surveyWords(tx: Tx, survey: WordSurvey = usualSurvey): Promise<boolean> {
  const { rows } = await sql<{ next: number; surveyed: number }>`
    select next, surveyed from product_slots where tenant_id = ${tx.tenantId}
  `.execute(tx)
  const { next = 0, surveyed = 0 } = rows[0] ?? {}
  if (next < Math.max(survey.productsMin, 2 * surveyed)) return false
  const known = new Set(await listCommonWords(tx))
  const fresh = (await findCommon(tx, next, survey)).filter((word) => !known.has(word)).slice(0, commonMax - known.size)
  for (const word of fresh.slice(0, survey.readyMax)) await makeReady(tx, word)
  if (fresh.length > survey.readyMax) return true
  await sql`update product_slots set surveyed = next where tenant_id = ${tx.tenantId}`.execute(tx)
  return false
}

/** Among some products chosen by lot, since what is imported may repeat itself; the most common first, and each behind the shorter ones it begins with. */
async function findCommon(tx: Tx, slots: number, { commonPart }: WordSurvey): Promise<string[]> {
  const { rows } = await sql<{ words: string }>`
    select words from product_words where tenant_id = ${tx.tenantId} and looked_up
      and (hashint4(slot) & 2147483647) % ${Math.ceil(slots / sampleMax)} = 0
  `.execute(tx)
  const counted = new Map<string, Counted>()
  for (const [product, { words }] of rows.entries())
    for (const word of words.split(' ')) countBeginnings(counted, word, product)
  const isCommon = ({ count }: Counted) => count >= rows.length * commonPart
  const found: { word: string; count: number }[] = []
  const look = (level: Map<string, Counted>, before: string) => {
    for (const [letter, one] of level) {
      if (!isCommon(one)) continue
      found.push({ word: before + letter, count: one.count })
      look(one.next, before + letter)
    }
  }
  look(counted, '')
  return found
    .toSorted((one, other) => other.count - one.count || one.word.length - other.word.length)
    .map(({ word }) => word)
}

type Counted = { count: number; last: number; next: Map<string, Counted> }

/** Each product once for each beginning. */
function countBeginnings(counted: Map<string, Counted>, word: string, product: number): void {
  let level = counted
  for (const letter of word) {
    let one = level.get(letter)
    if (!one) level.set(letter, (one = { count: 0, last: -1, next: new Map() }))
    if (one.last !== product) one.count++
    one.last = product
    level = one.next
  }
}

async function makeReady(tx: Tx, word: string): Promise<void> {
  const { rows } = await sql<{ slots: Buffer | null }>`
    select string_agg(int4send(t.slot), '') as slots from ${termsOf(tx, word)}
  `.execute(tx)
  await sql`insert into common_words (tenant_id, word) values (${tx.tenantId}, ${word}) on conflict do nothing`.execute(
    tx,
  )
  const bits = rows[0]?.slots ? bitsOfSent(rows[0].slots) : new Uint8Array(0)
  const blocks = Array.from({ length: Math.ceil(bits.length / blockBytes) }, (_, block) => {
    const whole = new Uint8Array(blockBytes)
    whole.set(bits.subarray(block * blockBytes, (block + 1) * blockBytes))
    return { word, block, bits: whole }
  })
  for (let from = 0; from < blocks.length; from += blocksMax) await saveBlocks(tx, blocks.slice(from, from + blocksMax))
}
