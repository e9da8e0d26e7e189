// What the API offers for products and their variations. There is no call by SKU.
import { z } from 'zod'
import { isTyped } from '../kit/faults.ts'
import { done, invalid, readList, removed } from './call.ts'
import { listByTime, sortedByTime } from './paging.ts'
import { changedProduct, newProduct, newVariation, sentenceOf } from './product-input.ts'
import { showProduct, showRequest, showShallow, showVariation } from './product-json.ts'
import { removeProduct, stateOf, statusOf } from './products.ts'
import { colors, productStates, productStatuses } from './reference.ts'
import { createProduct, createVariation, updateProduct } from './save-product.ts'
import { shownNow } from './visible.ts'
import type { Answer } from '../kit/front.ts'
import type { Ask, Route } from './call.ts'
import type { Merchant, Product } from './state.ts'

export const productRoutes: Route[] = [
  { operation: 'products.list', method: 'GET', path: '/products', scope: 'products:read', handle: listProducts },
  { operation: 'products.create', method: 'POST', path: '/products', scope: 'products:write', handle: create },
  {
    operation: 'products.requests.list',
    method: 'GET',
    path: '/products/requests',
    scope: 'products:read',
    handle: listRequests,
  },
  {
    operation: 'products.requests.get',
    method: 'GET',
    path: '/products/requests/{id}',
    scope: 'products:read',
    handle: ({ merchant, params }) => {
      const request = merchant.requests.get(params['id'] ?? '')
      return request ? done(showRequest(merchant, request)) : invalid(noSuchRequest)
    },
  },
  {
    operation: 'products.requests.delete',
    method: 'DELETE',
    path: '/products/requests/{id}',
    scope: 'products:write',
    handle: ({ merchant, params }) => {
      const request = merchant.requests.get(params['id'] ?? '')
      if (!request) return invalid(noSuchRequest)
      if (request.status !== 'UNDER_REVIEW') return invalid('Only a request under review can be deleted.')
      merchant.requests.delete(request.id)
      return removed
    },
  },
  {
    operation: 'products.variations.colors',
    method: 'GET',
    path: '/products/variations/colors',
    scope: 'any',
    handle: listColors,
  },
  {
    operation: 'products.get',
    method: 'GET',
    path: '/products/{id}',
    scope: 'products:read',
    handle: (ask) =>
      withProduct(ask, (product) => done(showProduct(ask.merchant, shownNow(ask.wish, product, ask.at)))),
  },
  { operation: 'products.update', method: 'PUT', path: '/products/{id}', scope: 'products:write', handle: update },
  {
    operation: 'products.delete',
    method: 'DELETE',
    path: '/products/{id}',
    scope: 'products:write',
    handle: (ask) =>
      withProduct(ask, (product) => {
        if (product.removedBy) return invalid('The product has been removed and cannot be updated.')
        removeProduct(ask.wish, ask.merchant, product, 'merchant', ask.at)
        return removed
      }),
  },
  {
    operation: 'products.calculated_shipping',
    method: 'PUT',
    path: '/products/{id}/calculated_shipping',
    scope: 'products:write',
    handle: (ask) =>
      withProduct(ask, (product) => {
        const sent = z.object({ enable: z.boolean() }).safeParse(ask.body)
        if (!sent.success) return invalid(sentenceOf(sent.error))
        product.isCalculatedShipping = sent.data.enable
        return done({ enable: product.isCalculatedShipping })
      }),
  },
  {
    operation: 'products.variations.create',
    method: 'POST',
    path: '/products/{id}/variations',
    scope: 'products:write',
    handle: addVariation,
  },
]

const noSuchProduct = 'There is no such product for the merchant.'
const noSuchRequest = 'No product create or update request was found with the provided ID'

