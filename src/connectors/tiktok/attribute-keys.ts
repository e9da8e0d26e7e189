// Keys of `ListingDraft.attributes` that are no attribute of a category at TikTok Shop. Those go by their id.
import type { ListingDraft } from '../connector.ts'

export const keys = {
  category: 'category',
  brand: 'brand',
  weight: 'packageWeight',
  length: 'packageLength',
  width: 'packageWidth',
  height: 'packageHeight',
  sizeChart: 'sizeChart',
}

export const certificationPrefix = 'certification:'

/** A value of their list, told apart from a text of one's own that may look the same. */
export const valueIdPrefix = 'id:'

export function valuesIn(text: string | undefined): string[] {
  return (text ?? '')
    .split('|')
    .map((value) => value.trim())
    .filter((value) => value !== '')
}

/** A figure above 0, as people write it. */
export function numberIn({ attributes }: Pick<ListingDraft, 'attributes'>, key: string): number | undefined {
  const text = attributes[key]?.trim().replace(',', '.') ?? ''
  const number = Number(text)
  return text !== '' && Number.isFinite(number) && number > 0 ? number : undefined
}

export function valueIdIn(value: string): string | null {
  return value.startsWith(valueIdPrefix) ? value.slice(valueIdPrefix.length) : null
}

/**
 * The category tree. The United States and south-east Asia have the deep one, the others the one of three levels.
 * @see NOTES.md: the deep one is said to reach the others later.
 */
export function categoryVersion(currency: string): 'v1' | 'v2' {
  return ['USD', 'IDR', 'MYR', 'PHP', 'SGD', 'THB', 'VND'].includes(currency) ? 'v2' : 'v1'
}
