// What every connector must do, shown against its marketplace's sandbox over HTTP. How marketplaces
// differ stands in conformance-words.ts. All that passes is held against the published spec.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../platform/clock.ts'
import { systemHttp } from '../platform/http.ts'
import { createSpecCheck } from '../../test/spec-check/check.ts'
import { checkedHttp } from '../../test/spec-check/checked-http.ts'
import { makeCall } from './call.ts'
import { checkDraft } from './check-draft.ts'
import { servePicture, startSandbox } from './conformance-sandbox.ts'
import type { Picture, RunningSandbox } from './conformance-sandbox.ts'
import { differencesOf } from './conformance-words.ts'
import { RefusedError } from './connector.ts'
import type {
  Call,
  ChannelListing,
  ChannelOrder,
  Connector,
  ListingAttribute,
  ListingDraft,
  ListingRef,
  Page,
  Refusal,
  Reply,
  Site,
} from './connector.ts'
import { connectors } from './index.ts'
import { pictureOver } from './scripted-http.ts'

const plainHttp = systemHttp()
const since = new Date('2020-01-01T00:00:00Z')
const lostAfter = ['timeout-after', 'reset-after', 'truncated-json', 'empty-body']
const lostBefore = ['timeout-before', 'reset', 'server-error']
/** How often something that takes its time over there is asked for. */
const looksMax = 200
const lookMilliseconds = 25
/** Orders are placed until they fill more than a page. */
const ordersAtOnce = 65
const ordersMax = 1300

/** For what does not depend on where. */
const nowhereSite: Site = { id: '', name: '', sellerId: '', currency: 'GBP', currencies: ['GBP'] }

/** What a marketplace cannot do is no test left out: there is nothing to show. */
const whereItCan = (can: unknown) => (can === undefined ? notToBeShown : describe)
const testWhere = (can: unknown) => (can === undefined ? notToBeShown : test)
const notToBeShown = () => undefined

afterAll(() => plainHttp.close())

