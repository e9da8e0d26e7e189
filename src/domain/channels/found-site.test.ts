import { expect, test } from 'vitest'
import { chooseWarehouse } from './found-site.ts'
import type { FoundSite, Warehouse } from './found-site.ts'

const warehouse = (name: string, isDefault = false): Warehouse => ({ id: name.toLowerCase(), name, isDefault })
const site = (...warehouses: Warehouse[]): FoundSite => ({
  id: '1',
  name: 'Shop',
  sellerId: 's',
  currency: 'GBP',
  currencies: ['GBP'],
  warehouses,
})
const nameOf = (...asked: Parameters<typeof chooseWarehouse>) => {
  const chosen = chooseWarehouse(...asked)
  return 'wrong' in chosen ? chosen.wrong : (chosen.warehouse?.name ?? null)
}

test('A5: a warehouse is named whatever its case, and exactly where two differ in nothing else', () => {
  expect(nameOf(site(warehouse('Default'), warehouse('North')), ' north ')).toBe('North')
  expect(nameOf(site(warehouse('NORTH'), warehouse('North')), 'North')).toBe('North')
})

test('A5: unnamed it is the default one, or the only one; a choice between several is asked for', () => {
  expect(nameOf(site(warehouse('North'), warehouse('South', true)), undefined)).toBe('South')
  expect(nameOf(site(warehouse('North')), '')).toBe('North')
  expect(nameOf(site(warehouse('North'), warehouse('South')), '')).toBe('Name one of its warehouses: “North”, “South”.')
})

test('A5: a name the account does not have is refused with those it has', () => {
  expect(nameOf(site(warehouse('North')), 'West')).toBe('This account has “North”, but no “West”.')
  expect(nameOf(site(), 'West')).toBe('This account keeps no stock in warehouses. Leave this empty.')
  expect(nameOf(site(), undefined)).toBeNull()
})
