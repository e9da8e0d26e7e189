// Attributes of a listing: arrays of entries told apart by selectors, and what a patch makes of them.
import { invalidInput, isObject } from './call.ts'
import { decimal, minorOf } from './state.ts'
import { marketplaceOf } from './reference.ts'
import type { Answer } from '../kit/front.ts'
import type { AttributeEntry, Attributes, Issue, Listing } from './state.ts'

export type Patch = { op: 'add' | 'replace' | 'merge' | 'delete'; attribute: string; value: AttributeEntry[] }

const selectors: Record<string, string[]> = {
  fulfillment_availability: ['fulfillment_channel_code'],
  purchasable_offer: ['marketplace_id', 'currency', 'audience'],
}
const usualSelectors = ['marketplace_id', 'language_tag']

/** Reads the patches of a request, or says with Amazon's words which one is malformed. */
export function readPatches(body: unknown): Patch[] | Answer {
  const sent = isObject(body) ? body['patches'] : undefined
  if (!Array.isArray(sent) || sent.length === 0) return invalidInput('Invalid empty patches provided.')
  const patches: Patch[] = []
  for (const [index, one] of sent.entries()) {
    const at = `in patch at index of ${index}.`
    if (!isObject(one)) return invalidInput(`Invalid patch provided ${at}`)
    const { op, path, value } = one
    if (op !== 'add' && op !== 'replace' && op !== 'merge' && op !== 'delete') {
      return invalidInput(`Invalid operation provided ${at}`)
    }
    const attribute = typeof path === 'string' ? /^\/attributes\/([a-z0-9_]+)$/.exec(path)?.[1] : undefined
    if (attribute === undefined) return invalidInput(`Invalid path provided ${at}`)
    const isEmptyDelete = op === 'delete' && value === undefined
    const isList = Array.isArray(value) && value.length > 0 && value.every(isObject)
    if (!isEmptyDelete && !isList) return invalidInput(`Invalid empty value provided ${at}`)
    patches.push({ op, attribute, value: isList ? (value as AttributeEntry[]) : [] })
  }
  return patches
}

export function applyPatches(attributes: Attributes, patches: readonly Patch[]): Attributes {
  const next = { ...attributes }
  for (const patch of patches) {
    const entries = patched(next[patch.attribute] ?? [], patch)
    if (entries.length > 0) next[patch.attribute] = entries
    else delete next[patch.attribute]
  }
  return next
}

/** An entry with the same selectors is replaced whole, so what is not sent again is gone; others stay. */
function patched(existing: readonly AttributeEntry[], { op, attribute, value }: Patch): AttributeEntry[] {
  if (op === 'delete') return value.length === 0 ? [] : existing.filter((one) => !isAmong(attribute, one, value))
  if (op === 'merge') {
    const untouched = existing.filter((one) => !isAmong(attribute, one, value))
    const merged = value.map((entry) => ({
      ...existing.find((one) => isSameEntry(attribute, one, entry)),
      ...entry,
    }))
    return [...untouched, ...merged]
  }
  return [...existing.filter((one) => !isAmong(attribute, one, value)), ...value]
}

function isAmong(attribute: string, entry: AttributeEntry, others: readonly AttributeEntry[]): boolean {
  return others.some((other) => isSameEntry(attribute, entry, other))
}

function isSameEntry(attribute: string, one: AttributeEntry, other: AttributeEntry): boolean {
  const names = selectors[attribute] ?? usualSelectors
  // A selector that is left out means the usual one.
  return names.every((name) => (one[name] ?? usual[name]) === (other[name] ?? usual[name]) || other[name] === undefined)
}

const usual: Record<string, string> = { audience: 'ALL' }

/** What was submitted; for a seeded listing, which never was, what a submission would have said. */
export function attributesOf(listing: Listing): Attributes {
  return (listing.attributes ??= writeAttributes(listing))
}

