import { expect, test } from 'vitest'
import type { JsonObject } from '../reading.ts'
import { putAttribute } from './attribute-shape.ts'
import { derive } from './derive.ts'
import { siteOf } from './marketplaces.ts'

const measure = { type: 'object', properties: { value: { type: 'number' }, unit: { type: 'string' } } }
const list = (properties: JsonObject) => ({
  type: 'array',
  maxUniqueItems: 1,
  items: { type: 'object', properties: { ...properties, marketplace_id: {} } },
})
const schema = {
  productType: 'LAMP',
  root: {
    properties: {
      item_package_weight: list(measure.properties),
      item_package_dimensions: list({ length: measure, width: measure, height: measure }),
    },
  },
}
const variant = { weightGrams: 400, lengthMm: 300, widthMm: 200, heightMm: 100, shippingIncVat: null }

test('G1: the package of the largest variation goes out in the shape of the product type, each figure with its unit', () => {
  const site = siteOf('A1F83G8C2ARO7P')
  const attributes: JsonObject = {}
  for (const [key, text] of Object.entries(derive([variant, { ...variant, weightGrams: 950 }])))
    putAttribute(attributes, key, text, schema, site)
  const marketplace_id = site.id
  const side = (value: number) => ({ value, unit: 'millimeters' })
  expect(attributes).toEqual({
    item_package_weight: [{ value: 950, unit: 'grams', marketplace_id }],
    item_package_dimensions: [{ length: side(300), width: side(200), height: side(100), marketplace_id }],
  })
})

test('G1: what is not known is not made up', () => {
  expect(derive([{ ...variant, weightGrams: null, lengthMm: null, widthMm: null, heightMm: null }])).toEqual({})
})
