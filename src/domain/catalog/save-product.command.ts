// A product saved whole, as the editor shows it: what can not be stored is said at its field, and then nothing is.
import type { Database, Tx } from '../../platform/database.ts'
import type { Secrets } from '../../platform/secrets.ts'
import { recordAudit } from '../channels/audit.store.ts'
import { settlePriceTargets } from '../pricing/price-targets.store.ts'
import { sweepRules } from '../pricing/price-sweeps.store.ts'
import { markVariants } from '../stock/marks.store.ts'
import {
  addOwnOffers,
  archive,
  deleteProduct,
  deleteVariants,
  freeHandle,
  readEditedProduct,
  skusTaken,
  writeImages,
  writeProduct,
  writeVariants,
  type EditedProduct,
  type EditedVariant,
  type Held,
} from './edit-product.store.ts'
import { ensureOwnStockSupplier } from './own-stock.store.ts'
import { knownPictures, readPicturePath } from './pictures.store.ts'
import { faultsOf, tidied, type DraftOfProduct, type DraftOfVariant, type Faults } from './product-draft.ts'
import { lockCatalogue, refreshSearchTexts } from './products.store.ts'

export type SaveProduct = {
  /** Null: a new one. */
  productId: string | null
  draft: DraftOfProduct
  /** What the editor began from. */
  version: string | null
  actor: string
}

export type SaveProductResult =
  | { kind: 'saved'; productId: string }
  | { kind: 'refused'; reason: 'not-found' }
  | { kind: 'refused'; reason: 'changed-meanwhile' }
  | { kind: 'refused'; reason: 'invalid'; fields: Faults }

export function saveProduct(
  { db, secrets }: { db: Database; secrets: Pick<Secrets, 'keyedHash'> },
  tenantId: string,
  { productId, draft: given, version, actor }: SaveProduct,
): Promise<SaveProductResult> {
  const draft = tidied(given)
  return db.tenant(tenantId).transaction(async (tx) => {
    // An import that goes on meanwhile may bring the same SKUs.
    await lockCatalogue(tx)
    const before = productId === null ? undefined : await readEditedProduct(tx, productId, { lock: true })
    if (productId !== null && !before) return { kind: 'refused', reason: 'not-found' }
    if (before && version !== before.version) return { kind: 'refused', reason: 'changed-meanwhile' }
    const id = productId ?? tx.ids.uuid()
    const currency = await currencyOf(tx)
    const pictures = await ownPictures(tx, secrets, draft)
    const fields = {
      ...faultsOf(draft, currency),
      ...(await takenSkus(tx, id, draft)),
      ...foreignVariants(draft, before),
      ...unknownImages(draft, before, pictures),
      ...heldVariants(draft, before),
    }
    if (Object.keys(fields).length > 0) return { kind: 'refused', reason: 'invalid', fields }
    const variants = draft.variants.map((variant) => ({ ...variant, id: variant.id ?? tx.ids.uuid() }))
    const written = { id, handle: before?.handle ?? (await freeHandle(tx, draft.title)), draft, currency }
    await writeProduct(tx, written)
    await deleteVariants(
      tx,
      gone(draft, before).map((variant) => variant.id),
    )
    await writeVariants(tx, written, variants)
    await writeImages(
      tx,
      id,
      draft.images.map((image) => ({ ...image, pictureId: pictures.get(image.url) ?? null })),
    )
    await refreshSearchTexts(tx, [id])
    await settleAfter(tx, { before, variants, actor })
    await recordAudit(tx, {
      actor,
      action: before ? 'save-product' : 'add-product',
      subject: id,
      data: { title: draft.title },
    })
    await tx.notify('catalog')
    return { kind: 'saved', productId: id }
  })
}

type SavedVariant = DraftOfVariant & { id: string }

/** What follows from it: own stock for what is new, prices and stock of listings. */
async function settleAfter(
  tx: Tx,
  { before, variants, actor }: { before: EditedProduct | undefined; variants: SavedVariant[]; actor: string },
): Promise<void> {
  const old = new Map(before?.variants.map((variant) => [variant.id, variant]))
  const added = variants.filter(({ id }) => !old.has(id))
  if (added.length > 0) await addOwnOffers(tx, await ensureOwnStockSupplier(tx), added)
  await markVariants(
    tx,
    variants.map(({ id }) => id),
  )
  const repriced = variants.filter(
    ({ id, priceIncVat }) => old.has(id) && old.get(id)?.priceIncVat?.minor !== priceIncVat?.minor,
  )
  // Who types a price has seen the step; a loss still waits.
  if (repriced.length > 0)
    await settlePriceTargets(tx, { kind: 'variants', ids: repriced.map(({ id }) => id) }, { approvedBy: actor })
  if (added.length > 0) await sweepRules(tx)
}

async function currencyOf(tx: Tx): Promise<string> {
  const { currency } = await tx
    .selectFrom('tenants')
    .select('currency')
    .where('id', '=', tx.tenantId)
    .executeTakeFirstOrThrow()
  return currency
}

