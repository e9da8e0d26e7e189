import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApiServer, type ApiServer, type Person } from '../../test/support/api-server.ts'
import { seedTenant, type SeededTenant } from '../../test/support/seed-tenant.ts'
import { settlePricesStep } from '../domain/pricing/settle-prices.command.ts'

let hub: ApiServer
let ann: Person
let ids: SeededTenant

beforeAll(async () => {
  hub = await startApiServer({ checkAnswers: true })
  ann = await hub.addPerson('Ann')
  ids = await seedTenant(hub.test, hub.parts.secrets, ann.tenantId, 'ann')
  await hub.test.asOwner('delete from pricing_rules where id = $1', [ids.pricingRule])
  await hub.test.asOwner('update sales_channels set price_update = true where id = $1', [ids.channel])
  await hub.test.asOwner('update variants set vat_rate_basis_points = 2000 where id = $1', [ids.variant])
})
afterAll(() => hub.dispose())

const gbp = (minor: number) => ({ minor, currency: 'GBP' })
const draft = (changes: object = {}) => ({
  name: 'Half as much again',
  channelIds: [],
  scope: { kind: 'all' },
  currency: 'GBP',
  shippingServiceId: null,
  markup: { kind: 'percent', basisPoints: 5000 },
  fee: { basisPoints: 1000, fixedMinor: 0 },
  vat: { from: 'variant', rateBasisPoints: null },
  ending: { minor: 99, every: 100 },
  floorMinor: null,
  ceilingMinor: null,
  ...changes,
})
type Rule = { id: string; version: number; active: boolean; prices: number }
type Preview = {
  seen: string
  changed: number
  listings: number
  needsApproval: boolean
  samples: { price: object; lines: { step: string; after: object | null }[] }[]
}

async function sweep() {
  for (let steps = 0; steps < 20; steps++) if ((await settlePricesStep(hub.test.db, ann.tenantId)) === 'done') return
  throw new Error('The prices were never done.')
}
async function remove(id: string) {
  const { seen } = (await ann.ask('POST', '/api/pricing-rules/preview', { ruleId: id, rule: null })).body as Preview
  expect((await ann.ask('DELETE', `/api/pricing-rules/${id}?seen=${seen}`)).status).toBe(200)
  await sweep()
}
async function add(changes: object = {}): Promise<Rule> {
  const rule = draft(changes)
  const { seen } = (await ann.ask('POST', '/api/pricing-rules/preview', { ruleId: null, rule })).body as Preview
  const answer = await ann.ask('POST', '/api/pricing-rules', { rule, seen })
  expect([answer.status, answer.body]).toEqual([200, answer.body])
  await sweep()
  return answer.body as Rule
}
const priceOf = async () => (await ann.ask('GET', `/api/listings/${ids.listing}/price`)).body

test('F7: a rule is previewed with its arithmetic, saved, applied, and its price explained line by line', async () => {
  const preview = (await ann.ask('POST', '/api/pricing-rules/preview', { ruleId: null, rule: draft() })).body as Preview
  // 5.00 and half again is 7.50, left after 10 % of the price and 20 % VAT within it: 10.23, and up to .99.
  expect(preview).toMatchObject({
    changed: 1,
    listings: 1,
    rises: 1,
    falls: 0,
    held: [],
    counted: { value: 1, more: false },
  })
  expect(preview.samples[0]?.lines.map(({ step, after }) => [step, after])).toEqual([
    ['cost', gbp(500)],
    ['percent', gbp(750)],
    ['fee-and-vat', gbp(1023)],
    ['ending', gbp(1099)],
  ])
  const rule = await add()
  expect(rule).toMatchObject({ version: 1, active: true })
  expect(await priceOf()).toMatchObject({
    desired: gbp(1099),
    components: [{ from: 'rule', rule: { id: rule.id, version: 1 }, price: gbp(1099) }],
    // 10.99 is 9.16 and 1.83 VAT; 1.10 fee; 5.00 cost: 3.06 is left.
    split: { vat: gbp(183), fees: gbp(110), cost: gbp(500), left: gbp(306), least: gbp(682) },
    waitsForPerson: false,
  })
  const list = (await ann.ask('GET', '/api/pricing-rules')).body
  expect(list).toMatchObject({ currency: 'GBP', rules: [{ id: rule.id, prices: 1, held: 0 }], recomputing: null })
  await remove(rule.id)
  expect(await priceOf()).toMatchObject({ desired: gbp(1000), components: [{ from: 'variant' }] })
})

