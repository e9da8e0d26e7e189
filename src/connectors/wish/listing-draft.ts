// Our draft → their product. Pure: what is sent for creating and for changing.
import { readGtin } from '../../domain/catalog/gtin.ts'
import { plainText } from '../../domain/listings/description.ts'
import type { Money } from '../../domain/money.ts'
import type { ListingAttribute, ListingDraft, ListingVariation, Site, Warehouse } from '../connector.ts'
import { asText } from '../reading.ts'
import { shippingAttribute, shippingPriceOf, tagsMax } from './limits.ts'
import { toWishPrice } from './money.ts'

/** The keys of `ListingDraft.attributes` that are fields of a product at Wish. Any other key is an attribute of its category. */
export const fields: ListingAttribute[] = [
  field('category_id', 'Category ID', {
    help: 'The number of the category at Wish. Its tree is not part of the published interface.',
    isRequired: true,
  }),
  field(shippingAttribute, 'Shipping price', { help: 'What a buyer pays for shipping one.', isRequired: true }),
  field('origin_country', 'Country of origin', {
    help: 'Two letters, such as GB. Empty: the country of your warehouse.',
  }),
  field('condition', 'Condition', { choices: ['NEW', 'USED', 'REFURBISHED'], takesOwnText: false }),
  field('tags', 'Tags', { isMultiple: true }),
  field('brand_id', 'Brand ID'),
  field('COLOR', 'Colour', { isVariation: true }),
  field('SIZE', 'Size', { isVariation: true }),
]
const fieldKeys = new Set(fields.map(({ key }) => key))

export type Warehouses = { site: Site; chosen: Warehouse; originCountry: string | null }

export function toWishProduct(draft: ListingDraft, warehouses: Warehouses, priceField: 'price' | 'cost') {
  const { site, chosen, originCountry } = warehouses
  const shipping = shippingPriceOf(draft, site)
  const country = asText(draft.attributes['origin_country'])?.toUpperCase() ?? originCountry
  return {
    ...toWishContent(draft),
    parent_sku: draft.channelSku,
    default_shipping_prices: shippingPrices(shipping ?? { minor: 0, currency: site.currency }, warehouses),
    variations: variationsOf(draft).map((variation) => ({
      sku: variation.channelSku,
      ...variationContent(variation),
      // The schema wants a price of everyone; who is paid by cost sells at his cost.
      price: toWishPrice(variation.price),
      ...(priceField === 'cost' ? { cost: toWishPrice(variation.price) } : {}),
      inventories: [
        { warehouse_id: chosen.id, inventory: variation.quantity },
        ...(site.warehouses ?? [])
          .filter(({ id }) => id !== chosen.id)
          .map(({ id }) => ({ warehouse_id: id, inventory: 0 })),
      ],
      ...(country === null ? {} : { logistics_details: { origin_country: country } }),
    })),
  }
}

export function shippingPrices(shipping: Money, { site, chosen }: Warehouses) {
  const standard = site.warehouses?.find(({ isDefault }) => isDefault)
  // The standard warehouse must be among them, whichever was chosen.
  const ids = new Set([standard?.id ?? chosen.id, chosen.id])
  return [...ids].map((warehouse_id) => ({ warehouse_id, default_shipping_price: toWishPrice(shipping) }))
}

/** All that is said of the product, besides stock and price. */
export function toWishContent(draft: ListingDraft) {
  const category = asText(draft.attributes['category_id'])
  const tags = listIn(draft.attributes['tags']).slice(0, tagsMax)
  const condition = asText(draft.attributes['condition'])
  const brand = asText(draft.attributes['brand_id'])
  const others = categoryAttributes(draft.attributes)
  const [main, ...more] = draft.images
  const extra = new Set([...more, ...(draft.variations ?? []).flatMap(({ image }) => image ?? [])])
  return {
    name: draft.title.trim(),
    description: plainText(draft.description),
    ...(category === null ? {} : { category_id: Number(category) }),
    ...(tags.length === 0 ? {} : { tags }),
    ...(condition === null ? {} : { condition }),
    ...(brand === null ? {} : { brand_id: brand }),
    ...(others.length === 0 ? {} : { attributes: others }),
    // Exactly one clean picture is wanted: the first.
    ...(main === undefined ? {} : { main_image: { url: main, is_clean_image: true } }),
    ...(extra.size === 0 ? {} : { extra_images: [...extra].map((url) => ({ url, is_clean_image: false })) }),
  }
}

export function variationContent(variation: ListingVariation) {
  const { attributes, barcode, image } = variation
  const gtin = barcode === null ? undefined : readGtin(barcode)
  const options = ['COLOR', 'SIZE'].flatMap((name) => {
    const value = asText(attributes[name])
    return value === null ? [] : [{ name, value }]
  })
  const others = categoryAttributes(attributes)
  return {
    ...(image === null ? {} : { image }),
    ...(gtin === undefined ? {} : { gtin }),
    ...(options.length === 0 ? {} : { options }),
    ...(others.length === 0 ? {} : { attributes: others }),
  }
}

/** A single article is a product of one variation under the same SKU. */
export function variationsOf(draft: ListingDraft): ListingVariation[] {
  if (draft.variations && draft.variations.length > 0) return draft.variations
  const { channelSku, price, quantity, barcode } = draft
  const options = Object.entries(draft.attributes).filter(([key]) => key === 'COLOR' || key === 'SIZE')
  return [{ channelSku, price, quantity, barcode, image: null, attributes: Object.fromEntries(options) }]
}

function categoryAttributes(attributes: Record<string, string>) {
  return Object.entries(attributes).flatMap(([name, text]) => {
    const value = listIn(text)
    return fieldKeys.has(name) || value.length === 0 ? [] : [{ name, value }]
  })
}

function listIn(text: string | undefined): string[] {
  return (text ?? '')
    .split('|')
    .map((one) => one.trim())
    .filter((one) => one !== '')
}

type FieldParts = Partial<Omit<ListingAttribute, 'key' | 'label' | 'choices'>> & { choices?: string[] }

function field(key: string, label: string, { choices, ...parts }: FieldParts = {}): ListingAttribute {
  return {
    key,
    label,
    isRequired: false,
    isVariation: false,
    isMultiple: false,
    takesOwnText: true,
    ...parts,
    ...(choices ? { choices: choices.map((value) => ({ value, label: value })) } : {}),
  }
}
