// The life of a product: draft, review, live, deactivated, deleted; and every change of its stock and prices.
import { isTyped } from '../kit/faults.ts'
import { chance } from '../kit/random.ts'
import { notify, notifyProduct } from './news.ts'
import { later, nextId, unixSeconds, wholeSecond } from './state.ts'
import type { Before } from '../kit/front.ts'
import type { Content, Line, Product, ProductStatus, Revision, Sku, Tiktok } from './state.ts'

export type Actor = 'seller' | 'buyer' | 'sandbox'

/** Typed into a title by a person: such a product fails review. */
export const failReviewWord = 'fail-review'

export function addProduct(
  tiktok: Tiktok,
  given: { shopId: string; content: Content; skus: Sku[]; status: ProductStatus; at: Date },
): Product {
  const at = wholeSecond(given.at)
  const product: Product = {
    id: nextId(tiktok),
    shopId: given.shopId,
    status: given.status,
    content: given.content,
    skus: given.skus,
    underReview: undefined,
    draft: undefined,
    submission: 0,
    auditFailure: undefined,
    createdAt: at,
    updatedAt: at,
  }
  tiktok.products.set(product.id, product)
  const list = tiktok.productsOf.get(given.shopId) ?? []
  tiktok.productsOf.set(given.shopId, list)
  if ((list.at(-1)?.createdAt ?? at) > at) tiktok.unsorted.add(given.shopId)
  list.push(product)
  registerSkus(tiktok, product)
  return product
}

/** In order of creation. Sorted when someone looks, because hundreds of thousands may come in any order. */
export function productsOf(tiktok: Tiktok, shopId: string): readonly Product[] {
  const list = tiktok.productsOf.get(shopId) ?? []
  if (tiktok.unsorted.delete(shopId)) {
    list.sort((one, other) => one.createdAt.getTime() - other.createdAt.getTime() || (one.id < other.id ? -1 : 1))
  }
  return list
}

export function registerSkus(tiktok: Tiktok, product: Product): void {
  for (const sku of product.skus) tiktok.skus.set(sku.id, { product, sku })
  const isGone = isTyped('gone-me', product.content.title, ...product.skus.map((sku) => sku.sellerSku))
  if (isGone) tiktok.hidden.set(product.id, forever)
  else if (tiktok.hidden.get(product.id)?.getTime() === forever.getTime()) tiktok.hidden.delete(product.id)
}

const forever = new Date(8.64e15)

/** Missing in lists, for a while or because of its name. */
export function isHidden(tiktok: Tiktok, product: Product, at: Date): boolean {
  const until = tiktok.hidden.get(product.id)
  return until !== undefined && until > at
}

/** Sends a product, or an edit of a live one, to review. */
export function submit(tiktok: Tiktok, product: Product, at: Date): void {
  product.submission += 1
  product.auditFailure = undefined
  if (product.status !== 'ACTIVATE') setStatus(tiktok, product, 'PENDING', at)
  notifyAudit(tiktok, product, at)
  awaitReview(tiktok, product, at)
}

export function awaitReview(tiktok: Tiktok, product: Product, from: Date): void {
  const { submission } = product
  tiktok.agenda.schedule(later(tiktok, from, tiktok.choices.reviewSeconds), (at) => {
    if (product.submission === submission) concludeReview(tiktok, product, at)
  })
}

function concludeReview(tiktok: Tiktok, product: Product, at: Date): void {
  const isWaiting = product.status === 'PENDING' || product.underReview !== undefined
  if (!isWaiting) return
  const { title } = product.underReview?.content ?? product.content
  const { reviewFails } = tiktok.choices
  const isFailed =
    title.toLowerCase().includes(failReviewWord) || (reviewFails > 0 && chance(tiktok.faults.random, reviewFails))
  if (isFailed) {
    product.auditFailure = 'The product information does not meet the listing requirements.'
    product.underReview = undefined
    if (product.status === 'PENDING') setStatus(tiktok, product, 'FAILED', at)
    touch(product, at)
    notifyProduct(tiktok, product, 'PRODUCT_AUDIT_FAILURE', at)
  } else {
    applyRevision(tiktok, product, product.underReview)
    product.underReview = undefined
    setStatus(tiktok, product, isTyped('suspend-me', title) ? 'PLATFORM_DEACTIVATED' : 'ACTIVATE', at)
    notifyProduct(tiktok, product, 'PRODUCT_FIRST_PASS_REVIEW', at)
  }
  notifyAudit(tiktok, product, at)
}

