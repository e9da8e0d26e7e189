// Figures that a supplier's own machine hands over (E1): a part of his figures, so they are not compared with a whole
// file. Every row is applied or refused, in one transaction.
import type { Database } from '../../platform/database.ts'
import { applyStaged } from './apply-supplier-file.command.ts'
import { insertImport, listRefusals, loadImport } from './file-imports.store.ts'
import { refuseDoubles } from './refuse-doubles.store.ts'
import * as store from './supplier-file.store.ts'
import type { SupplierRow } from './supplier-stock.ts'

export const stockRowsMax = 10_000

export type StockRow = { sku: string; onHand: number | null; costMinor: number | null }
export type TakenStock = {
  importId: string
  applied: number
  unchanged: number
  /** By the place of the row in the list, from 0. */
  refused: { row: number; sku: string; reason: string }[]
}

export function takeStock(
  db: Database,
  tenantId: string,
  given: { supplierId: string; rows: StockRow[]; actor: string },
): Promise<TakenStock | undefined> {
  return db.tenant(tenantId).transaction(async (tx) => {
    const { supplierId, actor } = given
    if (!(await store.loadSupplierForFile(tx, supplierId))) return undefined
    await store.lockSupplier(tx, supplierId)
    const importId = tx.ids.uuid()
    await insertImport(tx, {
      id: importId,
      kind: 'supplier-stock',
      supplierId,
      fileName: 'API',
      sizeBytes: 0,
      actor,
      cameBy: 'api',
      feedId: null,
      layout: {
        encoding: 'utf-8',
        delimiter: ',',
        decimalMark: '.',
        columns: { sku: 'sku', onHand: 'onHand', cost: 'cost' },
      },
    })
    const staged: SupplierRow[] = given.rows.map((row, at) => ({ line: at + 1, ...row }))
    await store.stageRows(tx, importId, staged)
    const doubles = await refuseDoubles(tx, importId)
    const file = await loadImport(tx, importId)
    if (!file) throw new Error('The record of the rows is gone.')
    const counts = { rowsRead: staged.length, rowsApplied: 0, rowsUnchanged: 0, rowsRefused: doubles }
    await applyStaged(tx, file, supplierId, counts)
    const done = await loadImport(tx, importId)
    const refused = await listRefusals(tx, importId, { limit: stockRowsMax })
    return {
      importId,
      applied: done?.rowsApplied ?? 0,
      unchanged: done?.rowsUnchanged ?? 0,
      refused: refused.map(({ line, text, reason }) => ({ row: line - 1, sku: text, reason })),
    }
  })
}
