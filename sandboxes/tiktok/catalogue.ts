// What the seeded shops sell, and products made by hand: listed and buyable at once, without review.
import { pick, wholeNumber } from '../kit/random.ts'
import { keepImage, plainPng } from './image-routes.ts'
import { addProduct } from './products.ts'
import { attributes, categoryNamed, leaves } from './reference.ts'
import { nextId, salesWarehouses } from './state.ts'
import type { Random } from '../kit/random.ts'
import type { Content, Product, ProductStatus, SalesAttribute, Shop, Sku, Tiktok } from './state.ts'

export type CatalogueSku = {
  sku: string
  priceMinor: number
  /** In the default warehouse, the others have none; or by warehouse in the shop's order. */
  stock: number | number[]
  barcode?: string
  /** Values of built-in sales attributes, by name. */
  variation?: Record<string, string>
}

export type CatalogueLine = { title: string; skus: CatalogueSku[]; category?: string; status?: ProductStatus }

export function addCatalogueLine(tiktok: Tiktok, shop: Shop, line: CatalogueLine, at: Date): Product {
  const image = [...tiktok.images.keys()][0] ?? seedImage(tiktok)
  const category = line.category === undefined ? leaves[0] : categoryNamed(line.category)
  return addProduct(tiktok, {
    shopId: shop.id,
    content: contentOf(line.title, { categoryId: category?.id ?? '', image }),
    skus: line.skus.map((sku) => skuOf(tiktok, { shop, sku, at })),
    status: line.status ?? 'ACTIVATE',
    at,
  })
}

function contentOf(title: string, { categoryId, image }: { categoryId: string; image: string }): Content {
  return {
    title,
    description: `<p>${title.replaceAll(/[<>&]/g, ' ')}. Checked and packed with care.</p>`,
    categoryId,
    brandId: undefined,
    imageUris: [image],
    attributes: noBatteries,
    packageWeight: { value: '0.4', unit: 'KILOGRAM' },
    packageDimensions: { length: '20', width: '15', height: '8', unit: 'CENTIMETER' },
    extra: {},
  }
}

const noBatteries: Content['attributes'] = [
  { id: '100392', name: 'Contains Batteries or Cells?', values: [{ id: '1000326', name: 'None' }] },
]

function skuOf(tiktok: Tiktok, { shop, sku, at }: { shop: Shop; sku: CatalogueSku; at: Date }): Sku {
  const given = typeof sku.stock === 'number' ? [sku.stock] : sku.stock
  const stock = Object.fromEntries(salesWarehouses(shop).map((one, index) => [one.id, given[index] ?? 0]))
  const quantity = given.reduce((sum, one) => sum + one, 0)
  return {
    id: nextId(tiktok),
    sellerSku: sku.sku,
    priceMinor: sku.priceMinor,
    stock,
    committed: {},
    salesAttributes: Object.entries(sku.variation ?? {}).map(([name, value]) => variationOf(name, value)),
    identifier: sku.barcode === undefined ? undefined : { code: sku.barcode, type: 'EAN' },
    externalId: undefined,
    isInPromotion: false,
    history: [{ at: at.toISOString(), by: 'sandbox', quantity, priceMinor: sku.priceMinor }],
  }
}

function variationOf(name: string, valueName: string): SalesAttribute {
  const attribute = attributes.find((one) => one.name === name)
  const value = attribute?.values.find((one) => one.name === valueName)
  if (!attribute || !value) throw new Error(`There is no ${name} ${valueName}.`)
  return { id: attribute.id, name, valueId: value.id, valueName }
}

function seedImage(tiktok: Tiktok): string {
  const about = { useCase: 'MAIN_IMAGE', width: 400, height: 400, type: 'image/png' }
  return keepImage(tiktok, plainPng(400, [206, 196, 180]), about).uri
}

/** The hand-made lines first, then as many plain ones as asked for; two small shops beside the first. */
export function seedCatalogue(tiktok: Tiktok, random: Random, options: { size: number; now: Date }): void {
  const [first, ...others] = tiktok.shops
  if (!first || options.size <= 0) return
  const plain = Array.from({ length: Math.max(0, options.size - specialLines.length) }, (_, index) =>
    plainLine(random, index),
  )
  const lines = [...specialLines, ...plain].slice(0, options.size)
  // Not all at one second, because a search gives 10,000 hits at most and clients cut it by time.
  const gapMs = Math.max(1000, Math.min(3_600_000, Math.floor((300 * 86_400_000) / lines.length)))
  for (const [index, line] of lines.entries()) {
    addCatalogueLine(tiktok, first, line, new Date(options.now.getTime() - (lines.length - index) * gapMs))
  }
  for (const [index, shop] of others.entries()) {
    for (const number of [1, 2, 3]) {
      const sku = { sku: `SHOP${index + 2}-000${number}`, priceMinor: 500 * number, stock: 10 * number }
      const line = { title: `${shop.name} product ${number}`, skus: [sku] }
      addCatalogueLine(tiktok, shop, line, new Date(options.now.getTime() - number * 3_600_000))
    }
  }
}

