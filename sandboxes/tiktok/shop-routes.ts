// Shops of an authorisation, their warehouses and carriers, and where their notifications go.
import { done, invalid, refuse, text } from './call.ts'
import { endShopAccess } from './grants.ts'
import { carriers, deliveryOptions, topics } from './reference.ts'
import { unixSeconds, wholeSecond } from './state.ts'
import type { Asked, Result, Route } from './call.ts'
import type { Shop, Warehouse } from './state.ts'

const addressMax = 255
const consent = { scopes: ['seller.authorization.info'] } as const
const hooks = { ...consent, cipher: 'required', path: '/event/202309/webhooks' } as const

export const shopRoutes: readonly Route[] = [
  {
    ...consent,
    operation: 'shops.list',
    method: 'GET',
    path: '/authorization/202309/shops',
    cipher: 'unwanted',
    handle: (asked) => done({ shops: authorized(asked).map(showShop) }),
  },
  {
    ...consent,
    operation: 'shops.deauthorize',
    method: 'DELETE',
    path: '/authorization/202403/shops',
    cipher: 'required',
    isWrite: true,
    handle({ tiktok, shop, grantId, at }) {
      endShopAccess(tiktok, { grantId, shopId: shop.id, at })
      return done({})
    },
  },
  {
    scopes: ['seller.shop.info'],
    operation: 'seller.shops',
    method: 'GET',
    path: '/seller/202309/shops',
    cipher: 'unwanted',
    handle: (asked) =>
      done({
        shops: authorized(asked)
          .filter((one) => one.isOpen)
          .map(({ id, region }) => ({ id, region })),
      }),
  },
  {
    scopes: ['seller.shop.info'],
    operation: 'seller.permissions',
    method: 'GET',
    path: '/seller/202309/permissions',
    cipher: 'unwanted',
    handle: () => done({ permissions: [] }),
  },
  {
    scopes: ['seller.logistics'],
    operation: 'warehouses.list',
    method: 'GET',
    path: '/logistics/202309/warehouses',
    cipher: 'required',
    handle: ({ shop }) => done({ warehouses: shop.warehouses.map((one) => showWarehouse(shop, one)) }),
  },
  {
    scopes: ['seller.logistics'],
    operation: 'warehouses.deliveryOptions',
    method: 'GET',
    path: '/logistics/202309/warehouses/{warehouse_id}/delivery_options',
    cipher: 'required',
    handle: showDeliveryOptions,
  },
  {
    scopes: ['seller.fulfillment.basic', 'seller.logistics'],
    operation: 'deliveryOptions.carriers',
    method: 'GET',
    path: '/logistics/202309/delivery_options/{delivery_option_id}/shipping_providers',
    cipher: 'required',
    handle: showCarriers,
  },
  { ...hooks, operation: 'webhooks.list', method: 'GET', handle: listWebhooks },
  {
    ...hooks,
    operation: 'webhooks.put',
    method: 'PUT',
    isWrite: true,
    fields: { event_type: 'string', address: 'string' },
    required: ['event_type', 'address'],
    handle: putWebhook,
  },
  {
    ...hooks,
    operation: 'webhooks.delete',
    method: 'DELETE',
    isWrite: true,
    fields: { event_type: 'string' },
    required: ['event_type'],
    handle({ tiktok, shop, body }) {
      tiktok.webhooks = tiktok.webhooks.filter((one) => one.shopId !== shop.id || one.topic !== body['event_type'])
      return done({})
    },
  },
]

function authorized({ tiktok, grantId }: Asked): Shop[] {
  const grant = tiktok.grants.get(grantId)
  return tiktok.shops.filter((one) => grant?.shopIds.has(one.id))
}

function showShop(shop: Shop): Record<string, string> {
  const { id, name, region, sellerType, cipher, code } = shop
  return { id, name, region, seller_type: sellerType, cipher, code }
}

function showWarehouse(shop: Shop, one: Warehouse): Record<string, unknown> {
  return {
    id: one.id,
    name: one.name,
    type: one.type,
    sub_type: 'DOMESTIC_WAREHOUSE',
    effect_status: one.status,
    entity_id: one.id,
    is_default: one.isDefault,
    address: {
      region: 'United Kingdom',
      region_code: shop.region,
      state: 'England',
      city: 'Leeds',
      // Spelled so on the wire.
      distict: 'West Yorkshire',
      town: '',
      address_line1: 'Unit 4, Example Park',
      address_line2: '',
      postal_code: 'LS1 1AA',
      full_address: 'Unit 4, Example Park, Leeds, LS1 1AA, United Kingdom',
      contact_person: 'Goods In',
      phone_number: '(+44)01130000000',
    },
  }
}

function showDeliveryOptions({ shop, params }: Asked): Result {
  const warehouse = shop.warehouses.find((one) => one.id === params['warehouse_id'])
  if (!warehouse) return refuse(12_052_097, 'The warehouse does not exist')
  const shown = deliveryOptions.map((one) => ({
    id: one.id,
    name: one.name,
    type: one.type,
    description: one.isByTiktok ? 'Collected and delivered by TikTok.' : 'Delivered by a carrier of your own.',
    platform: ['TIKTOK_SHOP'],
    dimension_limit: { max_length: 120, max_width: 80, max_height: 80, unit: 'CM' },
    weight_limit: { min_weight: 0, max_weight: 30_000, unit: 'GRAM' },
  }))
  return done({ delivery_options: warehouse.type === 'SALES_WAREHOUSE' ? shown : [] })
}

function showCarriers({ tiktok, shop, params }: Asked): Result {
  const id = params['delivery_option_id']
  const known = deliveryOptions.find((one) => one.id === id)
  const isSeen = [...tiktok.orders.values()].some((one) => one.shopId === shop.id && one.deliveryOptionId === id)
  if (!known && !isSeen) return refuse(21_008_116, 'No Subscription without specified delivery option.')
  if (known?.isByTiktok) {
    const message =
      'The delivery of the specified delivery_option_id is fulfilled by TikTok. No shipping provider will be returned.'
    return refuse(21_008_117, message)
  }
  return done({ shipping_providers: carriers.map((one) => ({ id: one.id, name: one.name })) })
}

function listWebhooks({ tiktok, shop }: Asked): Result {
  const own = tiktok.webhooks.filter((one) => one.shopId === shop.id)
  const webhooks = own.map((one) => ({
    event_type: one.topic,
    address: one.address,
    create_time: unixSeconds(one.createdAt),
    update_time: unixSeconds(one.updatedAt),
  }))
  return done({ webhooks, total_count: webhooks.length })
}

function putWebhook({ tiktok, shop, body, at }: Asked): Result {
  const topic = text(body['event_type']) ?? ''
  const address = text(body['address']) ?? ''
  if (!Object.hasOwn(topics, topic)) return invalid('The value of body.event_type is invalid.')
  const isStrict = tiktok.choices.webhookAddresses === 'strict'
  const isFine = isStrict ? /^https:\/\/[a-z0-9-]+(\.[a-z0-9-]+)+(\/\S*)?$/i : /^https?:\/\/\S+$/i
  if (address.length > addressMax || !isFine.test(address)) return invalid('The value of body.address is invalid.')
  const known = tiktok.webhooks.find((one) => one.shopId === shop.id && one.topic === topic)
  if (known) Object.assign(known, { address, updatedAt: wholeSecond(at) })
  else {
    const createdAt = wholeSecond(at)
    tiktok.webhooks.push({ shopId: shop.id, topic, address, createdAt, updatedAt: createdAt })
  }
  return done({})
}
