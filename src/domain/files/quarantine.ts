// Whether a supplier's file is applied at once or held back for a person (E1). Plain counting: the same figures are
// shown to the person who decides.

export type FileFigures = {
  rowsRead: number
  rowsRefused: number
  /** Rows whose stock cell had decimals, as a price has. */
  stockWithDecimals: number
  /** The line of the file's last row where that row could not be read. */
  brokenLastLine: number | null
  /** Rows of the last file applied for this supplier; null where there was none. */
  lastRows: number | null
  /** Offers of this supplier with stock before, and how many of those this file sets to 0 or to unknown. */
  inStockBefore: number
  newlyZero: number
  newlyUnknown: number
  /** Offers whose cost this file states and which had one before, and how many of those change fivefold or more. */
  costsBefore: number
  costsLeaping: number
}

export type HeldReason = {
  reason: 'truncated' | 'unreadable' | 'fewer-rows' | 'newly-zero' | 'newly-unknown' | 'columns-swapped' | 'costs-leap'
  text: string
}

/** Product.md E2: 50 % fewer rows or 30 % newly zero, by default. */
export const quarantineDefaults = {
  fewerRowsPercent: 50,
  newlyZeroPercent: 30,
  refusedPercent: 30,
  leapingCostsPercent: 50,
}

export function whyHeldBack(figures: FileFigures, limits = quarantineDefaults): HeldReason[] {
  const reasons: HeldReason[] = []
  const hold = (reason: HeldReason['reason'], text: string) => reasons.push({ reason, text })
  const { rowsRead, rowsRefused, lastRows, inStockBefore } = figures
  if (figures.brokenLastLine !== null)
    hold('truncated', `The last row (line ${figures.brokenLastLine}) cannot be read: the file seems to be cut off.`)
  if (atLeast(figures.stockWithDecimals, rowsRead, limits.refusedPercent))
    hold(
      'columns-swapped',
      `${figures.stockWithDecimals} of ${rowsRead} stock figures have decimals, as prices have: the columns may be swapped.`,
    )
  else if (atLeast(rowsRefused, rowsRead, limits.refusedPercent))
    hold('unreadable', `${rowsRefused} of ${rowsRead} rows cannot be read.`)
  if (lastRows !== null && lastRows > 0 && (lastRows - rowsRead) * 100 >= lastRows * limits.fewerRowsPercent)
    hold(
      'fewer-rows',
      `The file has ${rowsRead} rows, the last one had ${lastRows}: ${percent(lastRows - rowsRead, lastRows)} fewer.`,
    )
  if (atLeast(figures.newlyZero, inStockBefore, limits.newlyZeroPercent))
    hold(
      'newly-zero',
      `${figures.newlyZero} of ${inStockBefore} offers in stock would fall to 0 (${percent(figures.newlyZero, inStockBefore)}).`,
    )
  if (atLeast(figures.newlyUnknown, inStockBefore, limits.newlyZeroPercent))
    hold(
      'newly-unknown',
      `${figures.newlyUnknown} of ${inStockBefore} offers in stock would become unknown (${percent(figures.newlyUnknown, inStockBefore)}).`,
    )
  if (atLeast(figures.costsLeaping, figures.costsBefore, limits.leapingCostsPercent))
    hold(
      'costs-leap',
      `${figures.costsLeaping} of ${figures.costsBefore} costs would change fivefold or more: the decimal mark or the columns may be wrong.`,
    )
  return reasons
}

function atLeast(part: number, whole: number, percentage: number): boolean {
  return part > 0 && part * 100 >= whole * percentage
}

function percent(part: number, whole: number): string {
  return `${Math.floor((part * 100) / whole)} %`
}
