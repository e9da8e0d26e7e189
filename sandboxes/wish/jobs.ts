// Work for many products or orders at once: a job that is asked for, runs for a while, and ends with files to fetch.
import { done, invalid } from './call.ts'
import { showOrder } from './order-json.ts'
import { findOrders } from './order-routes.ts'
import { changedProducts, sentenceOf } from './product-input.ts'
import { showProduct } from './product-json.ts'
import { isGone } from './product-routes.ts'
import { newId } from './products.ts'
import { updateProduct } from './save-product.ts'
import type { Answer } from '../kit/front.ts'
import type { SandboxResponse } from '../kit/sandbox.ts'
import type { Ask, Route } from './call.ts'
import type { ChangedProductInput } from './product-input.ts'
import type { Job, Merchant, Wish } from './state.ts'

export const jobRoutes: Route[] = [
  {
    operation: 'products.bulk_get',
    method: 'POST',
    path: '/products/bulk_get',
    scope: 'products:read',
    isRead: true,
    handle: startGetProducts,
  },
  {
    operation: 'products.bulk_get.status',
    method: 'GET',
    path: '/products/bulk_get/{id}',
    scope: 'products:read',
    handle: (ask) => showStatus(ask, 'get-products', 'There is no such get products job for the merchant.'),
  },
  {
    operation: 'products.bulk_update',
    method: 'POST',
    path: '/products/bulk_update',
    scope: 'products:write',
    handle: startUpdateProducts,
  },
  {
    operation: 'products.bulk_update.status',
    method: 'GET',
    path: '/products/bulk_update/{id}',
    scope: 'products:read',
    handle: (ask) => showStatus(ask, 'update-products', 'There is no such update products job for the merchant.'),
  },
  {
    operation: 'orders.bulk_get',
    method: 'POST',
    path: '/orders/bulk_get',
    scope: 'orders:read',
    isRead: true,
    handle: startGetOrders,
  },
  {
    operation: 'orders.bulk_get.status',
    method: 'GET',
    path: '/orders/bulk_get/{id}',
    scope: 'orders:read',
    handle: (ask) => showStatus(ask, 'get-orders', 'There is no such download job for the merchant.'),
  },
]

const fileDays = 30
/** Older ones lose their files, because a catalog of 100,000 weighs a hundred megabytes. */
const jobsWithFiles = 3

function startGetProducts(ask: Ask): Answer {
  const { wish, merchant } = ask
  const count = merchant.products.size
  const job = startJob(ask, { kind: 'get-products', total: count }, (settled) => {
    const shown = [...merchant.products.values()].filter((one) => !one.removedBy && !isGone(one))
    settled.total = shown.length
    settled.files = inFiles(shown, wish.choices.bulkFileProducts, (one) => JSON.stringify(showProduct(merchant, one)))
  })
  return done(showJob(wish, job))
}

function startUpdateProducts(ask: Ask): Answer {
  const { wish, merchant, body } = ask
  const sent = changedProducts.safeParse(body)
  if (!sent.success) return invalid(sentenceOf(sent.error))
  if (sent.data.length === 0) return invalid('Failed to start updating products.')
  if (sent.data.length > wish.choices.bulkUpdateMax) return invalid('There are too many products in one update.')
  const job = startJob(ask, { kind: 'update-products', total: sent.data.length }, (settled, at) => {
    const results = sent.data.map((one) => updateOne(wish, merchant, one, at))
    settled.files = inFiles(results, wish.choices.bulkFileProducts, (one) => JSON.stringify(one))
  })
  return done(showJob(wish, job))
}

function updateOne(wish: Wish, merchant: Merchant, { id, ...input }: ChangedProductInput & { id: string }, at: Date) {
  const product = merchant.products.get(id)
  const refused = product
    ? updateProduct(wish, merchant, product, input, at)
    : { refusal: 'There is no such product for the merchant.' }
  return { id, success: !refused, message: refused?.refusal ?? '' }
}

