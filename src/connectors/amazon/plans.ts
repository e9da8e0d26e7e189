// Amazon's published usage plans: per operation, per seller and region. A request names its operation.
import type { HttpRequest } from '../connector.ts'

export const plans = {
  searchOrders: { perSecond: 0.0056, burst: 20 },
  getOrder: { perSecond: 0.5, burst: 30 },
  confirmShipment: { perSecond: 2, burst: 10 },
  // Model and documentation differ on the burst of these (10 and 5): the lower is right either way.
  getListingsItem: { perSecond: 5, burst: 5 },
  putListingsItem: { perSecond: 5, burst: 5 },
  patchListingsItem: { perSecond: 5, burst: 5 },
  deleteListingsItem: { perSecond: 5, burst: 5 },
  searchListingsItems: { perSecond: 5, burst: 5 },
  createFeedDocument: { perSecond: 0.5, burst: 15 },
  // The plan's burst is 15, but of listing feeds no more than 5 are taken in 5 minutes.
  createFeed: { perSecond: 0.0083, burst: 5 },
  getFeed: { perSecond: 2, burst: 15 },
  cancelFeed: { perSecond: 2, burst: 15 },
  getFeedDocument: { perSecond: 0.0222, burst: 10 },
  createReport: { perSecond: 0.0167, burst: 15 },
  getReport: { perSecond: 2, burst: 15 },
  getReportDocument: { perSecond: 0.0167, burst: 15 },
  getMarketplaceParticipations: { perSecond: 0.016, burst: 15 },
  searchDefinitionsProductTypes: { perSecond: 5, burst: 5 },
  getDefinitionsProductType: { perSecond: 5, burst: 5 },
  searchCatalogItems: { perSecond: 2, burst: 2 },
  getListingsRestrictions: { perSecond: 5, burst: 10 },
  // Amazon publishes none for its token service; two an hour are what an account needs.
  token: { perSecond: 1, burst: 10 },
} satisfies Record<string, { perSecond: number; burst: number }>

export type Operation = keyof typeof plans

export function secondsPerRequest(request: HttpRequest): number | undefined {
  if (request.plan === undefined || !Object.hasOwn(plans, request.plan)) return undefined
  return 1 / plans[request.plan as Operation].perSecond
}
