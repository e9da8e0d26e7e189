// The words by which a product is found: of its title, brand and variants, its SKUs and barcodes, whole and by their parts.
import { wordsOf } from '../orders/order-terms.ts'

const termsMax = 200

export type WordsOfProduct = {
  title: string
  brand: string | null
  titles: string[]
  skus: string[]
  barcodes: string[]
}

/** "FL-1001" is found as it stands, by "fl" and by "1001". */
export function productTerms({ title, brand, titles, skus, barcodes }: WordsOfProduct): string[] {
  const words = [...skus, ...barcodes, title, brand ?? '', ...titles].flatMap(wordsOf)
  return [...new Set(words)].filter((word) => word !== '').slice(0, termsMax)
}
