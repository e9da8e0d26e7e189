import { afterAll, beforeAll, expect, test } from 'vitest'
import { seedTenant, fingerprint, type SeededTenant } from '../../test/support/seed-tenant.ts'
import { canary, startDeskWorld, type DeskWorld } from '../../test/support/desk-world.ts'
import { routes, type Route } from './contract.ts'
import { rightFor } from './api-routes.ts'
import type { RouteName } from './handler.ts'

let desk: DeskWorld
let foreign: SeededTenant

beforeAll(async () => {
  desk = await startDeskWorld()
  const other = await desk.hub.addPerson('Other')
  foreign = await seedTenant(desk.hub.test, desk.hub.parts.secrets, other.tenantId, 'othercanary')
})
afterAll(() => desk.dispose())

type Order = {
  id: string
  number: string
  state: string
  revision: number
  reference: string | null
  shipTo: Record<string, string> | null
  lines: { id: string; quantity: number; dispatched: number; cancelled: number }[]
  parcels: { trackingNumber: string }[]
  cancelledBy: string | null
  cancelReason: string | null
}

const all = Object.entries(routes) as [RouteName, Route][]
const deskRoutes = all.filter(([, route]) => route.path.startsWith('/api/desk/'))
const url = (route: Route, id: string) => route.path.replace(':id', id)
const bodyFor = (route: Route) => (route.method === 'GET' ? undefined : {})

async function bought(number: string, buys: [string, number][] = [['L1', 2]]) {
  const [order] = await desk.buy(number, buys)
  if (!order) throw new Error('Nothing was ordered from anybody.')
  return order
}
const readOrder = async (id: string, who = desk.alpha) =>
  (await who.ask('GET', `/api/desk/purchase-orders/${id}`)).body as Order

test('G3: of all routes a supplier reaches only his desk and who he is; everything else is refused', async () => {
  const reached: RouteName[] = []
  for (const [name, route] of all) {
    const answer = await desk.alpha.ask(route.method, url(route, crypto.randomUUID()), bodyFor(route))
    if (answer.status !== 403) reached.push(name)
    else expect([name, answer.body]).toMatchObject([name, { error: { code: 'not-allowed' } }])
  }
  expect(reached.toSorted()).toEqual([...deskRoutes.map(([name]) => name), 'me'].toSorted())
})

test('G3: the desk is closed to the seller, whatever his role', async () => {
  for (const role of ['owner', 'manager', 'operator', 'viewer']) {
    await desk.hub.test.asOwner('update auth.members set role = $1 where user_id = $2', [role, desk.owner.userId])
    for (const [name, route] of deskRoutes) {
      const answer = await desk.owner.ask(route.method, url(route, crypto.randomUUID()), bodyFor(route))
      expect([role, name, answer.status]).toEqual([role, name, 403])
    }
  }
  await desk.hub.test.asOwner(`update auth.members set role = 'owner' where user_id = $1`, [desk.owner.userId])
})

test('G3: nobody reaches the desk without signing in', async () => {
  for (const [name, route] of deskRoutes) {
    const answer = await desk.hub.app.inject({ method: route.method, url: url(route, crypto.randomUUID()) })
    expect([name, answer.statusCode]).toEqual([name, 401])
  }
})

/** All that a supplier is told of a purchase order. */
const orderFields = `
  id number revision state orderedAt shipBy acceptedAt reference countryCode shippingService units dispatched
  cancelled contents contents.quantity contents.supplierSku goods goods.currency goods.minor carrier pickup
  cancelledAt cancelledBy cancelReason shipTo shipTo.name shipTo.street shipTo.extended shipTo.city shipTo.region
  shipTo.postalCode shipTo.countryCode shipTo.phone lines lines.id lines.supplierSku lines.title lines.quantity
  lines.cost lines.cost.currency lines.cost.minor lines.dispatched lines.cancelled shipping shipping.currency
  shipping.minor vat vat.currency vat.minor total total.currency total.minor parcels
`
  .trim()
  .split(/\s+/)

