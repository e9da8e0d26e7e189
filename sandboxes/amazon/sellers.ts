// Sellers v1: where the seller of the token sells, in the token's region.
import { done } from './call.ts'
import { listed } from './choices.ts'
import { marketplaces, nonAmazon } from './reference.ts'
import type { ApiCall, Route } from './call.ts'

export const sellerRoutes: Route[] = [
  {
    operation: 'getMarketplaceParticipations',
    method: 'GET',
    path: '/sellers/v1/marketplaceParticipations',
    handle: (call) => done({ payload: participations(call) }),
  },
  {
    operation: 'getAccount',
    method: 'GET',
    path: '/sellers/v1/account',
    handle: (call) =>
      done({
        payload: {
          marketplaceParticipationList: participations(call),
          businessType: 'PRIVATE_LIMITED',
          sellingPlan: 'PROFESSIONAL',
        },
      }),
  },
]

function participations({ amazon, sellerId, region }: ApiCall) {
  const seller = amazon.sellers.get(sellerId)
  const closed = listed(amazon.choices.closedMarketplaces)
  const storeName = seller?.storeName ?? ''
  const known = marketplaces
    .filter((one) => one.region === region)
    .map((one) => ({
      marketplace: {
        id: one.id,
        name: one.name,
        countryCode: one.countryCode,
        defaultCurrencyCode: one.currency,
        defaultLanguageCode: one.language,
        domainName: one.domain,
      },
      participation: {
        isParticipating: seller?.marketplaces.includes(one.id) === true && !closed.includes(one.id),
        hasSuspendedListings: closed.includes(one.id),
      },
      storeName,
    }))
  return region === 'eu' ? [...known, strange(storeName)] : known
}

/** Not an Amazon site at all, and listed among them. */
function strange(storeName: string) {
  return {
    marketplace: {
      id: nonAmazon,
      name: 'Non-Amazon UK',
      countryCode: 'GB',
      defaultCurrencyCode: 'GBP',
      defaultLanguageCode: 'en_GB',
      domainName: 'siprod.stores.amazon.co.uk',
    },
    participation: { isParticipating: true, hasSuspendedListings: false },
    storeName,
  }
}
