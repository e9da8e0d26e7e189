// n8n-nodes-tiktokshop, a TikTok Shop client that we did not write, sells in our sandbox: its services sign every call in
// their own way. Each is handed an HTTP client aimed at the sandbox, so nothing can go anywhere else. What it has no call
// for goes through its own signing `request`.
import { createRequire } from 'node:module'
import { BaseService } from 'n8n-nodes-tiktokshop/dist/services/base-service.js'
import type { BaseServiceOptions } from 'n8n-nodes-tiktokshop/dist/services/base-service.js'
import { FulfillmentsService } from 'n8n-nodes-tiktokshop/dist/services/fulfillments-service.js'
import { LogisticsService } from 'n8n-nodes-tiktokshop/dist/services/logistics-service.js'
import { OrdersService } from 'n8n-nodes-tiktokshop/dist/services/orders-service.js'
import { ProductService } from 'n8n-nodes-tiktokshop/dist/services/product-service.js'
import { SellerService } from 'n8n-nodes-tiktokshop/dist/services/seller-service.js'
import { TokenService } from 'n8n-nodes-tiktokshop/dist/services/token-service.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { servePicture } from '../../src/connectors/conformance-sandbox.ts'
import { openSandbox, until } from './open-sandbox.ts'
import type { OpenSandbox } from './open-sandbox.ts'

type Answered<Data> = { code: number; message: string; data: Data }
type Product = { id: string; status: string; skus: { id: string; inventory: { warehouse_id: string }[] }[] }
type Order = {
  id: string
  status: string
  delivery_option_id: string
  packages?: { id: string }[]
  line_items: { id: string; seller_sku: string; sku_id: string; sale_price: string }[]
}
type HttpClient = NonNullable<BaseServiceOptions['httpClient']>

// The axios that the client itself uses.
const itsRequire = createRequire(
  createRequire(import.meta.url).resolve('n8n-nodes-tiktokshop/dist/services/base-service.js'),
)
const axios = itsRequire('axios') as { create(options: { baseURL: string; proxy: false }): HttpClient }
const sku = 'N8N-1'

let sandbox: OpenSandbox
let httpClient: HttpClient
let client: ReturnType<typeof servicesWith>
let shopCipher: string

beforeAll(async () => {
  sandbox = await openSandbox('tiktok')
  await sandbox.control('choices', { reviewSeconds: 0, onHold: 'never' })
  httpClient = axios.create({ baseURL: sandbox.url, proxy: false })
  client = servicesWith(await accessToken())
  shopCipher = await cipher()
})
afterAll(() => sandbox.stop())

async function accessToken(): Promise<string> {
  const { appKey = '', appSecret = '', refreshToken = '' } = sandbox.account
  const given = await new TokenService({ httpClient }).refreshToken({ appKey, appSecret, refreshToken })
  expect(given).toMatchObject({ code: 0, data: { user_type: 0, open_id: sandbox.account['openId'] } })
  return (given as Answered<{ access_token: string }>).data.access_token
}

async function cipher(): Promise<string> {
  const { data } = await client.any.request<Answered<{ shops: { id: string; cipher: string; region: string }[] }>>({
    path: '/authorization/202309/shops',
  })
  const shop = data.shops.find(({ id }) => id === sandbox.account['shopId'])
  expect(shop?.region).toBe('GB')
  return shop?.cipher ?? ''
}

function servicesWith(token: string) {
  const { appKey = '', appSecret = '' } = sandbox.account
  const options = { appKey, appSecret, accessToken: token, httpClient }
  return {
    any: new BaseService(options),
    sellers: new SellerService(options),
    logistics: new LogisticsService(options),
    products: new ProductService(options),
    orders: new OrdersService(options),
    fulfillments: new FulfillmentsService(options),
  }
}

async function salesWarehouse(): Promise<string> {
  const { data } = await client.logistics.listWarehouses<
    Answered<{ warehouses: { id: string; type: string; is_default: boolean }[] }>
  >({ shopCipher })
  return data.warehouses.find(({ type, is_default }) => type === 'SALES_WAREHOUSE' && is_default)?.id ?? ''
}

async function leafCategory(): Promise<string> {
  const { data } = await client.any.request<
    Answered<{ categories: { id: string; is_leaf: boolean; permission_statuses: string[] }[] }>
  >({ path: '/product/202309/categories', query: { shop_cipher: shopCipher } })
  const open = data.categories.filter((one) => one.is_leaf && one.permission_statuses.includes('AVAILABLE'))
  return open[0]?.id ?? ''
}

