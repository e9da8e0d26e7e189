// What can be listed where: categories, their rules and attributes, brands, and the checks before listing.
import { done, invalid, refuse, text } from './call.ts'
import { pageOf } from './pages.ts'
import { readProductInput, wrongVersion } from './product-input.ts'
import { attributes, categories, categoryChain, categoryOf, leaves } from './reference.ts'
import { nextId } from './state.ts'
import type { Asked, Result, Route } from './call.ts'
import type { Category } from './reference.ts'

const basic = { scopes: ['seller.product.basic'], cipher: 'required' } as const
const brandsPageMax = 100

export const categoryRoutes: readonly Route[] = [
  { ...basic, operation: 'categories.list', method: 'GET', path: '/product/202309/categories', handle: listCategories },
  {
    ...basic,
    operation: 'categories.recommend',
    method: 'POST',
    path: '/product/202309/categories/recommend',
    fields: { product_title: 'string', description: 'string', category_version: 'string' },
    required: ['product_title'],
    handle: recommend,
  },
  {
    ...basic,
    operation: 'categories.rules',
    method: 'GET',
    path: '/product/202309/categories/{category_id}/rules',
    handle: (asked) => withLeaf(asked, showRules),
  },
  {
    ...basic,
    operation: 'categories.attributes',
    method: 'GET',
    path: '/product/202309/categories/{category_id}/attributes',
    handle: (asked) => withLeaf(asked, showAttributes),
  },
  {
    ...basic,
    operation: 'brands.list',
    method: 'GET',
    path: '/product/202309/brands',
    query: ['page_size'],
    handle: listBrands,
  },
  {
    scopes: ['seller.product.basic'],
    cipher: 'unwanted',
    operation: 'brands.create',
    method: 'POST',
    path: '/product/202309/brands',
    isWrite: true,
    fields: { name: 'string' },
    required: ['name'],
    handle: createBrand,
  },
  {
    ...basic,
    operation: 'products.prerequisites',
    method: 'GET',
    path: '/product/202312/prerequisites',
    handle: ({ shop }) =>
      done({
        check_results: checks.map((check_item) => {
          const isFailed = check_item === 'SHOP_STATUS' && !shop.isOpen
          return { check_item, is_failed: isFailed, fail_reasons: isFailed ? ['The shop is closed.'] : [] }
        }),
      }),
  },
  {
    ...basic,
    operation: 'products.listingCheck',
    method: 'POST',
    path: '/product/202309/products/listing_check',
    required: ['title', 'description', 'category_id', 'main_images', 'skus', 'package_weight'],
    handle: checkListing,
  },
]

// One of them is spelled so in the reference.
const checks = [
  'SHOP_STATUS',
  'SHOP_TAX',
  'PICKUP_WAREHOUSE',
  'RETURN_WAREHOUSE',
  'DELIVERY_OPTION',
  'SHIPPING_TEMPLATE',
  'PRODUCT_QUANTITY_LIMIT',
  'EXTENDED_PRODUCER_RESPONSIBILITY',
  'BANk_ACCOUNT',
  'CONTACT_INFO',
]

function isWrongVersion({ tiktok, query }: Asked): boolean {
  return (query.get('category_version') ?? 'v1') !== tiktok.choices.categoryVersion
}

function listCategories(asked: Asked): Result {
  if (isWrongVersion(asked)) return wrongVersion
  const keyword = (asked.query.get('keyword') ?? '').toLowerCase()
  const shown = categories.filter((one) => one.name.toLowerCase().includes(keyword))
  return done({
    categories: shown.map((one) => ({
      id: one.id,
      parent_id: one.parentId,
      local_name: one.name,
      is_leaf: one.isLeaf,
      permission_statuses: one.permissions,
    })),
  })
}

