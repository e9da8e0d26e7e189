import { z } from 'zod'
import { acceptHeldFile, discardHeldFile, type SettleResult } from '../../domain/files/apply-supplier-file.command.ts'
import { biggestCosts, countDiff, listDiff, type DiffRow } from '../../domain/files/feed-diff.store.ts'
import { detectLayout } from '../../domain/files/detect-layout.ts'
import { listImports, listRefusals, loadImport, type FileImport } from '../../domain/files/file-imports.store.ts'
import { columnPositions, fileLimits, wantedColumns, type FileLayout } from '../../domain/files/layout.ts'
import { refusedCsv } from '../../domain/files/refused-csv.ts'
import { withSavedColumns } from '../../domain/files/saved-layout.ts'
import { moneyText } from '../../domain/money.ts'
import { startImport } from '../../domain/files/start-import.command.ts'
import { loadSupplierForFile } from '../../domain/files/supplier-file.store.ts'
import type { Database, Tx } from '../../platform/database.ts'
import { fileKind, fileLayout, id } from '../contract.ts'
import { csvText } from '../csv.ts'
import { parse } from '../field-sentences.ts'
import type { Form } from '../forms.ts'
import type { Handler, Handlers } from '../handler.ts'
import { badFields, notFound, Refused } from '../refusals.ts'
import type { RouteParts } from './route-parts.ts'

const refusalsShown = 100
const refusalsAtOnce = 5000

/** Looking into files, importing them, and what became of them. */
export function fileRoutes({ parts, uploads }: RouteParts) {
  const { db } = parts
  const inspectFile: Handler<'inspectFile'> = async ({ form, session }) => {
    const { fields, file } = await form()
    const { kind, supplierId } = read(inspectFields, fields)
    const known = await savedLayout(db, session.tenantId, supplierId)
    // It is how his stock files look.
    const saved = kind === 'supplier-stock' ? known : null
    const head = await uploads.head(file.id, fileLimits.headBytes)
    const detected = detectLayout(kind, head.bytes, head.whole)
    if (detected.kind === 'refused') throw badFields({ file: detected.reason })
    const layout = withSavedColumns(detected.layout, detected.headers, saved)
    const wanted = wantedColumns[kind].map(({ column, label, required }) => ({ column, label, required }))
    return { layout, headers: detected.headers, sample: detected.sample, wanted, warnings: detected.warnings }
  }

  const importFile: Handler<'importFile'> = async ({ form, session }) => {
    const read = await form()
    const { kind, supplierId, layout } = await readImport(read)
    const { file } = read
    const started = await startImport(db, session.tenantId, {
      importId: file.id,
      kind,
      supplierId: supplierId ?? null,
      fileName: file.fileName,
      sizeBytes: file.sizeBytes,
      layout,
      actor: session.name,
    })
    if (started.kind === 'refused') throw startRefusals[started.reason]()
    read.keep()
    return answer(db, session.tenantId, file.id)
  }

  const readImport = async ({ fields, file }: Form) => {
    const given = read(importFields, fields)
    const head = await uploads.head(file.id, fileLimits.headBytes)
    const detected = detectLayout(given.kind, head.bytes, head.whole)
    if (detected.kind === 'refused') throw badFields({ file: detected.reason })
    const layout = given.layout ?? detected.layout
    // Without a layout of the seller's own, what was found is used, and said where it is not enough.
    const positions = given.layout ? undefined : columnPositions(given.kind, detected.headers, layout.columns)
    if (positions?.kind === 'refused') throw badFields({ layout: positions.reason })
    return { ...given, layout }
  }

  const imports: Handler<'imports'> = ({ session, query }) =>
    db.read(session.tenantId, async (tx) => (await listImports(tx, query)).map(importAnswer))

  const importOne: Handler<'import'> = ({ session, params }) => answer(db, session.tenantId, params.id)

  const refusedRows: Handler<'refusedRows'> = async ({ session, params }) => {
    const found = await db.read(session.tenantId, (tx) => loadImport(tx, params.id))
    if (!found) throw notFound()
    return {
      fileName: `refused-${found.fileName.replace(/\.\w+$/, '')}.csv`,
      content: refusedTexts(db, session.tenantId, params.id),
    }
  }

  const heldOf = async (tx: Tx, importId: string) => {
    const file = await loadImport(tx, importId)
    const supplier = file?.supplierId ? await loadSupplierForFile(tx, file.supplierId) : undefined
    if (!file || !supplier) throw notFound()
    if (file.state !== 'held') throw settleRefusals['not-held']()
    const hasStock = Boolean(file.layout.columns.onHand)
    return { file, supplier, of: { importId, supplierId: supplier.id, hasStock } }
  }

  const importDiff: Handler<'importDiff'> = ({ session, params, query }) =>
    db.read(session.tenantId, async (tx) => {
      const { supplier, of } = await heldOf(tx, params.id)
      const rows = await listDiff(tx, of, { kind: query.kind, after: query.cursor, limit: query.limit })
      const counts = await countDiff(tx, of)
      return {
        currency: supplier.currency,
        counts,
        count: { value: counts[query.kind ?? 'all'], more: false },
        biggestCosts: await biggestCosts(tx, of),
        rows,
        next: rows.length === query.limit ? (rows.at(-1)?.key ?? null) : null,
      }
    })

  const importDiffCsv: Handler<'importDiffCsv'> = async ({ session, params }) => {
    const { file, supplier } = await db.read(session.tenantId, (tx) => heldOf(tx, params.id))
    const read = (after: string | undefined) =>
      db.read(session.tenantId, async (tx) => {
        const { of } = await heldOf(tx, params.id)
        return listDiff(tx, of, { after, limit: refusalsAtOnce })
      })
    return {
      fileName: `changes-${file.fileName.replace(/\.\w+$/, '')}.csv`,
      content: diffTexts(read, supplier.currency),
    }
  }

  const settle = async (tenantId: string, importId: string, settled: SettleResult) => {
    if (settled.kind === 'refused') throw settleRefusals[settled.reason]()
    return answer(db, tenantId, importId)
  }
  const acceptImport: Handler<'acceptImport'> = async ({ session, params }) =>
    settle(session.tenantId, params.id, await acceptHeldFile(db, session.tenantId, params.id, session.name))
  const discardImport: Handler<'discardImport'> = async ({ session, params }) =>
    settle(session.tenantId, params.id, await discardHeldFile(db, session.tenantId, params.id))

  return {
    inspectFile,
    importFile,
    imports,
    import: importOne,
    refusedRows,
    importDiff,
    importDiffCsv,
    acceptImport,
    discardImport,
  } satisfies Partial<Handlers>
}

