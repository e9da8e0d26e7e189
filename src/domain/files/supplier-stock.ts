// One row of a supplier's stock and price file. Stock that is blank is unknown; a cost that is blank leaves the last one.
import { readAmount, readUnits } from './figures.ts'

export type SupplierRow = { line: number; sku: string; onHand: number | null; costMinor: number | null }

export type SupplierRowRefusal = {
  line: number
  column: string | null
  reason: string
  text: string
  rowTaken: boolean
  decimals: boolean
}

export type SupplierFile = {
  at: Record<string, number>
  headers: string[]
  decimalMark: '.' | ','
  currency: string
}

const skuCharactersMax = 200

/** The row, if it can be used, and what is wrong with it, if anything is. A wrong cost does not hold back good stock. */
export function readSupplierRow(
  file: SupplierFile,
  row: { line: number; cells: string[] },
): { row?: SupplierRow; refusal?: SupplierRowRefusal } {
  const cell = (column: string) => (file.at[column] === undefined ? '' : (row.cells[file.at[column]] ?? '').trim())
  const refusal = (column: string, reason: string, rowTaken = false): SupplierRowRefusal => ({
    line: row.line,
    column: file.headers[file.at[column] ?? -1] ?? null,
    reason,
    text: row.cells.join(' | '),
    rowTaken,
    decimals: column === 'onHand' && reason.endsWith('is not a whole number of units.'),
  })
  const sku = cell('sku').replace(/^'/, '')
  if (sku === '') return { refusal: refusal('sku', 'The row has no SKU.') }
  if (sku.length > skuCharactersMax)
    return { refusal: refusal('sku', `The SKU is longer than ${skuCharactersMax} characters.`) }
  const stock = readUnits(cell('onHand'), file.decimalMark)
  if (stock.kind === 'refused') return { refusal: refusal('onHand', stock.reason) }
  const cost = readAmount(cell('cost'), file.decimalMark, file.currency)
  const read = {
    line: row.line,
    sku,
    onHand: stock.kind === 'known' ? stock.value : null,
    costMinor: cost.kind === 'known' ? cost.value : null,
  }
  if (cost.kind !== 'refused') return { row: read }
  if (file.at.onHand === undefined) return { refusal: refusal('cost', cost.reason) }
  return { row: read, refusal: refusal('cost', `${cost.reason} The stock was taken, the cost stays as it was.`, true) }
}
