// A product CSV, Shopify's or ours → products with variants and images. Rows of one product stand together under its handle: the
// first names the product, the others add a variant, an image or both. A blank cell leaves what is already here.
import { readAmount, readUnits, type Figure } from '../files/figures.ts'
import { readGtin } from './gtin.ts'
import { safeHtml } from './safe-html.ts'
import { skuCharactersMax, skuFromHandle } from './sku.ts'

export type FileVariant = {
  line: number
  sku: string
  /** Made from handle and options, since the file names none. */
  skuDerived: boolean
  title: string
  options: Record<string, string>
  barcode: string | null
  priceMinor: number | null
  costMinor: number | null
  /** Null: the file does not say, which is not 0. */
  onHand: number | null
  weightGrams: number | null
  imageUrl: string | null
  vatRateBasisPoints: number | null
  lengthMm: number | null
  widthMm: number | null
  heightMm: number | null
}

export type FileProduct = {
  handle: string
  /** Of the file's rows: its variants' lines and those that only carry an image. */
  imageLines: number[]
  title: string
  description: string
  brand: string
  productType: string
  category: string
  tags: string[]
  images: { line: number; url: string; alt: string; position: number }[]
  variants: FileVariant[]
}

/** `rowTaken`: only that cell was left out. */
export type CellRefusal = { line: number; column: string | null; reason: string; text: string; rowTaken: boolean }

export type ProductRow = { line: number; cells: string[] }

export type ProductFile = {
  /** Where our columns stand in the file. */
  at: Record<string, number>
  headers: string[]
  decimalMark: '.' | ','
  currency: string
  /** Whose pictures are known by their path, wherever the hub is reached. */
  tenantId: string
}

