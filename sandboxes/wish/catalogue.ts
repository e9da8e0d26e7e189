// What the seeded store sells: made-up household things with colours and sizes, and the SKUs that break careless clients.
import { pick, wholeNumber } from '../kit/random.ts'
import { toMinor, showPrice } from './money.ts'
import { addProduct, removeProduct } from './products.ts'
import type { GivenListing, MadeListing } from '../kit/control.ts'
import type { Random } from '../kit/random.ts'
import type { Merchant, Wish } from './state.ts'

type Line = {
  name: string
  parentSku: string
  category: number
  state?: 'live' | 'draft' | 'ended' | 'removed'
  variations: { sku: string; price: number; stock: number; express?: number; options?: [string, string][] }[]
}

/** One product with one variation, its stock in the warehouse "Default". */
export function addListing(wish: Wish, merchant: Merchant, given: GivenListing, at: Date): MadeListing {
  const { sku, title: name, state = 'live', barcode } = given
  const variation = { sku, price: Number(given.price), stock: given.inventory }
  const product = addLine(wish, merchant, { name, parentSku: sku, category: 1001, state, variations: [variation] }, at)
  const [made] = product.variations
  if (made && barcode !== undefined) made.extra['gtin'] = barcode
  return { id: product.id, variantId: made?.id ?? null, sku }
}

function addLine(wish: Wish, merchant: Merchant, line: Line, at: Date) {
  const [standard, express] = merchant.warehouses
  const image = `https://images.example.test/${encodeURIComponent(line.parentSku)}.jpg`
  const shipping = showPrice(toMinor(1.5, merchant.currency), merchant.currency)
  const product = addProduct(
    wish,
    merchant,
    {
      content: {
        name: line.name,
        parent_sku: line.parentSku,
        description: `${line.name}. Checked and packed with care.`,
        tags: ['home'],
        condition: 'NEW',
        category_id: line.category,
        main_image: { url: image, is_clean_image: true },
        extra_images: [],
        default_shipping_prices: [{ default_shipping_price: shipping, warehouse_id: standard?.id }],
        attributes: [],
      },
      review: line.state === 'draft' ? 'pending' : 'approved',
      isEnabled: line.state !== 'ended',
      variations: line.variations.map((one) => ({
        sku: one.sku,
        amountMinor: toMinor(one.price, merchant.currency),
        inventories: {
          ...(standard ? { [standard.id]: one.stock } : {}),
          ...(express && one.express !== undefined ? { [express.id]: one.express } : {}),
        },
        extra: {
          options: (one.options ?? []).map(([name, value]) => ({ name, value })),
          logistics_details: { origin_country: 'CN', weight: 250 },
        },
      })),
    },
    { at, by: 'sandbox', cause: 'seeded' },
  )
  if (line.state === 'removed') removeProduct(wish, merchant, product, 'wish', at)
  return product
}

/** The hand-made lines first, then as many plain ones as asked for. */
export function seedCatalogue(
  wish: Wish,
  merchant: Merchant,
  { random, size, now }: { random: Random; size: number; now: Date },
): void {
  const plain = Array.from({ length: Math.max(0, size - specialLines.length) }, (_, index) => plainLine(random, index))
  const lines = [...specialLines, ...plain].slice(0, size)
  for (const [index, line] of lines.entries()) {
    // Eight an hour and some at the very same time, so that walks by time meet ties.
    const hours = Math.floor((lines.length - index) / 8) + 1
    addLine(wish, merchant, line, new Date(now.getTime() - hours * 3_600_000))
  }
}

const sizes = ['S', 'M', 'L', 'XL']
const specialLines: Line[] = [
  {
    name: 'Linen Apron',
    parentSku: 'APRON',
    category: 1001,
    variations: sizes.map((size, index) => ({
      sku: `APRON/${size}+BLUE`,
      price: 14.5,
      stock: 10 + index,
      options: [
        ['COLOR', 'Blue'],
        ['SIZE', size],
      ],
    })),
  },
  {
    name: 'Ceramic Planter with Saucer',
    parentSku: 'PLANTER',
    category: 1003,
    variations: [
      { sku: 'PLANT 100%', price: 9.9, stock: 30, express: 5, options: [['COLOR', 'White']] },
      { sku: 'PLANT 50%', price: 6.9, stock: 18, options: [['COLOR', 'Green']] },
    ],
  },
  {
    name: 'Garden Gloves',
    parentSku: 'GLOVES 🌱',
    category: 1003,
    variations: [{ sku: 'GLOVES-🌱', price: 5.25, stock: 60, express: 12 }],
  },
  {
    name: 'Wool Blanket',
    parentSku: 'BLANKET',
    category: 1002,
    variations: [{ sku: 'blanket a&b', price: 38, stock: 1 }],
  },
  {
    name: 'Tea Towels, set of 3',
    parentSku: 'TOWEL-3',
    category: 1001,
    variations: [{ sku: 'TOWEL-3', price: 8, stock: 0 }],
  },
  {
    name: 'Picnic Basket',
    parentSku: 'PICNIC',
    category: 1002,
    state: 'ended',
    variations: [{ sku: 'PICNIC', price: 45, stock: 4 }],
  },
  {
    name: 'Bird House in Review',
    parentSku: 'BIRDHOUSE',
    category: 1003,
    state: 'draft',
    variations: [{ sku: 'BIRDHOUSE', price: 12, stock: 7 }],
  },
  {
    name: 'Lantern Removed by Wish',
    parentSku: 'LANTERN',
    category: 1002,
    state: 'removed',
    variations: [{ sku: 'LANTERN', price: 17, stock: 3 }],
  },
]

const makes = ['Fernhill', 'Millbrook', 'Oakside', 'Rowan', 'Stonegate', 'Thistle', 'Underwood', 'Willow']
const things = [
  { name: 'Mixing Bowl', category: 1001, low: 6, high: 24 },
  { name: 'Cushion Cover', category: 1002, low: 5, high: 18 },
  { name: 'Watering Can', category: 1003, low: 9, high: 32 },
  { name: 'Cotton Shirt', category: 1004, low: 8, high: 28 },
  { name: 'Rain Jacket', category: 1005, low: 22, high: 60 },
  { name: 'Phone Stand', category: 1006, low: 4, high: 15 },
  { name: 'Wooden Puzzle', category: 1007, low: 7, high: 26 },
  { name: 'Silver Earrings', category: 1008, low: 6, high: 40 },
]
const colorNames = ['Black', 'White', 'Red', 'Green', 'Blue', 'Yellow']

function plainLine(random: Random, index: number): Line {
  const thing = pick(random, things)
  const make = pick(random, makes)
  const number = String(index + 1).padStart(4, '0')
  const parentSku = `${make.slice(0, 3).toUpperCase()}-${number}`
  const price = wholeNumber(random, thing.low * 4, thing.high * 4) / 4
  const count = wholeNumber(random, 1, 3)
  const colors = colorNames.slice(0, count)
  return {
    name: `${make} ${thing.name} No. ${index + 1}`,
    parentSku,
    category: thing.category,
    variations: colors.map((color) => ({
      sku: count === 1 ? parentSku : `${parentSku}-${color.slice(0, 3).toUpperCase()}`,
      price,
      stock: wholeNumber(random, 1, 40),
      options: [['COLOR', color]],
    })),
  }
}
