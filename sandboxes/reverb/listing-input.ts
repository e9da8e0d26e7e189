// What a seller may send for a listing, and what is refused. Lenient where real clients are known to be sloppy.
import { readMoney } from './money.ts'
import { categories, conditionOf, shippingProfiles } from './reference.ts'
import type { Currency } from './reference.ts'
import type { Listing } from './state.ts'

export type FieldErrors = Record<string, string[]>

export type ListingChanges = Partial<
  Pick<
    Listing,
    | 'sku'
    | 'title'
    | 'make'
    | 'model'
    | 'finish'
    | 'year'
    | 'description'
    | 'conditionUuid'
    | 'categoryUuids'
    | 'price'
    | 'hasInventory'
    | 'inventory'
    | 'offersEnabled'
    | 'shippingProfileId'
    | 'shippingLocal'
    | 'shippingRates'
  >
> & { extra: Record<string, unknown>; publish?: boolean; photoUrls?: string[]; replacesPhotos?: boolean }

export type Body = Record<string, unknown>

/** Kept and given back as sent; nothing in the sandbox depends on them. */
const keptFields = [
  'upc',
  'upc_does_not_apply',
  'seller_cost',
  'storage_location',
  'origin_country_code',
  'sold_as_is',
  'tax_exempt',
  'multi_item',
  'handmade',
  'prop_65_warning',
  'preorder_info',
  'exclusive_channel',
  'location',
  'videos',
]

const textFields = ['title', 'make', 'model', 'finish', 'year', 'description', 'sku'] as const

/** Only the fields that were sent appear in the changes. */
export function readListingChanges(
  body: Body,
  shopCurrency: Currency,
): { changes: ListingChanges; errors: FieldErrors } {
  const changes: ListingChanges = { extra: {} }
  const errors: FieldErrors = {}
  for (const field of textFields) {
    if (body[field] !== undefined && body[field] !== null) changes[field] = asText(body[field]).trim()
  }
  for (const field of keptFields) if (body[field] !== undefined) changes.extra[field] = body[field]
  if (changes.title === '') errors['title'] = ["can't be blank"]
  readPrice(body, shopCurrency, changes, errors)
  readCondition(body, changes, errors)
  readCategories(body, changes, errors)
  readStock(body, changes, errors)
  readShipping(body, shopCurrency, changes, errors)
  readPhotos(body, changes, errors)
  if (body['offers_enabled'] !== undefined) changes.offersEnabled = isTrue(body['offers_enabled'])
  if (body['publish'] !== undefined) changes.publish = isTrue(body['publish'])
  const channel = body['exclusive_channel']
  if (channel !== undefined && !['seller_site', 'reverb', 'none'].includes(asText(channel))) {
    errors['exclusive_channel'] = ['does not have a valid value']
  }
  return { changes, errors }
}

/** `true`, `"true"`, `1` and `"1"`, as real clients send them. */
export function isTrue(value: unknown): boolean {
  return value === true || value === 1 || value === 'true' || value === '1'
}

/** Text and numbers as text; anything else is no text at all. */
function asText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function readPrice(body: Body, shopCurrency: Currency, changes: ListingChanges, errors: FieldErrors): void {
  if (body['price'] === undefined) return
  const price = readMoney(body['price'], shopCurrency)
  if ('refusal' in price) errors['price'] = [price.refusal]
  else if (price.minor <= 0) errors['price'] = ['must be greater than 0']
  else changes.price = price
}

function readCondition(body: Body, changes: ListingChanges, errors: FieldErrors): void {
  const sent = body['condition']
  if (sent === undefined) return
  // A bare string is the display name that an older client sends.
  const wanted = typeof sent === 'object' && sent !== null ? (sent as { uuid?: unknown }).uuid : sent
  const condition = typeof wanted === 'string' ? conditionOf(wanted) : undefined
  if (condition) changes.conditionUuid = condition.uuid
  else errors['condition'] = ['does not have a valid value']
}

function readCategories(body: Body, changes: ListingChanges, errors: FieldErrors): void {
  const sent = body['categories']
  if (sent === undefined) return
  const uuids = Array.isArray(sent) ? sent.map((one: { uuid?: unknown } | null) => String(one?.uuid)) : []
  const known = uuids.filter((uuid) => categories.some((one) => one.uuid === uuid))
  if (!Array.isArray(sent) || known.length < uuids.length) errors['categories'] = ['is invalid']
  else if (known.length > 2) errors['categories'] = ['allows at most two categories']
  else changes.categoryUuids = known
}

function readStock(body: Body, changes: ListingChanges, errors: FieldErrors): void {
  if (body['has_inventory'] !== undefined) changes.hasInventory = isTrue(body['has_inventory'])
  const sent = body['inventory']
  if (sent === undefined || sent === null) return
  const quantity = typeof sent === 'string' && sent.trim() !== '' ? Number(sent) : sent
  if (typeof quantity !== 'number' || !Number.isInteger(quantity)) errors['inventory'] = ['is not a number']
  else if (quantity < 0) errors['inventory'] = ['must be greater than or equal to 0']
  else changes.inventory = quantity
}

function readShipping(body: Body, shopCurrency: Currency, changes: ListingChanges, errors: FieldErrors): void {
  const profile = body['shipping_profile_id']
  if (profile !== undefined && profile !== null) {
    if (shippingProfiles.some((one) => one.id === asText(profile))) changes.shippingProfileId = asText(profile)
    else errors['shipping_profile_id'] = ['is invalid']
  }
  const shipping = body['shipping'] as { local?: unknown; rates?: unknown } | undefined | null
  if (typeof shipping !== 'object' || shipping === null) return
  if (shipping.local !== undefined) changes.shippingLocal = isTrue(shipping.local)
  if (shipping.rates === undefined) return
  const rates: Listing['shippingRates'] = []
  for (const one of Array.isArray(shipping.rates) ? (shipping.rates as Body[]) : []) {
    const rate = readMoney(one['rate'], shopCurrency)
    if ('refusal' in rate) errors['shipping'] = [`rate ${rate.refusal}`]
    else rates.push({ regionCode: String(one['region_code']), rate })
  }
  changes.shippingRates = rates
}

function readPhotos(body: Body, changes: ListingChanges, errors: FieldErrors): void {
  const sent = body['photos']
  if (sent === undefined || sent === null) return
  const urls = Array.isArray(sent) ? sent.map(String) : []
  if (!Array.isArray(sent) || urls.some((url) => !/^https?:\/\/\S+$/.test(url))) {
    errors['photos'] = ['must be a list of URLs']
    return
  }
  changes.photoUrls = urls
  changes.replacesPhotos = body['photo_upload_method'] === 'override_position'
}