test('G3, margin and cost leak: a supplier’s answer has exactly the fields named here', async () => {
  const order = await bought('KEYS')
  const answer = await desk.alpha.ask('GET', `/api/desk/purchase-orders/${order.id}`)
  expect(keysOf(answer.body)).toEqual(orderFields.toSorted())
  // The product's title is the seller's own text; it is what the supplier is asked for, so it alone may carry the mark.
  const plain = answer.text.replaceAll(/"title":"[^"]*"/g, '')
  expect(plain).not.toContain(canary)
  expect(answer.body).toMatchObject({ goods: { minor: 642 }, lines: [{ cost: { minor: 321 } }] })
  for (const figure of ['987', '654', '1000', '2300', '3300']) expect(plain).not.toContain(`:${figure}`)
  const list = await desk.alpha.ask('GET', '/api/desk/purchase-orders')
  expect(list.text).not.toContain(canary)
  expect(list.text).not.toContain('street')
  const offers = await desk.alpha.ask('GET', '/api/desk/offers')
  expect(keysOf((offers.body as { rows: unknown[] }).rows)).toEqual(
    [
      'id',
      'supplierSku',
      'title',
      'cost',
      'cost.minor',
      'cost.currency',
      'onHand',
      'reserved',
      'available',
      'onHandAt',
    ].toSorted(),
  )
  const csv = await desk.alpha.ask('GET', '/api/desk/purchase-orders.csv')
  expect(csv.text).toContain(order.number)
  expect(csv.text.replaceAll(/Product \S+/g, '')).not.toContain(canary)
})

/** Paths of all fields in it, each once. */
function keysOf(value: unknown, at = ''): string[] {
  const found = new Set<string>()
  const walk = (part: unknown, path: string): void => {
    if (Array.isArray(part)) return part.forEach((each) => walk(each, path))
    if (typeof part !== 'object' || part === null) return
    for (const [key, inner] of Object.entries(part)) {
      const name = path ? `${path}.${key}` : key
      found.add(name)
      walk(inner, name)
    }
  }
  walk(value, at)
  return [...found].toSorted()
}

/** What the id of a desk route names, and a body it takes. A route that is not here fails the test below. */
const withId: Partial<Record<RouteName, { of: 'order' | 'offer' | 'invoice'; body?: object }>> = {
  deskOrder: { of: 'order' },
  acceptDeskOrder: { of: 'order', body: { reference: 'R1' } },
  declineDeskOrder: { of: 'order', body: { reason: 'out-of-stock' } },
  addDeskParcel: { of: 'order', body: { carrier: 'DPD', trackingNumber: 'X1' } },
  changeDeskOffer: { of: 'offer', body: { onHand: 1 } },
  deskInvoice: { of: 'invoice' },
  deskInvoicePdf: { of: 'invoice' },
}

