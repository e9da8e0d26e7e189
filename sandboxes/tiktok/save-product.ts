// What an edit does: prices and stock at once, everything else after review where the product is live.
import { text } from './call.ts'
import { applyRevision, availableOf, setStatus, submit, touch } from './products.ts'
import { notify } from './news.ts'
import { unixSeconds } from './state.ts'
import type { Asked } from './call.ts'
import type { Product, Revision, Sku } from './state.ts'

/** The SKUs as they will be. */
export function saveEdit({ tiktok, at, body }: Asked, product: Product, revision: Revision): Sku[] {
  applyPricesAndStock(product, revision, at)
  if (text(body['save_mode']) === 'AS_DRAFT') {
    if (product.status === 'DRAFT') applyRevision(tiktok, product, revision)
    else product.draft = revision
    touch(product, at)
    return revision.skus
  }
  const isSame = JSON.stringify(plain(revision)) === JSON.stringify(plain(product))
  product.draft = undefined
  if (isSame && product.status !== 'DRAFT') return product.skus
  if (product.status === 'ACTIVATE') product.underReview = revision
  else {
    applyRevision(tiktok, product, revision)
    setStatus(tiktok, product, 'PENDING', at)
  }
  submit(tiktok, product, at)
  touch(product, at)
  notify(tiktok, 'PRODUCT_INFORMATION_CHANGE', product.shopId, at, {
    product_id: product.id,
    change_source: 'OPEN_API',
    changed_fields: ['others'],
    update_time: unixSeconds(at),
  })
  return revision.skus
}

function applyPricesAndStock(product: Product, revision: Revision, at: Date): void {
  for (const next of revision.skus) {
    const current = product.skus.find((one) => one.id === next.id)
    if (!current) {
      const entry = { at: at.toISOString(), by: 'seller' as const, quantity: availableOf(next) }
      next.history.push({ ...entry, priceMinor: next.priceMinor })
      continue
    }
    if (current === next) continue
    const isPrice = current.priceMinor !== next.priceMinor
    const isStock = JSON.stringify(current.stock) !== JSON.stringify(next.stock)
    current.priceMinor = next.priceMinor
    current.stock = next.stock
    if (!isPrice && !isStock) continue
    current.history.push({
      at: at.toISOString(),
      by: 'seller',
      ...(isStock ? { quantity: availableOf(current) } : {}),
      ...(isPrice ? { priceMinor: current.priceMinor } : {}),
    })
    touch(product, at)
  }
}

/** What review would look at, without prices and stock. */
function plain({ content, skus }: Revision): unknown {
  return {
    content,
    skus: skus.map(({ id, sellerSku, salesAttributes, identifier }) => ({
      id,
      sellerSku,
      salesAttributes,
      identifier,
    })),
  }
}
