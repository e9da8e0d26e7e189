// Products: read, search, create, edit, and their states.
import { done, invalid, isWithin, objects, refuse, text, texts, windowOf } from './call.ts'
import { pageOf } from './pages.ts'
import { readPartialInput, readProductInput } from './product-input.ts'
import { showProduct, showProductInList, showSaved } from './product-json.ts'
import { addProduct, auditStatus, isHidden, productsOf, readProduct, setStatus, submit } from './products.ts'
import { saveEdit } from './save-product.ts'
import { unixSeconds } from './state.ts'
import type { Asked, Result, Route } from './call.ts'
import type { Product } from './state.ts'

const pageSizeMax = 100
const filterMax = 10
const hitsMax = 10_000
const stateCallMax = 20

const basic = { scopes: ['seller.product.basic'], cipher: 'required', word: 'products' } as const
const writing = { scopes: ['seller.product.write'], cipher: 'required', word: 'products', isWrite: true } as const
const deleting = { scopes: ['seller.product.delete'], cipher: 'required', word: 'products', isWrite: true } as const

const nested = [
  'main_images.uri',
  'skus.price.currency',
  'skus.inventory.warehouse_id',
  'package_weight.value',
  'package_weight.unit',
  'package_dimensions.length',
  'package_dimensions.width',
  'package_dimensions.height',
  'package_dimensions.unit',
  'product_attributes.id',
  'product_attributes.values',
]
const whole = ['title', 'description', 'category_id', 'main_images', 'skus', 'package_weight', ...nested]
const productFields = {
  title: 'string',
  description: 'string',
  category_id: 'string',
  category_version: 'string',
  brand_id: 'string',
  main_images: 'array',
  skus: 'array',
  product_attributes: 'array',
  package_weight: 'object',
  package_dimensions: 'object',
  save_mode: 'string',
  idempotency_key: 'string',
} as const

const searchFields = {
  status: 'string',
  seller_skus: 'array',
  sku_ids: 'array',
  audit_status: 'array',
  create_time_ge: 'int64',
  create_time_le: 'int64',
  update_time_ge: 'int64',
  update_time_le: 'int64',
  return_draft_version: 'bool',
} as const

export const productRoutes: readonly Route[] = [
  ...['202502', '202312', '202309'].map((version): Route => ({
    ...basic,
    operation: 'products.search',
    method: 'POST',
    path: `/product/${version}/products/search`,
    query: ['page_size'],
    fields: searchFields,
    handle: (asked) => searchProducts(asked, version),
  })),
  {
    ...writing,
    operation: 'products.create',
    method: 'POST',
    path: '/product/202309/products',
    fields: productFields,
    required: [...whole, 'skus.inventory', 'skus.price'],
    about: ({ body }) => ({ texts: [body['title'], ...objects(body['skus']).map((sku) => sku['seller_sku'])] }),
    handle: createProduct,
  },
  stateRoute({ ...basic, isWrite: true }, 'activate'),
  stateRoute({ ...basic, isWrite: true }, 'deactivate'),
  stateRoute(deleting, 'recover'),
  {
    ...deleting,
    operation: 'products.delete',
    method: 'DELETE',
    path: '/product/202309/products',
    fields: { product_ids: 'array' },
    required: ['product_ids'],
    about: aboutNamed,
    handle: (asked) => changeStates(asked, 'delete'),
  },
  {
    ...basic,
    operation: 'products.get',
    method: 'GET',
    path: '/product/202309/products/{product_id}',
    about: aboutOne,
    handle: getProduct,
  },
  ...['202509', '202309'].flatMap((version): Route[] => [
    {
      ...writing,
      operation: 'products.edit',
      method: 'PUT',
      path: `/product/${version}/products/{product_id}`,
      fields: productFields,
      required: whole,
      about: aboutOne,
      handle: (asked) => editProduct(asked, 'whole'),
    },
    {
      ...writing,
      operation: 'products.partialEdit',
      method: 'POST',
      path: `/product/${version}/products/{product_id}/partial_edit`,
      fields: productFields,
      required: nested,
      about: aboutOne,
      handle: (asked) => editProduct(asked, 'partial'),
    },
  ]),
]