type Attribute = {
  id: string
  type: string
  is_requried: boolean
  values?: { id: string }[]
  requirement_conditions?: { attribute_value_id: string }[]
}

/** What a product of the category must say of itself, with values that ask for nothing more. */
async function requiredAttributes(category: string): Promise<object[]> {
  const { data } = await client.any.request<Answered<{ attributes: Attribute[] }>>({
    path: `/product/202309/categories/${category}/attributes`,
    query: { shop_cipher: shopCipher },
  })
  const asking = data.attributes.flatMap((one) =>
    (one.requirement_conditions ?? []).map(({ attribute_value_id }) => attribute_value_id),
  )
  return data.attributes
    .filter((one) => one.type === 'PRODUCT_PROPERTY' && one.is_requried)
    .map(({ id, values }) => {
      const value = values?.find((one) => !asking.includes(one.id))
      return { id, values: [value ? { id: value.id } : { name: 'Plain' }] }
    })
}

async function uploadPicture(): Promise<string> {
  const picture = await servePicture()
  const fileBuffer = Buffer.from(await (await fetch(picture.url)).arrayBuffer())
  await picture.stop()
  const { data } = await client.products.uploadProductImage<Answered<{ uri: string; width: number }>>({
    fileBuffer,
    fileName: 'front.png',
    fileMimeType: 'image/png',
    useCase: 'MAIN_IMAGE',
  })
  expect(data.width).toBe(600)
  return data.uri
}

async function list(warehouse: string): Promise<string> {
  const category = await leafCategory()
  const created = await client.products.createProduct<Answered<{ product_id: string; skus: { seller_sku: string }[] }>>(
    {
      shopCipher,
      body: {
        title: 'A lamp of another client, black',
        description: '<p>Plain words.</p>',
        category_id: category,
        main_images: [{ uri: await uploadPicture() }],
        product_attributes: await requiredAttributes(category),
        package_weight: { value: '0.5', unit: 'KILOGRAM' },
        package_dimensions: { length: '10', width: '10', height: '10', unit: 'CENTIMETER' },
        skus: [
          {
            seller_sku: sku,
            price: { amount: '12.50', currency: 'GBP' },
            inventory: [{ warehouse_id: warehouse, quantity: 5 }],
          },
        ],
      },
    },
  )
  expect(created).toMatchObject({ code: 0, message: 'Success', data: { skus: [{ seller_sku: sku }] } })
  return created.data.product_id
}

const detail = async (id: string) =>
  (await client.orders.getOrderDetail<Answered<{ orders: Order[] }>>({ ids: [id], shopCipher })).data.orders[0]

async function royalMail(deliveryOptionId: string): Promise<string> {
  const { data } = await client.logistics.listShippingProviders<
    Answered<{ shipping_providers: { id: string; name: string }[] }>
  >({ deliveryOptionId, shopCipher })
  return data.shipping_providers.find(({ name }) => name === 'Royal Mail')?.id ?? ''
}

