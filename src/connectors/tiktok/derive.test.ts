import { expect, test } from 'vitest'
import { derive } from './derive.ts'

const parcel = { weightGrams: 400, lengthMm: 300, widthMm: 201, heightMm: null, shippingIncVat: null }

test('G1: grams become kilograms, and a side that is a millimeter over is a centimeter longer', () => {
  expect(derive([parcel])).toEqual({ packageWeight: '0.4', packageLength: '30', packageWidth: '21' })
})

test('G1: the parcel of a product is that of its largest variation; what is not known is left to a person', () => {
  expect(derive([parcel, { ...parcel, weightGrams: 1255, heightMm: 9 }])).toEqual({
    packageWeight: '1.255',
    packageLength: '30',
    packageWidth: '21',
    packageHeight: '1',
  })
  expect(derive([{ ...parcel, weightGrams: null, lengthMm: null, widthMm: null }])).toEqual({})
  expect(derive([])).toEqual({})
})