test('G3: a supplier reading another supplier’s purchase order, offer or invoice is answered as if it never was', async () => {
  const own = await bought('MATRIX')
  const [theirs] = (await desk.buy('MATRIX-B', [['L2', 2]])) as [Awaited<ReturnType<typeof bought>>]
  expect(theirs.supplierId).toBe(desk.beta.supplierId)
  const invoiceOf = async (supplierId: string) => {
    const id = crypto.randomUUID()
    await desk.hub.test.asOwner(
      `insert into invoices (tenant_id, id, number, kind, supplier_id, state, currency, goods_minor, shipping_minor, vat_minor, total_minor, issued_at)
       values ($1, $2, $3, 'invoice', $4, 'unpaid', 'GBP', 100, 0, 0, 100, app_now())`,
      [desk.world.tenantId, id, `N-${id}`, supplierId],
    )
    return id
  }
  const [offer] = await desk.hub.test.asOwner<{ id: string }>('select id from supplier_offers where supplier_id = $1', [
    desk.beta.supplierId,
  ])
  const mine = { invoice: await invoiceOf(desk.alpha.supplierId) }
  const sameTenant = { order: theirs.id, offer: offer?.id ?? '', invoice: await invoiceOf(desk.beta.supplierId) }
  const otherTenant = { order: foreign.purchaseOrder, offer: foreign.offer, invoice: crypto.randomUUID() }
  const withIds = deskRoutes.filter(([, route]) => route.path.includes(':id'))
  expect(withIds.map(([name]) => name).toSorted()).toEqual(Object.keys(withId).toSorted())

  const before = await fingerprint(desk.hub.test, desk.world.tenantId)
  for (const [name, route] of withIds) {
    const entry = withId[name]
    if (!entry) throw new Error(name)
    const askFor = (id: string) => desk.alpha.ask(route.method, url(route, id), entry.body)
    const random = await askFor(crypto.randomUUID())
    expect([name, random.status]).toEqual([name, 404])
    for (const ids of [sameTenant, otherTenant]) {
      const answer = await askFor(ids[entry.of])
      expect([name, answer.status, answer.text]).toEqual([name, 404, random.text])
    }
    expect((await askFor('not-an-id')).text).toBe(random.text)
  }
  const several = await desk.alpha.ask('POST', '/api/desk/purchase-orders/accept', {
    ids: [theirs.id, foreign.purchaseOrder],
  })
  expect(several.body).toMatchObject([{ result: 'not-found' }, { result: 'not-found' }])
  const lines = { carrier: 'DPD', trackingNumber: 'X9', lines: [{ lineId: theirs.lineId, quantity: 1 }] }
  const random = { ...lines, lines: [{ lineId: crypto.randomUUID(), quantity: 1 }] }
  const parcels = `/api/desk/purchase-orders/${own.id}/parcels`
  const refused = await desk.alpha.ask('POST', parcels, lines)
  expect([refused.status, refused.text]).toEqual([400, (await desk.alpha.ask('POST', parcels, random)).text])
  expect(await fingerprint(desk.hub.test, desk.world.tenantId)).toBe(before)

  for (const list of [
    'purchase-orders',
    `purchase-orders?search=${theirs.number}`,
    'offers',
    'invoices',
    'purchase-orders.csv',
  ]) {
    const answer = await desk.alpha.ask('GET', `/api/desk/${list}`)
    expect([list, answer.status]).toEqual([list, 200])
    for (const id of [theirs.id, theirs.number, sameTenant.invoice, sameTenant.offer, 'othercanary'])
      if (!list.includes(id)) expect(answer.text).not.toContain(id)
  }
  expect((await desk.alpha.ask('GET', `/api/desk/invoices/${mine.invoice}`)).status).toBe(200)
})

test('G3: what waits for payment or was never sent is not on the desk, nor is a draft invoice', async () => {
  const order = await bought('WAITING')
  for (const state of ['queued-for-payment', 'to-send']) {
    await desk.hub.test.asOwner('update purchase_orders set state = $1, sent_at = null where id = $2', [
      state,
      order.id,
    ])
    expect((await desk.alpha.ask('GET', `/api/desk/purchase-orders/${order.id}`)).status).toBe(404)
    const parcel = { carrier: 'DPD', trackingNumber: 'W1' }
    expect((await desk.alpha.ask('POST', `/api/desk/purchase-orders/${order.id}/parcels`, parcel)).status).toBe(404)
    const accepted = await desk.alpha.ask('POST', `/api/desk/purchase-orders/${order.id}/accept`, {})
    expect(accepted.status).toBe(404)
    expect((await desk.alpha.ask('GET', '/api/desk/purchase-orders')).text).not.toContain(order.id)
  }
  await desk.hub.test.asOwner(
    `insert into invoices (tenant_id, id, kind, supplier_id, state, currency, goods_minor, shipping_minor, vat_minor, total_minor)
     values ($1, $2, 'invoice', $3, 'draft', 'GBP', 1, 0, 0, 1)`,
    [desk.world.tenantId, crypto.randomUUID(), desk.alpha.supplierId],
  )
  expect((await desk.alpha.ask('GET', '/api/desk/invoices')).text).not.toContain('draft')
})

