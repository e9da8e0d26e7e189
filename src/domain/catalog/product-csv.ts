// Products as rows of a file, in our own columns or in Shopify's. Ours come back by the import and change nothing; a product's
// words stand in its first row, further pictures in rows of their own.
import { moneyText, type Money } from '../money.ts'
import { optionNamesOf } from './product-draft.ts'

export type ProductCsvLayout = 'fairlead' | 'shopify'

export type CsvVariant = {
  sku: string
  title: string
  options: Record<string, string>
  barcode: string | null
  priceIncVat: Money | null
  vatRateBasisPoints: number | null
  weightGrams: number | null
  lengthMm: number | null
  widthMm: number | null
  heightMm: number | null
  imageUrl: string | null
  /** Over all suppliers; null: unknown. */
  available: number | null
  /** Of the seller's own stock. */
  ownOnHand: number | null
  ownCost: Money | null
}

export type CsvProduct = {
  handle: string
  title: string
  description: string
  brand: string | null
  productType: string | null
  category: string | null
  tags: string[]
  images: { url: string; alt: string; position: number }[]
  variants: CsvVariant[]
}

/** `link` gives a picture of ours the address by which the web reaches it. */
export type CsvOptions = { layout: ProductCsvLayout; currency: string; link(url: string): string }

type Row = {
  product: CsvProduct
  isFirst: boolean
  variant: CsvVariant | undefined
  image: CsvProduct['images'][number] | undefined
  /** Of its options. */
  names: string[]
}
type Cell = (row: Row, options: CsvOptions) => string
type Cells = Record<string, Cell>

export function productColumns(layout: ProductCsvLayout): string[] {
  return Object.keys(layouts[layout])
}

export function productRows(product: CsvProduct, options: CsvOptions): string[][] {
  const { variants, images } = product
  const names = optionNamesOf(variants)
  const cells = Object.values(layouts[options.layout])
  const rows: Omit<Row, 'isFirst'>[] = [
    ...variants.map((variant) => ({ product, variant, image: undefined, names })),
    // Beside a variant it would be taken for the variant's own.
    ...images.map((image) => ({ product, variant: undefined, image, names })),
  ]
  return rows.map((row, at) => cells.map((cell) => cell({ ...row, isFirst: at === 0 }, options)))
}

const first = (read: (product: CsvProduct) => string | null) => (row: Row) =>
  row.isFirst ? (read(row.product) ?? '') : ''
const of = (read: (variant: CsvVariant) => string | number | null) => (row: Row) =>
  row.variant ? String(read(row.variant) ?? '') : ''

const optionColumns = (label: (number: number) => string): Cells =>
  Object.fromEntries(
    [0, 1, 2].flatMap((at): [string, Cell][] => [
      [`${label(at + 1)} name`, (row) => (row.isFirst ? (row.names[at] ?? '') : '')],
      [`${label(at + 1)} value`, (row) => row.variant?.options[row.names[at] ?? ''] ?? ''],
    ]),
  )

/** A price in another currency than the file's is left out: a blank cell leaves what is here. */
const inCurrency = (money: Money | null, currency: string) => (money?.currency === currency ? moneyText(money) : '')

const ours: Cells = {
  Handle: (row) => row.product.handle,
  Title: first(({ title }) => title),
  Description: first(({ description }) => description),
  Brand: first(({ brand }) => brand),
  Category: first(({ category }) => category),
  'Product type': first(({ productType }) => productType),
  Tags: first(({ tags }) => tags.join(', ')),
  ...optionColumns((number) => `Option ${number}`),
  SKU: of(({ sku }) => sku),
  Barcode: of(({ barcode }) => barcode),
  'Price inc. VAT': ({ variant }, { currency }) => inCurrency(variant?.priceIncVat ?? null, currency),
  'VAT rate %': of(({ vatRateBasisPoints: rate }) => (rate === null ? null : percentText(rate))),
  'Weight in g': of(({ weightGrams }) => weightGrams),
  'Length in mm': of(({ lengthMm }) => lengthMm),
  'Width in mm': of(({ widthMm }) => widthMm),
  'Height in mm': of(({ heightMm }) => heightMm),
  'Variant picture': ({ variant }, { link }) => (variant?.imageUrl ? link(variant.imageUrl) : ''),
  Picture: ({ image }, { link }) => (image ? link(image.url) : ''),
  'Picture position': ({ image }) => (image ? String(image.position) : ''),
  'Picture text': ({ image }) => image?.alt ?? '',
  // Not read back: what suppliers have comes from them.
  'Available now (for information)': of(({ available }) => available),
}

/** A product without options has one by the name of Title there. */
const shopifyOptions = (at: number): [name: Cell, value: Cell] => [
  (row) => (row.isFirst ? (row.names[at] ?? (at === 0 ? 'Title' : '')) : ''),
  (row) => {
    const name = row.names[at]
    if (name === undefined) return at === 0 && row.variant ? 'Default Title' : ''
    return row.variant?.options[name] ?? ''
  },
]

const shopify: Cells = {
  Handle: (row) => row.product.handle,
  Title: first(({ title }) => title),
  'Body (HTML)': first(({ description }) => description),
  Vendor: first(({ brand }) => brand),
  'Product Category': first(({ category }) => category),
  Type: first(({ productType }) => productType),
  Tags: first(({ tags }) => tags.join(', ')),
  Published: first(() => 'true'),
  ...Object.fromEntries(
    [0, 1, 2].flatMap((at) => {
      const [name, value] = shopifyOptions(at)
      return [
        [`Option${at + 1} Name`, name],
        [`Option${at + 1} Value`, value],
      ]
    }),
  ),
  'Variant SKU': of(({ sku }) => sku),
  'Variant Grams': of(({ weightGrams }) => weightGrams),
  'Variant Inventory Tracker': of(() => 'shopify'),
  'Variant Inventory Qty': of(({ ownOnHand }) => ownOnHand),
  'Variant Inventory Policy': of(() => 'deny'),
  'Variant Fulfillment Service': of(() => 'manual'),
  'Variant Price': ({ variant }, { currency }) => inCurrency(variant?.priceIncVat ?? null, currency),
  'Variant Requires Shipping': of(() => 'true'),
  'Variant Taxable': of(() => 'true'),
  'Variant Barcode': of(({ barcode }) => barcode),
  'Image Src': ({ image }, { link }) => (image ? link(image.url) : ''),
  'Image Position': ({ image }) => (image ? String(image.position) : ''),
  'Image Alt Text': ({ image }) => image?.alt ?? '',
  'Variant Image': ({ variant }, { link }) => (variant?.imageUrl ? link(variant.imageUrl) : ''),
  'Variant Weight Unit': of(({ weightGrams }) => (weightGrams === null ? null : 'g')),
  'Cost per item': ({ variant }, { currency }) => inCurrency(variant?.ownCost ?? null, currency),
  Status: first(() => 'active'),
}

const layouts: Record<ProductCsvLayout, Cells> = { fairlead: ours, shopify }

/** 2000 → 20, 550 → 5.5. */
function percentText(basisPoints: number): string {
  const [whole = '', rest = ''] = moneyText({ minor: basisPoints, currency: 'GBP' }).split('.')
  const fraction = rest.replace(/0+$/, '')
  return fraction === '' ? whole : `${whole}.${fraction}`
}