const optionalId = z.preprocess((value) => (value === '' ? undefined : value), id.optional())
const inspectFields = z.object({ kind: fileKind, supplierId: optionalId })
const layoutText = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown
    } catch {
      context.addIssue({ code: 'custom', message: 'This is not JSON.' })
      return z.NEVER
    }
  })
  .pipe(fileLayout)
const importFields = z.object({ kind: fileKind, supplierId: optionalId, layout: layoutText.optional() })

function read<Schema extends z.ZodType>(schema: Schema, fields: Record<string, string>): z.output<Schema> {
  const parsed = parse(schema, fields)
  if ('error' in parsed) throw parsed.error
  return parsed.value
}

const startRefusals = {
  'no-supplier': () => badFields({ supplierId: 'Choose the supplier this file comes from.' }),
  'unknown-supplier': notFound,
}

const settleRefusals = {
  'not-found': notFound,
  'not-held': () => new Refused(409, 'not-held', 'This file is not held back any more.'),
  overtaken: () =>
    new Refused(
      409,
      'overtaken',
      'A newer file of this supplier has been applied since; this one would bring back old figures.',
    ),
}

async function savedLayout(db: Database, tenantId: string, supplierId: string | undefined): Promise<FileLayout | null> {
  if (supplierId === undefined) return null
  const supplier = await db.read(tenantId, (tx) => loadSupplierForFile(tx, supplierId))
  if (!supplier) throw notFound()
  return supplier.fileMapping
}

function answer(db: Database, tenantId: string, importId: string) {
  return db.read(tenantId, async (tx: Tx) => {
    const found = await loadImport(tx, importId)
    if (!found) throw notFound()
    const refusals = await listRefusals(tx, importId, { limit: refusalsShown })
    return { ...importAnswer(found), refusals: refusals.map(({ line, column, reason }) => ({ line, column, reason })) }
  })
}

function importAnswer(found: FileImport) {
  const { layout: _layout, ...told } = found
  return {
    ...told,
    heldBecause: found.heldBecause.map((held) => held.text),
    startedAt: found.startedAt.toISOString(),
    finishedAt: found.finishedAt?.toISOString() ?? null,
  }
}

const diffColumns = [
  'Line',
  'SKU',
  'What changes',
  'Stock before',
  'Stock after',
  'Cost before',
  'Cost after',
  'Currency',
]

async function* diffTexts(
  read: (after: string | undefined) => Promise<DiffRow[]>,
  currency: string,
): AsyncGenerator<string> {
  const cost = (minor: number | null) => (minor === null ? '' : moneyText({ minor, currency }))
  let after: string | undefined
  do {
    const rows = await read(after)
    const cells = rows.map((row) => [
      String(row.line ?? ''),
      row.sku,
      row.kinds.join(', '),
      String(row.onHandBefore ?? ''),
      String(row.onHandAfter ?? ''),
      cost(row.costBefore),
      cost(row.costAfter),
      currency,
    ])
    yield csvText(cells, after === undefined ? diffColumns : undefined)
    after = rows.length === refusalsAtOnce ? rows.at(-1)?.key : undefined
  } while (after !== undefined)
}

async function* refusedTexts(db: Database, tenantId: string, importId: string): AsyncGenerator<string> {
  let after: { line: number; position: number } | undefined
  do {
    const rows = await db.read(tenantId, (tx) => listRefusals(tx, importId, { after, limit: refusalsAtOnce }))
    yield refusedCsv(rows, { head: after === undefined })
    after = rows.length === refusalsAtOnce ? rows.at(-1) : undefined
  } while (after)
}
