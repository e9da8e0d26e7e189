// A supplier's stock and price file (E1). Its rows are staged batch by batch, where nobody acts on them; then one
// transaction judges the whole file and applies it, or holds it back for a person. No half of a file is ever in force.
import type { Database, Tx } from '../../platform/database.ts'
import { planAfresh } from './bulk.store.ts'
import { closeProblem, openProblem } from '../problems/problems.store.ts'
import { markVariants } from '../stock/marks.store.ts'
import { setOnHand } from '../stock/offers.store.ts'
import {
  addRefusals,
  forgetStagedRows,
  lockImport,
  saveProgress,
  settleImport,
  type FileImport,
  type ImportCounts,
  type Refusal,
} from './file-imports.store.ts'
import { loadFileLimits, vouchForFigures } from './figure-age.store.ts'
import { FileRefused } from './layout.ts'
import { quarantineDefaults, whyHeldBack, type HeldReason } from './quarantine.ts'
import type { FileRow } from './read-rows.ts'
import { refuseDoubles } from './refuse-doubles.store.ts'
import * as store from './supplier-file.store.ts'
import { readSupplierRow, type SupplierFile, type SupplierRow } from './supplier-stock.ts'

export type SupplierFileEnd = { kind: 'applied' } | { kind: 'held'; because: HeldReason[] } | { kind: 'overtaken' }

export async function applySupplierFile(
  db: Database,
  tenantId: string,
  file: FileImport,
  table: { batches: AsyncIterable<FileRow[]>; columns: SupplierFile },
): Promise<SupplierFileEnd> {
  const reading = await stageFile(db, tenantId, file.id, table)
  if (reading.rows === 0) throw new FileRefused('The file has only the row of column names and nothing under it.')
  return db.tenant(tenantId).transaction(async (tx) => {
    const current = await lockImport(tx, file.id)
    const supplierId = file.supplierId
    if (current?.state !== 'reading' || !supplierId) return { kind: 'overtaken' }
    // Another reading of the same file may have begun and cleared what this one staged.
    if ((await store.countStagedRows(tx, file.id)) !== reading.staged)
      throw new Error('The staged rows are not those of this reading.')
    await store.lockSupplier(tx, supplierId)
    if (await store.hasNewerApplied(tx, file.id, supplierId))
      throw new FileRefused('A newer file of this supplier was applied meanwhile.')
    const doubles = await refuseDoubles(tx, file.id)
    const counts = { rowsRead: reading.rows, rowsApplied: 0, rowsUnchanged: 0, rowsRefused: reading.refused + doubles }
    const hasStock = table.columns.at.onHand !== undefined
    const figures = await store.figuresOfStaged(tx, file.id, supplierId, hasStock)
    const because = whyHeldBack(
      {
        ...figures,
        rowsRead: reading.rows,
        rowsRefused: reading.refused,
        stockWithDecimals: reading.decimals,
        brokenLastLine: reading.brokenLastLine,
      },
      { ...quarantineDefaults, ...(await loadFileLimits(tx, supplierId)) },
    )
    if (because.length === 0) {
      await applyStaged(tx, current, supplierId, counts)
      return { kind: 'applied' }
    }
    await settleImport(tx, file.id, { state: 'held', heldBecause: because, counts })
    await openProblem(tx, {
      key: heldFileKey(supplierId),
      kind: 'file-held',
      supplierId,
      data: { importId: file.id, fileName: file.fileName, because: because.map((reason) => reason.text).join(' ') },
    })
    return { kind: 'held', because }
  })
}

export type SettleResult = { kind: 'done' } | { kind: 'refused'; reason: 'not-found' | 'not-held' | 'overtaken' }

/** A person looked at a file that was held back and says that it is right. */
export function acceptHeldFile(db: Database, tenantId: string, importId: string, actor: string): Promise<SettleResult> {
  return db.tenant(tenantId).transaction(async (tx) => {
    const file = await lockImport(tx, importId)
    if (!file?.supplierId) return { kind: 'refused', reason: 'not-found' }
    if (file.state !== 'held') return { kind: 'refused', reason: 'not-held' }
    await store.lockSupplier(tx, file.supplierId)
    if (await store.hasNewerApplied(tx, importId, file.supplierId)) return { kind: 'refused', reason: 'overtaken' }
    await applyStaged(tx, { ...file, actor }, file.supplierId, file)
    return { kind: 'done' }
  })
}

/** A person says that it is wrong: nothing of it is applied. */
export function discardHeldFile(db: Database, tenantId: string, importId: string): Promise<SettleResult> {
  return db.tenant(tenantId).transaction(async (tx) => {
    const file = await lockImport(tx, importId)
    if (!file?.supplierId) return { kind: 'refused', reason: 'not-found' }
    if (file.state !== 'held') return { kind: 'refused', reason: 'not-held' }
    await forgetStagedRows(tx, importId)
    await settleImport(tx, importId, { state: 'discarded' })
    await closeProblem(tx, heldFileKey(file.supplierId))
    return { kind: 'done' }
  })
}

