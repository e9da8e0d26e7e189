// A file was uploaded: remember it and ask the engine to read it. The file itself must be stored before.
import type { Database, Tx } from '../../platform/database.ts'
import { insertImport } from './file-imports.store.ts'
import type { FileKind, FileLayout } from './layout.ts'
import { loadSupplierForFile, saveFileMapping } from './supplier-file.store.ts'

export type StartImport = {
  importId: string
  kind: FileKind
  supplierId: string | null
  fileName: string
  sizeBytes: number
  layout: FileLayout
  actor: string
  /** Where it was fetched and not uploaded. */
  feedId?: string
}

export type StartImportResult = { kind: 'started' } | { kind: 'refused'; reason: 'no-supplier' | 'unknown-supplier' }

const fileNameMax = 200

export function startImport(db: Database, tenantId: string, request: StartImport): Promise<StartImportResult> {
  return db.tenant(tenantId).transaction((tx) => startImportIn(tx, request))
}

/** As a part of something larger. */
export async function startImportIn(tx: Tx, request: StartImport): Promise<StartImportResult> {
  const isSupplierFile = request.kind !== 'shopify-products'
  if (isSupplierFile) {
    if (!request.supplierId) return { kind: 'refused', reason: 'no-supplier' }
    if (!(await loadSupplierForFile(tx, request.supplierId))) return { kind: 'refused', reason: 'unknown-supplier' }
    // The next file of this supplier is read the same way.
    if (request.kind === 'supplier-stock') await saveFileMapping(tx, request.supplierId, request.layout)
  }
  await insertImport(tx, {
    ...request,
    id: request.importId,
    supplierId: isSupplierFile ? request.supplierId : null,
    fileName: request.fileName.slice(0, fileNameMax),
    cameBy: request.feedId === undefined ? 'upload' : 'feed',
    feedId: request.feedId ?? null,
  })
  await tx.enqueue('apply-file', { importId: request.importId }, { key: request.importId })
  return { kind: 'started' }
}