describe.each(Object.values(connectors))('$name', (connector: Connector) => {
  const differs = differencesOf(connector.id)
  // Where there is none of its answers, the requests are checked beside the connector.
  const spec = createSpecCheck(connector.id)
  const http = checkedHttp(plainHttp, () => spec)
  let sandbox: RunningSandbox
  let picture: Picture
  let site: Site
  let number = 0

  beforeAll(async () => {
    sandbox = await startSandbox(connector, plainHttp)
    picture = await servePicture()
    await sandbox.control('limit', { perSecond: 10_000, burst: 10_000 })
    await sandbox.control('no-delays', {})
    const sites = await connector.findSites(callAs())
    const found = sites.find(({ id }) => id === sandbox.given['siteId'] || id === sandbox.given['shopId']) ?? sites[0]
    site = withWarehouse(found ?? raise('No site'))
  })
  beforeEach(() => sandbox.control('faults', {}))
  afterAll(async () => {
    await sandbox.stop()
    await picture.stop()
  })

  function callAs(changes: { account?: Record<string, string>; timeoutSeconds?: number } = {}): Call {
    const account = changes.account ?? sandbox.account
    const timeoutSeconds = changes.timeoutSeconds ?? 20
    const { app, baseUrl } = sandbox
    const picture = pictureOver(plainHttp)
    const parts = { connector, account, app, baseUrl, now: soon, http, timeoutSeconds, picture }
    return makeCall(site === undefined ? parts : { ...parts, site })
  }
  /** For calls that will get no answer. */
  const impatient = () => callAs({ timeoutSeconds: 1.5 })

  const arm = (name: string, operation: string, times = 1) => sandbox.control('faults/arm', { name, operation, times })

  async function newListing(changes: Record<string, unknown> = {}): Promise<ListingRef> {
    const sku = `SKU-${(number += 1)}`
    const given = { title: `Pedal ${number}`, price: '10.00', sku, inventory: 90, ...changes }
    const [made] = (await sandbox.control('listings', given)) as { id: string; variantId: string | null }[]
    return {
      marketplaceListingId: made?.id ?? raise('Nothing was made'),
      marketplaceVariantId: made?.variantId ?? null,
      channelSku: given.sku,
    }
  }

  async function newOrders(sku: string | null, count: number, more: Record<string, unknown> = {}): Promise<string[]> {
    const orders = Array.from({ length: count }, () => ({ lines: [{ sku, quantity: 1 }], ...more }))
    const made = (await sandbox.control('orders', orders)) as { orders: { number: string }[] }[]
    return made.flatMap((one) => one.orders.map((order) => order.number))
  }

  async function truth<T>(name: string): Promise<T[]> {
    return (await sandbox.control(`truth/${name}`)) as T[]
  }

  async function draftOf(channelSku: string): Promise<ListingDraft> {
    const texts = { title: 'New pedal', description: 'Plain words.', barcode: null, brand: 'Made-up', model: 'Pedal' }
    const price = { minor: 2500, currency: site.currency }
    const images = [picture.url]
    return { channelSku, ...texts, price, quantity: 3, images, attributes: await attributesOf() }
  }

  async function askedOf(category: string | null): Promise<ListingAttribute[]> {
    return (await connector.listings?.attributes?.(callAs(), category ?? '')) ?? []
  }

  async function attributesOf(): Promise<Record<string, string>> {
    const category = await firstLeaf(null)
    const asked = await askedOf(category)
    const required = asked.filter(({ isRequired, isVariation }) => isRequired && !isVariation)
    // The last of what may be chosen is the plainest: none, other, no.
    const filled = required.map(({ key, choices }) => [key, choices?.at(-1)?.value ?? '1'] as const)
    return { ...(category === null ? {} : { category }), ...Object.fromEntries(filled) }
  }

  async function firstLeaf(parentId: string | null): Promise<string | null> {
    for (const one of (await connector.listings?.categories?.(callAs(), parentId)) ?? []) {
      if (one.isLeaf && one.mayList) return one.id
      const below = one.isLeaf ? null : await firstLeaf(one.id)
      if (below !== null) return below
    }
    return null
  }

  const push = async (ref: ListingRef, quantity: number, call = callAs()) =>
    (await connector.stock?.push(call, [{ ...ref, quantity, state: 'live' }]))?.[0]
  const read = (ref: ListingRef) => connector.listings?.read(callAs(), ref) ?? raise('No listings')

  type Confirmation = { orderNumber: string; trackingNumber: string; provider: string; outcome: string }
  async function confirm(call: Call, order: string, trackingNumber: string): Promise<Reply | undefined> {
    const { lines } = await connector.orders.read(callAs(), order)
    return connector.shipments?.confirm(call, {
      marketplaceOrderId: order,
      packageNumber: 1,
      carrier: 'ups',
      trackingNumber,
      shippedAt: new Date(Date.now() - 1000),
      lines: lines.map(({ marketplaceLineId, quantity }) => ({ marketplaceLineId, quantity })),
    })
  }
  /** As the engine does: what is taken for processing is looked up, and confirmed again where it is not shown. */
  async function confirmToTheEnd(order: string, trackingNumber: string): Promise<Reply['kind'] | undefined> {
    const reply = await confirm(callAs(), order, trackingNumber)
    if (reply?.kind !== 'pending' && reply?.kind !== 'unclear' && reply?.kind !== 'wait') return reply?.kind
    await until(
      () => connector.orders.read(callAs(), order),
      ({ shipments }) => shipments.some((parcel) => parcel.trackingNumber === trackingNumber),
    )
    return (await confirm(callAs(), order, trackingNumber))?.kind
  }
  const taken = async (order: string) =>
    (await truth<Confirmation>('confirmations')).filter(
      (one) => one.orderNumber === order && one.outcome !== 'repeated' && one.outcome !== 'refused',
    )
  const newOrder = async () => (await newOrders((await newListing()).channelSku, 1)).at(0) ?? raise('No order')

  async function pullOrders(from: string | null = null) {
    const pages: Page<ChannelOrder>[] = []
    let cursor = from
    do {
      const page = await connector.orders.pull(callAs(), { cursor, since })
      cursor = page.cursor
      pages.push(page)
    } while (pages.at(-1)?.more && pages.length < 500)
    return { pages, cursor, ids: new Set(pages.flatMap(({ items }) => items.map((order) => order.marketplaceOrderId))) }
  }

  describe('signing in', () => {
    test('A6: names the place the account sells, and always the same seller', async () => {
      expect(site.sellerId).not.toBe('')
      expect(site.currencies).toContain(site.currency)
      const again = await connector.findSites(callAs())
      expect(again.map(withWarehouse)).toContainEqual(site)
    })

    test('A9: refused credentials are signed out, wherever they are noticed', async () => {
      await sandbox.control('tokens/revoke', {})
      expect(await refusalOf(connector.findSites(callAs()))).toMatchObject({ kind: 'signed-out' })
      const pulled = connector.orders.pull(callAs(), { cursor: null, since })
      expect(await refusalOf(pulled)).toMatchObject({ kind: 'signed-out' })
      await sandbox.control('tokens/restore', {})
      expect((await connector.findSites(callAs())).map(({ id }) => id)).toContain(site.id)
    })
  })

  whereItCan(connector.renewal)('credentials that end', () => {
    const renewal = connector.renewal ?? raise('No renewal')

    test('A9: renewed, they open the same account, and are due again later', async () => {
      const account = await renewal.renew(callAs())
      sandbox.account = account
      expect((await connector.findSites(callAs())).map(({ sellerId }) => sellerId)).toContain(site.sellerId)
      const [dueAt, endsAt] = [renewal.dueAt(account), renewal.endsAt(account)]
      expect(dueAt !== null && endsAt !== null && Date.now() < dueAt.getTime() && dueAt < endsAt).toBe(true)
    })

    test('A9: taken back by the seller, they cannot be renewed, and that is for good', async () => {
      await sandbox.control('tokens/revoke', {})
      expect(await refusalOf(renewal.renew(callAs()))).toMatchObject({ kind: 'signed-out' })
      await sandbox.control('tokens/restore', {})
      sandbox.account = await renewal.renew(callAs())
    })
  })

  describe('pulling orders', () => {
    let placed: string[]
    beforeAll(async () => {
      const { channelSku } = await newListing({ inventory: ordersMax })
      placed = []
      while (fullPages(await pullOrders()) < 2 && placed.length < ordersMax) {
        placed.push(...(await newOrders(channelSku, ordersAtOnce)))
      }
    })

    test('D1: every order comes, over several pages, and what comes later when pulled again', async () => {
      const { ids, pages, cursor } = await pullOrders()
      expect(fullPages({ pages })).toBeGreaterThan(1)
      expect(placed.filter((id) => !ids.has(id))).toEqual([])
      expect(pages.flatMap((page) => page.unreadable)).toEqual([])
      const later = await newOrder()
      const again = await pullOrders(cursor)
      expect([...again.ids]).toContain(later)
    })

    test('an order says what the sandbox knows of it', async () => {
      const order = await connector.orders.read(callAs(), placed[0] ?? '')
      expect(order).toMatchObject({ status: 'to-ship', currency: site.currency, lines: [{ quantity: 1 }] })
      expect(order.lines[0]?.unitPriceIncVat).toEqual({ minor: 1000, currency: site.currency })
      expect(order.shipTo?.countryCode).toMatch(/^[A-Z]{2}$/)
      const known = (await truth<{ number: string; total: unknown }>('orders')).find(
        ({ number }) => number === placed[0],
      )
      expect(order.totals.grandTotal).toEqual(known?.total)
    })

    test('D3b: an order that is not paid yet is not to be shipped, and is once it is', async () => {
      const { channelSku } = await newListing()
      const [id = ''] = await newOrders(channelSku, 1, { status: 'unpaid' })
      expect(['awaiting-payment', 'on-hold']).toContain((await connector.orders.read(callAs(), id)).status)
      await sandbox.control(`orders/${id}/pay`, {})
      await until(
        () => connector.orders.read(callAs(), id),
        ({ status }) => status === 'to-ship',
      )
    })

    test.each(['repeat-page', 'shifting-page', 'reordered-page', 'byte-order-mark', 'wrong-content-type'])(
      'no order is lost to one %s',
      async (fault) => {
        await arm(fault, sandbox.operations.listOrders, 2)
        const { ids, pages } = await pullOrders()
        expect(placed.filter((id) => !ids.has(id))).toEqual([])
        expect(pages.at(-1)?.more).toBe(false)
      },
    )

    test.each([...lostAfter, ...lostBefore, 'html-body', 'rate-limit'])('after %s it is asked again', async (fault) => {
      await arm(fault, sandbox.operations.listOrders)
      const refusal = await refusalOf(connector.orders.pull(impatient(), { cursor: null, since }))
      expect(refusal.kind).toBe('wait')
      expect(refusal.kind === 'wait' && refusal.seconds >= 1 && refusal.seconds <= 3600).toBe(true)
    })

    test('R12: a status no one has heard of is kept and never guessed', async () => {
      const { channelSku } = await newListing()
      await sandbox.control('faults', { 'unknown-status': 1 })
      const [id = ''] = await newOrders(channelSku, 1)
      const violations = spec?.violations().length ?? 0
      const order = await connector.orders.read(callAs(), id)
      expect(order).toMatchObject({ status: 'unknown' })
      expect(Object.keys(connector.orders.statuses)).not.toContain(order.marketplaceStatus)
      // The word is not of the spec on purpose, and no other fault is.
      spec?.forgive(violations)
      await sandbox.control('faults', {})
      await sandbox.control(`orders/${id}/cancel`, {}).catch(() => undefined)
    })

    test('an order that never was is gone', async () => {
      expect(await refusalOf(connector.orders.read(callAs(), sandbox.unknown.order))).toMatchObject({ kind: 'gone' })
    })
  })

  whereItCan(connector.listings)('listings', () => {
    const listings = connector.listings ?? raise('No listings')

    async function pullListings() {
      const found: ChannelListing[] = []
      let cursor: string | null = null
      for (let pages = 0; pages < looksMax; pages++) {
        const page: Page<ChannelListing> = await listings.pull(callAs(), { cursor, since })
        for await (const part of page.parts ?? []) found.push(...part.items)
        found.push(...page.items)
        if (!page.more) return found
        if (page.waitSeconds !== undefined) await patience()
        cursor = page.cursor
      }
      return raise('The list has no end')
    }

    test('B3, R3: every listing comes, in whatever state', async () => {
      const draft = await newListing({ state: 'draft' })
      await sandbox.control(
        'listings',
        Array.from({ length: 110 }, (_, index) => ({
          title: 'Many',
          price: '5.00',
          inventory: 1,
          sku: `MANY-${index}`,
        })),
      )
      const known = await truth<{ id: string; variantId: string | null }>('listings')
      const found = await pullListings()
      const key = (id: string, variantId: string | null) => `${id}/${variantId ?? ''}`
      expect(new Set(found.map((one) => key(one.marketplaceListingId, one.marketplaceVariantId)))).toEqual(
        new Set(known.map(({ id, variantId }) => key(id, variantId))),
      )
      expect(found.find((one) => one.marketplaceListingId === draft.marketplaceListingId)?.state).not.toBe('live')
    })

    test.each(differs.awkwardSkus)(
      'R2, R4: a SKU finds all that have it and nothing alike, whatever its letters: %s',
      async (sku) => {
        const made = [await newListing({ sku })]
        if (differs.skusMayRepeat) made.push(await newListing({ sku }))
        await newListing({ sku: `${sku}0` })
        const found = await listings.findBySku(callAs(), sku)
        expect(found.map((one) => one.marketplaceListingId).toSorted()).toEqual(
          made.map((one) => one.marketplaceListingId).toSorted(),
        )
        expect(found[0]?.channelSku).toBe(sku)
        expect(await listings.findBySku(callAs(), 'nobody-has-this')).toEqual([])
        const [ref] = made
        if (!ref) return
        expect(await push(ref, 4)).toMatchObject({ kind: 'done' })
        await until(
          () => read(ref),
          ({ quantity }) => quantity === 4,
        )
      },
    )

    /** As the engine does with what is taken for processing. */
    async function settled(reply: Reply): Promise<Reply> {
      let last = reply
      for (let looks = 0; looks < looksMax && (last.kind === 'pending' || last.kind === 'wait'); looks++) {
        await patience()
        const ticket: string = reply.kind === 'pending' ? reply.ticket : raise('Nothing to ask for')
        last = (await listings.check?.(callAs(), ticket)) ?? raise('It cannot be looked up')
      }
      return last
    }

    test('F4, F6: a listing is published, found, read and ended', async () => {
      const reply = await settled(await listings.publish(callAs(), await draftOf('PUBLISHED-1')))
      expect(reply).toEqual(expect.objectContaining({ kind: 'done' }))
      const [found] = await until(
        () => listings.findBySku(callAs(), 'PUBLISHED-1'),
        ([one]) => one?.state === 'live' && one.quantity === 3,
      )
      expect(found).toMatchObject({ price: { minor: 2500, currency: site.currency } })
      if (!found) return
      expect(await settled(await listings.end(callAs(), found))).toMatchObject({ kind: 'done' })
      await until(
        () => stateOf(found),
        (state) => state === 'ended' || state === 'gone',
      )
    })

    test('F5: a published listing is changed, and its stock and price stay', async () => {
      const draft = await draftOf('CHANGED-1')
      expect(await settled(await listings.publish(callAs(), draft))).toMatchObject({ kind: 'done' })
      const [made] = await until(
        () => listings.findBySku(callAs(), draft.channelSku),
        ([one]) => one?.state === 'live',
      )
      const changes = { title: 'Another pedal', price: { ...draft.price, minor: 9900 }, quantity: 7 }
      const update = listings.update ?? raise('It cannot be changed')
      expect(await settled(await update(callAs(), made ?? nowhere(), { ...draft, ...changes }))).toMatchObject({
        kind: 'done',
      })
      const after = await until(
        () => listings.read(callAs(), made ?? nowhere()),
        ({ title }) => title === 'Another pedal',
      )
      expect(after).toMatchObject({ state: 'live', quantity: 3, price: draft.price })
    })

    test('F4: what is good has no fault, and no limit stands in its way', async () => {
      const draft = await draftOf('GOOD-1')
      const asked = await askedOf(draft.attributes['category'] ?? null)
      expect(checkDraft(listings, draft, site, { attributes: asked })).toEqual([])
      expect((await listings.precheck?.(callAs(), draft)) ?? []).toEqual([])
    })

    test('F4: what is bad is said before it is sent, at its part', async () => {
      const { titleMax, imagesMax, skuMax } = listings.limits(site, null)
      const bad: Partial<ListingDraft>[] = [
        { title: '' },
        { title: 'x y '.repeat(titleMax) },
        { images: [] },
        { images: Array.from({ length: imagesMax + 1 }, () => picture.url) },
        { channelSku: 'x'.repeat(skuMax + 1) },
        { price: { minor: 0, currency: site.currency } },
        { price: { minor: 100, currency: 'CLP' } },
        { barcode: '5012345678901' },
        { description: '<p><iframe src="x"></iframe></p>' },
      ]
      const draft = await draftOf('BAD-1')
      const asked = await askedOf(draft.attributes['category'] ?? null)
      const fields = bad.map(
        (changes) => checkDraft(listings, { ...draft, ...changes }, site, { attributes: asked }).at(0)?.field,
      )
      const expected = ['title', 'title', 'images', 'images', 'sku', 'price', 'price', 'barcode', 'description']
      expect(fields).toEqual(expected)
      for (const { key, isRequired, isVariation } of asked.filter((one) => one.isRequired && !one.isVariation)) {
        const { [key]: _left, ...attributes } = draft.attributes
        expect(checkDraft(listings, { ...draft, attributes }, site, { attributes: asked })).toMatchObject([
          { attribute: key },
        ])
        expect([isRequired, isVariation]).toEqual([true, false])
      }
    })

    testWhere(listings.precheck)('F4: its own look finds what is missing, without a listing being made', async () => {
      const draft = await draftOf('LOOKED-AT-1')
      const asked = await askedOf(draft.attributes['category'] ?? null)
      const last = asked.findLast((one) => one.isRequired && !one.isVariation) ?? raise('Nothing is required')
      const { [last.key]: _left, ...attributes } = draft.attributes
      const faults = (await listings.precheck?.(callAs(), { ...draft, attributes })) ?? []
      expect(faults).toMatchObject([{ field: 'attribute', message: expect.stringMatching(/\w{4,}/) }])
      expect(await listings.findBySku(callAs(), draft.channelSku)).toEqual([])
    })

    testWhere(listings.recommend)('F4: a category is recommended, and listings are taken there', async () => {
      const [first] = (await listings.recommend?.(callAs(), await draftOf('RECOMMENDED-1'))) ?? []
      expect(first).toMatchObject({ isLeaf: true, mayList: true })
    })

    const takesVariations = listings.limits(nowhereSite, null).variationsMax > 1 || undefined
    testWhere(takesVariations)('F4: a product with variations is one product, each child under its SKU', async () => {
      const draft = await draftOf('FAMILY-1')
      const asked = await askedOf(draft.attributes['category'] ?? null)
      const colour = asked.find(({ isVariation, label }) => isVariation && /colou?r/i.test(label)) ?? raise('No colour')
      const variations = ['Red', 'Blue'].map((color, index) => ({
        channelSku: `FAMILY-1-${color}`,
        price: { ...draft.price, minor: 2500 + index },
        quantity: 3 + index,
        barcode: null,
        image: null,
        attributes: { [colour.key]: colour.choices?.[index]?.value ?? color },
      }))
      const family = { ...draft, variations, attributes: { ...draft.attributes, ...differs.familyAttributes } }
      expect(checkDraft(listings, family, site, { attributes: asked })).toEqual([])
      expect((await listings.precheck?.(callAs(), family)) ?? []).toEqual([])
      expect(await settled(await listings.publish(callAs(), family))).toMatchObject({ kind: 'done' })
      const skus = [family, ...variations].map(({ channelSku }) => channelSku)
      const found = await until(
        async () => (await Promise.all(skus.map((sku) => listings.findBySku(callAs(), sku)))).flat(),
        (all) =>
          variations.every(({ channelSku }) =>
            all.some((one) => one.channelSku === channelSku && one.state === 'live'),
          ),
      )
      for (const { channelSku, price, quantity } of variations) {
        expect(found.find((one) => one.channelSku === channelSku)).toMatchObject({ price, quantity })
      }
      // As the engine does: each listing once, whatever its SKUs.
      const children = found.filter(({ channelSku }) => variations.some((one) => one.channelSku === channelSku))
      const listingIds = new Set(children.map((one) => one.marketplaceListingId))
      const call = callAs()
      for (const marketplaceListingId of listingIds) {
        const ref = { marketplaceListingId, marketplaceVariantId: null, channelSku: null }
        expect(await settled(await listings.end(call, ref))).toMatchObject({ kind: 'done' })
      }
      for (const sku of skus) {
        await until(
          () => listings.findBySku(callAs(), sku),
          (all) => all.every(({ state }) => state === 'ended'),
        )
      }
    })

    testWhere(listings.match)('F4: a product it has is found by its barcode and joined', async () => {
      const barcode = '5012345678900'
      await settled(await listings.publish(callAs(), { ...(await draftOf('MATCHED-1')), barcode }))
      const draft = { ...(await draftOf('MATCHED-2')), barcode }
      const [match] = await until(
        async () => (await listings.match?.(callAs(), draft)) ?? [],
        ({ length }) => length > 0,
      )
      const joining = { ...draft, title: '', description: '', images: [], attributes: match?.attributes ?? {} }
      expect(listings.joins?.(joining)).toBe(true)
      expect(checkDraft(listings, joining, site)).toEqual([])
      expect(await settled(await listings.publish(callAs(), joining))).toMatchObject({ kind: 'done' })
    })

    async function stateOf(ref: ListingRef): Promise<string> {
      try {
        return (await listings.read(callAs(), ref)).state
      } catch (error) {
        if (error instanceof RefusedError) return error.refusal.kind
        throw error
      }
    }

    test.each(lostAfter)('R4: published, but the answer was lost by %s: unclear, and the SKU tells', async (fault) => {
      const draft = await draftOf(`LOST-${fault}`)
      await arm(fault, sandbox.operations.publish)
      expect(await listings.publish(impatient(), draft)).toMatchObject({ kind: 'unclear' })
      const found = await until(
        () => listings.findBySku(callAs(), draft.channelSku),
        ({ length }) => length > 0,
      )
      expect(found.length).toBe(1)
    })

    test('a refused listing says why in words', async () => {
      const reply = await settled(await listings.publish(callAs(), await draftOf('reject-me')))
      expect(reply).toMatchObject({ kind: 'rejected', reason: expect.stringMatching(/\w{4,}/) })
      const reason = reply.kind === 'rejected' ? reply.reason : ''
      expect(listings.explainRefusal?.(reason)).toMatchObject([{ message: expect.stringMatching(/\w{4,}/) }])
    })

    test('a listing that never was is gone', async () => {
      expect(await refusalOf(listings.read(callAs(), nowhere()))).toMatchObject({ kind: 'gone' })
    })
  })

  function nowhere(): ListingRef {
    return {
      marketplaceListingId: sandbox.unknown.listing,
      marketplaceVariantId: sandbox.unknown.variant ?? null,
      channelSku: null,
    }
  }

  whereItCan(connector.stock && connector.prices && connector.listings)('stock and prices', () => {
    test('E3, E4: a figure and a price arrive', async () => {
      const ref = await newListing()
      expect(await push(ref, 7)).toMatchObject({ kind: 'done' })
      const price = { minor: 1999, currency: site.currency }
      expect(await connector.prices?.push(callAs(), [{ ...ref, price }])).toMatchObject([{ kind: 'done' }])
      const listing = await until(
        () => read(ref),
        (one) => one.quantity === 7 && one.price?.minor === 1999,
      )
      expect(listing).toMatchObject({ quantity: 7, price })
      const known = await truth<{ sku: string; quantity: number; price: unknown }>('listings')
      expect(known.find(({ sku }) => sku === ref.channelSku)).toMatchObject({ quantity: 7, price })
    })

    test('R1: at 0 nothing is sold, and stock brings it back', async () => {
      const ref = await newListing()
      await push(ref, 0)
      await until(
        () => read(ref),
        ({ quantity }) => quantity === 0,
      )
      await push(ref, 2)
      await until(
        () => read(ref),
        ({ state, quantity }) => state === 'live' && quantity === 2,
      )
    })

    testWhere(connector.stock?.zeroMayBeFinal)(
      'A10: of a one-of-a-kind listing it is known that 0 is final',
      async () => {
        const ref = await newListing({ condition: 'Good', inventory: undefined })
        expect(await read(ref)).toMatchObject({ zeroIsFinal: true, takesQuantity: false })
      },
    )

    test('a half-failed batch answers for each entry, in the order asked', async () => {
      const [good, bad, other] = [await newListing(), await newListing({ sku: 'reject-me-too' }), await newListing()]
      const reports = [good, nowhere(), bad, other].map((ref) => ({ ...ref, quantity: 3, state: 'live' as const }))
      const replies: Reply[] = []
      const batchMax = connector.stock?.batchMax ?? 1
      for (let from = 0; from < reports.length; from += batchMax) {
        replies.push(...((await connector.stock?.push(callAs(), reports.slice(from, from + batchMax))) ?? []))
      }
      expect(replies[0]?.kind).toBe('done')
      expect(differs.unknownListing).toContain(replies[1]?.kind)
      expect(replies[2]?.kind).toBe('rejected')
      expect(replies[3]?.kind).toBe('done')
      await until(
        () => read(other),
        ({ quantity }) => quantity === 3,
      )
    })

    test.each([...lostAfter, ...lostBefore, 'html-body'])(
      'a push lost by %s is unclear, and reading tells',
      async (fault) => {
        const ref = await newListing({ inventory: 5 })
        await arm(fault, sandbox.operations.pushStock)
        expect(await push(ref, 9, impatient())).toMatchObject({ kind: 'unclear' })
        if (fault === 'html-body') return
        const expected = lostAfter.includes(fault) ? 9 : 5
        await until(
          () => read(ref),
          ({ quantity }) => quantity === expected,
        )
      },
    )

    test('told to slow down, it waits', async () => {
      const ref = await newListing()
      await arm('rate-limit', sandbox.operations.pushStock)
      expect(await push(ref, 9)).toMatchObject({ kind: 'wait' })
    })

    testWhere(connector.stock?.bulk)('E3: as one file, each entry has its own answer', async () => {
      const bulk = connector.stock?.bulk ?? raise('No bulk')
      const [good, bad, other] = [await newListing(), await newListing({ sku: 'reject-me-bulk' }), await newListing()]
      const reports = [good, bad, other].map((ref) => ({ ...ref, quantity: 6, state: 'live' as const }))
      const submitted = await bulk.submit(callAs(), reports)
      const ticket = submitted.kind === 'pending' ? submitted.ticket : raise(`Not taken: ${JSON.stringify(submitted)}`)
      const answer = await until(
        () => bulk.check(callAs(), ticket, reports),
        ({ kind }) => kind !== 'wait',
      )
      expect(answer).toMatchObject({
        kind: 'settled',
        replies: [{ kind: 'done' }, { kind: 'rejected' }, { kind: 'done' }],
      })
      await until(
        () => read(other),
        ({ quantity }) => quantity === 6,
      )
    })
  })

  whereItCan(connector.shipments)('confirming parcels', () => {
    test('D7, V1: repeated as often as one likes, it is confirmed once', async () => {
      const order = await newOrder()
      for (let times = 0; times < 3; times++) expect(await confirmToTheEnd(order, '1Z1234567890')).toBe('done')
      expect(await taken(order)).toMatchObject([
        { trackingNumber: '1Z1234567890', provider: differs.ups, outcome: 'accepted' },
      ])
      const shown = await until(
        () => connector.orders.read(callAs(), order),
        ({ status }) => status === 'shipped',
      )
      expect(shown.shipments).toMatchObject([{ trackingNumber: '1Z1234567890' }])
    })

    test.each([...lostAfter, ...lostBefore])(
      'V1: lost by %s it is unclear; done once more it is confirmed once',
      async (fault) => {
        const order = await newOrder()
        // A number of its own: some refuse one that another parcel has.
        const tracking = `1Z${(number += 1)}34567890`
        await arm(fault, sandbox.operations.ship)
        const hasNoBody = differs.shipAnswersWithoutBody && ['truncated-json', 'empty-body'].includes(fault)
        const kind = hasNoBody ? 'pending' : 'unclear'
        expect(await confirm(impatient(), order, tracking)).toMatchObject({ kind })
        expect(await confirmToTheEnd(order, tracking)).toBe('done')
        expect((await taken(order)).map((one) => one.outcome)).toEqual(['accepted'])
      },
    )

    test('D9: a canceled order is not shipped', async () => {
      const order = await newOrder()
      await sandbox.control(`orders/${order}/cancel`, {})
      expect(await confirm(callAs(), order, '1Z3234567890')).toMatchObject({ kind: 'rejected' })
      expect(await taken(order)).toEqual([])
    })
  })

  test('all that passed fits the published spec', () => {
    expect(spec?.violations() ?? []).toEqual([])
    if (spec) expect(spec.checked()).toBeGreaterThan(100)
  })
})

