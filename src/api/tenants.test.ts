import { wholeHttp } from '../connectors/scripted-http.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApiServer, type ApiServer, type Person } from '../../test/support/api-server.ts'
import { fingerprint, seedTenant, type SeededTenant } from '../../test/support/seed-tenant.ts'
import { routes, type Route } from './contract.ts'
import type { RouteName } from './handler.ts'

// X1: what belongs to another business is answered like what never was, and stays as it was.

let hub: ApiServer
let ann: Person
let bob: Person
let annIds: SeededTenant
let bobIds: SeededTenant

beforeAll(async () => {
  hub = await startApiServer({ http: wholeHttp(() => Promise.reject(new Error('Nothing goes out in this test.'))) })
  ann = await hub.addPerson('Ann')
  bob = await hub.addPerson('Bob')
  annIds = await seedTenant(hub.test, hub.parts.secrets, ann.tenantId, 'anncanary')
  bobIds = await seedTenant(hub.test, hub.parts.secrets, bob.tenantId, 'bobcanary')
})
afterAll(() => hub.dispose())

const pricingRuleDraft = {
  name: 'Renamed',
  channelIds: [],
  scope: { kind: 'all' },
  currency: 'GBP',
  shippingServiceId: null,
  markup: { kind: 'percent', basisPoints: 1000 },
  fee: { basisPoints: 0, fixedMinor: 0 },
  vat: { from: 'rule', rateBasisPoints: 2000 },
  ending: null,
  floorMinor: null,
  ceilingMinor: null,
}

const someProduct = { productIds: [crypto.randomUUID()] }

const productDraft = {
  title: 'Renamed',
  description: '',
  brand: '',
  category: '',
  productType: '',
  tags: [],
  optionNames: [],
  images: [],
  variants: [],
}

/** What the id in a route's path names, and a body the route would take. A route that is not here fails the test below. */
const withId: Partial<
  Record<RouteName, { of: keyof SeededTenant; body?: unknown; ownWorks?: boolean; query?: string }>
