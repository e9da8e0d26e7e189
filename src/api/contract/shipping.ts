// Our shipping services and what marketplaces call theirs.
import { z } from 'zod'
import { id, type Route } from './shapes.ts'

export const shippingRoutes = {
  shippingServices: {
    method: 'GET',
    path: '/api/shipping-services',
    summary: 'Our shipping services',
    response: z.array(z.object({ id, name: z.string() })),
  },
  addShippingService: {
    method: 'POST',
    path: '/api/shipping-services',
    summary: 'Add a shipping service',
    body: z.object({ name: z.string().trim().min(1).max(80) }),
    response: z.object({ id, name: z.string() }),
  },
} satisfies Record<string, Route>
