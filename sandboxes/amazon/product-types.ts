// The product types there are, what belongs to each, and what each requires.

export type Field = {
  title: string
  kind: 'text' | 'localized' | 'number' | 'media' | 'offer' | 'stock' | 'relation' | 'theme' | 'identifier' | 'flag'
  values?: string[]
  many?: number
  group: Group
}
export type Group = 'product_identity' | 'product_details' | 'offer' | 'images' | 'variations'

const field = (title: string, kind: Field['kind'], group: Group, more: Partial<Field> = {}): Field => ({
  title,
  kind,
  group,
  ...more,
})

export const fields: Record<string, Field> = {
  item_name: field('Item Name', 'localized', 'product_identity'),
  brand: field('Brand Name', 'localized', 'product_identity'),
  manufacturer: field('Manufacturer', 'localized', 'product_identity'),
  externally_assigned_product_identifier: field('External Product ID', 'identifier', 'product_identity'),
  supplier_declared_has_product_identifier_exemption: field('Product ID Exemption', 'flag', 'product_identity'),
  merchant_suggested_asin: field('Merchant Suggested ASIN', 'text', 'product_identity'),
  model_number: field('Model Number', 'text', 'product_identity'),
  part_number: field('Part Number', 'text', 'product_identity'),
  product_description: field('Product Description', 'localized', 'product_details'),
  bullet_point: field('Bullet Point', 'localized', 'product_details', { many: 5 }),
  generic_keyword: field('Search Terms', 'localized', 'product_details'),
  country_of_origin: field('Country of Origin', 'text', 'product_details', {
    values: ['GB', 'DE', 'US', 'CN', 'FR', 'IT'],
  }),
  color: field('Colour', 'localized', 'product_details'),
  size: field('Size', 'localized', 'product_details'),
  material: field('Material', 'localized', 'product_details'),
  department: field('Department', 'localized', 'product_details', {
    values: ['Womens', 'Mens', 'Unisex Adult', 'Unisex Kids'],
  }),
  connectivity_technology: field('Connectivity', 'localized', 'product_details', {
    values: ['Wired', 'Wireless', 'Bluetooth'],
  }),
  item_weight: field('Item Weight', 'number', 'product_details', {
    values: ['grams', 'kilograms', 'pounds', 'ounces'],
  }),
  batteries_required: field('Are batteries required?', 'flag', 'product_details'),
  batteries_included: field('Are batteries included?', 'flag', 'product_details'),
  supplier_declared_dg_hz_regulation: field('Dangerous Goods Regulations', 'text', 'product_details', {
    values: ['not_applicable', 'ghs', 'storage', 'transportation', 'other'],
  }),
  condition_type: field('Item Condition', 'text', 'offer', {
    values: [
      'new_new',
      'new_open_box',
      'used_like_new',
      'used_very_good',
      'used_good',
      'used_acceptable',
      'refurbished_refurbished',
    ],
  }),
  condition_note: field('Offer Condition Note', 'localized', 'offer'),
  purchasable_offer: field('Purchasable Offer', 'offer', 'offer'),
  fulfillment_availability: field('Fulfilment Availability', 'stock', 'offer'),
  list_price: field('List Price', 'number', 'offer', { values: ['GBP', 'EUR', 'USD'] }),
  merchant_shipping_group: field('Shipping Template', 'text', 'offer'),
  max_order_quantity: field('Max Order Quantity', 'number', 'offer'),
  product_tax_code: field('Product Tax Code', 'text', 'offer'),
  skip_offer: field('Skip Offer', 'flag', 'offer'),
  main_product_image_locator: field('Main Image', 'media', 'images'),
  parentage_level: field('Parentage Level', 'text', 'variations', { values: ['parent', 'child'] }),
  child_parent_sku_relationship: field('Child Relationship', 'relation', 'variations'),
  variation_theme: field('Variation Theme', 'theme', 'variations'),
}
for (let number = 1; number <= 8; number += 1) {
  fields[`other_product_image_locator_${number}`] = field(`Image ${number + 1}`, 'media', 'images')
}

export const knownAttributes: ReadonlySet<string> = new Set([...Object.keys(fields), 'quantity_discount_plan'])

export type ProductType = {
  name: string
  displayName: string
  keywords: string[]
  own: string[]
  required: string[]
  themes: string[]
}

export const types: readonly ProductType[] = [
  {
    name: 'PRODUCT',
    displayName: 'Product',
    keywords: [],
    own: ['color', 'size', 'material', 'item_weight'],
    required: [],
    themes: ['COLOR', 'SIZE', 'SIZE/COLOR'],
  },
  {
    name: 'HEADPHONES',
    displayName: 'Headphones',
    keywords: ['headphone', 'earphone', 'audio', 'headset'],
    own: ['color', 'connectivity_technology', 'item_weight', 'batteries_required', 'batteries_included'],
    required: ['color', 'connectivity_technology'],
    themes: ['COLOR'],
  },
  {
    name: 'SHIRT',
    displayName: 'Shirt',
    keywords: ['shirt', 'top', 'clothing', 'apparel'],
    own: ['color', 'size', 'department', 'material'],
    required: ['department', 'material'],
    themes: ['COLOR', 'SIZE', 'SIZE/COLOR'],
  },
]

export const productTypes: readonly string[] = types.map((type) => type.name)

export const everywhere = [
  'item_name',
  'brand',
  'manufacturer',
  'externally_assigned_product_identifier',
  'supplier_declared_has_product_identifier_exemption',
  'merchant_suggested_asin',
  'model_number',
  'part_number',
  'product_description',
  'bullet_point',
  'generic_keyword',
  'country_of_origin',
  'supplier_declared_dg_hz_regulation',
]
const productRequired = [
  'item_name',
  'brand',
  'product_description',
  'bullet_point',
  'country_of_origin',
  'supplier_declared_dg_hz_regulation',
  'main_product_image_locator',
]
const offerRequired = ['condition_type', 'purchasable_offer', 'fulfillment_availability']

/** A parent is never sold, so it needs no offer; what tells its children apart is theirs. */
export function requiredAttributes(name: string, requirements: string, parentage: string): string[] {
  const type = types.find((one) => one.name === name)
  if (requirements === 'LISTING_OFFER_ONLY') return ['merchant_suggested_asin', ...offerRequired]
  const product = [...productRequired, ...(type?.required ?? [])]
  if (parentage === 'PARENT') {
    return [
      ...product.filter((one) => one !== 'color' && one !== 'size'),
      'parentage_level',
      'child_parent_sku_relationship',
      'variation_theme',
    ]
  }
  const child = parentage === 'CHILD' ? ['parentage_level', 'child_parent_sku_relationship', 'variation_theme'] : []
  const offer = requirements === 'LISTING_PRODUCT_ONLY' ? [] : offerRequired
  return [...product, ...offer, ...child]
}