> = {
  channel: { of: 'channel' },
  saveChannelSettings: { of: 'channel', body: { advertisedMax: 7 } },
  renameChannel: { of: 'channel', body: { name: 'Renamed' } },
  switchChannel: { of: 'channel', body: { enabled: true } },
  reauthoriseChannel: { of: 'channel', body: { account: {} }, ownWorks: false },
  downloadOrders: { of: 'channel' },
  downloadListings: { of: 'channel' },
  skippedOrders: { of: 'channel' },
  downloadSkippedOrder: { of: 'channel', body: { marketplaceOrderId: 'O-1' }, ownWorks: false },
  run: { of: 'run' },
  listings: { of: 'channel' },
  explainStock: { of: 'listing' },
  changeShippingService: { of: 'service', body: { active: true } },
  deleteShippingService: { of: 'service' },
  supplierServices: { of: 'supplier' },
  saveSupplierService: {
    of: 'supplier',
    body: {
      shippingServiceId: crypto.randomUUID(),
      carrier: 'royal-mail',
      costMinor: 350,
      vatRateBasisPoints: 2000,
      deliveryDays: 2,
      tracked: true,
      active: true,
    },
    ownWorks: false,
  },
  removeSupplierService: { of: 'supplier', body: { shippingServiceId: crypto.randomUUID() }, ownWorks: false },
  channelServices: { of: 'channel' },
  saveShippingMappings: { of: 'channel', body: { map: [], unmap: [] } },
  downloadChannelServices: { of: 'channel' },
  applyToWaiting: { of: 'channel', body: { what: ['mappings', 'shipping'], preview: false } },
  chooseShippingService: { of: 'order', body: { shippingServiceId: crypto.randomUUID() }, ownWorks: false },
  cancelOptions: { of: 'order' },
  cancelOrder: { of: 'order', body: { reason: 'out-of-stock' }, ownWorks: false },
  takeUpOrder: { of: 'order', ownWorks: false },
  approveZero: { of: 'listing', ownWorks: false },
  explainPrice: { of: 'listing' },
  approvePrice: { of: 'listing', ownWorks: false },
  changePricingRule: { of: 'pricingRule', body: { rule: pricingRuleDraft } },
  switchPricingRule: { of: 'pricingRule', body: { active: false } },
  pricingRuleHistory: { of: 'pricingRule' },
  deletePricingRule: { of: 'pricingRule' },
  saveMappings: { of: 'channel', body: { map: [], unlink: [] } },
  proposeMappings: { of: 'channel' },
  mappingsCsv: { of: 'channel' },
  diffMappingsCsv: { of: 'channel', ownWorks: false },
  changeVariant: { of: 'variant', body: { priceIncVat: { minor: 1, currency: 'GBP' } } },
  product: { of: 'product' },
  editedProduct: { of: 'product' },
  saveProduct: { of: 'product', body: { product: productDraft, version: 'another' }, ownWorks: false },
  archiveProduct: { of: 'product', body: { archived: false } },
  // An order and a listing hang on it.
  removeProduct: { of: 'product', ownWorks: false },
  undoProductEdit: { of: 'productEdit' },
  supplier: { of: 'supplier' },
  changeSupplier: { of: 'supplier', body: { preference: 1 } },
  offers: { of: 'supplier' },
  supplierWays: { of: 'supplier' },
  changeSupplierWays: { of: 'supplier', body: { picksUpTracking: false } },
  testSupplierWay: { of: 'supplier' },
  supplierHostKey: { of: 'supplier', body: { host: '127.0.0.1', port: 1 }, ownWorks: false },
  purchaseOrderSending: { of: 'purchaseOrder' },
  settleDoubt: { of: 'purchaseOrder', body: { said: 'arrived' }, ownWorks: false },
  changeOffer: { of: 'offer', body: { onHand: 9 } },
  import: { of: 'import' },
  refusedRows: { of: 'import' },
  importDiff: { of: 'heldImport' },
  importDiffCsv: { of: 'heldImport' },
  feeds: { of: 'supplier' },
  addFeed: { of: 'supplier', body: { source: { source: 'url', url: 'https://a.example/x.csv', auth: null } } },
  tryFeed: {
    of: 'supplier',
    body: { source: { source: 'url', url: 'https://a.example/x.csv', auth: null } },
    ownWorks: false,
  },
  feedHistory: { of: 'supplier' },
  fileLimits: { of: 'supplier' },
  saveFileLimits: { of: 'supplier', body: { staleAfterHours: 24 } },
  sendStock: { of: 'supplier', body: { rows: [{ sku: 'A', onHand: 1 }] } },
  changeFeed: { of: 'feed', body: { everyMinutes: 5 } },
  fetchFeed: { of: 'feed' },
  removeFeed: { of: 'feed' },
  acceptImport: { of: 'heldImport', ownWorks: false },
  discardImport: { of: 'heldImport' },
  invoice: { of: 'invoice' },
  invoicePdf: { of: 'invoice' },
  invoiceCsv: { of: 'invoice' },
  invoiceXlsx: { of: 'invoice' },
  payInvoice: { of: 'invoice', body: { amount: { minor: 1, currency: 'GBP' }, paidOn: '2026-03-02' } },
  supplierBalance: { of: 'supplier' },
  paySupplier: { of: 'supplier', body: { amount: { minor: 1, currency: 'GBP' }, paidOn: '2026-03-02' } },
  order: { of: 'order' },
  addShipment: {
    of: 'order',
    body: { purchaseOrderId: crypto.randomUUID(), carrier: 'royal-mail', trackingNumber: 'X1' },
    ownWorks: false,
  },
  // Its parcel has left.
  orderRouting: { of: 'order', ownWorks: false },
  rerouteOrder: { of: 'order', body: { preview: true }, ownWorks: false },
  pinOrder: { of: 'order', body: { pinned: false } },
  bulk: { of: 'bulk' },
  // Of the person who keeps it, and nobody here does.
  changeFilter: { of: 'savedFilter', body: { name: 'Renamed' }, ownWorks: false },
  deleteFilter: { of: 'savedFilter', ownWorks: false },
  closeProblem: { of: 'problem' },
  consent: { of: 'consent' },
  settleConsent: { of: 'consent', body: {}, ownWorks: false },
  cancelConsent: { of: 'consent' },
  removeChannel: { of: 'channel' },
  supplierPeople: { of: 'supplier' },
  invitePerson: { of: 'supplier', body: { email: 'somebody@example.com' } },
  supplierKeys: { of: 'supplier' },
  addSupplierKey: { of: 'supplier', body: { name: 'Program' } },
  gridProducts: { of: 'channel' },
  gridChildren: { of: 'channel', query: `?productId=${crypto.randomUUID()}` },
  channelProduct: { of: 'channel', query: `?productId=${crypto.randomUUID()}`, ownWorks: false },
  sayForChannel: { of: 'channel', body: { chosen: someProduct, product: { title: 'Renamed' } }, ownWorks: false },
  checkForChannel: { of: 'channel', body: { chosen: someProduct }, ownWorks: false },
  changeListings: { of: 'channel', body: { chosen: someProduct, action: 'delete' }, ownWorks: false },
  listingChanges: { of: 'channel' },
  changeRuns: { of: 'channel' },
  changeRun: { of: 'changeRun' },
  stopChanges: { of: 'changeRun' },
  marketplaceCategories: { of: 'channel' },
  readCategories: { of: 'channel' },
  recommendCategories: { of: 'channel', query: `?productId=${crypto.randomUUID()}`, ownWorks: false },
  marketplaceMatches: { of: 'channel', query: `?productId=${crypto.randomUUID()}`, ownWorks: false },
  // Asks the marketplace.
  categoryNeeds: { of: 'channel', ownWorks: false },
  listingTemplates: { of: 'channel' },
  addListingTemplate: { of: 'channel', body: { name: 'Another', categoryId: 'C1' } },
  changeListingTemplate: { of: 'template', body: { name: 'Renamed' } },
  applyListingTemplate: { of: 'template', body: { chosen: someProduct, preview: true }, ownWorks: false },
  removeListingTemplate: { of: 'template' },
  removePerson: { of: 'person' },
  withdrawInvitation: { of: 'invitation' },
  revokeSupplierKey: { of: 'supplierKey' },
}