const rowsOfProductMax = 5_000
const imageUrlShape = /^(?:https?:\/\/[^\s"'<>]{1,2000}|\/pictures\/[\w-]{36}\/[\w-]{36}\.[\w-]{43}\.(?:jpg|png))$/i

/** Gathers rows into products; a product is complete when the next handle begins. */
export function productGatherer(file: ProductFile) {
  let current: { product: FileProduct; optionNames: string[]; rows: number } | undefined
  const refusals: CellRefusal[] = []

  const push = (row: ProductRow): FileProduct | undefined => {
    const read = reader(file, row, refusals)
    const handle = read.text('handle')
    if (handle === '') {
      read.refuse('handle', 'The row has no handle, so it belongs to no product.')
      return undefined
    }
    const complete = current && current.product.handle !== handle ? end() : undefined
    current ??= startProduct(handle, read)
    current.rows += 1
    if (current.rows > rowsOfProductMax) read.refuse('handle', `More than ${rowsOfProductMax} rows of one product.`)
    else addRow(current.product, current.optionNames, read)
    return complete
  }

  const end = (): FileProduct | undefined => {
    const product = current?.product
    current = undefined
    return product && product.variants.length + product.imageLines.length > 0 ? product : undefined
  }

  return { push, end, takeRefusals: () => refusals.splice(0) }
}

type Reader = ReturnType<typeof reader>

function reader(file: ProductFile, row: ProductRow, refusals: CellRefusal[]) {
  const text = (column: string): string => {
    const at = file.at[column]
    return at === undefined ? '' : (row.cells[at] ?? '').trim().replace(/^'(?=[=+\-@\t\r])/, '')
  }
  const link = (column: string): string => {
    const url = text(column)
    const path = url.replace(/^https?:\/\/[^/]+/i, '')
    return path.startsWith(`/pictures/${file.tenantId}/`) ? path : url
  }
  const add = (rowTaken: boolean) => (column: string, reason: string) => {
    const at = file.at[column]
    refusals.push({
      line: row.line,
      column: at === undefined ? null : (file.headers[at] ?? null),
      reason,
      text: row.cells.join(' | '),
      rowTaken,
    })
  }
  const leaveOut = add(true)
  /** A cell that cannot be used is left out and said; the row goes on. */
  const figure = (column: string, read: (cell: string) => Figure): number | null => {
    const found = read(text(column))
    if (found.kind === 'refused') leaveOut(column, `${found.reason} The row was imported without it.`)
    return found.kind === 'known' ? found.value : null
  }
  return { line: row.line, file, text, link, figure, leaveOut, refuse: add(false) }
}

function startProduct(handle: string, read: Reader): { product: FileProduct; optionNames: string[]; rows: number } {
  const product: FileProduct = {
    handle,
    imageLines: [],
    title: read.text('title'),
    description: safeHtml(read.text('description')),
    brand: read.text('brand'),
    productType: read.text('productType'),
    category: read.text('category'),
    tags: [
      ...new Set(
        read
          .text('tags')
          .split(',')
          .map((tag) => tag.trim())
          .filter(Boolean),
      ),
    ],
    images: [],
    variants: [],
  }
  return { product, optionNames: [1, 2, 3].map((number) => read.text(`option${number}Name`)), rows: 0 }
}

function addRow(product: FileProduct, optionNames: string[], read: Reader): void {
  const url = read.link('imageUrl')
  const hasVariant = ['title', 'option1Value', 'sku', 'price'].some((column) => read.text(column) !== '')
  if (!hasVariant && url === '') return read.refuse('handle', 'The row has neither a variant nor an image.')
  if (hasVariant && !addVariant(product, optionNames, read)) return
  if (url !== '') addImage(product, url, read)
  if (!hasVariant) product.imageLines.push(read.line)
}

function addImage(product: FileProduct, url: string, read: Reader): void {
  if (!imageUrlShape.test(url))
    return read.leaveOut('imageUrl', 'The image has no web address that can be used. The row was imported without it.')
  if (product.images.some((image) => image.url === url)) return
  const position = Number(/^\d{1,4}$/.exec(read.text('imagePosition'))?.[0] ?? product.images.length + 1)
  product.images.push({ line: read.line, url, alt: read.text('imageAlt').slice(0, 500), position })
}

function addVariant(product: FileProduct, optionNames: string[], read: Reader): boolean {
  const { currency, decimalMark } = read.file
  const options = readOptions(optionNames, read)
  const values = Object.values(options)
  const written = read.text('sku').replace(/^'/, '')
  const sku = written === '' ? skuFromHandle(product.handle, values) : written
  if (sku.length > skuCharactersMax) {
    read.refuse('sku', `The SKU is longer than ${skuCharactersMax} characters.`)
    return false
  }
  const same = product.variants.find((variant) => variant.sku === sku)
  if (same) {
    read.refuse(
      'sku',
      written === ''
        ? `The same options stand on line ${same.line}.`
        : `The SKU “${sku}” stands on line ${same.line} already.`,
    )
    return false
  }
  const barcodeText = read.text('barcode')
  const barcode = readGtin(barcodeText) ?? null
  if (barcodeText !== '' && barcode === null)
    read.leaveOut(
      'barcode',
      `“${barcodeText}” is not a valid barcode (GTIN, EAN or UPC). The row was imported without it.`,
    )
  const variantImage = read.link('variantImageUrl') || read.link('imageUrl')
  product.variants.push({
    line: read.line,
    sku,
    skuDerived: written === '',
    title: values.join(' / '),
    options,
    barcode,
    priceMinor: readPrice(read),
    costMinor: read.figure('cost', (cell) => readAmount(cell, decimalMark, currency)),
    onHand: read.figure('onHand', (cell) => readUnits(cell, decimalMark)),
    weightGrams: readWeight(read),
    imageUrl: imageUrlShape.test(variantImage) ? variantImage : null,
    vatRateBasisPoints: readVatRate(read),
    lengthMm: readMillimetres(read, 'lengthMm'),
    widthMm: readMillimetres(read, 'widthMm'),
    heightMm: readMillimetres(read, 'heightMm'),
  })
  return true
}

/** A product without variations has the one option “Title: Default Title”, which is none. */
function readOptions(optionNames: string[], read: Reader): Record<string, string> {
  const options: Record<string, string> = {}
  for (const [at, name] of optionNames.entries()) {
    const value = read.text(`option${at + 1}Value`)
    if (value === '' || (name.toLowerCase() === 'title' && value.toLowerCase() === 'default title')) continue
    options[name || `Option ${at + 1}`] = value
  }
  return options
}

function readPrice(read: Reader): number | null {
  const price = read.figure('price', (cell) => readAmount(cell, read.file.decimalMark, read.file.currency))
  if (price !== 0) return price
  read.leaveOut('price', 'A price of 0 is no selling price. The row was imported without it.')
  return null
}

/** `20` or `5.5`, in percent. */
function readVatRate(read: Reader): number | null {
  // Hundredths are read as an amount of a currency with two decimals would be.
  const rate = read.figure('vatRate', (cell) => readAmount(cell.replace(/\s*%$/, ''), read.file.decimalMark, 'GBP'))
  if (rate === null || rate <= 10_000) return rate
  read.leaveOut('vatRate', 'A VAT rate is from 0 to 100 %. The row was imported without it.')
  return null
}

const millimetresMax = 100_000

function readMillimetres(read: Reader, column: string): number | null {
  const length = read.figure(column, (cell) => readUnits(cell, read.file.decimalMark))
  if (length === null || (length > 0 && length <= millimetresMax)) return length
  read.leaveOut(
    column,
    'A measure is whole millimetres, above 0 and below a hundred metres. The row was imported without it.',
  )
  return null
}

const gramsOf: Record<string, [grams: number, per: number]> = {
  g: [1, 1],
  kg: [1000, 1],
  oz: [28_349_523, 1_000_000],
  lb: [45_359_237, 100_000],
}

/** Whole grams. 0 is what Shopify writes where no weight was entered. */
function readWeight(read: Reader): number | null {
  const { decimalMark } = read.file
  // Thousandths are read as an amount of a currency with three decimals would be.
  const thousandths = (column: string) => read.figure(column, (cell) => readAmount(cell, decimalMark, 'KWD'))
  const grams = thousandths('grams')
  if (grams !== null) return Math.round(grams / 1000) || null
  const weight = thousandths('weight')
  const unit = gramsOf[read.text('weightUnit').toLowerCase() || 'kg']
  return weight === null || !unit ? null : Math.round((weight * unit[0]) / unit[1] / 1000) || null
}
