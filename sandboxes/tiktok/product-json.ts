// A product as the API shows it, alone and in lists. What is written as one thing is often read as another.
import { amount } from './money.ts'
import { auditStatus, availableOf, committedOf } from './products.ts'
import { categoryChain, deliveryOptions } from './reference.ts'
import { shopOf, unixSeconds } from './state.ts'
import type { Content, Product, Revision, SalesAttribute, Shop, Sku, Tiktok } from './state.ts'

/** `version` is the one shown: what is live, under review or a draft. */
export function showProduct(tiktok: Tiktok, product: Product, version: Revision): Record<string, unknown> {
  const { content } = version
  const shop = shopOf(tiktok, product.shopId)
  return {
    id: product.id,
    status: product.status,
    product_status: product.status === 'PENDING' || product.status === 'FAILED' ? 'INITIAL' : product.status,
    audit: { status: auditStatus(product), pre_approved_reasons: [] },
    ...(product.auditFailure === undefined ? {} : { audit_failed_reasons: [failure(product.auditFailure)] }),
    title: content.title,
    description: content.description,
    category_chains: categoryChain(content.categoryId).map((one) => ({
      id: one.id,
      parent_id: one.parentId,
      local_name: one.name,
      is_leaf: one.isLeaf,
    })),
    ...showBrand(tiktok, content),
    main_images: content.imageUris.map((uri) => showImage(tiktok, uri)),
    product_attributes: content.attributes,
    ...(content.packageWeight ? { package_weight: content.packageWeight } : {}),
    ...(content.packageDimensions ? { package_dimensions: content.packageDimensions } : {}),
    skus: version.skus.map((sku) => showSku(tiktok, sku, shop)),
    delivery_options: deliveryOptions.map(({ id, name }) => ({ id, name, is_available: true })),
    is_cod_allowed: content.extra.is_cod_allowed ?? false,
    ...(content.extra.external_product_id === undefined
      ? {}
      : { external_product_id: content.extra.external_product_id }),
    has_draft: product.draft !== undefined,
    is_not_for_sale: false,
    is_pre_owned: false,
    is_replicated: false,
    create_time: unixSeconds(product.createdAt),
    update_time: unixSeconds(product.updatedAt),
  }
}

export function showProductInList(tiktok: Tiktok, product: Product, version: string): Record<string, unknown> {
  const shop = shopOf(tiktok, product.shopId)
  const isNew = version === '202502'
  return {
    id: product.id,
    title: product.content.title,
    status: product.status,
    sales_regions: [shop.region],
    ...(isNew
      ? {
          audit: { status: auditStatus(product), pre_approved_reasons: [] },
          has_draft: product.draft !== undefined,
          is_not_for_sale: false,
        }
      : {}),
    skus: product.skus.map((sku) => ({
      id: sku.id,
      seller_sku: sku.sellerSku,
      price: showPrice(sku, shop),
      inventory: showStock(sku),
      ...(isNew ? { status_info: { status: 'NORMAL' } } : {}),
    })),
    create_time: unixSeconds(product.createdAt),
    update_time: unixSeconds(product.updatedAt),
  }
}

export function showSaved(product: Product, skus: readonly Sku[]): Record<string, unknown> {
  return {
    product_id: product.id,
    skus: skus.map((sku) => ({
      id: sku.id,
      seller_sku: sku.sellerSku,
      ...(sku.externalId === undefined ? {} : { external_sku_id: sku.externalId }),
      sales_attributes: sku.salesAttributes.map((one) => ({ id: one.id, value_id: one.valueId })),
    })),
  }
}

export function showInventory(product: Product, skus: readonly Sku[]): Record<string, unknown> {
  return {
    product_id: product.id,
    skus: skus.map((sku) => ({
      id: sku.id,
      seller_sku: sku.sellerSku,
      total_available_quantity: availableOf(sku),
      total_committed_quantity: committedOf(sku),
      total_available_inventory_distribution: { in_shop_inventory: { quantity: availableOf(sku) } },
      warehouse_inventory: Object.entries(sku.stock).map(([warehouseId, quantity]) => ({
        warehouse_id: warehouseId,
        available_quantity: quantity,
        committed_quantity: sku.committed[warehouseId] ?? 0,
      })),
    })),
  }
}

export function showImage(tiktok: Tiktok, uri: string): Record<string, unknown> {
  const image = tiktok.images.get(uri)
  const url = imageUrl(tiktok, uri)
  return { uri, urls: [url], thumb_urls: [url], width: image?.width ?? 0, height: image?.height ?? 0 }
}

export function imageUrl(tiktok: Tiktok, uri: string): string {
  return `${tiktok.origin}/__sandbox/image/${uri}`
}

function showSku(tiktok: Tiktok, sku: Sku, shop: Shop): Record<string, unknown> {
  return {
    id: sku.id,
    seller_sku: sku.sellerSku,
    price: showPrice(sku, shop),
    inventory: showStock(sku),
    sales_attributes: sku.salesAttributes.map((one) => showAttribute(tiktok, one)),
    ...(sku.identifier ? { identifier_code: sku.identifier } : {}),
    ...(sku.externalId === undefined ? {} : { external_sku_id: sku.externalId }),
    status_info: { status: 'NORMAL' },
  }
}

function showAttribute(tiktok: Tiktok, one: SalesAttribute): Record<string, unknown> {
  const { id, name, valueId, valueName, imageUri } = one
  const image = imageUri === undefined ? {} : { sku_img: showImage(tiktok, imageUri) }
  return { id, name, value_id: valueId, value_name: valueName, ...image }
}

/** Prices of local sellers include tax, so both are the same. */
function showPrice(sku: Sku, shop: Shop): Record<string, string> {
  const price = amount(sku.priceMinor)
  return { currency: shop.currency, sale_price: price, tax_exclusive_price: price }
}

function showStock(sku: Sku): { warehouse_id: string; quantity: number }[] {
  return Object.entries(sku.stock).map(([id, quantity]) => ({ warehouse_id: id, quantity: quantity }))
}

function showBrand(tiktok: Tiktok, { brandId }: Content): Record<string, unknown> {
  const brand = tiktok.brands.find((one) => one.id === brandId)
  return brand ? { brand: { id: brand.id, name: brand.name } } : {}
}

function failure(reason: string): Record<string, unknown> {
  return {
    position: 'Product name',
    reasons: [reason],
    suggestions: ['Describe the product plainly.'],
    listing_platform: 'TIKTOK_SHOP',
  }
}
