// A listing as Amazon keeps it: one item under the seller's SKU.
import { RefusedError } from '../connector.ts'
import type { Call } from '../connector.ts'
import { objectIn, pathPart } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import { sellerIdOf } from './account.ts'
import type { AmazonAccount } from './account.ts'
import { ask } from './request.ts'

/** The item as Amazon tells it; 'gone' ends the call where it has none of this SKU here. */
export async function readItem(call: Call<AmazonAccount>, sku: string, includedData: string): Promise<JsonObject> {
  const response = await ask(call, 'getListingsItem', {
    method: 'GET',
    url: itemPath(call, sku),
    query: { marketplaceIds: call.site.id, includedData },
  })
  const item = objectIn(response, 'the listing')
  if (item['sku'] === sku) return item
  throw new RefusedError({ kind: 'wait', seconds: 60, reason: `Amazon answered with another listing than “${sku}”` })
}

export async function readItemOrGone(
  call: Call<AmazonAccount>,
  sku: string,
  includedData: string,
): Promise<JsonObject | 'gone'> {
  try {
    return await readItem(call, sku, includedData)
  } catch (error) {
    if (error instanceof RefusedError && error.refusal.kind === 'gone') return 'gone'
    throw error
  }
}

/** Encoded exactly once: a SKU with a slash or a blank is found by no other spelling. */
export function itemPath(call: Call<AmazonAccount>, sku: string): string {
  return `/listings/2021-08-01/items/${pathPart(sellerIdOf(call))}/${pathPart(sku)}`
}
