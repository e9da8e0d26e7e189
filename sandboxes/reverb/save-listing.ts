// Saving what a seller sent: all of it, or nothing and a list of reasons.
import { typedFaultIn } from '../kit/faults.ts'
import { invalid, refuse } from './call.ts'
import { publishListing, publishObstacle, recordChange, setInventory } from './listings.ts'
import { conditionOf, slugOf } from './reference.ts'
import { nextId } from './state.ts'
import type { Answer } from './call.ts'
import type { FieldErrors, ListingChanges } from './listing-input.ts'
import type { Listing, Reverb } from './state.ts'

export type SaveRequest = { changes: ListingChanges; errors: FieldErrors; at: Date }

export function createListing(
  reverb: Reverb,
  changes: ListingChanges,
  errors: FieldErrors,
  at: Date,
): { listing: Listing } | Answer {
  const title = changes.title ?? [changes.make, changes.model].filter(Boolean).join(' ')
  const problems = { ...(title === '' ? { title: ["can't be blank"] } : {}), ...errors }
  const listing = newListing(reverb, { ...changes, title }, at)
  const refused = updateListing(reverb, listing, { changes: { ...changes, title }, errors: problems, at })
  if (refused) return refused
  reverb.listings.set(listing.id, listing)
  return { listing }
}

/** Answers a refusal, or nothing when all was saved. */
export function updateListing(reverb: Reverb, listing: Listing, request: SaveRequest): Answer | undefined {
  const { changes, at } = request
  const errors = { ...request.errors, ...conflictsOf(listing, changes) }
  if (Object.keys(errors).length > 0) return invalid(reverb, 'The listing could not be saved', errors)
  if (changes.publish === true && !reverb.shop.verified) {
    return refuse(403, 'Your shop must be verified before you can publish listings')
  }
  const publishProblem = changes.publish === true ? publishConflicts(listing, changes) : undefined
  if (publishProblem) return invalid(reverb, 'The listing could not be published', publishProblem)
  applyFields(listing, changes)
  applyStock(reverb, listing, changes, at)
  recordChange(listing, { at, by: 'seller', cause: 'saved' })
  applyPhotos(reverb, listing, changes, at)
  if (changes.publish !== true) return undefined
  publishListing(reverb, listing, { at, by: 'seller', cause: 'published' })
  if (typedFaultIn(listing.sku, listing.title) === 'suspend-me') {
    listing.state = 'suspended'
    recordChange(listing, { at, by: 'reverb', cause: 'suspended' })
  }
  return undefined
}

function newListing(reverb: Reverb, changes: ListingChanges & { title: string }, at: Date): Listing {
  reverb.lastIds.listing += 1
  const { make, model } = guessMakeAndModel(changes)
  return {
    id: reverb.lastIds.listing,
    slug: `${reverb.lastIds.listing}-${slugOf(changes.title).slice(0, 60)}`,
    sku: undefined,
    title: changes.title,
    make,
    model,
    finish: '',
    year: '',
    description: '',
    conditionUuid: '',
    categoryUuids: [],
    price: { minor: 0, currency: reverb.shop.currency },
    hasInventory: false,
    inventory: 1,
    offersEnabled: true,
    state: 'draft',
    photos: [],
    shippingProfileId: undefined,
    shippingLocal: false,
    shippingRates: [],
    extra: {},
    createdAt: at,
    updatedAt: at,
    publishedAt: undefined,
    hiddenFromListsUntil: undefined,
    history: [],
  }
}

/** Both are required; what is missing is guessed from the title. */
function guessMakeAndModel(changes: ListingChanges): { make: string; model: string } {
  const [first = 'Unknown', ...rest] = (changes.title ?? '').split(/\s+/).filter(Boolean)
  return { make: changes.make || first, model: changes.model || rest.slice(0, 3).join(' ') || 'Unknown' }
}

function conflictsOf(listing: Listing, changes: ListingChanges): FieldErrors {
  const conditionUuid = changes.conditionUuid ?? listing.conditionUuid
  const isCounted = changes.hasInventory ?? listing.hasInventory
  const isOverOne = isCounted && (changes.inventory ?? 0) > 1
  if (!isOverOne || conditionOf(conditionUuid)?.allowsQuantity !== false) return {}
  return { inventory: ['must be 1 for a used item'] }
}

function publishConflicts(listing: Listing, changes: ListingChanges): FieldErrors | undefined {
  const after = { ...listing, ...changes }
  const errors: FieldErrors = {}
  if (after.price.minor <= 0) errors['price'] = ["can't be blank"]
  if (after.conditionUuid === '') errors['condition'] = ["can't be blank"]
  if (after.categoryUuids.length === 0) errors['categories'] = ["can't be blank"]
  const inventory = after.hasInventory ? after.inventory : listing.inventory
  const obstacle = listing.state === 'live' ? undefined : publishObstacle(listing, after.conditionUuid)
  if (obstacle !== undefined) errors['publish'] = [obstacle]
  if (inventory < 1) errors['inventory'] = ['must be greater than 0 to publish']
  return Object.keys(errors).length > 0 ? errors : undefined
}

const plainFields = [
  'title',
  'make',
  'model',
  'finish',
  'year',
  'description',
  'conditionUuid',
  'categoryUuids',
  'price',
  'offersEnabled',
  'shippingProfileId',
  'shippingLocal',
  'shippingRates',
] as const satisfies (keyof ListingChanges & keyof Listing)[]

function applyFields(listing: Listing, changes: ListingChanges): void {
  for (const field of plainFields) if (field in changes) Object.assign(listing, { [field]: changes[field] })
  Object.assign(listing.extra, changes.extra)
  if (changes.sku !== undefined) listing.sku = changes.sku === '' ? undefined : changes.sku
}

// Without has_inventory the item is one of a kind, and a quantity is ignored.
function applyStock(reverb: Reverb, listing: Listing, changes: ListingChanges, at: Date): void {
  const wasCounted = listing.hasInventory
  listing.hasInventory = changes.hasInventory ?? wasCounted
  if (!listing.hasInventory) {
    if (wasCounted && listing.inventory > 1) listing.inventory = 1
    return
  }
  if (changes.inventory === undefined) return
  setInventory(reverb, listing, changes.inventory, { at, by: 'seller', cause: 'inventory set' })
}

function applyPhotos(reverb: Reverb, listing: Listing, changes: ListingChanges, at: Date): void {
  const urls = changes.photoUrls
  if (urls === undefined) return
  const attach = () => {
    const kept = changes.replacesPhotos === true ? [] : listing.photos
    const added = urls.filter((url) => !kept.some((photo) => photo.url === url))
    listing.photos = [...kept, ...added.map((url) => ({ id: nextId(reverb), url }))]
  }
  const delaySeconds = reverb.choices.photoDelaySeconds
  if (delaySeconds === 0) attach()
  else reverb.agenda.schedule(new Date(at.getTime() + delaySeconds * 1000), attach)
}
