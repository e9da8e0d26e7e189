// A listing as the API shows it.
import { allowsQuantity, visibleState } from './listings.ts'
import { convert, showMoney } from './money.ts'
import { categories, conditionOf, listingStates } from './reference.ts'
import type { Currency } from './reference.ts'
import type { Listing, Reverb } from './state.ts'

export type View = { origin: string; displayCurrency: Currency }

export function showListing(reverb: Reverb, listing: Listing, view: View): Record<string, unknown> {
  const state = visibleState(reverb, listing)
  const condition = conditionOf(listing.conditionUuid)
  const shownPrice = showMoney(convert(listing.price, view.displayCurrency))
  return {
    id: listing.id,
    slug: listing.slug,
    ...(listing.sku === undefined ? {} : { sku: listing.sku }),
    title: listing.title,
    make: listing.make,
    model: listing.model,
    finish: listing.finish,
    year: listing.year,
    description: listing.description,
    shop_name: reverb.shop.name,
    created_at: shopTime(reverb, listing.createdAt),
    ...(listing.publishedAt === undefined ? {} : { published_at: shopTime(reverb, listing.publishedAt) }),
    condition: { uuid: condition?.uuid, display_name: condition?.name, slug: condition?.slug },
    // These two follow X-Display-Currency, the seller's price does not.
    price: shownPrice,
    buyer_price: shownPrice,
    seller_price: showMoney(listing.price),
    listing_currency: listing.price.currency,
    inventory: listing.inventory,
    has_inventory: listing.hasInventory,
    offers_enabled: listing.offersEnabled,
    auction: false,
    categories: listing.categoryUuids.map(showCategoryLine),
    state: { slug: state, description: listingStates[state] },
    shipping_profile_id: listing.shippingProfileId ?? null,
    shipping: showShipping(listing),
    stats: { views: 0, watches: 0 },
    photos: listing.photos.map((photo) => ({ _links: photoLinks(photoUrl(photo.url, view.origin)) })),
    ...listing.extra,
    _links: listingLinks(listing, view.origin),
  }
}

/** A time with the shop's offset, in whole seconds. */
export function shopTime(reverb: Reverb, at: Date): string {
  const minutes = reverb.shop.utcOffsetMinutes
  const local = new Date(at.getTime() + minutes * 60_000).toISOString().slice(0, 19)
  return `${local}${minutes < 0 ? '-' : '+'}${twoDigits(minutes / 60)}:${twoDigits(minutes % 60)}`
}

function twoDigits(value: number): string {
  return String(Math.floor(Math.abs(value))).padStart(2, '0')
}

/** Warnings that a seller gets beside a saved listing. */
export function listingWarnings(listing: Listing): string[] {
  const isAsleep = listing.inventory > 0 && (listing.state === 'ended' || listing.state === 'sold_out')
  return isAsleep && !allowsQuantity(listing) ? ['This item is one of a kind and was not listed again.'] : []
}

function showCategoryLine(uuid: string): Record<string, unknown> {
  return { uuid, full_name: categories.find((one) => one.uuid === uuid)?.fullName ?? '' }
}

function showShipping(listing: Listing): Record<string, unknown> {
  const rates = listing.shippingRates.map((one) => ({ region_code: one.regionCode, rate: showMoney(one.rate) }))
  return {
    local: listing.shippingLocal,
    rates,
    user_region_rate: rates[0] ?? null,
    initial_offer_rate: rates[0] ?? null,
    free_expedited_shipping: false,
  }
}

/** The sandbox draws the photos of its own catalogue; those a seller sent stay where they are. */
function photoUrl(url: string, origin: string): string {
  return url.startsWith('/') ? `${origin}${url}` : url
}

function photoLinks(url: string): Record<string, unknown> {
  return { large_crop: { href: url }, small_crop: { href: url }, full: { href: url }, thumbnail: { href: url } }
}

// Some are relative and some absolute, as observed; a client must resolve them against its base address.
function listingLinks(listing: Listing, origin: string): Record<string, unknown> {
  const photo = listing.photos[0]?.url
  return {
    ...(photo === undefined ? {} : { photo: { href: photoUrl(photo, origin) } }),
    self: { href: `/api/listings/${listing.id}` },
    update: { method: 'PUT', href: `${origin}/api/listings/${listing.slug}` },
    end: { method: 'PUT', href: `/api/my/listings/${listing.slug}/state/end` },
    want: { method: 'PUT', href: `/api/wants/${listing.id}` },
    unwant: { method: 'DELETE', href: `/api/wants/${listing.id}` },
    edit: { href: `${origin}/api/listings/${listing.slug}/edit` },
    web: { href: `${origin}/__sandbox/item/${listing.slug}` },
    make_offer: { method: 'POST', href: `${origin}/api/listings/${listing.id}/offer` },
    cart: { href: `${origin}/__sandbox/item/${listing.slug}` },
  }
}