/** Suppliers' desks have a matrix of their own: desk.test.ts. */
const idRoutes = (Object.entries(routes) as [RouteName, Route][]).filter(
  ([, route]) => route.path.includes(':id') && !route.path.startsWith('/api/desk/'),
)

test('X1: every route with an id stands in this matrix', () => {
  expect(idRoutes.map(([name]) => name).toSorted()).toEqual(Object.keys(withId).toSorted())
})

test('X1: an id of another business is answered like a random one, and nothing of it changes', async () => {
  const before = await fingerprint(hub.test, bob.tenantId)
  for (const [name, route] of idRoutes) {
    const entry = withId[name]
    if (!entry) throw new Error(name)
    const ask = (id: string) => {
      if (route.kind === 'multipart')
        return hub.askWithFile(
          ann,
          route.path.replace(':id', id),
          {},
          { name: 'figures.csv', content: 'Listing ID,SKU\r\n' },
        )
      return ann.ask(
        route.method,
        route.path.replace(':id', id) + (entry.query ?? ''),
        route.method === 'GET' ? undefined : (entry.body ?? {}),
      )
    }
    const foreign = await ask(bobIds[entry.of])
    const random = await ask(crypto.randomUUID())
    const broken = await ask('not-an-id')
    expect([name, foreign.status, foreign.body]).toEqual([name, 404, random.body])
    expect([name, random.status, broken.status]).toEqual([name, 404, 404])
    expect(broken.body).toEqual(random.body)
  }
  expect(await fingerprint(hub.test, bob.tenantId)).toBe(before)
})