export function applyRevision(tiktok: Tiktok, product: Product, revision: Revision | undefined): void {
  if (!revision) return
  for (const sku of product.skus) tiktok.skus.delete(sku.id)
  product.content = revision.content
  product.skus = revision.skus.map((next) => {
    const current = product.skus.find((one) => one.id === next.id)
    // What was sold or restocked while the edit waited stays as it is.
    return current ? { ...next, stock: current.stock, committed: current.committed, history: current.history } : next
  })
  registerSkus(tiktok, product)
}

export function setStatus(tiktok: Tiktok, product: Product, status: ProductStatus, at: Date): void {
  touch(product, at)
  if (product.status === status) return
  product.status = status
  notifyProduct(tiktok, product, 'PRODUCT_STATUS_CHANGED', at)
}

export function touch(product: Product, at: Date): void {
  product.updatedAt = wholeSecond(at)
}

export function auditStatus(product: Product): 'NONE' | 'AUDITING' | 'FAILED' | 'APPROVED' {
  if (product.status === 'PENDING' || product.underReview) return 'AUDITING'
  if (product.auditFailure !== undefined) return 'FAILED'
  return product.status === 'ACTIVATE' ? 'APPROVED' : 'NONE'
}

function notifyAudit(tiktok: Tiktok, product: Product, at: Date): void {
  notify(tiktok, 'PRODUCT_AUDIT_STATUS_CHANGE', product.shopId, at, {
    product_id: product.id,
    audit: { status: auditStatus(product), pre_approved_reasons: [] },
    update_time: unixSeconds(at),
  })
}

export function availableOf(sku: Sku): number {
  return sum(sku.stock)
}

export function committedOf(sku: Sku): number {
  return sum(sku.committed)
}

function sum(byWarehouse: Record<string, number>): number {
  return Object.values(byWarehouse).reduce((total, one) => total + one, 0)
}

/** Absolute quantities by warehouse. */
export function setStock(
  product: Product,
  sku: Sku,
  { stock, by, at }: { stock: Record<string, number>; by: Actor; at: Date },
): void {
  Object.assign(sku.stock, stock)
  noteStock(product, sku, by, at)
}

export function setPrice(product: Product, sku: Sku, { minor, by, at }: { minor: number; by: Actor; at: Date }): void {
  sku.priceMinor = minor
  sku.history.push({ at: at.toISOString(), by, priceMinor: minor })
  touch(product, at)
}

/** A unit is ordered. Gives whether one was there: by force more can be sold than there is. */
export function commitUnit(product: Product, sku: Sku, warehouseId: string, at: Date): boolean {
  const left = sku.stock[warehouseId] ?? 0
  sku.stock[warehouseId] = Math.max(0, left - 1)
  sku.committed[warehouseId] = (sku.committed[warehouseId] ?? 0) + 1
  noteStock(product, sku, 'buyer', at)
  return left > 0
}

/** A unit that never was there does not come back. */
export function returnUnit(
  product: Product,
  sku: Sku,
  line: Pick<Line, 'warehouseId' | 'isFromStock'>,
  at: Date,
): void {
  const { warehouseId } = line
  sku.committed[warehouseId] = (sku.committed[warehouseId] ?? 0) - 1
  if (!line.isFromStock) return
  sku.stock[warehouseId] = (sku.stock[warehouseId] ?? 0) + 1
  noteStock(product, sku, 'buyer', at)
}

export function letUnitGo(sku: Sku, warehouseId: string): void {
  sku.committed[warehouseId] = (sku.committed[warehouseId] ?? 0) - 1
}

function noteStock(product: Product, sku: Sku, by: Actor, at: Date): void {
  sku.history.push({ at: at.toISOString(), by, quantity: availableOf(sku) })
  touch(product, at)
}

/** What a read shows now: after an eventual-read fault what was there before. */
export function readProduct(tiktok: Tiktok, product: Product, at: Date): Product {
  const stale = tiktok.stale.get(product.id)
  if (stale?.product && stale.until > at) return stale.product
  if (stale) tiktok.stale.delete(product.id)
  return product
}

export function productBefore(tiktok: Tiktok, products: readonly Product[]): Before {
  const copies = products.map((product) => ({ product, copy: structuredClone(product) }))
  return {
    restore() {
      for (const { product, copy } of copies) {
        for (const sku of product.skus) tiktok.skus.delete(sku.id)
        Object.assign(product, copy)
        registerSkus(tiktok, product)
      }
    },
    showUntil(until) {
      for (const { copy } of copies) tiktok.stale.set(copy.id, { until, product: copy })
    },
  }
}
