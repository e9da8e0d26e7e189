// What never changes while the sandbox runs: words, lists and tables of the marketplace. The category tree is our own.
import { seededRandom, uuid } from '../kit/random.ts'

/** What one unit is worth in US dollars. Fixed, so that a converted price can be checked by hand. */
export const currencies = {
  USD: { symbol: '$', minorDigits: 2, usd: 1 },
  CAD: { symbol: 'CA$', minorDigits: 2, usd: 0.75 },
  EUR: { symbol: '€', minorDigits: 2, usd: 1.1 },
  GBP: { symbol: '£', minorDigits: 2, usd: 1.25 },
  AUD: { symbol: 'A$', minorDigits: 2, usd: 0.65 },
  JPY: { symbol: '¥', minorDigits: 0, usd: 0.0067 },
  NZD: { symbol: 'NZ$', minorDigits: 2, usd: 0.6 },
  MXN: { symbol: 'MX$', minorDigits: 2, usd: 0.055 },
}
export type Currency = keyof typeof currencies

export function currencyNamed(code: string): Currency {
  const known = Object.keys(currencies) as Currency[]
  const currency = known.find((one) => one === code)
  if (!currency) throw new Error(`The currency must be one of ${known.join(', ')}.`)
  return currency
}

export type Condition = { uuid: string; name: string; slug: string; allowsQuantity: boolean }

export const conditions: readonly Condition[] = [
  condition('fbf35668-96a0-4baa-bcde-ab18d6b1b329', 'Non Functioning', false),
  condition('6a9dfcad-600b-46c8-9e08-ce6e5057921e', 'Poor', false),
  condition('98777886-76d0-44c8-865e-bb40e669e934', 'Fair', false),
  condition('f7a3f48c-972a-44c6-b01a-0cd27488d3f6', 'Good', false),
  condition('ae4d9114-1bd7-4ec5-a4ba-6653af5ac84d', 'Very Good', false),
  condition('df268ad1-c462-4ba6-b6db-e007e23922ea', 'Excellent', false),
  condition('ac5b9c1e-dc78-466d-b0b3-7cf712967a48', 'Mint', false),
  condition('6db7df88-293b-4017-a1c1-cdb5e599fa1a', 'Mint (with inventory)', true),
  condition('9225283f-60c2-4413-ad18-1f5eba7a856f', 'B-Stock', true),
  condition('7c3f45de-2ae0-4c81-8400-fdb6b1d74890', 'Brand New', true),
]

function condition(uuid: string, name: string, allowsQuantity: boolean): Condition {
  return { uuid, name, slug: name.toLowerCase().replaceAll(/[^a-z]+/g, '-'), allowsQuantity }
}

export function conditionOf(uuidOrName: string): Condition | undefined {
  const wanted = uuidOrName.trim().toLowerCase()
  return conditions.find((one) => one.uuid === wanted || one.name.toLowerCase() === wanted)
}

export const listingStates = {
  draft: 'Draft',
  ended: 'Ended',
  live: 'Live',
  ordered: 'Ordered',
  sold_out: 'Sold Out',
  suspended: 'Suspended',
  seller_unavailable: 'Seller Unavailable',
}
export type ListingState = keyof typeof listingStates

export const scopes = [
  'public',
  'read_listings',
  'write_listings',
  'read_orders',
  'write_orders',
  'read_lists',
  'write_lists',
  'read_messages',
  'write_messages',
  'read_offers',
  'write_offers',
  'read_feedback',
  'write_feedback',
  'read_profile',
  'write_profile',
  'read_payouts',
  'write_reviews',
  'write_listings_for_others',
] as const
export type Scope = (typeof scopes)[number]

export const topics = [
  'listings/update',
  'listings/publish',
  'listings/bumps-ran-out',
  'orders/create',
  'orders/update',
  'payments/create',
  'payments/update',
  'app/uninstalled',
] as const
export type Topic = (typeof topics)[number]