test('G3: he accepts, one with his own reference or many at once, and again without harm', async () => {
  const [one, two] = [await bought('ACC1'), await bought('ACC2')]
  const accepted = await desk.alpha.ask('POST', `/api/desk/purchase-orders/${one.id}/accept`, { reference: 'MY-1' })
  expect(accepted.body).toMatchObject({ state: 'accepted', reference: 'MY-1' })
  const many = await desk.alpha.ask('POST', '/api/desk/purchase-orders/accept', { ids: [one.id, two.id] })
  expect(many.body).toMatchObject([{ result: 'accepted-before' }, { result: 'accepted' }])
  expect(await readOrder(one.id)).toMatchObject({ state: 'accepted', reference: 'MY-1' })
  const events = await desk.hub.test.asOwner(
    `select e.data->>'number' as number from order_events e where e.tenant_id = $1 and e.kind = 'purchase-order-accepted'`,
    [desk.world.tenantId],
  )
  expect(events.filter((event) => [one.number, two.number].includes(String(event['number'])))).toHaveLength(2)
})

test('G3, D7: he dispatches part of it and then the rest; twice the same parcel is one, and more than ordered is refused', async () => {
  const order = await bought('SHIP', [['L1', 3]])
  const parcels = `/api/desk/purchase-orders/${order.id}/parcels`
  const first = { carrier: 'DPD', trackingNumber: 'SHIP1', lines: [{ lineId: order.lineId, quantity: 1 }] }
  expect((await desk.alpha.ask('POST', parcels, first)).body).toMatchObject({
    state: 'partly-dispatched',
    dispatched: 1,
    parcels: [{ carrier: 'DPD', trackingNumber: 'SHIP1', lines: [{ lineId: order.lineId, quantity: 1 }] }],
  })
  expect((await desk.alpha.ask('POST', parcels, first)).body).toMatchObject({ dispatched: 1 })
  const tooMany = await desk.alpha.ask('POST', parcels, {
    ...first,
    trackingNumber: 'SHIP2',
    lines: [{ lineId: order.lineId, quantity: 3 }],
  })
  expect([tooMany.status, tooMany.body]).toMatchObject([400, { error: { fields: { lines: expect.any(String) } } }])
  const rest = await desk.alpha.ask('POST', parcels, { carrier: 'DPD', trackingNumber: 'SHIP2' })
  expect(rest.body).toMatchObject({ state: 'dispatched', dispatched: 3 })
  expect((await desk.alpha.ask('POST', parcels, { carrier: 'DPD', trackingNumber: 'SHIP3' })).status).toBe(409)
  expect(await desk.world.stockFaults()).toEqual([])
})

