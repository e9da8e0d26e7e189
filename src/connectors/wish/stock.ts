// Stock: Wish counts it per warehouse. Ours goes to the chosen one, and every other of the site is set to 0, for whatever
// stood there would be sold too. Whether a list replaces or merges what it does not name is not known, so all are named.
import type { Call, Reply, StockReport } from '../connector.ts'
import type { WishAccount } from './account.ts'
import { chosenWarehouse } from './merchant.ts'
import { pushVariations } from './product-push.ts'

const inventoryMax = 500_000

export function pushStock(call: Call<WishAccount>, reports: StockReport[]): Promise<Reply[]> {
  return pushVariations(call, reports, ({ quantity }) => {
    if (!Number.isSafeInteger(quantity) || quantity < 0) return { refused: `${quantity} is no stock figure` }
    if (quantity > inventoryMax) return { refused: `Wish takes at most ${inventoryMax} of one article` }
    const inventories = inventoriesOf(call, quantity)
    return inventories.length === 0 ? { refused: 'This account has no warehouse at Wish' } : { inventories }
  })
}

export function inventoriesOf(call: Call<WishAccount>, quantity: number) {
  const chosen = chosenWarehouse(call)
  if (!chosen) return []
  const others = (call.site.warehouses ?? []).filter(({ id }) => id !== chosen.id)
  return [
    { warehouse_id: chosen.id, inventory: quantity },
    ...others.map(({ id }) => ({ warehouse_id: id, inventory: 0 })),
  ]
}
