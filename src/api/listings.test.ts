import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApiServer, type ApiServer, type Person } from '../../test/support/api-server.ts'
import { seedTenant, type SeededTenant } from '../../test/support/seed-tenant.ts'

let hub: ApiServer
let ann: Person
let ids: SeededTenant

beforeAll(async () => {
  hub = await startApiServer({ checkAnswers: true })
  ann = await hub.addPerson('Ann')
  ids = await seedTenant(hub.test, hub.parts.secrets, ann.tenantId, 'ann')
})
afterAll(() => hub.dispose())

test('A10: a person lets a waiting 0 go out, twice is harmless, and where nothing waits a sentence says so', async () => {
  const approve = () => ann.ask('POST', `/api/listings/${ids.listing}/approve-zero`, {})
  expect(await approve()).toMatchObject({
    status: 409,
    body: { error: { code: 'nothing-waits', message: expect.stringContaining('waits') } },
  })
  await hub.test.asOwner(
    `insert into listing_targets (tenant_id, listing_id, kind, channel_id, desired, desired_version, state)
     values ($1, $2, 'stock', $3, 0, 4, 'waiting-for-person')`,
    [ann.tenantId, ids.listing, ids.channel],
  )
  const asked = await ann.ask('GET', `/api/listings/${ids.listing}/stock`)
  expect(asked.body).toMatchObject({ waitsForPerson: true })
  expect(await approve()).toMatchObject({ status: 200, body: { listingId: ids.listing, waitsForPerson: false } })
  expect(await approve()).toMatchObject({ status: 200 })
  const push = { channelId: ids.channel, operation: 'push-stock' }
  expect(hub.kicks.map(({ name, data }) => [name, data])).toEqual([['channel', expect.objectContaining(push)]])
})
