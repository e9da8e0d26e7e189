// Files that are imported.
import { z } from 'zod'
import { byId, cursorQuery, id, maybeTime, roughCount, time, type Route } from './shapes.ts'

export const fileKind = z.enum(['shopify-products', 'supplier-stock', 'tracking'])

export const fileLayout = z.object({
  encoding: z.enum(['utf-8', 'windows-1252', 'utf-16le']),
  delimiter: z.enum([',', ';', '\t', '|']),
  decimalMark: z.enum(['.', ',']),
  /** Our column → the header as the file has it; null: not in the file. */
  columns: z.record(z.string(), z.string().nullable()),
})

export const fileInspection = z.object({
  layout: fileLayout,
  headers: z.array(z.string()),
  sample: z.array(z.array(z.string())),
  /** Our columns with what they mean, for the mapping form. */
  wanted: z.array(z.object({ column: z.string(), label: z.string(), required: z.boolean() })),
  warnings: z.array(z.string()),
})

export const fileImport = z.object({
  id,
  kind: fileKind,
  supplierId: id.nullable(),
  fileName: z.string(),
  sizeBytes: z.int(),
  state: z.enum(['reading', 'held', 'applied', 'discarded', 'failed']),
  rowsRead: z.int(),
  rowsApplied: z.int(),
  rowsUnchanged: z.int(),
  rowsRefused: z.int(),
  heldBecause: z.array(z.string()),
  /** What is worth knowing of an import that went well. */
  notes: z.array(z.string()),
  failure: z.string().nullable(),
  actor: z.string(),
  startedAt: time,
  finishedAt: maybeTime,
  cameBy: z.enum(['upload', 'feed', 'api']),
  feedId: id.nullable(),
  refusals: z.array(z.object({ line: z.int(), column: z.string().nullable(), reason: z.string() })).optional(),
})

const diffKind = z.enum(['zero', 'down', 'up', 'cost-up', 'cost-down', 'new', 'gone', 'unknown'])

const diffRow = z.object({
  key: z.string(),
  /** Null: the file does not name it. */
  line: z.int().nullable(),
  sku: z.string(),
  kinds: z.array(diffKind),
  onHandBefore: z.int().nullable(),
  onHandAfter: z.int().nullable(),
  /** Minor units of the supplier’s currency. */
  costBefore: z.int().nullable(),
  costAfter: z.int().nullable(),
})

const fileDiff = z.object({
  currency: z.string(),
  counts: z.record(z.string(), z.int()),
  biggestCosts: z.object({ up: diffRow.nullable(), down: diffRow.nullable() }),
  rows: z.array(diffRow),
  next: z.string().nullable(),
  count: roughCount,
})

export const fileRoutes = {
  inspectFile: {
    method: 'POST',
    path: '/api/imports/inspect',
    summary: 'Look into a file before importing it (fields kind, supplierId, file)',
    kind: 'multipart',
    response: fileInspection,
  },
  importFile: {
    method: 'POST',
    path: '/api/imports',
    summary: 'Import a file (fields kind, supplierId, layout as JSON, file)',
    kind: 'multipart',
    response: fileImport,
  },
  imports: {
    method: 'GET',
    path: '/api/imports',
    summary: 'Imports, newest first',
    query: z.object({ kind: fileKind.optional(), supplierId: id.optional() }),
    response: z.array(fileImport),
  },
  import: {
    method: 'GET',
    path: '/api/imports/:id',
    summary: 'One import with its first refused rows',
    params: byId,
    response: fileImport,
  },
  refusedRows: {
    method: 'GET',
    path: '/api/imports/:id/refused.csv',
    summary: 'The refused rows with line, column and reason',
    params: byId,
    kind: 'csv',
    response: z.string(),
  },
  importDiff: {
    method: 'GET',
    path: '/api/imports/:id/diff',
    summary: 'What a file that is held back would change, the greatest falls first',
    params: byId,
    query: z.object({ kind: diffKind.optional(), ...cursorQuery }),
    response: fileDiff,
  },
  importDiffCsv: {
    method: 'GET',
    path: '/api/imports/:id/diff.csv',
    summary: 'What a file that is held back would change, as a file',
    params: byId,
    kind: 'csv',
    response: z.string(),
  },
  acceptImport: {
    method: 'POST',
    path: '/api/imports/:id/accept',
    summary: 'Apply a file that was held back',
    params: byId,
    response: fileImport,
  },
  discardImport: {
    method: 'POST',
    path: '/api/imports/:id/discard',
    summary: 'Discard a file that was held back',
    params: byId,
    response: fileImport,
  },
} satisfies Record<string, Route>