test('X1: ids of another business within a request are refused like random ones', async () => {
  const before = await fingerprint(hub.test, bob.tenantId)
  const same = async (ask: (ids: SeededTenant) => Promise<{ status: number; body: unknown }>, statusMin: number) => {
    const random = Object.fromEntries(Object.keys(bobIds).map((key) => [key, crypto.randomUUID()])) as SeededTenant
    const foreign = await ask(bobIds)
    expect(foreign).toMatchObject({ status: (await ask(random)).status, body: (await ask(random)).body })
    expect(foreign.status).toBeGreaterThanOrEqual(statusMin)
    expect(JSON.stringify(foreign.body)).not.toContain('bobcanary')
  }
  const pick = ({ status, body }: { status: number; body: unknown }) => ({ status, body })
  const one = (variantId: string) => [{ variantId, quantity: 1 }]
  const mappings = `/api/channels/${annIds.channel}/mappings`
  await same(
    async (ids) =>
      pick(
        await ann.ask('POST', mappings, {
          map: [{ listingId: ids.listing, components: one(annIds.variant) }],
          unlink: [],
        }),
      ),
    400,
  )
  await same(
    async (ids) =>
      pick(
        await ann.ask('POST', mappings, {
          map: [{ listingId: annIds.listing, components: one(ids.variant) }],
          unlink: [],
        }),
      ),
    400,
  )
  await same(async (ids) => pick(await ann.ask('POST', mappings, { map: [], unlink: [ids.listing] })), 400)
  await same(
    async (ids) =>
      pick(
        await ann.ask('PATCH', `/api/channels/${annIds.channel}/settings`, { defaultShippingServiceId: ids.service }),
      ),
    400,
  )
  const manager = `/api/listing-manager/channels/${annIds.channel}`
  const chosen = (productId: string) => ({ productIds: [productId] })
  await same(async (ids) => pick(await ann.ask('GET', `${manager}/product?productId=${ids.product}`)), 404)
  await same(
    async (ids) => pick(await ann.ask('PATCH', `${manager}/products`, { chosen: chosen(ids.product), product: {} })),
    404,
  )
  await same(
    async (ids) =>
      pick(
        await ann.ask('PATCH', `${manager}/products`, {
          chosen: chosen(annIds.product),
          product: { templateId: ids.template },
        }),
      ),
    400,
  )
  await same(
    async (ids) =>
      pick(
        await ann.ask('PATCH', `${manager}/products`, {
          chosen: chosen(annIds.product),
          variants: [{ variantId: ids.variant, included: false }],
        }),
      ),
    404,
  )
  await same(
    async (ids) => pick(await ann.ask('POST', `${manager}/changes`, { chosen: chosen(ids.product), action: 'delete' })),
    404,
  )
  await same(
    async (ids) =>
      pick(
        await ann.ask('POST', `/api/listing-manager/templates/${annIds.template}/apply`, {
          chosen: chosen(ids.product),
          preview: false,
        }),
      ),
    404,
  )
  const parcel = { carrier: 'royal-mail', trackingNumber: 'X1' }
  const shipments = `/api/orders/${annIds.order}/shipments`
  await same(
    async (ids) => pick(await ann.ask('POST', shipments, { ...parcel, purchaseOrderId: ids.purchaseOrder })),
    404,
  )
  const lines = (componentId: string) => ({
    ...parcel,
    purchaseOrderId: annIds.purchaseOrder,
    lines: [{ componentId, quantity: 1 }],
  })
  await same(async (ids) => pick(await ann.ask('POST', shipments, lines(ids.component))), 400)
  for (const changes of [
    (ids: SeededTenant) => ({ channelIds: [ids.channel] }),
    (ids: SeededTenant) => ({ shippingServiceId: ids.service }),
    (ids: SeededTenant) => ({ scope: { kind: 'suppliers', ids: [ids.supplier] } }),
    (ids: SeededTenant) => ({ scope: { kind: 'products', ids: [ids.product] } }),
  ]) {
    const rule = (ids: SeededTenant) => ({ rule: { ...pricingRuleDraft, ...changes(ids) } })
    await same(async (ids) => pick(await ann.ask('POST', '/api/pricing-rules', rule(ids))), 400)
    await same(async (ids) => pick(await ann.ask('POST', '/api/pricing-rules/example', rule(ids))), 200)
  }
  const preview = (ruleId: string) => ({ ruleId, rule: null })
  await same(async (ids) => pick(await ann.ask('POST', '/api/pricing-rules/preview', preview(ids.pricingRule))), 404)
  await same(async (ids) => pick(await ann.ask('POST', '/api/pricing-rules/order', { ids: [ids.pricingRule] })), 400)
  const example = (ids: SeededTenant) => ({ rule: pricingRuleDraft, channelId: ids.channel, variantIds: [ids.variant] })
  await same(async (ids) => pick(await ann.ask('POST', '/api/pricing-rules/example', example(ids))), 200)
  const form = (supplierId: string) => ({ kind: 'supplier-stock', supplierId })
  await same(
    async (ids) =>
      pick(
        await hub.askWithFile(ann, '/api/imports/inspect', form(ids.supplier), {
          name: 'figures.csv',
          content: 'SKU,Stock\nA,1\n',
        }),
      ),
    404,
  )
  await same(
    async (ids) =>
      pick(
        await hub.askWithFile(ann, '/api/imports', form(ids.supplier), {
          name: 'figures.csv',
          content: 'SKU,Stock\nA,1\n',
        }),
      ),
    404,
  )
  for (const query of [
    'orders?channelId={channel}',
    'orders.csv?channelId={channel}',
    'runs?channelId={channel}',
    'imports?supplierId={supplier}',
    'purchase-orders?supplierId={supplier}',
    'invoices?supplierId={supplier}',
    'invoices.csv?supplierId={supplier}',
    'invoices-owed?supplierId={supplier}',
    'variants?mapped=mapped&channelId={channel}',
  ]) {
    const url = (ids: SeededTenant) => `/api/${query.replace(/\{(\w+)\}/g, (_, key: keyof SeededTenant) => ids[key])}`
    await same(async (ids) => ({ status: 200, body: (await ann.ask('GET', url(ids))).text }), 200)
  }
  expect(await fingerprint(hub.test, bob.tenantId)).toBe(before)
})

