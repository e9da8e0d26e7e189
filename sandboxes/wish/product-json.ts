// A product as the API shows it: whole, or shallow as lists do, without anything a stock or price could be read from.
import { showPrice } from './money.ts'
import { stateOf, statusOf } from './products.ts'
import { categories } from './reference.ts'
import type { Merchant, Product, ProductRequest, Variation } from './state.ts'

type Json = Record<string, unknown>

/** Written by the seller, never read back. */
const writeOnly = new Set(['consignment', 'variations', 'status', 'id', 'language'])
/** The only content a null is shown for. */
const nullable = new Set(['category_id', 'subcategory_id', 'attributes'])

export function showProduct(merchant: Merchant, product: Product): Json {
  return {
    ...showContent(product, () => true),
    ...showCommon(product),
    is_csp_enabled: product.isCalculatedShipping,
    ...(typeof product.content['category_id'] === 'number'
      ? { category: categories[product.content['category_id']] ?? 'Other' }
      : {}),
    variations: product.variations.map((one) => showVariation(merchant, one)),
    request_id: product.requestId ?? null,
  }
}

const shallow = new Set([
  'parent_sku',
  'name',
  'description',
  'tags',
  'condition',
  'category_id',
  'subcategory_id',
  'brand_id',
  'msrp',
  'max_quantity',
  'reference_value',
  'unit',
  'california_prop65_warning_type',
  'california_prop65_chemical_names',
])

export function showShallow(product: Product): Json {
  return { ...showContent(product, (key) => shallow.has(key)), ...showCommon(product) }
}

export function showVariation(merchant: Merchant, variation: Variation): Json {
  const { extra } = variation
  const amount = showPrice(variation.amountMinor, merchant.currency)
  return {
    ...Object.fromEntries(Object.entries(extra).filter(([key, value]) => value !== null || key === 'attributes')),
    id: variation.id,
    product_id: variation.productId,
    sku: variation.sku,
    status: variation.status,
    ...(merchant.revenueType === 'COST_BASED' ? { cost: amount } : { price: amount }),
    inventories: Object.entries(variation.inventories).map(([id, inventory]) => ({ warehouse_id: id, inventory })),
  }
}

export function showRequest(merchant: Merchant, request: ProductRequest): Json {
  const product = merchant.products.get(request.productId)
  return {
    id: request.id,
    product_id: request.productId,
    status: request.status,
    created_at: request.createdAt.toISOString(),
    ...(request.blockingReason === undefined ? {} : { blocking_reason: request.blockingReason }),
    ...(product
      ? {
          product_dict: showProduct(merchant, { ...product, content: { ...product.content, ...request.change } }),
        }
      : {}),
  }
}

function showContent(product: Product, isShown: (key: string) => boolean): Json {
  const shown: Json = {}
  for (const [key, value] of Object.entries(product.content)) {
    if (writeOnly.has(key) || !isShown(key) || value === undefined) continue
    if (value === null && !nullable.has(key)) continue
    shown[key] = value
  }
  return shown
}

function showCommon(product: Product): Json {
  return {
    id: product.id,
    state: stateOf(product),
    status: statusOf(product),
    // Cut to whole seconds, which makes ties likely after an import.
    created_at: product.createdAt.toISOString(),
    updated_at: product.updatedAt.toISOString(),
    is_promoted: false,
    num_sold: product.sold,
    num_saves: 0,
    category_experience_eligibility: false,
  }
}
