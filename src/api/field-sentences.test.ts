import { expect, test } from 'vitest'
import { z } from 'zod'
import { newShipment, routes } from './contract.ts'
import { parse } from './field-sentences.ts'

const fieldsOf = (schema: z.ZodType, input: unknown) => {
  const result = parse(schema, input)
  return 'error' in result ? result.error.body.error.fields : undefined
}

test('a missing field is said at the field', () => {
  expect(fieldsOf(routes.addSupplier.body, { currency: 'GBP' })).toEqual({ name: 'This is needed.' })
})

test('a figure of the wrong kind or size says what it may be', () => {
  expect(
    fieldsOf(routes.addSupplier.body, { name: 'Kettle & Co', currency: 'POUND', preference: -1, leadTimeDays: 'soon' }),
  ).toEqual({
    currency: 'At most 3 characters, please.',
    preference: 'This must be 0 or more.',
    leadTimeDays: 'This must be a number.',
  })
})

test('a field deep inside is named by its path', () => {
  expect(
    fieldsOf(newShipment, {
      purchaseOrderId: 'x',
      carrier: '',
      trackingNumber: 'T',
      lines: [{ componentId: crypto.randomUUID(), quantity: 0 }],
    }),
  ).toEqual({
    purchaseOrderId: 'This is not an id.',
    carrier: 'This must not be empty.',
    'lines.0.quantity': 'This must be 1 or more.',
  })
})

test('one wrong field is also the message', () => {
  const result = parse(routes.switchChannel.body, { enabled: 'yes' })
  expect('error' in result && result.error.body.error.message).toBe('This must be yes or no.')
})

test('what is no object at all is said of the body', () => {
  expect(fieldsOf(routes.switchChannel.body, 'on')).toEqual({ body: 'This must be a group of fields.' })
})
