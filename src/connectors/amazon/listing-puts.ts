// Our draft → what is put at Amazon for each SKU. With the ASIN of a product that Amazon has, only the offer; else the whole
// product, shaped by its product type. Of a product with variations the parent comes first.
import { readGtin } from '../../domain/catalog/gtin.ts'
import { fitDescription } from '../../domain/listings/description.ts'
import type { Call, ListingDraft, ListingVariation } from '../connector.ts'
import { asText } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import type { AmazonAccount } from './account.ts'
import {
  asinKey,
  categoryKey,
  conditionDefault,
  conditionOf,
  hasAttribute,
  putAttribute,
  themeKey,
} from './attribute-shape.ts'
import type { Schema } from './attribute-shape.ts'
import { imagesMax, joins, limits } from './limits.ts'
import { anyProductType } from './listing-submission.ts'
import { siteOf } from './marketplaces.ts'
import { offerOf, stockPatch } from './offers.ts'
import { readSchema } from './product-types.ts'

/** What makes a listing one of a family. */
export const familyAttributes = ['parentage_level', 'child_parent_sku_relationship', themeKey]

export type Put = { productType: string; requirements: 'LISTING' | 'LISTING_OFFER_ONLY'; attributes: JsonObject }

export async function putsOf(call: Call<AmazonAccount>, draft: ListingDraft): Promise<(readonly [string, Put])[]> {
  return joins(draft) ? [[draft.channelSku, offerOnly(call, draft)]] : wholeProduct(call, draft)
}

function offerOnly(call: Call<AmazonAccount>, draft: ListingDraft): Put {
  const marketplace_id = call.site.id
  return {
    productType: asText(draft.attributes[categoryKey]) ?? anyProductType,
    requirements: 'LISTING_OFFER_ONLY',
    attributes: {
      condition_type: [{ value: conditionOf(draft), marketplace_id }],
      [asinKey]: [{ value: asText(draft.attributes[asinKey]), marketplace_id }],
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
    product_description: fitDescription(draft.description, limits().descriptionTags),
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
  const value = readGtin(barcode) ?? barcode
  const type = value.length === 12 ? 'upc' : value.length === 14 ? 'gtin' : 'ean'
  return { externally_assigned_product_identifier: [{ type, value, marketplace_id }] }
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
