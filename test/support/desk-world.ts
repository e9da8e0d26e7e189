// A business whose suppliers sign in at their desks: its owner, two suppliers with a person each, and orders of buyers
// whose every text is marked, so that a leak is seen.
import { ingestOrders } from '../../src/domain/orders/ingest-orders.command.ts'
import { systemIds } from '../../src/platform/ids.ts'
import { hashPassword } from '../../src/platform/passwords.ts'
import { cookieOf, startApiServer, testPassword, type Answer, type ApiServer, type Person } from './api-server.ts'
import { createOrdersWorld, type OrdersWorld } from './orders-world.ts'

/** In everything of the seller and the buyer that no supplier may see. */
export const canary = 'sellercanary'

export type DeskPerson = Person & { supplierId: string }

export type DeskWorld = {
  hub: ApiServer
  world: OrdersWorld
  owner: Person
  alpha: DeskPerson
  beta: DeskPerson
  /** A person of this supplier, invited and signed in. */
  invite(supplierId: string, email: string): Promise<DeskPerson>
  /** A buyer orders; answers the purchase orders it came to. */
  buy(number: string, buys: [listingId: string, quantity: number][]): Promise<BoughtFrom[]>
  /** Asks with a key instead of a cookie. */
  askWithKey(key: string, method: 'GET' | 'POST' | 'PATCH', url: string, body?: object): Promise<Answer>
  dispose(): Promise<void>
}

export type BoughtFrom = {
  id: string
  number: string
  supplierId: string
  lineId: string
  componentId: string
  state: string
}

export async function startDeskWorld(): Promise<DeskWorld> {
  const hub = await startApiServer()
  const world = await createOrdersWorld(hub.test)
  hub.test.db.attachQueue(hub.parts.queue)
  const owner = await addOwner(hub, world.tenantId)
  await world.transaction((tx) =>
    tx
      .updateTable('sales_channels')
      .set({ name: `Shop ${canary}` })
      .where('tenant_id', '=', tx.tenantId)
      .execute(),
  )
  const invite = (supplierId: string, email: string) => invitePerson(hub, { owner, supplierId, email })
  const alphaId = await world.addSupplier({ name: 'Alpha', preference: 1 })
  const betaId = await world.addSupplier({ name: `Beta ${canary}`, preference: 2 })
  const [one, two] = [await world.addVariant(`ONE-${canary}`), await world.addVariant(`TWO-${canary}`)]
  await world.addOffer({ supplierId: alphaId, variantId: one, onHand: 50, cost: 321 })
  await world.addOffer({ supplierId: betaId, variantId: one, onHand: 50, cost: 987 })
  await world.addOffer({ supplierId: betaId, variantId: two, onHand: 50, cost: 654 })
  await world.addListing('L1', [[one, 1]])
  await world.addListing('L2', [[two, 1]])
  return {
    hub,
    world,
    owner,
    alpha: await invite(alphaId, 'alpha@example.com'),
    beta: await invite(betaId, 'beta@example.com'),
    invite,
    buy: (number, buys) => buy(hub, world, number, buys),
    askWithKey: (key, method, url, body) => ask(hub, { authorization: `Bearer ${key}` }, method, url, body),
    dispose: () => hub.dispose(),
  }
}

async function addOwner(hub: ApiServer, tenantId: string): Promise<Person> {
  const [userId, email] = [systemIds.uuid(), 'owner@example.com']
  await hub.test.asOwner(`insert into auth.users (id, name, email) values ($1, $2, $3)`, [
    userId,
    `Owner ${canary}`,
    email,
  ])
  await hub.test.asOwner(
    `insert into auth.accounts (id, account_id, provider_id, user_id, password) values ($1, $2::text, 'credential', $2::uuid, $3)`,
    [systemIds.uuid(), userId, await hashPassword(testPassword)],
  )
  await hub.test.asOwner(`insert into auth.members (tenant_id, user_id, role) values ($1, $2, 'owner')`, [
    tenantId,
    userId,
  ])
  const cookie = cookieOf(await hub.signIn(email, testPassword))
  return { tenantId, userId, email, cookie, ask: asker(hub, cookie) }
}

async function invitePerson(
  hub: ApiServer,
  { owner, supplierId, email }: { owner: Person; supplierId: string; email: string },
): Promise<DeskPerson> {
  const invited = await owner.ask('POST', `/api/suppliers/${supplierId}/people`, { email })
  const token = (invited.body as { link: string }).link.split('#')[1]
  const accepted = await hub.app.inject({
    method: 'POST',
    url: '/auth/invitation',
    payload: { token, name: email.split('@')[0], password: testPassword },
  })
  if (accepted.statusCode !== 200) throw new Error(accepted.body)
  const cookie = cookieOf(accepted)
  const signedIn = { cookie, ask: asker(hub, cookie) }
  const me = (await signedIn.ask('GET', '/api/me')).body as { user: { id: string } }
  return { ...signedIn, tenantId: owner.tenantId, userId: me.user.id, email, supplierId }
}

function asker(hub: ApiServer, cookie: string): Person['ask'] {
  return (method, url, body) => ask(hub, { cookie, 'sec-fetch-site': 'same-origin' }, method, url, body)
}

async function ask(
  hub: ApiServer,
  headers: Record<string, string>,
  method: Parameters<Person['ask']>[0],
  url: string,
  body: unknown,
): Promise<Answer> {
  const answer = await hub.app.inject({
    method,
    url,
    headers,
    ...(body === undefined ? {} : { payload: body as object }),
  })
  return { status: answer.statusCode, headers: answer.headers, text: answer.body, body: parsed(answer.body) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function buy(
  hub: ApiServer,
  world: OrdersWorld,
  number: string,
  buys: [string, number][],
): Promise<BoughtFrom[]> {
  const order = world.order(`${number}-${canary}`, {
    buys,
    shipTo: {
      name: `Buyer ${number}`,
      street: '1 Test Street',
      extended: '',
      city: 'Leeds',
      region: '',
      postalCode: 'LS1 1AA',
      countryCode: 'GB',
      phone: '0113 1',
    },
    buyer: { name: `Buyer ${number}`, email: `buyer-${canary}@example.com`, phone: `0-${canary}` },
  })
  await world.transaction((tx) =>
    ingestOrders(tx, {
      channelId: world.channelId,
      orders: [order],
      unreadable: [],
      cursor: { before: null, after: 'next' },
      secrets: hub.parts.secrets,
    }),
  )
  return hub.test.asOwner<BoughtFrom>(
    `select p.id, p.number, p.supplier_id as "supplierId", p.state, l.id as "lineId", l.component_id as "componentId"
     from purchase_orders p join orders o on o.id = p.order_id join purchase_order_lines l on l.purchase_order_id = p.id
     where o.tenant_id = $1 and o.marketplace_order_id = $2 order by p.number, l.id`,
    [world.tenantId, order.marketplaceOrderId],
  )
}