function writeAttributes(listing: Listing): Attributes {
  const { marketplaceId } = listing
  const site = marketplaceOf(marketplaceId)
  const plain = (value: string) => [{ value, marketplace_id: marketplaceId }]
  const text = (value: string) => [{ value, language_tag: site?.language ?? 'en_GB', marketplace_id: marketplaceId }]
  const attributes: Attributes = {
    item_name: text(listing.title),
    product_description: text(listing.description),
    condition_type: plain(listing.conditionType),
    merchant_suggested_asin: plain(listing.asin),
    fulfillment_availability: [
      {
        fulfillment_channel_code: 'DEFAULT',
        quantity: listing.stock.quantity,
        ...(listing.handlingDays === undefined ? {} : { lead_time_to_ship_max_days: listing.handlingDays }),
      },
    ],
  }
  if (listing.barcode !== undefined) {
    attributes['externally_assigned_product_identifier'] = [
      { type: 'ean', value: listing.barcode, marketplace_id: marketplaceId },
    ]
  }
  if (listing.imageUrl !== undefined) {
    attributes['main_product_image_locator'] = [{ media_location: listing.imageUrl, marketplace_id: marketplaceId }]
  }
  if (listing.state !== 'draft') {
    attributes['purchasable_offer'] = [
      {
        marketplace_id: marketplaceId,
        currency: site?.currency ?? 'GBP',
        audience: 'ALL',
        our_price: [{ schedule: [{ value_with_tax: Number(decimal(listing.priceMinor)) }] }],
      },
    ]
  }
  return attributes
}

export function issue(
  code: string,
  message: string,
  given: Partial<Pick<Issue, 'severity' | 'attributeNames' | 'categories'>> = {},
): Issue {
  return { code, message, severity: 'ERROR', categories: ['INVALID_ATTRIBUTE'], ...given }
}

/** What is wrong with the named attributes, in one site. */
export function issuesOf(attributes: Attributes, names: Iterable<string>, marketplaceId: string): Issue[] {
  return [...names].flatMap((name) => {
    const entries = attributes[name]
    if (entries === undefined) return []
    if (!Array.isArray(entries) || !entries.every(isObject)) {
      return [issue('90000900', `The attribute '${name}' must be a list of objects.`, { attributeNames: [name] })]
    }
    if (name === 'fulfillment_availability') return entries.flatMap(stockIssues)
    if (name === 'purchasable_offer') return entries.flatMap((entry) => offerIssues(entry, marketplaceId))
    return []
  })
}

function stockIssues(entry: AttributeEntry): Issue[] {
  const { quantity } = entry
  const say = (text: string) => [issue('90000900', text, { attributeNames: ['fulfillment_availability'] })]
  if (typeof entry['fulfillment_channel_code'] !== 'string')
    return say("'fulfillment_channel_code' is required but not supplied.")
  if (quantity === undefined) return []
  const isWhole = typeof quantity === 'number' && Number.isInteger(quantity) && quantity >= 0
  return isWhole ? [] : say(`The value ${JSON.stringify(quantity)} of 'quantity' is not a whole number from 0.`)
}

function offerIssues(entry: AttributeEntry, marketplaceId: string): Issue[] {
  const site = marketplaceOf(marketplaceId)
  const say = (text: string) => [
    issue('90000900', text, { attributeNames: ['purchasable_offer'], categories: ['INVALID_PRICE'] }),
  ]
  const of = entry['marketplace_id'] ?? marketplaceId
  if (of !== marketplaceId) return say(`The offer is for marketplace ${JSON.stringify(of)}, not ${marketplaceId}.`)
  if (entry['currency'] !== undefined && entry['currency'] !== site?.currency) {
    return say(`The currency must be ${site?.currency}.`)
  }
  const price = entry['our_price'] === undefined ? undefined : scheduledPrice(entry['our_price'])
  if (price === undefined && entry['our_price'] !== undefined)
    return say("'our_price' has no number in 'value_with_tax'.")
  return price !== undefined && price.minor <= 0 ? say('The price must be more than 0.') : []
}

/** The first price of `[{schedule: [{value_with_tax, start_at?, end_at?}]}]`. */
export function scheduledPrice(value: unknown): { minor: number; from: number; until: number } | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : undefined
  const schedule = isObject(first) ? first['schedule'] : undefined
  const line: unknown = Array.isArray(schedule) ? schedule[0] : undefined
  if (!isObject(line) || typeof line['value_with_tax'] !== 'number') return undefined
  const minor = minorOf(line['value_with_tax'])
  if (minor === undefined) return undefined
  return { minor, from: timeIn(line['start_at'], 0), until: timeIn(line['end_at'], Number.MAX_SAFE_INTEGER) }
}

function timeIn(value: unknown, otherwise: number): number {
  const text = isObject(value) ? value['value'] : value
  const time = typeof text === 'string' ? new Date(text).getTime() : Number.NaN
  return Number.isNaN(time) ? otherwise : time
}
