// Stock: a figure is absolute and per warehouse, and each warehouse of a SKU must be named. The chosen one gets the
// figure, the others 0: we know no other stock than ours.
import { RefusedError } from '../connector.ts'
import type { Reply, StockReport } from '../connector.ts'
import { asArray, asObject, asText } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import type { TikTokCall } from './account.ts'
import { ask } from './ask.ts'
import { codeOf } from './errors.ts'
import { pushByProduct, skuErrorsIn } from './product-push.ts'
import type { Sku } from './product-push.ts'

export const stockBatchMax = 20
/** From the reference. */
const quantityMax = 99_999
/** A warehouse is missing, or one is named that the SKU is not in. */
const wrongWarehousesCodes = [12019022, 12019028, 12052037, 12052094, 12052097, 12052530, 12052531, 12052533]

type WarehousesBySku = Map<string, string[]>

export async function pushStock(call: TikTokCall, reports: StockReport[]): Promise<Reply[]> {
  const sendable = reports.filter((report) => whyNotSent(report) === undefined)
  const known = await knownWarehouses(call, sendable)
  const replies = await pushByProduct(sendable, (productId, skus) => send(call, productId, skus, known))
  return reports.map((report) => {
    const reason = whyNotSent(report)
    if (reason !== undefined) return { kind: 'rejected', reason }
    return replies[sendable.indexOf(report)] ?? { kind: 'unclear' }
  })
}

function whyNotSent({ quantity }: StockReport): string | undefined {
  if (!Number.isSafeInteger(quantity) || quantity < 0) return `${quantity} is no stock figure`
  if (quantity <= quantityMax) return undefined
  return `TikTok Shop takes at most ${quantityMax}. Please set “Max quantity to advertise” to that or less`
}

// A shop may have closed one warehouse and opened another since; then the refusal says so and the SKUs are looked at.
async function send(
  call: TikTokCall,
  productId: string,
  skus: Sku<StockReport>[],
  known: WarehousesBySku,
): Promise<JsonObject> {
  const update = (warehouses: WarehousesBySku) =>
    ask(call, 'inventory.update', { id: productId, body: { skus: skus.map((sku) => figures(call, sku, warehouses)) } })
  const missing = skus.some(({ skuId }) => !known.has(skuId))
  try {
    const data = await update(known)
    if (!missing || ![...skuErrorsIn(data).values()].some(isAboutWarehouses)) return data
  } catch (error) {
    if (!missing || !(error instanceof RefusedError) || !isAboutWarehouses(error.refusal)) throw error
  }
  return update(
    await askForWarehouses(
      call,
      skus.map(({ report }) => report),
    ),
  )
}

function isAboutWarehouses(reply: Reply): boolean {
  return reply.kind === 'rejected' && wrongWarehousesCodes.includes(codeOf(reply) ?? 0)
}

function figures(call: TikTokCall, { skuId, report }: Sku<StockReport>, known: WarehousesBySku) {
  const chosen = chosenWarehouse(call)
  const ids = known.get(skuId) ?? (chosen === undefined ? [] : [chosen])
  // A SKU kept in other warehouses only has its figure in the first of those; which it is makes no difference to buyers.
  const main = ids.includes(chosen ?? '') ? chosen : ids[0]
  // Where there is only one warehouse at all, it need not be named.
  if (main === undefined) return { id: skuId, inventory: [{ quantity: report.quantity }] }
  const inventory = ids.map((id) => ({ warehouse_id: id, quantity: id === main ? report.quantity : 0 }))
  return { id: skuId, inventory }
}

export function chosenWarehouse({ site }: TikTokCall): string | undefined {
  const { warehouse, warehouses = [] } = site
  return (warehouse ?? warehouses.find((one) => one.isDefault) ?? warehouses[0])?.id
}

// Asked beforehand where a SKU may be in several. One that is refused is none of the others' business: then the updates
// find out one by one.
async function knownWarehouses(call: TikTokCall, reports: StockReport[]): Promise<WarehousesBySku> {
  if ((call.site.warehouses?.length ?? 0) < 2) return new Map()
  try {
    return await askForWarehouses(call, reports)
  } catch (error) {
    const isAboutOne = error instanceof RefusedError && ['rejected', 'gone'].includes(error.refusal.kind)
    if (isAboutOne) return new Map()
    throw error
  }
}

/** For the whole batch at once; a SKU that is not found is left to the update to say why. */
async function askForWarehouses(call: TikTokCall, reports: StockReport[]): Promise<WarehousesBySku> {
  const ids = reports.flatMap(({ marketplaceVariantId }) => marketplaceVariantId ?? [])
  if (ids.length === 0) return new Map()
  const data = await ask(call, 'inventory.search', { body: { sku_ids: [...new Set(ids)] } })
  const found: WarehousesBySku = new Map()
  for (const product of asArray(data['inventory']) ?? []) {
    for (const entry of asArray(asObject(product)?.['skus']) ?? []) {
      const sku = asObject(entry) ?? {}
      const warehouses = (asArray(sku['warehouse_inventory']) ?? []).flatMap(
        (one) => asText(asObject(one)?.['warehouse_id']) ?? [],
      )
      const id = asText(sku['id'])
      if (id !== null && warehouses.length > 0) found.set(id, warehouses)
    }
  }
  return found
}
