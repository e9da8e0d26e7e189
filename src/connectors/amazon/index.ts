// Amazon: one authorisation per region, a sales channel per country site. Orders by polling, listings by report, few
// figures by patches and many by a feed.
import type { Connector } from '../connector.ts'
import { accountFields, appFields, findSites, sign } from './account.ts'
import type { AmazonAccount } from './account.ts'
import { carriers } from './carriers.ts'
import { derive } from './derive.ts'
import { matchProducts } from './catalogue.ts'
import { consent } from './consent.ts'
import { explain } from './errors.ts'
import { faults, joins, limits } from './limits.ts'
import { endListing } from './listing-end.ts'
import { previewListing, publishListing, updateListing } from './listing-publish.ts'
import { pullListings } from './listing-report.ts'
import { checkListing, ticketOf } from './listing-submission.ts'
import { findListingsBySku, readListing } from './listings.ts'
import { baseUrl, hosts, marketplaces } from './marketplaces.ts'
import { cancelOrder, checkCancel } from './order-cancel.ts'
import { pullOrders } from './order-pull.ts'
import { readOrder } from './orders.ts'
import { plans } from './plans.ts'
import { listAttributes, listCategories, recommendCategories } from './product-types.ts'
import { priceFeed, pushPrices } from './prices.ts'
import { explainRefusal } from './refusal-words.ts'
import { confirmShipment } from './shipments.ts'
import { orderStatuses, serviceLevels } from './statuses.ts'
import { patchesMax, pushStock, stockFeed } from './stock.ts'
import { renewal } from './tokens.ts'

export const amazon: Connector<AmazonAccount> = {
  id: 'amazon', // stored with every order, so never renamed
  name: 'Amazon',
  documentation: 'https://developer-docs.amazon.com/sp-api',
  account: accountFields,
  app: appFields,
  // Every request names its operation's plan, so this pace is for nothing that exists today.
  http: { baseUrl, hosts, sign, explain, requestsPerMinute: 30, plans },
  sites: marketplaces.map(({ id, name, currency }) => ({ id, name, currency })),
  consent,
  renewal,
  findSites,
  orders: {
    // One search in 180 seconds is all that the plan gives for ever.
    pullEverySeconds: 180,
    statuses: orderStatuses,
    pull: pullOrders,
    read: readOrder,
    cancel: cancelOrder,
    checkCancel,
    shippingServices: async () => serviceLevels,
  },
  listings: {
    pull: pullListings,
    read: readListing,
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
    joins,
    derive,
    match: matchProducts,
    recommend: recommendCategories,
    precheck: previewListing,
    explainRefusal,
  },
  stock: { batchMax: patchesMax, push: pushStock, bulk: stockFeed },
  prices: { batchMax: patchesMax, push: pushPrices, bulk: priceFeed },
  shipments: { carriers, confirm: confirmShipment },
}
