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
} from './grid-sources.store.ts'
import { saveTerms } from './grid-words.store.ts'
import { productTerms } from './product-terms.ts'

/** Large batches: each page of an index is then written once for many of its rows. */
const rowsMax = 5_000
const productsMin = 500
const fewMarks = 200

/** 'more': there are marks left. 'busy': another process is at it. */
export function settleGrid(db: Database, tenantId: string): Promise<'done' | 'more' | 'busy'> {
  return db.tenant(tenantId).transaction(async (tx) => {
    // One at a time for each business: rows made from an older state must not overwrite those of a newer one.
    const { rows } = await sql<{ free: boolean }>`
      select pg_try_advisory_xact_lock(hashtext('settle-grid'), hashtext(${tenantId})) as free
    `.execute(tx)
    if (!rows[0]?.free) return 'busy'
    const channelIds = await readChannels(tx)
    const productsMax = Math.max(productsMin, Math.floor(rowsMax / Math.max(1, channelIds.length)))
    const { productIds, taken } = await takeMarks(tx, productsMax)
    if (productIds.length === 0) return 'done'
    await settleProducts(tx, channelIds, productIds)
    await tx.notify('grid')
    return taken < productsMax ? 'done' : 'more'
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

/** Marks are taken before anything is read: a change that comes later brings its own. */
async function takeMarks(tx: Tx, productsMax: number): Promise<{ productIds: string[]; taken: number }> {
  const { rows } = await sql<{ product_id: string }>`
    delete from grid_marks where tenant_id = ${tx.tenantId} and id <= (
      select max(id) from (select id from grid_marks where tenant_id = ${tx.tenantId} order by id limit ${productsMax}) oldest
    ) returning product_id
  `.execute(tx)
  return { productIds: [...new Set(rows.map((row) => row.product_id))].toSorted(), taken: rows.length }
}

async function settleProducts(tx: Tx, channelIds: string[], productIds: string[]): Promise<void> {
  const products = await readGridProducts(tx, productIds)
  const figures = new Map((await readGridFigures(tx, productIds)).map((row) => [row.productId, row]))
  const states = placed(await readGridListings(tx, productIds), ({ state }) => state)
  for (const row of await readRefusedChanges(tx, channelIds, productIds)) states.set(placeOf(row), refusedState)
  const prices = placed(await readGridPrices(tx, channelIds, productIds), ({ price }) => price)
  const shown = products.filter(({ archived }) => !archived)
  const rows = channelIds.flatMap((channelId) =>
    shown.map((product): GridRowParts => {
      const place = placeOf({ channelId, productId: product.id })
      const figuresOf = figures.get(product.id) ?? { ...noFigures, productId: product.id }
      return { channelId, product, figures: figuresOf, state: states.get(place) ?? 0, price: prices.get(place) ?? null }
    }),
  )
  const shownIds = new Set(shown.map(({ id }) => id))
  await saveGridRows(tx, rows, { goneIds: productIds.filter((id) => !shownIds.has(id)) })
  await saveTerms(
    tx,
    products.map(({ id, archived, ...texts }) => ({
      id,
      archived,
      terms: productTerms({ ...noFigures, ...figures.get(id), ...texts }),
    })),
  )
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
