import { detectLayout } from '../../domain/files/detect-layout.ts'
import { loadFileLimits, saveFileLimits as storeLimits } from '../../domain/files/figure-age.store.ts'
import { fileLimits as limitsOfFiles, wantedColumns } from '../../domain/files/layout.ts'
import { withSavedColumns } from '../../domain/files/saved-layout.ts'
import { loadSupplierForFile } from '../../domain/files/supplier-file.store.ts'
import * as command from '../../domain/files/supplier-feeds.command.ts'
import { listFeeds, listFetches, loadFeed, planFeedWork, type Feed } from '../../domain/files/supplier-feeds.store.ts'
import { takeStock } from '../../domain/files/take-stock.command.ts'
import { downloadFeed } from '../../engine/feed-download.ts'
import { SftpRefused } from '../../platform/sftp.ts'
import type { Handler, Handlers } from '../handler.ts'
import { badFields, notFound, Refused } from '../refusals.ts'
import type { RouteParts } from './route-parts.ts'

const fetchesShown = 100

/** A supplier's stock that comes by itself. */
export function feedRoutes({ parts }: RouteParts) {
  const { db, secrets, sftp } = parts

  const feeds: Handler<'feeds'> = ({ session, params }) =>
    db.read(session.tenantId, async (tx) => {
      if (!(await loadSupplierForFile(tx, params.id))) throw notFound()
      return (await listFeeds(tx, params.id)).map(feedAnswer)
    })

  const one = async (tenantId: string, feedId: string) => {
    const found = await db.read(tenantId, (tx) => loadFeed(tx, feedId))
    if (!found) throw notFound()
    return feedAnswer(found)
  }

  const addFeed: Handler<'addFeed'> = async ({ session, params, body }) => {
    const source = command.withKeptSecret(body.source, undefined)
    if (source === 'secret-wanted') throw feedRefusals['secret-wanted']()
    const { everyMinutes, layout } = body
    const added = await command.addFeed({ db, secrets }, session.tenantId, {
      supplierId: params.id,
      source,
      everyMinutes,
      layout,
      actor: session.name,
    })
    if (added.kind === 'refused') throw feedRefusals[added.reason]()
    return one(session.tenantId, added.feedId)
  }

  const changeFeed: Handler<'changeFeed'> = async ({ session, params, body }) => {
    const changed = await command.changeFeed({ db, secrets }, session.tenantId, params.id, body)
    if (changed.kind === 'refused') throw feedRefusals[changed.reason]()
    return one(session.tenantId, params.id)
  }

  const removeFeed: Handler<'removeFeed'> = async ({ session, params }) => {
    if (!(await command.removeFeed({ db }, session.tenantId, params.id))) throw notFound()
    return {}
  }

  const fetchFeed: Handler<'fetchFeed'> = async ({ session, params }) => {
    if (!(await command.fetchFeedNow({ db }, session.tenantId, params.id))) throw notFound()
    return one(session.tenantId, params.id)
  }

  const tryFeed: Handler<'tryFeed'> = async ({ session, params, body }) => {
    const { tenantId } = session
    const { supplier, feed } = await db.read(tenantId, async (tx) => ({
      supplier: await loadSupplierForFile(tx, params.id),
      feed: body.feedId === undefined ? undefined : await loadFeed(tx, body.feedId),
    }))
    if (!supplier || (body.feedId !== undefined && feed?.supplierId !== supplier.id)) throw notFound()
    const before = feed && command.openSource(secrets, { tenantId, feedId: feed.id }, feed.settings)
    const source = command.withKeptSecret(body.source, before)
    if (source === 'secret-wanted') throw feedRefusals['secret-wanted']()
    const looked = await downloadFeed(parts, source, null, headOf)
    if (looked.kind === 'failed') throw badFields({ source: looked.reason })
    if (looked.kind === 'unchanged') throw badFields({ source: 'The host sent nothing.' })
    const detected = detectLayout('supplier-stock', looked.result.bytes, looked.result.whole)
    if (detected.kind === 'refused') throw badFields({ source: detected.reason })
    const { headers, sample, warnings } = detected
    const layout = withSavedColumns(detected.layout, headers, supplier.fileMapping)
    const wanted = wantedColumns['supplier-stock'].map(({ column, label, required }) => ({ column, label, required }))
    return { layout, headers, sample, wanted, warnings, fileName: looked.fileName }
  }

  const feedHostKey: Handler<'feedHostKey'> = async ({ body }) => {
    try {
      return { hostKey: await sftp.hostKey(body) }
    } catch (error) {
      if (error instanceof SftpRefused) throw badFields({ host: error.message })
      throw error
    }
  }

  const feedHistory: Handler<'feedHistory'> = ({ session, params }) =>
    db.read(session.tenantId, async (tx) => {
      if (!(await loadSupplierForFile(tx, params.id))) throw notFound()
      return (await listFetches(tx, params.id, fetchesShown)).map((fetched) => ({
        ...fetched,
        at: fetched.at.toISOString(),
      }))
    })

  const limitsOf = async (tenantId: string, supplierId: string) => {
    const limits = await db.read(tenantId, (tx) => loadFileLimits(tx, supplierId))
    if (!limits) throw notFound()
    return { ...limits, figuresAt: limits.figuresAt?.toISOString() ?? null }
  }
  const fileLimits: Handler<'fileLimits'> = ({ session, params }) => limitsOf(session.tenantId, params.id)
  const saveFileLimits: Handler<'saveFileLimits'> = async ({ session, params, body }) => {
    await db.tenant(session.tenantId).transaction(async (tx) => {
      const before = await loadFileLimits(tx, params.id)
      if (!before) throw notFound()
      const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))
      await storeLimits(tx, params.id, { ...before, ...given })
      await planFeedWork(tx)
    })
    return limitsOf(session.tenantId, params.id)
  }

  const sendStock: Handler<'sendStock'> = async ({ session, params, body }) => {
    const rows = body.rows.map(({ sku, onHand, costMinor = null }) => ({ sku, onHand, costMinor }))
    const taken = await takeStock(db, session.tenantId, { supplierId: params.id, rows, actor: session.name })
    if (!taken) throw notFound()
    return taken
  }

  return {
    feeds,
    addFeed,
    tryFeed,
    feedHistory,
    changeFeed,
    removeFeed,
    fetchFeed,
    feedHostKey,
    fileLimits,
    saveFileLimits,
    sendStock,
  } satisfies Partial<Handlers>
}

