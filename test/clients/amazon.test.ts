// Amazon's own SDK sells in our sandbox. Its models let a field of a wrong name vanish without a word, so values are
// asserted and not only that nothing was thrown.
import {
  FeedsSpApi,
  ListingsitemsSpApi,
  Orders_v2026SpApi,
  OrdersSpApi,
  SellersSpApi,
} from '@amazon-sp-api-release/amazon-sp-api-sdk-js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSandbox, until } from './open-sandbox.ts'
import type { OpenSandbox } from './open-sandbox.ts'

const site = 'A1F83G8C2ARO7P'
const sku = 'SDK/1 A+B%'
const everything = ['BUYER', 'RECIPIENT', 'PROCEEDS', 'FULFILLMENT', 'PACKAGES']

let sandbox: OpenSandbox
let seller: string
let apis: ReturnType<typeof apisWith>

beforeAll(async () => {
  sandbox = await openSandbox('amazon')
  await sandbox.control('choices', {
    listingDelaySeconds: 0,
    creationDelaySeconds: 0,
    shipmentDelaySeconds: 0,
    feedQueueSeconds: 0,
    feedProcessingSeconds: 0,
  })
  seller = sandbox.account['sellerId'] ?? ''
  apis = apisWith(await accessToken())
})
afterAll(() => sandbox.stop())

/** The SDK knows one address for tokens only, so the token is fetched here the way Amazon asks for it. */
async function accessToken(): Promise<string> {
  const { clientId = '', clientSecret = '', refreshToken = '' } = sandbox.account
  const form = {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    client_id: clientId,
    client_secret: clientSecret,
  }
  const answer = await fetch(sandbox.tokenUrl, { method: 'POST', body: new URLSearchParams(form) })
  const given = (await answer.json()) as { access_token: string; token_type: string; expires_in: number }
  expect(given).toMatchObject({ token_type: 'bearer', expires_in: 3600, refresh_token: refreshToken })
  return given.access_token
}

function apisWith(token: string) {
  const ready = (Client: typeof SellersSpApi.ApiClient) => {
    const client = new Client(sandbox.url)
    client.disableRateLimiter()
    return client.applyXAmzAccessTokenToRequest(token)
  }
  return {
    sellers: new SellersSpApi.SellersApi(ready(SellersSpApi.ApiClient)),
    listings: new ListingsitemsSpApi.ListingsApi(ready(ListingsitemsSpApi.ApiClient)),
    search: new Orders_v2026SpApi.SearchOrdersApi(ready(Orders_v2026SpApi.ApiClient)),
    orders: new Orders_v2026SpApi.GetOrderApi(ready(Orders_v2026SpApi.ApiClient)),
    ordersV0: new OrdersSpApi.OrdersV0Api(ready(OrdersSpApi.ApiClient)),
    feeds: new FeedsSpApi.FeedsApi(ready(FeedsSpApi.ApiClient)),
  }
}

const offer = (price: number) => [
  {
    marketplace_id: site,
    currency: 'GBP',
    audience: 'ALL',
    our_price: [{ schedule: [{ value_with_tax: price }] }],
  },
]

