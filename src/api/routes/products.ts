import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import {
  bulkEdit,
  bulkProductsMax,
  listEdits,
  previewBulkEdit,
  undoEdit,
} from '../../domain/catalog/bulk-edit.command.ts'
import { readEditedProduct } from '../../domain/catalog/edit-product.store.ts'
import { readExportBatch } from '../../domain/catalog/export-products.store.ts'
import {
  listMyProducts,
  myProductsChoices as choices,
  whereListed,
  type MyProductsFilter,
} from '../../domain/catalog/my-products.store.ts'
import { findPicture, picturePath, storePicture } from '../../domain/catalog/pictures.store.ts'
import { productColumns, productRows, type CsvOptions } from '../../domain/catalog/product-csv.ts'
import {
  archiveProduct as archive,
  removeProduct as remove,
  saveProduct as save,
} from '../../domain/catalog/save-product.command.ts'
import { loadChannelRow } from '../../domain/channels/channel-views.store.ts'
import { countGridMarks, settleGrid } from '../../domain/listings/settle-grid.command.ts'
import type { Tx } from '../../platform/database.ts'
import { pictureBytesMax, readPicture } from '../../platform/pictures.ts'
import { csvText } from '../csv.ts'
import type { Asked, Handler, Handlers } from '../handler.ts'
import { badFields, notFound, Refused } from '../refusals.ts'
import type { RouteParts } from './route-parts.ts'

const shownMax = 20

