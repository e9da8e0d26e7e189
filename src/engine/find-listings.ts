// Listings over there by their SKUs: before one is made, after an answer was lost, and once it is made.
import { RefusedError } from '../connectors/connector.ts'
import type { ChannelListing, ListingDraft } from '../connectors/connector.ts'
import type { ChannelRun } from './channel-run.ts'

export function skusOf(draft: ListingDraft): string[] {
  return (draft.variations ?? [draft]).map(({ channelSku }) => channelSku)
}

/** By which a draft's listings are looked for. */
export function skusToFind({ connector }: ChannelRun, draft: ListingDraft): string[] {
  return draft.variations && connector.listings?.findsWholes ? [draft.channelSku] : skusOf(draft)
}

/** What has ended is nobody's any more, and its SKU is free again. */
export async function findSkus({ connector, call }: ChannelRun, skus: string[]): Promise<ChannelListing[]> {
  const found: ChannelListing[] = []
  for (const sku of skus) found.push(...((await connector.listings?.findBySku(call, sku)) ?? []))
  return found.filter(({ state }) => state !== 'ended')
}

/** What a change has made, SKU by SKU; those that are not to be seen yet are left out. */
export async function readMade(
  run: ChannelRun,
  { reference, skus }: { reference: string | null; skus: string[] },
): Promise<ChannelListing[]> {
  const { connector, call } = run
  const readAll = connector.listings?.readAll
  const all = readAll && reference !== null ? await unlessGone(readAll(call, reference)) : undefined
  const made: ChannelListing[] = []
  let isUnderOne = reference !== null && !readAll
  for (const sku of skus) {
    const listing = isUnderOne ? await readUnder(run, reference ?? '', sku) : all?.find((one) => one.channelSku === sku)
    if (listing?.channelSku === sku) made.push(listing)
    else {
      isUnderOne = false
      const found = (await connector.listings?.findBySku(call, sku)) ?? []
      made.push(...found.filter(({ state, channelSku }) => state !== 'ended' && channelSku === sku).slice(0, 1))
    }
  }
  return made
}

function readUnder({ connector, call }: ChannelRun, id: string, sku: string): Promise<ChannelListing | undefined> {
  const ref = { marketplaceListingId: id, marketplaceVariantId: null, channelSku: sku }
  return unlessGone(connector.listings?.read(call, ref))
}

async function unlessGone<Read>(reading: Promise<Read> | undefined): Promise<Read | undefined> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof RefusedError && error.refusal.kind === 'gone') return undefined
    throw error
  }
}