const one = (sku: string, priceMinor: number, stock: number | number[]): CatalogueSku[] => [{ sku, priceMinor, stock }]

const specialLines: CatalogueLine[] = [
  { title: 'Kestrel Steel Bottle 500 ml', category: 'Bottles & Flasks', skus: one('KES-BTL/500', 1499, [24, 6]) },
  { title: 'Kestrel Steel Bottle 750 ml', category: 'Bottles & Flasks', skus: one('KES-BTL+750', 1799, [12, 0]) },
  { title: 'Oakline Beeswax Polish', category: 'Knives & Boards', skus: one('OAK-100%', 950, [60, 20]) },
  { title: 'Tandem Nickel Strings 10-46', category: 'Strings', skus: one('STR&10-46', 695, [200, 0]) },
  { title: 'Tandem Coated Strings 10-46', category: 'Strings', skus: one('Str&10-46', 1150, [80, 0]) },
  {
    title: 'Lowmoor Cotton T-shirt',
    category: 'T-shirts',
    skus: (['S', 'M', 'L'] as const).flatMap((size) =>
      (['Black', 'White'] as const).map((colour) => ({
        sku: `LOW-TEE-${size}-${colour.slice(0, 2).toUpperCase()}`,
        priceMinor: 1299,
        stock: [15, 5],
        variation: { Colour: colour, Size: size },
      })),
    ),
  },
  // Two products sharing one SKU.
  { title: 'Tandem Clip Lamp, black', category: 'Lamps & Torches', skus: one('CLIP-LAMP', 1400, [40, 0]) },
  { title: 'Tandem Clip Lamp, white', category: 'Lamps & Torches', skus: one('CLIP-LAMP', 1400, [15, 0]) },
  { title: 'Oakline Leather Strap without a code', category: 'Straps & Picks', skus: one('', 3900, [10, 0]) },
  { title: 'Birchvale Hickory Sticks 5A', category: 'Drum Sticks', skus: one('STICKS-5A-🥁', 899, [30, 10]) },
  { title: 'Corvane Studio Headphones', category: 'Headphones', skus: one('COR-HP1', 7900, [1, 0]) },
  { title: 'Harrow Bread Board, sold out', category: 'Knives & Boards', skus: one('HAR-BRD', 2400, [0, 0]) },
  { title: 'Pinewater Baking Tin', category: 'Bakeware', skus: one('DRAFT-01', 1200, [6, 0]), status: 'DRAFT' },
  {
    title: 'Pinewater Cake Stand',
    category: 'Bakeware',
    skus: one('ENDED-01', 2100, [5, 0]),
    status: 'SELLER_DEACTIVATED',
  },
  {
    title: 'Kestrel Cable Set',
    category: 'Cables & Chargers',
    skus: one('SUSP-01', 999, [5, 0]),
    status: 'PLATFORM_DEACTIVATED',
  },
  { title: 'Kestrel Phone Cover', category: 'Cases & Covers', skus: one('FAIL-01', 799, [5, 0]), status: 'FAILED' },
  { title: 'Corvane Speaker', category: 'Speakers', skus: one('FROZEN-01', 4900, [3, 0]), status: 'FREEZE' },
  { title: 'Harrow Old Mug', category: 'Drinkware', skus: one('DELETED-01', 500, [3, 0]), status: 'DELETED' },
]

const makes = ['Kestrel', 'Oakline', 'Harrow', 'Birchvale', 'Corvane', 'Lowmoor', 'Tandem', 'Pinewater']
const things = [
  { name: 'Storage Box', category: 'Storage Boxes', low: 400, high: 2500 },
  { name: 'Wall Hooks', category: 'Hooks & Rails', low: 300, high: 1500 },
  { name: 'Camping Torch', category: 'Lamps & Torches', low: 700, high: 4000 },
  { name: 'Yoga Mat', category: 'Mats & Bands', low: 900, high: 4500 },
  { name: 'Charging Cable', category: 'Cables & Chargers', low: 300, high: 2000 },
  { name: 'Glass Tumblers', category: 'Drinkware', low: 600, high: 3000 },
  { name: 'Paring Knife', category: 'Knives & Boards', low: 500, high: 3500 },
  { name: 'Guitar Strap', category: 'Straps & Picks', low: 700, high: 4000 },
]

function plainLine(random: Random, index: number): CatalogueLine {
  const thing = pick(random, things)
  const make = pick(random, makes)
  const number = String(index + 1).padStart(4, '0')
  const priceMinor = wholeNumber(random, thing.low, thing.high)
  return {
    title: `${make} ${thing.name} No. ${index + 1}`,
    category: thing.category,
    skus: one(`${make.slice(0, 3).toUpperCase()}-${number}`, priceMinor, [
      wholeNumber(random, 1, 40),
      wholeNumber(random, 0, 10),
    ]),
  }
}
