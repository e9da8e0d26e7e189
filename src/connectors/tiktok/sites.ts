// The shops one consent opens, each with the warehouses its stock is counted in.
import { RefusedError } from '../connector.ts'
import type { Site, Warehouse } from '../connector.ts'
import { asArray, asObject, asText } from '../reading.ts'
import type { TikTokCall } from './account.ts'
import { ask } from './ask.ts'
import { listShops } from './token.ts'

/** What is paid in where. A shop sells in one country and one currency. */
const currencyByRegion: Record<string, string> = {
  GB: 'GBP',
  US: 'USD',
  JP: 'JPY',
  MX: 'MXN',
  BR: 'BRL',
  ID: 'IDR',
  MY: 'MYR',
  PH: 'PHP',
  SG: 'SGD',
  TH: 'THB',
  VN: 'VND',
  ...Object.fromEntries(
    ['AT', 'BE', 'DE', 'ES', 'FI', 'FR', 'GR', 'IE', 'IT', 'LU', 'NL', 'PT', 'SI', 'SK'].map((code) => [code, 'EUR']),
  ),
  PL: 'PLN',
  SA: 'SAR',
}

export async function findSites(call: TikTokCall): Promise<Site[]> {
  const shops = await listShops(call)
  const known = shops.flatMap((shop) => {
    const currency = currencyByRegion[shop.region]
    return currency === undefined ? [] : [{ ...shop, currency }]
  })
  if (known.length === 0)
    throw new RefusedError({ kind: 'rejected', reason: whyNone(shops.map((shop) => shop.region)) })
  const sites: Site[] = []
  for (const { id, name, currency, cipher } of known) {
    sites.push({
      id,
      name,
      sellerId: call.account.openId,
      currency,
      currencies: [currency],
      warehouses: await listWarehouses(call, cipher),
    })
  }
  return sites
}

function whyNone(regions: string[]): string {
  if (regions.length === 0) return 'This consent opens no shop'
  return `The currency of this shop’s country is not known to us (${regions.join(', ')})`
}

/** Those goods are sent from; returns go elsewhere, and what lies in a closed one is not for sale. */
async function listWarehouses(call: TikTokCall, cipher: string): Promise<Warehouse[]> {
  const data = await ask(call, 'warehouses.list', { query: { shop_cipher: cipher } })
  return (asArray(data['warehouses']) ?? []).flatMap((entry): Warehouse[] => {
    const warehouse = asObject(entry) ?? {}
    const id = asText(warehouse['id'])
    const isUsed = warehouse['type'] === 'SALES_WAREHOUSE' && warehouse['effect_status'] === 'ENABLED'
    if (id === null || !isUsed) return []
    return [{ id, name: asText(warehouse['name']) ?? id, isDefault: warehouse['is_default'] === true }]
  })
}
