import { expect, test } from 'vitest'
import type { OrderEvent } from './order-events.ts'
import { tellEvent } from './story.ts'

const tell = (event: OrderEvent) => tellEvent(event)

test('D4, D6: why this supplier and not another is told with what each had', () => {
  const refused = [
    { supplier: 'North', because: 'not-enough' as const, available: 1 },
    { supplier: 'East', because: 'stock-unknown' as const, available: null },
  ]
  const lines = [{ sku: 'P-1', quantity: 2, costMinor: 1250, because: 'only-one' as const, refused }]
  expect(
    tell({
      kind: 'purchase-order-sent',
      data: { number: 'PO-000007', supplier: 'South', costMinor: 2500, currency: 'GBP', lines },
    }),
  ).toEqual({
    text: 'Purchase order PO-000007 was sent to South (£25.00 ex VAT).',
    detail: ['2 × P-1 at £12.50: the only supplier who can fill it.', 'North has 1.', 'East: stock not known.'],
  })
})

test('D6: a waiting line says for what it waits', () => {
  const lines = [{ sku: 'P-1', quantity: 2, because: 'no-offer' as const, refused: [] }]
  expect(tell({ kind: 'stock-awaited', data: { lines } })).toEqual({
    text: 'Waiting for 1 line to be filled.',
    detail: ['2 × P-1: no active supplier offers it.'],
  })
})

test('V1: a confirmation that was found by looking it up says so', () => {
  const data = { packageNumber: 1, trackingNumber: 'RM1', reference: null, readBack: true }
  expect(tell({ kind: 'confirmation-sent', data })).toEqual({
    text: 'The marketplace knows of parcel 1 (RM1).',
    detail: ['Found there when it was looked up; it was not sent again.'],
  })
})

test('what a newer version wrote is not lost from the story', () => {
  expect(tellEvent({ kind: 'from-the-future', data: {} }).text).toContain('from-the-future')
  expect(tellEvent({ kind: 'constructor', data: {} }).text).toContain('constructor')
})