const feedRefusals = {
  'not-found': notFound,
  'too-many': () => new Refused(409, 'too-many', 'A supplier has at most 20 feeds.'),
  'secret-wanted': () =>
    badFields({
      secret: 'Enter the password, key or header again: it was given for another host or name, or not yet.',
    }),
}

/** Enough to see what the file looks like; the rest is not fetched. */
async function headOf(content: AsyncIterable<Uint8Array>): Promise<{ bytes: Uint8Array; whole: boolean }> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of content) {
    chunks.push(chunk)
    size += chunk.length
    if (size > limitsOfFiles.headBytes) break
  }
  const whole = size <= limitsOfFiles.headBytes
  return { bytes: Buffer.concat(chunks).subarray(0, limitsOfFiles.headBytes), whole }
}

function feedAnswer(found: Feed) {
  const { id, supplierId, shown, everyMinutes, active, fetching, refusal, failures, lastImport } = found
  const state = fetching ? 'fetching' : !active ? 'off' : refusal === null ? 'waiting' : 'failing'
  return {
    id,
    supplierId,
    shown,
    everyMinutes,
    active,
    refusal,
    failures,
    state: state as 'fetching' | 'off' | 'waiting' | 'failing',
    lastImport: lastImport as
      | (typeof lastImport & { state: 'reading' | 'held' | 'applied' | 'discarded' | 'failed' })
      | null,
    nextAt: active ? found.dueAt.toISOString() : null,
    lastAt: found.finishedAt?.toISOString() ?? null,
  }
}
