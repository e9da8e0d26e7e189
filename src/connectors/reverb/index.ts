// Reverb: musical instruments, mostly one of a kind. One token, one shop, prices in the shop's currency.
import type { Connector } from '../connector.ts'
import { accountFields, findSites, sign } from './account.ts'
import type { ReverbAccount } from './account.ts'
import { listAttributes, listCategories } from './attributes.ts'
import { explain } from './errors.ts'
import { faults, limits } from './limits.ts'
import { derive, rateKey } from './shipping-rate.ts'
import { publishListing, updateListing } from './listing-publish.ts'
import { endListing, findListingsBySku, pullListings, readListing } from './listings.ts'
import { pullOrders } from './order-pull.ts'
import { readOrder } from './orders.ts'
import { pushPrices } from './prices.ts'
import { explainRefusal } from './refusal-words.ts'
import { carriers, confirmShipment } from './shipments.ts'
import { orderStatuses } from './statuses.ts'
import { pushStock } from './stock.ts'

export const reverb: Connector<ReverbAccount> = {
  id: 'reverb', // stored with every order, so never renamed
  name: 'Reverb',
  summary: 'Musical instruments, new and used. Connects with a personal access token.',
  documentation: 'https://www.reverb-api.com/docs',
  account: accountFields,
  // No limit is published. Another client sends up to four a second for long; we begin at a little more, and every 429
  // slows us down.
  http: { baseUrl: 'https://api.reverb.com/api', sign, explain, requestsPerMinute: 288 },
  findSites,
  orders: { statuses: orderStatuses, pull: pullOrders, read: readOrder },
  listings: {
    pull: pullListings,
    read: readListing,
    findBySku: findListingsBySku,
    publish: publishListing,
    update: updateListing,
    end: endListing,
    categories: listCategories,
    attributes: listAttributes,
    limits,
    faults,
    derive,
    shippingAttribute: rateKey,
    explainRefusal,
  },
  stock: { batchMax: 1, zeroMayBeFinal: true, push: pushStock },
  prices: { batchMax: 1, push: pushPrices },
  shipments: { carriers, confirm: confirmShipment },
}
