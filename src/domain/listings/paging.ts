// Pages of long lists: they go on from the last row seen, and counts stop being exact at 10,000.

import { searchWords } from '../catalog/sku.ts'

export const roughCountMax = 10_000

export type RowPage<Row> = { rows: Row[]; next: string | null; count: { value: number; more: boolean } }

/** The last row seen: what the list is sorted by, and its id where that is the same. With the count, it is not counted anew. */
export type PageCursor = { text: string; id: string; count?: RowPage<unknown>['count'] | undefined }

export function encodeCursor(cursor: PageCursor): string {
  return Buffer.from(
    JSON.stringify([cursor.text, cursor.id, cursor.count?.value, cursor.count?.more]),
    'utf8',
  ).toString('base64url')
}

/** Undefined for the first page, and for what is no cursor of ours. */
export function decodeCursor(text: string | undefined): PageCursor | undefined {
  if (text === undefined) return undefined
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    if (!Array.isArray(parsed)) return undefined
    const [sortedBy, id, value, more] = parsed as unknown[]
    if (typeof sortedBy !== 'string' || typeof id !== 'string' || !/^[0-9a-f-]{36}$/i.test(id)) return undefined
    const count = typeof value === 'number' && typeof more === 'boolean' ? { value, more } : undefined
    return { text: sortedBy, id, ...(count && { count }) }
  } catch {
    return undefined
  }
}

/** For LIKE ALL: every word occurs somewhere, and its own wildcards are taken literally. */
export function likePatterns(search: string | undefined): string[] {
  return searchWords(search).map((word) => `%${word.replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`)
}
