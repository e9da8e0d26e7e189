// The life of a listing. A submission is accepted, or refused with issues; what was accepted is live a while later.
import { isTyped } from '../kit/faults.ts'
import { applyPatches, attributesOf, issue, issuesOf, scheduledPrice } from './attributes.ts'
import { knownAttributes, productTypes, requiredAttributes } from './product-types.ts'
import { marketplaceOf } from './reference.ts'
import { after, findListing, listingKey, stockOf } from './state.ts'
import { isObject } from './call.ts'
import type { Patch } from './attributes.ts'
import type { Amazon, Attributes, Issue, Listing } from './state.ts'

export type Place = { sellerId: string; marketplaceId: string; sku: string }
export type Submission = { status: 'ACCEPTED' | 'INVALID' | 'VALID'; issues: Issue[] }
type Options = { at: number; isPreview?: boolean }

export const asinOf = (number: number) => `B0${String(number).padStart(8, '0')}`

export function submitPatch(
  amazon: Amazon,
  place: Place,
  sent: { productType: string; patches: readonly Patch[] },
  options: Options,
): Submission {
  const words = typedIssues(place.sku)
  if (words.length > 0) return verdict(words, options)
  const names = new Set(sent.patches.map((patch) => patch.attribute))
  const merges = sent.patches.filter((patch) => patch.op === 'merge' && !canMerge(amazon, patch.attribute))
  const mergeIssues = merges.map((patch) =>
    issue('90000900', `The operation 'merge' is not supported for '${patch.attribute}'.`, {
      attributeNames: [patch.attribute],
    }),
  )
  const listing = findLive(amazon, place)
  const before = listing ? attributesOf(listing) : {}
  const attributes = applyPatches(before, sent.patches)
  const issues = [
    ...typeIssues(sent.productType, listing),
    ...mergeIssues,
    ...issuesOf(attributes, names, place.marketplaceId),
    ...unknownNames(names),
  ]
  const submission = verdict(issues, options)
  // For a SKU nobody knows it is accepted all the same, and nothing comes of it.
  if (submission.status === 'ACCEPTED' && listing) changeLater(amazon, listing, { attributes, names, at: options.at })
  return submission
}

/** Creates, or replaces everything that was submitted. */
export function submitPut(
  amazon: Amazon,
  place: Place,
  sent: { productType: string; requirements: string; attributes: Attributes; isPartial?: boolean },
  options: Options,
): Submission {
  const title = textIn(sent.attributes, 'item_name')
  const words = typedIssues(place.sku, title)
  if (words.length > 0) return verdict(words, options)
  const listing = findLive(amazon, place)
  const deleted = amazon.listings.get(listingKey(place.sellerId, place.marketplaceId, place.sku))?.deletedAt
  const before = listing && sent.isPartial === true ? attributesOf(listing) : {}
  const attributes = { ...before, ...sent.attributes }
  const names = new Set([...Object.keys(attributes), ...(listing ? Object.keys(attributesOf(listing)) : [])])
  const issues = [
    ...typeIssues(sent.productType, undefined),
    ...issuesOf(attributes, names, place.marketplaceId),
    ...missing(attributes, sent),
    ...parentIssues(amazon, place, attributes),
    ...unknownNames(Object.keys(sent.attributes)),
  ]
  if (!listing && deleted !== undefined && options.at - deleted < 86_400_000) {
    issues.push(
      issue('13013', `The SKU ${place.sku} was deleted a short while ago. Wait 24 hours before using it again.`),
    )
  }
  const submission = verdict(issues, options)
  if (submission.status !== 'ACCEPTED') return submission
  const target = listing ?? create(amazon, place, { productType: sent.productType, attributes, at: options.at })
  if (sent.productType !== 'PRODUCT') target.productType = sent.productType
  changeLater(amazon, target, { attributes, names, at: options.at, isNew: !listing })
  return submission
}

export function submitDelete(amazon: Amazon, place: Place, options: Options): Submission {
  const words = typedIssues(place.sku)
  if (words.length > 0) return verdict(words, options)
  const listing = findLive(amazon, place)
  if (listing) {
    const submission = { dropped: false }
    amazon.lastSubmission = submission
    amazon.agenda.schedule(dueFor(amazon, listing, options.at, amazon.choices.listingDelaySeconds), (due) => {
      if (submission.dropped) return
      listing.deletedAt = due.getTime()
      listing.updatedAt = due.getTime()
    })
  }
  return verdict([], options)
}

/** Undoes what was accepted last, as if Amazon had lost it: what was submitted stays to be seen. */
export function dropLastSubmission(amazon: Amazon): void {
  if (amazon.lastSubmission) amazon.lastSubmission.dropped = true
}

export function findLive(amazon: Amazon, place: Place): Listing | undefined {
  const listing = findListing(amazon, place)
  return listing && isTyped('gone-me', listing.sku, listing.title) ? undefined : listing
}

