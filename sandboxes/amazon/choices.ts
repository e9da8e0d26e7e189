// What Amazon does not publish, or does differently from day to day: each a switch with the behaviour we think usual.

export const choicesDefault = {
  /** An order can be found as soon as it is placed. Off: as Amazon, only once it is two minutes old. */
  freshOrdersAtOnce: true,
  /** How long a new order is missing in searches; it can be read by its id. */
  orderVisibilityDelaySeconds: 0,
  /** The young order's items are empty in v0 for so long. */
  emptyItemsSeconds: 0,
  /** Off: the deprecated v0 reads answer 403 as unknown routes, to rehearse their removal. */
  ordersV0Reads: true,
  /** The app has the restricted role for buyers and addresses. */
  rolePersonalData: true,
  /** The app has the role for tax data. */
  roleTax: true,
  /** Further data sets of searchOrders and getOrder that the app may not read, separated by commas. */
  deniedData: '',
  /** Code of that refusal, and of a marketplace the seller may not use. */
  deniedCode: 'AccessDeniedException',
  /** Marketplace ids closed by Amazon, separated by commas. */
  closedMarketplaces: '',
  /** 2026-01-01 times have milliseconds. */
  millisecondTimes: true,
  /** Between an accepted change of a listing and its being live. */
  listingDelaySeconds: 30,
  /** Between an accepted new listing and its showing summaries. */
  creationDelaySeconds: 120,
  /** Between a confirmed shipment and the order showing it. */
  shipmentDelaySeconds: 30,
  /** In the EU all sites sell the same stock of a SKU. */
  sharedEuStock: true,
  /** `merge` works for every attribute, not only where it is documented. */
  mergeEverywhere: false,
  /** Carrier codes that are taken: any, listed, or listed-with-case. */
  carrierCheck: 'listed',
  feedQueueSeconds: 30,
  feedProcessingSeconds: 30,
  /** Feeds stay IN_QUEUE for ever. */
  feedsStuck: false,
  /** Feeds end FATAL without a result. */
  feedsFatal: false,
  feedResultGzip: false,
  reportDelaySeconds: 30,
  reportGzip: false,
  /** A report of the same kind is given again for so long instead of a fresh one. */
  reportCacheMinutes: 0,
  /** cp1252 or utf-8. */
  reportEncoding: 'cp1252',
  /** Reports end CANCELLED as if there were no data. */
  reportsCancelled: false,
  /** ASINs the seller needs an approval for, separated by commas. */
  restrictedAsins: '',
  /** Registered redirect addresses, separated by commas; empty: any http address on this computer. */
  redirectUris: '',
  /** Where our app signs people in when consent begins in the app store. */
  loginUri: '',
  appIsDraft: false,
  /** A refusal leads back to the app with error=access_denied; off: it ends on Amazon's page. */
  refusalRedirects: true,
  /** A 429 carries Retry-After; Amazon documents none. */
  retryAfter: false,
  /** Notifications are posted here; empty: they go nowhere. */
  notificationUrl: '',
  /** A new order is announced. Off: only changes of known ones are. */
  notifyNewOrders: true,
  /** Shares of notifications that are lost, and sent twice. */
  notificationLoss: 0,
  notificationRepeat: 0,
}

export type Choices = typeof choicesDefault
export type ChoiceName = keyof Choices

export const withoutDelays: Partial<Choices> = {
  orderVisibilityDelaySeconds: 0,
  emptyItemsSeconds: 0,
  listingDelaySeconds: 0,
  creationDelaySeconds: 0,
  shipmentDelaySeconds: 0,
  feedQueueSeconds: 0,
  feedProcessingSeconds: 0,
  reportDelaySeconds: 0,
}

/** Reads choices from JSON or from a form, where everything is text. */
export function readChoices(value: unknown): Partial<Choices> | { refusal: string } {
  if (typeof value !== 'object' || value === null) return { refusal: 'Send an object of choices.' }
  const read: Record<string, boolean | number | string> = {}
  for (const [name, given] of Object.entries(value)) {
    if (!Object.hasOwn(choicesDefault, name)) return { refusal: `There is no choice named "${name}".` }
    const usual = choicesDefault[name as ChoiceName]
    const chosen = convert(given, typeof usual)
    if (chosen === undefined) return { refusal: `"${name}" must be a ${typeof usual}.` }
    read[name] = chosen
  }
  return read as Partial<Choices>
}

function convert(given: unknown, type: string): boolean | number | string | undefined {
  if (typeof given === type) return given as boolean | number | string
  if (typeof given !== 'string') return undefined
  if (type === 'boolean') return given === 'true' ? true : given === 'false' ? false : undefined
  const value = Number(given)
  return type === 'number' && given.trim() !== '' && Number.isFinite(value) && value >= 0 ? value : undefined
}

/** A list written with commas. */
export function listed(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
