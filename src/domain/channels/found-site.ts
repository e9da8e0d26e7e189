// A place an account sells, as the marketplace told it, and which of its warehouses a sales channel uses (A5).

export type FoundSite = {
  id: string
  name: string
  /** Whose account it is over there. */
  sellerId: string
  currency: string
  /** Those prices may be sent in; none: any. */
  currencies: string[]
  warehouses?: Warehouse[]
}

export type Warehouse = { id: string; name: string; isDefault: boolean }

/** The warehouse a person named, by name whatever its case; the only or the default one where he named none. */
export function chooseWarehouse(
  site: FoundSite,
  given: string | undefined,
): { warehouse: Warehouse | null } | { wrong: string } {
  const { warehouses = [] } = site
  const wanted = given?.trim() ?? ''
  if (warehouses.length === 0) {
    return wanted === ''
      ? { warehouse: null }
      : { wrong: 'This account keeps no stock in warehouses. Leave this empty.' }
  }
  const chosen =
    wanted === ''
      ? (warehouses.find(({ isDefault }) => isDefault) ?? (warehouses.length === 1 ? warehouses[0] : undefined))
      : (warehouses.find(({ name }) => name === wanted) ??
        warehouses.find(({ name }) => name.trim().toLowerCase() === wanted.toLowerCase()))
  if (chosen) return { warehouse: chosen }
  const names = warehouses.map(({ name }) => `“${name}”`).join(', ')
  return {
    wrong: wanted === '' ? `Name one of its warehouses: ${names}.` : `This account has ${names}, but no “${wanted}”.`,
  }
}