function listProducts(ask: Ask): Answer {
  const { merchant, query, wish, at } = ask
  const statuses = readList(query, 'statuses')
  const state = query.get('state')
  if (statuses.some((one) => !(productStatuses as readonly string[]).includes(one))) {
    return invalid('statuses is not valid.')
  }
  if (state !== null && !(productStates as readonly string[]).includes(state)) return invalid('state is not valid.')
  // By state all are meant; without a state the old default of the statuses holds.
  const wanted = statuses.length > 0 ? statuses : state === null ? ['PENDING_REVIEW', 'APPROVED'] : undefined
  const parentSku = query.get('parent_sku')
  const found = listByTime(ask, {
    items: [...merchant.products.values()].map((one) => shownNow(wish, one, at)),
    rising: wish.stale.size === 0 ? (name) => productsByTime(ask, name) : undefined,
    times,
    keeps: (product) =>
      (product.hiddenFromListsUntil === undefined || product.hiddenFromListsUntil <= at) &&
      (wanted === undefined || wanted.includes(statusOf(product))) &&
      (state === null || state === stateOf(product)) &&
      (parentSku === null || parentSku === product.content.parent_sku) &&
      !isGone(product),
    limitDefault: 50,
    limitMax: 1000,
    sortDefault: 'updated_at.desc',
  })
  return 'refusal' in found ? invalid(found.refusal) : done(found.map(showShallow))
}

const times: Record<string, (product: Product) => Date> = {
  created_at: (product) => product.createdAt,
  updated_at: (product) => product.updatedAt,
}

const kept = new WeakMap<Merchant, { version: number; sorted: Map<string, Product[]> }>()

/** Sorted once for as long as nothing changes, as an index would be: a walk through 100,000 asks a hundred times. */
function productsByTime({ wish, merchant }: Ask, name: string): Product[] {
  const last = kept.get(merchant)
  const index = last?.version === wish.productVersion ? last : { version: wish.productVersion, sorted: new Map() }
  kept.set(merchant, index)
  const sorted =
    index.sorted.get(name) ?? sortedByTime([...merchant.products.values()], times[name] ?? (() => undefined))
  index.sorted.set(name, sorted)
  return sorted
}

/** Whoever typed the word wants it hidden everywhere. */
export function isGone(product: Product): boolean {
  const texts = [product.content.name, ...product.variations.map((one) => one.sku)]
  return isTyped('gone-me', ...texts)
}

function create(ask: Ask): Answer {
  const sent = newProduct.safeParse(ask.body)
  if (!sent.success) return invalid(sentenceOf(sent.error))
  const product = createProduct(ask.wish, ask.merchant, sent.data, ask.at)
  return 'refusal' in product ? invalid(product.refusal) : done(showProduct(ask.merchant, product))
}

function update(ask: Ask): Answer {
  return withProduct(ask, (product) => {
    const sent = changedProduct.safeParse(ask.body)
    if (!sent.success) return invalid(sentenceOf(sent.error))
    const refused = updateProduct(ask.wish, ask.merchant, product, sent.data, ask.at)
    return refused ? invalid(refused.refusal) : done(showProduct(ask.merchant, product))
  })
}

function addVariation(ask: Ask): Answer {
  return withProduct(ask, (product) => {
    const sent = newVariation.safeParse(ask.body)
    if (!sent.success) return invalid(sentenceOf(sent.error))
    const added = createVariation(ask.wish, ask.merchant, product, sent.data, ask.at)
    return 'refusal' in added ? invalid(added.refusal) : done(showVariation(ask.merchant, added))
  })
}

function listRequests({ merchant, query }: Ask): Answer {
  const statuses = readList(query, 'statuses')
  const productId = query.get('product_id')
  const id = query.get('id')
  const bounds = ['min_created_at', 'max_created_at'].map((name) => new Date(query.get(name) ?? '').getTime())
  const [min = Number.NaN, max = Number.NaN] = bounds
  const found = [...merchant.requests.values()].filter((one) => {
    const time = one.createdAt.getTime()
    return (
      (statuses.length === 0 || statuses.includes(one.status)) &&
      (productId === null || one.productId === productId) &&
      (id === null || one.id === id) &&
      !(time < min) &&
      !(time > max)
    )
  })
  const isNewestFirst = query.get('sort_by')?.endsWith('.desc') === true
  return done((isNewestFirst ? found.toReversed() : found).map((one) => showRequest(merchant, one)))
}

function listColors({ query }: Ask): Answer {
  const [min, max] = [query.get('id_min') ?? '', query.get('id_max') ?? '\uFFFF']
  const limit = Number(query.get('limit') ?? colors.length)
  const found = colors.filter((one) => one.id >= min && one.id <= max)
  return done((query.get('sort_by') === 'id.desc' ? found.toReversed() : found).slice(0, limit))
}

function withProduct(ask: Ask, act: (product: Product) => Answer): Answer {
  const product = ask.merchant.products.get(ask.params['id'] ?? '')
  return product ? act(product) : invalid(noSuchProduct)
}
