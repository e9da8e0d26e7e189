// What the seller sends about products, read field by field. What the specification does not name is dropped unseen.
import { z } from 'zod'

const price = z.object({ amount: z.number().min(0), currency_code: z.string().length(3) })
const regionPrice = price.nullable()
const url = z.url().max(2000)
const image = z.object({
  url,
  variation_skus: z.array(z.string().min(1).max(80)).optional(),
  is_clean_image: z.boolean().optional(),
})
const attribute = z.object({ name: z.string(), value: z.array(z.string()).nullable().optional() })
const inventory = z.object({ warehouse_id: z.string(), inventory: z.number().int().min(0).max(500_000) })
const logistics = z.object({
  origin_country: z.string().length(2).optional(),
  weight: z.number().optional(),
  height: z.number().optional(),
  width: z.number().optional(),
  length: z.number().optional(),
  pieces: z.number().int().optional(),
  customs_hs_code: z.string().optional(),
  customs_declared_name: z.string().optional(),
  customs_declared_value: price.optional(),
  declared_name: z.string().optional(),
  declared_local_name: z.string().optional(),
  restricted_flags: z
    .array(z.enum(['HAS_POWDER', 'HAS_LIQUID', 'HAS_BATTERY', 'HAS_METAL']))
    .nullable()
    .optional(),
})

const shippingDetail = z.object({
  destination: z.string().min(2).max(3),
  is_enabled: z.boolean().optional(),
  max_delivery_days: z.number().int().nullable().optional(),
})
const countryShipping = shippingDetail.extend({
  price: price.optional(),
  additional_price: price.optional(),
  overrides: z.array(
    shippingDetail.extend({ price: regionPrice.optional(), additional_price: regionPrice.optional() }),
  ),
})

const variationFields = {
  sku: z.string().min(1).max(80).optional(),
  price: price.optional(),
  cost: price.optional(),
  merchant_set_cost: z.number().min(0).nullable().optional(),
  inventories: z.array(inventory).optional(),
  image: url.optional(),
  options: z.array(z.object({ name: z.string(), value: z.string().min(1) })).optional(),
  attributes: z.array(attribute).nullable().optional(),
  gtin: z
    .string()
    .regex(/^[0-9]{8,14}$/)
    .nullable()
    .optional(),
  quantity_value: z.number().min(0).nullable().optional(),
  logistics_details: logistics.optional(),
}

const contentFields = {
  name: z.string().min(1).optional(),
  description: z.string().min(1).max(4000).optional(),
  parent_sku: z.string().min(1).max(80).optional(),
  tags: z.array(z.string().min(1).max(80)).max(20).nullable().optional(),
  condition: z.enum(['NEW', 'USED', 'REFURBISHED']).optional(),
  category_id: z.number().int().optional(),
  subcategory_id: z.number().int().nullable().optional(),
  brand_id: z.string().optional(),
  default_shipping_prices: z
    .array(z.object({ default_shipping_price: price.optional(), warehouse_id: z.string().optional() }))
    .min(1)
    .optional(),
  warehouse_to_shippings: z
    .array(z.object({ warehouse_id: z.string(), shipping_details: z.array(countryShipping) }))
    .optional(),
  max_quantity: z.number().int().min(1).nullable().optional(),
  msrp: price.optional(),
  reference_value: z.number().int().min(0).nullable().optional(),
  unit: z.string().nullable().optional(),
  video: z.object({ url: url.optional() }).optional(),
  attributes: z.array(attribute).nullable().optional(),
  consignment: z.unknown().optional(),
  california_prop65_warning_type: z.string().optional(),
  california_prop65_chemical_names: z.array(z.string()).nullable().optional(),
  main_image: image.optional(),
  extra_images: z.array(image).max(100).nullable().optional(),
}

export const newVariation = z.object({ ...variationFields, sku: z.string().min(1).max(80) })
export const newProduct = z.object({
  ...contentFields,
  main_image: image,
  variations: z.array(newVariation).min(1).max(400),
})
export const changedVariation = z.object({
  ...variationFields,
  id: z.string(),
  status: z.enum(['ENABLED', 'DISABLED']).optional(),
})
export const changedProduct = z.object({
  ...contentFields,
  status: z.enum(['ENABLED', 'DISABLED']).optional(),
  variations: z.array(changedVariation).max(400).optional(),
})
export const changedProducts = z.array(changedProduct.extend({ id: z.string() }))

export type NewVariationInput = z.infer<typeof newVariation>
export type NewProductInput = z.infer<typeof newProduct>
export type ChangedVariationInput = z.infer<typeof changedVariation>
export type ChangedProductInput = z.infer<typeof changedProduct>

/** The one sentence that stands in an answer; there is never a list of fields. */
export function sentenceOf(error: z.ZodError): string {
  const [issue] = error.issues
  const where = issue?.path.join('.') ?? ''
  const what = issue?.message ?? 'cannot be read'
  return where === '' ? `Invalid parameter: ${what}` : `Invalid parameter ${where}: ${what}`
}
