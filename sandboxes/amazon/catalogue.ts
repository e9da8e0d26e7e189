// What the seeded sellers sell: made-up makes, and the SKUs that break careless clients.
import { pick, wholeNumber } from '../kit/random.ts'
import { asinOf, newListing, setQuantity } from './listings.ts'
import { marketplaceOf } from './reference.ts'
import { minorOf, nextNumber } from './state.ts'
import type { GivenListing, MadeListing } from '../kit/control.ts'
import type { Random } from '../kit/random.ts'
import type { Amazon, Listing } from './state.ts'

type Place = { sellerId: string; marketplaceId: string }

export function addGivenListing(
  amazon: Amazon,
  place: Place,
  given: GivenListing & { asin?: string; productType?: string; description?: string },
  at: number,
): MadeListing {
  const asin = given.asin ?? asinOf(10_000_000 + nextNumber(amazon))
  const listing = newListing(
    amazon,
    { ...place, sku: given.sku },
    {
      asin,
      title: given.title,
      description: given.description ?? `${given.title}. Checked and packed with care.`,
      barcode: given.barcode,
      productType: given.productType ?? 'PRODUCT',
      priceMinor: minorOf(given.price) ?? 0,
      state: given.state ?? 'live',
      at,
    },
  )
  listing.history.push({ at: new Date(at).toISOString(), by: 'sandbox', priceMinor: listing.priceMinor })
  setQuantity(listing, given.inventory, { at, by: 'sandbox' })
  return { id: given.sku, variantId: null, sku: given.sku }
}

type Line = GivenListing & { description?: string; productType?: string }

/** The hand-made lines first, then as many plain ones as asked for. */
export function seedCatalogue(amazon: Amazon, random: Random, options: { size: number; at: number }): void {
  const plain = Array.from({ length: Math.max(0, options.size - special.length) }, (_, index) =>
    plainLine(random, index),
  )
  const lines = [...special, ...plain].slice(0, options.size)
  const [first, second] = [...amazon.sellers.values()]
  if (!first || !second) return
  for (const [index, line] of lines.entries()) {
    const at = options.at - (lines.length - index) * 3_600_000
    addGivenListing(amazon, { sellerId: first.id, marketplaceId: amazon.home.marketplaceId }, line, at)
  }
  const others = first.marketplaces.filter((id) => id !== amazon.home.marketplaceId)
  for (const marketplaceId of others) {
    for (const line of lines.slice(0, 12))
      copyTo(amazon, { sellerId: first.id, marketplaceId }, { line, at: options.at })
  }
  for (const line of plain.slice(0, 8)) {
    const place = { sellerId: second.id, marketplaceId: second.marketplaces[0] ?? amazon.home.marketplaceId }
    addGivenListing(amazon, place, { ...line, sku: `TWO-${line.sku}` }, options.at)
  }
}

/** The same article on another site: same ASIN, a price of its own, and within the EU the same stock. */
function copyTo(amazon: Amazon, place: Place, { line, at }: { line: Line; at: number }): void {
  const home = [...amazon.listings.values()].find((one) => one.sellerId === place.sellerId && one.sku === line.sku)
  if (!home) return
  const factor = marketplaceOf(place.marketplaceId)?.currency === 'EUR' ? 1.18 : 1.27
  const price = ((minorOf(line.price) ?? 0) * factor) / 100
  addGivenListing(
    amazon,
    place,
    { ...line, price: price.toFixed(2), asin: home.asin, inventory: home.stock.quantity },
    at,
  )
}

const special: Line[] = [
  {
    sku: 'KET-1.7/STEEL',
    title: 'Hearthway Kettle 1.7 l, steel',
    price: '39.99',
    inventory: 40,
    barcode: '5012345000017',
  },
  { sku: 'KET+FILTER', title: 'Hearthway Kettle with filter', price: '49.99', inventory: 18, barcode: '5012345000024' },
  { sku: 'WAX 100%', title: 'Oakline Beeswax 100 % pure', price: '9.50', inventory: 60, barcode: '5012345000031' },
  { sku: 'TEA A&B 20g', title: 'Pinewater Tea Sampler A & B', price: '6.95', inventory: 200, barcode: '5012345000048' },
  {
    sku: 'tea a&b 20g',
    title: 'Pinewater Tea Sampler A & B, loose',
    price: '7.95',
    inventory: 80,
    barcode: '5012345000055',
  },
  { sku: 'GIFT-🎁-01', title: 'Lowmoor Gift Box 🎁 Größe M', price: '14.00', inventory: 25, barcode: '5012345000062' },
  {
    sku: 'CAFÉ-CRÈME',
    title: 'Corvane Café Crème Set – 6 cups',
    price: '24.90',
    inventory: 33,
    barcode: '5012345000079',
  },
  {
    sku: 'HP-BLACK',
    title: 'Harrow Headphones, black',
    price: '59.00',
    inventory: 15,
    barcode: '5012345000086',
    productType: 'HEADPHONES',
  },
  {
    sku: 'HP-WHITE',
    title: 'Harrow Headphones, white',
    price: '59.00',
    inventory: 9,
    barcode: '5012345000093',
    productType: 'HEADPHONES',
  },
  { sku: 'LAST-ONE', title: 'Tandem Desk Lamp', price: '31.00', inventory: 1, barcode: '5012345000109' },
  { sku: 'SOLD-OUT', title: 'Tandem Floor Lamp', price: '79.00', inventory: 0, barcode: '5012345000116' },
  { sku: 'DRAFT-01', title: 'Lowmoor Travel Mug', price: '12.00', inventory: 6, state: 'draft' },
  { sku: 'ENDED-01', title: 'Kestrel Pocket Torch', price: '9.00', inventory: 0, state: 'ended' },
]

const makes = ['Kestrel', 'Oakline', 'Harrow', 'Birchvale', 'Corvane', 'Lowmoor', 'Tandem', 'Pinewater']
const things = [
  { name: 'Chopping Board', low: 9, high: 35 },
  { name: 'Storage Jar', low: 5, high: 22 },
  { name: 'Desk Organiser', low: 8, high: 30 },
  { name: 'Bath Towel', low: 7, high: 40 },
  { name: 'Wall Clock', low: 12, high: 60 },
  { name: 'Phone Stand', low: 6, high: 25 },
  { name: 'Garden Gloves', low: 5, high: 18 },
  { name: 'Cable Box', low: 10, high: 28 },
]
const colors = ['Black', 'Natural', 'Red', 'Cream', 'Blue', 'Green', 'White', 'Grey']

function plainLine(random: Random, index: number): Line {
  const [thing, make, color] = [pick(random, things), pick(random, makes), pick(random, colors)]
  const number = String(index + 1).padStart(4, '0')
  return {
    sku: `${make.slice(0, 3).toUpperCase()}-${number}`,
    title: `${make} ${thing.name} ${color} No. ${index + 1}`,
    price: (wholeNumber(random, thing.low * 4, thing.high * 4) / 4).toFixed(2),
    inventory: wholeNumber(random, 1, 40),
    barcode: `50199${String(index + 1).padStart(8, '0')}`,
  }
}

export function homeListings(amazon: Amazon): Listing[] {
  const { sellerId, marketplaceId } = amazon.home
  return [...amazon.listings.values()].filter(
    (one) => one.sellerId === sellerId && one.marketplaceId === marketplaceId && one.deletedAt === undefined,
  )
}