test('G3, D4: what he cancels goes to the next supplier; on his desk stays only that he cancelled it', async () => {
  const order = await bought('DECLINE', [['L1', 2]])
  expect(order.supplierId).toBe(desk.alpha.supplierId)
  const declined = await desk.alpha.ask('POST', `/api/desk/purchase-orders/${order.id}/cancel`, {
    reason: 'out-of-stock',
    note: 'Back in May',
  })
  expect(declined.body).toMatchObject({
    state: 'cancelled',
    cancelledBy: 'you',
    cancelReason: 'It is out of stock: Back in May',
    shipTo: null,
    parcels: [],
  })
  const rows = await desk.hub.test.asOwner<{ supplierId: string; state: string; number: string }>(
    `select p.supplier_id as "supplierId", p.state, p.number from purchase_orders p join orders o on o.id = p.order_id
     where o.marketplace_order_id = $1 order by p.number`,
    [`DECLINE-${canary}`],
  )
  expect(rows).toMatchObject([
    { supplierId: desk.alpha.supplierId, state: 'cancelled' },
    { supplierId: desk.beta.supplierId, state: 'sent' },
  ])
  // What he says he has not got is not offered on.
  const [offer] = await desk.hub.test.asOwner<{ free: number }>(
    'select on_hand - reserved as free from supplier_offers where supplier_id = $1',
    [desk.alpha.supplierId],
  )
  expect(offer?.free).toBe(0)
  await desk.hub.test.asOwner('update supplier_offers set on_hand = reserved + 40 where supplier_id = $1', [
    desk.alpha.supplierId,
  ])
  await desk.hub.test.asOwner(
    `insert into stock_movements (tenant_id, id, offer_id, delta, on_hand_after, reason, actor)
     select tenant_id, $2, id, on_hand - (select sum(delta) from stock_movements m where m.offer_id = o.id), on_hand, 'hand', 'test'
     from supplier_offers o where supplier_id = $1`,
    [desk.alpha.supplierId, crypto.randomUUID()],
  )
  // The other supplier's parcel of the same goods does not show on his desk.
  const [, next] = await desk.hub.test.asOwner<{ id: string }>(
    `select p.id from purchase_orders p join orders o on o.id = p.order_id where o.marketplace_order_id = $1 order by p.number`,
    [`DECLINE-${canary}`],
  )
  const shipped = await desk.beta.ask('POST', `/api/desk/purchase-orders/${next?.id}/parcels`, {
    carrier: 'UPS',
    trackingNumber: 'B1',
  })
  expect(shipped.body).toMatchObject({ state: 'dispatched' })
  expect(await readOrder(order.id)).toMatchObject({
    dispatched: 0,
    parcels: [],
    lines: [{ dispatched: 0, cancelled: 2 }],
  })
  const again = await desk.alpha.ask('POST', `/api/desk/purchase-orders/${order.id}/cancel`, { reason: 'other' })
  expect(again.status).toBe(409)
  const parcel = { carrier: 'DPD', trackingNumber: 'LATE' }
  expect((await desk.alpha.ask('POST', `/api/desk/purchase-orders/${order.id}/parcels`, parcel)).status).toBe(409)
  expect(await desk.world.stockFaults()).toEqual([])
})

test('G3, D4: of what left in part only the rest is cancelled and looked for elsewhere', async () => {
  const order = await bought('PART', [['L1', 3]])
  const parcel = { carrier: 'DPD', trackingNumber: 'PART1', lines: [{ lineId: order.lineId, quantity: 1 }] }
  await desk.alpha.ask('POST', `/api/desk/purchase-orders/${order.id}/parcels`, parcel)
  const declined = await desk.alpha.ask('POST', `/api/desk/purchase-orders/${order.id}/cancel`, {
    reason: 'cannot-ship-there',
  })
  expect(declined.body).toMatchObject({
    state: 'dispatched',
    cancelledBy: 'you',
    lines: [{ quantity: 3, dispatched: 1, cancelled: 2 }],
  })
  const rows = await desk.hub.test.asOwner(
    `select p.supplier_id as "supplierId", sum(l.quantity - l.cancelled_quantity)::int as units from purchase_orders p
     join orders o on o.id = p.order_id join purchase_order_lines l on l.purchase_order_id = p.id
     where o.marketplace_order_id = $1 group by p.supplier_id, p.number order by p.number`,
    [`PART-${canary}`],
  )
  expect(rows).toEqual([
    { supplierId: desk.alpha.supplierId, units: 1 },
    { supplierId: desk.beta.supplierId, units: 2 },
  ])
  expect(await desk.world.stockFaults()).toEqual([])
})

test('G3: the address leaves his desk with the buyer’s data', async () => {
  const order = await bought('FORGET')
  expect((await readOrder(order.id)).shipTo).toMatchObject({ street: '1 Test Street', phone: '0113 1' })
  await desk.hub.test.asOwner('update orders set contact = null where marketplace_order_id = $1', [`FORGET-${canary}`])
  expect((await readOrder(order.id)).shipTo).toBeNull()
})

test('G3, E1: he enters what he has of his own offers', async () => {
  const [offer] = (
    (await desk.alpha.ask('GET', '/api/desk/offers')).body as { rows: { id: string; reserved: number }[] }
  ).rows
  const changed = await desk.alpha.ask('PATCH', `/api/desk/offers/${offer?.id}`, { onHand: 77 })
  expect(changed.body).toMatchObject({ onHand: 77, available: 77 - (offer?.reserved ?? 0) })
  expect((await desk.alpha.ask('PATCH', `/api/desk/offers/${offer?.id}`, { onHand: -1 })).status).toBe(400)
  expect(
    (
      await desk.alpha.ask('PATCH', `/api/desk/offers/${offer?.id}`, {
        onHand: 500,
        costExVat: { minor: 1, currency: 'GBP' },
      })
    ).body,
  ).toMatchObject({
    cost: { minor: 321 },
  })
})