export const shippingProviders = [
  'UPS',
  'USPS',
  'FedEx',
  'DHL',
  'DHLExpress',
  'DHLGlobalMail',
  'DHL Deutschland',
  'Canada Post',
  'CanPar',
  'Royal Mail',
  'PostNL',
  'Australia Post',
  'EMS',
  'La Poste',
  'La Poste - Colissimo',
  'China Post',
  'GLS',
  'Parcelforce',
  'Purolator',
  'Interlogistica',
  'Correos España',
  'Ukraine Post',
  'DPD Germany',
  'DPD UK',
  'DPD France',
  'Hermes',
  'TNT',
  'Other',
]

export const refundReasons = [
  'buyer_return',
  'lost_shipment',
  'shipping_damage',
  'sold_elsewhere',
  'accidental_order',
  'change_shipping_address',
  'shipping_adjustments',
]

export const shippingRegions = [
  {
    code: 'US',
    name: 'United States',
    children: [
      { code: 'US_CON', name: 'Continental U.S.' },
      { code: 'US_AK', name: 'Alaska' },
      { code: 'US_HI', name: 'Hawaii' },
    ],
  },
  { code: 'CA', name: 'Canada', children: [] },
  { code: 'GB', name: 'United Kingdom', children: [] },
  {
    code: 'EUR_EU',
    name: 'European Union',
    children: [
      { code: 'DE', name: 'Germany' },
      { code: 'FR', name: 'France' },
      { code: 'NL', name: 'Netherlands' },
      { code: 'ES', name: 'Spain' },
    ],
  },
  { code: 'AU', name: 'Australia', children: [] },
  { code: 'JP', name: 'Japan', children: [] },
  { code: 'XX', name: 'Everywhere Else', children: [] },
]

export const shippingProfiles = [
  { id: '71001', name: 'Small parcels', currency: 'USD' },
  { id: '71002', name: 'Guitars and cases', currency: 'USD' },
  { id: '71003', name: 'Heavy freight', currency: 'USD' },
]

const tree: Record<string, string[]> = {
  'Electric Guitars': ['Solid Body', 'Semi-Hollow', 'Baritone'],
  'Acoustic Guitars': ['Steel String', 'Nylon String', 'Travel Size'],
  'Bass Guitars': ['Four String', 'Five String'],
  Amplification: ['Guitar Combos', 'Bass Heads', 'Cabinets'],
  'Effects Pedals': ['Overdrive', 'Delay', 'Reverb', 'Tuners'],
  'Drums & Percussion': ['Snares', 'Cymbals', 'Sticks & Brushes'],
  'Keys & Synths': ['Analog Synths', 'Stage Pianos', 'Controllers'],
  'Recording Gear': ['Microphones', 'Interfaces', 'Headphones'],
  'Folk & Strings': ['Ukuleles', 'Banjos', 'Violins'],
  'Brass & Woodwind': ['Trumpets', 'Saxophones'],
  Accessories: ['Strings', 'Straps', 'Cables', 'Picks', 'Stands', 'Cases'],
  'Spare Parts': ['Pickups', 'Tuning Machines', 'Bridges'],
}

export type Category = { uuid: string; name: string; slug: string; fullName: string; root: string }
export const categories: readonly Category[] = mintCategories()

export function categoryNamed(name: string): Category {
  const found = categories.find((one) => one.name === name)
  if (!found) throw new Error(`There is no category named ${name}.`)
  return found
}

// The ids are the same in every run, so that a stored mapping of categories survives a restart of the sandbox.
function mintCategories(): Category[] {
  const random = seededRandom(20_260_101)
  return Object.entries(tree).flatMap(([root, names]) => [
    { uuid: uuid(random), name: root, slug: slugOf(root), fullName: root, root },
    ...names.map((name) => ({ uuid: uuid(random), name, slug: slugOf(name), fullName: `${root} / ${name}`, root })),
  ])
}

export function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
}
