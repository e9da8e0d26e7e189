// The sending job with real mail, SFTP and web servers at the other end of it, and an answer that is lost on the way.
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EngineParts } from '../../src/engine/channel-run.ts'
import { sendPurchaseOrdersJob } from '../../src/engine/send-purchase-orders.ts'
import { saveConnection } from '../../src/domain/catalog/supplier-connection.store.ts'
import type { OrderWay, SupplierConnection } from '../../src/domain/catalog/supplier-connection.ts'
import { settleDoubt } from '../../src/domain/purchasing/settle-doubt.command.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { silentLog } from '../../src/platform/log.ts'
import { systemMail } from '../../src/platform/mail.ts'
import { systemOutside } from '../../src/platform/outside.ts'
import { systemSftp } from '../../src/platform/sftp.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createOrdersWorld, type OrdersWorld } from '../support/orders-world.ts'
import { startSftpPeer } from '../support/sftp-peer.ts'
import { startSmtpPeer } from '../support/smtp-peer.ts'
import { startWebhookPeer } from '../support/webhook-peer.ts'
import { mailKeys, sftpKeys, webhookKeys, type Peers } from './trade.ts'

let database: TestDatabase
let peers: Peers
const outside = systemOutside({ allowPrivate: ['127.0.0.1'] })

beforeAll(async () => {
  database = await createTestDatabase()
  peers = { smtp: await startSmtpPeer(), sftp: await startSftpPeer(), webhook: await startWebhookPeer() }
})
afterAll(async () => {
  await Promise.all(Object.values(peers).map((peer) => peer.close()))
  await outside.close()
  await database.dispose()
})

const secret = `whsec_${Buffer.alloc(24, 3).toString('base64')}`

type World = OrdersWorld & { work(): Promise<void>; state(): Promise<{ id: string; state: string; number: string }> }

async function createWorld(way: OrderWay): Promise<World> {
  const world = await createOrdersWorld(database)
  const supplierId = await world.addSupplier({ name: 'North' })
  const variantId = await world.addVariant('V1')
  await world.addOffer({ supplierId, variantId, onHand: 100 })
  await world.addListing('L1', [[variantId, 1]])
  const connection: SupplierConnection = {
    sftp: { ...peers.sftp.address, orderFolder: '/in', trackingFolder: '/out' },
    webhook: { url: peers.webhook.url, secret },
  }
  await world.transaction(async (tx) => {
    await saveConnection(tx, world.secrets, supplierId, connection)
    const changes = { order_way: way, order_email: 'orders@supplier.test' }
    await tx.updateTable('suppliers').set(changes).where('tenant_id', '=', tx.tenantId).execute()
  })
  const parts = {
    db: world.db,
    secrets: world.secrets,
    clock: systemClock,
    log: silentLog,
    mail: systemMail(peers.smtp.server),
    sftp: systemSftp({ mayReach: () => true }),
    outside,
  } as unknown as EngineParts
  for (const taken of [peers.smtp.taken, peers.webhook.taken, peers.sftp.log]) taken.length = 0
  peers.sftp.files.clear()
  return {
    ...world,
    async work() {
      for (let rounds = 0; rounds < 3; rounds++) {
        const due = 'update effects set next_try_at = null where tenant_id = $1 and supplier_id is not null'
        await database.asOwner(due, [world.tenantId])
        await sendPurchaseOrdersJob.run(parts, { tenantId: world.tenantId })
      }
    },
    async state() {
      const text = 'select id, state, number from purchase_orders where tenant_id = $1'
      const [row] = await database.asOwner<{ id: string; state: string; number: string }>(text, [world.tenantId])
      if (!row) throw new Error('There is no purchase order.')
      return row
    },
  }
}

const key = 'PO-000001/1'

test('D5, P3: a mail server takes it whole; where its answer is lost, a person says that it arrived', async () => {
  const world = await createWorld('email')
  peers.smtp.faults.dropsAfterContent = true
  await world.ingest(world.order('A'))
  await world.work()
  peers.smtp.faults.dropsAfterContent = false
  expect(mailKeys(peers.smtp)).toEqual([key])
  const raw = peers.smtp.taken[0]?.raw ?? ''
  for (const name of ['PO-000001-r1.pdf', 'PO-000001-r1.csv']) expect(raw).toContain(`filename=${name}`)
  const { id, state } = await world.state()
  expect(state).toBe('in-doubt')
  await settleDoubt(world.db, world.tenantId, { purchaseOrderId: id, said: 'arrived', actor: 'A person' })
  await world.work()
  expect(await world.state()).toMatchObject({ state: 'sent' })
  expect(mailKeys(peers.smtp)).toEqual([key])
})

test('D5, P3: an SFTP server has the file once, under its name and whole, although the answer was lost', async () => {
  const world = await createWorld('sftp')
  peers.sftp.faults.dropsAfterRename = true
  await world.ingest(world.order('A'))
  await world.work()
  peers.sftp.faults.dropsAfterRename = false
  expect(await world.state()).toMatchObject({ state: 'sent' })
  expect(sftpKeys(peers.sftp)).toEqual([key])
  expect([...peers.sftp.files.keys()]).toEqual(['/in/PO-000001-r1.csv'])
  expect(peers.sftp.files.get('/in/PO-000001-r1.csv')?.toString()).toContain('PO-000001')
})

test('D5, P3: a web server gets it signed and once, although the answer was lost', async () => {
  const world = await createWorld('webhook')
  peers.webhook.fault = () => 'drops-after'
  await world.ingest(world.order('A'))
  await world.work()
  peers.webhook.fault = () => null
  expect(await world.state()).toMatchObject({ state: 'sent' })
  expect(webhookKeys(peers.webhook)).toEqual([key])
  const [taken] = peers.webhook.taken
  expect(new Webhook(secret).verify(taken?.body ?? '', taken?.headers ?? {})).toMatchObject({
    type: 'purchase-order',
  })
})

test.each(['email', 'sftp', 'webhook'] as const)(
  'D5: what was surely not taken by %s is sent as soon as that is over',
  async (way) => {
    const world = await createWorld(way)
    const setFault = (isOn: boolean) => {
      peers.smtp.faults.isBusy = isOn
      peers.sftp.faults.dropsBeforeWriting = isOn
      peers.webhook.fault = () => (isOn ? 'busy' : null)
    }
    setFault(true)
    await world.ingest(world.order('A'))
    await world.work()
    expect(await world.state()).not.toMatchObject({ state: 'sent' })
    setFault(false)
    await world.work()
    expect(await world.state()).toMatchObject({ state: 'sent' })
    expect([...mailKeys(peers.smtp), ...sftpKeys(peers.sftp), ...webhookKeys(peers.webhook)]).toEqual([key])
  },
)
