// Stock and prices go per product: all its variations in one request (400 at most), a few products at a time. One
// variation that Wish refuses must not hold back the others, so a refused product is tried again variation by variation.
import type { Call, ListingRef, Reply } from '../connector.ts'
import { pathPart } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import type { WishAccount } from './account.ts'
import { askForObject } from './ask.ts'
import { replyOf } from './errors.ts'

export const batchMax = 20
const productsAtOnce = 4

/** What is to be said of one variation, or why nothing can be said. */
export type VariationChange = JsonObject | { refused: string }

export async function pushVariations<Report extends ListingRef>(
  call: Call<WishAccount>,
  reports: Report[],
  changeOf: (report: Report) => VariationChange,
): Promise<Reply[]> {
  const replies = new Map<Report, Reply>()
  const products = new Map<string, { report: Report; change: JsonObject }[]>()
  for (const report of reports) {
    const change = report.marketplaceVariantId === null ? { refused: 'No variation is named' } : changeOf(report)
    if (typeof change['refused'] === 'string') {
      replies.set(report, { kind: 'rejected', reason: change['refused'] })
      continue
    }
    const entries = products.get(report.marketplaceListingId) ?? []
    entries.push({ report, change: { id: report.marketplaceVariantId, ...change } })
    products.set(report.marketplaceListingId, entries)
  }
  const waiting = [...products]
  let stopped: Reply | undefined
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [productId, entries] = next
      // Once Wish asks to wait or the token is refused, the rest is not even tried.
      const answers = stopped ? entries.map(() => stopped) : await pushProduct(call, productId, entries)
      stopped ??= answers.find((reply) => reply?.kind === 'wait' || reply?.kind === 'signed-out')
      entries.forEach(({ report }, index) => replies.set(report, answers[index] ?? { kind: 'unclear' }))
    }
  }
  await Promise.all(Array.from({ length: productsAtOnce }, work))
  return reports.map((report) => replies.get(report) ?? { kind: 'unclear' })
}

async function pushProduct(
  call: Call<WishAccount>,
  productId: string,
  entries: { change: JsonObject }[],
): Promise<Reply[]> {
  // The same variation twice: the later figure is the newer one.
  const changes = new Map(entries.map(({ change }) => [change['id'], change]))
  const together = await replyOf(() => putVariations(call, productId, [...changes.values()]))
  if (changes.size === 1 || !isAboutOne(together)) return entries.map(() => together)
  const alone = new Map<unknown, Reply>()
  for (const [id, change] of changes) alone.set(id, await replyOf(() => putVariations(call, productId, [change])))
  return entries.map(({ change }) => alone.get(change['id']) ?? together)
}

/** Not about the account as a whole, and nothing of it took effect. */
function isAboutOne({ kind }: Reply): boolean {
  return kind === 'rejected' || kind === 'gone'
}

async function putVariations(call: Call<WishAccount>, productId: string, variations: JsonObject[]): Promise<Reply> {
  const url = `/api/v3/products/${pathPart(productId)}`
  await askForObject(call, { method: 'PUT', url, body: { variations } }, 'the changed product')
  return { kind: 'done', reference: productId }
}
