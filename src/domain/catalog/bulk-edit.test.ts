import fc from 'fast-check'
import { expect, test } from 'vitest'
import { planBulkEdit, type EditableProduct } from './bulk-edit.ts'
import { optionNamesOf } from './product-draft.ts'
import { safeHtml } from './safe-html.ts'

const product = (priceMinor: number | null): EditableProduct => ({
  id: 'p',
  title: 'A cup',
  category: null,
  brand: 'Oakline',
  tags: ['tea'],
  variants: [{ id: 'v', sku: 'CUP', priceMinor, currency: 'GBP', vatRateBasisPoints: null }],
})

test('G1: a price by percent is rounded to the penny, and none becomes 0 or less', () => {
  const plan = (basisPoints: number, price: number) =>
    planBulkEdit({ kind: 'price', by: 'percent', basisPoints }, [product(price)])
  expect(plan(-1000, 1299).edits).toMatchObject([{ before: { priceMinor: 1299 }, after: { priceMinor: 1169 } }])
  expect(plan(250, 1000).edits).toMatchObject([{ after: { priceMinor: 1025 } }])
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: -10_000, max: 100_000 }), (price, basisPoints) => {
      const { edits, refused, unchanged } = plan(basisPoints, price)
      expect(edits.length + refused.length + unchanged).toBe(1)
      for (const { after } of edits) expect(after.priceMinor).toBeGreaterThan(0)
    }),
  )
})

test('G1: what is so already is not changed, and what has no price is said', () => {
  expect(planBulkEdit({ kind: 'brand', brand: 'Oakline' }, [product(1)])).toMatchObject({ edits: [], unchanged: 1 })
  expect(planBulkEdit({ kind: 'price', by: 'amount', minor: 100 }, [product(null)])).toMatchObject({
    edits: [],
    refused: [{ name: 'CUP' }],
  })
  expect(planBulkEdit({ kind: 'tags', add: ['gift'], remove: ['tea'] }, [product(1)]).edits).toMatchObject([
    { before: { tags: ['tea'] }, after: { tags: ['gift'] } },
  ])
})

test('options stand in the order of the variants’ titles, which the table does not keep', () => {
  expect(optionNamesOf([{ title: 'Red / M', options: { Size: 'M', Colour: 'Red' } }])).toEqual(['Colour', 'Size'])
})

test('a description that was made harmless stays as it is', () => {
  const made = safeHtml('<p>A & B <b>c</p><script>x</script><table><tr><td>1')
  expect(safeHtml(made)).toBe(made)
})
