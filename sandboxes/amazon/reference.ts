// What Amazon's world consists of: sites, regions, services, and what each operation may be called how often.
import type { RateLimit } from '../kit/meter.ts'

export type Region = 'eu' | 'na'

export type Marketplace = {
  id: string
  region: Region
  /** As `getMarketplaceParticipations` writes it: GB, not UK. */
  countryCode: string
  currency: string
  language: string
  name: string
  domain: string
  /** The first group of order ids, which differs by site. */
  orderPrefix: string
}

export const uk = 'A1F83G8C2ARO7P'
export const germany = 'A1PA6795UKMFR9'
export const unitedStates = 'ATVPDKIKX0DER'
/** Shown among the participations although it is no Amazon site; asking for its orders is refused. */
export const nonAmazon = 'A2ZV50J4W1RKNI'

export const marketplaces: readonly Marketplace[] = [
  site(uk, 'eu', ['GB', 'GBP', 'en_GB', 'Amazon.co.uk', 'www.amazon.co.uk', '203']),
  site(germany, 'eu', ['DE', 'EUR', 'de_DE', 'Amazon.de', 'www.amazon.de', '303']),
  site('A13V1IB3VIYZZH', 'eu', ['FR', 'EUR', 'fr_FR', 'Amazon.fr', 'www.amazon.fr', '403']),
  site(unitedStates, 'na', ['US', 'USD', 'en_US', 'Amazon.com', 'www.amazon.com', '113']),
  site('A2EUQ1WTGCTBG2', 'na', ['CA', 'CAD', 'en_CA', 'Amazon.ca', 'www.amazon.ca', '702']),
]

function site(id: string, region: Region, words: [string, string, string, string, string, string]): Marketplace {
  const [countryCode, currency, language, name, domain, orderPrefix] = words
  return { id, region, countryCode, currency, language, name, domain, orderPrefix }
}

const byId = new Map(marketplaces.map((one) => [one.id, one]))

export function marketplaceOf(id: string): Marketplace | undefined {
  return byId.get(id)
}

export const regionNames: Record<Region, string> = { eu: 'Europe', na: 'North America' }

/** Order v0 writes Standard where Orders 2026-01-01 writes STANDARD. */
export const serviceLevels = {
  STANDARD: { v0: 'Standard', text: 'Std Dom', shipDays: 2, deliverDays: 5 },
  EXPEDITED: { v0: 'Expedited', text: 'Exp Dom', shipDays: 1, deliverDays: 3 },
  FREE_ECONOMY: { v0: 'FreeEconomy', text: 'Econ Dom', shipDays: 3, deliverDays: 8 },
  NEXT_DAY: { v0: 'NextDay', text: 'Next Dom', shipDays: 1, deliverDays: 1 },
  SECOND_DAY: { v0: 'SecondDay', text: 'Second Dom', shipDays: 1, deliverDays: 2 },
  PRIORITY: { v0: 'Priority', text: 'Prio Dom', shipDays: 1, deliverDays: 2 },
  SAME_DAY: { v0: 'SameDay', text: 'Same Dom', shipDays: 0, deliverDays: 0 },
  SCHEDULED: { v0: 'Scheduled', text: 'Sched Dom', shipDays: 2, deliverDays: 4 },
} as const
export type ServiceLevel = keyof typeof serviceLevels

export const statusWords = {
  PENDING_AVAILABILITY: 'PendingAvailability',
  PENDING: 'Pending',
  UNSHIPPED: 'Unshipped',
  PARTIALLY_SHIPPED: 'PartiallyShipped',
  SHIPPED: 'Shipped',
  CANCELLED: 'Canceled',
  UNFULFILLABLE: 'Unfulfillable',
} as const
export type OrderStatus = keyof typeof statusWords

export const carrierCodes: readonly string[] = (
  'USPS,UPS,UPSMI,FedEx,DHL,DHL Global Mail,DHL eCommerce,OnTrac,Lasership,Canada Post,Royal Mail,Parcelforce,Yodel,Evri,' +
  'Hermes,Hermes Logistik Gruppe,DPD,DPD Local,GLS,Deutsche Post,TNT,La Poste,Chronopost,Poste Italiane,SDA,BlueDart,Delhivery,' +
  'Aramex,Australia Post,Fastway,Yamato,YAMATO,Sagawa,SAGAWA,Nippon Express,Amazon Shipping,Other'
).split(',')

const each = (names: string, perSecond: number, burst: number): [string, RateLimit][] =>
  names.split(' ').map((name) => [name, { perSecond, burst }])

/** The published usage plans, per seller and region. */
export const usagePlans: Readonly<Record<string, RateLimit>> = Object.fromEntries([
  ...each('searchOrders', 0.0056, 20),
  ...each('getOrder getOrderV0 getOrderItems getOrderAddress getOrderBuyerInfo getOrderItemsBuyerInfo', 0.5, 30),
  ...each('getOrders', 0.0167, 20),
  ...each('confirmShipment', 2, 10),
  ...each('updateShipmentStatus', 5, 15),
  ...each('createRestrictedDataToken', 1, 10),
  ...each('getListingsItem putListingsItem', 5, 10),
  ...each('patchListingsItem deleteListingsItem searchListingsItems', 5, 5),
  ...each('createFeedDocument', 0.5, 15),
  ...each('createFeed', 0.0083, 15),
  ...each('getFeed cancelFeed', 2, 15),
  ...each('getFeeds getFeedDocument', 0.0222, 10),
  ...each('createReport getReportDocument', 0.0167, 15),
  ...each('getReport', 2, 15),
  ...each('getReports cancelReport', 0.0222, 10),
  ...each('getMarketplaceParticipations getAccount', 0.016, 15),
  ...each('searchCatalogItems getCatalogItem', 2, 2),
  ...each('searchDefinitionsProductTypes getDefinitionsProductType getListingsRestrictions', 5, 10),
  ...each('createDestination getDestinations getDestination deleteDestination', 1, 5),
  ...each('createSubscription getSubscription getSubscriptions getSubscriptionById deleteSubscriptionById', 1, 5),
  ...each('sendTestNotification', 1, 5),
  // Nothing is published for the token host, the documents and the pages; these stop only a loop without pauses.
  ...each('token', 20, 200),
  ...each('uploadDocument downloadDocument', 50, 500),
])

/** Across all sellers of one app; whichever of these and the plan above is used up first. */
export const appCaps: Readonly<Record<string, number>> = {
  getListingsItem: 100,
  putListingsItem: 100,
  patchListingsItem: 500,
  deleteListingsItem: 100,
  searchCatalogItems: 250,
  getCatalogItem: 500,
  searchDefinitionsProductTypes: 100,
  getDefinitionsProductType: 100,
  getListingsRestrictions: 100,
}

export const listingFeedLimit: RateLimit = { perSecond: 5 / 300, burst: 5 }