/** The leaf whose words the title shares most; the first of all, if it shares none. */
function recommend({ body }: Asked): Result {
  const words = new Set((text(body['product_title']) ?? '').toLowerCase().match(/\p{L}{3,}/gu))
  const score = (leaf: Category) => {
    const names = categoryChain(leaf.id).flatMap((one) => one.name.toLowerCase().match(/\p{L}{3,}/gu) ?? [])
    return names.filter((name) => words.has(name) || words.has(name.replace(/s$/, ''))).length
  }
  const [best] = leaves.toSorted((one, other) => score(other) - score(one))
  const chain = best ? categoryChain(best.id) : []
  return done({
    leaf_category_id: best?.id ?? '',
    categories: chain.map((one, index) => ({
      id: one.id,
      level: index + 1,
      name: one.name,
      is_leaf: one.isLeaf,
      permission_statuses: one.permissions,
    })),
  })
}

function withLeaf(asked: Asked, show: (category: Category) => unknown): Result {
  if (isWrongVersion(asked)) return wrongVersion
  const category = categoryOf(asked.params['category_id'] ?? '')
  if (!category) return refuse(12_052_023, 'Category does not exist')
  return category.isLeaf ? done(show(category)) : refuse(12_052_024, 'Category is not final category')
}

function showRules(category: Category): unknown {
  return {
    package_dimension: { is_required: category.needsDimensions },
    size_chart: { is_required: false, is_supported: category.name === 'T-shirts' || category.name === 'Hoodies' },
    product_certifications: [],
    cod: { is_supported: false },
    epr: { is_required: false },
    manufacturer: { is_required: false },
    responsible_person: { is_required: false },
    allowed_special_product_types: [],
  }
}

function showAttributes(): unknown {
  const shown = attributes.map((one) => ({
    id: one.id,
    name: one.name,
    type: one.type,
    // Spelled so on the wire.
    is_requried: one.isRequired,
    is_customizable: one.isCustomizable,
    is_multiple_selection: one.isMultiple,
    ...(one.values.length > 0 ? { values: one.values } : {}),
    ...(one.format === undefined ? {} : { value_data_format: one.format }),
    ...(one.neededWith
      ? {
          requirement_conditions: [
            {
              condition_type: 'VALUE_ID_MATCH',
              attribute_id: one.neededWith.attributeId,
              attribute_value_id: one.neededWith.valueId,
            },
          ],
        }
      : {}),
  }))
  return { attributes: shown }
}

function listBrands({ tiktok, query, route }: Asked): Result {
  const size = Number(query.get('page_size'))
  if (size < 1 || size > brandsPageMax) return refuse(12_019_109, 'page size is invalid')
  const name = (query.get('brand_name') ?? '').toLowerCase()
  const items = tiktok.brands.filter((one) => one.name.toLowerCase().includes(name))
  const page = pageOf(
    { items, keyOf: (one) => one.id, comesAfter: (one, key) => BigInt(one.id) > BigInt(key) },
    { size, token: query.get('page_token'), operation: route.operation, faults: tiktok.faults },
  )
  if (!page) return invalid('The value of page_token is invalid.')
  return done({
    brands: page.items.map((one) => ({
      id: one.id,
      name: one.name,
      // Spelled so in the reference.
      authorized_status: one.isOwn ? 'AUTHORIZED' : 'UNAUTHORIEZD',
      is_t1_brand: false,
      brand_status: 'ONLINE',
    })),
    next_page_token: page.nextToken,
    total_count: items.length,
  })
}

function createBrand({ tiktok, body }: Asked): Result {
  const name = (text(body['name']) ?? '').trim()
  if (name.length < 2) return refuse(12_052_189, 'Brand names must be at least 2 characters.')
  if (name.length > 30) return refuse(12_052_190, 'Brand names must not be longer than 30 characters.')
  if (/\d{5}/.test(name)) return refuse(12_052_192, "The brand name can't contain 5 or more consecutive numbers.")
  if (tiktok.brands.some((one) => one.name.toLowerCase() === name.toLowerCase())) {
    return refuse(12_052_205, 'This brand name already exists.')
  }
  const brand = { id: nextId(tiktok), name, isOwn: true }
  tiktok.brands.push(brand)
  return done({ id: brand.id })
}

function checkListing(asked: Asked): Result {
  const read = readProductInput(asked, undefined)
  if (!('refusal' in read)) return done({ check_result: 'PASS', fail_reasons: [] })
  const { code, message } = read.refusal
  return done({ check_result: 'FAILED', fail_reasons: [{ code, message }] })
}