/** My products: pictures, the editor, the list with changes of many, and files (G1). */
export function productsRoutes({ parts, uploads, publicUrl }: RouteParts) {
  const { db, secrets } = parts

  const uploadPicture: Handler<'uploadPicture'> = async ({ form, session }) => {
    const { file } = await form()
    if (file.sizeBytes > pictureBytesMax) throw badFields({ file: `${file.fileName}: The file is larger than 20 MB.` })
    const { bytes } = await uploads.head(file.id, pictureBytesMax)
    const content = Buffer.from(bytes)
    const sha256 = createHash('sha256').update(content).digest()
    const known = await db.read(session.tenantId, (tx) => findPicture(tx, sha256))
    const stored = known ?? (await keep(session.tenantId, { content, sha256, name: file.fileName }))
    return {
      id: stored.id,
      url: picturePath(secrets, session.tenantId, stored),
      width: stored.width,
      height: stored.height,
    }
  }

  const keep = async (
    tenantId: string,
    { content, sha256, name }: { content: Buffer; sha256: Buffer; name: string },
  ) => {
    const picture = await readPicture(content)
    if (picture.kind === 'refused') throw badFields({ file: `${name}: ${picture.reason}` })
    return db.tenant(tenantId).transaction((tx) => storePicture(tx, { ...picture, sha256 }))
  }

  /** What somebody looks at is as new as can be: a few marks are worked off first, many are the job's. */
  const settleSoon = async (tenantId: string) => {
    const marks = await db.read(tenantId, countGridMarks)
    if (marks === 'few') await settleGrid(db, tenantId)
    if (marks === 'many')
      await db.tenant(tenantId).transaction((tx) => tx.enqueue('settle-grid', { tenantId }, { key: tenantId }))
  }

  const myProducts: Handler<'myProducts'> = async ({ session, query }) => {
    await settleSoon(session.tenantId)
    return db.read(session.tenantId, async (tx) => {
      const filter = await filterOf(tx, query)
      return listMyProducts(tx, filter, query)
    })
  }

  const myProductsChoices: Handler<'myProductsChoices'> = ({ session }) => db.read(session.tenantId, choices)

  const myProductsCsv: Handler<'myProductsCsv'> = async ({ session, query }) => {
    const { tenantId } = session
    await settleSoon(tenantId)
    const { layout, ...wanted } = query
    const { filter, currency } = await db.read(tenantId, async (tx) => ({
      filter: await filterOf(tx, wanted),
      currency: await currencyOf(tx),
    }))
    const link = (url: string) => (url.startsWith('/') ? new URL(url, parts.publicUrl ?? publicUrl).href : url)
    const read = (cursor: string | undefined) => db.read(tenantId, (tx) => readExportBatch(tx, filter, cursor))
    return {
      fileName: layout === 'shopify' ? 'products-shopify.csv' : 'products.csv',
      content: csvTexts(read, { layout, currency, link }),
    }
  }

  const bulkEditProducts: Handler<'bulkEditProducts'> = async ({ session, body }) => {
    const { productIds, filter, change, preview } = body
    if ((productIds === undefined) === (filter === undefined))
      throw badFields({ productIds: 'Name products, or a filter that finds them.' })
    const { tenantId } = session
    if (filter) await settleSoon(tenantId)
    const found = await db.read(tenantId, async (tx) => ({
      of: productIds ? { productIds } : { filter: await filterOf(tx, filter ?? {}) },
      currency: await currencyOf(tx),
    }))
    const edit = { of: found.of, change, actor: session.name }
    const done = await (preview ? previewBulkEdit(db, tenantId, edit) : bulkEdit(db, tenantId, edit))
    if (done.kind === 'refused') {
      if (done.reason === 'not-found') throw notFound()
      const most = bulkProductsMax.toLocaleString('en-GB')
      throw badFields({ filter: `More than ${most} products match. Narrow the filter, or change them by a file.` })
    }
    const { edits, unchanged, refused } = done.plan
    return {
      products: done.products,
      changes: edits.length,
      unchanged,
      refused: refused.length,
      currency: found.currency,
      sample: edits.slice(0, shownMax).map(({ name, before, after }) => ({ name, before, after })),
      refusals: refused.slice(0, shownMax),
      editId: done.kind === 'changed' ? done.editId : null,
    }
  }

  const productEdits: Handler<'productEdits'> = ({ session }) =>
    db.read(session.tenantId, async (tx) =>
      (await listEdits(tx)).map(({ createdAt, undoneAt, ...edit }) => ({
        ...edit,
        createdAt: createdAt.toISOString(),
        undoneAt: undoneAt?.toISOString() ?? null,
      })),
    )

  const undoProductEdit: Handler<'undoProductEdit'> = async ({ session, params }) => {
    const undone = await undoEdit(db, session.tenantId, { editId: params.id, actor: session.name })
    if (undone.kind === 'undone') return { undone: undone.undone, kept: undone.kept }
    if (undone.reason === 'not-found') throw notFound()
    throw new Refused(409, 'undone-already', 'This change was taken back already.')
  }

  const answer = (tenantId: string, productId: string) =>
    db.read(tenantId, async (tx) => {
      const product = await readEditedProduct(tx, productId)
      if (!product) throw notFound()
      const channels = await whereListed(tx, productId)
      return {
        ...product,
        whereListed: channels.map(({ change, ...channel }) => ({
          ...channel,
          change: change && { ...change, at: change.at.toISOString() },
        })),
      }
    })

  const editedProduct: Handler<'editedProduct'> = ({ session, params }) => answer(session.tenantId, params.id)

  const saved = async (tenantId: string, wanted: Parameters<typeof save>[2]) => {
    const result = await save({ db, secrets }, tenantId, wanted)
    if (result.kind === 'saved') return answer(tenantId, result.productId)
    if (result.reason === 'not-found') throw notFound()
    if (result.reason === 'invalid') throw badFields(result.fields)
    throw new Refused(
      409,
      'changed-meanwhile',
      'This product was changed meanwhile. Load it anew, and make your changes again.',
    )
  }
  const addProduct: Handler<'addProduct'> = ({ session, body }) =>
    saved(session.tenantId, { productId: null, draft: body, version: null, actor: session.name })
  const saveProduct: Handler<'saveProduct'> = ({ session, params, body }) =>
    saved(session.tenantId, { productId: params.id, draft: body.product, version: body.version, actor: session.name })

  const archiveProduct: Handler<'archiveProduct'> = async ({ session, params, body }) => {
    const done = await archive(db, session.tenantId, { productId: params.id, ...body, actor: session.name })
    if (done.kind === 'refused') throw notFound()
    return answer(session.tenantId, params.id)
  }

  const removeProduct: Handler<'removeProduct'> = async ({ session, params }) => {
    const done = await remove(db, session.tenantId, { productId: params.id, actor: session.name })
    if (done.kind === 'removed') return {}
    if (done.reason === 'not-found') throw notFound()
    throw new Refused(409, 'held', done.sentence)
  }

  return {
    uploadPicture,
    myProducts,
    myProductsChoices,
    myProductsCsv,
    bulkEditProducts,
    productEdits,
    undoProductEdit,
    editedProduct,
    addProduct,
    saveProduct,
    archiveProduct,
    removeProduct,
  } satisfies Partial<Handlers>
}

type Wanted = Omit<Asked<'myProductsCsv'>['query'], 'layout'>

/** A sales channel of another business is none. */
async function filterOf(tx: Tx, wanted: Wanted): Promise<MyProductsFilter> {
  const { search, category, supplierId, inStock, channelId, states, archived } = wanted
  if (channelId !== undefined && !(await loadChannelRow(tx, channelId))) throw notFound()
  return {
    search,
    category: category === 'none' ? '' : category,
    supplierId,
    inStock: inStock && inStock === 'yes',
    channelId,
    states,
    archived: archived === 'yes',
  }
}

async function currencyOf(tx: Tx): Promise<string> {
  const { rows } = await sql<{ currency: string }>`select currency from tenants where id = ${tx.tenantId}`.execute(tx)
  return rows[0]?.currency ?? 'GBP'
}

type ReadBatch = (cursor: string | undefined) => ReturnType<typeof readExportBatch>

async function* csvTexts(read: ReadBatch, options: CsvOptions): AsyncGenerator<string> {
  let cursor: string | undefined
  do {
    const { products, next } = await read(cursor)
    const rows = products.flatMap((product) => productRows(product, options))
    yield csvText(rows, cursor === undefined ? productColumns(options.layout) : undefined)
    cursor = next ?? undefined
  } while (cursor !== undefined)
}
