// Our draft → their listing. With the ASIN of a product that Amazon has, only the offer is sent; else the whole product,
// shaped by its product type. Of a product with variations the parent goes first. Repeating it changes nothing.
import type { Call, ListingDraft, ListingRef, ListingVariation, Reply } from '../connector.ts'
import { asText } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import type { AmazonAccount } from './account.ts'
import { hasAttribute, putAttribute, themeKey } from './attribute-shape.ts'
import type { Schema } from './attribute-shape.ts'
import { replyOf } from './errors.ts'
import { itemPath } from './items.ts'
import { anyProductType, patchListing, replyOfSubmission, waitingTicket } from './listing-submission.ts'
import { siteOf } from './marketplaces.ts'
import { offerOf, stockPatch, whyNoPrice } from './offers.ts'
import { readSchema } from './product-types.ts'
import { ask } from './request.ts'

/** The chosen product type, as in the draft's attributes. */
const categoryKey = 'category'
/** The product that Amazon has already, whose page the offer joins. */
const asinKey = 'merchant_suggested_asin'
const conditionDefault = 'new_new'
const imagesMax = 9
const skuCharactersMax = 40

/** What the pushes of stock and price own. */
const soldBy = ['purchasable_offer', 'fulfillment_availability']

type Put = { productType: string; requirements: 'LISTING' | 'LISTING_OFFER_ONLY'; attributes: JsonObject }

export function publishListing(call: Call<AmazonAccount>, draft: ListingDraft): Promise<Reply> {
  return replyOf(async () => {
    const reason = whyNotPublished(draft, siteOf(call.site.id).currency)
    if (reason !== undefined) return { kind: 'rejected', reason }
    const asin = asText(draft.attributes[asinKey])
    const puts =
      asin === null ? await wholeProduct(call, draft) : [[draft.channelSku, offerOnly(call, draft, asin)] as const]
    for (const [sku, body] of puts) {
      const reply = await putListing(call, sku, body)
      // A child without its parent is refused, so what follows is not even tried.
      if (reply.kind !== 'done') return naming(sku, draft, reply)
    }
    return {
      kind: 'pending',
      ticket: waitingTicket(
        'listed',
        puts.map(([sku]) => sku),
        call.now,
      ),
    }
  })
}

/** Stock and price stay with the pushes. */
export function updateListing(call: Call<AmazonAccount>, ref: ListingRef, draft: ListingDraft): Promise<Reply> {
  return replyOf(async () => {
    if (asText(draft.attributes[asinKey]) !== null) {
      return { kind: 'rejected', reason: 'The page belongs to Amazon’s product; only stock and price are the seller’s' }
    }
    const puts = await wholeProduct(call, draft)
    const own = puts.find(([sku]) => sku === ref.marketplaceListingId) ?? puts[0]
    if (!own) return { kind: 'rejected', reason: 'There is nothing to change' }
    const { productType, attributes } = own[1]
    const patches = Object.entries(attributes)
      .filter(([name]) => !soldBy.includes(name) && (name !== 'condition_type' || 'condition_type' in draft.attributes))
      .map(([name, value]) => ({ op: 'replace' as const, path: `/attributes/${name}`, value: value as JsonObject[] }))
    return patchListing(call, ref.marketplaceListingId, patches, productType)
  })
}

async function putListing(call: Call<AmazonAccount>, sku: string, body: Put): Promise<Reply> {
  const url = itemPath(call, sku)
  return replyOfSubmission(
    await ask(call, 'putListingsItem', { method: 'PUT', url, query: { marketplaceIds: call.site.id }, body }),
  )
}

function offerOnly(call: Call<AmazonAccount>, draft: ListingDraft, asin: string): Put {
  const marketplace_id = call.site.id
  const condition = asText(draft.attributes['condition_type']) ?? conditionDefault
  return {
    productType: asText(draft.attributes[categoryKey]) ?? anyProductType,
    requirements: 'LISTING_OFFER_ONLY',
    attributes: {
      condition_type: [{ value: condition, marketplace_id }],
      [asinKey]: [{ value: asin, marketplace_id }],
      ...sales(draft, marketplace_id),
    },
  }
}

async function wholeProduct(call: Call<AmazonAccount>, draft: ListingDraft): Promise<(readonly [string, Put])[]> {
  const schema = await readSchema(call, asText(draft.attributes[categoryKey]) ?? '')
  const siteId = call.site.id
  const { variations } = draft
  const common = descriptionOf(call, draft, schema)
  const put = (attributes: JsonObject): Put => ({
    productType: schema.productType,
    requirements: 'LISTING',
    attributes,
  })
  if (!variations) {
    return [[draft.channelSku, put({ ...common, ...identifier(call, draft.barcode, schema), ...sales(draft, siteId) })]]
  }
  const parent = put({ ...common, ...family(siteId, null) })
  const children = variations.map((variation) => {
    const own = { ...common, ...family(siteId, draft.channelSku), ...identifier(call, variation.barcode, schema) }
    return [
      variation.channelSku,
      put({ ...own, ...childAttributes(call, variation, schema), ...sales(variation, siteId) }),
    ] as const
  })
  return [[draft.channelSku, parent], ...children]
}

