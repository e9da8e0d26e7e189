// What the seeded shop sells: made-up makes, mostly new with stock, some used, and the SKUs that break careless clients.
import { pick, wholeNumber } from '../kit/random.ts'
import { money } from './money.ts'
import { categoryNamed, conditionOf, slugOf } from './reference.ts'
import { nextId } from './state.ts'
import type { Random } from '../kit/random.ts'
import type { Listing, ListingChange, Reverb } from './state.ts'

export type CatalogueLine = {
  sku?: string
  title: string
  make?: string
  model?: string
  category?: string
  condition?: string
  /** In the shop's currency. */
  price: number | string
  /** Absent: one of a kind. */
  inventory?: number
  state?: 'live' | 'draft' | 'ended'
  description?: string
}

export function addCatalogueLine(reverb: Reverb, line: CatalogueLine, at: Date): Listing {
  const state = line.state ?? 'live'
  const amount = Number(line.price)
  const price = money(amount, reverb.shop.currency)
  const inventory = line.inventory ?? 1
  reverb.lastIds.listing += 1
  const id = reverb.lastIds.listing
  const first: ListingChange = { at, by: 'sandbox', cause: 'seeded', state, inventory, price }
  const [make = 'Unknown', ...model] = line.title.split(' ')
  const photo = `/__sandbox/photo/${id}.svg`
  const listing: Listing = {
    id,
    slug: `${id}-${slugOf(line.title).slice(0, 60)}`,
    sku: line.sku,
    title: line.title,
    make: line.make ?? make,
    model: line.model ?? (model.slice(0, 3).join(' ') || 'Unknown'),
    finish: '',
    year: '',
    description: line.description ?? `${line.title}. Checked and packed with care.`,
    conditionUuid: conditionOf(line.condition ?? 'Brand New')?.uuid ?? '',
    categoryUuids: [categoryNamed(line.category ?? 'Accessories').uuid],
    price,
    hasInventory: line.inventory !== undefined,
    inventory,
    offersEnabled: true,
    state,
    photos: [{ id: nextId(reverb), url: photo }],
    shippingProfileId: '71001',
    shippingLocal: true,
    shippingRates: [{ regionCode: 'US_CON', rate: money(amount > 200 ? 35 : 7.5, reverb.shop.currency) }],
    extra: {},
    createdAt: at,
    updatedAt: at,
    publishedAt: state === 'draft' ? undefined : at,
    hiddenFromListsUntil: undefined,
    history: [first],
  }
  reverb.listings.set(id, listing)
  return listing
}

/** The hand-made lines first, then as many plain ones as asked for. */
export function seedCatalogue(reverb: Reverb, random: Random, options: { size: number; now: Date }): void {
  const plain = Array.from({ length: Math.max(0, options.size - specialLines.length) }, (_, index) =>
    plainLine(random, index),
  )
  for (const [index, line] of [...specialLines, ...plain].slice(0, options.size).entries()) {
    addCatalogueLine(reverb, line, new Date(options.now.getTime() - (options.size - index) * 3_600_000))
  }
}

