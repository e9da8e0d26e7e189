import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createOrdersWorld, type OrdersWorld } from '../../test/support/orders-world.ts'
import { createSupplierPeers, type SupplierPeers } from '../../test/support/supplier-peers.ts'
import { changeSupplierWays } from '../domain/catalog/supplier-connection.command.ts'
import { systemClock } from '../platform/clock.ts'
import { silentLog } from '../platform/log.ts'
import { seededRandom } from '../platform/random.ts'
import type { EngineParts } from './channel-run.ts'
import { pickUpTracking } from './pick-up-tracking.ts'

let database: TestDatabase
let world: OrdersWorld
let peers: SupplierPeers
let supplierId: string

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

const sftp = {
  host: 'sftp.supplier.test',
  port: 22,
  username: 'seller',
  password: 'secret',
  hostKey: 'SHA256:x',
  orderFolder: '/in',
  trackingFolder: '/out',
}
const change = (changes: Omit<Parameters<typeof changeSupplierWays>[2], 'supplierId' | 'actor'>) =>
  changeSupplierWays({ db: world.db, secrets: world.secrets, random: seededRandom('ways') }, world.tenantId, {
    supplierId,
    actor: 'A person',
    ...changes,
  })

beforeEach(openWorld)
async function openWorld(): Promise<void> {
  world = await createOrdersWorld(database)
  peers = createSupplierPeers()
  supplierId = await world.addSupplier({ name: 'North' })
  const variantId = await world.addVariant('V1')
  await world.addOffer({ supplierId, variantId, onHand: 10 })
  await world.addListing('L1', [[variantId, 1]])
  expect(await change({ sftp, picksUpTracking: true })).toMatchObject({ kind: 'changed' })
  await world.ingest(world.order('A'), world.order('B'))
}

const run = (db = world.db) => {
  const parts = { db, secrets: world.secrets, clock: systemClock, log: silentLog, ...peers }
  return pickUpTracking.run(parts as unknown as EngineParts, { tenantId: world.tenantId })
}
const put = (name: string, text: string) => peers.files.set(`sftp.supplier.test:/out/${name}`, Buffer.from(text))
const shipments = () =>
  database.asOwner<{ tracking_number: string }>(
    'select tracking_number from shipments where tenant_id = $1 order by tracking_number',
    [world.tenantId],
  )
const imports = () =>
  database.asOwner<{ file_name: string; state: string; rows_applied: number; rows_refused: number }>(
    'select file_name, state, rows_applied, rows_refused from file_imports where tenant_id = $1 order by started_at, file_name',
    [world.tenantId],
  )
const problems = async () =>
  (
    await database.asOwner<{ kind: string }>(
      'select kind from problems where tenant_id = $1 and closed_at is null order by kind',
      [world.tenantId],
    )
  ).map(({ kind }) => kind)

test('D7: a file is taken from the folder once, and put away', async () => {
  put('t.csv', 'Order number;Carrier;Tracking no\r\nPO-000001;Royal Mail;RM1\r\nPO-000777;Royal Mail;RM2\r\n')
  await run()
  await run()
  expect(await shipments()).toEqual([{ tracking_number: 'RM1' }])
  expect(await imports()).toEqual([{ file_name: 't.csv', state: 'applied', rows_applied: 1, rows_refused: 1 }])
  expect([...peers.files.keys()]).toEqual(['sftp.supplier.test:/out/done/t.csv'])
  expect(await problems()).toEqual(['tracking-rows-refused'])
})

test('V1: refused rows are told although a commit after their import is refused: the import ends together with telling', async () => {
  const file = 'Purchase order,Carrier,Tracking number\nPO-000001,Royal Mail,RM1\nPO-000777,Royal Mail,RM2\n'
  // Each commit is refused once, in a world of its own, and then all goes well.
  const all = await commitsOf(file, null)
  for (let refused = 1; refused <= all; refused++) {
    await openWorld()
    await commitsOf(file, refused)
    expect([refused, await imports()]).toMatchObject([refused, [{ state: 'applied', rows_refused: 1 }]])
    expect([refused, await problems()]).toEqual([refused, ['tracking-rows-refused']])
  }
  expect(all).toBeGreaterThan(4)
})

/** Picks the file up, with the n-th commit refused, until it works; answers how many commits the first turn had. */
async function commitsOf(file: string, refused: number | null): Promise<number> {
  put('t.csv', file)
  let commits = 0
  const db: typeof world.db = {
    ...world.db,
    tenant: (tenantId) => ({
      ...world.db.tenant(tenantId),
      transaction: (work) =>
        world.db.tenant(tenantId).transaction(async (tx) => {
          const result = await work(tx)
          if ((commits += 1) === refused) throw new Error('The commit was refused.')
          return result
        }),
    }),
  }
  await run(db).catch((error: unknown) => expect(String(error)).toContain('The commit was refused'))
  const ofFirstTurn = commits
  await run(db)
  return ofFirstTurn
}

test('V1: where it cannot be put away, it is known by its name and content; other content is another file', async () => {
  const file = 'Purchase order,Carrier,Tracking number\nPO-000001,Royal Mail,RM1\n'
  const { use } = peers.sftp
  peers.sftp.use = (address, work) =>
    use(address, (files) => work({ ...files, move: () => Promise.reject(new Error('Permission denied')) }))
  put('t.csv', file)
  await run()
  await run()
  expect(await imports()).toHaveLength(1)
  put('t.csv', `${file}PO-000002,Royal Mail,RM2\n`)
  await run()
  expect(await shipments()).toEqual([{ tracking_number: 'RM1' }, { tracking_number: 'RM2' }])
  expect(await imports()).toHaveLength(2)
  expect(await problems()).toEqual([])
})

test('D7: a file that is no table of parcels, and a folder that is away, are told', async () => {
  put('t.csv', '%PDF-1.7')
  await run()
  expect(await imports()).toMatchObject([{ state: 'failed' }])
  expect(await problems()).toEqual(['tracking-file-failed'])
  peers.fault = () => 'busy'
  await run()
  expect(await problems()).toEqual(['tracking-file-failed', 'tracking-not-picked-up'])
  peers.fault = () => null
  await run()
  expect(await problems()).toEqual(['tracking-file-failed'])
})

test('X4: a secret stays sealed, and is for the server it was given for', async () => {
  const { password: _password, ...without } = sftp
  expect(await change({ sftp: { ...without, orderFolder: 'in//' } })).toMatchObject({ kind: 'changed' })
  expect(await change({ sftp: { ...without, host: 'elsewhere.test' } })).toMatchObject({
    kind: 'refused',
    fields: { 'sftp.password': expect.any(String) as string },
  })
  const made = await change({ webhook: { url: 'https://supplier.test/orders' } })
  expect(made).toMatchObject({ webhookSecret: expect.stringMatching(/^whsec_/) as string })
  expect(await change({ webhook: { url: 'https://supplier.test/other' } })).toMatchObject({ webhookSecret: null })
  const [row] = await database.asOwner<{ shown: unknown; sealed: Buffer }>(
    'select connection_shown as shown, connection as sealed from suppliers where id = $1',
    [supplierId],
  )
  expect(JSON.stringify(row?.shown)).not.toMatch(/"secret"|whsec_/)
  expect(row?.shown).toMatchObject({ sftp: { orderFolder: '/in', signsInBy: 'password' } })
  expect(row?.sealed.includes('whsec_')).toBe(false)
})
