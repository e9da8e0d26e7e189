// What the API takes and gives, shared with the web app. One entry a route; the server, the API document and the
// typed client all read this table. Times are ISO 8601 UTC texts, money is minor units and currency, ids are UUIDs.
// A section of it is a file in `contract/`.
import { aroundRoutes } from './contract/around.ts'
import { businessRoutes } from './contract/business.ts'
import { cancellingRoutes } from './contract/cancelling.ts'
import { catalogRoutes } from './contract/catalog.ts'
import { channelRoutes } from './contract/channels.ts'
import { deskRoutes } from './contract/desk.ts'
import { feedRoutes } from './contract/feeds.ts'
import { fileRoutes } from './contract/files.ts'
import { invoicingRoutes } from './contract/invoicing.ts'
import { listingCategoryRoutes } from './contract/listing-categories.ts'
import { listingManagerRoutes } from './contract/listing-manager.ts'
import { listingRoutes } from './contract/listings.ts'
import { listingsGridRoutes } from './contract/listings-grid.ts'
import { orderRoutes } from './contract/orders.ts'
import { pricingRoutes } from './contract/pricing.ts'
import { productsRoutes } from './contract/products.ts'
import { purchasingRoutes } from './contract/purchasing.ts'
import type { Route } from './contract/shapes.ts'
import { supplierWaysRoutes } from './contract/supplier-ways.ts'
import { shippingRoutes } from './contract/shipping.ts'
import { supplierPeopleRoutes } from './contract/supplier-people.ts'

export * from './contract/around.ts'
export * from './contract/business.ts'
export * from './contract/cancelling.ts'
export * from './contract/catalog.ts'
export * from './contract/channels.ts'
export * from './contract/desk.ts'
export * from './contract/feeds.ts'
export * from './contract/files.ts'
export * from './contract/invoicing.ts'
export * from './contract/listing-categories.ts'
export * from './contract/listing-manager.ts'
export * from './contract/listing-shapes.ts'
export * from './contract/listings.ts'
export * from './contract/listings-grid.ts'
export * from './contract/orders.ts'
export * from './contract/pricing.ts'
export * from './contract/products.ts'
export * from './contract/purchasing.ts'
export * from './contract/shapes.ts'
export * from './contract/shipping.ts'
export * from './contract/supplier-ways.ts'
export * from './contract/supplier-people.ts'

export const routes = {
  ...aroundRoutes,
  ...businessRoutes,
  ...channelRoutes,
  ...listingRoutes,
  ...listingManagerRoutes,
  ...listingCategoryRoutes,
  ...listingsGridRoutes,
  ...catalogRoutes,
  ...productsRoutes,
  ...feedRoutes,
  ...fileRoutes,
  ...orderRoutes,
  ...cancellingRoutes,
  ...pricingRoutes,
  ...purchasingRoutes,
  ...invoicingRoutes,
  ...shippingRoutes,
  ...supplierWaysRoutes,
  ...supplierPeopleRoutes,
  ...deskRoutes,
} satisfies Record<string, Route>

/** What the live stream says: look at this again. */
export type LiveEvent = {
  topic:
    | 'orders'
    | 'channels'
    | 'consents'
    | 'listings'
    | 'runs'
    | 'imports'
    | 'problems'
    | 'catalog'
    | 'invoices'
    | 'grid'
  id?: string
}
