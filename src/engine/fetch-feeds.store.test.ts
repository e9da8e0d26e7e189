import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { nothingOutside } from '../../test/support/nothing-outside.ts'
import { acceptHeldFile, discardHeldFile } from '../domain/files/apply-supplier-file.command.ts'
import { saveFileLimits } from '../domain/files/figure-age.store.ts'
import { listImports } from '../domain/files/file-imports.store.ts'
import { addFeed, changeFeed, fetchFeedNow, removeFeed } from '../domain/files/supplier-feeds.command.ts'
import { minutesToRetry, newestMatching, type FeedSource } from '../domain/files/supplier-feeds.ts'
import { claimFeed, finishFetch, listFeeds, listFetches } from '../domain/files/supplier-feeds.store.ts'
import { takeStock } from '../domain/files/take-stock.command.ts'
import { settleMarks } from '../domain/stock/settle-stock.command.ts'
import { systemIds } from '../platform/ids.ts'
import { silentLog } from '../platform/log.ts'
import { systemOutside } from '../platform/outside.ts'
import { createSecrets } from '../platform/secrets.ts'
import { SftpRefused, type Sftp, type SftpFiles } from '../platform/sftp.ts'
import { createUploads, type Uploads } from '../platform/uploads.ts'
import { applyFile } from './apply-file.ts'
import type { EngineParts } from './channel-run.ts'
import { fetchFeeds } from './fetch-feeds.ts'

let database: TestDatabase
let uploads: Uploads
let parts: EngineParts
let tenantId: string
let supplierId: string
let site: string
let respond: (request: IncomingMessage, response: ServerResponse) => unknown
let seen: IncomingMessage[] = []
const folder = mkdtempSync(join(tmpdir(), 'fairlead-feeds-'))
const server = createServer((request, response) => {
  seen.push(request)
  respond(request, response)
})

beforeAll(async () => {
  database = await createTestDatabase()
  database.db.attachQueue({ send: async () => {} })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  site = `127.0.0.1:${(server.address() as { port: number }).port}`
  uploads = createUploads(folder)
  parts = {
    db: database.db,
    ids: systemIds,
    log: silentLog,
    secrets: createSecrets([Buffer.alloc(32, 3)]),
    ...nothingOutside,
    outside: systemOutside({ allowPrivate: [site] }),
  } as unknown as EngineParts
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true, force: true })
  await database.dispose()
})
beforeEach(async () => {
  tenantId = await database.addTenant()
  supplierId = systemIds.uuid()
  seen = []
  parts.sftp = nothingOutside.sftp
  await database.asOwner(`insert into suppliers (tenant_id, id, name, currency) values ($1, $2, 'Northgate', 'GBP')`, [
    tenantId,
    supplierId,
  ])
  for (let at = 1; at <= 10; at++) await addVariant(`P-${at}`)
})

async function addVariant(sku: string): Promise<void> {
  const [product, variant] = [systemIds.uuid(), systemIds.uuid()]
  await database.asOwner(`insert into products (tenant_id, id, handle, title) values ($1, $2, $3, $3)`, [
    tenantId,
    product,
    sku,
  ])
  await database.asOwner(
    `insert into variants (tenant_id, id, product_id, sku, sku_normalized, currency) values ($1, $2, $3, $4, $4, 'GBP')`,
    [tenantId, variant, product, sku],
  )
}

const file = (stock: (at: number) => string | number = (at) => at, cost = '1.50') =>
  ['SKU,Stock,Cost', ...Array.from({ length: 10 }, (_, at) => `P-${at + 1},${stock(at + 1)},${cost}`), ''].join('\n')

const urlFeed = (path = '/stock.csv', auth: Extract<FeedSource, { source: 'url' }>['auth'] = null): FeedSource => ({
  source: 'url',
  url: `http://${site}${path}`,
  auth,
})

async function add(source: FeedSource = urlFeed()): Promise<string> {
  const added = await addFeed(parts, tenantId, {
    supplierId,
    source,
    everyMinutes: 60,
    layout: undefined,
    actor: 'Ann',
  })
  if (added.kind === 'refused') throw new Error(added.reason)
  return added.feedId
}

/** Fetches what is due and reads what came. */
async function fetchDue(): Promise<void> {
  await fetchFeeds(uploads).run(parts, { tenantId })
  for (const { id, state } of await imports())
    if (state === 'reading')
      await applyFile(
        { db: database.db, uploads, log: { error: (_details, message) => console.error(message) } },
        tenantId,
        id,
      )
}

async function fetchNow(feedId: string): Promise<void> {
  await fetchFeedNow(parts, tenantId, feedId)
  await fetchDue()
}