/** Address → picture, of those that are ours, signed, and there. */
async function ownPictures(
  tx: Tx,
  secrets: Pick<Secrets, 'keyedHash'>,
  draft: DraftOfProduct,
): Promise<Map<string, string>> {
  const named = draft.images.flatMap(({ url }) => {
    const picture = readPicturePath(secrets, url)
    return picture?.tenantId === tx.tenantId ? [{ url, pictureId: picture.pictureId }] : []
  })
  const known = await knownPictures(
    tx,
    named.map(({ pictureId }) => pictureId),
  )
  return new Map(named.filter(({ pictureId }) => known.has(pictureId)).map(({ url, pictureId }) => [url, pictureId]))
}

async function takenSkus(tx: Tx, productId: string, draft: DraftOfProduct): Promise<Faults> {
  const taken = await skusTaken(
    tx,
    productId,
    draft.variants.map(({ sku }) => sku),
  )
  return Object.fromEntries(
    draft.variants.flatMap(({ sku }, at) => {
      const owner = taken.get(sku)
      return owner === undefined ? [] : [[`variants.${at}.sku`, `The SKU “${sku}” is in use by “${owner}”.`]]
    }),
  )
}

/** An id that is none of this product's. */
function foreignVariants(draft: DraftOfProduct, before: EditedProduct | undefined): Faults {
  const known = new Set(before?.variants.map(({ id }) => id))
  return Object.fromEntries(
    draft.variants.flatMap(({ id }, at) =>
      id === null || known.has(id) ? [] : [[`variants.${at}.sku`, 'This variant is not here any more. Add it anew.']],
    ),
  )
}

function unknownImages(
  draft: DraftOfProduct,
  before: EditedProduct | undefined,
  pictures: Map<string, string>,
): Faults {
  const old = new Set([
    ...(before?.images.map(({ url }) => url) ?? []),
    ...(before?.variants.map(({ imageUrl }) => imageUrl) ?? []),
  ])
  const isHere = (url: string) => !url.startsWith('/') || pictures.has(url) || old.has(url)
  const shown = new Set(draft.images.map(({ url }) => url))
  return Object.fromEntries([
    ...draft.images.flatMap(({ url }, at) =>
      isHere(url) ? [] : [[`images.${at}`, 'This picture is not here any more. Upload it again.']],
    ),
    ...draft.variants.flatMap(({ imageUrl }, at) =>
      imageUrl === null || shown.has(imageUrl) || old.has(imageUrl)
        ? []
        : [[`variants.${at}.imageUrl`, 'Choose one of the pictures of this product.']],
    ),
  ])
}

function gone(draft: DraftOfProduct, before: EditedProduct | undefined): EditedVariant[] {
  const kept = new Set(draft.variants.map(({ id }) => id))
  return before?.variants.filter(({ id }) => !kept.has(id)) ?? []
}

function heldVariants(draft: DraftOfProduct, before: EditedProduct | undefined): Faults {
  const [first] = gone(draft, before).filter(({ held }) => heldBy(held) !== undefined)
  return first ? { variants: heldSentence(first) } : {}
}

const heldSentence = ({ sku, held }: EditedVariant) =>
  `${sku} cannot be removed: ${heldBy(held) ?? ''}. Archive it instead.`

/** Why something stays; undefined where nothing hangs on it. */
function heldBy({ orders, mappings, changes }: Held): string | undefined {
  if (orders > 0) return `it is on ${orders === 1 ? 'an order' : `${orders} orders`}`
  if (mappings > 0) return `${mappings === 1 ? 'a listing sells' : `${mappings} listings sell`} it`
  if (changes > 0) return 'it is being listed or changed on a sales channel'
  return undefined
}

export type RemoveProductResult =
  | { kind: 'removed' }
  | { kind: 'refused'; reason: 'not-found' }
  | { kind: 'refused'; reason: 'held'; sentence: string }

export function removeProduct(
  db: Database,
  tenantId: string,
  { productId, actor }: { productId: string; actor: string },
): Promise<RemoveProductResult> {
  return db.tenant(tenantId).transaction(async (tx) => {
    const product = await readEditedProduct(tx, productId, { lock: true })
    if (!product) return { kind: 'refused', reason: 'not-found' }
    const held = product.variants.find((variant) => heldBy(variant.held) !== undefined)
    if (held) return { kind: 'refused', reason: 'held', sentence: heldSentence(held) }
    await deleteProduct(tx, productId)
    await recordAudit(tx, { actor, action: 'remove-product', subject: productId, data: { title: product.title } })
    await tx.notify('catalog')
    return { kind: 'removed' }
  })
}

export function archiveProduct(
  db: Database,
  tenantId: string,
  { productId, archived, actor }: { productId: string; archived: boolean; actor: string },
): Promise<{ kind: 'archived' } | { kind: 'refused'; reason: 'not-found' }> {
  return db.tenant(tenantId).transaction(async (tx) => {
    if (!(await archive(tx, productId, archived))) return { kind: 'refused', reason: 'not-found' }
    await recordAudit(tx, { actor, action: archived ? 'archive-product' : 'unarchive-product', subject: productId })
    await tx.notify('catalog')
    return { kind: 'archived' }
  })
}
