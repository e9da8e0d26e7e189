// Wish: a marketplace of products with variations, stock per warehouse, one currency per merchant. Writes to orders are
// taken at once and done later, and edits of products may wait for a review.
import type { Connector } from '../connector.ts'
import { accountFields, findSites, sign } from './account.ts'
import type { WishAccount } from './account.ts'
import { everyRequest } from './ask.ts'
import { carriers } from './carriers.ts'
import { explain } from './errors.ts'
import { derive, faults, limits, shippingAttribute } from './limits.ts'
import { attributesOf, checkListing, publishListing, ticketOf, updateListing } from './listing-publish.ts'
import { pullListings } from './listing-pull.ts'
import { endListing, findListingsBySku, readListing, readProductListings } from './listings.ts'
import { readNotification, subscribe } from './notifications.ts'
import { consent, renewal } from './oauth.ts'
import { cancelOrder, checkCancel } from './order-cancel.ts'
import { pullOrders } from './order-pull.ts'
import { readOrder } from './orders.ts'
import { pushPrices } from './prices.ts'
import { batchMax } from './product-push.ts'
import { explainRefusal } from './refusal-words.ts'
import { confirmShipment } from './shipments.ts'
import { shippingServices } from './shipping-services.ts'
import { orderStatuses } from './statuses.ts'
import { pushStock } from './stock.ts'

export const wish: Connector<WishAccount> = {
  id: 'wish', // stored with every order, so never renamed
  name: 'Wish',
  summary: 'Connects with your consent on Wish, or with your own app.',
  documentation: 'https://merchant.wish.com/documentation/api/v3',
  account: accountFields,
  app: {
    clientId: { label: 'Client ID', secret: false },
    clientSecret: { label: 'Client secret', secret: true },
  },
  http: {
    baseUrl: 'https://merchant.wish.com',
    hosts: { merchant: 'https://merchant.wish.com' },
    sign,
    explain,
    // No limit is published (W15). Where Wish lets fewer through, the pace falls with every 429 and grows back slowly.
    requestsPerMinute: 600,
    plans: { [everyRequest]: { perSecond: 10, burst: 10 } },
  },
  consent,
  renewal,
  notifications: { read: readNotification, subscribe },
  findSites,
  orders: {
    statuses: orderStatuses,
    pull: pullOrders,
    read: readOrder,
    cancel: cancelOrder,
    checkCancel,
    // Wish takes none but what it offers for each order; all that a seller may say comes to this.
    cancelReasons: ['out-of-stock'],
    shippingServices,
  },
  // Without `categories`: Wish's tree is not in the part of its interface that we know.
  listings: {
    pull: pullListings,
    read: readListing,
    readAll: readProductListings,
    findBySku: findListingsBySku,
    findsWholes: true,
    publish: publishListing,
    update: updateListing,
    end: endListing,
    check: checkListing,
    ticketOf,
    attributes: attributesOf,
    limits,
    faults,
    derive,
    shippingAttribute,
    explainRefusal,
  },
  stock: { batchMax, push: pushStock },
  prices: { batchMax, push: pushPrices },
  shipments: { carriers, confirm: confirmShipment },
}
