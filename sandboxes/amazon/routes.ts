// Every operation there is.
import { catalogueRoutes } from './catalogue-routes.ts'
import { definitionRoutes } from './definitions.ts'
import { feedRoutes } from './feeds.ts'
import { listingRoutes } from './listing-routes.ts'
import { notificationRoutes } from './notification-routes.ts'
import { orderRoutes } from './order-routes.ts'
import { orderV0Routes } from './orders-v0.ts'
import { reportRoutes } from './reports.ts'
import { restrictedDataRoutes } from './restricted-data.ts'
import { sellerRoutes } from './sellers.ts'
import { shipmentRoutes } from './shipments.ts'
import type { Route } from './call.ts'

export const routes: readonly Route[] = [
  ...orderRoutes,
  ...orderV0Routes,
  ...shipmentRoutes,
  ...listingRoutes,
  ...feedRoutes,
  ...reportRoutes,
  ...sellerRoutes,
  ...restrictedDataRoutes,
  ...definitionRoutes,
  ...catalogueRoutes,
  ...notificationRoutes,
]