test('F7: switched off its prices stay, and every version is kept with who made it', async () => {
  const rule = await add({ name: 'Off and on' })
  expect((await ann.ask('POST', `/api/pricing-rules/${rule.id}/switch`, { active: false })).body).toMatchObject({
    version: 2,
    active: false,
  })
  await hub.test.asOwner('update supplier_offers set cost_minor = 700 where id = $1', [ids.offer])
  await ann.ask('PATCH', '/api/pricing-settings', { stepMaxBasisPoints: 4000 })
  await sweep()
  expect(await priceOf()).toMatchObject({ desired: gbp(1099), components: [{ from: 'rule', rule: { active: false } }] })
  const on = await ann.ask('POST', `/api/pricing-rules/${rule.id}/switch`, { active: true })
  expect(on.body).toMatchObject({ version: 3 })
  await sweep()
  expect(await priceOf()).toMatchObject({ desired: gbp(1499) })
  const history = (await ann.ask('GET', `/api/pricing-rules/${rule.id}/history`)).body
  expect(history).toMatchObject([
    { version: 3, what: 'switched-on', by: 'Ann' },
    { version: 2, what: 'switched-off' },
    { version: 1, what: 'added', approved: true, rule: { name: 'Off and on' } },
  ])
  await hub.test.asOwner('update supplier_offers set cost_minor = 500 where id = $1', [ids.offer])
  await remove(rule.id)
})

test('F7: the most specific rule counts, then the one with named integrations, then the order of the list', async () => {
  const all = await add({ name: 'All', markup: { kind: 'amount', minor: 500 } })
  const here = await add({ name: 'All, here', channelIds: [ids.channel], markup: { kind: 'amount', minor: 510 } })
  const supplier = await add({
    name: 'Supplier',
    scope: { kind: 'suppliers', ids: [ids.supplier] },
    markup: { kind: 'amount', minor: 520 },
  })
  const product = await add({
    name: 'Product',
    scope: { kind: 'products', ids: [ids.product] },
    markup: { kind: 'amount', minor: 530 },
  })
  const again = await add({
    name: 'Product again',
    scope: { kind: 'products', ids: [ids.product] },
    markup: { kind: 'amount', minor: 540 },
  })
  const counts = async () => ((await priceOf()) as { components: { rule: { id: string } }[] }).components[0]?.rule.id
  expect(await counts()).toBe(product.id)
  const order = [again, product, supplier, here, all].map(({ id }) => id)
  expect((await ann.ask('POST', '/api/pricing-rules/order', { ids: order })).body).toMatchObject({
    rules: [{ id: again.id }, {}, {}, {}, {}],
  })
  await sweep()
  for (const rule of [again, product, supplier, here, all]) {
    expect(await counts()).toBe(rule.id)
    await remove(rule.id)
  }
  expect((await ann.ask('POST', '/api/pricing-rules/order', { ids: order })).status).toBe(400)
})

test('E4: a price under cost, fees and VAT waits; a person says down to what, and his word ends when the cost rises', async () => {
  await hub.test.asOwner('update listings set price_minor = null, price_currency = null where id = $1', [ids.listing])
  const change = (minor: number) => ann.ask('PATCH', `/api/variants/${ids.variant}`, { priceIncVat: gbp(minor) })
  await change(599)
  expect(await priceOf()).toMatchObject({
    desired: gbp(599),
    waitsForPerson: true,
    because: ['loss'],
    split: { least: gbp(600), left: gbp(-1) },
  })
  const target = async () =>
    (
      await hub.test.asOwner<{ state: string }>(
        `select state from listing_targets where listing_id = $1 and kind = 'price'`,
        [ids.listing],
      )
    )[0]?.state
  expect(await target()).toBe('waiting-for-person')
  const problems = (await ann.ask('GET', '/api/problems')).text
  expect(problems).toContain('less than its cost')
  const approve = (downTo?: number) =>
    ann.ask('POST', `/api/listings/${ids.listing}/approve-price`, downTo === undefined ? {} : { downTo: gbp(downTo) })
  expect(await approve(600)).toMatchObject({ status: 400, body: { error: { fields: { downTo: expect.any(String) } } } })
  expect(await approve(550)).toMatchObject({
    status: 200,
    body: { waitsForPerson: false, approval: { downTo: gbp(550), by: 'Ann' } },
  })
  expect(await target()).toBe('due')
  expect((await ann.ask('GET', '/api/problems')).text).not.toContain('less than its cost')
  expect(await approve()).toMatchObject({ status: 409, body: { error: { code: 'nothing-waits' } } })
  await change(550)
  expect(await target()).toBe('due')
  await change(549)
  expect(await target()).toBe('waiting-for-person')
  await change(560)
  expect(await target()).toBe('due')
  await ann.ask('PATCH', `/api/offers/${ids.offer}`, { costExVat: gbp(501) })
  await ann.ask('PATCH', '/api/pricing-settings', {})
  await sweep()
  expect(await target()).toBe('waiting-for-person')
  expect(await priceOf()).toMatchObject({ approval: null, because: ['loss'] })
  const said = await hub.test.asOwner(
    `select actor from audit_events where action = 'approve-price' and subject = $1`,
    [ids.listing],
  )
  expect(said).toEqual([{ actor: 'Ann' }])
  await ann.ask('PATCH', `/api/offers/${ids.offer}`, { costExVat: gbp(500) })
  await change(1000)
})

