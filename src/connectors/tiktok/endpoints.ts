// The operations we use, as TikTok Shop names them: path with its version, scope, and whether the shop is named by its
// cipher. Each is a request plan of its own, for the limits are counted per operation, app and shop.
import type { HttpRequest } from '../connector.ts'

type Endpoint = {
  method: HttpRequest['method']
  path: string
  scope: string
  /** Named where it is not wanted, the cipher is refused as surely as where it is missing. */
  takesCipher: boolean
  /** A POST that only reads. */
  safe?: boolean
}

export const endpoints = {
  'shops.list': get('/authorization/202309/shops', 'seller.authorization.info', { takesCipher: false }),
  'webhooks.list': get('/event/202309/webhooks', 'seller.authorization.info'),
  'webhooks.update': at('PUT', '/event/202309/webhooks', 'seller.authorization.info'),
  'warehouses.list': get('/logistics/202309/warehouses', 'seller.logistics'),
  'warehouses.deliveryOptions': get('/logistics/202309/warehouses/{id}/delivery_options', 'seller.logistics'),
  'deliveryOptions.shippingProviders': get(
    '/logistics/202309/delivery_options/{id}/shipping_providers',
    'seller.logistics',
  ),
  'orders.search': search('/order/202309/orders/search', 'seller.order.info'),
  'orders.detail': get('/order/202507/orders', 'seller.order.info'),
  'orders.ship': at('POST', '/fulfillment/202309/orders/{id}/packages', 'seller.fulfillment.basic'),
  'packages.ship': at('POST', '/fulfillment/202309/packages/{id}/ship', 'seller.fulfillment.basic'),
  'orders.cancel': at('POST', '/return_refund/202309/cancellations', 'seller.return_refund.basic'),
  'products.search': search('/product/202502/products/search', 'seller.product.basic'),
  'products.get': get('/product/202309/products/{id}', 'seller.product.basic'),
  'products.create': at('POST', '/product/202309/products', 'seller.product.write'),
  'products.edit': at('PUT', '/product/202509/products/{id}', 'seller.product.write'),
  'products.delete': at('DELETE', '/product/202309/products', 'seller.product.delete'),
  'inventory.search': search('/product/202309/inventory/search', 'seller.product.basic'),
  'inventory.update': at('POST', '/product/202309/products/{id}/inventory/update', 'seller.product.write'),
  'prices.update': at('POST', '/product/202309/products/{id}/prices/update', 'seller.product.write'),
  // A picture uploaded twice does no harm.
  'images.upload': {
    ...at('POST', '/product/202309/images/upload', 'seller.product.basic', { takesCipher: false }),
    safe: true,
  },
  'categories.list': get('/product/202309/categories', 'seller.product.basic'),
  'categories.recommend': search('/product/202309/categories/recommend', 'seller.product.basic'),
  'products.prerequisites': get('/product/202312/prerequisites', 'seller.product.basic'),
  'products.listingCheck': search('/product/202309/products/listing_check', 'seller.product.basic'),
  'categories.rules': get('/product/202309/categories/{id}/rules', 'seller.product.basic'),
  'categories.attributes': get('/product/202309/categories/{id}/attributes', 'seller.product.basic'),
  'brands.list': get('/product/202309/brands', 'seller.product.basic'),
} satisfies Record<string, Endpoint>

export type EndpointName = keyof typeof endpoints

/**
 * 50 a second was the published figure of 2025; that of 2026 names none and asks to honour "too many requests", which
 * slows the pace of the account down.
 */
export const plans: Record<string, { perSecond: number; burst: number }> = Object.fromEntries(
  Object.keys(endpoints).map((name) => [name, { perSecond: 50, burst: 25 }]),
)

/** The one a request goes to, by the plan it names. */
export function endpointOf(request: HttpRequest): Endpoint | undefined {
  const { plan } = request
  return plan !== undefined && isEndpointName(plan) ? endpoints[plan] : undefined
}

function isEndpointName(name: string): name is EndpointName {
  return Object.hasOwn(endpoints, name)
}

function at(
  method: HttpRequest['method'],
  path: string,
  scope: string,
  { takesCipher = true }: { takesCipher?: boolean } = {},
): Endpoint {
  return { method, path, scope, takesCipher }
}

function get(path: string, scope: string, more: { takesCipher?: boolean } = {}): Endpoint {
  return at('GET', path, scope, more)
}

function search(path: string, scope: string): Endpoint {
  return { ...at('POST', path, scope), safe: true }
}
