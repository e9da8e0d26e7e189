// TikTok Shop: a product with its SKUs, stock per warehouse, orders unit by unit. One consent may open several shops; each
// is a place of its own, named by a cipher in every request.
import type { Connector } from '../connector.ts'
import { accountFields, appFields } from './account.ts'
import type { TikTokAccount } from './account.ts'
import { carriers } from './carriers.ts'
import { derive } from './derive.ts'
import { listAttributes, listCategories, recommendCategories } from './categories.ts'
import { consent, renewal } from './consent.ts'
import { plans } from './endpoints.ts'
import { explain } from './errors.ts'
import { endListing, updateListing } from './listing-change.ts'
import { faults, limits } from './limits.ts'
import { checkBeforehand } from './listing-check.ts'
import { checkListing, publishListing, ticketOf } from './listing-publish.ts'
import { pullListings } from './listing-pull.ts'
import { findListingsBySku, readListing, readProductListings } from './listings.ts'
import { notifications } from './notifications.ts'
import { cancelOrder, shippingServices } from './order-cancel.ts'
import { pullOrders } from './order-pull.ts'
import { readOrder } from './orders.ts'
import { pricesBatchMax, pushPrices } from './prices.ts'
import { explainRefusal } from './refusal-words.ts'
import { confirmShipment } from './shipments.ts'
import { sign } from './sign.ts'
import { findSites } from './sites.ts'
import { orderStatuses } from './statuses.ts'
import { pushStock, stockBatchMax } from './stock.ts'

export const tiktok: Connector<TikTokAccount> = {
  id: 'tiktok', // stored with every order, so never renamed
  name: 'TikTok Shop',
  documentation: 'https://partner.tiktokshop.com/docv2',
  account: accountFields,
  app: appFields,
  http: {
    baseUrl: 'https://open-api.tiktokglobalshop.com',
    hosts: {
      token: 'https://auth.tiktok-shops.com',
      authorize: 'https://services.tiktokshop.com',
      'authorize-us': 'https://services.us.tiktokshop.com',
    },
    sign,
    explain,
    // For the token service, which publishes nothing; all else has a plan.
    requestsPerMinute: 60,
    plans,
  },
  consent,
  renewal,
  notifications,
  findSites,
  orders: {
    statuses: orderStatuses,
    pull: pullOrders,
    read: readOrder,
    cancel: cancelOrder,
    cancelReasons: ['out-of-stock', 'wrong-price', 'address-undeliverable'],
    shippingServices,
  },
  listings: {
    pull: pullListings,
    read: readListing,
    readAll: readProductListings,
    findBySku: findListingsBySku,
    publish: publishListing,
    update: updateListing,
    end: endListing,
    check: checkListing,
    ticketOf,
    categories: listCategories,
    attributes: listAttributes,
    limits,
    faults,
    recommend: recommendCategories,
    precheck: checkBeforehand,
    derive,
    explainRefusal,
  },
  stock: { batchMax: stockBatchMax, push: pushStock },
  prices: { batchMax: pricesBatchMax, push: pushPrices },
  shipments: { carriers, confirm: confirmShipment },
}
