// What an imported batch of products changes, compared with what is here. Pure, so that "the same file twice changes
// nothing" is a property of this function. A blank cell of the file leaves what is here.
import type { CellRefusal, FileProduct, FileVariant } from './shopify-products.ts'
import { skuNormalized } from './sku.ts'

export type StoredProduct = {
  id: string
  handle: string
  title: string
  description: string
  brand: string | null
  productType: string | null
  category: string | null
  tags: string[]
}
export type StoredVariant = {
  id: string
  productId: string
  /** Of its product. */
  handle: string
  sku: string
  title: string
  options: Record<string, string>
  barcode: string | null
  priceMinor: number | null
  weightGrams: number | null
  imageUrl: string | null
  position: number
  vatRateBasisPoints: number | null
  lengthMm: number | null
  widthMm: number | null
  heightMm: number | null
}
export type StoredImage = { productId: string; url: string; alt: string; position: number }
/** An offer of the seller's own stock. */
export type StoredOffer = { id: string; variantId: string; onHand: number | null; costMinor: number | null }

export type Stored = {
  products: StoredProduct[]
  variants: StoredVariant[]
  images: StoredImage[]
  offers: StoredOffer[]
}

export type ProductPlan = {
  products: StoredProduct[]
  variants: (StoredVariant & { skuNormalized: string })[]
  images: (StoredImage & { id: string })[]
  newOffers: { id: string; variantId: string; sku: string }[]
  costs: { offerId: string; costMinor: number }[]
  onHand: { offerId: string; onHand: number }[]
  refusals: CellRefusal[]
  counts: { applied: number; unchanged: number; refused: number }
}

export type PlanOptions = { newId(): string; hasStock: boolean }

export function planProducts(files: FileProduct[], stored: Stored, options: PlanOptions): ProductPlan {
  const plan: ProductPlan = {
    products: [],
    variants: [],
    images: [],
    newOffers: [],
    costs: [],
    onHand: [],
    refusals: [],
    counts: { applied: 0, unchanged: 0, refused: 0 },
  }
  const known = {
    products: new Map(stored.products.map((product) => [product.handle, product])),
    variants: new Map(stored.variants.map((variant) => [variant.sku, variant])),
    offers: new Map(stored.offers.map((offer) => [offer.variantId, offer])),
    images: new Map(stored.images.map((image) => [`${image.productId} ${image.url}`, image])),
  }
  for (const file of mergedByHandle(files)) planProduct(file, known, plan, options)
  return plan
}

type Known = {
  products: Map<string, StoredProduct>
  variants: Map<string, StoredVariant>
  offers: Map<string, StoredOffer>
  images: Map<string, StoredImage>
}

function planProduct(file: FileProduct, known: Known, plan: ProductPlan, options: PlanOptions): void {
  const lines = [...file.variants.map((variant) => variant.line), ...file.imageLines].toSorted(
    (one, other) => one - other,
  )
  const here = known.products.get(file.handle)
  if (!here && file.title === '') {
    for (const line of lines) refuse(plan, line, `The product “${file.handle}” has no title in its first row.`)
    return
  }
  const product = mergedProduct(file, here, options)
  const changedLines = new Set<number>()
  const usable: FileVariant[] = []
  const refusedLines = new Set<number>()
  for (const variant of file.variants) {
    const owner = known.variants.get(variant.sku)
    if (owner && owner.handle !== file.handle) {
      refuse(plan, variant.line, `The SKU “${variant.sku}” belongs to the product “${owner.handle}”.`)
      refusedLines.add(variant.line)
    } else usable.push(variant)
  }
  if (!here && usable.length === 0) {
    for (const line of file.imageLines)
      refuse(plan, line, `No variant of the product “${file.handle}” could be imported.`)
    return
  }
  if (!here || !sameProduct(product, here)) {
    plan.products.push(product)
    known.products.set(product.handle, product)
    for (const line of lines.slice(0, 1)) changedLines.add(line)
  }
  for (const [at, variant] of usable.entries())
    if (planVariant(variant, at, product, known, plan, options)) changedLines.add(variant.line)
  for (const image of file.images) {
    const old = known.images.get(`${product.id} ${image.url}`)
    const wanted = {
      productId: product.id,
      url: image.url,
      alt: image.alt || (old?.alt ?? ''),
      position: image.position,
    }
    if (old && old.alt === wanted.alt && old.position === wanted.position) continue
    plan.images.push({ ...wanted, id: options.newId() })
    changedLines.add(image.line)
  }
  for (const line of lines) {
    if (refusedLines.has(line)) continue
    if (changedLines.has(line)) plan.counts.applied += 1
    else plan.counts.unchanged += 1
  }
}