function startGetOrders(ask: Ask): Answer {
  const { wish, merchant } = ask
  const isWrong = findOrders(ask, { limitDefault: 1, limitMax: Number.MAX_SAFE_INTEGER })
  if ('refusal' in isWrong) return invalid(isWrong.refusal)
  const job = startJob(ask, { kind: 'get-orders', total: merchant.orders.length }, (settled, at) => {
    const all = Number.MAX_SAFE_INTEGER
    const found = findOrders({ ...ask, at }, { limitDefault: all, limitMax: all })
    const orders = 'refusal' in found ? [] : found
    settled.total = orders.length
    settled.files = inFiles(orders, wish.choices.bulkFileProducts, (one) => JSON.stringify(showOrder(merchant, one)))
  })
  return done(showJob(wish, job))
}

function startJob(
  { wish, merchant, at }: Ask,
  { kind, total }: Pick<Job, 'kind' | 'total'>,
  finish: (job: Job, at: Date) => void,
): Job {
  const job: Job = {
    id: newId(wish, at),
    merchantId: merchant.id,
    kind,
    status: 'PENDING',
    createdAt: at,
    completedAt: undefined,
    expiresAt: new Date(at.getTime() + fileDays * 86_400_000),
    total,
    processed: 0,
    files: [],
  }
  wish.jobs.set(job.id, job)
  const wait = wish.choices.jobSeconds * 1000 * wish.delayFactor
  if (kind === 'get-orders') {
    wish.agenda.schedule(new Date(at.getTime() + wait / 3), () => {
      if (job.status === 'PENDING') job.status = 'CREATING'
    })
  }
  wish.agenda.schedule(new Date(at.getTime() + wait), (due) => {
    finish(job, due)
    Object.assign(job, { status: 'READY', processed: job.total, completedAt: due })
    forgetOldFiles(wish)
  })
  return job
}

function forgetOldFiles(wish: Wish): void {
  const withFiles = [...wish.jobs.values()].filter((one) => one.files.length > 0)
  for (const job of withFiles.slice(0, -jobsWithFiles)) job.files = []
}

function inFiles<Item>(items: Item[], size: number, write: (item: Item) => string): Buffer[] {
  const files: Buffer[] = []
  for (let start = 0; start === 0 || start < items.length; start += size) {
    files.push(
      Buffer.from(
        `[${items
          .slice(start, start + size)
          .map(write)
          .join(',\n')}]`,
      ),
    )
  }
  return files
}

function showStatus({ wish, merchant, params }: Ask, kind: Job['kind'], message: string): Answer {
  const job = wish.jobs.get(params['id'] ?? '')
  return job?.kind === kind && job.merchantId === merchant.id ? done(showJob(wish, job)) : invalid(message)
}

function showJob(wish: Wish, job: Job): Record<string, unknown> {
  const urls = job.files.map((_, index) => `${wish.origin}${fileFolder}${job.id}/${index + 1}.json`)
  return {
    id: job.id,
    status: job.status,
    created_at: job.createdAt.toISOString(),
    ...(job.completedAt ? { completed_at: job.completedAt.toISOString() } : {}),
    ...(job.kind === 'get-orders' ? { expiry_time: job.expiresAt.toISOString() } : {}),
    total_count: job.total,
    processed_count: job.processed,
    file_urls: job.status === 'READY' ? urls : null,
  }
}

export const fileFolder = '/files/'

/** A file is fetched by its address alone, as from a store of files: no token, no limit. */
export function answerFile(wish: Wish, path: string, at: Date): SandboxResponse {
  const [, id = '', number = ''] = /^\/files\/([0-9a-f]{24})\/(\d+)\.json$/.exec(path) ?? []
  const job = wish.jobs.get(id)
  const file = job && job.expiresAt > at ? job.files[Number(number) - 1] : undefined
  if (!file) return { status: 404, headers: { 'content-type': 'text/plain' }, body: 'There is no such file.' }
  return { status: 200, headers: { 'content-type': 'application/json' }, body: file }
}