test('E4, R2: prices that wait are listed, and approved or refused together after a look at what that means', async () => {
  await hub.test.asOwner('update listings set price_minor = 1000, price_currency = $2 where id = $1', [
    ids.listing,
    'GBP',
  ])
  const change = (minor: number) => ann.ask('PATCH', `/api/variants/${ids.variant}`, { priceIncVat: gbp(minor) })
  const waiting = async (query = '') => (await ann.ask('GET', `/api/waiting-prices${query}`)).body
  const preview = async (filter = {}) =>
    (await ann.ask('POST', '/api/waiting-prices/preview', filter)).body as { seen: string; examples: object[] }
  const answer = (body: object) => ann.ask('POST', '/api/waiting-prices/answer', body)
  await change(540)
  expect(await waiting()).toEqual({
    rows: [{ listingId: ids.listing }],
    next: null,
    count: { value: 1, more: false },
  })
  expect(await waiting('?reason=large-step')).toMatchObject({ rows: [] })
  const first = await preview({ reason: 'loss' })
  expect(first).toMatchObject({
    listings: 1,
    channels: 1,
    loss: 1,
    belowFloor: 0,
    largeSteps: 0,
    falls: 1,
    more: false,
  })
  expect(first.examples).toMatchObject([
    { listingId: ids.listing, shows: gbp(1000), desired: gbp(540), because: ['loss'] },
  ])
  // What was seen is meant, and not what it has become since.
  await change(530)
  expect(await answer({ answer: 'approve', seen: first.seen })).toMatchObject({
    status: 409,
    body: { error: { code: 'changed' } },
  })
  const { seen } = await preview()
  expect((await answer({ answer: 'refuse', seen })).body).toEqual({ listings: 1 })
  expect(await waiting()).toMatchObject({ rows: [], count: { value: 0 } })
  await sweep()
  expect((await ann.ask('GET', '/api/problems')).text).not.toContain('less than its cost')
  expect(await priceOf()).toMatchObject({ waitsForPerson: true, sentence: expect.stringContaining('was refused') })
  // Another price waits anew.
  await change(520)
  const again = await preview({ listingId: ids.listing })
  expect((await answer({ answer: 'approve', seen: again.seen, listingId: ids.listing })).body).toEqual({ listings: 1 })
  expect(await priceOf()).toMatchObject({ waitsForPerson: false, approval: { downTo: gbp(520), by: 'Ann' } })
  expect(await answer({ answer: 'approve', seen: (await preview()).seen })).toMatchObject({
    status: 409,
    body: { error: { code: 'nothing-waits' } },
  })
  await change(1000)
  await hub.test.asOwner('update listings set price_minor = null, price_currency = null where id = $1', [ids.listing])
})

test('E4: an unknown cost is said, and holds back the price of a rule', async () => {
  const rule = await add({ name: 'Unknown' })
  await ann.ask('PATCH', `/api/offers/${ids.offer}`, { costExVat: null })
  await ann.ask('PATCH', '/api/pricing-settings', {})
  await sweep()
  expect(await priceOf()).toMatchObject({ desired: null, components: [{ held: 'cost-unknown', price: null }] })
  await remove(rule.id)
  expect(await priceOf()).toMatchObject({ desired: gbp(1000), unknown: 'cost-unknown', split: null })
  await ann.ask('PATCH', `/api/offers/${ids.offer}`, { costExVat: gbp(500) })
})

