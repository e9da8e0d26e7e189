// Every operation of the API, in the order they are matched.
import { cancellationRoutes } from './cancellation-routes.ts'
import { categoryRoutes } from './category-routes.ts'
import { imageRoutes } from './image-routes.ts'
import { orderRoutes } from './order-routes.ts'
import { packageRoutes } from './package-routes.ts'
import { productRoutes } from './product-routes.ts'
import { shopRoutes } from './shop-routes.ts'
import { stockRoutes } from './stock-routes.ts'
import type { Route } from './call.ts'

export const routes: readonly Route[] = [
  ...shopRoutes,
  ...orderRoutes,
  ...packageRoutes,
  ...productRoutes,
  ...stockRoutes,
  ...categoryRoutes,
  ...imageRoutes,
  ...cancellationRoutes,
]
