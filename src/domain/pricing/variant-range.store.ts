// Which variants a statement is about: some that are named, or the next of a walk through all.
import { sql, type RawBuilder } from 'kysely'

/** All after one, up to another, by id. */
export type VariantRange = { after: string | null; last: string }

export function isAmong(variantId: RawBuilder<unknown>, variants: string[] | VariantRange): RawBuilder<unknown> {
  if (Array.isArray(variants)) return sql`${variantId} = any(${variants}::uuid[])`
  const { after, last } = variants
  return after === null ? sql`${variantId} <= ${last}` : sql`${variantId} > ${after} and ${variantId} <= ${last}`
}
