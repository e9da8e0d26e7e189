// What does not change while we work: warehouses with their addresses, how the merchant is paid, the carriers Wish knows.
// Each is asked for once per call, for a call lives only as long as one piece of work.
import { once } from '../connector.ts'
import type { Call, Warehouse } from '../connector.ts'
import { asObject, asText } from '../reading.ts'
import type { WishAccount } from './account.ts'
import { askForList, askForObject } from './ask.ts'

export type WishWarehouse = Warehouse & { countryCode: string | null }

export function warehousesOf(call: Call<WishAccount>): Promise<WishWarehouse[]> {
  return once(call, 'warehouses', async () => {
    const request = { method: 'GET', url: '/api/v3/merchant/warehouses' } as const
    return withDefault(await askForList(call, request, 'the warehouses'))
  })
}

/** The field a variation's price goes into (W11). */
export function priceFieldOf(call: Call<WishAccount>): Promise<'price' | 'cost'> {
  return once(call, 'price-field', async () => {
    const request = { method: 'GET', url: '/api/v3/merchant/account_details' } as const
    const details = await askForObject(call, request, 'the account')
    return asText(details['revenue_type']) === 'COST_BASED' ? 'cost' : 'price'
  })
}

/** Names of the carriers Wish takes; orders with confirmed delivery have a list of their own per country. */
export function carrierNamesOf(call: Call<WishAccount>, confirmedDeliveryTo: string | null): Promise<string[]> {
  return once(call, `carriers/${confirmedDeliveryTo ?? ''}`, async () => {
    const query =
      confirmedDeliveryTo === null
        ? { order_type: 'GENERAL' }
        : { order_type: 'CONFIRMED_DELIVERY', dest_country_code: confirmedDeliveryTo }
    const request = { method: 'GET', url: '/api/v3/orders/shipping_carriers', query } as const
    const carriers = await askForList(call, request, 'the carriers')
    return carriers.flatMap((carrier) => asText(asObject(carrier)?.['name']) ?? [])
  })
}

/** The warehouse our figures go to: the chosen one, or the account's own where none was chosen yet. */
export function chosenWarehouse({ site }: Call<WishAccount>): Warehouse | undefined {
  return site.warehouse ?? site.warehouses?.find((warehouse) => warehouse.isDefault)
}

// Wish marks none as the default. Every merchant begins with a standard one, named so or "Default".
function withDefault(list: unknown[]): WishWarehouse[] {
  const read = list.flatMap((raw) => {
    const warehouse = asObject(raw)
    const id = asText(warehouse?.['id'])
    if (id === null) return []
    const countryCode = asText(asObject(warehouse?.['address'])?.['country_code'])?.toUpperCase() ?? null
    const isStandard = asText(warehouse?.['shipping_type']) !== 'WISH_EXPRESS'
    return [{ id, name: asText(warehouse?.['name']) ?? id, countryCode, isStandard }]
  })
  const first =
    read.find(({ isStandard, name }) => isStandard && /^(standard|default)$/i.test(name)) ??
    read.find(({ isStandard }) => isStandard) ??
    read[0]
  return read.map(({ id, name, countryCode }) => ({ id, name, countryCode, isDefault: id === first?.id }))
}