const specialLines: CatalogueLine[] = [
  { sku: 'KES-OD/1', title: 'Kestrel Warm Overdrive', category: 'Overdrive', price: 89, inventory: 24 },
  { sku: 'KES-DLY+', title: 'Kestrel Long Delay', category: 'Delay', price: 139, inventory: 12 },
  { sku: 'OAK 100%', title: 'Oakline Beeswax Polish', category: 'Accessories', price: 9.5, inventory: 60 },
  { sku: 'STR 10-46 A&B', title: 'Tandem Nickel Strings 10-46', category: 'Strings', price: 6.95, inventory: 200 },
  {
    sku: 'Str 10-46 a&b',
    title: 'Tandem Nickel Strings 10-46, coated',
    category: 'Strings',
    price: 11.5,
    inventory: 80,
  },
  // Two listings sharing one SKU: a search by SKU finds both.
  { sku: 'TUN-CLIP', title: 'Tandem Clip Tuner, black', category: 'Tuners', price: 14, inventory: 40 },
  { sku: 'TUN-CLIP', title: 'Tandem Clip Tuner, white', category: 'Tuners', price: 14, inventory: 15 },
  { title: 'Oakline Leather Strap without a code', category: 'Straps', price: 39, inventory: 10 },
  { sku: 'USED-0001', title: 'Harrow Semi-Hollow 335', category: 'Semi-Hollow', condition: 'Excellent', price: 1249 },
  { sku: 'USED-0002', title: 'Harrow Short Scale Bass', category: 'Four String', condition: 'Very Good', price: 480 },
  { sku: 'USED-0003', title: 'Birchvale Snare 14x5', category: 'Snares', condition: 'Good', price: 165 },
  { sku: 'USED-0004', title: 'Corvane Mono Synth', category: 'Analog Synths', condition: 'Fair', price: 390 },
  {
    sku: 'BST-KEYS',
    title: 'Corvane Stage 73',
    category: 'Stage Pianos',
    condition: 'B-Stock',
    price: 899,
    inventory: 3,
  },
  {
    sku: 'MINT-UKE',
    title: 'Lowmoor Concert Ukulele',
    condition: 'Mint (with inventory)',
    category: 'Ukuleles',
    price: 98,
    inventory: 4,
  },
  {
    sku: 'DRAFT-01',
    title: 'Lowmoor Travel Guitar',
    category: 'Travel Size',
    price: 219,
    inventory: 6,
    state: 'draft',
  },
  { sku: 'DRAFT-02', title: 'Birchvale Ride 20', category: 'Cymbals', price: 240, inventory: 0, state: 'draft' },
  { sku: 'ENDED-01', title: 'Kestrel Pocket Reverb', category: 'Reverb', price: 99, inventory: 0, state: 'ended' },
  {
    sku: 'ENDED-02',
    title: 'Harrow Practice Combo 10',
    category: 'Guitar Combos',
    price: 129,
    inventory: 5,
    state: 'ended',
  },
  { sku: 'LAST-ONE', title: 'Tandem Tube Microphone', category: 'Microphones', price: 310, inventory: 1 },
]

const makes = ['Kestrel', 'Oakline', 'Harrow', 'Birchvale', 'Corvane', 'Lowmoor', 'Tandem', 'Pinewater']
const things = [
  { name: 'Instrument Cable', category: 'Cables', low: 9, high: 45 },
  { name: 'Guitar Strap', category: 'Straps', low: 12, high: 60 },
  { name: 'Pick Pack', category: 'Picks', low: 4, high: 15 },
  { name: 'Guitar Stand', category: 'Stands', low: 18, high: 70 },
  { name: 'Hard Case', category: 'Cases', low: 80, high: 240 },
  { name: 'Drum Sticks', category: 'Sticks & Brushes', low: 7, high: 25 },
  { name: 'Humbucker Set', category: 'Pickups', low: 70, high: 220 },
  { name: 'Locking Tuners', category: 'Tuning Machines', low: 35, high: 110 },
  { name: 'Studio Headphones', category: 'Headphones', low: 40, high: 260 },
  { name: 'Two Channel Interface', category: 'Interfaces', low: 90, high: 320 },
  { name: 'Student Trumpet', category: 'Trumpets', low: 180, high: 420 },
  { name: 'Solid Body Guitar', category: 'Solid Body', low: 220, high: 900 },
]
const finishes = ['Black', 'Natural', 'Red', 'Cream', 'Blue', 'Tobacco', 'Green', 'White']

function plainLine(random: Random, index: number): CatalogueLine {
  const thing = pick(random, things)
  const make = pick(random, makes)
  const finish = pick(random, finishes)
  const number = String(index + 1).padStart(4, '0')
  return {
    sku: `${make.slice(0, 3).toUpperCase()}-${number}`,
    title: `${make} ${thing.name} ${finish} No. ${index + 1}`,
    make,
    model: thing.name,
    category: thing.category,
    price: wholeNumber(random, thing.low * 4, thing.high * 4) / 4,
    inventory: wholeNumber(random, 1, 40),
  }
}