const read = <Result>(work: Parameters<typeof database.db.read<Result>>[1]) => database.db.read(tenantId, work)
const imports = () => read((tx) => listImports(tx, { supplierId }))
const feed = async () => (await read((tx) => listFeeds(tx, supplierId)))[0]
const outcomes = async () => (await read((tx) => listFetches(tx, supplierId, 50))).map(({ outcome }) => outcome)
const problems = async () =>
  (
    await database.asOwner<{ kind: string; data: { reason?: string } }>(
      `select kind, data from problems where tenant_id = $1 and closed_at is null order by kind`,
      [tenantId],
    )
  ).map(({ kind, data }) => [kind, data.reason])
const stock = async () =>
  (
    await database.asOwner<{ on_hand: number | null }>(
      `select on_hand from supplier_offers where tenant_id = $1 order by length(supplier_sku), supplier_sku`,
      [tenantId],
    )
  ).map((row) => row.on_hand)

const answering =
  (body: string | Buffer, { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {}) =>
  (_request: IncomingMessage, response: ServerResponse) =>
    response.writeHead(status, headers).end(body)

describe('a feed from an address', () => {
  test('E1: it is fetched, read and applied, and told as unchanged when nothing is new', async () => {
    respond = answering(file())
    const feedId = await add(urlFeed('/stock.csv?key=1', { kind: 'basic', username: 'ann', password: 'pass' }))
    await fetchDue()
    expect(await stock()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(seen[0]?.headers.authorization).toBe(`Basic ${Buffer.from('ann:pass').toString('base64')}`)
    expect((await imports())[0]).toMatchObject({ state: 'applied', feedId, cameBy: 'feed', fileName: 'stock.csv' })
    await fetchNow(feedId)
    expect(await outcomes()).toEqual(['unchanged', 'imported'])
    expect(await imports()).toHaveLength(1)
    expect(readdirSync(folder)).toEqual([])
    const told = JSON.stringify(await feed())
    expect(told).not.toContain('pass')
    expect(told).not.toContain('key=1')
  })

  test('E1: a host that knows what we have is not asked for it again', async () => {
    respond = (request, response) =>
      request.headers['if-none-match'] === '"1"'
        ? response.writeHead(304).end()
        : response.writeHead(200, { etag: '"1"' }).end(file())
    const feedId = await add(urlFeed('/stock.csv', { kind: 'header', name: 'X-Key', value: 'abc' }))
    await fetchDue()
    await fetchNow(feedId)
    expect(seen.map(({ headers }) => headers['x-key'])).toEqual(['abc', 'abc'])
    expect(await outcomes()).toEqual(['unchanged', 'imported'])
  })

  test('E1: a packed file is read as what is in it', async () => {
    respond = answering(gzipSync(file()))
    await add(urlFeed('/stock.csv.gz'))
    await fetchDue()
    expect((await stock())[9]).toBe(10)
  })

  test('E1: it failed three times: a problem with the reason, fetched ever more seldom, cleared by success', async () => {
    respond = answering('no', { status: 401 })
    const feedId = await add()
    await fetchDue()
    await fetchNow(feedId)
    expect(await problems()).toEqual([])
    await fetchNow(feedId)
    expect(await problems()).toEqual([
      ['feed-failing', 'The host does not let us in (401). Check the user name and the password.'],
    ])
    expect((await feed())?.failures).toBe(3)
    respond = answering(file())
    await fetchNow(feedId)
    expect(await problems()).toEqual([])
    expect(await feed()).toMatchObject({ failures: 0, refusal: null })
  })

  test('X5: an address that is not public is refused with a sentence, and nothing is called', async () => {
    await add({ source: 'url', url: `https://127.0.0.1:${site.split(':')[1]}/`, auth: null })
    await add({ source: 'url', url: 'https://[::ffff:7f00:1]/', auth: null })
    const strict = { ...parts, outside: systemOutside({ allowPrivate: [] }) }
    await fetchFeeds(uploads).run(strict, { tenantId })
    expect(await outcomes()).toEqual(['failed', 'failed'])
    expect(seen).toEqual([])
  })

  const bomb = () => gzipSync(Buffer.alloc(250_000_000, 'a'))
  test.each<[string, () => Buffer | string, RegExp, Record<string, string>?]>([
    ['a web page with 200', () => '<!doctype html><title>Sign in</title>', /web page/],
    ['an empty file', () => '', /empty/],
    ['a gzip bomb', bomb, /unpacks to far more|larger than 200 MB/],
    [
      'a file that is said to have 10 GB',
      () => 'SKU,Stock\n',
      /larger than 200 MB/,
      { 'content-length': '10000000000' },
    ],
    ['a cut gzip file', () => gzipSync(file()).subarray(0, 30), /damaged or cut off/],
    ['a workbook', () => Buffer.from('PK\u0003\u0004xl/'), /Excel workbook/],
    ['figures without names', () => '1,2\n3,4\n', /not the names of the columns/],
  ])('E1: %s is refused with a sentence, and the figures stay', async (_what, content, sentence, headers = {}) => {
    respond = answering(file())
    const feedId = await add()
    await fetchDue()
    respond = answering(content(), { headers })
    await fetchNow(feedId)
    expect((await feed())?.refusal).toMatch(sentence)
    expect(await stock()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(readdirSync(folder)).toEqual([])
  })

  test('E1: only the row of names fails, and fails again while it stays, without another import', async () => {
    respond = answering('SKU,Stock,Cost\n')
    await add()
    await fetchDue()
    expect((await imports())[0]).toMatchObject({ state: 'failed' })
    await database.asOwner(`update supplier_feeds set due_at = app_now() where tenant_id = $1`, [tenantId])
    await fetchDue()
    expect((await feed())?.refusal).toMatch(/only the row of column names/)
    expect(await imports()).toHaveLength(1)
  })

  test.each<[string, () => Buffer]>([
    ['UTF-8 with a mark', () => Buffer.from(`\uFEFF${file()}`)],
    ['UTF-16', () => iconv.encode(file(), 'utf-16le', { addBOM: true })],
    ['Windows-1252', () => iconv.encode(file().replace('Cost', 'Coût'), 'windows-1252')],
    [
      'semicolons and decimal commas',
      () => Buffer.from(file((at) => at, '1,5').replaceAll(/^(\S+?),(\S+?),/gm, '$1;$2;')),
    ],
  ])('E1: a file in %s is read', async (_what, content) => {
    respond = answering(content())
    await add()
    await fetchDue()
    expect(await stock()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  test('E1: "1,234.50" is an amount, and a SKU that comes twice counts once', async () => {
    respond = answering(`SKU,Stock,Cost\nP-1,"1,234","1,234.50"\nP-2,5,1.00\nP-3,5,1.00\nP-4,5,1.00\nP-2,9,1.00\n`)
    await add()
    await fetchDue()
    expect((await imports())[0]).toMatchObject({ state: 'applied', rowsRead: 5, rowsRefused: 1 })
    expect(await stock()).toEqual([1234, 5, 5, 5])
    const costs = await database.asOwner(
      `select max(cost_minor)::int as cost from supplier_offers where tenant_id = $1`,
      [tenantId],
    )
    expect(costs).toEqual([{ cost: 123_450 }])
  })
})

describe('a file that looks wrong', () => {
  const asked = async (content: string, settle: 'accept' | 'reject') => {
    respond = answering(file((at) => at + 5))
    const feedId = await add()
    await fetchDue()
    while ((await settleMarks(database.db, tenantId)) !== 'done') {
      // Until nothing is marked.
    }
    respond = answering(content)
    await fetchNow(feedId)
    const [held] = await imports()
    expect(held?.state).toBe('held')
    const marks = await database.asOwner<{ count: number }>(
      `select count(*)::int as count from stock_marks where tenant_id = $1`,
      [tenantId],
    )
    expect(marks).toEqual([{ count: 0 }])
    const before = await stock()
    await (settle === 'accept' ? acceptHeldFile : discardHeldFile)(database.db, tenantId, held?.id ?? '', 'Ann')
    return { held, before, after: await stock(), feedId }
  }
  const usual = [6, 7, 8, 9, 10, 11, 12, 13, 14, 15]

  test('S7: a great part would be zero: held, nothing is marked for a push, and rejecting keeps the figures', async () => {
    const { held, before, after } = await asked(
      file((at) => (at < 5 ? 0 : at)),
      'reject',
    )
    expect(held?.heldBecause.map(({ reason }) => reason)).toEqual(['newly-zero'])
    expect(before).toEqual(usual)
    expect(after).toEqual(usual)
  })

  test('S7: fewer rows: held, and accepting applies it', async () => {
    const { held, before, after } = await asked('SKU,Stock,Cost\nP-1,3,1.50\nP-2,4,1.50\n', 'accept')
    expect(held?.heldBecause.map(({ reason }) => reason)).toEqual(['fewer-rows'])
    expect(before).toEqual(usual)
    expect(after).toEqual([3, 4, ...usual.slice(2)])
  })

  test('S7: cost and stock are exchanged: held', async () => {
    const exchanged = ['SKU,Stock,Cost', ...usual.map((units, at) => `P-${at + 1},1.50,${units}`)].join('\n')
    const { held, after } = await asked(exchanged, 'reject')
    expect(held?.heldBecause.map(({ reason }) => reason)).toContain('columns-swapped')
    expect(after).toEqual(usual)
  })

  test('S7: a supplier may have limits of his own', async () => {
    const limits = { staleAfterHours: null, staleShowsZero: false, fewerRowsPercent: 95, newlyZeroPercent: 100 }
    await database.db.tenant(tenantId).transaction((tx) => saveFileLimits(tx, supplierId, limits))
    respond = answering(file())
    const feedId = await add()
    await fetchDue()
    respond = answering('SKU,Stock,Cost\nP-1,0,1.50\nP-2,4,1.50\n')
    await fetchNow(feedId)
    expect((await imports())[0]).toMatchObject({ state: 'applied' })
  })

  test('S7: a newer file of the feed takes the place of the one held back', async () => {
    const { feedId } = await asked(
      file(() => 0),
      'reject',
    )
    respond = answering(file((at) => (at < 7 ? 0 : 1)))
    await fetchNow(feedId)
    respond = answering(file((at) => at + 6))
    await fetchNow(feedId)
    expect((await imports()).map(({ state }) => state)).toEqual(['applied', 'discarded', 'discarded', 'applied'])
    expect(await problems()).toEqual([])
  })
})

describe('a feed from an SFTP folder', () => {
  const source: FeedSource = {
    source: 'sftp',
    host: 'files.example',
    port: 22,
    username: 'ann',
    password: 'p',
    privateKey: null,
    hostKey: 'SHA256:abc',
    folder: '/out',
    pattern: 'stock-*.csv',
  }
  const at = (hour: number) => new Date(Date.UTC(2026, 2, 2, hour))
  const listed = (names: Record<string, { size?: number; hour: number }>, asked: string[]): Sftp => ({
    use: (_address, work) =>
      work({
        list: async () =>
          Object.entries(names).map(([name, { size = 100, hour }]) => ({ name, size, modifiedAt: at(hour) })),
        read: async (path: string) => (asked.push(path), Buffer.from(file())),
      } as unknown as SftpFiles),
    hostKey: async () => 'SHA256:abc',
  })

  test('E1: the newest file that fits is read, once', async () => {
    const asked: string[] = []
    parts.sftp = listed(
      {
        'stock-1.csv': { hour: 8 },
        'stock-2.csv': { hour: 9 },
        'other.csv': { hour: 10 },
        '../stock-3.csv': { hour: 11 },
      },
      asked,
    )
    const feedId = await add(source)
    await fetchDue()
    await fetchNow(feedId)
    expect(asked).toEqual(['/out/stock-2.csv'])
    expect(await outcomes()).toEqual(['unchanged', 'imported'])
  })

  test.each<[string, () => Sftp, RegExp]>([
    ['another host key', () => refusing('rejected', 'The server shows another host key.'), /another host key/],
    ['a wrong password', () => refusing('rejected', 'The server refused the password.'), /refused the password/],
    [
      'no such file',
      () => listed({ 'other.csv': { hour: 1 } }, []),
      /There is no file “stock-\*.csv” in the folder \/out/,
    ],
    ['a file of 10 GB', () => listed({ 'stock-1.csv': { hour: 1, size: 10e9 } }, []), /larger than 200 MB/],
  ])('E1: %s is told in a sentence', async (_what, sftp, sentence) => {
    parts.sftp = sftp()
    await add(source)
    await fetchDue()
    expect((await feed())?.refusal).toMatch(sentence)
  })

  const refusing = (kind: 'wait' | 'rejected', message: string): Sftp => ({
    use: () => Promise.reject(new SftpRefused(kind, message)),
    hostKey: () => Promise.reject(new SftpRefused(kind, message)),
  })
})

test('X5: a secret goes only to the host it was given for', async () => {
  respond = answering(file())
  const feedId = await add(urlFeed('/a.csv', { kind: 'basic', username: 'ann', password: 'pass' }))
  const kept = { kind: 'basic', username: 'ann', password: '' } as const
  const elsewhere: FeedSource = { source: 'url', url: 'https://other.example/a.csv', auth: kept }
  expect(await changeFeed(parts, tenantId, feedId, { source: elsewhere })).toEqual({
    kind: 'refused',
    reason: 'secret-wanted',
  })
  expect(await changeFeed(parts, tenantId, feedId, { source: urlFeed('/b.csv', kept) })).toEqual({ kind: 'changed' })
  await fetchDue()
  expect(seen.at(-1)).toMatchObject({ url: '/b.csv' })
  expect(seen.at(-1)?.headers.authorization).toBe(`Basic ${Buffer.from('ann:pass').toString('base64')}`)
})

test('E1: two engines never fetch the same feed, and one that was superseded changes nothing', async () => {
  await add()
  const claim = () => database.db.tenant(tenantId).transaction((tx) => claimFeed(tx))
  const [one, other] = await Promise.all([claim(), claim()])
  expect([one, other].filter(Boolean)).toHaveLength(1)
  const first = one ?? other
  if (!first) throw new Error('Nobody has it.')
  await database.asOwner(`update supplier_feeds set leased_until = app_now() where tenant_id = $1`, [tenantId])
  const second = await claim()
  const finish = (held: typeof first) =>
    database.db.tenant(tenantId).transaction((tx) => finishFetch(tx, held, { kind: 'unchanged', etag: null }))
  expect(await finish(first)).toBe(false)
  expect(second && (await finish(second))).toBe(true)
})

test('E1: a feed removed while it is fetched brings nothing', async () => {
  const feedId = await add()
  respond = async (_request, response) => {
    await removeFeed(parts, tenantId, feedId)
    response.end(file())
  }
  await fetchDue()
  expect(await imports()).toEqual([])
  expect(readdirSync(folder)).toEqual([])
})

test('S7: figures older than the limit are a problem, count as 0 where it is wished, and are well again with new ones', async () => {
  respond = answering(file())
  const feedId = await add()
  await fetchDue()
  const limits = { staleAfterHours: 24, staleShowsZero: true, fewerRowsPercent: 50, newlyZeroPercent: 30 }
  await database.db.tenant(tenantId).transaction((tx) => saveFileLimits(tx, supplierId, limits))
  expect(await problems()).toEqual([])
  while ((await settleMarks(database.db, tenantId)) !== 'done') {
    // Until nothing is marked.
  }
  await database.asOwner(`update suppliers set figures_at = app_now() - interval '25 hours' where tenant_id = $1`, [
    tenantId,
  ])
  await fetchDue()
  expect((await problems()).map(([kind]) => kind)).toEqual(['figures-stale'])
  const marked = await database.asOwner(`select count(*)::int as count from stock_marks where tenant_id = $1`, [
    tenantId,
  ])
  expect(marked).toEqual([{ count: 10 }])
  await fetchNow(feedId)
  expect(await problems()).toEqual([])
})

test('E1: figures by the API are applied or refused row by row, and a whole file is not measured by them', async () => {
  respond = answering(file())
  const feedId = await add()
  await fetchDue()
  const rows = [
    { sku: 'P-1', onHand: 99, costMinor: 150 },
    { sku: 'P-2', onHand: 2, costMinor: null },
    { sku: 'NONE', onHand: 1, costMinor: null },
    { sku: 'P-1', onHand: 5, costMinor: null },
  ]
  const taken = await takeStock(database.db, tenantId, { supplierId, rows, actor: 'A machine' })
  expect(taken).toMatchObject({ applied: 1, unchanged: 1 })
  expect(taken?.refused.map(({ row }) => row)).toEqual([2, 3])
  expect((await stock())[0]).toBe(99)
  respond = answering('SKU,Stock,Cost\nP-1,3,1.50\nP-2,4,1.50\n')
  await fetchNow(feedId)
  expect((await imports())[0]).toMatchObject({ state: 'held' })
})

test('failures are tried again soon, then ever more seldom', () => {
  expect([1, 2, 3, 4, 9].map((failures) => minutesToRetry(failures, 60))).toEqual([10, 20, 40, 80, 360])
  expect(minutesToRetry(1, 5)).toBe(5)
  expect(minutesToRetry(20, 1440)).toBe(1440)
})

test('a pattern fits names as people mean it, and no name leads out of the folder', () => {
  const named = (...names: string[]) => names.map((name, at) => ({ name, modifiedAt: new Date(at) }))
  expect(newestMatching(named('a.csv', 'STOCK-9.CSV'), 'stock-*.csv')?.name).toBe('STOCK-9.CSV')
  expect(newestMatching(named('stock.csv.tmp', 'x-stock.csv'), 'stock.csv')).toBeUndefined()
  expect(newestMatching(named('../a.csv', 'b/../../a.csv', '..'), '*')).toBeUndefined()
  expect(newestMatching(named('a'.repeat(5000)), `${'*a'.repeat(50)}b`)).toBeUndefined()
})