type Change = { attributes: Attributes; names: ReadonlySet<string>; at: number; isNew?: boolean }

function changeLater(amazon: Amazon, listing: Listing, { attributes, names, at, isNew }: Change): void {
  listing.attributes = attributes
  const submission = { dropped: isTyped('ignore-me', listing.sku, listing.title) }
  amazon.lastSubmission = submission
  const { creationDelaySeconds, listingDelaySeconds } = amazon.choices
  const due = dueFor(amazon, listing, at, isNew === true ? creationDelaySeconds : listingDelaySeconds)
  amazon.agenda.schedule(due, (time) => {
    if (submission.dropped || listing.deletedAt !== undefined) return
    if (isNew === true) listing.summariesFrom = time.getTime()
    makeLive(amazon, listing, { attributes, names, at: time.getTime() })
  })
}

function dueFor(amazon: Amazon, listing: Listing, at: number, seconds: number): Date {
  const due = after(amazon, at, seconds)
  listing.liveAfter = Math.max(listing.liveAfter, due.getTime())
  return new Date(listing.liveAfter)
}

export function makeLive(amazon: Amazon, listing: Listing, { attributes, names, at }: Change): void {
  if (names.has('fulfillment_availability')) showStock(listing, attributes, at)
  if (names.has('purchasable_offer')) showOffer(listing, attributes, at)
  if (names.has('item_name')) listing.title = textIn(attributes, 'item_name') ?? listing.title
  if (names.has('product_description')) listing.description = textIn(attributes, 'product_description') ?? ''
  if (names.has('condition_type')) listing.conditionType = textIn(attributes, 'condition_type') ?? listing.conditionType
  const image = attributes['main_product_image_locator']?.[0]?.['media_location']
  if (typeof image === 'string') listing.imageUrl = image
  listing.isParent = textIn(attributes, 'parentage_level') === 'parent'
  const relation = attributes['child_parent_sku_relationship']?.[0]
  listing.parentSku = typeof relation?.['parent_sku'] === 'string' ? relation['parent_sku'] : undefined
  const theme = attributes['variation_theme']?.[0]?.['name']
  listing.variationTheme = typeof theme === 'string' ? theme : undefined
  listing.suspended = isTyped('suspend-me', listing.sku, listing.title)
  listing.updatedAt = at
  amazon.stale.delete(listingKey(listing.sellerId, listing.marketplaceId, listing.sku))
}

function showStock(listing: Listing, attributes: Attributes, at: number): void {
  const entries = attributes['fulfillment_availability'] ?? []
  const own = entries.find((entry) => entry['fulfillment_channel_code'] === 'DEFAULT')
  const quantity = typeof own?.['quantity'] === 'number' ? own['quantity'] : 0
  const days = own?.['lead_time_to_ship_max_days']
  listing.handlingDays = typeof days === 'number' ? days : undefined
  listing.otherChannels = entries
    .filter((entry) => entry !== own)
    .map((entry) => ({
      code: String(entry['fulfillment_channel_code']),
      quantity: typeof entry['quantity'] === 'number' ? entry['quantity'] : 0,
    }))
  setQuantity(listing, quantity, { at, by: 'seller' })
}

function showOffer(listing: Listing, attributes: Attributes, at: number): void {
  const offers = attributes['purchasable_offer'] ?? []
  const offer = offers.find((entry) => (entry['audience'] ?? 'ALL') === 'ALL')
  const price = scheduledPrice(offer?.['our_price'])
  listing.salePrice = scheduledPrice(offer?.['discounted_price'])
  if (!price) {
    if (!listing.isParent) listing.state = 'ended'
    return
  }
  listing.state = 'live'
  if (listing.priceMinor === price.minor) return
  listing.priceMinor = price.minor
  listing.history.push({ at: new Date(at).toISOString(), by: 'seller', priceMinor: price.minor })
}

export function setQuantity(
  listing: Listing,
  quantity: number,
  change: { at: number; by: 'seller' | 'buyer' | 'sandbox' },
): void {
  listing.updatedAt = change.at
  if (listing.stock.quantity === quantity) return
  listing.stock.quantity = quantity
  listing.history.push({ at: new Date(change.at).toISOString(), by: change.by, quantity })
}

export function isBuyable(listing: Listing): boolean {
  return (
    listing.state === 'live' &&
    !listing.suspended &&
    !listing.isParent &&
    listing.priceMinor > 0 &&
    listing.stock.quantity > 0
  )
}

export function priceNow(listing: Listing, at: number): number {
  const sale = listing.salePrice
  return sale && sale.from <= at && at < sale.until ? sale.minor : listing.priceMinor
}