test('n8n-nodes-tiktokshop lists, reads an order, changes stock and ships', async () => {
  const { data: active } = await client.sellers.getActiveShops<Answered<{ shops: { id: string }[] }>>()
  expect(active.shops.map(({ id }) => id)).toContain(sandbox.account['shopId'])

  const warehouse = await salesWarehouse()
  const productId = await list(warehouse)
  const product = await until(
    async () => (await client.products.getProductDetail<Answered<Product>>({ productId, shopCipher })).data,
    ({ status }) => status === 'ACTIVATE',
  )
  expect(product).toMatchObject({
    id: productId,
    status: 'ACTIVATE',
    skus: [{ seller_sku: sku, price: { currency: 'GBP' }, inventory: [{ warehouse_id: warehouse, quantity: 5 }] }],
  })
  expect(await sandbox.listingOf(sku)).toMatchObject({
    id: productId,
    variantId: product.skus[0]?.id,
    quantity: 5,
    isLive: true,
    price: { minor: 1250, currency: 'GBP' },
  })
  const found = await client.products.searchProducts<Answered<{ total_count: number; products: Product[] }>>({
    shopCipher,
    pageSize: 10,
    body: { status: 'ACTIVATE', seller_skus: [sku] },
  })
  expect(found.data).toMatchObject({ total_count: 1, products: [{ id: productId }] })

  const number = await sandbox.buy(sku, 2)
  const waiting = await client.orders.getOrderList<Answered<{ total_count: number; orders: Order[] }>>({
    shopCipher,
    pageSize: 20,
    body: { order_status: 'AWAITING_SHIPMENT' },
  })
  expect(waiting.data).toMatchObject({ total_count: 1, orders: [{ id: number }] })
  const order = await detail(number)
  expect(order).toMatchObject({
    status: 'AWAITING_SHIPMENT',
    recipient_address: { region_code: 'GB' },
    // One line for each unit.
    line_items: [
      { seller_sku: sku, sale_price: '12.50' },
      { seller_sku: sku, sale_price: '12.50' },
    ],
  })
  const price = await client.orders.getPriceDetail<Answered<{ currency: string }>>({ orderId: number, shopCipher })
  expect(price.data.currency).toBe('GBP')

  const updated = await client.any.request<Answered<{ errors?: unknown[] }>>({
    method: 'POST',
    path: `/product/202309/products/${productId}/inventory/update`,
    query: { shop_cipher: shopCipher },
    body: { skus: [{ id: product.skus[0]?.id, inventory: [{ warehouse_id: warehouse, quantity: 9 }] }] },
  })
  expect(updated.data.errors ?? []).toEqual([])
  expect((await sandbox.listingOf(sku))?.quantity).toBe(9)

  const shipped = await client.any.request<Answered<{ package_id: string; order_line_item_ids: string[] }>>({
    method: 'POST',
    path: `/fulfillment/202309/orders/${number}/packages`,
    query: { shop_cipher: shopCipher },
    body: { tracking_number: 'RM000000001GB', shipping_provider_id: await royalMail(order?.delivery_option_id ?? '') },
  })
  expect(new Set(shipped.data.order_line_item_ids)).toEqual(new Set(order?.line_items.map(({ id }) => id)))
  expect(await detail(number)).toMatchObject({
    status: 'AWAITING_COLLECTION',
    packages: [{ id: shipped.data.package_id }],
    line_items: [{ tracking_number: 'RM000000001GB' }, { tracking_number: 'RM000000001GB' }],
  })
  expect((await sandbox.orderOf(number))?.isShipped).toBe(true)
  expect(await sandbox.confirmationsOf(number)).toMatchObject([
    { trackingNumber: 'RM000000001GB', outcome: 'accepted' },
  ])
})

test('n8n-nodes-tiktokshop ships a parcel by its id where parcels exist from payment on', async () => {
  await sandbox.control('choices', { dispatch: 'packages' })
  await sandbox.control('listings', { sku: 'N8N-2', title: 'One for a parcel', price: '8.00', inventory: 4 })
  const number = await sandbox.buy('N8N-2', 1)
  const order = await detail(number)
  const shipped = await client.fulfillments.shipPackage<Answered<unknown>>({
    packageId: order?.packages?.[0]?.id ?? '',
    shopCipher,
    body: {
      handover_method: 'DROP_OFF',
      self_shipment: {
        tracking_number: 'RM000000002GB',
        shipping_provider_id: await royalMail(order?.delivery_option_id ?? ''),
      },
    },
  })
  expect(shipped.code).toBe(0)
  expect((await sandbox.orderOf(number))?.isShipped).toBe(true)
  await sandbox.control('choices', { dispatch: 'own-carrier' })
})

test('n8n-nodes-tiktokshop deletes a product', async () => {
  const [made] = await sandbox.control<{ id: string }[]>('listings', {
    sku: 'N8N-3',
    title: 'One to delete',
    price: '8.00',
    inventory: 4,
  })
  const deleted = await client.products.deleteProducts<Answered<{ errors?: unknown[] }>>({
    shopCipher,
    productIds: [made?.id ?? ''],
  })
  expect(deleted).toMatchObject({ code: 0 })
  expect(deleted.data.errors ?? []).toEqual([])
  expect((await sandbox.listingOf('N8N-3'))?.isLive ?? false).toBe(false)
})

test('n8n-nodes-tiktokshop is told of a wrong secret as by TikTok', async () => {
  const { appKey = '', accessToken: token = '' } = sandbox.account
  const stranger = new SellerService({ appKey, appSecret: 'wrong', accessToken: token, httpClient })
  await expect(stranger.getActiveShops()).rejects.toMatchObject({ data: { code: 106001, data: null } })
})

test('all that passed fits the published spec', () => {
  const held = sandbox.held()
  expect(held?.violations ?? []).toEqual([])
  expect(held?.checked ?? 99).toBeGreaterThan(20)
})