test("Amazon's SDK lists, reads an order, changes stock and ships", async () => {
  const participations = await apis.sellers.getMarketplaceParticipations()
  expect(participations.payload?.find(({ marketplace }) => marketplace?.id === site)).toMatchObject({
    marketplace: { countryCode: 'GB', defaultCurrencyCode: 'GBP' },
    participation: { isParticipating: true, hasSuspendedListings: false },
  })

  const submission = await apis.listings.putListingsItem(seller, sku, [site], {
    productType: 'PRODUCT',
    requirements: 'LISTING_OFFER_ONLY',
    attributes: {
      condition_type: [{ value: 'new_new', marketplace_id: site }],
      merchant_suggested_asin: [{ value: 'B000000001', marketplace_id: site }],
      purchasable_offer: offer(12.5),
      fulfillment_availability: [
        { fulfillment_channel_code: 'DEFAULT', quantity: 5, lead_time_to_ship_max_days: 2, marketplace_id: site },
      ],
    },
  })
  expect(submission).toMatchObject({ sku, status: 'ACCEPTED', issues: [] })
  const item = await until(
    () =>
      apis.listings.getListingsItem(seller, sku, [site], {
        includedData: ['summaries', 'attributes', 'offers', 'fulfillmentAvailability', 'issues'],
      }),
    ({ summaries }) => summaries?.[0]?.status?.includes('BUYABLE') === true,
  )
  expect(item).toMatchObject({
    sku,
    summaries: [{ marketplaceId: site, asin: 'B000000001', status: ['BUYABLE', 'DISCOVERABLE'] }],
    offers: [{ price: { currencyCode: 'GBP', amount: '12.50' } }],
    fulfillmentAvailability: [{ fulfillmentChannelCode: 'DEFAULT', quantity: 5 }],
  })
  expect(await sandbox.listingOf(sku)).toMatchObject({
    quantity: 5,
    isLive: true,
    price: { minor: 1250, currency: 'GBP' },
  })
  const found = await apis.listings.searchListingsItems(seller, [site], {
    identifiers: [sku],
    identifiersType: 'SKU',
  })
  expect(found).toMatchObject({ numberOfResults: 1, items: [{ sku }] })

  const number = await sandbox.buy(sku, 2)
  const searched = await apis.search.searchOrders({
    lastUpdatedAfter: new Date('2020-01-01T00:00:00Z'),
    marketplaceIds: [site],
    fulfillmentStatuses: ['UNSHIPPED'],
    includedData: everything,
  })
  expect(searched.orders?.map(({ orderId }) => orderId)).toEqual([number])
  expect(searched.lastUpdatedBefore?.getTime()).toBeGreaterThan(0)
  const { order } = await apis.orders.getOrder(number, { includedData: everything })
  expect(order).toMatchObject({
    orderId: number,
    fulfillment: { fulfillmentStatus: 'UNSHIPPED', fulfilledBy: 'MERCHANT' },
    proceeds: { grandTotal: { currencyCode: 'GBP' } },
    orderItems: [
      {
        quantityOrdered: 2,
        product: { sellerSku: sku, price: { unitPrice: { amount: '12.50' } } },
        fulfillment: { quantityUnfulfilled: 2 },
      },
    ],
  })
  expect(order?.recipient?.deliveryAddress?.addressLine1).toEqual(expect.stringMatching(/\S/))
  expect((await apis.ordersV0.getOrderItems(number)).payload?.orderItems).toMatchObject([
    { sellerSKU: sku, quantityOrdered: 2, itemPrice: { amount: '25.00' } },
  ])

  const patched = await apis.listings.patchListingsItem(seller, sku, [site], {
    productType: 'PRODUCT',
    patches: [
      {
        op: 'merge',
        path: '/attributes/fulfillment_availability',
        value: [{ fulfillment_channel_code: 'DEFAULT', quantity: 9 }],
      },
    ],
  })
  expect(patched.status).toBe('ACCEPTED')
  expect((await sandbox.listingOf(sku))?.quantity).toBe(9)

  await apis.ordersV0.confirmShipment(number, {
    marketplaceId: site,
    packageDetail: {
      packageReferenceId: '1',
      carrierCode: 'Royal Mail',
      shippingMethod: 'Tracked 48',
      trackingNumber: 'RM000000001GB',
      shipDate: new Date(),
      orderItems: [{ orderItemId: order?.orderItems?.[0]?.orderItemId, quantity: 2 }],
    },
  })
  const shipped = await until(
    async () => (await apis.orders.getOrder(number, { includedData: everything })).order,
    (one) => one?.fulfillment?.fulfillmentStatus === 'SHIPPED',
  )
  expect(shipped).toMatchObject({
    fulfillment: { fulfillmentStatus: 'SHIPPED' },
    orderItems: [{ fulfillment: { quantityFulfilled: 2, quantityUnfulfilled: 0 } }],
    packages: [{ packageReferenceId: '1', carrier: 'Royal Mail', trackingNumber: 'RM000000001GB' }],
  })
  expect((await sandbox.orderOf(number))?.isShipped).toBe(true)
  expect(await sandbox.confirmationsOf(number)).toMatchObject([
    { provider: 'Royal Mail', trackingNumber: 'RM000000001GB', outcome: 'accepted' },
  ])
})

test("Amazon's SDK changes stock by a feed too", async () => {
  await sandbox.control('listings', { sku: 'FEED-1', title: 'One for a feed', price: '8.00', inventory: 4 })
  const contentType = 'application/json'
  const upload = await apis.feeds.createFeedDocument({ contentType })
  const message = {
    messageId: 1,
    sku: 'FEED-1',
    operationType: 'PATCH',
    productType: 'PRODUCT',
    patches: [
      {
        op: 'replace',
        path: '/attributes/fulfillment_availability',
        value: [{ fulfillment_channel_code: 'DEFAULT', quantity: 11 }],
      },
    ],
  }
  const sent = await fetch(upload.url ?? '', {
    method: 'PUT',
    headers: { 'content-type': contentType },
    body: JSON.stringify({ header: { sellerId: seller, version: '2.0', issueLocale: 'en_GB' }, messages: [message] }),
  })
  expect(sent.status).toBe(200)
  const { feedId = '' } = await apis.feeds.createFeed({
    feedType: 'JSON_LISTINGS_FEED',
    marketplaceIds: [site],
    inputFeedDocumentId: upload.feedDocumentId,
  })
  const feed = await until(
    () => apis.feeds.getFeed(feedId),
    ({ processingStatus }) => processingStatus === 'DONE',
  )
  const result = await apis.feeds.getFeedDocument(feed.resultFeedDocumentId ?? '')
  const report = (await (await fetch(result.url ?? '')).json()) as object
  expect(report).toMatchObject({
    summary: { errors: 0, messagesProcessed: 1, messagesAccepted: 1, messagesInvalid: 0 },
  })
  expect((await sandbox.listingOf('FEED-1'))?.quantity).toBe(11)
})

test("Amazon's SDK is told of a wrong token as by Amazon", async () => {
  await expect(apisWith('Atza|unknown').sellers.getMarketplaceParticipations()).rejects.toMatchObject({
    status: 403,
    response: { body: { errors: [{ code: 'Unauthorized' }] } },
  })
})

test('all that passed fits the published spec', () => {
  const held = sandbox.held()
  expect(held?.violations ?? []).toEqual([])
  expect(held?.checked ?? 99).toBeGreaterThanOrEqual(15)
})