test('G3: lists are filtered by state, searched by number and by his SKU, and paged', async () => {
  const order = await bought('LIST')
  const rows = async (query: string) =>
    (await desk.alpha.ask('GET', `/api/desk/purchase-orders?${query}`)).body as { rows: Order[]; next: string | null }
  expect((await rows(`search=${order.number.toLowerCase()}`)).rows.map((row) => row.id)).toEqual([order.id])
  expect((await rows('state=to-do')).rows.every((row) => row.state === 'to-do')).toBe(true)
  expect((await rows('state=cancelled')).rows.every((row) => row.state === 'cancelled')).toBe(true)
  const sku = (
    await desk.hub.test.asOwner<{ sku: string }>('select supplier_sku as sku from purchase_order_lines where id = $1', [
      order.lineId,
    ])
  )[0]?.sku
  expect((await rows(`search=${sku}`)).rows.map((row) => row.id)).toContain(order.id)
  const first = await rows('limit=2')
  const second = await rows(`limit=2&cursor=${first.next}`)
  expect(new Set([...first.rows, ...second.rows].map((row) => row.id)).size).toBe(4)
})

test('G3, D7: he dispatches in bulk by the file he downloaded; rows he left blank wait, and another’s number is unknown', async () => {
  const [one, two] = [await bought('BULK1'), await bought('BULK2')]
  const [theirs] = await desk.buy('BULK-B', [['L2', 1]])
  const csv = (await desk.alpha.ask('GET', '/api/desk/purchase-orders.csv')).text
  const filled = csv
    .split('\r\n')
    .map((line) => (line.includes(one.number) ? line.replace(/,[^,]*,[^,]*$/, ',DPD,BULK1') : line))
  const upload = (content: string) =>
    desk.hub.askWithFile(desk.alpha, '/api/desk/tracking', {}, { name: 'tracking.csv', content })
  const added = [...filled.filter(Boolean), `${theirs?.number ?? ''}${','.repeat(15)},DPD,BULK9`].join('\r\n')
  const answer = await upload(added)
  expect(answer.body).toMatchObject({
    applied: 1,
    unchanged: 0,
    blank: filled.filter(Boolean).length - 2,
    refused: [{ line: filled.filter(Boolean).length + 1, reason: expect.stringContaining('no purchase order') }],
  })
  expect(await readOrder(one.id)).toMatchObject({ state: 'dispatched', parcels: [{ trackingNumber: 'BULK1' }] })
  expect(await readOrder(two.id)).toMatchObject({ state: 'to-do' })
  expect((await readOrder(theirs?.id ?? '', desk.beta)).parcels).toEqual([])
  expect((await upload(added)).body).toMatchObject({ applied: 0, unchanged: 1 })
  const broken = await upload('\u0000\u0001')
  expect([broken.status, broken.body]).toMatchObject([400, { error: { fields: { file: expect.any(String) } } }])
  expect(desk.hub.storedFiles()).toEqual([])
})

test('G3, D8: he gets his invoice as PDF', async () => {
  const { rows } = (await desk.alpha.ask('GET', '/api/desk/invoices')).body as { rows: { id: string }[] }
  const pdf = await desk.alpha.ask('GET', `/api/desk/invoices/${rows[0]?.id}/invoice.pdf`)
  expect(pdf.text.slice(0, 5)).toBe('%PDF-')
  const { body } = await desk.alpha.ask('GET', `/api/desk/invoices/${rows[0]?.id}`)
  expect(JSON.stringify(body)).not.toContain(canary)
})

test('G3: each desk route asks for the right to supply, and no other route does', () => {
  for (const [name, route] of all)
    expect([name, rightFor(name) === 'supply']).toEqual([name, route.path.startsWith('/api/desk/')])
})
