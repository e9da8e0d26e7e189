// Stock and prices. A stock update is answered with code 0 whatever happens; refusals stand inside.
import { done, objects, refuse, text, texts } from './call.ts'
import { aboutOne, findProduct, noProduct, wrongState } from './product-routes.ts'
import { showInventory } from './product-json.ts'
import { availableOf, isHidden, readProduct, setPrice, setStock } from './products.ts'
import { checkQuantity, checkWarehouse, readPrice } from './sku-input.ts'
import { unixSeconds } from './state.ts'
import { notify } from './news.ts'
import type { Asked, Body, Refusal, Result, Route } from './call.ts'
import type { Product, Sku } from './state.ts'

const productIdsMax = 100
const skuIdsMax = 600
const writing = { scopes: ['seller.product.write'], cipher: 'required', isWrite: true } as const

export const stockRoutes: readonly Route[] = [
  {
    ...writing,
    operation: 'inventory.update',
    method: 'POST',
    path: '/product/202309/products/{product_id}/inventory/update',
    word: 'stock',
    fields: { skus: 'array' },
    required: ['skus', 'skus.id', 'skus.inventory', 'skus.inventory.quantity'],
    about: aboutOne,
    handle: updateStock,
  },
  {
    ...writing,
    operation: 'prices.update',
    method: 'POST',
    path: '/product/202309/products/{product_id}/prices/update',
    word: 'products',
    fields: { skus: 'array' },
    required: ['skus', 'skus.id', 'skus.price', 'skus.price.currency'],
    about: aboutOne,
    handle: updatePrices,
  },
  {
    scopes: ['seller.product.basic'],
    cipher: 'required',
    operation: 'inventory.search',
    method: 'POST',
    path: '/product/202309/inventory/search',
    fields: { product_ids: 'array', sku_ids: 'array' },
    handle: searchStock,
  },
]

function updateStock(asked: Asked): Result {
  const product = findProduct(asked, asked.params['product_id'])
  if (!product) return noProduct
  if (product.status === 'FREEZE' || product.status === 'DELETED') return wrongState
  const sent = objects(asked.body['skus'])
  if (new Set(sent.map((one) => one['id'])).size < sent.length) return refuse(12_052_553, 'Sku id duplicate')
  const errors = sent.flatMap((one) => updateSku(asked, product, one) ?? [])
  return done({ errors })
}

type StockError = {
  code: number
  message: string
  detail: { sku_id: string; extra_errors: { warehouse_id?: string; code: number; message: string }[] }
}

function updateSku(asked: Asked, product: Product, sent: Body): StockError | undefined {
  const id = text(sent['id']) ?? ''
  const sku = product.skus.find((one) => one.id === id)
  const fail = ({ code, message }: Refusal, warehouseId?: string): StockError => ({
    code,
    message,
    detail: {
      sku_id: id,
      extra_errors: [{ ...(warehouseId === undefined ? {} : { warehouse_id: warehouseId }), code, message }],
    },
  })
  if (!sku) return fail(refuse(12_052_556, 'The SKU id not exist.'))
  const stock: Record<string, number> = {}
  for (const one of objects(sent['inventory'])) {
    const own = Object.keys(sku.stock)
    const warehouseId = text(one['warehouse_id']) ?? (own.length === 1 ? own[0] : undefined)
    if (warehouseId === undefined) return fail(allWarehouses)
    const problem = checkWarehouse(asked.shop, warehouseId) ?? checkQuantity(asked.tiktok, one['quantity'])
    if (problem) return fail(problem, warehouseId)
    if (!Object.hasOwn(sku.stock, warehouseId)) return fail(otherWarehouses, warehouseId)
    stock[warehouseId] = one['quantity'] as number
  }
  if (Object.keys(sku.stock).some((one) => !Object.hasOwn(stock, one))) return fail(allWarehouses)
  const wanted = Object.values(stock).reduce((sum, one) => sum + one, 0)
  if (sku.isInPromotion && wanted < availableOf(sku)) {
    return fail(refuse(12_052_393, "Product locked for Promotion and stock can't be updated below current stock"))
  }
  changeStock(asked, product, sku, stock)
  return undefined
}

function changeStock({ tiktok, at }: Asked, product: Product, sku: Sku, stock: Record<string, number>): void {
  const before = availableOf(sku)
  setStock(product, sku, { stock, by: 'seller', at })
  const quantity = availableOf(sku)
  if (quantity > 0 === before > 0) return
  notify(tiktok, 'INVENTORY_STATUS_CHANGE', product.shopId, at, {
    product_id: product.id,
    sku_id: sku.id,
    trigger_reason: { alert_type: 'REALTIME', lead_days: 0, low_stock_threshold: 0 },
    current_inventory_status: quantity > 0 ? 'SUFFICIENT_STOCK' : 'OUT_OF_STOCK',
    inventory_distribution: { total_quantity: quantity, available_quantity: quantity, committed_quantity: 0 },
    update_time: unixSeconds(at),
  })
}

const allWarehouses = refuse(
  12_019_028,
  'Multiple warehouses detected. Include all warehouse IDs and the corresponding details and try again.',
)
const otherWarehouses = refuse(
  12_052_533,
  'Removal, addition, and change of warehouses are not permitted. Please specify the original warehouses for the SKUs.',
)

/** All or nothing. */
function updatePrices(asked: Asked): Result {
  const { shop, at } = asked
  const product = findProduct(asked, asked.params['product_id'])
  if (!product) return noProduct
  if (product.status !== 'ACTIVATE') return refuse(12_019_113, 'product status is invalid')
  const changes: { sku: Sku; minor: number }[] = []
  for (const sent of objects(asked.body['skus'])) {
    const sku = product.skus.find((one) => one.id === sent['id'])
    if (!sku) return refuse(12_052_557, 'The SKU ID does not belong to the product.')
    if (sku.isInPromotion) return refuse(12_052_038, 'Product price locked due to ongoing promotion.')
    const minor = readPrice(sent['price'], shop)
    if (typeof minor !== 'number') return minor
    changes.push({ sku, minor })
  }
  for (const { sku, minor } of changes) setPrice(product, sku, { minor, by: 'seller', at })
  return done({})
}

function searchStock(asked: Asked): Result {
  const { tiktok, at, body } = asked
  const productIds = texts(body['product_ids'])
  const skuIds = texts(body['sku_ids'])
  if (productIds.length > productIdsMax) {
    return refuse(12_019_120, 'The number of provided product IDs exceeds the limit.')
  }
  if (skuIds.length > skuIdsMax) return refuse(12_019_015, 'The number of SKU exceed the limit')
  const wanted = new Set(skuIds)
  const owners = skuIds.flatMap((id) => tiktok.skus.get(id)?.product.id ?? [])
  const inventory = [...new Set([...productIds, ...owners])].flatMap((id) => {
    const found = findProduct(asked, id)
    if (!found || found.status === 'DELETED' || isHidden(tiktok, found, at)) return []
    const product = readProduct(tiktok, found, at)
    const isWhole = productIds.includes(id)
    return showInventory(product, isWhole ? product.skus : product.skus.filter((sku) => wanted.has(sku.id)))
  })
  return done({ inventory })
}
