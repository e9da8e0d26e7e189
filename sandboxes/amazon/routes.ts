// Every operation there is.
import { definitionRoutes } from './definitions.ts'
import { listingRoutes } from './listing-routes.ts'
import { orderRoutes } from './order-routes.ts'
import { reportRoutes } from './reports.ts'
import { sellerRoutes } from './sellers.ts'
import { shipmentRoutes } from './shipments.ts'
import type { Route } from './call.ts'

export const routes: readonly Route[] = [
  ...orderRoutes,
  ...shipmentRoutes,
  ...listingRoutes,
  ...reportRoutes,
  ...sellerRoutes,
  ...definitionRoutes,
]
