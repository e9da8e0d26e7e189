// Brings the rows of the listings grid up to date with what they are made from: the marked products, on every sales channel.
import { sql } from 'kysely'
import type { Database, Tx } from '../../platform/database.ts'
import { saveGridRows, type GridRowParts } from './grid-rows.store.ts'
import {
  readGridFigures,
  readGridListings,
  readGridPrices,
  readGridProducts,
  readRefusedChanges,
  type GridFigures,
  type GridProduct,
} from './grid-sources.store.ts'
import { clearBits, surveyWords, type WordSurvey } from './grid-common-words.store.ts'
import { freeSlots, takeSlots, unusedSlots } from './grid-slots.store.ts'
import { forgetWords, readWords, saveTerms, type KnownWords } from './grid-words.store.ts'
import { productTerms } from './product-terms.ts'

/** Large batches: each page of an index is then written once for many of its rows. */
const rowsMax = 5_000
const productsMin = 500
const fewMarks = 200

/** 'more': there are marks left. 'busy': another process is at it. */
export function settleGrid(db: Database, tenantId: string, survey?: WordSurvey): Promise<'done' | 'more' | 'busy'> {
  return db.tenant(tenantId).transaction(async (tx) => {
    // One at a time for each business: rows made from an older state must not overwrite those of a newer one.
    const { rows } = await sql<{ free: boolean }>`
      select pg_try_advisory_xact_lock(hashtext('settle-grid'), hashtext(${tenantId})) as free
    `.execute(tx)
    if (!rows[0]?.free) return 'busy'
    const channelIds = await readChannels(tx)
    const productsMax = Math.max(productsMin, Math.floor(rowsMax / Math.max(1, channelIds.length)))
    const marks = await takeMarks(tx, productsMax)
    if (marks.length > 0) {
      await settleProducts(tx, channelIds, marks)
      await tx.notify('grid')
    }
    // Nobody waits while there are many, or none.
    const isAside = survey !== undefined || marks.length === 0 || marks.length >= fewMarks
    const hasMoreWords = isAside && (await surveyWords(tx, survey))
    return hasMoreWords || marks.length >= productsMax ? 'more' : 'done'
  })
}

/** Whether there are so few that a person's question can wait for them. */
export async function countGridMarks(tx: Tx): Promise<'none' | 'few' | 'many'> {
  const { rows } = await sql<{ marks: number }>`
    select count(*)::int as marks from (select from grid_marks where tenant_id = ${tx.tenantId} limit ${fewMarks}) m
  `.execute(tx)
  const marks = rows[0]?.marks ?? 0
  return marks === 0 ? 'none' : marks < fewMarks ? 'few' : 'many'
}

async function readChannels(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from sales_channels where tenant_id = ${tx.tenantId} and removed_at is null order by id
  `.execute(tx)
  return rows.map(({ id }) => id)
}

/** With the slot that a product had that is gone. */
type Mark = { productId: string; slot: number | null }

/** Marks are taken before anything is read: a change that comes later brings its own. */
async function takeMarks(tx: Tx, productsMax: number): Promise<Mark[]> {
  const { rows } = await sql<Mark>`
    delete from grid_marks where tenant_id = ${tx.tenantId} and id <= (
      select max(id) from (select id from grid_marks where tenant_id = ${tx.tenantId} order by id limit ${productsMax}) oldest
    ) returning product_id as "productId", slot
  `.execute(tx)
  return rows
}

async function settleProducts(tx: Tx, channelIds: string[], marks: Mark[]): Promise<void> {
  const productIds = [...new Set(marks.map(({ productId }) => productId))].toSorted()
  const products = await readGridProducts(tx, productIds)
  const words = await readWords(tx, productIds)
  await forgetProducts(tx, marks, { products, words })
  const slots = await slotsOfProducts(tx, products, words)
  const figures = new Map((await readGridFigures(tx, productIds)).map((row) => [row.productId, row]))
  const states = placed(await readGridListings(tx, productIds), ({ state }) => state)
  for (const row of await readRefusedChanges(tx, channelIds, productIds)) states.set(placeOf(row), refusedState)
  const prices = placed(await readGridPrices(tx, channelIds, productIds), ({ price }) => price)
  const shown = products.filter(({ archived }) => !archived)
  const rows = channelIds.flatMap((channelId) =>
    shown.map((product): GridRowParts => {
      const place = placeOf({ channelId, productId: product.id })
      const figuresOf = figures.get(product.id) ?? { ...noFigures, productId: product.id }
      const slot = slots.get(product.id) ?? 0
      return {
        channelId,
        product,
        slot,
        figures: figuresOf,
        state: states.get(place) ?? 0,
        price: prices.get(place) ?? null,
      }
    }),
  )
  const shownIds = new Set(shown.map(({ id }) => id))
  await saveGridRows(tx, rows, { goneIds: productIds.filter((id) => !shownIds.has(id)) })
  await saveTerms(
    tx,
    products.map(({ id, archived, ...texts }) => ({
      id,
      slot: slots.get(id) ?? 0,
      archived,
      terms: productTerms({ ...noFigures, ...figures.get(id), ...texts }),
    })),
    words,
  )
}

type Found = { products: GridProduct[]; words: KnownWords }

/** What a product leaves behind that went while its row was being written; and its slot may be another's. */
async function forgetProducts(tx: Tx, marks: Mark[], { products, words }: Found): Promise<void> {
  const live = new Set(products.map(({ id }) => id))
  const goneIds = [...words.keys()].filter((id) => !live.has(id))
  await forgetWords(tx, goneIds, words)
  const slots = [...goneIds.map((id) => words.get(id)?.slot ?? null), ...marks.map(({ slot }) => slot)]
  const gone = await unusedSlots(
    tx,
    [...new Set(slots)].filter((slot) => slot !== null),
  )
  await clearBits(tx, gone)
  await freeSlots(tx, gone)
}

async function slotsOfProducts(tx: Tx, products: GridProduct[], words: KnownWords): Promise<Map<string, number>> {
  const fresh = products.flatMap(({ id }) => (words.has(id) ? [] : [id])).toSorted()
  const taken = await takeSlots(tx, fresh.length)
  return new Map([
    ...[...words].map(([id, { slot }]) => [id, slot] as const),
    ...fresh.map((id, at) => [id, taken[at] ?? 0] as const),
  ])
}

const refusedState = 3

const noFigures: Omit<GridFigures, 'productId'> = {
  skuKey: '',
  stock: null,
  cost: null,
  supplierIds: [],
  skus: [],
  barcodes: [],
  titles: [],
}

type OnChannel = { productId: string; channelId: string }

const placeOf = ({ productId, channelId }: OnChannel) => `${channelId} ${productId}`

function placed<Row extends OnChannel, Value>(rows: Row[], valueOf: (row: Row) => Value): Map<string, Value> {
  return new Map(rows.map((row) => [placeOf(row), valueOf(row)]))
}
