// Amazon's SDK comes without types at its door. These say only what the test calls and looks at.
declare module '@amazon-sp-api-release/amazon-sp-api-sdk-js' {
  type Client = { applyXAmzAccessTokenToRequest(token: string): Client; disableRateLimiter(): void }
  type NewClient = new (baseUrl: string) => Client
  type Api<Methods> = new (client: Client) => Methods
  type Included = { includedData?: string[] }

  export type Item = {
    sku?: string
    summaries?: { itemName?: string; status?: string[]; marketplaceId?: string }[]
    attributes?: Record<string, unknown>
    offers?: { price?: { currencyCode?: string; amount?: string } }[]
    fulfillmentAvailability?: { fulfillmentChannelCode?: string; quantity?: number }[]
  }
  export type Submission = { sku?: string; status?: string; submissionId?: string; issues?: object[] }
  export type Order = {
    orderId?: string
    createdTime?: Date
    fulfillment?: { fulfillmentStatus?: string; fulfilledBy?: string; fulfillmentServiceLevel?: string }
    recipient?: { deliveryAddress?: { name?: string; addressLine1?: string; countryCode?: string } }
    proceeds?: { grandTotal?: { amount?: string; currencyCode?: string } }
    orderItems?: {
      orderItemId?: string
      quantityOrdered?: number
      product?: { sellerSku?: string; price?: { unitPrice?: { amount?: string } } }
      fulfillment?: { quantityFulfilled?: number; quantityUnfulfilled?: number }
    }[]
    packages?: { packageReferenceId?: string; carrier?: string; trackingNumber?: string }[]
  }
  type Place = [sellerId: string, sku: string, marketplaceIds: string[]]

  export const SellersSpApi: {
    ApiClient: NewClient
    SellersApi: Api<{
      getMarketplaceParticipations(): Promise<{
        payload?: { marketplace?: { id?: string; defaultCurrencyCode?: string }; participation?: object }[]
      }>
    }>
  }
  export const ListingsitemsSpApi: {
    ApiClient: NewClient
    ListingsApi: Api<{
      putListingsItem(...given: [...Place, body: object]): Promise<Submission>
      patchListingsItem(...given: [...Place, body: object]): Promise<Submission>
      getListingsItem(...given: [...Place, options?: Included]): Promise<Item>
      searchListingsItems(
        sellerId: string,
        marketplaceIds: string[],
        options?: Included & { identifiers?: string[]; identifiersType?: string; pageSize?: number },
      ): Promise<{ numberOfResults?: number; items?: Item[] }>
    }>
  }
  export const Orders_v2026SpApi: {
    ApiClient: NewClient
    SearchOrdersApi: Api<{
      searchOrders(
        options: Included & { lastUpdatedAfter?: Date; marketplaceIds?: string[]; fulfillmentStatuses?: string[] },
      ): Promise<{ orders?: Order[]; lastUpdatedBefore?: Date }>
    }>
    GetOrderApi: Api<{ getOrder(orderId: string, options?: Included): Promise<{ order?: Order }> }>
  }
  export const OrdersSpApi: {
    ApiClient: NewClient
    OrdersV0Api: Api<{
      getOrderItems(orderId: string): Promise<{
        payload?: { orderItems?: { sellerSKU?: string; quantityOrdered?: number; itemPrice?: { amount?: string } }[] }
      }>
      confirmShipment(orderId: string, payload: object): Promise<void>
    }>
  }
  export const FeedsSpApi: {
    ApiClient: NewClient
    FeedsApi: Api<{
      createFeedDocument(body: object): Promise<{ feedDocumentId?: string; url?: string }>
      createFeed(body: object): Promise<{ feedId?: string }>
      getFeed(id: string): Promise<{ processingStatus?: string; resultFeedDocumentId?: string }>
      getFeedDocument(id: string): Promise<{ url?: string }>
    }>
  }
}
