// The SKUs a client sends: price, stock by warehouse, barcode, and the sales attributes that tell them apart.
import { objectOf, objects, refuse, text } from './call.ts'
import { minorOf } from './money.ts'
import { attributes } from './reference.ts'
import { defaultWarehouse, nextId } from './state.ts'
import type { Asked, Body, Refusal } from './call.ts'
import type { Product, SalesAttribute, Shop, Sku, Tiktok } from './state.ts'

type Read<Value> = { value: Value } | { refusal: Refusal }

const skusMax = 100
const attributesMax = 3
const sellerSkuMax = 50
const priceMinorMax = 560_000
export const quantityMax = 99_999

export function readSkus(asked: Asked, sent: Body[], current: Product | undefined): Read<Sku[]> {
  if (sent.length > skusMax) return refused(12_052_050, 'A single product cannot have more than 100 different SKUs')
  const skus: Sku[] = []
  for (const one of sent) {
    const existing = current?.skus.find((sku) => sku.id === one['id'])
    if (one['id'] !== undefined && !existing) return refused(12_052_557, 'The SKU ID does not belong to the product.')
    const read = readSku(asked, one, existing)
    if ('refusal' in read) return read
    skus.push(read.value)
  }
  const clash = checkTogether(skus)
  return clash ? { refusal: clash } : { value: skus }
}

function readSku({ tiktok, shop }: Asked, sent: Body, existing: Sku | undefined): Read<Sku> {
  const sellerSku = text(sent['seller_sku']) ?? ''
  if (sellerSku.length > sellerSkuMax) {
    return refused(12_052_054, 'The seller SKU text length cannot exceed max limit characters')
  }
  if (/\s/.test(sellerSku)) return refused(12_019_059, 'seller sku is invalid')
  const price = sent['price'] === undefined && existing ? existing.priceMinor : readPrice(sent['price'], shop)
  if (typeof price !== 'number') return { refusal: price }
  const stock =
    sent['inventory'] === undefined && existing
      ? { value: existing.stock }
      : readStock(tiktok, { sent, shop, existing })
  if ('refusal' in stock) return stock
  const salesAttributes = readSalesAttributes(tiktok, sent)
  if ('refusal' in salesAttributes) return salesAttributes
  const code = objectOf(sent['identifier_code'])
  const identifier = code && { code: text(code['code']) ?? '', type: text(code['type']) ?? '' }
  if (identifier && !/^\d{8,14}$/.test(identifier.code)) {
    return refused(12_052_591, 'Invalid number of digits of identifier code')
  }
  if (existing?.identifier && identifier && existing.identifier.code !== identifier.code) {
    return refused(12_052_593, 'The identifier code cannot be changed after submission.')
  }
  return {
    value: {
      id: existing?.id ?? nextId(tiktok),
      sellerSku,
      priceMinor: price,
      stock: stock.value,
      committed: existing?.committed ?? {},
      salesAttributes: salesAttributes.value,
      identifier: identifier ?? existing?.identifier,
      externalId: text(sent['external_sku_id']) ?? existing?.externalId,
      isInPromotion: existing?.isInPromotion ?? false,
      history: existing?.history ?? [],
    },
  }
}

/** In the shop's currency, within the market's range. */
export function readPrice(value: unknown, shop: Shop): number | Refusal {
  const sent = objectOf(value)
  const minor = minorOf(sent?.['amount'])
  if (sent && sent['currency'] !== shop.currency) {
    return refuse(12_052_084, 'The provided currency is not available for this shop/region.')
  }
  if (minor === undefined || minor < 1) return refuse(12_052_073, 'The product price is invalid')
  return minor > priceMinorMax ? refuse(12_052_570, 'product price exceed limit') : minor
}

function readStock(
  tiktok: Tiktok,
  { sent, shop, existing }: { sent: Body; shop: Shop; existing: Sku | undefined },
): Read<Record<string, number>> {
  const stock: Record<string, number> = {}
  for (const one of objects(sent['inventory'])) {
    const id = text(one['warehouse_id']) ?? defaultWarehouse(shop).id
    const problem = checkWarehouse(shop, id) ?? checkQuantity(tiktok, one['quantity'])
    if (problem) return { refusal: problem }
    stock[id] = one['quantity'] as number
  }
  if (Object.keys(stock).length === 0) {
    return refused(12_052_096, 'SKUs with no warehouse. Assign a warehouse and try again.')
  }
  const isSame = !existing || Object.keys(existing.stock).toSorted().join() === Object.keys(stock).toSorted().join()
  if (isSame) return { value: stock }
  const message =
    'Removal, addition, and change of warehouses are not permitted. Please specify the original warehouses.'
  return refused(12_052_533, message)
}