function heldFileKey(supplierId: string): string {
  return `file-held/${supplierId}`
}

type Reading = { rows: number; staged: number; refused: number; decimals: number; brokenLastLine: number | null }

async function stageFile(
  db: Database,
  tenantId: string,
  importId: string,
  table: { batches: AsyncIterable<FileRow[]>; columns: SupplierFile },
): Promise<Reading> {
  const reading: Reading = { rows: 0, staged: 0, refused: 0, decimals: 0, brokenLastLine: null }
  for await (const batch of table.batches) {
    const good: SupplierRow[] = []
    const refusals: Refusal[] = []
    for (const entry of batch) {
      reading.brokenLastLine = entry.kind === 'refused' ? entry.line : null
      if (entry.kind === 'refused') refusals.push({ ...entry, rowTaken: false })
      else {
        const { row, refusal } = readSupplierRow(table.columns, entry)
        if (row) good.push(row)
        if (refusal) refusals.push(refusal)
        if (refusal?.decimals) reading.decimals += 1
      }
    }
    reading.rows += batch.length
    reading.staged += good.length
    reading.refused += batch.length - good.length
    await db.tenant(tenantId).transaction(async (tx) => {
      await store.stageRows(tx, importId, good)
      await addRefusals(tx, importId, refusals)
      await saveProgress(tx, importId, {
        rowsRead: reading.rows,
        rowsApplied: 0,
        rowsUnchanged: 0,
        rowsRefused: reading.refused,
      })
    })
  }
  return reading
}

function whyUnknown(sku: string, offeredAs: string | null): string {
  if (offeredAs === null) return `There is no such SKU in your inventory: “${sku}”.`
  return `Your SKU “${sku}” is offered by this supplier as “${offeredAs}”, and the file does not call it so.`
}

const changesMax = 20_000

/** The file's figures come into force: stock with its movements, costs, ages, and marks for what changed. */
export async function applyStaged(tx: Tx, file: FileImport, supplierId: string, before: ImportCounts): Promise<void> {
  const supplier = await store.loadSupplierForFile(tx, supplierId)
  if (!supplier) throw new Error('The supplier of a file has gone.')
  const hasStock = Boolean(file.layout.columns.onHand)
  await planAfresh(tx)
  const added = await store.addMissingOffers(tx, file.id, supplierId, supplier.currency)
  await planAfresh(tx)
  const unknown = await store.unknownRows(tx, file.id, supplierId)
  await addRefusals(
    tx,
    file.id,
    unknown.map(({ line, sku, offeredAs }) => ({
      line,
      column: file.layout.columns.sku ?? null,
      reason: whyUnknown(sku, offeredAs),
      text: sku,
      rowTaken: false,
    })),
  )
  await store.lockStagedOffers(tx, file.id, supplierId)
  const applied = new Set(added)
  let after: { line: number; offerId: string } | undefined
  for (;;) {
    const changes = await store.nextChanges(tx, file.id, supplierId, { after, limit: changesMax, hasStock })
    await setOnHand(
      tx,
      changes
        .filter((change) => change.stockChanged)
        .map(({ offerId, onHand }) => ({ offerId, onHand, reason: 'file', reference: file.id, actor: file.actor })),
    )
    await markVariants(tx, [
      ...new Set(
        changes.filter((change) => change.costChanged && !change.stockChanged).map((change) => change.variantId),
      ),
    ])
    for (const change of changes) applied.add(change.line)
    after = changes.at(-1)
    if (changes.length < changesMax) break
  }
  if (hasStock) await vouchForFigures(tx, supplierId, file.startedAt)
  await store.saveCostsAndAge(tx, file.id, supplierId, file.startedAt, hasStock)
  const absent = await store.countAbsent(tx, file.id, supplierId)
  const notes = [
    ...(added.length > 0 ? [`${added.length} SKUs of your inventory are new with this supplier.`] : []),
    ...(absent > 0
      ? [`${absent} of the supplier’s offers are not in the file; they keep their last figure and its age.`]
      : []),
  ]
  const rowsRefused = before.rowsRefused + unknown.length
  const counts = {
    rowsRead: before.rowsRead,
    rowsRefused,
    rowsApplied: applied.size,
    rowsUnchanged: before.rowsRead - rowsRefused - applied.size,
  }
  await settleImport(tx, file.id, { state: 'applied', counts, notes })
  await forgetStagedRows(tx, file.id)
  await closeProblem(tx, heldFileKey(supplierId))
  await tx.notify('catalog')
}
