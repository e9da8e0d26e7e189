// Amazon's country sites: the region that serves each, its currency, language and addresses.
import { RefusedError } from '../connector.ts'

export type Region = 'na' | 'eu' | 'fe'

export type Marketplace = {
  id: string
  name: string
  region: Region
  currency: string
  /** As texts of listings carry it. */
  languageTag: string
  sellerCentral: string
  /** Where buyers see it. */
  shop: string
}

const europe = 'sellercentral-europe.amazon.com'

/** The United Kingdom first, then by name. Seller Central of Ireland and South Africa: from two guides of others. */
export const marketplaces: Marketplace[] = [
  row('A1F83G8C2ARO7P', 'United Kingdom', 'eu', 'GBP', 'en_GB', europe, 'amazon.co.uk'),
  row('A39IBJ37TRP1C6', 'Australia', 'fe', 'AUD', 'en_AU', 'sellercentral.amazon.com.au', 'amazon.com.au'),
  row('AMEN7PMS3EDWL', 'Belgium', 'eu', 'EUR', 'fr_BE', 'sellercentral.amazon.com.be', 'amazon.com.be'),
  row('A2Q3Y263D00KWC', 'Brazil', 'na', 'BRL', 'pt_BR', 'sellercentral.amazon.com.br', 'amazon.com.br'),
  row('A2EUQ1WTGCTBG2', 'Canada', 'na', 'CAD', 'en_CA', 'sellercentral.amazon.ca', 'amazon.ca'),
  row('ARBP9OOSHTCHU', 'Egypt', 'eu', 'EGP', 'ar_AE', 'sellercentral.amazon.eg', 'amazon.eg'),
  row('A13V1IB3VIYZZH', 'France', 'eu', 'EUR', 'fr_FR', europe, 'amazon.fr'),
  row('A1PA6795UKMFR9', 'Germany', 'eu', 'EUR', 'de_DE', europe, 'amazon.de'),
  row('A21TJRUUN4KGV', 'India', 'eu', 'INR', 'en_IN', 'sellercentral.amazon.in', 'amazon.in'),
  row('A28R8C7NBKEWEA', 'Ireland', 'eu', 'EUR', 'en_IE', 'sellercentral.amazon.ie', 'amazon.ie'),
  row('APJ6JRA9NG5V4', 'Italy', 'eu', 'EUR', 'it_IT', europe, 'amazon.it'),
  row('A1VC38T7YXB528', 'Japan', 'fe', 'JPY', 'ja_JP', 'sellercentral.amazon.co.jp', 'amazon.co.jp'),
  row('A1AM78C64UM0Y8', 'Mexico', 'na', 'MXN', 'es_MX', 'sellercentral.amazon.com.mx', 'amazon.com.mx'),
  row('A1805IZSGTT6HS', 'Netherlands', 'eu', 'EUR', 'nl_NL', 'sellercentral.amazon.nl', 'amazon.nl'),
  row('A1C3SOZRARQ6R3', 'Poland', 'eu', 'PLN', 'pl_PL', 'sellercentral.amazon.pl', 'amazon.pl'),
  row('A17E79C6D8DWNP', 'Saudi Arabia', 'eu', 'SAR', 'ar_AE', 'sellercentral.amazon.com.sa', 'amazon.sa'),
  row('A19VAU5U5O7RUS', 'Singapore', 'fe', 'SGD', 'en_SG', 'sellercentral.amazon.sg', 'amazon.sg'),
  row('AE08WJ6YKNBMC', 'South Africa', 'eu', 'ZAR', 'en_ZA', 'sellercentral.amazon.co.za', 'amazon.co.za'),
  row('A1RKKUPIHCS9HS', 'Spain', 'eu', 'EUR', 'es_ES', europe, 'amazon.es'),
  row('A2NODRKZP88ZB9', 'Sweden', 'eu', 'SEK', 'sv_SE', 'sellercentral.amazon.se', 'amazon.se'),
  row('A33AVAJ2PDY3EV', 'Turkey', 'eu', 'TRY', 'tr_TR', 'sellercentral.amazon.com.tr', 'amazon.com.tr'),
  row('A2VIGQ35RCS4UG', 'United Arab Emirates', 'eu', 'AED', 'en_AE', 'sellercentral.amazon.ae', 'amazon.ae'),
  row('ATVPDKIKX0DER', 'United States', 'na', 'USD', 'en_US', 'sellercentral.amazon.com', 'amazon.com'),
]

/** Where no site is known yet: Fairlead's sellers are at home there. */
export const siteDefault = 'A1F83G8C2ARO7P'
export const tokenHost = 'login'
const regionHosts: Record<Region, string> = {
  na: 'https://sellingpartnerapi-na.amazon.com',
  eu: 'https://sellingpartnerapi-eu.amazon.com',
  fe: 'https://sellingpartnerapi-fe.amazon.com',
}

export const baseUrl = regionHosts.eu

export const hosts: Record<string, string> = {
  ...regionHosts,
  [tokenHost]: 'https://api.amazon.com',
  // Consent begun in Amazon's app store comes with an address there.
  'amazon-com': 'https://amazon.com',
  ...Object.fromEntries(marketplaces.map((one) => [sellerCentralHost(one.id), `https://${one.sellerCentral}`])),
}

export function sellerCentralHost(siteId: string): string {
  return `seller-central-${siteId}`
}

export function marketplaceOf(siteId: string): Marketplace | undefined {
  return marketplaces.find((one) => one.id === siteId)
}

/** The site of a call. Only while sites are looked for there may be none. */
export function siteOf(siteId: string): Marketplace {
  const found = marketplaceOf(siteId === '' ? siteDefault : siteId)
  if (!found) throw new RefusedError({ kind: 'rejected', reason: `“${siteId}” is no Amazon site we know` })
  return found
}

function row(
  id: string,
  name: string,
  region: Region,
  currency: string,
  languageTag: string,
  sellerCentral: string,
  shop: string,
): Marketplace {
  return { id, name, region, currency, languageTag, sellerCentral, shop }
}
