// Whether an order is imported and with which of its lines (D1, D2), and what an order seen again changes (D9).
import type { ChannelOrder } from './channel-order.ts'
import { isCalledOff, type ChannelOrderStatus } from './order.ts'

export type ImportSettings = { excludeUnmapped: boolean; splitMixed: boolean }

export type SkipReason = 'excluded-unmapped' | 'excluded-mixed'

export type ImportDecision =
  | { kind: 'skip'; because: SkipReason }
  | { kind: 'import'; keep: boolean[]; because: 'all-mapped' | 'mixed' | 'split' | 'unmapped' }

/** `mapped` says for each line, in order, whether a SKU mapping was found for it. */
export function decideImport(mapped: boolean[], settings: ImportSettings): ImportDecision {
  if (settings.excludeUnmapped && settings.splitMixed) throw new Error('Exclude and split are never both on (A10).')
  const all = mapped.map(() => true)
  const isMapped = mapped.includes(true)
  if (isMapped && !mapped.includes(false)) return { kind: 'import', keep: all, because: 'all-mapped' }
  if (!isMapped) {
    if (settings.excludeUnmapped) return { kind: 'skip', because: 'excluded-unmapped' }
    return { kind: 'import', keep: all, because: 'unmapped' }
  }
  if (settings.excludeUnmapped) return { kind: 'skip', because: 'excluded-mixed' }
  if (settings.splitMixed) return { kind: 'import', keep: mapped, because: 'split' }
  return { kind: 'import', keep: all, because: 'mixed' }
}

/**
 * D1: from the moment of connecting. What was placed before and paid after is ours to ship, so it counts too; what was
 * placed and paid before stays with whatever served it then.
 */
export function isFromOurTime(order: { placedAt: Date; paidAt: Date | null }, connectedAt: Date): boolean {
  // Marketplaces tell whole seconds, so what was placed just after may seem to be of just before.
  const from = Math.floor(connectedAt.getTime() / 1000) * 1000
  return order.placedAt.getTime() >= from || (order.paidAt !== null && order.paidAt.getTime() >= from)
}

export type KnownOrder = {
  channelStatus: ChannelOrderStatus
  marketplaceUpdatedAt: Date
  /** Of the lines as imported; split orders have fewer than the marketplace's. */
  lines: KnownLine[]
  /** Lines the marketplace shows that are not here, as far as they were seen; null: not known which. */
  leftOutLines: string[] | null
  /** Whether name or address of the recipient is another now. */
  contactDiffers: boolean
  hasParcels: boolean
}

export type KnownLine = {
  marketplaceLineId: string
  quantity: number
  /** What the marketplace showed last. */
  shown: number
}

export type LineChange = {
  marketplaceLineId: string
  /** As imported; 0: a line that is not here. */
  imported: number
  before: number
  now: number
}

export type Change =
  | { kind: 'paid' }
  | { kind: 'hold-lifted' }
  | { kind: 'held'; status: ChannelOrderStatus }
  | { kind: 'called-off'; status: 'cancelled' | 'refunded' }
  | { kind: 'shipped-elsewhere' }
  | { kind: 'shipped' }
  | { kind: 'reopened' }
  | { kind: 'unknown-status' }
  | { kind: 'address-changed' }
  | { kind: 'lines-changed'; lines: LineChange[] }

export type ChangeAnswer = { isOlder: true } | { isOlder: false; changes: Change[] }

/** What the marketplace's newer view of an order changes in ours. An older view changes nothing. */
export function whatChanged(ours: KnownOrder, theirs: ChannelOrder): ChangeAnswer {
  if (isOlderView(ours, theirs)) return { isOlder: true }
  const changes: Change[] = []
  const status = statusChange(ours, theirs.status)
  if (status) changes.push(status)
  if (!isCalledOff(theirs.status)) {
    if (ours.contactDiffers) changes.push({ kind: 'address-changed' })
    const lines = lineChanges(ours, theirs)
    if (lines.length > 0) changes.push({ kind: 'lines-changed', lines })
  }
  return { isOlder: false, changes }
}

// Marketplaces state times to the second: of two views with the same time, the one further on its way is the newer.
const rank: Record<ChannelOrderStatus, number> = {
  'awaiting-payment': 0,
  'on-hold': 1,
  unknown: 1,
  'to-ship': 2,
  shipped: 3,
  cancelled: 4,
  refunded: 5,
}

function isOlderView(ours: KnownOrder, theirs: ChannelOrder): boolean {
  const difference = theirs.updatedAt.getTime() - ours.marketplaceUpdatedAt.getTime()
  if (difference !== 0) return difference < 0
  return rank[theirs.status] < rank[ours.channelStatus]
}

function statusChange(ours: KnownOrder, theirs: ChannelOrderStatus): Change | undefined {
  if (ours.channelStatus === theirs) return undefined
  if (theirs === 'unknown') return { kind: 'unknown-status' }
  if (theirs === 'cancelled' || theirs === 'refunded') return { kind: 'called-off', status: theirs }
  if (isCalledOff(ours.channelStatus)) return { kind: 'reopened' }
  if (theirs === 'shipped') return { kind: ours.hasParcels ? 'shipped' : 'shipped-elsewhere' }
  if (ours.channelStatus === 'shipped') return { kind: 'reopened' }
  if (theirs === 'to-ship') return { kind: ours.channelStatus === 'awaiting-payment' ? 'paid' : 'hold-lifted' }
  return { kind: 'held', status: theirs }
}

/** Against what was shown last, so that a difference is told once. A view without any line says nothing of them. */
function lineChanges(ours: KnownOrder, theirs: ChannelOrder): LineChange[] {
  if (theirs.lines.length === 0) return []
  const now = new Map(theirs.lines.map((line) => [line.marketplaceLineId, line.quantity]))
  const changed = ours.lines.map(({ marketplaceLineId, quantity, shown }): LineChange => {
    return { marketplaceLineId, imported: quantity, before: shown, now: now.get(marketplaceLineId) ?? 0 }
  })
  const seen = new Set([...ours.lines.map((line) => line.marketplaceLineId), ...(ours.leftOutLines ?? [])])
  const added = theirs.lines.flatMap(({ marketplaceLineId, quantity }): LineChange[] => {
    if (ours.leftOutLines === null || seen.has(marketplaceLineId)) return []
    return [{ marketplaceLineId, imported: 0, before: 0, now: quantity }]
  })
  // Of two views with the same time nobody knows which is the newer; that units are called off must not be missed.
  const isNewer = theirs.updatedAt > ours.marketplaceUpdatedAt
  return [...changed, ...added].filter((line) => (isNewer ? line.now !== line.before : line.now < line.before))
}
