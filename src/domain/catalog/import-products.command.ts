// A product file, batch by batch, each in one transaction: a crash leaves whole batches, and the same file again changes
// only what is missing. The whole file was looked through before, so that one that is too long changes nothing at all.
import type { Database } from '../../platform/database.ts'
import { planAfresh } from '../files/bulk.store.ts'
import {
  addRefusals,
  noRows,
  saveProgress,
  settleImport,
  type FileImport,
  type ImportCounts,
  type Refusal,
} from '../files/file-imports.store.ts'
import { FileRefused } from '../files/layout.ts'
import { setOnHand } from '../stock/offers.store.ts'
import type { FileRow } from '../files/read-rows.ts'
import { markVariants } from '../stock/marks.store.ts'
import { ensureOwnStockSupplier } from './own-stock.store.ts'
import { planProducts, type ProductPlan } from './plan-products.ts'
import { loadForImport, savePlan } from './products.store.ts'
import { productGatherer, type FileProduct, type ProductFile } from './shopify-products.ts'

const batchRowsMax = 1_000

export async function importProducts(
  db: Database,
  tenantId: string,
  file: FileImport,
  table: { batches: AsyncIterable<FileRow[]>; columns: ProductFile },
): Promise<ImportCounts> {
  const gatherer = productGatherer(table.columns)
  const counts = { ...noRows }
  let derivedSkus = 0
  let waiting: FileProduct[] = []
  let waitingRows = 0
  let refusals: Refusal[] = []

  const store = async () => {
    refusals.push(...gatherer.takeRefusals())
    derivedSkus += waiting.reduce(
      (sum, product) => sum + product.variants.filter((variant) => variant.skuDerived).length,
      0,
    )
    await storeBatch(db, tenantId, file, table.columns, { products: waiting, refusals, counts })
    waiting = []
    waitingRows = 0
    refusals = []
  }
  const take = (product: FileProduct | undefined) => {
    if (!product) return
    waiting.push(product)
    waitingRows += product.variants.length + product.imageLines.length
  }

  for await (const batch of table.batches) {
    for (const row of batch) {
      counts.rowsRead += 1
      if (row.kind === 'refused') refusals.push({ ...row, rowTaken: false })
      else take(gatherer.push(row))
      if (waitingRows >= batchRowsMax || refusals.length >= batchRowsMax) await store()
    }
  }
  take(gatherer.end())
  await store()
  if (counts.rowsRead === 0) throw new FileRefused('The file has only the row of column names and nothing under it.')
  const notes =
    derivedSkus === 0
      ? []
      : [
          `${derivedSkus} variants have no SKU in the file. Their SKU was made from handle and options, and stays the same when the file is imported again.`,
        ]
  await db.tenant(tenantId).transaction((tx) => settleImport(tx, file.id, { state: 'applied', counts, notes }))
  return counts
}

type Batch = { products: FileProduct[]; refusals: Refusal[]; counts: ImportCounts }

async function storeBatch(
  db: Database,
  tenantId: string,
  file: FileImport,
  columns: ProductFile,
  batch: Batch,
): Promise<void> {
  const plan = await db.tenant(tenantId).transaction(async (tx) => {
    await planAfresh(tx)
    const own = await ensureOwnStockSupplier(tx)
    const stored = await loadForImport(tx, {
      handles: batch.products.map((product) => product.handle),
      skus: batch.products.flatMap((product) => product.variants.map((variant) => variant.sku)),
      ownSupplierId: own.id,
    })
    const plan = planProducts(batch.products, stored, { newId: tx.ids.uuid, hasStock: columns.at.onHand !== undefined })
    await savePlan(tx, plan, { supplierId: own.id, offerCurrency: own.currency, priceCurrency: columns.currency })
    await setOnHand(
      tx,
      plan.onHand.map((change) => ({ ...change, reason: 'file', reference: file.id, actor: file.actor })),
    )
    await markVariants(tx, variantsToPrice(plan, stored))
    await addRefusals(tx, file.id, [...batch.refusals, ...plan.refusals])
    await saveProgress(tx, file.id, added(batch.counts, plan.counts, batch.refusals))
    if (plan.counts.applied > 0) await tx.notify('catalog')
    return plan
  })
  Object.assign(batch.counts, added(batch.counts, plan.counts, batch.refusals))
}

/** What of them changed in price, in cost, or in what pricing rules may be for. */
function variantsToPrice(plan: ProductPlan, stored: Awaited<ReturnType<typeof loadForImport>>): string[] {
  const products = new Set(plan.products.map(({ id }) => id))
  const repriced = new Set(plan.costs.map(({ offerId }) => offerId))
  const offers = [...stored.offers, ...plan.newOffers].filter(({ id }) => repriced.has(id))
  return [
    ...new Set([
      ...plan.variants.map(({ id }) => id),
      ...stored.variants.filter(({ productId }) => products.has(productId)).map(({ id }) => id),
      ...offers.map(({ variantId }) => variantId),
    ]),
  ]
}

function added(
  counts: ImportCounts,
  batch: { applied: number; unchanged: number; refused: number },
  refusals: Refusal[],
): ImportCounts {
  return {
    rowsRead: counts.rowsRead,
    rowsApplied: counts.rowsApplied + batch.applied,
    rowsUnchanged: counts.rowsUnchanged + batch.unchanged,
    rowsRefused: counts.rowsRefused + batch.refused + refusals.filter((refusal) => !refusal.rowTaken).length,
  }
}
