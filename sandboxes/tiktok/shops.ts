// Two sellers: the first with two shops, the second with one, so that a consent can be given by the wrong one.
import { hex } from '../kit/random.ts'
import type { Random } from '../kit/random.ts'
import type { App, Seller, Shop, Warehouse } from './state.ts'

export function createApp(random: Random, given: Partial<App>): App {
  return {
    name: 'Dropship hub',
    appKey: `6${hex(random, 12)}`,
    appSecret: hex(random, 40),
    serviceId: `7${digits(random, 18)}`,
    redirectUri: '',
    webhookUrl: '',
    isIpAllowed: true,
    ...given,
  }
}

export function createSellers(random: Random): Seller[] {
  return [
    { name: 'Sandbox Seller One', userName: 'seller-one', password: 'one-sells' },
    { name: 'Sandbox Seller Two', userName: 'seller-two', password: 'two-sells' },
  ].map((one, index) => ({ ...one, id: `74941${digits(random, 13)}${index}`, openId: `open-${hex(random, 32)}` }))
}

export function createShops(random: Random, sellers: readonly Seller[]): Shop[] {
  const [first, second] = sellers
  const plans = [
    { seller: first, name: 'Sandbox Home UK', sellerType: 'LOCAL', warehouses: ['Leeds', 'Bristol'] },
    { seller: first, name: 'Sandbox Sports UK', sellerType: 'CROSS_BORDER', warehouses: ['Manchester'] },
    { seller: second, name: 'Other Shop UK', sellerType: 'LOCAL', warehouses: ['Cardiff'] },
  ] as const
  return plans.map(({ seller, name, sellerType, warehouses }) => ({
    id: `7495${digits(random, 15)}`,
    sellerId: seller?.id ?? '',
    name,
    region: 'GB',
    currency: 'GBP',
    sellerType,
    cipher: `GCP_${hex(random, 24)}`,
    code: `GBLC${digits(random, 6)}`,
    warehouses: [
      ...warehouses.map((town, index) => warehouse(random, `${town} warehouse`, index === 0)),
      { ...warehouse(random, 'Returns desk', false), type: 'RETURN_WAREHOUSE' as const },
    ],
    isOpen: true,
  }))
}

function warehouse(random: Random, name: string, isDefault: boolean): Warehouse {
  return { id: `7068${digits(random, 15)}`, name, type: 'SALES_WAREHOUSE', isDefault, status: 'ENABLED' }
}

function digits(random: Random, count: number): string {
  return Array.from({ length: count }, () => Math.floor(random() * 10)).join('')
}