/** Pages with something on them; a walk through the years has empty ones too. */
function fullPages({ pages }: { pages: Page<ChannelOrder>[] }): number {
  return pages.filter(({ items }) => items.length > 0).length
}

function withWarehouse(site: Site): Site {
  const warehouse = site.warehouses?.find(({ isDefault }) => isDefault) ?? site.warehouses?.[0]
  return warehouse ? { ...site, warehouse } : site
}

/** Asks until it is as it should be; what never becomes so is shown as it was last. */
async function until<T>(ask: () => Promise<T>, isSo: (value: T) => boolean): Promise<T> {
  let last = await ask()
  for (let looks = 0; looks < looksMax && !isSo(last); looks++) {
    await patience()
    last = await ask()
  }
  if (!isSo(last)) throw new Error(`It never came to that; last seen: ${JSON.stringify(last, hideRaw)}`)
  return last
}

function hideRaw(key: string, value: unknown): unknown {
  return key === 'raw' ? undefined : value
}

function patience(): Promise<void> {
  return systemClock.sleep(lookMilliseconds)
}

// What just happened must lie inside the closed window.
function soon(): Date {
  return new Date(Date.now() + 5_000)
}

async function refusalOf(work: Promise<unknown>): Promise<Refusal> {
  const error: unknown = await work.then(() => undefined).catch((error: unknown) => error)
  if (error instanceof RefusedError) return error.refusal
  throw error ?? new Error('Expected a refusal')
}

function raise(reason: string): never {
  throw new Error(reason)
}
