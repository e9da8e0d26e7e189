// Figures go out product by product: all SKUs of one in one request, several products at a time.
import { RefusedError } from '../connector.ts'
import type { ListingRef, Refusal, Reply } from '../connector.ts'
import { asArray, asCount, asObject, asText } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import { businessRefusal, plainMessage } from './errors.ts'

/** At 50 requests a second and a quarter of a second each, more would only wait for their turn. */
const productsAtOnceMax = 8

export type Sku<Report> = { skuId: string; report: Report }

/**
 * One reply per report, in their order. `send` is given the SKUs of one product and answers with the data of its
 * answer, in which errors of single SKUs may hide; a refusal of several is tried again one by one, so that a bad one
 * leaves the others alone. Once told to wait or signed out, the rest is not even tried.
 */
export async function pushByProduct<Report extends ListingRef>(
  reports: Report[],
  send: (productId: string, skus: Sku<Report>[]) => Promise<JsonObject>,
): Promise<Reply[]> {
  const replies = new Map<Report, Reply>()
  const waiting = groupsOf(reports, replies)
  let stopped: Reply | undefined
  const worker = async () => {
    for (let group = waiting.shift(); group; group = waiting.shift()) {
      const { productId, skus } = group
      const answers = stopped ? skus.map(() => stopped) : await pushProduct(productId, skus, send)
      skus.forEach(({ report }, index) => replies.set(report, answers[index] ?? noAnswer))
      stopped ??= answers.find((reply) => reply?.kind === 'wait' || reply?.kind === 'signed-out')
    }
  }
  await Promise.all(Array.from({ length: productsAtOnceMax }, worker))
  return reports.map((report) => replies.get(report) ?? noAnswer)
}

const noAnswer: Refusal = { kind: 'unclear', reason: 'TikTok Shop did not answer for this SKU' }

function groupsOf<Report extends ListingRef>(reports: Report[], replies: Map<Report, Reply>) {
  const groups = new Map<string, { productId: string; skus: Sku<Report>[] }>()
  for (const report of reports) {
    const { marketplaceListingId: productId, marketplaceVariantId: skuId } = report
    if (skuId === null) {
      replies.set(report, { kind: 'rejected', reason: 'This product has no SKU yet that could be told a figure' })
      continue
    }
    const group = groups.get(productId) ?? { productId, skus: [] }
    group.skus.push({ skuId, report })
    groups.set(productId, group)
  }
  return [...groups.values()]
}

async function pushProduct<Report extends ListingRef>(
  productId: string,
  skus: Sku<Report>[],
  send: (productId: string, skus: Sku<Report>[]) => Promise<JsonObject>,
): Promise<Reply[]> {
  try {
    const errors = skuErrorsIn(await send(productId, skus))
    return skus.map(({ skuId }) => errors.get(skuId) ?? errors.get('') ?? { kind: 'done', reference: productId })
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error
    const { refusal } = error
    const isAboutOne = refusal.kind === 'rejected' || refusal.kind === 'gone'
    if (!isAboutOne || skus.length === 1) return skus.map(() => refusal)
  }
  const replies: Reply[] = []
  for (const sku of skus) {
    replies.push((await pushProduct(productId, [sku], send))[0] ?? noAnswer)
  }
  return replies
}

/** By SKU; those that name none are about all of them. */
export function skuErrorsIn(data: JsonObject): Map<string, Reply> {
  return errorsIn(data, 'sku_id')
}

/** What failed inside a success, by the id it is about. */
export function errorsIn(data: JsonObject, idName: 'sku_id' | 'product_id'): Map<string, Refusal> {
  const errors = new Map<string, Refusal>()
  for (const entry of asArray(data['errors']) ?? []) {
    const error = asObject(entry) ?? {}
    const detail = asObject(error['detail']) ?? {}
    const more = (asArray(detail['extra_errors']) ?? []).map((one) => asText(asObject(one)?.['message']))
    const words = [asText(error['message']), ...more].flatMap((text) => plainMessage(text) ?? [])
    const text = [...new Set(words)].join('; ')
    errors.set(asText(detail[idName]) ?? '', businessRefusal(asCount(error['code']) ?? 0, text === '' ? null : text))
  }
  return errors
}
