// The seller's own settings: currency, kind of account, warehouses, and the countries he ships to.
import { z } from 'zod'
import { done, invalid, refuse } from './call.ts'
import { newId } from './products.ts'
import { sentenceOf } from './product-input.ts'
import { countries, currencies } from './reference.ts'
import type { Answer } from '../kit/front.ts'
import type { Ask, Route } from './call.ts'
import type { Merchant } from './state.ts'

const read = { method: 'GET', scope: 'merchant:read' } as const

export const merchantRoutes: Route[] = [
  {
    ...read,
    operation: 'merchant.currency_settings',
    path: '/merchant/currency_settings',
    handle: ({ merchant: { currency } }) => done({ localized_currency: currency, product_boost_currency: currency }),
  },
  {
    ...read,
    operation: 'merchant.account_details',
    path: '/merchant/account_details',
    handle: ({ merchant }) =>
      done({
        status: merchant.isActive ? 'ACTIVE' : 'INACTIVE',
        revenue_type: merchant.revenueType,
        display_name: merchant.name,
        product_boost_status: 'NOT_ENROLLED',
      }),
  },
  {
    ...read,
    operation: 'merchant.settings',
    path: '/merchant/settings',
    handle: ({ merchant }) =>
      done({
        unification_initiative: { status: 'DISABLED' },
        fashion_experience: { status: 'DISABLED' },
        automated_listing_review_experience: { status: merchant.hasListingReview ? 'ENABLED' : 'DISABLED' },
      }),
  },
  {
    ...read,
    operation: 'merchant.warehouses',
    path: '/merchant/warehouses',
    handle: ({ merchant }) => done(merchant.warehouses),
  },
  {
    operation: 'merchant.warehouses.create',
    method: 'POST',
    path: '/merchant/warehouses',
    scope: 'merchant:write',
    handle: createWarehouse,
  },
  {
    operation: 'merchant.warehouses.update',
    method: 'PUT',
    path: '/merchant/warehouses/{id}',
    scope: 'merchant:write',
    handle: updateWarehouse,
  },
  {
    ...read,
    operation: 'merchant.shipping_settings',
    path: '/merchant/shipping_settings',
    handle: ({ merchant }) => done(merchant.shipping),
  },
  {
    operation: 'merchant.shipping_settings.update',
    method: 'PUT',
    path: '/merchant/shipping_settings',
    scope: 'merchant:write',
    handle: updateShipping,
  },
  {
    operation: 'currencies',
    method: 'GET',
    path: '/currencies',
    scope: 'any',
    handle: () => done(Object.entries(currencies).map(([code, { name }]) => ({ code, name }))),
  },
]

const address = z.object({
  ship_to_name: z.string().min(1),
  street_address1: z.string().min(1),
  street_address2: z.string().optional(),
  city: z.string().min(1),
  state: z.string().optional(),
  zipcode: z.string().min(1),
  country_code: z.string().length(2),
})
const newWarehouse = z.object({
  name: z.string().min(1).max(80),
  shipping_type: z.enum(['STANDARD', 'WISH_EXPRESS']),
  address,
  destination_countries: z.array(z.string().length(2)).min(1),
})
const missingFields = refuse(400, 10_011, 'Missing one or more required field(s).')

function createWarehouse({ wish, merchant, body, at }: Ask): Answer {
  const sent = newWarehouse.safeParse(body)
  if (!sent.success) return missingFields
  const refusal = whyNoWarehouse(merchant, sent.data)
  if (refusal) return refusal
  const warehouse = { id: newId(wish, at), ...sent.data, address: withoutUndefined(sent.data.address) }
  merchant.warehouses.push(warehouse)
  return done(warehouse)
}

function whyNoWarehouse(merchant: Merchant, sent: z.infer<typeof newWarehouse>): Answer | undefined {
  if (merchant.warehouses.some((one) => one.name === sent.name)) {
    return refuse(400, 10_001, 'Warehouse name already exists.')
  }
  const isShipped = (code: string) => merchant.shipping.some((one) => one.country_code === code && one.enabled)
  if (!sent.destination_countries.every((code) => isShipped(code))) {
    return refuse(400, 10_004, 'Merchant does not ship to one of the destination countries.')
  }
  if (sent.shipping_type === 'STANDARD') return undefined
  const isServed = merchant.warehouses.some(
    (one) =>
      one.shipping_type === 'WISH_EXPRESS' &&
      one.destination_countries.some((code) => sent.destination_countries.includes(code)),
  )
  return isServed ? refuse(400, 10_003, 'Cannot create two Wish Express warehouses for the same country.') : undefined
}

/** Changes the address and nothing else. */
function updateWarehouse({ merchant, params, body }: Ask): Answer {
  const warehouse = merchant.warehouses.find((one) => one.id === params['id'])
  if (!warehouse) return invalid('There is no such warehouse ID for the merchant.')
  const sent = z.object({ address }).safeParse(body)
  if (!sent.success) return missingFields
  warehouse.address = withoutUndefined(sent.data.address)
  return done(warehouse)
}

function updateShipping({ merchant, body }: Ask): Answer {
  const sent = z
    .array(z.object({ country_code: z.string(), enabled: z.boolean() }))
    .min(1)
    .nullable()
    .safeParse(body ?? null)
  if (!sent.success) return invalid(sentenceOf(sent.error))
  const changes = sent.data ?? merchant.shipping.map((one) => ({ ...one, enabled: false }))
  const names = changes.map((one) => one.country_code)
  if (new Set(names).size < names.length) {
    return refuse(400, 10_008, 'One of the country codes has been specified more than once.')
  }
  if (!names.every((code) => Object.hasOwn(countries, code))) {
    return refuse(400, 10_009, 'One of the country codes is invalid or not supported by Wish')
  }
  for (const change of changes) {
    const known = merchant.shipping.find((one) => one.country_code === change.country_code)
    if (known) known.enabled = change.enabled
    else merchant.shipping.push(change)
  }
  return done(merchant.shipping)
}

function withoutUndefined(sent: z.infer<typeof address>): Record<string, string> {
  return Object.fromEntries(Object.entries(sent).filter((entry): entry is [string, string] => entry[1] !== undefined))
}
