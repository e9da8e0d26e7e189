// Changing and removing a product. One that has several SKUs is changed as a whole, and loses one by being edited.
import type { ListingDraft, ListingRef, Reply } from '../connector.ts'
import { asObject, asText } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import type { TikTokCall } from './account.ts'
import { ask } from './ask.ts'
import { categoryVersion } from './attribute-keys.ts'
import { replyOf } from './errors.ts'
import { prepare, updatePrefix } from './listing-publish.ts'
import { descriptionOf, toSku } from './product-draft.ts'
import type { Prepared } from './product-draft.ts'
import { keptProduct } from './product-kept.ts'
import type { KeptProduct } from './product-kept.ts'
import { errorsIn } from './product-push.ts'

export function updateListing(call: TikTokCall, ref: ListingRef, draft: ListingDraft): Promise<Reply> {
  const id = ref.marketplaceListingId
  return replyOf(async () => {
    const kept = keptProduct(await ask(call, 'products.get', { id }))
    return edit(call, id, changed(kept, draft, await prepare(call, draft)))
  })
}

export function endListing(call: TikTokCall, ref: ListingRef): Promise<Reply> {
  const id = ref.marketplaceListingId
  return replyOf(async () => {
    const kept = keptProduct(await ask(call, 'products.get', { id }))
    const variantId = ref.marketplaceVariantId
    if (variantId === null) return remove(call, id)
    const others = kept.skus.filter((sku) => sku.id !== variantId)
    if (others.length === kept.skus.length) return { kind: 'gone', reason: 'The product no longer has this SKU' }
    return others.length === 0 ? remove(call, id) : edit(call, id, { ...kept, skus: others })
  })
}

async function remove(call: TikTokCall, id: string): Promise<Reply> {
  const data = await ask(call, 'products.delete', { body: { product_ids: [id] } })
  const errors = errorsIn(data, 'product_id')
  return errors.get(id) ?? errors.get('') ?? { kind: 'done', reference: id }
}

// Price and stock are left out, and so stay as they are.
async function edit(call: TikTokCall, id: string, product: JsonObject): Promise<Reply> {
  const body = { ...product, category_version: categoryVersion(call.site.currency), save_mode: 'LISTING' }
  const data = await ask(call, 'products.edit', { id, body })
  const audit = asText(asObject(data['audit'])?.['status'])
  return audit === 'APPROVED' ? { kind: 'done', reference: id } : { kind: 'pending', ticket: updatePrefix + id }
}

function changed(kept: KeptProduct, draft: ListingDraft, prepared: Prepared): JsonObject {
  const { product_attributes: attributes, ...description } = descriptionOf(draft, prepared)
  const given = new Set(attributes.map(({ id }) => id))
  return {
    ...kept,
    ...description,
    product_attributes: [
      ...kept.product_attributes.filter((attribute) => !given.has(asText(attribute['id']) ?? '')),
      ...attributes,
    ],
    skus: changedSkus(kept, draft, prepared),
  }
}

// Known SKUs keep their id and thereby their price, stock and sales; without variations in the draft all stay.
function changedSkus(kept: KeptProduct, draft: ListingDraft, prepared: Prepared): JsonObject[] {
  const { variations } = draft
  if (!variations) {
    return kept.skus.length === 1 ? kept.skus.map((sku) => ({ ...sku, seller_sku: draft.channelSku })) : kept.skus
  }
  return variations.map((variation) => {
    const { price, inventory, identifier_code, ...sku } = toSku(variation, { prepared, variations })
    const known = kept.skus.find((one) => one.seller_sku === variation.channelSku)
    // A barcode is fixed once the product was reviewed.
    if (known) return { ...known, ...sku, id: known.id }
    return { ...sku, price, inventory, ...(identifier_code ? { identifier_code } : {}) }
  })
}
