// A person sets up a feed, changes it, removes it, or wants it fetched now.
import { closeProblem } from '../problems/problems.store.ts'
import type { Database } from '../../platform/database.ts'
import type { Secrets } from '../../platform/secrets.ts'
import type { FileLayout } from './layout.ts'
import { loadSupplierForFile, saveFileMapping } from './supplier-file.store.ts'
import { hostOf, shownSource, type FeedSource } from './supplier-feeds.ts'
import * as store from './supplier-feeds.store.ts'

type Parts = { db: Database; secrets: Secrets }
export type FeedRefusal = { kind: 'refused'; reason: 'not-found' | 'too-many' | 'secret-wanted' }

const feedsMax = 20

export function addFeed(
  { db, secrets }: Parts,
  tenantId: string,
  feed: {
    supplierId: string
    source: FeedSource
    everyMinutes: number
    layout: FileLayout | undefined
    actor: string
  },
): Promise<{ kind: 'added'; feedId: string } | FeedRefusal> {
  return db.tenant(tenantId).transaction(async (tx) => {
    if (!(await loadSupplierForFile(tx, feed.supplierId))) return { kind: 'refused', reason: 'not-found' }
    if ((await store.listFeeds(tx, feed.supplierId)).length >= feedsMax) return { kind: 'refused', reason: 'too-many' }
    const feedId = tx.ids.uuid()
    const sealed = sealSource(secrets, { tenantId, feedId }, feed.source)
    const { supplierId, everyMinutes, actor } = feed
    await store.insertFeed(tx, { id: feedId, supplierId, everyMinutes, actor, ...sealed })
    if (feed.layout) await saveFileMapping(tx, supplierId, feed.layout)
    await store.planFeedWork(tx)
    await tx.enqueue('fetch-feeds', {}, { key: tenantId })
    return { kind: 'added', feedId }
  })
}

export function changeFeed(
  { db, secrets }: Parts,
  tenantId: string,
  feedId: string,
  change: {
    everyMinutes?: number | undefined
    active?: boolean | undefined
    source?: FeedSource | undefined
    layout?: FileLayout | undefined
  },
): Promise<{ kind: 'changed' } | FeedRefusal> {
  return db.tenant(tenantId).transaction(async (tx) => {
    const feed = await store.loadFeed(tx, feedId)
    if (!feed) return { kind: 'refused', reason: 'not-found' }
    const before = openSource(secrets, { tenantId, feedId }, feed.settings)
    const source = change.source && withKeptSecret(change.source, before)
    if (source === 'secret-wanted') return { kind: 'refused', reason: 'secret-wanted' }
    const sealed = source && sealSource(secrets, { tenantId, feedId }, source)
    await store.updateFeed(tx, feedId, { ...change, sealed })
    if (change.layout) await saveFileMapping(tx, feed.supplierId, change.layout)
    if (sealed || change.active === false) await closeProblem(tx, feedProblemKey(feedId))
    await store.planFeedWork(tx)
    await tx.enqueue('fetch-feeds', {}, { key: tenantId })
    return { kind: 'changed' }
  })
}

export function removeFeed({ db }: Pick<Parts, 'db'>, tenantId: string, feedId: string): Promise<boolean> {
  return db.tenant(tenantId).transaction(async (tx) => {
    if (!(await store.loadFeed(tx, feedId))) return false
    await store.deleteFeed(tx, feedId)
    await closeProblem(tx, feedProblemKey(feedId))
    return true
  })
}

export function fetchFeedNow({ db }: Pick<Parts, 'db'>, tenantId: string, feedId: string): Promise<boolean> {
  return db.tenant(tenantId).transaction(async (tx) => {
    if (!(await store.loadFeed(tx, feedId))) return false
    await store.makeFeedDue(tx, feedId)
    await store.planFeedWork(tx)
    await tx.enqueue('fetch-feeds', {}, { key: tenantId })
    return true
  })
}

export function feedProblemKey(feedId: string): string {
  return `feed-failing/${feedId}`
}

type Place = { tenantId: string; feedId: string }

function sealSource(secrets: Secrets, { tenantId, feedId }: Place, source: FeedSource) {
  const place = { tenantId, column: 'supplier_feeds.settings', rowId: feedId }
  return { settings: secrets.seal(JSON.stringify(source), place), shown: shownSource(source) }
}

export function openSource(secrets: Secrets, { tenantId, feedId }: Place, settings: Buffer): FeedSource {
  const place = { tenantId, column: 'supplier_feeds.settings', rowId: feedId }
  return JSON.parse(secrets.open(settings, place)) as FeedSource
}

/** A secret left out is the one there is, but only for the host and the name it was given for. */
export function withKeptSecret(source: FeedSource, before: FeedSource | undefined): FeedSource | 'secret-wanted' {
  const same = before && hostOf(before) === hostOf(source) ? before : undefined
  if (source.source === 'sftp') {
    if (source.password || source.privateKey) return source
    if (same?.source !== 'sftp' || same.username !== source.username || same.hostKey !== source.hostKey)
      return 'secret-wanted'
    return { ...source, password: same.password, privateKey: same.privateKey }
  }
  const { auth } = source
  if (!auth || (auth.kind === 'basic' ? auth.password : auth.value) !== '') return source
  const kept = same?.source === 'url' ? same.auth : null
  if (kept?.kind !== auth.kind) return 'secret-wanted'
  return { ...source, auth: kept }
}