function planVariant(
  file: FileVariant,
  position: number,
  product: StoredProduct,
  known: Known,
  plan: ProductPlan,
  options: PlanOptions,
): boolean {
  const old = known.variants.get(file.sku)
  const variant: StoredVariant = {
    id: old?.id ?? options.newId(),
    productId: product.id,
    handle: product.handle,
    sku: file.sku,
    title: file.title,
    options: file.options,
    barcode: file.barcode ?? old?.barcode ?? null,
    priceMinor: file.priceMinor ?? old?.priceMinor ?? null,
    weightGrams: file.weightGrams ?? old?.weightGrams ?? null,
    imageUrl: file.imageUrl ?? old?.imageUrl ?? null,
    position: old?.position ?? position,
    vatRateBasisPoints: file.vatRateBasisPoints ?? old?.vatRateBasisPoints ?? null,
    lengthMm: file.lengthMm ?? old?.lengthMm ?? null,
    widthMm: file.widthMm ?? old?.widthMm ?? null,
    heightMm: file.heightMm ?? old?.heightMm ?? null,
  }
  let changed = false
  if (!old || !sameVariant(variant, old)) {
    plan.variants.push({ ...variant, skuNormalized: skuNormalized(variant.sku) })
    known.variants.set(variant.sku, variant)
    changed = true
  }
  return planOffer(file, variant, known, plan, options) || changed
}

/** Stock that the file does not state stays as it is; of a new offer it is unknown. */
function planOffer(
  file: FileVariant,
  variant: StoredVariant,
  known: Known,
  plan: ProductPlan,
  options: PlanOptions,
): boolean {
  if (!options.hasStock && file.costMinor === null) return false
  const old = known.offers.get(variant.id)
  const offer = old ?? { id: options.newId(), variantId: variant.id, onHand: null, costMinor: null }
  if (!old) {
    plan.newOffers.push({ id: offer.id, variantId: variant.id, sku: variant.sku })
    known.offers.set(variant.id, offer)
  }
  const newStock = file.onHand !== null && file.onHand !== offer.onHand
  const newCost = file.costMinor !== null && file.costMinor !== offer.costMinor
  if (newStock) plan.onHand.push({ offerId: offer.id, onHand: file.onHand as number })
  if (newCost) plan.costs.push({ offerId: offer.id, costMinor: file.costMinor as number })
  return !old || newStock || newCost
}

function mergedProduct(file: FileProduct, old: StoredProduct | undefined, options: PlanOptions): StoredProduct {
  return {
    id: old?.id ?? options.newId(),
    handle: file.handle,
    title: file.title || (old?.title ?? ''),
    description: file.description || (old?.description ?? ''),
    brand: file.brand || (old?.brand ?? null),
    productType: file.productType || (old?.productType ?? null),
    category: file.category || (old?.category ?? null),
    tags: file.tags.length > 0 ? file.tags : (old?.tags ?? []),
  }
}

/** A handle whose rows do not stand together in the file is still one product. */
function mergedByHandle(files: FileProduct[]): FileProduct[] {
  const merged = new Map<string, FileProduct>()
  for (const file of files) {
    const first = merged.get(file.handle)
    if (!first) {
      merged.set(file.handle, file)
      continue
    }
    merged.set(file.handle, {
      ...first,
      title: first.title || file.title,
      // A variant that stands in the file again counts as it stands last; its earlier row still is a row that was read.
      imageLines: [
        ...first.imageLines,
        ...file.imageLines,
        ...first.variants.filter((variant) => isAgain(variant, file)).map((variant) => variant.line),
      ],
      images: [
        ...first.images,
        ...file.images.filter((image) => !first.images.some((other) => other.url === image.url)),
      ],
      variants: [...first.variants.filter((variant) => !isAgain(variant, file)), ...file.variants],
    })
  }
  return [...merged.values()]
}

function isAgain(variant: FileVariant, file: FileProduct): boolean {
  return file.variants.some((other) => other.sku === variant.sku)
}

function sameProduct(one: StoredProduct, other: StoredProduct): boolean {
  const { title, description, brand, productType, category } = one
  return (
    title === other.title &&
    description === other.description &&
    brand === other.brand &&
    productType === other.productType &&
    category === other.category &&
    JSON.stringify(one.tags) === JSON.stringify(other.tags)
  )
}

function sameVariant(one: StoredVariant, other: StoredVariant): boolean {
  const sorted = (options: Record<string, string>) =>
    JSON.stringify(Object.entries(options).toSorted(([one], [other]) => (one < other ? -1 : 1)))
  return (
    one.title === other.title &&
    one.barcode === other.barcode &&
    one.priceMinor === other.priceMinor &&
    one.weightGrams === other.weightGrams &&
    one.imageUrl === other.imageUrl &&
    one.position === other.position &&
    one.vatRateBasisPoints === other.vatRateBasisPoints &&
    one.lengthMm === other.lengthMm &&
    one.widthMm === other.widthMm &&
    one.heightMm === other.heightMm &&
    sorted(one.options) === sorted(other.options)
  )
}

function refuse(plan: ProductPlan, line: number, reason: string): void {
  plan.refusals.push({ line, column: null, reason, text: '', rowTaken: false })
  plan.counts.refused += 1
}