test('R2: a rule that changes more listings than may go, or by large steps, is saved after its preview only', async () => {
  await hub.test.asOwner('update listings set price_minor = 1000, price_currency = $2 where id = $1', [
    ids.listing,
    'GBP',
  ])
  const rule = draft({ name: 'Much', markup: { kind: 'percent', basisPoints: 30_000 } })
  expect(await ann.ask('POST', '/api/pricing-rules', { rule })).toMatchObject({
    status: 409,
    body: {
      error: { code: 'preview-needed', message: expect.stringContaining('1 listings, 1 of them by a large step') },
    },
  })
  const { seen } = (await ann.ask('POST', '/api/pricing-rules/preview', { ruleId: null, rule })).body as Preview
  const other = { ...rule, markup: { kind: 'percent', basisPoints: 40_000 } }
  expect((await ann.ask('POST', '/api/pricing-rules', { rule: other, seen })).body).toMatchObject({
    error: { code: 'changed' },
  })
  const saved = (await ann.ask('POST', '/api/pricing-rules', { rule, seen })).body as Rule
  await sweep()
  expect(await priceOf()).toMatchObject({ desired: gbp(2799), waitsForPerson: false })
  // What was approved were these prices: a later large step waits again.
  await hub.test.asOwner('update listings set price_minor = 2799 where id = $1', [ids.listing])
  await ann.ask('PATCH', `/api/offers/${ids.offer}`, { costExVat: gbp(900) })
  await ann.ask('PATCH', '/api/pricing-settings', {})
  await sweep()
  expect(await priceOf()).toMatchObject({ waitsForPerson: true, because: ['large-step'] })
  expect(await ann.ask('POST', `/api/listings/${ids.listing}/approve-price`, {})).toMatchObject({
    status: 200,
    body: { waitsForPerson: false },
  })
  await ann.ask('PATCH', `/api/offers/${ids.offer}`, { costExVat: gbp(500) })
  await remove(saved.id)
})

test('F7: while it is typed the arithmetic is shown on real products, and what is wrong is said at its field', async () => {
  const example = (rule: object) => ann.ask('POST', '/api/pricing-rules/example', { rule })
  expect((await example(draft({ ceilingMinor: 1050 }))).body).toMatchObject({
    fields: {},
    examples: [
      {
        sku: 'SKU-ann',
        price: gbp(1050),
        lines: [{}, {}, {}, { step: 'ending', after: gbp(1099) }, { step: 'ceiling', after: gbp(1050) }],
      },
    ],
  })
  const faulty = draft({ floorMinor: 500, ceilingMinor: 400, currency: 'XXX', ending: { minor: 100, every: 100 } })
  const fields = {
    'rule.ceilingMinor': expect.any(String),
    'rule.currency': expect.any(String),
    'rule.ending': expect.any(String),
  }
  expect((await example(faulty)).body).toMatchObject({ fields })
  expect(await ann.ask('POST', '/api/pricing-rules', { rule: faulty })).toMatchObject({
    status: 400,
    body: { error: { fields } },
  })
  const greedy = draft({ markup: { kind: 'margin', basisPoints: 9000 }, fee: { basisPoints: 1500, fixedMinor: 0 } })
  expect(await ann.ask('POST', '/api/pricing-rules', { rule: greedy })).toMatchObject({
    status: 400,
    body: { error: { fields: { 'rule.markup': expect.any(String) } } },
  })
  const foreign = draft({ channelIds: [crypto.randomUUID()], shippingServiceId: crypto.randomUUID() })
  expect((await example(foreign)).body).toMatchObject({
    fields: { 'rule.channelIds': expect.any(String), 'rule.shippingServiceId': expect.any(String) },
  })
  expect(
    await ann.ask('POST', '/api/pricing-rules', { rule: draft({ markup: { kind: 'percent', basisPoints: -1 } }) }),
  ).toMatchObject({ status: 400 })
  expect((await ann.ask('GET', '/api/pricing-rules/categories')).body).toEqual([])
})

test('X2: an operator may look, and not change rules or approve a price', async () => {
  await hub.test.asOwner(`update auth.members set role = 'operator' where tenant_id = $1 and user_id = $2`, [
    ann.tenantId,
    ann.userId,
  ])
  expect((await ann.ask('GET', '/api/pricing-rules')).status).toBe(200)
  expect((await ann.ask('POST', '/api/pricing-rules', { rule: draft() })).status).toBe(403)
  expect((await ann.ask('POST', `/api/listings/${ids.listing}/approve-price`, {})).status).toBe(403)
})