export const noProduct = refuse(12_052_032, 'The product does not exist')
export const wrongState = refuse(
  12_052_901,
  'The product in its current status is not available for this operation. Change the product status and try again.',
)

export function findProduct({ tiktok, shop }: Asked, id: string | undefined): Product | undefined {
  const product = tiktok.products.get(id ?? '')
  return product?.shopId === shop.id ? product : undefined
}

export function aboutOne(asked: Asked) {
  return { products: [findProduct(asked, asked.params['product_id'])], texts: [asked.body['title']] }
}

function aboutNamed(asked: Asked) {
  return { products: texts(asked.body['product_ids']).map((id) => findProduct(asked, id)) }
}

type StateChange = 'activate' | 'deactivate' | 'recover' | 'delete'

function stateRoute(common: Pick<Route, 'scopes' | 'cipher' | 'isWrite'>, change: StateChange): Route {
  return {
    ...common,
    word: 'products',
    operation: `products.${change}`,
    method: 'POST',
    path: `/product/202309/products/${change}`,
    fields: { product_ids: 'array' },
    required: ['product_ids'],
    about: aboutNamed,
    handle: (asked) => changeStates(asked, change),
  }
}

function createProduct(asked: Asked): Result {
  const { tiktok, shop, body, at } = asked
  const key = text(body['idempotency_key'])
  const known = key === undefined ? undefined : tiktok.products.get(tiktok.created.get(`${shop.id} ${key}`) ?? '')
  if (known) return done({ ...showSaved(known, known.skus), warnings: [] })
  const read = readProductInput(asked, undefined)
  if ('refusal' in read) return read.refusal
  const { content, skus } = read.value
  for (const sku of skus) {
    const quantity = Object.values(sku.stock).reduce((sum, one) => sum + one, 0)
    sku.history.push({ at: at.toISOString(), by: 'seller', quantity, priceMinor: sku.priceMinor })
  }
  const product = addProduct(tiktok, { shopId: shop.id, content, skus, status: 'DRAFT', at })
  if (key !== undefined) tiktok.created.set(`${shop.id} ${key}`, product.id)
  if (text(body['save_mode']) !== 'AS_DRAFT') submit(tiktok, product, at)
  return done({ ...showSaved(product, product.skus), warnings: [] })
}

function editProduct(asked: Asked, kind: 'whole' | 'partial'): Result {
  const product = findProduct(asked, asked.params['product_id'])
  if (!product) return noProduct
  if (product.status === 'FREEZE' || product.status === 'DELETED') return wrongState
  const read = kind === 'whole' ? readProductInput(asked, product) : readPartialInput(asked, product)
  if ('refusal' in read) return read.refusal
  const skus = saveEdit(asked, product, read.value)
  const warnings = kind === 'whole' ? { warnings: [] } : {}
  return done({ ...showSaved(product, skus), ...warnings, audit: { status: auditStatus(product) } })
}

function getProduct(asked: Asked): Result {
  const { tiktok, at, query } = asked
  const found = findProduct(asked, asked.params['product_id'])
  if (!found || found.status === 'DELETED' || found.status === 'FREEZE') return noProduct
  const product = readProduct(tiktok, found, at)
  if (query.get('return_under_review_version') === 'true') {
    if (product.underReview) return done(showProduct(tiktok, product, product.underReview))
    if (product.status === 'PENDING') return done(showProduct(tiktok, product, product))
    const message = 'There is no version of this product that is under review. Please obtain the online version.'
    return refuse(12_052_547, message)
  }
  const isDraftWanted = query.get('return_draft_version') === 'true'
  return done(showProduct(tiktok, product, (isDraftWanted ? product.draft : undefined) ?? product))
}

