// A product of Wish → its listings: one for each variation, which carries SKU, price and stock.
import { RefusedError } from '../connector.ts'
import type { Call, ChannelListing, Site } from '../connector.ts'
import { asArray, asCount, asObject, asText, pathPart, UnreadableError } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import type { WishAccount } from './account.ts'
import { askForObject } from './ask.ts'
import { wishMoney } from './money.ts'
import { listingStateOf } from './statuses.ts'

export type ReadProduct = {
  items: ChannelListing[]
  unreadable: { reference: string | null; reason: string; raw: unknown }[]
}

/** What can be read of it is read; the rest is set aside with its reason. */
export function readProduct(raw: unknown, site: Site): ReadProduct {
  const product = asObject(raw)
  const reference = asText(product?.['id'])
  const variations = asArray(product?.['variations']) ?? []
  if (!product || reference === null) {
    return { items: [], unreadable: [{ reference: null, reason: 'The entry is no product with an id', raw }] }
  }
  if (variations.length === 0) {
    return { items: [], unreadable: [{ reference, reason: 'The product has no variations', raw }] }
  }
  const read: ReadProduct = { items: [], unreadable: [] }
  for (const variation of variations) {
    try {
      read.items.push(toChannelListing(product, variation, site))
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error
      read.unreadable.push({ reference, reason: error.message, raw: variation })
    }
  }
  return read
}

export async function askForProduct(call: Call<WishAccount>, productId: string): Promise<JsonObject> {
  const url = `/api/v3/products/${pathPart(productId)}`
  const product = await askForObject(call, { method: 'GET', url }, 'the product')
  if (asText(product['id']) === productId.trim()) return product
  throw new RefusedError({ kind: 'rejected', reason: `Wish answered with another product than ${productId}` })
}

/** `state` is the word of today, `status` the one that is going. */
export function productWordOf(product: JsonObject): string {
  return asText(product['state']) ?? asText(product['status']) ?? ''
}

function toChannelListing(product: JsonObject, raw: unknown, site: Site): ChannelListing {
  const variation = asObject(raw)
  const variantId = asText(variation?.['id'])
  if (!variation || variantId === null) throw new UnreadableError('A variation has no id')
  const productWord = productWordOf(product)
  const variationWord = asText(variation['status']) ?? ''
  const state = listingStateOf(productWord, variationWord)
  return {
    marketplaceListingId: asText(product['id']) ?? '',
    marketplaceVariantId: variantId,
    channelSku: asText(variation['sku']),
    title: titleOf(product, variation),
    state,
    marketplaceState: variationWord === 'ENABLED' ? productWord : `${productWord}, ${variationWord}`,
    quantity: quantityOf(variation, site),
    price: wishMoney(variation['price']) ?? wishMoney(variation['cost']) ?? null,
    imageUrl: asText(variation['image']) ?? asText(asObject(product['main_image'])?.['url']),
    url: null,
    barcode: asText(variation['gtin']),
    condition: asText(product['condition']),
    // What was removed cannot be changed any more.
    zeroIsFinal: state === 'ended',
    takesQuantity: true,
  }
}

function titleOf(product: JsonObject, variation: JsonObject): string {
  const name = asText(product['name']) ?? ''
  const options = (asArray(variation['options']) ?? []).flatMap((option) => asText(asObject(option)?.['value']) ?? [])
  return options.length === 0 ? name : `${name} (${options.join(', ')})`
}

// Buyers can buy what stands in any warehouse, so all count that we set: a figure left in another is drift to be seen.
function quantityOf(variation: JsonObject, site: Site): number | null {
  const inventories = asArray(variation['inventories'])
  if (!inventories) return null
  const ours = site.warehouses?.map(({ id }) => id)
  return inventories.reduce<number>((sum, raw) => {
    const inventory = asObject(raw)
    const isOurs = ours === undefined || ours.length === 0 || ours.includes(asText(inventory?.['warehouse_id']) ?? '')
    return sum + (isOurs ? (asCount(inventory?.['inventory']) ?? 0) : 0)
  }, 0)
}