test('X1: lists and searches hold nothing of another business', async () => {
  for (const url of [
    'home',
    'search?q=canary',
    'channels',
    'runs',
    'variants',
    'products',
    'my-products',
    'my-products.csv',
    'suppliers',
    'imports',
    'orders',
    'orders?search=find',
    'orders.csv',
    'purchase-orders',
    'invoices',
    'invoices.csv',
    'shipping-services',
    'pricing-rules',
    'problems',
  ]) {
    const answer = await ann.ask('GET', `/api/${url}`)
    expect([url, answer.status]).toEqual([url, 200])
    expect(answer.text).not.toContain('bobcanary')
    if (url !== 'problems' && url !== 'home')
      expect([url, answer.text]).toEqual([url, expect.stringContaining('anncanary')])
  }
})

test('an id of the own business works on each of these routes', async () => {
  for (const [name, route] of idRoutes) {
    const entry = withId[name]
    if (!entry || entry.ownWorks === false || name === 'removeChannel') continue
    const answer = await ann.ask(
      route.method,
      route.path.replace(':id', annIds[entry.of]) + (entry.query ?? ''),
      route.method === 'GET' ? undefined : (entry.body ?? {}),
    )
    expect([name, answer.status, answer.body]).toEqual([name, 200, answer.body])
  }
  expect((await ann.ask('DELETE', `/api/channels/${annIds.channel}`)).status).toBe(200)
  expect((await ann.ask('GET', `/api/channels/${annIds.channel}`)).status).toBe(404)
})

test('CSV: what looks like a formula goes out as text, as a file to keep', async () => {
  for (const url of ['/api/orders.csv', `/api/imports/${bobIds.import}/refused.csv`]) {
    const answer = await bob.ask('GET', url)
    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'x-content-type-options': 'nosniff',
    })
    expect(String(answer.headers['content-disposition'])).toMatch(/^attachment; filename="[\w.-]+"$/)
    expect(answer.text).toMatch(/'=(?:cmd\|bobcanary|row bobcanary)/)
    expect(answer.text).not.toMatch(/(?:^|,|")=/m)
  }
})