function searchProducts(asked: Asked, version: string): Result {
  const { tiktok, at, query, body, route } = asked
  const size = Number(query.get('page_size'))
  if (size < 1 || size > pageSizeMax) return refuse(12_019_109, 'page size is invalid')
  if (texts(body['seller_skus']).length > filterMax) {
    return refuse(12_019_027, 'The maximum count of “seller_skus” in the search filter is 10.')
  }
  if (texts(body['sku_ids']).length > filterMax) {
    return refuse(12_019_087, 'The number of SKU IDs exceeds the limit of 10')
  }
  const items = matching(asked)
  const { searchCap } = tiktok.choices
  if (items.length > hitsMax && searchCap === 'refused') return tooManyHits
  const page = pageOf(
    {
      items,
      keyOf: (one) => `${unixSeconds(one.createdAt)}.${one.id}`,
      comesAfter(one, key) {
        const [time = '', id = ''] = key.split('.')
        const seconds = unixSeconds(one.createdAt)
        return seconds > Number(time) || (seconds === Number(time) && one.id > id)
      },
    },
    { size, token: query.get('page_token'), operation: route.operation, faults: tiktok.faults },
  )
  if (!page) return invalid('The value of page_token is invalid.')
  const last = page.items.at(-1)
  if (searchCap === 'pages' && last && items.indexOf(last) >= hitsMax) return tooManyHits
  return done({
    products: page.items.map((one) => showProductInList(tiktok, readProduct(tiktok, one, at), version)),
    next_page_token: page.nextToken,
    total_count: items.length,
  })
}

const tooManyHits = refuse(12_052_180, 'The total number of search results can not exceed 10000.')

/** Only filters that were sent cost time, because a walk through 100,000 products asks a thousand times. */
function matching({ tiktok, shop, body, at }: Asked): readonly Product[] {
  const tests: ((one: Product) => boolean)[] = []
  const created = windowOf(body, 'create_time')
  const updated = windowOf(body, 'update_time')
  const status = text(body['status']) ?? 'ALL'
  const sellerSkus = new Set(texts(body['seller_skus']))
  const skuIds = new Set(texts(body['sku_ids']))
  const audits = texts(body['audit_status'])
  if (status !== 'ALL') tests.push((one) => one.status === status)
  if (Object.keys(created).length > 0) tests.push((one) => isWithin(one.createdAt, created))
  if (Object.keys(updated).length > 0) tests.push((one) => isWithin(one.updatedAt, updated))
  if (sellerSkus.size > 0) tests.push((one) => one.skus.some((sku) => sellerSkus.has(sku.sellerSku)))
  if (skuIds.size > 0) tests.push((one) => one.skus.some((sku) => skuIds.has(sku.id)))
  if (audits.length > 0) tests.push((one) => audits.includes(auditStatus(one)))
  if (body['return_draft_version'] === true) tests.push((one) => one.draft !== undefined)
  if (tiktok.hidden.size > 0) tests.push((one) => !isHidden(tiktok, one, at))
  const all = productsOf(tiktok, shop.id)
  return tests.length === 0 ? all : all.filter((one) => tests.every((test) => test(one)))
}

/** Code 0 whatever happens; what failed stands in `errors`. */
function changeStates(asked: Asked, change: StateChange): Result {
  const ids = texts(asked.body['product_ids'])
  if (ids.length > stateCallMax) {
    return refuse(12_019_120, 'The number of provided product IDs exceeds the limit.')
  }
  const errors = ids.flatMap((id) => {
    const refusal = changeState(asked, findProduct(asked, id), change)
    return 'code' in refusal ? { code: refusal.code, message: refusal.message, detail: { product_id: id } } : []
  })
  return done({ errors })
}

function changeState({ tiktok, at }: Asked, product: Product | undefined, change: StateChange): Result {
  const from = {
    activate: ['SELLER_DEACTIVATED', 'PLATFORM_DEACTIVATED'],
    deactivate: ['ACTIVATE'],
    recover: ['DELETED'],
    delete: ['DRAFT', 'PENDING', 'FAILED', 'ACTIVATE', 'SELLER_DEACTIVATED', 'PLATFORM_DEACTIVATED'],
  }
  if (!product || (product.status === 'DELETED' && change !== 'recover')) return noProduct
  if (!from[change].includes(product.status)) return wrongState
  if (change === 'activate') submit(tiktok, product, at)
  else {
    product.underReview = undefined
    setStatus(tiktok, product, change === 'delete' ? 'DELETED' : 'SELLER_DEACTIVATED', at)
  }
  return done({})
}