export function checkWarehouse(shop: Shop, id: string): Refusal | undefined {
  const warehouse = shop.warehouses.find((one) => one.id === id)
  if (!warehouse) return refuse(12_052_530, `The warehouse ' ${id} ' does not belong to this shop/seller.`)
  if (warehouse.type !== 'SALES_WAREHOUSE') return refuse(12_052_532, 'the warehouse not delivery warehouse')
  return warehouse.status === 'DISABLED' ? refuse(12_052_531, 'The warehouse is disabled.') : undefined
}

export function checkQuantity(tiktok: Tiktok, quantity: unknown): Refusal | undefined {
  const min = tiktok.choices.zeroStock === 'accepted' ? 0 : 1
  const isFine =
    typeof quantity === 'number' && Number.isInteger(quantity) && quantity >= min && quantity <= quantityMax
  if (isFine) return undefined
  return refuse(12_052_055, 'The SKU inventory quantity for the warehouse must be within allowed limits.')
}

/** Names of the seller's own get ids. */
function readSalesAttributes(tiktok: Tiktok, sent: Body): Read<SalesAttribute[]> {
  const read: SalesAttribute[] = []
  for (const one of objects(sent['sales_attributes'])) {
    const known = attributes.find((item) => item.id === one['id'] || item.name === one['name'])
    const value = known?.values.find((item) => item.id === one['value_id'] || item.name === one['value_name'])
    const name = text(one['name']) ?? known?.name
    const valueName = text(one['value_name']) ?? value?.name
    if (name === undefined) return refused(12_052_527, 'The sale attribute id not exist.')
    if (valueName === undefined) return refused(12_052_529, 'The property value id not exist.')
    const imageUri = text(objectOf(one['sku_img'])?.['uri'])
    if (imageUri !== undefined && !tiktok.images.has(imageUri)) {
      return refused(12_052_520, 'product sale property image uri illegal')
    }
    const id = known?.id ?? ownId('attribute', name)
    const valueId = value?.id ?? ownId('value', `${id} ${valueName}`)
    read.push({ id, name, valueId, valueName, ...(imageUri === undefined ? {} : { imageUri }) })
  }
  if (read.length > attributesMax) return refused(12_052_525, 'The attribute max num cannot exceed 3.')
  if (new Set(read.map((one) => one.id)).size < read.length) return refused(12_052_254, 'Duplicate attribute id')
  return { value: read }
}

/** The same name is the same attribute, also across SKUs. */
function ownId(kind: string, name: string): string {
  const digits = Buffer.from(`${kind} ${name}`).reduce((sum, byte) => (sum * 131 + byte) % 9_000_000_000, 7)
  return `72${String(digits + 1_000_000_000).padStart(10, '0')}`
}

function checkTogether(skus: Sku[]): Refusal | undefined {
  const sets = skus.map((sku) =>
    sku.salesAttributes
      .map((one) => one.id)
      .toSorted()
      .join(),
  )
  if (skus.length > 1 && (sets[0] === '' || new Set(sets).size > 1)) {
    return refuse(12_052_550, 'SKU property must contain all properties')
  }
  const combinations = skus.map((sku) =>
    sku.salesAttributes
      .map((one) => `${one.id}=${one.valueId}`)
      .toSorted()
      .join(),
  )
  if (skus.length > 1 && new Set(combinations).size < skus.length) {
    return refuse(12_052_560, 'The SKU contains duplicate sales attribute.')
  }
  const codes = skus.flatMap((sku) => sku.identifier?.code ?? [])
  if (new Set(codes).size < codes.length) {
    return refuse(12_052_592, 'Identifier code already entered, cannot enter the same code twice')
  }
  const all = skus.flatMap((sku) => sku.salesAttributes)
  const pictured = new Set(all.filter((one) => one.imageUri !== undefined).map((one) => one.id))
  const isGap = all.some((one) => pictured.has(one.id) && one.imageUri === undefined)
  if (pictured.size > 1 || isGap) {
    return refuse(12_052_528, 'You can add images to only 1 product variation, for every value of it.')
  }
  return undefined
}

function refused(code: number, message: string): { refusal: Refusal } {
  return { refusal: refuse(code, message) }
}
