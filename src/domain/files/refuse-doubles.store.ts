// A SKU that stands twice counts where it stands first.
import type { Tx } from '../../platform/database.ts'
import { addRefusals } from './file-imports.store.ts'
import { takeOutDoubles } from './supplier-file.store.ts'

export async function refuseDoubles(tx: Tx, importId: string): Promise<number> {
  const doubles = await takeOutDoubles(tx, importId)
  await addRefusals(
    tx,
    importId,
    doubles.map(({ line, sku, firstLine }) => ({
      line,
      column: null,
      reason: `The SKU “${sku}” stands on line ${firstLine} already.`,
      text: sku,
      rowTaken: false,
    })),
  )
  return doubles.length
}
