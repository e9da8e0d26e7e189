import type { Handlers } from '../handler.ts'
import { aroundRoutes } from './around.ts'
import { businessRoutes } from './business.ts'
import { cancellingRoutes } from './cancelling.ts'
import { catalogRoutes } from './catalog.ts'
import { channelRoutes } from './channels.ts'
import { consentRoutes } from './consents.ts'
import { deskBookRoutes } from './desk-books.ts'
import { deskRoutes } from './desk.ts'
import { feedRoutes } from './feeds.ts'
import { fileRoutes } from './files.ts'
import { invoicingRoutes } from './invoicing.ts'
import { listingCategoryRoutes } from './listing-categories.ts'
import { listingManagerRoutes } from './listing-manager.ts'
import { listingRoutes } from './listings.ts'
import { listingsGridRoutes } from './listings-grid.ts'
import { orderActionRoutes } from './order-actions.ts'
import { orderRoutes } from './orders.ts'
import { peopleRoutes } from './people.ts'
import { pricingRoutes } from './pricing.ts'
import { productsRoutes } from './products.ts'
import { purchasingRoutes } from './purchasing.ts'
import type { RouteParts } from './route-parts.ts'
import { shippingRoutes } from './shipping.ts'
import { supplierWaysRoutes } from './supplier-ways.ts'
import { supplierPeopleRoutes } from './supplier-people.ts'

/** One handler a route: a route of the contract without one does not compile. */
export function createHandlers(parts: RouteParts): Handlers {
  return {
    ...peopleRoutes(parts),
    ...supplierPeopleRoutes(parts),
    ...deskRoutes(parts),
    ...deskBookRoutes(parts),
    ...aroundRoutes(parts),
    ...businessRoutes(parts),
    ...shippingRoutes(parts),
    ...channelRoutes(parts),
    ...consentRoutes(parts),
    ...listingRoutes(parts),
    ...listingManagerRoutes(parts),
    ...listingCategoryRoutes(parts),
    ...listingsGridRoutes(parts),
    ...orderRoutes(parts),
    ...orderActionRoutes(parts),
    ...cancellingRoutes(parts),
    ...pricingRoutes(parts),
    ...purchasingRoutes(parts),
    ...catalogRoutes(parts),
    ...productsRoutes(parts),
    ...invoicingRoutes(parts),
    ...feedRoutes(parts),
    ...supplierWaysRoutes(parts),
    ...fileRoutes(parts),
  }
}