function descriptionOf(call: Call<AmazonAccount>, draft: ListingDraft, schema: Schema): JsonObject {
  const site = siteOf(call.site.id)
  const attributes: JsonObject = {}
  const fields = {
    item_name: draft.title,
    product_description: draft.description,
    brand: draft.brand ?? '',
    model_name: draft.model ?? '',
    condition_type: conditionDefault,
  }
  for (const [key, text] of Object.entries(fields)) {
    if (text.trim() !== '' && hasAttribute(schema, key)) putAttribute(attributes, key, text, schema, site)
  }
  for (const [key, text] of Object.entries(draft.attributes)) {
    if (key === categoryKey || text.trim() === '') continue
    putAttribute(attributes, key === themeKey ? `${themeKey}.name` : key, text, schema, site)
  }
  return { ...attributes, ...images(draft.images, call.site.id) }
}

function childAttributes(call: Call<AmazonAccount>, variation: ListingVariation, schema: Schema): JsonObject {
  const attributes: JsonObject = {}
  for (const [key, text] of Object.entries(variation.attributes)) {
    putAttribute(attributes, key, text, schema, siteOf(call.site.id))
  }
  return { ...attributes, ...(variation.image === null ? {} : images([variation.image], call.site.id)) }
}

/** Price and stock; a parent has neither. */
function sales({ price, quantity }: Pick<ListingDraft, 'price' | 'quantity'>, siteId: string): JsonObject {
  return { purchasable_offer: [offerOf(price, siteId)], fulfillment_availability: stockPatch(quantity).value }
}

function family(marketplace_id: string, parentSku: string | null): JsonObject {
  const relation = { marketplace_id, child_relationship_type: 'variation' }
  return {
    parentage_level: [{ marketplace_id, value: parentSku === null ? 'parent' : 'child' }],
    child_parent_sku_relationship: [parentSku === null ? relation : { ...relation, parent_sku: parentSku }],
  }
}

/** The barcode by its length, or the seller's word that there is none. */
function identifier(call: Call<AmazonAccount>, barcode: string | null, schema: Schema): JsonObject {
  const marketplace_id = call.site.id
  const exemption = 'supplier_declared_has_product_identifier_exemption'
  if (barcode === null) return hasAttribute(schema, exemption) ? { [exemption]: [{ value: true, marketplace_id }] } : {}
  const type = barcode.length === 12 ? 'upc' : barcode.length === 14 ? 'gtin' : 'ean'
  return { externally_assigned_product_identifier: [{ type, value: barcode, marketplace_id }] }
}

/** Addresses that Amazon fetches later, so they must stay reachable until the listing shows them. */
function images(addresses: string[], marketplace_id: string): JsonObject {
  return Object.fromEntries(
    addresses.slice(0, imagesMax).map((media_location, index) => {
      const name = index === 0 ? 'main_product_image_locator' : `other_product_image_locator_${index}`
      return [name, [{ media_location, marketplace_id }]]
    }),
  )
}

function whyNotPublished(draft: ListingDraft, currency: string): string | undefined {
  const skus = [draft.channelSku, ...(draft.variations ?? []).map((one) => one.channelSku)]
  if (skus.some((sku) => sku.trim() === '')) return 'A listing needs a SKU'
  const long = skus.find((sku) => sku.length > skuCharactersMax)
  if (long !== undefined) return `“${long}” is longer than the ${skuCharactersMax} characters Amazon takes for a SKU`
  if (new Set(skus).size < skus.length) return 'Two of the variations have the same SKU'
  const sold = draft.variations ?? [draft]
  if (sold.length === 0) return 'There is no variation to list'
  if (sold.some(({ quantity }) => !Number.isSafeInteger(quantity) || quantity < 0))
    return 'A quantity is no stock figure'
  for (const { price } of sold) {
    const ref = { marketplaceListingId: '', marketplaceVariantId: null, channelSku: null }
    const reason = whyNoPrice({ ...ref, price }, currency)
    if (reason !== undefined) return reason
  }
  if (asText(draft.attributes[asinKey]) !== null) {
    return draft.variations ? 'A product with variations cannot join one product of Amazon’s' : undefined
  }
  if (draft.title.trim() === '') return 'A listing needs a title'
  if (asText(draft.attributes[categoryKey]) === null) return 'A listing needs Amazon’s product type as its category'
  if (draft.variations && asText(draft.attributes[themeKey]) === null) {
    return 'A product with variations needs a variation theme'
  }
  return undefined
}

/** Which of several it was about. */
function naming(sku: string, draft: ListingDraft, reply: Reply): Reply {
  if (!draft.variations || reply.kind !== 'rejected') return reply
  return { ...reply, reason: `${sku}: ${reply.reason}` }
}
