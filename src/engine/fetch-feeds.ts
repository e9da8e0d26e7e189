// Fetches the suppliers' files that are due (E1): claimed under a lease, streamed to the folder of uploads, looked into, and
// handed to the same reading as a file that a person uploads. What was there last time is not read again.
import { createHash } from 'node:crypto'
import { columnPositions, fileLimits } from '../domain/files/layout.ts'
import { detectLayout } from '../domain/files/detect-layout.ts'
import { settleImport, forgetStagedRows } from '../domain/files/file-imports.store.ts'
import { checkFigureAges, vouchForFigures } from '../domain/files/figure-age.store.ts'
import { layoutOfFeed } from '../domain/files/saved-layout.ts'
import { startImportIn } from '../domain/files/start-import.command.ts'
import { loadSupplierForFile } from '../domain/files/supplier-file.store.ts'
import { feedProblemKey, openSource } from '../domain/files/supplier-feeds.command.ts'
import { failuresMax } from '../domain/files/supplier-feeds.ts'
import {
  claimFeed,
  discardHeldOfFeed,
  finishFetch,
  type FeedClaim,
  type FetchEnd,
} from '../domain/files/supplier-feeds.store.ts'
import { closeProblem, openProblem } from '../domain/problems/problems.store.ts'
import type { Tx } from '../platform/database.ts'
import type { Uploads } from '../platform/uploads.ts'
import type { EngineParts } from './channel-run.ts'
import { downloadFeed, feedBytesMax } from './feed-download.ts'
import type { TenantJob } from './tenant-job.ts'

/** A run; what is due beyond is found by the next. */
const feedsMax = 50
const atOnce = 3

/** Rows of the due table come with a business's first feed, so it has no interval of its own here. */
export function fetchFeeds(uploads: Uploads): TenantJob {
  return {
    name: 'fetch-feeds',
    async run(parts, { tenantId }) {
      let left = feedsMax
      const work = async () => {
        while (left-- > 0 && (await fetchNext(parts, uploads, tenantId))) {
          // The next one that is due.
        }
      }
      await Promise.all(Array.from({ length: atOnce }, work))
      await parts.db.tenant(tenantId).transaction((tx) => checkFigureAges(tx))
    },
  }
}

/** False: none is due. */
async function fetchNext(parts: EngineParts, uploads: Uploads, tenantId: string): Promise<boolean> {
  const { db } = parts
  const claim = await db.tenant(tenantId).transaction((tx) => claimFeed(tx))
  if (!claim) return false
  const importId = parts.ids.uuid()
  const end = await fetchOne(parts, uploads, { tenantId, importId, claim })
  const isTaken = await db.tenant(tenantId).transaction((tx) => settleFetch(tx, claim, end))
  if (!isTaken || end.kind !== 'imported') await uploads.delete(importId)
  return true
}

type Fetch = { tenantId: string; importId: string; claim: FeedClaim }
type Found = FetchEnd & { layout?: ReturnType<typeof layoutOfFeed> }

async function fetchOne(parts: EngineParts, uploads: Uploads, { tenantId, importId, claim }: Fetch): Promise<Found> {
  const source = openSource(parts.secrets, { tenantId, feedId: claim.id }, claim.settings)
  const hash = createHash('sha256')
  const downloaded = await downloadFeed(parts, source, claim.etag, (content) =>
    uploads.save(importId, hashed(content, hash), { bytesMax: feedBytesMax }),
  )
  if (downloaded.kind === 'failed') return downloaded
  if (downloaded.kind === 'unchanged') return unchanged(claim, downloaded.etag)
  const { result, fileName, etag } = downloaded
  if (result.kind === 'too-large')
    return { kind: 'failed', reason: `The file is larger than ${feedBytesMax / 1_000_000} MB.` }
  const contentHash = hash.digest('base64url')
  if (contentHash === claim.contentHash) return unchanged(claim, etag)
  const head = await uploads.head(importId, fileLimits.headBytes)
  const detected = detectLayout('supplier-stock', head.bytes, head.whole)
  if (detected.kind === 'refused') return { kind: 'failed', reason: detected.reason }
  const supplier = await parts.db.read(tenantId, (tx) => loadSupplierForFile(tx, claim.supplierId))
  const layout = layoutOfFeed(detected.layout, supplier?.fileMapping ?? null)
  const positions = columnPositions('supplier-stock', detected.headers, layout.columns)
  if (positions.kind === 'refused') return { kind: 'failed', reason: positions.reason }
  return { kind: 'imported', importId, fileName, sizeBytes: result.sizeBytes, etag, contentHash, layout }
}

/** The same as last time; where that could not be read, it cannot be read now. */
function unchanged({ lastImport }: FeedClaim, etag: string | null): FetchEnd {
  if (lastImport?.state !== 'failed') return { kind: 'unchanged', etag }
  return { kind: 'failed', reason: lastImport.failure ?? 'The file could not be read.' }
}

async function* hashed(
  content: AsyncIterable<Uint8Array>,
  hash: { update(bytes: Uint8Array): unknown },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of content) {
    hash.update(chunk)
    yield chunk
  }
}

/** What a fetch came to, in one transaction; false where it does not count any more. */
async function settleFetch(tx: Tx, claim: FeedClaim, end: Found): Promise<boolean> {
  if (!(await finishFetch(tx, claim, end))) return false
  if (end.kind === 'failed') {
    if (claim.failures + 1 >= failuresMax)
      await openProblem(tx, {
        key: feedProblemKey(claim.id),
        kind: 'feed-failing',
        supplierId: claim.supplierId,
        data: { supplierId: claim.supplierId, address: claim.shown.address, reason: end.reason },
      })
    return true
  }
  await closeProblem(tx, feedProblemKey(claim.id))
  if (end.kind === 'unchanged') {
    if (claim.lastImport?.state === 'applied') await vouchForFigures(tx, claim.supplierId)
    return true
  }
  if (!end.layout) throw new Error('A file is read with a layout.')
  for (const heldId of await discardHeldOfFeed(tx, claim.id)) {
    await forgetStagedRows(tx, heldId)
    await settleImport(tx, heldId, { state: 'discarded', notes: ['A newer file of the same feed took its place.'] })
  }
  const { importId, fileName, sizeBytes, layout } = end
  const started = await startImportIn(tx, {
    importId,
    kind: 'supplier-stock',
    supplierId: claim.supplierId,
    fileName,
    sizeBytes,
    layout,
    actor: `Feed ${claim.shown.address}`,
    feedId: claim.id,
  })
  if (started.kind === 'refused') throw new Error(`The supplier of a feed is gone: ${started.reason}.`)
  return true
}
