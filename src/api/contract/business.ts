// What a business decides for itself as a whole.
import { z } from 'zod'
import type { Route } from './shapes.ts'

export const business = z.object({
  name: z.string().trim().min(1).max(120),
  currency: z.string(),
  timeZone: z.string(),
  /** VAT that suppliers charge comes back: then their offers are compared without it. */
  reclaimsVat: z.boolean(),
  /** Orders with no mapped line are removed after so many days; 0: with the next look, within the hour (D3). */
  unmappedKeepDays: z.int().min(0).max(365),
  /** Buyer data goes so many days after an order is over. */
  buyerDataDays: z.int().min(0).max(365),
  /** So long before its ship-by time an order that has not left becomes a problem. */
  deadlineWarningHours: z.int().min(1).max(336),
})

export const businessRoutes = {
  business: {
    method: 'GET',
    path: '/api/business',
    summary: 'The business and its settings',
    response: business,
  },
  changeBusiness: {
    method: 'PATCH',
    path: '/api/business',
    summary: 'Change settings of the business',
    body: business.omit({ currency: true, timeZone: true }).partial(),
    response: business,
  },
} satisfies Record<string, Route>
