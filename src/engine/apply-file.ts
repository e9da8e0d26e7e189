// Reads an uploaded file and puts it to work: the job 'apply-file'. Starting again after a crash is harmless; what the
// file itself is to blame for ends the import with a sentence.
import type { Readable } from 'node:stream'
import { importProducts } from '../domain/catalog/import-products.command.ts'
import { applySupplierFile } from '../domain/files/apply-supplier-file.command.ts'
import { utf8Check } from '../domain/files/detect-layout.ts'
import {
  forgetReading,
  loadImport,
  lockImport,
  settleImport,
  type FileImport,
} from '../domain/files/file-imports.store.ts'
import { columnPositions, fileLimits, FileRefused, type FileLayout, type FileLimits } from '../domain/files/layout.ts'
import { readRows, type TableStart } from '../domain/files/read-rows.ts'
import { loadSupplierForFile } from '../domain/files/supplier-file.store.ts'
import { applyTrackingFile } from '../domain/shipping/apply-tracking-file.command.ts'
import type { Database } from '../platform/database.ts'

export type ApplyFileParts = {
  db: Database
  uploads: { open(importId: string): Readable; delete(importId: string): Promise<void> }
  log: { error(details: object, message: string): void }
  limits?: FileLimits
}

export async function applyFile(parts: ApplyFileParts, tenantId: string, importId: string): Promise<void> {
  const { db } = parts
  const file = await db.read(tenantId, (tx) => loadImport(tx, importId))
  if (file?.state !== 'reading') return
  try {
    await db.tenant(tenantId).transaction((tx) => forgetReading(tx, importId))
    await applyKind(parts, tenantId, file)
  } catch (error) {
    const failure = failureOf(error)
    if (!failure) throw error
    if (!(error instanceof FileRefused))
      parts.log.error(
        { importId, error: error instanceof Error ? error.name : 'unknown' },
        'a file could not be applied',
      )
    await db.tenant(tenantId).transaction(async (tx) => {
      await forgetReading(tx, importId)
      await settleImport(tx, importId, { state: 'failed', failure })
    })
  }
  await parts.uploads.delete(importId)
}

/** Its job failed every time, or its worker died every time: nobody will read the file any more, and that is said. */
export async function giveUpFile(parts: ApplyFileParts, tenantId: string, importId: string): Promise<void> {
  const isOver = await parts.db.tenant(tenantId).transaction(async (tx) => {
    const file = await lockImport(tx, importId)
    if (file?.state !== 'reading') return false
    await forgetReading(tx, importId)
    await settleImport(tx, importId, { state: 'failed', failure: givenUpSentence })
    return true
  })
  if (isOver) await parts.uploads.delete(importId)
}

const givenUpSentence =
  'The import was given up after several tries, through a fault of Fairlead’s. What was imported already stays; tell the operator and keep the file.'

/** The sentence, where trying again would end the same: the file's own fault, or data the database will never take. */
function failureOf(error: unknown): string | undefined {
  if (error instanceof FileRefused) return error.message
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (!/^2[23]/.test(code)) return undefined
  return 'The import was broken off by a fault of Fairlead’s. What was imported already stays; tell the operator and keep the file.'
}

async function applyKind(parts: ApplyFileParts, tenantId: string, file: FileImport): Promise<void> {
  const encoding = await trueEncoding(parts, file)
  const open = () => openTable(parts, file, { ...file.layout, encoding })
  if (file.kind === 'shopify-products') {
    await lookThrough(await open())
    const { table, at } = await open()
    const currency = await tenantCurrency(parts.db, tenantId)
    const columns = { at, headers: table.headers, decimalMark: file.layout.decimalMark, currency, tenantId }
    await importProducts(parts.db, tenantId, file, { batches: table.batches, columns })
    return
  }
  if (file.kind === 'tracking') {
    const { table, at } = await open()
    const columns = { at, headers: table.headers }
    // By its day: parcels of the file that name none left when it came.
    await applyTrackingFile(parts.db, tenantId, file, { batches: table.batches, columns, now: file.startedAt })
    return
  }
  const supplier = await parts.db.read(tenantId, (tx) => loadSupplierForFile(tx, file.supplierId ?? ''))
  if (!supplier) throw new FileRefused('The supplier of this file is not there any more.')
  const { table, at } = await open()
  const columns = { at, headers: table.headers, decimalMark: file.layout.decimalMark, currency: supplier.currency }
  await applySupplierFile(parts.db, tenantId, file, { batches: table.batches, columns })
}

type OpenTable = { table: TableStart; at: Record<string, number> }

async function openTable(parts: ApplyFileParts, file: FileImport, layout: FileLayout): Promise<OpenTable> {
  const table = await readRows(parts.uploads.open(file.id), layout, parts.limits ?? fileLimits)
  const positions = columnPositions(file.kind, table.headers, layout.columns)
  if (positions.kind === 'refused') throw new FileRefused(positions.reason)
  return { table, at: positions.at }
}

/** Products are stored batch by batch, so a file that will be refused for its length must be known before the first. */
async function lookThrough({ table }: OpenTable): Promise<void> {
  for await (const batch of table.batches) void batch
}

/** The layout was guessed from the first bytes; one accent further down can prove that it is not UTF-8. */
async function trueEncoding(parts: ApplyFileParts, file: FileImport): Promise<FileLayout['encoding']> {
  if (file.layout.encoding !== 'utf-8') return file.layout.encoding
  const check = utf8Check()
  for await (const chunk of parts.uploads.open(file.id)) check.push(chunk as Uint8Array)
  return check.isUtf8({ whole: true }) ? 'utf-8' : 'windows-1252'
}

async function tenantCurrency(db: Database, tenantId: string): Promise<string> {
  const tenant = await db.read(tenantId, (tx) =>
    tx.selectFrom('tenants').select('currency').where('id', '=', tenantId).executeTakeFirstOrThrow(),
  )
  return tenant.currency
}