export function newListing(
  amazon: Amazon,
  place: Place,
  given: Partial<Listing> & { asin: string; title: string; at: number },
): Listing {
  const { at, ...fields } = given
  const listing: Listing = {
    ...place,
    productType: 'PRODUCT',
    description: '',
    barcode: undefined,
    conditionType: 'new_new',
    imageUrl: undefined,
    priceMinor: 0,
    salePrice: undefined,
    stock: stockOf(amazon, place),
    otherChannels: [],
    handlingDays: undefined,
    state: 'draft',
    suspended: false,
    parentSku: undefined,
    variationTheme: undefined,
    isParent: false,
    attributes: undefined,
    issues: [],
    createdAt: at,
    updatedAt: at,
    summariesFrom: at,
    liveAfter: at,
    deletedAt: undefined,
    history: [],
    ...fields,
  }
  amazon.listings.set(listingKey(place.sellerId, place.marketplaceId, place.sku), listing)
  return listing
}

function create(
  amazon: Amazon,
  place: Place,
  given: { productType: string; attributes: Attributes; at: number },
): Listing {
  const { attributes, at } = given
  const wanted = textIn(attributes, 'merchant_suggested_asin')
  const identifier = attributes['externally_assigned_product_identifier']?.[0]?.['value']
  const barcode = typeof identifier === 'string' ? identifier : undefined
  const twin = [...amazon.listings.values()].find(
    (one) => (wanted !== undefined && one.asin === wanted) || (barcode !== undefined && one.barcode === barcode),
  )
  amazon.lastNumber += 1
  return newListing(amazon, place, {
    asin: wanted ?? twin?.asin ?? asinOf(amazon.lastNumber),
    title: textIn(attributes, 'item_name') ?? twin?.title ?? place.sku,
    barcode: barcode ?? twin?.barcode,
    productType: given.productType,
    // Nothing of it shows until it is made.
    summariesFrom: Number.MAX_SAFE_INTEGER,
    at,
  })
}

export function textIn(attributes: Attributes, name: string): string | undefined {
  const entry: unknown = Array.isArray(attributes[name]) ? attributes[name][0] : undefined
  const value = isObject(entry) ? entry['value'] : undefined
  return typeof value === 'string' ? value : undefined
}

function verdict(issues: Issue[], { isPreview }: Options): Submission {
  if (issues.some((one) => one.severity === 'ERROR')) return { status: 'INVALID', issues }
  return { status: isPreview === true ? 'VALID' : 'ACCEPTED', issues }
}

function typedIssues(...texts: (string | undefined)[]): Issue[] {
  return isTyped('reject-me', ...texts) ? [issue('99022', 'The listing cannot be accepted as it is.')] : []
}

function canMerge(amazon: Amazon, attribute: string): boolean {
  return amazon.choices.mergeEverywhere || attribute === 'fulfillment_availability'
}

function typeIssues(productType: string, listing: Listing | undefined): Issue[] {
  const isKnown = productTypes.includes(productType)
  const fits = productType === 'PRODUCT' || listing === undefined || productType === listing.productType
  if (isKnown && fits) return []
  return [
    issue('90000900', `The product type '${productType}' cannot be used for this listing.`, {
      attributeNames: ['product_type'],
    }),
  ]
}

function missing(attributes: Attributes, sent: { productType: string; requirements: string }): Issue[] {
  const isParent = textIn(attributes, 'parentage_level') === 'parent'
  const required = requiredAttributes(sent.productType, sent.requirements, isParent ? 'PARENT' : 'NONE')
  return required
    .filter((name) => attributes[name] === undefined)
    .map((name) =>
      issue('90220', `'${name}' is required but not supplied.`, {
        attributeNames: [name],
        categories: ['MISSING_ATTRIBUTE'],
      }),
    )
}

/** A child names a parent that must be there first. */
function parentIssues(amazon: Amazon, place: Place, attributes: Attributes): Issue[] {
  const names = { attributeNames: ['child_parent_sku_relationship'] }
  const isParent = textIn(attributes, 'parentage_level') === 'parent'
  if (isParent && (attributes['purchasable_offer'] || attributes['fulfillment_availability'])) {
    return [issue('90000900', 'A parent has no price and no quantity.', { attributeNames: ['parentage_level'] })]
  }
  const parentSku = attributes['child_parent_sku_relationship']?.[0]?.['parent_sku']
  if (typeof parentSku !== 'string') {
    return textIn(attributes, 'parentage_level') === 'child'
      ? [issue('90000900', "'parent_sku' is required for a child.", names)]
      : []
  }
  const parent = findListing(amazon, { ...place, sku: parentSku })
  const isThere = parent !== undefined && textIn(attributesOf(parent), 'parentage_level') === 'parent'
  return isThere ? [] : [issue('90000900', `There is no parent with the SKU '${parentSku}'.`, names)]
}

function unknownNames(names: Iterable<string>): Issue[] {
  return [...names]
    .filter((name) => !knownAttributes.has(name))
    .map((name) =>
      issue('90000900', `The attribute '${name}' is not known here and was left out.`, {
        severity: 'WARNING',
        attributeNames: [name],
      }),
    )
}

export function isSite(marketplaceId: string): boolean {
  return marketplaceOf(marketplaceId) !== undefined
}
