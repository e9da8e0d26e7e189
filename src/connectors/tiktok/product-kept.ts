// A product as it is read → as it is written. Editing replaces the whole, and what is left out is blanked, save for price
// and stock: so all that is there goes back with it.
import { asArray, asObject, asText } from '../reading.ts'
import type { JsonObject } from '../reading.ts'

export type KeptProduct = JsonObject & { skus: KeptSku[]; product_attributes: JsonObject[] }
export type KeptSku = JsonObject & { id: string; seller_sku: string | null }

export function keptProduct(product: JsonObject): KeptProduct {
  const chain = objectsIn(product['category_chains'])
  const leaf = chain.find((category) => category['is_leaf'] === true) ?? chain.at(-1)
  const chart = asObject(product['size_chart'])
  return {
    ...only(product, [
      'title',
      'description',
      'package_weight',
      'package_dimensions',
      'is_cod_allowed',
      'external_product_id',
      'manufacturer_ids',
      'responsible_person_ids',
      'minimum_order_quantity',
      'shipping_insurance_requirement',
      'shipping_template_id',
    ]),
    ...some('category_id', asText(leaf?.['id'])),
    ...some('brand_id', asText(asObject(product['brand'])?.['id'])),
    main_images: objectsIn(product['main_images']).map((image) => only(image, ['uri'])),
    ...some('size_chart', chart && keptChart(chart)),
    ...some('video', asObject(product['video']) && only(asObject(product['video']) ?? {}, ['id'])),
    ...some('certifications', nonEmpty(objectsIn(product['certifications']).map(keptCertification))),
    product_attributes: objectsIn(product['product_attributes']).map((attribute) => ({
      ...only(attribute, ['id']),
      values: objectsIn(attribute['values']).map((value) =>
        only(value, asText(value['id']) === null ? ['name'] : ['id']),
      ),
    })),
    skus: objectsIn(product['skus']).map(keptSku),
  }
}

function keptSku(sku: JsonObject): KeptSku {
  return {
    ...only(sku, ['external_sku_id', 'external_urls', 'extra_identifier_codes', 'identifier_code', 'sku_unit_count']),
    id: asText(sku['id']) ?? '',
    seller_sku: asText(sku['seller_sku']),
    ...some(
      'sales_attributes',
      nonEmpty(
        objectsIn(sku['sales_attributes']).map((attribute) => ({
          ...only(attribute, ['id', 'value_id']),
          ...some('sku_img', pictureOf(attribute['sku_img'])),
          ...some(
            'supplementary_sku_images',
            nonEmpty(objectsIn(attribute['supplementary_sku_images']).map((one) => only(one, ['uri']))),
          ),
        })),
      ),
    ),
    ...some(
      'combined_skus',
      nonEmpty(objectsIn(sku['combined_skus']).map((part) => only(part, ['product_id', 'sku_id', 'sku_count']))),
    ),
  }
}

function keptCertification(certification: JsonObject): JsonObject {
  return {
    ...only(certification, ['id', 'expiration_date']),
    ...some('images', nonEmpty(objectsIn(certification['images']).map((image) => only(image, ['uri'])))),
    ...some('files', nonEmpty(objectsIn(certification['files']).map((file) => only(file, ['id', 'name', 'format'])))),
  }
}

function keptChart(chart: JsonObject): JsonObject {
  const template = asObject(chart['template'])
  return { ...some('image', pictureOf(chart['image'])), ...some('template', template && only(template, ['id'])) }
}

function pictureOf(value: unknown): JsonObject | undefined {
  const picture = asObject(value)
  return picture && asText(picture['uri']) !== null ? only(picture, ['uri']) : undefined
}

function objectsIn(value: unknown): JsonObject[] {
  return (asArray(value) ?? []).flatMap((entry): JsonObject[] => [asObject(entry) ?? {}])
}

function only(object: JsonObject, names: string[]): JsonObject {
  return Object.fromEntries(
    names.filter((name) => object[name] !== undefined && object[name] !== null).map((name) => [name, object[name]]),
  )
}

function some(name: string, value: unknown): JsonObject {
  return value === undefined || value === null ? {} : { [name]: value }
}

function nonEmpty(list: JsonObject[]): JsonObject[] | undefined {
  return list.length === 0 ? undefined : list
}
