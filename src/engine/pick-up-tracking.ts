// Takes tracking files from suppliers' SFTP folders (D7), each once by its name and content. A file that was begun when
// the process ended is gone on with: its parcels count once anyway.
import { createHash } from 'node:crypto'
import { loadSupplierWays, openConnection } from '../domain/catalog/supplier-connection.store.ts'
import type { SftpConnection } from '../domain/catalog/supplier-connection.ts'
import { detectLayout } from '../domain/files/detect-layout.ts'
import { FileRefused, columnPositions, fileLimits } from '../domain/files/layout.ts'
import { readRows } from '../domain/files/read-rows.ts'
import { applyTrackingFile } from '../domain/shipping/apply-tracking-file.command.ts'
import {
  beginTrackingFile,
  failTrackingFile,
  pickUpRefused,
  pickUpWorked,
  suppliersWithTracking,
  tellRefusedRows,
} from '../domain/shipping/tracking-pick-up.store.ts'
import type { Tx } from '../platform/database.ts'
import { SftpRefused } from '../platform/sftp.ts'
import type { EngineParts } from './channel-run.ts'
import type { TenantJob } from './tenant-job.ts'

const filesAtOnce = 20
const fileBytesMax = 5 * 1024 * 1024
const doneFolder = 'done'

export const pickUpTracking: TenantJob = {
  name: 'pick-up-tracking',
  everySeconds: 300,
  async run(parts, { tenantId }) {
    const supplierIds = await parts.db.read(tenantId, suppliersWithTracking)
    // One supplier's trouble is not another's.
    const ends = await Promise.allSettled(supplierIds.map((supplierId) => pickUp(parts, tenantId, supplierId)))
    const failed = ends.find((end) => end.status === 'rejected')
    if (failed) throw failed.reason
  },
}

async function pickUp(parts: EngineParts, tenantId: string, supplierId: string): Promise<void> {
  const transaction = parts.db.tenant(tenantId)
  const supplier = await parts.db.read(tenantId, (tx) => loadSupplierWays(tx, supplierId))
  const { sftp } = supplier ? openConnection(parts.secrets, tenantId, supplier) : {}
  if (!sftp) return
  try {
    const files = await fetchFiles(parts, sftp)
    for (const file of files) await applyOne(parts, tenantId, supplierId, file)
    await putAway(parts, sftp, files)
    await transaction.transaction((tx) => pickUpWorked(tx, supplierId))
  } catch (error) {
    if (!(error instanceof SftpRefused)) throw error
    const { message } = error
    await transaction.transaction((tx) => pickUpRefused(tx, supplierId, message))
  }
}

type Fetched = { name: string; content: Uint8Array }

/** Read whole before anything is done, so that the connection is not held meanwhile. */
function fetchFiles({ sftp }: EngineParts, from: SftpConnection): Promise<Fetched[]> {
  return sftp.use(from, async (files) => {
    const found = (await files.list(from.trackingFolder)).filter(({ name }) => /\.(csv|txt|tsv)$/i.test(name))
    const fetched: Fetched[] = []
    for (const { name } of found.slice(0, filesAtOnce))
      fetched.push({ name, content: await files.read(`${from.trackingFolder}/${name}`, fileBytesMax) })
    return fetched
  })
}

async function applyOne(parts: EngineParts, tenantId: string, supplierId: string, { name, content }: Fetched) {
  const transaction = parts.db.tenant(tenantId)
  const detected = detectLayout(
    'tracking',
    content.subarray(0, fileLimits.headBytes),
    content.length <= fileLimits.headBytes,
  )
  const layout =
    detected.kind === 'table'
      ? detected.layout
      : { encoding: 'utf-8' as const, delimiter: ',' as const, decimalMark: '.' as const, columns: {} }
  const contentHash = createHash('sha256').update(content).digest('hex')
  const file = await transaction.transaction((tx) =>
    beginTrackingFile(tx, { supplierId, fileName: name, contentHash, sizeBytes: content.length, layout }),
  )
  if (!file) return
  try {
    if (detected.kind === 'refused') throw new FileRefused(detected.reason)
    const table = await readRows(bytesOf(content), layout)
    const positions = columnPositions('tracking', table.headers, layout.columns)
    if (positions.kind === 'refused') throw new FileRefused(positions.reason)
    const columns = { at: positions.at, headers: table.headers }
    const { batches } = table
    const atEnd = (tx: Tx) => tellRefusedRows(tx, file)
    await applyTrackingFile(parts.db, tenantId, file, { batches, columns, now: file.startedAt, atEnd })
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error
    const { message } = error
    await transaction.transaction((tx) => failTrackingFile(tx, file, message))
  }
}

async function* bytesOf(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content
}

/** Where he allows it; where not, they are known by name and content. */
async function putAway({ sftp }: EngineParts, from: SftpConnection, files: Fetched[]): Promise<void> {
  if (files.length === 0) return
  const { trackingFolder } = from
  await sftp.use(from, async (folder) => {
    for (const { name } of files) {
      try {
        await folder.move(`${trackingFolder}/${name}`, `${trackingFolder}/${doneFolder}/${name}`)
      } catch {
        return
      }
    }
  })
}
