// One change of many products: what it makes of each, before anything is written, so that it can be looked at and taken back.
import { shareOf } from '../money.ts'

export type BulkChange =
  | { kind: 'category'; category: string }
  | { kind: 'brand'; brand: string }
  | { kind: 'tags'; add: string[]; remove: string[] }
  /** Null: that of the supplier or of the business counts. */
  | { kind: 'vat-rate'; vatRateBasisPoints: number | null }
  | { kind: 'price'; by: 'amount'; minor: number }
  | { kind: 'price'; by: 'percent'; basisPoints: number }

export type EditableVariant = {
  id: string
  sku: string
  priceMinor: number | null
  currency: string
  vatRateBasisPoints: number | null
}
export type EditableProduct = {
  id: string
  title: string
  category: string | null
  brand: string | null
  tags: string[]
  variants: EditableVariant[]
}

/** Of a product or of a variant: only what changes. */
export type Values = {
  category?: string | null
  brand?: string | null
  tags?: string[]
  vatRateBasisPoints?: number | null
  priceMinor?: number
}
export type Edit = { id: string; name: string; isVariant: boolean; productId: string; before: Values; after: Values }

export type BulkPlan = {
  edits: Edit[]
  /** Products with nothing to change. */
  unchanged: number
  /** Variants that cannot be changed so, and why. */
  refused: { name: string; reason: string }[]
}

export function planBulkEdit(change: BulkChange, products: EditableProduct[]): BulkPlan {
  const plan: BulkPlan = { edits: [], unchanged: 0, refused: [] }
  for (const product of products) {
    const { edits, refused } = editsOf(change, product)
    plan.edits.push(...edits)
    plan.refused.push(...refused)
    if (edits.length === 0 && refused.length === 0) plan.unchanged += 1
  }
  return plan
}

type OfProduct = Pick<BulkPlan, 'edits' | 'refused'>

function editsOf(change: BulkChange, product: EditableProduct): OfProduct {
  if (change.kind === 'price') return pricesOf(change, product)
  if (change.kind === 'vat-rate') {
    const { vatRateBasisPoints } = change
    const edits = product.variants
      .filter((variant) => variant.vatRateBasisPoints !== vatRateBasisPoints)
      .map((variant) =>
        edit(product, variant, { vatRateBasisPoints: variant.vatRateBasisPoints }, { vatRateBasisPoints }),
      )
    return { edits, refused: [] }
  }
  const [before, after] = valuesOf(change, product)
  const isSame = JSON.stringify(before) === JSON.stringify(after)
  const { id, title } = product
  return { edits: isSame ? [] : [{ id, name: title, isVariant: false, productId: id, before, after }], refused: [] }
}

function valuesOf(
  change: Exclude<BulkChange, { kind: 'price' | 'vat-rate' }>,
  { category, brand, tags }: EditableProduct,
): [before: Values, after: Values] {
  if (change.kind === 'category') return [{ category }, { category: change.category || null }]
  if (change.kind === 'brand') return [{ brand }, { brand: change.brand || null }]
  const kept = tags.filter((tag) => !change.remove.includes(tag))
  return [{ tags }, { tags: [...new Set([...kept, ...change.add])] }]
}

function pricesOf(change: Extract<BulkChange, { kind: 'price' }>, product: EditableProduct): OfProduct {
  const result: OfProduct = { edits: [], refused: [] }
  for (const variant of product.variants) {
    const { priceMinor, sku } = variant
    if (priceMinor === null) {
      result.refused.push({ name: sku, reason: 'It has no price to change.' })
      continue
    }
    const next = priceMinor + stepOf(change, priceMinor)
    if (next <= 0) result.refused.push({ name: sku, reason: 'Its price would be 0 or less.' })
    else if (next !== priceMinor) result.edits.push(edit(product, variant, { priceMinor }, { priceMinor: next }))
  }
  return result
}

function stepOf(change: Extract<BulkChange, { kind: 'price' }>, priceMinor: number): number {
  if (change.by === 'amount') return change.minor
  const step = shareOf(priceMinor, Math.abs(change.basisPoints))
  return change.basisPoints < 0 ? -step : step
}

function edit(product: EditableProduct, variant: EditableVariant, before: Values, after: Values): Edit {
  return { id: variant.id, name: variant.sku, isVariant: true, productId: product.id, before, after }
}
